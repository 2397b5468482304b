"""A4: a national week by the structured interior point and by the solvers of HiGHS."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from benchmarks.process import Outcome, measure
from benchmarks.tables import table

HOURS = (24, 72, 168)
LONG = (336, 730, 2190)
QUICK = (24,)
PEERS = ("hipo", "ipx", "simplex", "pdlp", "pypsa")
WEEKS = (16, 29, 42)
"""Weeks in spring, summer and autumn whose objective is compared with PyPSA; the hours above begin in winter."""
BAR = 1e-6
"""Largest relative difference of objectives."""
TIMEOUT = 1800.0
HEAD = ("hours", "solver", "columns", "non-zeros", "seconds", "certificate s", "processor s", "iterations", "gap",
        "certified gap", "violation", "peak GB", "objective", "time ÷ ours")  # fmt: skip
AGREED = ("week", "ours, mCNY", "PyPSA, mCNY", "relative difference", "ours, s", "PyPSA, s")


def run(quick: bool) -> Iterator[str]:
    """Solve hours of `china` (1,169 columns an hour) to a certified gap of 1e-6, then more hours by the structured method.

    All solvers have two threads. Seconds run from handing over the arrays to the proven solution, without compiling the
    kernels; compiling is measured apart, with an empty cache. The time of the structured method includes its
    certificate, which the other answers do not have. A solver that fails is shown with its failure. PDLP proves nothing:
    its gap is its own statement. PyPSA's seconds include building its model. The last table compares the objectives of
    three other weeks.
    """
    rows: list[tuple[str, ...]] = []
    for hours in QUICK if quick else HOURS:
        ours = _solve("structured", hours)
        rows.append(_row("structured", hours, ours, ours))
        rows += [_row(peer, hours, _solve(peer, hours), ours) for peer in (PEERS[:1] if quick else PEERS)]
    yield table(HEAD, rows)
    if not quick:
        yield table(HEAD, [_row("structured", hours, ours := _solve("structured", hours), ours) for hours in LONG])
        agreed = [_agreed(week) for week in WEEKS]
        yield table(AGREED, agreed)
        yield _compiling()
        assert all(row[3] and float(row[3]) <= BAR for row in agreed), f"objectives do not agree within {BAR:.0e}"


def _compiling() -> str:
    """Return a sentence with the seconds for compiling all kernels, and for loading them from the cache."""
    with tempfile.TemporaryDirectory() as nothing:
        compiled, loaded = (_solve("structured", QUICK[0], {"NUMBA_CACHE_DIR": nothing}) for _ in range(2))
    if compiled.failure or loaded.failure:
        return f"A small country: {compiled.failure or loaded.failure}"
    return (
        f"A small country, its kernels compiled: {compiled.answer['compiling']:.1f} s; loaded, as they are from then on:"
        f" {loaded.answer['compiling']:.1f} s."
    )


def _solve(solver: str, hours: int, environment: Mapping[str, str] = MappingProxyType({})) -> Outcome:
    return measure(["-m", "benchmarks.week", solver, f"hours:{hours}"], TIMEOUT, environment)


def _agreed(week: int) -> tuple[str, ...]:
    """Return the row of one week, solved by xisuan and by PyPSA."""
    ours, other = (
        measure(["-m", "benchmarks.week", solver, f"week:{week}"], TIMEOUT) for solver in ("structured", "pypsa")
    )
    if ours.failure or other.failure:
        return (str(week), ours.failure, other.failure, "", "", "")
    mine, theirs = ours.answer["objective"], other.answer["objective"]
    seconds = (f"{of.answer['seconds']:.1f}" for of in (ours, other))
    return (str(week), f"{mine:.6f}", f"{theirs:.6f}", f"{abs(mine - theirs) / theirs:.1e}", *seconds)


def _row(solver: str, hours: int, found: Outcome, ours: Outcome) -> tuple[str, ...]:
    if found.failure or ours.failure:
        return (str(hours), solver, found.failure, *[""] * (len(HEAD) - 3))
    of = found.answer
    return (
        str(hours), solver, f"{of['columns']:,}", f"{of['nonzeros']:,}", f"{of['seconds']:.1f}",
        _of(of, "certificate_seconds", ".1f"), f"{of['cpu_seconds']:.1f}", f"{of['iterations']:,}", f"{of['gap']:.1e}",
        _of(of, "certified_gap", ".1e"), f"{of['violation']:.1e}", f"{of['peak_mb'] / 1024:.2f}", f"{of['objective']:.6f}",
        f"{_seconds(of) / _seconds(ours.answer):.1f}",
    )  # fmt: skip


def _of(answer: Mapping[str, float], name: str, how: str) -> str:
    return format(answer[name], how) if name in answer else ""


def _seconds(answer: Mapping[str, float]) -> float:
    return answer["seconds"] + answer.get("certificate_seconds", 0.0)
