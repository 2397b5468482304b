"""A part of the model exists exactly when its data does: whatever is left out, there is a plan or a reason in words."""

from __future__ import annotations

import random

import pytest

from tests.scenarios import five_frames
from xisuan.dispatch.operate import operate
from xisuan.errors import InfeasibleError, ScenarioError
from xisuan.planning.plan import plan
from xisuan.results.plan import CAPEX_TERMS
from xisuan.scenario import read
from xisuan.scenario.scenario import Scenario

FRAMES = five_frames()
OPTIONAL = sorted(set(FRAMES) - {"regions"})
SETTINGS = {
    "name": "part",
    "periods": [2026, 2027, 2029],
    "last_period_years": 2,
    "discount_rate": 0.06,
    "hours": "hours:3",
}


def without(tables: set[str]) -> Scenario:
    return read.build(SETTINGS, {name: frame for name, frame in FRAMES.items() if name not in tables})


def plans_or_says_why(tables: set[str]) -> None:
    try:
        scenario = without(tables)
        found = plan(scenario)
    except ScenarioError as error:
        assert error.problems
        assert all(problem.what for problem in error.problems)
        return
    except InfeasibleError as error:
        assert error.conflict
        return
    assert found.costs["discounted_mcny"].sum() == pytest.approx(found.cost_mcny, rel=1e-9, abs=1e-9)
    schedule = operate(scenario, found)
    invested = found.costs.loc[found.costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
    assert invested + schedule.cost_mcny == pytest.approx(found.cost_mcny, rel=1e-8, abs=1e-8)


def test_the_whole_plans() -> None:
    assert plan(without(set())).status == "optimal"


@pytest.mark.parametrize("table", OPTIONAL)
def test_without_one_table(table: str) -> None:
    plans_or_says_why({table})


@pytest.mark.parametrize("seed", range(30))
def test_without_several_tables(seed: int) -> None:
    rng = random.Random(seed)
    plans_or_says_why(set(rng.sample(OPTIONAL, rng.randint(2, 7))))


@pytest.mark.parametrize(
    "table", ["sites", "technologies", "workloads", "demand", "links", "policies", "supply", "halls"]
)
def test_with_one_row_of_a_table(table: str) -> None:
    """One row is a table too."""
    frames = {**FRAMES, table: FRAMES[table].head(1)}
    try:
        plan(read.build(SETTINGS, frames))
    except (ScenarioError, InfeasibleError) as error:
        assert str(error)
