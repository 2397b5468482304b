"""Options of a solve: solver, gap, threads, time limit, workers, checkpoints."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from gnomon.solution import Solution

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
