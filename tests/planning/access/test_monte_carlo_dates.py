"""Draws of the estimates: the share of those in which a city makes its date, and what stands in its way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize

from gnomon.model.linear_program import flatten
from tests.access_cases import access, brute_force
from xisuan.equations.build_model import assemble_access
from xisuan.errors import InfeasibleError
from xisuan.planning.access import budget_value, monte_carlo_dates, quick_plan, single_city
from xisuan.planning.expansion import plan
from xisuan.planning.objectives import outside_resident_years
from xisuan.scenario.scenario import Scenario

WIDE = "table,key,column,low,high\ncity_state,a,users_500m,0,400\nmeasures,user,pace_units_year,1,120"


def test_draws_are_the_same_for_the_same_seed_and_certain_without_estimates() -> None:
    base = access({"city_targets": "city,deadline\nall,2027"})
    found = monte_carlo_dates.deadline_chances(base, 5)
    assert found["share"].tolist() == [1.0, 1.0, 1.0]
    assert found["draws"].tolist() == [1, 1, 1], "nothing has a range, so that nothing was drawn five times"
    drawn = access({"city_targets": "city,deadline\nall,2026", "estimates": WIDE})
    one, again, other = (monte_carlo_dates.deadline_chances(drawn, 12, seed=seed) for seed in (1, 1, 2))
    assert one.equals(again)
    assert 0 < one.set_index("city").loc["a", "share"] < 1
    assert not one.equals(other)


def test_each_draw_is_judged_as_a_plan_of_it_is() -> None:
    """City by city and draw by draw, against plans of what was drawn: that which keeps all dates, else most residents."""
    rows = "period,scope,limit_mcny\n2026,access,0.45\n2027,access,0.2"
    scenario = access({"city_targets": "city,deadline\nall,2026", "estimates": WIDE, "budgets": rows})
    ranges = list(monte_carlo_dates._ranges(scenario))
    made = dict.fromkeys("abc", 0)
    for number in range(7):
        drawn = monte_carlo_dates._draw(scenario, ranges, np.random.default_rng([0, number]))
        try:
            found = plan(drawn)
        except InfeasibleError:
            undated = {**drawn.tables, "city_targets": drawn["city_targets"].iloc[:0]}
            found = plan(replace(drawn, tables=undated).with_settings(objective="residents"))
        first = found.gigabit.query("period == 2026").set_index("city")["gigabit"]
        for city in "abc":
            made[city] += bool(first[city])
    assert monte_carlo_dates.deadline_chances(scenario, 7).set_index("city")["made"].to_dict() == made
    assert 0 < sum(made.values()) < 21


TOWNS = {
    "cities": "city\nsmall\nbig",
    "city_state": """
        city,population,pon_ports,pon10g_ports,fixed_users,users_500m,g5_stations
        small,10000,4000,0,1000,900,100
        big,90000,4000,0,1000,900,1000
        """,
    "measures": """
        measure,unit,capex_cny_per_unit,life_years,pace_units_year,pon10g_ports_per_unit
        port,ports,1000,10,2000,1
        """,
    "budgets": "period,scope,limit_mcny\n2026,access,1",
}
"""Two towns of 1,000 missing ports each, one million CNY each, and a million a year."""


def test_a_small_town_that_comes_first_by_its_date_is_not_passed_over_for_a_larger_one() -> None:
    """The larger has until 2027: both make it, whatever a price comes to that is never above a thousand."""
    ranges = "table,key,column,low,high\nmeasures,port,capex_cny_per_unit,700,1000"
    scenario = access({**TOWNS, "city_targets": "city,deadline\nsmall,2026\nbig,2027", "estimates": ranges})
    found = monte_carlo_dates.deadline_chances(scenario, 10).set_index("city")
    assert found["share"].to_dict() == {"small": 1.0, "big": 1.0}


def test_where_not_all_dates_can_be_kept_residents_of_cities_with_dates_count() -> None:
    """One million in all: of two towns with a date in 2026 the larger makes it; that a third has residents and no date
    counts for nothing."""
    third = TOWNS["city_state"] + "huge,900000,4000,0,1000,900,20000\n"
    money = "period,scope,limit_mcny\n2026,access,1\n2027,access,0"
    tables = {**TOWNS, "cities": "city\nsmall\nbig\nhuge", "city_state": third, "budgets": money}
    found = monte_carlo_dates.deadline_chances(
        access({**tables, "city_targets": "city,deadline\nsmall,2026\nbig,2026"}), 3
    ).set_index("city")
    assert found["share"].to_dict() == {"small": 0.0, "big": 1.0}
    assert found.loc["small", "binding"] == "budgets 1"


def test_the_indicator_that_stands_in_the_way_is_named_and_no_other() -> None:
    """15 ports are just enough, and bring 30 users; 5 more can be moved, of the 50 that a lacks."""
    base = access({"city_targets": "city,deadline\nall,2026"})
    pace = base["measures"]["measure"].map({"port": 15.0, "user": 5.0, "station": 5.0})
    slow = replace(base, tables={**base.tables, "measures": base["measures"].assign(pace_units_year=pace)})
    found = monte_carlo_dates.deadline_chances(slow, 2).set_index("city")
    assert found.loc["a", "binding"] == "user_500m_share 1"
    assert found.loc["a", "share"] == 0


def test_a_city_that_only_lacks_money_says_so() -> None:
    rows = "period,scope,limit_mcny\n2026,access,0.001\n2027,access,5"
    found = monte_carlo_dates.deadline_chances(access({"city_targets": "city,deadline\nall,2026", "budgets": rows}), 2)
    assert set(found["binding"]) == {"budgets 1"}


def test_cities_whose_residents_are_not_known_are_counted_alike() -> None:
    """Without stations nothing asks for residents; that b's are not known is no reason to build nothing there."""
    state = "city,population,pon_ports,pon10g_ports\na,,100,10\nb,20000,200,30\nc,,150,20"
    standard = "indicator,version,threshold\npon10g_port_share,s1,25"
    scenario = access({"city_state": state, "standard": standard, "city_targets": "city,deadline\nall,2026"})
    assert monte_carlo_dates.deadline_chances(scenario, 1)["share"].tolist() == [1.0, 1.0, 1.0]


def test_without_dates_there_is_nothing_to_draw() -> None:
    assert monte_carlo_dates.deadline_chances(access(), 3).empty


def test_what_decides_is_what_the_whole_scenario_decides() -> None:
    """The scenario without all that only costs: the same rows and columns."""
    scenario = access({"city_targets": "city,deadline\nall,2027", "budgets": "period,scope,limit_mcny\n2026,all,3"})
    whole, less = (
        flatten(assemble_access(one, budgets=True).model) for one in (scenario, single_city.access_only(scenario))
    )
    assert (whole.matrix != less.matrix).nnz == 0
    for name in ("row_lower", "row_upper", "lower", "upper"):
        assert np.array_equal(getattr(whole, name), getattr(less, name))


# --- more money ------------------------------------------------------------------------------------------------------


def test_more_money_is_that_of_a_plan_with_a_larger_budget() -> None:
    rows = "period,scope,limit_mcny\n2026,access,{}\n2027,access,0.2\n2026,investor:x,0.35\n2027,investor:x,0.35"
    poor, rich = (access({"budgets": rows.format(limit)}, objective="residents") for limit in (0.3, 0.5))
    found = budget_value.budget_values(poor, 0.2).set_index(["period", "budget"])
    assert found.loc[(2026, "access"), "resident_years"] == pytest.approx(plan(poor).objective - plan(rich).objective)
    assert set(found.index) == {(y, name) for y in (2026, 2027) for name in ("access", "investor:x")}


def test_without_budgets_more_money_buys_nothing_and_is_no_error() -> None:
    assert budget_value.budget_values(access(objective="residents")).empty
    assert budget_value.budget_values(access({"city_targets": "city,deadline\nall,2027"})).empty


def test_another_budget_is_not_forgotten_where_one_grows() -> None:
    """The investor of a and c has nothing; more money for access as a whole buys what it may build: b alone."""
    rows = "period,scope,limit_mcny\n2026,access,0\n2026,investor:x,0"
    found = budget_value.budget_values(access({"budgets": rows}, objective="residents"), 100.0).set_index(
        ["period", "budget"]
    )
    assert found.loc[(2026, "access"), "resident_years"] == 40_000.0
    assert found.loc[(2026, "investor:x"), "resident_years"] == 0.0


def one_by_one(scenario: Scenario, limits: tuple[float, ...]) -> float:
    """Most resident-years where a city may make each choice in part: a program of scipy over (city, choice), each with its
    own orders, paces and crews in proportion. Written for the three cities, which stay gigabit cities."""
    state = scenario["city_state"].set_index("city")
    crews = scenario["cities"].set_index("city")["crew_days_year"]
    measures = scenario["measures"].drop_duplicates("measure").set_index("measure")
    years, asked = range(len(limits)), {"pon10g_ports": ("pon_ports", 0.25), "users_500m": ("fixed_users", 0.25)}
    asked["g5_stations"] = ("population", 12.0012e-4)
    parts = [(c, first) for c in state.index for first in (*years, len(limits))]
    orders = [(c, first, m, y) for c, first in parts for m in measures.index for y in years]
    n, rows, sides = len(parts), [], []
    for y in years:
        rows.append([0.0] * n + [measures.loc[m, "capex_cny_per_unit"] * 1e-6 * (t == y) for *_, m, t in orders])
        sides.append(limits[y])
    for i, (c, first) in enumerate(parts):
        mine = np.array([order[:2] == (c, first) for order in orders], dtype=float)
        part = -np.eye(n)[i]
        for j in np.flatnonzero(mine):
            rows.append([*(part * measures.loc[orders[j][2], "pace_units_year"]), *np.eye(len(orders))[j]])
            sides.append(0.0)
        for y in years:
            work = [measures.loc[m, "crew_days_per_unit"] * (t == y) for *_, m, t in orders]
            rows.append([*(part * crews[c]), *(mine * work)])
            sides.append(0.0)
            for name, (whole, ratio) in asked.items() if y >= first else ():
                gain = [-measures.loc[m, f"{name}_per_unit"] * (t <= y) for *_, m, t in orders]
                rows.append([*(-part * (ratio * state.loc[c, whole] - state.loc[c, name])), *(mine * gain)])
                sides.append(0.0)
    worth = [-state.loc[c, "population"] * (len(limits) - first) for c, first in parts]
    one = [[float(c == city) for c, _ in parts] + [0.0] * len(orders) for city in state.index]
    found = optimize.linprog([*worth, *[0.0] * len(orders)], rows, sides, one, np.ones(len(one)))
    return -float(found.fun)


def test_of_many_cities_more_money_is_the_difference_of_two_mixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget_value, "MANY", 2)
    rows = "period,scope,limit_mcny\n2026,access,0.3\n2027,access,0.2"
    scenario = access({"budgets": rows}, objective="residents")
    found = budget_value.budget_values(scenario, 0.1).set_index("period")
    before = one_by_one(scenario, (0.3, 0.2))
    assert found.loc[2026, "resident_years"] == pytest.approx(one_by_one(scenario, (0.4, 0.2)) - before, rel=1e-5)
    assert found.loc[2027, "resident_years"] == pytest.approx(one_by_one(scenario, (0.3, 0.3)) - before, rel=1e-5)
    assert found["saved_mcny"].isna().all()
    assert before > brute_force(scenario, (0.3, 0.2))[0]


# --- good plans without a proof --------------------------------------------------------------------------------------


@pytest.mark.parametrize("limits", [(0.0, 0.0), (0.11, 0.0), (0.3, 0.2), (0.5, 0.3), (0.6, 0.6), (2.0, 2.0)])
def test_a_good_plan_of_three_cities_is_the_best_of_every_choice_tried(limits: tuple[float, float]) -> None:
    rows = f"period,scope,limit_mcny\n2026,access,{limits[0]}\n2027,access,{limits[1]}"
    scenario = access({"budgets": rows}, objective="residents")
    assembly = assemble_access(scenario, budgets=True)
    flat = flatten(assembly.model)
    wished = replace(flat, cost=outside_resident_years(assembly), constant=assembly.outside_constant)
    best, _ = brute_force(scenario, limits)
    people = np.array([10_000.0, 20_000.0, 15_000.0])
    for prices in (None, np.array([1e4, 1e5])):
        found = quick_plan.quick_plan(assembly, wished, prices)
        assert float((found.gigabit * people).sum()) == best
    alone_too, _ = brute_force(scenario, (9.0, 9.0))
    able = [[found.alone(city, range(y, 2)) for city in range(3)] for y in (0, 1)]
    assert float((np.array(able) * people).sum()) == alone_too


def test_a_draw_that_no_list_of_choices_holds_is_branched_on() -> None:
    """Six years, and users who fall behind in the last one: a city does not stay a gigabit city."""
    state = """
        city,period,population,pon_ports,pon10g_ports,fixed_users,users_500m,g5_stations
        a,,10000,100,10,1000,200,10
        b,,20000,200,30,2000,450,30
        c,,15000,150,20,1500,250,15
        b,2031,20000,200,30,2000,0,30
        """
    years = list(range(2026, 2032))
    rows = "\n".join(["period,scope,limit_mcny", *(f"{year},access,{0.4 if year == 2026 else 0}" for year in years)])
    dates = "city,deadline\nall,2027"
    scenario = access({"city_state": state, "budgets": rows, "city_targets": dates, "estimates": WIDE}, periods=years)
    assert monte_carlo_dates.deadline_chances(scenario, 2)["draws"].tolist() == [2, 2, 2]


def test_what_a_date_saves_is_the_difference_of_two_plans() -> None:
    """With one date given up at a time, planned whole; never more than the price at the margin."""
    dates = {"a": 2026, "b": 2027, "c": 2027}

    def dated(left_out: str) -> Scenario:
        rows = "".join(f"\n{city},{year}" for city, year in dates.items() if city != left_out)
        return access({"city_targets": "city,deadline" + rows})

    whole = plan(dated(""))
    saved = budget_value.deadline_savings(dated(""))
    assert saved == pytest.approx({city: whole.objective - plan(dated(city)).objective for city in dates}, abs=1e-9)
    prices = whole.prices.query("constraint == 'bound on gigabit'").groupby("item")["value"].sum()
    assert all(0.0 < saved[city] <= prices[city] + 1e-9 for city in dates)
