"""What one plan does otherwise than another, and nothing that is only rounding."""

from __future__ import annotations

import dataclasses

import pytest

from tests.scenarios import pair
from tests.workflow.planned import five_plan, pair_plan
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.solver.highs import How
from xisuan.workflow.compare import FRAMES, compare
from xisuan.workflow.plan import plan


def dearer(scenario: Scenario, price: float) -> Scenario:
    """`pair` with another price of power in the west."""
    power = scenario["power"].copy()
    power["price"] = power["price"].where(power["zone"] != "west", price)
    return dataclasses.replace(scenario, tables={**scenario.tables, "power": power})


def stay_home() -> Plan:
    """`pair` where power in the west is so dear that nothing moves there."""
    return plan(dearer(pair(), 2.0))


def test_a_plan_is_the_same_as_itself() -> None:
    """No row differs."""
    found = compare(pair_plan(), pair_plan())
    assert found.same
    assert all(getattr(found, name).empty for name in FRAMES if name != "figures")
    assert (found.figures["change"] == 0).all()


def test_two_loose_solves_of_the_same_thing_are_the_same() -> None:
    """What the gap leaves open is no difference."""
    loose = plan(five_plan().scenario, How(solver="ipx", gap=1e-4))
    found = compare(five_plan(), loose)
    assert found.tolerance > 1e-4
    assert found.figures.set_index("figure").loc["cost", "change"] == pytest.approx(0, abs=1e-4 * loose.cost_mcny)


def test_differences_are_those_of_the_tables() -> None:
    """Dear power in the west: the servers are built in the east, and the work stays there."""
    found = compare(pair_plan(), stay_home(), ("cheap", "dear"))
    assert not found.same
    figures = found.figures.set_index("figure")
    assert figures.loc["cost", "a"] == pytest.approx(54.398)
    assert figures.loc["cost", "change"] == pytest.approx(stay_home().cost_mcny - 54.398)
    builds = found.builds.set_index(["period", "asset", "where"])
    assert builds.loc[(2026, "hall", "west-1"), "b"] == pytest.approx(0, abs=1e-9)
    assert builds.loc[(2027, "compute", "west-1"), "change"] == pytest.approx(-20)
    assert builds.loc[(2027, "compute", "east-1"), "a"] == pytest.approx(0)
    service = found.service.set_index(["period", "workload", "site"])
    moved = service.loc[(2027, "web", "west-1")]
    assert moved["a"] == pytest.approx(60 / 140)
    assert moved["change"] == pytest.approx(20 / 140 - 60 / 140)
    assert found.costs.set_index("term").loc["energy", "change"] > 0
    assert set(found.emissions["measure"]) >= {"location_t", "grid_mwh"}


def test_the_largest_change_comes_first() -> None:
    """So that the first rows are the ones to read."""
    found = compare(pair_plan(), stay_home())
    for name in FRAMES[1:]:
        change = getattr(found, name)["change"].abs()
        assert change.is_monotonic_decreasing, name


def test_what_one_plan_lacks_counts_as_nothing() -> None:
    """Plans of other scenarios, periods and hours can be compared."""
    found = compare(pair_plan(), five_plan())
    builds = found.builds
    assert (builds.loc[builds["where"] == "high", "a"] == 0).all()
    assert builds[["a", "b", "change"]].notna().all(axis=None)
