"""Presolve: fix columns without room and drop redundant rows, and the matching postsolve of the duals.

An interior point needs an interior. A row whose least activity equals its upper side (`use ≤ 0 × capacity` at night, a
demand of zero) is *forcing*: all its columns are at a bound. They are fixed and the row is dropped. Fixed columns may
make other rows forcing, so sweeps are repeated until nothing changes. The order is recorded, because postsolve finds
the duals of forcing rows in reverse: each takes the dual that makes the reduced costs of the columns it fixed point
inwards (Andersen and Andersen 1995, "Presolving in linear programming", section 3.3). An equation with a single free
column also fixes it. Always-active constraints of several rows of periods are found by `tight`, between two sweeps.
Dependent equations of periods (`dependent`) are dropped at the end, with a dual of 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon.arrays import Array
from gnomon.interior_point.formulation.dependent_equations import dependent_rows
from gnomon.interior_point.formulation.implied_equalities import ActiveConstraints, active_constraints, without_hours
from gnomon.model.linear_program import LinearProgram
from gnomon.model.row_kernels import line_of, lines, read, span

COMPILED_WITH = "250c284dfda4"
"""Digest of the compiled functions used from other files. numba's cache notices changes in a function's own file only."""
ROUNDING = 1e-12
"""Share of the largest term of a row within which its activity counts as equal to its side."""
IMPOSSIBLE = 1e-7
"""Share of the largest term above which the violation of a row makes it infeasible."""
ROUNDS = 50
SOMETHING, NOTHING, FORCING, CONTRADICTION = range(4)
"""Result for a row: it restricts its columns, is redundant, forces its columns to bounds, or is infeasible."""


@dataclass(frozen=True, slots=True)
class PresolveResult:
    """Result of presolve. lower, upper: bounds of the columns, equal where fixed. dropped: redundant rows.

    row_lower, row_upper: sides of the rows, equal where a side is always active (`tight`, found after `first` rows of
    `order`). order: the forcing rows in order; fixer: for each column the row that fixed it, or −1. impossible: an
    infeasible row, or −1.
    """

    lower: Array
    upper: Array
    dropped: NDArray[np.bool_]
    order: NDArray[np.int64]
    fixer: NDArray[np.int32]
    impossible: int
    row_lower: Array
    row_upper: Array
    first: int
    tight: ActiveConstraints | None


def reduce(flat: LinearProgram) -> PresolveResult:
    """Return the presolved bounds and rows of `flat`."""
    lower, upper = flat.lower.copy(), flat.upper.copy()
    row_lower, row_upper = flat.row_lower, flat.row_upper
    rows, columns = flat.shape
    dropped = np.zeros(rows, dtype=np.bool_)
    order, fixer = np.empty(rows, dtype=np.int64), np.full(columns, -1, dtype=np.int32)
    parts = flat.rows.parts
    # 1. Forcing rows.
    first, impossible = _sweep(parts, row_lower, row_upper, lower, upper, dropped, order, fixer)
    forced = first
    # 2. Always-active constraints, then forcing rows again.
    found = None if impossible >= 0 else active_constraints(flat, lower, upper, dropped)
    if found is not None:
        upper[found.low], lower[found.high] = lower[found.low], upper[found.high]
        row_lower, row_upper = row_lower.copy(), row_upper.copy()
        row_upper[found.below], row_lower[found.above] = row_lower[found.below], row_upper[found.above]
        more, impossible = _sweep(parts, row_lower, row_upper, lower, upper, dropped, order[first:], fixer)
        forced += more
    # 3. Dependent equations of periods.
    if impossible < 0:
        dropped[_following(flat, lower, lower < upper, (row_lower, row_upper), dropped)] = True
    return PresolveResult(
        lower, upper, dropped, order[:forced].copy(), fixer, impossible, row_lower, row_upper, first, found
    )


def _following(
    flat: LinearProgram, lower: Array, moves: NDArray[np.bool_], sides: tuple[Array, Array], dropped: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the equations of periods that depend on others."""
    rows = without_hours(flat, moves, dropped)
    rows = rows[sides[0][rows] == sides[1][rows]]
    whole = flat.rows.some(rows)
    fixed = whole.copy()
    fixed.data = whole.data * np.where(moves[whole.indices], 0.0, lower[whole.indices])
    side = sides[0][rows] - fixed.sum(axis=1).A1
    sizes = np.abs(sides[0][rows]) + abs(fixed).sum(axis=1).A1
    columns = np.flatnonzero(moves[: flat.model.periods * flat.model.items(False, flat.model.columns)])
    found = dependent_rows(sp.csr_array(whole[:, columns]), side, sizes)
    return np.asarray(rows[found])


def restore(flat: LinearProgram, found: PresolveResult, row_dual: Array) -> Array:
    """Return the row duals of `flat` from those of the reduced model; dropped rows had none. Shape (rows,)."""
    dual = np.where(found.dropped, 0.0, row_dual)
    reduced = flat.cost - flat.rows.pull(dual)
    parts, bounds = flat.rows.parts, (flat.lower, flat.upper, found.lower)
    # Undo the steps of `reduce` in reverse order.
    _restore(parts, found.order[found.first :], found.fixer, *bounds, reduced, dual)
    if found.tight is not None:
        dual, reduced = found.tight.signed(flat, dual, reduced)
    _restore(parts, found.order[: found.first], found.fixer, *bounds, reduced, dual)
    return dual


@numba.njit(cache=True)
def _sweep(parts, row_lower, row_upper, lower, upper, dropped, order, fixer):  # type: ignore[no-untyped-def]
    """Sweep over the rows until none is forcing; return the number of forcing rows and an infeasible row, or −1."""
    forced = 0
    count, starts, column, value = lines(parts)
    for _ in range(ROUNDS):
        changed = False
        for line in range(count):
            first, rows = span(parts, line)
            if dropped[first : first + rows].all():
                continue
            read(parts, line, starts, column, value)
            for k in range(rows):
                i, entries = first + k, slice(starts[k], starts[k + 1])
                if dropped[i]:
                    continue
                said = _process_row(column[entries], value[entries], row_lower[i], row_upper[i], lower, upper, fixer, i)
                if said == CONTRADICTION:
                    return forced, i
                # Redundant and forcing rows are dropped; forcing rows are recorded for postsolve.
                dropped[i] = said != SOMETHING
                if said == FORCING:
                    order[forced] = i
                    forced += 1
                    changed = True
        if not changed:
            break
    return forced, -1


@numba.njit(cache=True)
def _process_row(column, value, row_lower, row_upper, lower, upper, fixer, i):  # type: ignore[no-untyped-def]
    """Return the result for row i, after fixing the columns that it forces."""
    # Bounds on the activity of the row, its largest term, and the number of free columns.
    least, most, size, free = 0.0, 0.0, 0.0, 0
    for at in range(len(column)):
        a, j = value[at], column[at]
        if a == 0.0:
            continue
        low, high = (a * lower[j], a * upper[j]) if a > 0.0 else (a * upper[j], a * lower[j])
        least += low
        most += high
        if np.isfinite(low):
            size = max(size, abs(low))
        if np.isfinite(high):
            size = max(size, abs(high))
        free += lower[j] < upper[j]
    for side in (row_lower, row_upper):
        if np.isfinite(side):
            size = max(size, abs(side))
    # Infeasible; redundant; forcing (activity bound equals a side); equation with one free column.
    if least > row_upper + IMPOSSIBLE * size or most < row_lower - IMPOSSIBLE * size:
        return CONTRADICTION
    if free == 0 or (least >= row_lower and most <= row_upper):
        return NOTHING
    down, up = least >= row_upper - ROUNDING * size, most <= row_lower + ROUNDING * size
    if down or up:
        _fix(value, column, down, lower, upper, fixer, i)
        return FORCING
    if free == 1 and row_lower == row_upper:
        _solve_equation(value, column, row_lower, lower, upper, fixer, i)
        return FORCING
    return SOMETHING


@numba.njit(cache=True)
def _fix(value, column, down, lower, upper, fixer, i):  # type: ignore[no-untyped-def]
    """Fix the free columns of row i where the row's activity is least (`down`) or most."""
    for at in range(len(value)):
        a, j = value[at], column[at]
        if a == 0.0 or lower[j] == upper[j]:
            continue
        if (a > 0.0) == down:
            upper[j] = lower[j]
        else:
            lower[j] = upper[j]
        fixer[j] = i


@numba.njit(cache=True)
def _solve_equation(value, column, side, lower, upper, fixer, i):  # type: ignore[no-untyped-def]
    """Fix the only free column of the equation i."""
    rest, factor, single = side, 1.0, -1
    for at in range(len(value)):
        a, j = value[at], column[at]
        if a == 0.0:
            continue
        if lower[j] < upper[j]:
            factor, single = a, j
        else:
            rest -= a * lower[j]
    lower[single] = upper[single] = min(max(rest / factor, lower[single]), upper[single])
    fixer[single] = i


@numba.njit(cache=True)
def _restore(parts, order, fixer, lower, upper, fixed, reduced, dual):  # type: ignore[no-untyped-def]
    """Give the forcing rows, last first, the smallest dual that makes the reduced costs of their columns point inwards.

    A column strictly between its original bounds needs a reduced cost of 0.
    """
    _, starts, column, value = lines(parts)
    last = -1
    for back in range(len(order) - 1, -1, -1):
        i = order[back]
        line = line_of(parts, i)
        if line != last:
            read(parts, line, starts, column, value)
            last = line
        k = i - span(parts, line)[0]
        least, most = 0.0, 0.0
        for at in range(starts[k], starts[k + 1]):
            a, j = value[at], column[at]
            if a == 0.0 or fixer[j] != i:
                continue
            # The dual at which the reduced cost of column j vanishes.
            ratio = reduced[j] / a
            if lower[j] < fixed[j] < upper[j]:
                least = ratio
            elif (a > 0.0) == (fixed[j] == lower[j]):  # the row's activity is at its least
                least = min(least, ratio)
            else:
                most = max(most, ratio)
        # All columns of a forcing row have the same sign condition, so one of the two is 0.
        y = least + most
        if y != 0.0:
            dual[i] = y
            for at in range(starts[k], starts[k + 1]):
                reduced[column[at]] -= value[at] * y
