"""What frozen decisions cost: every row is what `operate` says, and on the pair what a sum by hand says."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

import xisuan.decisions.confidence.stress_test as module
from gnomon.options import Options
from tests.golden.small import small
from tests.scenarios import five, pair
from tests.workflow.planned import pair_plan
from xisuan import geography
from xisuan.decisions.confidence.shortfall_reasons import shortfall_reasons
from xisuan.decisions.confidence.stress_cases import DETOUR, SUBSIDY, cases, with_unserved_allowed
from xisuan.decisions.confidence.stress_test import Outcome, outcomes, stress
from xisuan.decisions.repeated_solve import Question
from xisuan.decisions.reported_place import Focus, focus
from xisuan.decisions.typical_day import on_few_hours
from xisuan.dispatch.economic_dispatch import Check, operate
from xisuan.planning.expansion import plan
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import Translator

WEST = Focus("west", ("west-1",))


@cache
def of_pair() -> pd.DataFrame:
    """The table of the pair."""
    return stress(pair_plan(), Question(pair()), WEST)


@cache
def of_four_hours() -> tuple[Plan, Focus, list[Outcome], pd.DataFrame]:
    """The plan of `five` on four hours, what it is about, and the outcomes with the table that is made of them."""
    found = plan(five(hours="hours:4"))
    about = focus(found)
    made = list(outcomes(found, Question(found.scenario), about))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "outcomes", lambda *_: made)
        return found, about, made, stress(found, Question(found.scenario), about)


@pytest.mark.long
def test_each_row_equals_a_separate_operate_call() -> None:
    found, about, every, table = of_four_hours()
    scenario, table = found.scenario, table.set_index("case")
    made = {one.case.name: one for one in every}
    assert set(table.index) == set(made)
    for case in cases(found.scenario, about):
        if case.name not in made or made[case.name].plan is None:
            continue
        follows = made[case.name].plan
        assert follows is not None
        changed = case.change(scenario)
        assert changed is not None
        schedule = operate(changed, follows, Options(solver="simplex"))
        costs = follows.costs
        capital = costs.loc[costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
        row = table.loc[case.name]
        assert row["cost_mcny"] == pytest.approx(capital + schedule.cost_mcny - schedule.penalty_mcny, rel=1e-5)
        assert row["penalty_mcny"] == pytest.approx(schedule.penalty_mcny, rel=1e-4, abs=0.5)


def test_each_operation_is_certified_and_a_wrong_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever operates wrongly, here half of what is drawn from the grid, is found out in every row."""
    found, table = pair_plan(), of_pair()
    assert set(table["certificate"]) == {"holds"}
    assert table["max_violation"].max() <= 1e-6

    def wrong(changed: Scenario, adapted: Plan, options: Options, check: Check) -> Schedule:
        made = operate(changed, adapted, options)
        grid = made.variables["grid"]
        halved = replace(made, variables={**made.variables, "grid": replace(grid, values=0.5 * grid.values)})
        return replace(halved, certificate=check(halved))

    monkeypatch.setattr(module, "operate", wrong)
    table = stress(found, Question(found.scenario), WEST)
    assert set(table["certificate"]) == {"fails"}
    assert table["max_violation"].min() > 1e-3


def test_as_planned_there_is_nothing_to_regret() -> None:
    found = pair_plan()
    row = of_pair().set_index("case").loc["base"]
    assert row["cost_mcny"] + row["penalty_mcny"] == pytest.approx(found.cost_mcny, rel=1e-5)
    assert row["regret_mcny"] == pytest.approx(0.0, abs=1e-4)


def test_regret_of_servers_for_eastern_demand_that_did_not_come() -> None:
    """Twenty servers were ordered in the west for 2026, and halls for them. With 70 and 84 units in the east they are
    not needed, though they save energy by running 20 units of the east, 0.07884 − 0.031536 each; with foresight 4
    servers are bought in 2027.

        servers  20 / 5 × 2 − 4 / 5                7.2
        upkeep   (20 × 2 − 4) × 0.1                3.6
        halls    0.2 × 20 / 20 × 2 − 0.04          0.36
        energy   −(20 + 16) × 0.047304            −1.702944
    """
    row = of_pair().set_index("case").loc["east_demand"]
    assert row["regret_mcny"] == pytest.approx(9.457056, abs=1e-3)
    assert row["regret_unit_hours"] == pytest.approx(0.0, abs=1.0)
    assert row["status"] == "optimal"
    # The twenty run eastern work, but as many stand still in the east: none is needed in 2026, and four in 2027. A
    # server costs 1, and their halls are full.
    assert row["idle_mcny"] == pytest.approx((20.0 + 16.0) / 2, abs=1e-3)


def test_a_subsidy_saves_a_fifth_of_the_annuities_at_the_place_and_orders_the_same() -> None:
    """Servers cost 1 and live 5 years, halls 1 a unit and 20 years. Twenty of each year's orders are in the west: 3 years
    of 20 servers are 20 / 5 × 3 = 12, of their halls of 0.2 a server 0.2 × 20 / 20 × 3 = 0.6, and a fifth of both is saved.
    """
    rows = of_pair().set_index("case")
    saved = rows.loc["base", "cost_mcny"] - rows.loc["subsidy", "cost_mcny"]
    assert saved == pytest.approx(SUBSIDY * 12.6, abs=1e-3)
    assert rows.loc["subsidy", "build_change"] == pytest.approx(0.0, abs=1e-6)
    capital = rows["capital_mcny"]
    assert capital["subsidy"] == pytest.approx((1.0 - SUBSIDY) * capital["base"], rel=1e-6)


def test_all_demand_departs_evenly_from_the_first_year_to_the_last() -> None:
    """The first year is as planned, for its orders are made before the case is known; a single year departs at once."""
    scenario = pair()
    first, last = scenario.settings.periods
    before = scenario["demand"]
    for name, factor in (("demand_more", 1.5), ("demand_less", 0.5)):
        (case,) = (one for one in cases(scenario, WEST) if one.name == name)
        changed = case.change(scenario)
        assert changed is not None
        share = changed["demand"]["units"] / before["units"]
        assert share[before["period"] == first].tolist() == pytest.approx(
            [1.0] * int((before["period"] == first).sum())
        )
        assert share[before["period"] == last].tolist() == pytest.approx(
            [factor] * int((before["period"] == last).sum())
        )
    three = replace(scenario, settings=replace(scenario.settings, periods=(first, last + (last - first))))
    (case,) = (one for one in cases(three, WEST) if one.name == "demand_more")
    changed = case.change(three)
    assert changed is not None
    middle = before["period"] == last
    assert (changed["demand"]["units"] / before["units"])[middle].to_numpy() == pytest.approx(1.25)
    alone = replace(scenario, settings=replace(scenario.settings, periods=(last,)))
    (case,) = (one for one in cases(alone, WEST) if one.name == "demand_less")
    changed = case.change(alone)
    assert changed is not None
    assert (changed["demand"]["units"] / before["units"]).to_numpy() == pytest.approx(0.5)


def test_the_published_aim_of_racks_is_required_in_the_last_year() -> None:
    """480 racks of 2.5 kW are 1.2 MW of halls where the plan has 0.6."""
    aim = {"quantity": "racks", "place": "west-1", "period": 2025, "kind": "target", "value": 480.0}
    scenario = pair()
    given = (
        pd.DataFrame([aim]).reindex(columns=scenario["actuals"].columns).astype(scenario["actuals"].dtypes.to_dict())
    )
    asked = scenario.with_tables(actuals=given)
    (case,) = (one for one in cases(asked, WEST) if one.name == "racks_required")
    assert Translator("en")(case.label) == "480 racks required at west-1 by 2027"
    changed = case.change(asked)
    assert changed is not None
    assert plan(changed).tables["capacity"].query("asset == 'hall' and period == 2027 and where == 'west-1'")[
        "amount"
    ].sum() == pytest.approx(1.2, rel=1e-6)
    assert "racks_required" not in {one.name for one in cases(scenario, WEST)}


def test_power_at_reported_prices_takes_the_contracts_where_they_are_known() -> None:
    scenario = five()
    case = next(one for one in cases(scenario, WEST) if one.name == "price_reported")
    power = scenario["power"]
    known = scenario.with_tables(power=power.assign(contract_price_cny_per_kwh=0.3))
    changed = case.change(known)
    assert changed is not None
    assert changed.settings.plan.power_price == "contract"
    assert case.change(changed) is None
    assert case.change(scenario.with_tables(power=power.assign(contract_price_cny_per_kwh=math.nan))) is None


def test_what_comes_a_year_late_is_short_in_the_first() -> None:
    """The twenty servers of 2026 come in 2027: until then 20 of 120 units wait for nothing. With foresight they would
    have been bought in the east.
    """
    row = of_pair().set_index("case").loc["late"]
    assert row["label_zh"] == "west-1首年采购晚一年投用"
    assert row["status"] == "short"
    assert math.isnan(row["regret_mcny"])  # the plan with foresight serves what this one leaves
    assert row["regret_unit_hours"] == row["shortfall_unit_hours"] == pytest.approx(20 * 8760)
    assert (row["shortfall_workload"], row["shortfall_share"]) == ("web", pytest.approx(20 / 120))
    assert row["shortfall_why_en"].endswith(": nothing more comes into use in time for 2026")
    assert "2026年来不及新增投用" in row["shortfall_why_zh"]


def test_a_case_that_serves_all_work_gives_no_reason() -> None:
    served = of_pair().query("shortfall_share == 0")
    assert len(served)
    assert (served["shortfall_why_en"] == "").all()


def test_higher_demand_comes_with_higher_budgets_of_investors_alone() -> None:
    """A budget of one row holds in all periods: it grows in steps to half as much again; that of a place stays."""
    scenario = five()
    first, last = scenario.settings.periods[0], scenario.settings.periods[-1]
    rows = [{"period": first, "scope": scope, "limit_mcny": 100.0} for scope in ("investor:someone", "all")]
    known = scenario.with_tables(budgets=pd.DataFrame(rows).reindex(columns=scenario["budgets"].columns, fill_value=""))
    case = next(one for one in cases(known, WEST) if one.name == "demand_more")
    changed = case.change(known)
    assert changed is not None
    assert "investors' budgets" in case.label
    limits = changed.at("budgets", last).set_index("scope")["limit_mcny"]
    assert limits.to_dict() == pytest.approx({"investor:someone": 150.0, "all": 100.0})
    without = scenario.with_tables(budgets=scenario["budgets"].iloc[:0])
    plain_case = next(one for one in cases(without, WEST) if one.name == "demand_more")
    assert "budgets" not in plain_case.label


def test_a_budget_that_carries_the_price_of_unserved_work_is_the_reason() -> None:
    """By hand: 10 units unserved cost 100; the budget of 50 at a price of 1.5 carries 75 of it, the hall limit nothing."""
    rows = [{"period": 2027, "scope": "investor:China Mobile", "limit_mcny": 50.0}]
    budgets = pd.DataFrame(rows).reindex(columns=five()["budgets"].columns, fill_value="")
    scenario = with_unserved_allowed(five().with_tables(budgets=budgets))
    work = {"period": 2027, "region": "delta", "site": "", "workload": "batch", "units": 10.0, "share": 0.5}
    tables = {
        "service": pd.DataFrame([work]),
        "costs": pd.DataFrame([{"term": "unserved", "discounted_mcny": 100.0}]),
        "prices": pd.DataFrame(
            [
                {"period": 2027, "constraint": "budget", "item": "investor:China Mobile", "value": -1.5},
                {"period": 2027, "constraint": "bound on hall", "item": "west-1", "value": 1e-6},
            ]
        ),
    }
    reasons = shortfall_reasons(cast(Plan, SimpleNamespace(scenario=scenario, tables=tables, variables={})))
    assert reasons.in_language("en") == "budget used up: China Mobile 2027"
    assert reasons.in_language("zh") == "预算用满：中国移动（2027）"


def test_stock_that_is_held_pair_by_pair_is_within_reach() -> None:
    """Ten units are nearly free to leave, and the site is 5 ms away: a limit of 9 ms is no reason."""
    scenario = small(
        {
            "technologies": "technology,class,unit,kind,capex_mcny_per_unit,life_years\ng,storage,PB,stock,1,4",
            "workloads": "workload,class,latency_ms,unserved_mcny_per_unit_hour\nw,storage,9,1e-9",
            "latency": "region,site,latency_ms\nr,s,5",
        }
    )
    found = plan(scenario)
    assert found.tables["service"].query("site == ''")["units"].sum() > 0
    assert "latency" not in shortfall_reasons(found).in_language("en")


def test_a_longer_cable_is_no_shorter_than_it_was() -> None:
    scenario = five()
    detour = next(case for case in cases(scenario, WEST) if case.name == "detour").change(scenario)
    assert detour is not None
    before, after = scenario["links"]["length_km"], detour["links"]["length_km"]
    assert (after >= before - 1e-9).all()
    regions = scenario["regions"].set_index("region")[["lat", "lon"]]
    direct = float(geography.great_circle_km(regions.loc[["delta"]].to_numpy(), regions.loc[["capital"]].to_numpy())[0])
    row = detour["links"].set_index("link").loc["delta-capital"]
    assert row["length_km"] == pytest.approx(max(1300, DETOUR * direct))


def test_small_scenarios_are_tried_on_their_own_hours() -> None:
    scenario = five()
    assert on_few_hours(scenario) is scenario


@pytest.mark.parametrize("table", [of_pair, pytest.param(lambda: of_four_hours()[-1], marks=pytest.mark.long)])
def test_regret_is_never_below_zero_where_there_is_one(table: Callable[[], pd.DataFrame]) -> None:
    """Foresight could have made the same orders, so for the same work it costs no more. Long: every part of the model."""
    rows = table()
    same = rows["regret_mcny"].notna()
    assert same.any()
    assert (rows.loc[same, "regret_mcny"] >= -1e-6 * rows.loc[same, "cost_mcny"]).all()
    assert (rows.loc[~same & (rows["status"] != "no plan"), "shortfall_unit_hours"] > 0).all()


@pytest.mark.parametrize(("lon", "words"), [(120, "Western power at"), (100, "Power at")])
def test_power_is_western_only_where_there_is_an_east(lon: int, words: str) -> None:
    scenario = small(
        {"sites": f"site,zone,lat,lon\ns,a,30,100\nt,b,30,{lon}", "power": "zone,price\na,0.4\nb,0.5"},
        {"periods": [2026]},
    )
    named = {case.name: Translator("en")(case.label) for case in cases(scenario, Focus("s", ("s",)))}
    assert named["west_price_low"].startswith(words)
    assert named["west_price_list"].startswith(words)
