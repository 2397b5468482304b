"""The coefficients of a flat model: as one matrix, by rows, or by columns, some at a time, to one who keeps a copy of his.

A matrix of a year is most of what a flat model takes. It can be made from the templates of hour and period again and
again, so whoever needs the memory more (a solver with a copy of its own) may let it go.
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
from gnomon.model.row_operator import Rows, Whole

KEPT = 2_000_000
"""Non-zeros up to which a matrix is made for its rows, and kept, 24 MB: nothing need be compiled, or loaded, to read it."""


class Coefficients(Protocol):
    """What the rows say about the columns."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    @property
    def nonzeros(self) -> int:
        """Coefficients other than 0."""

    def matrix(self) -> sp.csr_matrix:
        """All of them as one matrix."""

    def rows(self) -> Rows:
        """All of them by rows."""

    def slices(self, size: int) -> Iterator[Slice]:
        """All of them by columns, in order, about `size` at a time."""

    def forget(self) -> None:
        """Let go of a matrix that can be made again."""

    def unmade(self) -> Coefficients:
        """The same, of whose rows no matrix is made if they can be had without."""


@dataclass(frozen=True)
class Held:
    """A matrix that is there, and nowhere else."""

    whole: sp.csr_matrix

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.whole.shape
        return rows, columns

    @property
    def nonzeros(self) -> int:
        """Coefficients that are stored."""
        return int(self.whole.nnz)

    def matrix(self) -> sp.csr_matrix:
        """The matrix."""
        return self.whole

    def rows(self) -> Rows:
        """Its rows."""
        return Whole(self.whole)

    def slices(self, size: int) -> Iterator[Slice]:
        """Its columns, after one transposition."""
        return column_slices.of_matrix(self.whole, size)

    def forget(self) -> None:
        """Nothing: it could not be made again."""

    def unmade(self) -> Held:
        """These: the matrix is all there is."""
        return self


@dataclass(frozen=True)
class Made:
    """The coefficients of a model that keeps its hours, made when they are asked for.

    kept: non-zeros up to which a matrix is made for the rows.
    """

    model: Model
    kept: int = KEPT

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns, _ = csr_matrix.size(self.model)
        return rows, columns

    @cached_property
    def nonzeros(self) -> int:
        """Coefficients other than 0, several at one place being one."""
        return column_slices.count(self.model) if column_slices.possible(self.model) else int(self.matrix().nnz)

    @cached_property
    def _whole(self) -> sp.csr_matrix:
        return csr_matrix.whole(self.model)

    def matrix(self) -> sp.csr_matrix:
        """The matrix, kept until it is let go."""
        return self._whole

    def rows(self) -> Rows:
        """The rows of the matrix where it is there or small; else from the templates, if those give them."""
        if "_whole" in self.__dict__ or self.nonzeros < self.kept or not column_slices.possible(self.model):
            return Whole(self.matrix())
        return self._templates

    @cached_property
    def _templates(self) -> Rows:
        from gnomon.model.row_kernels import Templates  # noqa: PLC0415 (compiled: half a second, needed by large models)

        return Templates(self.model)

    def slices(self, size: int) -> Iterator[Slice]:
        """The columns from the templates, or from the matrix where an hour is the one before itself."""
        if column_slices.possible(self.model):
            return column_slices.of_model(self.model, size)
        return column_slices.of_matrix(self.matrix(), size)

    def forget(self) -> None:
        """Let go of the matrix."""
        self.__dict__.pop("_whole", None)

    def unmade(self) -> Made:
        """These, if the matrix is there, or needed, or would not be made; else the same model's, however small it is."""
        made = "_whole" in self.__dict__ or not column_slices.possible(self.model) or self.nonzeros >= self.kept
        return self if made else Made(self.model, kept=0)


@dataclass(frozen=True)
class Scaled:
    """Coefficients times a factor of their row and one of their column."""

    of: Coefficients
    row: Array
    column: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.of.shape

    @property
    def nonzeros(self) -> int:
        """Coefficients other than 0: no factor is."""
        return self.of.nonzeros

    def matrix(self) -> sp.csr_matrix:
        """The scaled matrix, made anew each time."""
        return sp.csr_matrix(sp.diags_array(self.row) @ self.of.matrix() @ sp.diags_array(self.column))

    def rows(self) -> Rows:
        """The rows of the scaled matrix."""
        return Whole(self.matrix())

    def slices(self, size: int) -> Iterator[Slice]:
        """The columns, each scaled as it comes."""
        for part in self.of.slices(size):
            of_column = np.repeat(self.column[part.first : part.last], np.diff(part.starts))
            yield part.with_values(self.row[part.rows] * part.values * of_column)

    def forget(self) -> None:
        """Let go of what is scaled."""
        self.of.forget()

    def unmade(self) -> Scaled:
        """These: their rows are those of a matrix."""
        return self
