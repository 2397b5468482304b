"""Good access plans without a proof of optimality, for many scenarios that differ in their figures alone.

The decomposition of `dantzig_wolfe`, stopped early. Column generation starts from the prices of a similar scenario. The
restricted master's solution is rounded down to whole cities, which always keeps the budgets. Exchanges and a short
search improve it. `Rough.loss` bounds the distance from the optimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gnomon import Array, LinearProgram, Mask
from xisuan.equations.model_builder import Assembly
from xisuan.planning.access import dantzig_wolfe
from xisuan.planning.access.branch_and_price import Tree
from xisuan.planning.access.exchange_heuristic import exchange
from xisuan.planning.access.pricing import Cities

CLOSE = 1e-4
"""Relative distance of the restricted master from the Lagrangian bound at which column generation stops."""
ENOUGH = 2e-3
"""Relative optimality gap at which the search for better plans stops."""
EXCHANGES, COLUMNS = (5, 20), 2e4
"""Least and most rounding rounds of the exchange heuristic, and their total of columns between these limits."""
NODES, LARGE = 200, 2_000
"""Most nodes of the search after the exchanges, and the number of known ways from which on it is skipped."""


@dataclass(frozen=True)
class QuickPlan:
    """A plan without a proof of optimality.

    `gigabit`: 1 where a city is a gigabit city, shape (periods, cities). `open`: choices feasible for a city without
    budget limits, shape (choices, cities). `choices`: shape (choices, periods). `prices`: dual multipliers of the
    budgets. `loss`: upper bound on the relative optimality gap.
    """

    gigabit: Array
    open: Mask
    choices: Mask
    prices: Array
    loss: float

    def alone(self, city: int, due: Sequence[int]) -> bool:
        """Return True if the city can be a gigabit city in the periods `due` without budget limits."""
        inside = self.choices[:, list(due)].all(axis=1)
        return bool((self.open[:, city] & inside).any())


def quick_plan(assembly: Assembly, flat: LinearProgram, prices: Array | None = None) -> QuickPlan:
    """Return a plan with nearly the most resident-years.

    `prices`: starting prices, from a similar scenario with the same budgets; ignored if their number differs.
    """
    them, everybody = Cities(assembly, flat), assembly.outside_constant
    start = prices if prices is not None and len(prices) == len(them.limits) else None
    tree, members, _ = dantzig_wolfe.solve_root(them, everybody, start=start, close=CLOSE)
    tree.ask = None  # no proof is needed, so the search does no further pricing
    _whole(tree)
    enough, known = ENOUGH * max(1.0, tree.root.value), max(1, len(tree.ways.city))
    exchange(tree, tree.top() - enough, int(np.clip(COLUMNS / known, *EXCHANGES)))
    if known < LARGE:
        tree.search(enough, NODES)
    found = tree.root.prices if tree.root.prices is not None else np.zeros(len(them.limits))
    # Relative gap of the incumbent to the Lagrangian bound of the root.
    loss = max(0.0, tree.top() - tree.reached) / max(1.0, tree.top())
    return QuickPlan(dantzig_wolfe.statuses(them, tree, members), np.isfinite(them.worth), them.choices, found, loss)


def _whole(tree: Tree) -> None:
    """Try the root's mixture rounded down to whole cities; the cities cut off make the cheapest choice."""
    mixed = tree.root.counts
    if mixed is None or tree.counts is not None:
        return
    # The margin keeps counts that are whole up to rounding error.
    counts = np.floor(mixed + 1e-9)
    missing = tree.problem.size - counts.sum(axis=0)
    money = tree.mixture.cheapest(np.ones(len(tree.problem.limits)))
    idle = np.where(np.isfinite(tree.problem.worth), money, np.inf).argmin(axis=0)
    counts[idle, np.arange(len(missing))] += missing
    tree.try_out(counts)
