"""R1: one plan of the nation for sixteen futures with risk, on two cores, certified."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.process import Outcome, measure
from benchmarks.tables import table

FUTURES, HOURS, FEW_HOURS = 16, "days:1", "hours:6"
QUICK = (2, "hours:6", "hours:3")
PEERS = ("ipx", "hipo")
TIMEOUT = 3600.0
BAR = 3e-4
"""Largest relative difference of objectives, for a gap of 1e-4 each."""
HEAD = ("hours", "what", "rows", "columns", "non-zeros", "seconds", "processor s", "iterations", "gap", "peak GB",
        "objective", "time ÷ ours")  # fmt: skip


def run(quick: bool) -> Iterator[str]:
    """Plan `china-futures` for sixteen futures of other weather, prices and demand, with CVaR, to a gap of 1e-4.

    Futures replace profiles and tables (`benchmarks.careful`). "plan" is all that `xisuan plan` does: it plans each
    future alone and all together, tries the orders of their mean in each, and certifies the whole and every future. The
    other rows solve the extensive form alone, ours by the structured method from the plan of least expected cost, which
    is counted. HiGHS has two threads and ten minutes, without crossover; its gap is its own statement.
    Required: the certificates hold.
    """
    count, whole, few = QUICK if quick else (FUTURES, HOURS, FEW_HOURS)
    planned = _solve("plan", count, whole)
    rows = [_row(whole, "plan", planned, planned)]
    for hours in (few, whole):
        ours = _solve("structured", count, hours)
        rows.append(_row(hours, "structured", ours, ours))
        for peer in PEERS if hours == few else PEERS[:1]:
            theirs = _solve(peer, count, hours)
            rows.append(_row(hours, peer, theirs, ours))
            _agree(ours, theirs)
    yield table(HEAD, rows)
    if not planned.failure:
        yield _certified(planned)


def _solve(solver: str, count: int, hours: str) -> Outcome:
    return measure(["-m", "benchmarks.careful", solver, str(count), hours], TIMEOUT)


def _certified(planned: Outcome) -> str:
    """Return what the certificates of the plan say. Raises AssertionError if one of them does not hold."""
    of = planned.answer
    assert of["certified"], "the certificate of the plan does not hold"
    assert of["members_certified"] == of["members"], "the certificate of a future does not hold"
    return (
        f"The certificate of the plan holds with a gap of {of['certified_gap']:.1e}, and those of all {of['members']} "
        f"futures hold. Of its seconds, {of['solves']:.0f} are solves."
    )


def _agree(ours: Outcome, theirs: Outcome) -> None:
    """Raise AssertionError if two solvers found different optima."""
    if not (ours.failure or theirs.failure) and theirs.answer["gap"] <= BAR:
        one, other = ours.answer["objective"], theirs.answer["objective"]
        assert abs(one - other) <= BAR * abs(other), f"objectives {one} and {other} differ"


def _row(hours: str, what: str, of: Outcome, ours: Outcome) -> tuple[str, ...]:
    if of.failure:
        return (hours, what, of.failure, *("",) * (len(HEAD) - 3))
    a = of.answer
    ratio = "" if ours.failure or what == "plan" else f"{a['seconds'] / ours.answer['seconds']:.1f}"
    return (
        hours, what, f"{a['rows']:,}", f"{a['columns']:,}", f"{a['nonzeros']:,}", f"{a['seconds']:.0f}",
        f"{a['cpu_seconds']:.0f}", f"{a['iterations']:,}", f"{a['gap']:.1e}", f"{a['peak_mb'] / 1024:.2f}",
        f"{a['objective']:.1f}", ratio,
    )  # fmt: skip
