"""Gigabit cities: the right ones, in the right year, at the right cost; laws that hold for any; why dates are missed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnomon.highs import solver_sequence
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from tests.access_cases import access, brute_force
from tests.scenarios import frame
from xisuan.certificate.certify_plan import certify
from xisuan.dispatch.economic_dispatch import operate
from xisuan.equations.build_model import assemble
from xisuan.errors import InfeasibleError
from xisuan.planning.access import dantzig_wolfe, pricing
from xisuan.planning.alternatives import alternatives
from xisuan.planning.expansion import plan
from xisuan.planning.objectives import outside_resident_years
from xisuan.results.plan import CAPEX_TERMS, Plan

EVERYBODY = 2 * 45_000.0
TARGETS = "city,deadline\na,2026\nb,2027"


def budgets(*limits: float) -> dict[str, str]:
    rows = [f"{2026 + y},access,{limit}" for y, limit in enumerate(limits)]
    return {"budgets": "\n".join(["period,scope,limit_mcny", *rows])}


def reached(found: Plan) -> float:
    return EVERYBODY - found.objective


def test_the_least_cost_of_two_dates_by_hand() -> None:
    """a by 2026: 15 ports bring 30 users, 20 more are moved, 2.0012 stations. b by 2027: 20 ports bring 40 users, 10 more.

    b has 15 stations for 10,000 already. Ports and users cost their annuity, 1/8 in each year alive, stations 1/10; b's
    orders of 2027 pay one year.
    """
    found = plan(access({"city_targets": TARGETS}))
    a = (15 * 0.005 / 8 + 20 * 0.0004 / 8 + 2.0012 * 0.18 / 10) * 2
    b = 20 * 0.005 / 8 + 10 * 0.0004 / 8
    assert found.objective == pytest.approx(a + b, rel=1e-9)
    assert found.effort.integers == 0
    gigabit = found.gigabit.set_index(["city", "period"])
    assert gigabit["gigabit"].to_dict() == {
        ("a", 2026): True, ("a", 2027): True, ("b", 2026): False, ("b", 2027): True, ("c", 2026): False, ("c", 2027): False,
    }  # fmt: skip
    assert set(gigabit.loc[("c", 2027), "binding"].split(";")) == {
        "pon10g_port_share",
        "user_500m_share",
        "g5_bs_per_10k",
    }
    assert certify(found.scenario, found).ok
    assert certify(found.scenario, found).lower_bound == pytest.approx(found.objective, rel=1e-6)


@pytest.mark.parametrize("limits", [(0.0, 0.0), (0.11, 0.0), (0.3, 0.2), (0.5, 0.3), (0.6, 0.6), (2.0, 2.0)])
def test_most_residents_are_those_of_every_choice_tried(limits: tuple[float, float]) -> None:
    scenario = access(budgets(*limits), objective="residents")
    found = plan(scenario)
    best, _ = brute_force(scenario, limits)
    assert reached(found) == best
    assert found.lower_bound == pytest.approx(found.objective)
    assert found.gigabit.query("gigabit")["residents"].sum() >= best
    checked = certify(scenario, found)
    assert checked.ok, checked.findings
    assert checked.lower_bound <= found.objective + 1e-6


@pytest.mark.parametrize("limits", [(0.11, 0.0), (0.3, 0.2), (0.5, 0.3)])
def test_the_decomposition_proves_what_branch_and_bound_finds(limits: tuple[float, float]) -> None:
    assembly = assemble(access(budgets(*limits), objective="residents"))
    flat = flatten(assembly.model)
    wished = replace(flat, cost=outside_resident_years(assembly), constant=assembly.outside_constant)
    exact = solver_sequence.solve(wished, Options(gap=1e-9))
    found = dantzig_wolfe.most_residents(assembly, wished, Options(gap=1e-6))
    assert found.objective == pytest.approx(exact.objective, abs=1e-3)
    assert found.bound == pytest.approx(exact.objective, abs=1e-3)
    assert pricing.is_permanent(assembly)


@pytest.mark.parametrize(
    ("targets", "limits", "words"),
    [
        ("city,indicator,deadline,value\nall,pon10g_port_share,2027,95", (1.0, 1.0), "a cannot reach 95 % 10G-PON"),
        ("city,deadline\nall,2027", (0.05, 0.05), r"budgets, 202\d/access"),
    ],
)
def test_most_residents_beyond_reach_is_said_in_words(targets: str, limits: tuple[float, float], words: str) -> None:
    with pytest.raises(InfeasibleError, match=words):
        plan(access({"city_targets": targets, **budgets(*limits)}, objective="residents"))


def test_a_falling_city_does_not_stay_a_gigabit_city() -> None:
    """A measure of one year's life is gone in the next; a city that has it may be a gigabit city in the first alone."""
    short = access()["measures"].assign(life_years=1.0)
    scenario = access(objective="residents")
    assert not pricing.is_permanent(assemble(replace(scenario, tables={**scenario.tables, "measures": short})))


def test_a_city_named_already_costs_nothing() -> None:
    state = """
        city,population,pon_ports,pon10g_ports,fixed_users,users_500m,g5_stations,named_under
        a,10000,100,10,1000,200,10,s1
        b,20000,,,,,,s1
        c,15000,150,20,1500,250,15,s1
        """
    found = plan(access({"city_state": state, "city_targets": "city,deadline\nall,2026"}))
    assert found.objective == 0.0
    assert found.gigabit["gigabit"].all()
    assert found.rollout.empty


def test_a_city_that_reaches_everything_costs_nothing() -> None:
    state = """
        city,population,pon_ports,pon10g_ports,fixed_users,users_500m,g5_stations
        a,10000,100,25,1000,250,13
        b,20000,200,200,2000,2000,60
        c,15000,150,40,1500,400,20
        """
    found = plan(access({"city_state": state, "city_targets": "city,deadline\nall,2026"}))
    assert found.objective == 0.0
    assert found.gigabit["gigabit"].all()


def test_above_is_more_than_at_least() -> None:
    """12 stations for 10,000 are not above 12."""
    state = "city,population,g5_stations\na,10000,12\nb,10000,12.01\nc,10000,11"
    standard = "indicator,version,threshold,op\ng5_bs_per_10k,s1,12,>"
    found = plan(access({"city_state": state, "standard": standard}))
    assert found.gigabit.query("period == 2026")["gigabit"].tolist() == [False, True, False]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.floats(0.0, 0.6), st.floats(0.0, 0.6), st.floats(0.0, 0.3))
def test_more_budget_never_reaches_fewer_residents(first: float, second: float, more: float) -> None:
    less = plan(access(budgets(round(first, 6), round(second, 6)), objective="residents"))
    richer = plan(access(budgets(round(first + more, 6), round(second + more, 6)), objective="residents"))
    assert richer.objective <= less.objective + 1e-6


TIGHT = {"city_targets": TARGETS, **budgets(0.7, 0.4)}


@cache
def before() -> float:
    """What it costs before a limit is relaxed."""
    return plan(access(TIGHT)).objective


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["crews", "pace", "budget", "threshold", "deadline"]), st.floats(1.0, 2.0))
def test_relaxing_a_limit_never_costs_more(what: str, by: float) -> None:
    tight = access(TIGHT)
    tables = {
        "crews": ("cities", "crew_days_year", by),
        "pace": ("measures", "pace_units_year", by),
        "budget": ("budgets", "limit_mcny", by),
        "threshold": ("standard", "threshold", 1 / by),
        "deadline": ("city_targets", "deadline", (2026 + round(by)) / 2026),
    }
    table, column, factor = tables[what]
    loose = replace(
        tight, tables={**tight.tables, table: tight[table].assign(**{column: tight[table][column] * factor})}
    )
    assert plan(loose).objective <= before() * (1 + 1e-9)


def test_operating_a_plan_costs_what_is_left_of_it() -> None:
    measures = access()["measures"].assign(opex_cny_per_unit_year=100.0, power_kw_per_unit=3.5)
    power = frame("zone,price,co2_kg_per_kwh\nz,0.6,0.5")
    base = access({"city_targets": TARGETS, "power": "zone,price,co2_kg_per_kwh\nz,0.6,0.5"})
    zoned = base["cities"].assign(zone="z")
    scenario = replace(base, tables={**base.tables, "measures": measures, "cities": zoned})
    found = plan(scenario)
    invested = found.costs.loc[found.costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
    assert operate(scenario, found).cost_mcny > 0
    assert invested + operate(scenario, found).cost_mcny == pytest.approx(found.cost_mcny, rel=1e-9)
    mwh = found.access_totals["grid_mwh"]
    units = found.rollout.groupby("period")["amount"].sum().cumsum()
    assert mwh.groupby(found.access_totals["period"]).sum().to_list() == pytest.approx((units * 3.5 * 8.76).to_list())
    assert found.access_totals["location_t"].to_numpy() == pytest.approx(mwh.to_numpy() * 0.5)
    energy = found.costs.query("term == 'access_energy'")["mcny"].sum()
    assert energy == pytest.approx(mwh.sum() * float(power["price"].iloc[0]) * 1e-3)
    assert certify(scenario, found).ok


def test_budgets_are_shared_with_whoever_pays() -> None:
    """What `all`, `access` and an investor's budget leave: x pays for a and c, y for b."""
    free = plan(access({"city_targets": TARGETS}))
    spent = free.rollout.groupby("investor")["capex_mcny"].sum()
    assert spent.index.tolist() == ["x", "y"]
    enough = float(spent["x"]) * (1 + 1e-6)
    for scope in ("all", "access", "investor:x"):
        limits = {scope: enough if scope == "investor:x" else float(spent.sum()) * (1 + 1e-6)}
        rows = [f"{year},{name},{limit}" for name, limit in limits.items() for year in (2026, 2027)]
        plan(access({"city_targets": TARGETS, "budgets": "\n".join(["period,scope,limit_mcny", *rows])}))
    short = f"period,scope,limit_mcny\n2026,investor:x,{enough * 0.9}"
    with pytest.raises(InfeasibleError, match=r"budgets, 2026/investor:x"):
        plan(access({"city_targets": TARGETS, "budgets": short}))


def test_the_price_of_a_shared_budget_is_visible() -> None:
    """b may be built in either year; a budget that forces a part of it into 2026, two years' annuity, has a price."""
    free = plan(access({"city_targets": TARGETS}))
    late = float(free.rollout.query("period == 2027")["capex_mcny"].sum())
    rows = f"period,scope,limit_mcny\n2026,all,9\n2027,all,{late * 0.9}"
    found = plan(access({"city_targets": TARGETS, "budgets": rows}))
    price = found.prices.query("constraint == 'budget' and period == 2027")["value"].iloc[0]
    assert price == pytest.approx(-1 / 8, rel=1e-6)


def test_a_floor_under_one_indicator_is_kept_in_every_city() -> None:
    found = plan(access({"city_targets": "city,indicator,deadline,value\nall,pon10g_port_share,2027,20"}))
    last = found.gigabit.query("period == 2027")["pon10g_port_share"]
    assert last.min() == pytest.approx(20)
    assert certify(found.scenario, found).ok


def test_fibre_and_backhaul_share_a_duct() -> None:
    """10 km of fibre and 4 km of backhaul: 14 km apart, 11.6 km where 60 % of the shorter lies in the longer one's duct."""

    def laid(shared: float) -> float:
        cities = f"city,route_capex_mcny_per_km,route_shared\na,0.1,{shared}\nb,,\nc,,"
        measures = """
            measure,kind,capex_cny_per_unit,life_years,pace_units_year,route_km_per_unit,pon10g_ports_per_unit,g5_stations_per_unit
            port,fixed,1,8,100,0.666666666667,1,
            station,radio,1,8,100,2,,1
            """
        standard = "indicator,version,threshold,op\npon10g_port_share,s1,25,>=\ng5_bs_per_10k,s1,12,>="
        tables = {"cities": cities, "measures": measures, "standard": standard}
        found = plan(access({**tables, "city_targets": "city,deadline\na,2026"}))
        assert certify(found.scenario, found).ok
        return float(found.access_totals["lay_km"].sum())

    assert laid(0.0) == pytest.approx(14)
    assert laid(0.6) == pytest.approx(10 + 0.4 * 4)
    assert laid(1.0) == pytest.approx(10)


def test_alternatives_know_what_is_deployed() -> None:
    found = alternatives(plan(access({"city_targets": TARGETS})), 0.05)
    row = found.set_index(["where", "technology"]).loc[("a", "station")]
    assert row["unit"] == "stations"
    assert row["least"] <= row["planned"] <= row["most"]
    assert row["verdict"] == "robust"


def test_without_cities_nothing_of_it_is_there() -> None:
    from tests.scenarios import five

    found = plan(five(hours="hours:2"))
    assert not {"gigabit", "rollout", "access_totals"} & set(found.tables)
    assert not {"deploy", "deployed", "counted", "gigabit", "lay"} & set(found.variables)
    assert np.isfinite(found.objective)
