"""Whole plans from mixtures: what choices are worth is nudged, the mixture rounded, and choices of two cities exchanged.

A plan is whole if the ways of its choices, mixed, keep the budgets: a linear program, asked last. A necessary condition is
cheaper: at any prices the cheapest ways of the choices may cost no more than the budgets are worth. Each plan that the
program refuses gives the prices of one more condition. Exchanges are tried two at a time, because one city alone seldom
fits into what is left of the budgets.
"""

from __future__ import annotations

import numpy as np

from gnomon.arrays import Array, Index
from xisuan.planning.access.branch_and_price import Tree
from xisuan.planning.access.choice_problem import SPENT

ROUNDS = 200
"""Mixtures that are nudged and rounded."""
STEPS = 60
"""Exchanges from one rounded mixture."""
MOVES = 600
"""Most changes of one city that are tried by twos: those whose choices lose least."""
CONDITIONS = 40
"""Conditions that are kept, the latest."""
NUDGED = 30
"""A nudge is as large as what so many choices lose at most against the best of their city."""
FAVOUR = 2.0
"""What the choices of the best plan gain, in nudges, in every other round."""


def exchange(tree: Tree, enough: float, rounds: int = ROUNDS) -> None:
    """Look for better plans than the tree's best, and stop at one that reaches `enough`. The same each time."""
    if tree.root.prices is None or not tree.root.prices.any():
        return
    rng, search = np.random.default_rng(0), _Exchange(tree)
    for number in range(rounds):
        if tree.reached >= enough or tree.done:
            return
        nudge = np.zeros_like(tree.game.worth)
        if number:
            nudge = rng.normal(0.0, search.nudge, nudge.shape)
        if number % 2 and tree.counts is not None:
            nudge += FAVOUR * search.nudge * (tree.counts > 0)
        mixed = tree.mixture.nudged(nudge)
        if mixed is not None:
            search.climb(_rounded(mixed, tree.game.size))


def _rounded(counts: Array, size: Array) -> Array:
    """Whole numbers of cities of each kind that are near to a mixture: down, and up where most is cut off."""
    whole = np.floor(counts + 1e-9)
    for kind in np.flatnonzero(whole.sum(axis=0) < size):
        missing = int(size[kind] - whole[:, kind].sum())
        whole[np.argsort(whole[:, kind] - counts[:, kind], kind="stable")[:missing], kind] += 1.0
    return whole


class _Exchange:
    """Conditions known so far, and what one can do to a plan: one city of a kind changes from a choice to another."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.worth = np.where(np.isfinite(tree.game.worth), tree.game.worth, 0.0)
        self.loss = tree.loss()
        lost = np.sort(np.sort(self.loss, axis=0)[1:], axis=None)
        lost = lost[np.isfinite(lost)]
        self.nudge = float(lost[min(NUDGED, len(lost) - 1)]) if len(lost) else 0.0
        self.conditions: list[tuple[Array, float]] = []
        assert tree.root.prices is not None
        self._condition(tree.root.prices)

    def _condition(self, prices: Array) -> None:
        """At these prices the cheapest ways cost no more than the budgets are worth; in numbers near 1."""
        cost, limit = self.tree.mixture.cheapest(prices), float(prices @ self.tree.game.limits)
        scale = max(limit, float(np.where(np.isfinite(cost), cost, 0.0).max()), 1e-300)
        self.conditions = [*self.conditions[-CONDITIONS:], (cost / scale, limit / scale)]

    def climb(self, counts: Array) -> None:
        """Exchange as long as that reaches more; from a plan beyond the budgets first whatever brings it within them."""
        kept = False
        for _ in range(STEPS):
            better = self._step(counts, kept)
            if better is None:
                return
            node = self.tree.try_out(better)
            if node.overspent <= SPENT and np.isfinite(node.value):
                counts, kept = better, True
            elif node.prices is not None and node.prices.any():
                self._condition(node.prices)
            else:
                return

    def _step(self, counts: Array, upwards: bool) -> Array | None:
        """The plan two changes away that reaches most and keeps all conditions; `upwards`: more than this one."""
        kind, old, new = self._moves(counts)
        gain = self.worth[new, kind] - self.worth[old, kind]
        some, amounts = counts > 0, counts
        state, change = [], []
        for cost, limit in self.conditions:
            state.append(float((cost[some] * amounts[some]).sum()) - limit)
            with np.errstate(invalid="ignore"):
                change.append(np.append(cost[new, kind] - cost[old, kind], 0.0))
        kind, gain = np.append(kind, -1), np.append(gain, 0.0)  # the last changes nothing
        first, second = np.nonzero(np.triu(gain[:, None] + gain > (0.0 if upwards else -np.inf), 1))
        other = kind[first] != kind[second]
        first, second = first[other], second[other]
        for number in np.argsort(-np.array(state), kind="stable"):
            fits = state[number] + change[number][first] + change[number][second] <= SPENT
            first, second = first[fits], second[fits]
            if not len(first):
                return None
        best = int(np.argmax(gain[first] + gain[second]))
        found = counts.copy()
        for move in (first[best], second[best]):
            if kind[move] >= 0:
                found[old[move], kind[move]] -= 1.0
                found[new[move], kind[move]] += 1.0
        return found

    def _moves(self, counts: Array) -> tuple[Index, Index, Index]:
        """Kind, choice of now and other choice of the changes that may lead to a plan better than the best."""
        near = self.loss <= self.tree.room()
        kind, new, old = np.nonzero(near.T[:, :, None] & (counts.T > 0)[:, None, :])
        other = new != old
        kind, new, old = kind[other], new[other], old[other]
        kept = np.sort(np.argsort(self.loss[new, kind], kind="stable")[:MOVES])
        return kind[kept], old[kept], new[kept]
