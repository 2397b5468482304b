"""Elastic form of a linear program with one common slack: every row may be relaxed by the same share of its size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array
from gnomon.model.coefficients import StoredCoefficients
from gnomon.model.linear_program import LinearProgram


def elastic_form(flat: LinearProgram) -> LinearProgram:
    """Return `flat` with all rows relaxed by one common share of their size, which is minimised. Always feasible.

    The minimum is 0 if `flat` is feasible. Otherwise the row duals are Farkas multipliers; weighted by the sizes they
    sum to 1, so those of a vertex prove one contradiction in few rows. A price on each row's own slack would prove all
    contradictions at once.
    """
    rows, columns = flat.matrix.shape
    below, above = np.flatnonzero(np.isfinite(flat.row_lower)), np.flatnonzero(np.isfinite(flat.row_upper))
    stretched = np.concatenate([below, above])
    sign = np.concatenate([np.ones(len(below)), -np.ones(len(above))])
    more = len(stretched)
    size = sign * _sizes(flat)[stretched]
    stretch = sp.csr_matrix((size, (stretched, np.arange(more))), shape=(rows, more))
    # Rows with their own slacks; below: slack of each row ≤ common share.
    upper = sp.hstack([flat.matrix, stretch, sp.csr_matrix((rows, 1))])
    lower = sp.hstack([sp.csr_matrix((more, columns)), sp.identity(more), sp.csr_matrix(-np.ones((more, 1)))])
    return replace(
        flat,
        coefficients=StoredCoefficients(sp.vstack([upper, lower], format="csr")),
        row_lower=np.concatenate([flat.row_lower, np.full(more, -np.inf)]),
        row_upper=np.concatenate([flat.row_upper, np.zeros(more)]),
        lower=np.concatenate([flat.lower, np.zeros(more + 1)]),
        upper=np.concatenate([flat.upper, np.full(more + 1, np.inf)]),
        cost=np.concatenate([np.zeros(columns + more), [1.0]]),
        integer=np.zeros(columns + more + 1, dtype=bool),
        constant=0.0,
    )


def _sizes(flat: LinearProgram) -> Array:
    """Return the size of each row: its larger finite side, or its largest coefficient if that is 0. Shape (rows,)."""
    sides = [np.where(np.isfinite(side), np.abs(side), 0.0) for side in (flat.row_lower, flat.row_upper)]
    size = np.maximum(*sides)
    largest = abs(flat.matrix).max(axis=1).toarray().ravel() if flat.matrix.nnz else np.ones(len(size))
    return np.where(size > 0.0, size, np.where(largest > 0.0, largest, 1.0))
