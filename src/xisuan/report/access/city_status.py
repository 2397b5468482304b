"""Year in which each city becomes a gigabit city for good, its deadline, its state at that date, and its state
before anything is built."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xisuan.report.run_context import Context
from xisuan.scenario.schema.access_tables import ALL, GIGABIT
from xisuan.text.year_spans import spells


@dataclass(frozen=True)
class Standing:
    """Reading of the table `gigabit` by city: for good, under the standard that holds in the last period; and at its
    date, under the standard that holds then."""

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
    def versions(self) -> dict[int, frozenset[str]]:
        """The versions of the standard of each period: one, unless the tables contradict themselves."""
        return {p: frozenset(self.context.scenario.at("standard", p)["version"]) for p in self.context.periods}

    @cached_property
    def judged(self) -> tuple[int, ...]:
        """The periods in which the standard is that of the last one."""
        return tuple(p for p, version in self.versions.items() if version == self.versions[self.context.last])

    @cached_property
    def supposed(self) -> bool:
        """Return True if every threshold of the last standard is an estimate, so that the standard is not published."""
        rows = self.context.scenario.at("standard", self.judged[0])
        return set(rows["quality"]) == {"estimate"}

    @cached_property
    def status(self) -> dict[str, dict[int, bool]]:
        """Return city → period → if it is a gigabit city then, by the standard that holds in that period."""
        return {
            str(city): dict(zip(rows["period"], rows["gigabit"].astype(bool), strict=True))
            for city, rows in self.table.groupby("city", sort=False)
        }

    @cached_property
    def since(self) -> dict[str, int]:
        """The first of these periods from which on each city is a gigabit city; cities that never are are left out."""
        found: dict[str, int] = {}
        for city, status in self.status.items():
            held = [p for p in self.judged if all(status[later] for later in self.judged if later >= p)]
            if held:
                found[city] = held[0]
        return found

    @cached_property
    def ends(self) -> dict[int, int]:
        """Last year that each period stands for; the state of a period holds at the end of that year."""
        years = self.context.scenario.timeline.years
        return {period: of[-1] for period, of in zip(self.context.periods, years, strict=True)}

    def year(self, city: str, never: str) -> str:
        """Return the year by the end of which a city is a gigabit city for good, or `never`."""
        return str(self.ends[self.since[city]]) if city in self.since else never

    @cached_property
    def before(self) -> frozenset[str]:
        """Cities that have been named under this standard."""
        state = self.context.scenario.at("city_state", self.judged[0])
        versions = set(self.context.scenario.at("standard", self.judged[0])["version"]) - {""}
        return frozenset(state.loc[state["named_under"].isin(versions), "city"].astype(str))

    @property
    def all_before(self) -> bool:
        """Return True if every city has been named under this standard, so that no year is left to plan."""
        return self.before >= set(self.cities)

    @cached_property
    def due(self) -> dict[str, int]:
        """Year by the end of which each city must be a gigabit city; cities without a date are left out."""
        targets = self.context.scenario["city_targets"]
        rows = targets[targets["indicator"] == GIGABIT]
        dates = dict(zip(rows["city"].astype(str), rows["deadline"].astype(float), strict=True))
        asked = {city: dates.get(city, dates.get(ALL, np.nan)) for city in self.cities}
        return {city: int(year) for city, year in asked.items() if np.isfinite(year)}

    def at_date(self, city: str) -> int | None:
        """Return the period of a city's date, or None if it has no date within the horizon."""
        year = self.due.get(city)
        return None if year is None else self.period_of(year)

    def period_of(self, year: int) -> int | None:
        """Return the period that a year belongs to, or None if it is outside the horizon."""
        spans = zip(self.context.periods, self.context.scenario.timeline.years, strict=True)
        return next((period for period, of in spans if year in of), None)

    @cached_property
    def late(self) -> tuple[str, ...]:
        """Cities that are no gigabit cities at their date, by the standard that holds then."""
        dated = {city: self.at_date(city) for city in self.cities}
        return tuple(city for city, period in dated.items() if period is not None and not self.status[city][period])

    def in_time(self, city: str) -> int | None:
        """Return the period from which a city stays a gigabit city up to its date, under one standard.

        If the city is late: the first period after its date in which it is one. None if it never is, or has no date
        within the horizon.
        """
        due, status = self.at_date(city), self.status[city]
        if due is None:
            return None
        if not status[due]:
            return next((p for p in self.context.periods if p > due and status[p]), None)
        before = [p for p in self.context.periods if p <= due]
        same = [p for p in before if self.versions[p] == self.versions[due]]
        return next(p for p in same if all(status[later] for later in same if later >= p))

    def named_for(self, city: str) -> bool:
        """Return True if a city has been named under the standard of its date, or without a date of the last period."""
        due = self.at_date(city)
        if due is None:
            return city in self.before
        state = self.context.scenario.at("city_state", due)
        named = state.loc[state["city"].astype(str) == city, "named_under"]
        return bool(named.isin(self.versions[due] - {""}).any())

    def spells(self, city: str) -> str:
        """Return the years at whose end a city is a gigabit city, such as `2027–2028`; blank if there are none."""
        return spells((self.ends[period], held) for period, held in self.status[city].items())

    def end(self, year: int) -> float:
        """Return the place of the end of a year's period on an axis of the periods, 0 to 1 and beyond it."""
        periods = np.array(self.context.periods)
        at = int(np.searchsorted(periods, year, side="right"))
        return at / len(periods) if year <= self.context.scenario.timeline.horizon[-1] else 1.0
