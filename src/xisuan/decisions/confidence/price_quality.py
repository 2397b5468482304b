"""Quality of the prices that a plan's orders rest on: table `decided`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xisuan.results.decision_tables import frame
from xisuan.results.plan import Plan
from xisuan.scenario.queries.row_keys import matches
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.tables import BY_NAME

QUALITIES = ("estimate", "derived", "published")
PRICED = {
    "hall": ("halls", "capex_mcny_per_mw", ("where",)),
    "retrofit": ("halls", "retrofit_capex_mcny_per_mw", ("where",)),
    "compute": ("technologies", "capex_mcny_per_unit", ("technology",)),
    "link": ("links", "capex_mcny_per_gbps", ("where",)),
    "solar": ("supply", "capex_mcny_per_mw", ("where", "asset")),
    "wind": ("supply", "capex_mcny_per_mw", ("where", "asset")),
    "battery": ("supply", "capex_mcny_per_mw", ("where", "asset")),
    "battery_energy": ("supply", "capex_mcny_per_mwh", ("where",)),
}
"""Asset of `builds` → table and column of its price, and the columns of `builds` that identify its row."""


def orders_by_quality(plan: Plan) -> pd.DataFrame:
    """Return the table `decided`: capital ordered by the quality of its price, "estimate" if listed in `estimates`."""
    money: dict[str, float] = {}
    guessed = _estimated_figures(plan.scenario)
    for row in plan.tables["builds"].to_dict("records"):
        grade = _grade(plan.scenario, guessed, row)
        money[grade] = money.get(grade, 0.0) + float(row["capex_mcny"])
    for row in plan.tables["rollout"].to_dict("records") if "rollout" in plan.tables else ():
        key = (str(row["measure"]), str(row["city"]))
        grade = _figure_quality(plan.scenario, guessed, "measures", "capex_cny_per_unit", key, row["period"])
        money[grade] = money.get(grade, 0.0) + float(row["capex_mcny"])
    for (city, year), laid in _ducts(plan).items():
        grade = _figure_quality(plan.scenario, guessed, "cities", "route_capex_mcny_per_km", (city,), year)
        money[grade] = money.get(grade, 0.0) + laid
    total = sum(money.values())
    order = [grade for grade in (*QUALITIES, "not graded") if grade in money]
    return frame(
        "decided",
        [
            {"quality": grade, "mcny": money[grade], "share": money[grade] / total if total > 0 else math.nan}
            for grade in order
        ],
    )


def _ducts(plan: Plan) -> dict[tuple[str, int], float]:
    """Return the cost of ducts by (city, period), million CNY: access capital that belongs to no measure."""
    if "access_totals" not in plan.tables:
        return {}
    built = plan.tables["rollout"].groupby(["city", "period"])["capex_mcny"].sum().to_dict()
    return {
        (str(row["city"]), int(row["period"])): float(row["capex_mcny"]) - built.get((row["city"], row["period"]), 0.0)
        for row in plan.tables["access_totals"].to_dict("records")
        if row["lay_km"] > 0.0
    }


def _estimated_figures(scenario: Scenario) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return table, column and key of every figure listed as an estimate."""
    rows = scenario["estimates"]
    return [
        (str(row["table"]), str(row["column"]), tuple(str(row["key"]).split("/"))) for row in rows.to_dict("records")
    ]


def _grade(scenario: Scenario, guessed: Sequence[tuple[str, str, tuple[str, ...]]], row: Mapping[Any, Any]) -> str:
    if row["asset"] not in PRICED:
        return "not graded"
    table, column, parts = PRICED[row["asset"]]
    key = tuple(str(row[part]) for part in parts)
    if row["asset"] == "battery_energy":
        key = (*key, "battery")
    return _figure_quality(scenario, guessed, table, column, key, row["period"])


def _figure_quality(
    scenario: Scenario, guessed: Sequence[tuple[str, str, tuple[str, ...]]], table: str, column: str,
    key: tuple[str, ...], period: int,
) -> str:  # fmt: skip
    """Return the quality of a figure: that of its row, unless the figure is listed as an estimate."""
    if any(one == table and of == column and matches(parts, key) for one, of, parts in guessed):
        return "estimate"
    rows = scenario.at(table, int(period))
    for name, part in zip(BY_NAME[table].keys, key, strict=False):
        rows = rows[rows[name].astype(str) == part]
    found = str(rows["quality"].iloc[0]) if len(rows) and "quality" in rows else ""
    return found or "not graded"
