"""Which cities are gigabit cities by their dates, as of a day: by the record, and by a plan for what is still to come."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np

from xisuan.indicators.reconcile import released
from xisuan.results.plan import Plan
from xisuan.results.track import AT_RISK, ON_TRACK, records
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.tables_access import ALL, GIGABIT

Row = dict[str, Any]


def cities(
    scenario: Scenario, day: datetime.date, published: Mapping[str, datetime.date], plan: Plan | None = None
) -> list[Row]:
    """Every city with a date, or named already: its status, the year of the plan, the share of draws and what is in the way.

    A city counts as named where its state says so, under the version of the standard that its date asks for, and that
    was public by the day. Without draws a plan says only whether a city is in time on the central estimates.
    """
    dates, rows = _dates(scenario, day, published), []
    for city in dict.fromkeys(scenario["cities"]["city"].astype(str)):
        deadline = dates.get(city, dates.get(ALL))
        year = deadline if deadline is not None else scenario.settings.periods[-1]
        reached = _named(scenario, city, year, day, published)
        if deadline is None and not reached:
            continue
        rows.append(_judged(city, deadline, day, plan, reached))
    return rows


def _dates(scenario: Scenario, day: datetime.date, published: Mapping[str, datetime.date]) -> dict[str, int]:
    """Year of the date of each city, and of all, as far as it was public."""
    return {
        row["city"]: int(row["deadline"])
        for row in records(scenario["city_targets"])
        if row["indicator"] == GIGABIT and not np.isnan(row["deadline"]) and (released(row, published) or day) <= day
    }


def _named(
    scenario: Scenario, city: str, year: int, day: datetime.date, published: Mapping[str, datetime.date]
) -> bool:
    versions = set(scenario.at("standard", year)["version"].astype(str)) - {""}
    state = [row for row in records(scenario.at("city_state", year)) if row["city"] == city]
    return any(row["named_under"] in versions and (released(row, published) or day) <= day for row in state)


def _judged(city: str, deadline: int | None, day: datetime.date, plan: Plan | None, reached: bool) -> Row:
    last = None if deadline is None else datetime.date(deadline, 12, 31)
    row: Row = {"city": city, "deadline": last.isoformat() if last else "", "probability": None, "binding": ""}
    planned = _planned(plan, city)
    row["planned"] = planned
    if reached:
        return row | {"status": "reached", "probability": 1.0}
    if last is None or last < day:
        return row | {"status": "deadline passed, outcome not published"}
    if plan is None or "gigabit" not in plan.tables:
        return row | {"status": "not enough data"}
    if planned is None or planned > last.year:
        return row | {"status": "off track"}
    share, binding = _drawn(plan, city)
    if share is None:
        return row | {"status": "on track"}
    status = "on track" if share >= ON_TRACK else "at risk" if share >= AT_RISK else "off track"
    return row | {"status": status, "probability": share, "binding": binding}


def _planned(plan: Plan | None, city: str) -> int | None:
    """The year by the end of which the plan makes a city a gigabit city for good, None where it does not."""
    if plan is None or "gigabit" not in plan.tables:
        return None
    rows = plan.tables["gigabit"]
    rows = rows[rows["city"] == city].sort_values("period")
    status = rows["gigabit"].to_numpy(dtype=bool)
    if not len(status) or not status[-1]:
        return None
    first = 0 if status.all() else int(np.flatnonzero(~status)[-1]) + 1
    years = dict(zip(plan.scenario.settings.periods, plan.scenario.timeline.years, strict=True))
    return years[int(rows["period"].iloc[first])][-1]


def _drawn(plan: Plan, city: str) -> tuple[float | None, str]:
    """Share of draws in which it makes its date, and what most often stood in the way, where the run has drawn."""
    dates = plan.tables.get("city_dates")
    mine = [] if dates is None else records(dates[dates["city"] == city])
    if not mine:
        return None, ""
    return float(mine[0]["share"]), ";".join(part.rsplit(" ", 1)[0] for part in mine[0]["binding"].split(";") if part)
