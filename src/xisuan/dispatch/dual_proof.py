"""Optimality proofs of operations by weak duality, which replace or shorten a solve.

On its own hours a plan already contains an operation; a solver would only return another one of the same cost. The
plan's operation is taken if it is feasible and proven. Feasible: it satisfies every row and bound of the assembled
operation. Proven: the plan's row duals bound the cost of every operation from below within the gap asked, or within the
money that the plan itself leaves open (`left_open`). With other hours or prices, or where capacity is worth less than
the price of shortfall, this fails and a solver is used.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gnomon import (
    ACCEPTED_VIOLATION,
    Array,
    Block,
    LinearProgram,
    Options,
    Solution,
    Watch,
    largest_violation,
    proven_bound,
    solve_once,
)
from xisuan.equations.model_builder import Assembly
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario

NAME = "plan"
"""Solver name of a solution taken from the plan."""
PENALTY = "unserved"
"""Cost term of unserved work and exceeded rules."""
FINEST = 1e-9
"""Smallest gap that is requested because penalties are most of the cost, or all of it."""


Known = tuple[Array, Array]
"""Primal values within their bounds, shape (columns,), and row duals, shape (rows,), of a model."""


def known(flat: LinearProgram, plan: Plan, at: int) -> Known | None:
    """Return the plan's operation of period number `at` in the order of `flat`; None if the plan has other hours."""
    x = _laid_out(flat, flat.model.columns, plan.variables, at, rows=False)
    row_dual = _laid_out(flat, flat.model.rows, plan.duals, at, rows=True)
    return None if x is None or row_dual is None else (np.clip(x, flat.lower, flat.upper), row_dual)


def left_open(scenario: Scenario, plan: Plan) -> float:
    """Return the part of the plan's optimality gap that its operation on `scenario` may inherit, million CNY.

    0 if `scenario` has other data, the objective is not cost, or the plan has integers. Only the share of cost without
    penalties counts, since penalties would inflate it.

    The gap of a plan is a sum of nonnegative terms, one per column and row. The gap of its operation with fixed
    capacity is a part of this sum. A relative gap of operating cost alone would ask for more than the plan itself
    proves, because capital is much of a plan's cost.
    """
    proven = plan.status == "optimal" and not plan.effort.integers and math.isfinite(plan.lower_bound)
    if plan.scenario.settings.objective != "cost" or not proven or not _same(scenario, plan.scenario):
        return 0.0
    costs = plan.tables["costs"]
    penalty = float(costs.loc[costs["term"] == PENALTY, "discounted_mcny"].sum())
    return max(0.0, plan.gap) * max(0.0, plan.objective - penalty)


def _same(scenario: Scenario, planned: Scenario) -> bool:
    """Return True if a scenario has the data and the hours of the planned one, in some or all of its periods."""
    horizon = planned.settings
    settings = replace(scenario.settings, periods=horizon.periods, last_period_years=horizon.last_period_years)
    of_both = [name for name in planned.tables if name in scenario.tables and name != "blocks"]
    frames = [(scenario.tables[name], planned.tables[name]) for name in of_both]
    frames.append((scenario.curves, planned.curves))
    return (
        settings == horizon
        and scenario.tables.keys() == planned.tables.keys()
        and all(one is other or one.equals(other) for one, other in frames)
        and scenario.timeline.blocks == planned.timeline.blocks  # given by table or chosen by demand
    )


def proven(flat: LinearProgram, found: Known, gap: float, left: float = 0.0) -> Solution | None:
    """Return the known point as a solution if its gap is proven within `gap`, or within `left` in money; else None."""
    began = time.perf_counter()
    x, row_dual = found
    if largest_violation(flat, x) > ACCEPTED_VIOLATION:
        return None
    objective = float(flat.cost @ x) + flat.constant
    # Weak duality: the bound of the duals holds for every operation.
    bound = proven_bound(flat, row_dual, objective)
    solution = Solution(x, row_dual, objective, bound, NAME, 0, time.perf_counter() - began, "")
    return solution if -gap <= solution.gap and (solution.gap <= gap or objective - bound <= left) else None


def sharp(found: Solution, penalties: float, options: Options, left: float = 0.0) -> bool:
    """Return True if the gap is small relative to cost without penalties, or at most `left` in money.

    Penalties may be a thousand times as large as the rest and would hide a gap.
    """
    most = max(options.gap_or_default() * abs(found.objective - penalties), FINEST * abs(found.objective))
    return abs(found.objective - found.bound) <= max(most, left)


def penalty(assembly: Assembly, values: Mapping[str, Array]) -> float:
    """Return the discounted cost of unserved work and exceeded rules, million CNY."""
    priced = {name: terms[PENALTY] for name, terms in assembly.terms.items() if PENALTY in terms}
    return float(sum((cost * values[name]).sum() for name, cost in priced.items() if name in values))


def complete(flat: LinearProgram, assembly: Assembly, options: Options, watch: Watch) -> Solution | None:
    """Return the operation without shortfall or exceeded rules if `flat`'s duals prove it optimal; else None.

    The model without penalty columns is smaller and better scaled, so it solves faster. Its duals then bound the full
    model including the columns left out.
    """
    began = time.perf_counter()
    upper = flat.upper.copy()
    for name, terms in assembly.terms.items():
        block = assembly.column(name)
        if PENALTY in terms and block is not None:
            flat.part(upper, block)[...] = np.maximum(flat.part(flat.lower, block), 0.0)
    found = solve_once(replace(flat, upper=upper), options, watch)
    if found is None:
        return None
    # Reduced costs of the columns left out enter the bound through their own bounds in `flat`.
    bound = proven_bound(flat, found.row_dual, found.objective)
    proof = replace(found, bound=bound, seconds=time.perf_counter() - began)
    gap = options.gap_or_default()
    return proof if -gap <= proof.gap <= gap else None


def _laid_out(
    flat: LinearProgram, blocks: Mapping[str, Block], known: Mapping[str, Found], at: int, *, rows: bool
) -> Array | None:
    """Return one period's values in the order of `flat`, 0 where the plan has none; None if the hours differ."""
    out = np.zeros(flat.shape[0 if rows else 1])
    hours = flat.model.hours
    for name, block in blocks.items():
        if (found := known.get(name)) is None:
            continue
        if block.hourly != found.hourly or (block.hourly and found.values.shape[1] != hours):
            return None
        position = {label: i for i, label in enumerate(found.labels)}
        here = [i for i, label in enumerate(block.labels) if label in position]
        there = [position[block.labels[i]] for i in here]
        part = flat.part(out, block, rows=rows)
        part[0][..., here] = found.values[at][..., there]
    return out
