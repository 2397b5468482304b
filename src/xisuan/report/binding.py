"""What limits and rules cost, in words: shadow prices of what binds.

Every line is about one more unit of a right side. A rule on what a year uses (MWh, tonnes, cubic metres) is priced as
its field does: money of the year for a unit of the year, so that the price of a period is divided by the discount
factors of its years. Everything else is what the plan would save over the horizon, discounted. To compare lines of
different units they are sorted by what one per cent more of the limit (one percentage point of a rule that is a share)
would save, to first order and discounted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.report import measures
from xisuan.report.context import Context
from xisuan.report.figures import plain
from xisuan.scenario.tables_rules import REACH_RULES

LEAST_WORTH = 1e-8
"""Savings below this share of the cost of the plan are rounding."""

OF_A_YEAR = ("utilisation_min", "green_share_min", "pue_max", "carbon_cap_t", "carbon_cap_market_t", "water_cap_m3")
"""Rules on what a year uses: their price is that of a unit of the year."""
OF_ORDERS = ("budget", "bound on build", "hub_share_min", "reach_investment_mcny")
"""Limits on what is ordered in a period, which is in its first year."""

Size = Callable[[Context, int, str], float]


def worth(context: Context) -> pd.DataFrame:
    """The rows of `prices` that are limits or rules, with `worth` (mCNY for one per cent more), the dearest first."""
    prices = context.run.plan.prices
    rows = prices[prices["constraint"].isin(list(SIZES))]
    sizes = [SIZES[row["constraint"]](context, row["period"], row["item"]) for row in measures.records(rows)]
    valued = rows.assign(worth=rows["value"].abs() * pd.Series(sizes, index=rows.index, dtype=float) * 0.01)
    valued = valued[valued["worth"] > LEAST_WORTH * abs(context.run.plan.cost_mcny)]
    return valued.sort_values("worth", ascending=False, kind="stable").reset_index(drop=True)


def sentence(context: Context, row: dict[str, Any]) -> str:
    """One shadow price in words."""
    name, item, year = str(row["constraint"]), str(row["item"]), int(str(row["period"]))
    parts = item.split("/")
    saved = abs(float(str(row["value"])))
    saved = saved / context.weights[year] if name in OF_A_YEAR else saved
    years = str(year) if name in OF_ORDERS else context.years_of(year)
    values = {"year": years, "money": _small(context, saved), "unit": str(row["unit"])}
    places = {"scope": context.scope(parts[0]), "place": context.place(parts[0]), "technology": "", "class": ""}
    if name in ("bound on build", "bound on installed"):
        places["technology"] = context.technology(parts[1])
        values["unit"] = context.unit_of_technology(parts[1])
    if name == "utilisation_min":
        places["class"] = context.say.known("class_short", parts[-1])
    key = f"binding.{name.replace(' ', '_')}"
    return context.say(key, **values, **places)


def _small(context: Context, mcny: float) -> str:
    """Money that may be a few CNY."""
    if mcny >= 0.1:
        return context.show.money(mcny)
    return context.say("binding.cny", value=plain(mcny * 1e6))


# how large the right side is: what one per cent is taken of


def _given(table: str, keys: tuple[str, ...], column: str) -> Size:
    """The limit as the scenario gives it."""

    def size(context: Context, period: int, item: str) -> float:
        rows = context.scenario.at(table, period)
        for key, value in zip(keys, item.split("/"), strict=False):
            rows = rows[rows[key] == value]
        return float(rows[column].iloc[0]) if len(rows) and pd.notna(rows[column].iloc[0]) else 0.0

    return size


def _budget(context: Context, period: int, item: str) -> float:
    rows = context.scenario["budgets"]
    rows = rows[(rows["period"] == period) & (rows["scope"] == item)]
    return float(rows["limit_mcny"].iloc[0]) if len(rows) else 0.0


def _rule(name: str) -> Size:
    """The value of a rule whose right side it is."""

    def size(context: Context, period: int, item: str) -> float:
        rows = context.scenario.at("policies", period)
        rows = rows[(rows["rule"] == name) & (rows["scope"] == item.split("/", maxsplit=1)[0])]
        return float(rows["value"].iloc[0]) if len(rows) else 0.0

    return size


def sites_in(context: Context, item: str) -> list[str]:
    """Sites in the scope that an item begins with."""
    sites, scope = context.scenario["sites"], item.split("/", maxsplit=1)[0]
    inside = (sites["hub"] == scope) | (sites["site"] == scope) if scope != "all" else sites["site"] != ""
    return list(sites.loc[inside, "site"])


def _energy(column: str) -> Size:
    def size(context: Context, period: int, item: str) -> float:
        rows = context.energy
        rows = rows[(rows["period"] == period) & rows["site"].isin(sites_in(context, item))]
        return float(rows[column].sum())

    return size


def _halls(context: Context, period: int, item: str) -> float:
    return float(measures.hall_mw(context.run, period).reindex(sites_in(context, item)).sum())


def _fp32(table: str) -> Size:
    def size(context: Context, period: int, item: str) -> float:
        rows = measures.equipment(context.run, context.run.plan.tables[table])
        rows = rows[rows["period"] == period]
        return float((rows["amount"] * rows["fp32_per_unit"]).sum())

    return size


def _used(context: Context, period: int, item: str) -> float:
    rows = measures.utilisation(context.run)
    rows = rows[(rows["period"] == period) & (rows["class"] == item.rsplit("/", maxsplit=1)[-1])]
    return float(rows.loc[rows["site"].isin(sites_in(context, item)), "installed"].sum()) * units.HOURS_PER_YEAR


def _link(context: Context, period: int, item: str) -> float:
    rows = context.peak_loads[period]
    link = item.split("/", maxsplit=1)[0]
    return measures.number(rows["capacity_gbps"].get(link, 0.0))


SIZES: dict[str, Size] = {
    "budget": _budget,
    "bound on hall": _given("halls", ("site",), "limit_mw"),
    "fleet_within_site": _given("sites", ("site",), "it_limit_mw"),
    "bound on build": _given("limits", ("site", "technology"), "max_build_units"),
    "bound on installed": _given("limits", ("site", "technology"), "max_units"),
    "bound on capacity": _given("links", ("link",), "limit_gbps"),
    "bound on supply": _given("supply", ("site", "source"), "limit_mw"),
    "grid_within_zone": _given("power", ("zone",), "grid_limit_mw"),
    "traffic_within_link": _link,
    "occupancy_min": _halls,
    "utilisation_min": _used,
    "hub_share_min": _fp32("builds"),
    "intelligent_share_min": _fp32("capacity"),
    "green_share_min": _energy("facility_mwh"),
    "pue_max": _energy("it_mwh"),
    "carbon_cap_t": _rule("carbon_cap_t"),
    "carbon_cap_market_t": _rule("carbon_cap_market_t"),
    "water_cap_m3": _rule("water_cap_m3"),
    **{name: _rule(name) for name in REACH_RULES},
    "reach_racks": lambda context, period, item: units.mw_of_racks(_rule("reach_racks")(context, period, item)),
}
"""Limits and rules worth a sentence, each with the size of its right side. Balances are not limits."""
