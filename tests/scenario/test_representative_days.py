"""Which hours stand for the year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.cluster import hierarchy

from tests import scenarios
from xisuan.scenario import load as read
from xisuan.scenario import representative_days
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours

EVERY = ["year", "one", "hours:24", "hours:8760", "days:1", "days:2", "days:12", "days:364", "days:365", "weeks:1"]
EVERY += ["weeks:4", "weeks:51", "weeks:52"]


@pytest.fixture(scope="module")
def five():
    return scenarios.five()


@pytest.mark.parametrize("hours", EVERY)
def test_weighted_hours_make_a_year(five, hours):
    blocks = on_hours(five, Hours.parse(hours)).timeline.blocks
    assert sum(block.hours * block.weight for block in blocks) == pytest.approx(8760, rel=1e-12)
    taken = [hour for block in blocks for hour in range(block.first_hour, block.first_hour + block.hours)]
    assert len(set(taken)) == len(taken)


@pytest.mark.parametrize(("hours", "count"), [("days:7", 7), ("days:365", 365), ("weeks:3", 3), ("weeks:52", 52)])
def test_there_are_as_many_blocks_as_asked(five, hours, count):
    assert len(on_hours(five, Hours.parse(hours)).timeline.blocks) == count


@pytest.mark.parametrize("hours", ["days:1", "days:3", "days:20", "weeks:2", "weeks:9"])
def test_the_peak_is_always_among_them_and_a_group_of_its_own(five, hours):
    length = 24 if hours.startswith("days") else 168
    load = representative_days.peak(five)[: 8760 // length * length].reshape(-1, length).sum(axis=1)
    blocks = on_hours(five, Hours.parse(hours)).timeline.blocks
    peak = [block for block in blocks if block.first_hour == int(np.argmax(np.round(load, 9))) * length]
    assert len(peak) == 1
    if len(blocks) > 1:
        assert peak[0].weight == pytest.approx(8760 / (8760 // length * length))


def test_the_choice_is_the_same_every_time_and_for_any_order_of_rows(five):
    frames = {name: frame.iloc[::-1] for name, frame in scenarios.five_frames().items() if name != "profile_rules"}
    frames["profile_rules"] = scenarios.five_frames()["profile_rules"]
    other = read.build({"periods": [2026, 2027, 2029], "hours": "days:9"}, frames)
    assert other.timeline.blocks == on_hours(five, Hours("days", 9)).timeline.blocks


def test_alike_days_are_grouped():
    """Two kinds of day, one peak: three representatives, weighted 180, 184 and 1."""
    day = np.where(np.arange(365) < 180, 1.0, 3.0)
    day[200] = 5.0
    load = np.repeat(day, 24)
    blocks = representative_days.representative(load[:, None], load, 24, 3, "day")
    assert [(block.first_hour // 24, block.weight) for block in blocks] == [(0, 180.0), (180, 184.0), (200, 1.0)]


def test_the_representative_is_nearest_to_the_mean():
    day = np.array([0.0, 1.0, 9.0, *[20.0] * 362])
    day[364] = 99.0
    load = np.repeat(day, 24)
    blocks = representative_days.representative(load[:, None], load, 24, 3, "day")
    assert [block.first_hour // 24 for block in blocks] == [1, 3, 364]


def test_days_are_grouped_as_scipy_cuts_its_tree():
    points = np.random.default_rng(3).normal(size=(80, 2))
    members = np.arange(1, 80)
    tree = hierarchy.linkage(points[members], method="ward")
    for count in (2, 7, 40, 78):
        labels = hierarchy.cut_tree(tree, n_clusters=[count]).ravel()
        sizes = {frozenset(members[labels == label]) for label in range(count)}
        found = representative_days._groups(points, members, count)
        assert sorted(found.values()) == sorted(len(group) for group in sizes)
        assert all(next(len(group) for group in sizes if at in group) == size for at, size in found.items())


def test_workloads_count_by_their_power_not_by_their_unit():
    """A thousand units of no weight do not make the peak that ten units of 1 MW make."""
    hour = np.arange(8760) // 24
    profiles = {"hour": np.arange(8760), "early": 1.0 + (hour == 10), "late": 1.0 + (hour == 300)}
    frames = {
        "regions": pd.DataFrame({"region": ["a"]}),
        "sites": pd.DataFrame({"site": ["s"]}),
        "technologies": pd.DataFrame({"technology": ["g", "d"], "class": ["g1", "d1"], "mw_per_unit": [1.0, 1e-6]}),
        "workloads": pd.DataFrame({"workload": ["run", "small"], "class": ["g1", "d1"]}),
        "profiles": pd.DataFrame(profiles),
        "demand": pd.DataFrame({"region": "a", "workload": ["run", "small"], "period": 2026, "units": [10, 1000]}),
    }
    frames["demand"]["profile"] = ["late", "early"]
    scenario = read.build({"hours": "days:1"}, frames)
    assert scenario.timeline.blocks[0].first_hour == 300 * 24


def test_without_any_series_a_choice_is_still_made():
    scenario = read.build({"hours": "days:5"}, {"regions": pd.DataFrame({"region": ["a"]})})
    assert len(scenario.timeline.blocks) == 5


def test_given_blocks_override_the_choice():
    frames = scenarios.pair_frames()
    given = {"block": ["a", "b"], "first_hour": [0, 100], "hours": [10, 5], "weight": [800, 152]}
    frames["blocks"] = pd.DataFrame(given)
    blocks = read.build({"periods": [2026, 2027], "hours": "year"}, frames).timeline.blocks
    assert [(block.name, block.first_hour, block.hours, block.weight) for block in blocks] == [
        ("a", 0, 10, 800.0),
        ("b", 100, 5, 152.0),
    ]
