"""A scenario under inspection: the rows that hold in its periods, and the findings so far."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pandas as pd

from xisuan.scenario import candidates
from xisuan.scenario.findings import Findings
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.tables import BY_NAME, key_part

Row = dict[str, Any]


class Inspection:
    """What the checks share. Rows are dicts; each table's rows are those that hold in some period, each once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.periods = scenario.settings.periods
        self.findings = Findings()
        self._held: dict[tuple[str, int], pd.DataFrame] = {}

    def at(self, table: str, period: int) -> list[Row]:
        """Rows that hold in `period`."""
        return _records(self.frame_at(table, period))

    def frame_at(self, table: str, period: int) -> pd.DataFrame:
        """Rows that hold in `period`, as a frame."""
        if (table, period) not in self._held:
            self._held[table, period] = self.scenario.at(table, period)
        return self._held[table, period]

    def rows(self, table: str) -> list[Row]:
        """Rows that hold in some period; of an undated table all rows."""
        frame = self.scenario[table]
        if not BY_NAME[table].dated or frame["period"].isna().all():
            return _records(frame)
        parts = [self.frame_at(table, period) for period in self.periods]
        return _records(pd.concat(parts).drop_duplicates([*BY_NAME[table].keys, "period"]))

    def error(self, table: str, row: Row | str, column: str, what: str, value: object = None) -> None:
        """Record an error in a row of a table."""
        self.findings.error(table, _place(table, row), column, _value(row, column, value), what)

    def warn(self, table: str, row: Row | str, column: str, what: str, value: object = None) -> None:
        """Record a warning about a row of a table."""
        self.findings.warn(table, _place(table, row), column, _value(row, column, value), what)

    @cached_property
    def demand(self) -> list[Row]:
        """Demand of the periods, where there is any."""
        frame = self.scenario["demand"]
        return _records(frame[frame["period"].isin(self.periods) & (frame["units"] > 0)])

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
        """Technologies that stand or could stand at each site that can hold any, by site."""
        out: dict[str, set[str]] = {}
        for site, technology in candidates.equipment(self.scenario):
            out.setdefault(site, set()).add(technology)
        return out

    @cached_property
    def moving(self) -> set[str]:
        """Workloads with demand that move data."""
        rows = (row for rows in self.workloads.values() for row in rows)
        return {row["workload"] for row in rows if row["gbps_per_unit"] > 0 or row["return_gbps_per_unit"] > 0}

    def policy(self, *rules: str) -> Iterator[Row]:
        """Policies of these rules that hold in some period."""
        return (row for row in self.rows("policies") if row["rule"] in rules)


def _records(frame: pd.DataFrame) -> list[Row]:
    return frame.to_dict("records")  # type: ignore[return-value]


def _place(table: str, row: Row | str) -> str:
    if isinstance(row, str):
        return row
    return "/".join(key_part(row[key]) for key in BY_NAME[table].keys if key != "period")


def _value(row: Row | str, column: str, value: object) -> object:
    if value is not None:
        return value
    cell = row.get(column, "") if isinstance(row, dict) else ""
    return "" if isinstance(cell, float) and math.isnan(cell) else cell
