"""Factorisation of the border: columns and rows of periods, with one dense Schur complement per period from its hours.

Unknowns of a period: changes of its columns x, duals y of its rows and, where rows of the hour are summed (see
`hour_template`), the sums u with multipliers v of `weights x − u = 0`. The matrix is symmetric, quasidefinite except
for u and v, and sparse except for one dense block per period. It has no Cholesky factor, so it is factorised by LU with
pivoting (`sparse_lu`), period by period where that is less work (`nested_dissection`, `multifrontal`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.interior_point.formulation.hour_template import Template
from gnomon.interior_point.linear_algebra.multifrontal import FrontTree, order_of
from gnomon.interior_point.linear_algebra.nested_dissection import Part, Unknowns, dissect, single_front
from gnomon.interior_point.linear_algebra.sparse_lu import SingularError
from gnomon.runtime.threads import Threads

PIVOT = 0.01
"""Threshold of partial pivoting: the diagonal is the pivot unless another entry of the column is a hundred times as large.
"""
SHIFT = 1e-12
"""Regularisation of the diagonals of a singular matrix, whose columns are scaled to a largest entry of 1."""
REFINEMENTS = 2
LOOSE = 1e-6
"""Relative residual that refinement must reach with several fronts. Otherwise the matrix is factorised as one front, with
pivots chosen among all unknowns."""
CLEAN = 1e-13
"""Relative residual at which refinement stops."""


class Border:
    """Factors of the border of all periods. `matrix`: rows of periods × columns of periods, scaled."""

    def __init__(self, template: Template, matrix: sp.csr_array, threads: Threads) -> None:
        t = self.template = template
        self._threads = threads
        self._x, self._y = t.periods * t.period_columns, t.periods * t.period_rows
        self._u = t.periods * len(t.sums)
        self._size = self._x + self._y + 2 * self._u
        self._frame = _frame(matrix, t.weights, self._size)
        self._nodes = np.stack([self._of_period(period) for period in range(t.periods)])
        self._pattern: _Pattern | None = None  # pattern of the current factors
        self._parts: _Pattern | None = None
        self._one: _Pattern | None = None
        self._keep = np.zeros(self._size, dtype=np.bool_)

    def _of_period(self, period: int) -> Index:
        """Return the positions of a period's border nodes among the unknowns."""
        t = self.template
        return np.concatenate(
            [
                self._x + period * t.period_rows + t.yearly,
                period * t.period_columns + t.shared,
                self._x + self._y + period * len(t.sums) + np.arange(len(t.sums)),
            ]
        )

    def factorise(self, left: Array, inverse_theta: Array, slack_theta: Array, masked: NDArray[np.bool_]) -> None:
        """Factorise with the Schur complements `left` of the hours, shape (periods, border, border).

        inverse_theta: 1/Θ of the columns, inf where fixed; slack_theta, masked: of the rows.
        """
        if not self._size:
            return
        moves = np.isfinite(inverse_theta)
        # Fixed columns and masked rows take no part. The pattern changes only with them.
        keep = np.concatenate([moves, ~masked, np.ones(2 * self._u, dtype=np.bool_)])
        if self._parts is None or not np.array_equal(keep, self._keep):
            self._keep, self._one = keep, None
            self._parts = self._made(dissect)
        # Diagonal −1/Θ of columns and Θₛ of rows.
        diagonal = np.concatenate([np.where(moves, -inverse_theta, 0.0), slack_theta, np.zeros(2 * self._u)])
        self._given = left, diagonal
        self._factorise(self._parts)

    def _factorise(self, pattern: _Pattern) -> None:
        """Factorise with a pattern; a singular matrix as one front or, if it is one, with shifted diagonals."""
        self._pattern = pattern
        self._matrix, self._scale = pattern.scaled(*self._given)
        if not len(self._scale):
            return
        try:
            pattern.nest.factorise(self._matrix, PIVOT, self._threads)
        except SingularError:
            if len(pattern.parts) > 1:
                self._join()
                return
            # The sign of the quasidefinite blocks: negative for columns, positive for rows.
            shift = np.where(pattern.order < self._x, -SHIFT, SHIFT)
            pattern.nest.factorise(pattern.shifted(self._matrix, shift), PIVOT, self._threads)

    def _join(self) -> _Pattern:
        """Factorise the same matrix as one front, with pivots chosen among all unknowns."""
        if self._one is None:
            self._one = self._made(single_front)
        self._factorise(self._one)
        return self._one

    def _made(self, taken: Callable[[Unknowns], list[Part]]) -> _Pattern:
        """Return the pattern of the unknowns that take part, with the given dissection."""
        t, periods = self.template, np.arange(self.template.periods)
        sizes = (t.period_columns, t.period_rows, len(t.sums), len(t.sums))
        nodes = np.zeros(self._size, dtype=np.bool_)
        nodes[self._nodes] = True
        period = np.concatenate([np.repeat(periods, size) for size in sizes])
        unknowns = Unknowns(sp.csr_array(self._frame), self._keep, nodes, period, self._x)
        return _Pattern(self._frame, self._nodes, taken(unknowns))

    def solve(self, columns: Array, rows: Array, hours: Array) -> tuple[Array, Array, Array]:
        """Return changes of columns, duals of rows, and the unknowns at the nodes of each period, shape (periods, border).

        columns, rows: right sides; hours: right sides added by the hours, shape (periods, border).
        """
        if not self._size or self._pattern is None:
            return np.zeros(0), np.zeros(0), np.zeros(self._nodes.shape)
        right = np.concatenate([columns, rows, np.zeros(2 * self._u)])
        right[self._nodes.ravel()] += hours.ravel()
        spread = np.zeros(self._size)
        if not len(self._scale):
            return np.zeros(self._x), np.zeros(self._y), np.zeros(self._nodes.shape)
        found, error = self._refined(self._pattern, right)
        if error > LOOSE and len(self._pattern.parts) > 1:
            found, _ = self._refined(self._join(), right)
        spread[self._pattern.order] = found
        return spread[: self._x], spread[self._x : self._x + self._y], spread[self._nodes]

    def _refined(self, pattern: _Pattern, right: Array) -> tuple[Array, float]:
        """Return the refined solution in the order of elimination, and its relative residual before the last correction."""
        right = right[pattern.order] * self._scale
        found, size = pattern.nest.solve(right), np.abs(right).max()
        error = 0.0
        for _ in range(REFINEMENTS):
            # Iterative refinement with the scaled matrix.
            rest = right - self._matrix @ found
            error = float(np.abs(rest).max() / size) if size > 0.0 else 0.0
            if error <= CLEAN:
                break
            found = found + pattern.nest.solve(rest)
        return found * self._scale, error


class _Pattern:
    """Non-zero pattern of the border's matrix in the order of elimination, equal in all iterations."""

    def __init__(self, frame: sp.csc_array, nodes: Index, parts: list[Part]) -> None:
        self.parts = parts
        self.order = order = order_of(parts)
        n = len(order)
        place = np.full(frame.shape[0], -1)
        place[order] = np.arange(n)
        held, wide = sp.coo_array(frame), nodes.shape[1]
        row: list[Index] = [held.row.astype(np.int64), np.repeat(nodes, wide, axis=1).ravel()]
        column: list[Index] = [held.col.astype(np.int64), np.tile(nodes, (1, wide)).ravel()]
        self._inside = [(place[r] >= 0) & (place[c] >= 0) for r, c in zip(row, column, strict=True)]
        keys = [place[c[i]] * n + place[r[i]] for r, c, i in zip(row, column, self._inside, strict=True)]
        keys.append(np.arange(n) * (n + 1))
        every = np.unique(np.concatenate(keys))
        self._column, self._row = np.divmod(every, n)
        self._start = np.searchsorted(self._column, np.arange(n + 1))
        self.nest = FrontTree(parts, self._row, self._column)
        frame_at, self._hours_at, self._diagonal_at = (np.searchsorted(every, of) for of in keys)
        self._frame: Array = np.bincount(frame_at, held.data[self._inside[0]], minlength=len(every)).astype(np.float64)

    def scaled(self, left: Array, diagonal: Array) -> tuple[sp.csc_array, Array]:
        """Return the matrix with Schur complements and diagonal, and the scale 1/√(largest entry of the column)."""
        data = self._frame.copy()
        data[self._hours_at] += left.ravel()[self._inside[1]]
        data[self._diagonal_at] += diagonal[self.order]
        n = len(self.order)
        largest = np.maximum.reduceat(np.abs(data), self._start[:-1]) if n else np.zeros(0)
        if not np.isfinite(largest).all():
            raise FloatingPointError("numbers beyond double precision")
        scale = 1.0 / np.sqrt(np.where(largest > 0.0, largest, 1.0))
        data *= scale[self._row] * scale[self._column]
        return sp.csc_array((data, self._row, self._start), shape=(n, n)), scale

    def shifted(self, matrix: sp.csc_array, by: Array) -> sp.csc_array:
        """Return the matrix plus a diagonal, in the same pattern; adding sparse matrices would drop entries that are 0."""
        data = matrix.data.copy()
        data[self._diagonal_at] += by
        return sp.csc_array((data, self._row, self._start), shape=matrix.shape)


def _frame(matrix: sp.csr_array, weights: tuple[sp.csr_array, ...], size: int) -> sp.csc_array:
    """Return the constant part: rows of periods, and `weights x − u = 0` for sums, with the transposes of both."""
    rows, columns = matrix.shape
    summed = sp.coo_array(sp.block_diag(weights)) if weights[0].shape[0] else sp.coo_array((0, columns))
    held, u = sp.coo_array(matrix), summed.shape[0]
    one = np.arange(u)
    row = np.concatenate([columns + held.row, columns + rows + u + summed.row, columns + rows + u + one])
    column = np.concatenate([held.col, summed.col, columns + rows + one])
    value = np.concatenate([held.data, summed.data, -np.ones(u)])
    half = sp.csc_array(sp.coo_array((value, (row, column)), shape=(size, size)))
    return sp.csc_array(half + half.T)
