"""Status of gigabit cities and of their deadlines, by the record and by a plan."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from xisuan.results.plan import Plan
from xisuan.results.track import AT_RISK, ON_TRACK, records
from xisuan.scenario.queries.gigabit_standard import classify, thresholds
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import ALL, BY_INDICATOR, GIGABIT, INDICATORS
from xisuan.tracking.series.reconciliation import released

Row = dict[str, Any]


def cities(
    scenario: Scenario, day: datetime.date, published: Mapping[str, datetime.date], plan: Plan | None = None
) -> list[Row]:
    """Return a row for every city with a deadline or named already: version held, status, missing indicators.

    A city counts as named if its state says so, under the version of the standard that its deadline requires, and if
    that was public by the day. Without draws, a plan decides on the central estimates only. Without a plan, `short`
    lists the indicators of that standard that the present state does not meet.
    """
    dates, since, rows = _dates(scenario, day, published), _on_record(scenario, day, published), []
    for city in dict.fromkeys(scenario["cities"]["city"].astype(str)):
        deadline = dates.get(city, dates.get(ALL))
        year = deadline if deadline is not None else scenario.settings.periods[-1]
        state = _state(scenario, city, year, day, published)
        reached = bool(state) and state["named_under"] in _versions(scenario, year)
        held = {"holds": _version_named_under(scenario, city, day, published), "since": since.get(city, "")}
        if deadline is None:
            reached = reached or any(held.values())
            if not reached:
                continue
        asked = {"asked": "" if deadline is None else ";".join(sorted(_versions(scenario, deadline)))}
        judged = {"city": city} | held | asked | _judged(city, deadline, day, plan, reached)
        short = judged["status"] == "not enough data" and bool(state)
        rows.append(judged | {"short": ";".join(_short(scenario, state, year)) if short else ""})
    return rows


def standards(scenario: Scenario, rows: Sequence[Row]) -> list[Row]:
    """Return the mandatory thresholds of every version that a city of `rows` holds or must meet, with their quality."""
    versions = {version for row in rows for version in (row["holds"], *row["asked"].split(";")) if version}
    found: dict[tuple[str, str], Row] = {}
    for row in records(scenario["standard"].sort_values("period", na_position="first", kind="stable")):
        known = row["version"] in versions and row["mandatory"] and not np.isnan(row["threshold"])
        if known and (row["version"], row["indicator"]) not in found:
            unit, since = BY_INDICATOR[row["indicator"]].unit, "" if np.isnan(row["period"]) else f"{row['period']:.0f}"
            found[row["version"], row["indicator"]] = row | {"since": since, "unit": unit}
    return sorted(found.values(), key=lambda row: row["since"])


def _dates(scenario: Scenario, day: datetime.date, published: Mapping[str, datetime.date]) -> dict[str, int]:
    """Return the year of the deadline of each city, and of all, as far as public."""
    return {
        row["city"]: int(row["deadline"])
        for row in records(scenario["city_targets"])
        if row["indicator"] == GIGABIT and not np.isnan(row["deadline"]) and (released(row, published) or day) <= day
    }


def _versions(scenario: Scenario, year: int) -> set[str]:
    """Return the versions of the standard in force in a year: one, unless the tables are inconsistent."""
    return set(scenario.at("standard", year)["version"].astype(str)) - {""}


def _state(scenario: Scenario, city: str, year: int, day: datetime.date, published: Mapping[str, datetime.date]) -> Row:
    """Return the recorded state of a city in a year, as far as public; otherwise empty."""
    rows = [row for row in records(scenario.at("city_state", year)) if row["city"] == city]
    return rows[0] if rows and (released(rows[0], published) or day) <= day else {}


def _version_named_under(
    scenario: Scenario, city: str, day: datetime.date, published: Mapping[str, datetime.date]
) -> str:
    """Return the version under which a city has been named a gigabit city by the day; blank if it has not."""
    now = max(day.year, scenario.settings.periods[0])
    return str(_state(scenario, city, now, day, published).get("named_under", ""))


def _on_record(scenario: Scenario, day: datetime.date, published: Mapping[str, datetime.date]) -> dict[str, str]:
    """Return for each city the first date, a year or a month, on which it is on record as a gigabit city."""
    first: dict[str, str] = {}
    for row in records(scenario["actuals"]):
        about = row["quantity"] == "gigabit_city" and row["kind"] == "actual" and row["value"] > 0
        if about and (released(row, published) or day) <= day:
            date = str(row["date"] or int(row["period"]))
            first[row["place"]] = min(date, first.get(row["place"], date))
    return first


def _short(scenario: Scenario, state: Row, year: int) -> tuple[str, ...]:
    """Return the mandatory indicators of a year's standard that a state does not meet, followed by the unknown ones."""
    values = {
        one.name: one.scale * state[one.numerator] / state[one.denominator]
        for one in INDICATORS
        if state[one.denominator] > 0
    }
    found = classify(values, thresholds(scenario, year))
    return (*found.short, *found.unknown)


def _judged(city: str, deadline: int | None, day: datetime.date, plan: Plan | None, reached: bool) -> Row:
    last = None if deadline is None else datetime.date(deadline, 12, 31)
    planned = _planned(plan, city)
    row: Row = {"deadline": last.isoformat() if last else "", "planned": planned, "probability": None, "binding": ""}
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
    """Return the year from whose end on the plan keeps a city a gigabit city; None if it does not."""
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
    """Return the share of draws in which a city meets its deadline, and the most frequent obstacles.

    None and blank if the plan has no draws.
    """
    dates = plan.tables.get("city_dates")
    mine = [] if dates is None else records(dates[dates["city"] == city])
    if not mine:
        return None, ""
    return float(mine[0]["share"]), ";".join(part.rsplit(" ", 1)[0] for part in mine[0]["binding"].split(";") if part)
