"""A part of the model exists exactly when its data does: whatever is left out, there is a plan or a reason in words."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pandas as pd
import pytest

from tests.scenarios import five_frames
from xisuan.dispatch.economic_dispatch import operate
from xisuan.errors import InfeasibleError, ScenarioError
from xisuan.planning.expansion import plan
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.scenario import load

FRAMES = five_frames()
OPTIONAL = sorted(set(FRAMES) - {"regions"})
QUICK = [table for table in OPTIONAL if table != "fleet"]
"""Without the fleet there is no plan, and the smallest conflict of so many statements takes a minute to find."""
SETTINGS = {
    "name": "part",
    "periods": [2026, 2027, 2029],
    "last_period_years": 2,
    "discount_rate": 0.06,
    "hours": "hours:3",
}


def outcome(frames: Mapping[str, pd.DataFrame]) -> Plan | ScenarioError | InfeasibleError:
    """The plan, or why there is none; any other exception is a defect."""
    try:
        return plan(load.build(SETTINGS, frames))
    except (ScenarioError, InfeasibleError) as error:
        return error


def is_sound(found: Plan | ScenarioError | InfeasibleError) -> bool:
    """A plan whose costs add up and that is investment plus operation, or an error that says something."""
    if isinstance(found, ScenarioError):
        return all(problem.message for problem in found.problems)
    if isinstance(found, InfeasibleError):
        return bool(found.conflict)
    assert found.costs["discounted_mcny"].sum() == pytest.approx(found.cost_mcny, rel=1e-9, abs=1e-9)
    schedule = operate(found.scenario, found)
    invested = found.costs.loc[found.costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
    assert invested + schedule.cost_mcny == pytest.approx(found.cost_mcny, rel=1e-8, abs=1e-8)
    return True


def without(tables: set[str]) -> dict[str, pd.DataFrame]:
    return {name: frame for name, frame in FRAMES.items() if name not in tables}


def test_the_whole_plans() -> None:
    found = outcome(FRAMES)
    assert isinstance(found, Plan)
    assert is_sound(found)


@pytest.mark.parametrize("table", QUICK)
def test_without_one_table(table: str) -> None:
    assert is_sound(outcome(without({table})))


@pytest.mark.parametrize("seed", [*range(10), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(10, 24))])
def test_without_several_tables(seed: int) -> None:
    rng = random.Random(seed)
    assert is_sound(outcome(without(set(rng.sample(QUICK, rng.randint(2, 7))))))


@pytest.mark.parametrize(
    "table", ["sites", "technologies", "workloads", "demand", "links", "policies", "supply", "halls"]
)
def test_with_one_row_of_a_table(table: str) -> None:
    """One row is a table too."""
    assert is_sound(outcome({**FRAMES, table: FRAMES[table].head(1)}))
