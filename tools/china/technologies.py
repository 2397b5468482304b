"""Technologies on sale: vintages of general-purpose, intelligent and storage equipment, and their cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tools.china.book import OWN, Book
from tools.china.case import Case

UNIT = {
    "general": ("PFLOPS FP32", "FP32", 0.001, 0.001),
    "intelligent": ("PFLOPS FP16", "FP16", 0.001, 0.0001),
    "storage": ("PB", "", None, None),
}
"""Class → unit, its precision, EFLOPS per unit at that precision, EFLOPS FP32 per unit.

Intelligent: 0.1 EFLOPS FP32 per EFLOPS FP16, which is 35 % of 300 over the 1,037 of the FP16 count.
"""


@dataclass(frozen=True, kw_only=True)
class Technology:
    """Vintage of equipment. Power in MW per unit at full load, costs in mCNY per unit (`capex`: by year of order)."""

    name: str
    title: str
    title_zh: str
    kind: str
    mw: float
    idle: float
    attainable: float
    opex: float
    life: float
    first: int | None = None
    last: int | None = None
    embodied_t: float
    machine: float | None = None
    """Units of one machine, the limit for work that must stay inside one; None if machines are divisible."""
    source: str = OWN
    note: str
    capex: dict[int, float] = field(default_factory=dict)


TECHNOLOGIES = (
    Technology(
        name="general_2020",
        title="Two-socket servers, 2018-22",
        title_zh="双路服务器（2018-22）",
        kind="general",
        mw=0.080,
        idle=0.45,
        attainable=0.65,
        opex=0.20,
        life=7,
        last=2022,
        embodied_t=120,
        note="7.5 TFLOPS FP32 at 0.6 kW with its share of network and disks",
    ),
    Technology(
        name="general_2024",
        title="Two-socket servers, 2023-27",
        title_zh="双路服务器（2023-27）",
        kind="general",
        mw=0.056,
        idle=0.40,
        attainable=0.65,
        opex=0.18,
        life=7,
        first=2023,
        last=2027,
        embodied_t=100,
        source="server-market-2019;telecom-servers-2025;xisuan",
        note="12 TFLOPS FP32 at 0.67 kW with its share of network and disks; 54,000 CNY a set, the mean of the market",
        capex={2026: 4.5},
    ),
    Technology(
        name="general_2027",
        title="Many-core servers, from 2027",
        title_zh="高密度服务器（2027起）",
        kind="general",
        mw=0.045,
        idle=0.35,
        attainable=0.65,
        opex=0.14,
        life=7,
        first=2027,
        embodied_t=80,
        note="20 TFLOPS FP32 at 0.9 kW with its share of network and disks; 70,000 CNY a set",
        capex={2027: 3.5, 2029: 3.0},
    ),
    Technology(
        name="ai_2023",
        title="AI servers, 2021-24",
        title_zh="智算服务器（2021-24）",
        kind="intelligent",
        mw=0.00235,
        idle=0.25,
        attainable=0.75,
        opex=0.015,
        life=6,
        last=2024,
        embodied_t=1.6,
        machine=2.56,
        note="8-card servers: 2.56 PFLOPS FP16 at 6 kW with its network",
    ),
    Technology(
        name="ai_2025",
        title="AI supernodes, 2025-28",
        title_zh="超节点（2025-28）",
        kind="intelligent",
        mw=0.00186,
        idle=0.25,
        attainable=0.75,
        opex=0.012,
        life=6,
        first=2025,
        last=2028,
        embodied_t=1.3,
        machine=6.25,
        source="cloudmatrix;jiaxing-plan;accelerated-servers-2024;xisuan",
        note="559 kW for 300 PFLOPS; price between a supernode's 0.19 and the market's 0.5 M CNY per PFLOPS",
        capex={2026: 0.30, 2027: 0.26, 2028: 0.22},
    ),
    Technology(
        name="ai_2027",
        title="AI supernodes, from 2027",
        title_zh="新一代超节点（2027起）",
        kind="intelligent",
        mw=0.0015,
        idle=0.22,
        attainable=0.75,
        opex=0.008,
        life=6,
        first=2027,
        embodied_t=0.9,
        machine=8,
        note="a fifth less power, an eighth cheaper, then 15 % a year",
        capex={2027: 0.225, 2028: 0.19, 2029: 0.165, 2030: 0.14},
    ),
    Technology(
        name="storage_2022",
        title="Disk shelves, to 2024",
        title_zh="磁盘存储（2024前）",
        kind="storage",
        mw=0.0009,
        idle=1.0,
        attainable=0.80,
        opex=0.02,
        life=8,
        last=2024,
        embodied_t=4,
        note="0.9 W per TB with its servers",
    ),
    Technology(
        name="storage_2026",
        title="Dense disk and optical, from 2025",
        title_zh="高密度存储（2025起）",
        kind="storage",
        mw=0.0006,
        idle=1.0,
        attainable=0.85,
        opex=0.012,
        life=8,
        first=2025,
        embodied_t=3,
        note="0.6 W per TB; 300 CNY per TB",
        capex={2026: 0.30, 2028: 0.25, 2030: 0.21},
    ),
)
"""Existing vintages have no price: their last year of order is past."""

POWER = {technology.name: technology.mw for technology in TECHNOLOGIES}
"""Power per unit at full load, MW of IT."""


PICTURE_PRICES = 2028
"""Year whose prices a static picture of 2030 has: the middle of the five years of its orders."""


def write(book: Book, case: Case) -> None:
    """Write table `technologies`."""
    for technology in TECHNOLOGIES:
        add(book, technology, case)
    estimates(book, TECHNOLOGIES)


def prices(item: Technology, case: Case) -> dict[int, float]:
    """Return the capital cost by year of order; a single price in a static picture."""
    if not item.capex or not case.picture:
        return item.capex or {0: 0.0}
    return {0: item.capex[max(year for year in item.capex if year <= PICTURE_PRICES)]}


def add(book: Book, item: Technology, case: Case) -> None:
    """Add the rows of a vintage, one for each change of its price."""
    unit, precision, eflops, fp32 = UNIT[item.kind]
    by_year = prices(item, case)
    for period, capex in by_year.items():
        book.add(
            "technologies",
            item.source,
            "estimate",
            item.note,
            technology=item.name,
            period=None if period == min(by_year) else period,
            title=item.title,
            title_zh=item.title_zh,
            unit=unit,
            precision=precision,
            eflops_per_unit=eflops,
            mw_per_unit=item.mw,
            idle_share=item.idle,
            attainable_utilisation=item.attainable,
            fp32_per_unit=fp32,
            capex_mcny_per_unit=capex,
            opex_mcny_per_unit_year=item.opex,
            life_years=item.life,
            lead_years=0,
            module_units=0,
            machine_units=item.machine,
            available_from=item.first,
            available_until=item.last,
            embodied_t_per_unit=item.embodied_t,
            kind="stock" if item.kind == "storage" else "flow",
            **{"class": item.kind},
        )


Range = tuple[float, float, str]
"""Factors for low and high, and the reasoning."""

RANGES: Mapping[str, Range] = {
    "mw_per_unit": (
        0.75,
        1.35,
        "power of a server with its network and disks over its computing power; supernode 559"
        " kW for 300 PFLOPS; the electricity of the nation and of two clusters comes out right (data.md)",
    ),
    "idle_share": (0.7, 1.3, "judgement; storage always draws its power"),
    "attainable_utilisation": (
        0.8,
        1.2,
        "what queues and reserves leave at the peak; Sichuan aims at a mean of 70 %",
    ),
    "opex_mcny_per_unit_year": (0.6, 1.6, "3 to 6 % of purchase price a year: maintenance and spares"),
    "life_years": (0.8, 1.3, "accounting lives of operators"),
    "embodied_t_per_unit": (0.5, 2.0, "carbon of making a server over its computing power; no Chinese figure found"),
    "machine_units": (
        0.5,
        2.25,
        "nodes of 8 cards: 320 TFLOPS FP16 a card until 2024, then a supernode's 300 PFLOPS over its 48 nodes, and from"
        " 2027 1 PFLOPS a card; announced cards range from a half to twice that",
    ),
}
"""Column → range."""

PRICE_RANGES: Mapping[str, Range] = {
    "general": (
        0.7,
        2.0,
        "low: 38,600 CNY, the mean of the x86 sets sold in 2019 (IDC), for a set of today; high: 107,700 CNY, an operators'"
        " tender; between them that mean, 5 % a year dearer; later vintages 8 to 10 % a year cheaper",
    ),
    "intelligent": (
        0.6,
        1.8,
        "low: a supernode's 8 M USD for 300 PFLOPS; high: the 0.5 M CNY per PFLOPS that the market paid in 2023-24 (IDC;"
        " also 150 M CNY a supernode); whole projects 0.2 to 0.3; later vintages 15 % a year cheaper",
    ),
    "storage": (0.6, 1.5, "disk prices with their servers; 8 to 10 % a year cheaper"),
}
"""Class → range of the price."""


def estimates(book: Book, technologies: Iterable[Technology], ranges: Mapping[str, Range] = PRICE_RANGES) -> None:
    """Write the ranges of all figures of table `technologies`; `ranges` are those of the prices, by class."""
    for column, (low, high, how) in RANGES.items():
        book.spread("technologies", column, low, high, how)
    for technology in technologies:
        low, high, how = ranges[technology.kind]
        book.spread("technologies", "capex_mcny_per_unit", low, high, how, technology=technology.name)
        if technology.kind == "intelligent":
            book.estimate(
                "technologies",
                technology.name,
                "fp32_per_unit",
                0.00006,
                0.0003,
                "35 % of 300 EFLOPS FP32 over 1,037 EFLOPS FP16; cards range from 0.06 (A100) to 0.3 (H20)",
            )
