"""A scenario with other periods on the same hours: all periods of a plan, or one alone."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pandas as pd

from xisuan.scenario.scenario import Scenario


def whole(scenario: Scenario, planned: Scenario) -> Scenario:
    """Return `scenario` on its own hours with all periods of the plan, which determine the existing capacity."""
    horizon = planned.settings
    if scenario.settings.periods == horizon.periods:
        return scenario
    whole = scenario.with_settings(periods=horizon.periods, last_period_years=horizon.last_period_years)
    return _on_its_hours(whole, scenario)


def of_period(scenario: Scenario, period: int) -> Scenario:
    """Return `scenario` on its own hours with one of its periods."""
    if scenario.settings.periods == (period,):
        return scenario
    return _on_its_hours(scenario.with_settings(periods=(period,)), scenario)


def _on_its_hours(other: Scenario, scenario: Scenario) -> Scenario:
    """Return `other` on the hours of `scenario`: representative days depend on the demand of all periods."""
    if scenario.timeline.mean:
        return other
    rows = [dataclasses.asdict(block) | {"block": block.name} for block in scenario.timeline.blocks]
    blocks = pd.DataFrame(rows).reindex(columns=scenario["blocks"].columns, fill_value="")
    read = blocks.astype(dict.fromkeys(("first_hour", "hours", "weight"), float))  # as read from a file
    return replace(other, tables={**other.tables, "blocks": read})
