"""Tables on how reliably cities meet their gigabit dates."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import pandas as pd

from xisuan.planning.access import budget_value, date_obstacles, monte_carlo_dates
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _

MANY_STATES = 150
"""Number of city-periods from which drawing the estimates (200 plans) takes minutes."""


def with_dates(
    found: Plan, ask: bool, progress: Report | None, known: Callable[[], Mapping[str, pd.DataFrame]] | None = None
) -> tuple[Plan, str]:
    """Add the tables on cities' dates to a plan; return it with the reason if tables were left out.

    `ask`: compute the tables even where that takes minutes. `known`: function that returns tables computed before.
    """
    scenario = found.scenario
    if not scenario.has("cities"):
        return found, ""
    tell(progress, "dates", _("drawing the estimates of access"))
    if len(found.gigabit) >= MANY_STATES and not ask:
        more: Mapping[str, pd.DataFrame] = {"city_openings": date_obstacles.openings(scenario)}
        why = f"left out of a quick run: {len(found.gigabit):,} cities and periods take minutes"
    else:
        more, why = known() if known else _dates(scenario, progress), ""
    return dataclasses.replace(found, tables={**found.tables, **more}), why


def _dates(scenario: Scenario, progress: Report | None) -> Mapping[str, pd.DataFrame]:
    """Return the tables on cities' dates, which depend on the scenario alone."""
    dates, saved = (
        monte_carlo_dates.deadline_chances(scenario, progress=progress),
        budget_value.deadline_savings(scenario),
    )
    return {
        "city_openings": date_obstacles.openings(scenario),
        "city_dates": dates.assign(saved_mcny=dates["city"].map(saved).astype(float)),
        "city_money": budget_value.budget_values(scenario),
    }
