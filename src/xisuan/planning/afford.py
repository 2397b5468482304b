"""Whether budgets pay for the dates of cities: if not, the least that is missing, and a way to give it.

Halls and compute may draw on the same budgets. What access alone cannot pay, access with them cannot.
"""

from __future__ import annotations

import math

import numpy as np

from xisuan.equations.assemble import assemble_access
from xisuan.errors import InfeasibleError
from xisuan.planning import alone
from xisuan.planning.alone import NEAR
from xisuan.scenario.scenario import Scenario
from xisuan.solver import simplex
from xisuan.solver.flat import flatten

DECIMALS = 3
"""Of a million CNY."""


def unpaid(scenario: Scenario) -> InfeasibleError | None:
    """The error that says how much budgets lack for all dates and floors of access; None where they pay for them.

    The sum of what all of them lack is the least: with less, however it is spread over budgets and years, no plan exists;
    with the limits named, one of access alone does.
    """
    assembly = assemble_access(alone.bare(scenario), budgets=True)
    flat, block = flatten(assembly.model), assembly.model.rows.get("budget")
    if block is None:
        return None
    rows = flat.part(np.arange(len(flat.row_upper)), block, rows=True)
    limits = flat.part(flat.row_upper, block, rows=True)
    held = list(zip(*np.nonzero(np.isfinite(limits)), strict=True))
    extra = np.zeros((len(flat.row_upper), len(held)))
    for k, at in enumerate(held):
        extra[rows[at], k] = -1.0
    found = simplex.vertex(alone.widened(flat, extra, lower=0.0, cost=1.0))
    if found is None:  # what no money would mend
        return None
    more = found[len(flat.cost) :]
    if more.sum() <= NEAR * max(1.0, sum(float(limits[at]) for at in held)):
        return None
    lacking = {
        (y, block.labels[i][0]): (limits[y, i], amount)
        for (y, i), amount in zip(held, more, strict=True)
        if amount > 10.0**-DECIMALS / 2
    }
    said = [
        f"budgets, {scenario.settings.periods[y]}/{scope}, limit_mcny: at most {_number(limit)}, and"
        f" {_number(limit + amount, up=True)} is needed · {_loosen(scenario, y, scope)}"
        for (y, scope), (limit, amount) in lacking.items()
    ]
    if not said:  # less than is told here, so the search for contradictions names what conflicts
        return None
    scopes = {scope for _, scope in lacking}
    if len(scopes) > 1:  # an order may count against several, so that their sum is no amount of money
        return InfeasibleError(
            "No plan satisfies the scenario. Several budgets lack money for the dates of cities; one way to give it:",
            said,
        )
    return InfeasibleError(
        f"No plan satisfies the scenario. The budget {scopes.pop()} lacks {_number(more.sum())} million CNY or more for the"
        " dates of cities; one way to give it:",
        said,
    )


def _loosen(scenario: Scenario, y: int, scope: str) -> str:
    """A row without a year holds until the next: to raise one year alone takes a row of its own, and one for the next."""
    given, periods = scenario["budgets"], scenario.settings.periods
    mine = set(given.loc[given["scope"] == scope, "period"].dropna().astype(int))
    by_itself = periods[y] in mine and (y + 1 == len(periods) or periods[y + 1] in mine)
    if by_itself:
        return "raise it, or set later deadlines in city_targets"
    return "give that year and the next a row of their own, or set later deadlines in city_targets"


def _number(mcny: float, up: bool = False) -> str:
    """An amount of money to the thousand CNY, rounded so that what is said of it stays true.

    Half a CNY, which is a solver's arithmetic, moves nothing.
    """
    scale = 10.0**DECIMALS
    text = f"{(math.ceil if up else math.floor)(round(mcny * scale, DECIMALS)) / scale:,.{DECIMALS}f}"
    return text.rstrip("0").rstrip(".")
