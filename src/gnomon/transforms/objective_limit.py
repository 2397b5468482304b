"""A block model with another objective, or with a limit on one, that keeps its time structure.

A limit as one row over all columns would be in no template, because it holds every hour of several periods. Instead, a
column per period holds that period's contribution, defined by a row of the period; one row of the last period limits
their sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array, Label
from gnomon.model.block_model import Entries, Model
from gnomon.model.csr_matrix import core

Goal = Mapping[str, Array]
"""Contribution of one unit of a column, by family; shape (periods, items), or (periods, hours, items) for hourly families.
"""
ADDED, COUNTED, LIMITED = "added to the goal", "what is added is counted", "the sum of what is added is limited"
DIMS: tuple[str, ...] = ("goal",)
ALL: Label = ("all",)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Function that makes a model and then sets another objective, or limits it to `most`.

    goal: its numbers without repetitions, and their full shapes.
    """

    of: Callable[[], Model]
    goal: Mapping[str, tuple[Array, tuple[int, ...]]]
    most: float | None

    def __call__(self) -> Model:
        """Return the model with the objective or the limit."""
        goal = {name: np.broadcast_to(once, shape) for name, (once, shape) in self.goal.items()}
        return (
            with_objective(self.of(), goal) if self.most is None else with_objective_limit(self.of(), goal, self.most)
        )


def _recipe(model: Model, goal: Goal, most: float | None) -> Recipe | None:
    once = {name: (core(amount).copy(), amount.shape) for name, amount in goal.items()}
    return Recipe(model.recipe, once, most) if model.recipe else None


def with_objective(model: Model, goal: Goal) -> Model:
    """Return the model with `goal` as its cost; families that are not in it cost nothing."""
    columns = {
        name: replace(block, cost=np.broadcast_to(goal.get(name, 0.0), block.lower.shape))
        for name, block in model.columns.items()
    }
    return replace(model, columns=columns, constant=0.0, recipe=_recipe(model, goal, None))


def with_objective_limit(model: Model, goal: Goal, most: float) -> Model:
    """Return the model in which the sum of `goal` over all periods is at most `most`, in the unit of `goal`."""
    recipe = _recipe(model, goal, most)
    made = replace(
        model, columns=dict(model.columns), rows=dict(model.rows), entries=list(model.entries), recipe=recipe
    )
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
    """Return the minimum contribution of each period by the bounds of its columns. Shape (periods,)."""
    least = np.zeros(model.periods)
    for name, amount in goal.items():
        if (block := model.columns.get(name)) is not None and amount.any():
            with np.errstate(invalid="ignore"):
                ends = np.minimum(amount * block.lower, amount * block.upper)
            least += np.where(amount == 0.0, 0.0, ends).reshape(model.periods, -1).sum(axis=1)
    return least
