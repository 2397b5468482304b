"""Which cities become gigabit cities in a good plan, for many scenarios that differ in their figures alone.

The same decomposition as in `rollout`, stopped early: prices are sought from those of a scenario nearby, the mixture of
ways is cut down to whole cities, which always keeps the budgets; exchanges and a short search mend what that loses. No proof
is made; `loss` tells how far the plan can be from the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.model.linear_program import Flat
from xisuan.equations.model_builder import Assembly
from xisuan.planning.access import dantzig_wolfe
from xisuan.planning.access.branch_and_price import Tree
from xisuan.planning.access.exchange_heuristic import exchange
from xisuan.planning.access.pricing import Cities

CLOSE = 1e-4
"""Relative distance of mixture and bound at which prices are good enough."""
ENOUGH = 2e-3
"""Share of the resident-years reached that may be left to be found."""
EXCHANGES, COLUMNS = (5, 20), 2e4
"""Least and most mixtures that are nudged and rounded, and columns of them in all between these."""
NODES, LARGE = 200, 2_000
"""Most nodes of a search after that, and ways known from which on there is none."""


@dataclass(frozen=True)
class Rough:
    """A plan: whether each city is a gigabit city, shape (periods, cities); whether each could make a choice by itself,
    shape (choices, cities), and these choices, shape (choices, periods); the prices of the budgets; the share of what all
    mixtures reach that it may miss."""

    gigabit: Array
    open: Mask
    choices: Mask
    prices: Array
    loss: float

    def alone(self, city: int, due: Sequence[int]) -> bool:
        """Whether a city could be a gigabit city in the periods `due`, with all the money it asks for."""
        inside = self.choices[:, list(due)].all(axis=1)
        return bool((self.open[:, city] & inside).any())


def good(assembly: Assembly, flat: Flat, prices: Array | None = None) -> Rough:
    """A plan near that of most resident-years. `prices`: those of a scenario nearby, of the same budgets."""
    them, everybody = Cities(assembly, flat), assembly.outside_constant
    start = prices if prices is not None and len(prices) == len(them.limits) else None
    tree, members, _ = dantzig_wolfe.priced(them, everybody, start=start, close=CLOSE)
    tree.ask = None  # nothing is proven, so that the ways that prices found are enough
    _whole(tree)
    enough, known = ENOUGH * max(1.0, tree.root.value), max(1, len(tree.ways.city))
    exchange(tree, tree.top() - enough, int(np.clip(COLUMNS / known, *EXCHANGES)))
    if known < LARGE:
        tree.go_on(enough, NODES)
    found = tree.root.prices if tree.root.prices is not None else np.zeros(len(them.limits))
    loss = max(0.0, tree.top() - tree.reached) / max(1.0, tree.top())
    return Rough(dantzig_wolfe.statuses(them, tree, members), np.isfinite(them.worth), them.choices, found, loss)


def _whole(tree: Tree) -> None:
    """The mixture of the root cut down to whole cities: what is cut off makes the choice that takes least money."""
    mixed = tree.root.counts
    if mixed is None or tree.counts is not None:
        return
    counts = np.floor(mixed + 1e-9)
    missing = tree.game.size - counts.sum(axis=0)
    money = tree.mixture.cheapest(np.ones(len(tree.game.limits)))
    idle = np.where(np.isfinite(tree.game.worth), money, np.inf).argmin(axis=0)
    counts[idle, np.arange(len(missing))] += missing
    tree.try_out(counts)
