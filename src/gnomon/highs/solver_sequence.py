"""Solve a linear program with the solvers of HiGHS in sequence, and verify the answer.

An answer is repaired, its cost recomputed, and its bound proven by weak duality. Answers that fail are rejected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gnomon.arrays import Mask
from gnomon.errors import INFEASIBLE, NO_WHOLE_NUMBERS, InfeasibleError, OptionError, SolverError
from gnomon.highs import feasibility, highs_run, highs_status
from gnomon.highs.highs_status import Outcome
from gnomon.model.linear_program import LinearProgram
from gnomon.options import LP_GAP, Clock, Options, Solver
from gnomon.proof import weak_duality
from gnomon.proof.primal_repair import repair
from gnomon.solution import Progress, Solution, Watch
from gnomon.strategies import strategy_order
from gnomon.transforms import integer_part, integrality

Linear = Callable[[LinearProgram, Options, Watch], Solution]

PRESOLVE: dict[Solver, tuple[bool, ...]] = {"hipo": (True,)}
"""Presolve settings with which a solver runs in turn; with and then without presolve unless listed. A second HiPO run
without presolve in one process crashes HiGHS 1.15.1 on a model of a year, by writing to foreign memory."""
BRANCHED = 0.9
"""Share of the requested gap for branch and bound; the rest is for the linear programs around it."""


def solve(
    flat: LinearProgram, options: Options | None = None, progress: Watch = None, *, linear: Linear | None = None
) -> Solution:
    """Return the optimum of `flat`.

    `linear`: solver of the linear programs around branch and bound, by default those of HiGHS.

    Raises InfeasibleError if Farkas multipliers prove that there is no solution. Raises OptionError if the requested
    solver does not take such a model. Raises SolverError if the solver ended
    in any other state, ran another method than requested, or gave an answer that fails the checks. If an answer passes
    them but the requested gap is not proven, the answer says so (`short`). Ctrl-C stops the solve.
    """
    options = options or Options()
    if _needs_branching(flat, options.solver):
        return _solve_mip(flat, options, progress, linear or _solve_lp)
    return _solve_lp(flat, options, progress)


def solve_once(flat: LinearProgram, options: Options, progress: Watch = None) -> Solution | None:
    """Return the optimum of `flat` by one run of one solver; None if that has no verified answer, for any reason."""
    gap = options.gap_or_default()
    run = highs_run.run(flat, options, progress)
    if run.outcome is not Outcome.OPTIMAL:
        return None
    answer = _answer(flat, run)
    sound = weak_duality.violation(flat, answer.x) <= feasibility.FEASIBLE and -gap <= answer.gap <= gap
    return answer if sound else None


def _needs_branching(flat: LinearProgram, asked: Solver) -> bool:
    """Return True if the model needs branch and bound. Raises OptionError if that contradicts the requested solver."""
    integers = int(flat.integer.sum())
    if integers and asked not in ("auto", "mip"):
        raise OptionError({"--solver": asked}, "solver-takes-no-integers", {"solver": asked, "count": integers})
    if asked == "mip" and not integers:
        raise OptionError({"--solver": asked}, "nothing-to-branch-on")
    return integers > 0


def _solve_lp(flat: LinearProgram, options: Options, progress: Watch) -> Solution:
    """Return the optimum by the requested solver; `auto` tries the next solver if one fails or proves too little.

    If none proves the requested gap, the answer with the smallest gap is returned.
    """
    line, clock = strategy_order.highs_solvers(flat.nonzeros, options), Clock(options)
    failures: list[str] = []
    best: Solution | None = None
    for solver in line:
        if failures and clock.is_over:
            break
        last = solver == line[-1] and best is None
        # Limits on simplex only while another solver can follow.
        patience = highs_run.Patience.of(flat) if solver == "simplex" and not last else None
        try:
            answer = _solve_by(flat, clock.limit(replace(options, solver=solver)), progress, patience)
        except SolverError as failure:
            failures.append(str(failure))
            end = "did not finish"
        else:
            if not answer.short:
                return answer
            failures.append(f"{solver} could not prove a gap of {answer.asked:g}")
            end = f"proved a gap of {answer.gap:.1e} only"
            best = answer if best is None or answer.gap < best.gap else best
        if progress is not None and solver != line[-1]:
            progress(Progress(f"{solver} {end}, trying the next solver", 0.0))
    if best is not None:
        return best
    raise SolverError(failures[0] if len(line) == 1 else "no solver finished: " + "; ".join(failures))


def _solve_by(
    flat: LinearProgram, options: Options, progress: Watch, patience: highs_run.Patience | None = None
) -> Solution:
    """Return the optimum by one solver, with presolve, and without it if the first answer fails the checks.

    Postsolve of an interior point without crossover sometimes leaves a dual of the wrong sign.

    patience: None for no limit. If answers that HiGHS calls optimal prove less than the requested gap, the one that
    proves most is returned, with that gap in `asked`.
    """
    gap, clock = options.gap_or_default(), Clock(options)
    best: Solution | None = None
    refused: Exception | None = None
    for presolve in PRESOLVE.get(options.solver, (True, False)):
        if not presolve and clock.is_over:
            break
        run = highs_run.run(flat, clock.limit(options), progress, presolve, patience)
        # A claim of infeasibility needs a Farkas certificate.
        if run.outcome is Outcome.INFEASIBLE:
            refused = _infeasibility_error(flat, clock.limit(options), run)
            if isinstance(refused, InfeasibleError):
                break
            continue
        if run.outcome not in (Outcome.OPTIMAL, Outcome.IMPRECISE):
            refused = SolverError(f"{run.solver}: {highs_status.explain_status(run.status)}")
            break
        answer = _answer(flat, run)
        # Checks independent of the solver: primal violation, and a bound that is not above the cost.
        if weak_duality.violation(flat, answer.x) > feasibility.FEASIBLE or answer.gap < -gap:
            continue
        if answer.gap <= gap:
            return answer
        if run.outcome is Outcome.OPTIMAL and (best is None or answer.gap < best.gap):
            best = replace(answer, asked=gap)
    if best is not None and not isinstance(refused, InfeasibleError):
        return best
    other = "ipx" if options.solver == "hipo" else "simplex"
    raise refused or SolverError(
        f"{options.solver} could not reach a gap of {gap:g}: try --solver {other}, or a wider --gap"
    )


def _answer(flat: LinearProgram, run: highs_run.Run) -> Solution:
    """Return the repaired solution of a run, with the bound that its duals prove."""
    x = repair(flat, run.x)
    objective = float(flat.cost @ x) + flat.constant
    bound = weak_duality.proven(flat, run.row_dual, objective)
    dual = weak_duality.feasible_multipliers(flat, run.row_dual)
    return Solution(x, dual, objective, bound, run.solver, run.iterations, run.seconds, run.log)


def _solve_mip(flat: LinearProgram, options: Options, progress: Watch, linear: Linear) -> Solution:
    """Solve the relaxation, branch and bound on the part with the integers, and the LP with these integers."""
    gap, clock = options.gap_or_default(integers=True), Clock(options)
    inner = replace(options, solver="auto", gap=min(LP_GAP, (1.0 - BRANCHED) * gap))
    relaxation = linear(integrality.relax_integers(flat), replace(inner, smallest=None), progress)
    # Branch and bound on the part with the integers, then the LP with these integers fixed.
    inside = integer_part.with_integers(flat)
    branching = replace(options, solver="mip", gap=BRANCHED * gap)
    run = highs_run.run(
        integer_part.integer_program(flat, inside), clock.limit(branching, relaxation.seconds), progress
    )
    if run.outcome is Outcome.INFEASIBLE:
        raise InfeasibleError(NO_WHOLE_NUMBERS)
    if not (run.outcome is Outcome.OPTIMAL or (run.outcome is Outcome.STOPPED and run.found)):
        raise SolverError(f"branch and bound: {highs_status.explain_status(run.status)}")
    settled = _with_integers(flat, run, clock.limit(inner), linear, progress)
    plan, proof = settled or _best_of_interrupted(flat, run, relaxation, inside), settled or relaxation
    # Lower bound: that of branch and bound for the part with the integers, plus that of the last duals for the rest.
    rest = proof.bound - float(flat.cost[inside] @ proof.x[inside])
    return replace(
        plan,
        bound=min(plan.objective, max(run.bound + rest, relaxation.bound)),
        solver=run.solver,
        iterations=relaxation.iterations + run.iterations + plan.iterations,
        seconds=relaxation.seconds + run.seconds + plan.seconds,
        log=run.log,
        relaxation_row_dual=relaxation.row_dual,
        asked=gap,
    )


def _with_integers(
    flat: LinearProgram, run: highs_run.Run, options: Options, linear: Linear, progress: Watch
) -> Solution | None:
    """Return the optimum with the integers of branch and bound; None if that was stopped and no time remains."""
    try:
        return linear(integrality.fix_integers(flat, run.x), options, progress)
    except InfeasibleError:
        raise SolverError(
            "the integers that branch and bound found do not survive rounding: a coefficient is too large"
        ) from None
    except SolverError:
        if run.outcome is not Outcome.STOPPED:
            raise
        return None


def _best_of_interrupted(flat: LinearProgram, run: highs_run.Run, relaxation: Solution, inside: Mask) -> Solution:
    """Return the best point of an interrupted branch and bound, combined with the relaxation in the unconnected columns."""
    fixed = integrality.fix_integers(flat, run.x)
    x = repair(fixed, np.where(inside, run.x, relaxation.x))
    if weak_duality.violation(fixed, x) > feasibility.FEASIBLE:
        raise SolverError(f"branch and bound: {highs_status.explain_status(run.status)}")
    return replace(relaxation, x=x, objective=float(flat.cost @ x) + flat.constant, iterations=0, seconds=0.0)


def _infeasibility_error(flat: LinearProgram, options: Options, run: highs_run.Run) -> Exception:
    """Return the error for a model that HiGHS calls infeasible: InfeasibleError only with a proof."""
    proof, multipliers = feasibility.infeasibility(flat, options)
    if proof > 0.0:
        return InfeasibleError(INFEASIBLE, proof=multipliers)
    return SolverError(
        f"{run.solver} calls the model infeasible, which is not so within rounding: some limit is met exactly. "
        "Try --solver simplex, or loosen the tightest limits a little"
    )
