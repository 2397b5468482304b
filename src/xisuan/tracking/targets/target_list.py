"""List of targets: table `targets`, and the targets among the observations."""

from __future__ import annotations

import math
from typing import Any

from xisuan.results.track import records
from xisuan.scenario.scenario import Scenario

Row = dict[str, Any]
_OF_A_TARGET = (
    "indicator", "region", "value", "unit", "growth_pct", "growth_to", "bound", "precision", "scope", "published", "tier",
    "source", "quality",
)  # fmt: skip
"""Columns common to targets and observations."""


def targets(scenario: Scenario) -> list[Row]:
    """Return the targets of a scenario.

    An observation of status `target` with a level or a growth is one, unless the table has the same target for that
    day.
    """
    rows = records(scenario["targets"])
    known = {_same(row) for row in rows}
    for one in records(scenario["observations"]):
        if one["status"] != "target" or all(math.isnan(one[name]) for name in ("value", "growth_pct")):
            continue
        start = "" if one["period_start"] == one["period_end"] else one["period_start"]
        row = {name: one[name] for name in _OF_A_TARGET} | {"deadline": one["period_end"], "period_start": start}
        if _same(row) not in known:
            known.add(_same(row))
            rows.append(row)
    return rows


def _same(row: Row) -> tuple[object, ...]:
    """Return the key by which two targets are equal: place, day and amount; the growth counts without a level."""
    level = math.isfinite(row["value"])
    much = (row["value"], row["unit"]) if level else (row["growth_pct"], row["growth_to"])
    return row["indicator"], row["region"], row["deadline"], *much
