"""Independent reading of a solved linopy model from its own matrices: feasibility, and the bound that its duals prove."""

from __future__ import annotations

from dataclasses import dataclass

import linopy
import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

ROUNDING = 2e-14
"""Relative rounding of a reduced cost, a sum of at most some hundred products: twice what the engine allows itself, as this
reading sums in another order."""
ABOVE = 1e-3
"""Distance of the cost limit above the objective, relative to it, as in the engine's proof."""


@dataclass(frozen=True)
class Reading:
    """objective, bound: in the sense of a minimum. violation: of rows and bounds, relative to their largest term.

    charge: most that reduced costs on sides without a bound can take from the bound, as a share of the objective.
    """

    objective: float
    bound: float
    violation: float
    charge: float

    @property
    def gap(self) -> float:
        return (self.objective - self.bound) / max(1e-9, abs(self.objective))


def read(model: linopy.Model) -> Reading:
    """Read values and duals back from a model; the bound is linopy's dual objective, with sign conditions enforced.

    A reduced cost d on a side without a bound takes at most max d·x over all feasible x that cost no more than a limit,
    which one linear program finds. What costs more than the limit is no better, so the limit is a bound as well.
    """
    of = model.matrices
    sign = -1.0 if model.objective.sense == "max" else 1.0
    x, y, cost = of.sol, sign * of.dual, sign * of.c
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()
    y = np.where(of.sense == "<", np.minimum(y, 0.0), np.where(of.sense == ">", np.maximum(y, 0.0), y))
    reduced, terms = cost - of.A.T @ y, np.abs(cost) + abs(of.A).T @ np.abs(y)
    up, down = np.maximum(reduced, 0.0), np.maximum(-reduced, 0.0)
    bound = of.b @ y + up @ np.where(np.isfinite(of.lb), of.lb, 0.0) - down @ np.where(np.isfinite(of.ub), of.ub, 0.0)
    endless = np.where(np.isneginf(of.lb), up, 0.0) - np.where(np.isposinf(of.ub), down, 0.0)
    endless[np.abs(endless) <= ROUNDING * terms] = 0.0
    limit = float(cost @ x) + ABOVE * abs(float(cost @ x))
    charge = largest_charge(of, -endless, cost, limit)
    activity, size = of.A @ x, np.maximum(1.0, abs(of.A).max(axis=1).toarray().ravel() * np.abs(x).max())
    miss = np.where(of.sense != ">", activity - of.b, 0.0), np.where(of.sense != "<", of.b - activity, 0.0)
    outside = np.maximum(of.lb - x, x - of.ub) / np.maximum(1.0, np.abs(x))
    violation = max(float((np.maximum(*miss) / size).max()), float(outside.max()))
    objective = float(cost @ x)
    return Reading(objective, min(float(bound) - charge, limit), violation, charge / max(1e-9, abs(objective)))


def largest_charge(of: linopy.matrices.MatrixAccessor, weight: np.ndarray, cost: np.ndarray, limit: float) -> float:
    """Return max weight·x over the rows and bounds of a model and cost·x ≤ limit; inf if it has no end."""
    size = np.abs(weight).max(initial=0.0)
    if size == 0.0:
        return 0.0
    matrix, equal = sp.csr_matrix(of.A), of.sense == "="
    turn = np.where(of.sense[~equal] == ">", -1.0, 1.0)
    above = sp.vstack([sp.diags_array(turn) @ matrix[~equal], sp.csr_matrix(cost)])
    found = linprog(
        -weight / size,
        A_ub=above,
        b_ub=np.append(turn * of.b[~equal], limit),
        A_eq=matrix[equal] if equal.any() else None,
        b_eq=of.b[equal] if equal.any() else None,
        bounds=np.stack([of.lb, of.ub], axis=1),
        method="highs",
    )
    return size * max(0.0, -float(found.fun)) if found.status == 0 else np.inf
