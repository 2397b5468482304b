"""gnomon: capacity expansion of PyPSA networks by the structured interior point and by HiGHS's interior points."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.process import Outcome, measure
from benchmarks.tables import table

SIZES = ((168, 10),)
QUICK = ((72, 4),)
PEERS = ("hipo", "ipx")
TIMEOUT = 3600.0
BAR = 2e-4
"""Largest relative difference of objectives, for a gap of 1e-4 each."""
HEAD = ("hours", "buses", "solver", "columns", "rows", "seconds", "processor s", "iterations", "gap", "peak GB", "objective",
        "time ÷ ours")  # fmt: skip


def run(quick: bool) -> Iterator[str]:
    """Solve a week of capacity expansion of 10 buses with Kirchhoff's laws, storage, ramps and a CO₂ cap to a gap of 1e-4.

    All solvers have two threads and no crossover. The gap of gnomon is proven by its duals; that of HiGHS is its own
    statement. A solver that fails or exceeds an hour is shown with its failure.
    """
    rows: list[tuple[str, ...]] = []
    for hours, buses in QUICK if quick else SIZES:
        ours = _solve("gnomon", hours, buses)
        rows.append(_row("gnomon", hours, buses, ours, ours))
        for peer in PEERS:
            theirs = _solve(peer, hours, buses)
            rows.append(_row(peer, hours, buses, theirs, ours))
            _agree(ours, theirs)
    yield table(HEAD, rows)


def _solve(solver: str, hours: int, buses: int) -> Outcome:
    return measure(["-m", "benchmarks.network_solve", solver, str(hours), str(buses)], TIMEOUT)


def _agree(ours: Outcome, theirs: Outcome) -> None:
    """Raise AssertionError if two solvers found different optima."""
    if not (ours.failure or theirs.failure) and theirs.answer["status"] == "optimal":
        one, other = ours.answer["objective"], theirs.answer["objective"]
        assert abs(one - other) <= BAR * abs(other), f"objectives {one} and {other} differ"


def _row(solver: str, hours: int, buses: int, of: Outcome, ours: Outcome) -> tuple[str, ...]:
    name = (f"{hours:,}", f"{buses}", solver)
    if of.failure:
        return (*name, of.failure, *("",) * (len(HEAD) - 4))
    a = of.answer
    ratio = "" if ours.failure else f"{a['seconds'] / ours.answer['seconds']:.1f}"
    return (
        *name, f"{a['columns']:,}", f"{a['rows']:,}", f"{a['seconds']:.1f}", f"{a['processor_seconds']:.1f}",
        f"{a['iterations']}", f"{a['gap']:.1e}" if a["status"] == "optimal" else a["status"], f"{a['peak_mb'] / 1e3:.2f}",
        f"{a['objective']:.8g}", ratio,
    )  # fmt: skip
