"""Independent reading of a solved linopy model from its own matrices: feasibility, and the bound that its duals prove."""

from __future__ import annotations

from dataclasses import dataclass

import linopy
import numpy as np


@dataclass(frozen=True)
class Reading:
    """objective, bound: in the sense of a minimum. violation: of rows and bounds, relative to their largest term.

    bound: reduced costs on a side without a bound are charged with ten times the largest value of any variable.
    unproven: largest of these reduced costs, relative to its terms.
    """

    objective: float
    bound: float
    violation: float
    unproven: float

    @property
    def gap(self) -> float:
        return (self.objective - self.bound) / max(1e-9, abs(self.objective))


def read(model: linopy.Model) -> Reading:
    """Read values and duals back from a model; the bound is linopy's dual objective, with sign conditions enforced."""
    of = model.matrices
    sign = -1.0 if model.objective.sense == "max" else 1.0
    x, y, cost = of.sol, sign * of.dual, sign * of.c
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()
    y = np.where(of.sense == "<", np.minimum(y, 0.0), np.where(of.sense == ">", np.maximum(y, 0.0), y))
    reduced, terms = cost - of.A.T @ y, np.abs(cost) + abs(of.A).T @ np.abs(y)
    up, down = np.maximum(reduced, 0.0), np.maximum(-reduced, 0.0)
    endless = np.where(np.isneginf(of.lb), up, 0.0) + np.where(np.isposinf(of.ub), down, 0.0)
    bound = of.b @ y + up @ np.where(np.isfinite(of.lb), of.lb, 0.0) - down @ np.where(np.isfinite(of.ub), of.ub, 0.0)
    bound -= endless.sum() * 10 * np.abs(x).max()
    activity, size = of.A @ x, np.maximum(1.0, abs(of.A).max(axis=1).toarray().ravel() * np.abs(x).max())
    miss = np.where(of.sense != ">", activity - of.b, 0.0), np.where(of.sense != "<", of.b - activity, 0.0)
    outside = np.maximum(of.lb - x, x - of.ub) / np.maximum(1.0, np.abs(x))
    violation = max(float((np.maximum(*miss) / size).max()), float(outside.max()))
    return Reading(float(cost @ x), float(bound), violation, float((endless / np.maximum(1.0, terms)).max()))
