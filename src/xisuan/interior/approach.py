"""A start from models of fewer hours: what most iterations find out costs little there.

Far from the optimum iterations settle what is built, and hardly what runs in which hour. They are made on a model whose
hours are runs of hours (`coarse`), itself begun on a model of fewer hours still, until no more than its accuracy is worth;
its iterate, taken to the hours, has residuals where hours of a run differ, and is otherwise as central as a start can be.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xisuan.interior import coarse, iterate, start
from xisuan.interior.form import standard
from xisuan.interior.iterate import Point, Problem, State
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
"""Sum of the products at which coarse iterates are held, as a share of the objective. Where they are less, iterates come
near to bounds that are elsewhere for the hours: begun at 0.06, a fortnight made five steps of less than a twentieth."""
ENOUGH = 2.0 * AIM
"""Gap, relative to the objective, at which a coarse model has told what it can."""
MET = 1e-3
"""Infeasibilities, relative to side and cost, below which a coarse iterate must be by then."""
MOST = 40
"""Iterations of a coarse model after which it is given up."""

Told = Callable[[int, int], None]


def from_runs(problem: Problem, threads: Threads, told: Told) -> Point | None:
    """A start for `problem` from coarser models; None where it is short enough, or they do not lead anywhere.

    `told` is called at every iteration with its number and the hours of the model.
    """
    model = problem.form.flat.model
    runs = coarse.runs(model.previous, min(RUN, -(-model.hours // FIT)))
    if model.hours <= FEW or len(runs.length) == model.hours:
        return None
    small = _problem(coarse.coarsened(model, runs), threads)
    if small is None or not small.count:
        return None
    begun = from_runs(small, threads, told)
    system = System(small.form, threads)
    point = _ahead(small, system, begun if begun is not None else start.begin(small, system), told)
    return coarse.prolonged(problem, small, point, runs) if point is not None else None


def _problem(model: Model, threads: Threads) -> Problem | None:
    """The problem of a coarse model, if single rows do not contradict it."""
    form = standard(flatten(model), threads)
    return Problem(form) if form.reduced.impossible < 0 else None


def _ahead(problem: Problem, system: System, point: Point, told: Told) -> Point | None:
    """Iterations until the iterate is good enough to begin from, or None."""
    hours = problem.form.flat.model.hours
    for count in range(MOST):
        state = problem.state(point)
        if _enough(state):
            return point
        told(count, hours)
        try:
            step = iterate.step(problem, system, point, state.mu, AIM * abs(state.objective) / problem.whole)
            point = iterate.move(point, step, state.mu)
        except FloatingPointError:
            return None
    return None


def _enough(state: State) -> bool:
    gap = abs(state.objective - state.bound) / max(abs(state.objective), 1.0)
    return bool(np.isfinite(gap) and gap <= ENOUGH and max(state.primal, state.dual) <= MET)
