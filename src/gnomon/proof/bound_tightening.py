"""Compiled kernels that derive bounds of columns from the activity of single rows."""

from __future__ import annotations

import numba
import numpy as np

from gnomon.model.row_kernels import lines, read, span

COMPILED_WITH = "250c284dfda4"
"""Digest of the compiled functions used from other files. numba's cache notices changes in a function's own file only."""
ROUNDING = 1e-14
"""Rounding error of a row's activity, relative to the sum of its absolute terms; ample for some hundred terms."""


@numba.njit(cache=True, nogil=True, error_model="numpy")
def tighten(parts, row_lower, row_upper, lower, upper, open_below):  # type: ignore[no-untyped-def]
    """Lower `upper` in place by both sides of every row in turn. Return True if a bound changed.

    Columns marked in `open_below`, which have no lower bound of their own, also get one in `lower`. The rows are read
    from `parts`. From Σ a·x ≤ side follows a·x_j ≤ side − least activity of the other terms, an upper bound where a > 0
    and a lower one where a < 0 (Andersen and Andersen 1995). Bounds are rounded outwards by the error that the sums may
    have.
    """
    changed = False
    count, starts, column, value = lines(parts)
    for line in range(count):
        read(parts, line, starts, column, value)
        first, rows = span(parts, line)
        for k in range(rows):
            entries = slice(starts[k], starts[k + 1])
            sides = row_lower[first + k], row_upper[first + k]
            if _tightened(column[entries], value[entries], *sides, lower, upper, open_below):
                changed = True
    return changed


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _tightened(column, value, row_lower, row_upper, lower, upper, open_below):  # type: ignore[no-untyped-def]
    """Tighten the bounds of the columns in one row. Return True if a bound changed."""
    changed = False
    # Row ≤ upper side, then the negated row ≤ −lower side.
    for sign in (1.0, -1.0):
        side = row_upper if sign > 0.0 else -row_lower
        if not np.isfinite(side):
            continue
        # Least activity of the row; infinite terms are counted apart.
        endless, total, terms = 0, 0.0, abs(side)
        for at in range(len(column)):
            least = _least(sign * value[at], lower[column[at]], upper[column[at]])
            if np.isinf(least):
                endless += 1
            else:
                total += least
                terms += abs(least)
        # With two infinite terms the other terms of every column are unbounded below.
        if endless > 1:
            continue
        for at in range(len(column)):
            a, j = sign * value[at], column[at]
            if a == 0.0 or (a < 0.0 and not open_below[j]):
                continue
            own = _least(a, lower[j], upper[j])
            if endless and not np.isinf(own):
                continue
            # x_j ≤ (side − least activity of the others) / a, rounded up; ≥, rounded down, where a < 0.
            bound = (side - (total if np.isinf(own) else total - own) + ROUNDING * terms) / a
            if a < 0.0:
                if bound > lower[j]:
                    lower[j] = min(bound, upper[j])
                    changed = True
                continue
            bound = max(bound, lower[j])
            if bound < upper[j]:
                upper[j] = bound
                changed = True
    return changed


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _least(a, lower, upper):  # type: ignore[no-untyped-def]
    """Return the minimum of a·x over lower ≤ x ≤ upper."""
    return 0.0 if a == 0.0 else a * lower if a > 0.0 else a * upper
