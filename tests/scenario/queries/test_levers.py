"""A lever scales what it says by what it is asked, and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.access_cases import access
from tests.golden.small import small
from tests.scenario.folder import by
from xisuan.decisions.confidence.estimate_sensitivity import groups
from xisuan.errors import ScenarioError
from xisuan.scenario import load, write
from xisuan.scenario.queries import levers
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.provenance_tables import LEVERS
from xisuan.scenario.variants import lever_settings


def starter() -> Scenario:
    return load.load("starter")


def same_but(one: Scenario, other: Scenario, *names: str) -> bool:
    """Whether the tables are the same, those named apart."""
    return all(one[name].equals(other[name]) for name in one.tables if name not in names)


def test_power_in_the_west_costs_more_in_every_hour() -> None:
    """By a profile of rules: the west pays 1.25 times as much, the east as before, and profiles keep their shape."""
    given = starter()
    found = lever_settings.pull(given, "western_power_price", 25.0)
    before, after = (one["power"].set_index("zone")["price"] for one in (given, found))
    assert after["coast"] == before["coast"]
    assert np.allclose(found.curve(after["inland"]), 1.25 * given.curve(before["inland"]), rtol=1e-12)
    assert np.array_equal(found.curve(after["coast"]), given.curve(before["coast"]))
    assert same_but(given, found, "power", "profile_rules", "profiles")


def test_prices_that_are_profiles_or_numbers_move_alike() -> None:
    """On the shipped region: every zone with a western site, and no other."""
    given = load.load("guizhou")
    found = lever_settings.pull(given, "western_power_price", -10.0)
    sites = given["sites"]
    west = set(sites.loc[sites["lon"] < levers.DIVIDE, "zone"])
    assert 0 < len(west) < len(given["power"])
    for before, after in zip(given["power"].to_dict("records"), found["power"].to_dict("records"), strict=True):
        factor = 0.9 if before["zone"] in west else 1.0
        assert np.allclose(found.curve(after["price"]), factor * given.curve(before["price"]), rtol=1e-12)


@pytest.mark.parametrize(("lever", "table", "column", "moves"), [
    ("eastern_demand", "demand", "units", lambda row: row["region"] == "city"),
    ("intelligent_demand", "demand", "units", lambda row: row["workload"] == "training"),
    ("budgets", "budgets", "limit_mcny", lambda row: True),
])  # fmt: skip
def test_a_lever_scales_its_column(lever: str, table: str, column: str, moves: object) -> None:
    given = starter()
    work = given["workloads"]
    intelligent = set(work.loc[work["class"] == "intelligent", "workload"])
    found = lever_settings.pull(given, lever, 50.0)
    rows = given[table].apply(moves, axis=1)  # type: ignore[call-overload]
    if lever == "intelligent_demand":
        rows = given[table]["workload"].isin(intelligent)
    factor = pd.Series(1.0, given[table].index).where(~rows.astype(bool), 1.5)
    assert rows.any()
    assert np.allclose(found[table][column], given[table][column] * factor)
    assert same_but(given, found, table)


def test_a_detour_lengthens_cables_and_delays_alone() -> None:
    """And with them the delay of links that have none of their own, which follows from the length."""
    given = starter()
    found = lever_settings.pull(given, "detour", 20.0)
    assert np.allclose(found["links"]["length_km"], 1.2 * given["links"]["length_km"], equal_nan=True)
    assert np.allclose(found["links"]["latency_ms"], 1.2 * given["links"]["latency_ms"], equal_nan=True)
    assert given["links"]["length_km"].notna().any()
    assert same_but(given, found, "links")


def test_demand_by_population() -> None:
    """Half way each region demands the mean of its own share and its people's; the nation demands what it did."""
    given = load.load("china")
    people = given["regions"].set_index("region")["population"]
    whole, half = (lever_settings.pull(given, "population_demand", percent)["demand"] for percent in (100.0, 50.0))
    before = given["demand"]
    for work, rows in before.groupby(["workload", "period"]):
        assert whole.loc[rows.index, "units"].sum() == pytest.approx(rows["units"].sum(), rel=1e-12), work
        a_head = whole.loc[rows.index, "units"] / rows["region"].map(people)
        assert a_head.max() == pytest.approx(a_head.min(), rel=1e-12)
    assert np.allclose(half["units"], (before["units"] + whole["units"]) / 2.0, rtol=1e-12)
    for percent in (-1.0, 101.0):
        with pytest.raises(ScenarioError, check=by("percent-out-of-range")):
            lever_settings.pull(given, "population_demand", percent)


def test_the_table_of_ranges_knows_the_levers() -> None:
    assert tuple(levers.BY_NAME) == LEVERS


@pytest.mark.parametrize("lever", list(levers.BY_NAME))
def test_nothing_moves_by_nothing_and_what_moved_can_be_written(lever: str, tmp_path: object) -> None:
    given = starter()
    assert lever_settings.pull(given, lever, 0.0) is given
    found = lever_settings.pull(given, lever, 7.5)
    write.write(found, f"{tmp_path}/s")
    assert write.same(load.load(f"{tmp_path}/s"), found)


@pytest.mark.parametrize(
    ("lever", "percent"), [("nothing", 1.0), ("budgets", 500.0), ("budgets", -95.0), ("budgets", float("nan"))]
)
def test_what_cannot_be_asked_is_refused(lever: str, percent: float) -> None:
    with pytest.raises(ScenarioError):
        lever_settings.pull(starter(), lever, percent)


def test_a_lever_without_anything_to_move_is_not_on_offer() -> None:
    frames = {"regions": pd.DataFrame({"region": ["a"], "lat": [30.0], "lon": [120.0]})}
    bare = load.build({"name": "bare", "periods": [2026], "base_year": 2026}, frames)
    assert levers.moved(bare) == ()
    with pytest.raises(ScenarioError, check=by("lever-moves-nothing")):
        lever_settings.pull(bare, "budgets", 10.0)


def test_ranges_move_with_the_figures_they_are_of() -> None:
    """Each end keeps its ratio to the least or greatest of its figures, or a swing would be that of the lever."""
    rows = "table,key,column,low,high\nbudgets,*,limit_mcny,60,360\nbudgets,2027/access,limit_mcny,150,400"
    budget = "period,scope,limit_mcny\n2026,access,100\n2027,access,300"
    given = access({"budgets": budget, "estimates": rows + "\nmeasures,port,pace_units_year,20,30"})
    moved = lever_settings.pull(given, "budgets", 50.0)["estimates"]
    assert moved["low"].tolist() == pytest.approx([90.0, 225.0, 20.0])
    assert moved["high"].tolist() == pytest.approx([540.0, 600.0, 30.0])


def test_demand_by_population_keeps_what_is_given_of_each_range() -> None:
    given = load.load("china")
    moved = lever_settings.pull(given, "population_demand", 50.0)
    for before, after in zip(groups(given), groups(moved), strict=True):
        assert (before.table, before.key, before.column) == (after.table, after.key, after.column)
        assert np.allclose(before.low, after.low, rtol=1e-9)
        assert np.allclose(before.high, after.high, rtol=1e-9)


BOUND = {
    "technologies": "technology,class,capex_mcny_per_unit,life_years\ngpu,intelligent,1,5\nnpu,intelligent,1,5\n"
    "cpu,general,1,5",
    "workloads": "workload,class\nany,intelligent\nown,gpu\nother,npu\nplain,general\nbound,cpu",
    "demand": "region,workload,period,units\n"
    + "\n".join(f"r,{work},2026,10\nr,{work},2027,20" for work in ("any", "own", "other", "plain", "bound")),
}


def test_work_that_is_bound_to_an_intelligent_technology_is_intelligent_demand() -> None:
    """And work of another class, or bound to equipment of another class, is not."""
    found = lever_settings.pull(small(BOUND), "intelligent_demand", 50.0)["demand"]
    moved = dict(found.groupby("workload")["units"].sum())
    assert moved == {"any": 45.0, "own": 45.0, "other": 45.0, "plain": 30.0, "bound": 30.0}


def test_the_lever_is_on_offer_where_all_intelligent_work_is_bound() -> None:
    demand = "region,workload,period,units\nr,own,2026,1\nr,own,2027,1"
    given = small({**BOUND, "workloads": "workload,class\nown,gpu", "demand": demand})
    assert "intelligent_demand" in {one.name for one in levers.moved(given)}


GROWING = {
    "regions": "region,lon,population,period\na,120,1,\na,120,3,2027\nb,100,1,\nc,100,9,",
    "sites": "site,node\ns,a",
    "demand": "region,workload,period,units\na,w,2026,10\nb,w,2026,30\na,w,2027,10\nb,w,2027,30",
}
"""Region a has 1 person of 2 in 2026 and 3 of 4 from 2027 on; c asks for nothing."""


def test_demand_by_population_counts_who_lives_there_in_its_period() -> None:
    """Half way from 10 and 30 to 20 and 20 in 2026, to 30 and 10 in 2027."""
    found = lever_settings.pull(small(GROWING), "population_demand", 50.0)
    assert found["demand"]["units"].tolist() == [15.0, 25.0, 20.0, 20.0]


@pytest.mark.parametrize("order", [("eastern_demand", "population_demand"), ("population_demand", "eastern_demand")])
def test_demand_by_population_is_moved_after_the_other_levers(order: tuple[str, str]) -> None:
    """Twice as much in the east is 20 and 30; of the 50, a has a half in 2026 and three quarters in 2027."""
    found = lever_settings.pull_all(small(GROWING), dict.fromkeys(order, 100.0))
    assert found["demand"]["units"].tolist() == [25.0, 25.0, 37.5, 12.5]


def test_prices_move_in_zones_with_any_site_in_the_west() -> None:
    tables = {
        "regions": "region\nr",
        "sites": "site,node,zone,lon\ne,r,both,120\nw,r,both,100\nf,r,east,120",
        "power": "zone,price\nboth,0.5\neast,0.5",
    }
    found = lever_settings.pull(small(tables), "western_power_price", 10.0)["power"]
    assert found["price"].tolist() == [pytest.approx(0.55), 0.5]
