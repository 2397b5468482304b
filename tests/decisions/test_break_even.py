"""The price at which a build flips: by hand, and by plans of the scenario with that price."""

from __future__ import annotations

import dataclasses

import pytest

import xisuan as xs
from tests.golden.small import small
from xisuan.decisions.break_even import RESOLUTION, break_even
from xisuan.decisions.brief import typical
from xisuan.decisions.focus import Focus, focus
from xisuan.decisions.question import Question
from xisuan.planning.plan import plan
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.solver.highs import How

POWER = "zone,price,contract_price_cny_per_kwh,demand_charge_cny_per_kw_month\nnear,{near},0.2,\nfar,0.4,,"


def two_places(near: float) -> Scenario:
    """Ten racks, at s with a PUE of 1.2 or at t with 1: alike but for power."""
    tables = {"sites": "site,zone,pue\ns,near,1.2\nt,far,1", "power": POWER.format(near=near)}
    settings = {"periods": [2026], "hours": "hours:2", "report": {"region": "s"}}
    return small(tables, settings)


def built(found: Plan, site: str) -> float:
    rows = found.builds[(found.builds["asset"] == "compute") & (found.builds["where"] == site)]
    return float(rows["amount"].sum())


def test_the_break_even_is_where_power_costs_the_same_and_there_the_build_flips() -> None:
    """1.2 × (0.3 + x) = 0.4 at x = 0.0333: one step of 0.001 further all is built at t, one step less all at s."""
    scenario = two_places(0.3)
    found = plan(scenario)
    row = break_even(found, Question(scenario), focus(found)).set_index("what").loc["compute"]
    assert row["found"]
    assert (row["direction"], row["rival"]) == ("loses at", "t")
    assert row["change_cny_per_kwh"] == pytest.approx(0.034)
    assert row["price_cny_per_kwh"] == pytest.approx(0.334)
    assert row["contract_cny_per_kwh"] == pytest.approx(0.2)
    assert (row["build_after_mw"], row["rival_mw"]) == (pytest.approx(0.0), pytest.approx(0.0))
    assert built(plan(two_places(0.334)), "s") == pytest.approx(0.0)
    assert built(plan(two_places(0.333)), "s") == pytest.approx(built(found, "s"))


def test_the_hub_and_the_site_of_none_that_take_the_build_are_told_apart() -> None:
    """Beyond the break-even 4 of the 10 racks go to t, of no hub, which has room for no more, and 6 to u of another."""
    tables = {
        "sites": "site,zone,pue,hub\ns,near,1.2,h\nt,far,1,\nu,far,1.01,i",
        "power": POWER.format(near=0.3),
        "limits": "site,technology,max_units\nt,g,4",
    }
    found = plan(scenario := small(tables, {"periods": [2026], "hours": "hours:2", "report": {"region": "s"}}))
    row = break_even(found, Question(scenario), focus(found)).set_index("what").loc["compute"]
    assert (row["rival"], row["other"]) == ("u", "t")
    lost = row["build_mw"] - row["build_after_mw"]
    assert row["rival_after_mw"] + row["other_after_mw"] == pytest.approx(lost)
    assert row["other_after_mw"] == pytest.approx(0.4 * row["build_mw"])


def test_a_site_that_builds_nothing_wins_at_a_lower_price() -> None:
    scenario = two_places(0.36)
    found = plan(scenario)
    assert built(found, "s") == pytest.approx(0.0)
    row = break_even(found, Question(scenario), focus(found)).set_index("what").loc["compute"]
    assert row["direction"] == "wins at"
    assert row["change_cny_per_kwh"] == pytest.approx(-0.027), "1.2 × (0.36 − 0.0267) = 0.4"
    assert built(plan(two_places(0.36 + row["change_cny_per_kwh"])), "s") == pytest.approx(built(found, "t"))


def test_where_nothing_flips_the_largest_change_tried_is_said() -> None:
    scenario = dataclasses.replace(two_places(0.3))
    alone = dataclasses.replace(scenario, tables={**scenario.tables, "sites": scenario["sites"].iloc[:1]})
    found = plan(alone)
    row = break_even(found, Question(alone), Focus("s", ("s",))).iloc[0]
    assert not row["found"]
    assert row["change_cny_per_kwh"] == pytest.approx(1.0)


def test_raising_gui_ans_price_by_the_printed_break_even_flips_the_build() -> None:
    """`guizhou` on its typical day, planned again by another solver with the price of the zone raised."""
    scenario = typical(xs.load("guizhou"))
    found = plan(scenario, How(solver="ipx", threads=1), method="direct")
    row = break_even(found, Question(scenario), focus(found)).set_index("what").loc["halls"]
    assert row["found"]
    change = row["change_cny_per_kwh"]
    after, before = (new_halls(raised(scenario, change - less)) for less in (0.0, RESOLUTION))
    assert after <= 0.5 * row["build_mw"] + 0.1
    assert before > 0.5 * row["build_mw"] - 0.1


def raised(scenario: Scenario, change: float) -> Scenario:
    """`scenario` with a dearer zone Guizhou."""
    power, curves = scenario["power"].copy(), scenario.curves.copy()
    here = power["zone"] == "Guizhou"
    curves["dearer"] = curves[power.loc[here, "price"].iloc[0]] + change
    power.loc[here, "price"] = "dearer"
    return dataclasses.replace(scenario, tables={**scenario.tables, "power": power}, curves=curves)


def new_halls(scenario: Scenario) -> float:
    found = plan(scenario, How(solver="ipx", threads=1), method="direct")
    rows = found.capacity[(found.capacity["asset"] == "hall") & (found.capacity["where"] == "GAN")]
    last = rows[rows["period"] == 2030]
    return float((last["amount"] - last["existing"]).sum())
