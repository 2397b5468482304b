"""Which part of a model the integers are in: rows and columns that share nothing with them are not branched on.

Two parts of a model that no row joins are two models: the optimum of the whole is the sum of theirs, and so is any
bound. A column with one value joins nothing, and a row without a side says nothing. Branch and bound is therefore
given the part with the integers alone; the rest is the linear model that it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gnomon.arrays import Mask
from gnomon.model.linear_program import Flat
from gnomon.model.row_operator import PIECE


def with_integers(flat: Flat) -> Mask:
    """Columns that rows join to an integer, directly or through others. Shape (columns,).

    From the integers to the rows they are in, to the columns of these, and so on until there are no more; all without the
    matrix, which is too large for a year. Capacities join all hours, so that a few passes are enough; a chain that nothing
    else joins takes as many as it has hours.
    """
    free = flat.lower < flat.upper
    says = np.isfinite(flat.row_lower) | np.isfinite(flat.row_upper)
    inside, every, rows = flat.integer & free, np.arange(len(free)), flat.rows
    while True:
        joined = says & (rows.sizes(inside.astype(np.float64)) > 0.0)
        more = inside | (free & (rows.pulled_sizes(joined.astype(np.float64), every) > 0.0))
        if np.array_equal(more, inside):
            return inside
        inside = more


def entries(flat: Flat, inside: Mask) -> int:
    """Non-zeros in the columns `inside`."""
    pieces = flat.coefficients.slices(PIECE)
    return sum(int(np.diff(of.starts)[inside[of.first : of.last]].sum()) for of in pieces)


def alone(flat: Flat, inside: Mask) -> Flat:
    """The part of `flat` in the columns `inside`: the others are held at a value, cost nothing, and free their rows."""
    held = np.clip(0.0, flat.lower, flat.upper)
    fixed = np.where(inside | (flat.lower == flat.upper), np.nan, held)
    still = np.isnan(fixed)
    elsewhere = (abs(flat.matrix) @ (~still).astype(np.float64)) > 0.0
    return replace(
        flat,
        lower=np.where(still, flat.lower, fixed),
        upper=np.where(still, flat.upper, fixed),
        cost=np.where(inside, flat.cost, 0.0),
        constant=0.0,
        row_lower=np.where(elsewhere, -np.inf, flat.row_lower),
        row_upper=np.where(elsewhere, np.inf, flat.row_upper),
    )
