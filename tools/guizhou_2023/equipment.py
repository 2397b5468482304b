"""Fleet at the end of 2022 and technologies on sale, as known in June 2023."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tools.china import facts, halls
from tools.china import technologies as vintages
from tools.china.book import Book
from tools.china.case import Case
from tools.china.national import COLD_SHARE, RACK_MW
from tools.china.technologies import TECHNOLOGIES
from tools.guizhou_2023.places import IT_LIMITS, weight

OWN = "xisuan-2023"
OCCUPANCY = {
    "ZJK": 0.65,
    "YRD": 0.65,
    "WHU": 0.65,
    "SGN": 0.65,
    "TFU": 0.41,
    "CQG": 0.41,
    "HLG": 0.45,
    "QYG": 0.34,
    "ZWI": 0.40,
}
"""Occupancy at the end of 2022 (estimate).

Regional values of 2021: 65-68 % in the east, 41 % in the south-west and 34 % in the north-west. Gui'an's 60.53 % of
March 2023 is published.
"""

HALLS_MW = {
    "ZJK": 625,
    "YRD": 100,
    "WHU": 75,
    "SGN": 75,
    "TFU": 300,
    "CQG": 225,
    "HLG": 500,
    "QYG": 25,
    "ZWI": 150,
}
"""Halls of the clusters, MW of IT (estimate; Chongqing: 90,000 racks published for April 2022)."""

INTELLIGENT = {
    "ZJK": 15,
    "YRD": 3,
    "WHU": 2,
    "SGN": 1,
    "TFU": 3,
    "CQG": 2,
    "HLG": 5,
    "GAN": 1.5,
    "QYG": 0.2,
    "ZWI": 1.5,
}
"""Intelligent computing of the clusters, EFLOPS FP16 (estimate: the largest known, at Zhangbei, has 12)."""

STORAGE = {"ZJK": 10, "YRD": 3, "WHU": 2, "SGN": 3, "TFU": 5, "CQG": 3, "HLG": 14, "GAN": 10, "QYG": 1, "ZWI": 5}
"""Cold and warm storage of the clusters, EB (estimate)."""

STORAGE_2022_EB = 920.0
"""National storage at the end of 2022, EB (estimate: 800 reported for 2021, growing 15 %)."""

OPENINGS = {
    "general": (
        ("general_2020", 2018, 2024, 0.2),
        ("general_2020", 2020, 2026, 0.4),
        ("general_2020", 2022, 2028, 0.4),
    ),
    "intelligent": (("ai_2023", 2020, 2026, 0.3), ("ai_2023", 2022, 2028, 0.7)),
    "storage": (("storage_2022", 2019, 2027, 0.5), ("storage_2022", 2022, 2030, 0.5)),
}
"""Class → technology, year opened, year retired, share of the units."""

_SHIPPED = {item.name: item for item in TECHNOLOGIES}
KNOWN = (
    replace(
        _SHIPPED["general_2020"],
        mw=0.065,
        source=OWN,
        note="level set so that national halls of 2022 are about two thirds full; published 50 to 58 % for 2021-22",
    ),
    replace(
        _SHIPPED["general_2024"],
        title="Two-socket servers, from 2023",
        title_zh="双路服务器（2023起）",
        capex={2023: 5.2},
        last=None,
        source="server-market-2019;telecom-servers-2022;xisuan-2023",
        note="9 TFLOPS FP32 at 0.5 kW with its share of network and disks; 47,000 CNY a set, the mean of the market",
    ),
    replace(
        _SHIPPED["ai_2023"],
        title="AI servers, from 2021",
        title_zh="智算服务器（2021起）",
        capex={2023: 0.50, 2024: 0.45, 2025: 0.40},
        last=None,
        source=OWN,
        note="8-card servers: 2.56 PFLOPS FP16 at 6 kW with its network; about 1.3 M CNY a set",
    ),
    replace(
        _SHIPPED["storage_2022"],
        title="Disk shelves",
        title_zh="磁盘存储",
        capex={2023: 0.45},
        last=None,
        source=OWN,
        note="0.9 W per TB with its servers; 450 CNY per TB",
    ),
)
"""Vintages on sale, and the existing general-purpose one."""

PRICE_RANGES: Mapping[str, vintages.Range] = {
    "general": (
        0.7,
        2.2,
        "low: 38,600 CNY, the mean of the x86 sets sold in 2019 (IDC); high: 104,500 CNY, an operators' tender of 2022;"
        " between them that mean, 5 % a year dearer",
    ),
    "intelligent": (0.6, 1.6, "judgement: about 1.3 M CNY a set of eight cards; 10 % a year cheaper"),
    "storage": (0.6, 1.5, "disk prices with their servers"),
}
"""Class → range of the price, as known in June 2023."""

BUILD_LIMIT = {2023: 20, 2024: 35, 2025: 60}
"""Limit of intelligent computing that a cluster can add in a year, EFLOPS FP16 (estimate: the largest known has 12)."""

POWER = {item.name: item.mw for item in KNOWN}


def racks_guizhou() -> float:
    """Return the standard racks at Gui'an: 2.25 M server places at the 11.9 places per rack of August 2021 (derived)."""
    rows = {date: facts.record("guizhou_compute_series", date=date) for date in ("2021-08", "2023-03")}
    each = float(rows["2021-08"]["servers_capacity"]) / float(rows["2021-08"]["racks"])
    return float(rows["2023-03"]["servers_capacity"]) / each


def hall_mw(case: Case) -> dict[str, float]:
    """Return the halls at the end of 2022, MW of IT; metros share the rest of 6.5 M racks by demand weight covered."""
    clusters: dict[str, float] = {**HALLS_MW, "GAN": round(racks_guizhou() * RACK_MW)}
    left = facts.number("known_2023", "value", id="K01") * 1e6 * RACK_MW - sum(clusters.values())
    total = sum(weight(site.covers) for site in case.metros)
    return clusters | {site.name: round(left * weight(site.covers) / total) for site in case.metros}


def stocks(case: Case) -> dict[str, dict[str, float]]:
    """Return equipment by site and class: EFLOPS FP32, EFLOPS FP16, EB. Clusters by occupancy, metros share the rest."""
    cards = facts.number("known_2023", "value", id="K05")
    national = {
        "general": facts.number("known_2023", "value", id="K02") - 0.1 * cards,
        "intelligent": cards,
        "storage": COLD_SHARE * STORAGE_2022_EB,
    }
    out: dict[str, dict[str, float]] = {}
    occupied = {**OCCUPANCY, "GAN": facts.number("guizhou_compute_series", "occupancy_pct", date="2023-03") / 100}
    for name, mw in hall_mw(case).items():
        if name in occupied:
            rest = mw * occupied[name] - 1000 * (
                INTELLIGENT[name] * POWER["ai_2023"] + STORAGE[name] * POWER["storage_2022"]
            )
            # General-purpose servers use the occupied power that intelligent computing and storage leave.
            general = rest / POWER["general_2020"] / 1000
            out[name] = {"general": general, "intelligent": INTELLIGENT[name], "storage": STORAGE[name]}
    left = {kind: level - sum(stock[kind] for stock in out.values()) for kind, level in national.items()}
    total = sum(weight(site.covers) for site in case.metros)
    for site in case.metros:
        out[site.name] = {kind: level * weight(site.covers) / total for kind, level in left.items()}
    return out


def write(book: Book, case: Case) -> None:
    """Write tables `technologies`, `fleet`, `halls` and `limits`."""
    for item in KNOWN:
        vintages.add(book, item, case)
    vintages.estimates(book, KNOWN, PRICE_RANGES)
    _fleet(book, case)
    _halls(book, case)
    _limits(book, case)


def _fleet(book: Book, case: Case) -> None:
    for site, stock in stocks(case).items():
        for kind, openings in OPENINGS.items():
            for technology, opened, retires, share in openings:
                book.add(
                    "fleet",
                    "digital-china-2022;idc-2022;guizhou-mar-2023;xisuan-2023"
                    if site == "GAN"
                    else f"digital-china-2022;idc-2022;{OWN}",
                    "estimate",
                    "halls by occupancy"
                    if site in INTELLIGENT
                    else "national total less the clusters, by demand weight",
                    site=site,
                    technology=technology,
                    opened=opened,
                    units=round(1000 * stock[kind] * share, 1),
                    retires=retires,
                    may_retire="true",
                )
    book.spread("fleet", "units", 0.5, 1.8, "no cluster published its equipment: halls by occupancy, rest by weight")


def _halls(book: Book, case: Case) -> None:
    existing = hall_mw(case)
    for site in case.sites:
        region = halls.cost_region(site)
        metro = region == "metro"
        gui_an = site.name == "GAN"
        book.add(
            "halls",
            "guiyang-2021;guizhou-mar-2023;xisuan-2023" if gui_an else f"digital-china-2022;{OWN}",
            "estimate",
            "2.25 M server places at 11.9 a rack" if gui_an else "rest of 6.5 M racks" if metro else "no figure found",
            site=site.name,
            existing_mw=existing[site.name],
            capex_mcny_per_mw=halls.CAPEX[region],
            opex_mcny_per_mw_year=halls.OPEX[region],
            life_years=20,
            phase_mw=0,
            limit_mw=existing[site.name] if metro else IT_LIMITS[site.name][0],
            lead_years=case.lead_years,
            retrofit_capex_mcny_per_mw=5.0 if metro else None,
            retrofit_pue=1.25 if metro else None,
        )
    book.spread("halls", "existing_mw", 0.5, 1.8, "racks of few clusters are published; server places at Gui'an")
    book.spread("halls", "capex_mcny_per_mw", 0.7, 1.6, "planning values; projects of 2022 with equipment 128 to 146")
    book.spread("halls", "opex_mcny_per_mw_year", 0.6, 1.6, "under 2 % of capital cost a year: upkeep and staff")
    book.spread("halls", "retrofit_capex_mcny_per_mw", 0.5, 2.0, "a seventh of a new hall: cooling plant only")
    book.spread("halls", "retrofit_pue", 0.95, 1.1, "what refitted metro halls are asked to reach")


def _limits(book: Book, case: Case) -> None:
    for site in case.sites:
        share = halls.METRO_SHARE if site.kind == "edge" else 1.0
        for period, eflops in BUILD_LIMIT.items():
            book.add(
                "limits",
                OWN,
                "estimate",
                "the largest campus known had 12 EFLOPS in 2022",
                site=site.name,
                technology="ai_2023",
                period=period,
                max_build_units=1000 * eflops * share,
            )
    book.spread("limits", "max_build_units", 0.5, 3.0, "twelve EFLOPS at one campus in 2022, recalled; then growing")
