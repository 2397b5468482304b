"""Row operators: products with the coefficients, by a stored matrix or by compiled kernels on the templates.

A small matrix is made and kept: general solvers need it anyway, and no kernels have to be compiled. The matrix of a
year would be most of the memory of the linear program, so large models read their rows from the templates
(`row_kernels`). Models for the structured method always do.
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
"""Terms processed at a time, which bounds the temporary memory."""


class Rows(Protocol):
    """Row operator of the coefficients. x: shape (columns,), y: shape (rows,)."""

    def times(self, x: Array) -> Array:
        """Return matrix·x. Shape (rows,)."""

    def sizes(self, x: Array) -> Array:
        """Return |matrix|·|x|. Shape (rows,)."""

    def pull(self, y: Array) -> Array:
        """Return matrixᵀ·y. Shape (columns,)."""

    def pulled_sizes(self, y: Array, columns: Index) -> Array:
        """Return |matrix|ᵀ·|y| of some columns. Shape (len(columns),)."""

    def largest(self, x: Array) -> Array:
        """Return the largest |a·x| of each row, NaN if one term is. Shape (rows,)."""

    def some(self, rows: Index) -> sp.csr_matrix:
        """Return some of the rows, each with all columns."""

    @property
    def parts(self) -> Parts:
        """Return the data of the compiled kernels."""


@dataclass(frozen=True)
class MatrixRows:
    """Rows of a stored matrix."""

    matrix: sp.csr_matrix

    def times(self, x: Array) -> Array:
        """Return matrix·x."""
        return np.asarray(self.matrix @ x)

    def sizes(self, x: Array) -> Array:
        """Return |matrix|·|x|."""
        return np.asarray(abs(self.matrix) @ np.abs(x))

    def pull(self, y: Array) -> Array:
        """Return matrixᵀ·y."""
        return np.asarray(self.matrix.T @ y)

    def pulled_sizes(self, y: Array, columns: Index) -> Array:
        """Return |matrix|ᵀ·|y| of some columns."""
        return np.asarray(abs(self.matrix[:, columns]).T @ np.abs(y))

    def largest(self, x: Array) -> Array:
        """Return the largest |a·x| of each row."""
        return largest_terms(self.matrix, x)

    def some(self, rows: Index) -> sp.csr_matrix:
        """Return some of the rows."""
        return self.matrix[rows]

    @property
    def parts(self) -> Parts:
        """Return the matrix as rows of one period without hours."""
        from gnomon.model import row_kernels  # noqa: PLC0415 (compiled: half a second, needed by compiled kernels)

        return row_kernels.of_matrix(self.matrix)


def largest_terms(matrix: sp.csr_matrix, x: Array) -> Array:
    """Return the largest |a·x| of each row, NaN if one term is. Shape (rows,)."""
    # `reduceat` needs rows with entries.
    start, largest = matrix.indptr, np.zeros(matrix.shape[0])
    filled = np.flatnonzero(start[1:] > start[:-1])
    pieces = min(len(filled), 1 + matrix.nnz // PIECE)
    for rows in np.array_split(filled, pieces) if pieces else ():
        first, end = start[rows[0]], start[rows[-1] + 1]
        with np.errstate(all="ignore"):
            terms = np.abs(matrix.data[first:end] * x[matrix.indices[first:end]])
        largest[rows] = np.maximum.reduceat(terms, start[rows] - first)
    return largest
