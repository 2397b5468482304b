"""Options of a solve: solver, gap, threads, time limit, workers, checkpoints."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from gnomon.arrays import Array
from gnomon.errors import OptionError
from gnomon.solution import Solution

Solver = Literal["auto", "hipo", "ipx", "simplex", "mip"]
Purpose = Literal["plan", "fixed orders", "operation", "conflict"]
"""Purpose of a solve, which decides the order of the solvers (`gnomon.strategies.strategy_order`)."""

LP_GAP = 1e-6
MIP_GAP = 1e-4
LONG_GAP = 1e-4
"""Default gap for the operation of long periods (`Timeline.long`) and for huge plans. A year differs by some percent from
a plan made on a few of its days, and each further digit costs some ten iterations over all hours."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a solve. gap: relative; None: 1e-6 for an LP, 1e-4 for branch and bound. threads: 0 for all cores.

    smallest: smallest meaningful amounts by column family, shape (periods, items). Smaller values are removed from the
    solution where its rows permit, for at most a tenth of the requested gap. None: only residue of rounding is.

    time_limit: seconds for the whole solve, whichever solvers are tried; None for no limit. purpose: what the model is
    for; with the solver `auto` it decides, with the size, which solvers are tried in turn. The solution names the solver
    used.

    Options of the structured method:
    * workers: number of processes that share the hours.
    * recruit: function that starts so many processes besides this one elsewhere; None: on this machine.
    * kept: folder of the checkpoint, from which a solve resumes.
    * lasting: True if the checkpoint stays after the solve ends, for later solves of the same model.
    * scratch: folder for factors and vectors; None: memory, or the folder of temporary files if memory is short.
    * confirm: callback that certifies a solution before the iterations stop. It returns the reason for a refusal, or an
      empty string (`gnomon.proof.confirmation`).
    """

    solver: Solver = "auto"
    gap: float | None = None
    threads: int = 0
    time_limit: float | None = None
    purpose: Purpose = "plan"
    workers: int = 1
    recruit: Callable[[int], AbstractContextManager[Any]] | None = None
    kept: Path | None = None
    lasting: bool = False
    scratch: Path | None = None
    confirm: Callable[[Solution], str] | None = None
    smallest: Mapping[str, Array] | None = None

    def __post_init__(self) -> None:
        """Raise OptionError for a gap that no solution can have: NaN or a number below 0."""
        if self.gap is not None and not self.gap >= 0.0:
            raise OptionError({"gap": f"{self.gap:g}"}, "gap-below-0")

    def gap_or_default(self, *, integers: bool = False) -> float:
        """Return the relative gap to prove: as given, otherwise the default of a linear program or of one with integers."""
        return self.gap if self.gap is not None else MIP_GAP if integers else LP_GAP


class Clock:
    """Remaining time of a solve that consists of several."""

    def __init__(self, options: Options) -> None:
        self._end = None if options.time_limit is None else time.perf_counter() + options.time_limit

    @property
    def remaining(self) -> float | None:
        """Return the remaining seconds; None without a limit."""
        return None if self._end is None else max(0.0, self._end - time.perf_counter())

    @property
    def is_over(self) -> bool:
        """Return True if no time remains."""
        return self.remaining == 0.0

    def limit(self, options: Options, spare: float = 0.0) -> Options:
        """Return `options` with the remaining time as its limit, less `spare` seconds reserved for later work."""
        return options if self.remaining is None else replace(options, time_limit=max(0.0, self.remaining - spare))
