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
from gnomon.highs.highs_status import explain_status
from gnomon.interior_point.distributed import worker_processes
from gnomon.interior_point.distributed.checkpoint import CheckpointSchedule, CheckpointStore
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.formulation.hour_template import cycles
from gnomon.interior_point.formulation.standard_form import leeway_of, standard
from gnomon.interior_point.iterations import multilevel_start, warm_start
from gnomon.interior_point.iterations.main_loop import LATE, ProofAttempts, Recorder, Search, SearchState
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem
from gnomon.interior_point.iterations.termination import FEASIBLE, Termination
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Clock, Options
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
    flat: LinearProgram,
    options: Options | None = None,
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

    If the callback `Options.confirm` certified no proven solution, the last one is returned with the reason in `doubt`.
    Raises InfeasibleError with Farkas multipliers, UnboundedError if the objective is unbounded below, and SolverError
    for integers, for columns without a lower bound, and if the iterations end without a proof.
    """
    options = options or Options()
    clock, flat = Clock(options), flat.without_matrix()
    termination, end = _terminate(flat, options, progress, near, trusted=trusted, leeway=leeway, tentative=tentative)
    if (found := termination.answer or termination.refused) is not None:
        return found
    contradiction, endless = termination.contradiction, termination.endless
    where = "" if endless or contradiction is not None else termination.worst_row
    del termination  # and its references to the model
    if contradiction is None and refute and not clock.is_over:
        contradiction = _contradiction(flat, options, clock, progress)
    if contradiction is not None:
        raise InfeasibleError(INFEASIBLE, proof=contradiction)
    if endless:
        raise UnboundedError(f"structured: {explain_status('kUnbounded')}; without end grow {endless}")
    raise UnprovenError(f"{end}; {where}" if where else end)


def cleared(flat: LinearProgram, found: Solution, options: Options) -> Solution:
    """Return a proven interior solution without the values below `options.smallest`, projected onto its rows.

    `found` itself is returned if no projection satisfies the rows within the requested gap of its bound. Raises
    SolverError for models that the method does not take.
    """
    flat, began = flat.without_matrix(), time.perf_counter()
    with threads(options.threads, flat.model.periods * flat.model.hours) as pool, np.errstate(all="ignore"):
        form = standard(flat, pool, leeway_of(options.gap_or_default()))
        termination, problem = Termination(form, options, None, began), FullProblem(form)
        point = warm_start.warm_point(problem, found.x, found.row_dual, trusted=True) if problem.count else None
        if form.reduced.impossible >= 0 or point is None:
            return found
        termination.resume(found)
        try:
            Search(problem, System(form, pool, options.scratch), termination.terms, termination, Recorder()).sweep(
                point
            )
        except FloatingPointError:  # the factorisation broke down
            return found
        return termination.candidate


def _terminate(
    flat: LinearProgram,
    options: Options,
    progress: Watch,
    near: tuple[Array, Array] | None = None,
    *,
    trusted: bool = False,
    leeway: bool = True,
    tentative: bool = False,
) -> tuple[Termination, str]:
    """Return the termination test, with the answer if there is one, and the reason why the iterations ended."""
    began = time.perf_counter()
    model = flat.model
    size = hour_partition.process_count(model.hours, model.periods, options.workers)
    alone = options.threads * size if options.recruit is None else options.threads  # others are still idle
    with threads(alone, model.periods * model.hours) as pool, np.errstate(all="ignore"):
        form = standard(flat, pool, leeway_of(options.gap_or_default()) if leeway else 0.0)
        if form.reduced.impossible >= 0:
            raise InfeasibleError(INFEASIBLE, proof=_of_row(flat, form.reduced.impossible))
        termination = Termination(form, options, progress, began, tentative=tentative)
        problem = FullProblem(form)
        return termination, _iterate(
            problem, termination, size, pool, lambda: _nearby_start(problem, termination, pool, near, trusted)
        )


def _of_row(flat: LinearProgram, row: int) -> Array | None:
    """Return Farkas multipliers with one row, which uses bounds implied by others; None if they prove nothing."""
    for sign in (1.0, -1.0):
        multipliers = np.zeros(flat.shape[0])
        multipliers[row] = sign
        if weak_duality.contradiction(flat, multipliers) > 0.0:
            return multipliers
    return None


def _contradiction(flat: LinearProgram, options: Options, clock: Clock, progress: Watch) -> Array | None:
    """Return Farkas multipliers of a model for which the iterations proved nothing; None if none are found in time.

    They come from HiGHS or, if memory does not suffice, from the elastic form solved by this method.
    """
    try:
        if flat.nonzeros * feasibility.BYTES <= memory.available():
            proof, multipliers = feasibility.infeasibility(flat, clock.limit(options))
            return multipliers if proof > 0.0 else None
        stretched = elastic_rows.relax_rows(flat).without_matrix()
        elastic, _ = _terminate(
            stretched, replace(clock.limit(options), gap=elastic_rows.GAP, kept=None, confirm=None), progress
        )
    except (
        SolverError
    ):  # no time, memory or workers: infeasibility stays unknown, and the caller reports the missing proof
        return None
    if elastic.answer is None:
        return None
    multipliers = elastic.answer.row_dual
    return multipliers if weak_duality.contradiction(flat, multipliers, FEASIBLE) > 0.0 else None


def _threads(options: Options, size: int) -> int:
    """Return the threads per process: as requested, or the cores of this machine divided by `size`; on a cluster one."""
    if options.threads:
        return options.threads
    return 1 if options.recruit is not None else max(1, (os.cpu_count() or 1) // size)


def _iterate(
    problem: FullProblem, termination: Termination, size: int, pool: Threads, nearby: Callable[[], SearchState | None]
) -> str:
    """Run the iterations from `nearby`, in one process or several; `termination` has the answer. Return why they ended."""
    options = termination.options
    if not problem.count:  # presolve fixed every column
        if termination.satisfies_rows(np.zeros(problem.columns)) and termination.is_proven(
            np.zeros(len(problem.form.side)), 0
        ):
            termination.is_confirmed()
        return "the rows leave no choice, and it is none"
    if size == 1 and options.kept is None:
        return _iterate_here(problem, nearby, termination, Recorder(), pool)
    with CheckpointStore(problem, options.kept, lasting=options.lasting) as store:
        store.hold(_checkpoint_for_gap(store.load(), termination.gap))

        def begin() -> SearchState | None:
            if store.load() is None:
                store.hold(nearby())
                pool.clear()
            return store.load()

        model = problem.form.flat.model
        layout = hour_partition.layout(cycles(model.previous), model.periods, size)
        if size == 1:
            return _iterate_here(problem, begin, termination, CheckpointSchedule(store, layout), pool)
        return worker_processes.solve(
            problem,
            begin,
            termination,
            store,
            layout,
            options.recruit or worker_processes.processes,
            _threads(options, size),
        )


def _iterate_here(
    problem: FullProblem,
    begin: Callable[[], SearchState | None],
    termination: Termination,
    keep: Recorder,
    pool: Threads,
) -> str:
    """Iterate in this process; return the reason why the iterations ended."""
    course = begin()
    system = System(problem.form, pool, termination.options.scratch)
    search = Search(problem, system, termination.terms, termination, keep)
    search.run(course)
    return search.end


def _checkpoint_for_gap(begun: SearchState | None, gap: float) -> SearchState | None:
    """Return a checkpoint for continuing to another gap than it was written for."""
    return begun and replace(begun, trials=ProofAttempts(gap))


def _nearby_start(
    problem: FullProblem, termination: Termination, pool: Threads, near: tuple[Array, Array] | None, trusted: bool
) -> SearchState | None:
    """Return a start from an approximate solution or from coarse models. Raises UnprovenError when time is over."""

    def told(count: int, hours: int) -> None:
        termination.report_coarse(count, hours)
        if termination.is_late:
            raise UnprovenError(LATE)

    point = None if near is None else warm_start.warm_point(problem, *near, trusted=trusted)
    if point is None:
        point = multilevel_start.start_from_coarse(problem, pool, told)
    return (
        None if point is None else SearchState(point, ProofAttempts(termination.gap), last=termination.terms.tentative)
    )
