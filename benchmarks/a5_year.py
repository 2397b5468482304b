"""A5: the national year by the structured interior point."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.process import Outcome, measure
from benchmarks.tables import table

HOURS = (2184, 8760)
QUICK = (336,)
GAPS = (1e-3, 1e-4)
TIMEOUT = 2 * 3600.0
HEAD = ("hours", "gap asked", "columns", "non-zeros", "seconds", "certificate s", "processor s", "iterations",
        "seconds each", "gap", "certified gap", "violation", "peak GB", "objective")  # fmt: skip


def run(quick: bool) -> Iterator[str]:
    """Solve all hours of `china` in one period, and a quarter of them, to two gaps.

    Two threads. Seconds run from handing over the arrays to the proven solution, coarse models included, compilation left
    out; the certificate's seconds come on top. "seconds each" is per iteration on all hours. No solver of HiGHS takes the
    year on a machine of this size; `A4` compares with them on fewer hours.
    """
    rows = [_row(hours, gap, _solve(hours, gap)) for hours in (QUICK if quick else HOURS) for gap in GAPS]
    yield table(HEAD, rows)


def _solve(hours: int, gap: float) -> Outcome:
    return measure(["-m", "benchmarks.week", "structured", f"hours:{hours}", str(gap)], TIMEOUT)


def _row(hours: int, gap: float, found: Outcome) -> tuple[str, ...]:
    if found.failure:
        return (str(hours), f"{gap:.0e}", found.failure, *[""] * (len(HEAD) - 3))
    of = found.answer
    return (
        str(hours), f"{gap:.0e}", f"{of['columns']:,}", f"{of['nonzeros']:,}", f"{of['seconds']:.0f}",
        f"{of['certificate_seconds']:.0f}", f"{of['cpu_seconds']:.0f}", f"{of['iterations']:,}",
        f"{of['seconds'] / of['iterations']:.1f}", f"{of['gap']:.1e}", f"{of['certified_gap']:.1e}",
        f"{of['violation']:.1e}", f"{of['peak_mb'] / 1024:.2f}", f"{of['objective']:.3f}",
    )  # fmt: skip
