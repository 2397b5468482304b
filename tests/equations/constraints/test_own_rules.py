"""Own rules: each policy that can be said as one gives the same plan and the same price; and what each part does."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.golden.small import small
from xisuan.certificate.certify_plan import certify
from xisuan.certificate.certify_schedule import certify_schedule
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.variable_bounds import Bounds
from xisuan.dispatch.economic_dispatch import operate
from xisuan.equations.constraints.own_rules import left_sides
from xisuan.errors import InfeasibleError, ScenarioError
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.schema.own_rule_tables import REFUSED
from xisuan.scenario.schema.policy_tables import POLICY_RULES, REPORTED_RULES

ONE: dict[str, object] = {"periods": [2026]}
HOURS: dict[str, object] = {"periods": [2026], "hours": "hours:2"}
TWO_KINDS = {
    "technologies": """
        technology,class,unit,precision,eflops_per_unit,mw_per_unit,fp32_per_unit,capex_mcny_per_unit,life_years
        g,general,rack,FP32,,0.5,0.2,1,4
        i,intelligent,box,FP16,0.5,2,0.6,5,4
        """,
    "workloads": "workload,class\nw,general\nv,intelligent",
    "demand": "region,workload,period,units\nr,w,2026,10\nr,v,2026,4",
}
TWO_SITES = {
    "sites": "site,hub,capex_factor\ns,,1\nt,h,2",
    "technologies": """
        technology,class,unit,mw_per_unit,fp32_per_unit,capex_mcny_per_unit,life_years
        g,general,rack,0.5,0.2,1,4
        """,
}
POWERED = {
    "sites": "site,zone,pue\ns,z,1.2",
    "power": "zone,price,co2_kg_per_kwh,green_premium_cny_per_kwh\nz,0.5,0.6,0.03",
}
CLEANER = {
    "sites": "site,zone,pue,capex_factor,water_l_per_kwh\ns,z,1.5,1,2\nt,y,1.1,9,0.5",
    "power": "zone,price,co2_kg_per_kwh\nz,0.1,dirty\ny,0.1,0.1",
    "profile_rules": "profile,hours,value\ndirty,,0.6\ndirty,0,0.8",
}
SUNNY = {
    **POWERED,
    "power": "zone,price,clean_share\nz,0.01,mix",
    "supply": """
        site,source,existing_mw,existing_mwh,efficiency,life_years,profile,capex_mcny_per_mw,capex_mcny_per_mwh
        s,solar,12,,,20,sun,9,
        s,battery,,,0.8,20,,1,1
        """,
    "profile_rules": "profile,hours,value\nsun,,0\nsun,0,1\nmix,,0.25\nmix,0,0.5\nrest,,0.75\nrest,0,0.5",
}


@dataclass(frozen=True)
class Restated:
    """A policy, and own rules that say the same: rows of `rules` and `rule_terms`."""

    policy: str
    rules: str
    terms: str
    tables: dict[str, str]
    settings: dict[str, object] = field(default_factory=lambda: ONE)


RESTATED = {
    "occupancy_min": Restated(
        "occupancy_min,all,0.7",
        "own,>=,0,period,MW",
        "own,1,installed,0.5,,,g\nown,2,hall,-0.7,,,",
        {"halls": "site,capex_mcny_per_mw,life_years,phase_mw\ns,20,20,", "limits": "site,technology,max_units\ns,g,99"}
        | {"halls": "site,existing_mw,life_years\ns,8,20"},
    ),
    "utilisation_min": Restated(
        "utilisation_min,all,0.9",
        "own,>=,0,period,unit-hours",
        "own,1,load,,,,g\nown,2,installed,-7884,,,g",
        {
            "profile_rules": "profile,hours,value\nday,,1\nday,0,1.5",
            "demand": "region,workload,period,units,profile\nr,w,2026,10,day",
            "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,1",
        },
        HOURS,
    ),
    "hub_share_min": Restated(
        "hub_share_min,h,0.25",
        "own,>=,0,period,EFLOPS",
        "own,1,build,0.2,,t,g\nown,2,build,-0.05,,,g",
        TWO_SITES,
    ),
    "intelligent_share_min": Restated(
        "intelligent_share_min,all,0.6",
        "own,>=,0,period,EFLOPS",
        "own,1,installed,0.24,,,i\nown,2,installed,-0.12,,,g",
        TWO_KINDS,
    ),
    "green_share_min": Restated(
        "green_share_min,all,0.3",
        "own,<=,0,period,MWh",
        "own,1,grid,,,,\nown,2,contract,-1,,,\nown,3,it,-0.84,,,",
        POWERED,
    ),
    "clean_share_hourly_min": Restated(
        "clean_share_hourly_min,all,0.6",
        "own,<=,0,hour,MW\ncharge,<=,0,hour,MW",
        "own,1,grid,1,rest,,\nown,2,it,-0.48,,,\n"
        "charge,1,charge,,,,\ncharge,2,generation,-1,,,\ncharge,3,grid,-1,mix,,",
        SUNNY,
        HOURS,
    ),
    "clean_share_monthly_min": Restated(
        "clean_share_monthly_min,all,0.75",
        "own,<=,0,period,MWh\ncharge,<=,0,hour,MW",
        "own,1,grid,1,rest,,\nown,2,it,-0.3,,,\n"
        "charge,1,charge,,,,\ncharge,2,generation,-1,,,\ncharge,3,grid,-1,mix,,",
        SUNNY,
        HOURS,
    ),
    "pue_max": Restated(
        "pue_max,all,1.2",
        "own,<=,0,period,MWh",
        "own,1,it,1.5,,s,\nown,2,it,1.1,,t,\nown,3,it,-1.2,,,",
        CLEANER,
    ),
    "carbon_cap_t": Restated(
        "carbon_cap_t,all,20000",
        "own,<=,20000,period,t",
        "own,1,grid,1,dirty,s,\nown,2,grid,0.1,,t,",
        CLEANER,
        HOURS,
    ),
    "carbon_cap_market_t": Restated(
        "carbon_cap_market_t,all,20000",
        "own,<=,20000,period,t",
        "own,1,grid,0.6,,,\nown,2,contract,-0.6,,,",
        POWERED,
    ),
    "water_cap_m3": Restated(
        "water_cap_m3,all,50000",
        "own,<=,50000,period,m³",
        "own,1,it,2,,s,\nown,2,it,0.5,,t,",
        CLEANER,
    ),
    "reach_eflops_fp16": Restated(
        "reach_eflops_fp16,all,3", "own,>=,3,period,EFLOPS", "own,1,installed,0.5,,,i", TWO_KINDS
    ),
    "reach_racks": Restated(
        "reach_racks,all,4000",
        "own,>=,10,period,MW",
        "own,1,hall,,,,",
        {"halls": "site,capex_mcny_per_mw,life_years\ns,20,20"},
    ),
    "reach_investment_mcny": Restated(
        "reach_investment_mcny,all,150",
        "own,>=,150,period,mCNY",
        "own,1,build_hall,20,,,\nown,2,build,1,,,g",
        {"halls": "site,capex_mcny_per_mw,life_years\ns,20,20"},
    ),
    "site_reserve_min": Restated(
        "site_reserve_min,all,0.2",
        "own,<=,0,hour,rack",
        "own,1,load,,,,g\nown,2,installed,-0.8,,,g",
        {},
    ),
    "link_load_max": Restated(
        "link_load_max,all,0.6",
        "own,<=,0,hour,Gbps",
        "own,1,serve,2,,t,\nown,2,capacity,-0.6,,,",
        {
            "regions": "region\nr\nq",
            "sites": "site,node\ns,r\nt,q",
            "workloads": "workload,class,gbps_per_unit,latency_ms\nw,general,2,10",
            "links": "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years\nl,r,q,100,0,0.1,4",
            "limits": "site,technology,max_units\ns,g,4",
        },
    ),
    "budget": Restated(
        "", "own,<=,12,period,mCNY", "own,1,build,1,,s,g\nown,2,build,3,,t,g",
        {
            **TWO_SITES,
            "sites": "site,hub,capex_factor\ns,,1\nt,h,3",
            "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,1",
            "limits": "site,technology,max_units\ns,g,6",
        },
    ),
}  # fmt: skip
"""Every policy that is a row over variables that own rules may name, and a budget. A usable share of capacity is a factor
of another row: with the rule, that row has its price."""
NOT_ROWS = {
    "carbon_price_cny_per_t": "a price in the objective",
    "reach_gigabit_cities": "a sum of whole numbers of gigabit access, which own rules may not name",
    **dict.fromkeys(
        ("latency_stretch_max", "ring_city_ms", "ring_region_ms", "ring_hub_ms"), "reported, no constraint"
    ),
}
"""Policies that cannot be said as own rules, and why."""
OF_ROW = {"site_reserve_min": "load_within_installed", "link_load_max": "traffic_within_link"}
"""Row of which a policy is a factor."""


def solved(tables: dict[str, str], settings: dict[str, object]) -> Plan:
    found = plan(small(tables, settings))
    assert certify(found.scenario, found).ok
    assert certify(found.scenario, found).gap(found.objective) <= 1e-6
    return found


def owned(one: Restated) -> dict[str, str]:
    return {
        **one.tables,
        "rules": "rule,sense,value,by,unit\n" + one.rules,
        "rule_terms": "rule,term,variable,coefficient,weight,site,technology\n" + one.terms,
    }


def price(found: Plan, *constraints: str) -> float:
    rows = found.prices
    return float(rows.loc[rows["constraint"].isin(constraints) & rows["item"].ne("charge"), "value"].sum())


@pytest.mark.parametrize("name", RESTATED)
def test_a_policy_said_as_an_own_rule_is_the_same(name: str) -> None:
    one = RESTATED[name]
    stated = (
        {"policies": "rule,scope,value\n" + one.policy}
        if one.policy
        else {"budgets": "period,scope,limit_mcny\n2026,all,12"}
    )
    built_in, own = solved({**one.tables, **stated}, one.settings), solved(owned(one), one.settings)
    assert own.objective == pytest.approx(built_in.objective, rel=1e-7)
    asked = price(built_in, OF_ROW.get(name, name))
    assert asked != 0.0
    families = ("own_at_most", "own_at_least", "own_at_most_hourly", "own_at_least_hourly")
    assert price(own, *families) == pytest.approx(asked, rel=1e-6)
    assert plan(small(one.tables, one.settings)).objective < own.objective


def test_every_policy_is_said_as_an_own_rule_or_cannot_be() -> None:
    assert set(POLICY_RULES) == set(RESTATED) - {"budget"} | set(NOT_ROWS)
    assert {name for name, why in NOT_ROWS.items() if "reported" in why} == set(REPORTED_RULES)
    assert REFUSED["gigabit"] == "rule-variable-access"


# --- what each part does ---


def with_rule(rule: str, terms: str, tables: dict[str, str] | None = None, **settings: object) -> Plan:
    own = {"rules": f"rule,sense,period,value,by\n{rule}", "rule_terms": terms}
    return solved({**(tables or {}), **own}, settings)


def amounts(found: Plan, asset: str = "compute") -> dict[tuple[int, str], float]:
    frame = found.builds[found.builds["asset"] == asset]
    return {(int(row.period), str(row.where)): round(float(row.amount), 6) for row in frame.itertuples()}


def test_a_value_holds_from_its_period_until_the_next_row() -> None:
    rule = "own,>=,2027,4,period\nown,>=,2028,,period"
    tables = {**TWO_SITES, "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2027,20\nr,w,2028,40"}
    found = with_rule(rule, "rule,term,variable,hub\nown,1,build,h", tables, periods=[2026, 2027, 2028])
    assert amounts(found) == {(2026, "s"): 10, (2027, "s"): 6, (2027, "t"): 4, (2028, "s"): 20}


def test_the_period_before_leaves_the_first_open() -> None:
    """40 units are asked for in the end; each order is at most half of the one before: 1 + 1/2 + 1/4 of the first."""
    tables = {
        "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2027,20\nr,w,2028,40",
        "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,1",
    }
    terms = "rule,term,variable,lag,coefficient\nown,1,build,,\nown,2,build,1,-0.5"
    found = with_rule("own,<=,,0,period", terms, tables, periods=[2026, 2027, 2028])
    orders = amounts(found)
    first = orders[2026, "s"]
    assert orders == pytest.approx({(2026, "s"): first, (2027, "s"): first / 2, (2028, "s"): first / 4})
    assert first * 1.75 == pytest.approx(40)


def test_terms_that_cancel_leave_their_variable_free() -> None:
    """0.1 + 0.2 − 0.3 is not 0 in binary: what is left must not forbid to build at s, where ten units cost least."""
    terms = "rule,term,variable,site,coefficient\nown,1,build,s,0.1\nown,2,build,s,0.2\nown,3,build,s,-0.3"
    found = with_rule("own,<=,,0,period", terms, TWO_SITES, periods=[2026])
    assert amounts(found) == {(2026, "s"): 10}


def test_an_equation_holds_both_ways() -> None:
    """Two of three units run at the dear site; a pair makes both halves."""
    tables = {**TWO_SITES, "sites": "site,capex_factor\ns,1\nt,2"}
    terms = "rule,term,variable,site,coefficient\nown,1,installed,s,\nown,2,installed,t,-1"
    found = with_rule("own,=,,0,period", terms, tables, periods=[2026])
    assert amounts(found) == {(2026, "s"): 5, (2026, "t"): 5}


def test_sums_of_a_plan_are_those_of_its_rules() -> None:
    one = RESTATED["clean_share_hourly_min"]
    found = solved(owned(one), one.settings)
    sums = left_sides(found.scenario, found.variables)
    assert sums["own"].shape == (1, 2)
    assert sums["own"].max() == pytest.approx(0.0, abs=1e-6)


def test_a_site_that_must_be_opened_stands_for_a_rule() -> None:
    """Work needs 10 units; a rule asks for 40 at a new site, which its limit of 25 MW, 50 units, allows."""
    tables = {
        **TWO_SITES,
        "sites": "site,fixed_cost_mcny,it_limit_mw,capex_factor\ns,,,\nt,7,25,2",
        "fleet": "site,technology,units\ns,g,10",
    }
    rules = {"rules": "rule,sense,value\nown,>=,40", "rule_terms": "rule,term,variable,site\nown,1,installed,t"}
    found = plan(small({**tables, **rules}, ONE))
    assert amounts(found) == {(2026, "t"): 40}
    assert found.cost_mcny == pytest.approx(7 + 40 * 2 / 4)
    assert certify(found.scenario, found).ok
    unlimited = {**tables, "sites": "site,fixed_cost_mcny\ns,\nt,7"}
    with pytest.raises(ScenarioError, match="it_limit_mw · blank, but the rule own may ask for any amount"):
        small({**unlimited, **rules}, ONE)
    powerless = {"technologies": TWO_SITES["technologies"].replace("0.5,0.2", "0,0.2")}
    with pytest.raises(ScenarioError, match="limits, t/g, max_units"):
        small({**tables, **powerless, **rules}, ONE)


def test_a_link_that_costs_nothing_has_a_bound_under_a_rule() -> None:
    """The rule asks for 40 Gbps of a link that is free and has no limit: the proof still covers a finite box."""
    tables = {
        **TWO_SITES,
        "regions": "region,node\nr,n",
        "nodes": "node\nn\nm",
        "sites": "site,node,hub,capex_factor\ns,m,,1\nt,m,h,2",
        "workloads": "workload,class,gbps_per_unit\nw,general,0.1",
        "links": "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years\nl,n,m,100,0,0,20",
        "rules": "rule,sense,value\nown,>=,40",
        "rule_terms": "rule,term,variable,link\nown,1,build_link,l",
    }
    found = plan(small(tables, ONE))
    assert certify(found.scenario, found).ok
    assert np.isfinite(Bounds(Statement.of(found.scenario), found.cost_mcny).most["build_link"]).all()


# --- operation ---

WATER = {
    "sites": "site,water_l_per_kwh\ns,2",
    "profile_rules": "profile,months,value\nsummer,,0\nsummer,6-8,1",
    "blocks": "block,first_hour,hours,weight\nwinter,0,1,6552\nsummer,4000,1,2208",
    "rules": "rule,sense,value,unit\nwater,<=,22080,m³",
    "rule_terms": "rule,term,variable,coefficient,weight\nwater,1,it,2,summer",
}
"""5 MW take 10 m³ an hour: 22,080 m³ in 2,208 hours of summer, and nothing counts in winter."""


def test_what_operation_uses_beyond_a_rule_is_reported() -> None:
    found = solved(WATER, ONE)
    tight = {**WATER, "rules": "rule,sense,value,unit\nwater,<=,20000,m³"}
    schedule = operate(small(tight, ONE), found)
    row = schedule.excess.iloc[0].to_dict()
    assert (row["rule"], row["scope"], row["unit"]) == ("own_at_most", "water", "m³")
    assert row["amount"] == pytest.approx(2080)
    assert certify_schedule(small(tight, ONE), found, schedule).ok


def test_a_rule_by_hour_is_exceeded_hour_by_hour() -> None:
    rules = {"rules": "rule,sense,value,by,unit\nload,<=,4,hour,rack", "rule_terms": "rule,term,variable\nload,1,load"}
    found = solved(dict.fromkeys(("rules", "rule_terms"), ""), HOURS)
    schedule = operate(small(rules, HOURS), found)
    row = schedule.excess.iloc[0].to_dict()
    assert (row["rule"], row["scope"], row["unit"]) == ("own_at_most_hourly", "load", "rack·h")
    assert row["amount"] == pytest.approx(6 * 8760)
    assert certify_schedule(small(rules, HOURS), found, schedule).ok


def test_a_rule_on_capacity_is_no_part_of_operation() -> None:
    rules = {"rules": "rule,sense,value\nmore,>=,99", "rule_terms": "rule,term,variable\nmore,1,installed"}
    schedule = operate(small(rules, ONE), solved({}, ONE))
    assert not len(schedule.excess)


# --- no plan ---


def test_a_rule_in_conflict_is_named() -> None:
    tables = {
        "rules": "rule,sense,value,unit\nfew,<=,8,rack",
        "rule_terms": "rule,term,variable\nfew,1,installed",
    }
    with pytest.raises(InfeasibleError) as error:
        plan(small(tables, ONE))
    assert any(str(one).startswith("rules, few, value: <= 8 rack in 2026") for one in error.value.conflict)


def test_a_term_without_variables_is_refused() -> None:
    """No zone has green power on offer, so that there are no contracts."""
    tables = {
        **POWERED,
        "power": "zone,price\nz,0.5",
        "rules": "rule,sense,value\ngreen,>=,1",
        "rule_terms": "rule,term,variable\ngreen,1,contract",
    }
    with pytest.raises(ScenarioError, match="no such variable matches all filters"):
        plan(small(tables, ONE))


# --- with whom it is shared ---


def test_the_certificate_finds_a_plan_that_breaks_a_rule() -> None:
    """A plan of the same scenario without the rule is checked against it."""
    free = plan(small(TWO_SITES, ONE))
    rules = {"rules": "rule,sense,value\nnear,>=,4", "rule_terms": "rule,term,variable,site\nnear,1,installed,t"}
    verdict = certify(small({**TWO_SITES, **rules}, ONE), free)
    assert not verdict.ok
    assert [str(one) for one in verdict.findings] == ["own_at_least: near, 2026: off by 4 (1 of its scale)"]


def test_the_structured_method_takes_rules_over_hours_and_periods() -> None:
    tables = {
        **SUNNY,
        "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2027,12",
        "rules": "rule,sense,value,by,unit\nyear,<=,30000,period,MWh\nhour,<=,5,hour,MW\nramp,<=,1,period,",
        "rule_terms": """
            rule,term,variable,coefficient,lag
            year,1,grid,,
            hour,1,grid,,
            ramp,1,build_supply,1,
            ramp,2,build_supply,-1,1
            """,
    }
    scenario = small(tables, {"hours": "hours:2"})
    one, other = plan(scenario), plan(scenario, method="structured")
    assert other.objective == pytest.approx(one.objective, rel=1e-6)
    assert certify(scenario, other).ok
    assert certify(scenario, other).gap(other.objective) <= 1e-5


def test_pypsa_is_not_given_a_scenario_with_own_rules() -> None:
    from xisuan.exchange.pypsa import network

    rules = {"rules": "rule,sense,value\nfew,<=,90", "rule_terms": "rule,term,variable\nfew,1,installed"}
    with pytest.raises(ScenarioError, match="not exported to PyPSA"):
        network.planning(small(rules, ONE))
