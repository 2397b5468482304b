"""Numeric kernels of the hours: some hours side by side as SIMD lanes, compiled once and kept on disk, without BLAS.

Each carries out the operations that `symbolic` wrote down, for a list of hours (`steps`), and holds no lock, so that
threads may work on other hours. Compiled code that holds pointers to BLAS could not be cached; dense products are left to
numpy, in `hours` and `chain`. Sparse columns are kept undivided: entry w and pivot d stand for the factor w/d, and the
pivot's inverse is what is stored, 0 for a row that takes no part.
"""

from __future__ import annotations

import numba
import numpy as np

LANES = 8
"""Hours side by side: the doubles in a vector register of 512 bits."""
PANEL = 4
"""Pivots eliminated at once: a target is then fetched and stored once for all of them."""
DEPENDENT = 1e-14
"""A pivot below this share of its diagonal is rounding: the row depends on others, and its dual stays where it is."""
REGULAR = 1e-13
"""Relative regularisation of diagonals. An absolute one would drown rows that nothing uses (all their Θ are small)."""
ENDLESS = 1e128
"""What a dense factor puts in the place of such a pivot."""
FAST = {"contract", "nsz"}
DOT = {"contract", "nsz", "reassoc"}
"""Sums of products may be added up in any order."""


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def factorise(  # type: ignore[no-untyped-def]
    theta, slack_theta, masked, steps, pivots, width, below, held_in, update, slack_slot,
    product_slot, product_column, product_left, product_right, product_factor,
    constant, which, table, held_slot, held_constant, held_which, kept, slots,
    own_slot, own_place, across_slot, across_place, state_slot, state_place, next_slot, border_slot,
    factor, own, across, state, following, border,
):  # fmt: skip
    """Assemble and eliminate the sparse rows of the hours `steps`, and hand on what is left.

    theta, shape (all steps, columns); slack_theta and masked, shape (all steps, rows). Fills factor, shape (chunks, kept,
    LANES), and for each hour own, across, state (which must be 0) and following; adds to border what all hours leave.
    """
    work, lane_step = np.empty((slots + 1, LANES)), np.empty(LANES, dtype=np.int64)
    for chunk in range(factor.shape[0]):
        first = chunk * LANES
        for lane in range(LANES):
            lane_step[lane] = steps[min(first + lane, len(steps) - 1)]
        _assemble(
            theta, slack_theta, lane_step, slack_slot, product_slot, product_column, product_left, product_right,
            product_factor, constant, which, table, held_slot, held_constant, held_which, work,
        )  # fmt: skip
        _eliminate(masked, lane_step, pivots, width, below, held_in, update, slots, work)
        for i in range(len(kept)):
            for lane in range(LANES):
                factor[chunk, i, lane] = work[kept[i], lane]
        count = min(LANES, len(steps) - first)
        for lane in range(count):
            hour = first + lane
            for i in range(len(own_slot)):
                own[hour, own_place[i]] = work[own_slot[i], lane]
            for i in range(len(across_slot)):
                across[hour, across_place[i]] = work[across_slot[i], lane]
            for i in range(len(state_slot)):
                state[hour, state_place[i]] = work[state_slot[i], lane]
            for i in range(len(next_slot)):
                following[hour, i] = work[next_slot[i], lane]
        for i in range(len(border_slot)):
            total = 0.0
            for lane in range(count):
                total += work[border_slot[i], lane]
            border[i] += total


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _assemble(  # type: ignore[no-untyped-def]
    theta, slack_theta, lane_step, slack_slot, product_slot, product_column, product_left, product_right,
    product_factor, constant, which, table, held_slot, held_constant, held_which, work,
):  # fmt: skip
    """The matrix of the hours of the lanes, into work."""
    work[:] = 0.0
    for q in range(len(product_slot)):
        into, j, one, other = product_slot[q], product_column[q], product_left[q], product_right[q]
        times, a_at, b_at = product_factor[q], which[one], which[other]
        if a_at < 0 and b_at < 0:
            value = times * constant[one] * constant[other]
            for lane in range(LANES):
                work[into, lane] += value * theta[lane_step[lane], j]
        else:
            for lane in range(LANES):
                a = constant[one] if a_at < 0 else table[a_at, lane_step[lane]]
                b = constant[other] if b_at < 0 else table[b_at, lane_step[lane]]
                work[into, lane] += times * a * b * theta[lane_step[lane], j]
    for i in range(len(slack_slot)):
        for lane in range(LANES):
            work[slack_slot[i], lane] += slack_theta[lane_step[lane], i]
    for q in range(len(held_slot)):
        at = held_which[q]
        for lane in range(LANES):
            work[held_slot[q], lane] += held_constant[q] if at < 0 else table[at, lane_step[lane]]


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _eliminate(masked, lane_step, pivots, width, below, held_in, update, slots, work):  # type: ignore[no-untyped-def]
    """Eliminate the sparse rows, panel by panel; work holds the matrix, and then the factor and what is left."""
    most = width.max() + below.max() if len(width) else 0
    hold, ratio, times = np.zeros((PANEL, most, LANES)), np.empty((PANEL, LANES)), np.empty((PANEL, LANES))
    whole = work[: len(pivots)].copy()
    k = q = g = 0
    for panel in range(len(width)):
        p, end = width[panel], width[panel] + below[panel]
        hold[:, :end] = 0.0
        for i in range(end):
            for j in range(min(p, i + 1)):
                if held_in[g + i * p + j] < slots:
                    hold[j, i] = work[held_in[g + i * p + j]]
        ratio[:] = 0.0
        for j in range(p):
            for lane in range(LANES):
                d = hold[j, j, lane] * (1.0 + REGULAR)
                alive = d > DEPENDENT * whole[k + j, lane] and not masked[lane_step[lane], pivots[k + j]]
                ratio[j, lane] = 1.0 / d if alive else 0.0
            work[k + j] = ratio[j]
            for other in range(j + 1, p):
                for i in range(other, end):
                    for lane in range(LANES):
                        hold[other, i, lane] -= ratio[j, lane] * hold[j, other, lane] * hold[j, i, lane]
        for i in range(end):
            for j in range(min(p, i)):
                if held_in[g + i * p + j] < slots:
                    work[held_in[g + i * p + j]] = hold[j, i]
        for a in range(p, end):
            for j in range(PANEL):
                for lane in range(LANES):
                    times[j, lane] = ratio[j, lane] * hold[j, a, lane]
            for b in range(p, a + 1):
                into = update[q]
                q += 1
                if p == 1:
                    for lane in range(LANES):
                        work[into, lane] -= times[0, lane] * hold[0, b, lane]
                else:
                    for lane in range(LANES):
                        work[into, lane] -= (
                            times[0, lane] * hold[0, b, lane] + times[1, lane] * hold[1, b, lane]
                            + times[2, lane] * hold[2, b, lane] + times[3, lane] * hold[3, b, lane]
                        )  # fmt: skip
        k += p
        g += end * p


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=DOT)
def forward(  # type: ignore[no-untyped-def]
    factor, inverse, beside, start, entry, pivots, late_rows, state_rows, touched, steps, masked, right, early, late, left
):  # fmt: skip
    """Eliminate the hours' own rows from the right sides `right`, shape (all steps, rows).

    Fills early, shape (chunks, sparse, LANES), late, shape (hours, late), and left, shape (hours, 2 × states): what
    remains for the hour's states and those of the next.
    """
    sparse, dense, states = len(pivots), len(late_rows), len(state_rows)
    work, ratio = np.empty((sparse + dense + 2 * states, LANES)), np.empty(LANES)
    for chunk in range(factor.shape[0]):
        count = min(LANES, len(steps) - chunk * LANES)
        work[:] = 0.0
        for lane in range(count):
            of = right[steps[chunk * LANES + lane]]
            for k in range(sparse):
                work[k, lane] = of[pivots[k]]
            for k in range(dense):
                work[sparse + k, lane] = of[late_rows[k]]
            for k in range(states):
                work[sparse + dense + k, lane] = of[state_rows[k]]
        for k in range(sparse):
            for lane in range(LANES):
                ratio[lane] = work[k, lane] * factor[chunk, k, lane]
            for at in range(start[k], start[k + 1]):
                row = entry[at]
                for lane in range(LANES):
                    work[row, lane] -= ratio[lane] * factor[chunk, sparse + at, lane]
        early[chunk] = work[:sparse]
        for lane in range(count):
            hour = chunk * LANES + lane
            alive = masked[steps[hour]]
            for k in range(dense):
                total = 0.0
                for j in range(k + 1):
                    if not alive[late_rows[j]]:
                        total += inverse[hour, k, j] * work[sparse + j, lane]
                late[hour, k] = total
            for k in range(2 * states):
                left[hour, k] = work[sparse + dense + k, lane]
            for j in range(dense):
                value = late[hour, j]
                for k in range(len(touched)):
                    left[hour, touched[k]] -= beside[hour, j, k] * value


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=DOT)
def backward(  # type: ignore[no-untyped-def]
    factor, inverse, beside, start, entry, pivots, late_rows, state_rows, touched, steps, early, late, found, out
):  # fmt: skip
    """The hours' rows, into out, shape (all steps, rows), from `found`, shape (hours, 2 × states)."""
    sparse, dense, states = len(pivots), len(late_rows), len(state_rows)
    work, total = np.empty((sparse + dense + 2 * states, LANES)), np.empty(LANES)
    rest = np.empty(dense)
    for chunk in range(factor.shape[0]):
        count = min(LANES, len(steps) - chunk * LANES)
        work[:] = 0.0
        for lane in range(count):
            hour = chunk * LANES + lane
            for j in range(dense):
                value = late[hour, j]
                for k in range(len(touched)):
                    value -= beside[hour, j, k] * found[hour, touched[k]]
                rest[j] = value
            for k in range(dense):
                for j in range(k + 1):
                    work[sparse + j, lane] += inverse[hour, k, j] * rest[k]
            for k in range(2 * states):
                work[sparse + dense + k, lane] = found[hour, k]
        for back in range(sparse):
            k = sparse - 1 - back
            for lane in range(LANES):
                total[lane] = early[chunk, k, lane]
            for at in range(start[k], start[k + 1]):
                row = entry[at]
                for lane in range(LANES):
                    total[lane] -= factor[chunk, sparse + at, lane] * work[row, lane]
            for lane in range(LANES):
                work[k, lane] = total[lane] * factor[chunk, k, lane]
        for lane in range(count):
            of = out[steps[chunk * LANES + lane]]
            for k in range(sparse):
                of[pivots[k]] = work[k, lane]
            for k in range(dense):
                of[late_rows[k]] = work[sparse + k, lane]
            for k in range(states):
                of[state_rows[k]] = work[sparse + dense + k, lane]


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=DOT)
def chain_forward(inverse, ahead, outer, dead, left, kept, first, last):  # type: ignore[no-untyped-def]
    """Eliminate states hour by hour; left: shape (hours, 2 × states). Fills kept, and adds to first and last."""
    states = kept.shape[1]
    here, following = left[0, :states], left[0, states:].copy()
    first += here
    for i in range(1, len(kept)):
        for k in range(states):
            following[k] = 0.0 if dead[i, k] else following[k] + left[i, k]
        for k in range(states):
            total = 0.0
            for j in range(k + 1):
                total += inverse[i, k, j] * following[j]
            kept[i, k] = total
        following[:] = left[i, states:]
        for j in range(states):
            value = kept[i, j]
            for k in range(states):
                following[k] -= ahead[i, j, k] * value
            for k in range(states):
                first[k] -= outer[i, j, k] * value
    last += following


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=DOT)
def chain_backward(inverse, ahead, outer, kept, first, last, found):  # type: ignore[no-untyped-def]
    """States of the hours and of those that follow them, into found, shape (hours, 2 × states), given first and last."""
    states = kept.shape[1]
    rest, here = np.empty(states), last.copy()
    for back in range(len(kept) - 1):
        i = len(kept) - 1 - back
        found[i, states:] = here
        for j in range(states):
            value = kept[i, j]
            for k in range(states):
                value -= ahead[i, j, k] * here[k]
            for k in range(states):
                value -= outer[i, j, k] * first[k]
            rest[j] = value
        here[:] = 0.0
        for k in range(states):
            for j in range(k + 1):
                here[j] += inverse[i, k, j] * rest[k]
        found[i, :states] = here
    found[0, states:] = here
    found[0, :states] = first


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def gather(row, node, constant, which, table, column, theta, state_rows, steps, after, y, out):  # type: ignore[no-untyped-def]
    """out[node] −= coupling × y over the hours: what their rows' unknowns mean for the border.

    y: shape (all steps, rows). A coupling is a coefficient (of `table` where which ≥ 0), times θ of a column where
    column ≥ 0; its row is one of the hour, or beyond those, a state of the next hour (`after`).
    """
    rows = y.shape[1]
    for i in range(len(steps)):
        step = steps[i]
        for q in range(len(row)):
            value = constant[q] if which[q] < 0 else constant[q] * table[which[q], step]
            if column[q] >= 0:
                value *= theta[step, column[q]]
            at = row[q]
            out[node[q]] -= value * (y[step, at] if at < rows else y[after[i], state_rows[at - rows]])


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def scatter(row, node, constant, which, table, column, theta, state_rows, steps, after, x, out):  # type: ignore[no-untyped-def]
    """out −= coupling × x, the other way about: what the border's unknowns x mean for the hours' rows."""
    rows = out.shape[1]
    for i in range(len(steps)):
        step = steps[i]
        for q in range(len(row)):
            value = constant[q] if which[q] < 0 else constant[q] * table[which[q], step]
            if column[q] >= 0:
                value *= theta[step, column[q]]
            if row[q] < rows:
                out[step, row[q]] -= value * x[node[q]]
            else:
                out[after[i], state_rows[row[q] - rows]] -= value * x[node[q]]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def reach(v, base, more, weights, lengths, kept, inverse, past, worst):  # type: ignore[no-untyped-def]
    """How far base + weight × more may be gone along from v ≥ 0, for each weight.

    inverse: shape (weights,), raised to 1 over the longest step that keeps to the bound. past: shape (weights, lengths),
    to which is added, for each of the lengths, longest first, what entries would lie below 0 by, relative to themselves.
    worst: the same shape, raised to the largest change, in absolute numbers, of one that is lifted to `kept` of itself.
    """
    for j in range(len(v)):
        for k in range(len(weights)):
            down = -(base[j] + weights[k] * more[j]) / v[j]
            if down > 1.0:
                inverse[k] = max(inverse[k], down)
                for i in range(len(lengths)):
                    beyond = lengths[i] * down - 1.0
                    if not beyond > 0.0:
                        break
                    past[k, i] += beyond
                    worst[k, i] = max(worst[k, i], (beyond + kept) * v[j])


@numba.njit(cache=True, nogil=True, error_model="numpy")
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
