"""Elastic form of a model: every row may give way by a common share, at a price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array
from gnomon.model.coefficients import Held
from gnomon.model.linear_program import Flat


def elastic(flat: Flat) -> Flat:
    """`flat` with all rows stretched by one common share of their sides, which is all that costs: always feasible.

    The share is 0 where `flat` can be met. Its multipliers sum to 1, each times its side, so that those of a vertex
    prove one contradiction in few rows. A price on each row's own stretch would prove all contradictions at once.
    """
    rows, columns = flat.matrix.shape
    below, above = np.flatnonzero(np.isfinite(flat.row_lower)), np.flatnonzero(np.isfinite(flat.row_upper))
    stretched = np.concatenate([below, above])
    sign = np.concatenate([np.ones(len(below)), -np.ones(len(above))])
    more = len(stretched)
    size = sign * _sizes(flat)[stretched]
    stretch = sp.csr_matrix((size, (stretched, np.arange(more))), shape=(rows, more))
    upper = sp.hstack([flat.matrix, stretch, sp.csr_matrix((rows, 1))])
    lower = sp.hstack([sp.csr_matrix((more, columns)), sp.identity(more), sp.csr_matrix(-np.ones((more, 1)))])
    return replace(
        flat,
        coefficients=Held(sp.vstack([upper, lower], format="csr")),
        row_lower=np.concatenate([flat.row_lower, np.full(more, -np.inf)]),
        row_upper=np.concatenate([flat.row_upper, np.zeros(more)]),
        lower=np.concatenate([flat.lower, np.zeros(more + 1)]),
        upper=np.concatenate([flat.upper, np.full(more + 1, np.inf)]),
        cost=np.concatenate([np.zeros(columns + more), [1.0]]),
        integer=np.zeros(columns + more + 1, dtype=bool),
        constant=0.0,
    )


def _sizes(flat: Flat) -> Array:
    """The size of each row: its larger finite side, or its largest coefficient where that is 0. Shape (rows,)."""
    sides = [np.where(np.isfinite(side), np.abs(side), 0.0) for side in (flat.row_lower, flat.row_upper)]
    size = np.maximum(*sides)
    largest = abs(flat.matrix).max(axis=1).toarray().ravel() if flat.matrix.nnz else np.ones(len(size))
    return np.where(size > 0.0, size, np.where(largest > 0.0, largest, 1.0))
