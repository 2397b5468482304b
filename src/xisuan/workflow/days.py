"""Scenarios on other hours: the same data, another choice of the hours that stand for the year."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours


def on_hours(scenario: Scenario, hours: Hours) -> Scenario:
    """`scenario` on the hours that `hours` chooses, whatever its own choice or its table `blocks` says."""
    tables = {**scenario.tables, "blocks": scenario["blocks"].iloc[:0]}
    return dataclasses.replace(scenario.with_settings(hours=hours), tables=tables)


def own_days(scenario: Scenario) -> set[int]:
    """Days of the year (0-364) of which the scenario models an hour. A mean hour is no day."""
    timeline = scenario.timeline
    return set() if timeline.mean else {int(hour) // units.HOURS_PER_DAY for hour in timeline.hour_of_year}


def other_days(scenario: Scenario, count: int) -> Scenario | None:
    """`scenario` on `count` whole days that its own hours do not touch, each with the same weight; None without any.

    The days are spread evenly over the year: the middle of each of `count` equal parts, or the free day nearest to it.
    """
    free = sorted(set(range(units.DAYS_PER_YEAR)) - own_days(scenario))
    count = min(count, len(free))
    if count == 0:
        return None
    chosen: list[int] = []
    for part in range(count):
        middle = int((part + 0.5) * units.DAYS_PER_YEAR / count)
        day = min(free, key=lambda day: (abs(day - middle), day))
        free.remove(day)
        chosen.append(day)
    return on_days(scenario, sorted(chosen))


def on_days(scenario: Scenario, days: list[int]) -> Scenario:
    """`scenario` on these days of the year, each standing for an equal share of it."""
    blank = scenario["blocks"].iloc[:0]
    rows = pd.DataFrame(
        {
            "block": [f"day-{day + 1:03d}" for day in days],
            "first_hour": np.array(days, dtype=np.float64) * units.HOURS_PER_DAY,
            "hours": float(units.HOURS_PER_DAY),
            "weight": units.DAYS_PER_YEAR / len(days),
        }
    ).reindex(columns=blank.columns, fill_value="")
    return dataclasses.replace(scenario, tables={**scenario.tables, "blocks": rows})
