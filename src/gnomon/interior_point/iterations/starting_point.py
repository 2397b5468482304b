"""Starting point from scratch: least-squares solutions of both sides, with every entry of its own size.

Mehrotra (1992, section 7) shifts both least-squares solutions inwards by what their worst entry needs. With work, money
and tonnes in one model that entry is a million times the others, and half of the iterations undo the shift. Here each
entry keeps its size, with a floor that is a multiple of the mean. A column narrower than twice the floor starts in the
middle, with multipliers on both sides so large that its products match those of the others. With smaller products it
would stop the first steps, in some models for good.
"""

from __future__ import annotations

import numpy as np

from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.iterations.primal_dual_problem import Point, Problem

INSIDE = 0.1
"""Minimum share of a width that a column keeps from both its bounds."""
FLOOR = 100.0
"""Minimum size of an entry and of a multiplier, in multiples of their mean size."""


def starting_point(problem: Problem, system: System) -> Point:
    """Return the first iterate. Factorises once with Θ = 1."""
    form, n, moves, wide, bounded = problem.form, problem.columns, problem.moves, problem.wide, problem.bounded
    ones = np.where(moves, 1.0, 0.0)
    system.factorise(ones[:n], ones[n:])
    # Least-norm solution of the rows: min ‖(x, s)‖ subject to A x + σ s = side.
    y, x = system.solve(form.side, np.zeros(n))
    v = np.where(moves, np.concatenate([x, form.sign * y]), 0.0)
    unbounded = v[problem.unbounded]
    v = np.abs(v)
    # Least-squares duals: min ‖cost − Aᵀy‖.
    y, _ = system.solve(np.zeros(len(form.side)), form.cost)
    z = problem.cost - problem.pull(y)
    sums = problem.team.total(np.array([problem.dot(np.abs(of), bounded) for of in (v, z, np.ones(len(v)))]))
    least, least_z = (FLOOR * max(1e-6, float(of) / max(1.0, float(sums[2]))) for of in sums[:2])
    # Floor on all entries; columns narrower than two floors start in the middle.
    v = np.maximum(v, least)
    width = problem.width[wide]
    v[wide] = np.where(width < 2.0 * least, 0.5 * width, np.clip(v[wide], INSIDE * width, (1.0 - INSIDE) * width))
    room = width - v[wide]
    lower = np.where(bounded, np.maximum(np.abs(z), least_z), 0.0)
    upper = np.maximum(-z[wide], least_z)
    # Products of narrow columns are at least those of the floor.
    narrow = least * least_z
    lower[wide] = np.maximum(lower[wide], narrow / v[wide])
    upper = np.maximum(upper, narrow / room)
    v[problem.unbounded] = unbounded
    return Point(np.where(moves, v, 1.0), room, y, lower, upper)
