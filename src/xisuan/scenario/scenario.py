"""A scenario: everything that is given, in one frozen object."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.errors import Problem
from xisuan.scenario import selection, tables
from xisuan.scenario.settings import Settings
from xisuan.scenario.timeline import Timeline

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scenario:
    """What is given. Tables are typed and complete: every column of the format is there, blanks are NaN or "".

    `tables[name]` is a data frame in the order of the file, empty where the scenario has no such table.
    `curves` holds the profiles of `profiles` and the expanded ones of `profile_rules`: 8,760 rows.
    `notes` are the warnings of reading (ignored rows, invisible sources); they never change a result.
    """

    settings: Settings
    tables: Mapping[str, pd.DataFrame]
    curves: pd.DataFrame
    notes: tuple[Problem, ...] = ()

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def has(self, table: str) -> bool:
        """Whether the scenario has data for `table`."""
        return len(self.tables[table]) > 0

    def with_settings(self, **changes: object) -> Scenario:
        """The same scenario with other settings, such as `hours` or `periods`."""
        return dataclasses.replace(self, settings=dataclasses.replace(self.settings, **changes))  # type: ignore[arg-type]

    def at(self, table: str, period: int) -> pd.DataFrame:
        """Rows of a dated table that hold in `period`: for each key the latest row not after it.

        Rows without a period hold from the start. Key columns stay columns; the index is 0 … n−1 in the order in
        which the keys first appear.
        """
        since = self.since(table, period)
        if (table, since) not in self._held:
            self._held[table, since] = self._at(table, since)
        return self._held[table, since]

    def since(self, table: str, period: int) -> float:
        """The year since which the rows of a dated table that hold in `period` have been the same; −inf: always."""
        if table not in self._changes:
            frame = self.tables[table]
            self._changes[table] = np.unique(frame["period"].dropna()) if len(frame) else np.zeros(0)
        changes = self._changes[table]
        at = int(np.searchsorted(changes, period, side="right"))
        return float(changes[at - 1]) if at else -np.inf

    @cached_property
    def _held(self) -> dict[tuple[str, float], pd.DataFrame]:
        return {}

    @cached_property
    def _changes(self) -> dict[str, Array]:
        return {}

    def _at(self, table: str, period: float) -> pd.DataFrame:
        frame = self.tables[table]
        spec = tables.BY_NAME[table]
        keys = [key for key in spec.keys if key != "period"]
        if not len(frame):
            return frame
        since = frame["period"].fillna(-np.inf).to_numpy(dtype=np.float64)
        latest: dict[tuple[object, ...], int] = {}
        for row, key in enumerate(zip(*(frame[key].tolist() for key in keys), strict=True)):
            if since[row] <= period and (key not in latest or since[row] >= since[latest[key]]):
                latest[key] = row
        return frame.iloc[list(latest.values())].reset_index(drop=True)

    def curve(self, value: float | str) -> Array:
        """8,760 values of a `series` cell: a constant, or the profile of that name."""
        if isinstance(value, str):
            return self.curves[value].to_numpy(dtype=np.float64)
        return np.full(units.HOURS_PER_YEAR, float(value))

    def shape(self, profile: str) -> Array:
        """8,760 values of a demand profile, normalised to mean 1; constant 1 where blank."""
        if not profile:
            return np.ones(units.HOURS_PER_YEAR)
        values: Array = self.curves[profile].to_numpy(dtype=np.float64)
        return np.asarray(values / values.mean())

    @cached_property
    def timeline(self) -> Timeline:
        """Periods, years and modelled hours."""
        settings = self.settings
        return Timeline(
            periods=settings.periods,
            last_period_years=settings.last_period_years,
            base_year=settings.base_year,
            rate=settings.discount_rate,
            blocks=selection.blocks(self),
            mean=settings.hours.kind == "one" and not self.has("blocks"),
        )

    def fixed(self, period: int) -> bool:
        """Whether the year had ended at `as_of`, so that it is taken as it was and not planned."""
        last = self.settings.actual_year
        return last is not None and period <= last
