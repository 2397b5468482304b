"""Level from which a plan starts: capacity that stands before its first period, of stocks that plan and statistics share.

Published figures and a plan may count a stock differently, so that their levels at the start of the plan differ. A
forecast beside a plan takes the level from the plan and the growth from the published figures.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from xisuan.results.track import Level, records
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import Message
from xisuan.text.translation import message as _
from xisuan.tracking.targets import planned_paths

STOCKS = ("eflops_fp16", "racks")
"""Variables of drivers that are stocks: ratios and flows of a plan have no level before its first period."""


@dataclass(frozen=True, slots=True)
class Start:
    """Level of an indicator on the last day before the first period of a plan, in the unit of the indicator."""

    day: datetime.date
    level: float

    def note(self, unit: str, deadline: datetime.date) -> list[Message]:
        """Return how a target is judged whose plan starts from another level than the latest published one.

        A later deadline counts from the start of the plan, an earlier one by the published figures alone.
        """
        level = Level(self.level, "" if unit == "1" else unit)
        if deadline > self.day:
            return [_("counted from {level} on {day}, from which the plan starts", level=level, day=f"{self.day}")]
        return [
            _("judged by published figures; the plan starts from {level} on {day}, by another count", level=level,
              day=f"{self.day}")
        ]  # fmt: skip

    def joined(self, days: Sequence[datetime.date], levels: Sequence[float]) -> tuple[list[datetime.date], list[float]]:
        """Return a published series moved through this level with its growth kept.

        A series that ends earlier is moved in time, so that it ends on the day of the start; later figures of a longer
        one keep their days. All levels are multiplied by one factor. days: ascending, not empty; levels: above 0.
        """
        moved = max(self.day - days[-1], datetime.timedelta(0))
        moved_days = [day + moved for day in days]
        factor = self.level / _level_on(self.day, moved_days, levels)
        return moved_days, [factor * level for level in levels]


def _level_on(day: datetime.date, days: Sequence[datetime.date], levels: Sequence[float]) -> float:
    """Return the level on a day up to the last of `days`: between two days, growth is constant; the first before it."""
    for (first, last), (low, high) in zip(pairwise(days), pairwise(levels), strict=True):
        if first <= day < last:
            return low * math.exp(math.log(high / low) * ((day - first) / (last - first)))
    return levels[-1] if day >= days[-1] else levels[0]


def starts(scenario: Scenario, drivers: pd.DataFrame) -> Mapping[tuple[str, str], Start]:
    """Return the start of each stock that a driver of kind identity ties to a plan, by indicator and region.

    A stock of which nothing stands at the start has none: no growth leads from 0 to a target.
    """
    first = scenario.settings.periods[0]
    capacity = _standing(scenario, first)
    out: dict[tuple[str, str], Start] = {}
    for row in records(drivers):
        if row["kind"] != "identity" or row["variable"] not in STOCKS:
            continue
        low, high = row["low"] if row["low"] == row["low"] else row["high"], row["high"]
        place = scenario.settings.report.region
        level = planned_paths.stock(scenario, capacity, row["variable"], place).get(first, 0.0) * (low + high) / 2.0
        if level > 0.0:
            region = row["region"] or planned_paths.reported(scenario)
            out[row["indicator"], region] = Start(datetime.date(first - 1, 12, 31), level)
    return out


def _standing(scenario: Scenario, first: int) -> pd.DataFrame:
    """Return halls, MW, and equipment, units, that stand before the first period, as `capacity` of that period."""
    halls, fleet = scenario.at("halls", first), scenario["fleet"]
    halls = halls.assign(asset="hall", where=halls["site"], amount=halls["existing_mw"].fillna(0.0), technology="")
    fleet = fleet[~(fleet["opened"] >= first) & ~(fleet["retires"] < first)]
    fleet = fleet.assign(asset="compute", where=fleet["site"], amount=fleet["units"])
    columns = ["asset", "where", "technology", "amount"]
    return pd.concat([halls[columns], fleet[columns]], ignore_index=True).assign(period=first)
