"""The structured interior-point method from the model to the proven optimum."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gnomon.arrays import Array
from gnomon.errors import INFEASIBLE, InfeasibleError, SolverError, UnboundedError
from gnomon.highs import feasibility
from gnomon.highs.highs_status import words
from gnomon.interior_point.distributed import worker_processes
from gnomon.interior_point.distributed.checkpoint import Store, Turns
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.formulation.hour_template import cycles
from gnomon.interior_point.formulation.standard_form import leeway_of, standard
from gnomon.interior_point.iterations import multilevel_start, warm_start
from gnomon.interior_point.iterations.main_loop import LATE, Course, Keep, Search, Trials
from gnomon.interior_point.iterations.primal_dual_problem import Whole
from gnomon.interior_point.iterations.termination import FEASIBLE, GAP, Judge
from gnomon.model.linear_program import Flat
from gnomon.options import Clock, How
from gnomon.proof import weak_duality
from gnomon.runtime import hour_partition, memory
from gnomon.runtime.threads import Threads, threads
from gnomon.solution import Solution, Watch
from gnomon.transforms import elastic_rows


class UnprovenError(SolverError):
    """The iterations ended without a proof; `end` gives the reason."""

    def __init__(self, end: str) -> None:
        super().__init__(f"structured: {end}: try --method direct, or a wider --gap")
        self.end = end

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (self.end,)


def solve(
    flat: Flat,
    how: How | None = None,
    progress: Watch = None,
    near: tuple[Array, Array] | None = None,
    *,
    trusted: bool = False,
    leeway: bool = True,
    tentative: bool = False,
    refute: bool = True,
) -> Solution:
    """Return the optimum of `flat` within the requested gap, proven by its duals.

    * near: columns and row duals of an approximate solution, shapes (columns,) and (rows,), for a warm start. It is
      used only if its residuals are small, or if it is `trusted`.
    * leeway: True if rows may be exceeded slightly during the iterations (`standard_form`).
    * tentative: True if the caller has another method; UnprovenError is then raised early, as soon as `near`, or
      without it a coarse model, leads nowhere.
    * refute: True to search for Farkas multipliers in the remaining time if the iterations prove nothing.

    If the callback `How.confirm` certified no proven solution, the last one is returned with the reason in `doubt`.
    Raises InfeasibleError with Farkas multipliers, UnboundedError if the objective is unbounded below, and SolverError
    for integers, for columns without a lower bound, and if the iterations end without a proof.
    """
    how = how or How()
    clock, flat = Clock(how), flat.unmade()
    judge, end = _judged(flat, how, progress, near, trusted=trusted, leeway=leeway, tentative=tentative)
    if (found := judge.answer or judge.refused) is not None:
        return found
    contradiction, endless = judge.contradiction, judge.endless
    where = "" if endless or contradiction is not None else judge.where
    del judge  # and its references to the model
    if contradiction is None and refute and not clock.over:
        contradiction = _contradiction(flat, how, clock, progress)
    if contradiction is not None:
        raise InfeasibleError(INFEASIBLE, proof=contradiction)
    if endless:
        raise UnboundedError(f"structured: {words('kUnbounded')}; without end grow {endless}")
    raise UnprovenError(f"{end}; {where}" if where else end)


def cleared(flat: Flat, found: Solution, how: How) -> Solution:
    """Return a proven interior solution without the values below `how.smallest`, projected onto its rows.

    `found` itself is returned if no projection satisfies the rows within the requested gap of its bound. Raises
    SolverError for models that the method does not take.
    """
    flat, began = flat.unmade(), time.perf_counter()
    with threads(how.threads, flat.model.periods * flat.model.hours) as pool, np.errstate(all="ignore"):
        form = standard(flat, pool, leeway_of(how.gap if how.gap is not None else GAP))
        judge, problem = Judge(form, how, None, began), Whole(form)
        point = warm_start.begin(problem, found.x, found.row_dual, trusted=True) if problem.count else None
        if form.reduced.impossible >= 0 or point is None:
            return found
        judge.resume(found)
        try:
            Search(problem, System(form, pool, how.scratch), judge.terms, judge, Keep()).sweep(point)
        except FloatingPointError:  # the factorisation broke down
            return found
        return judge.candidate


def _judged(
    flat: Flat,
    how: How,
    progress: Watch,
    near: tuple[Array, Array] | None = None,
    *,
    trusted: bool = False,
    leeway: bool = True,
    tentative: bool = False,
) -> tuple[Judge, str]:
    """Return the judge, with the answer if there is one, and the reason why the iterations ended."""
    began = time.perf_counter()
    model = flat.model
    size = hour_partition.members(model.hours, model.periods, how.workers)
    alone = how.threads * size if how.recruit is None else how.threads  # others are still idle
    with threads(alone, model.periods * model.hours) as pool, np.errstate(all="ignore"):
        form = standard(flat, pool, leeway_of(how.gap if how.gap is not None else GAP) if leeway else 0.0)
        if form.reduced.impossible >= 0:
            raise InfeasibleError(INFEASIBLE, proof=_of_row(flat, form.reduced.impossible))
        judge = Judge(form, how, progress, began, tentative=tentative)
        problem = Whole(form)
        return judge, _searched(problem, judge, size, pool, lambda: _nearby(problem, judge, pool, near, trusted))


def _of_row(flat: Flat, row: int) -> Array | None:
    """Return Farkas multipliers with one row, which uses bounds implied by others; None if they prove nothing."""
    for sign in (1.0, -1.0):
        multipliers = np.zeros(flat.shape[0])
        multipliers[row] = sign
        if weak_duality.contradiction(flat, multipliers) > 0.0:
            return multipliers
    return None


def _contradiction(flat: Flat, how: How, clock: Clock, progress: Watch) -> Array | None:
    """Return Farkas multipliers of a model for which the iterations proved nothing; None if none are found in time.

    They come from HiGHS or, if memory does not suffice, from the elastic form solved by this method.
    """
    try:
        if flat.nonzeros * feasibility.BYTES <= memory.available():
            proof, multipliers = feasibility.infeasibility(flat, clock.within(how))
            return multipliers if proof > 0.0 else None
        stretched = elastic_rows.stretched(flat).unmade()
        elastic, _ = _judged(
            stretched, replace(clock.within(how), gap=elastic_rows.GAP, kept=None, confirm=None), progress
        )
    except (
        SolverError
    ):  # no time, memory or workers: infeasibility stays unknown, and the caller reports the missing proof
        return None
    if elastic.answer is None:
        return None
    multipliers = elastic.answer.row_dual
    return multipliers if weak_duality.contradiction(flat, multipliers, FEASIBLE) > 0.0 else None


def _threads(how: How, size: int) -> int:
    """Return the threads per process: as requested, or the cores of this machine divided by `size`; on a cluster one."""
    if how.threads:
        return how.threads
    return 1 if how.recruit is not None else max(1, (os.cpu_count() or 1) // size)


def _searched(problem: Whole, judge: Judge, size: int, pool: Threads, nearby: Callable[[], Course | None]) -> str:
    """Run the iterations from `nearby`, in one process or several; the judge has the answer. Return why they ended."""
    how = judge.how
    if not problem.count:  # presolve fixed every column
        if judge.keeps(np.zeros(problem.columns)) and judge.proven(np.zeros(len(problem.form.side)), 0):
            judge.confirmed()
        return "the rows leave no choice, and it is none"
    if size == 1 and how.kept is None:
        return _alone(problem, nearby, judge, Keep(), pool)
    with Store(problem, how.kept, lasting=how.lasting) as store:
        store.hold(_for_gap(store.load(), judge.gap))

        def begin() -> Course | None:
            if store.load() is None:
                store.hold(nearby())
                pool.clear()
            return store.load()

        model = problem.form.flat.model
        layout = hour_partition.layout(cycles(model.previous), model.periods, size)
        if size == 1:
            return _alone(problem, begin, judge, Turns(store, layout), pool)
        return worker_processes.solve(
            problem, begin, judge, store, layout, how.recruit or worker_processes.processes, _threads(how, size)
        )


def _alone(problem: Whole, begin: Callable[[], Course | None], judge: Judge, keep: Keep, pool: Threads) -> str:
    """Iterate in this process; return the reason why the iterations ended."""
    course = begin()
    system = System(problem.form, pool, judge.how.scratch)
    search = Search(problem, system, judge.terms, judge, keep)
    search.run(course)
    return search.end


def _for_gap(begun: Course | None, gap: float) -> Course | None:
    """Return a checkpoint for continuing to another gap than it was written for."""
    return begun and replace(begun, trials=Trials(gap))


def _nearby(
    problem: Whole, judge: Judge, pool: Threads, near: tuple[Array, Array] | None, trusted: bool
) -> Course | None:
    """Return a start from an approximate solution or from coarse models. Raises UnprovenError when time is over."""

    def told(count: int, hours: int) -> None:
        judge.begun(count, hours)
        if judge.late:
            raise UnprovenError(LATE)

    point = None if near is None else warm_start.begin(problem, *near, trusted=trusted)
    if point is None:
        point = multilevel_start.from_fewer(problem, pool, told)
    return None if point is None else Course(point, Trials(judge.gap), last=judge.terms.tentative)
