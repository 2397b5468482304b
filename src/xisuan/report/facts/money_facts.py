"""Facts about money: what each payer pays at the reported place, year by year, beside its budget."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from xisuan.decisions.costs.cost_sharing import UNSAID, split_by_payer
from xisuan.report import run_measures
from xisuan.report.facts import build_facts
from xisuan.report.facts.shown_sums import apportion
from xisuan.report.run_amounts import computed_once
from xisuan.report.run_context import Context


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer of the place: capital by period as shown, mCNY, and its budget.

    `investor`, `party`: blank if the tables do not name one. `paid`, `limit`: what it pays in the whole
    network, by its shares, and its budget, over the periods that have one, mCNY; NaN without a budget.
    """

    investor: str
    party: str
    years: dict[int, float]
    paid: float = math.nan
    limit: float = math.nan

    @property
    def total(self) -> float:
        """Return the sum of the years as shown, mCNY."""
        return sum(self.years.values())

    @property
    def name(self) -> str:
        """Return what the payer goes by: its party where the tables state it, its own name otherwise, or blank."""
        return self.party if self.party and self.party != UNSAID else self.investor


@computed_once
def payers(context: Context) -> list[Payer]:
    """Return the payers of the place, the largest first. In each year they add up to the capital of that year."""
    rows = split_by_payer(context.run.plan, _capital_rows(context))
    if not len(rows):
        return []
    sums = rows.groupby(["investor", "party", "period"])["mcny"].sum()
    keys = list(dict.fromkeys((str(a), str(b)) for a, b in zip(rows["investor"], rows["party"], strict=True)))
    years, decimals = build_facts.capital_by_year(context), build_facts.capital_decimals(context)
    divisor = context.money.divisor
    shown: dict[tuple[str, str], dict[int, float]] = {key: {} for key in keys}
    for period, total in years.items():
        parts = [float(sums.get((*key, period), 0.0)) / divisor for key in keys]
        for key, value in zip(keys, apportion(parts, total / divisor, decimals), strict=True):
            shown[key][period] = value * divisor
    budgets = _budgets(context)
    found = [Payer(*key, shown[key], *budgets.get(key[0], (math.nan, math.nan))) for key in keys]
    return sorted((one for one in found if one.total > 0.0), key=lambda one: -one.total)


def _capital_rows(context: Context) -> pd.DataFrame:
    """Return the rows of `costs` that are capital of the place."""
    rows = run_measures.capital(context.run)
    return rows[rows["where"].isin(list(context.focus))]


FULL = 0.995
"""Share of a budget above which it is used up."""


@computed_once
def used_up(context: Context) -> dict[str, list[int]]:
    """Return the budgets that are used up in a year in which the place orders what they limit: scope → years,
    those of the place first.

    These are budgets of the place, of all capital, of kinds of things, and of those who pay here.
    """
    found = run_measures.budget_use(context.run)
    if not len(found):
        return {}
    here, ordered = set(context.focus) | {context.focus_hub}, _capital_rows(context)
    paying = {f"investor:{one.investor}": one for one in payers(context)}
    full = found[(found["limit_mcny"] > 0) & (found["used_mcny"] >= FULL * found["limit_mcny"])]
    scopes: dict[str, list[int]] = {}
    for row in run_measures.records(full):
        scope, year = str(row["scope"]), int(row["period"])
        mine = ordered[(ordered["period"] == year) & (ordered["mcny"] > 0)]
        terms = run_measures.BUDGETED.get(scope)
        counts = mine["term"].isin(terms).any() if terms else len(mine) > 0 and (scope in here or scope == "all")
        if counts or (scope in paying and paying[scope].years.get(year, 0.0) > 0):
            scopes.setdefault(scope, []).append(year)
    return dict(sorted(scopes.items(), key=lambda item: item[0] not in here))


def _budgets(context: Context) -> dict[str, tuple[float, float]]:
    """Return what each investor pays and its budget, over the periods that have one, mCNY."""
    found = run_measures.budget_use(context.run)
    rows = found[found["scope"].str.startswith("investor:")] if len(found) else found
    return {
        str(scope).removeprefix("investor:"): (float(group["used_mcny"].sum()), float(group["limit_mcny"].sum()))
        for scope, group in rows.groupby("scope", sort=False)
    }


def parties(context: Context) -> dict[str, float]:
    """Return the capital of the place by payer's name, mCNY as shown; blank: nobody is named."""
    found: dict[str, float] = {}
    for one in payers(context):
        found[one.name] = found.get(one.name, 0.0) + one.total
    return found
