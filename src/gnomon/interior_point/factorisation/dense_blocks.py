"""Small dense matrices, compiled: triangular factors that tolerate dependent rows, and states eliminated hour by hour.

Nothing here holds Python's lock, as calls of LAPACK through scipy do: threads work side by side. Products of matrices go to
BLAS (numba finds it when it runs, so that what is compiled can be kept).
"""

from __future__ import annotations

import numba
import numpy as np

from gnomon.interior_point.factorisation.numeric_factorisation import DEPENDENT, ENDLESS, FAST, REGULAR

COMPILED_WITH = "a979d58d2336"
"""Digest of what the kernels take from other files: numba knows compiled code by the file of its function alone."""


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def inverse_factor(matrix, inverse):  # type: ignore[no-untyped-def]
    """L⁻¹ of a symmetric matrix L Lᵀ whose upper triangle is given, and is used up; whether the matrix is finite.

    A dependent row, whose pivot is only rounding, is 0 in the inverse next to all others.
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
    """The same for many, regularised and without the rows that are dead; shapes (any, n, n), (any, n), (any, n, n)."""
    finite = True
    for i in range(len(matrices)):
        _live(matrices[i], dead[i])
        finite = inverse_factor(matrices[i], inverses[i]) and finite
    return finite


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _live(matrix, dead):  # type: ignore[no-untyped-def]
    """Regularise a matrix; of a dead row and its column nothing but a unit pivot is left."""
    for k in range(len(matrix)):
        if dead[k]:
            matrix[k, :], matrix[:, k] = 0.0, 0.0
            matrix[k, k] = 1.0
        matrix[k, k] *= 1.0 + REGULAR


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def advance(state, coupling, dead, carry, inverse, ahead, outer, done):  # type: ignore[no-untyped-def]
    """Eliminate the states of one hour of a strand (`chain`); whether all is finite.

    state: (states, states + border), the hour's by themselves and the border; coupling: by the next hour's; carry: by the
    strand's first, the border, and themselves, (states, 2 states + border), and then what this leaves for the next hour's.
    Fills inverse, ahead and outer, the factors, and done: over the factor, columns as in carry, the next hour's states last.
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
    np.dot(inverse, carry, done)
    less = np.empty((n, n))
    for k in range(n):
        for j in range(n):
            outer[k, j] = done[k, j]
            ahead[k, j] = done[k, wide + j]
            less[k, j] = -done[k, wide + j]
    np.dot(less.T, done, carry)
    return finite


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def advance_all(  # type: ignore[no-untyped-def]
    state, entries, late, ahead_at, own_at, border_at, theirs, dead, dead_next, begun,
    carry, inverse, ahead, outer, done,
):  # fmt: skip
    """Eliminate the states of consecutive hours; of a strand that has not begun, all but the first hour's.

    state, inverse, ahead, outer, done: of these hours, as for `advance`. entries, shape (hours, any), are what couples the
    next hour's states, at the places (entry, row, column) of ahead_at, own_at and border_at. late, shape (hours, late rows,
    any): what late rows pass on, to the hour's states, to those of the next one's that `theirs` names, and to the border.
    dead, dead_next: states of the hours and of those that follow that take no part.
    """
    n = state.shape[1]
    coupling = np.empty((n, n))
    finite = True
    for i in range(len(state)):
        coupling[:] = 0.0
        _add(entries[i], ahead_at, coupling)
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
    """Take what late rows pass on to the next hour's states by themselves and the border from what is carried to them."""
    n, count = len(carry), len(theirs)
    own = carry.shape[1] - n
    for k in range(count):
        for j in range(count):
            carry[theirs[k], own + theirs[j]] -= passed[k, j]
        for j in range(own - n):
            carry[theirs[k], n + j] -= passed[k, count + j]
