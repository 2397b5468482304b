"""Parts are the whole: money adds up, operation repeats the plan, and every balance can be recomputed from tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings

import xisuan as xs
from tests.laws import strategies
from tests.laws.strategies import Draft
from xisuan.results.plan import CAPEX_TERMS

TIGHT = 1e-7
"""Relative: what a simplex leaves, with room for sums of many numbers."""


def hours_sum(plan: xs.Plan, frame: pd.DataFrame, column: str) -> float:
    """Σ over the modelled hours of a year, weighted."""
    return float((frame[column] * plan.scenario.timeline.weight[frame["hour"]]).sum())


@settings(max_examples=6, deadline=None, derandomize=True)
@given(draft=strategies.scenarios())
def test_plan_is_investment_and_operation(draft: Draft) -> None:
    """Operating a plan on its own hours costs what the plan says; only what has a price of its own is dropped."""
    plan = draft.plan()
    schedule = xs.operate(plan.scenario, plan, xs.Options(solver="simplex"))
    investment = plan.costs.loc[plan.costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
    assert schedule.status == "optimal"
    assert investment + schedule.cost_mcny == pytest.approx(plan.objective, rel=TIGHT)
    priced = plan.scenario["workloads"].set_index("workload")["unserved_mcny_per_unit_hour"].notna()
    assert all(priced[row.workload] or row.share <= TIGHT for row in schedule.shortfall.itertuples())
    dropped = plan.costs.loc[plan.costs["term"] == "unserved", "discounted_mcny"].sum()
    assert schedule.penalty_mcny == pytest.approx(dropped, rel=1e-5, abs=1e-6 * plan.objective)


@settings(max_examples=12, deadline=None, derandomize=True)
@example(draft=strategies.full(hours="hours:3"))
@given(draft=strategies.scenarios())
def test_what_a_plan_says_adds_up(draft: Draft) -> None:
    """Every law below, of every plan; the first has every part, so that none is tried on nothing only."""
    plan = draft.plan()
    for law in (parts_are_the_whole, work_balances, power_balances, storage_balances, traffic_fits_its_links):
        law(plan)


def parts_are_the_whole(plan: xs.Plan) -> None:
    """Costs add up to the objective, shares of service to 1, and what is in use to what stood and was ordered."""
    assert plan.costs["discounted_mcny"].sum() == pytest.approx(plan.objective, rel=TIGHT)
    assert plan.gap <= TIGHT
    shares = plan.service.groupby(["period", "region", "workload"])["share"].sum()
    demand = plan.scenario["demand"]
    assert len(shares) == int((demand["units"] > 0).sum())
    assert np.allclose(shares, 1.0, atol=TIGHT)
    capital = plan.builds["capex_mcny"].sum()
    assert plan.costs.loc[plan.costs["term"].isin(CAPEX_TERMS), "mcny"].sum() == pytest.approx(capital, rel=TIGHT)
    first = plan.scenario.settings.periods[0]
    ordered = plan.builds[plan.builds["period"] == first].set_index(["asset", "where", "technology"])["amount"]
    for row in plan.capacity[plan.capacity["period"] == first].itertuples():
        new = float(ordered.get((row.asset, row.where, row.technology), 0.0))
        if row.asset != "retrofitted":
            assert row.amount == pytest.approx(row.existing + new, rel=1e-6, abs=1e-6)


def work_balances(plan: xs.Plan) -> None:
    """Over a year what is asked for is what runs and what is dropped; in every hour no more runs than can."""
    scenario = plan.scenario
    demand = scenario["demand"]
    class_of = scenario["technologies"].set_index("technology")["class"].to_dict()
    target = scenario["workloads"].set_index("workload")["class"].map(lambda name: class_of.get(name, name))
    for period in scenario.settings.periods:
        load = plan.load[plan.load["period"] == period].assign(of=lambda frame: frame["technology"].map(class_of))
        service = plan.service[(plan.service["period"] == period) & (plan.service["site"] != "")]
        for name, part in service.assign(of=service["workload"].map(target)).groupby("of"):
            run = hours_sum(plan, load[load["of"] == name], "units") / 8760
            assert run == pytest.approx(part["units"].sum(), rel=1e-6)
        asked = demand[demand["period"] == period].groupby("workload")["units"].sum()
        met = plan.service[plan.service["period"] == period].groupby("workload")["units"].sum()
        if len(scenario.timeline.blocks) == 1 and scenario.timeline.mean:
            assert np.allclose(asked.sort_index(), met.sort_index(), rtol=1e-6)
        _runs_within_capacity(plan, load, period)


def _runs_within_capacity(plan: xs.Plan, load: pd.DataFrame, period: int) -> None:
    attains = plan.scenario["technologies"].set_index("technology")["attainable_utilisation"]
    capacity = plan.capacity[(plan.capacity["period"] == period) & (plan.capacity["asset"] == "compute")]
    most = capacity.set_index(["where", "technology"])["amount"]
    for (site, technology), part in load.groupby(["site", "technology"]):
        assert part["units"].max() <= most.get((site, technology), 0.0) * attains[technology] + 1e-6


def power_balances(plan: xs.Plan) -> None:
    """In every hour a facility draws what grid, sun, wind and battery give, and emissions are grid times factor."""
    if plan.power.empty or not plan.scenario.has("power"):
        return
    power = plan.power
    given_power = power["grid_mw"] + power["solar_mw"] + power["wind_mw"] + power["discharge_mw"] - power["charge_mw"]
    assert np.allclose(given_power, power["facility_mw"], atol=1e-6)
    assert (power["facility_mw"] >= power["it_mw"] - 1e-9).all()
    zone = plan.scenario["sites"].set_index("site")["zone"]
    for row in plan.emissions.itertuples():
        own = power[(power["period"] == row.period) & (power["site"] == row.site)]
        factor = plan.scenario["power"].set_index("zone")["co2_kg_per_kwh"][zone[row.site]]
        curve = plan.scenario.hourly("power", "co2_kg_per_kwh", factor)
        weight = plan.scenario.timeline.weight
        assert row.grid_mwh == pytest.approx(hours_sum(plan, own, "grid_mw"), rel=1e-9, abs=1e-6)
        assert row.location_t == pytest.approx(float((own["grid_mw"] * curve * weight).sum()), rel=1e-9, abs=1e-6)
        assert row.market_t <= row.location_t + 1e-6
        assert row.contract_mwh <= row.grid_mwh + 1e-6


def storage_balances(plan: xs.Plan) -> None:
    """What is in a battery, and what waits, comes out of the hour before, cyclic in its block; windows hold."""
    previous = plan.scenario.timeline.previous
    if not plan.power.empty and plan.scenario.has("supply"):
        each = plan.scenario["supply"].set_index(["site", "source"])["efficiency"]
        for (_, site), part in plan.power.groupby(["period", "site"]):
            if (site, "battery") in each.index:
                stored, eta = part["stored_mwh"].to_numpy(), each[site, "battery"]
                gain = part["charge_mw"].to_numpy() * eta - part["discharge_mw"].to_numpy() / eta
                assert np.allclose(stored, stored[previous] + gain, atol=1e-6)
    if "backlog" not in plan.variables:
        return
    hours = plan.scenario["workloads"].set_index("workload")["defer_hours"]
    demand = plan.scenario["demand"].set_index(["period", "region", "workload"])
    for (period, region, workload), part in plan.backlog.groupby(["period", "region", "workload"]):
        row = demand.loc[(period, region, workload)]
        arrives = row["units"] * plan.scenario.hourly("demand", "profile", row["profile"])
        waited, at = np.zeros_like(arrives), np.arange(len(arrives))
        for _ in range(int(hours[workload])):
            waited, at = waited + arrives[at], previous[at]
        assert (part["units"].to_numpy() <= waited + 1e-6).all()


def traffic_fits_its_links(plan: xs.Plan) -> None:
    """No arc carries more than its share of the capacity, and traffic costs what it costs per Gbps and hour."""
    if plan.flows.empty:
        return
    rule = plan.scenario["policies"]
    share = rule.loc[rule["rule"] == "link_load_max", "value"]
    most = plan.flows["capacity_gbps"] * (share.iloc[0] if len(share) else 1.0)
    assert (plan.flows["gbps"] <= most + 1e-6).all()
    toll = plan.scenario["links"].set_index("link")["cost_mcny_per_gbps_hour"]
    paid = hours_sum(plan, plan.flows.assign(mcny=plan.flows["gbps"] * plan.flows["link"].map(toll)), "mcny")
    told = plan.costs.loc[plan.costs["term"] == "transmission", "mcny"].sum()
    assert told == pytest.approx(paid, rel=1e-6, abs=1e-9)
