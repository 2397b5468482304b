"""Members that the certificate expands from the reference page are the scenarios that are planned for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests import scenarios
from tests.scenario.variants.test_members import years
from xisuan.certificate.reading.scenario_members import LEVERS, expand_members, is_same_scenario
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import members


def with_members(moves: list[dict[str, float]]) -> Scenario:
    """The scenario `five` on two days, with these members."""
    frames = scenarios.five_frames()
    frames["budgets"] = pd.DataFrame({"scope": ["halls"], "period": [2026], "limit_mcny": [1e5]})
    rows = [dict.fromkeys(LEVERS, 0.0) | move for move in moves]
    chances = [1.0 / len(moves)] * len(moves)
    frames["members"] = pd.DataFrame(rows).assign(member=[f"m{at}" for at in range(len(moves))], probability=chances)
    return load.build({"periods": [2026, 2027, 2029], "hours": "days:2"}, frames)


MOVES: list[dict[str, float]] = [
    {},
    *({lever: -5.0 if lever == "detour" else 5.0} for lever in LEVERS),
    {lever: 12.5 if lever == "population_demand" else -12.5 for lever in LEVERS},
]


def test_both_expand_the_same_members() -> None:
    scenario = with_members(MOVES)
    found, right = expand_members(scenario), members(scenario)
    assert [(one.name, one.probability) for one in found] == [(one.name, one.probability) for one in right]
    for one, other in zip(found, right, strict=True):
        assert is_same_scenario(other.scenario, one.scenario), one.name
    first = found[0].scenario
    assert not any(is_same_scenario(first, one.scenario) for one in found[1:])


def test_both_replace_the_same_values() -> None:
    """Amounts by parts of their keys, profiles by others, and a lever that moves what was replaced."""
    scenario = years()
    found, right = expand_members(scenario), members(scenario)
    for one, other in zip(found, right, strict=True):
        assert is_same_scenario(other.scenario, one.scenario), one.name
        for name in ("sun", "sun-dull"):
            assert np.array_equal(one.scenario.curve(name), other.scenario.curve(name))
    assert not is_same_scenario(found[0].scenario, found[1].scenario)
    assert not is_same_scenario(found[0].scenario, found[2].scenario)


def test_every_lever_by_hand() -> None:
    """Tables before and after, each from the meaning of the lever's column."""
    scenario = with_members([dict.fromkeys(LEVERS, 50.0)])
    made = expand_members(scenario)[0].scenario
    assert not made.has("members")
    assert np.allclose(made["budgets"]["limit_mcny"], 1.5e5)
    assert np.allclose(made["links"]["length_km"], scenario["links"]["length_km"] * 1.5, equal_nan=True)
    assert np.allclose(made["links"]["capex_mcny_per_gbps"], scenario["links"]["capex_mcny_per_gbps"], equal_nan=True)
    demand: dict[tuple[Any, ...], float] = {}
    for row in scenario["demand"].to_dict("records"):
        factor = 1.5 if row["region"] in ("harbour", "delta", "capital") else 1.0
        factor *= 1.5 if row["workload"] in ("inference", "training") else 1.0
        demand[row["workload"], row["period"], row["region"]] = row["units"] * factor
    prices = {"inland": 1.5, "coast": 1.0}
    for old, new in zip(scenario["power"].to_dict("records"), made["power"].to_dict("records"), strict=True):
        assert np.allclose(made.curve(new["price"]), scenario.curve(old["price"]) * prices[old["zone"]], rtol=1e-12)
    people = {"harbour": 1.7e7, "delta": 2.5e7, "capital": 2.2e7, "basin": 2.1e7, "plateau": 6e6}
    for row in made["demand"].to_dict("records"):
        group = {key[2]: units for key, units in demand.items() if key[:2] == (row["workload"], row["period"])}
        share = sum(group.values()) * people[row["region"]] / sum(people[region] for region in group)
        assert row["units"] == pytest.approx(0.5 * group[row["region"]] + 0.5 * share, rel=1e-12)


@pytest.mark.parametrize(
    ("table", "column"), [("demand", "units"), ("budgets", "limit_mcny"), ("links", "length_km"), ("sites", "lon")]
)
def test_a_member_that_is_moved_elsewhere_is_another(table: str, column: str) -> None:
    scenario = with_members(MOVES[:2])
    right = expand_members(scenario)[1].scenario
    moved = right.with_tables(**{table: right[table].assign(**{column: right[table][column] * (1.0 + 1e-9)})})
    assert is_same_scenario(right, right)
    assert not is_same_scenario(moved, right)
    assert not is_same_scenario(right.with_settings(discount_rate=0.0), right)
