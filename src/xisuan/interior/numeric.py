"""Numeric kernels of the hours: some hours side by side as SIMD lanes, compiled once and kept on disk, without BLAS.

Each carries out the operations that `symbolic` wrote down. Compiled code that holds pointers to BLAS could not be
cached; dense work is left to numpy, in `hours` and `chain`. Sparse columns are kept undivided: entry w and pivot d stand
for the factor w/d, and the pivot's inverse is what is stored, 0 for a row that takes no part.
"""

from __future__ import annotations

import numba
import numpy as np

LANES = 8
"""Hours side by side: the doubles in a vector register of 512 bits."""
DEPENDENT = 1e-14
"""A pivot below this share of its diagonal is rounding: the row depends on others, and its dual stays where it is."""
REGULAR = 1e-13
"""Relative regularisation of diagonals. An absolute one would drown rows that nothing uses (all their Θ are small)."""
ENDLESS = 1e128
"""What a dense factor puts in the place of such a pivot."""


@numba.njit(cache=True, parallel=True, error_model="numpy", fastmath={"contract", "nsz"})
def factorise(  # type: ignore[no-untyped-def]
    theta, slack_theta, masked, pivots, start, update, slack_slot,
    product_slot, product_column, product_left, product_right, product_factor,
    constant, which, table, held_slot, held_constant, held_which, first_step, factor, tail,
):  # fmt: skip
    """Assemble and eliminate the sparse rows of hours from `first_step` on.

    theta, shape (steps, columns); slack_theta and masked, shape (steps, rows). Fills factor, shape (chunks, sparse +
    entries, LANES), and tail, shape (chunks, tail slots, LANES), of as many chunks as they have.
    """
    steps, sparse, kept = theta.shape[0], len(pivots), factor.shape[1]
    for chunk in numba.prange(factor.shape[0]):
        begin = first_step + chunk * LANES
        count = min(LANES, steps - begin)
        work = np.zeros((kept + tail.shape[1], LANES))
        for q in range(len(product_slot)):
            into, j, one, other = product_slot[q], product_column[q], product_left[q], product_right[q]
            times, a_at, b_at = product_factor[q], which[one], which[other]
            if a_at < 0 and b_at < 0:
                value = times * constant[one] * constant[other]
                for lane in range(count):
                    work[into, lane] += value * theta[begin + lane, j]
            else:
                for lane in range(count):
                    a = constant[one] if a_at < 0 else table[a_at, begin + lane]
                    b = constant[other] if b_at < 0 else table[b_at, begin + lane]
                    work[into, lane] += times * a * b * theta[begin + lane, j]
        for i in range(len(slack_slot)):
            for lane in range(count):
                work[slack_slot[i], lane] += slack_theta[begin + lane, i]
        for q in range(len(held_slot)):
            at = held_which[q]
            for lane in range(count):
                work[held_slot[q], lane] += held_constant[q] if at < 0 else table[at, begin + lane]
        whole = work[:sparse].copy()
        ratio = np.empty(LANES)
        q = 0
        for k in range(sparse):
            for lane in range(LANES):
                d = work[k, lane] * (1.0 + REGULAR)
                alive = lane < count and d > DEPENDENT * whole[k, lane]
                if alive and masked[begin + lane, pivots[k]]:
                    alive = False
                work[k, lane] = 1.0 / d if alive else 0.0
            for row in range(sparse + start[k], sparse + start[k + 1]):
                for lane in range(LANES):
                    ratio[lane] = work[row, lane] * work[k, lane]
                for left in range(sparse + start[k], row + 1):
                    into = update[q]
                    q += 1
                    for lane in range(LANES):
                        work[into, lane] -= ratio[lane] * work[left, lane]
        factor[chunk] = work[:kept]
        tail[chunk] = work[kept:]


@numba.njit(cache=True, parallel=True, error_model="numpy", fastmath={"contract", "nsz"})
def forward(factor, start, entry, pivots, tail_rows, right, sparse_out, tail_out):  # type: ignore[no-untyped-def]
    """Eliminate the sparse rows from the right sides. right: shape (steps, rows).

    Fills sparse_out, shape (chunks, sparse, LANES), and tail_out, shape (steps, tail). tail_rows: the row of the hour at
    each place of the tail, −1 where it is none.
    """
    steps, sparse = right.shape[0], len(pivots)
    for chunk in numba.prange(factor.shape[0]):
        begin = chunk * LANES
        count = min(LANES, steps - begin)
        work = np.zeros((sparse + len(tail_rows), LANES))
        for k in range(sparse):
            for lane in range(count):
                work[k, lane] = right[begin + lane, pivots[k]]
        for k in range(len(tail_rows)):
            if tail_rows[k] >= 0:
                for lane in range(count):
                    work[sparse + k, lane] = right[begin + lane, tail_rows[k]]
        ratio = np.empty(LANES)
        for k in range(sparse):
            for lane in range(LANES):
                ratio[lane] = work[k, lane] * factor[chunk, k, lane]
            for at in range(start[k], start[k + 1]):
                row = entry[at]
                for lane in range(LANES):
                    work[row, lane] -= ratio[lane] * factor[chunk, sparse + at, lane]
        sparse_out[chunk] = work[:sparse]
        for k in range(len(tail_rows)):
            for lane in range(count):
                tail_out[begin + lane, k] = work[sparse + k, lane]


@numba.njit(cache=True, parallel=True, error_model="numpy", fastmath={"contract", "nsz"})
def backward(factor, start, entry, pivots, sparse_in, tail_in, out):  # type: ignore[no-untyped-def]
    """The sparse rows' unknowns, into out, shape (steps, rows), from those of the tail, shape (steps, tail)."""
    steps, sparse, size = out.shape[0], len(pivots), tail_in.shape[1]
    for chunk in numba.prange(factor.shape[0]):
        begin = chunk * LANES
        count = min(LANES, steps - begin)
        work = np.zeros((sparse + size, LANES))
        for k in range(size):
            for lane in range(count):
                work[sparse + k, lane] = tail_in[begin + lane, k]
        total = np.empty(LANES)
        for back in range(sparse):
            k = sparse - 1 - back
            for lane in range(LANES):
                total[lane] = sparse_in[chunk, k, lane]
            for at in range(start[k], start[k + 1]):
                row = entry[at]
                for lane in range(LANES):
                    total[lane] -= factor[chunk, sparse + at, lane] * work[row, lane]
            for lane in range(LANES):
                work[k, lane] = total[lane] * factor[chunk, k, lane]
        for k in range(sparse):
            for lane in range(count):
                out[begin + lane, pivots[k]] = work[k, lane]


@numba.njit(cache=True, nogil=True)
def spread(values, slots, places, out):  # type: ignore[no-untyped-def]
    """out[step, places[i]] += values[slots[i]] of the step's chunk and lane. values: shape (chunks, slots, LANES)."""
    for chunk in range(values.shape[0]):
        count = min(LANES, out.shape[0] - chunk * LANES)
        for i in range(len(slots)):
            for lane in range(count):
                out[chunk * LANES + lane, places[i]] += values[chunk, slots[i], lane]


@numba.njit(cache=True, error_model="numpy")
def reach(v, base, more, weights):  # type: ignore[no-untyped-def]
    """For each weight the largest step, at most 1, along base + weight × more that keeps v ≥ 0."""
    inverse = np.ones(len(weights))
    for j in range(len(v)):
        for k in range(len(weights)):
            inverse[k] = max(inverse[k], -(base[j] + weights[k] * more[j]) / v[j])
    return 1.0 / inverse


@numba.njit(cache=True, error_model="numpy")
def guarded(matrix):  # type: ignore[no-untyped-def]
    """Cholesky factor of a symmetric matrix, lower, in place, with `ENDLESS` for every pivot that is only rounding."""
    n = matrix.shape[0]
    for k in range(n):
        whole = matrix[k, k]
        d = whole
        for j in range(k):
            d -= matrix[k, j] * matrix[k, j]
        root = np.sqrt(d) if d > DEPENDENT * whole else np.sqrt(ENDLESS)
        matrix[k, k] = root
        for i in range(k + 1, n):
            total = matrix[i, k]
            for j in range(k):
                total -= matrix[i, j] * matrix[k, j]
            matrix[i, k] = total / root
        for i in range(k):
            matrix[i, k] = 0.0
