"""What is asked of a solver, what it tells on the way, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gnomon.arrays import Array


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
