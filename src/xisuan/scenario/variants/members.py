"""The members of a scenario: each a scenario of its own, with how likely it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.reading import manifest, typed_columns
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.provenance_tables import LEVERS
from xisuan.scenario.variants import lever_settings

Moves = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Member:
    """One future: its name, how likely it is, by how many percent it moves each lever, and the scenario that it makes."""

    name: str
    probability: float
    moves: Moves
    scenario: Scenario


def members(scenario: Scenario) -> tuple[Member, ...]:
    """The members of `scenario`, in the order of the table; their probabilities add up to 1 to the last digit or so.

    Raises ScenarioError with what is wrong with the scenarios that members make, of all members at once.
    """
    rows = scenario["members"].to_dict("records")
    last = scenario.settings.periods[-1]
    if rows and scenario.fixed(last):
        what = (
            f"every period has ended by then (the last: {last}), so that members have no order in common to decide on;"
            " give an earlier day, or later periods, or remove members.csv"
        )
        raise ScenarioError([Problem(manifest.FILE, "", "as_of", str(scenario.settings.as_of), what)])
    whole = float(scenario["members"]["probability"].sum())
    problems: list[Problem] = []
    found: list[Member] = []
    for row in rows:
        name = str(row["member"])
        moves = {lever: float(row[lever]) for lever in LEVERS}
        try:
            made = moved(scenario, moves, name)
        except ScenarioError as error:
            problems += [
                replace(one, row=f"{name}: {one.table} {one.row}", table="members.csv") for one in error.problems
            ]
            continue
        found.append(Member(name, float(row["probability"]) / whole, moves, _titled(made, row)))
    if problems:
        raise ScenarioError(problems)
    return tuple(found)


def wrong(scenario: Scenario) -> tuple[Problem, ...]:
    """What is wrong with the scenarios that members make: of members that a sound scenario can have, errors alone."""
    try:
        members(scenario)
    except ScenarioError as error:
        return error.problems
    return ()


def mean(scenario: Scenario, found: Sequence[Member]) -> Scenario:
    """The scenario with every lever at its mean over the members: what one would plan for who planned for one future."""
    moves = {lever: sum(one.probability * one.moves[lever] for one in found) for lever in LEVERS}
    return moved(scenario, moves, "mean")


def moved(scenario: Scenario, moves: Moves, name: str) -> Scenario:
    """`scenario` with levers moved, its own members left out, and called `name`. Raises ScenarioError.

    Representative hours are those of the scenario as given, so that members differ in what they move and in nothing else.
    """
    made = scenario.with_tables(members=_blank("members"), blocks=_blocks(scenario)).with_settings(name=name)
    return lever_settings.pull_all(made, {lever: percent for lever, percent in moves.items() if percent != 0.0})


def _titled(made: Scenario, row: Mapping[Any, Any]) -> Scenario:
    """The scenario of a member, called after both."""
    given = made.settings
    title = f"{given.title}: {row['title'] or row['member']}" if given.title else row["title"]
    title_zh = (
        f"{given.title_zh}：{row['title_zh'] or row['title'] or row['member']}" if given.title_zh else row["title_zh"]
    )
    return made.with_settings(title=str(title), title_zh=str(title_zh))


def _blocks(scenario: Scenario) -> pd.DataFrame:
    """The table `blocks` of the scenario, or the one that says which days or weeks it has chosen."""
    if scenario.has("blocks") or scenario.settings.hours.kind not in ("days", "weeks"):
        return scenario["blocks"]
    rows = pd.DataFrame(
        {
            "block": [one.name for one in scenario.timeline.blocks],
            "first_hour": [float(one.first_hour) for one in scenario.timeline.blocks],
            "hours": [float(one.hours) for one in scenario.timeline.blocks],
            "weight": [one.weight for one in scenario.timeline.blocks],
            "keep_means": [one.keep_means for one in scenario.timeline.blocks],
        }
    )
    return rows.reindex(columns=_blank("blocks").columns, fill_value="")


def _blank(table: str) -> pd.DataFrame:
    """A table without rows."""
    return typed_columns.tidy(typed_columns.empty(table), table)


def refuse(scenario: Scenario) -> None:
    """Raise ScenarioError where the scenario has members and whoever asks knows one future only."""
    if scenario.has("members"):
        what = (
            "this verb knows one future only; make the plan with xisuan plan and go on with one of its members"
            " (DIR/members/NAME, and scenario in it), or remove members.csv"
        )
        raise ScenarioError([Problem("members.csv", "", "member", str(len(scenario["members"])), what)])
