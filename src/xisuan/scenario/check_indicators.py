"""Checks of official statistics: dates, periods, figures that say nothing, wholes that contain themselves."""

from __future__ import annotations

import datetime
import math

from xisuan.scenario.inspection import Inspection, Row
from xisuan.scenario.layers import last_day


def observations(at: Inspection) -> None:
    """Periods are periods, and every observation says a level, a growth, a share or a rank."""
    for row in at.rows("observations"):
        days = [_day(at, "observations", row, column) for column in ("period_start", "period_end")]
        if days[0] and days[1] and days[0] > days[1]:
            at.error("observations", row, "period_start", "later than period_end; swap them")
        if row["basis"] == "point" and days[0] and days[0] != days[1]:
            at.error(
                "observations", row, "basis", "a point is one day; give period_start = period_end or leave it empty"
            )
        if all(math.isnan(row[column]) for column in ("value", "growth_pct", "share_pct", "rank")):
            at.error("observations", row, "value", "says nothing; give a value, a growth, a share or a rank")
        _published(at, "observations", row)


def targets(at: Inspection) -> None:
    """Deadlines are days after the start of their period; a region nobody observes is likely misspelt."""
    seen = {row["region"] for row in at.rows("observations")}
    for row in at.rows("targets"):
        deadline, start = _day(at, "targets", row, "deadline"), _day(at, "targets", row, "period_start")
        if deadline and start and start > deadline:
            at.error("targets", row, "period_start", "later than the deadline; swap them")
        if seen and row["region"] not in seen:
            at.warn("targets", row, "region", f"no observation is of it{at.findings.suggest(row['region'], seen)}")
        _published(at, "targets", row)


def wholes(at: Inspection) -> None:
    """No indicator is part of itself, directly or through others."""
    part_of = {row["indicator"]: row["part_of"] for row in at.rows("indicators")}
    for row in at.rows("indicators"):
        above, here = set[str](), row["part_of"]
        while here and here not in above and here != row["indicator"]:
            above.add(here)
            here = part_of.get(here, "")
        if here and here == row["indicator"]:
            at.error("indicators", row, "part_of", "is part of itself; leave one of the two out")


def drivers(at: Inspection) -> None:
    """Ranges are ranges."""
    for row in at.rows("drivers"):
        if row["low"] > row["high"]:
            at.error("drivers", row, "low", f"above high ({row['high']:g}); swap them")


def _day(at: Inspection, table: str, row: Row, column: str) -> datetime.date | None:
    if not row[column]:
        return None
    try:
        return datetime.date.fromisoformat(row[column])
    except ValueError:
        at.error(table, row, column, "give a day as YYYY-MM-DD")
        return None


def _published(at: Inspection, table: str, row: Row) -> None:
    if row["published"] and last_day(row["published"]) is None:
        at.error(table, row, "published", "give YYYY, YYYY-MM or YYYY-MM-DD")


CHECKS = (observations, targets, wholes, drivers)
