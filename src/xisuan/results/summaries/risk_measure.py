"""Conditional value at risk (CVaR) of the costs of several futures, and the weights with which it counts them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xisuan.scenario.settings import RiskOptions

Array = NDArray[np.float64]
RISK = "risk"
"""Family of duals that a plan with risk stores beside those of rows: by member, how much CVaR counts it."""


def cvar(costs: Sequence[float], probability: Sequence[float], level: float) -> float:
    """Return the expected cost of the dearest futures, which have 1 − `level` of the probability.

    A future at the boundary counts with the part of its probability that is needed.
    """
    left, found = 1.0 - level, 0.0
    for cost, chance in sorted(zip(costs, probability, strict=True), reverse=True):
        part = min(chance, left)
        if part > 0.0:
            found += part * cost
        left -= part
    return found / (1.0 - level)


def risk_adjusted(costs: Sequence[float], probability: Sequence[float], risk: RiskOptions) -> float:
    """Return (1 − weight) × expected cost + weight × CVaR; NaN if a cost is."""
    expected = sum(chance * cost for chance, cost in zip(probability, costs, strict=True))
    if not risk.weight or np.isnan(expected):
        return expected
    return (1.0 - risk.weight) * expected + risk.weight * cvar(costs, probability, risk.level)


def member_weights(shares: Sequence[float], probability: Sequence[float], risk: RiskOptions) -> Array:
    """Return the weight of each future's cost in the objective at its optimum; the weights add up to 1.

    shares: weights of the futures in CVaR by the duals of a solve, which may be off by its tolerance. They are moved to
    what the measure allows: none above probability / (1 − level), and a sum of 1.
    """
    chance = np.asarray(probability, dtype=np.float64)
    if not risk.weight:
        return chance
    most = chance / (1.0 - risk.level)
    part = np.clip(np.asarray(shares, dtype=np.float64), 0.0, most)
    total = float(part.sum())
    if total > 1.0:
        part = part / total
    elif total < 1.0:
        part = part + (most - part) * ((1.0 - total) / max(float((most - part).sum()), 1.0 - total))
    return np.asarray((1.0 - risk.weight) * chance + risk.weight * part)
