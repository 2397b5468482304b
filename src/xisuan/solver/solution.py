"""What is asked of a solver, what it tells on the way, and what it finds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from xisuan.progress import Report, tell
from xisuan.solver.model import Array

Solver = Literal["auto", "hipo", "ipx", "simplex", "mip"]


@dataclass(frozen=True, slots=True)
class How:
    """How to solve. gap: relative; None: 1e-6 for an LP, 1e-4 for branch and bound. threads: 0 for all cores.

    time_limit: seconds for all that a solve takes, whichever solvers are tried; None for no limit. `auto` is mip where there
    are integers, simplex where the model is small, and otherwise the first of `line` (empty: hipo and ipx in an order that
    its size decides, then simplex) that finishes with a proof; the solution says which it was.

    For the structured method: workers, processes that share the hours; recruit, a function that has so many of them besides
    this one elsewhere (None: on this machine); kept, a folder where it keeps its last iterate, and goes on from there;
    lasting, whether that stays when the search is over, for whoever asks again; scratch, a folder for factors and vectors
    (None: memory, or the folder of temporary files where they do not fit); confirm, who is asked about an answer before
    the iterations stop, and says why it is none (empty: it is one; see `confirm`).
    """

    solver: Solver = "auto"
    gap: float | None = None
    threads: int = 0
    time_limit: float | None = None
    line: tuple[Solver, ...] = ()
    workers: int = 1
    recruit: Callable[[int], AbstractContextManager[Any]] | None = None
    kept: Path | None = None
    lasting: bool = False
    scratch: Path | None = None
    confirm: Callable[[Solution], str] | None = None


class Clock:
    """What is left of the time of a solve that is made of several."""

    def __init__(self, how: How) -> None:
        self._end = None if how.time_limit is None else time.perf_counter() + how.time_limit

    @property
    def left(self) -> float | None:
        """Seconds, None for as many as it takes."""
        return None if self._end is None else max(0.0, self._end - time.perf_counter())

    @property
    def over(self) -> bool:
        """Whether none are."""
        return self.left == 0.0

    def within(self, how: How, spare: float = 0.0) -> How:
        """`how` with the time that is left, less what is to be spared for later."""
        return how if self.left is None else replace(how, time_limit=max(0.0, self.left - spare))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve is: what runs, seconds since it began, and what its last log line tells (None: nothing).

    fraction: of the way to the gap asked, where a solver nears it steadily.
    """

    stage: str
    seconds: float
    iterations: int = 0
    objective: float | None = None
    gap: float | None = None
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """An optimum within the gap asked, or the best that was found.

    x: shape (columns,), within the bounds. row_dual: shape (rows,), d objective / d right side. bound: a proven lower
    bound: by weak duality for an LP (−inf if the duals prove none), by branch and bound with integers; x and row_dual
    are then those of the LP with the integers fixed, relaxation_row_dual those of the LP without integrality.
    gave_up: how another method, tried first, ended without a proof. doubt: why whoever was to confirm it did not.
    seconds: from handing over the arrays to the solution. further: more row duals by name, which prove the bound to
    whoever knows what they are of. cases: columns of a table of the cases that a proof goes through. asked:
    the gap asked, where the answer may have a wider one.
    """

    x: Array
    row_dual: Array
    objective: float
    bound: float
    solver: str
    iterations: int
    seconds: float
    log: str
    relaxation_row_dual: Array | None = None
    gave_up: str = ""
    doubt: str = ""
    further: Mapping[str, Array] = field(default_factory=dict)
    cases: Mapping[str, Array] = field(default_factory=dict)
    asked: float | None = None

    @property
    def gap(self) -> float:
        """(objective − bound) / max(1, |objective|)."""
        return (self.objective - self.bound) / max(1.0, abs(self.objective))

    @property
    def short(self) -> bool:
        """Whether less was proven, or confirmed, than was asked."""
        return bool(self.doubt) or (self.asked is not None and not self.gap <= self.asked)


Watch = Callable[[Progress], None] | None
"""What a solver calls a few times a second; None where nobody listens."""


def watcher(report: Report | None, what: str = "") -> Watch:
    """What a solver calls: its progress in words, after `what` it solves."""

    def watch(now: Progress) -> None:
        gap = f", gap {now.gap:.1e}" if now.gap is not None else ""
        said = f"{now.stage}: {now.iterations:,} iterations, {now.seconds:.0f} s{gap}"
        tell(report, "solve", f"{what}: {said}" if what else said, now.fraction, now.gap)

    return watch if report else None
