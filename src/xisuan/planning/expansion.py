"""Capacity expansion: the plan of least cost, carbon or residents outside gigabit cities for a scenario."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from gnomon import (
    LARGE_NONZEROS,
    LEAST_OBJECTIVE,
    LONG_GAP,
    Array,
    Confirm,
    LinearProgram,
    Options,
    Solution,
    SolveRequest,
    StoredCoefficients,
    StrategyName,
    check_method,
    flatten,
    predict_solve,
    remove_small_amounts,
    run_strategies,
    solve_direct,
    strategies_for,
)
from xisuan.equations import build_model, plan_tables
from xisuan.equations.model_builder import Assembly, found
from xisuan.equations.smallest_amounts import smallest_orders
from xisuan.errors import InfeasibleError, refusing_options
from xisuan.planning.access import dantzig_wolfe
from xisuan.planning.infeasibility import explanation
from xisuan.planning.objectives import goal, outside_resident_years, tonnes
from xisuan.progress import Report, peak_mb, tell, watcher
from xisuan.results.labelled_values import Found
from xisuan.results.plan import CITY_CASES, Certificate, Effort, Plan, no_cases
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _

CARBON_SLACK = 1e-7
"""Relative slack on the least tonnes in the second solve of the carbon objective: an interior point needs one."""
VERTEX_SLACK = 1e-9
"""Relative slack if the least tonnes are those of a vertex: only the feasibility tolerance of its rows."""


HUGE = 5_000_000
"""Columns from which a least-cost plan is proven to LONG_GAP unless a gap is given.

Each further digit takes minutes, and the data are less accurate.
"""


Check = Callable[[Plan], Certificate]
"""Function that certifies a plan, which has no tables yet."""


@refusing_options()
def plan(
    scenario: Scenario,
    options: Options | None = None,
    *,
    method: str = "auto",
    check: Check | None = None,
    progress: Report | None = None,
) -> Plan:
    """Return the plan of least discounted cost; of least carbon, or most residents in gigabit cities, and then least
    cost.

    `options`: solver and gap. `method`: direct (the whole model to HiGHS), structured (the interior point that exploits the
    hourly structure; continuous models, least cost only), or auto (whichever is expected to be faster). `check`:
    callback that certifies a solution of the structured method before it stops; the method iterates until the gap is
    certified, and the certificate is stored in the plan. Without it the plan has no certificate: use certify(scenario,
    plan).

    Raises InfeasibleError with the smallest conflicting set in the scenario's names, ScenarioError where options do not
    fit the method, SolverError where the solver ends without an answer.
    """
    check_method(method)
    options = with_scenario_gap(scenario, options or Options())
    began = time.perf_counter()
    tell(progress, "build", _("assembling the equations"))
    assembly = build_model.assemble(scenario)
    flat = flatten(assembly.model)
    options = _with_size_gap(options, flat, scenario.settings.objective)
    strategies = strategies_for(method, flat, options, scenario.settings.objective)
    built = time.perf_counter() - began
    expected = predict_solve(SolveRequest.of(flat, options, method, scenario.settings.objective))
    if flat.nonzeros >= LARGE_NONZEROS:
        tell(progress, "conflict", _("looking for evident contradictions"))
        if (contradiction := explanation.explain_before_solving(assembly)) is not None:
            raise contradiction
    tell(progress, "solve", expected.text)
    confirm = _confirm(scenario, assembly, flat, options, check, progress) if check else None
    try:
        asked_for = replace(options, confirm=confirm, smallest=smallest_orders(assembly))
        answer, bound_by = _solve(assembly, flat, asked_for, strategies, progress)
    except InfeasibleError as none:
        tell(progress, "conflict", _("no plan exists: looking for the smallest conflicting set"))
        raise explanation.explain(assembly, none) from None
    tell(progress, "tables", _("reading the solution"))
    found = make_plan(scenario, assembly, flat, answer, bound_by, built)
    # Branch and bound has no predictable time.
    seconds = expected.seconds[1] if math.isfinite(expected.seconds[2]) else math.nan
    effort = replace(
        found.effort,
        expected_seconds=seconds,
        expected_mb=expected.memory_mb[1],
        asked_gap=asked_gap(flat, options, bound_by),
    )
    return replace(found, effort=effort, certificate=confirm.finding_for(answer) if confirm else None)


def _confirm(
    scenario: Scenario, assembly: Assembly, flat: LinearProgram, options: Options, check: Check, progress: Report | None
) -> Confirm[Plan, Certificate] | None:
    """Return the callback that certifies solutions; None with integers or an objective other than cost."""
    if flat.integer.any() or scenario.settings.objective != "cost":
        return None

    def make(found: Solution) -> Plan:
        tell(progress, "solve", _("checking what was proven against the scenario"))
        return make_bare_plan(scenario, assembly, flat, found, found, 0.0)

    return Confirm(make, check, options.gap_or_default())


def with_scenario_gap(scenario: Scenario, options: Options) -> Options:
    """Return `options` with the gap that the scenario states, unless one is given."""
    return replace(options, gap=scenario.settings.plan.gap) if options.gap is None else options


def asked_gap(flat: LinearProgram, options: Options, answer: Solution) -> float:
    """Return the relative gap that the solve of `answer` had to prove."""
    if answer.asked is not None:
        return answer.asked
    return options.gap_or_default(integers=bool(flat.integer.any()))


def _with_size_gap(options: Options, flat: LinearProgram, objective: str) -> Options:
    """Return `options` with a wider gap for a huge continuous model, unless one is given."""
    huge = flat.shape[1] >= HUGE and objective == "cost" and not flat.integer.any()
    return replace(options, gap=LONG_GAP) if options.gap is None and huge else options


def _solve(
    assembly: Assembly,
    flat: LinearProgram,
    options: Options,
    strategies: Sequence[StrategyName],
    progress: Report | None,
) -> tuple[Solution, Solution]:
    """Return the solution of the plan, and the solution whose duals and bound prove the objective.

    Lexicographic for carbon and residents: first the objective, then the least cost at its optimum.
    """
    watch = watcher(progress)
    if assembly.given.scenario.settings.objective == "cost":
        solution = remove_small_amounts(flat, run_strategies(strategies, flat, options, watch), options)
        return solution, solution
    if assembly.given.scenario.settings.objective == "residents":
        return _most_residents(assembly, flat, options, progress)
    carbon = replace(flat, cost=tonnes(assembly), constant=0.0)
    least = solve_direct(carbon, replace(options, smallest=None), watch)
    slack = VERTEX_SLACK if least.solver in ("simplex", "presolve") else CARBON_SLACK
    most = least.objective + slack * max(LEAST_OBJECTIVE, abs(least.objective))
    # Second solve: minimise cost subject to tonnes · x ≤ least tonnes + slack.
    limited = replace(
        flat,
        coefficients=StoredCoefficients(sp.vstack([flat.matrix, sp.csr_matrix(carbon.cost)], format="csr")),
        row_lower=np.append(flat.row_lower, -np.inf),
        row_upper=np.append(flat.row_upper, most),
    )
    return remove_small_amounts(limited, solve_direct(limited, options, watch), options), least


def _most_residents(
    assembly: Assembly, flat: LinearProgram, options: Options, progress: Report | None
) -> tuple[Solution, Solution]:
    """Maximise resident-years in gigabit cities, then minimise the cost with these statuses fixed."""
    watch = watcher(progress)
    wished = replace(flat, cost=outside_resident_years(assembly), constant=assembly.outside_constant)
    most = dantzig_wolfe.best(assembly, wished, replace(options, smallest=None), progress, watch)
    chosen = assembly.model.columns["gigabit"]
    lower, upper = flat.lower.copy(), flat.upper.copy()
    for side in (lower, upper):
        flat.part(side, chosen)[...] = np.rint(flat.part(most.x, chosen))
    settled = replace(flat, lower=lower, upper=upper, integer=flat.integer & (lower < upper))
    options = replace(options, solver="auto", gap=None) if options.solver == "mip" else options
    return remove_small_amounts(settled, solve_direct(settled, options, watch), options), most


def objective_value(assembly: Assembly, flat: LinearProgram, x: Array) -> float:
    """Return the scenario's objective at a solution: million CNY, tonnes, or resident-years outside gigabit cities."""
    row, constant = goal(assembly, flat)
    return float(row @ x) + constant


def effort(flat: LinearProgram, solution: Solution, built: float) -> Effort:
    """Return sizes, time and memory of a solve."""
    return Effort(
        method="structured" if solution.solver == "structured" else "direct",
        solver=solution.solver,
        rows=flat.shape[0],
        columns=flat.shape[1],
        nonzeros=flat.nonzeros,
        integers=int(flat.integer.sum()),
        build_seconds=built,
        seconds=solution.seconds,
        peak_mb=peak_mb(),
        iterations=solution.iterations,
        gave_up=solution.gave_up,
    )


def _effort(assembly: Assembly, flat: LinearProgram, answer: Solution, proof: Solution, built: float) -> Effort:
    """Return the effort of the plan; for the residents objective that of both solves, with the solver of the first."""
    found = effort(flat, answer, built)
    if assembly.given.scenario.settings.objective != "residents":
        return found
    seconds, iterations = answer.seconds + proof.seconds, answer.iterations + proof.iterations
    return replace(found, solver=proof.solver, seconds=seconds, iterations=iterations)


def make_plan(
    scenario: Scenario,
    assembly: Assembly,
    flat: LinearProgram,
    answer: Solution,
    proof: Solution,
    built: float,
    reduced: Array | None = None,
) -> Plan:
    """Return the plan of the solution `answer`, proven by `proof`.

    reduced: reduced costs, shape (columns,); those of the duals of `answer` unless given.
    """
    values = flat.split_columns(answer.x)
    duals = flat.split_rows(answer.row_dual[: flat.shape[0]])
    reduced = reduced_costs(flat, answer) if reduced is None else reduced
    told = plan_tables.plan_tables(assembly, values, duals, flat.split_columns(reduced))
    return replace(make_bare_plan(scenario, assembly, flat, answer, proof, built), tables=told)


def reduced_costs(flat: LinearProgram, answer: Solution) -> Array:
    """Return the reduced costs d = c − Aᵀy of a solution, shape (columns,)."""
    return flat.cost - flat.rows.pull(answer.row_dual[: flat.shape[0]])


def make_bare_plan(
    scenario: Scenario, assembly: Assembly, flat: LinearProgram, answer: Solution, proof: Solution, built: float
) -> Plan:
    """Return the plan of the solution `answer`, proven by `proof`, without tables."""
    model, rows = assembly.model, flat.shape[0]
    cost = float(flat.cost @ answer.x) + flat.constant
    objective = objective_value(assembly, flat, answer.x)
    proven = flat.split_rows(proof.row_dual[:rows])
    relaxed = proof.relaxation_row_dual
    return Plan(
        scenario=scenario,
        status="feasible" if proof.short else "optimal",
        objective=objective,
        lower_bound=proof.bound,
        cost_mcny=cost,
        effort=_effort(assembly, flat, answer, proof, built),
        variables=found(model.columns, flat.split_columns(answer.x)),
        duals=found(model.rows, proven),
        relaxation_duals=found(model.rows, flat.split_rows(relaxed[:rows])) if relaxed is not None else {},
        city_duals=_duals_by_subproblem(assembly, flat, proof),
        city_cases=_cases(assembly, proof),
    )


def _cases(assembly: Assembly, proof: Solution) -> pd.DataFrame:
    """Return the leaves and splits of the decomposition's proof, in the scenario's names."""
    if not isinstance(proof, dantzig_wolfe.CitySolution):
        return no_cases()
    cities = np.array([label[0] for label in assembly.model.columns["gigabit"].labels], dtype=object)
    years = np.array([*assembly.given.periods, 0])
    what, item = proof.cases["what"].astype(int), proof.cases["item"].astype(int)
    weighs = what == int(dantzig_wolfe.WEIGHT)
    names = np.where(weighs, item.astype(str).astype(object), cities[np.where(weighs, 0, item)])
    columns = (
        proof.cases["node"].astype(np.int64),
        np.array(["split", "weight", "charge"], dtype=object)[what],
        names,
        years[proof.cases["period"].astype(int)],
        proof.cases["value"],
    )
    return pd.DataFrame(dict(zip(CITY_CASES, columns, strict=True)))


def _duals_by_subproblem(assembly: Assembly, flat: LinearProgram, proof: Solution) -> dict[str, Found]:
    """Return the further duals of the decomposition by row family, with the name of the subproblem as first label."""
    if not isinstance(proof, dantzig_wolfe.CitySolution):
        return {}
    by_way = {way: found(assembly.model.rows, flat.split_rows(dual)) for way, dual in proof.further.items()}
    families: dict[str, Found] = {}
    for name, block in next(iter(by_way.values())).items():
        parts = {way: of[name] for way, of in by_way.items() if np.any(of[name].values)}
        if not block.hourly and parts:
            labels = tuple((way, *label) for way, one in parts.items() for label in one.labels)
            values = np.concatenate([one.values for one in parts.values()], axis=1)
            families[name] = Found(name, ("way", *block.dims), labels, False, values)
    return families
