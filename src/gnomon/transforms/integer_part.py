"""Separation of the part of a model that is connected to integers, so that branch and bound sees no other part.

Two parts without a common row are two models: the optimum of the whole is the sum of theirs, and so is any bound. Fixed
columns and free rows connect nothing. Branch and bound therefore receives only the part with the integers; the rest is
solved as a linear program.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gnomon.arrays import Mask
from gnomon.model.linear_program import LinearProgram
from gnomon.model.row_operator import PIECE


def with_integers(flat: LinearProgram) -> Mask:
    """Return a mask of the columns that rows connect to an integer, directly or through others. Shape (columns,).

    Breadth-first search: from the integers to their rows, to the columns of these, until nothing is added. It works
    without the matrix, which is too large for a year. Capacities connect all hours, so a few passes suffice. A chain
    connected by nothing else takes as many passes as it has hours.
    """
    free = flat.lower < flat.upper
    says = np.isfinite(flat.row_lower) | np.isfinite(flat.row_upper)
    inside, every, rows = flat.integer & free, np.arange(len(free)), flat.rows
    while True:
        # Rows with a column inside, then the free columns of these rows.
        joined = says & (rows.sizes(inside.astype(np.float64)) > 0.0)
        more = inside | (free & (rows.pulled_sizes(joined.astype(np.float64), every) > 0.0))
        if np.array_equal(more, inside):
            return inside
        inside = more


def integer_nonzeros(flat: LinearProgram, inside: Mask) -> int:
    """Return the number of non-zeros in the columns `inside`."""
    pieces = flat.coefficients.slices(PIECE)
    return sum(int(np.diff(of.starts)[inside[of.first : of.last]].sum()) for of in pieces)


def integer_program(flat: LinearProgram, inside: Mask) -> LinearProgram:
    """Return the part of `flat` in the columns `inside`; the others are fixed, without cost, and their rows are free."""
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
