"""A start from models of fewer hours: what most iterations find out costs little there.

Far from the optimum iterations settle what is built, and hardly what runs in which hour. They are made on a model of fewer
hours (`coarse`), itself begun on a model of fewer hours still, until no more than its accuracy is worth; its iterate, taken
to the hours, has residuals where hours taken together differ, and is otherwise as central as a start can be. Many days are
first taken as a few kinds of them, few days as runs of some hours. Days of a kind differ much less than hours of a run, so
that their model can be followed further; but it does not know what is held over from day to day, and where its way back
loses too much, runs of hours are taken after all.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.formulation.standard_form import standard
from gnomon.interior_point.iterations import predictor_corrector, starting_point, time_coarsening
from gnomon.interior_point.iterations.primal_dual_problem import Point, State, Whole
from gnomon.interior_point.iterations.time_coarsening import Runs
from gnomon.model.block_model import Model
from gnomon.model.linear_program import flatten
from gnomon.runtime.threads import Threads

FEW = 36
"""Hours of a period from which the iterations begin without a coarser model."""
RUN = 4
"""Most hours of a run."""
FIT = 24
"""Hours of a coarse model that are enough."""
AIM = 2.0
"""Sum of the products at which coarse iterates are held first, as a share of the objective. Where they are less, iterates
come near to bounds that are elsewhere for the hours: begun at 0.06 on runs, a fortnight of `china` made five steps of less
than a twentieth."""
NEARER, NEAREST = 0.5, 0.1
"""By what the share is lowered for kinds of days, as long as the way back allows it, and the least one."""
LOST = 0.4
"""What reduced costs miss after the way back, in money, as a share of the products that carry them: beyond it steps are
short, and it is no start. A month of `china` missed 0.22 held at 0.5 (11 iterations), 1.9 at 0.2 (19) and 13 at 0.03 (none
moved); two weeks of `guizhou-days` 0.29 at 2 (21) and 1.2 at 0.5 (none moved). Sixteen operated weeks of it, of which one
just fits its work, missed 5 by kinds of days (46 iterations, not proven) and 0.07 by runs of four hours (16)."""
TURNED = 0.006
"""Share of the entries whose reduced costs miss more than their multipliers, so that these would have to turn round: where
more have to, the share is lowered no further. A quarter of `china` without demand, where 0.4 was never missed: 0.0062 had
turned where products were 0.24 of the objective (10 iterations; 0.0058 in another run, 11), 0.015 at 0.04 (19), 0.02 at
0.03 (38)."""
MORE = 4
"""Iterations that may bring it below that where the first share does not."""
DAYS, OF_A_KIND, KINDS = 14, 4, 15
"""Days from which kinds are made of them, how many there are of a kind if they are few, and the most kinds. Four days that
stand for a year are too different: 42 iterations in place of 34."""
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
    ways = [time_coarsening.runs(model.previous, min(RUN, -(-model.hours // FIT)))]
    days = model.hours // time_coarsening.DAY
    if days >= DAYS and (kinds := time_coarsening.alike(model, min(KINDS, days // OF_A_KIND))) is not None:
        ways.insert(0, kinds)
    tried = (_along(problem, runs, threads, told) for runs in ways if len(runs.length) < model.hours)
    return next((found for found in tried if found is not None), None)


def _along(problem: Whole, runs: Runs, threads: Threads, told: Told) -> Point | None:
    """A start from the model of these runs, itself begun from fewer hours, or from scratch where that leads nowhere."""
    small = _problem(time_coarsening.coarsened(problem.form.flat.model, runs), threads, problem.form.leeway)
    if small is None or not small.count:
        return None
    begun, system = from_fewer(small, threads, told), System(small.form, threads)
    found = None if begun is None else _ahead(problem, small, system, begun, runs, told)
    return found or _ahead(problem, small, system, starting_point.begin(small, system), runs, told)


def _problem(model: Model, threads: Threads, leeway: float) -> Whole | None:
    """The problem of a coarse model, if single rows do not contradict it."""
    form = standard(flatten(model).unmade(), threads, leeway)
    return Whole(form) if form.reduced.impossible < 0 else None


def _ahead(fine: Whole, small: Whole, system: System, point: Point, runs: Runs, told: Told) -> Point | None:
    """An iterate of `fine` from iterations on its coarse model, which go on as long as the way back loses little; or None.

    Products are held at a share of the objective, which is lowered to `nearest` each time that the iterate has reached it.
    """
    aim, found, late = AIM, None, 0
    nearest = NEAREST if runs.kinds else AIM
    hours, way = small.form.flat.model.hours, time_coarsening.Back(fine, small, runs)
    for count in range(MOST):
        state = small.state(point)
        if _enough(state, NEAR * aim):
            back = way.prolonged(point)
            kept = _lost(fine, back) <= LOST and (found is None or _turned(fine, back) <= TURNED)
            found = back if kept else found
            late += not kept
            if (not kept and (aim < AIM or late > MORE)) or aim <= nearest:
                return found
            aim *= NEARER if kept else 1.0
        told(count, hours)
        try:
            step = predictor_corrector.step(small, system, point, state.mu, aim * abs(state.objective) / small.whole)
            point = predictor_corrector.move(small, point, step, state.mu)
        except FloatingPointError:
            return found
    return found


def _lost(problem: Whole, point: Point) -> float:
    """What reduced costs miss of their multipliers, in money, as a share of the products."""

    def missed(rest: Array, moves: Mask, v: Array) -> float:
        return float(np.abs(rest) @ np.where(moves, v, 0.0))

    of = (problem.rest(point), problem.moves, point.v)
    return problem.threads.sums(missed, problem.blocks(wide=False), *of) / problem.products(point)


def _turned(problem: Whole, point: Point) -> float:
    """Share of the entries whose reduced costs miss more than the larger of their multipliers."""
    threads, held = problem.threads, problem.threads.filled(np.positive, point.lower)
    held[problem.wide] = np.maximum(held[problem.wide], point.upper)

    def turned(rest: Array, moves: Mask, z: Array) -> float:
        return float(np.count_nonzero(moves & (np.abs(rest) > z)))

    of = (problem.rest(point), problem.moves, held)
    return threads.sums(turned, problem.blocks(wide=False), *of) / max(1, int(np.count_nonzero(problem.moves)))


def _enough(state: State, enough: float) -> bool:
    gap = abs(state.objective - state.bound) / max(abs(state.objective), 1.0)
    return bool(np.isfinite(gap) and gap <= enough and max(state.primal, state.dual) <= MET)
