"""What rows say one at a time, compiled: upper bounds that they imply."""

from __future__ import annotations

import numba
import numpy as np

from gnomon.model.row_kernels import lines, read, span

COMPILED_WITH = "ad5207f5946f"
"""Digest of what the kernels take from other files: numba knows compiled code by the file of its function alone."""
ROUNDING = 1e-14
"""Of the terms of a row, added up without their signs: more than double precision loses in a sum of some hundred."""


@numba.njit(cache=True, nogil=True, error_model="numpy")
def tighten(parts, row_lower, row_upper, lower, upper):  # type: ignore[no-untyped-def]
    """Lower `upper` in place by both sides of every row in turn, whether anything changed.

    The rows are read from `parts`. Σ a·x ≤ side gives a·x_j ≤ side − the least that the
    other terms add up to, where a > 0. Bounds are rounded up by what the sums may be wrong by.
    """
    changed = False
    count, starts, column, value = lines(parts)
    for line in range(count):
        read(parts, line, starts, column, value)
        first, rows = span(parts, line)
        for k in range(rows):
            entries = slice(starts[k], starts[k + 1])
            if _tightened(column[entries], value[entries], row_lower[first + k], row_upper[first + k], lower, upper):
                changed = True
    return changed


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _tightened(column, value, row_lower, row_upper, lower, upper):  # type: ignore[no-untyped-def]
    """The same for one row."""
    changed = False
    for sign in (1.0, -1.0):
        side = row_upper if sign > 0.0 else -row_lower
        if not np.isfinite(side):
            continue
        endless, total, terms = 0, 0.0, abs(side)
        for at in range(len(column)):
            least = _least(sign * value[at], lower[column[at]], upper[column[at]])
            if np.isinf(least):
                endless += 1
            else:
                total += least
                terms += abs(least)
        if endless > 1:
            continue
        for at in range(len(column)):
            a, j = sign * value[at], column[at]
            if not a > 0.0:
                continue
            own = a * lower[j]
            if endless and not np.isinf(own):
                continue
            bound = max((side - (total if np.isinf(own) else total - own) + ROUNDING * terms) / a, lower[j])
            if bound < upper[j]:
                upper[j] = bound
                changed = True
    return changed


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _least(a, lower, upper):  # type: ignore[no-untyped-def]
    """The least that a·x can be."""
    return 0.0 if a == 0.0 else a * lower if a > 0.0 else a * upper
