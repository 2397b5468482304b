"""Projection of an iterate onto its rows, or onto its reduced costs, by the least change relative to its entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gnomon.arrays import Array
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.iterations.predictor_corrector import SHARE_KEPT, limit_change, solve_newton
from gnomon.interior_point.iterations.primal_dual_problem import Point, Problem

MEETINGS = 8
"""Maximum number of projections in turn."""
PATIENT = 2
"""Projections that may leave as many entries beyond their bounds as the best one before."""

LEAST = 3e-8
"""Minimum size of an entry in the weights, a tenth of the allowed violation. Squares of nearly zero entries next to those
of others would make pivots pure rounding, and rows that consist of such entries would be missed."""
FIXED = 1e-16
"""Θ⁻¹ of an unbounded column in the projection onto reduced costs: its reduced cost must be 0, so it gets the weight of a
multiplier of 1e-8."""
FALLING = 0.5
"""Share of their residual before that the reduced costs of unbounded columns must fall below to be projected again."""
FINER, FINEST = 0.1, 1e-3
"""Factor of this minimum from one projection to the next, down to this share. A tiny entry that moves as far as the
minimum passes its bound, and a row of small terms then misses a multiple of its tolerance."""


def rows(problem: Problem, system: System, p: Point, keep: float = SHARE_KEPT, least: float = LEAST) -> Iterator[Point]:
    """Yield the iterate projected onto its rows by the least change relative to the entries, or to a decreasing `least`.

    Steps of the main loop reduce residuals only as fast as steps are long. Entries that would pass a bound `keep` a
    share of their value, and the others are moved again while fewer and fewer pass.
    """
    fewest, worse = np.inf, 0
    for attempt in range(MEETINGS):
        v, room = _least_change(problem, system, p, least * max(FINER**attempt, FINEST))
        # Entries past their bounds are clipped; the next projection moves the others.
        lost = problem.wrong_entries(p.v + v <= 0.0, p.room + room <= 0.0)
        after, at = limit_change(p.v, v, keep), problem.unbounded
        after[at] = p.v[at] + v[at]
        p = replace(p, v=after, room=limit_change(p.room, room, keep))
        yield p
        worse += lost >= fewest
        if not lost or worse > PATIENT:
            return
        fewest = min(fewest, lost)


def duals(problem: Problem, system: System, p: Point) -> Iterator[Point]:
    """Yield the iterate projected until its reduced costs equal its multipliers.

    A reduced cost of an unbounded column has no multiplier that could take up its residual. The iterate is yielded once
    these residuals stop to fall, which they do at their rounding.
    """
    fewest, worse, missed = np.inf, 0, np.inf
    for attempt in range(MEETINGS):
        y, lower, upper = _least_change_of_duals(problem, system, p)
        lost = problem.wrong_entries(p.lower + lower < 0.0, p.upper + upper <= 0.0)
        p = replace(p, y=p.y + y, lower=limit_change(p.lower, lower), upper=limit_change(p.upper, upper))
        if problem.has_unbounded:
            rest = np.abs(problem.rest(p)[problem.unbounded]).max(initial=0.0)
            before, missed = missed, float(problem.team.maximum(np.array([rest]))[0])
            if missed < FALLING * before and attempt + 1 < MEETINGS:
                continue
        yield p
        worse += lost >= fewest
        if not lost or worse > PATIENT:
            return
        fewest = min(fewest, lost)


def _least_change(problem: Problem, system: System, p: Point, least: float) -> tuple[Array, Array]:
    """Return the change of v and room that removes the residuals of rows and widths with least Σ (dv / (v + least))²."""
    wide, form = problem.wide, problem.form
    room = p.room + least
    # Weighted least squares: Θ = (v + least)², combined with that of the width.
    weight = (p.v + least) ** -2.0
    weight[wide] += room**-2.0
    weight[problem.unbounded] = (1.0 + np.abs(p.v[problem.unbounded])) ** -2.0
    theta = np.where(problem.moves, 1.0 / weight, 0.0)
    system.factorise(theta[: problem.columns], theta[problem.columns :])
    short = problem.width[wide] - p.v[wide] - p.room
    g = np.zeros_like(p.v)
    g[wide] = -short / room**2
    g[~problem.moves] = 0.0
    _, dv = solve_newton(problem, system, theta, form.side - problem.times(p.v), g, patient=True)
    return dv, short - dv[wide]


def _least_change_of_duals(problem: Problem, system: System, p: Point) -> tuple[Array, Array, Array]:
    """Return the change of y, lower and upper that removes the dual residual, least squares relative to the multipliers."""
    wide = problem.wide
    # Weighted least squares: Θ⁻¹ = z² + z′².
    weight = p.lower**2
    weight[wide] += p.upper**2
    weight[problem.unbounded] = FIXED
    with np.errstate(divide="ignore"):
        theta = np.where(problem.moves, 1.0 / weight, 0.0)
    system.factorise(theta[: problem.columns], theta[problem.columns :])
    dy, dv = solve_newton(problem, system, theta, np.zeros_like(p.y), np.where(problem.moves, problem.rest(p), 0.0))
    return dy, -(p.lower**2) * dv, p.upper**2 * dv[wide]
