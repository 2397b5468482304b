"""A flat model from plain arrays, for tests that need no time structure."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from gnomon.model.block_model import Model
from gnomon.model.coefficients import StoredCoefficients
from gnomon.model.linear_program import LinearProgram


def linear(
    matrix: ArrayLike,
    row_lower: ArrayLike,
    row_upper: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    cost: ArrayLike,
    integer: ArrayLike | None = None,
) -> LinearProgram:
    """min cost·x, row_lower ≤ matrix·x ≤ row_upper, lower ≤ x ≤ upper: columns x0, x1, … and rows r0, r1, …"""
    csr = sp.csr_matrix(np.asarray(matrix, dtype=float))
    whole = np.zeros(csr.shape[1], dtype=bool) if integer is None else np.asarray(integer, dtype=bool)
    sides = [np.asarray(side, dtype=float) for side in (row_lower, row_upper, lower, upper, cost)]
    model = Model(1, np.array([0]))
    model.add_columns(
        "x", ("i",), [(str(i),) for i in range(csr.shape[1])], lower=sides[2], upper=sides[3], cost=sides[4]
    )
    model.add_rows("r", ("i",), [(str(i),) for i in range(csr.shape[0])], lower=sides[0], upper=sides[1])
    at = csr.tocoo()
    labels = [(str(i),) for i in range(max(csr.shape))]
    rows, columns = [labels[i] for i in at.row], [labels[i] for i in at.col]
    model.add(model.rows["r"], rows, model.columns["x"], columns, at.data)
    return LinearProgram(model, StoredCoefficients(csr), *sides[:4], sides[4], whole, 0.0)
