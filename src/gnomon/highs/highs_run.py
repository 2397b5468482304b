"""HiGHS itself: a flat model in, what one call of one of its solvers left out. Nobody else imports highspy but `handover`.

Interior points run without crossover: the plan is then not a vertex but good to the gap asked, in a fraction of the
time. Which solver ran is read back from its log, because a HiGHS that lacks a solver quietly runs another.
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
from gnomon.model.linear_program import Flat
from gnomon.options import How
from gnomon.solution import Watch
from gnomon.transforms.equilibration import equilibrate

LP_GAP = 1e-6
MIP_GAP = 1e-4
LONG_GAP = 1e-4
"""Gap of operation of long periods (`Timeline.long`), and of huge plans, unless one is stated or asked for: a year costs
some percent more or less than a plan made on a few days of it expected, and each digit more is some ten iterations over
all hours."""
SMALL = 40_000
"""Non-zeros up to which `auto` takes the simplex: it is as fast there, and its answer is a vertex. Beyond, it may wander for
four times as long as IPX takes (a day of 24 hours with every part of the model: 8.5 s against 2.1 s)."""
LARGE = 500_000
"""Non-zeros from which `auto` tries HiPO before IPX. Below, IPX takes no longer, a third of the memory, and leaves rows
a thousandth as far from their sides."""
SCALED = 20_000
"""Non-zeros from which HiPO and the simplex are given the equilibrated model. On real units HiPO stalls without, the
simplex takes up to four times the iterations; IPX is no faster with it, and nearer to the sides of rows without."""
LITTLE, SIDE, LIMIT = 1.0, 10, 50
"""Where all that rows and bounds ask for (lower sides above 0, upper ones below) is less than the first, a model that is not
equilibrated is given with all sides and bounds times a power of two, so that the largest ask is some 2¹⁰: HiGHS takes 1e-7
for nothing, whatever the rest is. Of 34 random scenarios counted in thousand millions, with sides of 1e-7, IPX alone solved
2, and left 10 with rows that missed up to 8e-4 of their terms. No limit becomes more than 2⁵⁰, beside which digits are lost
(HiGHS takes 1e20 for infinite). Large asks stay as they are: divided, what is small beside them would be nothing."""
MARGIN = 0.1
"""Interior points are asked for this share of the gap, because undoing the presolve and the proof by weak duality
cost some of it; one order of magnitude is one or two iterations."""
PATIENCE, PACE = 10.0, 1e-3
"""Seconds, and seconds a row and column, after which the next solver is to try: ten times what a simplex in good health
takes. One that stalls may spend seconds on a single iteration (a limit of carbon just out of reach: 60 iterations in
285 s, where IPX took two to see that there is no plan)."""
POLL_SECONDS = 0.25
FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible
"""What HiGHS calls a point that satisfies rows and bounds."""
IN_BASIS = highspy.HighsBasisStatus.kBasic
KINDS = {int(kind): kind for kind in highspy.HighsBasisStatus.__members__.values()}
"""Of a column or a row in a basis, by number."""
GIVEN_UP = "Restarting with IPX"
"""What HiPO logs when it hands over to another solver, which is not what was asked for: it is stopped there."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Iterations and seconds of a simplex after which another solver is to try."""

    iterations: int
    seconds: float

    @classmethod
    def of(cls, flat: Flat) -> Patience:
        """A simplex in good health needs a few iterations for each row; on a model that is all but infeasible it wanders."""
        return cls(sum(flat.shape), PATIENCE + PACE * sum(flat.shape))

    def within(self, how: How) -> float:
        """Seconds, if `how` allows as many."""
        return self.seconds if how.time_limit is None else min(self.seconds, how.time_limit)


@dataclass(frozen=True, slots=True)
class Run:
    """What one call of HiGHS left. found: whether x satisfies rows, bounds and integrality, by its own word."""

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


def run(flat: Flat, how: How, progress: Watch, presolve: bool = True, patience: Patience | None = None) -> Run:
    """One call of the solver that `how` names; patience: None for as long as it takes."""
    began = time.perf_counter()
    scaling = equilibrate(flat) if how.solver in ("hipo", "simplex") and flat.nonzeros >= SCALED else None
    given = scaling.apply(flat) if scaling else flat
    with tempfile.TemporaryDirectory(prefix="xisuan-") as folder:
        log = Path(folder) / "log"
        engine = _engine(how, log)
        engine.setOptionValue("presolve", "choose" if presolve else "off")
        if patience is not None:
            engine.setOptionValue("simplex_iteration_limit", patience.iterations)
            engine.setOptionValue("time_limit", patience.within(how))
        if scaling is None and engine.setOptionValue("user_bound_scale", _raised(flat)) == highspy.HighsStatus.kError:
            raise SolverError("HiGHS refuses to multiply sides and bounds: reinstall highspy and highspy-extras 1.15.1")
        hand_over(engine, given)
        go = partial(watched, engine, log, how.solver, progress)
        branched(engine, go) if how.solver == "mip" else go()
        text = log.read_text(errors="replace") if log.exists() else ""
        engine.setOptionValue("log_file", "")
    left = _collect(engine, flat, how, text, time.perf_counter() - began)
    if scaling is None:
        return left
    return replace(left, x=scaling.primal(left.x) if len(left.x) else left.x, row_dual=scaling.dual(left.row_dual))


def _raised(flat: Flat) -> int:
    """Power of two by which HiGHS is to multiply all sides and bounds, and to divide what it finds, which rounds nothing."""
    asked = _largest(flat.row_lower, -flat.row_upper, flat.lower, -flat.upper)
    if not 0.0 < asked < LITTLE or flat.integer.any():
        return 0
    limit = _largest(*(np.abs(of) for of in (flat.row_lower, flat.row_upper, flat.lower, flat.upper)))
    return max(0, min(SIDE - math.floor(math.log2(asked)), LIMIT - math.ceil(math.log2(limit))))


def _largest(*every: Array) -> float:
    """The largest number that HiGHS takes for finite, or 0."""
    return max(float(of.max(initial=0.0, where=of < highspy.kHighsInf)) for of in every)


def new() -> Any:
    """A HiGHS without a model."""
    return highspy.Highs()  # type: ignore[no-untyped-call]  # its own annotations lack some of what it has


@dataclass(frozen=True, slots=True)
class Basis:
    """Which columns and rows are in a basis, or at which bound, as HiGHS numbers its `HighsBasisStatus`."""

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]

    def rearranged(self, columns: Index, rows: Index) -> Basis | None:
        """The basis of a model whose columns and rows are those of this one by number, or new (−1): such columns are at a
        bound, such rows in the basis. None where that makes no basis, because what was in it is gone."""
        inside, outside = (np.int8(int(kind)) for kind in (IN_BASIS, highspy.HighsBasisStatus.kNonbasic))
        out = Basis(np.append(self.columns, outside)[columns], np.append(self.rows, inside)[rows])  # −1 is the last
        found = int((out.columns == inside).sum() + (out.rows == inside).sum())
        return out if found == len(rows) else None


def basis_of(engine: Any) -> Basis:
    """The basis that a HiGHS ended with."""
    found = engine.getBasis()
    return Basis(*(np.array([int(kind) for kind in of], dtype=np.int8) for of in (found.col_status, found.row_status)))


def begin_with(engine: Any, basis: Basis) -> None:
    """Have a HiGHS, which has its model, go on from a basis."""
    out = highspy.HighsBasis()
    out.col_status = [KINDS[number] for number in basis.columns.tolist()]
    out.row_status = [KINDS[number] for number in basis.rows.tolist()]
    out.valid = True
    engine.setBasis(out)


def _engine(how: How, log: Path) -> Any:
    """A HiGHS with our options."""
    engine = new()
    lp = how.solver != "mip"
    gap = how.gap if how.gap is not None else (LP_GAP if lp else MIP_GAP)
    options: dict[str, bool | int | float | str] = {
        "log_to_console": False,
        "log_file": str(log),
        "threads": how.threads or os.cpu_count() or 1,
        "small_matrix_value": 1e-12,
        "time_limit": how.time_limit if how.time_limit is not None else highspy.kHighsInf,
    }
    if lp:
        options |= {"solver": how.solver, "run_crossover": "off"}
    else:
        options |= {"mip_rel_gap": gap}
    if how.solver in ("hipo", "ipx"):
        tolerance = min(max(MARGIN * gap, 1e-12), 1e-4)
        options |= {"ipm_optimality_tolerance": tolerance, "optimality_tolerance": max(gap, 1e-10)}
    for name, value in options.items():
        if engine.setOptionValue(name, value) == highspy.HighsStatus.kError:
            raise SolverError(
                f"HiGHS refuses the option {name} = {value!r}: reinstall highspy and highspy-extras 1.15.1"
            )
    return engine


def branched(engine: Any, go: Callable[[], object]) -> None:
    """Run a model with integers by `go`, without presolve where that calls it unbounded or infeasible.

    HiGHS 1.15.1 says so of some models that have solutions, and nobody checks what a branch and bound claims.
    """
    go()
    if engine.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        presolve = engine.getOptionValue("presolve")[1]
        engine.setOptionValue("presolve", "off")
        go()
        engine.setOptionValue("presolve", presolve)


def watched(engine: Any, log: Path, stage: str, progress: Watch) -> None:
    """Run HiGHS in a thread of its own, so that this one can tell the progress and be interrupted."""
    stop, done = threading.Event(), threading.Event()
    iterations = [0]

    def interrupt(_kind: Any, _text: str, out: Any, into: Any, _data: Any) -> None:
        iterations[0] = max(iterations[0], out.ipm_iteration_count, out.simplex_iteration_count)
        if into is not None and stop.is_set():
            into.user_interrupt = True

    def work() -> None:
        try:
            engine.run()
            highspy.Highs.resetGlobalScheduler(True)  # its threads belong to this one, and end with it
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
        done.wait()  # not Thread.join, which Python 3.11 believes to be over once it was interrupted
        engine.setCallback(None, None)


def _collect(engine: Any, flat: Flat, how: How, log: str, seconds: float) -> Run:
    named = engine.getModelStatus().name
    outcome = highs_status.outcome(named)
    rows, columns = flat.shape
    info, found = engine.getInfo(), engine.getSolution()
    x, dual = np.array(found.col_value), np.array(found.row_dual)
    if how.solver == "hipo" and GIVEN_UP in log:
        raise SolverError("hipo gave up: use --solver ipx")
    if outcome in (Outcome.OPTIMAL, Outcome.IMPRECISE):
        if (wrong := highs_status.another(how.solver, log)) is not None:
            raise SolverError(wrong)
        if len(x) != columns or not np.isfinite(x).all():
            outcome = Outcome.FAILED
    iterations = max(0, info.ipm_iteration_count) + max(0, info.simplex_iteration_count)
    return Run(
        status=named,
        outcome=outcome,
        solver=highs_status.ran(log),
        x=x,
        row_dual=dual if len(dual) == rows else np.zeros(rows),
        bound=float(info.mip_dual_bound),
        iterations=iterations,
        seconds=seconds,
        log=highs_status.tail(log),
        found=len(x) == columns and info.primal_solution_status == FEASIBLE,
    )
