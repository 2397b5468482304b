"""Dense triangular factors that tolerate dependent rows."""

from __future__ import annotations

import numpy as np
from scipy.linalg import lapack

from xisuan.interior import numeric
from xisuan.solver.model import Array


def inverse_factor(matrix: Array) -> Array:
    """L⁻¹ of a symmetric matrix L Lᵀ whose lower triangle is given; 0 in the rows of dependent ones.

    Raises FloatingPointError where the matrix is not finite.
    """
    diagonal = np.diagonal(matrix)
    factor, failed = lapack.dpotrf(matrix, lower=1, clean=1)
    if failed or (np.diagonal(factor) ** 2 <= numeric.DEPENDENT * diagonal).any():
        if not np.isfinite(diagonal).all():
            raise FloatingPointError("numbers beyond double precision")
        factor = np.tril(matrix)
        numeric.guarded(factor)
    inverse, failed = lapack.dtrtri(factor, lower=1)
    if failed:
        raise FloatingPointError("a singular factor")
    return np.asarray(inverse)
