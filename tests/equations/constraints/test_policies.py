"""Rules and budgets: what they make a plan do, when they are in force, and to whom they apply."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.golden.small import small
from xisuan.certificate.certify_plan import certify
from xisuan.equations.build_model import assemble
from xisuan.errors import InfeasibleError, ScenarioError
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario

ONE: dict[str, object] = {"periods": [2026]}
TWO_SITES = {
    "sites": "site,hub,capex_factor\ns,,1\nt,h,2",
    "technologies": """
        technology,class,unit,mw_per_unit,fp32_per_unit,capex_mcny_per_unit,life_years
        g,general,rack,0.5,0.2,1,4
        """,
}
"""Racks cost twice as much at t, which is in hub h."""


def amounts(found: Plan, table: str = "builds", asset: str = "compute") -> dict[tuple[int, str], float]:
    frame = found.tables[table]
    frame = frame[frame["asset"] == asset]
    return {(int(row.period), str(row.where)): round(float(row.amount), 6) for row in frame.itertuples()}


def with_rules(rules: str, tables: dict[str, str] | None = None, **settings: object) -> Plan:
    return plan(small({**(tables or {}), "policies": "rule,scope,period,value,applies\n" + rules}, settings))


# --- when and to whom ---


def test_a_rule_holds_from_its_period_until_the_next_row() -> None:
    tables = {**TWO_SITES, "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2027,20\nr,w,2028,40"}
    rules = "hub_share_min,h,2027,0.4,all\nhub_share_min,h,2028,0,all"
    found = with_rules(rules, tables, periods=[2026, 2027, 2028])
    assert amounts(found) == {(2026, "s"): 10.0, (2027, "s"): 6.0, (2027, "t"): 4.0, (2028, "s"): 20.0}
    row = assemble(found.scenario).model.rows["hub_share_min"]
    assert row.lower[:, 0].tolist() == [-float("inf"), 0.0, 0.0]


def test_where_a_rule_is_not_in_force_its_row_has_no_price() -> None:
    found = with_rules("hub_share_min,h,2027,0.4,all", TWO_SITES)
    priced = found.prices[found.prices["constraint"] == "hub_share_min"]
    assert priced["period"].tolist() == [2027]
    assert priced["item"].tolist() == ["h/all"]


def test_new_binds_only_sites_where_nothing_stood() -> None:
    """A utilisation of 0.5: the old site's 30 racks for 10 units are exempt, a new site's would not be."""
    tables = {"fleet": "site,technology,units\ns,g,30"}
    with pytest.raises(InfeasibleError):
        with_rules("utilisation_min,all,,0.5,all", tables)
    assert with_rules("utilisation_min,all,,0.5,new", tables).status == "optimal"


def test_a_rule_for_new_sites_and_one_for_all_are_two_rules() -> None:
    rules = "water_cap_m3,all,,90000,all\nwater_cap_m3,all,2027,1000,new"
    found = with_rules(rules, {"sites": "site,water_l_per_kwh\ns,1", "fleet": "site,technology,units\ns,g,30"})
    assert assemble(found.scenario).model.rows["water_cap_m3"].labels == (("all", "all"), ("all", "new"))


# --- each rule ---


def test_occupancy_keeps_halls_from_being_built_ahead_of_equipment() -> None:
    """Halls stand in phases of 8 MW; 10 units take 5 MW, so 0.7 of the halls must hold 5.6 MW: 11.2 units."""
    tables = {"halls": "site,capex_mcny_per_mw,life_years,phase_mw\ns,20,20,8"}
    found = with_rules("occupancy_min,all,,0.7,all", tables, **ONE)
    assert amounts(found) == {(2026, "s"): 11.2}
    assert amounts(found, asset="hall") == {(2026, "s"): 8.0}


def test_occupancy_counts_only_sites_that_need_halls() -> None:
    tables = {
        "sites": "site\ns\nt",
        "halls": "site,existing_mw,life_years\ns,8,20",
        "limits": "site,technology,max_units\ns,g,8",
    }
    with pytest.raises(InfeasibleError):  # 8 units take 4 MW of 8, and t's do not count
        with_rules("occupancy_min,all,,0.7,all", tables, **ONE)


def test_utilisation_is_measured_class_by_class() -> None:
    """General runs 10 of 12.5 attained units (0.8); 20 old intelligent ones run 4 (0.2) and spoil only their class."""
    tables = {
        "technologies": """
            technology,class,unit,mw_per_unit,attainable_utilisation,capex_mcny_per_unit,life_years
            g,general,rack,0.5,0.8,1,4
            i,intelligent,box,2,1,5,4
            """,
        "workloads": "workload,class\nw,general\nv,intelligent",
        "demand": "region,workload,period,units\nr,w,2026,10\nr,v,2026,4",
        "fleet": "site,technology,units\ns,i,20",
    }
    assert with_rules("utilisation_min,all,,0.2,all", tables, **ONE).status == "optimal"
    with pytest.raises(InfeasibleError):
        with_rules("utilisation_min,all,,0.21,all", tables, **ONE)


def test_hub_share_is_of_what_is_built_in_the_period() -> None:
    found = with_rules("hub_share_min,all,,0.25,all", TWO_SITES)
    assert amounts(found) == {(2026, "s"): 7.5, (2026, "t"): 2.5, (2027, "s"): 1.5, (2027, "t"): 0.5}


def test_hub_share_is_not_met_by_orders_that_are_never_used() -> None:
    """An order of 2027 with a lead of a year would cost nothing, since no year of the horizon pays for it.

    2 racks must be built in 2027, a quarter of it in the hub, where only the late ones can be.
    """
    tables = {
        **TWO_SITES,
        "technologies": """
            technology,class,unit,mw_per_unit,fp32_per_unit,capex_mcny_per_unit,life_years,lead_years
            g,general,rack,0.5,0.2,1,4,
            late,general,rack,0.5,0.2,1,4,1
            """,
        "limits": """
            site,technology,period,max_units,max_build_units
            s,g,,,10
            t,g,,0,
            s,late,,0,
            t,late,,,0
            t,late,2027,,
            """,
    }
    with pytest.raises(InfeasibleError):
        with_rules("hub_share_min,all,2027,0.25,all", tables)


def test_intelligent_share_is_formed_at_fp32() -> None:
    """10 racks of 0.2 make 2 EFLOPS; 4 boxes of 0.6 make 2.4: 54.5 %. For 60 % they must make 3: 5 boxes."""
    tables = {
        "technologies": """
            technology,class,unit,mw_per_unit,fp32_per_unit,capex_mcny_per_unit,life_years
            g,general,rack,0.5,0.2,1,4
            i,intelligent,box,2,0.6,5,4
            """,
        "workloads": "workload,class\nw,general\nv,intelligent",
        "demand": "region,workload,period,units\nr,w,2026,10\nr,v,2026,4",
    }
    boxes = with_rules("intelligent_share_min,all,,0.6,all", tables, **ONE).builds.set_index("technology")["amount"]
    assert boxes.to_dict() == {"g": pytest.approx(10), "i": pytest.approx(5)}


POWERED = {
    "sites": "site,zone,pue\ns,z,1.2",
    "power": "zone,price,co2_kg_per_kwh,green_premium_cny_per_kwh\nz,0.5,0.6,0.03",
}
"""10 units take 5 MW, 6 with cooling: 52,560 MWh a year, 31,536 t."""


def test_green_share_is_bought_where_it_is_not_made() -> None:
    found = with_rules("green_share_min,all,,0.3,all", POWERED, **ONE)
    assert found.emissions["contract_mwh"].tolist() == pytest.approx([0.3 * 52_560])
    # market-based: 31,536 less 0.3 of it
    assert found.emissions["market_t"].tolist() == pytest.approx([0.7 * 31_536])


def test_losses_of_a_battery_are_not_green() -> None:
    """Sun of 12 MW in one of two hours, facility 6 MW: half of the 12 go through a battery that keeps 0.8² of them.

    6 MW run on sun in the first hour, 6 × 0.64 = 3.84 in the second: the grid gives 2.16 of 12, so 82 % is green. The
    losses are no consumption: a rule of 0.82 is met, and one of 0.83 asks for more sun.
    """
    tables = {
        **POWERED,
        "power": "zone,price\nz,0.01",
        "supply": """
            site,source,existing_mw,existing_mwh,efficiency,life_years,profile,capex_mcny_per_mw
            s,solar,12,,,20,sun,9
            s,battery,6,9,0.8,20,,
            """,
        "profile_rules": "profile,hours,value\nsun,,0\nsun,0,1",
    }
    met = with_rules("green_share_min,all,,0.82,all", tables, periods=[2026], hours="hours:2")
    assert "solar" not in set(met.builds["asset"])
    assert met.power["grid_mw"].tolist() == pytest.approx([0, 2.16])
    more = with_rules("green_share_min,all,,0.83,all", tables, periods=[2026], hours="hours:2")
    # grid 0.17 × 12 = 2.04, so 3.96 come from the battery: 3.96 / 0.64 = 6.1875 MW charged
    assert amounts(more, asset="solar") == {(2026, "s"): 0.1875}


def test_pue_is_weighted_by_energy() -> None:
    """Sites of 1.5 and 1.1; at most 1.2 over all: three units of four run at the better, dearer one."""
    tables = {"sites": "site,zone,pue,capex_factor\ns,z,1.5,1\nt,z,1.1,9", "power": "zone,price\nz,0"}
    assert amounts(with_rules("pue_max,all,,1.2,all", tables, **ONE)) == {(2026, "s"): 2.5, (2026, "t"): 7.5}


@pytest.mark.parametrize("hours", ["one", "hours:5"])
@pytest.mark.parametrize("pue", [1.1, 1.15, 1.17, 1.225, 1.3])
def test_a_pue_that_equals_its_limit_is_allowed(pue: float, hours: str) -> None:
    """Rounding in the yearly sums must not forbid the site: all ten units run at it, as the other is dearer."""
    tables = {"sites": f"site,zone,pue,capex_factor\ns,z,{pue},1\nt,z,1.05,9", "power": "zone,price\nz,0"}
    assert amounts(with_rules(f"pue_max,s,,{pue},all", tables, **ONE, hours=hours)) == {(2026, "s"): 10.0}


def test_a_carbon_cap_moves_work_to_cleaner_power() -> None:
    """0.6 and 0.1 t/MWh, 5 MW in all: 26,280 t at the dirty site; at most 17,520 leaves 3 MW there: 15,768 + 1,752."""
    tables = {
        "sites": "site,zone,capex_factor\ns,z,1\nt,y,9",
        "power": "zone,price,co2_kg_per_kwh\nz,0,0.6\ny,0,0.1",
    }
    assert amounts(with_rules("carbon_cap_t,all,,17520,all", tables, **ONE)) == {(2026, "s"): 6.0, (2026, "t"): 4.0}


def test_the_market_based_cap_is_met_by_contracts() -> None:
    found = with_rules("carbon_cap_market_t,all,,20000,all", POWERED, **ONE)
    assert found.emissions["location_t"].tolist() == pytest.approx([31_536])
    assert found.emissions["market_t"].tolist() == pytest.approx([20_000])


def test_water_is_counted_on_it_energy() -> None:
    """43,800 MWh of IT at 0.5 l/kWh are 21,900 m³; a cap of 15,330 leaves 0.7 of it at the thirsty site."""
    tables = {"sites": "site,water_l_per_kwh,capex_factor\ns,0.5,1\nt,0,9"}
    assert amounts(with_rules("water_cap_m3,s,,15330,all", tables, **ONE)) == {(2026, "s"): 7.0, (2026, "t"): 3.0}


def test_reserve_asks_for_more_equipment() -> None:
    """10 / (1 − 0.2)."""
    assert amounts(with_rules("site_reserve_min,s,,0.2,all", **ONE)) == {(2026, "s"): 12.5}


def test_the_links_own_rule_holds_before_that_for_all() -> None:
    """1 Gbps over each of two links: 2 Gbps at 0.5, 1.25 at 0.8."""
    tables = {
        "regions": "region\na\nb\nq",
        "demand": "region,workload,period,units\na,w,2026,10\nb,w,2026,10",
        "sites": "site,node\ns,q",
        "workloads": "workload,class,gbps_per_unit\nw,general,0.1",
        "links": """
            link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
            la,a,q,10,0,1,10
            lb,b,q,10,0,1,10
            """,
    }
    found = with_rules("link_load_max,all,,0.5,all\nlink_load_max,lb,,0.8,all", tables, **ONE)
    assert amounts(found, asset="link") == {(2026, "la"): 2.0, (2026, "lb"): 1.25}


# --- budgets ---


def budgeted(rows: str, **settings: object) -> Scenario:
    return small({**TWO_SITES, "budgets": "period,scope,limit_mcny\n" + rows}, settings)


def test_a_budget_holds_from_its_period_until_the_next_of_its_scope() -> None:
    """Racks cost 1: 12 are needed in 2027; 10 is the budget of 2026 and of 2027 too, then there is none."""
    assert amounts(plan(budgeted("2026,compute,10"))) == {(2026, "s"): 10.0, (2027, "s"): 2.0}
    with pytest.raises(InfeasibleError):
        plan(budgeted("2026,compute,9"))
    with pytest.raises(InfeasibleError):
        plan(budgeted("2027,all,1.5\n2026,compute,10"))


def test_a_budget_is_overnight_and_undiscounted() -> None:
    found = plan(budgeted("2026,all,10", discount_rate=0.5, base_year=2020))
    assert found.builds["capex_mcny"].tolist() == pytest.approx([10, 2])


def test_a_blank_budget_ends_one() -> None:
    scenario = small(
        {
            **TWO_SITES,
            "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2027,30",
            "budgets": "period,scope,limit_mcny\n2026,all,10\n2027,all,",
        }
    )
    assert amounts(plan(scenario)) == {(2026, "s"): 10.0, (2027, "s"): 20.0}


def test_an_order_counts_against_a_budget_with_the_share_that_the_investor_pays() -> None:
    """12 racks of 1 mCNY are needed, and Ridge, in whose name s is, may pay 2.5. It pays a quarter of s: 10 stand there,
    and 2 at t, where it pays nothing and racks cost 2."""
    shared = budgeted_by_payers("s,Ridge,0.25\ns,Hill,0.75\nt,Hill,1")
    found = plan(shared)
    assert amounts(found) == {(2026, "s"): 10.0, (2027, "t"): 2.0}
    assert found.cost_mcny == pytest.approx(10 / 4 * 2 + 2 * 2 / 4)
    assert certify(shared, found).ok
    # Without shares all of s is Ridge's: 2.5 racks.
    assert amounts(plan(budgeted_by_payers("")))[2026, "s"] == pytest.approx(2.5)


RESIDUAL = "s,Ridge,0.25,Hill\ns,Hill,0.75,\nt,Hill,1,"
ALONE = "s,Ridge,0.5,Hill\ns,Hill,0.5,\nt,Ridge,1,"


def test_a_residual_payer_pays_what_the_budget_of_another_cannot_carry() -> None:
    """10 racks at s in 2026: Ridge pays 1 of its 2.5, its budget, and Hill 7.5 and the other 1.5, its budget of 9.
    Of the 2 in 2027, when Ridge may pay nothing, Hill pays all. Nobody pays 2 a rack at t."""
    found = plan(with_residual_payer(RESIDUAL, hill=9.0))
    assert amounts(found) == {(2026, "s"): 10.0, (2027, "s"): 2.0}
    assert found.cost_mcny == pytest.approx(10 / 4 * 2 + 2 / 4)
    assert found.variables["taken_over"].values[:, 0].tolist() == pytest.approx([1.5, 0.5])
    certificate = certify(found.scenario, found)
    assert certificate.ok
    assert certificate.gap(found.objective) <= 1e-6
    less = replace(found.variables["taken_over"], values=np.array([[1.4], [0.5]]))
    assert not certify(found.scenario, replace(found, variables={**found.variables, "taken_over": less})).ok


def test_a_residual_payer_keeps_its_own_budget() -> None:
    """9.5 mCNY in all do not pay for 10 racks."""
    with pytest.raises(InfeasibleError, match="investor:"):
        plan(with_residual_payer(RESIDUAL, hill=8.5))


def test_no_more_is_taken_over_than_the_share_in_the_scope_that_names_the_residual_payer() -> None:
    """At s Hill takes over Ridge's half; at t Ridge pays alone, so that its budget of 2 pays for one rack there."""
    found = plan(with_residual_payer(ALONE, hill=11.0, ridge=(2, 4), racks=9))
    assert amounts(found) == {(2026, "s"): 9.0, (2026, "t"): 1.0, (2027, "t"): 2.0}
    assert found.variables["taken_over"].values[0, 0] == pytest.approx(4.5)
    with pytest.raises(InfeasibleError):
        plan(with_residual_payer(ALONE, hill=11.0, ridge=(2, 4), racks=8))


def with_residual_payer(shares: str, hill: float, ridge: tuple[float, float] = (1, 0), racks: float = 20) -> Scenario:
    """`budgeted_by_payers` with budgets of Hill in 2026 and of Ridge in both years; at most `racks` stand at s."""
    tables = {
        **TWO_SITES,
        "sites": "site,node,capex_factor,investor\ns,r,1,Ridge\nt,r,2,Hill",
        "limits": f"site,technology,max_units\ns,g,{racks}",
        "budgets": f"period,scope,limit_mcny\n2026,investor:Ridge,{ridge[0]}\n2027,investor:Ridge,{ridge[1]}"
        f"\n2026,investor:Hill,{hill}",
        "payers": "scope,investor,share,residual_payer\n" + shares,
    }
    return small(tables)


def budgeted_by_payers(shares: str) -> Scenario:
    """Two sites in one node, the racks of t twice as dear; Ridge may pay 2.5 in all, and nothing from 2027 on."""
    tables = {
        **TWO_SITES,
        "sites": "site,node,capex_factor,investor\ns,r,1,Ridge\nt,r,2,Hill",
        "budgets": "period,scope,limit_mcny\n2026,investor:Ridge,2.5\n2027,investor:Ridge,0",
    }
    return small(tables | ({"payers": "scope,investor,share\n" + shares} if shares else {}))


def test_the_budget_of_a_hub_leaves_other_sites_alone() -> None:
    tables = {
        **TWO_SITES,
        "sites": "site,hub,capex_factor\ns,,2\nt,h,1",
        "budgets": "period,scope,limit_mcny\n2026,h,4",
    }
    assert amounts(plan(small(tables, ONE))) == {(2026, "s"): 6.0, (2026, "t"): 4.0}


@pytest.mark.parametrize("scope", ["all", "s"])
@pytest.mark.parametrize("applies", ["all", "new"])
def test_a_green_share_of_0_asks_for_nothing(scope: str, applies: str) -> None:
    """A battery that buys cheap hours for dear ones loses a third of them; the plan is that without the rule."""
    tables = {
        **POWERED,
        "power": "zone,price,demand_charge_cny_per_kw_month\nz,tariff,0",
        "supply": "site,source,capex_mcny_per_mw,capex_mcny_per_mwh,life_years,efficiency\ns,battery,0.001,0.002,10,0.8",
        "profile_rules": "profile,hours,value\ntariff,,5\ntariff,0,0.1",
    }
    settings = {"periods": [2026], "hours": "hours:2"}
    without = plan(small(tables, settings))
    with_it = with_rules(f"green_share_min,{scope},,0,{applies}", tables, **settings)
    losses = float(without.power["grid_mw"].sum() - without.power["facility_mw"].sum())
    assert losses > 1.0
    assert with_it.objective == pytest.approx(without.objective, rel=1e-9)
    assert certify(with_it.scenario, with_it).ok
    assert certify(with_it.scenario, with_it).gap(with_it.objective) <= 1e-6
    assert not (with_it.prices["constraint"] == "green_share_min").any()


# --- clean power hour by hour ---

SUN_OF_ONE_HOUR = "profile,hours,value\nsun,,0\nsun,0,1"


def test_clean_power_of_one_hour_does_not_count_in_another() -> None:
    """12 MW of sun in one of two hours are 67 % of the energy of a facility of 6 MW, and nothing in the other hour.

    A yearly share of 0.5 is met as it stands. An hourly one of 0.5 asks the battery for 3 MW in the dark hour: it takes
    3 / 0.8² = 4.6875 MW of the sun that would be curtailed, and stores 3.75 MWh.
    """
    tables = {
        **POWERED,
        "power": "zone,price\nz,0.01",
        "supply": """
            site,source,existing_mw,existing_mwh,efficiency,life_years,profile,capex_mcny_per_mw,capex_mcny_per_mwh
            s,solar,12,,,20,sun,9,
            s,battery,,,0.8,20,,1,1
            """,
        "profile_rules": SUN_OF_ONE_HOUR,
    }
    settings: dict[str, object] = {"periods": [2026], "hours": "hours:2"}
    yearly = with_rules("green_share_min,all,,0.5,all", tables, **settings)
    assert yearly.builds["asset"].tolist() == ["compute"]
    hourly = with_rules("clean_share_hourly_min,all,,0.5,all", tables, **settings)
    assert hourly.power["grid_mw"].tolist() == pytest.approx([0, 3])
    assert amounts(hourly, asset="battery") == {(2026, "s"): 4.6875}
    assert certify(hourly.scenario, hourly).ok


def test_the_clean_part_of_the_grid_counts_in_its_hour() -> None:
    """Grid power that is clean to 0.75 and 0.25: 0.5 is met in the first hour, and in the second by 1/3 of own power.

    0.75 × grid ≤ 0.5 × 6 leaves 4 MW of grid power; the other 2 come from wind.
    """
    tables = {
        **POWERED,
        "power": "zone,price,clean_share\nz,0.01,mix",
        "supply": "site,source,life_years,capex_mcny_per_mw\ns,wind,20,9",
        "profile_rules": "profile,hours,value\nmix,,0.25\nmix,0,0.75",
    }
    found = with_rules("clean_share_hourly_min,all,,0.5,all", tables, periods=[2026], hours="hours:2")
    assert amounts(found, asset="wind") == {(2026, "s"): 2.0}
    assert certify(found.scenario, found).ok


MONTHS = {
    **POWERED,
    "power": "zone,price\nz,0.01",
    "supply": "site,source,life_years,profile,capex_mcny_per_mw\ns,wind,20,windy,9",
    "profile_rules": "profile,hours,value\nwindy,,1\nwindy,0,0.25",
    "blocks": "block,first_hour,hours,weight\njanuary,0,2,1460\nfebruary,744,2,2920",
}
"""Hours 0 and 1 of January with 0.25 and 1 of the wind, and hours 0 and 1 of February likewise; 6 MW of facility power."""


@pytest.mark.parametrize(("rule", "wind"), [("clean_share_monthly_min", 2.4), ("clean_share_hourly_min", 6.0)])
def test_a_share_by_the_month_counts_the_surplus_of_its_hours(rule: str, wind: float) -> None:
    """By the month (0.25 + 1) × wind = 0.25 × 2 × 6 MW; by the hour 0.25 × wind = 0.25 × 6 MW in hour 0."""
    found = with_rules(f"{rule},all,,0.25,all", MONTHS, periods=[2026])
    assert amounts(found, asset="wind") == {(2026, "s"): pytest.approx(wind)}
    assert certify(found.scenario, found).ok


@pytest.mark.parametrize("rule", ["clean_share_monthly_min", "clean_share_hourly_min"])
def test_the_scope_of_a_clean_share_may_be_an_investor(rule: str) -> None:
    """Half of the 3 MW at s, the site of I, must be clean; t, of J, draws what it likes."""
    tables = {
        **POWERED,
        "sites": "site,zone,pue,it_limit_mw,investor\ns,z,1.2,2.5,I\nt,z,1.2,2.5,J",
        "power": "zone,price\nz,0.01",
        "supply": "site,source,life_years,capex_mcny_per_mw\ns,wind,20,9\nt,wind,20,9",
    }
    found = with_rules(f"{rule},investor:I,,0.5,all", tables, periods=[2026], hours="hours:2")
    assert amounts(found, asset="wind") == {(2026, "s"): pytest.approx(1.5)}
    assert certify(found.scenario, found).ok
    with pytest.raises(ScenarioError, match="scope"):
        with_rules("green_share_min,investor:I,,0.5,all", tables, periods=[2026])


def test_the_surplus_of_one_month_does_not_count_in_another() -> None:
    """No wind in February: 0.25 × 2 × 6 MW in each month cannot be reached there, though January has plenty."""
    tables = MONTHS | {"profile_rules": "profile,months,value\nwindy,,1\nwindy,2,0"}
    assert with_rules("green_share_min,all,,0.25,all", tables, periods=[2026]).status == "optimal"
    with pytest.raises(InfeasibleError):
        with_rules("clean_share_monthly_min,all,,0.25,all", tables, periods=[2026])


def test_a_battery_does_not_make_grid_power_clean() -> None:
    """Of two sites of 3 MW one has wind for all it takes, the other a battery and power at 0.1, then 0.9.

    All together 0.4 must be clean, and 0.5 is. Without a rule for each site the battery would buy grid power in the cheap
    hour, within the 0.1 that is left over, and count as clean in the dear one.
    """
    tables = {
        "sites": "site,zone,pue,it_limit_mw\ns,z,1.2,2.5\nt,y,1.2,2.5",
        "power": "zone,price\nz,dear\ny,9",
        "supply": """
            site,source,existing_mw,existing_mwh,life_years
            s,battery,2,9,20
            t,wind,3,,20
            """,
        "profile_rules": "profile,hours,value\ndear,,0.9\ndear,0,0.1",
    }
    settings: dict[str, object] = {"periods": [2026], "hours": "hours:2"}
    free = with_rules("occupancy_min,all,,0,all", tables, **settings)
    cheap, dear = free.power.loc[free.power["site"] == "s", "grid_mw"]
    assert (cheap, dear) == pytest.approx((6, 0))
    found = with_rules("clean_share_hourly_min,all,,0.4,all", tables, **settings)
    assert found.power.loc[found.power["site"] == "s", "grid_mw"].tolist() == pytest.approx([3, 3])
    assert certify(found.scenario, found).ok


def test_a_clean_share_of_0_leaves_batteries_as_they_are() -> None:
    settings: dict[str, object] = {"periods": [2026], "hours": "hours:2"}
    tables = {**POWERED, "supply": "site,source,existing_mw,existing_mwh,life_years\ns,battery,2,9,20"}
    model = assemble(with_rules("clean_share_hourly_min,all,,0,all", tables, **settings).scenario).model
    assert "charge_is_clean" not in model.rows or not model.rows["charge_is_clean"].labels


BY_HOUR = {
    "sites": "site,zone,pue\ns,z,1.2",
    "power": "zone,price,co2_kg_per_kwh,green_premium_cny_per_kwh,green_profile\nz,0.5,0.6,0.03,wind",
    "profile_rules": "profile,hours,value\nwind,,0.5\nwind,0,1",
}
"""6 MW of facility power in two hours, and a contract for wind that gives all of its capacity, then half."""


def test_a_contract_by_the_hour_is_paid_as_delivered_and_counts_as_drawn() -> None:
    # 80 % of 6 MW are 4.8 MW, for which the hour of half the output needs 9.6 MW of wind. They deliver
    # 9.6 × (1 + 0.5) × 4,380 = 63,072 MWh at 30 CNY, of which 6 + 4.8 MW are drawn: 47,304 MWh.
    found = with_rules("clean_share_hourly_min,all,,0.8,all", BY_HOUR, periods=[2026], hours="hours:2")
    paid = found.costs.set_index("term").loc["green_premium", "mcny"]
    assert paid == pytest.approx(63_072 * 30 / 1e6)
    assert found.emissions.loc[0, ["contract_paid_mwh", "contract_mwh"]].tolist() == pytest.approx([63_072, 47_304])
    assert found.power["contract_mw"].tolist() == pytest.approx([6.0, 4.8])
    # Market-based: what is drawn from the contract has none of the 0.6 t per MWh of the grid.
    assert found.emissions.loc[0, "market_t"] == pytest.approx((52_560 - 47_304) * 0.6)


def test_a_month_and_a_year_count_what_a_contract_delivers_and_the_site_draws() -> None:
    # Up to 6 MW the contract is drawn as delivered, so that 80 % of 52,560 MWh would ask for 42,048 / 6,570 = 6.4 MW;
    # beyond 6 MW only the second hour gains: 4,380 × 6 + 2,190 × c = 42,048, so c = 7.2.
    for rule in ("clean_share_monthly_min", "green_share_min"):
        found = with_rules(f"{rule},all,,0.8,all", BY_HOUR, periods=[2026], hours="hours:2")
        assert found.variables["contract_power"].values.item() == pytest.approx(7.2, rel=1e-6), rule


def test_a_battery_within_a_clean_share_may_store_what_a_contract_delivers() -> None:
    # In the second hour nothing blows. A battery of free energy and power charges c − 6 and gives 6 MW of it back.
    tables = BY_HOUR | {
        "profile_rules": "profile,hours,value\nwind,,0\nwind,0,1",
        "supply": "site,source,life_years,profile\ns,battery,4,",
    }
    found = with_rules("clean_share_hourly_min,all,,1,all", tables, periods=[2026], hours="hours:2")
    assert found.power["contract_mw"].tolist() == pytest.approx([12.0, 0.0], abs=1e-6)
