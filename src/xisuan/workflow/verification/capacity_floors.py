"""Minimum capacities that failures require of the next plan, written as rules of its scenario."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario

Key = tuple[str, ...]
RESERVE = "site_reserve_min"
LEAST = 1e-6
"""Relative increase of a plan's capacity below which it is not a change."""


@dataclass(frozen=True, slots=True)
class _Least:
    """A column with a minimum, and the column of the same row that limits it; `key`: the columns that name a row."""

    table: str
    key: Key
    least: str
    most: str


EQUIPMENT = _Least("limits", ("site", "technology"), "min_units", "max_units")
LINKS = _Least("links", ("link",), "min_gbps", "limit_gbps")
ASSETS = {"compute": EQUIPMENT, "link": LINKS}
"""Minima by asset. Halls follow from the equipment."""


@dataclass(frozen=True, slots=True)
class Change:
    """Minimum for the plan of a round: units of a technology at a site, Gbps of a link, or the share of the
    equipment of all sites that no hour uses.
    """

    round: int
    rule: str
    where: str
    technology: str
    value: float


def floors(scenario: Scenario, plan: Plan, period: int, spare: pd.DataFrame, number: int) -> list[Change]:
    """Return rules for at least the equipment and links of `plan` plus the largest spare of any failure, within the
    limits of `scenario`; none where that is no more than the plan has. Existing links are left out.

    The rules ask for the sum, not the spare alone: otherwise the next plan would use the spare and build less
    elsewhere. They ask for capacity, not for free capacity: otherwise traffic would take another path and leave the
    link unchanged.
    """
    found, more = [], False
    for asset, least in ASSETS.items():
        extra = spare[spare["asset"] == asset].groupby(["where", "technology"])["amount"].max()
        if not len(extra):
            continue
        frame = plan.tables["capacity"]
        frame = frame[(frame["period"] == period) & (frame["asset"] == asset)]
        sums = frame.groupby(["where", "technology"])[["amount", "existing"]].sum()
        whole = pd.DataFrame({"least": sums["amount"].add(extra, fill_value=0.0)}).join(sums).fillna(0.0)
        for key, row in whole.to_dict("index").items():
            where, technology = map(str, key)  # type: ignore[call-overload]
            most = _number(_row_in_force(scenario, least, (where, technology)[: len(least.key)], period)[least.most])
            value = min(row["least"], max(row["amount"], most))
            more = more or value > row["amount"] * (1.0 + LEAST)
            if asset != "link" or value > row["existing"]:
                found.append(Change(number, least.least, where, technology, float(value)))
    return found if more else []


def reserve(share: float, number: int) -> Change:
    """Return a rule for the share of every site that the schedule leaves free in every hour.

    A schedule followed exactly fills the cheapest sites completely, and its jobs wait there while other sites are idle.
    """
    return Change(number, RESERVE, "all", "", share)


def amended(scenario: Scenario, period: int, changes: Sequence[Change]) -> Scenario:
    """Return `scenario` with `changes` in `period`; a larger minimum in it stays, and no minimum exceeds a limit."""
    for least in ASSETS.values():
        rows = [change for change in changes if change.rule == least.least]
        scenario = _with_floors(scenario, period, least, rows) if rows else scenario
    share = max((change.value for change in changes if change.rule == RESERVE), default=0.0)
    return _with_reserve(scenario, period, share) if share else scenario


def _with_reserve(scenario: Scenario, period: int, share: float) -> Scenario:
    """Return the scenario with at least `share` of every site free in `period`; rules of narrower scope are raised as
    well.

    The rules in force afterwards are written out for the next period, so that only `period` changes.
    """
    table = scenario["policies"]
    later = min((year for year in scenario.settings.periods if year > period), default=None)
    now, then = _reserves(scenario, period), {} if later is None else _reserves(scenario, later)
    blank = _blank(table) | {"rule": RESERVE, "applies": "all"}
    rows: list[dict[str, object]] = []
    for scope in dict.fromkeys(("all", *now)):
        rows.append({**blank, "scope": scope, "period": float(period), "value": max(share, now.get(scope, 0.0))})
        if later is not None:
            rows.append({**blank, "scope": scope, "period": float(later), "value": then.get(scope, 0.0)})
    keys = {(RESERVE, row["scope"], row["period"]) for row in rows}
    kept = table[[key not in keys for key in zip(table["rule"], table["scope"], table["period"], strict=True)]]
    return _with(scenario, "policies", kept, rows)


def _reserves(scenario: Scenario, period: int) -> dict[str, float]:
    """Return the required free shares of sites, by scope."""
    rules = scenario.at("policies", period)
    rules = rules[rules["rule"] == RESERVE]
    return dict(zip(rules["scope"].astype(str), rules["value"].astype(float), strict=True))


def _with_floors(scenario: Scenario, period: int, of: _Least, changes: Sequence[Change]) -> Scenario:
    """Return the scenario with minima in `period`; the rows in force afterwards are written out for the next period."""
    table = scenario[of.table]
    later = min((year for year in scenario.settings.periods if year > period), default=None)
    rows: list[dict[str, object]] = []
    for change in changes:
        key = (change.where, change.technology)[: len(of.key)]
        row = _row_in_force(scenario, of, key, period)
        floor = min(max(float(row[of.least]), change.value), _number(row[of.most]))  # type: ignore[arg-type]
        rows.append({**row, "period": float(period), of.least: floor})
        if later is not None:
            rows.append({**_row_in_force(scenario, of, key, later), "period": float(later)})
    columns = [*of.key, "period"]
    keys = {tuple(row[column] for column in columns) for row in rows}
    kept = table[[key not in keys for key in zip(*(table[column] for column in columns), strict=True)]]
    return _with(scenario, of.table, kept, rows)


def _with(scenario: Scenario, name: str, kept: pd.DataFrame, rows: Sequence[dict[str, object]]) -> Scenario:
    """Return `scenario` with a table of the kept rows and the new ones."""
    table = scenario[name]
    new = pd.DataFrame(list(rows), columns=table.columns)
    joined = pd.concat([kept, new], ignore_index=True) if len(kept) else new
    return dataclasses.replace(scenario, tables={**scenario.tables, name: joined.astype(table.dtypes.to_dict())})


def _blank(table: pd.DataFrame) -> dict[str, object]:
    return {str(column): np.nan if table[column].dtype.kind == "f" else "" for column in table.columns}


def _number(cell: object) -> float:
    """Return a limit; infinite if blank."""
    value = float(cell)  # type: ignore[arg-type]
    return np.inf if np.isnan(value) else value


def _row_in_force(scenario: Scenario, of: _Least, key: Key, period: int) -> dict[str, object]:
    """Return the table row in force, or a blank row."""
    table = scenario.at(of.table, period)
    mine = table[np.logical_and.reduce([table[column] == name for column, name in zip(of.key, key, strict=True)])]
    if len(mine):
        return {str(name): cell for name, cell in mine.iloc[0].items()}
    return {**_blank(table), **dict(zip(of.key, key, strict=True)), of.least: 0.0}
