"""Standard form of the interior point:

    min cost·x,  matrix·x + sign × slack = side,  0 ≤ x ≤ width,  0 ≤ slack ≤ slack_width

Columns are shifted by their lower bounds; columns without bounds are `unbounded` and keep their values. Rows and
columns are scaled by powers of two that are equal in all hours. An equation has no slack, a row with two sides a slack
of finite width. Fixed columns do not move (`moves`), redundant rows are `masked`.

A row with one side may be exceeded by a share of it, its *leeway*. The capacity of an operated plan just fits its work:
without leeway there is no interior. Source: Wächter and Biegler (2006), "On the implementation of an interior-point
filter line-search algorithm for large-scale nonlinear programming", section 3.5, which relaxes bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Mask
from gnomon.errors import SolverError
from gnomon.interior_point.formulation import hour_template, presolve
from gnomon.interior_point.formulation.hour_template import Template
from gnomon.interior_point.formulation.item_scaling import Balance, balance
from gnomon.interior_point.formulation.matrix_products import Products
from gnomon.interior_point.formulation.presolve import PresolveResult
from gnomon.model.block_model import Model
from gnomon.model.column_slices import between_periods
from gnomon.model.linear_program import LinearProgram
from gnomon.runtime.threads import ALONE, Threads
from gnomon.transforms.equilibration import Scaling

TERMS = 1.5
"""A row has leeway only if its side is at most this multiple of its largest term. In a sum of many terms the allowed share
of the side would be a large share of each term."""
LEEWAY, SHARE = 1e-7, 1e-3
"""Largest leeway, absolute (a third of what an answer may violate) and as a share of the requested gap."""


def leeway_of(gap: float) -> float:
    """Return the leeway, as a share of a row's side, for a requested gap."""
    return min(LEEWAY, SHARE * gap)


@dataclass(frozen=True, slots=True)
class Presolved:
    """Result of presolve for columns and rows, for all hours or those of one process, in flat order.

    dropped: redundant rows; loose: rows with leeway; ghosts: as in `Numbers`.
    """

    lower: Array
    upper: Array
    cost: Array
    row_lower: Array
    row_upper: Array
    dropped: Mask
    loose: Mask
    ghosts: Mask


@dataclass(frozen=True, slots=True)
class Numbers:
    """Data of the standard form, for all hours or those of one process: periods first in each vector, then hours.

    costs, widths, free (mask of what moves), unbounded (mask of columns without bounds): of columns and then of slacks,
    as one vector each; fixed entries cost nothing. periods: matrix of the columns of periods in rows of periods.
    ghosts: mask of masked rows of the ghosts, shape (ghosts, rows of an hour).
    """

    template: Template
    periods: sp.csr_array
    side: Array
    sign: Array
    costs: Array
    widths: Array
    free: Mask
    unbounded: Mask
    masked: Mask
    ghosts: Mask

    @property
    def columns(self) -> int:
        """Return the number of columns, without slacks."""
        t = self.template
        return t.periods * t.period_columns + t.steps * t.columns

    @property
    def cost(self) -> Array:
        """Return the costs of the columns."""
        return self.costs[: self.columns]

    @property
    def moves(self) -> Mask:
        """Return the mask of the columns that move."""
        return self.free[: self.columns]

    @property
    def slack_moves(self) -> Mask:
        """Return the mask of the slacks that move."""
        return self.free[self.columns :]


@dataclass(frozen=True, slots=True)
class Equations(Numbers):
    """Standard form with matrix products."""

    products: Products

    def times(self, x: Array) -> Array:
        """Return matrix·x. Shape (rows,)."""
        return self.products.times(x)

    def pull(self, y: Array) -> Array:
        """Return matrixᵀ·y. Shape (columns,)."""
        return self.products.pull(y)


@dataclass(frozen=True, slots=True)
class Form(Equations):
    """Standard form of `flat` with vectors in its order. `loose` rows have leeway."""

    flat: LinearProgram
    balance: Balance
    reduced: PresolveResult
    leeway: float
    loose: Mask

    @property
    def scaling(self) -> Scaling:
        """Return the factors of all rows and columns."""
        return self.balance.scaling(self.template.periods, self.template.steps)

    def primal(self, x: Array) -> Array:
        """Return the columns of `flat` from x."""
        return origin(self.reduced.lower) + self.scaling.primal(np.where(self.moves, x, 0.0))

    def dual(self, y: Array) -> Array:
        """Return the row duals of `flat` from y, by postsolve."""
        return presolve.restore(self.flat, self.reduced, self.scaling.dual(y))


class UnfitError(SolverError):
    """The structured method does not accept the model."""


def standard(flat: LinearProgram, threads: Threads = ALONE, leeway: float = 0.0) -> Form:
    """Return the standard form, with products shared by `threads`.

    leeway: share of its side by which a row may be exceeded. Raises UnfitError for integers and for columns with an
    upper but no lower bound (it names one), and ModelError for hours without cycles.
    """
    if flat.integer.any():
        raise UnfitError(
            f"the structured method takes no integers and the model has {int(flat.integer.sum()):,}: use --method direct"
        )
    endless = np.flatnonzero(np.isneginf(flat.lower) & np.isfinite(flat.upper))
    if len(endless):
        raise UnfitError(
            f"{flat.describe(int(endless[0]))} has an upper but no lower bound, and the structured method needs both or"
            " none:"
            " give it a lower bound, state the upper one as a row, or use --method direct"
        )
    model = flat.model
    model.check_cycles()
    factors, reduced = balance(model), presolve.reduce(flat)
    scaling = factors.scaling(model.periods, model.periods * model.hours)
    shape = hour_template.read(model, factors.factors, ever(flat, reduced))
    periods = of_periods(model, scaling)
    taken = flat.rows.times(origin(reduced.lower))
    loose = _loose(flat, reduced, taken) if leeway else np.zeros(len(taken), dtype=np.bool_)
    left = Presolved(
        reduced.lower, reduced.upper, flat.cost, reduced.row_lower, reduced.row_upper, reduced.dropped, loose,
        np.zeros((0, shape.rows), dtype=np.bool_),
    )  # fmt: skip
    found = numbers(shape, periods, scaling, left, taken, leeway)
    return Form(
        **given(found),
        products=Products(shape, periods, threads),
        flat=flat,
        balance=factors,
        reduced=reduced,
        leeway=leeway,
        loose=loose,
    )


def origin(lower: Array) -> Array:
    """Return the values at which columns are 0 in standard form: their lower bounds, or 0 without one."""
    return np.where(np.isneginf(lower), 0.0, lower)


def numbers(
    shape: Template, periods: sp.csr_array, scaling: Scaling, of: Presolved, taken: Array, leeway: float
) -> Numbers:
    """Return the standard form of the presolved model. taken: matrix times the lower bounds of the columns."""
    moves = of.lower < of.upper
    above, below = np.isfinite(of.row_upper), np.isfinite(of.row_lower)
    masked = of.dropped | ~(above | below)
    row, bound = scaling.row * scaling.side, scaling.side / scaling.column
    with np.errstate(invalid="ignore"):
        # Width of the slack of a row with two sides.
        span = np.where(above & below, (of.row_upper - of.row_lower) * row, np.inf)
        widths = np.concatenate([np.where(moves, (of.upper - of.lower) * bound, np.inf), span])
    # Shift by the lower bounds, then relax one-sided rows by their leeway.
    side = np.where(above, of.row_upper, np.where(below, of.row_lower, 0.0)) - taken
    side += np.where(of.loose, np.where(above, leeway, -leeway) * np.abs(side), 0.0)
    return Numbers(
        template=shape,
        periods=periods,
        side=np.where(masked, 0.0, side * row),
        sign=np.where(above, 1.0, -1.0),
        costs=np.concatenate([np.where(moves, of.cost * scaling.column * scaling.cost, 0.0), np.zeros(len(span))]),
        widths=widths,
        free=np.concatenate([moves, ~masked & (span > 0.0)]),
        unbounded=np.concatenate([np.isneginf(of.lower), np.zeros(len(span), dtype=np.bool_)]),
        masked=masked,
        ghosts=of.ghosts,
    )


def _loose(flat: LinearProgram, reduced: PresolveResult, taken: Array) -> Mask:
    """Return a mask of the rows with leeway: those with one side that is not much larger than their largest term.

    The violation of an answer is measured by these terms.
    """
    above, below = np.isfinite(reduced.row_upper), np.isfinite(reduced.row_lower)
    own = np.where(above, reduced.row_upper, np.where(below, reduced.row_lower, 0.0))
    largest = np.maximum(np.abs(own), flat.rows.largest(origin(reduced.lower)))
    return np.asarray((above != below) & (np.abs(own - taken) <= TERMS * largest))


def given(of: Numbers) -> dict[str, Any]:
    """Return the fields of `of` by name, to construct a subclass."""
    return {field.name: getattr(of, field.name) for field in fields(Numbers)}


def ever(flat: LinearProgram, reduced: PresolveResult) -> Mask:
    """Return a mask of the period columns that move in some period, by item."""
    periods, items = flat.model.periods, flat.model.items(False, flat.model.columns)
    moves = reduced.lower[: periods * items] < reduced.upper[: periods * items]
    return np.asarray(moves.reshape(periods, items).any(axis=0), dtype=np.bool_)


def of_periods(model: Model, scaling: Scaling) -> sp.csr_array:
    """Return the scaled matrix of the columns of periods in rows of periods."""
    rows, columns = (model.periods * model.items(False, family) for family in (model.rows, model.columns))
    part = sp.csr_array(between_periods(model))
    return sp.csr_array(sp.diags_array(scaling.row[:rows]) @ part @ sp.diags_array(scaling.column[:columns]))
