"""A scenario under inspection: the rows that hold in its periods, and the problems found."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pandas as pd

from xisuan.scenario.queries import candidates
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.tables import BY_NAME, key_part
from xisuan.text.translation import message as _

Row = dict[str, Any]


class Inspection:
    """State shared by the checks. Rows are dicts; a table's rows are those that hold in some period, each once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.periods = scenario.settings.periods
        self.findings = Findings()
        self._all: dict[str, list[Row]] = {}
        self._held: dict[tuple[str, int], list[Row]] = {}
        self._is_dated: dict[str, bool] = {}

    def at(self, table: str, period: int) -> list[Row]:
        """Return the rows that hold in `period`."""
        if (table, period) not in self._held:
            dated = self._dated(table)
            self._held[table, period] = _records(self.scenario.at(table, period)) if dated else self.rows(table)
        return self._held[table, period]

    def rows(self, table: str) -> list[Row]:
        """Return the rows that hold in some period; of an undated table, all rows."""
        if table not in self._all:
            if self._dated(table):
                rows = [row for period in self.periods for row in self.at(table, period)]
                marks = [(_place(table, row), key_part(row["period"])) for row in rows]
                self._all[table] = list(dict(zip(reversed(marks), reversed(rows), strict=True)).values())[::-1]
            else:
                self._all[table] = _records(self.scenario[table])
        return self._all[table]

    def _dated(self, table: str) -> bool:
        """Return True if rows of the table have periods."""
        if table not in self._is_dated:
            frame = self.scenario[table]
            self._is_dated[table] = BY_NAME[table].dated and len(frame) > 0 and bool(frame["period"].notna().any())
        return self._is_dated[table]

    def error(self, table: str, row: Row | str, column: str, code: str, /, value: object = None, **values: Any) -> None:
        """Record an error in a row of a table, by its code and the values of its message."""
        self.findings.error(table, _place(table, row), column, _value(row, column, value), code, **values)

    def warn(self, table: str, row: Row | str, column: str, code: str, /, value: object = None, **values: Any) -> None:
        """Record a warning about a row of a table, by its code and the values of its message."""
        self.findings.warn(table, _place(table, row), column, _value(row, column, value), code, **values)

    @cached_property
    def demand(self) -> list[Row]:
        """Rows of demand above 0 in the modelled periods."""
        years = set(self.periods)
        return [row for row in self.rows("demand") if row["period"] in years and row["units"] > 0]

    @cached_property
    def asked(self) -> dict[str, set[str]]:
        """Regions with demand, by workload."""
        out: dict[str, set[str]] = {}
        for row in self.demand:
            out.setdefault(row["workload"], set()).add(row["region"])
        return out

    @cached_property
    def workloads(self) -> dict[str, list[Row]]:
        """Rows of the workloads with demand that some technology runs, by workload."""
        out: dict[str, list[Row]] = {}
        for row in self.rows("workloads"):
            if row["workload"] in self.asked and candidates.runs(self.scenario, row["workload"]):
                out.setdefault(row["workload"], []).append(row)
        return out

    @cached_property
    def equipped(self) -> dict[str, set[str]]:
        """Existing and possible technologies of each site that can hold any."""
        out: dict[str, set[str]] = {}
        if not (self.scenario.has("sites") and self.scenario.has("technologies")):
            return out
        for site, technology in candidates.equipment(self.scenario):
            out.setdefault(site, set()).add(technology)
        return out

    @cached_property
    def moving(self) -> set[str]:
        """Workloads with demand that move data."""
        rows = (row for rows in self.workloads.values() for row in rows)
        return {row["workload"] for row in rows if row["gbps_per_unit"] > 0 or row["return_gbps_per_unit"] > 0}

    def policy(self, *rules: str) -> Iterator[Row]:
        """Return the policies with these rules that hold in some period."""
        return (row for row in self.rows("policies") if row["rule"] in rules)


def _records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dicts."""
    if frame.empty:
        return []
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(frame[name].tolist() for name in names), strict=True)]


def _place(table: str, row: Row | str) -> str:
    """Return the key of a row without its period, parts joined by /."""
    if isinstance(row, str):
        return row
    return "/".join(key_part(row[key]) for key in BY_NAME[table].keys if key != "period")


def _value(row: Row | str, column: str, value: object) -> object:
    """Return the value to show in a message, blank for NaN."""
    if value is not None:
        return value
    cell = row.get(column, "") if isinstance(row, dict) else ""
    return "" if isinstance(cell, float) and math.isnan(cell) else cell


_SHOWN = 3
"""Names listed in a message before the rest is counted."""


def named(names: list[int] | list[str]) -> str:
    """Return the first names joined by commas, and the number of the others."""
    head = ", ".join(map(str, names[:_SHOWN]))
    return _("{names} and {count} more", names=head, count=len(names) - _SHOWN) if len(names) > _SHOWN else head
