"""The optimum of a flat model by the solvers of HiGHS: which are tried in what order, and whether an answer may be taken.

An answer is repaired, its cost computed anew, and its bound proven by weak duality; what does not hold is no answer.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xisuan.errors import InfeasibleError, SolverError
from xisuan.solver import duality, engine, feasibility, parts, status
from xisuan.solver.flat import Flat
from xisuan.solver.repair import repaired
from xisuan.solver.solution import How, Progress, Solution, Solver, Watch
from xisuan.solver.status import Outcome

__all__ = ["How", "Progress", "Solution", "Watch", "attempt", "solve"]


def solve(flat: Flat, how: How | None = None, progress: Watch = None) -> Solution:
    """The optimum of `flat`.

    Raises InfeasibleError where a multiplier proves that there is no solution, SolverError where the solver ended in
    any other state, ran another method than asked, or gave an answer that fails our own check. Ctrl-C stops it.
    """
    how = how or How()
    return (_solve_mip if _branches(flat, how.solver) else _solve_lp)(flat, how, progress)


def attempt(flat: Flat, how: How, progress: Watch = None) -> Solution | None:
    """The optimum of `flat` by one run of one solver; None where it has no sound one, whyever that is."""
    gap = how.gap if how.gap is not None else engine.LP_GAP
    run = engine.run(flat, how, progress)
    if run.outcome is not Outcome.OPTIMAL:
        return None
    answer = _answer(flat, run)
    sound = duality.violation(flat, answer.x) <= feasibility.FEASIBLE and -gap <= answer.gap <= gap
    return answer if sound else None


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
    if flat.nonzeros < engine.SMALL:
        return ("simplex", "ipx")
    return how.line or (("ipx", "hipo", "simplex") if flat.nonzeros < engine.LARGE else ("hipo", "ipx", "simplex"))


def _solve_lp(flat: Flat, how: How, progress: Watch) -> Solution:
    """The optimum by the solver asked; `auto` goes on to the next in line where one does not finish, and says so."""
    line = _line(flat, how)
    failures: list[str] = []
    for solver in line:
        patience = engine.Patience.of(flat) if solver == "simplex" and solver != line[-1] else None
        try:
            return _solve_by(flat, replace(how, solver=solver), progress, patience)
        except SolverError as failure:
            failures.append(str(failure))
            if progress is not None and len(line) > 1:
                progress(Progress(f"{solver} did not finish, trying the next solver", 0.0))
    raise SolverError(failures[0] if len(line) == 1 else "no solver finished: " + "; ".join(failures))


def _solve_by(flat: Flat, how: How, progress: Watch, patience: engine.Patience | None = None) -> Solution:
    """The optimum by one solver, with its presolve, and without it if what that leaves fails our own check.

    patience: None for as long as it takes.

    Undoing the presolve of an interior point without crossover sometimes leaves a dual of the wrong sign behind.
    """
    gap = how.gap if how.gap is not None else engine.LP_GAP
    for presolve in (True, False):
        run = engine.run(flat, how, progress, presolve, patience)
        if run.outcome is Outcome.INFEASIBLE:
            error = _confirmed(flat, how, run)
            if isinstance(error, InfeasibleError) or not presolve:
                raise error
            continue
        if run.outcome not in (Outcome.OPTIMAL, Outcome.IMPRECISE):
            raise SolverError(f"{run.solver}: {status.words(run.status)}")
        answer = _answer(flat, run)
        sound = duality.violation(flat, answer.x) <= feasibility.FEASIBLE and answer.gap >= -gap
        if sound and (run.outcome is Outcome.OPTIMAL or answer.gap <= gap):
            return answer
    other = "ipx" if run.solver == "hipo" else "simplex"
    raise SolverError(f"{run.solver} could not reach a gap of {gap:g}: try --solver {other}, or a wider --gap")


def _answer(flat: Flat, run: engine.Run) -> Solution:
    """The solution of a run, repaired, with the bound that its duals prove."""
    x = repaired(flat, run.x)
    objective = float(flat.cost @ x) + flat.constant
    bound = duality.proven(flat, run.row_dual, objective)
    return Solution(x, run.row_dual, objective, bound, run.solver, run.iterations, run.seconds, run.log)


def _solve_mip(flat: Flat, how: How, progress: Watch) -> Solution:
    """Relaxation, branch and bound on the part with the integers, and the LP with those found: one answer."""
    relaxed = replace(flat, integer=np.zeros_like(flat.integer))
    inner = replace(how, gap=None)
    relaxation = _solve_lp(relaxed, replace(inner, solver="auto"), progress)
    inside = parts.with_integers(flat)
    run = engine.run(parts.alone(flat, inside), replace(how, solver="mip"), progress)
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


def _confirmed(flat: Flat, how: How, run: engine.Run) -> Exception:
    """The error for a model that HiGHS calls infeasible: only a proof makes it so."""
    if feasibility.infeasibility(flat, how)[0] > 0.0:
        return InfeasibleError("No plan satisfies the scenario.")
    return SolverError(
        f"{run.solver} calls the model infeasible, which is not so within rounding: some limit is met exactly. "
        "Try --solver simplex, or loosen the tightest limits a little"
    )
