"""Cost sharing: table `investors`, costs by year, payer and term, with the use of budgets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from xisuan.decisions.reported_place import Focus
from xisuan.results.decision_tables import frame
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.scenario.scenario import Scenario

UNSAID = "not given"
"""Party of an investor that the table `payers` does not state."""
CRUMB = 1e-3
"""Amount in million CNY below which a sum is rounding error of the solver."""
KEYS = ["period", "investor", "party", "term", "capital"]


def investors(plan: Plan, focus: Focus) -> pd.DataFrame:
    """Return the table `investors`, overall and for the reported place."""
    costs = plan.tables["costs"]
    scopes = [("all", costs)]
    if focus.sites:
        scopes.append((focus.name, costs[costs["where"].isin(list(focus.sites))]))
    rows: list[dict[str, Any]] = []
    for scope, part in scopes:
        sums = (
            split_by_payer(plan.scenario, part)
            .groupby(KEYS, sort=True)[["mcny", "discounted_mcny"]]
            .sum()
            .reset_index()
        )
        sums = sums[sums["mcny"].abs() > CRUMB]
        rows += [{"scope": scope, **row} for row in _records(sums)]
        rows += _capital(plan, scope, part, sums)
    return frame("investors", rows)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries."""
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def split_by_payer(scenario: Scenario, costs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a plan's table `costs`, each split among its payers, with `party` and `capital` added.

    The investor of a site, link or city pays unless the table `payers` splits the cost. The narrowest scope applies: a
    site's before its hub's before the overall one.
    """
    costs = costs.assign(capital=costs["term"].isin(CAPEX_TERMS))
    payers = _Payers(scenario)
    rows = [
        {**row, "investor": name, "party": party, "mcny": row["mcny"] * share,
         "discounted_mcny": row["discounted_mcny"] * share}
        for row in _records(costs)
        for name, party, share in payers.of(row)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[*costs.columns, "party"])


class _Payers:
    """Payers by asset: the rows of `payers` for the site or link, else its hub, its kind of asset, or all."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._held: dict[int, dict[str, list[tuple[str, str, float]]]] = {}
        first = scenario["sites"].drop_duplicates("site")
        said = scenario["payers"].groupby("investor")["party"].agg(["nunique", "first"])
        self._parties = said.loc[said["nunique"] == 1, "first"].to_dict()
        self._hubs = dict(zip(first["site"].astype(str), first["hub"].astype(str), strict=True))
        self._cities = frozenset(scenario["cities"]["city"].astype(str)) - self._hubs.keys()

    def of(self, row: Mapping[str, Any]) -> list[tuple[str, str, float]]:
        """Return (investor, party, share) of a cost row; the investor itself pays where no payer is listed."""
        held = self._at(int(str(row["period"])))
        where = str(row["where"])
        asset = "" if where in self._hubs else "network"
        if where in self._cities or str(row["term"]).startswith(("access", "route")):
            asset = "access"
        scopes = [asset, "all"] if asset else [where, self._hubs[where], "all"]
        investor = str(row["investor"])
        return next((held[scope] for scope in scopes if scope in held), [(investor, self.party(investor), 1.0)])

    def party(self, investor: str) -> str:
        """Return the party of an investor as stated in the table."""
        return str(self._parties.get(investor, UNSAID))

    def _at(self, period: int) -> dict[str, list[tuple[str, str, float]]]:
        """Return (investor, party, share) by scope in a period."""
        if period not in self._held:
            found = self._held[period] = {}
            for row in self._scenario.dated("payers").rows(period).values():
                payer = (str(row["investor"]), str(row["party"]), float(row["share"]))
                found.setdefault(str(row["scope"]), []).append(payer)
        return self._held[period]


def _capital(plan: Plan, scope: str, costs: pd.DataFrame, sums: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row of capital for each year and payer, and one for all payers (no party), with the budgets.

    An investor's budget limits what it pays. An investor in whose name things are ordered but who pays nothing has a
    row too. If an investor has two parties, one row has the budget of both.
    """
    part = sums[sums["capital"].astype(bool)]  # an empty column is not boolean
    keys, money = ["period", "investor", "party"], ["mcny", "discounted_mcny"]
    paid = part.groupby(keys, sort=True)[money].sum().reset_index()
    orders = costs[costs["term"].isin(CAPEX_TERMS) & (costs["investor"] != "")]
    ordered = orders.groupby(["period", "investor"], sort=True)["mcny"].sum().rename("ordered_mcny").reset_index()
    ordered = ordered[ordered["ordered_mcny"].abs() > CRUMB]
    first = paid.drop_duplicates(["period", "investor"])[keys]
    beside = ordered.merge(first, on=["period", "investor"], how="outer").fillna({"ordered_mcny": 0.0})
    of = _Payers(plan.scenario).party
    beside = beside.assign(party=beside["party"].fillna(beside["investor"].map(of)))
    payers = beside.merge(paid, on=keys, how="outer").fillna(dict.fromkeys(money, 0.0)).sort_values(keys, kind="stable")
    together = part.groupby("period", sort=True)[money].sum().reset_index()
    together = together.assign(investor="", party="", ordered_mcny=together["mcny"])
    whole = paid.groupby(["period", "investor"])["mcny"].sum().to_dict()
    out: list[dict[str, Any]] = []
    for row in [*_records(payers), *_records(together)]:
        budget = _budget(plan, scope, row)
        pays = whole.get((row["period"], row["investor"]), 0.0) if row["investor"] else row["mcny"]
        use = pays / budget if budget > 0 else math.nan
        out.append(
            {"scope": scope, **row, "term": "capital", "capital": True, "budget_mcny": budget, "budget_use": use}
        )
    return out


def _budget(plan: Plan, scope: str, row: dict[str, Any]) -> float:
    """Return the budget that limits what the payer of a capital row pays, million CNY; NaN: none."""
    everybody = row["party"] == ""
    if math.isnan(row["ordered_mcny"]) or not (everybody or (row["investor"] and scope == "all")):
        return math.nan
    table = plan.scenario.at("budgets", int(row["period"]))
    held = table.loc[table["scope"] == (scope if everybody else f"investor:{row['investor']}"), "limit_mcny"]
    return float(held.iloc[0]) if len(held) else math.nan
