"""The coefficients of a linear program: as one matrix, by rows, or by slices of columns.

The matrix of a year is most of the memory of a linear program. It can be made again from the templates of hour and
period. It may therefore be dropped where memory is needed, for example by a solver with a copy of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array
from gnomon.model import column_slices, csr_matrix
from gnomon.model.block_model import Model
from gnomon.model.column_slices import Slice
from gnomon.model.row_operator import MatrixRows, Rows

KEPT = 2_000_000
"""Non-zeros up to which the rows are read from a stored matrix (24 MB), so that no kernels need be compiled or loaded."""


class Coefficients(Protocol):
    """The coefficients of all rows and columns."""

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns."""

    @property
    def nonzeros(self) -> int:
        """Return the number of coefficients other than 0."""

    def matrix(self) -> sp.csr_matrix:
        """Return all coefficients as one matrix."""

    def rows(self) -> Rows:
        """Return all coefficients by rows."""

    def slices(self, size: int) -> Iterator[Slice]:
        """Yield all coefficients by columns, in order, about `size` of them at a time."""

    def forget(self) -> None:
        """Drop a matrix that can be made again."""

    def without_matrix(self) -> Coefficients:
        """Return the same coefficients, with rows read from the templates where possible."""


@dataclass(frozen=True)
class StoredCoefficients:
    """Coefficients that are stored as a matrix only."""

    whole: sp.csr_matrix

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns."""
        rows, columns = self.whole.shape
        return rows, columns

    @property
    def nonzeros(self) -> int:
        """Return the number of stored coefficients."""
        return int(self.whole.nnz)

    def matrix(self) -> sp.csr_matrix:
        """Return the matrix."""
        return self.whole

    def rows(self) -> Rows:
        """Return its rows."""
        return MatrixRows(self.whole)

    def slices(self, size: int) -> Iterator[Slice]:
        """Yield its columns, after one transposition."""
        return column_slices.of_matrix(self.whole, size)

    def forget(self) -> None:
        """Do nothing: the matrix could not be made again."""

    def without_matrix(self) -> StoredCoefficients:
        """Return self: there are no templates."""
        return self


@dataclass(frozen=True)
class TemplateCoefficients:
    """Coefficients of a block model, made on demand.

    kept: non-zeros up to which a matrix is made for the rows.
    """

    model: Model
    kept: int = KEPT

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns."""
        rows, columns, _ = csr_matrix.size(self.model)
        return rows, columns

    @cached_property
    def nonzeros(self) -> int:
        """Return the number of coefficients other than 0; several at one place count as one."""
        return column_slices.count(self.model) if column_slices.possible(self.model) else int(self.matrix().nnz)

    @cached_property
    def _whole(self) -> sp.csr_matrix:
        return csr_matrix.whole(self.model)

    def matrix(self) -> sp.csr_matrix:
        """Return the matrix, made once and kept until `forget`."""
        return self._whole

    def rows(self) -> Rows:
        """Return the rows of the matrix if it exists or is small; otherwise those of the templates, if possible."""
        if "_whole" in self.__dict__ or self.nonzeros < self.kept or not column_slices.possible(self.model):
            return MatrixRows(self.matrix())
        return self._templates

    @cached_property
    def _templates(self) -> Rows:
        from gnomon.model.row_kernels import Templates  # noqa: PLC0415 (compiled: half a second, needed by large models)

        return Templates(self.model)

    def slices(self, size: int) -> Iterator[Slice]:
        """Yield the columns from the templates, or from the matrix where an hour is its own predecessor."""
        if column_slices.possible(self.model):
            return column_slices.of_model(self.model, size)
        return column_slices.of_matrix(self.matrix(), size)

    def forget(self) -> None:
        """Drop the matrix."""
        self.__dict__.pop("_whole", None)

    def without_matrix(self) -> TemplateCoefficients:
        """Return self if the matrix exists, is needed, or would not be made; else a copy that reads the templates."""
        made = "_whole" in self.__dict__ or not column_slices.possible(self.model) or self.nonzeros >= self.kept
        return self if made else TemplateCoefficients(self.model, kept=0)


@dataclass(frozen=True)
class ScaledCoefficients:
    """Coefficients multiplied by a factor of their row and one of their column."""

    of: Coefficients
    row: Array
    column: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns."""
        return self.of.shape

    @property
    def nonzeros(self) -> int:
        """Return the number of coefficients other than 0; no factor is 0."""
        return self.of.nonzeros

    def matrix(self) -> sp.csr_matrix:
        """Return the scaled matrix, computed at each call."""
        return sp.csr_matrix(sp.diags_array(self.row) @ self.of.matrix() @ sp.diags_array(self.column))

    def rows(self) -> Rows:
        """Return the rows of the scaled matrix."""
        return MatrixRows(self.matrix())

    def slices(self, size: int) -> Iterator[Slice]:
        """Yield the columns, scaled slice by slice."""
        for part in self.of.slices(size):
            of_column = np.repeat(self.column[part.first : part.last], np.diff(part.starts))
            yield part.with_values(self.row[part.rows] * part.values * of_column)

    def forget(self) -> None:
        """Drop the matrix of the unscaled coefficients."""
        self.of.forget()

    def without_matrix(self) -> ScaledCoefficients:
        """Return self: its rows are those of a matrix."""
        return self
