"""Operate a plan: the same equations with capacity fixed, period by period, on any hours."""

from __future__ import annotations

import dataclasses
import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from xisuan.dispatch import proof
from xisuan.equations import losses, tables
from xisuan.equations.assemble import CAPACITIES, assemble
from xisuan.equations.assembly import Assembly, found
from xisuan.errors import StoreError
from xisuan.interior import solve as interior
from xisuan.progress import Report, tell
from xisuan.results.found import Found
from xisuan.results.plan import Effort, Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario
from xisuan.solver import engine, highs
from xisuan.solver.flat import Flat, flatten
from xisuan.solver.highs import How
from xisuan.solver.model import Array
from xisuan.solver.solution import Progress, Solution, Solver, Watch

LINE: tuple[Solver, ...] = ("ipx", "simplex")
"""Solvers that `auto` tries in turn for a large period. With capacity fixed there is hardly an interior, and HiPO fails
where IPX takes some thirty iterations."""
WIDE = 1e-5
"""Gap from which `auto` asks the structured method first: half of IPX's time to here, but the next digit may not come."""


def operate(
    scenario: Scenario,
    plan: Plan,
    how: How | None = None,
    *,
    progress: Report | None = None,
) -> Schedule:
    """Operate the capacity of `plan` on the hours of `scenario`, at least cost.

    What cannot be served is shortfall at the price of an option, and yearly rules may be exceeded at a price: an
    operated plan always has an answer. Nothing ties one period to another, so each is solved by itself; a period
    stands for the same years as in the plan, also where `scenario` has only some of its periods. Where the operation that
    the plan has is proven to be as good as any, and no solver is asked for by name, it is taken.

    Raises StoreError where the plan is of other periods or has not the capacities of this scenario.
    """
    asked, planned = scenario.settings.periods, plan.scenario.settings.periods
    if not set(asked) <= set(planned):
        raise StoreError(f"the plan is for {_list(planned)}, not for {_list(asked)}: choose among its periods")
    whole = _whole(scenario, plan.scenario)
    return _joined(scenario, _side_by_side(asked, partial(_operate, whole, plan, how or How()), progress))


class StoppedError(Exception):
    """Raised inside a period that need not go on. No SolverError, after which the next solver would be tried."""


def _side_by_side(periods: Sequence[int], work: Callable[[int, Watch], _Part], progress: Report | None) -> list[_Part]:
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
    if scenario.timeline.mean:
        return whole
    rows = [dataclasses.asdict(block) | {"block": block.name} for block in scenario.timeline.blocks]
    blocks = pd.DataFrame(rows).reindex(columns=scenario["blocks"].columns, fill_value="")
    return replace(whole, tables={**whole.tables, "blocks": blocks})


@dataclass(frozen=True)
class _Part:
    """One operated period. `cost` and `penalty` are discounted mCNY; the penalty is part of the cost.

    `short`: something that must be served is not.
    """

    short: bool
    cost: float
    penalty: float
    effort: Effort
    variables: Mapping[str, Found]
    duals: Mapping[str, Found]
    tables: Mapping[str, pd.DataFrame]


def _operate(scenario: Scenario, plan: Plan, how: How, period: int, watch: Watch) -> _Part:
    """Operate one period, on one core."""
    began = time.perf_counter()
    assembly = assemble(scenario, (period,), _capacities(plan, period))
    flat = flatten(assembly.model)
    built = time.perf_counter() - began
    solution = _solved(flat, assembly, plan, how, watch)
    values = flat.split_columns(solution.x)
    duals = flat.split_rows(solution.row_dual)
    reduced = flat.split_columns(flat.cost - flat.matrix.T @ solution.row_dual)
    made = tables.operation_tables(assembly, values, duals, reduced)
    lost = losses.shortfall(assembly, values)
    made |= {"shortfall": lost, "excess": losses.excess(assembly, values)}
    rows, columns = flat.shape
    effort = Effort(
        method="structured" if solution.solver == "structured" else "direct",
        solver=solution.solver,
        rows=rows,
        columns=columns,
        nonzeros=flat.nonzeros,
        integers=0,
        build_seconds=built,
        seconds=solution.seconds,
        peak_mb=math.nan,  # that of the process, so of no single period
        iterations=solution.iterations,
    )
    return _Part(
        short=losses.falls_short(assembly, lost),
        cost=solution.objective,
        penalty=_penalty(assembly, values),
        effort=effort,
        variables=found(assembly.model.columns, values),
        duals=found(assembly.model.rows, duals),
        tables=made,
    )


def _solved(flat: Flat, assembly: Assembly, plan: Plan, how: How, watch: Watch) -> Solution:
    """The cheapest operation of one period: the plan's own, or one that leaves nothing undone, where that is proven."""
    found = None
    if how.solver == "auto":
        (period,) = assembly.given.periods
        found = proof.proven(flat, plan, _number(plan, period), how.gap or engine.LP_GAP)
        if found is not None and not proof.sharp(found, _penalty(assembly, flat.split_columns(found.x)), how):
            found = None
        if found is None and flat.matrix.nnz >= engine.LARGE:
            found = _wide(flat, assembly, how, watch) or proof.complete(
                flat, assembly, replace(how, solver=LINE[0], threads=1), watch
            )
    return found or highs.solve(flat, replace(how, line=LINE, threads=1), watch)


def _wide(flat: Flat, assembly: Assembly, how: How, watch: Watch) -> Solution | None:
    """The answer of the structured method where the gap asked is wide, or None."""
    if (how.gap or engine.LP_GAP) < WIDE or flat.integer.any():
        return None
    try:
        found = interior.solve(flat, replace(how, threads=1), watch)
    except interior.UnprovenError:
        return None
    return found if proof.sharp(found, _penalty(assembly, flat.split_columns(found.x)), how) else None


def _number(plan: Plan, period: int) -> int:
    """Which of the plan's periods it is."""
    return plan.scenario.settings.periods.index(period)


def _capacities(plan: Plan, period: int) -> dict[str, Found]:
    """Capacities of the plan in one period."""
    at = _number(plan, period)
    held = {name: plan.variables[name] for name in CAPACITIES if name in plan.variables}
    return {name: replace(capacity, values=capacity.values[[at]]) for name, capacity in held.items()}


def _penalty(assembly: Assembly, values: Mapping[str, Array]) -> float:
    """Discounted cost of what is not served and of rules exceeded, mCNY."""
    priced = {name: terms[proof.PENALTY] for name, terms in assembly.terms.items() if proof.PENALTY in terms}
    return float(sum((cost * values[name]).sum() for name, cost in priced.items() if name in values))


def _joined(scenario: Scenario, parts: Sequence[_Part]) -> Schedule:
    made = {name: pd.concat([part.tables[name] for part in parts], ignore_index=True) for name in parts[0].tables}
    return Schedule(
        scenario=scenario,
        status="short" if any(part.short for part in parts) else "optimal",
        cost_mcny=sum(part.cost for part in parts),
        penalty_mcny=sum(part.penalty for part in parts),
        effort=_effort([part.effort for part in parts]),
        variables=_stacked([part.variables for part in parts]),
        duals=_stacked([part.duals for part in parts]),
        tables=made,
    )


def _stacked(parts: Sequence[Mapping[str, Found]]) -> dict[str, Found]:
    """Families of all periods; every period has the same ones, because the template is one."""
    return {
        name: replace(first, values=np.concatenate([part[name].values for part in parts]))
        for name, first in parts[0].items()
    }


def _effort(parts: Sequence[Effort]) -> Effort:
    add = ("rows", "columns", "nonzeros", "build_seconds", "seconds", "iterations")
    return replace(parts[0], **{name: sum(getattr(part, name) for part in parts) for name in add})
