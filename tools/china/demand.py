"""Demand for work: six workloads, their traffic, and demand by region and year."""

from __future__ import annotations

from dataclasses import dataclass

from tools.china import facts, national
from tools.china.book import Book
from tools.china.case import Case
from tools.china.national import YEARS

GENERAL_UTILISATION = 0.50
"""Mean utilisation of general computing in 2025 (estimate)."""

INTELLIGENT_UTILISATION = 0.70
"""Mean utilisation of intelligent computing (estimate)."""

STORAGE_FILL = 0.72
"""Share of storage in use (estimate)."""

STORAGE_GROWTH = 0.15
"""Yearly growth of cold and warm storage (estimate)."""


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Workload. Shares are of its class's demand in 2026 and in 2030; traffic in Gbps per unit, to and from the site."""

    name: str
    title: str
    title_zh: str
    kind: str
    latency_ms: float | None = None
    defer_hours: int
    traffic: tuple[float, float]
    share: tuple[float, float] = (1.0, 1.0)
    profile: str | None = None
    note: str


WORKLOADS = (
    Workload(
        name="real_time",
        title="Real-time",
        title_zh="实时",
        kind="general",
        latency_ms=4.5,
        defer_hours=0,
        traffic=(0.5, 1.5),
        share=(0.15, 0.17),
        profile="demand_day",
        note="regional ring of 5 ms less 0.5 ms of equipment at both ends",
    ),
    Workload(
        name="interactive",
        title="Interactive",
        title_zh="交互",
        kind="general",
        latency_ms=6.0,
        defer_hours=0,
        traffic=(0.2, 0.8),
        share=(0.45, 0.43),
        profile="demand_online",
        note="about 10 ms as promised, 6 ms of propagation along the 1.3 route",
    ),
    Workload(
        name="batch",
        title="Batch and analytics",
        title_zh="批处理",
        kind="general",
        defer_hours=24,
        traffic=(0.4, 0.1),
        share=(0.4, 0.4),
        note="done within a day",
    ),
    Workload(
        name="training",
        title="AI training",
        title_zh="智能训练",
        kind="intelligent",
        defer_hours=168,
        traffic=(0.01, 0.002),
        share=(0.424, 0.3),
        note="done within a week",
    ),
    Workload(
        name="inference",
        title="AI inference",
        title_zh="智能推理",
        kind="intelligent",
        latency_ms=7.0,
        defer_hours=0,
        traffic=(0.005, 0.01),
        share=(0.576, 0.7),
        profile="demand_online",
        note="about 12 ms as promised, 7 ms of propagation along the 1.3 route",
    ),
    Workload(
        name="cold_storage",
        title="Cold storage",
        title_zh="冷存储",
        kind="storage",
        defer_hours=0,
        traffic=(0.01, 0.005),
        note="steady access, about 0.4 % of the data a month each way",
    ),
)


def intelligent_level(year: int) -> float:
    """Return intelligent computing at the end of `year`, EFLOPS FP16: the published forecast, extrapolated.

    2024, 2025, 2026 and 2028 are published; 2027 is their geometric mean; 2029 and 2030 grow as from 2026 to 2028.
    """
    published = {
        2024: facts.national("compute_intelligent_idc", "2024-12"),
        2025: national.intelligent(),
        2026: facts.national("compute_intelligent_idc", "2026-12"),
        2028: facts.national("compute_intelligent_idc", "2028-12"),
    }
    growth = (published[2028] / published[2026]) ** 0.5
    return published[year] if year in published else float(published[2026] * growth ** (year - 2026))


def general_growth() -> float:
    """Return the yearly growth of general computing: 54.5 to 71.5 EFLOPS from 2022 to 2024 by IDC."""
    first, last = (facts.national("compute_general_idc", date) for date in ("2022-12", "2024-12"))
    return float((last / first) ** 0.5 - 1)


def national_demand(kind: str, year: int) -> float:
    """Return the mean demand of a class in `year`, in its units (PFLOPS or PB).

    A year's mean is the geometric mean of the levels at its two ends, times the utilisation.
    """
    if kind == "general":
        return float(1000 * GENERAL_UTILISATION * national.general() * (1 + general_growth()) ** (year - 2025.5))
    if kind == "intelligent":
        return float(1000 * INTELLIGENT_UTILISATION * (intelligent_level(year - 1) * intelligent_level(year)) ** 0.5)
    return float(1000 * STORAGE_FILL * national.storage() * (1 + STORAGE_GROWTH) ** (year - 2025.5))


def share(workload: Workload, year: int) -> float:
    """Return a workload's share of its class in `year`, interpolated linearly between 2026 and 2030."""
    first, last = workload.share
    return first + (last - first) * (year - YEARS[0]) / (YEARS[-1] - YEARS[0])


def write(book: Book, case: Case) -> None:
    """Write tables `workloads` and `demand`, and the demand rows of `profile_rules`."""
    for workload in WORKLOADS:
        add(book, workload)
    for region, weight in case.weights.items():
        for workload in WORKLOADS:
            for year in case.demand_years:
                _demand(book, region, weight, workload, year)
    _shapes(book)
    _estimates(book)
    _price(book, "sweep_unserved_mcny_per_unit_hour", SWEPT, SWEPT_HOW)


def add(book: Book, workload: Workload, cited: str = "latency-rings;latency-claims;xisuan") -> None:
    """Add the row of a workload."""
    up, down = workload.traffic
    book.add(
        "workloads",
        cited,
        "estimate",
        workload.note,
        workload=workload.name,
        title=workload.title,
        title_zh=workload.title_zh,
        latency_ms=workload.latency_ms,
        defer_hours=workload.defer_hours,
        gbps_per_unit=up,
        return_gbps_per_unit=down,
        **{"class": workload.kind},
    )


SOURCES = {
    "general": "miit-2025;idc-2025;nbs-2023;xisuan",
    "intelligent": "idc-2025;idc-workloads;nbs-2023;xisuan",
    "storage": "storage-2025;nbs-2023;xisuan",
}


def _demand(book: Book, region: str, weight: float, workload: Workload, year: int) -> None:
    units = national_demand(workload.kind, year) * share(workload, year) * weight
    book.add(
        "demand",
        SOURCES[workload.kind],
        "estimate",
        f"{100 * weight:.3g} % of the nation",
        region=region,
        workload=workload.name,
        period=year,
        units=float(f"{units:.4g}"),
        profile=workload.profile,
    )


def online_shape() -> list[float]:
    """Return internet use by hour of the day, mean 1 (demand_shape.csv, constructed to meet the published facts)."""
    rows = facts.table("demand_shape")
    day = [float(value) for value in rows[rows["kind"] == "profile"]["value"]]
    return [24 * value / sum(day) for value in day]


SEASON = {"1-4": "S59", "5-6": "S60", "7-12": "S61"}
"""Months → row of demand_shape.csv with mobile traffic a month, EB (2024, growth included)."""

FLAT_PART = 0.5
"""Share of real-time work that does not follow human activity: cameras, plants, vehicles (estimate)."""


def _shapes(book: Book) -> None:
    day = online_shape()
    level = {months: facts.number("demand_shape", "value", id=row) for months, row in SEASON.items()}
    mean = (4 * level["1-4"] + 2 * level["5-6"] + 6 * level["7-12"]) / 12
    for months, traffic in level.items():
        for hour, value in enumerate(day):
            online = value * traffic / mean
            for profile, shape in (("demand_online", online), ("demand_day", FLAT_PART + (1 - FLAT_PART) * online)):
                book.add(
                    "profile_rules",
                    "cnnic-44;miit-mobile;xisuan",
                    "estimate",
                    "internet use by hour x mobile season",
                    profile=profile,
                    months=months,
                    hours=str(hour),
                    value=round(shape, 4),
                )


LEFT = {"general": 6e-4, "intelligent": 2.5e-5, "storage": 2.5e-5}
"""Penalty for unserved work by class, mCNY per unit-hour: about three times its cost on equipment of 2027.

A year costs at 6 %, in mCNY: per PFLOPS FP32 0.79 of capital and hall and 0.33 of upkeep and power, at 65 % use; per
PFLOPS FP16 0.043 and 0.016, at 75 %; per PB 0.042 and 0.015, at 85 % full. That is 200, 9 and 8 CNY an hour.
"""
LEFT_HOW = (
    "about three times what a unit-hour costs on new equipment, hall and power included:"
    " who is left without buys it outside"
)


SWEPT = 10.0
"""Factor of the penalty for members of a sweep that cannot serve all work.

At this factor one day of the base scenario leaves nothing unserved; at a factor of three, 0.7 % of some work in the
peaks of a few hours.
"""
SWEPT_HOW = (
    "about thirty times what a unit-hour costs on new equipment, hall and power included: for members of a sweep that"
    " cannot serve all"
)


def price_what_is_left(book: Book) -> None:
    """Set the penalty for unserved work of each workload, with its range."""
    _price(book, "unserved_mcny_per_unit_hour", 1.0, LEFT_HOW)


def _price(book: Book, column: str, factor: float, how: str) -> None:
    kinds = {workload.name: workload.kind for workload in WORKLOADS}
    for row in book.rows["workloads"]:
        row[column] = float(f"{factor * LEFT[kinds[str(row['workload'])]]:.3g}")
    book.spread("workloads", column, 0.5, 3.0, how)


def _estimates(book: Book) -> None:
    for column, low, high, how in (
        (
            "latency_ms",
            0.5,
            2.0,
            "rings of 1, 5 and 20 ms, one way; promised delays are 1.7 to 2 times the propagation modelled here; no"
            " official limit by workload",
        ),
        ("gbps_per_unit", 0.2, 5.0, "chosen so that all traffic is about 16 % of the 751 Tbps between the hubs"),
        ("return_gbps_per_unit", 0.2, 5.0, "as gbps_per_unit"),
        ("defer_hours", 0.25, 2.0, "a night for batch, a week for training"),
    ):
        book.spread("workloads", column, low, high, how)
    for kind, low, high, how in (
        ("general", 0.6, 1.3, "50 % use of 195 EFLOPS FP32 in 2025, 14.5 % a year; split 15/45/40 by judgement"),
        ("intelligent", 0.65, 1.3, "70 % use of the IDC level; 58 % inference in 2022, taken to 70 % in 2030"),
        ("storage", 0.5, 1.8, "40 % of 1,680 EB, 72 % full, 15 % a year"),
    ):
        for workload in WORKLOADS:
            if workload.kind == kind:
                book.spread("demand", "units", low, high, how, workload=workload.name)
    for profile in ("demand_online", "demand_day"):
        book.estimate(
            "profile_rules",
            profile,
            "value",
            0.1,
            2.0,
            "24-hour profile built to meet published facts (80 % in 08-22, peaks at 12 and 21);"
            " real-time half flat; no weekday factor found",
        )
