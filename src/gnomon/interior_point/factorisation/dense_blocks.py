"""Compiled kernels for small dense matrices: factors that tolerate dependent rows, and elimination of states hour by hour.

The kernels do not hold Python's lock, which LAPACK calls through scipy do, so threads run in parallel. Matrix products
go to BLAS, which numba finds at run time so that compiled code can be cached.
"""

from __future__ import annotations

import numba
import numpy as np

from gnomon.interior_point.factorisation.numeric_factorisation import DEPENDENT, ENDLESS, FAST, REGULAR

COMPILED_WITH = "6de1d6600f08"
"""Digest of the compiled functions used from other files. numba's cache notices changes in a function's own file only."""


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def inverse_factor(matrix, inverse):  # type: ignore[no-untyped-def]
    """Compute L⁻¹ of a symmetric matrix L Lᵀ. Return True if the matrix is finite.

    Its upper triangle is given and overwritten. A dependent row, whose pivot is only rounding, is nearly 0 in the
    inverse.
    """
    n = matrix.shape[0]
    inverse[:] = 0.0
    whole = np.empty(n)
    finite = True
    for k in range(n):
        whole[k] = matrix[k, k]
        finite = finite and np.isfinite(whole[k])
    for k in range(n):
        row, mine = matrix[k], inverse[k]
        # A pivot of rounding is replaced by ENDLESS, which removes its row.
        factor = 1.0 / np.sqrt(row[k] if row[k] > DEPENDENT * whole[k] else ENDLESS)
        mine[k] = 1.0
        for j in range(k + 1):
            mine[j] *= factor
        for i in range(k + 1, n):
            row[i] *= factor
        for i in range(k + 1, n):
            times, below, theirs = row[i], matrix[i], inverse[i]
            for j in range(i, n):
                below[j] -= times * row[j]
            for j in range(k + 1):
                theirs[j] -= times * mine[j]
    return finite


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def inverse_factors(matrices, dead, inverses):  # type: ignore[no-untyped-def]
    """Compute `inverse_factor` of many matrices, regularised and without dead rows.

    Shapes (any, n, n), (any, n), (any, n, n). Return True if all are finite.
    """
    finite = True
    for i in range(len(matrices)):
        _live(matrices[i], dead[i])
        finite = inverse_factor(matrices[i], inverses[i]) and finite
    return finite


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _live(matrix, dead):  # type: ignore[no-untyped-def]
    """Regularise a matrix in place; dead rows and their columns become unit rows."""
    for k in range(len(matrix)):
        if dead[k]:
            matrix[k, :], matrix[:, k] = 0.0, 0.0
            matrix[k, k] = 1.0
        matrix[k, k] *= 1.0 + REGULAR


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def advance(state, coupling, dead, carry, inverse, ahead, outer, done):  # type: ignore[no-untyped-def]
    """Eliminate the states of one hour of a strand (`block_tridiagonal`). Return True if all numbers are finite.

    state: (states, states + border), the hour's states by themselves and the border; coupling: by the next hour's.
    carry: Schur complement passed by the previous hour, by the separator, the border, and the states, (states, 2 states
    + border); on return that for the next hour. Fills the factors inverse, ahead and outer, and done = L⁻¹ carry, with
    columns as in carry but the next hour's states last.
    """
    n, wide = state.shape
    own = carry[:, wide:] + state[:, :n]
    for k in range(n):
        for j in range(n, wide):
            carry[k, j] += state[k, j]
        for j in range(n):
            carry[k, wide + j] = coupling[k, j]
        if dead[k]:
            carry[k] = 0.0
    _live(own, dead)
    finite = inverse_factor(own, inverse)
    # done = L⁻¹ [separator | border | next hour].
    np.dot(inverse, carry, done)
    less = np.empty((n, n))
    for k in range(n):
        for j in range(n):
            outer[k, j] = done[k, j]
            ahead[k, j] = done[k, wide + j]
            less[k, j] = -done[k, wide + j]
    # Schur complement for the next hour: −(L⁻¹ coupling)ᵀ done.
    np.dot(less.T, done, carry)
    return finite


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def advance_all(  # type: ignore[no-untyped-def]
    state, entries, late, ahead_at, own_at, border_at, theirs, dead, dead_next, begun,
    carry, inverse, ahead, outer, done,
):  # fmt: skip
    """Eliminate the states of consecutive hours; at the start of a strand the first hour is its separator.

    state, inverse, ahead, outer, done: of these hours, as for `advance`. entries, shape (hours, any): matrix entries of
    the next hour's states, at the places (entry, row, column) of ahead_at, own_at and border_at. late, shape (hours,
    late rows, any): scaled late rows, by the hour's states, the next hour's states `theirs`, and the border. dead,
    dead_next: states of these and of the next hours that take no part. Return True if all numbers are finite.
    """
    n = state.shape[1]
    coupling = np.empty((n, n))
    finite = True
    for i in range(len(state)):
        coupling[:] = 0.0
        _add(entries[i], ahead_at, coupling)
        # Late rows couple the hour's states with the next ones: subtract their products.
        over = np.ascontiguousarray(late[i]) if len(theirs) else np.zeros((0, n))
        passed = np.ascontiguousarray(over[:, n : n + len(theirs)].T)
        if len(theirs):
            mine = np.dot(passed, np.ascontiguousarray(over[:, :n]))
            for k in range(len(theirs)):
                coupling[:, theirs[k]] -= mine[k]
        for k in range(n):
            if dead[i, k]:
                coupling[k] = 0.0
            if dead_next[i, k]:
                coupling[:, k] = 0.0
        if begun or i:
            fine = advance(state[i], coupling, dead[i], carry, inverse[i], ahead[i], outer[i], done[i])
            finite = finite and fine
        else:
            carry[:] = 0.0
            carry[:, :n] = coupling.T
        _add(entries[i], own_at, carry)
        _add(entries[i], border_at, carry)
        if len(theirs):
            _follow(np.dot(passed, np.ascontiguousarray(over[:, n:])), theirs, carry)
    return finite


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _add(values, at, into):  # type: ignore[no-untyped-def]
    """Add values at their places (entry, row, column)."""
    for q in range(at.shape[1]):
        into[at[1, q], at[2, q]] += values[at[0, q]]


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _follow(passed, theirs, carry):  # type: ignore[no-untyped-def]
    """Subtract the products of late rows from what is carried to the next hour's states, by themselves and the border."""
    n, count = len(carry), len(theirs)
    own = carry.shape[1] - n
    for k in range(count):
        for j in range(count):
            carry[theirs[k], own + theirs[j]] -= passed[k, j]
        for j in range(own - n):
            carry[theirs[k], n + j] -= passed[k, count + j]
