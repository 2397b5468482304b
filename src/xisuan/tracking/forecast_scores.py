"""Scores of forecasts: targets and paths as of a day, compared with figures published later."""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from xisuan.results.track import TABLES, Track, records
from xisuan.scenario.scenario import Scenario
from xisuan.tracking.series.reconciliation import Figure, source_dates, visible
from xisuan.tracking.targets import target_list

Row = dict[str, Any]


def scored(track: Track, later: Scenario, day: datetime.date) -> Track:
    """Return the track with its table `followed`: each later level, public by `day`, of an indicator with a target.

    A level is compared with the target of its day, if known by then, and with the interval of the path, interpolated
    between its days. `later` is the scenario as of `day`; targets that only it contains are included. An indicator of
    possibly the same meaning (`beside`) is scored and marked. Projected levels are shown but not scored.
    """
    specs = {row["indicator"]: row for row in records(later["indicators"])}
    units = {name: str(row["unit"]) for name, row in specs.items()}
    figures = visible(later["observations"], units, day, source_dates(later["sources"]))
    rows: list[Row] = []
    aims = [*records(track.targets), *({**row, "target": math.nan} for row in target_list.targets(later))]
    for indicator, region in dict.fromkeys((row["indicator"], row["region"]) for row in aims):
        own = [row for row in aims if (row["indicator"], row["region"]) == (indicator, region)]
        known = {row["deadline"]: float(row["target"]) for row in own if math.isfinite(row["target"])}
        beside = str(specs[indicator].get("beside") or "")
        for one in figures:
            same = one.region == region and one.indicator in (indicator, beside)
            if same and _new(one, track.as_of, max(row["deadline"] for row in own)):
                rows.append(_row(track, one, indicator, known, units))
    rows.sort(key=lambda row: (row["indicator"], row["region"], row["period_end"], row["as"]))
    frame = pd.DataFrame(rows, columns=list(TABLES["followed"]))
    return dataclasses.replace(track, followed=frame)


def _new(one: Figure, known: datetime.date, until: str) -> bool:
    """Return True if a figure is a level of a whole year or a day after `known`, no later than the last target."""
    level = math.isfinite(one.value) and one.rank == 1 and one.status != "target"
    stands = one.whole_year or one.basis == "point"
    return level and stands and one.last > known and one.last.isoformat() <= until


def _row(track: Track, one: Figure, indicator: str, deadlines: Mapping[str, float], units: Mapping[str, str]) -> Row:
    day = one.last.isoformat()
    low, high = _interval(track, indicator, one.region, day)
    return {
        "indicator": indicator,
        "region": one.region,
        "as": one.indicator,
        "period_end": day,
        "value": one.value,
        "unit": units[one.indicator],
        "bound": one.bound,
        "status": one.status,
        "target": deadlines.get(day, math.nan),
        "low": low,
        "high": high,
        "held": None if one.status == "projected" else _interval_contains(one, low, high),
        "published": one.published.isoformat() if one.published else "",
        "source": one.source,
    }


def _interval_contains(one: Figure, low: float, high: float) -> bool | None:
    """Return True if an interval contains a figure; None without an interval or if a one-sided bound leaves it open."""
    if math.isnan(low):
        return None
    if one.bound == "over":
        return False if one.value > high else None
    if one.bound == "under":
        return False if one.value < low else None
    return bool(low <= one.value <= high)


def _interval(track: Track, indicator: str, region: str, day: str) -> tuple[float, float]:
    """Return the interval of a path on a day, interpolated log-linearly between two of its days; NaN off the path."""
    paths = track.paths
    mine = paths[(paths["indicator"] == indicator) & (paths["region"] == region) & (paths["kind"] != "plan")]
    at = sorted(records(mine), key=lambda row: row["date"])
    before = [row for row in at if row["date"] <= day]
    after = [row for row in at if row["date"] >= day]
    if not before or not after:
        return math.nan, math.nan
    a, b = before[-1], after[0]
    first, when, last = (datetime.date.fromisoformat(one).toordinal() for one in (a["date"], day, b["date"]))
    part = (when - first) / (last - first) if last > first else 0.0
    low, high = (math.exp((1.0 - part) * math.log(a[end]) + part * math.log(b[end])) for end in ("low", "high"))
    return low, high
