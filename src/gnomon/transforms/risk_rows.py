"""Rows that make conditional value at risk a part of the objective of futures (Rockafellar and Uryasev 2000).

With costs c_m of futures of probability p_m, CVaR at level α is the least of η + Σ p_m ξ_m / (1 − α) over η and ξ ≥ 0
with ξ_m ≥ c_m − η. The objective is (1 − w) Σ p_m c_m + w CVaR. `with_risk` adds to the model of one future a column for
the cost of each period, its part of η, which is common to all futures, and its ξ. Costs of a period are summed in a row
of this period, so that the row across periods is short and hours stay independent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array
from gnomon.model.block_model import Model

PERIOD_COST, THRESHOLD, EXCESS = "period_cost", "cost_threshold", "cost_above_threshold"
"""Columns: cost of each period of one future; η; ξ. η and ξ are those of the first period."""
TAIL = "cost_within_threshold"
"""Row of each future: its cost, less η and ξ, is at most 0."""


@dataclass(frozen=True, slots=True)
class Risk:
    """Share `weight` of CVaR at `level` in the objective, both from 0 to below 1."""

    level: float
    weight: float


def costs_nothing_back(model: Model) -> bool:
    """Return True if no period of a future can cost less than 0 by the bounds of its columns."""
    with np.errstate(invalid="ignore"):
        ends = [
            np.where(block.cost == 0.0, 0.0, block.cost * np.where(block.cost > 0.0, block.lower, block.upper))
            for block in model.columns.values()
            if block.cost.any()
        ]
    return model.constant >= 0.0 and all((end >= 0.0).all() for end in ends)


def with_risk(model: Model, risk: Risk, least: float) -> Model:
    """Return the model of one future with the rows of its risk. The result has no recipe.

    least: lower bound on the cost of each period and of each future, which spares the solver free columns; −inf if unknown.
    """
    label = ((),)
    kept = 1.0 - risk.weight
    costs = {name: block.cost for name, block in model.columns.items() if block.cost.any()}
    out = model.with_columns({name: replace(model.columns[name], cost=kept * cost) for name, cost in costs.items()})
    out.constant = kept * model.constant
    first = np.zeros((model.periods, 1))
    first[0] = 1.0
    endless = np.where(first > 0.0, np.inf, 0.0)
    period_cost = out.add_columns(PERIOD_COST, (), label, lower=least)
    threshold = out.add_columns(
        THRESHOLD, (), label, lower=np.where(first > 0.0, least, 0.0), upper=endless, cost=risk.weight * first
    )
    excess = out.add_columns(EXCESS, (), label, upper=endless, cost=risk.weight / (1.0 - risk.level) * first)
    summed = out.add_rows(PERIOD_COST, (), label, upper=0.0)
    out.add(summed, label, period_cost, label, -1.0)
    for name, cost in costs.items():
        block = out.columns[name]
        some = [label for label, any_cost in zip(block.labels, _has_cost(cost), strict=True) if any_cost]
        out.add(summed, label * len(some), block, some, cost[..., block.at(some)])
    tail = out.add_rows(TAIL, (), label, upper=np.where(first > 0.0, -model.constant, np.inf))
    periods = range(model.periods)
    out.add_across(tail, [(0, ())] * len(periods), period_cost, [(period, ()) for period in periods])
    out.add_across(tail, [(0, ())], threshold, [(0, ())], -1.0)
    out.add_across(tail, [(0, ())], excess, [(0, ())], -1.0)
    return out


def _has_cost(cost: Array) -> Array:
    """Return for each item of a block whether it has a cost anywhere."""
    return np.asarray(cost.reshape(-1, cost.shape[-1]).any(axis=0))
