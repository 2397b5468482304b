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

import numpy as np

from gnomon import (
    Array,
    Confirm,
    Expectation,
    Futures,
    LinearProgram,
    Options,
    Risk,
    Solution,
    SolveRequest,
    check_method,
    flatten,
    predict_futures,
    predict_solve,
    solve_flat,
    solve_futures,
    strategies_for,
)
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
from xisuan.planning.fixed_first_stage import FixedStageCost
from xisuan.planning.infeasibility import explanation
from xisuan.progress import Report, tell, watcher
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Certificate, Plan
from xisuan.results.summaries.risk_measure import RISK, member_weights, risk_adjusted
from xisuan.results.two_stage import Future, TwoStage
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants import members
from xisuan.scenario.variants.members import Member
from xisuan.text.translation import message as _

SOLVES = "solves"
"""Folder of checkpoints with those of all solves of a two-stage plan."""
Check = Callable[[TwoStage], Certificate]
"""Function that certifies a two-stage plan, which still lacks tables and costs with the mean's orders."""


@refusing_options()
def two_stage(
    scenario: Scenario,
    options: Options | None = None,
    *,
    method: str = "auto",
    check: Check | None = None,
    progress: Report | None = None,
) -> TwoStage:
    """Return the plan of least expected discounted cost over the scenario members of `scenario`.

    First-stage decisions are the orders and early retirements up to the first period that is not past at `as_of`; all
    futures share them. Later orders and operation depend on the future. `options`, `method` and `check` as in `plan`.

    Raises ScenarioError without scenario members or for an invalid one. Raises InfeasibleError where a future has no
    plan or no first-stage decisions suit all futures. Raises SolverError where the solver ends without an answer.
    """
    if not scenario.has("members"):
        raise ScenarioError([Problem("no-members", table="members.csv")])
    check_method(method)
    task = _Task(_keeping_checkpoints(expansion.with_scenario_gap(scenario, options or Options())), method, progress)
    given = members.members(scenario)
    middle = members.mean(scenario, given)
    all_futures = (*(one.scenario for one in given), middle)
    drafts = [_Draft.of(one, all_futures, task) for one in given]
    began = time.perf_counter()
    stage = sum(scenario.fixed(period) for period in scenario.settings.periods) + 1
    # Extensive form: minimise Σ probability · cost of future, first-stage columns shared; with risk its CVaR, too.
    weights = tuple(draft.member.probability for draft in drafts)
    chosen = scenario.settings.risk
    risk = Risk(chosen.level, chosen.weight) if chosen.weight else None
    futures = Futures(tuple(draft.assembly.model for draft in drafts), weights, frozenset(EARLY), stage, risk)
    tell(progress, "build", _("assembling the model of all members"))
    whole = flatten(futures.extensive_form())
    strategies_for(method, whole, task.options)  # refuses options before the first solve
    built = time.perf_counter() - began
    at_once = task.estimate(whole)
    expected = _predict_all(drafts, whole, at_once, task)
    tell(progress, "solve", expected.text)
    # Wait-and-see solutions: each future planned with perfect information.
    cases = [draft.solve(task) for draft in drafts]
    tell(progress, "solve", _("all members: {text}", text=at_once.text))
    joint = _Joint(scenario, futures, whole, cases, stage, built, task.options)
    confirm = joint.confirm(check, task) if check and not whole.integer.any() else None
    answer = joint.solve(confirm, task)
    tell(progress, "tables", _("reading the solution"))
    mean, planned = _after_mean(middle, cases, task, stage)
    task.forget()
    solves = [answer.seconds, planned, *(case.alone.seconds for case in cases), *(one.seconds for one in mean)]
    effort = replace(
        expansion.effort(whole, answer, built + sum(draft.built for draft in drafts)),
        seconds=sum(solves),
        # branch and bound has no predictable time
        expected_seconds=expected.seconds[1] if math.isfinite(expected.seconds[2]) else math.nan,
        expected_mb=expected.memory_mb[1],
        asked_gap=expansion.asked_gap(whole, task.options, answer),
    )
    made = joint.make_plan(answer, mean)
    return replace(made, effort=effort, certificate=confirm.finding_for(answer) if confirm else None)


def _keeping_checkpoints(options: Options) -> Options:
    """Return `options` with checkpoints of finished solves kept until all are finished, so that a run can resume."""
    return options if options.kept is None else replace(options, kept=options.kept / SOLVES, lasting=True)


@dataclass(frozen=True)
class _Task:
    """Options shared by all solves of a two-stage plan."""

    options: Options
    method: str
    progress: Report | None

    def solve(self, flat: LinearProgram) -> Solution:
        """Return the optimum of the model of one future."""
        return solve_flat(flat, self.options, watcher(self.progress), method=self.method)

    def forget(self) -> None:
        """Remove all checkpoints."""
        if self.options.kept is not None:
            shutil.rmtree(self.options.kept, ignore_errors=True)

    @property
    def method_after_orders(self) -> str:
        """Return the method for a model with fixed first-stage decisions, whose optimum is only compared."""
        return "direct" if self.method == "direct" else "auto"

    def estimate(self, flat: LinearProgram) -> Expectation:
        """Predict time and memory of a solve."""
        return predict_solve(SolveRequest.of(flat, self.options, self.method))

    def estimate_after_orders(self, flat: LinearProgram) -> Expectation:
        """Predict time and memory of a solve with fixed first-stage decisions."""
        options = replace(self.options, purpose="fixed orders")
        return predict_solve(SolveRequest.of(flat, options, self.method_after_orders))


def _predict_all(drafts: Sequence[_Draft], whole: LinearProgram, at_once: Expectation, task: _Task) -> Expectation:
    """Predict time and memory of all solves; futures are of similar size, so the first stands for each and the mean."""
    one = drafts[0].flat
    return predict_futures(task.estimate(one), at_once, task.estimate_after_orders(one), len(drafts), whole.nonzeros)


@dataclass(frozen=True)
class _Draft:
    """A scenario member and its model before any solve."""

    member: Member
    assembly: Assembly
    flat: LinearProgram
    built: float

    @classmethod
    def of(cls, member: Member, futures: Sequence[Scenario], task: _Task) -> _Draft:
        """Build the model of a scenario member, with the columns that any of `futures` may order."""
        tell(task.progress, "build", _("{name}: building the model", name=member.name))
        began = time.perf_counter()
        assembly = assemble(member.scenario, beside=futures)
        flat = flatten(assembly.model)
        return cls(member, assembly, flat, time.perf_counter() - began)

    def solve(self, task: _Task) -> _Case:
        """Plan the future alone. Raises InfeasibleError, naming the scenario member, where no plan exists."""
        member = self.member
        tell(task.progress, "solve", _("planning {name}", name=member.name))
        try:
            alone = task.solve(self.flat)
        except InfeasibleError as none:
            task.forget()
            why = explanation.explain(self.assembly, none)
            said = _("Member {name}: {detail}", name=member.name, detail=without_headline(why))
            raise InfeasibleError(no_plan(said), why.conflict, why.reliefs) from None
        known = expansion.make_plan(member.scenario, self.assembly, self.flat, alone, alone, self.built)
        asked = expansion.asked_gap(self.flat, task.options, alone)
        known = replace(known, effort=replace(known.effort, asked_gap=asked))
        return _Case(member, self.assembly, self.flat, alone, known)


@dataclass(frozen=True)
class _Case:
    """A scenario member, its model and its optimum under perfect information."""

    member: Member
    assembly: Assembly
    flat: LinearProgram
    alone: Solution
    known: Plan


@dataclass(frozen=True)
class _Joint:
    """Extensive form of all futures, and the single solves.

    `stage`: periods of the first stage; `built`: seconds to build; `options`: of the solves.
    """

    scenario: Scenario
    futures: Futures
    flat: LinearProgram
    cases: Sequence[_Case]
    stage: int
    built: float
    options: Options

    def confirm(self, check: Check, task: _Task) -> Confirm[TwoStage, Certificate]:
        """Return the callback that certifies a solution before the solver stops."""

        def make(found: Solution) -> TwoStage:
            tell(task.progress, "solve", _("checking what was proven against the scenario, member by member"))
            return self.make_plan(found, [FixedStageCost(math.nan)] * len(self.cases), tables=False)

        return Confirm(make, check, task.options.gap_or_default())

    def solve(self, confirm: Confirm[TwoStage, Certificate] | None, task: _Task) -> Solution:
        """Return the optimum of the extensive form. Raises InfeasibleError where no common orders suit all futures."""
        try:
            options = replace(task.options, confirm=confirm)
            return solve_futures(self.futures, self.flat, options, watcher(task.progress), task.method)
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

    def make_plan(self, answer: Solution, mean: Sequence[FixedStageCost], *, tables: bool = True) -> TwoStage:
        """Return the two-stage plan of a solution; tables: True to make those of each future."""
        periods = self.scenario.settings.periods
        reduced = expansion.reduced_costs(self.flat, answer) if tables else None
        risk, chances = self.scenario.settings.risk, self.futures.weights
        shares = self._shares(answer.row_dual)
        weights = member_weights(shares, chances, risk)
        members = tuple(self._future(at, answer, float(weights[at]), one, reduced) for at, one in enumerate(mean))
        if risk.weight:
            bounding = self._shares(answer.relaxation_row_dual) if answer.relaxation_row_dual is not None else []
            members = tuple(
                _with_risk(one, share, bounding[at] if bounding else None)
                for at, (one, share) in enumerate(zip(members, shares, strict=True))
            )
            objective = risk_adjusted([one.plan.objective for one in members], chances, risk)
        else:
            objective = float(self.flat.cost @ answer.x) + self.flat.constant
        return TwoStage(
            scenario=self.scenario,
            status="feasible" if answer.short else "optimal",
            objective=objective,
            lower_bound=answer.bound,
            first=periods[min(self.stage, len(periods)) - 1],
            effort=expansion.effort(self.flat, answer, self.built),
            members=members,
        )

    def _shares(self, row_dual: Array) -> list[float]:
        """Return the weight of each future in CVaR by the duals of the extensive form; zeros without risk."""
        risk = self.futures.risk
        if risk is None:
            return [0.0] * len(self.cases)
        return [-float(dual) / risk.weight for dual in self.futures.tail_duals(self.flat, row_dual)]

    def _future(self, at: int, answer: Solution, weight: float, mean: FixedStageCost, reduced: Array | None) -> Future:
        """Return the plan in one future; duals of its tables are those of the extensive form divided by its `weight`
        in the objective. reduced: reduced costs of the extensive form; None: without tables."""
        case = self.cases[at]

        def part(of: Array, *, rows: bool = False) -> Array:
            return self.futures.part_of(self.flat, case.flat, at, of, rows=rows)

        x, dual, relaxed = part(answer.x), part(answer.row_dual, rows=True), answer.relaxation_row_dual
        here = replace(answer, x=x, row_dual=dual / weight, objective=float(case.flat.cost @ x))
        told = case.member.scenario, case.assembly, case.flat, here, case.alone, self.built
        made = (
            expansion.make_bare_plan(*told)
            if reduced is None
            else expansion.make_plan(*told, self._prices(case, weight, part(reduced)))
        )
        asked = expansion.asked_gap(case.flat, self.options, case.alone)
        effort = replace(expansion.effort(self.flat, answer, self.built), asked_gap=asked)
        return Future(
            name=case.member.name,
            probability=case.member.probability,
            plan=replace(made, status="optimal" if made.gap <= asked else "feasible", effort=effort),
            alone=case.known,
            mean_mcny=mean.mcny,
            mean_why=mean.why,
            duals=_labelled(case, dual),
            relaxation_duals=_labelled(case, part(relaxed, rows=True)) if relaxed is not None else {},
        )

    def _prices(self, case: _Case, weight: float, reduced: Array) -> Array:
        """Return the reduced costs of a future.

        Those of its own columns are divided by its weight. Those of the first stage are not, because a common decision
        changes the expected cost.
        """
        found = reduced / weight
        for name in EARLY:
            if (block := case.flat.model.columns.get(name)) is not None:
                case.flat.part(found, block)[: self.stage] = case.flat.part(reduced, block)[: self.stage]
        return found


def _with_risk(future: Future, share: float, bounding: float | None) -> Future:
    """Return a future with its weight in CVaR among its duals, and that of the relaxation, if any, among its duals."""
    periods = len(future.plan.scenario.settings.periods)

    def family(value: float) -> Found:
        return Found(RISK, (), ((),), False, np.array([[value]] + [[0.0]] * (periods - 1)))

    relaxed = future.relaxation_duals if bounding is None else {**future.relaxation_duals, RISK: family(bounding)}
    return replace(future, duals={**future.duals, RISK: family(share)}, relaxation_duals=relaxed)


def _labelled(case: _Case, dual: Array) -> Mapping[str, Found]:
    """Return row duals with their labels, by row family."""
    return found(case.assembly.model.rows, case.flat.split_rows(dual))


def _after_mean(
    middle: Scenario, cases: Sequence[_Case], task: _Task, stage: int
) -> tuple[list[FixedStageCost], float]:
    """Return each future's cost with the orders of the mean future `middle`, and the seconds to plan the mean.

    The basis of the value of the stochastic solution. Solver failures give NaN and do not affect the plan. The mean
    future is planned alone; if several plans cost the same, the one found counts.
    """
    tell(task.progress, "solve", _("planning the mean of the members"))
    # Expected-value problem: the plan for the mean future.
    flat = flatten(assemble(middle).model)
    try:
        orders = task.solve(flat)
    except InfeasibleError:
        return [FixedStageCost(math.inf)] * len(cases), 0.0
    except SolverError as failure:
        return [FixedStageCost(math.nan, str(failure))] * len(cases), 0.0
    found = []
    for case in cases:
        tell(task.progress, "solve", _("{name}: with the first-stage decisions of the mean", name=case.member.name))
        began = time.perf_counter()
        # Cost of the expected-value solution in this future.
        one = fixed_first_stage.fixed_stage_cost(
            case.flat, flat, orders.x, stage, task.options, watcher(task.progress), task.method_after_orders
        )
        found.append(replace(one, seconds=time.perf_counter() - began))
    return found, orders.seconds
