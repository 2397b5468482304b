"""Demand and traffic, as expected in June 2023."""

from __future__ import annotations

from dataclasses import replace

from tools.china import demand, facts
from tools.china.book import Book
from tools.china.case import Case
from tools.china.demand import WORKLOADS
from tools.china.network import Link, add_links, add_traffic, estimates
from tools.guizhou import network

OWN = "xisuan-2023"
STORAGE_2022_PB = 368_000.0
"""Cold and warm storage at the end of 2022, PB: 40 % of 920 EB (estimate)."""

TRAFFIC_SOURCES = f"guizhou-network-2022;{OWN}"


def national_demand(kind: str, year: int) -> float:
    """Return the mean demand of a class in `year`, PFLOPS or PB, from the levels and growth expected in 2023."""
    if kind == "storage":
        return float(demand.STORAGE_FILL * STORAGE_2022_PB * (1 + demand.STORAGE_GROWTH) ** (year - 2022.5))
    cards = facts.number("known_2023", "value", id="K05")
    if kind == "intelligent":
        growth = (facts.number("known_2023", "value", id="K06") / cards) ** 0.25
        return float(1000 * demand.INTELLIGENT_UTILISATION * cards * growth ** (year - 2022.5))
    general = facts.number("known_2023", "value", id="K02") - 0.1 * cards
    growth = 1 + facts.number("known_2023", "value", id="K07") / 100
    return float(1000 * demand.GENERAL_UTILISATION * general * growth ** (year - 2022.5))


def write(book: Book, case: Case) -> None:
    """Write tables `workloads`, `demand`, `links`, `traffic`, and the demand rows of `profile_rules`."""
    for workload in WORKLOADS:
        demand.add(book, workload, f"guizhou-hub-2022;idc-workloads;{OWN}")
    for column in ("latency_ms", "gbps_per_unit", "return_gbps_per_unit", "defer_hours"):
        book.spread("workloads", column, 0.2, 5.0, "20 ms one way is the one limit published; the rest is judgement")
    for region, weight in case.weights.items():
        for workload in WORKLOADS:
            for year in case.demand_years:
                _demand(book, region, weight, workload, year)
    book.spread("demand", "units", 0.5, 2.0, "levels of 2022 and the growth then expected; split by judgement")
    _shapes(book)
    add_links(book, _links(), case, f"trunk-grid;guizhou-network-2022;{OWN}")
    add_traffic(book, network.TRAFFIC_NODES, case, TRAFFIC_SOURCES)
    estimates(book)


def _demand(book: Book, region: str, weight: float, workload: demand.Workload, year: int) -> None:
    units = national_demand(workload.kind, year) * workload.share[0] * weight
    book.add(
        "demand",
        f"digital-china-2022;idc-2022;idc-workloads;gdp-2022;{OWN}",
        "estimate",
        f"{100 * weight:.3g} % of the nation",
        region=region,
        workload=workload.name,
        period=year,
        units=float(f"{units:.4g}"),
        profile=workload.profile,
    )


def _shapes(book: Book) -> None:
    """Write the daily profile of internet use; its season was not known."""
    for hour, value in enumerate(demand.online_shape()):
        flat = demand.FLAT_PART + (1 - demand.FLAT_PART) * value
        for profile, shape in (("demand_online", value), ("demand_day", flat)):
            book.add(
                "profile_rules",
                f"cnnic-44;{OWN}",
                "estimate",
                "internet use by hour",
                profile=profile,
                months=None,
                hours=str(hour),
                value=round(shape, 4),
            )
    for profile in ("demand_online", "demand_day"):
        book.estimate("profile_rules", profile, "value", 0.1, 2.0, "24-hour profile built to meet published facts")


EGRESS_2022 = 38_000.0 / 61_000.0
"""Guizhou's egress at the end of 2022 over that of 2025; other links are assumed to have grown alike (estimate)."""


def _links() -> list[Link]:
    return [replace(link, gbps=round(link.gbps * EGRESS_2022, -1)) for link in network.links()]
