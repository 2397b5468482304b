"""An iterate moved onto its equations: its rows, or its reduced costs, by the least change relative to its entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gnomon.arrays import Array
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.iterations.predictor_corrector import KEPT, solved, within
from gnomon.interior_point.iterations.primal_dual_problem import Point, Problem

MEETINGS = 8
"""Attempts to move an iterate onto its equations."""
PATIENT = 2
"""Attempts that may have as many entries pass their bounds as the best one before: the last rows of roll-out in
`guizhou-days` were met in the fourth, after one that was worse than the second."""

LEAST = 3e-8
"""What an entry counts as no less than, a tenth of what an answer may violate: squares of what is all but nothing, beside
those of what there is, drown pivots in rounding. Four futures with common orders missed a row by 6e-7, gap 1e-9; links that
were full had slacks of 1e-10, whose pivots were skipped, and were missed by more each time that they were moved."""
FINER, FINEST = 0.1, 1e-3
"""And as no less than this share of that at each further attempt, down to the other: an entry that has nearly nothing, and
was moved by as much as one that counts, is short of it, and a small row misses a multiple of that. In the second step of
2030 of `guizhou-days` on its year 6,600 entries passed their bounds at each of eight attempts, and rows that were met to
5e-7 of the largest side missed 4e-6 of their own; with this, 120 do at the second, and no row misses more than 3e-7."""


def rows(problem: Problem, system: System, p: Point, keep: float = KEPT, least: float = LEAST) -> Iterator[Point]:
    """The iterate moved onto its rows by the least change, each entry's relative to itself, or to `least`, and to less of
    it from one attempt to the next.

    What is left of them shrinks only as fast as steps are long, and a plan that is good enough in all else would wait for
    it: two months of `china` had a gap of 1e-3 after 22 iterations and met their rows after 37. Entries that would pass a
    bound `keep` a share of themselves and the others are moved again, as long as these grow fewer.
    """
    fewest, worse = np.inf, 0
    for attempt in range(MEETINGS):
        v, room = _least_change(problem, system, p, least * max(FINER**attempt, FINEST))
        lost = problem.lost(p.v + v <= 0.0, p.room + room <= 0.0)
        p = replace(p, v=within(p.v, v, keep), room=within(p.room, room, keep))
        yield p
        worse += lost >= fewest
        if not lost or worse > PATIENT:
            return
        fewest = min(fewest, lost)


def duals(problem: Problem, system: System, p: Point) -> Iterator[Point]:
    """The iterate moved likewise until its reduced costs are its multipliers."""
    fewest, worse = np.inf, 0
    for _ in range(MEETINGS):
        y, lower, upper = _least_change_of_duals(problem, system, p)
        lost = problem.lost(p.lower + lower < 0.0, p.upper + upper <= 0.0)
        p = replace(p, y=p.y + y, lower=within(p.lower, lower), upper=within(p.upper, upper))
        yield p
        worse += lost >= fewest
        if not lost or worse > PATIENT:
            return
        fewest = min(fewest, lost)


def _least_change(problem: Problem, system: System, p: Point, least: float) -> tuple[Array, Array]:
    """The change of v and room that takes away their infeasibilities and whose ratios to them, each taken as `least` more
    than it is, have the least squares."""
    wide, form = problem.wide, problem.form
    room = p.room + least
    weight = (p.v + least) ** -2.0
    weight[wide] += room**-2.0
    theta = np.where(problem.moves, 1.0 / weight, 0.0)
    system.factorise(theta[: problem.columns], theta[problem.columns :])
    short = problem.width[wide] - p.v[wide] - p.room
    g = np.zeros_like(p.v)
    g[wide] = -short / room**2
    g[~problem.moves] = 0.0
    _, dv = solved(problem, system, theta, form.side - problem.times(p.v), g, patient=True)
    return dv, short - dv[wide]


def _least_change_of_duals(problem: Problem, system: System, p: Point) -> tuple[Array, Array, Array]:
    """The change of y, lower and upper that makes reduced costs the multipliers, whose ratios to them have least squares."""
    wide = problem.wide
    weight = p.lower**2
    weight[wide] += p.upper**2
    with np.errstate(divide="ignore"):
        theta = np.where(problem.moves, 1.0 / weight, 0.0)
    system.factorise(theta[: problem.columns], theta[problem.columns :])
    dy, dv = solved(problem, system, theta, np.zeros_like(p.y), np.where(problem.moves, problem.rest(p), 0.0))
    return dy, -(p.lower**2) * dv, p.upper**2 * dv[wide]
