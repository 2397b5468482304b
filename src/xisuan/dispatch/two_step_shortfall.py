"""Operation in two steps: first with a reduced price of shortfall, then with shortfall only where it is needed.

Shortfall costs thousands of times what work costs. Where capacity just fits the work, all prices between the two are
optimal duals. Only slacks and shortfalls near 0 determine them, which rounding error hides from an interior point
(docs/explanation/structured/iterations.md). In the first step shortfall therefore costs a small multiple of the highest
price of such work in the plan. In the second step only workloads with significant shortfall keep it, at its own price,
warm-started from the first step. The duals must prove the whole operation, with all shortfall at its own price;
otherwise there is no result.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from gnomon import (
    BOUND_EXCESS,
    LEAST_OBJECTIVE,
    Array,
    Block,
    Clock,
    LinearProgram,
    Mask,
    Options,
    Solution,
    UnprovenError,
    Watch,
    flatten,
    proven_bound,
    solve_structured,
)
from xisuan.dispatch.dual_proof import FINEST, penalty
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError
from xisuan.results.plan import Plan

DEARER, FINE = (100.0, 10.0), 1e-5
"""Multiples of the plan's highest price of such work at which shortfall is offered in the first step.

They are tried in turn until an operation is proven, in reverse order for gaps below `FINE`. A larger factor leaves less
work undone by mistake; a smaller one allows tighter gaps.
"""
NOTHING = 1e-6
"""Share of the highest price below which the price of work counts as 0; otherwise all such work is left undone."""
FIRST = "first"
"""Folder of checkpoints with those of the first step."""
PRICED = {"unserved": "work_balance", "stock_unserved": "stock_balance"}
"""Shortfall variables, and the rows whose duals in a plan are prices of work; both are labelled (region, workload)."""


def in_two_steps(
    flat: LinearProgram, assembly: Assembly, plan: Plan, options: Options, watch: Watch
) -> Solution | None:
    """Return the least-cost operation of one period by the structured method in two steps; None if they do not prove
    one.

    Also None if the price of shortfall is nowhere far above that of work. Where penalties hide the gap, the second step
    continues to a tighter one if it can. The first step's checkpoint is kept until both steps end, so that an
    interrupted second step can resume.
    """
    began, gap, clock = time.perf_counter(), options.gap_or_default(), Clock(options)
    prices, found = _prices(assembly, plan), None
    for dearer in DEARER if gap >= FINE else DEARER[::-1]:
        offers = {
            name: np.minimum(1.0, dearer * share) for name, share in prices.items() if (dearer * share < 1.0).any()
        }
        found = _after(offers, flat, assembly, replace(clock.limit(options), gap=gap), watch) if offers else None
        if found:
            break
    if options.kept is not None:
        shutil.rmtree(options.kept / FIRST, ignore_errors=True)
    return found and replace(found, seconds=time.perf_counter() - began)


def _after(
    offers: Mapping[str, Array], flat: LinearProgram, assembly: Assembly, options: Options, watch: Watch
) -> Solution | None:
    """Return the result of both steps with shortfall at the shares `offers` of its price in the first."""
    gap, clock = options.gap_or_default(), Clock(options)
    lasting = options if options.kept is None else replace(options, kept=options.kept / FIRST, lasting=True)
    first = _from(_offered(flat, offers), replace(lasting, confirm=None), watch)
    if first is None:
        return None
    # Workloads with negligible shortfall after the first step lose their shortfall columns.
    hardly = _hardly_short(flat, offers, first, gap)
    certain = replace(flat, upper=_out_of_the_question(flat, offers, hardly))
    leeway = all(of.all() for of in hardly.values())
    second = (
        options if options.confirm is None else replace(options, confirm=partial(_doubt, flat, options.confirm, gap))
    )
    found = _from(certain, clock.limit(second), watch, first, leeway=leeway)
    if found is None:
        return None
    answer = _proven(flat, found, gap)
    # Tighten the gap so that it is small relative to cost without penalties.
    paid = abs(found.objective - penalty(assembly, flat.split_columns(found.x)))
    fine = max(FINEST, gap * paid / max(LEAST_OBJECTIVE, abs(found.objective)))
    if fine < found.gap and not found.doubt:
        finer = _from(certain, replace(clock.limit(second), gap=fine), watch, found, leeway=leeway)
        return (finer and not finer.doubt and _proven(flat, finer, gap)) or answer
    return answer


def _proven(flat: LinearProgram, found: Solution, gap: float) -> Solution | None:
    """Return the solution with the bound that its duals prove for the full model, if within the gap; else None."""

    answer = replace(found, bound=proven_bound(flat, found.row_dual, found.objective))
    return answer if -min(gap, BOUND_EXCESS) <= answer.gap <= gap else None


def _doubt(flat: LinearProgram, confirm: Callable[[Solution], str], gap: float, found: Solution) -> str:
    """Return the reason why the certification rejects the solution, with its bound for the full model; empty if
    accepted.

    Solutions without a proof are not certified: further iterations would not change that.
    """
    answer = _proven(flat, found, gap)
    return confirm(answer) if answer else ""


def _from(
    flat: LinearProgram, options: Options, watch: Watch, near: Solution | None = None, *, leeway: bool = False
) -> Solution | None:
    """Run the interior point, warm-started from `near` if given; return None where it proves nothing.

    The warm start is accepted even with large residuals, once no complementarity product is small. `leeway`: relax row
    sides within the solver's tolerance, without which rows that just fit are hardly met. It is off where work is short,
    because there a violation of 1e-7 would be worth money.
    """

    begin = None if near is None else (np.minimum(near.x, flat.upper), near.row_dual)
    try:
        found = solve_structured(flat, options, watch, begin, trusted=True, leeway=leeway, tentative=True, refute=False)
    except (InfeasibleError, UnprovenError):
        return None
    return replace(found, iterations=found.iterations + (near.iterations if near else 0))


def _prices(assembly: Assembly, plan: Plan) -> dict[str, Array]:
    """Return the plan's highest price of work as a share of its shortfall price, by shortfall variable, shape (items,).

    ∞ where there is no price. Duals of a plan that does not minimise cost are not prices.
    """
    if plan.scenario.settings.objective != "cost":
        return {}
    (period,) = assembly.given.periods
    at, prices = plan.scenario.settings.periods.index(period), dict[str, Array]()
    for name, rows in PRICED.items():
        block, known = assembly.column(name), plan.duals.get(rows)
        if block is None or known is None:
            continue
        dual, cost = known.values[at], block.cost[0]
        if block.hourly:
            # Duals carry the weight of their hour: divide for a price per unit-hour.
            dual = (dual / plan.scenario.timeline.weight[:, None]).max(axis=0)
            cost = cost[0] / assembly.given.timeline.weight[0]  # the same in all hours
        highest: dict[str, float] = {}
        for (_, workload), price in zip(known.labels, dual, strict=True):
            highest[workload] = max(highest.get(workload, 0.0), float(price))
        price = np.array([highest.get(workload, 0.0) for _, workload in block.labels])
        share = np.divide(price, cost, out=np.full(len(price), np.inf), where=cost > 0.0)
        prices[name] = np.where(share > NOTHING * share[cost > 0.0].max(initial=0.0), share, np.inf)
    return prices


def _offered(flat: LinearProgram, offers: Mapping[str, Array]) -> LinearProgram:
    """Return the model with shortfall at these shares of its price."""
    columns = flat.model.columns
    return flatten(
        flat.model.with_columns(
            {name: replace(columns[name], cost=columns[name].cost * share) for name, share in offers.items()}
        )
    )


def _out_of_the_question(flat: LinearProgram, offers: Mapping[str, Array], hardly: Mapping[str, Mask]) -> Array:
    """Return the upper bounds of all columns, 0 for shortfall of workloads in `hardly` that had a reduced price."""
    upper = flat.upper.copy()
    for name, of in hardly.items():
        part = flat.part(upper, flat.model.columns[name])
        part[...] = np.where(of & (offers[name] < 1.0), 0.0, part)
    return upper


def _hardly_short(flat: LinearProgram, offers: Mapping[str, Array], found: Solution, gap: float) -> dict[str, Mask]:
    """Return True for shortfall items whose workload has negligible shortfall cost relative to other cost."""
    columns = flat.model.columns
    paid = {
        name: (flat.part(found.x, columns[name]) * columns[name].cost).reshape(-1, len(share)).sum(axis=0) * share
        for name, share in offers.items()
    }
    least = gap * max(LEAST_OBJECTIVE, abs(found.objective) - sum(float(of.sum()) for of in paid.values()))
    out = {}
    for name, money in paid.items():
        of_workload = _by_workload(columns[name], money)
        out[name] = np.array([of_workload[workload] <= least for _, workload in columns[name].labels])
    return out


def _by_workload(block: Block, money: Array) -> dict[str, float]:
    """Return the money summed by workload."""
    sums = dict.fromkeys((workload for _, workload in block.labels), 0.0)
    for (_, workload), of in zip(block.labels, money, strict=True):
        sums[workload] += float(of)
    return sums
