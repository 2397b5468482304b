"""Where the iterations begin: from least-squares solutions of both sides, every entry of its own size.

Mehrotra (1992, section 7) moves both least-squares solutions inwards by what their worst entry needs. With work, money
and tonnes in one model that one entry is a million times the others, and half the iterations go into coming back from
there. Here each entry keeps its size, but for a floor that is a multiple of the mean. A column narrower than that floor
cannot have it: it starts in the middle, with multipliers on both sides so large that its products are as large as those
of the others. With smaller ones it would stop the first steps at once, in some models for good.
"""

from __future__ import annotations

import numpy as np

from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.iterations.primal_dual_problem import Point, Problem

INSIDE = 0.1
"""Least share of a width that a column keeps from both its bounds."""
FLOOR = 100.0
"""Least size of an entry and of a multiplier, in means of their sizes."""


def begin(problem: Problem, system: System) -> Point:
    """The first iterate. Factorises once with all multipliers 1."""
    form, n, moves, wide = problem.form, problem.columns, problem.moves, problem.wide
    ones = np.where(moves, 1.0, 0.0)
    system.factorise(ones[:n], ones[n:])
    y, x = system.solve(form.side, np.zeros(n))
    v = np.abs(np.where(moves, np.concatenate([x, form.sign * y]), 0.0))
    y, _ = system.solve(np.zeros(len(form.side)), form.cost)
    z = problem.cost - problem.pull(y)
    sums = problem.team.total(np.array([problem.dot(np.abs(of), moves) for of in (v, z, np.ones(len(v)))]))
    least, least_z = (FLOOR * max(1e-6, float(of) / max(1.0, float(sums[2]))) for of in sums[:2])
    v = np.maximum(v, least)
    width = problem.width[wide]
    v[wide] = np.where(width < 2.0 * least, 0.5 * width, np.clip(v[wide], INSIDE * width, (1.0 - INSIDE) * width))
    room = width - v[wide]
    lower = np.where(moves, np.maximum(np.abs(z), least_z), 0.0)
    upper = np.maximum(-z[wide], least_z)
    narrow = least * least_z
    lower[wide] = np.maximum(lower[wide], narrow / v[wide])
    upper = np.maximum(upper, narrow / room)
    return Point(np.where(moves, v, 1.0), room, y, lower, upper)
