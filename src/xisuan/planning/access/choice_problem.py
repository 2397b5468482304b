"""The choice problem of gigabit access, and nodes of its search: one choice for each city within shared budgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gnomon import Array, Index, Mask
from xisuan.planning.access.pricing import Ways

WHOLE = 1e-6
"""Integrality tolerance: distance to a whole number that counts as rounding error of the solver."""
SPENT = 1e-9
"""Feasibility tolerance: share of a budget that may be overspent through rounding error of the solver."""
DEAR = 1000.0
"""Penalty for overspending each budget once over, in units of `ChoiceProblem.scale`: more than any plan gains by it."""


@dataclass(frozen=True)
class Point:
    """Prices of the budgets with the solution of the pricing problem there: one Lagrangian cut over the choices.

    `prices`: shape (budgets,). `least`: lower bound on the cost of each choice of each city at these prices, inf where
    the choice is infeasible, shape (choices, cities). `duals`: row duals that prove it, one array of shape (rows,) per
    choice. The cut is Σ least(choice of each city) ≤ prices · limits.
    """

    prices: Array
    least: Array
    duals: list[Array]


PriceOracle = Callable[[Array], tuple[Ways, Point]]
"""Function of the pricing problem: from prices of the budgets to the cheapest ways (columns) and the point there."""


@dataclass(frozen=True)
class Split:
    """Branching decision: at most `most` cities of the kind are gigabit cities in the period, or more are."""

    kind: int
    period: int
    most: int


@dataclass(frozen=True)
class Leaf:
    """Multipliers that prove `bound` for a node: `weights` on points, `charges` (periods, kinds) on its limits."""

    bound: float
    weights: Array
    charges: Array


@dataclass
class Node:
    """Node of the search: limits on the cities of each kind in each period, and the solution of its restricted master.

    `low`, `high`: least and most cities, shape (periods, kinds). `value`: objective of the restricted master over the
    first `known` ways, which may overspend the budgets by the share `overspent` at a penalty. `counts`: its solution,
    shape (choices, kinds). `prices`: its dual multipliers of the budgets, shape (budgets,).
    """

    low: Array
    high: Array
    value: float = np.inf
    overspent: float = 0.0
    split: Split | None = None
    children: tuple[Node, ...] = ()
    counts: Array | None = None
    prices: Array | None = None
    leaf: Leaf | None = None
    known: int = 0


@dataclass
class ChoiceProblem:
    """Data of the choice problem: maximise the total worth of one choice per city within shared budgets.

    `worth`: resident-years that a choice brings a city of each kind, −inf where infeasible, shape (choices, kinds).
    `size`: cities of each kind. `city`: a representative city of each kind. `choices`: shape (choices, periods), and
    `limits`: shape (budgets,), as in `Cities`. `grid`: common divisor of all totals, 0 if unknown.
    """

    worth: Array
    size: Array
    city: Index
    choices: Mask
    limits: Array
    grid: float

    @property
    def scale(self) -> float:
        """Return the magnitude of the largest total, by which the objectives of linear programs are divided."""
        return float(max(1.0, (np.where(np.isfinite(self.worth), self.worth, 0.0).max(axis=0) * self.size).sum()))

    def round_down(self, value: float) -> float:
        """Return the largest attainable total that is not above `value`, by rounding down to the grid."""
        if self.grid <= 0.0:
            return value
        # The relative margin keeps a total that the solver computed slightly too small.
        return float(np.floor(value * (1.0 + 1e-12) / self.grid) * self.grid)

    def open_counts(self, counts: Array) -> Array:
        """Return the number of cities of each kind that are gigabit cities in each period, shape (periods, kinds)."""
        return np.asarray(self.choices.T.astype(float) @ counts)

    def objective(self, counts: Array) -> float:
        """Return the objective of `counts`, cities of each kind with each choice, shape (choices, kinds)."""
        return float((np.where(counts > 0, self.worth, 0.0) * counts).sum())

    def root(self) -> Node:
        """Return the root node, without branching limits."""
        periods, kinds = self.choices.shape[1], len(self.size)
        return Node(np.zeros((periods, kinds)), np.tile(self.size, (periods, 1)))

    def allowed(self, node: Node) -> Mask:
        """Return the choices that a node leaves to cities, shape (choices, kinds); all of them for kinds of several."""
        on = self.choices[:, :, None]
        single = (self.size == 1)[None, :]
        inside = ((on >= node.low) & (on <= node.high)).all(axis=1)
        return np.asarray(inside | ~single, dtype=bool)

    def several(self) -> Index:
        """Return the kinds of more than one city, which are branched on by rows instead of bounds."""
        return np.flatnonzero(self.size > 1)

    def kind_of(self, city: Index) -> Index:
        """Return the kind of each representative city."""
        place = np.full(int(self.city.max()) + 1, -1)
        place[self.city] = np.arange(len(self.city))
        return place[city]
