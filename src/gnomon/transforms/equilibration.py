"""Least-squares scaling of a linear program, so that its numbers are near 1 in any units.

The starting point of an interior point depends on the sizes of sides, bounds and costs. With work in 10⁵ PFLOPS and
money in millions in one model it is too far from the central path. The scaling of Curtis and Reid (1972) minimises Σ
(log₂ |a_ij| + r_i + c_j)² over all entries. Here sides, costs and bounds are scaled together with the matrix. The sides
are one more column and the costs one more row. Each finite upper bound is a row of its own: its column has 1, the sides
have the bound. Alternating between rows and columns solves the least-squares problem. Factors are powers of 2 and cause
no rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array
from gnomon.model.coefficients import ScaledCoefficients
from gnomon.model.linear_program import LinearProgram

SWEEPS = 10
"""Sweeps over rows and columns; the residual is stable in three digits after about eight."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """Scaling factors: x = column × x′ / side and dual = row × dual′ / cost, for the scaled model's x′ and dual′.

    row: shape (rows,), column: shape (columns,). The scaled objective is cost × side × the objective.
    """

    row: Array
    column: Array
    side: float
    cost: float

    def apply(self, flat: LinearProgram) -> LinearProgram:
        """Return the scaled model."""
        return replace(
            self.sides(flat),
            coefficients=ScaledCoefficients(flat.coefficients, self.row, self.column),
            cost=flat.cost * self.column * self.cost,
            constant=flat.constant * self.cost * self.side,
        )

    def sides(self, flat: LinearProgram) -> LinearProgram:
        """Return the model with scaled sides and bounds, and unscaled matrix and costs."""
        bounds = self.side / self.column
        return replace(
            flat,
            row_lower=flat.row_lower * self.row * self.side,
            row_upper=flat.row_upper * self.row * self.side,
            lower=flat.lower * bounds,
            upper=flat.upper * bounds,
        )

    def primal(self, x: Array) -> Array:
        """Return a solution of the scaled model in the units of the model."""
        return np.asarray(self.column * x / self.side)

    def dual(self, y: Array) -> Array:
        """Return row duals of the scaled model in the units of the model."""
        return np.asarray(self.row * y / self.cost)


def equilibrate(flat: LinearProgram) -> Scaling:
    """Return the factors that bring the numbers of `flat` closest to 1. Integer columns are not scaled."""
    rows, columns = flat.matrix.shape
    row, column, size = _entries(flat)
    n_rows, n_columns = int(row.max(initial=rows)) + 1, columns + 1
    in_row = np.maximum(np.bincount(row, minlength=n_rows), 1)
    in_column = np.maximum(np.bincount(column, minlength=n_columns), 1)
    keep = np.append(flat.integer, False)
    by_row, by_column = np.zeros(n_rows), np.zeros(n_columns)
    for _ in range(SWEEPS):
        # Stationarity of the sum of squares in r, then in c.
        by_row = -np.bincount(row, size + by_column[column], minlength=n_rows) / in_row
        by_column = -np.bincount(column, size + by_row[row], minlength=n_columns) / in_column
        by_column[keep] = 0.0
    side = 0.0 if flat.integer.any() else by_column[columns]
    return Scaling(
        row=np.exp2(np.round(by_row[:rows])),
        column=np.exp2(np.round(by_column[:columns])),
        side=float(np.exp2(np.round(side))),
        cost=float(np.exp2(np.round(by_row[rows]))),
    )


def _entries(flat: LinearProgram) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Return row, column and log₂ size of every number: matrix, sides (last column), costs and bounds (rows below)."""
    rows, columns = flat.matrix.shape
    matrix = flat.matrix.tocoo()
    stored = matrix.data != 0.0
    sides = np.maximum(_finite(flat.row_lower), _finite(flat.row_upper))
    sided, priced = np.flatnonzero(sides), np.flatnonzero(flat.cost)
    bounds = _finite(flat.upper)
    bounded = np.flatnonzero(bounds)
    own = rows + 1 + np.arange(len(bounded))
    row = [matrix.row[stored], sided, np.full(len(priced), rows), own, own]
    column = [
        matrix.col[stored],
        np.full(len(sided), columns),
        priced,
        bounded,
        np.full(len(bounded), columns),
    ]
    size = [matrix.data[stored], sides[sided], flat.cost[priced], np.ones(len(bounded)), bounds[bounded]]
    return np.concatenate(row), np.concatenate(column), np.log2(np.abs(np.concatenate(size)))


def _finite(values: Array) -> Array:
    """Return the magnitude of each value, 0 where it is infinite."""
    return np.where(np.isfinite(values), np.abs(values), 0.0)
