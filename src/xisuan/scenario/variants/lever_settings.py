"""A scenario with its levers moved."""

from __future__ import annotations

import math
from collections.abc import Mapping

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.load import build
from xisuan.scenario.queries.estimate_ranges import carried
from xisuan.scenario.queries.levers import BY_NAME
from xisuan.scenario.scenario import Scenario


def pull(scenario: Scenario, lever: str, percent: float) -> Scenario:
    """The scenario with what the lever moves changed by `percent`, ranges of estimates with it; 0 changes nothing.

    Raises ScenarioError for a lever that is none, a percentage out of bounds, and where there is nothing to move.
    """
    return pull_all(scenario, {lever: percent})


def pull_all(scenario: Scenario, moves: Mapping[str, float]) -> Scenario:
    """The scenario with several levers moved, one after the other, and read as one. Raises as `pull`, and for what is
    wrong with the scenario that they make, as where work is out of reach then."""
    made = unread(scenario, moves)
    if made is scenario:
        return scenario
    return build(scenario.settings, {name: frame for name, frame in made.tables.items() if len(frame)})


def unread(scenario: Scenario, moves: Mapping[str, float]) -> Scenario:
    """The same, as it is before anybody has read it: not checked, and not to be planned. Raises as `pull`."""
    made = scenario
    for lever in moves:
        if lever not in BY_NAME:
            raise _error("lever", lever, f"there is no such lever; there are: {', '.join(BY_NAME)}")
    for lever in (
        name for name in BY_NAME if name in moves
    ):  # population_demand is last: it shares out the others' demand
        percent = moves[lever]
        least, most = BY_NAME[lever].least, BY_NAME[lever].most
        if not (math.isfinite(percent) and least <= percent <= most):
            raise _error("percent", str(percent), f"give a percentage from {least:g} to {most:g}")
        changed = BY_NAME[lever].pull(made, 1.0 + percent / 100.0)
        if not changed:
            raise _error("lever", lever, f"this scenario has nothing of it: {BY_NAME[lever].meaning}")
        if percent != 0.0:
            made = made.with_tables(**changed, estimates=carried(made, changed))
    return made


def _error(column: str, value: str, what: str) -> ScenarioError:
    return ScenarioError([Problem("", "", column, value, what)])
