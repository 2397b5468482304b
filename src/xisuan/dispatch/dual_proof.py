"""Operations that need no search, or a shorter one, because duals prove that none is cheaper.

On its own hours a plan says how it is operated, and to ask a solver again would give another operation of the same cost.
So that one is taken where it needs no trust: it satisfies every row and bound of the operation as assembled, and the plan's
row duals bound the cost of every operation from below (weak duality) within the gap that a solver would be asked for, or
within the money that the plan itself leaves open (`left_open`). On other hours, with other prices, or where capacity is
worth less than what it costs not to serve, one of the two fails, and a solver is asked.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gnomon.arrays import Array
from gnomon.highs import feasibility, highs_run, solver_sequence
from gnomon.model.block_model import Block
from gnomon.model.linear_program import Flat
from gnomon.options import How
from gnomon.proof import weak_duality
from gnomon.solution import Solution, Watch
from xisuan.equations.model_builder import Assembly
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario

NAME = "plan"
"""Who solved it."""
PENALTY = "unserved"
"""Term of cost of what is not served and of rules exceeded."""
FINEST = 1e-9
"""Least gap that is asked because penalties are most of the cost, or all of it."""


Known = tuple[Array, Array]
"""Columns, within their bounds, and row duals of a model."""


def known(flat: Flat, plan: Plan, at: int) -> Known | None:
    """The plan's operation of its period number `at`, in the order of `flat`; None where that has other hours."""
    x = _laid_out(flat, flat.model.columns, plan.variables, at, rows=False)
    row_dual = _laid_out(flat, flat.model.rows, plan.duals, at, rows=True)
    return None if x is None or row_dual is None else (np.clip(x, flat.lower, flat.upper), row_dual)


def left_open(scenario: Scenario, plan: Plan) -> float:
    """What the proof of a plan leaves open of its operation on `scenario`, mCNY: 0 where that has other data, where it is no
    money, or where integers are part of it; and only its share of what is paid beside penalties, which would blur it.

    The gap of a plan is a sum of what each column and row leaves, none of them negative; that of its operation, once
    capacity is fixed, is a part of the same sum. A solver asked for less, of operation alone, would prove more than was
    ever planned: capital is much of the cost of a plan, and the same money is a larger share of the rest.
    """
    proven = plan.status == "optimal" and not plan.effort.integers and math.isfinite(plan.lower_bound)
    if plan.scenario.settings.objective != "cost" or not proven or not _same(scenario, plan.scenario):
        return 0.0
    costs = plan.tables["costs"]
    penalty = float(costs.loc[costs["term"] == PENALTY, "discounted_mcny"].sum())
    return max(0.0, plan.gap) * max(0.0, plan.objective - penalty)


def _same(scenario: Scenario, planned: Scenario) -> bool:
    """Whether a scenario has the data and the hours of the planned one, in some or all of its periods."""
    horizon = planned.settings
    settings = replace(scenario.settings, periods=horizon.periods, last_period_years=horizon.last_period_years)
    of_both = [name for name in planned.tables if name in scenario.tables and name != "blocks"]
    frames = [(scenario.tables[name], planned.tables[name]) for name in of_both]
    frames.append((scenario.curves, planned.curves))
    return (
        settings == horizon
        and scenario.tables.keys() == planned.tables.keys()
        and all(one is other or one.equals(other) for one, other in frames)
        and scenario.timeline.blocks == planned.timeline.blocks  # by table, or chosen by demand
    )


def proven(flat: Flat, found: Known, gap: float, left: float = 0.0) -> Solution | None:
    """What is known as a solution of `flat` whose gap is proven, or no more than `left` in money; None where it is not."""
    began = time.perf_counter()
    x, row_dual = found
    if weak_duality.violation(flat, x) > feasibility.FEASIBLE:
        return None
    objective = float(flat.cost @ x) + flat.constant
    bound = weak_duality.proven(flat, row_dual, objective)
    solution = Solution(x, row_dual, objective, bound, NAME, 0, time.perf_counter() - began, "")
    return solution if -gap <= solution.gap and (solution.gap <= gap or objective - bound <= left) else None


def sharp(found: Solution, penalties: float, how: How, left: float = 0.0) -> bool:
    """Whether the gap is small beside the cost without penalties, which may be a thousand times as large and blur it, or no
    more than `left` in money."""
    most = max((how.gap or highs_run.LP_GAP) * abs(found.objective - penalties), FINEST * abs(found.objective))
    return abs(found.objective - found.bound) <= max(most, left)


def penalty(assembly: Assembly, values: Mapping[str, Array]) -> float:
    """Discounted cost of what is not served and of rules exceeded, mCNY."""
    priced = {name: terms[PENALTY] for name, terms in assembly.terms.items() if PENALTY in terms}
    return float(sum((cost * values[name]).sum() for name, cost in priced.items() if name in values))


def complete(flat: Flat, assembly: Assembly, how: How, watch: Watch) -> Solution | None:
    """The operation that leaves nothing undone and keeps every rule, where `flat`'s own duals prove it the cheapest.

    Without the columns of what is not served the model is smaller and its costs are of one size: three quarters of the
    time. Its duals then bound the whole model, columns left out among them, or else prove nothing and None is the answer.
    """
    began = time.perf_counter()
    upper = flat.upper.copy()
    for name, terms in assembly.terms.items():
        block = assembly.column(name)
        if PENALTY in terms and block is not None:
            flat.part(upper, block)[...] = np.maximum(flat.part(flat.lower, block), 0.0)
    found = solver_sequence.attempt(replace(flat, upper=upper), how, watch)
    if found is None:
        return None
    bound = weak_duality.proven(flat, found.row_dual, found.objective)
    proof = replace(found, bound=bound, seconds=time.perf_counter() - began)
    gap = how.gap or highs_run.LP_GAP
    return proof if -gap <= proof.gap <= gap else None


def _laid_out(
    flat: Flat, blocks: Mapping[str, Block], known: Mapping[str, Found], at: int, *, rows: bool
) -> Array | None:
    """Values of one period in the order of `flat`, 0 where the plan has none; None where it has other hours."""
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
