"""Tables over time: the row of each key in force in each period, with its numbers and texts."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Key = tuple[Hashable, ...]


class Dated:
    """One table: `rows[p]` holds, by key, the rows that are valid in period number p.

    `earliest` has each key's row of the first period that has one.
    """

    def __init__(self, rows: list[dict[Key, dict[str, Any]]], earliest: dict[Key, dict[str, Any]]) -> None:
        self.rows, self.earliest = rows, earliest
        self.keys: tuple[Key, ...] = tuple(earliest)
        self._numbers: dict[tuple[Key, str], Array] = {}
        self._texts: dict[tuple[Key, str], tuple[str, ...]] = {}

    @classmethod
    def of(cls, scenario: Scenario, table: str) -> Dated:
        """Read a table: for each key the latest row not after the period; rows without a period hold from the start."""
        keys = [key for key in tables.BY_NAME[table].keys if key != "period"]
        rows = records(scenario[table])
        since = [-np.inf if np.isnan(as_number(row.get("period"))) else as_number(row.get("period")) for row in rows]
        names = [tuple(row[key] for key in keys) for row in rows]
        found: list[dict[Key, dict[str, Any]]] = []
        for period in scenario.settings.periods:
            last: dict[Key, int] = {}
            for i, name in enumerate(names):
                if since[i] <= period and (name not in last or since[i] >= since[last[name]]):
                    last[name] = i
            found.append({name: rows[i] for name, i in last.items()})
        earliest: dict[Key, dict[str, Any]] = {}
        for held in found:
            for key, row in held.items():
                earliest.setdefault(key, row)
        return cls(found, earliest)

    def only(self, p: int) -> Dated:
        """Return the table in period number p alone, with the keys of all periods."""
        return Dated([self.rows[p]], self.earliest)

    def number(self, key: Key, column: str) -> Array:
        """Return the column's value in each period, NaN where it is blank or no row holds. Shape (P,)."""
        found = self._numbers.get((key, column))
        if found is None:
            found = np.array([as_number(rows.get(key, {}).get(column)) for rows in self.rows])
            found.flags.writeable = False
            self._numbers[key, column] = found
        return found

    def ever(self, key: Key, column: str) -> Array:
        """Return the values as `number` does, but with the first row also in force before it."""
        first = self.earliest.get(key, {})
        return np.array([as_number(rows.get(key, first).get(column)) for rows in self.rows])

    def text(self, key: Key, column: str) -> tuple[str, ...]:
        """Return the column's text in each period, "" where it is blank or no row holds."""
        found = self._texts.get((key, column))
        if found is None:
            cells = [rows.get(key, {}).get(column) for rows in self.rows]
            found = self._texts[key, column] = tuple(cell if isinstance(cell, str) else "" for cell in cells)
        return found

    def first(self, key: Key, column: str) -> Any:
        """Return the column's value in the first period that has a row of the key."""
        return self.earliest[key][column] if key in self.earliest else None

    def holds(self, key: Key) -> Mask:
        """Return True for periods in which a row of the key holds. Shape (P,)."""
        return np.array([key in rows for rows in self.rows])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame, each by its columns."""
    columns = [str(column) for column in frame.columns]
    return [dict(zip(columns, row, strict=True)) for row in frame.astype(object).to_numpy().tolist()]


def as_number(value: Any) -> float:
    """Return a cell as a number, NaN where it is blank or text."""
    return np.nan if value is None or value is pd.NA or isinstance(value, str) else float(value)
