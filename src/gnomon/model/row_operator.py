"""What the rows of a model say about columns, without the matrix where there need be none.

A small matrix is made and kept: general solvers want it anyway, and nothing need be compiled. That of a year would be most
of what a flat model takes; its rows are read from the templates of hour and period instead (`templates`), and so are those
of any model that the structured method is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index

if TYPE_CHECKING:
    from gnomon.model.row_kernels import Parts

PIECE = 1 << 20
"""Terms that are looked at at a time, so that those of a year are never all in memory."""


class Rows(Protocol):
    """The coefficients, a row at a time. x: shape (columns,), y: shape (rows,)."""

    def times(self, x: Array) -> Array:
        """matrix·x. Shape (rows,)."""

    def sizes(self, x: Array) -> Array:
        """|matrix|·|x|. Shape (rows,)."""

    def pull(self, y: Array) -> Array:
        """matrixᵀ·y. Shape (columns,)."""

    def pulled_sizes(self, y: Array, columns: Index) -> Array:
        """|matrix|ᵀ·|y| of some columns. Shape (len(columns),)."""

    def largest(self, x: Array) -> Array:
        """The largest |a·x| of each row; NaN where one is. Shape (rows,)."""

    def some(self, rows: Index) -> sp.csr_matrix:
        """Some of the rows, each with all columns."""

    @property
    def parts(self) -> Parts:
        """What compiled kernels read."""


@dataclass(frozen=True)
class Whole:
    """Rows of a matrix that is there."""

    matrix: sp.csr_matrix

    def times(self, x: Array) -> Array:
        """As `Rows` says."""
        return np.asarray(self.matrix @ x)

    def sizes(self, x: Array) -> Array:
        """As `Rows` says."""
        return np.asarray(abs(self.matrix) @ np.abs(x))

    def pull(self, y: Array) -> Array:
        """As `Rows` says."""
        return np.asarray(self.matrix.T @ y)

    def pulled_sizes(self, y: Array, columns: Index) -> Array:
        """As `Rows` says."""
        return np.asarray(abs(self.matrix[:, columns]).T @ np.abs(y))

    def largest(self, x: Array) -> Array:
        """As `Rows` says."""
        return largest_terms(self.matrix, x)

    def some(self, rows: Index) -> sp.csr_matrix:
        """As `Rows` says."""
        return self.matrix[rows]

    @property
    def parts(self) -> Parts:
        """The matrix as rows of one period that has no hours."""
        from gnomon.model import row_kernels  # noqa: PLC0415 (compiled: half a second, needed by compiled kernels)

        return row_kernels.of_matrix(self.matrix)


def largest_terms(matrix: sp.csr_matrix, x: Array) -> Array:
    """The largest |a·x| of each row; NaN where one is. Shape (rows,)."""
    start, largest = matrix.indptr, np.zeros(matrix.shape[0])
    filled = np.flatnonzero(start[1:] > start[:-1])
    pieces = min(len(filled), 1 + matrix.nnz // PIECE)
    for rows in np.array_split(filled, pieces) if pieces else ():
        first, end = start[rows[0]], start[rows[-1] + 1]
        with np.errstate(all="ignore"):
            terms = np.abs(matrix.data[first:end] * x[matrix.indices[first:end]])
        largest[rows] = np.maximum.reduceat(terms, start[rows] - first)
    return largest
