"""Which part of a model the integers are in: rows and columns that share nothing with them are not branched on.

Two parts of a model that no row joins are two models: the optimum of the whole is the sum of theirs, and so is any
bound. A column with one value joins nothing, and a row without a side says nothing. Branch and bound is therefore
given the part with the integers alone; the rest is the linear model that it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse import csgraph

from xisuan.solver.flat import Flat

Mask = NDArray[np.bool_]


def with_integers(flat: Flat) -> Mask:
    """Columns that rows join to an integer, directly or through others. Shape (columns,)."""
    rows, columns = flat.matrix.shape
    free = flat.lower < flat.upper
    says = np.isfinite(flat.row_lower) | np.isfinite(flat.row_upper)
    entries = flat.matrix.tocoo()
    kept = free[entries.col] & says[entries.row] & (entries.data != 0.0)
    ends = (entries.row[kept], rows + entries.col[kept])
    joined = sp.coo_matrix((np.ones(int(kept.sum()), dtype=np.int8), ends), shape=(rows + columns,) * 2)
    part = csgraph.connected_components(joined, directed=False)[1][rows:]
    return np.isin(part, part[flat.integer]) & free


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
