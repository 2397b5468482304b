"""One run of one HiGHS solver on a linear program. Only this module and `model_transfer` import highspy.

Interior points run without crossover: the solution is not a vertex but accurate to the requested gap, in a fraction of
the time. The solver that ran is read from the log, because a HiGHS without the requested solver silently runs another.
"""

from __future__ import annotations

import math
import os
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.highs import highs_status
from gnomon.highs.highs_status import Outcome
from gnomon.highs.model_transfer import hand_over
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Options
from gnomon.solution import Watch
from gnomon.transforms.equilibration import equilibrate

SCALED = 20_000
"""Non-zeros from which HiPO and simplex receive the equilibrated model. In original units HiPO stalls and simplex takes up
to four times the iterations. IPX is no faster with scaling and satisfies rows more accurately without."""
LITTLE, SIDE, LIMIT = 1.0, 10, 50
"""Scaling of sides and bounds for models whose requirements are tiny, because the feasibility tolerance of HiGHS is
absolute, 1e-7.

A requirement is a lower side or bound above 0, or an upper one below. If the largest requirement is below `LITTLE`, all
sides and bounds are multiplied by a power of two, which makes it about 2^`SIDE`. Equilibrated models are not changed.
No limit becomes larger than 2^`LIMIT`, which would cost digits (HiGHS treats 1e20 as infinite). Large requirements are
not scaled down: small ones would fall below the tolerance. Costs whose largest is below `LITTLE` are raised in the same
way.
"""
MARGIN = 0.1
"""Share of the gap that interior points are asked for, because postsolve and the proof by weak duality lose some of it.
One order of magnitude costs one or two iterations."""
PATIENCE, PACE = 10.0, 1e-3
"""Seconds, and seconds per row and column, after which the next solver is tried: ten times a normal simplex. A stalled
simplex may spend seconds on a single iteration."""
POLL_SECONDS = 0.25
FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible
"""Status in HiGHS of a point that satisfies rows and bounds."""
IN_BASIS = highspy.HighsBasisStatus.kBasic
KINDS = {int(kind): kind for kind in highspy.HighsBasisStatus.__members__.values()}
"""Basis status of a column or a row, by number."""
GIVEN_UP = "Restarting with IPX"
"""Log line of HiPO when it falls back to another solver. The run is stopped there, because another solver was not
requested."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits of iterations and seconds for simplex, after which another solver is tried."""

    iterations: int
    seconds: float

    @classmethod
    def of(cls, flat: LinearProgram) -> Patience:
        """Return the limits for a model: simplex normally needs a few iterations per row, but may stall."""
        return cls(sum(flat.shape), PATIENCE + PACE * sum(flat.shape))

    def within(self, options: Options) -> float:
        """Return the limit in seconds, at most the time limit of `options`."""
        return self.seconds if options.time_limit is None else min(self.seconds, options.time_limit)


@dataclass(frozen=True, slots=True)
class Run:
    """Result of one run of HiGHS. found: True if HiGHS reports that x satisfies rows, bounds and integrality."""

    status: str
    outcome: Outcome
    solver: str
    x: Array
    row_dual: Array
    bound: float
    iterations: int
    seconds: float
    log: str
    found: bool


def run(
    flat: LinearProgram, options: Options, progress: Watch, presolve: bool = True, patience: Patience | None = None
) -> Run:
    """Run the solver that `options` names once. patience: limits for simplex; None for no limit."""
    began = time.perf_counter()
    # IPX and branch and bound receive the original units.
    scaling = equilibrate(flat) if options.solver in ("hipo", "simplex") and flat.nonzeros >= SCALED else None
    given = scaling.apply(flat) if scaling else flat
    with tempfile.TemporaryDirectory(prefix="gnomon-") as folder:
        log = Path(folder) / "log"
        engine = _engine(options, log)
        engine.setOptionValue("presolve", "choose" if presolve else "off")
        if patience is not None:
            engine.setOptionValue("simplex_iteration_limit", patience.iterations)
            engine.setOptionValue("time_limit", patience.within(options))
        if scaling is None:
            _scale_model(engine, flat)
        hand_over(engine, given)
        go = partial(run_watched, engine, log, options.solver, progress)
        run_branch_and_bound(engine, go) if options.solver == "mip" else go()
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        engine.setOptionValue("log_file", "")
    left = _collect(engine, flat, options, text, time.perf_counter() - began)
    if scaling is None:
        return left
    return replace(left, x=scaling.primal(left.x) if len(left.x) else left.x, row_dual=scaling.dual(left.row_dual))


def _scale_model(engine: Any, flat: LinearProgram) -> None:
    """Have a HiGHS multiply small sides and bounds, and small costs, by powers of two."""
    settings = {"user_bound_scale": _side_exponent(flat), "user_objective_scale": _cost_exponent(flat)}
    if any(engine.setOptionValue(name, power) == highspy.HighsStatus.kError for name, power in settings.items()):
        raise SolverError("HiGHS refuses to multiply sides and costs: reinstall highspy and highspy-extras 1.15.1")


def _cost_exponent(flat: LinearProgram) -> int:
    """Return the power of two by which HiGHS multiplies all costs, so that the largest is about 2¹⁰ if it is below
    LITTLE.

    Reason: HiGHS treats a reduced cost of 1e-7 as 0, however small the other costs are.
    """
    largest = _largest(np.abs(flat.cost))
    return SIDE - math.floor(math.log2(largest)) if 0.0 < largest < LITTLE else 0


def _side_exponent(flat: LinearProgram) -> int:
    """Return the exponent of the power of two by which HiGHS multiplies all sides and bounds; it causes no rounding."""
    asked = _largest(flat.row_lower, -flat.row_upper, flat.lower, -flat.upper)
    if not 0.0 < asked < LITTLE or flat.integer.any():
        return 0
    limit = _largest(*(np.abs(of) for of in (flat.row_lower, flat.row_upper, flat.lower, flat.upper)))
    return max(0, min(SIDE - math.floor(math.log2(asked)), LIMIT - math.ceil(math.log2(limit))))


def _largest(*every: Array) -> float:
    """Return the largest number that is finite for HiGHS, or 0."""
    return max(float(of.max(initial=0.0, where=of < highspy.kHighsInf)) for of in every)


def new_instance() -> Any:
    """Return a HiGHS instance without a model."""
    return highspy.Highs()  # type: ignore[no-untyped-call]  # its own annotations lack some of what it has


@dataclass(frozen=True, slots=True)
class Basis:
    """Basis status of columns and rows, as numbers of `HighsBasisStatus`."""

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]

    def rearranged(self, columns: Index, rows: Index) -> Basis | None:
        """Return this basis for a model with other columns and rows; None if the result is not a basis.

        columns, rows: their numbers in this basis; −1 for new ones: new columns are at a bound, new rows basic.
        """
        inside, outside = (np.int8(int(kind)) for kind in (IN_BASIS, highspy.HighsBasisStatus.kNonbasic))
        out = Basis(np.append(self.columns, outside)[columns], np.append(self.rows, inside)[rows])  # −1 is the last
        found = int((out.columns == inside).sum() + (out.rows == inside).sum())
        return out if found == len(rows) else None


def basis_of(engine: Any) -> Basis:
    """Return the final basis of a HiGHS instance."""
    found = engine.getBasis()
    return Basis(*(np.array([int(kind) for kind in of], dtype=np.int8) for of in (found.col_status, found.row_status)))


def warm_start(engine: Any, basis: Basis) -> None:
    """Warm-start a HiGHS instance, which has its model, from a basis."""
    out = highspy.HighsBasis()
    out.col_status = [KINDS[number] for number in basis.columns.tolist()]
    out.row_status = [KINDS[number] for number in basis.rows.tolist()]
    out.valid = True
    engine.setBasis(out)


def _engine(options: Options, log: Path) -> Any:
    """Return a HiGHS instance with the options of `options`."""
    engine = new_instance()
    lp = options.solver != "mip"
    gap = options.gap_or_default(integers=not lp)
    settings: dict[str, bool | int | float | str] = {
        "log_to_console": False,
        "log_file": str(log),
        "threads": options.threads or os.cpu_count() or 1,
        "small_matrix_value": 1e-12,
        "time_limit": options.time_limit if options.time_limit is not None else highspy.kHighsInf,
    }
    if lp:
        settings |= {"solver": options.solver, "run_crossover": "off"}
    else:
        settings |= {"mip_rel_gap": gap, "mip_abs_gap": 0.0}
    if options.solver in ("hipo", "ipx"):
        tolerance = min(max(MARGIN * gap, 1e-12), 1e-4)
        settings |= {"ipm_optimality_tolerance": tolerance, "optimality_tolerance": max(gap, 1e-10)}
    for name, value in settings.items():
        if engine.setOptionValue(name, value) == highspy.HighsStatus.kError:
            raise SolverError(
                f"HiGHS refuses the option {name} = {value!r}: reinstall highspy and highspy-extras 1.15.1"
            )
    return engine


def run_branch_and_bound(engine: Any, go: Callable[[], object]) -> None:
    """Run a model with integers by `go`, again without presolve if presolve calls it unbounded or infeasible.

    HiGHS 1.15.1 reports this for some feasible models, and claims of branch and bound are not checked otherwise.
    """
    go()
    if engine.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        presolve = engine.getOptionValue("presolve")[1]
        engine.setOptionValue("presolve", "off")
        go()
        engine.setOptionValue("presolve", presolve)


def run_watched(engine: Any, log: Path, stage: str, progress: Watch) -> None:
    """Run HiGHS in a thread of its own, so that this thread can report progress and be interrupted."""
    stop, done = threading.Event(), threading.Event()
    iterations = [0]

    def interrupt(_kind: Any, _text: str, out: Any, into: Any, _data: Any) -> None:
        iterations[0] = max(iterations[0], out.ipm_iteration_count, out.simplex_iteration_count)
        if into is not None and stop.is_set():
            into.user_interrupt = True

    def work() -> None:
        try:
            engine.run()
            highspy.Highs.resetGlobalScheduler(True)  # its worker threads belong to this thread and end with it
        finally:
            done.set()

    engine.setCallback(interrupt, None)
    kinds = highspy.cb.HighsCallbackType
    for kind in (kinds.kCallbackIpmInterrupt, kinds.kCallbackSimplexInterrupt, kinds.kCallbackMipInterrupt):
        engine.startCallback(kind)
    began = time.perf_counter()
    threading.Thread(target=work, name="highs", daemon=True).start()
    try:
        while not done.wait(POLL_SECONDS):
            if stage == "hipo" and GIVEN_UP in highs_status.end(log):
                stop.set()
            if progress is not None:
                progress(highs_status.progress(log, stage, time.perf_counter() - began, iterations[0]))
    finally:
        stop.set()
        done.wait()  # not Thread.join, which Python 3.11 takes for finished after an interrupt
        engine.setCallback(None, None)


def _collect(engine: Any, flat: LinearProgram, options: Options, log: str, seconds: float) -> Run:
    """Return the result of a finished run. Raises SolverError if another solver than the requested one ran."""
    named = engine.getModelStatus().name
    outcome = highs_status.outcome(named)
    rows, columns = flat.shape
    info, found = engine.getInfo(), engine.getSolution()
    x, dual = np.array(found.col_value), np.array(found.row_dual)
    if options.solver == "hipo" and GIVEN_UP in log:
        raise SolverError("hipo gave up: use --solver ipx")
    # HiGHS may run another solver than requested without an error.
    if outcome in (Outcome.OPTIMAL, Outcome.IMPRECISE):
        if (wrong := highs_status.other_solver_problem(options.solver, log)) is not None:
            raise SolverError(wrong)
        if len(x) != columns or not np.isfinite(x).all():
            outcome = Outcome.FAILED
    iterations = max(0, info.ipm_iteration_count) + max(0, info.simplex_iteration_count)
    return Run(
        status=named,
        outcome=outcome,
        solver=highs_status.solver_in_log(log),
        x=x,
        row_dual=dual if len(dual) == rows else np.zeros(rows),
        bound=float(info.mip_dual_bound),
        iterations=iterations,
        seconds=seconds,
        log=highs_status.tail(log),
        found=len(x) == columns and info.primal_solution_status == FEASIBLE,
    )
