"""Weights of futures in a plan with risk, in the results and in the certificate, calculated by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from xisuan.certificate.certify_two_stage import weights_of
from xisuan.results.summaries.risk_measure import cvar, member_weights, risk_adjusted
from xisuan.scenario.settings import RiskOptions

CHANCE = (0.75, 0.25)
CASES = [
    # a sum of 1, then of 2: halves. 0.6 × 0.75 + 0.4 × 0.5
    (0.8, (0.5, 0.5), (0.65, 0.35)),
    (0.8, (1.0, 1.0), (0.65, 0.35)),
    # at most 0.75 / 0.2 and at least 0: all of it is of the first
    (0.8, (5.0, -1.0), (0.85, 0.15)),
    # 0.5 is missing. 3.75 and 0.75 are free, of which it takes a ninth: 0.4167 and 0.5833
    (0.8, (0.0, 0.5), (0.45 + 0.4 * 3.75 / 9, 0.15 + 0.4 * (0.5 + 0.75 / 9))),
    # at level 0 nothing is free of what has its probability
    (0.0, (0.75, 0.0), (0.75, 0.25)),
]
"""Level, weights in CVaR by duals, and weights in the objective at a weight of 0.4."""


@pytest.mark.parametrize(("level", "shares", "right"), CASES)
def test_weights_by_duals_are_moved_to_what_the_measure_allows(
    level: float, shares: tuple[float, float], right: tuple[float, float]
) -> None:
    """By two functions that share nothing."""
    risk = RiskOptions(level=level, weight=0.4)
    assert member_weights(shares, CHANCE, risk) == pytest.approx(right)
    scenario: Any = SimpleNamespace(settings=SimpleNamespace(risk=risk))
    given: Any = [SimpleNamespace(probability=chance) for chance in CHANCE]
    futures: Any = [SimpleNamespace(duals={"risk": SimpleNamespace(values=np.array([[one]]))}) for one in shares]
    assert weights_of(scenario, given, futures) == pytest.approx(right)


def test_weights_that_are_not_stored_count_as_none() -> None:
    """The first is missing and the second has no value: their room in the measure is in the ratio of the probabilities."""
    risk = RiskOptions(level=0.8, weight=0.4)
    scenario: Any = SimpleNamespace(settings=SimpleNamespace(risk=risk))
    given: Any = [SimpleNamespace(probability=chance) for chance in CHANCE]
    futures: Any = [
        SimpleNamespace(duals={}),
        SimpleNamespace(duals={"risk": SimpleNamespace(values=np.zeros((0, 1)))}),
    ]
    assert weights_of(scenario, given, futures) == pytest.approx(CHANCE)


def test_a_cost_that_is_unknown_has_no_measure() -> None:
    risk = RiskOptions(level=0.8, weight=0.4)
    assert cvar((10.0, 30.0), CHANCE, 0.5) == pytest.approx(20.0)  # all of 0.25 at 30, and 0.25 at 10
    assert risk_adjusted((10.0, 30.0), CHANCE, risk) == pytest.approx(0.6 * 15.0 + 0.4 * 30.0)
    assert math.isnan(risk_adjusted((10.0, math.nan), CHANCE, risk))
