"""Constraints as sparse rows over the vector of all variables, one family at a time, and large families by ranges of
hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.variables import Columns, Label

Sense = Literal["=", "<", ">"]
Index = NDArray[np.int64]
Entries = tuple[Index, Index, Array]
"""Row, column and coefficient of entries."""
AT_ONCE = 2_000_000
"""Entries that are made at a time: of a family that has more, those of a range of hours of one period."""


class Rows:
    """One family Σ a x (sense) rhs. Shape (P, H, items) where hourly, else (P, items).

    `sound`, if given, is True for rows that may be used in the proof of a bound; all rows check the plan.
    """

    def __init__(
        self, columns: Columns, name: str, labels: Sequence[Label], sense: Sense, hourly: bool = False
    ) -> None:
        self.columns, self.name, self.labels, self.sense, self.hourly = columns, name, tuple(labels), sense, hourly
        self.periods, self.hours = columns.reading.clock.shape
        size = len(self.labels)
        self.shape = (self.periods, self.hours, size) if hourly else (self.periods, size)
        self.rhs = np.zeros(self.shape)
        self.sound: NDArray[np.bool_] | None = None
        self._parts: list[_Part] = []

    @cached_property
    def at(self) -> Mapping[Label, int]:
        """Position of each label."""
        return {label: i for i, label in enumerate(self.labels)}

    def add(
        self,
        variable: str,
        rows: Sequence[int],
        items: Sequence[int],
        coef: ArrayLike = 1.0,
        shift: Index | None = None,
    ) -> None:
        """Add coef × item `items[k]` of `variable` to row `rows[k]`, in every period and hour.

        `coef` broadcasts to (P, H, k) where rows or variable are hourly, else to (P, k). `shift` maps the row's hour
        to the variable's.
        """
        family = self.columns[variable]
        size, width = len(self.labels), len(family.labels)
        at, item = np.asarray(rows, dtype=np.int64), np.asarray(items, dtype=np.int64)
        if not len(at):
            return
        p = np.arange(self.periods)[:, None]
        if not (self.hourly or family.hourly):
            self._parts.append(_Whole(_entries(p * size + at, family.start + p * width + item, coef)))
            return

        def make(periods: slice, hours: slice) -> Entries:
            u, t = np.arange(self.periods)[periods, None, None], np.arange(self.hours)[hours, None]
            s = t if shift is None else shift[hours, None]
            row = ((u * self.hours + t) if self.hourly else u) * size + at
            column = ((u * self.hours + s) if family.hourly else u) * width + item
            whole = (self.periods, self.hours, len(at))
            return _entries(row, family.start + column, np.broadcast_to(coef, whole)[periods, hours])

        self._parts.append(_Hourly(make, self.periods, self.hours, len(at)))

    def add_orders(self, variable: str, rows: Sequence[int], items: Sequence[int], coef: Array) -> None:
        """Add coef[k, u, o] × item `items[k]` ordered in period o to the row of period u. Both are yearly."""
        family = self.columns[variable]
        if not len(rows):
            return
        k, u, o = np.nonzero(coef)
        at, item = np.asarray(rows, dtype=np.int64)[k], np.asarray(items, dtype=np.int64)[k]
        row, column = u * len(self.labels) + at, family.start + o * len(family.labels) + item
        self._parts.append(_Whole((row, column, coef[k, u, o])))

    def match(self, variable: str, key: Mapping[Label, int], part: slice) -> tuple[list[int], list[int]]:
        """Return pairs (row, item) of the variable's items whose labels, cut to `part`, are in `key`."""
        found = [(key[label[part]], i) for i, label in enumerate(self.columns[variable].labels) if label[part] in key]
        return [row for row, _ in found], [item for _, item in found]

    def pieces(self) -> Iterator[Entries]:
        """Yield all entries, each once: in one piece where they are few, else by ranges of hours."""
        if sum(part.count for part in self._parts) <= AT_ONCE:
            yield self.entries
            return
        for part in self._parts:
            yield from part.pieces()

    @cached_property
    def entries(self) -> Entries:
        """All entries of a small family."""
        pieces = [piece for part in self._parts for piece in part.pieces()]
        if not pieces:
            empty = np.zeros(0, dtype=np.int64)
            return empty, empty, np.zeros(0)
        rows, columns, coefs = (np.concatenate(part) for part in zip(*pieces, strict=True))
        return rows, columns, coefs


class _Whole:
    """Entries that are stored."""

    def __init__(self, entries: Entries) -> None:
        self._entries, self.count = entries, len(entries[2])

    def pieces(self) -> Iterator[Entries]:
        yield self._entries


class _Hourly:
    """Entries of all hours, the same number in each, generated by ranges of periods and hours."""

    def __init__(self, make: Callable[[slice, slice], Entries], periods: int, hours: int, width: int) -> None:
        self._make, self._periods, self._hours, self._width = make, periods, hours, width
        self.count = periods * hours * width

    def pieces(self) -> Iterator[Entries]:
        if self.count <= AT_ONCE:
            yield self._make(slice(None), slice(None))
            return
        step = max(1, AT_ONCE // self._width)
        for period in range(self._periods):
            for hour in range(0, self._hours, step):
                yield self._make(slice(period, period + 1), slice(hour, hour + step))


_Part = _Whole | _Hourly


def _entries(rows: Index, columns: Index, coef: ArrayLike) -> Entries:
    """Return nonzero entries by their indices in the family's rows and in the vector of all variables."""
    shape = np.broadcast_shapes(rows.shape, columns.shape)
    value = np.broadcast_to(np.asarray(coef, dtype=np.float64), shape).ravel()
    row, column = np.broadcast_to(rows, shape).ravel(), np.broadcast_to(columns, shape).ravel()
    kept = value != 0.0
    return (row, column, value) if kept.all() else (row[kept], column[kept], value[kept])
