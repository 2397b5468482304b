"""Operations that need no search, or a shorter one, because duals prove that none is cheaper.

On its own hours a plan says how it is operated, and to ask a solver again would give another operation of the same cost.
So that one is taken where it needs no trust: it satisfies every row and bound of the operation as assembled, and the plan's
row duals bound the cost of every operation from below (weak duality) within the gap that a solver would be asked for. On
other hours, with other prices, or where capacity is worth less than what it costs not to serve, one of the two
fails, and a solver is asked.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from xisuan.equations.assembly import Assembly
from xisuan.results.found import Found
from xisuan.results.plan import Plan
from xisuan.solver import duality, engine, feasibility, highs
from xisuan.solver.flat import Flat
from xisuan.solver.model import Array, Block
from xisuan.solver.solution import How, Solution, Watch

NAME = "plan"
"""Who solved it."""
PENALTY = "unserved"
"""Term of cost of what is not served and of rules exceeded."""


Known = tuple[Array, Array]
"""Columns, within their bounds, and row duals of a model."""


def known(flat: Flat, plan: Plan, at: int) -> Known | None:
    """The plan's operation of its period number `at`, in the order of `flat`; None where that has other hours."""
    x = _laid_out(flat, flat.model.columns, plan.variables, at, rows=False)
    row_dual = _laid_out(flat, flat.model.rows, plan.duals, at, rows=True)
    return None if x is None or row_dual is None else (np.clip(x, flat.lower, flat.upper), row_dual)


def proven(flat: Flat, found: Known, gap: float) -> Solution | None:
    """What is known as a solution of `flat` whose gap is proven; None where it is not."""
    began = time.perf_counter()
    x, row_dual = found
    if duality.violation(flat, x) > feasibility.FEASIBLE:
        return None
    objective = float(flat.cost @ x) + flat.constant
    bound = duality.proven(flat, row_dual, objective)
    solution = Solution(x, row_dual, objective, bound, NAME, 0, time.perf_counter() - began, "")
    return solution if -gap <= solution.gap <= gap else None


def sharp(found: Solution, penalty: float, how: How) -> bool:
    """Whether the gap is small beside the cost without penalties, which may be a thousand times as large and blur it."""
    return found.objective - found.bound <= (how.gap or engine.LP_GAP) * max(1.0, abs(found.objective - penalty))


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
    found = highs.attempt(replace(flat, upper=upper), how, watch)
    if found is None:
        return None
    bound = duality.proven(flat, found.row_dual, found.objective)
    proof = replace(found, bound=bound, seconds=time.perf_counter() - began)
    gap = how.gap or engine.LP_GAP
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
