"""Days and weeks that the certificate chooses from the reference page are those that the scenario is planned on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xisuan.certificate.reading.representative_hours import representative_blocks
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours

CHOICES = ("days:1", "days:2", "days:7", "days:30", "days:364", "days:365", "weeks:1", "weeks:4", "weeks:52")
WORK = (("a", "run", 10, "online"), ("b", "run", 5, "batch"), ("a", "small", 800, "batch"), ("b", "small", 90, ""))


def drawn(seed: int, digits: int) -> Scenario:
    """A scenario with a profile for each family; with few `digits`, many days are alike and distances tie."""
    rng = np.random.default_rng(seed)
    names = ("online", "batch", "sun", "heat", "price", "carbon", "other")
    curves = {name: 1.0 + np.round(np.repeat(rng.random(365), 24) + 0.1 * rng.random(8760), digits) for name in names}
    curves["sun"] = np.minimum(curves["sun"] - 1.0, 1.0)
    frames = {
        "regions": pd.DataFrame({"region": ["a", "b"]}),
        "sites": pd.DataFrame({"site": ["s", "t"], "zone": "z", "pue": ["heat", "heat"]}),
        "technologies": pd.DataFrame({"technology": ["g", "d"], "class": ["g1", "d1"], "mw_per_unit": [1.0, 0.01]}),
        "workloads": pd.DataFrame({"workload": ["run", "small"], "class": ["g1", "d1"]}),
        "links": pd.DataFrame({"link": ["l"], "from": ["a"], "to": ["b"], "length_km": [9], "capacity_gbps": [9]}),
        "traffic": pd.DataFrame({"from": ["a", "b"], "to": ["b", "a"], "gbps": [1, 2], "profile": ["other", ""]}),
        "power": pd.DataFrame({"zone": ["z"], "price": ["price"], "co2_kg_per_kwh": ["carbon"]}),
        "supply": pd.DataFrame({"site": ["s"], "source": ["solar"], "profile": ["sun"]}),
        "profiles": pd.DataFrame({"hour": np.arange(8760), **curves}),
        "demand": pd.DataFrame(
            [
                {"region": region, "workload": name, "period": year, "units": units * (year - 2024), "profile": profile}
                for year in (2026, 2028, 2030)
                for region, name, units, profile in WORK
            ]
        ),
    }
    return load.build({"periods": [2026, 2028], "hours": "days:1"}, frames)


@pytest.mark.parametrize("digits", [0, 1, 9])
@pytest.mark.parametrize("hours", CHOICES)
def test_both_choose_the_same_days(hours: str, digits: int) -> None:
    scenario = on_hours(drawn(7, digits), Hours.parse(hours))
    assert representative_blocks(scenario) == scenario.timeline.blocks


@pytest.mark.parametrize("hours", ["days:2", "days:9", "weeks:3"])
@pytest.mark.parametrize("name", ["starter", "guizhou-2023"])
def test_both_choose_the_same_days_of_a_shipped_scenario(name: str, hours: str) -> None:
    scenario = on_hours(load.load(name), Hours.parse(hours))
    assert representative_blocks(scenario) == scenario.timeline.blocks


@pytest.mark.long
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.integers(0, 3), st.integers(1, 365))
def test_both_choose_the_same_days_of_any_scenario(seed: int, digits: int, count: int) -> None:
    for kind, most in (("days", 365), ("weeks", 52)):
        scenario = on_hours(drawn(seed, digits), Hours(kind, min(count, most)))  # type: ignore[arg-type]
        assert representative_blocks(scenario) == scenario.timeline.blocks


def test_two_kinds_of_day_and_a_peak_by_hand() -> None:
    """180 days of 1, 184 of 3 and one of 5: each kind by its first day, and the peak by itself."""
    day = np.where(np.arange(365) < 180, 1.0, 3.0)
    day[200] = 5.0
    frames = {
        "regions": pd.DataFrame({"region": ["a"]}),
        "sites": pd.DataFrame({"site": ["s"]}),
        "technologies": pd.DataFrame({"technology": ["g"], "class": ["g1"], "mw_per_unit": [1.0]}),
        "workloads": pd.DataFrame({"workload": ["run"], "class": ["g1"]}),
        "profiles": pd.DataFrame({"hour": np.arange(8760), "busy": np.repeat(day, 24)}),
        "demand": pd.DataFrame({"region": ["a"], "workload": "run", "period": 2026, "units": 10, "profile": "busy"}),
    }
    blocks = representative_blocks(load.build({"hours": "days:3"}, frames))
    assert [(block.first_hour // 24, block.weight) for block in blocks] == [(0, 180.0), (180, 184.0), (200, 1.0)]


def test_equal_unions_are_made_from_the_earliest_on() -> None:
    """All days but the peak are alike: of three groups, two keep a single day each, the last two of the year."""
    day = np.ones(365)
    day[9] = 2.0
    frames = {
        "regions": pd.DataFrame({"region": ["a"]}),
        "traffic": pd.DataFrame({"from": ["a"], "to": ["b"], "gbps": [1.0], "profile": ["busy"]}),
        "nodes": pd.DataFrame({"node": ["b"]}),
        "links": pd.DataFrame({"link": ["l"], "from": ["a"], "to": ["b"], "length_km": [9], "capacity_gbps": [9]}),
        "profiles": pd.DataFrame({"hour": np.arange(8760), "busy": np.repeat(day, 24)}),
    }
    scenario = load.build({"hours": "days:4"}, frames)
    for blocks in (representative_blocks(scenario), scenario.timeline.blocks):
        assert [(block.first_hour // 24, block.weight) for block in blocks] == [(0, 362), (9, 1), (363, 1), (364, 1)]
