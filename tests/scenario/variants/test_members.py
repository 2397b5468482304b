"""The table `members`: what is wrong with it, all at once; and the scenarios that it makes."""

from __future__ import annotations

import datetime
import io

import numpy as np
import pandas as pd
import pytest

from tests.scenario.folder import by, made, told
from xisuan.errors import ScenarioError
from xisuan.planning.two_stage_program import two_stage
from xisuan.scenario import load, write
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.provenance_tables import LEVERS
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.scenario.variants import lever_settings
from xisuan.scenario.variants.members import mean, members, refuse, wrong


def starter(rows: dict[str, list[object]], **settings: object) -> Scenario:
    """The shipped starter with these members."""
    given = load.load("starter").with_settings(**settings)
    frames = {name: table for name, table in given.tables.items() if len(table)}
    return load.build(given.settings, {**frames, "members": pd.DataFrame(rows)})


TWO = {"member": ["low", "high"], "probability": [0.25, 0.75], "eastern_demand": [-20, 20], "detour": [0, 10]}


def test_the_columns_are_the_levers() -> None:
    columns = {column.name for column in BY_NAME["members"].columns}
    assert set(LEVERS) <= columns
    assert columns - set(LEVERS) == {"member", "title", "title_zh", "probability", "how", "how_zh"}


def test_a_member_is_the_scenario_with_its_levers_moved() -> None:
    given = starter(TWO)
    low, high = members(given)
    assert [one.probability for one in (low, high)] == [0.25, 0.75]
    for one, percent in ((low, -20.0), (high, 20.0)):
        assert not one.scenario.has("members")
        by_hand = lever_settings.pull(load.load("starter"), "eastern_demand", percent)["demand"]
        pd.testing.assert_frame_equal(one.scenario["demand"], by_hand)
    assert low.scenario["links"].equals(given["links"])
    assert np.allclose(high.scenario["links"]["length_km"], 1.1 * given["links"]["length_km"])


def test_the_mean_moves_every_lever_by_its_mean() -> None:
    """−20 % and +20 %, one to three: +10 %; the detour of 10 % comes with 0.75."""
    given = starter(TWO)
    found = mean(given, members(given))
    east = lever_settings.pull(load.load("starter"), "eastern_demand", 10.0)["demand"]
    assert np.allclose(found["demand"]["units"], east["units"])
    assert np.allclose(found["links"]["length_km"], 1.075 * given["links"]["length_km"])


def test_members_see_the_hours_of_the_scenario() -> None:
    """Demand that grows in one place alone would move the days that stand for the year, and costs could not be compared."""
    given = starter(TWO)
    assert given.settings.hours.kind == "days"
    for one in members(given):
        assert one.scenario.timeline.blocks == given.timeline.blocks


def test_it_is_written_and_read(tmp_path) -> None:
    given = starter(TWO)
    write.write(given, tmp_path / "again")
    assert write.same(given, load.load(tmp_path / "again"))


def test_every_problem_is_told_at_once(tmp_path) -> None:
    folder = made(
        tmp_path,
        members_csv="member,probability,budgets,population_demand,weight\nup/down,0.5,10,0,1\nb,0.4,,120,1\nb,0.3,,,1\n",
    )
    _, problems = load.examine(folder)
    said = [told(problem) for problem in problems if problem.level == "error"]
    assert any("weight · column-unknown" in line for line in said)
    assert any("population_demand: 120 · value-above-maximum" in line for line in said)
    assert any("b" in line and "key-repeated" in line for line in said)


def test_names_probabilities_and_what_is_not_there_are_told_at_once(tmp_path) -> None:
    folder = made(tmp_path, members_csv="member,probability,budgets\nup/down,0.5,10\nb,0.4,\n")
    _, problems = load.examine(folder)
    assert [told(problem) for problem in problems if problem.level == "error"] == [
        "members.csv, row 2 (up/down), member: up/down · name-invalid",
        "members.csv, probability: 0.9 · probabilities-not-one",
        "members.csv, row 2 (up/down), budgets: 10 · lever-moves-nothing",
    ]


def test_members_are_planned_for_least_cost_only() -> None:
    with pytest.raises(ScenarioError, check=by("members-need-cost")):
        starter(TWO, objective="carbon")


def test_a_member_that_makes_no_scenario_is_named() -> None:
    """Of each member that the checks refuse, what they say."""
    given = starter({"member": ["a", "b"], "probability": [0.5, 0.5], "budgets": [10, 20]})
    broken = given["budgets"].assign(scope="nowhere")
    with pytest.raises(ScenarioError) as caught:
        members(given.with_tables(budgets=broken))
    rows = [problem.row for problem in caught.value.problems]
    assert any(row.startswith("a: budgets") for row in rows)
    assert any(row.startswith("b: budgets") for row in rows)


def test_who_knows_one_future_only_refuses() -> None:
    with pytest.raises(ScenarioError, check=by("one-future-only")):
        refuse(starter(TWO))
    refuse(load.load("starter"))


def test_members_of_whom_nothing_is_left_to_decide_are_refused() -> None:
    given = starter(TWO)
    last = given.settings.periods[-1]
    ended = given.with_settings(as_of=datetime.date(last, 12, 31))
    for ask in (members, two_stage):
        with pytest.raises(ScenarioError, check=by("members-all-periods-past")):
            ask(ended)
    assert [problem.column for problem in wrong(ended)] == ["as_of"]


def years() -> Scenario:
    """Three demand paths and two other years of sun, as members that have values of their own."""
    frames = {name: pd.read_csv(io.StringIO(text)) for name, text in YEARS.items()}
    return load.build({"periods": [2026, 2028], "hours": "hours:24", "discount_rate": 0.0}, frames)


YEARS = {
    "regions": "region,lat,lon\neast,31,121\n",
    "sites": "site,node,zone\nstall,east,grid\n",
    "technologies": "technology,class,mw_per_unit,capex_mcny_per_unit,life_years\nserver,general,0.01,1,5\n",
    "workloads": "workload,class,unserved_mcny_per_unit_hour\nweb,general,0.1\nmail,general,0.1\n",
    "demand": "region,workload,period,units\neast,web,2026,100\neast,web,2028,120\neast,mail,2026,10\neast,mail,2028,10\n",
    "power": "zone,price,co2_kg_per_kwh,period\ngrid,0.5,0.6,\ngrid,0.4,0.5,2028\n",
    "supply": "site,source,profile,limit_mw,capex_mcny_per_mw,life_years\nstall,solar,sun,10,4,20\n",
    "profile_rules": (
        "profile,hours,value\nsun,,0\nsun,8-15,0.6\nsun-dull,,0\nsun-dull,9-14,0.3\nsun-flat,,0.2\nnight,,0.3\nnight,8-21,0.9\n"
    ),
    "members": "member,probability,western_power_price\nas-given,0.5,\nboom,0.25,\ndull,0.25,\n",
    "member_values": (
        "member,table,key,column,value\nboom,demand,*/web,units,150\nboom,demand,east/web/2028,units,300\n"
        "boom,power,grid/2028,price,night\ndull,profiles,*,sun,sun-dull\ndull,profiles,*,sun-dull,sun-flat\n"
        "dull,power,*,co2_kg_per_kwh,0.8\n"
    ),
}
SUN = np.where((np.arange(8760) % 24 >= 8) & (np.arange(8760) % 24 <= 15), 0.6, 0.0)
DULL = np.where((np.arange(8760) % 24 >= 9) & (np.arange(8760) % 24 <= 14), 0.3, 0.0)
NIGHT = np.where((np.arange(8760) % 24 >= 8) & (np.arange(8760) % 24 <= 21), 0.9, 0.3)


def test_members_have_values_and_profiles_of_their_own() -> None:
    """A beginning of a key stands for all rows that begin so, and a later row overrides an earlier one. Profiles are
    replaced by those of the scenario, not one after the other.
    """
    given, boom, dull = (one.scenario for one in members(years()))
    assert given["demand"]["units"].tolist() == [100.0, 120.0, 10.0, 10.0]
    assert boom["demand"]["units"].tolist() == [150.0, 300.0, 10.0, 10.0]
    assert boom["power"]["price"].tolist() == [0.5, "night"]
    assert dull["power"]["co2_kg_per_kwh"].tolist() == [0.8, 0.8]
    for one, sun, other in ((given, SUN, DULL), (boom, SUN, DULL), (dull, DULL, np.full(8760, 0.2))):
        assert np.array_equal(one.curve("sun"), sun)
        assert np.array_equal(one.curve("sun-dull"), other)
        assert not one.has("member_values")


def test_the_mean_has_every_value_and_profile_at_its_mean() -> None:
    scenario = years()
    made = mean(scenario, members(scenario))
    assert made["demand"]["units"].tolist() == [112.5, 165.0, 10.0, 10.0]
    assert made["power"]["co2_kg_per_kwh"].tolist() == pytest.approx([0.65, 0.575])
    assert np.allclose(made.curve("sun"), 0.75 * SUN + 0.25 * DULL)
    assert made["power"]["price"][0] == 0.5
    assert np.allclose(made.curve(made["power"]["price"][1]), 0.75 * 0.4 + 0.25 * NIGHT)


def test_values_of_members_are_written_and_read(tmp_path) -> None:
    write.write(years(), tmp_path / "again")
    assert write.same(years(), load.load(tmp_path / "again"))


def test_each_problem_of_a_value_of_a_member_is_told(tmp_path) -> None:
    folder = made(
        tmp_path,
        members_csv="member,probability\na,1\n",
        member_values_csv=(
            "member,table,key,column,value\na,links,east-west,length_km,500\nb,demand,*,units,3\na,demnd,*,units,3\n"
            "a,demand,*,period,3\na,demand,east/web/2027,units,3\na,links,*,latency_ms,3\na,profiles,*,sun,3\n"
            "a,demand,*,profile,3\na,sources,*,date,3\na,demand,*,units,wind\n"
        ),
    )
    _, problems = load.examine(folder)
    assert [told(problem) for problem in problems if problem.level == "error"] == [
        "member_values.csv, row 11, value: wind · profile-or-number-unknown",
        "member_values.csv, row 3, member: b · reference-unknown",
        "member_values.csv, row 4 (a/demnd/*/units), table: demnd · member-value-of-table",
        "member_values.csv, row 5 (a/demand/*/period), column: period · member-value-of-column",
        "member_values.csv, row 6 (a/demand/east/web/2027/units), key: east/web/2027 · member-value-without-row",
        "member_values.csv, row 7 (a/links/*/latency_ms), column: latency_ms · member-value-of-blank",
        "member_values.csv, row 8 (a/profiles/*/sun), column: sun · member-value-of-profile",
        "member_values.csv, row 9 (a/demand/*/profile), column: profile · member-value-of-blank",
        "member_values.csv, row 10 (a/sources/*/date), table: sources · member-value-of-table",
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("a,demand,*,units,day", "member-value-not-number"),
        ("a,demand,*,profile,3", "member-value-not-profile"),
        ("a,profiles,0,day,3", "member-value-of-hours"),
    ],
)
def test_a_value_of_another_kind_is_told(tmp_path, row: str, code: str) -> None:
    folder = made(
        tmp_path,
        members_csv="member,probability\na,1\n",
        demand_csv="region,workload,period,units,profile\neast,web,2026,100,day\n",
        profile_rules_csv="profile,value\nday,1\n",
        member_values_csv=f"member,table,key,column,value\n{row}\n",
    )
    assert [problem.code for problem in load.examine(folder)[1] if problem.level == "error"] == [code]


def test_a_value_beyond_the_bounds_of_its_column_is_told_with_its_member() -> None:
    given = years()
    rows = given["member_values"].assign(value=-1.0)
    with pytest.raises(ScenarioError) as caught:
        members(given.with_tables(member_values=rows.iloc[:1]))
    assert caught.value.problems[0].row.startswith("boom: demand")
