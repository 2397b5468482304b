"""A model with another goal, or with a limit on one, which keeps its hours.

As one row over all columns a limit would be in no template: it joins periods, and holds every hour of them. What a period
adds to the goal is a column of its own instead, which a row of the period counts up; a row of the last one limits their sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from xisuan.solver.model import Array, Entries, Label, Model

Goal = Mapping[str, Array]
"""What one unit of a column adds, by family; shape (periods, items), or (periods, hours, items) of hourly ones."""
ADDED, COUNTED, LIMITED = "added to the goal", "what is added is counted", "the sum of what is added is limited"
DIMS: tuple[str, ...] = ("goal",)
ALL: Label = ("all",)


def aimed(model: Model, goal: Goal) -> Model:
    """The model whose cost is `goal`; families that are not in it cost nothing."""
    columns = {
        name: replace(block, cost=np.broadcast_to(goal.get(name, 0.0), block.lower.shape))
        for name, block in model.columns.items()
    }
    return replace(model, columns=columns, constant=0.0, recipe=None)


def limited(model: Model, goal: Goal, most: float) -> Model:
    """The model in which `goal` comes to no more than `most` in all."""
    made = replace(model, columns=dict(model.columns), rows=dict(model.rows), entries=list(model.entries), recipe=None)
    added = made.add_columns(ADDED, DIMS, [ALL], lower=_least(model, goal)[:, None])
    counted = made.add_rows(COUNTED, DIMS, [ALL], upper=0.0)
    for name, amount in goal.items():
        block = model.columns.get(name)
        if block is None or not amount.any():
            continue
        once = amount[tuple(slice(1) if step == 0 else slice(None) for step in amount.strides[:-1])]
        chosen = np.flatnonzero(once.reshape(-1, len(block)).any(axis=0))
        values = np.broadcast_to(once[..., chosen], (*amount.shape[:-1], len(chosen)))
        made.entries.append(Entries(counted, block, np.zeros_like(chosen), chosen, values))
    made.add(counted, [ALL], added, [ALL], -1.0)
    last = model.periods - 1
    upper = np.full((model.periods, 1), np.inf)
    upper[last] = most
    limit = made.add_rows(LIMITED, DIMS, [ALL], upper=upper)
    made.add_across(limit, [(last, ALL)] * model.periods, added, [(period, ALL) for period in range(model.periods)])
    return made


def _least(model: Model, goal: Goal) -> Array:
    """What a period adds at least, by the bounds of its columns. Shape (periods,)."""
    least = np.zeros(model.periods)
    for name, amount in goal.items():
        if (block := model.columns.get(name)) is not None and amount.any():
            with np.errstate(invalid="ignore"):
                ends = np.minimum(amount * block.lower, amount * block.upper)
            least += np.where(amount == 0.0, 0.0, ends).reshape(model.periods, -1).sum(axis=1)
    return least
