"""The coefficients by columns, some columns at a time, read from the templates of hour and period.

A solver that receives the matrix by rows keeps a copy by columns, and both together take twice the memory. Here each
column is written from its template: a column of an hour has entries in rows of its period, of its hour and of the next
hour; a column of a period has entries in rows of periods and of all its hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index
from gnomon.model.block_model import Entries, Model
from gnomon.model.csr_matrix import Counts, hourly, period_numbers, period_rows


@dataclass(frozen=True, slots=True)
class Slice:
    """Columns `first` to `last` (exclusive): column first + i has `values` in `rows`, from starts[i] to starts[i + 1]."""

    first: int
    last: int
    starts: Counts
    rows: Counts
    values: Array

    def with_values(self, values: Array) -> Slice:
        """Return the same pattern with other values."""
        return replace(self, values=values)


def of_matrix(matrix: sp.csr_matrix, size: int) -> Iterator[Slice]:
    """Yield the columns of a matrix, about `size` coefficients at a time."""
    whole = matrix.tocsc()
    for low, high in _cuts(np.asarray(whole.indptr, dtype=np.int64), size):
        starts = whole.indptr[low : high + 1]
        inside = slice(starts[0], starts[-1])
        yield Slice(low, high, starts - starts[0], whole.indices[inside], whole.data[inside])


def possible(model: Model) -> bool:
    """Return True if the templates give the columns directly, which needs that no hour is its own predecessor."""
    return not (model.previous == np.arange(model.hours)).any()


def of_model(model: Model, size: int) -> Iterator[Slice]:
    """Yield the columns of a model, about `size` non-zero coefficients at a time, with sorted rows.

    They equal those of `csr_matrix.whole`. A slice has at least one column of a period, or those of one hour.
    """
    yield from _of_periods(model, size)
    yield from _of_hours(model, size)


def count(model: Model) -> int:
    """Return the number of coefficients of all columns, without writing them."""
    return int(between_periods(model).nnz) + _down(model).nonzeros() + _within(model).nonzeros()


@dataclass(frozen=True)
class _Pattern:
    """Entries that repeat in every hour, in the order of columns and then of rows.

    An entry may have several terms: `first` is the first term of each entry; `part` and `item` locate a term in the
    model. `column` and `row` are items of their templates; `kind` is 0 for a row of the period, 1 for one of the hour,
    2 for one of the next hour.
    """

    model: Model
    parts: Sequence[Entries]
    part: Index
    item: Index
    first: Index
    column: Index
    kind: Index
    row: Index

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def _terms(self) -> tuple[Array, list[tuple[Entries, Index, Index]]]:
        """Return the terms equal in all hours, and the others: part, positions among the terms, items of the part."""
        steady = np.zeros(len(self.part))
        others: list[tuple[Entries, Index, Index]] = []
        for number in np.unique(self.part):
            part, at = self.parts[number], np.flatnonzero(self.part == number)
            once = _once(part)
            if once.shape[:2] == (1, 1):
                steady[at] = once[0, 0, self.item[at]]
            else:
                others.append((part, at, self.item[at]))
        return steady, others

    def values(self, period: int, hours: Index) -> Array:
        """Return the coefficients in some hours of a period, shape (hours, entries)."""
        steady, others = self._terms
        table = np.empty((len(hours), len(steady)))
        table[:] = steady
        # A term on the previous hour's column is stored with its row, in the next hour.
        after = _following(self.model)[hours]
        for part, at, item in others:
            table[:, at] = part.values[period, after if part.before else hours][:, item]
        if len(self) == len(steady):
            return table
        # Add up the terms of each entry.
        return np.add.reduceat(table, self.first, axis=1)

    def take(self, low: int, high: int) -> _Pattern:
        """Return the entries low to high (exclusive)."""
        ends = np.append(self.first, len(self.part))[[low, high]]
        terms, entries = slice(*ends), slice(low, high)
        return replace(
            self,
            part=self.part[terms],
            item=self.item[terms],
            first=self.first[entries] - ends[0],
            column=self.column[entries],
            kind=self.kind[entries],
            row=self.row[entries],
        )

    def starts(self, columns: int) -> Index:
        """Return the first entry of each of `columns` columns, and the end."""
        return np.asarray(np.searchsorted(self.column, np.arange(columns + 1)))

    def nonzeros(self) -> int:
        """Return the number of coefficients other than 0 in all hours of all periods."""
        steady, others = self._terms
        terms = np.diff(np.append(self.first, len(self.part)))
        alone = np.repeat(terms == 1, terms)
        steps = self.model.periods * self.model.hours
        found = steps * int(np.count_nonzero(steady[alone]))
        for part, at, item in others:
            once = _once(part)[..., item[alone[at]]]
            found += int(np.count_nonzero(once)) * (steps // (once.shape[0] * once.shape[1]))
        every = np.arange(self.model.hours)
        # Several terms may cancel in some hours, so these entries are evaluated.
        for entry in np.flatnonzero(terms > 1):
            one = self.take(int(entry), int(entry) + 1)
            found += sum(int(np.count_nonzero(one.values(period, every))) for period in range(self.model.periods))
        return found


def _once(part: Entries) -> Array:
    """Return the values of a part with one period, or one hour, where broadcasting makes all equal."""
    return part.values[tuple(slice(1 if step == 0 else None) for step in part.values.strides[:2])]


def _following(model: Model) -> Index:
    """Return the hour after each hour of a period, the inverse of `previous`."""
    return np.argsort(model.previous)


def _pattern(model: Model, parts: Sequence[Entries]) -> _Pattern:
    """Return the pattern of some parts, sorted by column, kind and row."""
    none = np.empty(0, dtype=np.int64)
    part = np.concatenate([none, *(np.full(len(one.rows), at) for at, one in enumerate(parts))])
    item = np.concatenate([none, *(np.arange(len(one.rows)) for one in parts)])
    column = np.concatenate([none, *(one.column.first + one.columns for one in parts)])
    row = np.concatenate([none, *(one.row.first + one.rows for one in parts)])
    kind = np.array([(2 if one.before else 1) if one.row.hourly else 0 for one in parts], dtype=np.int64)[part]
    # Terms at one place become one entry.
    order = np.lexsort((row, kind, column))
    place = np.stack([column, kind, row])[:, order]
    new = np.append(True, (place[:, 1:] != place[:, :-1]).any(axis=0))[: len(order)]
    return _Pattern(model, parts, part[order], item[order], np.flatnonzero(new), *place[:, new])


def _within(model: Model) -> _Pattern:
    """Return the pattern of the columns of an hour."""
    return _pattern(model, [part for part in model.entries if part.column.hourly])


def _down(model: Model) -> _Pattern:
    """Return the pattern of the columns of a period in rows of its hours."""
    return _pattern(model, [part for part in model.entries if part.row.hourly and not part.column.hourly])


def between_periods(model: Model) -> sp.csc_matrix:
    """Return the matrix of the columns of periods in rows of periods."""
    shape = (model.periods * model.items(False, model.rows), model.periods * model.items(False, model.columns))
    parts = [part for part in model.entries if not hourly(part)]
    none = np.empty(0, dtype=np.int64)
    rows = [np.ravel(period_rows(part, model, model.items(False, model.rows))) for part in parts]
    columns = [np.ravel(period_numbers(part, model)) for part in parts]
    values = np.concatenate([np.empty(0), *(part.values.ravel() for part in parts)])
    found = sp.csc_matrix((values, (np.concatenate([none, *rows]), np.concatenate([none, *columns]))), shape=shape)
    found.eliminate_zeros()
    found.sort_indices()
    return found


def _first_rows(model: Model, period: int, hours: Index) -> Index:
    """Return the first row of the period, of each hour and of the hour after it, shape (hours, 3)."""
    per_period, per_hour = model.items(False, model.rows), model.items(True, model.rows)
    steps = model.periods * per_period + (period * model.hours + np.stack([hours, _following(model)[hours]])) * per_hour
    return np.stack([np.full(len(hours), period * per_period), *steps], axis=1)


def _of_hours(model: Model, size: int) -> Iterator[Slice]:
    """Yield the columns of hours: the pattern once per hour."""
    width, border = model.items(True, model.columns), model.periods * model.items(False, model.columns)
    if not width:
        return
    pattern = _within(model)
    starts = pattern.starts(width)
    # The last hour of a cyclic block precedes the first. There the rows of kind 2 come before those of kind 1.
    turned = np.lexsort((pattern.row, np.array([0, 2, 1])[pattern.kind], pattern.column))
    step = max(1, size // max(1, len(pattern)))
    for period in range(model.periods):
        for low in range(0, model.hours, step):
            hours = np.arange(low, min(low + step, model.hours))
            values = pattern.values(period, hours)
            rows = _first_rows(model, period, hours).astype(np.int32)[:, pattern.kind]
            rows += pattern.row.astype(np.int32)
            last = np.flatnonzero(_following(model)[hours] < hours)
            values[last], rows[last] = values[last][:, turned], rows[last][:, turned]
            each = (np.arange(len(hours))[:, None] * len(pattern) + starts[:-1]).ravel()
            first = border + (period * model.hours + low) * width
            yield _slice(first, np.append(each, values.size), rows.ravel(), values.ravel())


def _of_periods(model: Model, size: int) -> Iterator[Slice]:
    """Yield the columns of periods: their entries in rows of periods, then, hour by hour, those in rows of hours."""
    width, every = model.items(False, model.columns), np.arange(model.hours)
    upper, pattern = between_periods(model), _down(model)
    starts = pattern.starts(width)
    for period in range(model.periods):
        begin = _first_rows(model, period, every)[:, 1:2].astype(np.int32)
        for low, high in _cuts(starts * model.hours, size):
            some = pattern.take(int(starts[low]), int(starts[high]))
            rows, values = begin + some.row.astype(np.int32), some.values(period, every)
            at = upper[:, period * width + low : period * width + high]
            of_rows, of_values, ends = [], [], [0]
            for one in range(high - low):
                above = slice(at.indptr[one], at.indptr[one + 1])
                below = slice(*(starts[low + one : low + one + 2] - starts[low]))
                of_rows += [at.indices[above], rows[:, below].ravel()]
                of_values += [at.data[above], values[:, below].ravel()]
                ends.append(ends[-1] + len(of_rows[-2]) + len(of_rows[-1]))
            yield _slice(period * width + low, np.array(ends), np.concatenate(of_rows), np.concatenate(of_values))


def _slice(first: int, starts: Index, rows: Counts, values: Array) -> Slice:
    """Return the columns from `first` on, without zeros."""
    kept = values != 0.0
    if not kept.all():
        starts = np.append(0, np.cumsum(kept))[starts]
        rows, values = rows[kept], values[kept]
    return Slice(first, first + len(starts) - 1, starts.astype(np.int32), rows.astype(np.int32, copy=False), values)


def _cuts(starts: Index, size: int) -> list[tuple[int, int]]:
    """Return consecutive ranges of columns (first, end) with about `size` coefficients each."""
    inner = np.searchsorted(starts, np.arange(size, starts[-1], size))
    bounds = np.unique(np.concatenate([[0], inner, [len(starts) - 1]]))
    return [(int(low), int(high)) for low, high in pairwise(bounds)]
