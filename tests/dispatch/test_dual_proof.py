"""The operation that a plan has is taken where its duals prove it, and nowhere else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from gnomon.model.linear_program import LinearProgram
from gnomon.options import Options
from gnomon.solution import Solution, Watch
from tests.golden.small import small
from tests.scenarios import five
from xisuan.decisions.confidence.stress_cases import with_table
from xisuan.dispatch import dual_proof
from xisuan.dispatch.economic_dispatch import operate
from xisuan.equations.model_builder import Assembly
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_days

VERTEX = Options(solver="simplex")


@pytest.fixture(scope="module")
def found() -> Plan:
    return plan(five(hours="hours:6"), VERTEX)


def test_on_its_own_hours_it_is_the_plans_and_costs_what_a_solver_finds(found: Plan) -> None:
    taken, solved = operate(found.scenario, found), operate(found.scenario, found, VERTEX)
    assert taken.effort.solver == dual_proof.NAME
    assert solved.effort.solver == "simplex"
    assert taken.cost_mcny == pytest.approx(solved.cost_mcny, rel=1e-9)
    assert taken.penalty_mcny == pytest.approx(solved.penalty_mcny, abs=1e-6)
    np.testing.assert_allclose(taken.variables["load"].values, found.variables["load"].values, atol=1e-9)


def test_it_is_that_of_each_period_by_itself(found: Plan) -> None:
    second = operate(found.scenario.with_settings(periods=(2027,)), found)
    assert second.effort.solver == dual_proof.NAME
    np.testing.assert_allclose(second.variables["load"].values[0], found.variables["load"].values[1], atol=1e-9)


def test_other_hours_are_solved(found: Plan) -> None:
    """Other hours as many as its own, and more."""
    days = on_days(found.scenario, [200])
    assert operate(days, found).effort.solver != dual_proof.NAME
    short = with_table(days, "blocks", days["blocks"].assign(hours=6.0, weight=8760.0 / 6))
    assert operate(short, found).effort.solver != dual_proof.NAME


def test_dearer_power_is_solved(found: Plan) -> None:
    """It still satisfies every row, but may no longer be the cheapest."""
    power = found.scenario["power"]
    price = power["price"].where(power.index > 0, 5.0)
    dearer = with_table(found.scenario, "power", power.assign(price=price))
    assert operate(dearer, found).effort.solver != dual_proof.NAME


def test_an_operation_that_is_not_the_cheapest_is_no_proof(found: Plan) -> None:
    """Power drawn and thrown away satisfies the rows' slack but costs; duals of nothing prove nothing."""
    nothing = {name: dataclasses.replace(dual, values=0.0 * dual.values) for name, dual in found.duals.items()}
    assert operate(found.scenario, dataclasses.replace(found, duals=nothing)).effort.solver != dual_proof.NAME


def test_what_breaks_a_row_is_no_proof(found: Plan) -> None:
    load = found.variables["load"]
    less = {**found.variables, "load": dataclasses.replace(load, values=0.99 * load.values)}
    assert operate(found.scenario, dataclasses.replace(found, variables=less)).effort.solver != dual_proof.NAME


def test_where_not_serving_is_cheaper_than_the_plan_thought_a_solver_is_asked() -> None:
    """Power at 1 CNY/kWh for half a MW is 0.0005 mCNY an hour; a shortfall at a tenth of that is cheaper."""
    tables = {"sites": "site,zone\ns,z", "power": "zone,price\nz,1"}
    found = plan(small(tables, {"periods": [2026]}), VERTEX)
    cheap = small(tables, {"periods": [2026], "plan": {"shortfall_mcny_per_unit_hour": 5e-5}})
    schedule = operate(cheap, found)
    assert schedule.effort.solver != dual_proof.NAME
    assert schedule.status == "short"


def test_a_gap_is_judged_beside_the_cost_without_penalties() -> None:
    """Proven to 1e-8 of all, but only to 1e-5 of what is left without the penalty."""
    nothing = np.zeros(0)
    found = Solution(nothing, nothing, 1e6, 1e6 - 1e-2, dual_proof.NAME, 0, 0.0, "")
    assert dual_proof.sharp(found, 0.0, Options())
    assert not dual_proof.sharp(found, 1e6 - 1e3, Options())
    below = dataclasses.replace(found, bound=1e6 + 1e-2)
    assert dual_proof.sharp(below, 0.0, Options())
    assert not dual_proof.sharp(below, 1e6 - 1e3, Options()), "nor may it be cheaper than its bound by that much"


# --- operations that leave nothing undone ---

PEAK = {
    "sites": "site,zone\ns,z",
    "power": "zone,price,demand_charge_cny_per_kw_month\nz,1,10",
    "demand": "region,workload,period,units,profile\nr,w,2026,8,d",
    "profile_rules": "profile,hours,value\nd,,1\nd,12,25",
}
"""A mean of 2: 4 units in every hour but one, which asks for 100."""
MORNING = {"blocks": "block,first_hour,hours,weight\nb,0,12,730"}
WHOLE_DAY = {"blocks": "block,first_hour,hours,weight\nb,0,24,365"}
ONE_YEAR = {"periods": [2026]}


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Every model counts as large; whether each was operated with nothing undone."""
    found: list[bool] = []
    whole = dual_proof.complete

    def complete(flat: LinearProgram, assembly: Assembly, options: Options, watch: Watch) -> Solution | None:
        answer = whole(flat, assembly, options, watch)
        found.append(answer is not None)
        return answer

    monkeypatch.setattr("xisuan.dispatch.economic_dispatch.LARGE_NONZEROS", 1)
    monkeypatch.setattr(dual_proof, "complete", complete)
    return found


def test_where_all_can_be_served_nothing_undone_is_proven_cheapest(large: list[bool]) -> None:
    found = plan(small({**PEAK, **WHOLE_DAY}, ONE_YEAR), VERTEX)
    morning = small({**PEAK, **MORNING}, ONE_YEAR)
    quick, solved = operate(morning, found), operate(morning, found, VERTEX)
    assert large == [True]
    assert quick.status == solved.status == "optimal"
    assert quick.cost_mcny == pytest.approx(solved.cost_mcny, rel=1e-6)


def test_where_not_all_can_be_served_the_whole_model_is_solved(large: list[bool]) -> None:
    found = plan(small({**PEAK, **MORNING}, ONE_YEAR), VERTEX)
    day = small({**PEAK, **WHOLE_DAY}, ONE_YEAR)
    quick, solved = operate(day, found), operate(day, found, VERTEX)
    assert large == [False]
    assert quick.status == solved.status == "short"
    assert quick.cost_mcny == pytest.approx(solved.cost_mcny, rel=1e-6)
    assert quick.shortfall["unit_hours"].sum() == pytest.approx(96 * 365, rel=1e-6)


def test_where_not_serving_is_cheaper_the_whole_model_is_solved(large: list[bool]) -> None:
    """Half a MW at 1 CNY/kWh costs 5e-4 mCNY an hour and unit; a shortfall a tenth of it. All could be served."""
    found = plan(small({**PEAK, **WHOLE_DAY}, ONE_YEAR), VERTEX)
    cheap = {**ONE_YEAR, "plan": {"shortfall_mcny_per_unit_hour": 5e-5}}
    morning = small({**PEAK, **MORNING}, cheap)
    quick = operate(morning, found)
    assert large == [False]
    assert quick.cost_mcny == pytest.approx(operate(morning, found, VERTEX).cost_mcny, rel=1e-6)
    assert quick.status == "short"


def test_what_a_plan_leaves_open_its_own_operation_may(found: Plan) -> None:
    """Duals a thousandth too small prove a thousandth less: enough where the plan was proven no further."""
    less = {name: dataclasses.replace(dual, values=0.999 * dual.values) for name, dual in found.duals.items()}
    blunt = dataclasses.replace(found, duals=less)
    given = found.scenario
    assert dual_proof.left_open(given, blunt) < 1e-3 * found.objective
    assert operate(given, blunt).effort.solver != dual_proof.NAME
    wide = dataclasses.replace(blunt, lower_bound=0.998 * found.objective)
    taken = operate(given, wide)
    assert taken.effort.solver == dual_proof.NAME
    assert 0.0 < taken.cost_mcny - taken.lower_bound <= dual_proof.left_open(given, wide)
    assert operate(given, wide, Options(gap=1e-6)).effort.solver != dual_proof.NAME
    assert operate(given.with_settings(periods=(2027,)), wide).effort.solver == dual_proof.NAME
    costs = found.tables["costs"]
    lost = costs.assign(term="unserved", discounted_mcny=found.objective).head(1)
    for other in (
        dataclasses.replace(wide, status="feasible"),
        dataclasses.replace(wide, lower_bound=-np.inf),
        dataclasses.replace(wide, effort=dataclasses.replace(wide.effort, integers=1)),
        dataclasses.replace(wide, scenario=given.with_settings(objective="carbon")),
        dataclasses.replace(wide, tables={**wide.tables, "costs": pd.concat([costs, lost])}),
    ):
        assert dual_proof.left_open(other.scenario, other) == 0.0


def test_what_a_plan_leaves_open_is_that_of_its_own_data_alone(found: Plan) -> None:
    """Power at another price might cost less than what is open, and another operation be the cheapest."""
    wide, given = dataclasses.replace(found, lower_bound=0.9 * found.objective), found.scenario
    power = given["power"]
    price = power["price"].where(power.index > 0, 0.5)
    dearer = given.with_tables(power=power.assign(price=price))
    for other in (
        dearer,
        given.with_settings(hours=Hours("hours", 7)),
        given.with_settings(discount_rate=0.07),
        dataclasses.replace(given, curves=given.curves.assign(another=1.0)),
    ):
        assert dual_proof.left_open(other, wide) == 0.0
    again = given.with_tables(power=power.copy())
    assert dual_proof.left_open(again, wide) == pytest.approx(0.1 * found.objective)


@pytest.mark.parametrize("gap", [1e-2, 1e-4])
def test_the_gaps_of_operation_are_part_of_that_of_the_plan(gap: float) -> None:
    rough = plan(five(hours="hours:48"), Options(gap=gap), method="structured")
    taken = operate(rough.scenario, rough)
    assert taken.effort.solver == dual_proof.NAME
    left = rough.objective - rough.lower_bound
    assert taken.cost_mcny - taken.lower_bound <= left + 1e-9 * rough.objective
    assert left > 1e-7 * rough.objective
