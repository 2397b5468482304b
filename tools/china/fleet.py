"""Fleet at the end of 2025: equipment by site and vintage."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tools.china import facts, national
from tools.china.book import OWN, Book
from tools.china.case import Case, Site
from tools.china.places import weight
from tools.china.technologies import POWER


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Equipment of a site: general in EFLOPS FP32, intelligent in EFLOPS FP16, storage in EB.

    `fresh` is the share of the newest vintage in general and in intelligent equipment; `low` and `high` are factors
    on the units, with `how` as their reasoning.
    """

    general: float
    intelligent: float
    storage: float
    fresh: tuple[float, float]
    source: str = OWN
    quality: str = "estimate"
    note: str
    low: float
    high: float
    how: str


def _claim(place: str, metric: str, date: str) -> float:
    """Return a published figure of compute_by_place.csv, in its unit."""
    return facts.number("compute_by_place", "value", place=place, metric=metric, date=date)


def hebei_intelligent() -> float:
    """Return intelligent computing of Zhangjiakou, EFLOPS FP16: Hebei's published 18 % of 788 (June 2025)."""
    share = _claim("Hebei", "share_of_national_intelligent", "2025")
    return share / 100 * facts.national("compute_intelligent", "2025-06")


GUIZHOU_EFLOPS = 150.0
"""Guizhou at the end of 2025: 126 in Guiyang, published on 5 December, and the rest of the province (estimate)."""


def guizhou_general() -> float:
    """Return general-purpose computing in Guizhou, EFLOPS FP32: what 97 % leaves of the 92.6 of September 2025.

    2.93 were left of 31.76 in May 2024, and less than 2.52 of Guiyang's 126 in December 2025. A share of a lower bound of
    150 would leave 4.5, which draws twice the electricity that Gui'an's data centres used in 2023.
    """
    row = facts.record("guizhou_compute_series", date="2025-09")
    return float(row["eflops_total"]) * (1 - float(row["intelligent_pct"]) / 100)


INNER_MONGOLIA_INTELLIGENT = 0.92
"""Intelligent share in Inner Mongolia at the end of 2025 (published lower bound)."""


def published() -> dict[str, Stock]:
    """Return the equipment of the ten clusters. Tianfu and Chongqing lack their general computing: see `stocks`."""
    inner_mongolia = _claim("Inner Mongolia", "total", "2025-12")
    zhongwei = _claim("Zhongwei", "total", "2025")
    return {
        "ZJK": Stock(
            general=_claim("Zhangjiakou", "general", "2025-06"),
            intelligent=hebei_intelligent(),
            storage=30,
            fresh=(0.85, 0.2),
            source="caixin-zhangjiakou;hebei-share",
            quality="derived",
            note="general as published; intelligent is 18 % of 788, not the 255 claimed",
            low=1.0,
            high=1.8,
            how="intelligent 142 (Hebei's share of the nation) against a claim of 255",
        ),
        "YRD": Stock(
            general=2.5,
            intelligent=20,
            storage=8,
            fresh=(0.4, 0.3),
            note="no cluster figure found",
            low=0.3,
            high=2.0,
            how="none found; a sixth of Shanghai's intelligent computing",
        ),
        "WHU": Stock(
            general=0.64,
            intelligent=26,
            storage=5,
            fresh=(0.5, 0.4),
            source="wuhu-platform",
            quality="derived",
            note="registered on one platform, September 2025",
            low=0.9,
            high=1.3,
            how="one platform only",
        ),
        "SGN": Stock(
            general=2.0,
            intelligent=20,
            storage=8,
            fresh=(0.5, 0.5),
            note="only the capacity of the sites is published (180)",
            low=0.5,
            high=5.0,
            how="between a tenth and two thirds of the 180 that the sites can carry",
        ),
        "TFU": Stock(
            general=0.0,
            intelligent=12,
            storage=12,
            fresh=(0.4, 0.3),
            source="sichuan-plan;xisuan",
            note="Sichuan about 20 EFLOPS in 2025, at least 60 % intelligent",
            low=0.6,
            high=1.5,
            how="Sichuan 5.5 in 2023, about 20 in 2025, 40 aimed at for 2027",
        ),
        "CQG": Stock(
            general=0.0,
            intelligent=15,
            storage=8,
            fresh=(0.4, 0.3),
            note="no figure found but racks",
            low=0.3,
            high=3.0,
            how="racks only",
        ),
        "HLG": Stock(
            general=_claim("Inner Mongolia", "total", "2025-06") - 116,
            intelligent=INNER_MONGOLIA_INTELLIGENT * inner_mongolia,
            storage=40,
            fresh=(0.5, 0.6),
            source="inner-mongolia-2025",
            quality="derived",
            note="237 in the region at 92 % intelligent; general is 126 - 116 of mid-2025",
            low=0.6,
            high=1.05,
            how="237 is the whole region; Hohhot alone had 91 in July 2025",
        ),
        "GAN": Stock(
            general=guizhou_general(),
            intelligent=GUIZHOU_EFLOPS - guizhou_general(),
            storage=25,
            fresh=(0.5, 0.66),
            source="guiyang-2025;guizhou-2025;xisuan",
            note="Guiyang 126 published in December; province taken as 150; general as in September, 3 % of 92.6",
            low=0.84,
            high=1.1,
            how="at least the 126 of Guiyang; a statement of January 2026 says over 150",
        ),
        "QYG": Stock(
            general=1.0,
            intelligent=99.0,
            storage=8,
            fresh=(0.5, 0.5),
            source="qingyang-2025",
            quality="derived",
            note="100,000 P expected at year end; general share assumed",
            low=0.66,
            high=1.05,
            how="66 in August 2025, 100 expected at year end",
        ),
        "ZWI": Stock(
            general=4.0,
            intelligent=zhongwei - 4.0,
            storage=15,
            fresh=(0.5, 0.76),
            source="zhongwei-2025;xisuan",
            quality="derived",
            note="130 in all; general share assumed",
            low=0.5,
            high=1.1,
            how="31 in Ningxia at the end of 2024 against 130 stated for 2025",
        ),
    }


METRO_INTELLIGENT = {"BJM": 45.0, "SHM": 100.0, "GZM": 30.0, "WHM": 18.0, "JNM": 14.0}
"""EFLOPS FP16 outside the clusters (estimate): Beijing's target of 45 for 2025, others by size, the rest by weight."""


def stocks(case: Case) -> dict[str, Stock]:
    """Return the equipment of every site.

    The rest of a national total beyond the clusters is allocated by demand weight.
    """
    clusters = published()
    holders = [site for site in case.sites if site.covers and site.name != "GAN"]
    total = sum(weight(site.covers) for site in holders)
    general = national.general() - sum(stock.general for stock in clusters.values())
    rest = {site.name: general * weight(site.covers) / total for site in holders}
    for name in ("TFU", "CQG"):
        note = clusters[name].note + "; general: the provinces covered, by demand weight"
        clusters[name] = replace(clusters[name], general=rest[name], note=note)
    return clusters | _metros(case.metros, clusters, rest)


def _metros(metros: tuple[Site, ...], clusters: dict[str, Stock], general: dict[str, float]) -> dict[str, Stock]:
    cold = national.storage() - sum(stock.storage for stock in clusters.values())
    cards = national.intelligent() - sum(stock.intelligent for stock in clusters.values())
    left = cards - sum(METRO_INTELLIGENT.values())
    total = sum(weight(site.covers) for site in metros)
    others = sum(weight(site.covers) for site in metros if site.name not in METRO_INTELLIGENT)
    return {
        site.name: Stock(
            general=general[site.name],
            intelligent=METRO_INTELLIGENT.get(site.name, left * weight(site.covers) / others),
            storage=cold * weight(site.covers) / total,
            fresh=(0.4, 0.2),
            source="miit-2025;idc-2025;xisuan",
            note="national total less the ten clusters, shared out",
            low=0.6,
            high=1.5,
            how="national total less the clusters, shared out by demand weight",
        )
        for site in metros
    }


LIVES = {"general": 7, "intelligent": 6, "storage": 8}
"""Years of use, as of the vintages on sale."""


def _ai_by_year() -> dict[int, float]:
    """Return the share of each year in the intelligent computing of 2024: the stock of 2022, then even growth (IDC)."""
    before = facts.national("compute_intelligent_idc", "2022-12") / facts.national("compute_intelligent_idc", "2024-12")
    return {2022: before, 2023: (1 - before) / 2, 2024: (1 - before) / 2}


def _even(*years: int) -> dict[int, float]:
    return dict.fromkeys(years, 1 / len(years))


COHORTS = {
    "general": {"general_2020": _even(2019, 2020, 2021, 2022), "general_2024": _even(2023, 2024, 2025)},
    "intelligent": {"ai_2023": _ai_by_year(), "ai_2025": {2025: 1.0}},
    "storage": {"storage_2022": _even(2019, 2020, 2021, 2022, 2023, 2024)},
}
"""Class → technology → year opened → share of the units of that vintage (estimate; retired after `LIVES`).

With few cohorts a large part of the stock would retire in one year, and its replacement would look like growth.
"""

NEWEST = ("general_2024", "ai_2025")
"""Vintages still being depreciated: they may not be retired early."""


def units_of(stock: Stock) -> list[tuple[str, int, int, float]]:
    """Return the fleet rows of a site: technology, opened, retires, units (PFLOPS or PB)."""
    amounts = {"general": stock.general, "intelligent": stock.intelligent, "storage": stock.storage}
    fresh = {"general": stock.fresh[0], "intelligent": stock.fresh[1], "storage": 0.0}
    return [
        (technology, opened, opened + LIVES[kind], round(1000 * amounts[kind] * share * part, 1))
        for kind, vintages in COHORTS.items()
        for technology, years in vintages.items()
        for part in [fresh[kind] if technology in NEWEST else 1 - fresh[kind]]
        for opened, share in years.items()
    ]


def installed_mw(stock: Stock) -> float:
    """Return the IT power of a site's equipment at full load, MW."""
    return sum(units * POWER[technology] for technology, _, _, units in units_of(stock))


def write(book: Book, case: Case) -> None:
    """Write table `fleet`."""
    for site, stock in stocks(case).items():
        for technology, opened, retires, units in units_of(stock):
            storage = technology.startswith("storage")
            book.add(
                "fleet",
                "storage-2025;xisuan" if storage else stock.source,
                "estimate" if storage else stock.quality,
                "cold and warm storage" if storage else stock.note + "; vintages are estimates",
                site=site,
                technology=technology,
                opened=opened,
                units=units,
                retires=retires,
                may_retire="false" if technology in NEWEST else "true",
            )
        how = stock.how + "; vintages from national growth"
        book.spread("fleet", "units", stock.low, stock.high, how, site=site)
