"""The tables of a plan: exactly their columns, their sums, their signs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.golden.small import small
from tests.scenarios import five
from xisuan.planning.expansion import plan
from xisuan.results.plan import ACCESS_TABLES, CAPEX_TERMS, COST_TERMS, TABLES, Plan

EMPTY = {"demand": "region,workload,period,units\nr,w,2026,0\nr,w,2027,0"}


@pytest.fixture(scope="module")
def found() -> Plan:
    return plan(five())


WITHOUT_CITIES = [name for name in TABLES if name not in ACCESS_TABLES]


@pytest.mark.parametrize("table", WITHOUT_CITIES)
def test_tables_have_exactly_their_columns(found: Plan, table: str) -> None:
    assert list(found.tables[table].columns) == list(TABLES[table])
    assert list(found.tables) == WITHOUT_CITIES


@pytest.mark.parametrize("table", WITHOUT_CITIES)
def test_empty_tables_have_them_too(table: str) -> None:
    assert list(plan(small(EMPTY)).tables[table].columns) == list(TABLES[table])


def test_costs_add_up_to_the_cost(found: Plan) -> None:
    assert found.costs["discounted_mcny"].sum() == pytest.approx(found.cost_mcny, rel=1e-9)
    assert set(found.costs["term"]) <= set(COST_TERMS)
    assert (found.costs["discounted_mcny"] >= 0).all()
    assert not found.costs.duplicated(["period", "term", "where", "investor"]).any()


def test_capital_is_overnight_in_builds_and_costs_alike(found: Plan) -> None:
    capital = found.costs[found.costs["term"].isin(CAPEX_TERMS)]
    assert capital["mcny"].sum() == pytest.approx(found.builds["capex_mcny"].sum())
    assert set(found.costs["investor"]) >= {"telecom", "developer", "carrier"}


def test_everybody_is_served_or_counted_as_not(found: Plan) -> None:
    service = found.service
    share = service.groupby(["period", "region", "workload"])["share"].sum()
    assert share.to_numpy() == pytest.approx(1.0, abs=1e-6)
    demand = found.scenario["demand"].set_index(["period", "region", "workload"])
    day = found.scenario.shape("busy")[:24].mean()  # the modelled day is busier than the mean one
    asked = demand["units"] * np.where(demand["profile"] == "busy", day, 1.0)
    units = service.groupby(["period", "region", "workload"])["units"].sum()
    assert units.to_dict() == pytest.approx(asked.to_dict(), rel=1e-6)
    dropped = service[service["site"] == ""]
    assert set(dropped["workload"]) <= {"batch"}, "only work with a penalty may be dropped"


def test_what_runs_is_what_is_served(found: Plan) -> None:
    weight = found.scenario.timeline.weight / 8760
    load = found.load.assign(mean=found.load["units"] * weight[found.load["hour"]])
    ran = load.groupby(["period", "site"])["mean"].sum()
    served = found.service[found.service["site"] != ""].groupby(["period", "site"])["units"].sum()
    assert ran[ran > 1e-6].to_dict() == pytest.approx(served[served > 1e-6].to_dict(), rel=1e-5, abs=1e-5)


def test_power_is_balanced_at_every_site_in_every_hour(found: Plan) -> None:
    power = found.power
    made = power[["grid_mw", "solar_mw", "wind_mw", "discharge_mw"]].sum(axis=1) - power["charge_mw"]
    np.testing.assert_allclose(made, power["facility_mw"], atol=1e-5)
    assert (power["facility_mw"] >= power["it_mw"] - 1e-6).all()


def test_emissions_follow_from_power(found: Plan) -> None:
    weight = found.scenario.timeline.weight
    power = found.power
    energy = (power["grid_mw"] * weight[power["hour"]]).groupby([power["period"], power["site"]]).sum()
    emitted = found.emissions.set_index(["period", "site"])
    assert emitted["grid_mwh"].to_dict() == pytest.approx(energy.to_dict(), rel=1e-6, abs=1e-3)
    assert (emitted["contract_mwh"] <= emitted["grid_mwh"] * (1 + 1e-6) + 1e-3).all()
    assert (emitted["market_t"] <= emitted["location_t"] + 1e-3).all()
    racks = found.builds[found.builds["technology"] == "server"]["amount"].sum()
    assert emitted["embodied_t"].sum() >= 15 * racks - 1e-3


def test_flows_stay_within_the_links(found: Plan) -> None:
    """The scenario lets traffic use 0.9 of a link."""
    flows = found.flows
    assert (flows["gbps"] <= 0.9 * flows["capacity_gbps"] + 1e-6).all()
    assert (flows["gbps"] >= -1e-9).all()


def test_capacity_says_what_stood(found: Plan) -> None:
    capacity = found.capacity
    halls = capacity[(capacity["asset"] == "hall") & (capacity["where"] == "shore")]
    assert halls["existing"].tolist() == [4.0, 4.0, 4.0]
    assert (capacity["amount"] >= capacity["existing"] - 1e-6).all()
    assert set(capacity["unit"]) == {"MW", "rack", "PB", "Gbps", "MWh"}


def test_a_limit_more_never_costs_more(found: Plan) -> None:
    """Right sides of ≤ rows and of upper bounds have prices ≤ 0, those of ≥ rows ≥ 0."""
    prices = found.prices
    least = {"occupancy_min", "utilisation_min", "hub_share_min", "intelligent_share_min", "technology_load"}
    most = {
        "fleet_within_hall",
        "fleet_within_site",
        "load_within_installed",
        "traffic_within_link",
        "generation_within_supply",
        "grid_within_zone",
        "grid_within_peak",
        "contract_within_grid",
        "green_share_min",
        "pue_max",
        "carbon_cap_t",
        "carbon_cap_market_t",
        "water_cap_m3",
        "budget",
    }
    size = prices["value"].abs().max()
    for name, sign in [*((name, -1.0) for name in most), *((name, 1.0) for name in least)]:
        values = prices.loc[prices["constraint"] == name, "value"]
        assert (values * sign >= -1e-6 * size).all(), name
    assert (prices.loc[prices["constraint"] == "work_balance", "value"] >= -1e-6).all()


def test_stock_is_in_the_load_of_every_hour() -> None:
    scenario = small(
        {
            "technologies": "technology,class,unit,mw_per_unit,life_years,kind\nd,storage,PB,0.004,4,stock",
            "workloads": "workload,class\nk,storage",
            "demand": "region,workload,period,units\nr,k,2026,20",
        },
        {"periods": [2026], "hours": "hours:3"},
    )
    assert plan(scenario).load.to_numpy().tolist() == [[2026, hour, "s", "d", 20.0] for hour in range(3)]


def test_work_that_waits_is_in_the_backlog() -> None:
    """8 units in the first hour, none in the second: two units of equipment run 4 in each, 4 wait in between."""
    scenario = small(
        {
            "workloads": "workload,class,defer_hours\nw,general,1",
            "demand": "region,workload,period,units,profile\nr,w,2026,0.333333333333,d",
            "profile_rules": "profile,hours,value\nd,,0\nd,0,8",
        },
        {"periods": [2026], "hours": "hours:2"},
    )
    found = plan(scenario)
    assert found.backlog["units"].tolist() == pytest.approx([4.0, 0.0])
    assert found.load["units"].tolist() == pytest.approx([4.0, 4.0])
    assert found.builds["amount"].tolist() == pytest.approx([4.0])
