"""The certificate passes a right plan, catches every spoilt one, and proves a bound from duals however rough."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests import scenarios
from tests.certificate.solved import solved, spoilt, with_variables
from xisuan.certificate.certify_plan import certify
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario

SETTINGS = {"periods": [2026, 2027], "discount_rate": 0.05, "base_year": 2026, "last_period_years": 2}


def made(frames: scenarios.Frames, **settings: object) -> Scenario:
    chosen = {"name": "tiny", "hours": "hours:12", **SETTINGS, **settings}
    return load.build(chosen, scenarios.as_they_are(chosen, frames))


def tiny_frames(**more: str) -> scenarios.Frames:
    """`pair` with a deferrable workload, sun and a battery in the west."""
    frames = scenarios.pair_frames()
    frames["workloads"] = scenarios.frame(
        """
        workload,class,latency_ms,defer_hours,gbps_per_unit,unserved_mcny_per_unit_hour
        web,general,5,,0.01,
        batch,general,,3,0.005,0.01
        """
    )
    extra = scenarios.frame(
        """
        region,workload,period,units,profile
        east,batch,2026,30,busy
        east,batch,2027,40,busy
        """
    )
    frames["demand"] = pd.concat([frames["demand"], extra]).fillna("")
    frames["profile_rules"] = scenarios.frame(
        """
        profile,months,days,hours,value
        busy,,,,0.5
        busy,,,8-11,2
        sun,,,,0
        sun,,,6-9,0.9
        """
    )
    frames["supply"] = scenarios.frame(
        """
        site,source,capex_mcny_per_mw,capex_mcny_per_mwh,life_years,existing_mw,existing_mwh,efficiency,profile
        west-1,solar,2,,20,1,,,sun
        west-1,battery,1,1,10,0.3,0.6,0.8,
        """
    )
    return frames | {name: scenarios.frame(text) for name, text in more.items()}


SPECIAL: dict[str, Callable[[], Scenario]] = {
    "pair": scenarios.pair,
    "five": lambda: scenarios.five(hours="hours:6"),
    "tiny": lambda: made(tiny_frames()),
    "carbon": lambda: made(tiny_frames(), objective="carbon"),
    "full": lambda: made(tiny_frames(), capital="full"),
    "whole": lambda: made(_whole_frames()),
}


def _whole_frames() -> scenarios.Frames:
    """`tiny` with everything in whole numbers, and a new site in the west with an opening cost and cheap halls."""
    frames = tiny_frames(
        modules="""
        link,module,gbps,mcny,max_count
        east-west,wave,0.1,0.3,6
        """
    )
    frames["links"]["capex_mcny_per_gbps"] = ""
    frames["technologies"]["module_units"] = "7"
    frames["sites"] = pd.concat([frames["sites"], frames["sites"].iloc[1:].assign(site="new-1", pue="1.1")])
    frames["sites"]["fixed_cost_mcny"] = ["", "", "0.01"]
    frames["halls"] = pd.concat(
        [frames["halls"], frames["halls"].iloc[1:].assign(site="new-1", existing_mw="0", capex_mcny_per_mw="5")]
    )
    frames["halls"]["phase_mw"] = ["", "0.15", "0.15"]
    return frames


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    return {name: solved(make()) for name, make in SPECIAL.items()}


@pytest.mark.parametrize("name", SPECIAL)
def test_a_right_plan_passes_and_its_duals_prove_it(plans: dict[str, Plan], name: str) -> None:
    plan = plans[name]
    certificate = certify(plan.scenario, plan)
    assert certificate.ok, certificate.findings
    assert certificate.findings == ()
    assert certificate.cost == pytest.approx(plan.cost_mcny, rel=1e-9)
    assert certificate.lower_bound <= plan.objective * (1 + 1e-9)
    if not plan.relaxation_duals:
        assert certificate.lower_bound == pytest.approx(plan.objective, rel=1e-7)


def test_pair_is_certified_at_the_cost_found_by_hand(plans: dict[str, Plan]) -> None:
    certificate = certify(plans["pair"].scenario, plans["pair"])
    assert certificate.cost == pytest.approx(scenarios.PAIR_COST_MCNY, abs=1e-9)
    assert certificate.lower_bound == pytest.approx(scenarios.PAIR_COST_MCNY, abs=1e-6)


def changed(plan: Plan, name: str, at: Any, value: float) -> Plan:
    """The plan with one value replaced."""
    values = plan.variables[name].values.copy()
    values[at] = value
    return spoilt(plan, name, values)


def largest(plan: Plan, name: str) -> tuple[int, ...]:
    values = plan.variables[name].values
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(values)), values.shape))


@pytest.mark.parametrize("name", ["hall", "installed", "capacity", "supply", "energy", "kept", "build", "build_link"])
def test_one_per_cent_less_of_any_capacity_is_caught(plans: dict[str, Plan], name: str) -> None:
    plan = plans["tiny"]
    at = largest(plan, name)
    assert plan.variables[name].values[at] > 0
    certificate = certify(plan.scenario, changed(plan, name, at, 0.99 * plan.variables[name].values[at]))
    assert not certificate.ok
    assert certificate.max_violation > 1e-4
    assert certificate.findings


def test_a_smaller_limit_in_the_tables_is_caught(plans: dict[str, Plan]) -> None:
    plan = plans["tiny"]
    at = largest(plan, "capacity")
    frames = tiny_frames()
    frames["links"]["limit_gbps"] = str(0.99 * plan.variables["capacity"].values[at])
    certificate = certify(made(frames), plan)
    assert certificate.families["bounds"] == pytest.approx(0.01, rel=0.02)
    assert any(finding.startswith("bounds: capacity / east-west") for finding in certificate.findings)


def test_a_larger_least_of_a_link_is_caught(plans: dict[str, Plan]) -> None:
    plan = plans["tiny"]
    frames = tiny_frames()
    frames["links"]["min_gbps"] = str(1.01 * plan.variables["capacity"].values.min())
    certificate = certify(made(frames), plan)
    assert certificate.families["bounds"] == pytest.approx(0.01, rel=0.02)
    assert any(finding.startswith("bounds: capacity / east-west") for finding in certificate.findings)


def test_work_served_beyond_its_latency_is_caught(plans: dict[str, Plan]) -> None:
    plan = plans["pair"]
    frames = scenarios.pair_frames()
    frames["workloads"]["latency_ms"] = "4"
    certificate = certify(load.build({"name": "pair", **_PAIR}, frames), plan)
    assert certificate.families["eligibility"] == pytest.approx(1.0)
    assert "eligibility: serve / east / west-1 / web / existing" in certificate.findings[0]


_PAIR = {"periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}


def test_a_path_that_is_not_the_pairs_own_is_caught(plans: dict[str, Plan]) -> None:
    plan = plans["pair"]
    found = plan.variables["serve"]
    labels = tuple((*label[:3], "all" if label[:2] == ("east", "west-1") else label[3]) for label in found.labels)
    other = with_variables(plan, {**plan.variables, "serve": dataclasses.replace(found, labels=labels)})
    assert certify(plan.scenario, other).families["eligibility"] == pytest.approx(1.0)


def test_a_wrong_cost_and_a_wrong_objective_are_caught(plans: dict[str, Plan]) -> None:
    plan = plans["five"]
    for change in ({"cost_mcny": plan.cost_mcny * (1 - 1e-5)}, {"objective": plan.objective * (1 - 1e-5)}):
        certificate = certify(plan.scenario, dataclasses.replace(plan, **change))  # type: ignore[arg-type]
        assert not certificate.ok
        assert len(certificate.findings) == 1
        assert certificate.cost == pytest.approx(plan.cost_mcny)


def test_a_dearer_table_is_caught(plans: dict[str, Plan]) -> None:
    frames = tiny_frames()
    frames["power"]["price"] = ["0.6", "0.31"]
    certificate = certify(made(frames), plans["tiny"])
    assert not certificate.ok
    assert certificate.max_violation <= 1e-9
    assert any(finding.startswith("cost:") for finding in certificate.findings)


def test_work_past_its_deadline_is_caught(plans: dict[str, Plan]) -> None:
    plan = plans["tiny"]
    frames = tiny_frames()
    frames["workloads"]["defer_hours"] = ["", "1"]
    assert plan.variables["backlog"].values.max() > 0
    certificate = certify(made(frames), plan)
    assert certificate.families["deadline"] > 1e-3
    assert max(value for name, value in certificate.families.items() if name != "deadline") <= 1e-6


BATTERY = """
    site,source,capex_mcny_per_mw,capex_mcny_per_mwh,life_years,existing_mw,existing_mwh,efficiency,profile
    west-1,solar,100,,20,3,,,sun
    west-1,battery,100,100,10,9,0,0.8,
    """


def test_green_power_is_not_counted_twice_through_a_battery() -> None:
    """Curtailed sun burnt in a battery raises the share of sun in what is generated, not in what is consumed."""
    plan = solved(made(tiny_frames(supply=BATTERY)))
    values = {name: plan.variables[name].values.copy() for name in ("generation", "charge", "discharge")}
    spare = 2.7 - values["generation"][:, 6:10, 0]
    assert spare.min() > 0.1
    values["generation"][:, 6:10, 0] += spare
    values["charge"][:, 6:10, 0] += spare / 0.36  # η each way: 0.36 of what is charged is lost, 0.64 comes back
    values["discharge"][:, 6:10, 0] += spare / 0.36 * 0.64
    trick = plan
    for name, value in values.items():
        trick = spoilt(trick, name, value)
    assert certify(plan.scenario, trick).ok  # burning is allowed and costs nothing here
    assert _made_green(trick) > _made_green(plan) + 0.05
    rule = "rule,scope,period,value\ngreen_share_min,west-1,,"
    for share, kept in ((_green(plan) - 1e-3, True), (_green(plan) + 1e-3, False)):
        certificate = certify(made(tiny_frames(supply=BATTERY, policies=f"{rule}{share}")), trick)
        assert certificate.ok == kept
        assert (certificate.families["green_share_min"] <= 1e-6) == kept


def _green(plan: Plan) -> float:
    """Least share over the periods of the facility's energy in the west that is not from the grid."""
    grid, it = (plan.variables[name] for name in ("grid", "it"))
    west = grid.labels.index(("west-1",))
    shares = 1.0 - grid.values[:, :, west].sum(axis=1) / (1.2 * it.values[:, :, west].sum(axis=1))
    return float(shares.min())


def _made_green(plan: Plan) -> float:
    """Share of what comes from sun or grid that comes from the sun."""
    sun = plan.variables["generation"].values.sum()
    grid = plan.variables["grid"]
    return float(sun / (sun + grid.values[:, :, grid.labels.index(("west-1",))].sum()))


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_caught(plans: dict[str, Plan], bad: float) -> None:
    certificate = certify(plans["pair"].scenario, changed(plans["pair"], "installed", (0, 0), bad))
    assert not certificate.ok
    assert "installed: a value is missing or not a number" in certificate.findings


def test_a_missing_family_is_caught(plans: dict[str, Plan]) -> None:
    plan = plans["five"]
    for name, found in plan.variables.items():
        steady = name == "backlog" and np.ptp(found.values, axis=1).max() < 1e-9  # as good as none in a cyclic block
        if found.values.any() and not steady:
            rest = {key: value for key, value in plan.variables.items() if key != name}
            assert not certify(plan.scenario, with_variables(plan, rest)).ok, name


def test_a_family_or_item_that_the_model_does_not_have_is_caught(plans: dict[str, Plan]) -> None:
    plan = plans["pair"]
    ghost = Found("ghost", ("site",), (("west-1",),), False, np.zeros((2, 1)))
    assert not certify(plan.scenario, with_variables(plan, {**plan.variables, "ghost": ghost})).ok
    hall = plan.variables["hall"]
    more = Found(
        "hall", hall.dims, (*hall.labels, ("moon",)), False, np.pad(hall.values, ((0, 0), (0, 1)), constant_values=1.0)
    )
    certificate = certify(plan.scenario, with_variables(plan, {**plan.variables, "hall": more}))
    assert certificate.families["bounds"] == pytest.approx(1.0)
    short = dataclasses.replace(hall, values=hall.values[:1])
    assert not certify(plan.scenario, with_variables(plan, {**plan.variables, "hall": short})).ok


def test_an_item_of_nothing_is_as_good_as_none(plans: dict[str, Plan]) -> None:
    plan = plans["pair"]
    serve = plan.variables["serve"]
    values = np.concatenate([serve.values, np.full((*serve.values.shape[:-1], 1), 1e-12)], axis=-1)
    more = dataclasses.replace(serve, labels=(*serve.labels, ("east", "west-1", "web", "all")), values=values)
    assert certify(plan.scenario, with_variables(plan, {**plan.variables, "serve": more})).ok


def test_fractions_of_whole_things_are_caught(plans: dict[str, Plan]) -> None:
    plan = plans["whole"]
    for name in ("hall_phases", "build_modules", "link_modules", "open"):
        at = largest(plan, name)
        certificate = certify(plan.scenario, changed(plan, name, at, plan.variables[name].values[at] - 0.4))
        assert certificate.families["integrality"] > 1e-3, name


def test_nothing_stands_at_a_site_that_is_not_opened(plans: dict[str, Plan]) -> None:
    plan = plans["whole"]
    never = spoilt(plan, "open", np.zeros_like(plan.variables["open"].values))
    assert certify(plan.scenario, never).families["opened_balance"] == pytest.approx(1.0)
    certificate = certify(plan.scenario, spoilt(never, "opened", np.zeros_like(plan.variables["opened"].values)))
    assert certificate.families["fleet_when_open"] == pytest.approx(1.0)
    assert certificate.families["hall_when_open"] == pytest.approx(1.0)


def test_an_order_in_a_year_that_was_over_is_caught() -> None:
    frames = scenarios.pair_frames()
    plan = solved(scenarios.pair())
    late = load.build({"name": "pair", **_PAIR, "as_of": "2026-12-31"}, frames)
    certificate = certify(late, plan)
    assert certificate.families["bounds"] == pytest.approx(1.0)


# the bound


def _spread(found: Found, size: float) -> float:
    return size * float(np.abs(found.values).max(initial=0.0))


def _noisy(duals: Any, size: float, seed: int) -> dict[str, Found]:
    rng = np.random.default_rng(seed)
    return {
        name: dataclasses.replace(
            found, values=found.values + _spread(found, size) * rng.standard_normal(found.values.shape)
        )
        for name, found in duals.items()
    }


@pytest.mark.parametrize("name", SPECIAL)
@pytest.mark.parametrize("size", [1e-9, 1e-3, 1.0])
def test_no_duals_prove_more_than_the_optimum(plans: dict[str, Plan], name: str, size: float) -> None:
    plan = plans[name]
    for seed in range(5):
        noisy = dataclasses.replace(plan, duals=_noisy(plan.duals, size, seed), relaxation_duals={})
        assert certify(plan.scenario, noisy).lower_bound <= plan.objective + 1e-6 * abs(plan.objective)


@pytest.mark.parametrize("name", ["pair", "five", "tiny", "full"])
def test_the_duals_of_an_interior_point_still_prove_the_bound(plans: dict[str, Plan], name: str) -> None:
    """Noise gives many reduced costs the wrong sign; the boxes hold the bound."""
    plan = plans[name]
    noisy = dataclasses.replace(plan, duals=_noisy(plan.duals, 1e-9, 1))
    certificate = certify(plan.scenario, noisy)
    assert certificate.lower_bound == pytest.approx(plan.objective, rel=1e-6)


REWARDS = {
    "occupancy_min": "occupancy_min,all,,0.9,all",
    "hub_share_min": "hub_share_min,all,,0.6,all",
    "green_share_min": "green_share_min,all,,0.3,all",
    "clean_share_hourly_min": "clean_share_hourly_min,all,,0.3,all",
    "clean_share_monthly_min": "clean_share_monthly_min,all,,0.3,all",
    "pue_max": "pue_max,all,,1.28,all",
    "carbon_cap_market_t": "carbon_cap_market_t,all,,100000,all",
}


def free_frames(rule: str) -> scenarios.Frames:
    """`tiny` whose equipment, halls and battery cost nothing, with a rule that can reward them for their own sake."""
    frames = tiny_frames(policies=f"rule,scope,period,value,applies\n{REWARDS[rule]}")
    frames["technologies"] = frames["technologies"].assign(capex_mcny_per_unit="0", fp32_per_unit="0.0001")
    frames["halls"]["capex_mcny_per_mw"] = "0"
    frames["sites"]["hub"] = ["", "west"]
    frames["sites"]["it_limit_mw"] = ""
    frames["supply"][["capex_mcny_per_mw", "capex_mcny_per_mwh"]] = "0"
    frames["power"]["green_premium_cny_per_kwh"] = "0.03"
    if rule.startswith("clean_share"):
        frames["power"]["green_premium_cny_per_kwh"], frames["power"]["green_profile"] = "0", "0.5"
    return frames


@pytest.mark.parametrize("rule", REWARDS)
def test_what_is_free_and_rewarded_has_a_box_that_holds_the_bound(rule: str) -> None:
    """Neither work nor money bounds such orders. scipy's optimum is the oracle: rough duals prove it, none more."""
    plan = solved(made(free_frames(rule)))
    for seed in range(3):
        noisy = dataclasses.replace(plan, duals=_noisy(plan.duals, 1e-13, seed))
        proven = certify(plan.scenario, noisy).lower_bound
        assert proven == pytest.approx(plan.objective, rel=1e-6)
    for seed in range(3):
        wild = dataclasses.replace(plan, duals=_noisy(plan.duals, 1.0, seed))
        proven = certify(plan.scenario, wild).lower_bound
        assert -math.inf < proven <= plan.objective + 1e-6 * abs(plan.objective)


def test_the_box_of_what_is_free_has_room_for_what_a_rule_asks_for_by_hand() -> None:
    """A hall of 100 MW is to be filled to 90 %, and work needs 1 MW of it: 8,900 idle servers of 0.01 MW, each with an
    upkeep of 0.1 million CNY a year, are in every plan: 900 a year with those that work. Duals that say so prove it,
    and duals twice as large prove no more: that takes a box with 9,000 servers in it.
    """
    frames = scenarios.pair_frames()
    frames = {name: frames[name] for name in ("regions", "sites", "technologies", "workloads", "demand", "halls")}
    frames["regions"], frames["sites"] = (
        frames["regions"].iloc[:1],
        frames["sites"].iloc[:1].assign(it_limit_mw="", zone=""),
    )
    frames["halls"] = (
        frames["halls"].iloc[:1].assign(existing_mw="100", capex_mcny_per_mw="", opex_mcny_per_mw_year="0")
    )
    free = {"capex_mcny_per_unit": "0", "opex_mcny_per_unit_year": "0.1", "mw_per_unit": "0.01", "idle_share": "0"}
    frames["technologies"] = frames["technologies"].iloc[:1].assign(**free, attainable_utilisation="1")
    frames["workloads"] = scenarios.frame("workload,class\nweb,general")
    frames["demand"] = scenarios.frame("region,workload,period,units\neast,web,2026,100")
    frames["policies"] = scenarios.frame("rule,scope,period,value,applies\noccupancy_min,all,,0.9,all")
    plan = solved(made(frames, periods=[2026], discount_rate=0.0, hours="one", last_period_years=1))
    assert plan.objective == pytest.approx(900.0)
    assert certify(plan.scenario, plan).lower_bound == pytest.approx(900.0)
    twice = {name: dataclasses.replace(found, values=2.0 * found.values) for name, found in plan.duals.items()}
    assert -math.inf < certify(plan.scenario, dataclasses.replace(plan, duals=twice)).lower_bound <= 900.0 + 1e-6


def test_a_changed_dual_lowers_the_bound_and_is_reported(plans: dict[str, Plan]) -> None:
    plan = plans["pair"]
    for name, found in plan.duals.items():
        if np.abs(found.values).max(initial=0.0) > 1e-6:
            at = np.unravel_index(int(np.argmax(np.abs(found.values))), found.values.shape)
            values = found.values.copy()
            values[at] *= 1.1
            other = dataclasses.replace(plan, duals={**plan.duals, name: dataclasses.replace(found, values=values)})
            certificate = certify(plan.scenario, other)
            assert certificate.lower_bound < plan.objective - 1e-6, name
            assert any(finding.startswith("lower bound") for finding in certificate.findings), name


def test_no_duals_still_give_a_bound(plans: dict[str, Plan]) -> None:
    plan = dataclasses.replace(plans["tiny"], duals={}, lower_bound=-math.inf)
    certificate = certify(plan.scenario, plan)
    assert certificate.ok
    assert certificate.lower_bound <= plan.objective
