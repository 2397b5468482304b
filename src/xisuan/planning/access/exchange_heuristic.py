"""Primal heuristic: round perturbed solutions of the restricted master, then exchange the choices of two cities.

A plan of whole cities is feasible if the ways of its choices keep the budgets, which a linear program decides. A
necessary condition is cheaper: at any prices the cheapest ways of the choices may cost no more than the budgets are
worth. Each infeasible plan adds the condition at its prices. Exchanges change two cities at a time, because a single
change seldom fits into the unused budgets.
"""

from __future__ import annotations

import numpy as np

from gnomon import Array, Index
from xisuan.planning.access.branch_and_price import Tree
from xisuan.planning.access.choice_problem import SPENT

ROUNDS = 200
"""Perturbed solutions that are rounded."""
STEPS = 60
"""Most exchanges from one rounded solution."""
MOVES = 600
"""Most changes of one city that are paired: those with the least reduced-cost loss."""
CONDITIONS = 40
"""Most necessary conditions kept, the latest ones."""
NUDGED = 30
"""Rank among the losses of non-best choices that sets the standard deviation of the perturbation."""
FAVOUR = 2.0
"""Bonus of the incumbent's choices in every other round, in standard deviations of the perturbation."""


def exchange(tree: Tree, enough: float, rounds: int = ROUNDS) -> None:
    """Search for plans better than the incumbent of `tree`, until one reaches `enough`. Deterministic: the seed is
    fixed.

    `rounds`: most perturbed solutions that are rounded.
    """
    if tree.root.prices is None or not tree.root.prices.any():
        return
    rng, search = np.random.default_rng(0), _Exchange(tree)
    for number in range(rounds):
        if tree.reached >= enough or tree.is_done:
            return
        nudge = np.zeros_like(tree.problem.worth)
        if number:
            nudge = rng.normal(0.0, search.nudge, nudge.shape)
        if number % 2 and tree.counts is not None:
            nudge += FAVOUR * search.nudge * (tree.counts > 0)
        mixed = tree.mixture.solve_perturbed(nudge)
        if mixed is not None:
            search.climb(_rounded(mixed, tree.problem.size))


def _rounded(counts: Array, size: Array) -> Array:
    """Return counts rounded to whole cities of each kind: down, then up at the largest remainders."""
    whole = np.floor(counts + 1e-9)
    for kind in np.flatnonzero(whole.sum(axis=0) < size):
        missing = int(size[kind] - whole[:, kind].sum())
        whole[np.argsort(whole[:, kind] - counts[:, kind], kind="stable")[:missing], kind] += 1.0
    return whole


class _Exchange:
    """Local search over plans: known necessary conditions, and moves of one city of a kind between two choices."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.worth = np.where(np.isfinite(tree.problem.worth), tree.problem.worth, 0.0)
        self.loss = tree.loss()
        # Losses of the choices other than the best of each kind, sorted.
        lost = np.sort(np.sort(self.loss, axis=0)[1:], axis=None)
        lost = lost[np.isfinite(lost)]
        self.nudge = float(lost[min(NUDGED, len(lost) - 1)]) if len(lost) else 0.0
        self.conditions: list[tuple[Array, float]] = []
        assert tree.root.prices is not None
        self._condition(tree.root.prices)

    def _condition(self, prices: Array) -> None:
        """Add the condition at these prices: cheapest ways ≤ worth of the budgets, scaled to numbers near 1."""
        cost, limit = self.tree.mixture.cheapest(prices), float(prices @ self.tree.problem.limits)
        scale = max(limit, float(np.where(np.isfinite(cost), cost, 0.0).max()), 1e-300)
        self.conditions = [*self.conditions[-CONDITIONS:], (cost / scale, limit / scale)]

    def climb(self, counts: Array) -> None:
        """Exchange while that improves; from an infeasible plan, first take the best exchange that meets the
        conditions."""
        kept = False
        for _ in range(STEPS):
            better = self._step(counts, kept)
            if better is None:
                return
            node = self.tree.try_out(better)
            if node.overspent <= SPENT and np.isfinite(node.value):
                counts, kept = better, True
            elif node.prices is not None and node.prices.any():
                # Cutting plane: the duals of the failed plan exclude it and similar ones.
                self._condition(node.prices)
            else:
                return

    def _step(self, counts: Array, upwards: bool) -> Array | None:
        """Return the best plan two moves away that meets all conditions, or None; `upwards`: only a better one."""
        kind, old, new = self._moves(counts)
        gain = self.worth[new, kind] - self.worth[old, kind]
        some, amounts = counts > 0, counts
        state, change = [], []
        for cost, limit in self.conditions:
            # Left-hand side minus limit of the condition, now and per move.
            state.append(float((cost[some] * amounts[some]).sum()) - limit)
            with np.errstate(invalid="ignore"):
                change.append(np.append(cost[new, kind] - cost[old, kind], 0.0))
        kind, gain = np.append(kind, -1), np.append(gain, 0.0)  # a null move, so that one move alone is a pair too
        first, second = np.nonzero(np.triu(gain[:, None] + gain > (0.0 if upwards else -np.inf), 1))
        other = kind[first] != kind[second]
        first, second = first[other], second[other]
        # The most violated condition first: it filters the most pairs.
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
        """Return kind, present choice and new choice of the moves that reduced-cost fixing leaves, at most `MOVES`."""
        near = self.loss <= self.tree.room()
        kind, new, old = np.nonzero(near.T[:, :, None] & (counts.T > 0)[:, None, :])
        other = new != old
        kind, new, old = kind[other], new[other], old[other]
        kept = np.sort(np.argsort(self.loss[new, kind], kind="stable")[:MOVES])
        return kind[kept], old[kept], new[kept]
