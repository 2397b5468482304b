"""The certificate reads access by itself: it agrees with the equations, and catches a plan that was spoilt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.access_cases import access
from tests.certificate.solved import solved
from xisuan.certificate.certify_plan import certify
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan

TARGETS = "city,deadline\na,2026\nb,2027"
RICH = {
    "cities": """
        city,crew_days_year,investor,zone,route_capex_mcny_per_km,route_shared
        a,60,x,z,0.2,0.5
        b,90,y,z,,
        c,200,x,,,
        """,
    "power": "zone,price,contract_price_cny_per_kwh,co2_kg_per_kwh\nz,0.6,0.4,0.5",
    "measures": """
        measure,city,period,unit,kind,capex_cny_per_unit,opex_cny_per_unit_year,life_years,lead_years,pace_units_year,crew_days_per_unit,power_kw_per_unit,route_km_per_unit,pon10g_ports_per_unit,pon_ports_per_unit,users_500m_per_unit,g5_stations_per_unit,takeup_first,takeup_rate
        port,all,,ports,fixed,5000,50,8,,25,1,0.1,0.3,1,,2,,0.5,0.5
        port,a,,ports,fixed,6000,50,8,,25,1,0.1,0.3,1,,2,,0.5,0.5
        plain,all,,ports,fixed,10,,8,,5,1,,,,1,,,,
        user,all,,users,fixed,400,,8,,300,0.1,,,,,1,,,
        station,all,,stations,radio,180000,900,10,,5,10,3.5,1,,,,1,,
        station,all,2027,stations,radio,150000,900,10,,5,10,3.5,1,,,,1,,
        """,
    "policies": "rule,scope,value\ncarbon_price_cny_per_t,all,90",
    "city_targets": "city,indicator,deadline,value\na,gigabit,2026,\nb,gigabit,2027,\nall,pon10g_port_share,2027,18",
}


@pytest.fixture(scope="module")
def found() -> Plan:
    return plan(access(RICH))


def spoilt(found: Plan, name: str, label: tuple[str, ...], period: int, value: float) -> Plan:
    one = found.variables[name]
    values = one.values.copy()
    values[period, one.labels.index(label)] = value
    return replace(found, variables={**found.variables, name: replace(one, values=values)})


@pytest.mark.parametrize(
    "settings", [{}, {"capital": "full"}, {"objective": "carbon"}, {"plan": {"power_price": "contract"}}]
)
def test_the_two_readings_agree(settings: dict[str, object]) -> None:
    late = RICH["city_targets"].replace("2027", "2029")  # the last period stands for 2027 to 2029
    scenario = access({**RICH, "city_targets": late}, discount_rate=0.05, last_period_years=3, **settings)
    ours, theirs = plan(scenario), solved(scenario)
    checked = certify(scenario, ours)
    assert checked.ok, checked.findings
    assert ours.objective == pytest.approx(theirs.objective, rel=1e-6)
    assert checked.lower_bound == pytest.approx(ours.objective, rel=1e-5)


def test_most_residents_are_the_same_by_the_other_reading() -> None:
    scenario = access(
        {**RICH, "budgets": "period,scope,limit_mcny\n2026,access,1.2", "city_targets": ""}, objective="residents"
    )
    ours, theirs = plan(scenario), solved(scenario)
    assert certify(scenario, ours).ok
    assert ours.objective == pytest.approx(theirs.objective, rel=1e-9)


def test_a_city_declared_without_its_indicator_is_caught(found: Plan) -> None:
    checked = certify(found.scenario, spoilt(found, "gigabit", ("c",), 1, 1.0))
    assert not checked.ok
    assert checked.families["bounds"] > 1e-6
    scenario = found.scenario.with_settings(objective="residents")
    wished = plan(scenario)
    none = replace(wished, variables={**wished.variables, "deploy": _nothing(wished, "deploy")})
    declared = spoilt(none, "gigabit", ("c",), 1, 1.0)
    assert not certify(scenario, declared).ok


def test_a_declared_city_that_lacks_one_indicator_is_named(found: Plan) -> None:
    """c wished for and declared, everything else consistent: what is missing is the row of its indicators."""
    scenario = access(
        {**RICH, "budgets": "period,scope,limit_mcny\n2026,access,1.2", "city_targets": ""}, objective="residents"
    )
    wished = plan(scenario)
    gigabit = wished.variables["gigabit"]
    undone = [(label, y) for i, label in enumerate(gigabit.labels) for y in (0, 1) if gigabit.values[y, i] < 0.5]
    city, period = undone[0]
    checked = certify(scenario, spoilt(wished, "gigabit", city, period, 1.0))
    assert not checked.ok
    assert checked.families["gigabit_reached"] > 1e-3
    assert any(finding.startswith(f"gigabit_reached: {city[0]} / ") for finding in checked.findings)


def _nothing(found: Plan, name: str) -> object:
    return replace(found.variables[name], values=np.zeros_like(found.variables[name].values))


@pytest.mark.parametrize(
    ("name", "label", "period", "value", "family"),
    [
        ("counted", ("a", "pon10g_ports"), 0, 40.0, "counted_balance"),
        ("counted", ("a", "users_500m"), 0, 900.0, "users_followed"),
        ("counted", ("a", "users_500m"), 0, 1900.0, "part_within_whole"),
        ("deploy", ("a", "port"), 0, 26.0, "bounds"),
        ("deploy", ("a", "user"), 0, 299.0, "deployed_balance"),
        ("deploy", ("a", "station"), 0, 5.0, "deploy_within_crews"),
        ("lay", ("a",), 0, 0.0, "lay_for_fibre"),
        ("lay", ("a",), 0, 1.0, "lay_for_fibre"),
    ],
)
def test_what_was_spoilt_is_named(
    found: Plan, name: str, label: tuple[str, ...], period: int, value: float, family: str
) -> None:
    checked = certify(found.scenario, spoilt(found, name, label, period, value))
    assert not checked.ok
    assert checked.families[family] > 1e-6


def test_a_cost_that_was_changed_is_caught(found: Plan) -> None:
    """The same plan against tables in which a measure costs a tenth more."""
    measures = found.scenario["measures"].copy()
    measures["capex_cny_per_unit"] *= 1.1
    other = replace(found.scenario, tables={**found.scenario.tables, "measures": measures})
    checked = certify(other, found)
    assert not checked.ok
    assert any(finding.startswith("cost: ") and "is stated, the tables give" in finding for finding in checked.findings)
