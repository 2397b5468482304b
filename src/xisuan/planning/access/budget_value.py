"""Value of a larger access budget, in resident-years or cost saved, and cost of each city's date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from gnomon import LinearProgram, Options, flatten, solve_direct
from xisuan.equations.build_model import assemble_access
from xisuan.equations.model_builder import Assembly
from xisuan.planning.access import dantzig_wolfe
from xisuan.planning.access.pricing import Cities
from xisuan.planning.access.single_city import due_periods
from xisuan.planning.objectives import outside_resident_years
from xisuan.scenario.scenario import Scenario

MONEY = ("period", "budget", "more_mcny", "resident_years", "saved_mcny")
SCOPE = "access"
PRICED = 50
"""Most cities with a date for which the cost of each date is computed, one solve per city."""
MANY = 20
"""Number of cities above which the relaxation over mixtures replaces plans of whole cities."""


def budget_values(scenario: Scenario, mcny: float = 100.0) -> pd.DataFrame:
    """Return the gain from `mcny` million CNY more in one budget of one period, other limits unchanged. Columns
    `MONEY`.

    `resident_years` is the gain in gigabit cities and `saved_mcny` the fall of the discounted cost. Budgets that access
    shares with halls and compute are left out: their value is a dual multiplier of the whole plan. Empty where access
    has no budget of its own.
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
    if _has_many_cities(assembly, flat):
        return _relaxed_values(assembly, flat, asked, mcny)
    reached, cost = _access_totals(assembly, flat)
    rows = []
    for y, i in asked:
        upper = flat.row_upper.copy()
        flat.part(upper, block, rows=True)[y, i] += mcny
        more, paid = _access_totals(assembly, replace(flat, row_upper=upper))
        if more < reached:  # the old plan stays feasible; only the optimality gap can make the new one worse
            more, paid = reached, cost
        rows.append((scenario.settings.periods[y], block.labels[i][0], mcny, more - reached, cost - paid))
    return pd.DataFrame(rows, columns=list(MONEY))


def deadline_savings(scenario: Scenario) -> dict[str, float]:
    """Return, for each city with a date, the fall of the least discounted cost of access without that date, million
    CNY.

    Access is planned again alone, with all else unchanged. Empty where the objective is residents, since other cities
    would take the city's place, and for more than `PRICED` cities with a date.
    """
    due = due_periods(scenario)
    if scenario.settings.objective != "cost" or len(due) > PRICED:
        return {}
    assembly = assemble_access(scenario, budgets=True)
    flat, block = flatten(assembly.model), assembly.model.columns["gigabit"]
    # Dates fix the statuses of cities; without a date no status is required, so the model is linear.
    flat = replace(flat, integer=np.zeros_like(flat.integer))
    paid, saved = solve_direct(flat, Options()).objective, {}
    for city in due:
        lower = flat.lower.copy()
        flat.part(lower, block)[:, block.position[(city,)]] = 0.0
        saved[city] = max(0.0, paid - solve_direct(replace(flat, lower=lower), Options()).objective)
    return saved


def _has_many_cities(assembly: Assembly, flat: LinearProgram) -> bool:
    """Return True if the cities that share the budgets are so many that integrality hardly matters."""
    wished = replace(flat, cost=outside_resident_years(assembly))
    residents = assembly.given.scenario.settings.objective == "residents"
    return residents and len(assembly.labels("gigabit")) > MANY and dantzig_wolfe.is_separable(assembly, wished)


def _relaxed_values(
    assembly: Assembly, flat: LinearProgram, asked: Sequence[tuple[int, int]], mcny: float
) -> pd.DataFrame:
    """Return the table of `budget_values` from the relaxation over mixtures of ways; `saved_mcny` is NaN.

    In it as many cities as there are budgets may be gigabit cities in part. The optimality gap of whole cities would
    exceed the gain.
    """
    block, everybody = assembly.model.rows["budget"], assembly.outside_constant
    wished = replace(flat, cost=outside_resident_years(assembly), constant=everybody)
    first, _, _ = dantzig_wolfe.solve_root(Cities(assembly, wished), everybody)
    rows = []
    for y, i in asked:
        upper = flat.row_upper.copy()
        flat.part(upper, block, rows=True)[y, i] += mcny
        them = Cities(assembly, replace(wished, row_upper=upper))
        more, _, _ = dantzig_wolfe.solve_root(them, everybody, start=first.root.prices)
        gained = max(0.0, more.root.value - first.root.value)
        rows.append((assembly.given.periods[y], block.labels[i][0], mcny, gained, np.nan))
    return pd.DataFrame(rows, columns=list(MONEY))


def _access_totals(assembly: Assembly, flat: LinearProgram) -> tuple[float, float]:
    """Return the resident-years in gigabit cities, and the discounted cost of access in million CNY."""
    worth = outside_resident_years(assembly)
    if assembly.given.scenario.settings.objective != "residents":
        found = solve_direct(flat, Options())
        return -float(worth @ found.x), found.objective
    block = assembly.model.columns["gigabit"]
    found = dantzig_wolfe.best(assembly, replace(flat, cost=worth, constant=assembly.outside_constant), Options())
    # With the statuses fixed, the least cost of the plan is a linear program.
    lower, upper = flat.lower.copy(), flat.upper.copy()
    for side in (lower, upper):
        flat.part(side, block)[...] = np.rint(flat.part(found.x, block))
    settled = replace(flat, lower=lower, upper=upper, integer=np.zeros_like(flat.integer))
    return assembly.outside_constant - found.objective, solve_direct(settled, Options()).objective
