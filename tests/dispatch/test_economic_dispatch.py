"""Operating a plan: plan is investment plus operation, what cannot be served is shortfall, yearly rules are excesses."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from gnomon.highs import solver_sequence
from gnomon.methods.rolling_horizon import Rolling
from gnomon.model.linear_program import LinearProgram
from gnomon.options import LONG_GAP, Options
from gnomon.solution import Progress, Solution, Watch
from gnomon.strategies import strategy_order
from tests.golden.small import small
from tests.scenarios import first_hours, five
from xisuan.certificate.certify_schedule import certify_schedule
from xisuan.dispatch.economic_dispatch import asked as asked_of
from xisuan.dispatch.economic_dispatch import operate
from xisuan.errors import ScenarioError, SolverError, StoreError
from xisuan.planning.expansion import plan
from xisuan.results.plan import ACCESS_TABLES, CAPEX_TERMS, Plan
from xisuan.results.plan import TABLES as PLAN_TABLES
from xisuan.results.schedule import TABLES, Foresight
from xisuan.scenario.load import load
from xisuan.scenario.settings import Hours
from xisuan.scenario.timeline import LONG
from xisuan.scenario.variants.modelled_hours import on_hours

ONE: dict[str, object] = {"periods": [2026]}
VERTEX = Options(solver="simplex")


def invested(found: Plan) -> float:
    return float(found.costs.loc[found.costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum())


# --- the law ---


@pytest.mark.parametrize(
    "settings",
    [
        {"hours": "one"},
        {"hours": "hours:3"},
        {"hours": "hours:5", "capital": "full"},
        {"hours": "hours:2", "discount_rate": 0.0, "last_period_years": 5},
    ],
    ids=str,
)
def test_plan_is_investment_and_operation(settings: Mapping[str, object]) -> None:
    scenario = five(**settings)
    found = plan(scenario, VERTEX)
    schedule = operate(scenario, found, VERTEX)
    assert invested(found) + schedule.cost_mcny == pytest.approx(found.cost_mcny, rel=1e-9)
    assert schedule.excess.empty


def test_it_is_also_of_a_plan_in_whole_numbers() -> None:
    tables = {
        "sites": "site,fixed_cost_mcny,capex_factor\ns,,3\nn,2,1",
        "technologies": """
            technology,class,unit,mw_per_unit,capex_mcny_per_unit,opex_mcny_per_unit_year,life_years,module_units
            g,general,rack,0.5,1,0.1,4,4
            """,
    }
    scenario = small(tables)
    found = plan(scenario)
    assert found.effort.integers > 0
    assert invested(found) + operate(scenario, found).cost_mcny == pytest.approx(found.cost_mcny, rel=1e-9)


def test_it_is_also_of_a_plan_for_least_carbon() -> None:
    """Of all operations with the least tonnes the plan takes the cheapest; operating it for cost alone is no dearer."""
    scenario = five(objective="carbon", hours="hours:2")
    found = plan(scenario)
    assert invested(found) + operate(scenario, found).cost_mcny <= found.cost_mcny * (1 + 1e-6)


def test_tables_have_exactly_their_columns() -> None:
    scenario = five(hours="hours:2")
    schedule = operate(scenario, plan(scenario))
    stated = {**PLAN_TABLES, **TABLES}
    assert {name: list(frame.columns) for name, frame in schedule.tables.items()} == {
        name: list(stated[name]) for name in schedule.tables
    }
    assert set(schedule.tables) == set(stated) - {"builds", "capacity", *ACCESS_TABLES}
    assert schedule.costs["discounted_mcny"].sum() == pytest.approx(schedule.cost_mcny)


# --- other hours ---


DAY = {
    "demand": "region,workload,period,units,profile\nr,w,2026,8,d",
    "profile_rules": "profile,hours,value\nd,,1\nd,12,25",
}
"""A mean of 2: 4 units in every hour but one, which asks for 100."""


def test_hours_that_were_not_planned_for_fall_short() -> None:
    found = plan(small(DAY, {"periods": [2026], "hours": "hours:12"}))
    assert found.builds["amount"].tolist() == pytest.approx([4])
    schedule = operate(small(DAY, {"periods": [2026], "hours": "hours:24"}), found)
    assert schedule.status == "short"
    row = schedule.shortfall.iloc[0].to_dict()
    assert row == {
        "period": 2026,
        "workload": "w",
        "region": "r",
        "unit_hours": pytest.approx(96 * 365),
        "share": pytest.approx(96 / 192),
        "mcny": pytest.approx(96 * 365),
    }
    assert schedule.penalty_mcny == pytest.approx(96 * 365), "1 mCNY a unit-hour unless the option says otherwise"
    assert schedule.service.set_index("site")["units"].to_dict() == {"s": pytest.approx(4), "": pytest.approx(4)}


def test_the_price_of_shortfall_is_an_option() -> None:
    settings = {"periods": [2026], "hours": "hours:24", "plan": {"shortfall_mcny_per_unit_hour": 0.5}}
    found = plan(small(DAY, {"periods": [2026], "hours": "hours:12"}))
    assert operate(small(DAY, settings), found).penalty_mcny == pytest.approx(96 * 365 / 2)


def test_work_with_a_penalty_is_dropped_at_that_and_nothing_is_short() -> None:
    tables = {**DAY, "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,0.00001"}
    found = plan(small(tables, {"periods": [2026], "hours": "hours:12"}))
    schedule = operate(small(tables, {"periods": [2026], "hours": "hours:24"}), found)
    assert schedule.status == "optimal", "what may be dropped at a price is not owed"
    assert schedule.penalty_mcny == pytest.approx(192 * 365 * 0.00001)
    assert schedule.shortfall["share"].tolist() == pytest.approx([1.0])


def test_traffic_that_finds_no_room_is_short() -> None:
    tables = {
        "regions": "region\nr\nq",
        "links": "link,from,to,length_km,capacity_gbps\nl,r,q,10,3",
        "traffic": "from,to,gbps,profile,routing\nr,q,1,t,free\nq,r,1,t,shortest",
        "profile_rules": "profile,hours,value\nt,,2\nt,12,7",
    }
    found = plan(small(tables, {"periods": [2026], "hours": "hours:12"}))
    schedule = operate(small(tables, {"periods": [2026], "hours": "hours:24"}), found)
    assert schedule.status == "short"
    lost = schedule.shortfall
    assert lost[["workload", "region"]].to_numpy().tolist() == [["traffic", "r/q"], ["traffic", "q/r"]]
    assert lost["unit_hours"].tolist() == pytest.approx([4 * 365, 4 * 365])
    assert (schedule.flows["gbps"] <= 3 + 1e-9).all()


def test_stock_that_is_not_held_is_short() -> None:
    tables = {
        "technologies": "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,kind\nd,st,PB,0,1,4,stock",
        "workloads": "workload,class\nk,st",
        "demand": "region,workload,period,units\nr,k,2026,20",
    }
    found = plan(small(tables, ONE))
    more = {**tables, "demand": "region,workload,period,units\nr,k,2026,25"}
    schedule = operate(small(more, ONE), found)
    assert schedule.status == "short"
    assert schedule.shortfall["unit_hours"].tolist() == pytest.approx([5 * 8760])


def test_the_peak_of_other_hours_is_paid_but_capacity_is_not() -> None:
    tables = {
        "sites": "site,zone\ns,z",
        "power": "zone,price,demand_charge_cny_per_kw_month\nz,0,10",
        "demand": "region,workload,period,units,profile\nr,w,2026,8,d",
        "profile_rules": "profile,hours,value\nd,,1\nd,5,2\nd,12,1.5",
    }
    found = plan(small(tables, {"periods": [2026], "hours": "hours:12"}))
    own = operate(found.scenario, found)
    later = operate(
        small({**tables, "blocks": "block,first_hour,hours,weight\nb,6,12,730"}, {"periods": [2026]}), found
    )
    peak = 8 * 0.5 / (25.5 / 24)
    assert own.cost_mcny == pytest.approx(peak * 2 * 0.12)
    assert later.cost_mcny == pytest.approx(peak * 1.5 * 0.12)


# --- rules ---


def test_yearly_rules_are_exceeded_at_a_price() -> None:
    """30,000 t planned on clean hours; other hours are dirtier: 5 MW × 8,760 h × (0.8 − 0.6) = 8,760 t too many."""
    tables = {
        "sites": "site,zone\ns,z",
        "power": "zone,price,co2_kg_per_kwh\nz,0,dirt",
        "profile_rules": "profile,hours,value\ndirt,,0.8\ndirt,0-11,0.6",
        "policies": "rule,scope,value\ncarbon_cap_t,all,26280",
    }
    found = plan(small(tables, {"periods": [2026], "hours": "hours:12"}))
    evening = {**tables, "blocks": "block,first_hour,hours,weight\nb,12,12,730"}
    schedule = operate(small(evening, {"periods": [2026], "plan": {"excess_mcny_per_unit": 0.01}}), found)
    assert schedule.status == "optimal"
    assert schedule.excess.to_dict("records") == [
        {
            "period": 2026,
            "rule": "carbon_cap_t",
            "scope": "all/all",
            "amount": pytest.approx(8760),
            "unit": "t",
            "mcny": pytest.approx(87.6),
        }
    ]
    assert schedule.penalty_mcny == pytest.approx(87.6)


def test_rules_that_begin_later_are_no_stranger_to_earlier_periods() -> None:
    tables = {
        "sites": "site,zone\ns,z",
        "power": """
            zone,period,price,co2_kg_per_kwh,green_premium_cny_per_kwh,grid_limit_mw
            z,,0.1,0.6,,
            z,2027,0.1,0.6,0.02,90
            """,
        "policies": "rule,scope,period,value\ngreen_share_min,all,2027,0.5\nutilisation_min,all,2027,0.3",
    }
    scenario = small(tables)
    found = plan(scenario)
    schedule = operate(scenario, found)
    assert schedule.variables["contract"].values[:, 0].tolist() == pytest.approx([0, 0.5 * 12 * 0.5 * 8760])
    assert invested(found) + schedule.cost_mcny == pytest.approx(found.cost_mcny)
    assert schedule.duals["green_share_min"].values.shape == (2, 1)


def test_a_clean_share_that_an_hour_does_not_reach_is_an_excess_of_that_hour() -> None:
    """6 MW under a share of 0.75: 1.5 MW need not be clean. The grid is clean to 0.9 in one of two hours, 0.5 in the other.

    In that other hour 3 MW are not clean, 1.5 too many: 1.5 × 4,380 MWh a year at 2 mCNY each. What the first hour has too
    much does not count.
    """
    tables = {
        "sites": "site,zone,pue\ns,z,1.2",
        "power": "zone,price,clean_share\nz,0.1,mix",
        "profile_rules": "profile,hours,value\nmix,,0.5\nmix,0,0.9",
    }
    settings = {"periods": [2026], "hours": "hours:2", "plan.excess_mcny_per_unit": 2.0}
    found = plan(small(tables, settings))
    asked = small(tables | {"policies": "rule,scope,value\nclean_share_hourly_min,all,0.75"}, settings)
    schedule = operate(asked, found)
    (row,) = schedule.tables["excess"].to_dict("records")
    assert (row["rule"], row["scope"], row["unit"]) == ("clean_share_hourly_min", "all/all", "MWh")
    assert (row["amount"], row["mcny"]) == pytest.approx((1.5 * 4380, 3.0 * 4380))
    assert certify_schedule(asked, found, schedule).ok


def test_a_clean_share_that_a_month_does_not_reach_is_an_excess_of_that_month() -> None:
    """6 MW under a share of 0.75; the grid is clean to 0.9 in January, of 2,920 hours, and to 0.5 in February.

    In February 3 MW are not clean, 1.5 too many: 1.5 × 5,840 MWh a year at 2 mCNY each.
    """
    tables = {
        "sites": "site,zone,pue\ns,z,1.2",
        "power": "zone,price,clean_share\nz,0.1,mix",
        "profile_rules": "profile,months,value\nmix,,0.5\nmix,1,0.9",
        "blocks": "block,first_hour,hours,weight\njanuary,0,2,1460\nfebruary,744,2,2920",
    }
    settings = {"periods": [2026], "plan.excess_mcny_per_unit": 2.0}
    found = plan(small(tables, settings))
    asked = small(tables | {"policies": "rule,scope,value\nclean_share_monthly_min,all,0.75"}, settings)
    schedule = operate(asked, found)
    (row,) = schedule.tables["excess"].to_dict("records")
    assert (row["rule"], row["scope"], row["unit"]) == ("clean_share_monthly_min", "all/all/2", "MWh")
    assert (row["amount"], row["mcny"]) == pytest.approx((1.5 * 5840, 3.0 * 5840))
    assert certify_schedule(asked, found, schedule).ok


# --- some periods, and plans that do not fit ---


def test_some_periods_are_operated_as_all_of_them_are() -> None:
    """A rack that can be ordered in 2026 only serves in 2027 too, also where 2027 alone is operated."""
    tables = {
        "technologies": """
            technology,class,unit,mw_per_unit,capex_mcny_per_unit,opex_mcny_per_unit_year,life_years,available_until
            g,general,rack,0.5,1,0.1,4,2026
            """
    }
    scenario = small(tables, {"last_period_years": 3, "discount_rate": 0.1})
    found = plan(scenario)
    whole = operate(scenario, found)
    second = operate(scenario.with_settings(periods=(2027,)), found)
    assert second.status == "optimal"
    later = whole.costs[whole.costs["period"] == 2027]
    assert second.cost_mcny == pytest.approx(later["discounted_mcny"].sum())
    assert set(second.costs["period"]) == {2027}
    first = operate(scenario.with_settings(periods=(2026,)), found)
    assert first.cost_mcny + second.cost_mcny == pytest.approx(whole.cost_mcny)


def test_representative_days_stay_those_of_the_scenario() -> None:
    scenario = five(hours="days:2")
    found = plan(five(hours="one"))
    part = scenario.with_settings(periods=(2027,))
    schedule = operate(part, found)
    assert set(schedule.load["hour"]) == set(range(part.timeline.n_hours))
    served = schedule.service.groupby(["region", "workload"])["share"].sum()
    assert np.asarray(served) == pytest.approx(1.0, abs=1e-6)


def test_periods_that_were_not_planned_cannot_be_operated() -> None:
    with pytest.raises(StoreError, match="the plan is for 2026, 2027, not for 2026, 2028"):
        operate(
            small({"demand": "region,workload,period,units\nr,w,2026,1\nr,w,2028,1"}, {"periods": [2026, 2028]}),
            plan(small()),
        )


def test_a_plan_of_another_scenario_is_refused() -> None:
    other = small({"sites": "site\ns\nt"})
    with pytest.raises(StoreError, match="no installed of t/g: it was made for another scenario; plan again"):
        operate(other, plan(small()))


# --- periods side by side ---


def test_an_error_in_one_period_stops_the_others_and_is_the_one_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other period, which would go on for a minute, is told to stop through its watch."""
    scenario = small(settings={"hours": "one"})
    found = plan(scenario, VERTEX)
    stopped: list[int] = []

    def work(*given: object) -> None:
        period, watch = cast(tuple[int, Callable[[Progress], None]], given[-2:])
        if period == 2027:
            raise SolverError("period 2027 has no answer")
        for second in range(600):
            try:
                watch(Progress("ipx", 0.1 * second))
            except Exception:
                stopped.append(period)
                raise
            time.sleep(0.1)

    monkeypatch.setattr("xisuan.dispatch.economic_dispatch._Task.operate", work)
    with pytest.raises(SolverError, match="period 2027 has no answer"):
        operate(scenario, found)
    assert stopped == ([2026] if (os.cpu_count() or 1) > 1 else [])


def test_crumbs_of_capacity_are_told_and_do_nothing() -> None:
    """What half a millionth of a unit may do is rounding of a solver, which no other solver meets to its digits."""
    given = load("starter")
    found = plan(given, VERTEX)
    installed = found.variables["installed"]
    none = installed.values == 0.0
    crumbs = replace(installed, values=np.where(none, 5e-7, installed.values))
    beside = replace(found, variables={**found.variables, "installed": crumbs})
    other = on_hours(given, Hours("hours", 30))
    without, schedule = operate(other, found, VERTEX), operate(other, beside, VERTEX)
    assert none.any()
    assert np.array_equal(schedule.variables["installed"].values, crumbs.values)
    # Their upkeep is in the cost as it is in the table of costs, though nothing runs on them.
    assert without.cost_mcny < schedule.cost_mcny < without.cost_mcny * (1.0 + 1e-6)
    assert schedule.cost_mcny == pytest.approx(schedule.costs["discounted_mcny"].sum(), rel=1e-14)
    for name in ("service", "load", "power", "flows"):
        pd.testing.assert_frame_equal(getattr(schedule, name), getattr(without, name))


# --- the structured method ---


@pytest.fixture
def structured(monkeypatch: pytest.MonkeyPatch) -> None:
    """No period is too small for it."""
    preferred = property(lambda request: request.options.purpose == "operation")
    monkeypatch.setattr(strategy_order.Request, "is_structured_preferred", preferred)


@pytest.mark.usefixtures("structured")
@pytest.mark.parametrize("gap", [1e-5, pytest.param(None, marks=pytest.mark.long)])
def test_other_hours_are_operated_by_the_structured_method(gap: float | None) -> None:
    """Within the gap of what a simplex finds on other hours."""
    found = plan(five(hours="hours:12"), VERTEX)
    other = five(hours="hours:6")
    exact = operate(other, found, VERTEX)
    roughly = operate(other, found, Options(gap=gap))
    assert (exact.effort.method, roughly.effort.method) == ("direct", "structured")
    assert exact.cost_mcny <= roughly.cost_mcny * (1 + 1e-9)
    assert roughly.cost_mcny == pytest.approx(exact.cost_mcny, rel=gap or 1e-6)


@pytest.mark.usefixtures("structured")
def test_own_hours_are_begun_from_what_the_plan_does_in_them() -> None:
    """Plans of an interior point are nearly central in every period, so that few iterations are left."""
    given = on_hours(load("starter"), Hours("hours", 48))
    found = plan(given, Options(gap=1e-3), method="structured")
    assert found.gap > 1e-5
    warm, exact = operate(given, found, Options(gap=1e-6)), operate(given, found, VERTEX)
    nothing = {
        name: replace(of, labels=tuple(("?",) * len(one) for one in of.labels)) for name, of in found.duals.items()
    }
    cold = operate(given, replace(found, duals=nothing), Options(gap=1e-6))
    assert {one.effort.method for one in (warm, cold)} == {"structured"}
    assert warm.effort.iterations < cold.effort.iterations
    for one in (warm, cold):
        assert one.cost_mcny == pytest.approx(exact.cost_mcny, rel=1e-6)


@pytest.mark.usefixtures("structured")
def test_a_wide_gap_hides_no_cost_behind_penalties() -> None:
    """Where a penalty is thousands of times the cost, a share of both says nothing of the cost, and more is asked."""
    found = plan(small(DAY, {"periods": [2026], "hours": "hours:12"}))
    scenario = small(DAY, {"periods": [2026], "hours": "hours:24"})
    exact, roughly = (operate(scenario, found, options) for options in (VERTEX, Options(gap=1e-2)))
    assert exact.penalty_mcny > 100 * (exact.cost_mcny - exact.penalty_mcny)
    gap = roughly.cost_mcny - exact.cost_mcny
    assert roughly.effort.method == "structured"
    assert gap <= 1e-2 * max(1.0, exact.cost_mcny - exact.penalty_mcny)


@pytest.mark.usefixtures("structured")
@pytest.mark.parametrize(("hours", "solver"), [(48, "simplex"), (LONG, "structured")])
def test_what_penalties_blur_is_asked_of_others_unless_hours_are_many(
    hours: int, solver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HiGHS has no memory for those, and what is proven of them is true of all costs together."""
    given = load("starter").with_settings(periods=(2026,), last_period_years=1)
    built = plan(given, VERTEX)
    monkeypatch.setattr("xisuan.dispatch.dual_proof.sharp", lambda *_: False)
    monkeypatch.setattr("xisuan.dispatch.economic_dispatch.LARGE_NONZEROS", 1 if hours == LONG else 10**9)
    found = operate(on_hours(given, Hours("hours", hours)), built, Options(gap=1e-4))
    assert found.effort.solver == solver
    assert found.gap <= 1e-4


@pytest.mark.usefixtures("structured")
def test_where_highs_has_no_memory_nothing_is_proven_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    given = load("starter").with_settings(periods=(2026,), last_period_years=1)
    built = plan(given, VERTEX)
    other = on_hours(given, Hours("hours", 48))
    monkeypatch.setattr("gnomon.runtime.memory.available", lambda: 10**6)
    monkeypatch.setattr("xisuan.dispatch.economic_dispatch.LARGE_NONZEROS", 1)
    monkeypatch.setattr("xisuan.dispatch.economic_dispatch.solve_direct", None)
    monkeypatch.setattr("xisuan.dispatch.dual_proof.sharp", lambda *_: False)
    assert operate(other, built, Options(gap=1e-4)).effort.solver == "structured", (
        "what is proven, though penalties blur it"
    )
    monkeypatch.setattr("xisuan.dispatch.economic_dispatch.structured", lambda *_: None)
    with pytest.raises(SolverError, match="no operation is proven; HiGHS would come next, but needs"):
        operate(other, built, Options(gap=1e-4))


# --- the gap ---


@pytest.mark.parametrize(("stated", "given", "asked"), [(1e-3, None, 1e-3), (1e-3, 1e-5, 1e-5), (None, None, None)])
def test_a_scenario_states_the_gap_of_its_operation_unless_the_caller_does(
    stated: float | None, given: float | None, asked: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[float | None] = []

    def solve(flat: LinearProgram, options: Options | None = None, watch: Watch = None) -> Solution:
        heard.append(None if options is None else options.gap)
        return find(flat, options, watch)

    find = solver_sequence.solve
    scenario = small() if stated is None else small(settings={"plan.gap": stated})
    found = plan(scenario, VERTEX)
    monkeypatch.setattr("xisuan.dispatch.economic_dispatch.solve_direct", solve)
    operate(scenario, found, Options(solver="simplex", gap=given))
    assert set(heard) == {asked}


@pytest.mark.parametrize(("stated", "wanted"), [(1e-3, 1e-3), (1e-5, LONG_GAP), (None, LONG_GAP)])
def test_many_hours_are_solved_to_the_wider_of_both_gaps(stated: float | None, wanted: float) -> None:
    month = on_hours(load("starter"), Hours("hours", LONG))
    month = month.with_settings(plan=replace(month.settings.plan, gap=stated))
    assert asked_of(month, Options()).gap == wanted
    assert asked_of(month, Options(gap=1e-6)).gap == 1e-6


# --- many hours ---


@pytest.mark.usefixtures("structured")
def test_a_month_by_the_structured_method_costs_what_the_simplex_finds() -> None:
    """Within the gap that many hours have unless told otherwise, proven from below, and with the rules of the year kept.

    With 2 % less work than planned for: an operation that just fits has no interior, and HiGHS solves it.
    """
    given = load("starter")
    built = plan(given)
    demand = given["demand"]
    less = replace(given, tables={**given.tables, "demand": demand.assign(units=0.98 * demand["units"])})
    month = first_hours(less.with_settings(periods=(2028,)), LONG)
    found, exact = operate(month, built), operate(month, built, VERTEX)
    assert (found.effort.solver, exact.effort.solver) == ("structured", "simplex")
    assert found.lower_bound <= exact.cost_mcny * (1.0 + 1e-9)
    assert exact.cost_mcny <= found.cost_mcny + 1e-9 <= exact.cost_mcny * (1.0 + LONG_GAP)
    assert found.gap <= LONG_GAP
    assert found.excess["amount"].sum() <= 1e-6
    (rule,) = given.at("policies", 2028).query("rule == 'green_share_min'").to_dict("records")
    weight = month.timeline.weight[found.power["hour"]]
    drawn, used = ((found.power[name] * weight).sum() for name in ("grid_mw", "facility_mw"))
    green = found.emissions["contract_mwh"].sum()
    assert drawn - green <= (1.0 - rule["value"]) * used * (1.0 + 1e-6)


# --- a rolling horizon ---


def test_a_rolling_horizon_costs_more_than_knowing_and_is_certified() -> None:
    """Its bound is that of the schedule that knows all hours, whose cost it states."""
    scenario = five(hours="hours:48", periods=[2026])
    found = plan(scenario, VERTEX)
    known = operate(scenario, found, VERTEX)
    rolled = operate(scenario, found, VERTEX, rolling=Rolling(12, 4, 1.0, 7))
    assert rolled.foresight == Foresight(12, 4, 1.0, 7, known.cost_mcny, known.penalty_mcny)
    assert rolled.not_knowing_mcny > 1e-6 * known.cost_mcny
    certificate = certify_schedule(scenario, found, rolled)
    assert certificate.ok, certificate.findings
    assert certificate.lower_bound == pytest.approx(known.cost_mcny, rel=1e-6)
    with pytest.raises(ScenarioError, match=r"48 hours .* nothing is unknown; give fewer hours ahead"):
        operate(scenario, found, VERTEX, rolling=Rolling(48, 24, 1.0))
