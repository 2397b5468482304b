"""Known ways mixed within the budgets: the linear program of a node of the search.

Columns are the ways and what is overspent; rows the budgets, the cities of each kind, and the limits of a node on how
many cities of a kind of several a period is on for. A city unlike all others has its limits in the bounds of its ways.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array
from gnomon.highs import warm_simplex
from gnomon.model.block_model import Model
from gnomon.model.coefficients import Held
from gnomon.model.linear_program import Flat
from xisuan.planning.access.choice_problem import DEAR, Game, Node
from xisuan.planning.access.pricing import Ways


class Mixture:
    """The mixtures of some ways, asked again and again."""

    def __init__(self, game: Game, ways: Ways) -> None:
        self.game, self.ways = game, ways
        self.kind, self.choice = game.kind_of(ways.city), ways.choice
        self._scale = np.maximum(game.limits, np.abs(ways.takes).max(axis=0, initial=1e-9) / 100.0)
        self._several = game.several()
        self._flat = self._program()
        self._engine = warm_simplex.Repeated(self._flat)
        self._nudging: warm_simplex.Repeated | None = None

    def _program(self) -> Flat:
        game, n, r = self.game, len(self.choice), len(self.game.limits)
        kinds, periods, several = len(game.size), game.choices.shape[1], self._several
        at = np.full(kinds, -1)
        at[several] = np.arange(len(several))
        item, period = np.nonzero(game.choices[self.choice] & (at[self.kind] >= 0)[:, None])
        limits = sp.csr_matrix(
            (np.ones(len(item)), (at[self.kind[item]] * periods + period, item)), shape=(len(several) * periods, n + r)
        )
        one = sp.csr_matrix((np.ones(n), (self.kind, np.arange(n))), shape=(kinds, n + r))
        spend = sp.hstack([sp.csr_matrix((self.ways.takes / self._scale).T), -sp.identity(r)])
        free = np.full(len(several) * periods, np.inf)
        return Flat(
            Model(1, np.zeros(1, dtype=np.int64)),
            Held(sp.csr_matrix(sp.vstack([spend, one, limits]))),
            np.concatenate([np.full(r, -np.inf), game.size, -free]),
            np.concatenate([game.limits / self._scale, game.size, free]),
            np.zeros(n + r),
            np.full(n + r, np.inf),
            np.concatenate([-game.worth[self.choice, self.kind] / game.scale, np.full(r, DEAR)]),
            np.zeros(n + r, dtype=bool),
            0.0,
        )

    def solve(self, node: Node) -> None:
        """Fill in the value, the mixture, what is overspent and the prices of a node; −inf where there is no mixture."""
        game, r, n = self.game, len(self.game.limits), len(self.choice)
        shut = ~game.within(node)[self.choice, self.kind]
        upper = np.concatenate([np.where(shut, 0.0, np.inf), np.full(r, np.inf)])
        sides = (node.low[:, self._several].T.ravel(), node.high[:, self._several].T.ravel())
        x = self._engine.bounded(upper, r + len(game.size), *sides)
        if x is None:
            node.value = -np.inf
            return
        node.counts = self._counts(x)
        node.value = -float(self._flat.cost @ x) * game.scale
        node.prices = np.maximum(-self._engine.row_dual[:r], 0.0) / self._scale * game.scale
        node.overspent = float(x[n:].sum())

    def nudged(self, more: Array) -> Array | None:
        """The best mixture of all if each choice were worth so much more to a city of a kind, as counts; shapes (choices,
        kinds)."""
        if self._nudging is None:
            self._nudging = warm_simplex.Repeated(self._flat)
        cost = self._flat.cost.copy()
        cost[: len(self.choice)] -= more[self.choice, self.kind] / self.game.scale
        x = self._nudging.solve(cost)
        return None if x is None else self._counts(x)

    def cheapest(self, prices: Array) -> Array:
        """What the cheapest of the ways of each choice of each kind costs at these prices, inf where there is none. Shape
        (choices, kinds)."""
        found = np.full_like(self.game.worth, np.inf)
        np.minimum.at(found, (self.choice, self.kind), self.ways.takes @ prices)
        return found

    def _counts(self, x: Array) -> Array:
        counts = np.zeros_like(self.game.worth)
        np.add.at(counts, (self.choice, self.kind), x[: len(self.choice)])
        return counts
