"""Lagrangian bounds of nodes: multipliers on the points and on the branching limits of a node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from gnomon import Array, LinearProgram, Mask, Model, RepeatedProgram, StoredCoefficients
from xisuan.errors import SolverError
from xisuan.planning.access.choice_problem import DEAR, ChoiceProblem, Leaf, Node, Point


class LagrangianBound:
    """Relaxation over the choices alone, with one row (Lagrangian cut) per point; its duals give the bound of a leaf.

    `worthy`: choices that reduced-cost fixing leaves, shape (choices, kinds).
    """

    def __init__(self, problem: ChoiceProblem, points: Sequence[Point], worthy: Mask) -> None:
        self.problem, self.points, self.worthy = problem, tuple(points), worthy
        self.limits = np.array([point.prices @ problem.limits for point in points])
        self._several = problem.several()
        self._choice, self._kind = np.nonzero(worthy)
        least = np.array([point.least[self._choice, problem.city[self._kind]] for point in points])
        self._least = least.reshape(len(points), -1)
        self._scales = np.maximum(self.limits, self._least.max(axis=1, initial=1e-9))
        self._engine = RepeatedProgram(self._program())

    def _program(self) -> LinearProgram:
        """Return the linear program: cuts of the points, one choice per city, branching rows, penalised slacks."""
        problem, k, kinds = self.problem, len(self.points), len(self.problem.size)
        n, periods, several = len(self._kind), problem.choices.shape[1], self._several
        # Position of each kind of several cities among the branching rows; −1 for single cities.
        at = np.full(kinds, -1)
        at[several] = np.arange(len(several))
        item, period = np.nonzero(problem.choices[self._choice] & (at[self._kind] >= 0)[:, None])
        one = sp.csr_matrix((np.ones(n), (self._kind, np.arange(n))), shape=(kinds, n))
        free = np.full(len(several) * periods, np.inf)
        spare = k + kinds + 2 * len(free)
        counted = sp.csr_matrix(
            (np.ones(len(item)), (at[self._kind[item]] * periods + period, item)), shape=(len(free), n)
        )
        both = sp.hstack([sp.identity(len(free)), -sp.identity(len(free))])
        # Rows: cuts Σ least · x − slack ≤ π · limits, scaled; Σ x = size of each kind; branching rows.
        blocks: list[list[Any]] = [
            [sp.csr_matrix(self._least / self._scales[:, None]), -sp.identity(k), None, None],
            [one, None, sp.identity(kinds), None],
            [counted, None, None, both],
        ]
        return LinearProgram(
            Model(1, np.zeros(1, dtype=np.int64)),
            StoredCoefficients(sp.csr_matrix(sp.bmat(blocks))),
            np.concatenate([np.full(k, -np.inf), problem.size, -free]),
            np.concatenate([self.limits / self._scales, problem.size, free]),
            np.zeros(n + spare),
            np.full(n + spare, np.inf),
            # The penalty DEAR on slacks keeps every node feasible, so its duals always exist.
            np.concatenate([-problem.worth[self._choice, self._kind] / problem.scale, np.full(spare, DEAR)]),
            np.zeros(n + spare, dtype=bool),
            0.0,
        )

    def leaf(self, node: Node) -> Leaf:
        """Solve the relaxation of a node; return the multipliers with the least bound.

        Raises SolverError if the solver calls the program infeasible.
        """
        problem, k, kinds = self.problem, len(self.points), len(self.problem.size)
        open_ = problem.allowed(node) & self.worthy
        # Kinds of one city branch by bounds of their choices, kinds of several by rows.
        low, high = (side[:, self._several].T.ravel() for side in (node.low, node.high))
        shut = np.where(open_[self._choice, self._kind], np.inf, 0.0)
        upper = np.concatenate([shut, np.full(k + kinds + 2 * len(low), np.inf)])
        if self._engine.bounded(upper, k + kinds, low, high) is None:
            raise SolverError("the proof of a case of the search: a program that cannot be infeasible is")
        dual = self._engine.row_dual
        # Undo the row and objective scaling; any nonnegative weights give a valid bound.
        weights = np.maximum(-dual[:k], 0.0) / self._scales * problem.scale
        charges = np.zeros((problem.choices.shape[1], kinds))
        charges[:, self._several] = -dual[k + kinds :].reshape(len(self._several), len(charges)).T * problem.scale
        return Leaf(self._proven(node, open_, weights, charges), weights, charges)

    def _proven(self, node: Node, open_: Mask, weights: Array, charges: Array) -> float:
        """Return the Lagrangian bound of the node, valid for any weights ≥ 0 and charges; −inf if a kind has no choice
        left.

        L = Σ_k size_k max_c [worth_ck − Σ_p w_p least_p(c, k) − Σ_t on_ct charge_tk] + Σ_p w_p π_p · limits + Σ charge
        · side.
        """
        problem = self.problem
        least = sum(w * point.least[:, problem.city] for w, point in zip(weights, self.points, strict=True) if w > 0.0)
        with np.errstate(invalid="ignore"):
            gain = np.where(open_, problem.worth - least - problem.choices.astype(float) @ charges, -np.inf)
        # A positive charge prices the upper limit of a branching row, a negative one the lower limit.
        sides = np.where(charges > 0.0, node.high, node.low)
        return float((gain.max(axis=0) * problem.size).sum() + weights @ self.limits + (charges * sides).sum())
