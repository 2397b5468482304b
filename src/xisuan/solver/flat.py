"""The model as one sparse matrix, for general solvers: columns and rows of periods first, then those of hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from xisuan.errors import SolverError
from xisuan.solver.model import Array, Block, Entries, Model

LARGEST = 2**31 - 1
"""General solvers here count non-zeros in 32 bits."""


@dataclass(frozen=True)
class Flat:
    """min cost·x + constant, row_lower ≤ matrix·x ≤ row_upper, lower ≤ x ≤ upper."""

    model: Model
    matrix: sp.csr_matrix
    row_lower: Array
    row_upper: Array
    lower: Array
    upper: Array
    cost: Array
    integer: NDArray[np.bool_]
    constant: float

    def split_columns(self, values: Array) -> dict[str, Array]:
        """Values of each column block, shape (periods, items) or (periods, hours, items)."""
        return {
            name: _part(values, block, self.model, self.model.columns) for name, block in self.model.columns.items()
        }

    def split_rows(self, values: Array) -> dict[str, Array]:
        """Values of each row block, as `split_columns`."""
        return {name: _part(values, block, self.model, self.model.rows) for name, block in self.model.rows.items()}

    def place(self, block: Block, period: int, hour: int, item: int) -> int:
        """Number of one column (or row) of `block`; `hour` counts only where the block is hourly."""
        family = self.model.columns if self.model.columns.get(block.name) is block else self.model.rows
        per_period, per_hour = self.model.items(False, family), self.model.items(True, family)
        if not block.hourly:
            return period * per_period + block.first + item
        at = period * self.model.hours + hour
        return self.model.periods * per_period + at * per_hour + block.first + item

    def name(self, number: int, rows: bool) -> tuple[Block, int, int, int]:
        """Block, period, hour (−1 if none) and item of column or row `number`."""
        family = self.model.rows if rows else self.model.columns
        per_period, per_hour = self.model.items(False, family), self.model.items(True, family)
        border = self.model.periods * per_period
        hourly = number >= border
        period_hour, item = divmod(number - border, per_hour) if hourly else divmod(number, per_period)
        period, hour = divmod(period_hour, self.model.hours) if hourly else (period_hour, -1)
        for block in family.values():
            if block.hourly == hourly and block.first <= item < block.first + len(block):
                return block, period, hour, item - block.first
        raise SolverError(f"there is no {'row' if rows else 'column'} {number}")


def size(model: Model) -> tuple[int, int, int]:
    """Rows, columns and non-zeros that `flatten` will make, without making them (zeros and merged entries counted)."""
    rows, columns = (
        model.periods * (model.items(False, family) + model.hours * model.items(True, family))
        for family in (model.rows, model.columns)
    )
    nonzeros = sum(
        len(part.rows) * (1 if part.periods else model.periods * (model.hours if _hourly(part) else 1))
        for part in model.entries
    )
    return rows, columns, nonzeros


def flatten(model: Model) -> Flat:
    """The one big matrix. Raises SolverError beyond 2³¹ non-zeros, where no solver here could take it."""
    rows, columns, nonzeros = size(model)
    if nonzeros > LARGEST:
        raise SolverError(
            f"{nonzeros:,} non-zeros are more than a general solver can take ({LARGEST:,}): choose fewer hours or periods"
        )
    matrix = sp.vstack([_period_rows(model, columns), _hour_rows(model, columns)], format="csr")
    if _needs_merging(model):
        matrix.sum_duplicates()
    if any((part.values == 0.0).any() for part in model.entries):
        matrix.eliminate_zeros()
    integer = _join(model, model.columns, lambda block: np.broadcast_to(float(block.integer), block.lower.shape))
    return Flat(
        model,
        matrix,
        _join(model, model.rows, lambda block: block.lower),
        _join(model, model.rows, lambda block: block.upper),
        _join(model, model.columns, lambda block: block.lower),
        _join(model, model.columns, lambda block: block.upper),
        _join(model, model.columns, lambda block: block.cost),
        integer.astype(bool),
        model.constant,
    )


def _hourly(part: Entries) -> bool:
    return part.row.hourly or part.column.hourly


def _needs_merging(model: Model) -> bool:
    """Whether an entry may meet another at one place: an hour that is its own predecessor, or a coefficient in parts."""
    if bool((model.previous == np.arange(model.hours)).any()) and any(part.before for part in model.entries):
        return True
    seen: set[tuple[str, str, bool]] = set()
    for part in model.entries:
        pairs = part.rows * len(part.column) + part.columns
        key = (part.row.name, part.column.name, part.before)
        if key in seen or (part.periods is None and len(np.unique(pairs)) < len(pairs)):
            return True
        seen.add(key)
    return False


def _hour_rows(model: Model, columns: int) -> sp.csr_matrix:
    """Rows of all hours: the template's pattern once, its numbers for each hour."""
    parts = [part for part in model.entries if part.row.hourly]
    n_rows = model.items(True, model.rows)
    steps = model.periods * model.hours
    if not parts:
        return sp.csr_matrix((steps * n_rows, columns))
    row = np.concatenate([part.row.first + part.rows for part in parts])
    order = np.argsort(row, kind="stable")
    slot = np.empty_like(order)
    slot[order] = np.arange(len(order))
    indices = np.empty((model.periods, model.hours, len(row)), dtype=np.int32)
    data = np.empty((model.periods, model.hours, len(row)))
    start = 0
    for part in parts:
        at = slot[start : start + len(part.rows)]
        indices[:, :, at] = _numbers_of(part, model)
        data[:, :, at] = part.values
        start += len(part.rows)
    counts = np.bincount(row, minlength=n_rows)
    indptr = np.concatenate([[0], np.cumsum(np.tile(counts, steps))])
    return sp.csr_matrix((data.ravel(), indices.ravel(), indptr), shape=(steps * n_rows, columns))


def _period_rows(model: Model, columns: int) -> sp.csr_matrix:
    """Rows of all periods: sums over their hours, and entries of periods."""
    n_rows = model.items(False, model.rows)
    rows: list[NDArray[np.int64]] = []
    cols: list[NDArray[np.int64]] = []
    data: list[Array] = []
    for part in (part for part in model.entries if not part.row.hourly):
        base = part.row.first + part.rows
        if part.periods is not None:
            rows.append(part.periods[0] * n_rows + base)
            cols.append(part.periods[1] * model.items(False, model.columns) + part.column.first + part.columns)
            data.append(part.values)
            continue
        where = _numbers_of(part, model)
        shape = (model.periods, *(1,) * (where.ndim - 1))
        rows.append(np.broadcast_to(np.arange(model.periods).reshape(shape) * n_rows + base, where.shape).ravel())
        cols.append(where.ravel())
        data.append(part.values.ravel())
    shape = (model.periods * n_rows, columns)
    if not rows:
        return sp.csr_matrix(shape)
    return sp.csr_matrix((np.concatenate(data), (np.concatenate(rows), np.concatenate(cols))), shape=shape)


def _numbers_of(part: Entries, model: Model) -> NDArray[np.int64]:
    """Column numbers of entries: shape (periods, hours, items), or (periods, items) where no hour is involved."""
    n_period = model.items(False, model.columns)
    periods = np.arange(model.periods)
    item = part.column.first + part.columns
    if not part.column.hourly:
        number = periods[:, None] * n_period + item
        if not part.row.hourly:
            return number
        return np.broadcast_to(number[:, None, :], (model.periods, model.hours, len(item)))
    hour = model.previous if part.before else np.arange(model.hours)
    step = periods[:, None] * model.hours + hour
    return model.periods * n_period + step[:, :, None] * model.items(True, model.columns) + item


def _join(model: Model, family: dict[str, Block], number: object) -> Array:
    """One vector of a number of all blocks of a family, in flat order."""
    parts: list[Array] = []
    for hourly in (False, True):
        blocks = [block for block in family.values() if block.hourly == hourly]
        if blocks:
            parts.append(np.concatenate([number(block) for block in blocks], axis=-1).ravel())  # type: ignore[operator]
    return np.concatenate(parts) if parts else np.empty(0)


def _part(values: Array, block: Block, model: Model, family: dict[str, Block]) -> Array:
    """The values of one block out of a flat vector."""
    per_period, per_hour = model.items(False, family), model.items(True, family)
    border = model.periods * per_period
    if block.hourly:
        table = values[border:].reshape(model.periods, model.hours, per_hour)
    else:
        table = values[:border].reshape(model.periods, per_period)
    return np.ascontiguousarray(table[..., block.first : block.first + len(block)])
