"""Proof that every statement of a conflict is needed in a large whole model, by points that satisfy all the others.

A contradiction in a part of the model holds in the whole, but there fewer statements might suffice. With few statements
almost all rows are free, and simplex moves quickly from a point that satisfies all but one to a point that satisfies
all but another.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.highs.feasibility import Feasibility, is_feasible
from gnomon.infeasibility.relaxation_ladder import Part
from gnomon.model.linear_program import LinearProgram

FEW = 24
"""Maximum number of statements to test; with more of them too many rows bind for simplex to be fast."""
LARGEST = 5_000_000
"""Maximum number of non-zeros of the whole model for this test; `guizhou-days` has two million."""
SECONDS = 20.0
"""Time limit of the test. `guizhou-days` takes a few seconds; the limit guards against a stalling simplex."""
WHOLE_NUMBER = 1e-6
"""Integrality tolerance of integer columns."""


def all_needed(whole: Part, statements: Index, seconds: float) -> tuple[bool, Index | None]:
    """Return True if the model with its integers is feasible without any one of the statements; and None.

    Return False if that was not decided within `seconds` and `SECONDS`. Return False and the other statements if these
    contradict one another even without integrality, so that the one left out is not needed.
    """
    met = _SubsetFeasibility(whole, statements, time.perf_counter() + min(seconds, SECONDS))
    for number in statements:
        others = statements[statements != number]
        answer = met.by_some_point(others)
        if not answer:
            return False, others if answer is False else None
    return True, None


class _SubsetFeasibility:
    """Feasibility of the model for changing subsets of a few statements."""

    def __init__(self, whole: Part, statements: Index, until: float) -> None:
        flat = whole.only_statements(statements)
        binding = np.isfinite(flat.row_lower) | np.isfinite(flat.row_upper)
        self._part = replace(whole, flat=flat).rows(binding)
        self._integer = np.flatnonzero(self._part.flat.integer)
        self._part = self._part.relaxed()
        self._simplex = Feasibility(self._part.flat)
        self._until = until

    def by_some_point(self, statements: Index) -> bool | None:
        """Return True if these statements are feasible with the integers of the model, False if not even without.

        None if time ran out, or if only the relaxation is known to be feasible and neither rounding gives a point.
        """
        flat = self._part.only_statements(statements)
        try:
            point = self._point(flat)
            if point is None:
                return False
            values = point[self._integer]
            if np.abs(values - np.round(values)).max(initial=0.0) <= WHOLE_NUMBER:
                return is_feasible(flat, point) or None
            # Two roundings of the relaxation: all down, all up.
            for rounded in (np.floor(values + WHOLE_NUMBER), np.ceil(values - WHOLE_NUMBER)):
                fixed = _fixed(flat, self._integer, rounded)
                if fixed is not None and (point := self._point(fixed)) is not None:
                    return is_feasible(fixed, point) or None
        except SolverError:  # undecided is neither feasible nor infeasible
            return None
        return None

    def _point(self, flat: LinearProgram) -> Array | None:
        """Return a point of the model with these sides; None if infeasible. Raises SolverError when time runs out."""
        left = self._until - time.perf_counter()
        return None if self._simplex.contradiction(flat, max(1.0, left)) is not None else self._simplex.point()


def _fixed(flat: LinearProgram, columns: Index, values: Array) -> LinearProgram | None:
    """Return the model with some columns fixed at values; None if the values violate their bounds."""
    if (values < flat.lower[columns]).any() or (values > flat.upper[columns]).any():
        return None
    lower, upper = flat.lower.copy(), flat.upper.copy()
    lower[columns] = upper[columns] = values
    return replace(flat, lower=lower, upper=upper)
