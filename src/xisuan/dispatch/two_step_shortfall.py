"""An operation found in two steps: what is not served has a price near that of work first, and is out of the question then.

Shortfall costs thousands of times what work costs, as nobody wants any. But where what was built just fits the work, prices
anywhere between the two are as good as one another: nothing but slacks and shortfalls of next to nothing feels them, and
what iterations would do about them drowns in rounding (docs/explanation/structured/iterations.md). So shortfall is
offered at some times the highest price that such work has in the plan first, which leaves no room for that. What is left
undone for more money than the gap asked has its own price again in the second step, in which there is no other shortfall,
and which begins where the first one ended. Duals of its rows prove the whole operation, all shortfall at its own price, or
nothing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.highs import highs_run
from gnomon.model.block_model import Block
from gnomon.model.linear_program import Flat, flatten
from gnomon.options import Clock, How
from gnomon.proof import weak_duality
from gnomon.solution import LEAST_OBJECTIVE, Solution, Watch
from xisuan.dispatch.dual_proof import FINEST, penalty
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError
from xisuan.results.plan import Plan

DEARER, FINE = (100.0, 10.0), 1e-5
"""What shortfall of some work costs at first, in highest prices that such work has in the plan, one after the other until an
operation is proven; the other way round for gaps below `FINE`. Months of `guizhou-2023` to 1e-4 took 4 to 6 iterations and
none or one more with 100, and 6 to 8 and 1 to 4 with 1,000; with 10 there was work in one of them that it was cheaper to
leave undone. Twelve days of `guizhou-days` in 2026 and 2030 are proven to 1e-6 with 10, and not with 100."""
NOTHING = 1e-6
"""A price that is less than this share of that of other work, both as shares of those of shortfall, is none: at so little
all of that work would be left undone."""
FIRST = "first"
"""Folder, in that of iterates, with those of the first step."""
PRICED = {"unserved": "work_balance", "stock_unserved": "stock_balance"}
"""Variables of shortfall, and the rows whose duals in a plan are prices of work; labels of both are (region, workload)."""


def in_two_steps(flat: Flat, assembly: Assembly, plan: Plan, how: How, watch: Watch) -> Solution | None:
    """The cheapest operation of one period of a plan, by the structured method; None where two steps do not prove one, or
    shortfall has nowhere a price far above that of work.

    Where penalties would blur the gap, it goes on to one that they do not, if it can. The last iterate of the first step is
    kept until both are over, if any is: whoever is killed in the second need not search for where it began.
    """
    began, gap, clock = time.perf_counter(), how.gap or highs_run.LP_GAP, Clock(how)
    prices, found = _prices(assembly, plan), None
    for dearer in DEARER if gap >= FINE else DEARER[::-1]:
        offers = {
            name: np.minimum(1.0, dearer * share) for name, share in prices.items() if (dearer * share < 1.0).any()
        }
        found = _after(offers, flat, assembly, replace(clock.within(how), gap=gap), watch) if offers else None
        if found:
            break
    if how.kept is not None:
        shutil.rmtree(how.kept / FIRST, ignore_errors=True)
    return found and replace(found, seconds=time.perf_counter() - began)


def _after(offers: Mapping[str, Array], flat: Flat, assembly: Assembly, how: How, watch: Watch) -> Solution | None:
    """What two steps find with shortfall at such shares of its price in the first one."""
    gap, clock = how.gap or highs_run.LP_GAP, Clock(how)
    lasting = how if how.kept is None else replace(how, kept=how.kept / FIRST, lasting=True)
    first = _from(_offered(flat, offers), replace(lasting, confirm=None), watch)
    if first is None:
        return None
    hardly = _hardly_short(flat, offers, first, gap)
    certain = replace(flat, upper=_out_of_the_question(flat, offers, hardly))
    leeway = all(of.all() for of in hardly.values())
    second = how if how.confirm is None else replace(how, confirm=partial(_doubt, flat, how.confirm, gap))
    found = _from(certain, clock.within(second), watch, first, leeway=leeway)
    if found is None:
        return None
    answer = _proven(flat, found, gap)
    paid = abs(found.objective - penalty(assembly, flat.split_columns(found.x)))
    fine = max(FINEST, gap * paid / max(LEAST_OBJECTIVE, abs(found.objective)))
    if fine < found.gap and not found.doubt:
        finer = _from(certain, replace(clock.within(second), gap=fine), watch, found, leeway=leeway)
        return (finer and not finer.doubt and _proven(flat, finer, gap)) or answer
    return answer


def _proven(flat: Flat, found: Solution, gap: float) -> Solution | None:
    """What was found, with the bound that its duals prove of the whole model, if that is within the gap."""
    from gnomon.interior_point.iterations.termination import BELOW  # noqa: PLC0415 (compiled, as above)

    answer = replace(found, bound=weak_duality.proven(flat, found.row_dual, found.objective))
    return answer if -min(gap, BELOW) <= answer.gap <= gap else None


def _doubt(flat: Flat, confirm: Callable[[Solution], str], gap: float, found: Solution) -> str:
    """Why what was found without shortfall is no answer for whoever is to confirm it, with the bound that its duals prove of
    the whole model. Where they prove none nobody is asked: that is said later, and further iterations do not change it."""
    answer = _proven(flat, found, gap)
    return confirm(answer) if answer else ""


def _from(flat: Flat, how: How, watch: Watch, near: Solution | None = None, *, leeway: bool = False) -> Solution | None:
    """What iterations come to, begun from a solution that is near if there is one; None where they prove nothing.

    It is trusted whatever it misses once no product is small: in a year of `guizhou` that was more than is taken for a start
    elsewhere, and all was searched from fewer hours again. leeway: whether rows have any: what is exceeded by a
    ten-millionth for nothing would be money where work is short. Where none is, rows that just fit are hardly met without:
    the second step of 2030 of `guizhou-days` on its year missed some by 6e-7 after eight iterations.
    """
    from gnomon.interior_point import solve as interior  # noqa: PLC0415 (compiled: half a second, needed by large models)

    begin = None if near is None else (np.minimum(near.x, flat.upper), near.row_dual)
    try:
        found = interior.solve(flat, how, watch, begin, trusted=True, leeway=leeway, tentative=True, refute=False)
    except (InfeasibleError, interior.UnprovenError):
        return None
    return replace(found, iterations=found.iterations + (near.iterations if near else 0))


def _prices(assembly: Assembly, plan: Plan) -> dict[str, Array]:
    """The highest price of such work in the plan as a share of that of its shortfall, by variable of shortfall and item; ∞
    where it has none. Duals of a plan of least carbon are no prices."""
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
            dual = (dual / plan.scenario.timeline.weight[:, None]).max(axis=0)
            cost = cost[0] / assembly.given.timeline.weight[0]  # the same in all hours
        highest: dict[str, float] = {}
        for (_, workload), price in zip(known.labels, dual, strict=True):
            highest[workload] = max(highest.get(workload, 0.0), float(price))
        price = np.array([highest.get(workload, 0.0) for _, workload in block.labels])
        share = np.divide(price, cost, out=np.full(len(price), np.inf), where=cost > 0.0)
        prices[name] = np.where(share > NOTHING * share[cost > 0.0].max(initial=0.0), share, np.inf)
    return prices


def _offered(flat: Flat, offers: Mapping[str, Array]) -> Flat:
    """The model with shortfall at these shares of its price."""
    columns = flat.model.columns
    return flatten(
        flat.model.with_columns(
            {name: replace(columns[name], cost=columns[name].cost * share) for name, share in offers.items()}
        )
    )


def _out_of_the_question(flat: Flat, offers: Mapping[str, Array], hardly: Mapping[str, Mask]) -> Array:
    """Upper bounds of all columns: 0 for shortfall that had a lower price in the first step, of work of which that left
    hardly any undone."""
    upper = flat.upper.copy()
    for name, of in hardly.items():
        part = flat.part(upper, flat.model.columns[name])
        part[...] = np.where(of & (offers[name] < 1.0), 0.0, part)
    return upper


def _hardly_short(flat: Flat, offers: Mapping[str, Array], found: Solution, gap: float) -> dict[str, Mask]:
    """Whether work of an item of shortfall was left undone in the first step for hardly any money, beside what it cost
    without shortfall."""
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
    sums = dict.fromkeys((workload for _, workload in block.labels), 0.0)
    for (_, workload), of in zip(block.labels, money, strict=True):
        sums[workload] += float(of)
    return sums
