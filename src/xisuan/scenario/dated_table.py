"""Dated tables: the rows that hold in each period, and their cells by key."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from xisuan.scenario.schema.column_types import Table

Key = tuple[str, ...]


class Dated:
    """Rows of a table by period, computed once and shared by all scenarios that have the table.

    For each key the latest row not after the period holds; rows without a period hold from the start. Results are
    cached by the year of the last change (`since`), because nothing changes between these years.
    """

    def __init__(self, frame: pd.DataFrame, spec: Table) -> None:
        self.frame = frame
        self._keys = [key for key in spec.keys if key != "period"]
        dates = set(frame["period"].dropna().tolist()) if "period" in frame and len(frame) else set()
        self._changes: list[float] = sorted(map(float, dates))
        self._frames: dict[float, pd.DataFrame] = {}
        self._by_key: dict[float, list[Key]] = {}
        self._columns: dict[tuple[float, str], Mapping[Key, Any]] = {}
        self._firsts: dict[str, Mapping[Key, Any]] = {}
        self._rows: dict[float, Mapping[Key, Mapping[str, Any]]] = {}

    def since(self, period: float) -> float:
        """Return the year since which the rows that hold in `period` have been the same; −∞: always."""
        at = bisect.bisect_right(self._changes, period)
        return self._changes[at - 1] if at else -np.inf

    def at(self, period: float) -> pd.DataFrame:
        """Return the rows that hold in `period`, in order of the first appearance of their keys; index 0 … n−1."""
        since = self.since(period)
        if since not in self._frames:
            self._frames[since] = self._rows_in_force(since)
        return self._frames[since]

    def column(self, period: float, name: str) -> Mapping[Key, Any]:
        """Return the cells of a column in the rows that hold in `period`, by key."""
        since = self.since(period)
        if (since, name) not in self._columns:
            cells = self.at(since)[name].tolist()
            self._columns[since, name] = dict(zip(self.keys(since), cells, strict=True))
        return self._columns[since, name]

    def rows(self, period: float) -> Mapping[Key, Mapping[str, Any]]:
        """Return the rows that hold in `period`, by key."""
        since = self.since(period)
        if since not in self._rows:
            now = self.at(since)
            names = [str(name) for name in now.columns]
            cells = zip(*(now[name].tolist() for name in now.columns), strict=True)
            rows = [dict(zip(names, row, strict=True)) for row in cells]
            self._rows[since] = dict(zip(self.keys(since), rows, strict=True))
        return self._rows[since]

    def first(self, name: str) -> Mapping[Key, Any]:
        """Return the cells of a column in the first row of every key, in the order of the file."""
        if name not in self._firsts:
            firsts: dict[Key, Any] = {}
            for key, cell in zip(self._labels(self.frame), self.frame[name].tolist(), strict=True):
                firsts.setdefault(key, cell)
            self._firsts[name] = firsts
        return self._firsts[name]

    def keys(self, period: float) -> list[Key]:
        """Return the key of each row that holds in `period`, without the period."""
        since = self.since(period)
        if since not in self._by_key:
            self._by_key[since] = self._labels(self.at(since))
        return self._by_key[since]

    def numbers(self, period: float) -> Mapping[Key, int]:
        """Return the row number, from 0, that holds in `period` for each key."""
        return {tuple(map(str, key)): row for key, row in self._latest(period).items()}

    def _labels(self, frame: pd.DataFrame) -> list[Key]:
        """Return the key of each row of `frame` as texts, without the period."""
        cells = (frame[key] for key in self._keys)
        texts = (one if isinstance(one.dtype, pd.StringDtype) else one.astype(str) for one in cells)
        return list(zip(*(one.tolist() for one in texts), strict=True))

    def _rows_in_force(self, period: float) -> pd.DataFrame:
        """Return the rows that hold in `period`."""
        rows = list(self._latest(period).values())
        held = self.frame if rows == list(range(len(self.frame))) else self.frame.iloc[rows]
        return held.reset_index(drop=True)

    def _latest(self, period: float) -> dict[tuple[object, ...], int]:
        """Return the number of the latest row not after `period`, by key."""
        frame = self.frame
        latest: dict[tuple[object, ...], int] = {}
        if not len(frame):
            return latest
        since = frame["period"].fillna(-np.inf).to_numpy(dtype=np.float64)
        for row, key in enumerate(zip(*(frame[key].tolist() for key in self._keys), strict=True)):
            if since[row] <= period and (key not in latest or since[row] >= since[latest[key]]):
                latest[key] = row
        return latest
