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
from xisuan.scenario.schema.policy_tables import INVESTOR

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
        sums = split_by_payer(plan, part).groupby(KEYS, sort=True)[["mcny", "discounted_mcny"]].sum().reset_index()
        sums = sums[sums["mcny"].abs() > CRUMB]
        rows += [{"scope": scope, **row} for row in _records(sums)]
        rows += _capital(plan, scope, part, sums)
    return frame("investors", rows)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries."""
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def split_by_payer(plan: Plan, costs: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a plan's table `costs`, each split among its payers, with `party` and `capital` added.

    The investor of a site, link or city pays unless the table `payers` splits the cost. The narrowest scope applies: a
    site's before its hub's before the overall one. Of capital, a residual payer pays what a payer's budget cannot
    carry, in the scopes in which the plan has it taken over.
    """
    costs = costs.assign(capital=costs["term"].isin(CAPEX_TERMS))
    payers = _Payers(plan)
    rows = [
        {**row, "investor": name, "party": party, "mcny": row["mcny"] * share,
         "discounted_mcny": row["discounted_mcny"] * share}
        for row in _records(costs)
        for (name, party), share in payers.of(row).items()
    ]  # fmt: skip
    types = {**costs.dtypes, "party": costs["investor"].dtype}  # a frame without rows has none of its own
    return pd.DataFrame(rows, columns=[*types]).astype(types)


Payer = tuple[str, str]
"""Investor and party."""


class _Payers:
    """Payers by asset: the rows of `payers` for the site or link, else its hub, its kind of asset, or all."""

    def __init__(self, plan: Plan) -> None:
        self._scenario = scenario = plan.scenario
        self._held: dict[int, dict[str, list[Mapping[str, Any]]]] = {}
        first = scenario["sites"].drop_duplicates("site")
        said = scenario["payers"].groupby("investor")["party"].agg(["nunique", "first"])
        self._parties = said.loc[said["nunique"] == 1, "first"].to_dict()
        self._hubs = dict(zip(first["site"].astype(str), first["hub"].astype(str), strict=True))
        self._cities = frozenset(scenario["cities"]["city"].astype(str)) - self._hubs.keys()
        self._moved = self._taken_over(plan)

    def of(self, row: Mapping[str, Any]) -> dict[Payer, float]:
        """Return the share of each payer of a cost row; the investor itself pays where no payer is listed."""
        scope, listed = self._listed(row)
        found = self._shares(listed, str(row["investor"]))
        for payer, other, share in self._residuals(listed) if self._can_move(row) else ():
            moved = share * self._moved.get((int(row["period"]), scope, payer[0]), 0.0)
            found[payer] -= moved
            found[other] += moved
        return found

    def _shares(self, listed: list[Mapping[str, Any]], investor: str) -> dict[Payer, float]:
        """Return the share of each payer by the rows of `payers`, or all of it for the investor."""
        if not listed:
            return {(investor, self.party(investor)): 1.0}
        return {(str(one["investor"]), str(one["party"])): float(one["share"]) for one in listed}

    def _listed(self, row: Mapping[str, Any]) -> tuple[str, list[Mapping[str, Any]]]:
        """Return the narrowest scope of a cost row with its rows of `payers`; none where its investor pays alone."""
        held = self._at(int(row["period"]))
        where = str(row["where"])
        asset = "" if where in self._hubs else "network"
        if self._is_access(row):
            asset = "access"
        scopes = [asset, "all"] if asset else [where, self._hubs[where], "all"]
        return next(((scope, held[scope]) for scope in scopes if scope in held), ("", []))

    def _is_access(self, row: Mapping[str, Any]) -> bool:
        """Return True for a cost of gigabit access."""
        return str(row["where"]) in self._cities or str(row["term"]).startswith(("access", "route"))

    def _can_move(self, row: Mapping[str, Any]) -> bool:
        """Return True for a cost that a residual payer may take over: capital of sites and links."""
        return str(row["term"]) in CAPEX_TERMS and not self._is_access(row)

    @staticmethod
    def _residuals(listed: list[Mapping[str, Any]]) -> list[tuple[Payer, Payer, float]]:
        """Return the payers of a scope with a residual payer, each with it and with its own share."""
        known = {str(row["investor"]): (str(row["investor"]), str(row["party"])) for row in listed}
        return [
            (known[str(row["investor"])], known[str(row["residual_payer"])], float(row["share"]))
            for row in listed
            if row["residual_payer"]
        ]

    def _taken_over(self, plan: Plan) -> dict[tuple[int, str, str], float]:
        """Return the part of each payer's share that its residual payer pays: (period, scope, investor) → part.

        A plan may let more be taken over than budgets need, for it costs nothing. What is paid is the least that keeps
        the payer's budget, in its scopes in proportion to the plan.
        """
        variable = plan.variables.get("taken_over")
        if variable is None or not (variable.values > CRUMB).any():
            return {}
        paid: dict[tuple[int, str], float] = {}
        shares: dict[tuple[int, str, str], float] = {}
        for row in _records(plan.costs[plan.costs["term"].isin(CAPEX_TERMS)]):
            scope, listed = self._listed(row)
            for (name, _), share in self._shares(listed, str(row["investor"])).items():
                money, period = share * float(row["mcny"]), int(row["period"])
                paid[period, name] = paid.get((period, name), 0.0) + money
                if self._can_move(row):
                    shares[period, scope, name] = shares.get((period, scope, name), 0.0) + money
        found: dict[tuple[int, str, str], float] = {}
        for period, taken in zip(plan.scenario.settings.periods, variable.values, strict=True):
            together: dict[str, float] = {}
            for label, amount in zip(variable.labels, taken, strict=True):
                together[label[1]] = together.get(label[1], 0.0) + float(amount)
            for (scope, name), amount in zip(variable.labels, taken, strict=True):
                budget = budget_of(plan.scenario, period, f"{INVESTOR}{name}")
                above = max(0.0, paid.get((period, name), 0.0) - budget)
                whole = shares.get((period, scope, name), 0.0)
                if above > CRUMB and together[name] > 0.0 and whole > 0.0:
                    found[period, scope, name] = min(1.0, float(amount) / whole * min(1.0, above / together[name]))
        return found

    def party(self, investor: str) -> str:
        """Return the party of an investor as stated in the table."""
        return str(self._parties.get(investor, UNSAID))

    def _at(self, period: int) -> dict[str, list[Mapping[str, Any]]]:
        """Return the rows of `payers` by scope in a period."""
        if period not in self._held:
            found = self._held[period] = {}
            for row in self._scenario.dated("payers").rows(period).values():
                found.setdefault(str(row["scope"]), []).append(row)
        return self._held[period]


def _capital(plan: Plan, scope: str, costs: pd.DataFrame, sums: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row of capital for each year and payer, and one for all payers (no party), with the budgets.

    An investor's budget limits what it pays. An investor in whose name things are ordered but who pays nothing has a
    row too. If an investor has two parties, one row has the budget of both.
    """
    part = sums[sums["capital"]]
    keys, money = ["period", "investor", "party"], ["mcny", "discounted_mcny"]
    paid = part.groupby(keys, sort=True)[money].sum().reset_index()
    orders = costs[costs["term"].isin(CAPEX_TERMS) & (costs["investor"] != "")]
    ordered = orders.groupby(["period", "investor"], sort=True)["mcny"].sum().rename("ordered_mcny").reset_index()
    ordered = ordered[ordered["ordered_mcny"].abs() > CRUMB]
    first = paid.drop_duplicates(["period", "investor"])[keys]
    beside = ordered.merge(first, on=["period", "investor"], how="outer").fillna({"ordered_mcny": 0.0})
    of = _Payers(plan).party
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
    return budget_of(plan.scenario, int(row["period"]), scope if everybody else f"{INVESTOR}{row['investor']}")


def budget_of(scenario: Scenario, period: int, scope: str) -> float:
    """Return the budget of a scope in a period, million CNY; NaN: none."""
    table = scenario.at("budgets", period)
    held = table.loc[table["scope"] == scope, "limit_mcny"]
    return float(held.iloc[0]) if len(held) else math.nan
