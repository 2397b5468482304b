"""Two-stage stochastic plan: first-period orders are decided before the scenario member is known.

Every scenario member (a future) has a model of its own, made by the same equations as any plan.
`gnomon.transforms.extensive_form` joins them into the extensive form, in which the first-period orders are shared. The
plan is compared with perfect information (Raiffa 1968, expected value of perfect information) and with planning for the
mean future (Birge 1982, value of the stochastic solution).
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gnomon.arrays import Array
from gnomon.highs import highs_run, solver_sequence
from gnomon.highs.solver_sequence import How, Solution
from gnomon.methods import method_choice, resource_estimates
from gnomon.methods.method_choice import METHODS, Solve, chosen
from gnomon.methods.resource_estimates import Expectation
from gnomon.model.linear_program import Flat, flatten
from gnomon.proof.confirmation import Confirm
from gnomon.solution import Watch
from gnomon.transforms.extensive_form import Futures
from xisuan.equations.build_model import EARLY, assemble
from xisuan.equations.model_builder import Assembly, found
from xisuan.errors import (
    InfeasibleError,
    Problem,
    ScenarioError,
    SolverError,
    no_plan,
    refusing_options,
    without_headline,
)
from xisuan.planning import expansion, fixed_first_stage
from xisuan.planning.fixed_first_stage import After, how_held
from xisuan.planning.infeasibility import explanation
from xisuan.progress import Report, tell, watcher
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Certificate, Plan
from xisuan.results.two_stage import Future, TwoStage
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants import members
from xisuan.scenario.variants.members import Member
from xisuan.text.translation import message as _

Make = Callable[[Scenario, Assembly, Flat, Solution, Solution, float], Plan]
"""Function that builds a plan from a solution, with or without tables."""
SOLVES = "solves"
"""Folder of checkpoints with those of all solves of a two-stage plan."""
Check = Callable[[TwoStage], Certificate]
"""Function that certifies a two-stage plan, which still lacks tables and costs with the mean's orders."""


@refusing_options()
def two_stage(
    scenario: Scenario,
    how: How | None = None,
    *,
    method: str = "auto",
    check: Check | None = None,
    progress: Report | None = None,
) -> TwoStage:
    """Return the plan of least expected discounted cost over the scenario members of `scenario`.

    First-stage decisions are the orders and early retirements up to the first period that is not past at `as_of`; all
    futures share them. Later orders and operation depend on the future. `how`, `method` and `check` as in `plan`.

    Raises ScenarioError without scenario members or for an invalid one. Raises InfeasibleError where a future has no
    plan or no first-stage decisions suit all futures. Raises SolverError where the solver ends without an answer.
    """
    if not scenario.has("members"):
        raise ScenarioError([Problem("no-members", table="members.csv")])
    if method not in METHODS:
        raise SolverError(f"there is no method {method!r}: use {', '.join(METHODS)}")
    task = _Task(_lasting(expansion.asked(scenario, how or How())), method, progress)
    given = members.members(scenario)
    middle = members.mean(scenario, given)
    all_futures = (*(one.scenario for one in given), middle)
    drafts = [_Draft.of(one, all_futures, task) for one in given]
    began = time.perf_counter()
    stage = sum(scenario.fixed(period) for period in scenario.settings.periods) + 1
    weights = tuple(draft.member.probability for draft in drafts)
    # Extensive form: minimise Σ probability · cost of future, first-stage columns shared.
    futures = Futures(tuple(draft.assembly.model for draft in drafts), weights, frozenset(EARLY), stage)
    tell(progress, "build", "putting the members together")
    whole = flatten(futures.together())
    solve = chosen(method, whole, task.how, "cost")
    built = time.perf_counter() - began
    at_once = task.expected(whole)
    expected = _foretold(drafts, whole, at_once, task)
    tell(progress, "solve", expected.text)
    # Wait-and-see solutions: each future planned with perfect information.
    cases = [draft.solved(task) for draft in drafts]
    tell(progress, "solve", f"all members: {at_once.text}")
    joint = _Joint(scenario, futures, whole, cases, stage, built)
    confirm = joint.confirm(check, task) if check and not whole.integer.any() else None
    try:
        answer = solve(whole, replace(task.how, confirm=confirm), watcher(progress))
    except InfeasibleError:
        task.forget()
        raise InfeasibleError(
            no_plan(
                _(
                    "Every member has a plan by itself, but no orders of the first period suit all of them: relax what "
                    "binds the members apart (min_units, budgets, limits), or plan fewer members together."
                )
            )
        ) from None
    tell(progress, "tables", "reading the solution")
    mean, planned = _after_mean(middle, cases, task, stage)
    task.forget()
    solves = [answer.seconds, planned, *(case.alone.seconds for case in cases), *(one.seconds for one in mean)]
    effort = replace(
        expansion.effort(whole, answer, built + sum(draft.built for draft in drafts)),
        seconds=sum(solves),
        # branch and bound has no predictable time
        expected_seconds=expected.seconds[1] if math.isfinite(expected.seconds[2]) else math.nan,
        expected_mb=expected.memory_mb[1],
    )
    made = joint.made(answer, mean, expansion.made)
    return replace(made, effort=effort, certificate=confirm.said(answer) if confirm else None)


def _lasting(how: How) -> How:
    """Return `how` with checkpoints of finished solves kept until all are finished, so that a run can resume."""
    return how if how.kept is None else replace(how, kept=how.kept / SOLVES, lasting=True)


@dataclass(frozen=True)
class _Task:
    """Options shared by all solves of a two-stage plan."""

    how: How
    method: str
    progress: Report | None

    def solve(self, flat: Flat) -> Solution:
        """Return the optimum of the model of one future."""
        function: Solve = chosen(self.method, flat, self.how, "cost")
        return function(flat, self.how, watcher(self.progress))

    def forget(self) -> None:
        """Remove all checkpoints."""
        if self.how.kept is not None:
            shutil.rmtree(self.how.kept, ignore_errors=True)

    def expected(self, flat: Flat) -> Expectation:
        """Predict time and memory of a solve."""
        return method_choice.expected(chosen(self.method, flat, self.how, "cost"), flat, self.how)

    def after_orders(self, flat: Flat, how: How, watch: Watch) -> Solution:
        """Return the optimum of a model with fixed first-stage decisions."""
        return self._beside(flat, how)(flat, how, watch)

    def expected_after_orders(self, flat: Flat) -> Expectation:
        """Predict time and memory of a solve with fixed first-stage decisions."""
        how = how_held(self.how)
        return method_choice.expected(self._beside(flat, how), flat, how)

    def _beside(self, flat: Flat, how: How) -> Solve:
        """Return the method for a model with fixed first-stage decisions."""
        return solver_sequence.solve if self.method == "direct" else method_choice.beside(flat, how)


def _foretold(drafts: Sequence[_Draft], whole: Flat, at_once: Expectation, task: _Task) -> Expectation:
    """Predict time and memory of all solves; futures are of similar size, so the first stands for each and the mean."""
    one = drafts[0].flat
    return resource_estimates.several(
        task.expected(one), at_once, task.expected_after_orders(one), len(drafts), whole.nonzeros
    )


@dataclass(frozen=True)
class _Draft:
    """A scenario member and its model before any solve."""

    member: Member
    assembly: Assembly
    flat: Flat
    built: float

    @classmethod
    def of(cls, member: Member, futures: Sequence[Scenario], task: _Task) -> _Draft:
        """Build the model of a scenario member, with the columns that any of `futures` may order."""
        tell(task.progress, "build", f"{member.name}: building the model")
        began = time.perf_counter()
        assembly = assemble(member.scenario, beside=futures)
        flat = flatten(assembly.model)
        return cls(member, assembly, flat, time.perf_counter() - began)

    def solved(self, task: _Task) -> _Case:
        """Plan the future alone. Raises InfeasibleError, naming the scenario member, where no plan exists."""
        member = self.member
        tell(task.progress, "solve", f"{member.name}: planned by itself")
        try:
            alone = task.solve(self.flat)
        except InfeasibleError as none:
            task.forget()
            why = explanation.explained(self.assembly, none)
            said = _("Member {name}: {detail}", name=member.name, detail=without_headline(why))
            raise InfeasibleError(no_plan(said), why.conflict, why.reliefs) from None
        known = expansion.made(member.scenario, self.assembly, self.flat, alone, alone, self.built)
        return _Case(member, self.assembly, self.flat, alone, known)


@dataclass(frozen=True)
class _Case:
    """A scenario member, its model and its optimum under perfect information."""

    member: Member
    assembly: Assembly
    flat: Flat
    alone: Solution
    known: Plan


@dataclass(frozen=True)
class _Joint:
    """Extensive form of all futures, and the single solves.

    `stage`: periods of the first stage; `built`: seconds to build.
    """

    scenario: Scenario
    futures: Futures
    flat: Flat
    cases: Sequence[_Case]
    stage: int
    built: float

    def confirm(self, check: Check, task: _Task) -> Confirm[TwoStage, Certificate]:
        """Return the callback that certifies a solution before the solver stops."""

        def make(found: Solution) -> TwoStage:
            tell(task.progress, "solve", "checking what was proven against the scenario, member by member")
            return self.made(found, [After(math.nan)] * len(self.cases), expansion.untold)

        return Confirm(make, check, highs_run.LP_GAP if task.how.gap is None else task.how.gap)

    def made(self, answer: Solution, mean: Sequence[After], make: Make) -> TwoStage:
        """Return the two-stage plan of a solution; `make` builds the plan of each future."""
        periods = self.scenario.settings.periods
        return TwoStage(
            scenario=self.scenario,
            status="feasible" if answer.short else "optimal",
            objective=float(self.flat.cost @ answer.x) + self.flat.constant,
            lower_bound=answer.bound,
            first=periods[min(self.stage, len(periods)) - 1],
            effort=expansion.effort(self.flat, answer, self.built),
            members=tuple(
                self._future(at, answer, case, one, make)
                for at, (case, one) in enumerate(zip(self.cases, mean, strict=True))
            ),
        )

    def _future(self, at: int, answer: Solution, case: _Case, mean: After, make: Make) -> Future:
        """Return the plan in one future; duals of its tables are those of the extensive form divided by its
        probability."""
        weight = case.member.probability

        def part(of: Array, *, rows: bool = False) -> Array:
            return self.futures.part(self.flat, case.flat, at, of, rows=rows)

        x, dual, relaxed = part(answer.x), part(answer.row_dual, rows=True), answer.relaxation_row_dual
        here = replace(answer, x=x, row_dual=dual / weight, objective=float(case.flat.cost @ x))
        made = make(case.member.scenario, case.assembly, case.flat, here, case.alone, self.built)
        near = made.gap <= (case.alone.asked if case.alone.asked is not None else highs_run.LP_GAP)
        effort = expansion.effort(self.flat, answer, self.built)
        return Future(
            name=case.member.name,
            probability=weight,
            plan=replace(made, status="optimal" if near else "feasible", effort=effort),
            alone=case.known,
            mean_mcny=mean.mcny,
            mean_why=mean.why,
            duals=_labelled(case, dual),
            relaxation_duals=_labelled(case, part(relaxed, rows=True)) if relaxed is not None else {},
        )


def _labelled(case: _Case, dual: Array) -> Mapping[str, Found]:
    """Return row duals with their labels, by row family."""
    return found(case.assembly.model.rows, case.flat.split_rows(dual))


def _after_mean(middle: Scenario, cases: Sequence[_Case], task: _Task, stage: int) -> tuple[list[After], float]:
    """Return each future's cost with the orders of the mean future `middle`, and the seconds to plan the mean.

    The basis of the value of the stochastic solution. Solver failures give NaN and do not affect the plan. The mean
    future is planned alone; if several plans cost the same, the one found counts.
    """
    tell(task.progress, "solve", "the mean of the members: planned by itself")
    # Expected-value problem: the plan for the mean future.
    flat = flatten(assemble(middle).model)
    try:
        orders = task.solve(flat)
    except InfeasibleError:
        return [After(math.inf)] * len(cases), 0.0
    except SolverError as failure:
        return [After(math.nan, str(failure))] * len(cases), 0.0
    found = []
    for case in cases:
        tell(task.progress, "solve", f"{case.member.name}: after the orders of the mean")
        began = time.perf_counter()
        # Cost of the expected-value solution in this future.
        one = fixed_first_stage.after(
            case.flat, flat, orders.x, stage, task.how, watcher(task.progress), task.after_orders
        )
        found.append(replace(one, seconds=time.perf_counter() - began))
    return found, orders.seconds
