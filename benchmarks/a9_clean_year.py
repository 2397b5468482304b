"""A9: the national year with clean power in every hour, beside the year without."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.process import Outcome, measure
from benchmarks.tables import table

HOURS, QUICK = 8760, 168
GAPS = (1e-3, 1e-4)
SCENARIOS = ("china", "china-hourly")
TIMEOUT = 3 * 3600.0
HEAD = ("scenario", "gap asked", "columns", "non-zeros", "seconds", "certificate s", "iterations", "certified gap",
        "peak GB", "objective", "times `china`")  # fmt: skip


def run(quick: bool) -> Iterator[str]:
    """Solve all hours of `china` and of `china-hourly` in one period, to two gaps, one after the other.

    Two threads, seconds as in A5. The last column is the ratio of seconds, which is required to be 1.5 at most.
    """
    rows = []
    for gap in GAPS[:1] if quick else GAPS:
        found = {name: _solve(name, QUICK if quick else HOURS, gap) for name in SCENARIOS}
        rows += [_row(name, gap, one, found["china"]) for name, one in found.items()]
    yield table(HEAD, rows)


def _solve(name: str, hours: int, gap: float) -> Outcome:
    return measure(["-m", "benchmarks.week", "structured", f"hours:{hours}", str(gap), "0", "", name], TIMEOUT)


def _row(name: str, gap: float, found: Outcome, beside: Outcome) -> tuple[str, ...]:
    if found.failure:
        return (name, f"{gap:.0e}", found.failure, *[""] * (len(HEAD) - 3))
    of = found.answer
    times = "" if beside.failure else f"{of['seconds'] / beside.answer['seconds']:.2f}"
    return (
        name, f"{gap:.0e}", f"{of['columns']:,}", f"{of['nonzeros']:,}", f"{of['seconds']:.0f}",
        f"{of['certificate_seconds']:.0f}", f"{of['iterations']:,}", f"{of['certified_gap']:.1e}",
        f"{of['peak_mb'] / 1024:.2f}", f"{of['objective']:.3f}", times,
    )  # fmt: skip
