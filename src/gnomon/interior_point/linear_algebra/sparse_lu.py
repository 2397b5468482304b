"""Arrow-shaped LU: a sparse head is factorised column by column, the dense tail that remains by LAPACK.

The last unknowns may stay: they give no pivots, and their Schur complement is passed on.

The head is eliminated after Gilbert and Peierls (1988, "Sparse partial pivoting in time proportional to arithmetic
operations"): each column is solved with the factors so far, and its pivot chosen among the remaining rows, those of the
tail included. The tail's columns are then solved with the head's factors, eight at a time (`simd_lanes`); the remaining
rows form a dense matrix. A supernodal sparse code takes four times as long for this matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import scipy.linalg as sl
import scipy.sparse as sp

from gnomon.arrays import Array, Index
from gnomon.runtime.simd_lanes import LANES, aligned, every, load, store
from gnomon.runtime.threads import ALONE, Threads

COMPILED_WITH = "70017c09ea71"
"""Digest of the compiled functions used from other files. numba's cache notices changes in a function's own file only."""


class SingularError(FloatingPointError):
    """A column has no non-zero pivot."""


@dataclass(frozen=True, slots=True)
class _Head:
    """Factors of the head.

    order: the row of each pivot, then the remaining rows. below: L without its unit diagonal, in positions of that
    order; above: U without its diagonal, the pivots. Both by columns: starts, positions, values.
    """

    order: Index
    below: tuple[Index, Index, Array]
    above: tuple[Index, Index, Array]
    pivots: Array


@dataclass(frozen=True, slots=True)
class _LaneColumns:
    """LANES columns of U in the tail: rows of the head with entries, and their values."""

    rows: Index
    values: Array


class ArrowFactors:
    """Factors of an arrow-shaped `matrix`: sparse columns up to `head`, then the tail.

    The last `ahead` rows and columns are not eliminated. pivot: threshold; a diagonal entry of the head is the pivot
    unless it is below this share of the largest candidate. more: Schur complements added to the tail: positions (of
    rows and columns) and dense numbers. Raises SingularError.
    """

    def __init__(
        self,
        matrix: sp.csc_array,
        head: int,
        pivot: float,
        threads: Threads = ALONE,
        ahead: int = 0,
        more: Sequence[tuple[Index, Array]] = (),
    ) -> None:
        size = matrix.shape[0]
        self._own, self._first = size - ahead, head
        parts = (matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)
        column, order, *factors = _eliminate(*parts, head, self._own, pivot)
        if column >= 0:
            raise SingularError(f"column {column} depends on others")
        self._head = _Head(order, tuple(factors[:3]), tuple(factors[3:6]), factors[6])
        place = np.empty(size, dtype=np.int64)
        place[order] = np.arange(size)
        # Solve the tail's columns with L; the rows without a pivot form the dense tail.
        tail = np.empty((size - head, size - head))

        def beside(first: int) -> _LaneColumns:
            return _LaneColumns(
                *_solve_lanes(*parts, first, place, *self._head.below, head, tail[first - head : first - head + LANES])
            )

        self._beside = threads.map(beside, range(head, size, LANES))
        # Extend-add of the fronts below.
        for at, numbers in more:
            tail[np.ix_(at - head, place[at] - head)] += numbers.T
        self._tail = _Tail(tail, self._own - head)

    @property
    def left(self) -> Array:
        """Return the Schur complement of the rows and columns that stay. Shape (ahead, ahead)."""
        return self._tail.left

    def solve(self, right: Array) -> Array:
        """Return the solution of one right side if nothing stays. Shape (n,)."""
        return self.back(self.forth(right, np.zeros(0)), np.zeros(0))

    def forth(self, right: Array, ahead: Array) -> Array:
        """Return the forward substitution for the eliminated unknowns; their contribution is subtracted from `ahead`."""
        found, head = np.concatenate([right, np.zeros(len(ahead))])[self._head.order], self._first
        _forward(*self._head.below, head, found)
        ahead += found[self._own :]
        found[head : self._own] = self._tail.forth(found[head : self._own], ahead)
        return found

    def back(self, found: Array, ahead: Array) -> Array:
        """Return the back substitution, given the solution `ahead` of what stays. Shape (eliminated unknowns,)."""
        head, own = self._first, self._own
        found[own:] = ahead
        found[head:own] = self._tail.back(found[head:own], ahead)
        for first, part in zip(range(head, len(found), LANES), self._beside, strict=True):
            _subtract(part.rows, part.values, found[first : first + LANES], found)
        _backward(*self._head.above, self._head.pivots, found)
        return found[:own]


class _Tail:
    """Factors of the first `own` columns of a dense matrix, given by columns, and the Schur complement of the others."""

    def __init__(self, tail: Array, own: int) -> None:
        self.left = tail[own:, own:].T
        if not own:
            return
        self._factors, self._swaps, info = sl.lapack.dgetrf(np.ascontiguousarray(tail[:own, :own]).T, overwrite_a=True)
        if info:
            raise SingularError(f"column {info - 1} of the tail depends on others")
        # Schur complement D − C A⁻¹ B of the columns that stay.
        self._across = tail[:own, own:].T.copy()
        self._beside = self._solved(tail[own:, :own].T)
        self.left = self.left - self._across @ self._beside

    def _solved(self, right: Array) -> Array:
        return sl.lu_solve((self._factors, self._swaps), right, check_finite=False) if right.size else right

    def forth(self, right: Array, ahead: Array) -> Array:
        """Return the solution for `ahead` = 0 of what stays; subtract its contribution from the right side `ahead`."""
        if not len(right):
            return right
        found = self._solved(right)
        ahead -= self._across @ found
        return found

    def back(self, found: Array, ahead: Array) -> Array:
        """Return the solution for the given values of what stays."""
        return found - self._beside @ ahead if len(found) else found


@numba.njit(cache=True, nogil=True)
def _eliminate(indptr, indices, data, head, own, pivot):  # type: ignore[no-untyped-def]
    """Factorise the first `head` columns with pivots in the first `own` rows.

    Return the column without a pivot, or −1, then the data of `_Head`.
    """
    n = len(indptr) - 1
    begin, start = np.zeros(head + 1, dtype=np.int64), np.zeros(head + 1, dtype=np.int64)
    below, above = np.empty(4 * len(indices) + n, dtype=np.int64), np.empty(4 * len(indices) + n, dtype=np.int64)
    lower, upper, pivots = np.empty(len(below)), np.empty(len(above)), np.empty(head)
    number = np.full(n, -1)  # pivot number of each row
    seen, column = np.full(n, -1), np.zeros(n)
    reached, waiting, next_one = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for k in range(head):
        first = find_fill(indices[indptr[k] : indptr[k + 1]], begin, below, number, seen, k, waiting, next_one, reached)
        column[reached[first:]] = 0.0
        for at in range(indptr[k], indptr[k + 1]):
            column[indices[at]] = data[at]
        here, there = begin[k], start[k]
        if here + n > len(below):
            below, lower = double_length(below), double_length(lower)
        if there + n > len(above):
            above, upper = double_length(above), double_length(upper)
        for at in range(first, n):
            i, c = reached[at], number[reached[at]]
            # Update by pivot c: entry of U, and multiples of L's column.
            value = column[i]
            if c >= 0 and value != 0.0:
                above[there], upper[there] = c, value
                there += 1
                for q in range(begin[c], begin[c + 1]):
                    column[below[q]] -= lower[q] * value
        # Partial pivoting with preference for the diagonal.
        chosen = _pivot(reached[first:], number, column, k, own, pivot)
        if chosen < 0:
            return k, number, begin, below, lower, start, above, upper, pivots
        number[chosen], pivots[k] = k, column[chosen]
        for at in range(first, n):
            i = reached[at]
            if number[i] < 0 and column[i] != 0.0:
                below[here], lower[here] = i, column[i] / pivots[k]
                here += 1
        begin[k + 1], start[k + 1] = here, there
    order, rest = np.empty(n, dtype=np.int64), head
    for i in range(n):
        if number[i] < 0:
            number[i] = rest
            rest += 1
        order[number[i]] = i
    return (
        -1,
        order,
        begin,
        number[below[: begin[head]]],
        lower[: begin[head]],
        start,
        above[: start[head]],
        upper[: start[head]],
        pivots,
    )


@numba.njit(cache=True, nogil=True)
def find_fill(rows, begin, below, number, seen, mark, waiting, next_one, reached):  # type: ignore[no-untyped-def]
    """Find the fill of a column with entries in `rows` by depth-first search in the graph of L.

    Writes the rows to the end of `reached`, each pivot's row before those that it changes; returns the position of the
    first.
    """
    first = len(reached)
    for row in rows:
        if seen[row] == mark:
            continue
        seen[row], depth, waiting[0] = mark, 0, row
        next_one[0] = begin[number[row]] if number[row] >= 0 else 0
        while depth >= 0:
            i, deeper = waiting[depth], False
            c = number[i]
            end = begin[c + 1] if c >= 0 else 0
            for q in range(next_one[depth], end):
                other = below[q]
                if seen[other] != mark:
                    next_one[depth] = q + 1
                    depth += 1
                    seen[other], waiting[depth] = mark, other
                    next_one[depth] = begin[number[other]] if number[other] >= 0 else 0
                    deeper = True
                    break
            if not deeper:
                depth -= 1
                first -= 1
                reached[first] = i
    return first


@numba.njit(cache=True, nogil=True)
def _pivot(rows, number, column, k, own, pivot):  # type: ignore[no-untyped-def]
    """Return the pivot row: k unless its entry is relatively small among the first `own` rows; −1 if all are 0."""
    chosen, largest, diagonal = -1, 0.0, 0.0
    for i in rows:
        if number[i] < 0 and i < own:
            size = abs(column[i])
            if size > largest:
                chosen, largest = i, size
            if i == k:
                diagonal = size
    return k if diagonal > 0.0 and diagonal >= pivot * largest else chosen


@numba.njit(cache=True, nogil=True)
def double_length(array):  # type: ignore[no-untyped-def]
    """Return the array with twice its length."""
    out = np.empty(2 * len(array), dtype=array.dtype)
    out[: len(array)] = array
    return out


@numba.njit(cache=True, nogil=True)
def _solve_lanes(indptr, indices, data, first, place, begin, below, lower, head, tail):  # type: ignore[no-untyped-def]
    """Solve LANES columns from `first` on with the head's L. Return their rows of U and the values.

    The remainder is written to `tail`, shape (columns, rows without a pivot).
    """
    n, count = len(indptr) - 1, len(tail)
    work, filled = aligned(n), np.zeros(n, dtype=np.bool_)
    work[:] = 0.0
    for lane in range(count):
        for at in range(indptr[first + lane], indptr[first + lane + 1]):
            work[place[indices[at]], lane], filled[place[indices[at]]] = data[at], True
    rows, many = np.empty(head, dtype=np.int64), 0
    for k in range(head):
        if not filled[k]:
            continue
        rows[many] = k
        many += 1
        times = load(work, k)
        for q in range(begin[k], begin[k + 1]):
            store(work, below[q], load(work, below[q]) - every(lower[q]) * times)
            filled[below[q]] = True
    values = np.empty((many, LANES))
    for at in range(many):
        store(values, at, load(work, rows[at]))
    for lane in range(count):
        tail[lane] = work[head:, lane]
    return rows[:many].copy(), values


@numba.njit(cache=True, nogil=True)
def _forward(begin, below, lower, head, found):  # type: ignore[no-untyped-def]
    """Solve with the head's L, in place."""
    for k in range(head):
        for q in range(begin[k], begin[k + 1]):
            found[below[q]] -= lower[q] * found[k]


@numba.njit(cache=True, nogil=True)
def _subtract(rows, values, of_tail, found):  # type: ignore[no-untyped-def]
    """Subtract the tail's contribution, U times its solution, from the head's rows."""
    for at in range(len(rows)):
        total = 0.0
        for lane in range(len(of_tail)):
            total += values[at, lane] * of_tail[lane]
        found[rows[at]] -= total


@numba.njit(cache=True, nogil=True)
def _backward(start, above, upper, pivots, found):  # type: ignore[no-untyped-def]
    """Solve with the head's U, in place."""
    for k in range(len(pivots) - 1, -1, -1):
        found[k] /= pivots[k]
        for q in range(start[k], start[k + 1]):
            found[above[q]] -= upper[q] * found[k]
