"""Whether every statement of a conflict is needed in the whole of a large model: a point that meets all the others.

What was found to contradict itself in a part of the model does so in the whole, but there fewer statements might suffice.
With few statements almost all rows are free, and a simplex goes from a point that meets all but one of them to a point
that meets all but another.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.highs.feasibility import Feasibility, meets
from gnomon.infeasibility.relaxation_ladder import Part
from gnomon.model.linear_program import Flat

FEW = 24
"""Most statements that are each tried without in a large whole: of more, too many rows bind for a simplex to be quick."""
LARGEST = 5_000_000
"""Non-zeros of a whole that is written out for it; `guizhou-days` has two million."""
SECONDS = 20.0
"""What that may take: `guizhou-days` takes two or three, but a simplex may wander."""
WHOLE_NUMBER = 1e-6
"""How near to a whole number an integer column must be."""


def all_needed(whole: Part, statements: Index, seconds: float) -> tuple[bool, Index | None]:
    """Whether the others can be met, in the whole with its integers, without any one of the statements.

    False also where that could not be decided in `seconds`, nor in `SECONDS`; beside it the others where they are found to
    contradict one another even without integrality, so that the one left out is innocent.
    """
    met = _Met(whole, statements, time.perf_counter() + min(seconds, SECONDS))
    for number in statements:
        others = statements[statements != number]
        answer = met.by_some_point(others)
        if not answer:
            return False, others if answer is False else None
    return True, None


class _Met:
    """Whether some of a few statements can be met in the whole, asked again and again."""

    def __init__(self, whole: Part, statements: Index, until: float) -> None:
        flat = whole.holding(statements)
        binding = np.isfinite(flat.row_lower) | np.isfinite(flat.row_upper)
        self._part = replace(whole, flat=flat).rows(binding)
        self._integer = np.flatnonzero(self._part.flat.integer)
        self._part = self._part.relaxed()
        self._simplex = Feasibility(self._part.flat)
        self._until = until

    def by_some_point(self, statements: Index) -> bool | None:
        """Whether these can be met with the integers of the whole. None where that was not found in time, or where they
        can be met without integrality and no rounding that was tried is a point."""
        flat = self._part.holding(statements)
        try:
            point = self._point(flat)
            if point is None:
                return False
            values = point[self._integer]
            if np.abs(values - np.round(values)).max(initial=0.0) <= WHOLE_NUMBER:
                return meets(flat, point) or None
            for rounded in (np.floor(values + WHOLE_NUMBER), np.ceil(values - WHOLE_NUMBER)):
                fixed = _fixed(flat, self._integer, rounded)
                if fixed is not None and (point := self._point(fixed)) is not None:
                    return meets(fixed, point) or None
        except SolverError:  # undecided, which must pass for nothing else
            return None
        return None

    def _point(self, flat: Flat) -> Array | None:
        """A point of the model with these sides; None where there is none. Raises SolverError where time runs out."""
        left = self._until - time.perf_counter()
        return None if self._simplex.contradiction(flat, max(1.0, left)) is not None else self._simplex.point()


def _fixed(flat: Flat, columns: Index, values: Array) -> Flat | None:
    """The model with some columns fixed at values; None where their bounds do not hold those."""
    if (values < flat.lower[columns]).any() or (values > flat.upper[columns]).any():
        return None
    lower, upper = flat.lower.copy(), flat.upper.copy()
    lower[columns] = upper[columns] = values
    return replace(flat, lower=lower, upper=upper)
