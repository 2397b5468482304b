"""Hundreds of seeded mutations of right plans: every one is caught, and nothing else is."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

import numpy as np
import pytest

from gnomon.options import Options
from tests import scenarios
from tests.certificate.solved import solved, spoilt
from tests.certificate.test_certify_plan import SPECIAL
from xisuan.certificate.certify_plan import certify
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule

COUNTS = pytest.mark.parametrize("count", [12, pytest.param(400, marks=pytest.mark.long)])


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """`five` as the planner leaves it, the others by the certificate's own statement."""
    made = {name: solved(SPECIAL[name]()) for name in ("pair", "whole")}
    return {**made, "five": plan(SPECIAL["five"](), Options(solver="simplex", threads=1))}


Of = TypeVar("Of", Plan, Schedule)


def mutant(right: Of, rng: np.random.Generator) -> tuple[str, Of]:
    """One value of one family that matters is raised, lowered, dropped or swapped with its neighbour's."""
    families = [name for name, found in right.variables.items() if np.abs(found.values).max(initial=0.0) > 1e-6]
    name = families[rng.integers(len(families))]
    values = right.variables[name].values.copy()
    flat = values.ravel()
    big = np.flatnonzero(np.abs(flat) > 1e-2 * np.abs(flat).max())
    at = big[rng.integers(len(big))]
    how = ("more", "less", "nothing", "label")[rng.integers(4)]
    if how == "label":
        found = right.variables[name]
        labels = list(found.labels)
        here, other = at % len(labels), (at + 1) % len(labels)
        labels[here], labels[other] = labels[other], labels[here]
        if np.allclose(values[..., here], values[..., other], rtol=1e-3):
            how = "less"
        else:
            moved = dataclasses.replace(found, labels=tuple(labels))
            return f"{name} swapped", dataclasses.replace(right, variables={**right.variables, name: moved})
    flat[at] *= {"more": 1.01, "less": 0.99, "nothing": 0.0}[how]
    other = {**right.variables, name: dataclasses.replace(right.variables[name], values=values)}
    return f"{name} {how} at {at}", dataclasses.replace(right, variables=other)


@COUNTS
@pytest.mark.parametrize("name", ["pair", "five", "whole"])
def test_every_mutation_is_caught(plans: dict[str, Plan], name: str, count: int) -> None:
    rng = np.random.default_rng(20260101)
    right = plans[name]
    missed = []
    for _ in range(count):
        what, other = mutant(right, rng)
        if certify(right.scenario, other).ok:
            missed.append(what)
    assert missed == []


@pytest.mark.parametrize("name", ["pair", "five", "whole"])
def test_rounding_is_no_alarm(plans: dict[str, Plan], name: str) -> None:
    """Values as a solver leaves them: off by 1e-10 of the largest of their family."""
    rng = np.random.default_rng(7)
    right = plans[name]
    for _ in range(8):
        other = right
        for family, found in right.variables.items():
            size = 1e-10 * np.abs(found.values).max(initial=0.0)
            other = spoilt(other, family, found.values + size * rng.uniform(-1, 1, found.values.shape))
        cost = certify(right.scenario, other).cost
        assert cost == pytest.approx(right.cost_mcny, rel=1e-7)
        certificate = certify(right.scenario, dataclasses.replace(other, cost_mcny=cost, objective=cost))
        assert certificate.ok, certificate.findings


def test_the_hand_made_plan_is_the_anchor() -> None:
    """What is mutated is right: `pair` costs what was worked out by hand."""
    assert solved(scenarios.pair()).cost_mcny == pytest.approx(scenarios.PAIR_COST_MCNY, abs=1e-9)
