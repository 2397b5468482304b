"""The price at which a build flips: by hand, and by plans of the scenario with that price."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

import xisuan as xs
from gnomon.options import Options
from tests.golden.small import small
from tests.library.shipped import FACTS
from xisuan.decisions.costs.break_even import KEPT, NOTICED, RESOLUTION, break_even
from xisuan.decisions.repeated_solve import Question
from xisuan.decisions.reported_place import Focus, focus
from xisuan.decisions.typical_day import typical_day
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours

POWER = "zone,price,contract_price_cny_per_kwh,demand_charge_cny_per_kw_month\nnear,{near},0.2,\nfar,0.4,,"


def two_places(near: float) -> Scenario:
    """Ten racks, at s with a PUE of 1.2 or at t with 1: alike but for power."""
    tables = {"sites": "site,zone,pue\ns,near,1.2\nt,far,1", "power": POWER.format(near=near)}
    settings = {"periods": [2026], "hours": "hours:2", "report": {"region": "s"}}
    return small(tables, settings)


def charged(price: float, **settings: object) -> Scenario:
    """One site alone whose demand charge is 36 CNY/kW a month and whose load is 85 % of its peak: hours of 1 and 0.7."""
    tables = {
        "sites": "site,zone,pue\ns,near,1.2",
        "power": f"zone,price,contract_price_cny_per_kwh,demand_charge_cny_per_kw_month\nnear,{price},0.2,36",
        "profile_rules": "profile,hours,value\nuneven,,1\nuneven,1,0.7",
        "demand": "region,workload,period,units,profile\nr,w,2026,10,uneven",
    }
    return small(tables, {"periods": [2026], "hours": "hours:2", **settings})


def bill(found: Plan) -> float:
    """What a kilowatt-hour from the grid comes to, its demand charge with it, as the plan pays it; CNY."""
    paid = found.costs.loc[found.costs["term"].isin(["energy", "demand_charge"]), "mcny"].sum()
    power = found.power
    return float(1e3 * paid / (power["grid_mw"] * found.scenario.timeline.weight[power["hour"]]).sum())


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


def test_all_in_prices_are_what_a_bill_at_85_per_cent_load_comes_to() -> None:
    """Nowhere else to go, so the largest change is what is tried; the bills are of plans that pay those prices."""
    found = plan(scenario := charged(0.3))
    row = break_even(found, Question(scenario), Focus("s", ("s",))).iloc[0]
    assert row["list_all_in_cny_per_kwh"] == pytest.approx(bill(found))
    assert row["list_all_in_cny_per_kwh"] == pytest.approx(0.3 + 36 * 12 / (0.85 * 8760)), "by hand: 0.358"
    contract = plan(charged(0.3, plan={"power_price": "contract"}))
    assert row["contract_all_in_cny_per_kwh"] == pytest.approx(bill(contract))
    dearer = plan(charged(row["price_cny_per_kwh"]))
    assert row["price_cny_per_kwh"] == pytest.approx(0.3 + row["change_cny_per_kwh"])
    assert row["price_all_in_cny_per_kwh"] == pytest.approx(bill(dearer))


@pytest.mark.parametrize("hours", ["one", pytest.param("typical", marks=pytest.mark.long)])
def test_raising_gui_ans_price_by_the_printed_break_even_flips_the_build(hours: str) -> None:
    """`guizhou-days` on its mean hour or its typical day, planned again by another solver with the zone's price raised."""
    given = xs.load("guizhou-days")
    scenario = typical_day(given) if hours == "typical" else given.with_settings(hours=Hours(hours))
    found = again(scenario)
    row = break_even(found, Question(scenario), focus(found)).set_index("what").loc["halls"]
    assert row["found"]
    assert row["list_all_in_cny_per_kwh"] == pytest.approx(all_in("Guizhou"), abs=5e-4)
    assert row["contract_all_in_cny_per_kwh"] == pytest.approx(0.35, abs=5e-4), "as the operators quote it"
    change = row["change_cny_per_kwh"]
    assert row["price_all_in_cny_per_kwh"] == pytest.approx(all_in("Guizhou") + change, abs=5e-4)
    loses = row["direction"] == "loses at"
    back = RESOLUTION if loses else -RESOLUTION
    after, before = (new_halls(again(raised(scenario, change - less)), "GAN") for less in (0.0, back))
    if loses:
        assert after <= KEPT * row["build_mw"] + 0.1
        assert before > KEPT * row["build_mw"] - 0.1
    else:
        assert after > NOTICED * new_halls(found) - 0.1
        assert before < NOTICED * new_halls(found) + 0.1
    assert after == pytest.approx(row["build_after_mw"], abs=0.1)


def all_in(zone: str) -> float:
    """The price with its demand charge at 85 % load as the collection of facts has it, CNY per kWh."""
    prices = pd.read_csv(FACTS / "grid_prices.csv").set_index("zone")
    return float(prices.loc[zone, "flat_price_110kv_allin_cny_kwh"])


def raised(scenario: Scenario, change: float) -> Scenario:
    """`scenario` with a dearer zone Guizhou."""
    power, curves = scenario["power"].copy(), scenario.curves.copy()
    here = power["zone"] == "Guizhou"
    curves["dearer"] = curves[power.loc[here, "price"].iloc[0]] + change
    power.loc[here, "price"] = "dearer"
    return dataclasses.replace(scenario, tables={**scenario.tables, "power": power}, curves=curves)


def again(scenario: Scenario) -> Plan:
    return plan(scenario, Options(solver="ipx", threads=1), method="direct")


def new_halls(found: Plan, site: str = "") -> float:
    """MW of halls that are new in 2030, at a site or at all."""
    rows = found.capacity[(found.capacity["asset"] == "hall") & found.capacity["where"].str.startswith(site)]
    last = rows[rows["period"] == 2030]
    return float((last["amount"] - last["existing"]).sum())
