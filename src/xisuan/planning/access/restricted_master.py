"""Restricted master of the Dantzig-Wolfe decomposition: the linear program of a node over the known ways.

Columns: the known ways, and the overspending of each budget at a penalty. Rows: the budgets; the convexity constraint
of each kind, with its number of cities; the branching limits of the node. A branching limit bounds how many cities of a
kind of several are gigabit cities in a period. The limits of a kind of one city are in the bounds of its ways.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from gnomon import Array, LinearProgram, Model, RepeatedProgram, StoredCoefficients
from xisuan.planning.access.choice_problem import DEAR, ChoiceProblem, Node
from xisuan.planning.access.pricing import Ways


class RestrictedMaster:
    """Restricted master over a fixed set of ways, solved again for each node."""

    def __init__(self, problem: ChoiceProblem, ways: Ways) -> None:
        self.problem, self.ways = problem, ways
        self.kind, self.choice = problem.kind_of(ways.city), ways.choice
        self._scale = np.maximum(problem.limits, np.abs(ways.takes).max(axis=0, initial=1e-9) / 100.0)
        self._several = problem.several()
        self._flat = self._program()
        self._engine = RepeatedProgram(self._flat)
        self._nudging: RepeatedProgram | None = None

    def _program(self) -> LinearProgram:
        """Return the linear program of the root; nodes change only its column and row bounds."""
        problem, n, r = self.problem, len(self.choice), len(self.problem.limits)
        kinds, periods, several = len(problem.size), problem.choices.shape[1], self._several
        # Position of each kind of several cities among the branching rows; −1 for single cities.
        at = np.full(kinds, -1)
        at[several] = np.arange(len(several))
        item, period = np.nonzero(problem.choices[self.choice] & (at[self.kind] >= 0)[:, None])
        limits = sp.csr_matrix(
            (np.ones(len(item)), (at[self.kind[item]] * periods + period, item)), shape=(len(several) * periods, n + r)
        )
        one = sp.csr_matrix((np.ones(n), (self.kind, np.arange(n))), shape=(kinds, n + r))
        # Budget rows, scaled: Σ takes · x − overspent ≤ limit.
        spend = sp.hstack([sp.csr_matrix((self.ways.takes / self._scale).T), -sp.identity(r)])
        free = np.full(len(several) * periods, np.inf)
        return LinearProgram(
            Model(1, np.zeros(1, dtype=np.int64)),
            StoredCoefficients(sp.csr_matrix(sp.vstack([spend, one, limits]))),
            np.concatenate([np.full(r, -np.inf), problem.size, -free]),
            np.concatenate([problem.limits / self._scale, problem.size, free]),
            np.zeros(n + r),
            np.full(n + r, np.inf),
            # Minimise −worth; the penalty DEAR on overspending replaces a phase 1.
            np.concatenate([-problem.worth[self.choice, self.kind] / problem.scale, np.full(r, DEAR)]),
            np.zeros(n + r, dtype=bool),
            0.0,
        )

    def solve(self, node: Node) -> None:
        """Solve the restricted master of a node; set its `counts`, `value`, `prices` and `overspent`.

        `value` is −inf where the limits of the node admit no mixture.
        """
        problem, r, n = self.problem, len(self.problem.limits), len(self.choice)
        # Branching on kinds of one city: excluded choices get the upper bound 0.
        shut = ~problem.allowed(node)[self.choice, self.kind]
        upper = np.concatenate([np.where(shut, 0.0, np.inf), np.full(r, np.inf)])
        sides = (node.low[:, self._several].T.ravel(), node.high[:, self._several].T.ravel())
        x = self._engine.bounded(upper, r + len(problem.size), *sides)
        if x is None:
            node.value = -np.inf
            return
        node.counts = self._counts(x)
        node.value = -float(self._flat.cost @ x) * problem.scale
        # Dual multipliers of the budget rows, with the row and objective scaling undone.
        node.prices = np.maximum(-self._engine.row_dual[:r], 0.0) / self._scale * problem.scale
        node.overspent = float(x[n:].sum())

    def solve_perturbed(self, more: Array) -> Array | None:
        """Solve the root's restricted master with `more` added to the worth; return its counts, or None if infeasible.

        `more` and the result have shape (choices, kinds).
        """
        if self._nudging is None:
            self._nudging = RepeatedProgram(self._flat)
        cost = self._flat.cost.copy()
        cost[: len(self.choice)] -= more[self.choice, self.kind] / self.problem.scale
        x = self._nudging.solve(cost)
        return None if x is None else self._counts(x)

    def cheapest(self, prices: Array) -> Array:
        """Return the cost at `prices` of the cheapest known way of each choice, inf without one.

        Shape (choices, kinds).
        """
        found = np.full_like(self.problem.worth, np.inf)
        np.minimum.at(found, (self.choice, self.kind), self.ways.takes @ prices)
        return found

    def _counts(self, x: Array) -> Array:
        """Sum the weights of the ways by choice and kind, shape (choices, kinds)."""
        counts = np.zeros_like(self.problem.worth)
        np.add.at(counts, (self.choice, self.kind), x[: len(self.choice)])
        return counts
