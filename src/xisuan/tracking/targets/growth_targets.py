"""Growth targets: a growth over a published level, or a growth of the deadline's own period.

The published growth of that period decides, because it is the measure of the target: like for like or in constant
prices. Without it, two levels decide. Before the deadline the growth is converted to a level if its base is published.
Otherwise published growths are chained to an index, which is forecast as any series.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

from xisuan.results.track import Level
from xisuan.scenario.schema.statistics_tables import YEARLY
from xisuan.text.translation import message as _
from xisuan.tracking.series import year_nowcast
from xisuan.tracking.series.reconciliation import Figure, back
from xisuan.tracking.series.year_nowcast import YearToDate
from xisuan.tracking.targets.target_values import Wanted

Row = dict[str, Any]
INDEX = 100.0
"""Index value in the base year of a growth."""
_WHOLE = 100.0
"""Level from which on no decimals are shown."""
_EXACT = 1e-9
"""Tolerance for binary rounding of a growth, points."""


class Growing(Wanted):
    """Growth target: `pace` per cent in each of `years` periods, the last of which ends with the deadline.

    `since`: first day of all periods. `base`: level from which the growth counts; None if it is unpublished or a bound.
    `goal`: the resulting level, NaN without a base.
    """

    def __init__(
        self,
        row: Row,
        kind: str,
        since: datetime.date,
        deadline: datetime.date,
        series: Sequence[Figure],
        figures: Sequence[Figure],
    ) -> None:
        self.pace, self.to, self.since = float(row["growth_pct"]), str(row["growth_to"]), since
        self.years = deadline.year - since.year + 1 if self.to == YEARLY else 1
        begins = since if self.years == 1 else datetime.date(deadline.year, 1, 1)
        super().__init__(math.nan, begins, deadline, kind, row["bound"] == "under")
        self.figures = [
            one
            for one in figures
            if (one.indicator, one.region, one.scope) == (row["indicator"], row["region"], row["scope"])
            and one.rank == 1
            and math.isfinite(one.growth)
            and one.status in ("actual", "preliminary")
        ]
        self.base = self._level(series, self.years)
        if self.base is not None:
            self.goal = self.base.value * (1.0 + self.pace / 100.0) ** self.years

    @property
    def base_day(self) -> datetime.date:
        """Last day of the period of the base level."""
        return back(self.deadline, self.years)

    def _level(self, series: Sequence[Figure], years: int) -> Figure | None:
        """Return the level `years` before that of the deadline, unless it is a bound; None if it is not published."""
        first, last = (back(day, years) for day in (self.begins, self.deadline))
        flow = self.kind == "flow"
        found = [one for one in series if one.last == last and (one.first == first or not flow) and one.value > 0.0]
        return next((one for one in found if one.bound not in ("over", "under")), None)

    def grown(self, series: Sequence[Figure]) -> tuple[float, str, bool] | None:
        """Return the growth of the deadline's period, its bound, and True if it is computed from levels, or None."""
        if self.years > 1:
            average = self._published(self.since, self.deadline, YEARLY)
            if average is not None:
                return average.growth, average.bound, False
            paces = [self._published(*self._period(years)) for years in range(self.years)]
            told = [one.growth for one in paces if one is not None and not one.bound]
            if len(told) == self.years:
                whole = math.prod(1.0 + growth / 100.0 for growth in told)
                return 100.0 * (whole ** (1.0 / self.years) - 1.0), "", False
        elif (one := self._published(*self._period(0))) is not None:
            return one.growth, one.bound if math.isnan(one.value) else "", False
        level = next((one for one in series if self.covers(one) and one.value > 0.0), None)
        if level is None or self.base is None:
            return None
        return 100.0 * ((level.value / self.base.value) ** (1.0 / self.years) - 1.0), level.bound, True

    def _period(self, years: int) -> tuple[datetime.date, datetime.date]:
        """Return the first and last day of the deadline's period `years` before."""
        return back(self.begins, years), back(self.deadline, years)

    def _published(self, first: datetime.date, last: datetime.date, to: str = "") -> Figure | None:
        """Return the published growth of a period over the year before, or over `to`, or None.

        A flow must cover the whole period; for a stock the last day decides.
        """
        own = [
            one
            for one in self.figures
            if one.last == last and one.told.growth_to == to and (one.first == first or self.kind != "flow")
        ]
        return min(own, key=lambda one: (bool(one.bound), math.isnan(one.value)), default=None)

    def settled(self, series: Sequence[Figure], day: datetime.date) -> str:
        """Return `reached`, `missed`, or blank if the growth is unknown or only bounded."""
        told = self.grown(series) if day >= self.deadline else None
        if told is None:
            return ""
        growth, bound, _ = told
        if growth <= self.pace + _EXACT if self.falling else growth >= self.pace - _EXACT:
            return "reached"
        return "" if bound == ("under" if self.falling else "over") else "missed"

    def deciding(self, series: Sequence[Figure], day: datetime.date) -> list[Figure]:
        """Return the figures of the deadline's period that state a growth or a level."""
        return [one for one in (*self.figures, *series) if one.last == self.deadline]

    def reached_by(self, series: Sequence[Figure]) -> str:
        """Return blank: growth of a later period does not count."""
        return ""

    def index(self) -> tuple[list[datetime.date], list[float], float]:
        """Return year ends, the index of published growths on them, and the noise of the last value.

        The index is 100 in the base year of the growth, or in the last earlier year that is known. The noise is above 0
        if the last year is incomplete.
        """
        if (self.deadline.month, self.deadline.day) != (12, 31) or not (self.yearly or self.kind == "stock"):
            return [], [], 0.0
        grew = {}
        earliest = min((one.last for one in self.figures), default=self.deadline).year
        for years in range(1, self.deadline.year - earliest + 1):
            if (one := self._published(*self._period(years))) is not None and not one.bound:
                grew[self.deadline.year - years] = 1.0 + one.growth / 100.0
        start = min(self.base_day.year, max(grew, default=self.base_day.year))
        levels = _chained(start, grew, self.deadline.year)
        last = max(levels)
        guess = self._under_way(last, levels[last]) if self.kind == "flow" and last < self.deadline.year else None
        if guess is not None:
            levels[last + 1] = guess[0]
        days = [datetime.date(year, 12, 31) for year in sorted(levels)]
        return days, [levels[day.year] for day in days], guess[1] if guess is not None else 0.0

    def _under_way(self, year: int, level: float) -> tuple[float, float] | None:
        """Return the index of the year after `year` from the growth of its first months, with its noise, or None."""
        first = datetime.date(year + 1, 1, 1)
        months = [
            one for one in self.figures if one.first == first and one.last.year == year + 1 and not one.growth_to_other
        ]
        if not months:
            return None
        last = max(months, key=lambda one: one.last)
        return year_nowcast.whole_year(YearToDate(year + 1, last.last.month, math.nan, last.growth, level))

    def told(self, series: Sequence[Figure], unit: str) -> Row:
        """Return the columns of a growth target, with the notes on it."""
        told, year, day = self.grown(series), self.base_day.year, self.base_day.isoformat()
        whole = (self.base_day.month, self.base_day.day) == (12, 31)
        notes = []
        if told is None and whole:
            notes = [_("no level of {year} is published that it could count from", year=year)]
        elif told is None:
            notes = [_("no level of {day} is published that it could count from", day=day)]
        if self.base is not None:
            base = Level(self.base.value, {"1": "", "pct": "%"}.get(unit, unit), 0 if self.base.value >= _WHOLE else 4)
            notes = [
                _("counted from {level} in {year}", level=base, year=year)
                if whole
                else _("counted from {level} in {day}", level=base, day=day)
            ]
        if told is not None:
            growth = f"{told[0]:.4g} %"
            notes += [
                _("growth of {growth} is worked out from two levels", growth=growth)
                if told[2]
                else _("published growth {growth}", growth=growth)
            ]
        return {
            "target_growth_pct": self.pace,
            "target_growth_to": self.to,
            "base": self.base.value if self.base is not None else None,
            "base_end": self.base_day.isoformat() if self.base is not None else "",
            "reached_growth_pct": told[0] if told is not None else None,
            "note": notes,
        }


def _chained(base: int, grew: Mapping[int, float], end: int) -> dict[int, float]:
    """Return the index by year, over the growths without a gap around the base year, up to the year before `end`."""
    levels, year = {base: INDEX}, base
    while year in grew:
        levels[year - 1] = levels[year] / grew[year]
        year -= 1
    year = base + 1
    while year in grew and year < end:
        levels[year] = levels[year - 1] * grew[year]
        year += 1
    return levels
