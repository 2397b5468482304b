"""Rows read from the templates of hour and period, compiled: a model of any number of hours, and no matrix of them.

A row of an hour has the same places in every hour: columns of its period, of the hour and of the hour before. A row of a
period has columns of periods and, hour after hour, the same places in all its hours. Coefficients that never differ are one
number, the others lie in a table with a number for every hour of every period.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numba
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from xisuan.solver import slices
from xisuan.solver.matrix import core, size
from xisuan.solver.model import Array, Entries, Index, Model

NO_SLOT = -1
PERIOD, HOUR, BEFORE = 0, 1, 2
"""Where the column of an hour's entry lies: in the period, the hour, or the hour before."""


class Pattern(NamedTuple):
    """Entries that return in every hour: those of row i of the pattern lie from starts[i] to starts[i + 1].

    kind, item: where its column lies and which of those it is. A coefficient is `constant`, or in row `slot` of a table.
    """

    starts: Index
    kind: Index
    item: Index
    constant: Array
    slot: Index


class Parts(NamedTuple):
    """What kernels read.

    sizes: rows and columns of a period, rows and columns of an hour, hours. before: the hour before each hour of a period.
    starts, columns, values: what rows of periods have among columns of periods, compressed. year: what they have in every
    hour of their period. hour: what rows of an hour have. table: coefficients that differ, shape (slots, periods × hours).
    longest: entries of the longest row.
    """

    sizes: tuple[int, int, int, int, int]
    before: Index
    starts: NDArray[Any]
    columns: NDArray[Any]
    values: Array
    year: Pattern
    hour: Pattern
    table: Array
    longest: int


class Templates:
    """Rows of a model that keeps its hours (`xisuan.solver.rows.Rows`)."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.shape = size(model)[:2]

    @cached_property
    def parts(self) -> Parts:
        """What compiled kernels read."""
        return of_model(self._model)

    def times(self, x: Array) -> Array:
        """matrix·x. Shape (rows,)."""
        return self._by_row(x, _times)

    def sizes(self, x: Array) -> Array:
        """|matrix|·|x|. Shape (rows,)."""
        return self._by_row(x, _sizes)

    def largest(self, x: Array) -> Array:
        """The largest |a·x| of each row; NaN where one is. Shape (rows,)."""
        return self._by_row(x, _largest)

    def _by_row(self, x: Array, kernel: Any) -> Array:
        out = np.empty(self.shape[0])
        kernel(self.parts, np.ascontiguousarray(x, dtype=np.float64), out)
        return out

    def pull(self, y: Array) -> Array:
        """matrixᵀ·y. Shape (columns,)."""
        out = np.zeros(self.shape[1])
        _pull(self.parts, np.ascontiguousarray(y, dtype=np.float64), out)
        return out

    def pulled_sizes(self, y: Array, columns: Index) -> Array:
        """|matrix|ᵀ·|y| of some columns. Shape (len(columns),)."""
        out = np.zeros(self.shape[1])
        _pull_sizes(self.parts, np.ascontiguousarray(y, dtype=np.float64), out)
        return np.asarray(out[columns])

    def some(self, rows: Index) -> sp.csr_matrix:
        """Some of the rows, each with all columns."""
        rows = np.asarray(rows, dtype=np.int64)
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        _count(self.parts, rows, starts[1:])
        np.cumsum(starts, out=starts)
        columns, values = np.empty(int(starts[-1]), dtype=np.int64), np.empty(int(starts[-1]))
        _copy(self.parts, rows, starts, columns, values)
        return sp.csr_matrix((values, columns, starts), shape=(len(rows), self.shape[1]))


def of_matrix(matrix: sp.csr_matrix) -> Parts:
    """The rows of a matrix as those of one period that has no hours."""
    none = np.zeros(0, dtype=np.int64)
    nothing = Pattern(np.zeros(1, dtype=np.int64), none, none, np.zeros(0), none)
    rows, columns = matrix.shape
    longest = int(np.diff(matrix.indptr).max(initial=0))
    values = np.ascontiguousarray(matrix.data, dtype=np.float64)
    return Parts(
        (rows, columns, 0, 0, 0),
        none,
        matrix.indptr,
        matrix.indices,
        values,
        nothing,
        nothing,
        np.zeros((0, 0)),
        longest,
    )


def of_model(model: Model) -> Parts:
    """The rows of a model, none of whose hours may be the one before itself (`slices.possible`)."""
    upper = slices.between_periods(model).tocsr()
    families = (model.rows, model.columns)
    (rows, columns), (hour_rows, hour_columns) = ([model.items(of, one) for one in families] for of in (False, True))
    tables: list[Array] = []
    of_year = [part for part in model.entries if part.column.hourly and not part.row.hourly]
    year = _pattern(model, of_year, rows, tables)
    hour = _pattern(model, [part for part in model.entries if part.row.hourly], hour_rows, tables)
    lengths = np.diff(upper.indptr) + model.hours * np.tile(np.diff(year.starts), model.periods)
    return Parts(
        sizes=(rows, columns, hour_rows, hour_columns, model.hours),
        before=np.asarray(model.previous, dtype=np.int64),
        starts=upper.indptr,
        columns=upper.indices,
        values=upper.data,
        year=year,
        hour=hour,
        table=np.stack(tables) if tables else np.zeros((0, model.periods * model.hours)),
        longest=max(int(lengths.max(initial=0)), int(np.diff(hour.starts).max(initial=0))),
    )


def _pattern(model: Model, parts: Sequence[Entries], rows: int, tables: list[Array]) -> Pattern:
    """The pattern of these entries, which has so many rows; each in the order in which its entries were added.

    Entries at one place are added up in place of the first. What differs from hour to hour is added to `tables`.
    """
    none = np.zeros(0, dtype=np.int64)
    row = np.concatenate([none, *(part.row.first + part.rows for part in parts)])
    item = np.concatenate([none, *(part.column.first + part.columns for part in parts)])
    kind = np.concatenate([none, *(np.full(len(part.rows), _kind(part)) for part in parts)])
    place = (3 * row + kind) * (int(item.max(initial=0)) + 1) + item
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
def read(parts, i, column, value):  # type: ignore[no-untyped-def]
    """Write columns and coefficients of row i where they are wanted; returns how many there are. Some may be 0."""
    rows, columns, hour_rows, hour_columns, hours = parts.sizes
    border, n = len(parts.starts) - 1, 0
    first_hour = border // max(1, rows) * columns
    if i < border:
        for at in range(parts.starts[i], parts.starts[i + 1]):
            column[n], value[n] = parts.columns[at], parts.values[at]
            n += 1
        period, pattern = i // rows, parts.year
        low, high = (pattern.starts[i % rows], pattern.starts[i % rows + 1]) if hours > 0 else (0, 0)
        for step in range(period * hours, (period + 1) * hours if low < high else period * hours):
            first = first_hour + step * hour_columns
            for at in range(low, high):
                slot = pattern.slot[at]
                column[n] = first + pattern.item[at]
                value[n] = pattern.constant[at] if slot < 0 else parts.table[slot, step]
                n += 1
        return n
    step, item, pattern = (i - border) // hour_rows, (i - border) % hour_rows, parts.hour
    period, hour = step // hours, step % hours
    own = first_hour + step * hour_columns
    earlier = first_hour + (period * hours + parts.before[hour]) * hour_columns
    for at in range(pattern.starts[item], pattern.starts[item + 1]):
        kind, slot = pattern.kind[at], pattern.slot[at]
        first = own if kind == HOUR else period * columns if kind == PERIOD else earlier
        column[n] = first + pattern.item[at]
        value[n] = pattern.constant[at] if slot < 0 else parts.table[slot, step]
        n += 1
    return n


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _times(parts, x, out):  # type: ignore[no-untyped-def]
    column, value = np.empty(parts.longest, dtype=np.int64), np.empty(parts.longest)
    for i in range(len(out)):
        total = 0.0
        for at in range(read(parts, i, column, value)):
            total += value[at] * x[column[at]]
        out[i] = total


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _sizes(parts, x, out):  # type: ignore[no-untyped-def]
    column, value = np.empty(parts.longest, dtype=np.int64), np.empty(parts.longest)
    for i in range(len(out)):
        total = 0.0
        for at in range(read(parts, i, column, value)):
            total += abs(value[at] * x[column[at]])
        out[i] = total


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _largest(parts, x, out):  # type: ignore[no-untyped-def]
    column, value = np.empty(parts.longest, dtype=np.int64), np.empty(parts.longest)
    for i in range(len(out)):
        most = 0.0
        for at in range(read(parts, i, column, value)):
            if value[at] == 0.0:
                continue  # no entry of a matrix
            term = abs(value[at] * x[column[at]])
            if term > most or np.isnan(term):
                most = term
        out[i] = most


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _pull(parts, y, out):  # type: ignore[no-untyped-def]
    column, value = np.empty(parts.longest, dtype=np.int64), np.empty(parts.longest)
    for i in range(len(y)):
        if y[i] != 0.0:
            for at in range(read(parts, i, column, value)):
                out[column[at]] += value[at] * y[i]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _pull_sizes(parts, y, out):  # type: ignore[no-untyped-def]
    column, value = np.empty(parts.longest, dtype=np.int64), np.empty(parts.longest)
    for i in range(len(y)):
        if y[i] != 0.0:
            for at in range(read(parts, i, column, value)):
                out[column[at]] += abs(value[at] * y[i])


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _count(parts, rows, counts):  # type: ignore[no-untyped-def]
    column, value = np.empty(parts.longest, dtype=np.int64), np.empty(parts.longest)
    for number in range(len(rows)):
        kept = 0
        for at in range(read(parts, rows[number], column, value)):
            kept += value[at] != 0.0
        counts[number] = kept


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _copy(parts, rows, starts, columns, values):  # type: ignore[no-untyped-def]
    column, value = np.empty(parts.longest, dtype=np.int64), np.empty(parts.longest)
    for number in range(len(rows)):
        into = starts[number]
        for at in range(read(parts, rows[number], column, value)):
            if value[at] != 0.0:
                columns[into], values[into] = column[at], value[at]
                into += 1
