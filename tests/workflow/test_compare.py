"""What one plan does otherwise than another, and nothing that is only rounding."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from gnomon.options import Options
from tests.access_cases import access
from tests.planning.test_access_with_compute import joint
from tests.scenarios import pair
from tests.workflow.planned import five_plan, pair_plan
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.workflow.compare import FRAMES, compare
from xisuan.workflow.plan import plan


def dearer(scenario: Scenario, price: float) -> Scenario:
    """`pair` with another price of power in the west."""
    power = scenario["power"].copy()
    power["price"] = power["price"].where(power["zone"] != "west", price)
    return dataclasses.replace(scenario, tables={**scenario.tables, "power": power})


def stay_home() -> Plan:
    """`pair` where power in the west is so dear that nothing moves there."""
    return plan(dearer(pair(), 2.0))


def test_a_plan_is_the_same_as_itself() -> None:
    """No row differs."""
    found = compare(pair_plan(), pair_plan())
    assert found.same
    assert all(getattr(found, name).empty for name in FRAMES if name != "figures")
    assert (found.figures["change"] == 0).all()


def test_two_loose_solves_of_the_same_thing_are_the_same() -> None:
    """What the gap leaves open is no difference."""
    loose = plan(five_plan().scenario, Options(solver="ipx", gap=1e-4))
    found = compare(five_plan(), loose)
    assert found.tolerance > 1e-4
    assert found.figures.set_index("figure").loc["cost", "change"] == pytest.approx(0, abs=1e-4 * loose.cost_mcny)


def test_differences_are_those_of_the_tables() -> None:
    """Dear power in the west: the servers are built in the east, and the work stays there."""
    found = compare(pair_plan(), stay_home(), ("cheap", "dear"))
    assert not found.same
    figures = found.figures.set_index("figure")
    assert figures.loc["cost", "a"] == pytest.approx(54.398)
    assert figures.loc["cost", "change"] == pytest.approx(stay_home().cost_mcny - 54.398)
    builds = found.builds.set_index(["period", "asset", "where"])
    assert builds.loc[(2026, "hall", "west-1"), "b"] == pytest.approx(0, abs=1e-9)
    assert builds.loc[(2027, "compute", "west-1"), "change"] == pytest.approx(-20)
    assert builds.loc[(2027, "compute", "east-1"), "a"] == pytest.approx(0)
    service = found.service.set_index(["period", "workload", "site"])
    moved = service.loc[(2027, "web", "west-1")]
    assert moved["a"] == pytest.approx(60 / 140)
    assert moved["change"] == pytest.approx(20 / 140 - 60 / 140)
    assert found.costs.set_index("term").loc["energy", "change"] > 0
    assert set(found.emissions["measure"]) >= {"location_t", "grid_mwh"}


def test_the_largest_change_comes_first_and_years_in_order() -> None:
    """So that the first rows are the ones to read: what changes most stands first, and a thing's years follow in turn."""
    found = compare(pair_plan(), stay_home())
    for name in FRAMES[1:]:
        frame: pd.DataFrame = getattr(found, name)
        things = [key for key in frame if key not in ("period", "a", "b", "change")]
        most = frame["change"].abs().groupby([frame[key] for key in things], sort=False).max()
        assert most.is_monotonic_decreasing, name
        if "period" in frame:
            years = frame.groupby(things, sort=False)["period"]
            assert years.apply(lambda of: of.is_monotonic_increasing).all(), name
    assert (found.emissions.groupby("measure")["period"].size() == 2).any()


def test_what_one_plan_lacks_counts_as_nothing() -> None:
    """Plans of other scenarios, periods and hours can be compared."""
    found = compare(pair_plan(), five_plan())
    builds = found.builds
    assert (builds.loc[builds["where"] == "high", "a"] == 0).all()
    assert builds[["a", "b", "change"]].notna().all(axis=None)


STATE = [(2026, "a", 1e4), (2026, "b", 2e4), (2026, "c", 1.5e4), (2028, "a", 1e4), (2028, "b", 2e4), (2028, "c", 1.5e4)]
"""Residents of the three cities; the first period stands for two years, the last for three."""


def told(gigabit: tuple[int, ...], capital: float, duct: float, mwh: float, tonnes: float) -> Plan:
    """A plan of three cities with made-up results: whether each is a gigabit city, by period and city; what access and
    its ducts cost in b in 2026, and what it draws and emits there in a year from 2028 on."""
    found = plan(access(periods=[2026, 2028], last_period_years=3))
    scored = pd.DataFrame(STATE, columns=["period", "city", "residents"]).assign(gigabit=[bool(one) for one in gigabit])
    rows = [(2026, "access_capex", "b", "y", capital, capital), (2026, "route_capex", "b", "y", duct, duct)]
    rows += [(2028, "access_opex", "b", "y", 7.0, 7.0)]
    order = {"period": 2026, "city": "b", "measure": "port", "amount": 10 * capital, "unit": "ports"}
    used = {"period": 2028, "city": "b", "grid_mwh": mwh, "location_t": tonnes}
    own = {"gigabit": scored, "costs": pd.DataFrame(rows, columns=list(found.costs.columns))}
    own |= {"rollout": pd.DataFrame([order]), "access_totals": pd.DataFrame([used])}
    return dataclasses.replace(found, tables={**found.tables, **own})


def all_three() -> Plan:
    """c from the start, a for the first period alone, b in the second."""
    return told((1, 0, 1, 0, 1, 1), capital=50.0, duct=4.0, mwh=600.0, tonnes=300.0)


def one_less() -> Plan:
    """c from the start, a in the second period, b never."""
    return told((0, 0, 1, 1, 0, 1), capital=20.0, duct=1.0, mwh=100.0, tonnes=50.0)


def test_access_counts_in_capital_energy_and_carbon() -> None:
    """54 against 21 mCNY; three years of 600 and of 100 MWh, of 300 and of 50 t."""
    figures = compare(all_three(), one_less()).figures.set_index("figure")
    assert figures.loc["capital", ["a", "b", "change"]].tolist() == [54.0, 21.0, -33.0]
    assert figures.loc["energy", ["a", "b", "change"]].tolist() == [1800.0, 300.0, -1500.0]
    assert figures.loc["carbon", ["a", "b", "change"]].tolist() == [900.0, 150.0, -750.0]
    yearly = compare(all_three(), one_less()).emissions.set_index(["period", "measure"])["change"].to_dict()
    assert yearly == {(2028, "grid_mwh"): -500.0, (2028, "location_t"): -250.0}


def test_cities_are_counted_and_named_with_their_years() -> None:
    """At the end of 2030 b and c against a and c. Resident-years: c 5 x 15,000 in both, a 2 and 3 x 10,000, b 3 x
    20,000 and none."""
    found = compare(all_three(), one_less())
    figures = found.figures.set_index("figure")
    assert figures.loc["gigabit", ["a", "b", "size"]].tolist() == [2.0, 2.0, 3.0]
    assert figures.loc["resident_years", ["a", "b", "size"]].tolist() == [155e3, 105e3, 225e3]
    assert found.cities.to_dict("records") == [
        {"city": "b", "a": 6e4, "b": 0.0, "change": -6e4, "a_years": "2030", "b_years": "", "a_end": True, "b_end": False},
        {"city": "a", "a": 2e4, "b": 3e4, "change": 1e4, "a_years": "2027", "b_years": "2030", "a_end": False,
         "b_end": True},
    ]  # fmt: skip


def test_years_that_follow_one_another_are_a_span() -> None:
    """c all along, in periods that end in 2027 and 2030; in the other plan not at all."""
    found = compare(all_three(), told((0, 0, 0, 0, 0, 0), 1.0, 0.0, 0.0, 0.0)).cities.set_index("city")
    assert found.loc["c", "a_years"] == "2027–2030"
    assert found.loc["c", "b_years"] == ""


def test_without_sites_nothing_is_said_of_halls_and_work() -> None:
    """And without cities nothing of gigabit cities."""
    found = compare(all_three(), one_less())
    assert list(found.figures["figure"]) == ["cost", "capital", "gigabit", "resident_years", "energy", "carbon"]
    assert found.service.empty
    assert found.capacity.empty
    assert not {"gigabit", "resident_years"} & set(compare(pair_plan(), stay_home()).figures["figure"])


def test_what_is_ordered_in_cities_is_built() -> None:
    """500 ports against 200."""
    row = compare(all_three(), one_less()).builds.to_dict("records")
    assert row == [
        {"period": 2026, "asset": "access", "where": "b", "technology": "port", "unit": "ports", "a": 500.0, "b": 200.0,
         "change": -300.0}
    ]  # fmt: skip


def test_sites_and_cities_add_up() -> None:
    """Beside the same sites alone, a plan of both has the capital of access more, and its cities; halls are the same."""
    both = plan(joint())
    found = compare(pair_plan(), both)
    figures = found.figures.set_index("figure")
    access_money = both.access_totals["capex_mcny"].sum()
    assert access_money > 0.1
    assert figures.loc["capital", "change"] == pytest.approx(access_money, rel=1e-6)
    assert figures.loc["halls", "change"] == pytest.approx(0.0, abs=1e-6)
    assert figures.loc["energy", "change"] == pytest.approx(0.0, abs=1e-3)
    assert {"a", "b"} <= set(found.cities["city"])
    assert figures.loc["gigabit", "a"] == 0.0
    assert set(found.builds["asset"]) == {"access"}


def test_the_same_cities_are_no_difference() -> None:
    found = compare(all_three(), all_three())
    assert found.same
    assert found.cities.empty
