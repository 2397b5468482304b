"""Actual values and targets to compare plans with: table `actuals`. No plan reads it."""

from __future__ import annotations

from dataclasses import dataclass

from tools.china import facts
from tools.china.book import Book


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure: its place in the fact files, and its meaning. `factor` converts the file's unit into the table's."""

    quantity: str
    unit: str
    place: str
    year: int
    date: str = ""
    kind: str = "actual"
    bound: str = "exact"
    file: str
    where: dict[str, str]
    column: str = "value"
    factor: float = 1.0
    source: str
    quality: str = ""
    scope: str = ""
    note: str = ""
    why: str = ""
    why_zh: str = ""


@dataclass(frozen=True)
class Series:
    """Facts of one quantity in one file, one row each."""

    quantity: str
    unit: str
    place: str
    file: str
    where: dict[str, str]
    column: str = "value"
    factor: float = 1.0
    scope: str = ""

    def at(self, year: int, source: str, where: dict[str, str], **more: str) -> Fact:
        """Return the figure of `year` in the row that also equals `where`."""
        return Fact(
            quantity=self.quantity,
            unit=self.unit,
            year=year,
            file=self.file,
            where=self.where | where,
            column=self.column,
            factor=self.factor,
            source=source,
            **{"place": self.place, "scope": self.scope, **more},
        )


def add(book: Book, fact: Fact) -> None:
    """Add the row of a figure, with the grade of its fact file unless the fact has its own."""
    row = facts.record(fact.file, **fact.where)
    book.add(
        "actuals",
        fact.source,
        fact.quality or row["quality"],
        fact.note,
        quantity=fact.quantity,
        place=fact.place,
        period=fact.year,
        date=fact.date,
        kind=fact.kind,
        value=float(f"{float(row[fact.column]) * fact.factor:.12g}"),
        unit=fact.unit,
        bound=fact.bound,
        scope=fact.scope,
        why=fact.why,
        why_zh=fact.why_zh,
    )


def _national(quantity: str, unit: str, metric: str, factor: float = 1.0, scope: str = "") -> Series:
    return Series(quantity, unit, "China", "national_totals", {"metric": metric}, factor=factor, scope=scope)


def _claims(quantity: str, unit: str, place: str, metric: str, factor: float = 1.0, scope: str = "") -> Series:
    where = {"place": place, "metric": metric}
    return Series(quantity, unit, place, "compute_by_place", where, factor=factor, scope=scope)


FP32 = _national("compute_fp32_eflops", "EFLOPS FP32", "compute_total", scope="MIIT, in data centres")
FP16 = _national("compute_fp16_eflops", "EFLOPS FP16", "compute_intelligent")
IDC = _national("compute_fp16_eflops", "EFLOPS FP16", "compute_intelligent_idc", scope="IDC and Inspur")
RACKS = _national("racks", "standard racks", "racks", 1e6, "MIIT, 2.5 kW")
OCCUPANCY = _national("occupancy", "fraction", "occupancy", 0.01)
POWER = Series("electricity_twh", "TWh", "China", "demand_outlook", {"metric": "dc_electricity"})

LEVEL = "Demand is 70 % of the forecast stock, its mean use; the plan needs less stock because it fills what it has."
LEVEL_ZH = "需求按展望存量的 70%（平均利用率）取值；规划先用足已有设备，所需存量因此较少。"

NATIONAL = (
    FP32.at(2022, "miit-2022", {"date": "2022-12"}),
    FP32.at(2023, "miit-2023", {"date": "2023-12"}),
    FP32.at(2024, "miit-2024", {"date": "2024-12", "precision_scope": "FP32"}),
    FP32.at(2025, "compute-plan-2023", {"date": "2025-12"}, kind="target", bound="at least"),
    FP16.at(
        2025,
        "miit-mid-2025",
        {"date": "2025-06"},
        date="2025-06",
        why="The published figure is MIIT's of June; the model has the stock of the year's end in the count of IDC and"
        " Inspur, so that stock and growth are of one count.",
        why_zh="公布数为工信部 2025 年 6 月口径；模型取 IDC 与浪潮口径的年末存量，以便存量与增速同源。",
    ),
    IDC.at(2022, "idc-2022-later", {"date": "2022-12"}),
    IDC.at(2024, "idc-2025", {"date": "2024-12"}),
    IDC.at(2025, "idc-2025", {"date": "2025-12"}, kind="forecast"),
    IDC.at(2026, "idc-2025", {"date": "2026-12"}, kind="forecast", why=LEVEL, why_zh=LEVEL_ZH),
    IDC.at(2028, "idc-2025", {"date": "2028-12"}, kind="forecast", why=LEVEL, why_zh=LEVEL_ZH),
    RACKS.at(2022, "miit-2022", {"date": "2022-12"}, bound="at least"),
    RACKS.at(2023, "racks-2023", {"date": "2023-12"}, bound="at least"),
    RACKS.at(2024, "miit-2024", {"date": "2024-12"}, bound="at least", note="8.8 million elsewhere"),
    RACKS.at(2025, "racks-2025", {"date": "2025-06"}, date="2025-06"),
    OCCUPANCY.at(2021, "occupancy-2021", {"date": "2021-12"}),
    OCCUPANCY.at(2022, "occupancy-2022", {"date": "2022-12"}),
    _national("pue", "ratio", "pue_avg").at(2025, "miit-mid-2025", {"date": "2025-06"}, date="2025-06"),
    _national("storage_eb", "EB", "storage").at(
        2025,
        "storage-2025",
        {"date": "2025-06"},
        date="2025-06",
        why="The model plans cold and warm storage alone, taken to be 40 % of the total; the rest sits inside servers.",
        why_zh="模型只规划冷、温存储，按总量的 40% 估计；其余存储在服务器内部。",
    ),
    POWER.at(2022, "electricity-outlook", {"id": "O21"}, scope="government count; 200 in 2020 is another scope"),
    POWER.at(2024, "electricity-2024", {"id": "O33"}, bound="about", scope="Caixin; the IEA says 102 TWh"),
    POWER.at(2027, "electricity-outlook", {"id": "O28"}, kind="forecast", bound="about", scope="IEA"),
    POWER.at(
        2030,
        "iea-2030",
        {"id": "O27"},
        kind="forecast",
        scope="IEA base case",
        why="At the power that published machines draw, the computing forecast for these years needs less electricity than"
        " the outlooks have: either the forecast of computing is low, or machines draw more.",
        why_zh="按公布设备的功率，各年算力展望所需电力少于用电展望：要么算力展望偏低，要么设备实际更耗电。",
    ),
    POWER.at(2030, "electricity-outlook", {"id": "O23"}, kind="forecast", scope="government"),
    POWER.at(
        2030,
        "electricity-2024",
        {"id": "O34"},
        kind="forecast",
        bound="at most",
        scope="Caixin; the upper end, from under 2 % to 6 % of national use",
    ),
    POWER.at(2030, "electricity-outlook", {"id": "O25"}, kind="forecast", bound="about", scope="Goldman Sachs"),
    Series("hub_bandwidth_gbps", "Gbps", "China", "costs", {}, factor=1000, scope="IP bandwidth of the eight hubs").at(
        2024, "interhub-2024", {"id": "C32"}, date="2024-03", note="16 % used"
    ),
)
"""Figures of the nation."""

CLUSTERS = (
    _claims("electricity_twh", "TWh", "Zhangjiakou", "electricity_H1").at(
        2025,
        "zhangjiakou-power",
        {"date": "2025-06"},
        date="2025-06",
        scope="first half of the year; a third of it green",
        why="The published half-year ends in June while halls were still filling; the model runs the year-end stock.",
        why_zh="公布数为上半年，机房尚在上架；模型按年末存量全年运行。",
    ),
    Series("electricity_twh", "TWh", "Horinger", "demand_outlook", {"metric": "dc_electricity_horinger"}).at(
        2025,
        "inner-mongolia-power",
        {"id": "O31"},
        date="2025-03",
        scope="first quarter; 84.57 % green",
        why="The published quarter is of Horinger's parks before 111 EFLOPS arrived in the region in the second half; the"
        " model's cluster holds all large centres of Inner Mongolia at the year's end.",
        why_zh="公布数为和林格尔园区一季度，下半年全区新增 111 EFLOPS；模型中该集群含全区大型中心的年末存量。",
    ),
    Series("pue", "ratio", "Gui'an", "policy_rules", {}, "threshold").at(
        2026, "guizhou-plan-2026", {"rule_id": "R30"}, kind="target", bound="at most"
    ),
    _claims("compute_eflops", "EFLOPS", "Inner Mongolia", "total").at(
        2025, "inner-mongolia-2025", {"date": "2025-12"}, scope="whole region; over 92 % intelligent"
    ),
    _claims("compute_eflops", "EFLOPS", "Zhongwei", "total").at(2025, "zhongwei-2025", {"date": "2025"}),
    _claims("compute_eflops", "EFLOPS", "Qingyang", "total").at(
        2025,
        "qingyang-mid-2025",
        {"date": "2025-08"},
        date="2025-08",
        why="66 is of August; the model has 99 of the 100 EFLOPS reported for the year's end.",
        why_zh="66 为 8 月数；模型取年末通报的 100 EFLOPS 中的 99。",
    ),
    _claims("racks", "standard racks", "Shaoguan", "racks_std").at(
        2025, "shaoguan-2025", {"date": "2025-06"}, date="2025-06", scope="capacity, not use"
    ),
    _claims("racks", "standard racks", "Zhangjiakou", "racks").at(
        2025,
        "zhangjiakou-2025",
        {"date": "2025-06"},
        date="2025-06",
        scope="server racks in operation",
        why="460,000 racks were in operation in June; the model has the 700,000 planned for the year's end as capacity.",
        why_zh="46 万架为 6 月投运数；模型取 2025 年末规划的 70 万架建成能力。",
    ),
    _claims("utilisation", "fraction", "Beijing", "utilisation", 0.01).at(
        2025,
        "beijing-2026",
        {"date": "2026-01"},
        bound="at least",
        quality="derived",
        note="said in January 2026 and read as what 2025 ended with",
        scope="public computing with vouchers, said in January 2026",
    ),
    _claims("utilisation", "fraction", "Sichuan", "utilisation", 0.01).at(
        2027, "sichuan-plan", {"date": "2027"}, kind="target", bound="at least"
    ),
)
"""Figures of other hubs and places."""


def _price(quantity: str, unit: str, identity: str, factor: float = 1.0, file: str = "costs") -> Series:
    return Series(quantity, unit, "China", file, {"id": identity}, factor=factor)


HALL, PROJECT, CARDS, RACK = "hall_price", "project_price", "intelligent_price", "rack_price"
BN = 1000.0
"""mCNY in a billion CNY."""
SUPERNODE = 7.2 / 0.3
"""mCNY per EFLOPS of a supernode of 300 PFLOPS that costs a million USD, at 7.2 CNY per USD."""
RACKS_A_MW = 0.4
"""mCNY per MW of halls whose standard rack of 2.5 kW costs a thousand CNY."""

PRICES = (
    _price(HALL, "mCNY per MW", "C01").at(
        2025,
        "facility-capex-projects",
        {},
        place="Zhongwei",
        kind="target",
        scope="Zhongwei, planned; halls, power and cooling, no IT",
    ),
    _price(HALL, "mCNY per MW", "C03", RACKS_A_MW).at(
        2025,
        "facility-capex-projects",
        {},
        place="Zhongwei",
        kind="target",
        scope="Zhongwei, phase 1; halls, power and cooling, no IT",
    ),
    _price(HALL, "mCNY per MW", "C77").at(
        2024, "zhangjiakou-capex", {}, place="Zhangjiakou", scope="Zhangjiakou, spent from 2017 to 2024; no IT"
    ),
    _price(CARDS, "mCNY per EFLOPS", "V13", BN, "server_market").at(
        2024, "accelerated-market-2024", {}, scope="what the market paid in 2023 and 2024, all cards"
    ),
    _price(CARDS, "mCNY per EFLOPS", "C19", SUPERNODE).at(
        2025, "supernode-price-2025", {}, quality="derived", scope="a supernode, 8 M USD at 7.2 CNY"
    ),
    _price(PROJECT, "mCNY per EFLOPS", "C61", BN).at(
        2025,
        "xinhua-jan-2026",
        {},
        place="Guizhou",
        bound="at least",
        scope="Guizhou, computing facilities of 2025 over what came in the year; halls included",
    ),
    _price(PROJECT, "mCNY per EFLOPS", "C62", BN).at(
        2026,
        "inner-mongolia-2026",
        {},
        place="Inner Mongolia",
        scope="Inner Mongolia, in operation by May 2026; halls included",
    ),
    _price(PROJECT, "mCNY per EFLOPS", "C63", BN).at(
        2027, "jiaxing-plan", {}, kind="target", bound="about", scope="Jiaxing, plan of 2027; halls included"
    ),
    _price(RACK, "CNY per standard rack", "C48", 1000.0).at(
        2019, "rack-stock-2019", {}, scope="70 bn CNY over 218,000 racks; equipment probably in it"
    ),
    _price(RACK, "CNY per standard rack", "C05", 1000.0).at(
        2022, "rack-projects-2022", {}, scope="400 bn CNY over 1.1 M racks; equipment probably in it"
    ),
    _price(RACK, "CNY per standard rack", "C47", 1000.0).at(
        2022, "rack-starts-2022", {}, scope="190 bn CNY over 540,000 racks; equipment probably in it"
    ),
)
"""Prices of halls, equipment and whole projects elsewhere."""


def write(book: Book) -> None:
    """Write table `actuals` of the nation and of Guizhou's rivals."""
    for fact in (*NATIONAL, *CLUSTERS, *PRICES):
        add(book, fact)
