"""A start from models of fewer hours: what most iterations find out costs little there.

Far from the optimum iterations settle what is built, and hardly what runs in which hour. They are made on a model of fewer
hours (`coarse`), itself begun on a model of fewer hours still, until no more than its accuracy is worth; its iterate, taken
to the hours, has residuals where hours taken together differ, and is otherwise as central as a start can be. Many days are
first taken as a few kinds of them, few days as runs of some hours. Days of a kind differ much less than hours of a run, so
that their model can be followed further.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xisuan.interior import coarse, iterate, start
from xisuan.interior.form import standard
from xisuan.interior.iterate import Point, State, Whole
from xisuan.interior.system import System
from xisuan.interior.threads import Threads
from xisuan.solver.flat import flatten
from xisuan.solver.model import Model

FEW = 36
"""Hours of a period from which the iterations begin without a coarser model."""
RUN = 4
"""Most hours of a run."""
FIT = 24
"""Hours of a coarse model that are enough."""
AIM = 2.0
"""Sum of the products at which iterates of runs are held, as a share of the objective. Where they are less, iterates come
near to bounds that are elsewhere for the hours: begun at 0.06, a fortnight made five steps of less than a twentieth."""
DAYS, OF_A_KIND, KINDS = 14, 4, 15
"""Days from which kinds are made of them, how many there are of a kind if they are few, and the most kinds. Four days that
stand for a year are too different: 42 iterations in place of 34."""
CLOSER = 0.5
"""The same share for kinds of days. Two months of `china` took 11 iterations to a gap of 1e-3 so, 19 with 0.2; the year,
begun at 0.03, made no step at all."""
NEAR = 2.0
"""Gap at which a coarse model has told what it can, in these shares."""
MET = 1e-3
"""Infeasibilities, relative to side and cost, below which a coarse iterate must be by then."""
MOST = 40
"""Iterations of a coarse model after which it is given up."""

Told = Callable[[int, int], None]


def from_fewer(problem: Whole, threads: Threads, told: Told) -> Point | None:
    """A start for `problem` from coarser models; None where it is short enough, or they do not lead anywhere.

    `told` is called at every iteration with its number and the hours of the model.
    """
    model = problem.form.flat.model
    if model.hours <= FEW:
        return None
    days = model.hours // coarse.DAY
    runs = coarse.alike(model, min(KINDS, days // OF_A_KIND)) if days >= DAYS else None
    aim = AIM if runs is None else CLOSER
    if runs is None:
        runs = coarse.runs(model.previous, min(RUN, -(-model.hours // FIT)))
    if len(runs.length) == model.hours:
        return None
    small = _problem(coarse.coarsened(model, runs), threads)
    if small is None or not small.count:
        return None
    begun = from_fewer(small, threads, told)
    system = System(small.form, threads)
    point = _ahead(small, system, begun if begun is not None else start.begin(small, system), aim, told)
    return coarse.prolonged(problem, small, point, runs) if point is not None else None


def _problem(model: Model, threads: Threads) -> Whole | None:
    """The problem of a coarse model, if single rows do not contradict it."""
    form = standard(flatten(model), threads)
    return Whole(form) if form.reduced.impossible < 0 else None


def _ahead(problem: Whole, system: System, point: Point, aim: float, told: Told) -> Point | None:
    """Iterations, with products held at the share `aim` of the objective, until the iterate is good enough; or None."""
    hours = problem.form.flat.model.hours
    for count in range(MOST):
        state = problem.state(point)
        if _enough(state, NEAR * aim):
            return point
        told(count, hours)
        try:
            step = iterate.step(problem, system, point, state.mu, aim * abs(state.objective) / problem.whole)
            point = iterate.move(point, step, state.mu)
        except FloatingPointError:
            return None
    return None


def _enough(state: State, enough: float) -> bool:
    gap = abs(state.objective - state.bound) / max(abs(state.objective), 1.0)
    return bool(np.isfinite(gap) and gap <= enough and max(state.primal, state.dual) <= MET)
