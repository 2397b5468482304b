"""Facts about building: orders of the place, capital, equipment and racks year by year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.report import run_measures
from xisuan.report.facts import ranges
from xisuan.report.facts.fact import Fact, Path
from xisuan.report.facts.shown_sums import apportion, money_decimals
from xisuan.report.run_amounts import computed_once
from xisuan.report.run_context import Context

SMALLEST_ORDER_MCNY = 0.01
"""Orders of less capital are not shown: 10,000 CNY, one 万元."""
ACTUAL_CAPITAL = "investment_compute_mcny"
"""Quantity of the table `actuals` that stands for the capital of the last year that is over."""


@computed_once
def orders(context: Context) -> pd.DataFrame:
    """Return the orders of the place above the threshold, with class, precision, `eflops` and `racks` (NaN: none)."""
    found = context.orders
    found = found[found["where"].isin(list(context.focus)) & (found["amount"] > 0)]
    found = found[(found["capex_mcny"] == 0.0) | (found["capex_mcny"] >= SMALLEST_ORDER_MCNY)].reset_index(drop=True)
    racks = np.where(found["asset"] == "hall", units.racks(1.0) * found["mw"].astype(float), np.nan)
    return found.assign(racks=racks)


@computed_once
def capital_by_year(context: Context) -> dict[int, float]:
    """Return the overnight capital ordered at the place, mCNY by period, rounded as all its tables show it."""
    sums = orders(context).groupby("period")["capex_mcny"].sum()
    divisor, decimals = context.money.divisor, capital_decimals(context)
    return {period: round(float(sums.get(period, 0.0)) / divisor, decimals) * divisor for period in context.periods}


@computed_once
def capital_decimals(context: Context) -> int:
    """Return the decimals in which tables show capital of the place, in the unit of `context.money`."""
    sums = orders(context).groupby("period")["capex_mcny"].sum()
    return money_decimals((sums / context.money.divisor).tolist())


def capital(context: Context) -> Fact:
    """Return the capital ordered at the place over the horizon: the sum of its years as shown."""
    value = sum(capital_by_year(context).values())
    low, high, tables = ranges.capital_range(context, value)
    return Fact(
        "capital", value, "mCNY", low=low, high=high, spanned=tables,
        confidence=ranges.build_confidence(context), source="builds",
    )  # fmt: skip


@computed_once
def leading_class(context: Context) -> tuple[str, str]:
    """Return the class and precision with the most capital ordered at the place; else of what stands; blanks if none.

    Only classes counted in EFLOPS are considered.
    """
    rows = orders(context)
    rows = rows[rows["eflops"].notna() & (rows["eflops"] > 0)]
    weight = "capex_mcny"
    if not len(rows):
        capacity = context.equipment
        rows = capacity[capacity["where"].isin(list(context.focus)) & (capacity["eflops"] > 0)]
        weight = "mw"
    if not len(rows):
        return "", ""
    best = rows.groupby(["class", "precision"])[weight].sum().idxmax()
    return str(best[0]), str(best[1])  # type: ignore[index]


def eflops_path(context: Context) -> Path | None:
    """Return the EFLOPS of the leading class in use at the place, from the end of the last actual year on."""
    kind, precision = leading_class(context)
    if not kind:
        return None
    rows = context.equipment
    rows = rows[rows["where"].isin(list(context.focus)) & (rows["class"] == kind) & (rows["precision"] == precision)]
    sums = rows.groupby("period")["eflops"].sum()
    values = [float(sums.get(period, 0.0)) for period in context.periods]
    stood = _standing_eflops(context, kind, precision)
    low, high, _tables = ranges.power_ratio(context)
    new = float((rows["eflops"] * (1.0 - (rows["existing"] / rows["amount"].where(rows["amount"] > 0)).clip(upper=1.0)))
                [rows["period"] == context.last].sum())  # fmt: skip
    ends = [math.nan] * len(values)
    least, most = [math.nan, *ends], [math.nan, *ends]
    least[-1], most[-1] = values[-1] + new * (low - 1.0), values[-1] + new * (high - 1.0)
    return Path(
        "eflops", f"EFLOPS {precision}", (context.periods[0] - 1, *context.periods), (stood, *values),
        tuple(least), tuple(most), 1, ranges.build_confidence(context, "compute"), "capacity",
    )  # fmt: skip


def _standing_eflops(context: Context, kind: str, precision: str) -> float:
    """Return the EFLOPS that stand at the end of the year before the first period, by the table `fleet`."""
    year, first = context.periods[0] - 1, context.periods[0]
    fleet = context.scenario["fleet"]
    fleet = fleet[fleet["site"].isin(list(context.focus)) & (fleet["opened"].fillna(year) <= year)]
    fleet = fleet[fleet["retires"].isna() | (fleet["retires"] > year)]
    given = context.scenario.at("technologies", first).set_index("technology")
    facts = given.reindex(fleet["technology"])
    same = ((facts["class"] == kind) & (facts["precision"] == precision)).to_numpy()
    return float((fleet["units"].to_numpy(dtype=float) * facts["eflops_per_unit"].to_numpy(dtype=float))[same].sum())


def racks_path(context: Context) -> Path | None:
    """Return the standard racks of the halls at the place, from the end of the last actual year on; None without."""
    rows = context.run.plan.capacity
    rows = rows[(rows["asset"] == "hall") & rows["where"].isin(list(context.focus))]
    if not len(rows):
        return None
    sums = rows.groupby("period")["amount"].sum()
    stood = float(rows.loc[rows["period"] == context.periods[0], "existing"].sum())
    values = tuple(units.racks(float(sums.get(period, 0.0))) for period in context.periods)
    least, most = _hall_range(context, len(values))
    low, high = _standing_range(context)
    return Path(
        "racks", "racks", (context.periods[0] - 1, *context.periods), (units.racks(stood), *values),
        (low, *least[1:]), (high, *most[1:]), 1, ranges.build_confidence(context, "hall"), "capacity",
    )  # fmt: skip


def _standing_range(context: Context) -> tuple[float, float]:
    """Return the range of the racks that stand at the start, from the table `estimates`; NaN, NaN without one."""
    given = context.scenario["estimates"]
    rows = given[(given["table"] == "halls") & (given["column"] == "existing_mw") & given["key"].isin(context.focus)]
    halls = context.scenario["halls"]
    sites = set(halls.loc[halls["site"].isin(context.focus) & (halls["existing_mw"] > 0), "site"])
    if not sites or set(rows["key"]) != sites:
        return math.nan, math.nan
    return units.racks(float(rows["low"].sum())), units.racks(float(rows["high"].sum()))


def missed_racks(context: Context) -> Fact | None:
    """Return the largest target of racks, for a year before the plan, that exceeds even the upper end of existing
    racks.

    `low`, `high`: range of the existing racks. None if there is no such target.
    """
    low, high = _standing_range(context)
    given, first = context.scenario["actuals"], context.periods[0]
    rows = given[(given["quantity"] == "racks") & (given["kind"] == "target") & (given["period"] < first)]
    rows = rows[rows["place"].isin([context.focus_hub, *context.focus]) & (rows["value"] > high)]
    if not len(rows):
        return None
    largest = rows.sort_values("value", kind="stable").iloc[-1]
    return Fact(
        "rack_aim", float(largest["value"]), "racks", int(largest["period"]), low, high, ("estimates",), "published",
        "actuals",
    )  # fmt: skip


def _hall_range(context: Context, years: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the least and most racks by year that plans of nearly the same cost have, NaN where not asked."""
    found = ranges.whole_place(context)
    found = found[found["asset"] == "hall"]
    least, most = [math.nan] * (years + 1), [math.nan] * (years + 1)
    for at, period in enumerate(context.periods, start=1):
        rows = found[found["period"] == period]
        if len(rows):
            least[at], most[at] = units.racks(float(rows["least"].sum())), units.racks(float(rows["most"].sum()))
    return tuple(least), tuple(most)


def capital_path(context: Context) -> Path | None:
    """Return the capital ordered at the place by year, with a published figure of the year before where there is one."""
    years = capital_by_year(context)
    if not any(years.values()):
        return None
    given = context.scenario["actuals"]
    before = context.periods[0] - 1
    rows = given[(given["quantity"] == ACTUAL_CAPITAL) & (given["period"] == before) & (given["kind"] == "actual")]
    rows = rows[rows["place"].isin([context.focus_hub, *context.focus]) & (rows["date"].fillna("") == "")]
    actual = [float(rows["value"].iloc[0])] if len(rows) else []
    nothing = (math.nan,) * (len(actual) + len(years))
    span = (*([before] if actual else []), *context.periods)
    return Path(
        "capital", "mCNY", span, (*actual, *years.values()), nothing, nothing, len(actual),
        ranges.build_confidence(context), "builds",
    )  # fmt: skip


def first_hall_year(context: Context) -> int | None:
    """Return the first year in which new halls are ordered at the place, or None."""
    rows = orders(context)
    years = rows.loc[rows["asset"] == "hall", "period"]
    return int(years.min()) if len(years) else None


@dataclass(frozen=True, slots=True)
class Order:
    """A line of the procurement list: a row of `orders` with its capital as shown, mCNY.

    `mwh`: energy of batteries, whose power and energy are one line. `is_small`: True if the capital rounds to 0 without
    being 0.
    """

    period: int
    asset: str
    where: str
    technology: str
    kind: str
    precision: str
    amount: float
    unit: str
    eflops: float
    mw: float
    racks: float
    in_use_from: int
    investor: str
    mcny: float
    mwh: float = 0.0
    is_small: bool = False


@computed_once
def procurement(context: Context) -> list[Order]:
    """Return the orders of the place as lines whose capital adds up to that of each year as shown."""
    rows, divisor, decimals = orders(context), context.money.divisor, capital_decimals(context)
    years, found = capital_by_year(context), []
    for period, group in rows.groupby("period", sort=True):
        ordered = group.sort_values("asset", key=lambda column: column.map(ASSET_ORDER).fillna(9), kind="stable")
        lines = _batteries_joined(run_measures.records(ordered))
        parts = [float(row["capex_mcny"]) / divisor for row in lines]
        shown = apportion(parts, years[int(str(period))] / divisor, decimals)
        found += [_order(row, value * divisor, row["mwh"]) for row, value in zip(lines, shown, strict=True)]
    return found


def _batteries_joined(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with power and energy of the batteries of a site as one; `mwh` is their energy, 0 of other rows."""
    found: list[dict[str, Any]] = []
    at: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["asset"] not in ("battery", "battery_energy"):
            found.append({**row, "mwh": 0.0})
            continue
        is_power = row["asset"] == "battery"
        one = at.get(row["where"])
        if one is None:
            one = at[row["where"]] = {
                **row,
                "asset": "battery",
                "amount": 0.0,
                "unit": "MW",
                "capex_mcny": 0.0,
                "mwh": 0.0,
            }
            found.append(one)
        one["amount"] += row["amount"] if is_power else 0.0
        one["mwh"] += 0.0 if is_power else row["amount"]
        one["capex_mcny"] += row["capex_mcny"]
    return found


ASSET_ORDER = {"opening": 0, "hall": 1, "retrofit": 2, "compute": 3}
"""Order of assets within a year; others follow."""


def _order(row: dict[str, Any], mcny: float, mwh: float) -> Order:
    kind, precision = ("" if pd.isna(row[name]) else str(row[name]) for name in ("class", "precision"))
    return Order(
        period=int(row["period"]), asset=str(row["asset"]), where=str(row["where"]), technology=str(row["technology"]),
        kind=kind, precision=precision, amount=float(row["amount"]), unit=str(row["unit"]), eflops=float(row["eflops"]),
        mw=float(row["mw"]), racks=float(row["racks"]), in_use_from=int(row["in_use_from"]),
        investor=str(row["investor"]), mcny=mcny, mwh=mwh, is_small=mcny == 0.0 and float(row["capex_mcny"]) > 0.0,
    )  # fmt: skip


@computed_once
def links_here(context: Context) -> pd.DataFrame:
    """Return the orders of links that end at a node of the place, with `gbps`."""
    sites = context.scenario["sites"]
    nodes = set(sites.loc[sites["site"].isin(list(context.focus)), "node"])
    here = [link for link, ends in context.ends.items() if nodes & set(ends)]
    builds = run_measures.orders(context.run)
    rows = builds[(builds["asset"] == "link") & builds["where"].isin(here)]
    rows = rows[rows["capex_mcny"] >= SMALLEST_ORDER_MCNY]
    return run_measures.link_orders(context.run, rows) if len(rows) else rows.assign(gbps=[])


def ordered_by_year(context: Context, of: tuple[str, str] | None = None) -> tuple[dict[int, float], int]:
    """Return the EFLOPS of a class and precision ordered by year, rounded as shown, and their decimals.

    of: class and precision; the leading ones if None. The total shown is their sum; it has three significant digits in
    its largest year.
    """
    kind, precision = leading_class(context) if of is None else of
    sums: dict[int, float] = {}
    for line in procurement(context):
        if (line.kind, line.precision) == (kind, precision) and line.eflops > 0:
            sums[line.period] = sums.get(line.period, 0.0) + line.eflops
    decimals = money_decimals(list(sums.values()))
    shown = apportion(list(sums.values()), sum(sums.values()), decimals)
    return dict(zip(sums, shown, strict=True)), decimals
