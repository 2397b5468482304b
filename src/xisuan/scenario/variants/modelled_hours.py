"""Scenarios on other hours: the same data with another choice of modelled hours."""

from __future__ import annotations

import dataclasses

import pandas as pd

from xisuan import units
from xisuan.scenario import representative_days
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.scenario.timeline import Block


def on_hours(scenario: Scenario, hours: Hours) -> Scenario:
    """Return `scenario` on the hours that `hours` chooses, instead of its own choice or its table `blocks`."""
    tables = {**scenario.tables, "blocks": scenario["blocks"].iloc[:0]}
    return dataclasses.replace(scenario.with_settings(hours=hours), tables=tables)


def own_days(scenario: Scenario) -> set[int]:
    """Return the days of the year (0-364) of which the scenario models an hour; none for a mean hour."""
    timeline = scenario.timeline
    return set() if timeline.mean else {int(hour) // units.HOURS_PER_DAY for hour in timeline.hour_of_year}


def other_days(scenario: Scenario, count: int) -> Scenario | None:
    """Return `scenario` on `count` whole days other than its own, with equal weights; None if it models every day.

    The days are spread evenly over the year: the middle of each of `count` equal parts, or the nearest free day.
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
    """Return `scenario` on these days of the year, each standing for an equal share of it."""
    hours, weight = units.HOURS_PER_DAY, units.DAYS_PER_YEAR / len(days)
    return _on_blocks(scenario, [Block(f"day-{day + 1:03d}", day * hours, hours, weight) for day in days])


def typical_week(scenario: Scenario) -> Scenario | None:
    """Return `scenario` in its last period, on its own week if its hours are one, else on that nearest to the year's mean.

    None if it has no demand, or if a block of its own hours is a week or longer and no rolling operation is asked for.
    """
    own = scenario.timeline
    has_week = any(block.hours >= units.HOURS_PER_WEEK for block in own.blocks)
    if not scenario.has("demand") or (has_week and not scenario.settings.plan.rolling):
        return None
    is_week = [block.hours for block in own.blocks] == [units.HOURS_PER_WEEK]
    week = own.blocks[0] if is_week else representative_days.typical_week(scenario)
    return _on_blocks(scenario.with_settings(periods=own.periods[-1:]), [week])


def _on_blocks(scenario: Scenario, blocks: list[Block]) -> Scenario:
    """Return `scenario` with these blocks as its modelled hours."""
    rows = pd.DataFrame([dataclasses.asdict(block) | {"block": block.name} for block in blocks])
    rows = rows.reindex(columns=scenario["blocks"].columns, fill_value="")
    rows = rows.astype({"first_hour": float, "hours": float})
    return dataclasses.replace(scenario, tables={**scenario.tables, "blocks": rows})
