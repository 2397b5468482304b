"""A schedule of all hours of two years, made by hand."""

from __future__ import annotations

import dataclasses

import numpy as np

from tests.results import made
from tests.scenarios import pair
from xisuan.results.labelled_values import Found
from xisuan.results.schedule import Schedule


def year_long(fullest: int = 5_000) -> Schedule:
    """100 units stand and half of them run, but 90 in one hour of the second year."""
    scenario = pair().with_settings(hours=pair().settings.hours.parse("year"))
    load = np.full((2, 8760, 1), 50.0)
    load[1, fullest, 0] = 90.0
    labels = (("west-1", scenario["technologies"]["technology"].iloc[0]),)
    dims = ("site", "technology")
    schedule = made.schedule(scenario)
    return dataclasses.replace(
        schedule,
        status="optimal",
        lower_bound=schedule.cost_mcny,
        effort=dataclasses.replace(schedule.effort, expected_seconds=30.0, expected_mb=700.0),
        variables={
            "load": Found("load", dims, labels, True, load),
            "installed": Found("installed", dims, labels, False, np.full((2, 1), 100.0)),
        },
        tables={**schedule.tables, "shortfall": schedule.tables["shortfall"].iloc[:0]},
    )
