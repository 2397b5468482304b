"""The one door to HiGHS: a flat model in, its optimum, duals and bound out. Nobody else imports highspy but `handover`.

Interior points run without crossover: the plan is then not a vertex but good to the gap asked, in a fraction of the
time. Which solver ran is read back from its log, because a HiGHS that lacks a solver quietly runs another.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from xisuan.errors import InfeasibleError, SolverError
from xisuan.solver import duality, parts, status
from xisuan.solver.equilibrate import equilibrate
from xisuan.solver.flat import Flat
from xisuan.solver.handover import hand_over
from xisuan.solver.model import Array
from xisuan.solver.solution import How, Progress, Solution, Solver, Watch
from xisuan.solver.status import Outcome

__all__ = [
    "Feasibility",
    "How",
    "Progress",
    "Solution",
    "Vertex",
    "Watch",
    "attempt",
    "infeasibility",
    "near",
    "solve",
]

LP_GAP = 1e-6
MIP_GAP = 1e-4
SMALL = 50_000
"""Non-zeros up to which `auto` takes the simplex: it is as fast there, and its answer is a vertex."""
LARGE = 500_000
"""Non-zeros from which `auto` tries HiPO before IPX. Below, IPX takes no longer, a third of the memory, and leaves rows
a thousandth as far from their sides."""
SCALED = 20_000
"""Non-zeros from which HiPO and the simplex are given the equilibrated model. On real units HiPO stalls without, the
simplex takes up to four times the iterations; IPX is no faster with it, and nearer to the sides of rows without."""
CRUMB = 1e-9
"""Values below this, and below this share of the largest of their block, are rounding of an interior point."""
MARGIN = 0.1
"""Interior points are asked for this share of the gap, because undoing the presolve and the proof by weak duality
cost some of it; one order of magnitude is one or two iterations."""
FEASIBLE = 1e-6
"""Largest relative violation with which an answer that HiGHS calls imprecise may still be taken."""
MISSED = 1e-8
"""A row misses a crumb that is more than this share of its largest term, as one in which nothing else happens does."""
SWEEPS = 10
"""Attempts to sweep crumbs, leaving at each those that rows missed. If rows still do, all are left."""
RAY_CRUMB = 1e-13
"""Multipliers of a ray below this share of the largest are what the arithmetic of the simplex leaves of 0."""
PATIENCE, PACE = 10.0, 1e-3
"""Seconds, and seconds a row and column, after which the next solver is to try: ten times what a simplex in good health
takes. One that stalls may spend seconds on a single iteration (a limit of carbon just out of reach: 60 iterations in
285 s, where IPX took two to see that there is no plan)."""
POLL_SECONDS = 0.25
GIVEN_UP = "Restarting with IPX"
"""What HiPO logs when it hands over to another solver, which is not what was asked for: it is stopped there."""


def solve(flat: Flat, how: How | None = None, progress: Watch = None) -> Solution:
    """The optimum of `flat`.

    Raises InfeasibleError where a multiplier proves that there is no solution, SolverError where the solver ended in
    any other state, ran another method than asked, or gave an answer that fails our own check. Ctrl-C stops it.
    """
    how = how or How()
    return (_solve_mip if _branches(flat, how.solver) else _solve_lp)(flat, how, progress)


def attempt(flat: Flat, how: How, progress: Watch = None) -> Solution | None:
    """The optimum of `flat` by one run of one solver; None where it has no sound one, whyever that is."""
    gap = how.gap if how.gap is not None else LP_GAP
    run = _run(flat, how, progress)
    if run.outcome is not Outcome.OPTIMAL:
        return None
    answer = _answer(flat, run)
    sound = duality.violation(flat, answer.x) <= FEASIBLE and -gap <= answer.gap <= gap
    return answer if sound else None


def vertex(flat: Flat) -> Array | None:
    """The cheapest vertex of a small model, its integers taken as any numbers; None where it has no solution."""
    return Repeated(flat).solve(flat.cost)


def best(
    flat: Flat, gap: float = MIP_GAP, nodes: int | None = None, target: float = -np.inf, *, done: bool = False
) -> Array | None:
    """The cheapest whole-number point of a small model to a relative gap, without a proof; None where none was found.

    After so many `nodes`, or at an objective of `target`, the best one found is taken; with `done` none. Raises SolverError
    where it ends in any other state.
    """
    engine = _highs()
    options = {"output_flag": False, "mip_rel_gap": gap, "objective_target": target}
    for name, value in (options | ({} if nodes is None else {"mip_max_nodes": nodes})).items():
        engine.setOptionValue(name, value)
    hand_over(engine, flat)
    engine.run()
    named = engine.getModelStatus().name
    outcome = status.outcome(named)
    if outcome is Outcome.INFEASIBLE:
        return None
    if outcome not in (Outcome.OPTIMAL, Outcome.STOPPED):
        raise SolverError(f"branch and bound: {status.words(named)}")
    if done and outcome is not Outcome.OPTIMAL:
        return None
    found = engine.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return np.array(engine.getSolution().col_value) if found else None


class Repeated:
    """A linear model asked again and again with other costs or limits: a simplex that goes on where it was, without a
    proof.

    Integers are taken as any numbers. `row_dual` is that of the last solve.
    """

    def __init__(self, flat: Flat) -> None:
        self._engine = _highs()
        self._engine.setOptionValue("output_flag", False)
        self._engine.setOptionValue("solver", "simplex")
        hand_over(self._engine, replace(flat, integer=np.zeros_like(flat.integer)))
        self._columns = np.arange(flat.shape[1], dtype=np.int32)
        self._lower = np.array(flat.lower)
        self.row_dual = np.zeros(flat.shape[0])

    def solve(self, cost: Array) -> Array | None:
        """The cheapest vertex, None where there is no solution. Raises SolverError in any other state."""
        self._engine.changeColsCost(len(self._columns), self._columns, np.ascontiguousarray(cost, dtype=np.float64))
        return self._run()

    def bounded(self, upper: Array, first: int, row_lower: Array, row_upper: Array) -> Array | None:
        """The same at the last costs, with other upper bounds of columns, and other sides of the rows from `first` on."""
        self._engine.changeColsBounds(len(self._columns), self._columns, self._lower, np.ascontiguousarray(upper))
        if len(row_lower):
            rows = np.arange(first, first + len(row_lower), dtype=np.int32)
            self._engine.changeRowsBounds(len(rows), rows, np.array(row_lower), np.array(row_upper))
        return self._run()

    def _run(self) -> Array | None:
        self._engine.run()
        if status.outcome(self._engine.getModelStatus().name) not in (Outcome.OPTIMAL, Outcome.INFEASIBLE):
            self._engine.clearSolver()  # where a basis of other costs leads nowhere, it begins anew
            self._engine.run()
        named = self._engine.getModelStatus().name
        outcome = status.outcome(named)
        if outcome is Outcome.INFEASIBLE:
            return None
        if outcome is not Outcome.OPTIMAL:
            raise SolverError(f"simplex: {status.words(named)}")
        found = self._engine.getSolution()
        self.row_dual = np.array(found.row_dual)
        return np.array(found.col_value)


DUAL, PRIMAL = 1, 4
"""Simplex strategies of HiGHS."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """A cheapest vertex: shape (columns,), its row duals, its objective, and where a simplex may go on from."""

    x: Array
    row_dual: Array
    objective: float
    basis: Any


def near(flat: Flat, start: Vertex | None = None, *, costs: bool = False) -> Vertex | None:
    """The cheapest vertex of a model, its integers taken as any numbers; None where there is no solution.

    `start`: the vertex of a model of the same shape, from which the simplex goes on. `costs`: only costs differ from
    that one, so that the vertex is still a solution and the primal simplex takes a twentieth of the time; on the model
    as it is, because scaling moves with the costs. Raises SolverError in any other state.
    """
    scaling = equilibrate(flat) if flat.nonzeros >= SCALED and not costs else None
    engine = _highs()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("solver", "simplex")
    engine.setOptionValue("threads", 1)
    hand_over(engine, replace(scaling.apply(flat) if scaling else flat, integer=np.zeros_like(flat.integer)))
    if start is not None and len(start.x) == flat.shape[1] and len(start.row_dual) == flat.shape[0]:
        engine.setBasis(start.basis)
        engine.setOptionValue("simplex_strategy", PRIMAL if costs else DUAL)
    engine.run()
    named = engine.getModelStatus().name
    if status.outcome(named) is not Outcome.OPTIMAL and start is not None:
        return near(flat)
    if status.outcome(named) is Outcome.INFEASIBLE:
        return None
    if status.outcome(named) is not Outcome.OPTIMAL:
        raise SolverError(f"simplex: {status.words(named)}")
    found = engine.getSolution()
    x, dual = np.array(found.col_value), np.array(found.row_dual)
    if scaling is not None:
        x, dual = scaling.primal(x), scaling.dual(dual)
    x = np.clip(x, flat.lower, flat.upper)
    return Vertex(x, dual, float(flat.cost @ x) + flat.constant, engine.getBasis())


def _branches(flat: Flat, asked: Solver) -> bool:
    """Whether branch and bound is to solve the model. Raises SolverError where that is not what was asked."""
    integers = int(flat.integer.sum())
    if integers and asked not in ("auto", "mip"):
        raise SolverError(f"{asked} takes no integers and the model has {integers:,}: use --solver mip")
    if asked == "mip" and not integers:
        raise SolverError("there is nothing to branch on, the model has no integers: use --solver hipo, ipx or simplex")
    return integers > 0


def _line(flat: Flat, how: How) -> tuple[Solver, ...]:
    """The solvers to try in turn."""
    if how.solver != "auto":
        return (how.solver,)
    if flat.nonzeros < SMALL:
        return ("simplex", "ipx")
    return how.line or (("ipx", "hipo", "simplex") if flat.nonzeros < LARGE else ("hipo", "ipx", "simplex"))


def _solve_lp(flat: Flat, how: How, progress: Watch) -> Solution:
    """The optimum by the solver asked; `auto` goes on to the next in line where one does not finish, and says so."""
    line = _line(flat, how)
    failures: list[str] = []
    for solver in line:
        patience = _Patience.of(flat) if solver == "simplex" and solver != line[-1] else None
        try:
            return _solve_by(flat, replace(how, solver=solver), progress, patience)
        except SolverError as failure:
            failures.append(str(failure))
            if progress is not None and len(line) > 1:
                progress(Progress(f"{solver} did not finish, trying the next solver", 0.0))
    raise SolverError(failures[0] if len(line) == 1 else "no solver finished: " + "; ".join(failures))


@dataclass(frozen=True, slots=True)
class _Patience:
    """Iterations and seconds of a simplex after which another solver is to try."""

    iterations: int
    seconds: float

    @classmethod
    def of(cls, flat: Flat) -> _Patience:
        """A simplex in good health needs a few iterations for each row; on a model that is all but infeasible it wanders."""
        return cls(sum(flat.shape), PATIENCE + PACE * sum(flat.shape))

    def within(self, how: How) -> float:
        """Seconds, if `how` allows as many."""
        return self.seconds if how.time_limit is None else min(self.seconds, how.time_limit)


def _solve_by(flat: Flat, how: How, progress: Watch, patience: _Patience | None = None) -> Solution:
    """The optimum by one solver, with its presolve, and without it if what that leaves fails our own check.

    patience: None for as long as it takes.

    Undoing the presolve of an interior point without crossover sometimes leaves a dual of the wrong sign behind.
    """
    gap = how.gap if how.gap is not None else LP_GAP
    for presolve in (True, False):
        run = _run(flat, how, progress, presolve, patience)
        if run.outcome is Outcome.INFEASIBLE:
            error = _confirmed(flat, how, run)
            if isinstance(error, InfeasibleError) or not presolve:
                raise error
            continue
        if run.outcome not in (Outcome.OPTIMAL, Outcome.IMPRECISE):
            raise SolverError(f"{run.solver}: {status.words(run.status)}")
        answer = _answer(flat, run)
        sound = duality.violation(flat, answer.x) <= FEASIBLE and answer.gap >= -gap
        if sound and (run.outcome is Outcome.OPTIMAL or answer.gap <= gap):
            return answer
    other = "ipx" if run.solver == "hipo" else "simplex"
    raise SolverError(f"{run.solver} could not reach a gap of {gap:g}: try --solver {other}, or a wider --gap")


def _answer(flat: Flat, run: _Run) -> Solution:
    """The solution of a run, repaired, with the bound that its duals prove."""
    x = repair(flat, run.x)
    objective = float(flat.cost @ x) + flat.constant
    bound = duality.proven(flat, run.row_dual, objective)
    return Solution(x, run.row_dual, objective, bound, run.solver, run.iterations, run.seconds, run.log)


def _solve_mip(flat: Flat, how: How, progress: Watch) -> Solution:
    """Relaxation, branch and bound on the part with the integers, and the LP with those found: one answer."""
    relaxed = replace(flat, integer=np.zeros_like(flat.integer))
    inner = replace(how, gap=None)
    relaxation = _solve_lp(relaxed, replace(inner, solver="auto"), progress)
    inside = parts.with_integers(flat)
    run = _run(parts.alone(flat, inside), replace(how, solver="mip"), progress)
    if run.outcome is Outcome.INFEASIBLE:
        raise InfeasibleError("No plan with whole numbers exists, although one with fractions does.")
    if run.outcome is not Outcome.OPTIMAL:
        raise SolverError(f"branch and bound: {status.words(run.status)}")
    whole = np.clip(np.round(run.x), np.ceil(flat.lower), np.floor(flat.upper))
    fixed = replace(
        relaxed, lower=np.where(flat.integer, whole, flat.lower), upper=np.where(flat.integer, whole, flat.upper)
    )
    try:
        plan = _solve_lp(fixed, replace(inner, solver="auto"), progress)
    except InfeasibleError:
        raise SolverError(
            "the integers that branch and bound found do not survive rounding: a coefficient is too large"
        ) from None
    seconds = relaxation.seconds + run.seconds + plan.seconds
    iterations = relaxation.iterations + run.iterations + plan.iterations
    # What the part with the integers costs at least, and the rest by the duals of the last solve.
    rest = plan.bound - float(flat.cost[inside] @ plan.x[inside])
    bound = min(plan.objective, max(run.bound + rest, relaxation.bound))
    return replace(
        plan,
        bound=bound,
        solver=run.solver,
        iterations=iterations,
        seconds=seconds,
        log=run.log,
        relaxation_row_dual=relaxation.row_dual,
    )


def repair(flat: Flat, x: Array) -> Array:
    """x within its bounds, and without those crumbs that no row misses."""
    x = np.clip(x, flat.lower, flat.upper)
    crumbs = (np.abs(x) < CRUMB) & (x != 0.0) & (flat.lower <= 0.0) & (flat.upper >= 0.0)
    for block in flat.model.columns.values():
        size = np.abs(flat.part(x, block))
        flat.part(crumbs, block)[size >= CRUMB * size.max(initial=0.0)] = False
    before = duality.shortfall(flat, x)
    for _ in range(SWEEPS):
        swept = np.where(crumbs, 0.0, x)
        after = duality.shortfall(flat, swept)
        worse = np.flatnonzero((after > before) & (after > 0.0))
        rows = flat.matrix[worse]
        missed = rows[after[worse] > MISSED * duality.largest_terms(rows, x)]
        if not missed.nnz:
            return swept
        crumbs[missed.indices] = False
    return x


@dataclass(frozen=True, slots=True)
class _Run:
    """What one call of HiGHS left."""

    status: str
    outcome: Outcome
    solver: str
    x: Array
    row_dual: Array
    bound: float
    iterations: int
    seconds: float
    log: str


def _run(flat: Flat, how: How, progress: Watch, presolve: bool = True, patience: _Patience | None = None) -> _Run:
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
        hand_over(engine, given)
        _watched(engine, log, how.solver, progress)
        text = log.read_text(errors="replace") if log.exists() else ""
        engine.setOptionValue("log_file", "")
    run = _collect(engine, flat, how, text, time.perf_counter() - began)
    if scaling is None:
        return run
    return replace(run, x=scaling.primal(run.x) if len(run.x) else run.x, row_dual=scaling.dual(run.row_dual))


def _highs() -> Any:
    return highspy.Highs()  # type: ignore[no-untyped-call]  # its own annotations lack some of what it has


def _engine(how: How, log: Path) -> Any:
    """A HiGHS with our options."""
    engine = _highs()
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


def _watched(engine: Any, log: Path, stage: str, progress: Watch) -> None:
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
            if stage == "hipo" and GIVEN_UP in status.end(log):
                stop.set()
            if progress is not None:
                progress(status.progress(log, stage, time.perf_counter() - began, iterations[0]))
    finally:
        stop.set()
        done.wait()  # not Thread.join, which Python 3.11 believes to be over once it was interrupted
        engine.setCallback(None, None)


def _collect(engine: Any, flat: Flat, how: How, log: str, seconds: float) -> _Run:
    named = engine.getModelStatus().name
    outcome = status.outcome(named)
    rows, columns = flat.shape
    info, found = engine.getInfo(), engine.getSolution()
    x, dual = np.array(found.col_value), np.array(found.row_dual)
    if how.solver == "hipo" and GIVEN_UP in log:
        raise SolverError("hipo gave up: use --solver ipx")
    if outcome in (Outcome.OPTIMAL, Outcome.IMPRECISE):
        if (wrong := status.another(how.solver, log)) is not None:
            raise SolverError(wrong)
        if len(x) != columns or not np.isfinite(x).all():
            outcome = Outcome.FAILED
    iterations = max(0, info.ipm_iteration_count) + max(0, info.simplex_iteration_count)
    return _Run(
        status=named,
        outcome=outcome,
        solver=status.ran(log),
        x=x,
        row_dual=dual if len(dual) == rows else np.zeros(rows),
        bound=float(info.mip_dual_bound),
        iterations=iterations,
        seconds=seconds,
        log=status.tail(log),
    )


def _confirmed(flat: Flat, how: How, run: _Run) -> Exception:
    """The error for a model that HiGHS calls infeasible: only a proof makes it so."""
    if infeasibility(flat, how)[0] > 0.0:
        return InfeasibleError("No plan satisfies the scenario.")
    return SolverError(
        f"{run.solver} calls the model infeasible, which is not so within rounding: some limit is met exactly. "
        "Try --solver simplex, or loosen the tightest limits a little"
    )


def infeasibility(flat: Flat, how: How | None = None) -> tuple[float, Array]:
    """By how much the rows contradict one another, proven (0: they do not, or nothing can be proven), and by which
    multipliers, shape (rows,).

    First any point that satisfies them is looked for, which takes a fraction of the time where there is one. A simplex
    finds one or a ray of its dual. Where that proves nothing, what all rows are stretched by is minimised: always feasible,
    and its duals are Farkas multipliers. The proof by weak duality needs no trust in the solver. Raises SolverError where
    the time of `how` is over before.
    """
    how = replace(how or How(), gap=None)
    nothing = 0.0, np.zeros(flat.shape[0])
    bare = replace(flat, cost=np.zeros_like(flat.cost), integer=np.zeros_like(flat.integer), constant=0.0)
    if flat.nonzeros >= SMALL:
        # IPX is slower than HiPO on what can be satisfied, but finishes on contradictions where HiPO gives up.
        run = _run(bare, replace(how, solver="ipx"), None)
        if run.outcome is Outcome.OPTIMAL and _meets(flat, run.x):
            return nothing
    point, ray = _point_or_ray(bare, how)
    if point is not None and _meets(flat, point):
        return nothing
    if ray is not None and (proof := duality.contradiction(flat, ray)) > 0.0:
        return proof, ray
    run = _stretched(duality.elastic(flat), how)
    multipliers = run.row_dual[: flat.shape[0]]
    return duality.contradiction(flat, multipliers), multipliers


def _meets(flat: Flat, x: Array) -> bool:
    """Whether x satisfies rows and bounds."""
    return duality.violation(flat, x, blocks=False) <= FEASIBLE


def _stretched(elastic: Flat, how: How) -> _Run:
    """The least stretch of all rows: by a vertex, whose multipliers are few, where a simplex finds one in time."""
    line: tuple[Solver, ...] = ("simplex", "ipx") if elastic.nonzeros < LARGE else ("ipx",)
    for solver in line:
        patience = _Patience.of(elastic) if solver != line[-1] else None
        run = _run(elastic, replace(how, solver=solver), None, patience=patience)
        if run.outcome in (Outcome.OPTIMAL, Outcome.IMPRECISE):
            return run
    raise SolverError(f"the search for a contradiction: {status.words(run.status)}")


def _point_or_ray(bare: Flat, how: How) -> tuple[Array | None, Array | None]:
    """Columns that satisfy a model without costs, or Farkas multipliers, from a simplex on the equilibrated model.

    Neither where it finds none in time.
    """
    scaling, patience = equilibrate(bare), _Patience.of(bare)
    engine = _highs()
    options = {"output_flag": False, "solver": "simplex", "time_limit": patience.within(how)}
    for name, value in options.items():
        engine.setOptionValue(name, value)
    hand_over(engine, scaling.apply(bare))
    _watched(engine, Path(os.devnull), "conflict", None)
    outcome = status.outcome(engine.getModelStatus().name)
    if outcome is Outcome.OPTIMAL:
        return scaling.primal(np.array(engine.getSolution().col_value)), None
    found, ray = engine.getDualRay()[1:] if outcome is Outcome.INFEASIBLE else (False, ())
    if not found:
        return None, None
    multipliers = scaling.dual(np.array(ray))
    return None, np.where(np.abs(multipliers) > RAY_CRUMB * np.abs(multipliers).max(initial=0.0), multipliers, 0.0)


class Feasibility:
    """Whether rows and bounds can be met, asked again and again with other sides: a simplex that goes on where it was.

    With integers it is a branch and bound, which starts afresh each time.
    """

    def __init__(self, flat: Flat) -> None:
        self.integers = bool(flat.integer.any())
        self._scaling = equilibrate(flat) if flat.nonzeros >= SCALED and not self.integers else None
        self._engine = _highs()
        self._engine.setOptionValue("output_flag", False)
        if not self.integers:
            self._engine.setOptionValue("solver", "simplex")
            self._engine.setOptionValue("presolve", "off")
        hand_over(self._engine, self._scaling.apply(flat) if self._scaling else flat)
        self._columns = np.arange(flat.shape[1], dtype=np.int32)
        self._rows = np.arange(flat.shape[0], dtype=np.int32)

    def contradiction(self, flat: Flat, seconds: float) -> Array | None:
        """Farkas multipliers (with integers: zeros) if the sides of `flat` cannot be met; None if they can.

        `flat` has the matrix given at the start. Raises SolverError where that is undecided after `seconds`.
        """
        engine, scaling = self._engine, self._scaling
        given = scaling.sides(flat) if scaling else flat
        engine.setOptionValue("time_limit", engine.getRunTime() + seconds)
        engine.changeRowsBounds(len(self._rows), self._rows, given.row_lower, given.row_upper)
        engine.changeColsBounds(len(self._columns), self._columns, given.lower, given.upper)
        _watched(engine, Path(os.devnull), "conflict", None)
        named = engine.getModelStatus().name
        if status.outcome(named) is Outcome.OPTIMAL:
            return None
        found, ray = (True, np.zeros(len(self._rows))) if self.integers else engine.getDualRay()[1:]
        if status.outcome(named) is not Outcome.INFEASIBLE or not found:
            raise SolverError(f"the search for a contradiction: {status.words(named)}")
        return scaling.dual(np.array(ray)) if scaling else np.array(ray)
