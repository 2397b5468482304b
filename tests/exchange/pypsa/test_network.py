"""A plan becomes a PyPSA network that holds its capacity, dispatches at its cost and survives netCDF.

Whether the model is right is tested in `tests/oracle`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import xisuan as xs
from tests.golden.small import small
from tests.scenarios import five, five_frames, pair
from xisuan.equations import notation
from xisuan.errors import ScenarioError
from xisuan.planning.expansion import plan

pypsa = pytest.importorskip("pypsa")
exchange = pytest.importorskip("xisuan.exchange.pypsa.network")

pytestmark = pytest.mark.filterwarnings("ignore")
"""What PyPSA and linopy announce about their own future is not ours to mend."""

OPERATION = ("energy", "demand_charge", "green_premium", "carbon_price", "supply_variable", "transmission", "serving",
             "unserved")  # fmt: skip
"""Terms of the costs that hours decide."""


def test_objective_is_for_cost() -> None:
    with pytest.raises(ScenarioError, match="PyPSA plans for least cost"):
        exchange.objective(five(objective="carbon"), 2026)


def hours_of(plan: xs.Plan) -> float:
    """What the hours of a plan cost, mCNY."""
    return float(plan.costs.loc[plan.costs["term"].isin(OPERATION), "discounted_mcny"].sum())


@pytest.fixture(scope="module")
def exported() -> tuple[xs.Plan, pypsa.Network]:
    """A plan of two periods on two half days, without rules on a year, and its network."""
    frames = five_frames()
    frames["policies"] = frames["policies"][~frames["policies"]["rule"].isin(notation.OPERATING_RULES)]
    halves = {"block": ["a", "b"], "first_hour": [6, 4386], "hours": [12, 12], "weight": [365, 365]}
    frames["blocks"] = pd.DataFrame(halves)
    settings = {"name": "five", "periods": [2026, 2027], "last_period_years": 2}
    scenario = xs.build(settings, frames)
    found = plan(scenario, xs.Options(solver="simplex"))
    return found, exchange.network(scenario, found)


def test_dispatch_of_the_network_costs_what_the_plan_says(exported: tuple[xs.Plan, pypsa.Network]) -> None:
    found, n = exported
    n.optimize(**exchange.how(n), log_to_console=False)
    total = n.objective + n.meta["xisuan"]["cost_of_fixed_traffic_mcny"]
    assert total == pytest.approx(hours_of(found), rel=2e-6)


def test_network_holds_the_plans_capacity(exported: tuple[xs.Plan, pypsa.Network]) -> None:
    found, n = exported
    compute = found.capacity[found.capacity["asset"] == "compute"].groupby(["where", "technology"])["amount"].max()
    for (site, technology), amount in compute.items():
        if technology != "disk":  # stock is held, not run: its link is what the plan holds
            assert n.links.at[f"run/{site}/{technology}", "p_nom"] == pytest.approx(amount)
    assert set(n.snapshot_weightings["stores"]) == {1.0}
    assert n.snapshot_weightings["objective"].sum() == pytest.approx(2 * 8760)


def test_network_survives_netcdf(exported: tuple[xs.Plan, pypsa.Network], tmp_path: Path) -> None:
    _, n = exported
    n.export_to_netcdf(tmp_path / "plan.nc")
    again = pypsa.Network(tmp_path / "plan.nc")
    assert again.meta == n.meta
    for component in ("links", "generators", "loads", "stores", "buses"):
        assert len(getattr(again, component)) == len(getattr(n, component))
    assert np.allclose(again.links["p_nom"], n.links.loc[again.links.index, "p_nom"])


def test_pypsa_has_nothing_to_warn_of(
    exported: tuple[xs.Plan, pypsa.Network], caplog: pytest.LogCaptureFixture
) -> None:
    """Every carrier is defined, and a store is a cycle in one way only, in one period and in several."""
    scenario = exchange.one_period(pair(), 2026)
    for n in (exported[1], exchange.network(scenario, plan(scenario))):
        with caplog.at_level("WARNING", logger="pypsa"):
            n.consistency_check()
        assert not [record.message for record in caplog.records if "carrier" in record.message]
        assert not (n.stores["e_cyclic"] & n.stores["e_cyclic_per_period"]).any() or not n.has_investment_periods


def test_single_block_is_an_ordinary_network() -> None:
    """One period and one block need no investment periods: `n.optimize()` as everywhere."""
    scenario = exchange.one_period(pair(), 2026)
    n = exchange.network(scenario, plan(scenario))
    assert not n.has_investment_periods
    n.optimize(solver_name="highs", log_to_console=False)
    assert n.objective == pytest.approx(hours_of(plan(scenario)), rel=1e-6)


NETWORKS = {
    "traffic between the same nodes": {
        "regions": "region,node\nr,\nq,x\np,x",
        "sites": "site,node\ns,r",
        "links": "link,from,to,length_km,capacity_gbps,cost_mcny_per_gbps_hour\nl,r,x,10,5,0.0001",
        "traffic": "from,to,gbps,routing\nr,q,2,free\nr,p,1,free\np,r,1,shortest\nq,r,2,shortest",
    },
    "a module without a period, of a link that begins later": {
        "regions": "region\nr\nq",
        "sites": "site,node\ns,q",
        "workloads": "workload,class,gbps_per_unit,unserved_mcny_per_unit_hour\nw,general,0.1,0.001",
        "links": "link,from,to,length_km,capacity_gbps,life_years,period\nl,r,q,10,0,10,2027",
        "modules": "link,module,gbps,mcny\nl,m,2,5",
    },
    "free work that sends nothing yet": {
        "regions": "region\nr\nq",
        "sites": "site,node\ns,q",
        "workloads": """
            workload,class,gbps_per_unit,unserved_mcny_per_unit_hour,period
            w,general,,0.001,
            w,general,0.1,0.001,2027
            """,
        "links": """
            link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years,lead_years
            l,r,q,10,0,2,10,1
            """,
    },
    "a clean share by the month of an investor, with a battery": {
        "sites": "site,zone,pue,investor\ns,z,1.2,I",
        "power": "zone,price,clean_share\nz,0.5,mix",
        "supply": """
            site,source,capex_mcny_per_mw,capex_mcny_per_mwh,life_years,efficiency,profile
            s,solar,30,,5,,sun
            s,battery,0.4,0.8,5,0.9,
            """,
        "profile_rules": """
            profile,hours,months,value
            mix,,,0.2
            mix,0,2,0.6
            sun,,,0
            sun,1,1,0.9
            sun,1,2,0.5
            """,
        "blocks": "block,first_hour,hours,weight\njanuary,0,3,1000\nfebruary,744,3,1920",
        "policies": "rule,scope,value\nclean_share_monthly_min,investor:I,0.6",
    },
    "contracts by the hour in one year, without hours in the next, with a battery that they charge": {
        "sites": "site,zone,pue\ns,z,1.2",
        "power": """
            zone,period,price,co2_kg_per_kwh,demand_charge_cny_per_kw_month,green_premium_cny_per_kwh,green_profile,clean_share
            z,2026,0.5,0.6,30,0.04,wind,0.2
            z,2027,0.5,0.6,30,0.03,,0.2
            """,
        "supply": "site,source,capex_mcny_per_mw,capex_mcny_per_mwh,life_years,efficiency\ns,battery,0.4,0.8,5,0.9",
        "profile_rules": "profile,hours,value\nwind,,0.1\nwind,0,0.9\nwind,1,0.6",
        "blocks": "block,first_hour,hours,weight\nday,0,4,2190",
        "policies": """
            rule,scope,period,value
            clean_share_hourly_min,all,2026,0.9
            clean_share_hourly_min,all,2027,0
            green_share_min,all,,0.5
            carbon_cap_market_t,all,,12000
            """,
    },
    "a budget whose excess a residual payer takes over, within its own": {
        "sites": "site,node,capex_factor,fixed_cost_mcny,hub,investor\ns,r,1,,h,I\nt,r,2,,,J\nn,r,0.5,3,h,I",
        "halls": "site,capex_mcny_per_mw,life_years\ns,1,20\nt,1,20\nn,1,20",
        "budgets": "period,scope,limit_mcny\n2026,investor:I,2\n2026,investor:J,11\n2027,investor:J,",
        "payers": """
            scope,investor,share,residual_payer
            h,I,0.6,J
            h,J,0.4,
            all,J,1,
            """,
    },
    "fleet that has retired, and fleet that is opened later": {
        "sites": "site,node,fixed_cost_mcny\ns,r,\nn,r,7\nm,r,5",
        "limits": "site,technology,max_build_units\ns,g,0",
        "fleet": "site,technology,units,opened,retires\ns,g,4,,\nn,g,1,2020,2026\nm,g,12,2027,",
    },
}


@pytest.mark.parametrize("case", NETWORKS)
def test_same_least_of_small_networks_as_pypsa(case: str) -> None:
    scenario = small(NETWORKS[case])
    assert exchange.objective(scenario) == pytest.approx(plan(scenario).objective, rel=1e-8)
