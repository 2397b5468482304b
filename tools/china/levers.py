"""Ranges of the levers of a sweep: table `levers`."""

from __future__ import annotations

from tools.china.book import OWN, Book

WEST = f"tariff-table;ft-2025;china-daily-guian;china-daily-zhongwei;{OWN}"


def write(book: Book) -> None:
    """Write one row per lever, in the order in which a sweep moves them."""
    _add(
        book, "western_power_price", -40.0, 0.0, WEST,
        "0.6 to 1.0 of the list: contracts of western clusters in the table power are at 0.30 to 0.35 CNY per kWh",
    )  # fmt: skip
    _add(
        book, "detour", 0.0, 100.0 * (1.6 / 1.3 - 1.0), f"fibre-2025;{OWN}",
        "great circle x 1.3, the rule of all links, to x 1.6: published ordinary cables have 1.56 to 1.62",
        "lengths and delays alone, not what links cost; beyond x 1.515 real-time work of Fujian has no site in reach",
    )  # fmt: skip
    _add(
        book, "population_demand", 0.0, 100.0, f"nbs-2023;{OWN}",
        "demand shared out as shipped (0.7 GDP + 0.3 population) to wholly by population",
    )  # fmt: skip
    _add(
        book, "intelligent_demand", -35.0, 30.0, f"idc-2025;idc-workloads;{OWN}",
        "the range of the estimates of AI demand in 2030 in the table estimates",
    )  # fmt: skip
    _add(
        book, "eastern_demand", -20.0, 20.0, f"nbs-2023;{OWN}",
        "a fifth less or more than its weight gives it",
    )  # fmt: skip


def _add(book: Book, lever: str, low: float, high: float, source: str, how: str, note: str = "") -> None:
    book.add("levers", source, "estimate", note, lever=lever, low_percent=low, high_percent=high, how=how)
