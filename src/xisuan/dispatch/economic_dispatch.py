"""Economic dispatch: operate a plan's fixed capacity at least cost, period by period, on any hours."""

from __future__ import annotations

import gc
import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gnomon import (
    LARGE_NONZEROS,
    LONG_GAP,
    Array,
    Clock,
    Confirm,
    Expectation,
    LinearProgram,
    Options,
    Progress,
    Rolling,
    Solution,
    SolveRequest,
    Watch,
    available_memory,
    flatten,
    highs_solvers,
    is_tiny,
    least_highs_memory_mb,
    model_size,
    predict_parallel,
    predict_solve,
    require_highs_memory,
    roll_horizon,
    solve_direct,
)
from xisuan.dispatch import dual_proof, period_scenarios
from xisuan.dispatch.structured_dispatch import structured
from xisuan.equations import plan_tables
from xisuan.equations.build_model import CAPACITIES, assemble
from xisuan.equations.model_builder import Assembly, aligned, found
from xisuan.equations.result_tables import shortfall_tables
from xisuan.errors import ScenarioError, SolverError, StoreError, UnreadableError, refusing_options
from xisuan.parallel.thread_map import side_by_side
from xisuan.progress import Report, peak_mb, tell, watcher
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Certificate, Effort, Plan
from xisuan.results.schedule import Foresight, Schedule
from xisuan.results.summaries.schedule_concatenation import at_hand, joined
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours, require_unknown_hours
from xisuan.text.translation import message as _

SAMPLE = 48
"""Hours of the sample from which the size of a longer model is extrapolated."""

SETTLED = ("hold", "stock_release", "stock_flow", "stock_absorb", "stock_unserved", "stock_load")
"""Variables of a period that are decided before its hours: where stock is held."""
OWED = ("backlog",)
"""States of which a window leaves no more than the schedule that knows all hours: work that waits."""
Check = Callable[[Schedule], Certificate]
"""Function that certifies the operation of one period from its costs and shortfall tables."""


@refusing_options()
def operate(
    scenario: Scenario,
    plan: Plan,
    options: Options | None = None,
    *,
    check: Check | None = None,
    progress: Report | None = None,
    rolling: Rolling | None = None,
) -> Schedule:
    """Operate the capacity of `plan` on the hours of `scenario`, at least cost.

    Unserved work is shortfall at its price, and yearly rules may be exceeded at a price, so a solution always exists.
    Periods are independent and solved separately; a period stands for the same years as in the plan, even if `scenario`
    has only some of its periods. The plan's own operation is taken if it is proven optimal and no solver is named;
    unless a gap is given, the proof may be as loose as the plan's own (`dual_proof.left_open`). Long periods are solved
    one after the other on all cores, since two in parallel would take twice the memory. The gap is the scenario's
    unless given, wider for long periods (`asked`). `check`: callback that certifies a solution of the structured method
    before it stops; its certificate is stored in the schedule. `rolling`: decide
    window by window instead, beside this schedule (`Schedule.foresight`).

    Raises StoreError where the plan has other periods or lacks capacities of this scenario. Raises SolverError where
    nothing is proven within the time or memory available. Raises ScenarioError where a rolling horizon would know all hours.
    """
    check_periods(scenario, plan)
    if rolling is not None:
        check_horizon(scenario, rolling)
    periods = scenario.settings.periods
    left = dual_proof.left_open(scenario, plan) if options is None or options.gap is None else 0.0
    whole, options = period_scenarios.whole(scenario, plan.scenario), asked(scenario, options or Options())
    long = scenario.timeline.long
    task = _Task(scenario, whole, plan, options if long else replace(options, threads=1), left, check, rolling)
    if not long:
        return at_hand(joined(scenario, _in_threads(periods, task.operate, progress)))
    return at_hand(joined(scenario, [task.operate(year, watcher(progress, str(year))) for year in periods]))


def check_periods(scenario: Scenario, plan: Plan) -> None:
    """Raise StoreError where the plan has other periods."""
    periods, planned = scenario.settings.periods, plan.scenario.settings.periods
    if not set(periods) <= set(planned):
        raise StoreError(f"the plan is for {_list(planned)}, not for {_list(periods)}: choose among its periods")


def check_horizon(scenario: Scenario, rolling: Rolling) -> None:
    """Raise ScenarioError where a rolling horizon would know all hours of every block."""
    try:
        require_unknown_hours(rolling.horizon, max(block.hours for block in scenario.timeline.blocks))
    except UnreadableError as refused:
        windows = f"{rolling.horizon}/{rolling.step}"
        raise ScenarioError([refused.problem.at(table="rolling", value=windows)]) from None


def asked(scenario: Scenario, options: Options) -> Options:
    """Return `options` for an operation: the scenario's gap, at least LONG_GAP for long periods, unless one is given."""
    options = replace(options, purpose="operation")
    if options.gap is not None:
        return options
    stated = scenario.settings.plan.gap
    return replace(options, gap=max(LONG_GAP, stated or 0.0) if scenario.timeline.long else stated)


class StoppedError(Exception):
    """Error that stops a period after another one failed; it is no SolverError, so no other solver is tried."""


def _in_threads(
    periods: Sequence[int], work: Callable[[int, Watch], Schedule], progress: Report | None
) -> list[Schedule]:
    """Run `work` on the periods in parallel; an error or Ctrl-C stops those in work."""
    stop = threading.Event()

    def watch(_: Progress) -> None:
        if stop.is_set():
            raise StoppedError

    def finished(period: int, share: float) -> None:
        tell(progress, "operate", _("{tasks} operated", tasks=period), share)

    return side_by_side(lambda period: work(period, watch), periods, finished=finished, interrupt=stop.set)


def _list(periods: Sequence[int]) -> str:
    return ", ".join(str(period) for period in periods)


@dataclass(frozen=True)
class _Task:
    """Data of an operation. whole: scenario with all periods of the plan; left: gap that may stay open, million CNY."""

    scenario: Scenario
    whole: Scenario
    plan: Plan
    options: Options
    left: float
    check: Check | None
    rolling: Rolling | None = None

    def operate(self, period: int, watch: Watch) -> Schedule:
        """Operate one period, with as many threads as `options` says."""
        one, check = _Period.of(self, period), self.check
        confirm = None if check is None else Confirm(one.untold, check, self.options.gap_or_default())
        solution = _solved(one.flat, one.assembly, self.plan, replace(self.options, confirm=confirm), self.left, watch)
        schedule = one.made(solution)
        if self.rolling is not None:
            schedule = self._rolled(one, solution, schedule, self.rolling, watch)
            return replace(schedule, certificate=check and check(schedule))
        said = confirm.finding_for(solution) if confirm else None
        return replace(schedule, certificate=said or (check and check(schedule)))

    def _rolled(self, one: _Period, known: Solution, perfect: Schedule, rolling: Rolling, watch: Watch) -> Schedule:
        """Return the schedule of a rolling horizon; known, perfect: solution and schedule that know all hours."""

        def told(done: float) -> None:
            if watch is not None:
                watch(Progress("rolling horizon", 0.0, fraction=done))

        options = Options(threads=self.options.threads)
        found = roll_horizon(one.flat, known, rolling, SETTLED, OWED, options, told)
        costs = (perfect.cost_mcny, perfect.penalty_mcny)
        return replace(
            one.made(found),
            foresight=Foresight(rolling.horizon, rolling.step, rolling.error, rolling.seed, *costs),
        )


@dataclass(frozen=True)
class _Period:
    """Model of one period. scenario: of this period alone; planned: its capacities; built: seconds to build."""

    scenario: Scenario
    planned: Mapping[str, Found]
    assembly: Assembly
    flat: LinearProgram
    built: float

    @classmethod
    def of(cls, task: _Task, period: int) -> _Period:
        """Build the model of a period."""
        began = time.perf_counter()
        planned = _capacities(task.plan, period)
        assembly = assemble(task.whole, (period,), _usable(planned))
        flat = flatten(assembly.model)
        flat = flat.without_matrix() if SolveRequest.of(flat, task.options).is_structured_first else flat
        return cls(
            period_scenarios.of_period(task.scenario, period), planned, assembly, flat, time.perf_counter() - began
        )

    def made(self, solution: Solution) -> Schedule:
        """Return the schedule of a solution."""
        flat, values = self.flat, self._values(solution)
        duals = flat.split_rows(solution.row_dual)
        reduced = flat.split_columns(flat.cost - flat.rows.pull(solution.row_dual))
        return self._with(solution, values, plan_tables.operation_tables(self.assembly, values, duals, reduced))

    def untold(self, solution: Solution) -> Schedule:
        """Return the schedule with only the tables of costs, shortfall and excess."""
        values = self._values(solution)
        return self._with(solution, values, {"costs": plan_tables.costs(self.assembly, values)})

    def _values(self, solution: Solution) -> dict[str, Array]:
        values, columns = self.flat.split_columns(solution.x), self.assembly.model.columns
        return values | {name: aligned(of, columns[name].labels) for name, of in self.planned.items() if name in values}

    def _residues_mcny(self, solution: Solution, values: Mapping[str, Array]) -> float:
        """Return the upkeep of the plan's rounding residues, which the model has as 0 and the schedule as planned."""
        cost, x = (self.flat.split_columns(of) for of in (self.flat.cost, solution.x))
        return float(sum((cost[name] * (values[name] - x[name])).sum() for name in self.planned if name in values))

    def _with(self, solution: Solution, values: Mapping[str, Array], made: Mapping[str, pd.DataFrame]) -> Schedule:
        assembly, (rows, columns) = self.assembly, self.flat.shape
        lost = shortfall_tables.shortfall(assembly, values)
        effort = Effort(
            method="structured" if solution.solver == "structured" else "direct",
            solver=solution.solver,
            rows=rows,
            columns=columns,
            nonzeros=self.flat.nonzeros,
            integers=0,
            build_seconds=self.built,
            seconds=solution.seconds,
            # of the process, so unknown for a period solved in parallel
            peak_mb=peak_mb() if self.scenario.timeline.long else math.nan,
            iterations=solution.iterations,
        )
        left_out = self._residues_mcny(solution, values)
        return Schedule(
            scenario=self.scenario,
            status="short" if shortfall_tables.falls_short(assembly, lost) else "optimal",
            cost_mcny=solution.objective + left_out,
            penalty_mcny=dual_proof.penalty(assembly, values),
            lower_bound=solution.bound + min(left_out, 0.0),
            effort=effort,
            variables=found(assembly.model.columns, values),
            duals=found(assembly.model.rows, self.flat.split_rows(solution.row_dual)),
            tables={**made, "shortfall": lost, "excess": shortfall_tables.excess(assembly, values)},
        )


def _solved(
    flat: LinearProgram, assembly: Assembly, plan: Plan, options: Options, left: float, watch: Watch
) -> Solution:
    """Return the least-cost operation of one period.

    In turn: the plan's own operation if proven, the structured method where it is worthwhile, HiGHS.
    """
    clock = Clock(options)
    if options.solver == "auto":
        (period,) = assembly.given.periods
        known = dual_proof.known(flat, plan, _number(plan, period))
        found = known and dual_proof.proven(flat, known, options.gap_or_default(), left)
        if found and _sharp(found, flat, assembly, options, left):
            return found
        proven = None
        if SolveRequest.of(flat, options).is_structured_first:
            proven = structured(flat, assembly, options, watch, known)
        gc.collect()  # exceptions hold frames with the method's arrays
        sharp = proven and not proven.doubt and _sharp(proven, flat, assembly, options)
        if proven and (sharp or _is_final(proven, flat, assembly, clock, options)):
            return proven
        try:
            return _otherwise(flat, assembly, clock, options, watch)
        except SolverError:
            if proven is None:
                raise
            return proven
    return solve_direct(flat, clock.limit(options), watch)


def _otherwise(flat: LinearProgram, assembly: Assembly, clock: Clock, options: Options, watch: Watch) -> Solution:
    """Solve with HiGHS; a large period first without penalty columns."""
    if flat.nonzeros >= LARGE_NONZEROS:
        if not clock.is_over:
            require_highs_memory(flat.nonzeros, options, "no operation is proven")
        solver = highs_solvers(flat.nonzeros, options)[0]
        found = dual_proof.complete(flat, assembly, replace(clock.limit(options), solver=solver), watch)
        if found:
            return found
    return solve_direct(flat, clock.limit(options), watch)


def expected(scenario: Scenario, plan: Plan, options: Options) -> Expectation:
    """Predict time and memory of a period before it is assembled, for the method that `auto` takes.

    With few hours the memory is that of all periods solved in parallel.
    """
    options, periods = asked(scenario, options), len(scenario.settings.periods)
    found = predict_solve(SolveRequest(*period_size(scenario, plan), options=options))
    if not scenario.timeline.long:
        found = predict_parallel(found, min(periods, os.cpu_count() or 1))
    each = " a period" if periods > 1 else ""
    return replace(found, text=f"{found.text}{each}, to a gap of {options.gap_or_default():.0e}")


def _is_final(proven: Solution, flat: LinearProgram, assembly: Assembly, clock: Clock, options: Options) -> bool:
    """Return True if an uncertified result of the structured method, or one whose gap penalties hide, is final.

    This holds when the time is over, HiGHS lacks memory, or the period is so large that no other solver can tighten the
    gap.
    """
    if clock.is_over or (not proven.doubt and assembly.given.timeline.long and flat.nonzeros >= LARGE_NONZEROS):
        return True
    return least_highs_memory_mb(flat.nonzeros, options) > available_memory() / 1e6


def _sharp(found: Solution, flat: LinearProgram, assembly: Assembly, options: Options, left: float = 0.0) -> bool:
    """Return True if penalties do not hide the gap of the solution."""
    return dual_proof.sharp(found, dual_proof.penalty(assembly, flat.split_columns(found.x)), options, left)


def _number(plan: Plan, period: int) -> int:
    """Return the number of a period in the plan."""
    return plan.scenario.settings.periods.index(period)


def capacities(plan: Plan) -> dict[str, Found]:
    """Return the plan's capacities in use, by variable."""
    return {name: plan.variables[name] for name in CAPACITIES if name in plan.variables}


def _capacities(plan: Plan, period: int) -> dict[str, Found]:
    """Return the plan's capacities in one period."""
    at, found = _number(plan, period), capacities(plan)
    return {name: replace(of, values=of.values[[at]]) for name, of in found.items()}


def _usable(found: Mapping[str, Found]) -> dict[str, Found]:
    """Return the capacities with rounding residues set to 0: work on them could not be computed to any digit."""
    return {name: replace(of, values=np.where(is_tiny(of.values), 0.0, of.values)) for name, of in found.items()}


def period_size(scenario: Scenario, plan: Plan) -> tuple[int, int, int]:
    """Return rows, columns and non-zeros of a period, extrapolated from at most `SAMPLE` hours.

    Items without hours are counted once; non-zeros are scaled by the number of hours.
    """
    check_periods(scenario, plan)
    period, hours = scenario.settings.periods[-1], scenario.timeline.n_hours
    day = scenario.with_settings(hours=Hours("hours", min(SAMPLE, hours)))
    day = replace(day, tables={**day.tables, "blocks": day["blocks"].iloc[:0]})
    model = assemble(period_scenarios.whole(day, plan.scenario), (period,), _capacities(plan, period)).model
    times = hours / model.hours
    families = (model.rows, model.columns)
    rows, columns = (model.items(False, family) + hours * model.items(True, family) for family in families)
    return rows, columns, round(times * model_size(model)[2])
