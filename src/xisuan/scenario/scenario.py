"""The scenario: all input data in one frozen object."""

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
from xisuan.scenario import representative_days, yearly_means
from xisuan.scenario.dated_table import Dated
from xisuan.scenario.schema import tables
from xisuan.scenario.settings import Settings
from xisuan.scenario.timeline import Timeline

Array = NDArray[np.float64]
NO_CURVES = pd.DataFrame()


@dataclass(frozen=True, eq=False)
class Scenario:
    """Input data of a plan. Tables are typed and complete: every column of the format exists, blanks are NaN or "".

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
        """Return True if the scenario has rows in `table`."""
        return len(self.tables[table]) > 0

    def with_settings(self, **changes: object) -> Scenario:
        """Return the scenario with other settings, such as `hours` or `periods`."""
        made = dataclasses.replace(self, settings=dataclasses.replace(self.settings, **changes))  # type: ignore[arg-type]
        made._dated.update({name: self.dated(name) for name in self.tables})
        return made

    def with_tables(self, **frames: pd.DataFrame) -> Scenario:
        """Return the scenario with other tables; the cached results of unchanged tables are kept."""
        made = dataclasses.replace(self, tables={**self.tables, **frames})
        made._dated.update({name: self.dated(name) for name in self.tables if name not in frames})
        return made

    def only(self, *names: str) -> Scenario:
        """Return the scenario with only these tables and without curves, so that a function can read nothing else."""
        made = dataclasses.replace(self, tables={name: self.tables[name] for name in names}, curves=NO_CURVES, notes=())
        made._dated.update({name: self.dated(name) for name in names})
        return made

    def dated(self, table: str) -> Dated:
        """Return a table as `Dated`, cached."""
        if table not in self._dated:
            self._dated[table] = Dated(self.tables[table], tables.BY_NAME[table])
        return self._dated[table]

    def at(self, table: str, period: int) -> pd.DataFrame:
        """Return the rows of a dated table that hold in `period`: for each key the latest row not after it.

        Rows without a period hold from the start. Key columns stay columns; the index is 0 … n−1 in the order in which
        the keys first appear.
        """
        return self.dated(table).at(period)

    @cached_property
    def _dated(self) -> dict[str, Dated]:
        """Cache of `dated` by table."""
        return {}

    def curve(self, value: float | str) -> Array:
        """Return 8,760 values of a `series` cell: a constant, or the profile of that name."""
        if isinstance(value, str):
            return self.curves[value].to_numpy(dtype=np.float64)
        return np.full(units.HOURS_PER_YEAR, float(value))

    def hourly(self, table: str, column: str, value: float | str) -> Array:
        """Return the modelled hours of a `series` cell, with the year's mean if the hours keep it. Shape (H,).

        A profile of `demand` is first normalised to mean 1.
        """
        timeline = self.timeline
        curve = self.shape(str(value)) if table == "demand" else self.curve(value)
        hours = timeline.sample(curve)
        if not timeline.keeps_means:
            return hours
        if (table, column) in yearly_means.WORK:
            return yearly_means.keep_work(hours, timeline.weight, curve)
        if (table, column) not in yearly_means.KEPT:
            return hours
        return yearly_means.keep(hours, timeline.weight, float(curve.mean()), *yearly_means.KEPT[table, column])

    def shape(self, profile: str) -> Array:
        """Return 8,760 values of a demand profile, normalised to mean 1; constant 1 where blank."""
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
            blocks=representative_days.blocks(self),
            mean=settings.hours.kind == "one" and not self.has("blocks"),
        )

    def fixed(self, period: int) -> bool:
        """Return True if `period` had ended at `as_of`, so that it is fixed at its actuals and not planned."""
        last = self.settings.actual_year
        return last is not None and period <= last
