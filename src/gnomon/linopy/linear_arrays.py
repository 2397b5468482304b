"""A linopy model as arrays in which simple rows are bounds, and the way back to the duals of all rows.

PyPSA states the bounds of its variables as constraints. A row with a single column is a bound: it needs no place in the
Newton system. Its dual is the reduced cost of the column, if the bound is the one that binds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index, Mask
from gnomon.errors import INFEASIBLE, InfeasibleError

if TYPE_CHECKING:
    import linopy

ROUNDING = 1e-9
"""Share of its size by which a lower bound may lie above the upper one: what division by a coefficient loses."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """min cost·x, row_lower ≤ matrix·x ≤ row_upper, lower ≤ x ≤ upper, in the order of linopy's matrices.

    sign: −1 if the model maximises, and `cost` is then negated. kept: rows that are not bounds. lower_row, upper_row: the
    row that states a column's bound, −1 for the variable's own; factor: coefficient of the column in that row, for the
    lower and for the upper bound.
    """

    matrix: sp.csr_matrix
    row_lower: Array
    row_upper: Array
    lower: Array
    upper: Array
    cost: Array
    sign: float
    kept: Mask
    lower_row: Index
    upper_row: Index
    factor: tuple[Array, Array]

    def dual(self, of_kept: Array) -> Array:
        """Return the duals of all rows from those of the kept ones, for the objective that is minimised."""
        dual = np.where(self.kept, of_kept, 0.0)
        reduced = self.cost - self.matrix.T @ dual
        for rows, factor, part in zip(
            (self.lower_row, self.upper_row),
            self.factor,
            (np.maximum(reduced, 0.0), np.minimum(reduced, 0.0)),
            strict=True,
        ):
            at = np.flatnonzero((rows >= 0) & (part != 0.0))
            np.add.at(dual, rows[at], part[at] / factor[at])
        return dual


def read(model: linopy.Model) -> Arrays:
    """Return the arrays of a model. Raises InfeasibleError if the bounds of a column contradict each other."""
    of = model.matrices
    matrix = sp.csr_matrix(of.A if of.A is not None else (0, len(of.lb)))
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    sign = -1.0 if model.objective.sense == "max" else 1.0
    row_lower = np.where(of.sense != "<", of.b, -np.inf).astype(np.float64)
    row_upper = np.where(of.sense != ">", of.b, np.inf).astype(np.float64)
    lower, upper = of.lb.astype(np.float64), of.ub.astype(np.float64)
    return _bounded(model, matrix, (row_lower, row_upper), (lower, upper), sign * of.c, sign)


def _bounded(
    model: linopy.Model,
    matrix: sp.csr_matrix,
    sides: tuple[Array, Array],
    bounds: tuple[Array, Array],
    cost: Array,
    sign: float,
) -> Arrays:
    """Return the arrays with rows of a single column as bounds.

    A column that would get an upper but no lower bound keeps its rows, as the engine takes both bounds or none.
    """
    single = np.flatnonzero(np.diff(matrix.indptr) == 1)
    column, factor = matrix.indices[matrix.indptr[single]].astype(np.int64), matrix.data[matrix.indptr[single]]
    ends = np.sort([sides[0][single] / factor, sides[1][single] / factor], axis=0)
    lower, from_below = _raised(bounds[0], column, ends[0])
    upper, from_above = _raised(-bounds[1], column, -ends[1])
    upper = -upper
    open_below = np.isneginf(lower)
    upper[open_below], from_above[open_below] = bounds[1][open_below], -1
    kept = np.ones(matrix.shape[0], dtype=np.bool_)
    kept[single[~open_below[column]]] = False
    _settle(model, lower, upper)
    (lower_row, lower_factor), (upper_row, upper_factor) = (
        _stated(of, single, factor) for of in (from_below, from_above)
    )
    factors = lower_factor, upper_factor
    return Arrays(matrix, *sides, lower, upper, cost, sign, kept, lower_row, upper_row, factors)


def _stated(source: Index, rows: Index, factor: Array) -> tuple[Index, Array]:
    """Return the row that states each bound, −1 for none, and the coefficient in it, 1 for none."""
    row, of = np.full(len(source), -1, dtype=np.int64), np.ones(len(source))
    at = np.flatnonzero(source >= 0)
    row[at], of[at] = rows[source[at]], factor[source[at]]
    return row, of


def _raised(bound: Array, column: Index, end: Array) -> tuple[Array, Index]:
    """Return the bounds, each raised to the largest end of its column, and the number of that end.

    The number is −1 where the bound itself is the largest.
    """
    order = np.argsort(end, kind="stable")
    order = order[end[order] > bound[column[order]]]
    raised, source = bound.copy(), np.full(len(bound), -1, dtype=np.int64)
    # The largest end of a column comes last, and an assignment keeps the last.
    raised[column[order]], source[column[order]] = end[order], order
    return raised, source


def _settle(model: linopy.Model, lower: Array, upper: Array) -> None:
    """Close gaps of rounding between crossed bounds. Raises InfeasibleError for others, with the name of the variable."""
    crossed = np.flatnonzero(lower > upper)
    if not len(crossed):
        return
    near = lower[crossed] - upper[crossed] <= ROUNDING * np.maximum(1.0, np.abs(lower[crossed]))
    if not near.all():
        at = int(crossed[np.flatnonzero(~near)[0]])
        raise InfeasibleError(
            INFEASIBLE,
            [f"{called(model, at)}: at least {lower[at]:g} and at most {upper[at]:g} by its bounds and rows"],
        )
    upper[crossed] = lower[crossed]


def called(model: linopy.Model, column: int) -> str:
    """Return the name of a column with its coordinates."""
    label = int(model.variables.label_index.vlabels[column])
    name, place = model.variables.get_label_position(label)
    inside = ", ".join(str(value) for value in place.values())
    return f"{name}[{inside}]" if inside else str(name)
