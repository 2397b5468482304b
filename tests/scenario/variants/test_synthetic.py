"""Scenarios of any size from a seed."""

from __future__ import annotations

import pytest

from xisuan.scenario import write
from xisuan.scenario.variants import synthetic


@pytest.mark.parametrize(("regions", "sites"), [(1, 1), (4, 3), (30, 10)])
def test_any_size_is_without_problems(regions, sites):
    scenario = synthetic.country(regions, sites, 3, periods=[2026, 2028])
    assert (len(scenario["regions"]), len(scenario["sites"])) == (regions, sites)
    assert not [note for note in scenario.notes if note.level == "error"]


def test_every_part_is_there():
    scenario = synthetic.country(12, 5, 1)
    parts = ("links", "power", "supply", "profiles", "halls", "fleet", "policies", "budgets", "demand")
    assert all(scenario.has(part) for part in parts)
    assert {*scenario["supply"]["source"]} == {"solar", "wind", "battery"}
    assert (scenario["workloads"]["defer_hours"] > 0).any()


def test_same_seed_same_scenario_other_seed_another():
    one, again, other = (synthetic.country(8, 3, seed) for seed in (5, 5, 6))
    assert write.same(one, again)
    assert not write.same(one, other.with_settings(name=one.settings.name))


@pytest.mark.parametrize(("regions", "sites"), [(0, 0), (3, 4), (2, 0)])
def test_sizes_that_are_none_are_refused(regions, sites):
    with pytest.raises(ValueError, match="give at least one site"):
        synthetic.country(regions, sites)
