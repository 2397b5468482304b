"""Compiled kernels that read rows from the templates of hour and period, without a matrix of all hours.

A row of an hour has the same pattern in every hour: columns of its period, of the hour and of the hour before. A row of
a period has columns of periods and, hour after hour, the same pattern in all its hours. A coefficient that is equal in
all hours is one number; the others lie in a table with a number for every hour of every period.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numba
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.model import column_slices
from gnomon.model.block_model import Entries, Model
from gnomon.model.csr_matrix import core, size

NO_SLOT = -1
PERIOD, HOUR, BEFORE = 0, 1, 2
"""Location of the column of an hour's entry: the period, the hour, or the hour before."""


class Pattern(NamedTuple):
    """Entries that repeat in every hour: those of row i of the pattern lie from starts[i] to starts[i + 1].

    kind, item: location and item of the column. A coefficient is `constant`, or lies in row `slot` of a table.
    """

    starts: Index
    kind: Index
    item: Index
    constant: Array
    slot: Index


class Sizes(NamedTuple):
    """Number of periods, their rows and columns, their hours, and the rows and columns of an hour."""

    periods: int
    rows: int
    columns: int
    hours: int
    hour_rows: int
    hour_columns: int


class Parts(NamedTuple):
    """Data of the kernels.

    before: the hour before each hour of a period. starts, columns, values: compressed rows of periods on columns of
    periods. year: pattern of rows of periods in every hour of their period. hour: pattern of the rows of an hour.
    table: coefficients that differ, shape (slots, periods × hours). longest: entries of the longest row of a period, or
    of all rows of an hour.
    """

    sizes: Sizes
    before: Index
    starts: NDArray[Any]
    columns: NDArray[Any]
    values: Array
    year: Pattern
    hour: Pattern
    table: Array
    longest: int


class Templates:
    """Rows of a block model, read from its templates (see `gnomon.model.row_operator.Rows`)."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.shape = size(model)[:2]

    @cached_property
    def parts(self) -> Parts:
        """Return the data of the compiled kernels."""
        return of_model(self._model)

    def times(self, x: Array) -> Array:
        """Return matrix·x. Shape (rows,)."""
        return self._times(x, sizes=False)

    def sizes(self, x: Array) -> Array:
        """Return |matrix|·|x|. Shape (rows,)."""
        return self._times(x, sizes=True)

    def largest(self, x: Array) -> Array:
        """Return the largest |a·x| of each row, NaN if one term is. Shape (rows,)."""
        out = np.empty(self.shape[0])
        _largest(self.parts, np.ascontiguousarray(x, dtype=np.float64), out)
        return out

    def _times(self, x: Array, *, sizes: bool) -> Array:
        out = np.empty(self.shape[0])
        _times(self.parts, np.ascontiguousarray(x, dtype=np.float64), sizes, out)
        return out

    def pull(self, y: Array) -> Array:
        """Return matrixᵀ·y. Shape (columns,)."""
        return self._pull(y, sizes=False)

    def pulled_sizes(self, y: Array, columns: Index) -> Array:
        """Return |matrix|ᵀ·|y| of some columns. Shape (len(columns),)."""
        return np.asarray(self._pull(y, sizes=True)[columns])

    def _pull(self, y: Array, *, sizes: bool) -> Array:
        out = np.zeros(self.shape[1])
        _pull(self.parts, np.ascontiguousarray(y, dtype=np.float64), sizes, out)
        return out

    def some(self, rows: Index) -> sp.csr_matrix:
        """Return some of the rows, each with all columns."""
        rows = np.asarray(rows, dtype=np.int64)
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        _count(self.parts, rows, starts[1:])
        np.cumsum(starts, out=starts)
        columns, values = np.empty(int(starts[-1]), dtype=np.int64), np.empty(int(starts[-1]))
        _copy(self.parts, rows, starts, columns, values)
        return sp.csr_matrix((values, columns, starts), shape=(len(rows), self.shape[1]))


def of_matrix(matrix: sp.csr_matrix) -> Parts:
    """Return the rows of a matrix as those of one period without hours."""
    none = np.zeros(0, dtype=np.int64)
    nothing = Pattern(np.zeros(1, dtype=np.int64), none, none, np.zeros(0), none)
    longest = int(np.diff(matrix.indptr).max(initial=0))
    values = np.ascontiguousarray(matrix.data, dtype=np.float64)
    sizes = Sizes(1, *matrix.shape, hours=0, hour_rows=0, hour_columns=0)
    return Parts(sizes, none, matrix.indptr, matrix.indices, values, nothing, nothing, np.zeros((0, 0)), longest)


def of_model(model: Model) -> Parts:
    """Return the rows of a model in which no hour is its own predecessor (`column_slices.possible`)."""
    upper = column_slices.between_periods(model).tocsr()
    families = (model.rows, model.columns)
    (rows, columns), (hour_rows, hour_columns) = ([model.items(of, one) for one in families] for of in (False, True))
    tables: list[Array] = []
    of_year = [part for part in model.entries if part.column.hourly and not part.row.hourly]
    year = _pattern(model, of_year, rows, tables)
    hour = _pattern(model, [part for part in model.entries if part.row.hourly], hour_rows, tables)
    lengths = np.diff(upper.indptr) + model.hours * np.tile(np.diff(year.starts), model.periods)
    return Parts(
        sizes=Sizes(model.periods, rows, columns, model.hours, hour_rows, hour_columns),
        before=np.asarray(model.previous, dtype=np.int64),
        starts=upper.indptr,
        columns=upper.indices,
        values=upper.data,
        year=year,
        hour=hour,
        table=np.stack(tables) if tables else np.zeros((0, model.periods * model.hours)),
        longest=max(int(lengths.max(initial=0)), len(hour.item)),
    )


def _pattern(model: Model, parts: Sequence[Entries], rows: int, tables: list[Array]) -> Pattern:
    """Return the pattern of these entries with `rows` rows, each row in the order in which its entries were added.

    Entries at one place are summed at the first of them. Coefficients that differ between hours are appended to
    `tables`.
    """
    none = np.zeros(0, dtype=np.int64)
    row = np.concatenate([none, *(part.row.first + part.rows for part in parts)])
    item = np.concatenate([none, *(part.column.first + part.columns for part in parts)])
    kind = np.concatenate([none, *(np.full(len(part.rows), _kind(part)) for part in parts)])
    place = (3 * row + kind) * (int(item.max(initial=0)) + 1) + item
    # Terms at one place become one entry, in the order of their first appearance.
    _, first, where = np.unique(place, return_index=True, return_inverse=True)
    order = np.lexsort((first, row[first]))
    at = np.empty_like(order)
    at[order] = np.arange(len(order))
    where, first = at[where], first[order]
    constant, slot = np.zeros(len(first)), np.full(len(first), NO_SLOT)
    begin = 0
    for part in parts:
        mine = where[begin : begin + len(part.rows)]
        begin += len(mine)
        once = core(part.values)
        if once.shape[:2] == (1, 1) or (part.values == part.values[:1, :1]).all():
            np.add.at(constant, mine, part.values[0, 0])
            continue
        for number, entry in enumerate(mine):
            if slot[entry] == NO_SLOT:
                slot[entry] = len(tables)
                tables.append(np.zeros(model.periods * model.hours))
            tables[slot[entry]] += part.values[:, :, number].ravel()
    for entry in np.flatnonzero(slot != NO_SLOT):
        tables[slot[entry]] += constant[entry]
    used = (slot != NO_SLOT) | (constant != 0.0)
    starts = np.searchsorted(row[first[used]], np.arange(rows + 1))
    return Pattern(np.asarray(starts), kind[first[used]], item[first[used]], constant[used], slot[used])


def _kind(part: Entries) -> int:
    return (BEFORE if part.before else HOUR) if part.column.hourly else PERIOD


@numba.njit(cache=True, nogil=True, error_model="numpy")
def lines(parts):  # type: ignore[no-untyped-def]
    """Return the number of `read` calls for all rows, and buffers for their results: row starts, columns, coefficients."""
    sizes = parts.sizes
    hours = sizes.periods * sizes.hours if sizes.hour_rows else 0
    starts = np.zeros(max(1, sizes.hour_rows) + 1, dtype=np.int64)
    return len(parts.starts) - 1 + hours, starts, np.empty(parts.longest, dtype=np.int64), np.empty(parts.longest)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def span(parts, line):  # type: ignore[no-untyped-def]
    """Return the first row of one `read` and the number of rows: one of a period, or all of an hour."""
    border = len(parts.starts) - 1
    return (line, 1) if line < border else (border + (line - border) * parts.sizes.hour_rows, parts.sizes.hour_rows)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def line_of(parts, row):  # type: ignore[no-untyped-def]
    """Return the `read` call that contains a row."""
    border = len(parts.starts) - 1
    return row if row < border else border + (row - border) // parts.sizes.hour_rows


@numba.njit(cache=True, nogil=True, error_model="numpy")
def read(parts, line, starts, column, value):  # type: ignore[no-untyped-def]
    """Write columns and coefficients of rows, each from its start to that of the next. Some coefficients may be 0.

    All rows of an hour are read at once, because passing the parts to a call costs as much as reading one row.
    """
    sizes, border, n = parts.sizes, len(parts.starts) - 1, 0
    if line < border:
        for at in range(parts.starts[line], parts.starts[line + 1]):
            column[n], value[n] = parts.columns[at], parts.values[at]
            n += 1
        _read_year(parts, line // sizes.rows, line % sizes.rows, n, starts, column, value)
        return
    step = line - border
    period, hour = step // sizes.hours, step % sizes.hours
    of_period, of_hours = period * sizes.columns, sizes.periods * sizes.columns
    own = of_hours + step * sizes.hour_columns
    earlier = of_hours + (period * sizes.hours + parts.before[hour]) * sizes.hour_columns
    _read_hour(parts.hour, parts.table, step, (of_period, own, earlier), starts, column, value)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _read_year(parts, period, row, n, starts, column, value):  # type: ignore[no-untyped-def]
    """Append the entries of a period's row in its hours after the first n entries."""
    pattern, sizes, table = parts.year, parts.sizes, parts.table
    low, high = (pattern.starts[row], pattern.starts[row + 1]) if sizes.hours else (0, 0)
    item, constant, slots = pattern.item, pattern.constant, pattern.slot
    if low < high:
        for step in range(period * sizes.hours, (period + 1) * sizes.hours):
            first = sizes.periods * sizes.columns + step * sizes.hour_columns
            for at in range(low, high):
                slot = slots[at]
                column[n] = first + item[at]
                value[n] = constant[at] if slot < 0 else table[slot, step]
                n += 1
    starts[0], starts[1] = 0, n


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _read_hour(pattern, table, step, first, starts, column, value):  # type: ignore[no-untyped-def]
    """Write the rows of an hour. first: first column of the period, of the hour and of the hour before."""
    kind, item, constant, slots = pattern.kind, pattern.item, pattern.constant, pattern.slot
    starts[: len(pattern.starts)] = pattern.starts
    for at in range(len(item)):
        slot = slots[at]
        column[at] = first[kind[at]] + item[at]
        value[at] = constant[at] if slot < 0 else table[slot, step]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _times(parts, x, sizes, out):  # type: ignore[no-untyped-def]
    """Write the sum of the terms of each row, or of their absolute values, to `out`."""
    count, starts, column, value = lines(parts)
    for line in range(count):
        read(parts, line, starts, column, value)
        first, rows = span(parts, line)
        for k in range(rows):
            total = 0.0
            for at in range(starts[k], starts[k + 1]):
                term = value[at] * x[column[at]]
                total += abs(term) if sizes else term
            out[first + k] = total


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _largest(parts, x, out):  # type: ignore[no-untyped-def]
    """Write the largest |a·x| of each row to `out`."""
    count, starts, column, value = lines(parts)
    for line in range(count):
        read(parts, line, starts, column, value)
        first, rows = span(parts, line)
        for k in range(rows):
            most = 0.0
            for at in range(starts[k], starts[k + 1]):
                if value[at] != 0.0:  # zeros are not entries of the matrix
                    term = abs(value[at] * x[column[at]])
                    if term > most or np.isnan(term):
                        most = term
            out[first + k] = most


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _pull(parts, y, sizes, out):  # type: ignore[no-untyped-def]
    """Add the terms of each column, or their absolute values, to `out`."""
    count, starts, column, value = lines(parts)
    for line in range(count):
        first, rows = span(parts, line)
        if (y[first : first + rows] == 0.0).all():
            continue
        read(parts, line, starts, column, value)
        for k in range(rows):
            for at in range(starts[k], starts[k + 1]):
                term = value[at] * y[first + k]
                out[column[at]] += abs(term) if sizes else term


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _count(parts, rows, counts):  # type: ignore[no-untyped-def]
    """Write the number of non-zeros of some rows to `counts`."""
    _, starts, column, value = lines(parts)
    last = -1
    for number in range(len(rows)):
        line = line_of(parts, rows[number])
        if line != last:
            read(parts, line, starts, column, value)
            last = line
        k, kept = rows[number] - span(parts, line)[0], 0
        for at in range(starts[k], starts[k + 1]):
            kept += value[at] != 0.0
        counts[number] = kept


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _copy(parts, rows, into, columns, values):  # type: ignore[no-untyped-def]
    """Copy the non-zeros of some rows to `columns` and `values`, each from its place in `into`."""
    _, starts, column, value = lines(parts)
    last = -1
    for number in range(len(rows)):
        line = line_of(parts, rows[number])
        if line != last:
            read(parts, line, starts, column, value)
            last = line
        k, to = rows[number] - span(parts, line)[0], into[number]
        for at in range(starts[k], starts[k + 1]):
            if value[at] != 0.0:
                columns[to], values[to] = column[at], value[at]
                to += 1
