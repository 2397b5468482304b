"""Compiled numeric kernels of the hours: one hour per SIMD lane, cached on disk, without BLAS.

Each kernel carries out the operations listed by `symbolic_factorisation` for a list of hours (`steps`) and holds no
Python lock, so threads may process other hours. Sparse columns are stored undivided: entry w and pivot d stand for the
factor w/d. The inverse of the pivot is stored, 0 for a row that takes no part.
"""

from __future__ import annotations

import numba
import numpy as np

from gnomon.runtime.simd_lanes import LANES, aligned, every, load, store

COMPILED_WITH = "70017c09ea71"
"""Digest of the compiled functions used from other files. numba's cache notices changes in a function's own file only."""
PANEL = 2
"""Pivots eliminated together, so that a target is loaded and stored once for both."""
DEPENDENT = 3e-15
"""A pivot below this share of its diagonal is rounding: the row depends on others, and its dual does not move."""
REGULAR = 1e-13
"""Relative regularisation of diagonals. An absolute one would hide rows that nothing uses, whose Θ are all small."""
ENDLESS = 1e128
"""Pivot of a dependent row in a dense factor."""
FAST = {"contract", "nsz"}
DOT = {"contract", "nsz", "reassoc"}
"""Fast-math flags for sums of products, which may be added in any order."""


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def factorise(  # type: ignore[no-untyped-def]
    theta, slack_theta, masked, steps, pivots, width, below, held_in, update, slack_slot,
    product_slot, product_column, product_left, product_right, product_factor,
    constant, which, table, held_slot, held_constant, held_which, kept, slots,
    own_slot, own_place, across_slot, across_place, state_slot, state_place, next_slot, border_slot,
    factor, own, across, state, following, border,
):  # fmt: skip
    """Assemble and eliminate the sparse rows of the hours `steps`, and write the remaining Schur complement.

    theta, shape (all steps, columns); slack_theta and masked, shape (all steps, rows). Fills factor, shape (chunks,
    kept, LANES), and for each hour own, across, state (which must be 0) and following; adds the sum over all hours to
    border.
    """
    work, lane_step = aligned(slots + 1), np.empty(LANES, dtype=np.int64)
    of_columns, of_rows, of_table = aligned(theta.shape[1]), aligned(slack_theta.shape[1]), aligned(len(table))
    room = aligned(PANEL * (width + below).max() + PANEL) if len(width) else aligned(0)
    for chunk in range(factor.shape[0]):
        first = chunk * LANES
        count = min(LANES, len(steps) - first)
        for lane in range(LANES):
            # Unused lanes of the last chunk repeat its last hour.
            step = lane_step[lane] = steps[first + min(lane, count - 1)]
            of_columns[:, lane], of_rows[:, lane], of_table[:, lane] = theta[step], slack_theta[step], table[:, step]
        _assemble(
            of_columns, of_rows, of_table, slack_slot, product_slot, product_column, product_left, product_right,
            product_factor, constant, which, held_slot, held_constant, held_which, work,
        )  # fmt: skip
        _eliminate(masked, lane_step, pivots, width, below, held_in, update, slots, work, room)
        into = factor[chunk]
        # Solves need no fill between hours and border: it is summed up below and dropped.
        for i in range(len(kept)):
            store(into, i, load(work, kept[i]))
        last = first + count
        _hand_on(work, own_slot, own_place, own[first:last])
        _hand_on(work, across_slot, across_place, across[first:last])
        _hand_on(work, state_slot, state_place, state[first:last])
        for i in range(len(next_slot)):
            for lane in range(count):
                following[first + lane, i] = work[next_slot[i], lane]
        for i in range(len(border_slot)):
            total = 0.0
            for lane in range(count):
                total += work[border_slot[i], lane]
            border[i] += total


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _hand_on(work, slot, place, into):  # type: ignore[no-untyped-def]
    """Copy the entries at `slot` of each lane to `place` of its hour."""
    for i in range(len(slot)):
        for lane in range(len(into)):
            into[lane, place[i]] = work[slot[i], lane]


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _assemble(  # type: ignore[no-untyped-def]
    theta, slack_theta, table, slack_slot, product_slot, product_column, product_left, product_right,
    product_factor, constant, which, held_slot, held_constant, held_which, work,
):  # fmt: skip
    """Assemble the matrix A Θ Aᵀ + Θₛ and held entries of the lanes' hours in work. Arguments by lane: (any, LANES)."""
    work[:] = 0.0
    # A Θ Aᵀ: products of two entries of a column, times θ.
    for q in range(len(product_slot)):
        into, one, other = product_slot[q], product_left[q], product_right[q]
        a_at, b_at = which[one], which[other]
        value = load(theta, product_column[q])
        value *= every(
            product_factor[q] * (constant[one] if a_at < 0 else 1.0) * (constant[other] if b_at < 0 else 1.0)
        )
        if a_at >= 0:
            value *= load(table, a_at)
        if b_at >= 0:
            value *= load(table, b_at)
        store(work, into, load(work, into) + value)
    # Θₛ on the diagonal.
    for i in range(len(slack_slot)):
        store(work, slack_slot[i], load(work, slack_slot[i]) + load(slack_theta, i))
    # Coefficients of the border's columns.
    for q in range(len(held_slot)):
        value = every(held_constant[q]) if held_which[q] < 0 else load(table, held_which[q])
        store(work, held_slot[q], load(work, held_slot[q]) + value)


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _eliminate(masked, lane_step, pivots, width, below, held_in, update, slots, work, room):  # type: ignore[no-untyped-def]
    """Eliminate the sparse rows, panel by panel, in place: work then holds the factor and the Schur complement.

    The columns of a panel are gathered in room, one after another, its own rows first; missing entries are 0.
    """
    whole = work[: len(pivots)].copy()
    k = q = g = 0
    for panel in range(len(width)):
        p, end = width[panel], width[panel] + below[panel]
        ratio, hold = room[:PANEL], room[PANEL : PANEL + p * end]
        # Gather the panel.
        for i in range(end):
            for j in range(p):
                at = held_in[g + i * p + j]
                store(hold, j * end + i, load(work, at) if i >= j and at < slots else every(0.0))
        for j in range(p):
            for lane in range(LANES):
                # Skip masked and dependent rows by an inverse pivot of 0.
                d = hold[j * end + j, lane] * (1.0 + REGULAR)
                alive = d > DEPENDENT * whole[k + j, lane] and not masked[lane_step[lane], pivots[k + j]]
                ratio[j, lane] = 1.0 / d if alive else 0.0
            store(work, k + j, load(ratio, j))
            # Update the later pivots of the panel.
            for other in range(j + 1, p):
                times = load(ratio, j) * load(hold, j * end + other)
                for i in range(other, end):
                    store(hold, other * end + i, load(hold, other * end + i) - times * load(hold, j * end + i))
        for i in range(end):
            for j in range(min(p, i)):
                if held_in[g + i * p + j] < slots:
                    store(work, held_in[g + i * p + j], load(hold, j * end + i))
        _update(p, end, ratio, hold, update[q : q + below[panel] * (below[panel] + 1) // 2], work)
        q += below[panel] * (below[panel] + 1) // 2
        k += p
        g += end * p


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _update(p, end, ratio, hold, update, work):  # type: ignore[no-untyped-def]
    """Subtract the outer products of a panel's columns from the entries below (right-looking update)."""
    q = 0
    if p == 1:
        for a in range(p, end):
            times = load(ratio, 0) * load(hold, a)
            for b in range(p, a + 1):
                store(work, update[q], load(work, update[q]) - times * load(hold, b))
                q += 1
        return
    for a in range(p, end):
        times, more = load(ratio, 0) * load(hold, a), load(ratio, 1) * load(hold, end + a)
        for b in range(p, a + 1):
            value = load(work, update[q]) - times * load(hold, b)
            store(work, update[q], value - more * load(hold, end + b))
            q += 1


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=DOT)
def forward(  # type: ignore[no-untyped-def]
    factor, inverse, beside, start, entry, pivots, late_rows, state_rows, touched, steps, masked, right, early, late, left
):  # fmt: skip
    """Eliminate the hours' own rows from the right sides `right`, shape (all steps, rows).

    Fills early, shape (chunks, sparse, LANES), late, shape (hours, late), and left, shape (hours, 2 × states): the
    remaining right sides of the hour's states and of the next hour's.
    """
    sparse, dense, states = len(pivots), len(late_rows), len(state_rows)
    work, rest, over = aligned(sparse + dense + 2 * states), np.empty(dense), np.empty(len(touched))
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
        held = factor[chunk]
        for k in range(sparse):
            # Sparse rows by columns, then late rows by L⁻¹.
            ratio = load(work, k) * load(held, k)
            for at in range(start[k], start[k + 1]):
                store(work, entry[at], load(work, entry[at]) - ratio * load(held, sparse + at))
        early[chunk] = work[:sparse]
        for lane in range(count):
            hour = chunk * LANES + lane
            dead = masked[steps[hour]]
            for k in range(dense):
                rest[k] = 0.0 if dead[late_rows[k]] else work[sparse + k, lane]
            over[:] = 0.0
            for k in range(dense):
                total = 0.0
                for j in range(k + 1):
                    total += inverse[hour, k, j] * rest[j]
                late[hour, k] = total
                for j in range(len(touched)):
                    over[j] += beside[hour, k, j] * total
            for k in range(2 * states):
                left[hour, k] = work[sparse + dense + k, lane]
            for j in range(len(touched)):
                left[hour, touched[j]] -= over[j]


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=DOT)
def backward(  # type: ignore[no-untyped-def]
    factor, inverse, beside, start, entry, pivots, late_rows, state_rows, touched, steps, early, late, found, out
):  # fmt: skip
    """Write the unknowns of the hours' rows to out, shape (all steps, rows).

    found: the states of the hours and of the next ones, shape (hours, 2 × states).
    """
    sparse, dense, states = len(pivots), len(late_rows), len(state_rows)
    work, rest, over = aligned(sparse + dense + 2 * states), np.empty(dense), np.empty(len(touched))
    for chunk in range(factor.shape[0]):
        count = min(LANES, len(steps) - chunk * LANES)
        work[:] = 0.0
        for lane in range(count):
            hour = chunk * LANES + lane
            for j in range(len(touched)):
                over[j] = found[hour, touched[j]]
            rest[:] = 0.0
            for k in range(dense):
                # Late rows by L⁻ᵀ, then sparse rows in reverse order.
                value = late[hour, k]
                for j in range(len(touched)):
                    value -= beside[hour, k, j] * over[j]
                for j in range(k + 1):
                    rest[j] += inverse[hour, k, j] * value
            for k in range(dense):
                work[sparse + k, lane] = rest[k]
            for k in range(2 * states):
                work[sparse + dense + k, lane] = found[hour, k]
        held, before = factor[chunk], early[chunk]
        for back in range(sparse):
            k = sparse - 1 - back
            total = load(before, k)
            for at in range(start[k], start[k + 1]):
                total -= load(held, sparse + at) * load(work, entry[at])
            store(work, k, total * load(held, k))
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
    """Eliminate the states hour by hour from `left`, shape (hours, 2 × states). Fills kept; adds to first and last."""
    states = kept.shape[1]
    here, following = left[0, :states], left[0, states:].copy()
    first += here
    for i in range(1, len(kept)):
        # Add the right side of hour i; then kept = L⁻¹ times it.
        for k in range(states):
            following[k] = 0.0 if dead[i, k] else following[k] + left[i, k]
        for k in range(states):
            total = 0.0
            for j in range(k + 1):
                total += inverse[i, k, j] * following[j]
            kept[i, k] = total
        # Reduce the right sides of the next hour and of the separator.
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
    """Write the states of the hours and of the next hours to found, shape (hours, 2 × states), from those at the ends."""
    states = kept.shape[1]
    rest, here = np.empty(states), last.copy()
    for back in range(len(kept) - 1):
        i = len(kept) - 1 - back
        found[i, states:] = here
        for j in range(states):
            # Lᵀ x = kept − ahead x_next − outer x_separator.
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


@numba.njit(nogil=True, error_model="numpy", fastmath=FAST, forceinline=True)
def _coupling(q, step, constant, which, table, column, theta):  # type: ignore[no-untyped-def]
    """Return entry q of C in an hour: a coefficient (from `table` where which ≥ 0), times θ where column ≥ 0."""
    value = constant[q] if which[q] < 0 else constant[q] * table[which[q], step]
    return value * theta[step, column[q]] if column[q] >= 0 else value


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def gather(row, node, constant, which, table, column, theta, state_rows, steps, after, y, out):  # type: ignore[no-untyped-def]
    """Subtract Cᵀ y of the hours from out.

    y: shape (all steps, rows). The row of an entry of C is one of the hour or, beyond those, a state of the next hour
    (`after`).
    """
    rows = y.shape[1]
    for i in range(len(steps)):
        step = steps[i]
        for q in range(len(row)):
            value = _coupling(q, step, constant, which, table, column, theta)
            at = row[q]
            out[node[q]] -= value * (y[step, at] if at < rows else y[after[i], state_rows[at - rows]])


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def scatter(row, node, constant, which, table, column, theta, state_rows, steps, after, x, out):  # type: ignore[no-untyped-def]
    """Subtract C x of the border's unknowns x from the hours' rows in out; arguments as for `gather`."""
    rows = out.shape[1]
    for i in range(len(steps)):
        step = steps[i]
        for q in range(len(row)):
            value = _coupling(q, step, constant, which, table, column, theta)
            if row[q] < rows:
                out[step, row[q]] -= value * x[node[q]]
            else:
                out[after[i], state_rows[row[q] - rows]] -= value * x[node[q]]
