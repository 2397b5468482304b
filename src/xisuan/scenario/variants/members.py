"""Members of a scenario: each is a scenario of its own, with a probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.load import build
from xisuan.scenario.queries import estimate_ranges, member_values
from xisuan.scenario.reading import manifest, typed_columns
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.provenance_tables import LEVERS
from xisuan.scenario.settings import RiskOptions
from xisuan.scenario.variants import lever_settings
from xisuan.text.translation import message as _

Moves = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Member:
    """One future: its name, probability, moves of the levers in percent, scenario, and rows of `member_values`."""

    name: str
    probability: float
    moves: Moves
    scenario: Scenario
    values: tuple[member_values.Row, ...] = ()


def members(scenario: Scenario) -> tuple[Member, ...]:
    """Return the members of `scenario`, in the order of the table; their probabilities are normalised to sum to 1.

    Raises ScenarioError with the problems of all members' scenarios at once.
    """
    rows = scenario["members"].to_dict("records")
    last = scenario.settings.periods[-1]
    if rows and scenario.fixed(last):
        raise ScenarioError(
            [
                Problem(
                    "members-all-periods-past",
                    table=manifest.FILE,
                    column="as_of",
                    value=str(scenario.settings.as_of),
                    last=last,
                )
            ]
        )
    whole = float(scenario["members"]["probability"].sum())
    problems: list[Problem] = []
    found: list[Member] = []
    values: dict[str, list[member_values.Row]] = {}
    for one in scenario["member_values"].to_dict("records"):
        values.setdefault(str(one["member"]), []).append(one)
    for row in rows:
        name = str(row["member"])
        moves = {lever: float(row[lever]) for lever in LEVERS}
        own = tuple(values.get(name, ()))
        try:
            made = moved(scenario, member_values.replaced(scenario, own) if own else scenario, moves, name)
        except ScenarioError as error:
            problems += [
                one.at(
                    table="members.csv",
                    row=_("{member}: {table} {row}", member=name, table=one.table, row=one.row),
                )
                for one in error.problems
            ]
            continue
        found.append(Member(name, float(row["probability"]) / whole, moves, _titled(made, row), own))
    if problems:
        raise ScenarioError(problems)
    return tuple(found)


def wrong(scenario: Scenario) -> tuple[Problem, ...]:
    """Return the errors of the members' scenarios; `scenario` itself must be valid."""
    try:
        members(scenario)
    except ScenarioError as error:
        return error.problems
    return ()


def mean(scenario: Scenario, found: Sequence[Member]) -> Scenario:
    """Return the scenario with every replaced value and lever at its mean over the members: the expected-value problem."""
    moves = {lever: sum(one.probability * one.moves[lever] for one in found) for lever in LEVERS}
    changed = member_values.mean(scenario, [(one.probability, one.values) for one in found])
    return moved(scenario, changed, moves, "mean")


def moved(scenario: Scenario, changed: Scenario, moves: Moves, name: str) -> Scenario:
    """Return `changed`, which is `scenario` with other values, with levers moved, without members, and named `name`.

    Representative hours are those of the scenario as given, so that members differ only in what they replace and move.
    Raises ScenarioError.
    """
    blank = {table: _blank(table) for table in ("members", "member_values")}
    made = changed.with_tables(**blank, blocks=_blocks(scenario)).with_settings(name=name, risk=RiskOptions())
    if changed is not scenario:
        differing = [table for table, frame in changed.tables.items() if frame is not scenario[table]]
        made = made.with_tables(estimates=estimate_ranges.moved(scenario, made, differing))
        stale = estimate_ranges.stale(made, range(len(made["estimates"])))
        made = made.with_tables(estimates=made["estimates"].drop(index=list(stale)).reset_index(drop=True))
        made = build(made.settings, {table: frame for table, frame in made.tables.items() if len(frame)})
    return lever_settings.pull_all(made, {lever: percent for lever, percent in moves.items() if percent != 0.0})


def _titled(made: Scenario, row: Mapping[Any, Any]) -> Scenario:
    """Return the scenario of a member, titled after both."""
    given = made.settings
    title = f"{given.title}: {row['title'] or row['member']}" if given.title else row["title"]
    title_zh = (
        f"{given.title_zh}：{row['title_zh'] or row['title'] or row['member']}" if given.title_zh else row["title_zh"]
    )
    return made.with_settings(title=str(title), title_zh=str(title_zh))


def _blocks(scenario: Scenario) -> pd.DataFrame:
    """Return the table `blocks`, or one with the representative days or weeks chosen for the scenario."""
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
    """Return a table without rows."""
    return typed_columns.tidy(typed_columns.empty(table), table)


def refuse(scenario: Scenario) -> None:
    """Raise ScenarioError if the scenario has members; for callers that handle a single future."""
    if scenario.has("members"):
        raise ScenarioError(
            [Problem("one-future-only", table="members.csv", column="member", value=str(len(scenario["members"])))]
        )
