"""What is to be chosen: for each city when it is a gigabit city, within budgets that all share; and cases of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gnomon.arrays import Array, Index, Mask
from xisuan.planning.access.pricing import Ways

WHOLE = 1e-6
"""Distance to a whole number that is a solver's arithmetic."""
SPENT = 1e-9
"""Share of a budget that may be overspent through a solver's arithmetic."""
DEAR = 1000.0
"""What spending a budget twice over costs, in all that could be won: more than any plan would pay."""


@dataclass(frozen=True)
class Point:
    """Prices of the budgets, what each choice costs each city at least at them (inf: not open), and the proof of it.

    Shapes (budgets,), (choices, cities), and (rows,) a choice.
    """

    prices: Array
    least: Array
    duals: list[Array]


Ask = Callable[[Array], tuple[Ways, Point]]
"""Cheapest ways and the point at given prices."""


@dataclass(frozen=True)
class Split:
    """Either at most `most` cities of the kind are gigabit cities in the period, or more are."""

    kind: int
    period: int
    most: int


@dataclass(frozen=True)
class Leaf:
    """Weights of points, and charges (period, kind) on the limits of a node, that together prove `bound`."""

    bound: float
    weights: Array
    charges: Array


@dataclass
class Node:
    """Least and most cities of each kind in each period, shape (periods, kinds); `value`: what its mixture reaches, by
    overspending a share `overspent` of the budgets, as far as the first `known` ways go."""

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
class Game:
    """What is to be chosen. `worth`: of each choice to a city of each kind, −inf where not open, shape (choices, kinds);
    `size`: cities of each kind; `city`: representative city of each; `choices` and `limits` as in `Cities`; `grid`: what
    every total is a multiple of, 0 if unknown."""

    worth: Array
    size: Array
    city: Index
    choices: Mask
    limits: Array
    grid: float

    @property
    def scale(self) -> float:
        """The size of the largest total, to bring programs to numbers near 1."""
        return float(max(1.0, (np.where(np.isfinite(self.worth), self.worth, 0.0).max(axis=0) * self.size).sum()))

    def down(self, value: float) -> float:
        """The largest total that is not above `value`."""
        if self.grid <= 0.0:
            return value
        return float(np.floor(value * (1.0 + 1e-12) / self.grid) * self.grid)

    def on(self, counts: Array) -> Array:
        """Cities of each kind that are gigabit cities in each period. Shape (periods, kinds)."""
        return np.asarray(self.choices.T.astype(float) @ counts)

    def reached(self, counts: Array) -> float:
        """What so many cities of each kind with each choice reach together."""
        return float((np.where(counts > 0, self.worth, 0.0) * counts).sum())

    def whole(self) -> Node:
        """The node that leaves everything open."""
        periods, kinds = self.choices.shape[1], len(self.size)
        return Node(np.zeros((periods, kinds)), np.tile(self.size, (periods, 1)))

    def within(self, node: Node) -> Mask:
        """Choices that the limits of a node leave to a single city of each kind; all where there are several."""
        on = self.choices[:, :, None]
        single = (self.size == 1)[None, :]
        inside = ((on >= node.low) & (on <= node.high)).all(axis=1)
        return np.asarray(inside | ~single, dtype=bool)

    def several(self) -> Index:
        """Kinds of more than one city."""
        return np.flatnonzero(self.size > 1)

    def kind_of(self, city: Index) -> Index:
        """Kind of each representative city."""
        place = np.full(int(self.city.max()) + 1, -1)
        place[self.city] = np.arange(len(self.city))
        return place[city]
