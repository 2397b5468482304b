"""Operate a plan: the same equations with capacity fixed, period by period, on any hours."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from xisuan.equations import losses, tables
from xisuan.equations.assemble import CAPACITIES, assemble
from xisuan.equations.assembly import Assembly
from xisuan.errors import StoreError
from xisuan.progress import Report, tell
from xisuan.results.found import Found
from xisuan.results.plan import Effort, Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario
from xisuan.solver import highs
from xisuan.solver.flat import flatten
from xisuan.solver.highs import How, Solution

SHORT = 1e-6
"""Share of a demand above which it counts as not served: an interior point's tolerance is below it."""


def operate(scenario: Scenario, plan: Plan, how: How | None = None, *, progress: Report | None = None) -> Schedule:
    """Operate the capacity of `plan` on the hours of `scenario`, at least cost.

    What cannot be served is shortfall at the price of an option, and yearly rules may be exceeded at a price: an
    operated plan always has an answer. Nothing ties one period to another, so each is solved by itself.
    """
    asked, planned = scenario.settings.periods, plan.scenario.settings.periods
    if not set(asked) <= set(planned):
        raise StoreError(f"the plan is for {_list(planned)}, not for {_list(asked)}: choose among its periods")
    parts: list[_Part] = []
    for at, period in enumerate(asked):
        tell(progress, "operate", f"operating {period}", at / len(asked))
        parts.append(_operate(scenario, plan, period, how or How()))
    return _joined(scenario, parts)


def _list(periods: Sequence[int]) -> str:
    return ", ".join(str(period) for period in periods)


class _Part:
    """One operated period: its assembly, values and duals by name, and tables."""

    def __init__(
        self,
        assembly: Assembly,
        solution: Solution,
        effort: Effort,
        found: tuple[dict[str, Found], dict[str, Found]],
        made: dict[str, pd.DataFrame],
    ) -> None:
        self.assembly = assembly
        self.solution = solution
        self.effort = effort
        self.variables, self.duals = found
        self.tables = made

    @property
    def penalty(self) -> float:
        """Discounted cost of what is not served and of rules exceeded, mCNY."""
        terms = self.assembly.terms
        return float(
            sum(
                (terms[name]["unserved"] * self.variables[name].values).sum()
                for name in self.variables
                if "unserved" in terms.get(name, {})
            )
        )


def _operate(scenario: Scenario, plan: Plan, period: int, how: How) -> _Part:
    began = time.perf_counter()
    at = plan.scenario.settings.periods.index(period)
    fixed = {
        name: replace(plan.variables[name], values=plan.variables[name].values[[at]])
        for name in CAPACITIES
        if name in plan.variables
    }
    assembly = assemble(scenario, (period,), fixed)
    flat = flatten(assembly.model)
    built = time.perf_counter() - began
    solution = highs.solve(flat, how)
    values = flat.split_columns(solution.x)
    duals = flat.split_rows(solution.row_dual)
    reduced = flat.split_columns(flat.cost - flat.matrix.T @ solution.row_dual)
    made = tables.operation_tables(assembly, values, duals, reduced)
    made |= {"shortfall": losses.shortfall(assembly, values), "excess": losses.excess(assembly, values)}
    effort = Effort(
        "direct",
        solution.solver,
        *flat.matrix.shape,
        int(flat.matrix.nnz),
        0,
        built,
        solution.seconds,
        0.0,
        solution.iterations,
    )
    found = tuple(
        {name: Found(name, block.dims, block.labels, block.hourly, of[name]) for name, block in blocks.items()}
        for blocks, of in ((assembly.model.columns, values), (assembly.model.rows, duals))
    )
    return _Part(assembly, solution, effort, found, made)  # type: ignore[arg-type]


def _joined(scenario: Scenario, parts: Sequence[_Part]) -> Schedule:
    made = {name: pd.concat([part.tables[name] for part in parts], ignore_index=True) for name in parts[0].tables}
    short = made["shortfall"]
    status = "short" if bool((short["share"] > SHORT).any()) else "optimal"
    return Schedule(
        scenario=scenario,
        status=status,
        cost_mcny=sum(part.solution.objective for part in parts),
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
    first = parts[0]
    add = ("rows", "columns", "nonzeros", "build_seconds", "seconds", "iterations")
    return replace(first, **{name: sum(getattr(part, name) for part in parts) for name in add})
