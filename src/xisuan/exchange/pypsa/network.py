"""A plan as a PyPSA network for other tools, and an independent computation of the objective.

Both are built from the tables of the scenario, without the code of the model equations. Work is an energy carrier:
regions supply it, links carry it to sites and use capacity of the arcs on their route, equipment converts it to IT
load, and cooling adds to facility load. Deferred work is a store with an hourly limit; a demand charge is the capital
cost of a meter; green contracts are a second, more expensive purchase of power. Names identify each component:
`serve/region/site/workload/path`, `run/site/technology`, `arc/link/from/to`.

A network has no yearly constraints. Shares, caps and budgets are linopy constraints of `objective`; the exported
network reflects them only by the planned capacities.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import pypsa

from xisuan.errors import Problem, ScenarioError, SolverError
from xisuan.exchange.pypsa import power, workloads
from xisuan.exchange.pypsa.components import Parts
from xisuan.exchange.pypsa.linopy_constraints import Rules
from xisuan.exchange.pypsa.scenario_rows import Given
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import refuse

HIGHS: dict[str, Any] = {
    "solver_name": "highs",
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "mip_rel_gap": 1e-9,
    "output_flag": False,
}


def network(scenario: Scenario, plan: Plan) -> pypsa.Network:
    """Return the plan's capacities, fixed, as a network with the scenario's hours to dispatch: `n.optimize(**how(n))`.

    Money is mCNY discounted to the base year, power MW, work in its units. The cost of a dispatch is the plan's
    operating cost without upkeep, which the capacities determine, and without the fixed traffic in `n.meta["xisuan"]`.
    """
    parts = _parts(scenario, plan)
    n = parts.network()
    n.meta = {
        "xisuan": {
            "scenario": scenario.settings.name,
            "cost_of_fixed_traffic_mcny": parts.constant,
            "yearly_rules": "not in the network: the dispatch need not meet them",
        }
    }
    return n


def how(n: pypsa.Network) -> dict[str, object]:
    """Return the arguments of `n.optimize` under which each block of hours is cyclic."""
    return {"multi_investment_periods": n.has_investment_periods, "solver_name": "highs"}


def objective(scenario: Scenario, period: int | None = None) -> float:
    """Return the least cost of a scenario, or of one of its periods alone, mCNY, by PyPSA and HiGHS.

    Raises ScenarioError for an objective other than cost and for cities with a deadline in the horizon; SolverError if
    HiGHS finds no optimum.
    """
    parts = planning(scenario if period is None else one_period(scenario, period))
    n, rules = parts.network(), Rules(parts)
    with pypsa.option_context("api.legacy_string_dtype", False):
        multi = n.has_investment_periods
        model = n.optimize.create_model(multi_investment_periods=multi, include_objective_constant=False)
        rules(n, n.snapshots)
        status, condition = model.solve(io_api="direct", progress=False, **HIGHS)
    if status != "ok" or condition != "optimal":
        raise SolverError(f"PyPSA ended with {status}, {condition}")
    return float(model.objective.value or 0.0) + parts.constant + rules.constant


def planning(scenario: Scenario) -> Parts:
    """Return the network with open capacities, as parts; `Rules` completes its model.

    Raises ScenarioError as `objective`.
    """
    if scenario.settings.objective != "cost":
        raise ScenarioError(
            [Problem("pypsa-objective", table="scenario.toml", column="objective", value=scenario.settings.objective)]
        )
    if (scenario["city_targets"]["deadline"] <= scenario.timeline.horizon[-1]).any():
        raise ScenarioError([Problem("pypsa-access", table="city_targets.csv", column="deadline")])
    return _parts(scenario, None)


def without_access(scenario: Scenario) -> Scenario:
    """Return the scenario without its gigabit access, which PyPSA does not model."""
    access = ("cities", "city_state", "measures", "standard", "city_targets")
    tables = {name: frame.iloc[:0] if name in access else frame for name, frame in scenario.tables.items()}
    return dataclasses.replace(scenario, tables=tables)


def one_period(scenario: Scenario, period: int) -> Scenario:
    """Return the scenario with one of its periods only, and the years that it represents."""
    years = dict(zip(scenario.settings.periods, scenario.timeline.years, strict=True))[period]
    return scenario.with_settings(periods=(period,), last_period_years=len(years))


def _parts(scenario: Scenario, plan: Plan | None) -> Parts:
    refuse(scenario)
    if scenario.has("rules"):
        raise ScenarioError([Problem("pypsa-own-rules", table="rules")])
    if plan is None and scenario.has("contingencies"):
        raise ScenarioError([Problem("pypsa-contingencies", table="contingencies")])
    parts = Parts(Given(scenario), plan)
    workloads.add(parts)
    power.add(parts)
    return parts
