"""Operated plans for tests to spoil: what the equations say of values, and what a scenario is that cannot be served."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.proof import weak_duality
from xisuan.dispatch.economic_dispatch import CAPACITIES
from xisuan.equations import plan_tables
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.equations.result_tables import shortfall_tables
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.schedule_concatenation import at_hand, joined
from xisuan.scenario.scenario import Scenario

NAMES = ("hall", "installed", "supply", "energy", "capacity")


def shrunk(plan: Plan, share: float, names: tuple[str, ...] = NAMES) -> Plan:
    """The plan with less of everything in use: what it cannot serve is shortfall."""
    less = {
        name: dataclasses.replace(found, values=found.values * share) if name in names else found
        for name, found in plan.variables.items()
    }
    return dataclasses.replace(plan, variables=less)


def assembled(scenario: Scenario, plan: Plan, at: int) -> tuple[Assembly, LinearProgram]:
    """Period number `at` of the plan's operation by the equations; scenario and plan have the same periods."""
    fixed = {
        name: dataclasses.replace(plan.variables[name], values=plan.variables[name].values[[at]])
        for name in CAPACITIES
        if name in plan.variables
    }
    assembly = assemble(scenario, (scenario.settings.periods[at],), fixed)
    return assembly, flatten(assembly.model)


def laid_out(assembly: Assembly, flat: LinearProgram, variables: Mapping[str, Found], at: int) -> np.ndarray:
    """Values of a period in the order of the equations."""
    x = np.zeros(flat.shape[1])
    for name, block in assembly.model.columns.items():
        flat.part(x, block)[...] = variables[name].values[[at]]
    return x


def retold(schedule: Schedule, plan: Plan, variables: Mapping[str, Found]) -> tuple[Schedule, float]:
    """A schedule of other values that says the truth of them, by the equations: cost, penalties, status and tables.

    Beside it, by how much these values break the equations, relatively.
    """
    parts, broken = [], 0.0
    for at in range(len(schedule.scenario.settings.periods)):
        assembly, flat = assembled(schedule.scenario, plan, at)
        x = laid_out(assembly, flat, variables, at)
        broken = max(broken, weak_duality.violation(flat, x))
        values = flat.split_columns(x)
        duals = {name: found.values[[at]] for name, found in schedule.duals.items()}
        nothing = {name: np.zeros_like(part) for name, part in values.items()}
        made = plan_tables.operation_tables(assembly, values, duals, nothing)
        lost = shortfall_tables.shortfall(assembly, values)
        made |= {"shortfall": lost, "excess": shortfall_tables.excess(assembly, values)}
        penalty = sum(
            float((terms["unserved"] * values[name]).sum())
            for name, terms in assembly.terms.items()
            if "unserved" in terms and name in values
        )
        parts.append(
            dataclasses.replace(
                schedule,
                status="short" if shortfall_tables.falls_short(assembly, lost) else "optimal",
                cost_mcny=float(flat.cost @ x) + flat.constant,
                penalty_mcny=penalty,
                variables={name: dataclasses.replace(v, values=v.values[[at]]) for name, v in variables.items()},
                duals={name: dataclasses.replace(v, values=v.values[[at]]) for name, v in schedule.duals.items()},
                tables=made,
            )
        )
    return dataclasses.replace(at_hand(joined(schedule.scenario, parts)), lower_bound=schedule.lower_bound), broken
