"""The border: what periods decide and account for, with the small dense matrix that each period's hours leave.

Unknowns of a period: changes of its columns x, duals y of its rows, and where rows of the hour are summed up (see
`template`) the sums u with multipliers v of `weights x − u = 0`. The matrix is symmetric and quasi-definite up to u and v,
sparse but for one dense block a period, and is factorised by LU with pivoting; a Cholesky factor does not exist.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spl
from numpy.typing import NDArray

from xisuan.interior.template import Template
from xisuan.solver.model import Array, Index

PIVOT = 0.1
"""Diagonal pivots are kept unless another entry of the column is ten times as large."""
SHIFT = 1e-12
"""What is added to diagonals (of a matrix whose columns have 1 as their largest) where it is singular."""
REFINEMENTS = 2
CLEAN = 1e-13
"""Relative residual at which refining stops."""


class Border:
    """Factors of the border of all periods. `matrix`: rows of periods × columns of periods, scaled."""

    def __init__(self, template: Template, matrix: sp.csr_array) -> None:
        t = self.template = template
        self._x, self._y = t.periods * t.period_columns, t.periods * t.period_rows
        self._u = t.periods * len(t.sums)
        self._size = self._x + self._y + 2 * self._u
        self._frame = _frame(matrix, t.weights, self._size)
        self._nodes = np.stack([self._of_period(period) for period in range(t.periods)])
        self._order: Index | None = None

    def _of_period(self, period: int) -> Index:
        """Places of the border nodes of a period in the unknowns."""
        t = self.template
        return np.concatenate(
            [
                self._x + period * t.period_rows + t.yearly,
                period * t.period_columns + t.shared,
                self._x + self._y + period * len(t.sums) + np.arange(len(t.sums)),
            ]
        )

    def factorise(self, left: Array, inverse_theta: Array, slack_theta: Array, masked: NDArray[np.bool_]) -> None:
        """Factorise with what the hours left, shape (periods, border, border).

        inverse_theta: 1/Θ of the columns, inf where a column does not move; slack_theta, masked: of the rows.
        """
        if not self._size:
            return
        moves = np.isfinite(inverse_theta)
        keep = np.concatenate([moves, ~masked, np.ones(2 * self._u, dtype=np.bool_)])
        diagonal = np.concatenate([np.where(moves, -inverse_theta, 0.0), slack_theta, np.zeros(2 * self._u)])
        n = self._nodes.shape[1]
        row = np.repeat(self._nodes, n, axis=1).ravel()
        column = np.tile(self._nodes, (1, n)).ravel()
        dense = sp.csc_array(sp.coo_array((left.ravel(), (row, column)), shape=(self._size, self._size)))
        only = sp.diags_array(keep.astype(np.float64))
        whole = only @ (self._frame + dense + sp.diags_array(diagonal)) @ only
        whole = sp.csc_array(whole + sp.diags_array(np.where(keep, 0.0, 1.0)))
        whole.sum_duplicates()
        whole.eliminate_zeros()
        largest = abs(whole).max(axis=0).toarray().ravel()
        if not np.isfinite(largest).all():
            raise FloatingPointError("numbers beyond double precision")
        self._scale = 1.0 / np.sqrt(np.where(largest > 0.0, largest, 1.0))
        if self._order is None:
            self._order = self._ordered(keep)
        scale = sp.diags_array(self._scale)
        scaled = sp.csc_array(scale @ whole @ scale)
        self._matrix = sp.csc_array(scaled[self._order][:, self._order])
        self._keep = keep
        try:
            self._lu = spl.splu(self._matrix, permc_spec="NATURAL", diag_pivot_thresh=PIVOT)
        except RuntimeError:
            shift = np.where(self._order < self._x, -SHIFT, SHIFT)
            self._lu = spl.splu(sp.csc_array(self._matrix + sp.diags_array(shift)), permc_spec="NATURAL")

    def _ordered(self, keep: NDArray[np.bool_]) -> Index:
        """Order of elimination: what takes no part, what no hour sees, and the nodes of the hours, which fill in, last.

        Of what no hour sees, columns go first, each of which has a pivot of its own, and then rows by least degree of
        what these leave. An order by least degree of everything begins with nodes, too, and fills in half as much again.
        """
        inside = np.zeros(self._size, dtype=np.bool_)
        inside[self._nodes] = True
        number = np.arange(self._size)
        columns = np.flatnonzero(keep & ~inside & (number < self._x))
        rows = np.flatnonzero(keep & ~inside & (number >= self._x))
        across = abs(sp.csr_array(self._frame)[rows][:, columns])
        rows = rows[_least_degree(across @ across.T)]
        return np.concatenate([np.flatnonzero(~keep), columns, rows, np.flatnonzero(keep & inside)])

    def solve(self, columns: Array, rows: Array, hours: Array) -> tuple[Array, Array, Array]:
        """Changes of columns, duals of rows, and both at the nodes of each period, shape (periods, border).

        columns, rows: right sides; hours: those that the hours add, shape (periods, border).
        """
        if not self._size:
            return np.zeros(0), np.zeros(0), np.zeros(self._nodes.shape)
        right = np.concatenate([columns, rows, np.zeros(2 * self._u)])
        right[self._nodes.ravel()] += hours.ravel()
        right = (np.where(self._keep, right, 0.0) * self._scale)[self._order]
        found = self._lu.solve(right)
        for _ in range(REFINEMENTS):
            rest = right - self._matrix @ found
            if np.abs(rest).max() <= CLEAN * np.abs(right).max():
                break
            found = found + self._lu.solve(rest)
        spread = np.empty_like(found)
        spread[self._order] = found
        found = np.where(self._keep, spread * self._scale, 0.0)
        return found[: self._x], found[self._x : self._x + self._y], found[self._nodes]


def _frame(matrix: sp.csr_array, weights: tuple[sp.csr_array, ...], size: int) -> sp.csc_array:
    """What never changes: the rows of periods, and for sums `weights x − u = 0`, with the transposes of both."""
    rows, columns = matrix.shape
    summed = sp.coo_array(sp.block_diag(weights)) if weights[0].shape[0] else sp.coo_array((0, columns))
    held, u = sp.coo_array(matrix), summed.shape[0]
    one = np.arange(u)
    row = np.concatenate([columns + held.row, columns + rows + u + summed.row, columns + rows + u + one])
    column = np.concatenate([held.col, summed.col, columns + rows + one])
    value = np.concatenate([held.data, summed.data, -np.ones(u)])
    half = sp.csc_array(sp.coo_array((value, (row, column)), shape=(size, size)))
    return sp.csc_array(half + half.T)


def _least_degree(pattern: sp.csr_array) -> Index:
    """An order of least degree for a symmetric pattern: that of SuperLU, read from the factors of a harmless matrix."""
    n = pattern.shape[0]
    if n < 2:
        return np.arange(n)
    small = sp.csc_array((np.full(pattern.nnz, -1.0 / n), pattern.indices, pattern.indptr), shape=pattern.shape)
    harmless = sp.csc_array(small + sp.diags_array(np.full(n, 2.0)))
    factors = spl.splu(harmless, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return np.argsort(factors.perm_c)
