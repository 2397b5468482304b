"""Constraints as sparse rows over the long vector, one family at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xisuan.certificate.clock import Array
from xisuan.certificate.columns import Columns, Label

Sense = Literal["=", "<", ">"]
Index = NDArray[np.int64]


class Rows:
    """One family `Σ a x (sense) rhs`. Shape (P, H, items) where hourly, else (P, items).

    `sound`, where given, says which rows may serve in the proof of a bound; all of them check the plan.
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
        self._parts: list[tuple[Index, Index, Array]] = []

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
        """Row `rows[k]` gains coef × item `items[k]` of `variable`, in every period and hour.

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
            self.store(p * size + at, family.start + p * width + item, coef)
            return
        p = p[..., None]
        t = np.arange(self.hours)[:, None]
        s = t if shift is None else shift[:, None]
        row = ((p * self.hours + t) if self.hourly else p) * size + at
        column = ((p * self.hours + s) if family.hourly else p) * width + item
        self.store(row, family.start + column, coef)

    def add_orders(self, variable: str, rows: Sequence[int], items: Sequence[int], coef: Array) -> None:
        """Row of period u gains coef[k, u, o] × item `items[k]` ordered in period o. Both are yearly."""
        family = self.columns[variable]
        if not len(rows):
            return
        k, u, o = np.nonzero(coef)
        at, item = np.asarray(rows, dtype=np.int64)[k], np.asarray(items, dtype=np.int64)[k]
        self._parts.append((u * len(self.labels) + at, family.start + o * len(family.labels) + item, coef[k, u, o]))

    def match(self, variable: str, key: Mapping[Label, int], part: slice) -> tuple[list[int], list[int]]:
        """Pairs (row, item) of the variable's items whose labels, cut to `part`, are in `key`."""
        found = [(key[label[part]], i) for i, label in enumerate(self.columns[variable].labels) if label[part] in key]
        return [row for row, _ in found], [item for _, item in found]

    @cached_property
    def entries(self) -> tuple[Index, Index, Array]:
        """Row, column and coefficient of every entry."""
        if not self._parts:
            empty = np.zeros(0, dtype=np.int64)
            return empty, empty, np.zeros(0)
        rows, columns, coefs = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        self._parts = [(rows, columns, coefs)]  # a year of them is held once
        return rows, columns, coefs

    def store(self, rows: Index, columns: Index, coef: ArrayLike) -> None:
        """Add entries by their places in the family's rows and in the long vector."""
        shape = np.broadcast_shapes(rows.shape, columns.shape)
        value = np.broadcast_to(np.asarray(coef, dtype=np.float64), shape).ravel()
        row, column = np.broadcast_to(rows, shape).ravel(), np.broadcast_to(columns, shape).ravel()
        kept = value != 0.0
        self._parts.append((row, column, value) if kept.all() else (row[kept], column[kept], value[kept]))
