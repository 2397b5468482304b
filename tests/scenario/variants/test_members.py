"""The table `members`: what is wrong with it, all at once; and the scenarios that it makes."""

from __future__ import annotations

import datetime

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
