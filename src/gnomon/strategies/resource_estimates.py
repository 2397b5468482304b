"""Estimates of a solve before it begins: size, memory and seconds.

The laws are those of `gnomon.strategies.time_memory_laws`. Ranges are wider than the measurements, because time
depends on structure as much as on size: a border of many periods or much fill costs a multiple, another machine half or
twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gnomon.options import Options
from gnomon.strategies.time_memory_laws import PROCESS_MB, PROCESSORS, law_of

MODEL_BYTES = 60.0
"""Bytes per non-zero in our arrays, in those of HiGHS and in the scaled copy, with its share of rows and columns."""
MEASURED = 1_000_000
"""Non-zeros up to which the laws were measured."""
SPREAD = 3.0
"""A solve takes between a third and three times the law."""
FUTURE_MB = 6.0
"""Memory in MB of a scenario member: its tables and curves."""
KEPT_BYTES = (200.0, 350.0, 600.0)
"""Bytes per non-zero that each member keeps until all are solved together: least, likely and most.

They hold the model, its arrays, and the member's own plan with its tables. Measured on `china-futures` with 2, 6 and 12
hours (eight members, 105, 279 and 542 thousand non-zeros in all): 72, 150 and 210 MB.
"""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Expected peak memory in MB and seconds, each (low, likely, high), and a line of text."""

    memory_mb: tuple[float, float, float]
    seconds: tuple[float, float, float]
    text: str


def predict(
    rows: int,
    columns: int,
    nonzeros: int,
    solver: str,
    integers: int = 0,
    options: Options | None = None,
    *,
    resolves: int = 0,
) -> Expectation:
    """Return the expected memory and time of a model of this size, whose linear programs `solver` solves.

    With integers, the seconds are those of the two linear solves around branch and bound, whose own time does not
    follow from the size: the high end is infinite. `resolves`: maximum number of linear solves after the first in a
    dive: two are certain, and each doubling of the integers adds one.
    """
    options, structured = options or Options(), solver == "structured"
    law = law_of(solver, options.purpose)
    once, branches = law.at_100k * (nonzeros / 1e5) ** law.power, integers > 0 and not resolves
    if structured and options.recruit is not None:  # each worker of a cluster has its own processors
        once *= PROCESSORS / (options.workers * max(1, options.threads))
    # Linear solves: of a dive, a number that grows with log₂ of the integers; around branch and bound, two.
    seconds = once * (min(1 + resolves, 3 + integers.bit_length()) if resolves else 2.0 if integers else 1.0)
    most = float("inf") if branches else (once * (1 + resolves) if resolves else seconds) * SPREAD
    span = (seconds / SPREAD, seconds, most)
    memory_mb = tuple(law.process_mb + (MODEL_BYTES + each) * nonzeros / 1e6 for each in law.bytes)
    size = f"{rows:,} rows, {columns:,} columns, {nonzeros:,} non-zeros"
    if structured and options.workers > 1:
        size = f"{size}, shared by {options.workers} processes"
    whole = f", {integers:,} of them integers" if integers else ""
    text = f"{size}{whole}: expect {_time(span)} and {_memory(memory_mb[0])} to {_memory(memory_mb[2])} of memory"
    return Expectation((memory_mb[0], memory_mb[1], memory_mb[2]), span, text)


def predict_parallel(one: Expectation, count: int) -> Expectation:
    """Return the expectation for `count` equal solves at a time in one process; the text is that of one."""
    least, likely, most = (PROCESS_MB + count * (each - PROCESS_MB) for each in one.memory_mb)
    return replace(one, memory_mb=(least, likely, most))


def is_structured_better(structured: Expectation, direct: Expectation, free_mb: float) -> bool:
    """Return True if the structured method is preferred.

    If one method does not fit into the free memory, the smaller is preferred. If both fit, the structured method must
    be faster even at the high end of its range, because HiGHS satisfies rows more accurately.
    """
    ours, theirs = structured.memory_mb[1], direct.memory_mb[1]
    if max(ours, theirs) > free_mb:
        return ours < theirs
    return structured.seconds[2] < direct.seconds[1]


def predict_futures(
    alone: Expectation, whole: Expectation, held: Expectation, members: int, nonzeros: int
) -> Expectation:
    """Return the expected memory and time of a plan for several futures, one solve after the other.

    `alone`: of one member, and of their mean; `whole`: of the extensive form, with `nonzeros`; `held`: of one member
    with the first-stage decisions of the mean. The stored data of the members count in addition to the solve of the
    whole.
    """
    low, likely, high = (
        (members + 1) * alone.seconds[at] + whole.seconds[at] + members * held.seconds[at] for at in range(3)
    )
    least, middle, most = (
        whole.memory_mb[at] + members * FUTURE_MB + KEPT_BYTES[at] * nonzeros / 1e6 for at in range(3)
    )
    text = (
        f"{members} members by themselves, their mean, each after its orders, and all at once: expect"
        f" {_time((low, likely, high))} and {_memory(least)} to {_memory(most)} of memory"
    )
    return Expectation((least, middle, most), (low, likely, high), text)


def _time(span: tuple[float, float, float]) -> str:
    """Return a range of seconds as text."""
    low, _, high = span
    if high == float("inf"):
        return f"{_duration(low)} or (branching) much longer"
    if high < 2.0:
        return "a second or two"
    return f"{_duration(low)} to {_duration(high)}"


def _duration(seconds: float) -> str:
    if seconds < 90.0:
        return f"{max(1.0, seconds):.0f} s"
    if seconds < 5400.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds / 3600.0:.0f} h"


def _memory(megabytes: float) -> str:
    return f"{megabytes:.0f} MB" if megabytes < 1000.0 else f"{megabytes / 1000.0:.1f} GB"
