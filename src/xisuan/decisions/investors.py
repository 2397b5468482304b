"""Who pays for what: table `investors`, by year, payer and cost term, with the use of budgets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from xisuan.decisions.focus import Focus
from xisuan.results.decisions import frame
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.scenario.scenario import Scenario

OPERATOR = "operator"
CRUMB = 1e-3
"""mCNY below which a sum is rounding of the solver."""
KEYS = ["period", "investor", "party", "term", "capital"]


def investors(plan: Plan, focus: Focus) -> pd.DataFrame:
    """Table `investors`: everything, and what the report is about.

    The money of a site, link or city is that of its investor, unless the table `payers` shares it out: the narrowest
    scope holds, a site's before its hub's before that for all.
    """
    shared = _shared(plan)
    scopes = [("all", shared)]
    if focus.sites:
        scopes.append((focus.name, shared[shared["where"].isin(list(focus.sites))]))
    rows: list[dict[str, Any]] = []
    for scope, part in scopes:
        sums = part.groupby(KEYS, sort=True)[["mcny", "discounted_mcny"]].sum().reset_index()
        sums = sums[sums["mcny"].abs() > CRUMB]
        rows += [{"scope": scope, **row} for row in _records(sums)]
        rows += _capital(plan, scope, sums)
    return frame("investors", rows)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def _shared(plan: Plan) -> pd.DataFrame:
    """Rows of `costs`, each split among those who pay it."""
    costs = plan.tables["costs"]
    costs = costs.assign(capital=costs["term"].isin(CAPEX_TERMS))
    payers = _Payers(plan.scenario)
    rows = [
        {**row, "investor": name, "party": party, "mcny": row["mcny"] * share,
         "discounted_mcny": row["discounted_mcny"] * share}
        for row in _records(costs)
        for name, party, share in payers.of(row)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[*costs.columns, "party"])


class _Payers:
    """Who pays for what: the rows of `payers` for the site or link, else its hub, its kind of asset, or all."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._held: dict[int, dict[str, list[tuple[str, str, float]]]] = {}
        first = scenario["sites"].drop_duplicates("site")
        self._hubs = dict(zip(first["site"].astype(str), first["hub"].astype(str), strict=True))

    def of(self, row: Mapping[str, Any]) -> list[tuple[str, str, float]]:
        """(investor, party, share) of a row of costs; who orders it pays for it where nobody is listed."""
        held = self._at(int(str(row["period"])))
        where = str(row["where"])
        asset = "access" if str(row["term"]).startswith(("access", "route")) else ""
        asset = asset or ("network" if where not in self._hubs else "")
        scopes = [asset, "all"] if asset else [where, self._hubs[where], "all"]
        return next((held[scope] for scope in scopes if scope in held), [(str(row["investor"]), OPERATOR, 1.0)])

    def _at(self, period: int) -> dict[str, list[tuple[str, str, float]]]:
        """(investor, party, share) by scope in a period."""
        if period not in self._held:
            found = self._held[period] = {}
            for row in self._scenario.dated("payers").rows(period).values():
                payer = (str(row["investor"]), str(row["party"]), float(row["share"]))
                found.setdefault(str(row["scope"]), []).append(payer)
        return self._held[period]


def _capital(plan: Plan, scope: str, sums: pd.DataFrame) -> list[dict[str, Any]]:
    """One row for each year and payer with all its capital, and one for all payers; beside the budgets."""
    part = sums[sums["capital"]]
    by_payer = part.groupby(["period", "investor", "party"], sort=True)[["mcny", "discounted_mcny"]].sum().reset_index()
    together = part.groupby("period", sort=True)[["mcny", "discounted_mcny"]].sum().reset_index()
    rows = _records(pd.concat([by_payer, together.assign(investor="", party="")], ignore_index=True))
    out: list[dict[str, Any]] = []
    for row in rows:
        budget, spent = _budget(plan, scope, row)
        use = spent / budget if budget > 0 else math.nan
        out.append(
            {"scope": scope, **row, "term": "capital", "capital": True, "budget_mcny": budget, "budget_use": use}
        )
    return out


def _budget(plan: Plan, scope: str, row: dict[str, Any]) -> tuple[float, float]:
    """The budget that limits a row of capital (NaN: none), and what of the plan's orders counts against it.

    A budget of an investor limits what is ordered in its name, whoever shares in it later.
    """
    period, investor = int(str(row["period"])), str(row["investor"])
    table = plan.scenario.at("budgets", period)
    if investor and scope != "all":
        return math.nan, math.nan
    held = table.loc[table["scope"] == (f"investor:{investor}" if investor else scope), "limit_mcny"]
    if not len(held):
        return math.nan, math.nan
    orders = plan.tables["builds"]
    own = orders[(orders["period"] == period) & (orders["investor"] == investor)]
    return float(held.iloc[0]), float(own["capex_mcny"].sum()) if investor else float(str(row["mcny"]))
