"""A start from a solution that is known: of this model, or of one that it is a part of.

What an interior point left of a larger model is nearly central in each of its parts, so that only what rounding and repair
took away is missing: columns without a crumb, and reduced costs that are 0. Each entry, and its multiplier, is given what
its product needs to be as large as those of the others, by the change that is least beside its size.
"""

from __future__ import annotations

import numpy as np

from gnomon.arrays import Array
from gnomon.interior_point.iterations.primal_dual_problem import Point, State, Whole

LEAST = 1e-12
"""Least mean product, of numbers that are near 1: a solution without any is a vertex, and no start."""
MISSED, GAP = 1e-2, 0.1
"""Largest infeasibilities, and relative gap, of a start: what misses more is a solution of something else, from where a
search takes longer than from fewer hours. Four days of `guizhou-days` operated as its plan does missed 4e-4, with a gap of
1e-4; with another price of equipment a plan's own columns and duals took twice as many iterations as none."""


def begin(problem: Whole, x: Array, row_dual: Array, *, trusted: bool = False) -> Point | None:
    """The iterate of columns x and row duals of the model as it is, in its own units; None where it would be no start.

    trusted: whether it is one however much it misses once no product is small. A vertex is none in any case.
    """
    form, moves, wide = problem.form, problem.moves, problem.wide
    scaling = form.scaling
    columns = np.where(form.moves, np.maximum(x - form.reduced.lower, 0.0) * (scaling.side / scaling.column), 0.0)
    slacks = form.sign * (form.side - form.times(columns))
    v = np.where(moves, np.maximum(np.concatenate([columns, slacks]), 0.0), 0.0)
    y = np.where(form.masked, 0.0, row_dual * (scaling.cost / scaling.row))
    z = np.where(moves, problem.cost - problem.pull(y), 0.0)
    room = np.maximum(problem.width_wide - v[wide], 0.0)
    lower, upper = np.maximum(z, 0.0), np.maximum(-z[wide], 0.0)
    mean = (float(v @ lower) + float(room @ upper)) / max(1.0, problem.whole)
    if not mean > LEAST:
        return None
    v, lower = _central(v, lower, mean * problem.weight)
    room, upper = _central(room, upper, mean * problem.weight_wide)
    point = Point(np.where(moves, v, 1.0), room, y, np.where(moves, lower, 0.0), upper)
    return point if trusted or _near(problem.state(point)) else None


def _near(state: State) -> bool:
    gap = abs(state.objective - state.bound) / max(abs(state.objective), 1.0)
    return bool(max(state.primal, state.dual) <= MISSED and gap <= GAP)


def _central(v: Array, z: Array, least: Array) -> tuple[Array, Array]:
    """Both with products of no less than these."""
    root = np.sqrt(least)
    v = np.maximum(v, least / np.maximum(z, root))
    return v, np.maximum(z, least / v)
