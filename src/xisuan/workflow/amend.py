"""What failures ask of the next plan, written as rules of its scenario."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario

FLOOR, FREE_LINK = "min_units", "link_load_max"
LEAST_LOAD = 0.01
"""The strictest that is asked of a link."""


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that the plan of a round has to keep: units of a technology at a site, or a share of a link."""

    round: int
    rule: str
    where: str
    technology: str
    value: float


def floors(plan: Plan, period: int, spare: pd.DataFrame, number: int) -> list[Change]:
    """At least the equipment of `plan`, and the largest spare of any failure beside it.

    All of it is asked for, not the spare alone: otherwise the next plan would use the spare and build less elsewhere.
    """
    extra = spare[spare["asset"] == "compute"].groupby(["where", "technology"])["amount"].max()
    if not len(extra):
        return []
    frame = plan.tables["capacity"]
    frame = frame[(frame["period"] == period) & (frame["asset"] == "compute")]
    units = frame.groupby(["where", "technology"])["amount"].sum().add(extra, fill_value=0.0)
    return [Change(number, FLOOR, str(key[0]), str(key[1]), float(value)) for key, value in units.items()]  # type: ignore[index]


def free_links(plan: Plan, period: int, spare: pd.DataFrame, number: int) -> list[Change]:
    """Of each link that needs a spare, the share of its future capacity that the plan's busiest hour may take."""
    extra = spare[spare["asset"] == "link"].groupby("where")["amount"].max()
    flows, capacity = plan.tables["flows"], plan.tables["capacity"]
    busiest = flows[flows["period"] == period].groupby("link")["gbps"].max()
    stands = capacity[(capacity["period"] == period) & (capacity["asset"] == "link")].set_index("where")["amount"]
    found = []
    for link, gbps in extra.items():
        load = float(busiest.get(link, 0.0)) / (float(stands.get(link, 0.0)) + float(gbps))
        found.append(Change(number, FREE_LINK, str(link), "", min(1.0, max(LEAST_LOAD, load))))
    return found


def amended(scenario: Scenario, plan: Plan, period: int, changes: Sequence[Change]) -> Scenario:
    """`scenario` with `changes` in `period`; stricter rules that it has stay."""
    rows = [change for change in changes if change.rule == FLOOR]
    made = _with_floors(scenario, period, rows) if rows else scenario
    values = {change.where: change.value for change in changes if change.rule == FREE_LINK}
    return _with_free_links(made, period, values) if values else made


def _with_floors(scenario: Scenario, period: int, changes: Sequence[Change]) -> Scenario:
    """Only `period` is bound: the rows of `limits` that hold in the next period are written out where they are not."""
    table = scenario["limits"]
    later = min((year for year in scenario.settings.periods if year > period), default=None)
    rows: list[dict[str, object]] = []
    for change in changes:
        row = _limits(scenario, change.where, change.technology, period)
        most = float(row["max_units"]) if row["max_units"] == row["max_units"] else np.inf  # type: ignore[arg-type]
        floor = min(max(float(row["min_units"]), change.value), most)  # type: ignore[arg-type]
        rows.append({**row, "period": float(period), "min_units": floor})
        if later is not None:
            rows.append({**_limits(scenario, change.where, change.technology, later), "period": float(later)})
    keys = {(row["site"], row["technology"], row["period"]) for row in rows}
    kept = table[[key not in keys for key in zip(table["site"], table["technology"], table["period"], strict=True)]]
    return _with(scenario, "limits", kept, rows)


def _limits(scenario: Scenario, site: str, technology: str, period: int) -> dict[str, object]:
    """The limits that hold for it; blank ones where there are none."""
    held = scenario.at("limits", period)
    mine = held[(held["site"] == site) & (held["technology"] == technology)]
    if len(mine):
        return {str(name): cell for name, cell in mine.iloc[0].items()}
    return {**_blank(held), "site": site, "technology": technology, "min_units": 0.0}


def _with_free_links(scenario: Scenario, period: int, values: dict[str, float]) -> Scenario:
    table = scenario["policies"]
    now = scenario.at("policies", period)
    now = now[now["rule"] == FREE_LINK]
    held = dict(zip(now["scope"].astype(str), now["value"].astype(float), strict=True))
    rows: list[dict[str, object]] = [
        {
            **_blank(table), "rule": FREE_LINK, "scope": scope, "period": float(period), "applies": "all",
            "value": min(value, held.get(scope, held.get("all", value))),
        }
        for scope, value in values.items()
    ]  # fmt: skip
    same = (table["rule"] == FREE_LINK) & table["scope"].isin(list(values)) & (table["period"] == period)
    return _with(scenario, "policies", table[~same], rows)


def _blank(frame: pd.DataFrame) -> dict[str, object]:
    return {str(column): np.nan if frame[column].dtype.kind == "f" else "" for column in frame.columns}


def _with(scenario: Scenario, name: str, kept: pd.DataFrame, rows: Sequence[dict[str, object]]) -> Scenario:
    table = scenario[name]
    new = pd.DataFrame(list(rows), columns=table.columns)
    joined = pd.concat([kept, new], ignore_index=True) if len(kept) else new
    return dataclasses.replace(scenario, tables={**scenario.tables, name: joined.astype(table.dtypes.to_dict())})
