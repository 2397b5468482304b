"""The model as one linear program, for general solvers. Columns and rows of periods come first, then those of hours."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.model.block_model import Block, Model
from gnomon.model.coefficients import Coefficients, StoredCoefficients, TemplateCoefficients
from gnomon.model.row_operator import Rows

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class LinearProgram:
    """Linear program: minimise cost·x + constant subject to row_lower ≤ matrix·x ≤ row_upper, lower ≤ x ≤ upper.

    row_lower, row_upper: shape (rows,). lower, upper, cost, integer: shape (columns,). model: the block model it was
    made of.
    """

    model: Model
    coefficients: Coefficients
    row_lower: Array
    row_upper: Array
    lower: Array
    upper: Array
    cost: Array
    integer: NDArray[np.bool_]
    constant: float

    @property
    def matrix(self) -> sp.csr_matrix:
        """Return the coefficients as one matrix; a block model makes it on first use."""
        return self.coefficients.matrix()

    @property
    def rows(self) -> Rows:
        """Return the coefficients by rows; a large or `without_matrix` block model needs no matrix for them."""
        return self.coefficients.rows()

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns."""
        return self.coefficients.shape

    @property
    def nonzeros(self) -> int:
        """Return the number of coefficients other than 0, without making the matrix."""
        return self.coefficients.nonzeros

    def without_matrix(self) -> LinearProgram:
        """Return the same linear program, with rows read from the templates where possible."""
        return replace(self, coefficients=self.coefficients.without_matrix())

    def split_columns(self, values: Array) -> dict[str, Array]:
        """Return the values of each column block, shape (periods, items) or (periods, hours, items)."""
        return {name: np.ascontiguousarray(self.part(values, block)) for name, block in self.model.columns.items()}

    def split_rows(self, values: Array) -> dict[str, Array]:
        """Return the values of each row block, in the shapes of `split_columns`."""
        blocks = self.model.rows.items()
        return {name: np.ascontiguousarray(self.part(values, block, rows=True)) for name, block in blocks}

    def part(self, values: NDArray[Number], block: Block, *, rows: bool = False) -> NDArray[Number]:
        """Return a view of one block in a flat vector, shape (periods, items) or (periods, hours, items)."""
        family = self.model.rows if rows else self.model.columns
        per_period, per_hour = self.model.items(False, family), self.model.items(True, family)
        border = self.model.periods * per_period
        end = border + self.model.periods * self.model.hours * per_hour
        table = values[border:end] if block.hourly else values[:border]
        table = table.reshape(self.model.shape(block.hourly, per_hour if block.hourly else per_period))
        return table[..., block.first : block.first + len(block)]

    def place(self, block: Block, period: int, hour: int, item: int) -> int:
        """Return the number of one column (or row) of `block`; `hour` is used only if the block is hourly."""
        family = self.model.columns if self.model.columns.get(block.name) is block else self.model.rows
        per_period, per_hour = self.model.items(False, family), self.model.items(True, family)
        if not block.hourly:
            return period * per_period + block.first + item
        at = period * self.model.hours + hour
        return self.model.periods * per_period + at * per_hour + block.first + item

    def name(self, number: int, rows: bool) -> tuple[Block, int, int, int]:
        """Return block, period, hour (−1 if none) and item of column or row `number`."""
        family = self.model.rows if rows else self.model.columns
        per_period, per_hour = self.model.items(False, family), self.model.items(True, family)
        border = self.model.periods * per_period
        hourly = number >= border
        period_hour, item = divmod(number - border, per_hour) if hourly else divmod(number, per_period)
        period, hour = divmod(period_hour, self.model.hours) if hourly else (period_hour, -1)
        for block in family.values():
            inside = block.hourly == hourly and block.first <= item < block.first + len(block)
            if inside and 0 <= period < self.model.periods:
                return block, period, hour, item - block.first
        raise SolverError(f"there is no {'row' if rows else 'column'} {number}")

    def describe(self, number: int, *, rows: bool = False) -> str:
        """Return block, item, period and hour of a column (or row) as readable text."""
        block, period, hour, item = self.name(number, rows)
        names = self.model.names
        where = (names[period] if names else f"period {period}") + (f", hour {hour}" if hour >= 0 else "")
        return f"{block.name} {'/'.join(block.labels[item])} ({where})"


def flatten(model: Model) -> LinearProgram:
    """Return the model as one linear program. Its matrix is made on first use."""
    # A fixed integer column needs no branching.
    integer = join_blocks(
        model, model.columns, lambda block: block.integer & (block.lower < block.upper), dtype=np.bool_
    )
    return LinearProgram(
        model,
        TemplateCoefficients(model),
        join_blocks(model, model.rows, lambda block: block.lower),
        join_blocks(model, model.rows, lambda block: block.upper),
        join_blocks(model, model.columns, lambda block: block.lower),
        join_blocks(model, model.columns, lambda block: block.upper),
        join_blocks(model, model.columns, lambda block: block.cost),
        integer,
        model.constant,
    )


def with_rows(flat: LinearProgram, rows: Index) -> tuple[LinearProgram, Index]:
    """Return a linear program of some rows and their columns, without costs, and the numbers of these columns.

    Its `model` is that of `flat`.
    """
    matrix = flat.rows.some(rows)
    used, number = np.unique(matrix.indices, return_inverse=True)
    smaller = sp.csr_matrix((matrix.data, number.astype(np.int32), matrix.indptr), (matrix.shape[0], len(used)))
    part = replace(
        flat,
        coefficients=StoredCoefficients(smaller),
        row_lower=flat.row_lower[rows],
        row_upper=flat.row_upper[rows],
        lower=flat.lower[used],
        upper=flat.upper[used],
        cost=np.zeros(len(used)),
        integer=flat.integer[used],
        constant=0.0,
    )
    return part, used.astype(np.int64)


def join_blocks(
    model: Model,
    family: dict[str, Block],
    number: Callable[[Block], NDArray[Any]],
    hours: tuple[slice, Index] | None = None,
    dtype: type = np.float64,
) -> NDArray[Any]:
    """Return one vector of a number of all blocks of a family, in flat order.

    hours: periods and hours to include; None for all.
    """
    per_period, per_hour = model.items(False, family), model.items(True, family)
    border = model.periods * per_period
    chosen, some = hours or (slice(0, model.periods), np.arange(model.hours))
    shape = (chosen.stop - chosen.start, len(some), per_hour)
    out: NDArray[Any] = np.empty(border + math.prod(shape), dtype=dtype)
    tables = (out[:border].reshape(model.periods, per_period), out[border:].reshape(shape))
    for block in family.values():
        values = number(block)
        part = values if hours is None or not block.hourly else values[chosen, some]
        tables[block.hourly][..., block.first : block.first + len(block)] = part
    return out
