"""The standard form in which the interior point works, made of a flat model.

    min cost·x,  matrix·x + sign × slack = side,  0 ≤ x ≤ width,  0 ≤ slack ≤ slack_width

Columns are shifted by their lower bounds and, with the rows, scaled by powers of two that are the same in all hours. An
equation has no slack, a row with two sides a slack of finite width. Columns without room do not move (`moves`), rows
that say nothing are `masked`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from xisuan.errors import SolverError
from xisuan.interior import presolve
from xisuan.interior.presolve import Reduced
from xisuan.interior.template import Factors
from xisuan.solver.equilibrate import Scaling, equilibrate
from xisuan.solver.flat import Flat
from xisuan.solver.model import Array

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Form:
    """The standard form of `flat`; vectors are in its order. `transposed` is the matrix again, by columns."""

    flat: Flat
    scaled: Flat
    scaling: Scaling
    factors: Factors
    reduced: Reduced
    matrix: sp.csr_matrix
    transposed: sp.csr_matrix
    side: Array
    sign: Array
    width: Array
    slack_width: Array
    cost: Array
    moves: Flags
    slack_moves: Flags
    masked: Flags

    def times(self, x: Array) -> Array:
        """matrix·x. Shape (rows,)."""
        return np.asarray(self.matrix @ x)

    def pull(self, y: Array) -> Array:
        """matrixᵀ·y. Shape (columns,)."""
        return np.asarray(self.transposed @ y)

    def primal(self, x: Array) -> Array:
        """Columns of `flat` from x."""
        return self.scaling.primal(self.reduced.lower + np.where(self.moves, x, 0.0))

    def dual(self, y: Array) -> Array:
        """Row duals of `flat` from y."""
        return self.scaling.dual(presolve.restore(self.scaled, self.reduced, y))


def standard(flat: Flat) -> Form:
    """The standard form. Raises SolverError for integers and for columns that are free (it names one)."""
    if flat.integer.any():
        raise SolverError(
            f"the structured method takes no integers and the model has {int(flat.integer.sum()):,}: use --method direct"
        )
    endless = np.flatnonzero(np.isneginf(flat.lower))
    if len(endless):
        block, period, hour, item = flat.name(int(endless[0]), rows=False)
        where = f"period {period}" + (f", hour {hour}" if hour >= 0 else "")
        raise SolverError(
            f"{block.name} {'/'.join(block.labels[item])} ({where}) has no lower bound, and the structured method needs "
            "one: give it a bound, or use --method direct"
        )
    scaling, factors = _scaling(flat)
    scaled = scaling.apply(flat)
    reduced = presolve.reduce(scaled)
    moves = reduced.lower < reduced.upper
    matrix = scaled.matrix
    rest = matrix @ reduced.lower
    above = np.isfinite(scaled.row_upper)
    below = np.isfinite(scaled.row_lower)
    masked = reduced.dropped | ~(above | below)
    with np.errstate(invalid="ignore"):
        span = np.where(above & below, scaled.row_upper - scaled.row_lower, np.inf)
    side = np.where(above, scaled.row_upper, np.where(below, scaled.row_lower, 0.0)) - rest
    return Form(
        flat=flat,
        scaled=scaled,
        scaling=scaling,
        factors=factors,
        reduced=reduced,
        matrix=matrix,
        transposed=sp.csr_matrix(matrix.T),
        side=np.where(masked, 0.0, side),
        sign=np.where(above, 1.0, -1.0),
        width=np.where(moves, reduced.upper - reduced.lower, np.inf),
        slack_width=span,
        cost=scaled.cost,
        moves=moves,
        slack_moves=~masked & (span > 0.0),
        masked=masked,
    )


def _scaling(flat: Flat) -> tuple[Scaling, Factors]:
    """The factors that equilibrate the model, averaged over hours and periods so that what is constant stays so."""
    model, one = flat.model, equilibrate(flat)
    row, row_items = _averaged(one.row, model.periods, model.items(False, model.rows), model.items(True, model.rows))
    items = (model.items(False, model.columns), model.items(True, model.columns))
    column, column_items = _averaged(one.column, model.periods, *items)
    scaling = Scaling(row=row, column=column, side=one.side, cost=one.cost)
    return scaling, Factors(row_items[1], column_items[1], row_items[0], column_items[0])


def _averaged(factor: Array, periods: int, per_period: int, per_hour: int) -> tuple[Array, tuple[Array, Array]]:
    """Factors of every row (column), and those of the items of a period and of an hour."""
    border = periods * per_period
    parts: list[Array] = []
    items: list[Array] = []
    for part, size in ((factor[:border], per_period), (factor[border:], per_hour)):
        table = np.log2(part).reshape(-1, size) if size else np.empty((0, 0))
        mean = np.exp2(np.round(table.mean(axis=0))) if len(table) else np.ones(size)
        items.append(mean)
        parts.append(np.tile(mean, len(table)))
    return np.concatenate(parts), (items[0], items[1])
