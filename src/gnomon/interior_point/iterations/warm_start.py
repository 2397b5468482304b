"""Warm start from a known solution of this model, or of a larger one of which it is a part.

The interior-point solution of a larger model is nearly central in each of its parts. Only what rounding and repair
removed is missing: tiny values and reduced costs. Each entry and its multiplier is raised so that its product reaches
the mean, by the smallest change relative to its size.
"""

from __future__ import annotations

import numpy as np

from gnomon.arrays import Array
from gnomon.interior_point.formulation.standard_form import origin
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem, Point, State

LEAST = 1e-12
"""Minimum mean product, in scaled numbers; below, the solution is a vertex and no start."""
MISSED, GAP = 1e-2, 0.1
"""Largest infeasibilities and relative gap of a start. A worse one belongs to another problem, and a multilevel start is
faster."""


def warm_point(problem: FullProblem, x: Array, row_dual: Array, *, trusted: bool = False) -> Point | None:
    """Return the iterate for columns x and row duals of the model, in its units; None if it is no suitable start.

    trusted: True to accept any infeasibility and gap. A vertex is never accepted.
    """
    form, moves, wide = problem.form, problem.moves, problem.wide
    scaling = form.scaling
    columns = np.where(form.moves, (x - origin(form.reduced.lower)) * (scaling.side / scaling.column), 0.0)
    unbounded = columns[problem.unbounded]
    columns = np.maximum(columns, 0.0)
    columns[problem.unbounded] = unbounded
    # Slacks and reduced costs follow from x and y; negative parts are cut off.
    slacks = form.sign * (form.side - form.times(columns))
    v = np.where(moves, np.maximum(np.concatenate([columns, slacks]), 0.0), 0.0)
    y = np.where(form.masked, 0.0, row_dual * (scaling.cost / scaling.row))
    z = np.where(problem.bounded, problem.cost - problem.pull(y), 0.0)
    room = np.maximum(problem.width_wide - v[wide], 0.0)
    lower, upper = np.maximum(z, 0.0), np.maximum(-z[wide], 0.0)
    mean = (float(v @ lower) + float(room @ upper)) / max(1.0, problem.whole)
    if not mean > LEAST:
        return None
    # Raise small products to the mean.
    v, lower = _central(v, lower, mean * problem.weight)
    room, upper = _central(room, upper, mean * problem.weight_wide)
    v[problem.unbounded] = unbounded
    point = Point(np.where(moves, v, 1.0), room, y, np.where(problem.bounded, lower, 0.0), upper)
    return point if trusted or _near(problem.state(point)) else None


def _near(state: State) -> bool:
    gap = abs(state.objective - state.bound) / max(abs(state.objective), 1.0)
    return bool(max(state.primal, state.dual) <= MISSED and gap <= GAP)


def _central(v: Array, z: Array, least: Array) -> tuple[Array, Array]:
    """Return both vectors with products of at least `least`."""
    root = np.sqrt(least)
    v = np.maximum(v, least / np.maximum(z, root))
    return v, np.maximum(z, least / v)
