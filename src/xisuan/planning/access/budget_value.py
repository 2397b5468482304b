"""What more money for gigabit access buys, resident-years in gigabit cities or cost saved; and what a date costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from gnomon.highs import solver_sequence
from gnomon.highs.solver_sequence import How
from gnomon.model.linear_program import Flat, flatten
from xisuan.equations.build_model import assemble_access
from xisuan.equations.model_builder import Assembly
from xisuan.planning.access import dantzig_wolfe
from xisuan.planning.access.pricing import Cities
from xisuan.planning.access.single_city import dues
from xisuan.planning.objectives import outside
from xisuan.scenario.scenario import Scenario

MONEY = ("period", "budget", "more_mcny", "resident_years", "saved_mcny")
SCOPE = "access"
PRICED = 50
"""Cities with a date up to which each date is given up in turn."""
MANY = 20
"""Cities from which on mixtures are asked."""


def more_money(scenario: Scenario, mcny: float = 100.0) -> pd.DataFrame:
    """What `mcny` million CNY more in one budget of one period buy, all other limits as they are. Columns `MONEY`.

    Of budgets that access shares with halls and compute only the plan as a whole knows the worth, as a price; they are
    left out. Empty where access has no budget of its own.
    """
    assembly = assemble_access(scenario, budgets=True)
    flat, block = flatten(assembly.model), assembly.model.rows.get("budget")
    if block is None:
        return pd.DataFrame(columns=list(MONEY))
    limits = flat.part(flat.row_upper, block, rows=True)
    own = [i for i, (scope,) in enumerate(block.labels) if scope == SCOPE or not scenario.has("sites")]
    asked = [(y, i) for y in range(len(limits)) for i in own if np.isfinite(limits[y, i])]
    if not asked:
        return pd.DataFrame(columns=list(MONEY))
    if _many(assembly, flat):
        return _mixed(assembly, flat, asked, mcny)
    reached, cost = _bought(assembly, flat)
    rows = []
    for y, i in asked:
        upper = flat.row_upper.copy()
        flat.part(upper, block, rows=True)[y, i] += mcny
        more, paid = _bought(assembly, replace(flat, row_upper=upper))
        if more < reached:  # the plan without it is one with it too, and better than what the gap left to be found
            more, paid = reached, cost
        rows.append((scenario.settings.periods[y], block.labels[i][0], mcny, more - reached, cost - paid))
    return pd.DataFrame(rows, columns=list(MONEY))


def saved_without(scenario: Scenario) -> dict[str, float]:
    """City → what the least cost of access falls by, discounted, mCNY, where its date alone is given up.

    Found by planning access again, by itself, with all else as it is. Empty where most residents are the goal, in which
    others take the place of a city, and for more than `PRICED` cities with a date.
    """
    due = dues(scenario)
    if scenario.settings.objective != "cost" or len(due) > PRICED:
        return {}
    assembly = assemble_access(scenario, budgets=True)
    flat, block = flatten(assembly.model), assembly.model.columns["gigabit"]
    flat = replace(
        flat, integer=np.zeros_like(flat.integer)
    )  # a date fixes what is whole; without it nothing is declared
    paid, saved = solver_sequence.solve(flat, How()).objective, {}
    for city in due:
        lower = flat.lower.copy()
        flat.part(lower, block)[:, block.position[(city,)]] = 0.0
        saved[city] = max(0.0, paid - solver_sequence.solve(replace(flat, lower=lower), How()).objective)
    return saved


def _many(assembly: Assembly, flat: Flat) -> bool:
    """Whether so many cities share the budgets that a few of them in parts make no difference."""
    wished = replace(flat, cost=outside(assembly))
    residents = assembly.given.scenario.settings.objective == "residents"
    return residents and len(assembly.labels("gigabit")) > MANY and dantzig_wolfe.separable(assembly, wished)


def _mixed(assembly: Assembly, flat: Flat, asked: Sequence[tuple[int, int]], mcny: float) -> pd.DataFrame:
    """The same by mixtures of ways, in which as many cities as there are budgets may be gigabit cities in part: what is
    left to be found of whole cities would drown the difference. What is saved is not known of them."""
    block, everybody = assembly.model.rows["budget"], assembly.outside_constant
    wished = replace(flat, cost=outside(assembly), constant=everybody)
    first, _, _ = dantzig_wolfe.priced(Cities(assembly, wished), everybody)
    rows = []
    for y, i in asked:
        upper = flat.row_upper.copy()
        flat.part(upper, block, rows=True)[y, i] += mcny
        them = Cities(assembly, replace(wished, row_upper=upper))
        more, _, _ = dantzig_wolfe.priced(them, everybody, start=first.root.prices)
        gained = max(0.0, more.root.value - first.root.value)
        rows.append((assembly.given.periods[y], block.labels[i][0], mcny, gained, np.nan))
    return pd.DataFrame(rows, columns=list(MONEY))


def _bought(assembly: Assembly, flat: Flat) -> tuple[float, float]:
    """Resident-years in gigabit cities, and the discounted cost of access."""
    worth = outside(assembly)
    if assembly.given.scenario.settings.objective != "residents":
        found = solver_sequence.solve(flat, How())
        return -float(worth @ found.x), found.objective
    block = assembly.model.columns["gigabit"]
    found = dantzig_wolfe.best(assembly, replace(flat, cost=worth, constant=assembly.outside_constant), How())
    lower, upper = flat.lower.copy(), flat.upper.copy()
    for side in (lower, upper):
        flat.part(side, block)[...] = np.rint(flat.part(found.x, block))
    settled = replace(flat, lower=lower, upper=upper, integer=np.zeros_like(flat.integer))
    return assembly.outside_constant - found.objective, solver_sequence.solve(settled, How()).objective
