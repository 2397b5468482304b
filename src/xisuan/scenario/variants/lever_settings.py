"""Scenarios with levers moved."""

from __future__ import annotations

import math
from collections.abc import Mapping

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.load import build
from xisuan.scenario.queries.estimate_ranges import carried
from xisuan.scenario.queries.levers import BY_NAME
from xisuan.scenario.scenario import Scenario


def pull(scenario: Scenario, lever: str, percent: float) -> Scenario:
    """Return the scenario with the lever's numbers changed by `percent`, and ranges of estimates with them.

    Raises ScenarioError for an unknown lever, a percentage out of bounds, or a scenario without such numbers.
    """
    return pull_all(scenario, {lever: percent})


def pull_all(scenario: Scenario, moves: Mapping[str, float]) -> Scenario:
    """Return the scenario with several levers moved in turn, read and checked once.

    Raises ScenarioError as `pull`, and for problems of the changed scenario, such as work that is out of reach.
    """
    made = unread(scenario, moves)
    if made is scenario:
        return scenario
    return build(scenario.settings, {name: frame for name, frame in made.tables.items() if len(frame)})


def unread(scenario: Scenario, moves: Mapping[str, float]) -> Scenario:
    """Return the scenario with levers moved but not checked; it must not be planned. Raises ScenarioError as `pull`."""
    made = scenario
    for lever in moves:
        if lever not in BY_NAME:
            raise ScenarioError([Problem("lever-unknown", column="lever", value=lever, known=", ".join(BY_NAME))])
    for lever in (
        name for name in BY_NAME if name in moves
    ):  # population_demand is last: it shares out the others' demand
        percent = moves[lever]
        least, most = BY_NAME[lever].least, BY_NAME[lever].most
        if not (math.isfinite(percent) and least <= percent <= most):
            problem = Problem("percent-out-of-range", column="percent", value=str(percent), least=least, most=most)
            raise ScenarioError([problem])
        changed = BY_NAME[lever].pull(made, 1.0 + percent / 100.0)
        if not changed:
            meaning = BY_NAME[lever].meaning
            raise ScenarioError([Problem("lever-moves-nothing", column="lever", value=lever, lever=meaning)])
        if percent != 0.0:
            made = made.with_tables(**changed, estimates=carried(made, changed))
    return made
