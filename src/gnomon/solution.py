"""Progress and result of a solve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gnomon.arrays import Array

LEAST_OBJECTIVE = 1e-9
"""Size that an objective counts as at least where a relative gap is formed: relative to 0 there is none."""
BOUND_EXCESS = 1e-6
"""Largest relative amount by which the cost may lie below the bound, as in the certificate. It occurs where rows with an
expensive shortfall are missed slightly."""


def relative_gap(objective: float, bound: float) -> float:
    """Return (objective − bound) / |objective|, the relative gap at any scale."""
    return (objective - bound) / max(LEAST_OBJECTIVE, abs(objective))


@dataclass(frozen=True, slots=True)
class Progress:
    """State of a running solve: stage, seconds since its start, and the numbers of the last log line (None: not reported).

    fraction: completed share of the way to the requested gap, for solvers that approach it steadily.
    """

    stage: str
    seconds: float
    iterations: int = 0
    objective: float | None = None
    gap: float | None = None
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """An optimum within the requested gap, or the best solution found.

    x: shape (columns,), within the bounds. row_dual: shape (rows,), d objective / d right side. bound: a proven lower
    bound: by weak duality for an LP (−inf if the duals prove none), by branch and bound with integers; x and row_dual
    are then those of the LP with the integers fixed, relaxation_row_dual those of the LP without integrality. gave_up:
    the reason why a method tried earlier ended without a proof. doubt: the reason why the callback `Options.confirm` did
    not certify the solution. seconds: from the transfer of the arrays to the solution. asked: the requested gap, if the
    solution may have a wider one.
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
    asked: float | None = None

    @property
    def gap(self) -> float:
        """Return the relative gap between objective and bound."""
        return relative_gap(self.objective, self.bound)

    @property
    def short(self) -> bool:
        """Return True if the requested gap was not proven or the solution was not certified."""
        return bool(self.doubt) or (self.asked is not None and not self.gap <= self.asked)


Watch = Callable[[Progress], None] | None
"""Callback that a solver calls a few times a second with its progress; None for no callback."""
