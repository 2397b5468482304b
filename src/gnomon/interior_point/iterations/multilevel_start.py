"""Starting point from coarse models in time (multilevel start).

Far from the optimum the iterations determine what is built and hardly what runs when. They are made on a coarse model
of fewer hours, itself started from a coarser one, down to some thirty hours. Its iterate is prolonged to all hours:
residuals appear where hours of a group differ, but the iterate stays central. Long horizons are grouped into similar
days, short ones into runs of hours. Similar days differ less than the hours of a run, so their model can be followed
further; but it does not represent what is carried from day to day. If its prolongation loses too much, runs are used.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.formulation.standard_form import standard
from gnomon.interior_point.iterations import predictor_corrector, starting_point, time_coarsening
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem, Point, State
from gnomon.interior_point.iterations.time_coarsening import HourGroups
from gnomon.model.block_model import Model
from gnomon.model.linear_program import flatten
from gnomon.runtime.threads import Threads

FEW = 36
"""Hours of a period up to which no coarse model is used."""
RUN = 4
"""Maximum hours of a run."""
FIT = 24
"""Hours of a coarse model below which coarsening stops."""
AIM = 2.0
"""Sum of products at which coarse iterates are first held, as a share of the objective. With smaller products the iterate
approaches bounds that are elsewhere on the fine level, and its first steps there are short."""
NEARER, NEAREST = 0.5, 0.1
"""Factor by which the share is lowered while prolongation permits it, and its minimum."""
LOST = 0.4
"""Largest residual of the reduced costs after prolongation, in money, as a share of the products. With more, steps are
short and the iterate is no start: a month of `china` needs 11 iterations from a residual of 0.22, 19 from 1.9."""
TURNED = 0.006
"""Share of the entries whose reduced costs miss more than their multiplier, so that its sign is wrong. Above it, the share
of the products is lowered no further: a quarter of `china` needs 10 iterations from 0.006, 19 from 0.015."""
MORE = 4
"""Further iterations to bring the residual below `LOST` at the first share."""
DAYS, OF_A_KIND, KINDS = 14, 4, 15
"""Days from which they are grouped into kinds, minimum days per kind, and maximum number of kinds. Fewer kinds represent a
year badly: 42 iterations with four instead of 34."""
NEAR = 2.0
"""Gap at which a coarse model is solved sufficiently, in multiples of the share."""
MET = 1e-3
"""Infeasibilities, relative to side and cost, that a coarse iterate must have then."""
MOST = 40
"""Maximum number of iterations on a coarse model."""

ReportIteration = Callable[[int, int], None]


def start_from_coarse(problem: FullProblem, threads: Threads, told: ReportIteration) -> Point | None:
    """Return a start for `problem` from coarse models; None if it is small, or if they give no start.

    `told` is called at every iteration with its number and the hours of the model.
    """
    model = problem.form.flat.model
    if model.hours <= FEW:
        return None
    ways = [time_coarsening.consecutive_groups(model.previous, min(RUN, -(-model.hours // FIT)))]
    days = model.hours // time_coarsening.DAY
    if days >= DAYS and (kinds := time_coarsening.similar_groups(model, min(KINDS, days // OF_A_KIND))) is not None:
        ways.insert(0, kinds)
    tried = (_start_along(problem, runs, threads, told) for runs in ways if len(runs.length) < model.hours)
    return next((found for found in tried if found is not None), None)


def _start_along(problem: FullProblem, runs: HourGroups, threads: Threads, told: ReportIteration) -> Point | None:
    """Return a start from the coarse model of these groups, itself started from a coarser model or from scratch."""
    small = _problem(time_coarsening.coarsen(problem.form.flat.model, runs), threads, problem.form.leeway)
    if small is None or not small.count:
        return None
    begun, system = start_from_coarse(small, threads, told), System(small.form, threads)
    found = None if begun is None else _prolonged_start(problem, small, system, begun, runs, told)
    return found or _prolonged_start(problem, small, system, starting_point.starting_point(small, system), runs, told)


def _problem(model: Model, threads: Threads, leeway: float) -> FullProblem | None:
    """Return the problem of a coarse model; None if presolve finds it infeasible."""
    form = standard(flatten(model).without_matrix(), threads, leeway)
    return FullProblem(form) if form.reduced.impossible < 0 else None


def _prolonged_start(
    fine: FullProblem, small: FullProblem, system: System, point: Point, runs: HourGroups, told: ReportIteration
) -> Point | None:
    """Return the prolonged iterate of a coarse model, iterated as long as prolongation loses little; None on failure.

    Products are held at a share of the objective, which is lowered down to `nearest` each time the iterate has reached
    it.
    """
    aim, found, late = AIM, None, 0
    nearest = NEAREST if runs.kinds else AIM
    hours, way = small.form.flat.model.hours, time_coarsening.Prolongation(fine, small, runs)
    for count in range(MOST):
        state = small.state(point)
        # The products are at their target: prolong, and lower the target if little is lost.
        if _is_enough(state, NEAR * aim):
            back = way.prolonged(point)
            kept = _residual_share(fine, back) <= LOST and (found is None or _wrong_share(fine, back) <= TURNED)
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


def _residual_share(problem: FullProblem, point: Point) -> float:
    """Return the residual of the reduced costs, in money, as a share of the products."""

    def missed(rest: Array, moves: Mask, v: Array) -> float:
        return float(np.abs(rest) @ np.where(moves, np.abs(v), 0.0))

    of = (problem.rest(point), problem.moves, point.v)
    return problem.threads.sums(missed, problem.blocks(wide=False), *of) / problem.products(point)


def _wrong_share(problem: FullProblem, point: Point) -> float:
    """Return the share of the entries whose reduced costs miss more than the larger of their multipliers."""
    threads, held = problem.threads, problem.threads.filled(np.positive, point.lower)
    held[problem.wide] = np.maximum(held[problem.wide], point.upper)

    def turned(rest: Array, moves: Mask, z: Array) -> float:
        return float(np.count_nonzero(moves & (np.abs(rest) > z)))

    of = (problem.rest(point), problem.bounded, held)
    return threads.sums(turned, problem.blocks(wide=False), *of) / max(1, int(np.count_nonzero(problem.bounded)))


def _is_enough(state: State, enough: float) -> bool:
    gap = abs(state.objective - state.bound) / max(abs(state.objective), 1.0)
    return bool(np.isfinite(gap) and gap <= enough and max(state.primal, state.dual) <= MET)
