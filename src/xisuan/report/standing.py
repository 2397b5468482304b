"""When each city becomes a gigabit city for good, when it has to, and whether it was one before anything is built."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xisuan.report.context import Context
from xisuan.scenario.tables_access import ALL, GIGABIT


@dataclass(frozen=True)
class Standing:
    """What the table `gigabit` says of each city, under the standard that holds in the last period."""

    context: Context

    @property
    def table(self) -> pd.DataFrame:
        """Indicators of every city in every period."""
        return self.context.run.plan.tables["gigabit"]

    @cached_property
    def cities(self) -> tuple[str, ...]:
        """All cities, in the order of the table."""
        return tuple(self.table["city"].astype(str).drop_duplicates())

    @cached_property
    def judged(self) -> tuple[int, ...]:
        """The periods in which the standard is that of the last one."""
        versions = {p: set(self.context.scenario.at("standard", p)["version"]) for p in self.context.periods}
        return tuple(p for p, version in versions.items() if version == versions[self.context.last])

    @cached_property
    def since(self) -> dict[str, int]:
        """The first of these periods from which on each city is a gigabit city; cities that never are are left out."""
        found: dict[str, int] = {}
        for city, rows in self.table.groupby("city", sort=False):
            status = dict(zip(rows["period"], rows["gigabit"], strict=True))
            held = [p for p in self.judged if all(status[later] for later in self.judged if later >= p)]
            if held:
                found[str(city)] = held[0]
        return found

    @cached_property
    def ends(self) -> dict[int, int]:
        """The last year that each period stands for: what is so in a period is so by the end of it."""
        years = self.context.scenario.timeline.years
        return {period: of[-1] for period, of in zip(self.context.periods, years, strict=True)}

    def year(self, city: str, never: str) -> str:
        """The year by the end of which a city is a gigabit city for good; `never` where it is not."""
        return str(self.ends[self.since[city]]) if city in self.since else never

    @cached_property
    def before(self) -> frozenset[str]:
        """Cities that have been named under this standard."""
        state = self.context.scenario.at("city_state", self.judged[0])
        versions = set(self.context.scenario.at("standard", self.judged[0])["version"]) - {""}
        return frozenset(state.loc[state["named_under"].isin(versions), "city"].astype(str))

    @cached_property
    def due(self) -> dict[str, int]:
        """The year by the end of which each city has to be a gigabit city; those without a date are left out."""
        targets = self.context.scenario["city_targets"]
        rows = targets[targets["indicator"] == GIGABIT]
        dates = dict(zip(rows["city"].astype(str), rows["deadline"].astype(float), strict=True))
        asked = {city: dates.get(city, dates.get(ALL, np.nan)) for city in self.cities}
        return {city: int(year) for city, year in asked.items() if np.isfinite(year)}

    def end(self, year: int) -> float:
        """Where the end of the period that a year lies in is on an axis of the periods, 0 to 1 and beyond it."""
        periods = np.array(self.context.periods)
        at = int(np.searchsorted(periods, year, side="right"))
        return at / len(periods) if year <= self.context.scenario.timeline.horizon[-1] else 1.0
