"""The model as one sparse matrix, for general solvers: columns and rows of periods first, then those of hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from xisuan.errors import SolverError
from xisuan.solver.model import Array, Block, Entries, Index, Model

Counts = NDArray[np.int32]
Number = TypeVar("Number", bound=np.generic)

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
        return {name: np.ascontiguousarray(self.part(values, block)) for name, block in self.model.columns.items()}

    def split_rows(self, values: Array) -> dict[str, Array]:
        """Values of each row block, as `split_columns`."""
        blocks = self.model.rows.items()
        return {name: np.ascontiguousarray(self.part(values, block, rows=True)) for name, block in blocks}

    def part(self, values: NDArray[Number], block: Block, *, rows: bool = False) -> NDArray[Number]:
        """The place of one block in a flat vector: a view, shape (periods, items) or (periods, hours, items)."""
        family = self.model.rows if rows else self.model.columns
        per_period, per_hour = self.model.items(False, family), self.model.items(True, family)
        border = self.model.periods * per_period
        end = border + self.model.periods * self.model.hours * per_hour
        table = values[border:end] if block.hourly else values[:border]
        table = table.reshape(self.model.shape(block.hourly, per_hour if block.hourly else per_period))
        return table[..., block.first : block.first + len(block)]

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
            inside = block.hourly == hourly and block.first <= item < block.first + len(block)
            if inside and 0 <= period < self.model.periods:
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
    nonzeros = size(model)[2]
    if nonzeros > LARGEST:
        raise SolverError(
            f"{nonzeros:,} non-zeros are more than a general solver can take ({LARGEST:,}): "
            "choose fewer hours or periods"
        )
    integer = _join(model, model.columns, lambda block: block.integer & (block.lower < block.upper), np.bool_)
    return Flat(
        model,
        _matrix(model),
        _join(model, model.rows, lambda block: block.lower),
        _join(model, model.rows, lambda block: block.upper),
        _join(model, model.columns, lambda block: block.lower),
        _join(model, model.columns, lambda block: block.upper),
        _join(model, model.columns, lambda block: block.cost),
        integer,
        model.constant,
    )


def _matrix(model: Model) -> sp.csr_matrix:
    """All rows, written once where they belong: periods first, then the hours."""
    rows, columns, nonzeros = size(model)
    indptr = np.zeros(rows + 1, dtype=np.int32)
    indices, data = np.empty(nonzeros, dtype=np.int32), np.empty(nonzeros)
    border = model.periods * model.items(False, model.rows)
    inside = _write_periods(model, indptr[1 : border + 1], indices, data)
    _write_hours(model, indptr[border + 1 :], indices[inside:], data[inside:])
    np.cumsum(indptr, out=indptr)
    matrix = sp.csr_matrix((data, indices, indptr), shape=(rows, columns), copy=False)
    merged = _needs_merging(model)
    if merged:
        matrix.sum_duplicates()
    if merged or any((_core(part.values) == 0.0).any() for part in model.entries):
        matrix.eliminate_zeros()
    return matrix


def _hourly(part: Entries) -> bool:
    return part.row.hourly or part.column.hourly


def _core(values: Array) -> Array:
    """`values` without the repetitions of broadcasting."""
    return values[tuple(slice(1 if step == 0 else None) for step in values.strides)]


def _needs_merging(model: Model) -> bool:
    """Whether an entry meets another at one place: a coefficient in parts, or an hour that is its own predecessor."""
    alone = bool((model.previous == np.arange(model.hours)).any())
    places: dict[tuple[str, str, bool], list[Index]] = {}
    for part in model.entries:
        before = part.before and not alone
        pairs = part.rows * len(part.column) + part.columns
        if part.periods is not None:
            pairs = pairs + (part.periods[0] * model.periods + part.periods[1]) * len(part.row) * len(part.column)
        elif not _hourly(part):
            within = np.arange(model.periods)[:, None] * (model.periods + 1) * len(part.row) * len(part.column)
            pairs = (pairs + within).ravel()
        places.setdefault((part.row.name, part.column.name, before), []).append(pairs)
    met = (np.concatenate(pairs) for pairs in places.values())
    return any(len(np.unique(pairs)) < len(pairs) for pairs in met)


def _write_hours(model: Model, counts: Counts, indices: Counts, data: Array) -> None:
    """Write the rows of all hours: the template's pattern once, then what differs from hour to hour."""
    parts = [part for part in model.entries if part.row.hourly]
    if not parts:
        return
    row = np.concatenate([part.row.first + part.rows for part in parts])
    order = np.argsort(row, kind="stable")
    kind = np.concatenate([np.full(len(part.rows), _kind(part)) for part in parts])[order]
    item = np.concatenate([part.column.first + part.columns for part in parts])[order].astype(np.int32)
    steps = model.periods * model.hours
    pattern = indices.reshape(steps, len(row))
    for step, starts in enumerate(_starts(model)):
        np.add(item, starts[kind], out=pattern[step])
    slot = np.empty_like(order)
    slot[order] = np.arange(len(order))
    _write_values(model, parts, slot, data.reshape(model.periods, model.hours, len(row)))
    counts[:] = np.tile(np.bincount(row, minlength=model.items(True, model.rows)), steps)


def _write_values(model: Model, parts: list[Entries], slot: Index, data: Array) -> None:
    """Write the coefficients of hours into data, shape (periods, hours, entries): first those that never differ."""
    template = np.zeros(data.shape[-1])
    differing: list[tuple[Index, Array]] = []
    start = 0
    for part in parts:
        at = slot[start : start + len(part.rows)]
        start += len(at)
        core = _core(part.values)
        if core.shape[:2] == (1, 1):
            template[at] = core[0, 0]
        else:
            differing.append((at, part.values))
    data[:] = template
    for at, values in differing:
        data[:, :, at] = values


def _kind(part: Entries) -> int:
    """Where the columns of an hour's entries lie: 0 in its period, 1 in the hour, 2 in the hour before."""
    return (2 if part.before else 1) if part.column.hourly else 0


def _starts(model: Model) -> NDArray[np.int32]:
    """First column of the period, the hour and the hour before, for each hour of each period: shape (steps, 3)."""
    per_period, per_hour = model.items(False, model.columns), model.items(True, model.columns)
    period, hour = np.divmod(np.arange(model.periods * model.hours), model.hours)
    border = model.periods * per_period
    before = period * model.hours + np.tile(model.previous, model.periods)
    here = border + (period * model.hours + hour) * per_hour
    return np.stack([period * per_period, here, border + before * per_hour], axis=1).astype(np.int32)


def _write_periods(model: Model, counts: Counts, indices: Counts, data: Array) -> int:
    """Write the rows of all periods, each in the order its entries were added; returns their number of non-zeros."""
    n_rows = model.items(False, model.rows)
    parts = [part for part in model.entries if not part.row.hourly]
    rows = [np.asarray(_period_rows(part, model, n_rows), dtype=np.int32) for part in parts]
    if not parts:
        return 0
    row = np.concatenate([one.ravel() for one in rows])
    order = np.argsort(row, kind="stable")
    inside = len(row)
    counts[:] = np.bincount(row, minlength=len(counts))
    indices[:inside] = np.concatenate([_numbers_of(part, model).ravel() for part in parts])[order]
    data[:inside] = np.concatenate([part.values.ravel() for part in parts])[order]
    return inside


def _period_rows(part: Entries, model: Model, n_rows: int) -> Index:
    """Row numbers of the entries of periods' rows, of the shape of their column numbers."""
    base = part.row.first + part.rows
    if part.periods is not None:
        return part.periods[0] * n_rows + base
    shape = (model.periods, model.hours) if part.column.hourly else (model.periods,)
    first = np.arange(model.periods).reshape(-1, *(1,) * (len(shape) - 1), 1) * n_rows
    return np.broadcast_to(first + base, (*shape, len(base)))


def _numbers_of(part: Entries, model: Model) -> Index:
    """Column numbers of the entries of periods' rows: as their values, (periods, hours, items) or (periods, items)."""
    per_period, per_hour = model.items(False, model.columns), model.items(True, model.columns)
    item = part.column.first + part.columns
    if part.periods is not None:
        return part.periods[1] * per_period + item
    if part.column.hourly:
        step = np.arange(model.periods * model.hours).reshape(model.periods, model.hours, 1)
        return model.periods * per_period + step * per_hour + item
    return np.arange(model.periods)[:, None] * per_period + item


def _join(
    model: Model, family: dict[str, Block], number: Callable[[Block], NDArray[Any]], dtype: type = np.float64
) -> NDArray[Any]:
    """One vector of a number of all blocks of a family, in flat order."""
    per_period, per_hour = model.items(False, family), model.items(True, family)
    border = model.periods * per_period
    out: NDArray[Any] = np.empty(border + model.periods * model.hours * per_hour, dtype=dtype)
    tables = (out[:border].reshape(model.shape(False, per_period)), out[border:].reshape(model.shape(True, per_hour)))
    for block in family.values():
        tables[block.hourly][..., block.first : block.first + len(block)] = number(block)
    return out
