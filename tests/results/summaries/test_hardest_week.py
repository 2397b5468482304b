"""The hardest week, against years made by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from tests.results import made
from tests.results.year import year_long
from xisuan.results.labelled_values import Found
from xisuan.results.summaries.hardest_week import hardest


def test_the_fullest_hour_decides_where_all_is_served() -> None:
    """Hour 5,000 lies in week 30; 90 of the 100 units that stand run in it, of the others 50."""
    week = hardest(year_long(fullest=5_000))
    assert week is not None
    assert (week.period, week.number, week.unserved) == (2027, 30, 0.0)
    assert week.share == pytest.approx(0.9)


def test_what_is_left_undone_goes_before_what_is_full() -> None:
    """Three units in each of two hours of week 2 are more than four in one hour of week 40."""
    schedule = year_long(fullest=5_000)
    lost = np.zeros((2, 8760, 1))
    lost[0, [200, 201], 0], lost[1, 39 * 168, 0] = 3.0, 4.0
    unserved = Found("unserved", ("region", "workload"), (("east", "web"),), True, lost)
    short = pd.DataFrame({"period": [2026], "share": [1e-3]})
    schedule = dataclasses.replace(
        schedule,
        variables={**schedule.variables, "unserved": unserved},
        tables={**schedule.tables, "shortfall": short},
    )
    week = hardest(schedule)
    assert week is not None
    assert (week.period, week.number, week.unserved) == (2026, 2, 6.0)


def test_other_hours_than_a_year_have_no_weeks() -> None:
    assert hardest(made.schedule()) is None
