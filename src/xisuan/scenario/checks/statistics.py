"""Checks of official statistics: dates, periods, empty observations, indicators that contain themselves."""

from __future__ import annotations

import datetime
import math

from xisuan.scenario.checks.inspection import Inspection, Row
from xisuan.scenario.schema.statistics_tables import YEARLY
from xisuan.scenario.timeline import last_day

_SAYS = ("value", "growth_pct", "change_points", "share_pct", "rank")
"""Columns of which an observation has at least one."""


def observations(at: Inspection) -> None:
    """Check that periods are in order, and that every observation has a level, growth, change, share or rank."""
    for row in at.rows("observations"):
        days = [_day(at, "observations", row, column) for column in ("period_start", "period_end")]
        if days[0] and days[1] and days[0] > days[1]:
            at.error("observations", row, "period_start", "start-after-end")
        if row["basis"] == "point" and days[0] and days[0] != days[1]:
            at.error("observations", row, "basis", "point-of-several-days")
        if all(math.isnan(row[column]) for column in _SAYS):
            at.error("observations", row, "value", "observation-without-figure")
        _published(at, "observations", row)


def targets(at: Inspection) -> None:
    """Check that deadlines follow the start of their period, and that a target has a level or a defined growth.

    A region without observations is reported as probably misspelt.
    """
    seen = {row["region"] for row in at.rows("observations")}
    for row in at.rows("targets"):
        deadline, start = _day(at, "targets", row, "deadline"), _day(at, "targets", row, "period_start")
        if deadline and start and start > deadline:
            at.error("targets", row, "period_start", "start-after-deadline")
        elif math.isnan(row["value"]):
            _growth_aimed(at, row, start, deadline)
        if seen and row["region"] not in seen:
            at.warn(
                "targets", row, "region", "target-without-observation", hint=at.findings.suggest(row["region"], seen)
            )
        _published(at, "targets", row)


def _growth_aimed(at: Inspection, row: Row, start: datetime.date | None, deadline: datetime.date | None) -> None:
    """Check that a target without a level has a growth, over the year before or in each of several years."""
    if math.isnan(row["growth_pct"]):
        at.error("targets", row, "value", "target-without-aim")
    elif row["growth_to"] not in ("", YEARLY):
        at.error("targets", row, "growth_to", "growth-to-not-yearly", wanted=YEARLY)
    elif start and deadline and start.year < deadline.year and not row["growth_to"]:
        at.error("targets", row, "growth_to", "growth-to-of-years", wanted=YEARLY)


def wholes(at: Inspection) -> None:
    """Check that no indicator is part of itself, directly or through others."""
    part_of = {row["indicator"]: row["part_of"] for row in at.rows("indicators")}
    for row in at.rows("indicators"):
        above, here = set[str](), row["part_of"]
        while here and here not in above and here != row["indicator"]:
            above.add(here)
            here = part_of.get(here, "")
        if here and here == row["indicator"]:
            at.error("indicators", row, "part_of", "part-of-itself")


def drivers(at: Inspection) -> None:
    """Check that low is not above high."""
    for row in at.rows("drivers"):
        if row["low"] > row["high"]:
            at.error("drivers", row, "low", "low-above-high", high=row["high"])


def _day(at: Inspection, table: str, row: Row, column: str) -> datetime.date | None:
    """Return the day in a cell, or None if blank or, with an error recorded, unreadable."""
    if not row[column]:
        return None
    try:
        return datetime.date.fromisoformat(row[column])
    except ValueError:
        at.error(table, row, column, "day-unreadable")
        return None


def _published(at: Inspection, table: str, row: Row) -> None:
    """Check that the date of publication can be read."""
    if row["published"] and last_day(row["published"]) is None:
        at.error(table, row, "published", "date-unreadable")


CHECKS = (observations, targets, wholes, drivers)
