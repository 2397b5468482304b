"""Existing halls, the cost of new ones, and limits on yearly additions of intelligent computing."""

from __future__ import annotations

from tools.china import facts, national
from tools.china.book import Book
from tools.china.case import Case, Site
from tools.china.fleet import installed_mw, stocks
from tools.china.places import IT_LIMITS

RACKS = {"ZJK": 700_000, "SGN": 120_000, "ZWI": 260_000}
"""Standard racks of a cluster's existing halls: plan of 2025, capacity of the sites, target of 2025."""

CLUSTER_OCCUPANCY = 0.63
"""Occupancy of the ten clusters, mid-2024: halls of the other seven are their equipment divided by it."""

CAPEX = {"west": 22.0, "west-demand": 25.0, "east": 28.0, "metro": 35.0}
"""mCNY per MW of IT, without IT: planning values of costs.csv C09 and C10; the other two between and above them."""

OPEX = {"west": 0.40, "west-demand": 0.45, "east": 0.50, "metro": 0.60}
"""mCNY per MW and year: under 2 % of capital cost for upkeep and staff, power apart (estimate)."""

BUILD_LIMIT = {
    "ai_2025": {2026: 110, 2027: 140, 2028: 180},
    "ai_2027": {2027: 140, 2028: 180, 2029: 230, 2030: 300},
}
"""Limit of intelligent computing that a cluster can add in a year, EFLOPS FP16 (estimate: record, growing 30 %)."""

ANY_VINTAGE = {2026: 110, 2027: 140, 2028: 180, 2029: 230, 2030: 300}
"""The same limit over all vintages."""

METRO_SHARE = 0.25
"""Share of that limit for a metro (estimate): cities plan 20 to 40 a year; large training centres go to the hubs."""


def existing_mw(case: Case) -> dict[str, float]:
    """Return the halls at the end of 2025, MW of IT: published racks, else equipment at the clusters' occupancy.

    The metros share the rest of the national racks in proportion to their equipment.
    """
    loads = {name: installed_mw(stock) for name, stock in stocks(case).items()}
    clusters = {site.name: _cluster_mw(site.name, loads[site.name]) for site in case.clusters}
    left = national.halls_mw() - sum(clusters.values())
    total = sum(loads[site.name] for site in case.metros)
    return clusters | {site.name: round(left * loads[site.name] / total) for site in case.metros}


def _cluster_mw(name: str, load: float) -> float:
    if name in RACKS:
        return RACKS[name] * national.RACK_MW
    return 10 * round(load / CLUSTER_OCCUPANCY / 10)


def cost_region(site: Site) -> str:
    """Return the cost region of a site: the hub's region, or metro."""
    return facts.record("hubs", cluster_id=site.name)["region"] if site.kind == "cluster" else "metro"


def write(book: Book, case: Case) -> None:
    """Write tables `halls` and `limits`."""
    existing = existing_mw(case)
    for site in case.sites:
        _hall(book, site, existing[site.name], case.lead_years)
        _limits(book, site, case)
    _estimates(book, case)


def _hall(book: Book, site: Site, existing: float, lead_years: int) -> None:
    region = cost_region(site)
    metro = region == "metro"
    book.add(
        "halls",
        "racks-2025;facility-capex;xisuan",
        "estimate",
        _note(site),
        site=site.name,
        existing_mw=existing,
        capex_mcny_per_mw=CAPEX[region],
        opex_mcny_per_mw_year=OPEX[region],
        life_years=20,
        phase_mw=0,
        limit_mw=existing if metro else IT_LIMITS[site.name][0],
        lead_years=lead_years,
        retrofit_capex_mcny_per_mw=5.0 if metro else None,
        retrofit_pue=1.25 if metro else None,
    )


def _note(site: Site) -> str:
    if site.kind == "edge":
        return "rest of 10.85 M standard racks; no new large halls outside the hubs"
    if site.name == "GAN":
        return "derived, no count: equipment at 63 % occupancy; the aim of 800,000 racks for 2025 was missed"
    return f"{RACKS[site.name]:,} standard racks" if site.name in RACKS else "equipment at 63 % occupancy"


def _limits(book: Book, site: Site, case: Case) -> None:
    share = METRO_SHARE if site.kind == "edge" else 1.0
    by_technology = {"ai_2027": ANY_VINTAGE} if case.picture else BUILD_LIMIT
    for technology, by_year in by_technology.items():
        for period, eflops in case.yearly(by_year).items():
            book.add(
                "limits",
                "inner-mongolia-2025;xisuan",
                "estimate",
                "best on record: 111 EFLOPS in half a year" + ("; 2026 to 2030 added up" if case.picture else ""),
                site=site.name,
                technology=technology,
                period=period,
                max_build_units=1000 * eflops * share,
            )


RACK_RANGES = {
    "ZJK": (0.66, 1.0, "460,000 racks in operation in June 2025; 700,000 planned for the year's end"),
    "SGN": (0.8, 1.1, "120,000 standard racks of capacity, mid-2025"),
    "ZWI": (0.5, 1.1, "130,000 standard racks in use in Ningxia in 2024; 260,000 aimed at for 2025"),
    "GAN": (
        0.8,
        1.4,
        "no count since 26,500 racks in August 2021; low: equipment at 79 % occupancy; high: 2.25 million server places in"
        " March 2023 at five a standard rack, as in the aim of 4 million for 800,000 racks",
    ),
}


def _estimates(book: Book, case: Case) -> None:
    for site in case.sites:
        how = "equipment at 63 % occupancy" if site.kind == "cluster" else "rest of the national racks, by equipment"
        low, high, how = RACK_RANGES.get(site.name, (0.7, 1.5, how))
        book.spread("halls", "existing_mw", low, high, how, site=site.name)
    book.spread(
        "halls",
        "capex_mcny_per_mw",
        0.85,
        1.45,
        "planning values 22 west and 28 east within 19.5 (planned, Zhongwei) to 32 (realised, Zhangjiakou);"
        " 25 between them; metro 35 for land",
    )
    book.spread("halls", "opex_mcny_per_mw_year", 0.6, 1.6, "under 2 % of capital cost a year: upkeep and staff")
    book.spread("halls", "retrofit_capex_mcny_per_mw", 0.5, 2.0, "a seventh of a new hall: cooling plant only")
    book.spread("halls", "retrofit_pue", 0.95, 1.1, "what refitted metro halls are asked to reach")
    book.spread(
        "limits",
        "max_build_units",
        0.7,
        1.5,
        "Inner Mongolia added 111 EFLOPS in the second half of 2025, Guizhou 70 from March to December; grown 30 %"
        " a year; metros a quarter",
    )
