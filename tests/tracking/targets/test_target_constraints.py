"""A published target as a constraint: the margin that a reader can work out, the words where it is out of reach."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

import xisuan as xs
from tests.access_cases import PLACES
from tests.golden.small import small
from xisuan.cli.main import group
from xisuan.scenario.load import load
from xisuan.tracking.targets import target_constraints
from xisuan.tracking.targets.target_constraints import Price
from xisuan.workflow.plan import plan

DRIVERS = """
    indicator,variable,kind,high
    intelligent_compute_capacity,eflops_fp16,identity,1
    racks,racks,identity,1
    compute_facility_fixed_investment,investment,identity,1
    gigabit_cities,gigabit_cities,identity,1
    gdp,investment,scenario,4
    """
INDICATORS = """
    indicator,unit,kind
    intelligent_compute_capacity,EFLOPS,stock
    racks,1,stock
    compute_facility_fixed_investment,mCNY,flow
    gigabit_cities,1,stock
    gdp,mCNY,flow
    """
TARGETS = """
    indicator,region,deadline,value,unit
    racks,guizhou,2025-12-31,2000,1
    racks,guizhou,2027-12-31,8000,1
    intelligent_compute_capacity,guizhou,2027-12-31,0.03,EFLOPS
    """
TABLES = {
    "halls": "site,existing_mw,capex_mcny_per_mw,life_years,limit_mw\ns,2,20,30,100",
    "technologies": """
        technology,class,unit,precision,eflops_per_unit,mw_per_unit,capex_mcny_per_unit,life_years
        i,intelligent,PFLOPS FP16,FP16,0.001,0.5,5,20
        """,
    "workloads": "workload,class\nw,intelligent",
    "drivers": DRIVERS,
    "indicators": INDICATORS,
    "targets": TARGETS,
}
ONCE: dict[str, object] = {"capital": "full"}
"""Capital is paid once, and nothing is discounted: a unit of equipment costs 5, an MW of halls 20."""


def scenario(**more: str) -> xs.Scenario:
    return small({**TABLES, "halls": TABLES["halls"], **more}, ONCE)


def planned(*asked: str, **more: str) -> tuple[xs.Plan, list[Price]]:
    given = scenario(**more)
    found = plan(xs.reach(given, *asked))
    return found, target_constraints.price(found, target_constraints.asks(given, asked))


def test_computing_power_costs_its_equipment_and_the_halls_of_it() -> None:
    """12 units are needed in 2027; 30 are asked for. One more EFLOPS: 1,000 units at 5, and 500 MW of halls at 20."""
    found, (one,) = planned("intelligent_compute_capacity")
    assert found.certificate is not None
    assert found.certificate.ok
    assert found.gap < 1e-6
    assert one.reached == pytest.approx(0.03)
    assert one.margin_mcny == pytest.approx(15000.0)
    assert found.objective == pytest.approx(plan(scenario()).objective + 18 * (5 + 0.5 * 20))


def test_racks_take_the_largest_target_of_the_horizon() -> None:
    """8,000 racks are 20 MW, of which the 12 units fill 6: a rack costs 0.0025 MW at 20."""
    found, (one,) = planned("racks")
    assert (one.asked.period, one.asked.value) == (2027, 8000.0)
    assert one.reached == pytest.approx(8000.0)
    assert one.margin_mcny == pytest.approx(0.05)
    assert found.certificate is not None
    assert found.certificate.ok
    assert found.certificate.lower_bound == pytest.approx(found.objective, rel=1e-6)


def test_investment_that_nobody_needs_costs_what_it_is() -> None:
    found, (one,) = planned("compute_facility_fixed_investment=500@2026")
    assert one.reached == pytest.approx(500.0)
    assert 0.0 < one.margin_mcny <= 1.0
    assert found.certificate is not None
    assert found.certificate.ok
    assert found.certificate.lower_bound == pytest.approx(found.objective, rel=1e-6)


def test_a_target_that_is_met_anyway_costs_nothing_and_changes_nothing() -> None:
    found, (one,) = planned("racks=2000@2027")
    assert one.margin_mcny == 0.0
    assert one.reached >= 2000.0
    assert found.objective == pytest.approx(plan(scenario()).objective)


@pytest.mark.parametrize("indicator", ["racks", "intelligent_compute_capacity", "compute_facility_fixed_investment"])
def test_a_higher_target_never_costs_less_and_the_margin_lies_between(indicator: str) -> None:
    """The margin is a slope of a convex function: between those to both sides."""
    base = {"racks": 9000.0, "intelligent_compute_capacity": 0.04, "compute_facility_fixed_investment": 400.0}[
        indicator
    ]
    (low, _), (middle, (price,)), (high, _) = (planned(f"{indicator}={base * f}@2027") for f in (0.9, 1.0, 1.1))
    assert low.objective <= middle.objective <= high.objective
    below = (middle.objective - low.objective) / (0.1 * base)
    above = (high.objective - middle.objective) / (0.1 * base)
    assert below - 1e-6 <= price.margin_mcny <= above + 1e-6


def test_opening_a_site_is_weighed_too() -> None:
    """A second site with an opening cost: its halls may be opened for a target that needs no work there."""
    more = {
        "sites": "site,node,fixed_cost_mcny\ns,r,\nt,r,7",
        "halls": "site,existing_mw,capex_mcny_per_mw,life_years,limit_mw\ns,2,20,30,8\nt,0,20,30,100",
    }
    found, (one,) = planned("racks=8000@2027", **more)
    assert one.reached == pytest.approx(8000.0)
    assert found.certificate is not None
    assert found.certificate.ok
    assert found.objective == pytest.approx(plan(scenario(**more)).objective + 7 + 20 * 12 - 0.0, abs=20 * 2 + 1e-6)


def test_seven_more_gigabit_cities_are_those_that_cost_least() -> None:
    given = small({**PLACES, "drivers": DRIVERS, "indicators": INDICATORS}, {"discount_rate": 0.0})
    costs = []
    for count in (0, 1, 2):
        asked = f"gigabit_cities={count}@2027"
        found = plan(xs.reach(given, asked))
        (one,) = target_constraints.price(found, target_constraints.asks(given, [asked]))
        assert one.reached >= count
        assert math.isnan(one.margin_mcny)  # cities come whole
        assert found.certificate is not None
        assert found.certificate.ok
        costs.append(found.objective)
    assert costs[0] < costs[1] < costs[2]
    alone = [
        plan(small({**PLACES, "city_targets": f"city,indicator,deadline\n{city},gigabit,2027"}, {"discount_rate": 0.0}))
        for city in "abc"
    ]
    assert costs[1] == pytest.approx(min(one.objective for one in alone))


def test_out_of_reach_in_words() -> None:
    with pytest.raises(xs.InfeasibleError) as told:
        planned("racks=50000@2027")
    assert "reach_racks" in str(told.value)
    assert "halls, s, limit_mw: at most 100 in 2027" in str(told.value)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("gdp", "no identity"),
        ("nonsense", "no identity"),
        ("racks=5@2040", "outside the horizon"),
        ("racks@2026", "no published target"),
        ("compute_facility_fixed_investment", "no published target"),
        ("racks = many", "such as racks=800000@2027"),
    ],
)
def test_what_cannot_be_asked_for_says_why(asked: str, words: str) -> None:
    with pytest.raises(xs.ScenarioError, match=words):
        xs.reach(scenario(), asked)


@pytest.mark.parametrize(("indicator", "rule"), [("rack_occupancy", "occupancy_min"), ("pue", "pue_max")])
def test_what_a_rule_of_the_format_asks_for_is_asked_for_there(indicator: str, rule: str) -> None:
    with pytest.raises(xs.ScenarioError, match=f"a plan is held to it by the rule {rule} of policies.csv"):
        xs.reach(load("guizhou"), f"{indicator}=1@2026")


def test_guizhou_2023_asks_for_racks_and_cities_of_2025() -> None:
    given = xs.reach(load("guizhou-2023"), "racks")
    row = given["policies"].set_index("rule").loc["reach_racks"]
    assert row["value"] == 800000.0
    with pytest.raises(xs.ScenarioError, match="no published target falls in the horizon"):
        xs.reach(load("guizhou"), "racks")


def test_the_command_says_what_a_target_costs(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    xs.write(scenario(), folder)
    told = CliRunner().invoke(group, ["plan", str(folder), "--out", str(tmp_path / "a"), "--reach", "racks", "--json"])
    assert told.exit_code == 0, told.output
    (one,) = json.loads(told.stdout)["reach"]
    assert one["margin_mcny_per_unit"] == pytest.approx(0.05)
    spoken = CliRunner().invoke(
        group, ["plan", str(folder), "--out", str(tmp_path / "b"), "--reach", "racks", "--lang", "zh"]
    )
    assert "折现成本" in spoken.stdout
    again: Any = xs.load_run(tmp_path / "a")
    assert (again.scenario["policies"]["rule"] == "reach_racks").any()


def test_a_run_is_held_to_a_target_as_a_plan_is(tmp_path: Path) -> None:
    """The same marginal cost, in the page's folder too; a run without a target says nothing of any."""
    folder = tmp_path / "given"
    xs.write(scenario().with_settings(as_of=datetime.date(2025, 12, 31)), folder)
    command = ["run", str(folder), "--quick", "--out", str(tmp_path / "a"), "--json"]
    told = CliRunner().invoke(group, [*command, "--reach", "racks"])
    assert told.exit_code == 0, told.output
    (one,) = json.loads(told.stdout)["reach"]
    assert one["margin_mcny_per_unit"] == pytest.approx(0.05)
    again: Any = xs.load_run(tmp_path / "a")
    assert (again.scenario["policies"]["rule"] == "reach_racks").any()
    assert "reach" not in json.loads(CliRunner().invoke(group, command).stdout)


def test_targets_that_a_scenario_sets_itself_are_told_with_what_they_cost(tmp_path: Path) -> None:
    """The same target, once asked for and once in `policies`: level and marginal cost are the same."""
    (asked,) = target_constraints.asks(scenario(), ["racks"])
    own = xs.reach(scenario(), "racks")
    (mine,) = target_constraints.stated(own)
    assert (mine.rule, mine.scope, mine.period, mine.value) == (asked.rule, asked.scope, asked.period, asked.value)
    xs.write(own, tmp_path / "own")
    told = CliRunner().invoke(group, ["plan", str(tmp_path / "own"), "--out", str(tmp_path / "a"), "--lang", "en"])
    assert f"Target reach_racks {mine.scope}: {mine.value:,.0f} by the end of {mine.period}" in told.stdout
    assert "50,000 CNY, discounted" in " ".join(told.stdout.split())


def test_a_target_counts_in_every_period_in_which_it_holds() -> None:
    """It may be dated before the first period. One for new sites has another level than all that stands: it is left out."""
    given = scenario()
    blank = {name: "" if given["policies"][name].dtype.kind not in "fi" else math.nan for name in given["policies"]}
    rows = [
        {
            "rule": "reach_racks",
            "scope": "all",
            "period": given.settings.periods[0] - 3.0,
            "value": 9.0,
            "applies": "all",
        },
        {"rule": "reach_eflops_fp16", "scope": "all", "period": math.nan, "value": 1.0, "applies": "new"},
    ]
    policies = pd.DataFrame([{**blank, **row} for row in rows], columns=given["policies"].columns)
    found = target_constraints.stated(given.with_tables(policies=policies.astype(given["policies"].dtypes.to_dict())))
    assert [(one.rule, one.period, one.value) for one in found] == [
        ("reach_racks", period, 9.0) for period in given.settings.periods
    ]


def test_a_target_that_the_plan_exceeds_costs_nothing() -> None:
    """The dual of a slack constraint is 0, whatever an interior point leaves of it."""
    found, (price,) = planned("racks")
    low = dataclasses.replace(price.asked, value=price.reached / 2.0)
    (free,) = target_constraints.price(found, [low])
    assert free.margin_mcny == 0.0
    assert price.margin_mcny > 0.0
