"""Where the iterations begin: least-squares solutions of both sides, moved inwards (Mehrotra 1992, section 7)."""

from __future__ import annotations

import numpy as np

from xisuan.interior.iterate import Point, Problem
from xisuan.interior.system import System

INSIDE = 0.1
"""Least share of a width that a column keeps from both its bounds."""


def begin(problem: Problem, system: System) -> Point:
    """The first iterate. Factorises once with all multipliers 1."""
    form, n, moves, wide = problem.form, problem.columns, problem.moves, problem.wide
    ones = np.where(moves, 1.0, 0.0)
    system.factorise(ones[:n], ones[n:])
    y, x = system.solve(form.side, np.zeros(n))
    v = np.where(moves, np.concatenate([x, form.sign * y]), 0.0)
    y, _ = system.solve(np.zeros(len(form.side)), np.where(form.moves, form.cost, 0.0))
    z = problem.cost - problem.pull(y)
    shift, shift_z = _shift(v[moves]), _shift(z[moves & ~np.isfinite(problem.width)])
    v = v + shift
    width = problem.width[wide]
    v[wide] = np.clip(v[wide], INSIDE * width, (1.0 - INSIDE) * width)
    room = width - v[wide]
    lower = np.maximum(z, 0.0) + shift_z
    upper = np.maximum(-z[wide], 0.0) + shift_z
    lower_free = np.where(np.isfinite(problem.width), lower, z + shift_z)
    lower = np.maximum(lower_free, 1e-3 * shift_z)
    product = float(v[moves] @ lower[moves] + room @ upper)
    more = 0.5 * product / max(float(lower[moves].sum() + upper.sum()), 1e-300)
    more_z = 0.5 * product / max(float(v[moves].sum() + room.sum()), 1e-300)
    narrow = ~np.isfinite(problem.width)
    v[narrow] += more
    lower += more_z
    upper += more_z
    return Point(np.where(moves, v, 1.0), room, y, np.where(moves, lower, 0.0), upper)


def _shift(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """What makes all values positive, with something left."""
    return max(-1.5 * float(values.min(initial=0.0)), 0.0) + 1e-2 * (1.0 + float(np.abs(values).mean()) if len(values) else 1.0)
