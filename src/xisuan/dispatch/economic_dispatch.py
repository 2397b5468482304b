"""Operate a plan: the same equations with capacity fixed, period by period, on any hours."""

from __future__ import annotations

import dataclasses
import gc
import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gnomon.arrays import Array
from gnomon.highs import highs_run, solver_sequence
from gnomon.highs.solver_sequence import How
from gnomon.methods import resource_estimates, time_memory_laws
from gnomon.model.csr_matrix import size
from gnomon.model.linear_program import Flat, flatten
from gnomon.options import Clock, Solver
from gnomon.proof.confirmation import Confirm
from gnomon.proof.primal_repair import tiny
from gnomon.runtime import memory
from gnomon.solution import Progress, Solution, Watch
from xisuan.dispatch import dual_proof, two_step_shortfall
from xisuan.equations import plan_tables
from xisuan.equations.build_model import CAPACITIES, assemble
from xisuan.equations.model_builder import Assembly, aligned, found
from xisuan.equations.result_tables import shortfall_tables
from xisuan.errors import SolverError, StoreError, refusing_options
from xisuan.progress import Report, peak_mb, tell, watcher
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Certificate, Effort, Plan
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.schedule_concatenation import at_hand, joined
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours

LINE: tuple[Solver, ...] = ("ipx", "simplex")
"""Solvers that `auto` tries in turn. With capacity fixed there is hardly an interior, and HiPO fails where IPX takes some
thirty iterations."""
SAMPLE = 48
"""Hours from which the size of many is told."""


Check = Callable[[Schedule], Certificate]
"""Tells what the operation of one period is worth. It needs no tables of it but those of costs and of what is not done."""


@refusing_options()
def operate(
    scenario: Scenario,
    plan: Plan,
    how: How | None = None,
    *,
    check: Check | None = None,
    progress: Report | None = None,
) -> Schedule:
    """Operate the capacity of `plan` on the hours of `scenario`, at least cost.

    What cannot be served is shortfall at the price of an option, and yearly rules may be exceeded at a price: an
    operated plan always has an answer. Nothing ties one period to another, so each is solved by itself; a period
    stands for the same years as in the plan, also where `scenario` has only some of its periods. Where the operation that
    the plan has is proven to be as good as any, and no solver is asked for by name, it is taken; unless a gap is asked for,
    also where that is proven as far as the plan is (`proof.left_open`). Long periods are solved one after the other, with
    all cores: two side by side would take twice the memory and no less time. The gap is the scenario's unless one is asked
    for, wider of long periods (`asked`). `check`: whom the structured method asks before it stops: it goes on until the gap
    is confirmed. What was said of each period is then the certificate; there is none otherwise.

    Raises StoreError where the plan is of other periods or has not the capacities of this scenario, SolverError where
    nothing is proven in the time, or in the memory, that there is.
    """
    check_periods(scenario, plan)
    periods = scenario.settings.periods
    left = dual_proof.left_open(scenario, plan) if how is None or how.gap is None else 0.0
    whole, how = _whole(scenario, plan.scenario), asked(scenario, how or How())
    long = scenario.timeline.long
    task = _Task(scenario, whole, plan, how if long else replace(how, threads=1), left, check)
    if not long:
        return at_hand(joined(scenario, _side_by_side(periods, task.operate, progress)))
    return at_hand(joined(scenario, [task.operate(year, watcher(progress, str(year))) for year in periods]))


def check_periods(scenario: Scenario, plan: Plan) -> None:
    """Raise StoreError where the plan is of other periods."""
    periods, planned = scenario.settings.periods, plan.scenario.settings.periods
    if not set(periods) <= set(planned):
        raise StoreError(f"the plan is for {_list(planned)}, not for {_list(periods)}: choose among its periods")


def asked(scenario: Scenario, how: How) -> How:
    """`how`, with the gap that the scenario states, and of long periods no less than theirs, unless one is given."""
    if how.gap is not None:
        return how
    stated = scenario.settings.plan.gap
    return replace(how, gap=max(highs_run.LONG_GAP, stated or 0.0) if scenario.timeline.long else stated)


class StoppedError(Exception):
    """Raised inside a period that need not go on. No SolverError, after which the next solver would be tried."""


def _side_by_side(
    periods: Sequence[int], work: Callable[[int, Watch], Schedule], progress: Report | None
) -> list[Schedule]:
    """`work` on each period, as many at a time as there are cores: HiGHS holds no lock of Python's.

    An error or Ctrl-C stops the periods under way.
    """
    stop = threading.Event()

    def watch(_: Progress) -> None:
        if stop.is_set():
            raise StoppedError

    with ThreadPoolExecutor(min(len(periods), os.cpu_count() or 1)) as pool:
        tasks = {pool.submit(work, period, watch): period for period in periods}
        try:
            for done, task in enumerate(as_completed(tasks)):
                task.result()
                tell(progress, "operate", f"{tasks[task]} operated", (done + 1) / len(periods))
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [task.result() for task in tasks]


def _list(periods: Sequence[int]) -> str:
    return ", ".join(str(period) for period in periods)


def _whole(scenario: Scenario, planned: Scenario) -> Scenario:
    """`scenario`, on its own hours, with all periods of the plan: what could stand depends on them."""
    horizon = planned.settings
    if scenario.settings.periods == horizon.periods:
        return scenario
    whole = scenario.with_settings(periods=horizon.periods, last_period_years=horizon.last_period_years)
    return _on_its_hours(whole, scenario)


def of_period(scenario: Scenario, period: int) -> Scenario:
    """`scenario`, on its own hours, with one of its periods."""
    if scenario.settings.periods == (period,):
        return scenario
    return _on_its_hours(scenario.with_settings(periods=(period,)), scenario)


def _on_its_hours(other: Scenario, scenario: Scenario) -> Scenario:
    """`other` on the hours of `scenario`: days that stand for the year are chosen by the demand of all periods."""
    if scenario.timeline.mean:
        return other
    rows = [dataclasses.asdict(block) | {"block": block.name} for block in scenario.timeline.blocks]
    blocks = pd.DataFrame(rows).reindex(columns=scenario["blocks"].columns, fill_value="")
    read = blocks.astype(dict.fromkeys(("first_hour", "hours", "weight"), float))  # as a file of it would be read
    return replace(other, tables={**other.tables, "blocks": read})


@dataclass(frozen=True)
class _Task:
    """What is operated. whole: the scenario with all periods of the plan; left: money that may be left open, mCNY."""

    scenario: Scenario
    whole: Scenario
    plan: Plan
    how: How
    left: float
    check: Check | None

    def operate(self, period: int, watch: Watch) -> Schedule:
        """Operate one period, on as many cores as `how` says; the plan's own operation is taken if it leaves no more open
        than it may."""
        one, check = _Period.of(self, period), self.check
        confirm = None if check is None else Confirm(one.untold, check, self.how.gap or highs_run.LP_GAP)
        solution = _solved(one.flat, one.assembly, self.plan, replace(self.how, confirm=confirm), self.left, watch)
        schedule = one.made(solution)
        said = confirm.said(solution) if confirm else None
        return replace(schedule, certificate=said or (check and check(schedule)))


@dataclass(frozen=True)
class _Period:
    """A period that is operated, and its model, whose capacities are `planned`. scenario: of this period alone; built:
    seconds that making the model took."""

    scenario: Scenario
    planned: Mapping[str, Found]
    assembly: Assembly
    flat: Flat
    built: float

    @classmethod
    def of(cls, task: _Task, period: int) -> _Period:
        """The model of a period."""
        began = time.perf_counter()
        planned = _capacities(task.plan, period)
        assembly = assemble(task.whole, (period,), _usable(planned))
        flat = flatten(assembly.model)
        flat = flat.unmade() if worthwhile(flat, task.how) else flat
        return cls(of_period(task.scenario, period), planned, assembly, flat, time.perf_counter() - began)

    def made(self, solution: Solution) -> Schedule:
        """The schedule that a solution is."""
        flat, values = self.flat, self._values(solution)
        duals = flat.split_rows(solution.row_dual)
        reduced = flat.split_columns(flat.cost - flat.rows.pull(solution.row_dual))
        return self._with(solution, values, plan_tables.operation_tables(self.assembly, values, duals, reduced))

    def untold(self, solution: Solution) -> Schedule:
        """The same with no tables but those of costs and of what is not done."""
        values = self._values(solution)
        return self._with(solution, values, {"costs": plan_tables.costs(self.assembly, values)})

    def _values(self, solution: Solution) -> dict[str, Array]:
        values, columns = self.flat.split_columns(solution.x), self.assembly.model.columns
        return values | {name: aligned(of, columns[name].labels) for name, of in self.planned.items() if name in values}

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
            # that of the process, so of no period beside others
            peak_mb=peak_mb() if self.scenario.timeline.long else math.nan,
            iterations=solution.iterations,
        )
        return Schedule(
            scenario=self.scenario,
            status="short" if shortfall_tables.falls_short(assembly, lost) else "optimal",
            cost_mcny=solution.objective,
            penalty_mcny=dual_proof.penalty(assembly, values),
            lower_bound=solution.bound,
            effort=effort,
            variables=found(assembly.model.columns, values),
            duals=found(assembly.model.rows, self.flat.split_rows(solution.row_dual)),
            tables={**made, "shortfall": lost, "excess": shortfall_tables.excess(assembly, values)},
        )


def _solved(flat: Flat, assembly: Assembly, plan: Plan, how: How, left: float, watch: Watch) -> Solution:
    """The cheapest operation of one period: the plan's own, or one that leaves nothing undone, where that is proven."""
    clock, by_highs = Clock(how), replace(how, line=LINE)
    if how.solver == "auto":
        (period,) = assembly.given.periods
        known = dual_proof.known(flat, plan, _number(plan, period))
        found = known and dual_proof.proven(flat, known, how.gap or highs_run.LP_GAP, left)
        if found and _sharp(found, flat, assembly, how, left):
            return found
        proven = None
        if worthwhile(flat, how):
            proven = _by_the_structured_method(flat, assembly, plan, how, watch, known)
        gc.collect()  # what was raised held frames, and these what the method had made of the model
        sharp = proven and not proven.doubt and _sharp(proven, flat, assembly, how)
        if proven and (sharp or _done(proven, flat, assembly, clock, by_highs)):
            return proven
        try:
            return _otherwise(flat, assembly, clock, by_highs, watch)
        except SolverError:
            if proven is None:
                raise
            return proven
    return solver_sequence.solve(flat, replace(clock.within(how), line=LINE), watch)


def _otherwise(flat: Flat, assembly: Assembly, clock: Clock, how: How, watch: Watch) -> Solution:
    """The cheapest operation by HiGHS, of a large period without what may be left undone first."""
    if flat.nonzeros >= highs_run.LARGE:
        if not clock.over:
            time_memory_laws.afford(flat.nonzeros, how, memory.available(), "no operation is proven")
        found = dual_proof.complete(flat, assembly, replace(clock.within(how), solver=LINE[0]), watch)
        if found:
            return found
    return solver_sequence.solve(flat, clock.within(how), watch)


def worthwhile(flat: Flat, how: How) -> bool:
    """Whether the structured method comes first: nobody asks for another solver, and it is expected to be the better one."""
    return how.solver == "auto" and not flat.integer.any() and _better(*flat.shape, flat.nonzeros, how)


def _better(rows: int, columns: int, nonzeros: int, how: How) -> bool:
    ours = resource_estimates.operating(rows, columns, nonzeros)
    return resource_estimates.better(ours, _by_highs(rows, columns, nonzeros, how), memory.available() / 1e6)


def _by_highs(rows: int, columns: int, nonzeros: int, how: How) -> resource_estimates.Expectation:
    return resource_estimates.predict(rows, columns, nonzeros, how=replace(how, line=LINE))


def expected(scenario: Scenario, plan: Plan, how: How) -> resource_estimates.Expectation:
    """What a period is expected to take, before it is assembled, by the method that `auto` takes; of a few hours the memory
    is that of all periods that are solved side by side."""
    size, how, periods = period_size(scenario, plan), asked(scenario, how), len(scenario.settings.periods)
    ours = how.solver == "auto" and _better(*size, how)
    found = resource_estimates.operating(*size) if ours else _by_highs(*size, how)
    if not scenario.timeline.long:
        found = resource_estimates.side_by_side(found, min(periods, os.cpu_count() or 1))
    each = " a period" if periods > 1 else ""
    return replace(found, text=f"{found.text}{each}, to a gap of {how.gap or highs_run.LP_GAP:.0e}")


def _done(proven: Solution, flat: Flat, assembly: Assembly, clock: Clock, by_highs: How) -> bool:
    """Whether what the structured method has proven is taken though nobody confirms it, or penalties blur its gap: as the
    time is over, HiGHS has no memory, or because no other solver undoes the blur of so many hours (of a week of
    `guizhou-2023` that was short, IPX did not in 17 s)."""
    if clock.over or (not proven.doubt and assembly.given.timeline.long and flat.nonzeros >= highs_run.LARGE):
        return True
    return time_memory_laws.more_mb(flat.nonzeros, by_highs) > memory.available() / 1e6


def _by_the_structured_method(
    flat: Flat, assembly: Assembly, plan: Plan, how: How, watch: Watch, known: dual_proof.Known | None
) -> Solution | None:
    """What is proven from what the plan does in these hours, in two steps, or else in one; None where nothing is.

    Two steps go on to the gap that penalties do not blur, as far as they can; the others do not.
    """
    clock = Clock(how)
    near = replace(how, kept=None)  # an iterate that was kept is of the last search below
    begun = _structured(flat, near, watch, known) if known else None
    if begun and (clock.over or (not begun.doubt and _sharp(begun, flat, assembly, how))):
        return begun
    steps = None if clock.over else two_step_shortfall.in_two_steps(flat, assembly, plan, clock.within(how), watch)
    best = min((one for one in (begun, steps) if one), key=lambda one: (one.doubt != "", abs(one.gap)), default=None)
    return best or _structured(flat, clock.within(how), watch)


def _structured(flat: Flat, how: How, watch: Watch, known: dual_proof.Known | None = None) -> Solution | None:
    """The answer of the structured method, tentatively from what is known if anything is; None where it has no proof.

    Nobody looks for what contradicts: there always is an operation.
    """
    from gnomon.interior_point import solve as interior  # noqa: PLC0415 (compiled: half a second, needed by large models)

    try:
        return interior.solve(flat, how, watch, known, tentative=known is not None, refute=False)
    except interior.UnprovenError:
        return None


def _sharp(found: Solution, flat: Flat, assembly: Assembly, how: How, left: float = 0.0) -> bool:
    """Whether penalties do not blur the gap of what was found."""
    return dual_proof.sharp(found, dual_proof.penalty(assembly, flat.split_columns(found.x)), how, left)


def _number(plan: Plan, period: int) -> int:
    """Which of the plan's periods it is."""
    return plan.scenario.settings.periods.index(period)


def capacities(plan: Plan) -> dict[str, Found]:
    """What the plan has in use, by variable."""
    return {name: plan.variables[name] for name in CAPACITIES if name in plan.variables}


def _capacities(plan: Plan, period: int) -> dict[str, Found]:
    """Capacities of the plan in one period."""
    at, found = _number(plan, period), capacities(plan)
    return {name: replace(of, values=of.values[[at]]) for name, of in found.items()}


def _usable(found: Mapping[str, Found]) -> dict[str, Found]:
    """Capacities that work can use: crumbs are none, as what they do would be met to none of its own digits."""
    return {name: replace(of, values=np.where(tiny(of.values), 0.0, of.values)) for name, of in found.items()}


def period_size(scenario: Scenario, plan: Plan) -> tuple[int, int, int]:
    """Rows, columns and non-zeros of a period, from its model on a day, or all hours if they are fewer.

    What a period has once is counted once; non-zeros are those of the hours of the day, as many times.
    """
    check_periods(scenario, plan)
    period, hours = scenario.settings.periods[-1], scenario.timeline.n_hours
    day = scenario.with_settings(hours=Hours("hours", min(SAMPLE, hours)))
    day = replace(day, tables={**day.tables, "blocks": day["blocks"].iloc[:0]})
    model = assemble(_whole(day, plan.scenario), (period,), _capacities(plan, period)).model
    times = hours / model.hours
    families = (model.rows, model.columns)
    rows, columns = (model.items(False, family) + hours * model.items(True, family) for family in families)
    return rows, columns, round(times * size(model)[2])
