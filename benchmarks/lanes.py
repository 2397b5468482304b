"""Eliminate states hour by hour: one range after another by BLAS (the method in use), or eight ranges as vector lanes.

`python -m benchmarks.lanes [STATES BORDER HOURS]`; the defaults are the sizes of `china`, 66 states and 290 border
nodes. Both methods eliminate the same random numbers in one thread, and their results must agree. The border's Schur
complement is summed by BLAS in both methods and timed separately. Compilation is not counted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numba
import numpy as np
import scipy.linalg  # noqa: F401 (its BLAS is what compiled products call: it must be there to be limited to one thread)
from threadpoolctl import threadpool_limits

from gnomon.arrays import Array
from gnomon.interior_point.factorisation import dense_blocks
from gnomon.interior_point.factorisation.numeric_factorisation import REGULAR
from gnomon.runtime.simd_lanes import LANES, every, load, store

STATES, BORDER, HOURS = 66, 290, 24
ROUNDS = 5
"""Number of timings of each method; the fastest counts."""


def main(states: int = STATES, border: int = BORDER, hours: int = HOURS) -> None:
    """Print microseconds per hour of both methods and their ratio."""
    if states % 2:
        raise SystemExit("an even number of states: lanes take two rows at a time")
    rng = np.random.default_rng(1)
    state = rng.normal(size=(hours, LANES, states, states + border))
    own = state[..., :states]
    # The shift by 30 √n exceeds the norm of the random part, so that the blocks are positive definite.
    state[..., :states] = own + own.swapaxes(-1, -2) + 30.0 * np.sqrt(states) * np.eye(states)
    coupling = rng.normal(size=(hours, LANES, states, states))
    with threadpool_limits(1):
        one, left = _fastest(lambda: _by_blas(state, coupling))
        laned = _laned(state, coupling)
        side, others = _fastest(lambda: _by_lanes(*laned, states, states + border))
        fill, _ = _fastest(lambda: _filled(left[1], states + border))
    for mine, theirs in zip(left, others, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9 * np.abs(mine).max())
    per_hour = 1e6 / (hours * LANES)
    print(
        json.dumps(
            {
                "blas_us": one * per_hour,
                "lanes_us": side * per_hour,
                "blas_over_lanes": one / side,
                "border_us": fill * per_hour,
            }
        )
    )


def _fastest(way: Callable[[], tuple[Array, Array]]) -> tuple[float, tuple[Array, Array]]:
    way()
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = way()
        seconds.append(time.perf_counter() - began)
    return min(seconds), found


def _by_blas(state: Array, coupling: Array) -> tuple[Array, Array]:
    """Return the Schur update that each range passes on at its end, and the reduced blocks of its hours."""
    hours, ranges, n, wide = state.shape
    carry, done = np.zeros((ranges, n, n + wide)), np.empty((ranges, hours, n, n + wide))
    inverse, ahead, outer = np.empty((3, hours, n, n))
    alive = np.zeros(n, dtype=np.bool_)
    for one in range(ranges):
        for hour in range(hours):
            given = (state[hour, one], coupling[hour, one], alive, carry[one])
            if not dense_blocks.advance(*given, inverse[hour], ahead[hour], outer[hour], done[one, hour]):
                raise FloatingPointError("numbers beyond double precision")
    return carry, done


def _filled(done: Array, wide: int) -> tuple[Array, Array]:
    """Return the Schur complement of all hours for the first states and the border: Σ Rₕᵀ Rₕ (twice, as a pair)."""
    fill = np.zeros((wide, wide))
    for one in done:
        rows = one.reshape(-1, one.shape[2])[:, :wide]
        fill += rows.T @ rows
    return fill, fill


def _laned(state: Array, coupling: Array) -> tuple[Array, Array]:
    """Return the same numbers with ranges as the last axis."""
    hours, ranges = state.shape[:2]
    return tuple(np.ascontiguousarray(np.moveaxis(of, 1, -1)).reshape(hours, -1, ranges) for of in (state, coupling))  # type: ignore[return-value]


def _by_lanes(state: Array, coupling: Array, n: int, wide: int) -> tuple[Array, Array]:
    """Return the result of `_by_blas`, for all ranges at once.

    The reduced blocks are copied to the layout that BLAS needs for the border.
    """
    hours, ranges, all_wide = len(state), state.shape[2], n + wide
    padded = -(-all_wide // 4) * 4
    carry, done = np.zeros((n * padded, ranges)), np.empty((ranges, hours, n, all_wide))
    inverse, ahead, outer = np.empty((3, hours, n * n, ranges))
    _advance(state, coupling, n, wide, padded, carry, inverse, ahead, outer, done)
    return np.moveaxis(carry.reshape(n, padded, ranges)[:, :all_wide], -1, 0), done


@numba.njit(nogil=True, error_model="numpy")
def _advance(state, coupling, n, wide, padded, carry, inverse, ahead, outer, done):  # type: ignore[no-untyped-def]
    """Eliminate the states of consecutive hours of LANES ranges; rows of arrays are entries, columns ranges."""
    own, less, here = np.zeros((n * n, LANES)), np.zeros((n * n, LANES)), np.zeros((n * padded, LANES))
    for hour in range(len(state)):
        # Assemble [first | border | next] of the hour: its own numbers plus the Schur update of the hour before.
        mine, next_one, factor = state[hour], coupling[hour], inverse[hour]
        for k in range(n):
            for j in range(n):
                store(own, k * n + j, load(carry, k * padded + wide + j) + load(mine, k * wide + j))
            for j in range(n, wide):
                store(carry, k * padded + j, load(carry, k * padded + j) + load(mine, k * wide + j))
            for j in range(n):
                store(carry, k * padded + wide + j, load(next_one, k * n + j))
        # Cholesky factor of the pivot block, own = L Lᵀ; reduced row: L⁻¹ [first | border | next].
        _inverse_factor(own, n, factor)
        _times(factor, True, carry, n, padded, here)
        for k in range(n):
            for j in range(n):
                store(outer[hour], k * n + j, load(here, k * padded + j))
                store(ahead[hour], k * n + j, load(here, k * padded + wide + j))
                store(less, j * n + k, every(-1.0) * load(here, k * padded + wide + j))
        # Schur update of the next hour: −(L⁻¹ next)ᵀ L⁻¹ [first | border | next].
        _times(less, False, here, n, padded, carry)
        for lane in range(LANES):
            for k in range(n):
                for j in range(n + wide):
                    done[lane, hour, k, j] = here[k * padded + j, lane]


@numba.njit(nogil=True, error_model="numpy", fastmath={"contract", "nsz"})
def _inverse_factor(matrix, n, inverse):  # type: ignore[no-untyped-def]
    """Write L⁻¹ of symmetric matrices L Lᵀ to `inverse`; their upper triangles are overwritten."""
    inverse[:] = 0.0
    # Right-looking Cholesky; the same row operations turn the identity into L⁻¹. Pivots are regularised relatively.
    for k in range(n):
        for lane in range(LANES):
            inverse[k * n + k, lane] = 1.0 / np.sqrt(matrix[k * n + k, lane] * (1.0 + REGULAR))
        factor = load(inverse, k * n + k)
        for j in range(k):
            store(inverse, k * n + j, load(inverse, k * n + j) * factor)
        for i in range(k + 1, n):
            store(matrix, k * n + i, load(matrix, k * n + i) * factor)
        for i in range(k + 1, n):
            times = load(matrix, k * n + i)
            for j in range(i, n):
                store(matrix, i * n + j, load(matrix, i * n + j) - times * load(matrix, k * n + j))
            for j in range(k + 1):
                store(inverse, i * n + j, load(inverse, i * n + j) - times * load(inverse, k * n + j))


@numba.njit(nogil=True, error_model="numpy", fastmath={"contract", "nsz"})
def _times(left, lower, right, n, wide, out):  # type: ignore[no-untyped-def]
    """Compute out = left × right, two rows and four columns at a time in registers; `lower`: left is triangular."""
    for j in range(0, wide, 4):
        for k in range(0, n, 2):
            zero = load(right, j) - load(right, j)
            a0, a1, a2, a3, b0, b1, b2, b3 = zero, zero, zero, zero, zero, zero, zero, zero
            for m in range(k + 2 if lower else n):
                one, other = load(left, k * n + m), load(left, (k + 1) * n + m)
                at = m * wide + j
                x0, x1, x2, x3 = load(right, at), load(right, at + 1), load(right, at + 2), load(right, at + 3)
                a0, a1, a2, a3 = a0 + one * x0, a1 + one * x1, a2 + one * x2, a3 + one * x3
                b0, b1, b2, b3 = b0 + other * x0, b1 + other * x1, b2 + other * x2, b3 + other * x3
            at = k * wide + j
            store(out, at, a0)
            store(out, at + 1, a1)
            store(out, at + 2, a2)
            store(out, at + 3, a3)
            at += wide
            store(out, at, b0)
            store(out, at + 1, b1)
            store(out, at + 2, b2)
            store(out, at + 3, b3)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
