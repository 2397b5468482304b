"""The operation that a plan has is taken where its duals prove it, and nowhere else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.golden.small import small
from tests.scenarios import five
from xisuan.decisions.cases import with_table
from xisuan.dispatch import proof
from xisuan.dispatch.operate import operate
from xisuan.planning.plan import plan
from xisuan.results.plan import Plan
from xisuan.solver.highs import How
from xisuan.workflow.days import on_days

VERTEX = How(solver="simplex")


@pytest.fixture(scope="module")
def found() -> Plan:
    return plan(five(hours="hours:6"), VERTEX)


def test_on_its_own_hours_it_is_the_plans_and_costs_what_a_solver_finds(found: Plan) -> None:
    taken, solved = operate(found.scenario, found), operate(found.scenario, found, VERTEX)
    assert taken.effort.solver == proof.NAME
    assert solved.effort.solver == "simplex"
    assert taken.cost_mcny == pytest.approx(solved.cost_mcny, rel=1e-9)
    assert taken.penalty_mcny == pytest.approx(solved.penalty_mcny, abs=1e-6)
    np.testing.assert_allclose(taken.variables["load"].values, found.variables["load"].values, atol=1e-9)


def test_it_is_that_of_each_period_by_itself(found: Plan) -> None:
    second = operate(found.scenario.with_settings(periods=(2027,)), found)
    assert second.effort.solver == proof.NAME
    np.testing.assert_allclose(second.variables["load"].values[0], found.variables["load"].values[1], atol=1e-9)


def test_other_hours_are_solved(found: Plan) -> None:
    """Other hours as many as its own, and more."""
    days = on_days(found.scenario, [200])
    assert operate(days, found).effort.solver != proof.NAME
    short = with_table(days, "blocks", days["blocks"].assign(hours=6.0, weight=8760.0 / 6))
    assert operate(short, found).effort.solver != proof.NAME


def test_dearer_power_is_solved(found: Plan) -> None:
    """It still satisfies every row, but may no longer be the cheapest."""
    power = found.scenario["power"]
    price = power["price"].where(power.index > 0, 5.0)
    dearer = with_table(found.scenario, "power", power.assign(price=price))
    assert operate(dearer, found).effort.solver != proof.NAME


def test_an_operation_that_is_not_the_cheapest_is_no_proof(found: Plan) -> None:
    """Power drawn and thrown away satisfies the rows' slack but costs; duals of nothing prove nothing."""
    nothing = {name: dataclasses.replace(dual, values=0.0 * dual.values) for name, dual in found.duals.items()}
    assert operate(found.scenario, dataclasses.replace(found, duals=nothing)).effort.solver != proof.NAME


def test_what_breaks_a_row_is_no_proof(found: Plan) -> None:
    load = found.variables["load"]
    less = {**found.variables, "load": dataclasses.replace(load, values=0.99 * load.values)}
    assert operate(found.scenario, dataclasses.replace(found, variables=less)).effort.solver != proof.NAME


def test_where_not_serving_is_cheaper_than_the_plan_thought_a_solver_is_asked() -> None:
    """Power at 1 CNY/kWh for half a MW is 0.0005 mCNY an hour; a shortfall at a tenth of that is cheaper."""
    tables = {"sites": "site,zone\ns,z", "power": "zone,price\nz,1"}
    found = plan(small(tables, {"periods": [2026]}), VERTEX)
    cheap = small(tables, {"periods": [2026], "plan": {"shortfall_mcny_per_unit_hour": 5e-5}})
    schedule = operate(cheap, found)
    assert schedule.effort.solver != proof.NAME
    assert schedule.status == "short"
