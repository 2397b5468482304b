"""Planned prices of halls and equipment compared with published ones: tables `published_prices` and `price_support`.

A published price is from one project of some year and scope. The scenario's price is of the project's year or the
nearest planned one, as a range over the sites and the technologies on offer. A project comprises halls and equipment; a
rack is a standard rack in use.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.decisions.confidence.statistical_counts import NATION, places
from xisuan.results.decision_tables import frame, in_both
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import in_context

CNY = 1e6
"""CNY per million CNY."""
FP16 = "FP16"
"""Precision in which intelligent computing is stated."""
ROUNDING = 1e-6
"""Relative difference within which a price equals a published one."""
Range = tuple[float, float]
NONE: Range = (math.nan, math.nan)


class Prices:
    """Price ranges of a scenario in a year at some sites; NaN where there is no price."""

    def __init__(self, scenario: Scenario, year: int, sites: frozenset[str]) -> None:
        self._offers = _offers(scenario, year)
        self._sites = sites
        self._halls = scenario.at("halls", year)

    def hall(self) -> Range:
        """Return the price range of new halls where halls may grow, million CNY per MW."""
        rows = self._halls[self._halls["site"].isin(self._sites)]
        grows = rows["limit_mw"].isna() | (rows["limit_mw"] > rows["existing_mw"])
        return _range(rows.loc[grows, "capex_mcny_per_mw"])

    def intelligent(self) -> Range:
        """Return the price range of equipment stated in FP16, million CNY per EFLOPS."""
        rows = self._offers[self._offers["precision"] == FP16]
        return _range(rows["capex_mcny_per_unit"] / rows["eflops_per_unit"])

    def project(self) -> Range:
        """Return the price range of such equipment with its halls, million CNY per EFLOPS."""
        rows = self._offers[self._offers["precision"] == FP16]
        return self._housed(rows, rows["eflops_per_unit"])

    def rack(self) -> Range:
        """Return the price range of equipment that fills a standard rack, with its hall, CNY."""
        rows = self._offers[(self._offers["precision"] != "") & (self._offers["mw_per_unit"] > 0)]
        low, high = self._housed(rows, rows["mw_per_unit"] / units.STANDARD_RACK_MW)
        return CNY * low, CNY * high

    def _housed(self, rows: pd.DataFrame, per: pd.Series) -> Range:
        """Return the price range of equipment with its halls, per unit of `per`."""
        low, high = self.hall()
        least, most = (rows["capex_mcny_per_unit"] + rows["mw_per_unit"] * hall for hall in (low, high))
        return _range(least / per)[0], _range(most / per)[1]


def _offers(scenario: Scenario, year: int) -> pd.DataFrame:
    """Return the technologies that have a price and may be ordered in the year."""
    rows = scenario.at("technologies", year)
    begun = rows["available_from"].isna() | (rows["available_from"] <= year)
    open_still = rows["available_until"].isna() | (rows["available_until"] >= year)
    return rows[begun & open_still & (rows["capex_mcny_per_unit"] > 0)]


def _range(values: pd.Series) -> Range:
    """Return the least and the largest value, or NaN."""
    known = values.dropna()
    return (float(known.min()), float(known.max())) if len(known) else NONE


OURS: Mapping[str, Callable[[Prices], Range]] = {
    "hall_price": Prices.hall,
    "intelligent_price": Prices.intelligent,
    "project_price": Prices.project,
    "rack_price": Prices.rack,
}
"""Scenario price for each published quantity."""
TITLES = {
    "hall_price": in_context("published price", "Halls, power and cooling, without IT"),
    "intelligent_price": in_context("published price", "Intelligent equipment (FP16)"),
    "project_price": in_context("published price", "Intelligent projects, halls and equipment (FP16)"),
    "rack_price": in_context("published price", "Projects by the standard rack, halls and equipment"),
}
"""Titles of the quantities."""


def published_prices(scenario: Scenario) -> pd.DataFrame:
    """Return the table `published_prices`: each published price with the scenario's range."""
    rows = [_compare(scenario, row) for row in _published(scenario).to_dict("records")]
    return frame("published_prices", [row for row in rows if math.isfinite(row["low"])])


def in_the_end(scenario: Scenario, quantity: str) -> Range:
    """Return the scenario's range of a price in its last period, over all sites."""
    return OURS[quantity](Prices(scenario, scenario.settings.periods[-1], places(scenario, NATION)))


def _published(scenario: Scenario) -> pd.DataFrame:
    """Return the published prices."""
    rows = scenario["actuals"]
    return rows[rows["quantity"].isin(OURS)]


def _compare(scenario: Scenario, row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a published price with the scenario's range."""
    quantity, periods = str(row["quantity"]), scenario.settings.periods
    year = min(max(int(row["period"]), periods[0]), periods[-1])
    sites = places(scenario, str(row["place"])) or places(scenario, NATION)
    low, high = OURS[quantity](Prices(scenario, year, sites))
    return {
        **{name: row[name] for name in ("quantity", "place", "unit", "bound", "kind", "scope", "source", "quality")},
        **in_both("title", TITLES[quantity]),
        "published": float(row["value"]),
        "published_period": int(row["period"]),
        "period": year,
        "low": low,
        "high": high,
    }


# --- support of prices by published ones -----------------------------------------------------------------------------

SUPPORT = ("inside", "below", "above", "none")


def price_support(plan: Plan) -> pd.DataFrame:
    """Return the table `price_support`: capital ordered, by whether its price is within the published range.

    Empty where no prices were published.
    """
    known = {str(name): _range(group["value"]) for name, group in _published(plan.scenario).groupby("quantity")}
    if not known:
        return frame("price_support", [])
    offers = plan.scenario["technologies"].drop_duplicates("technology").set_index("technology")
    told = offers.loc[offers["precision"] == FP16, "eflops_per_unit"]
    fp16 = {str(name): float(eflops) for name, eflops in told.items()}
    money = dict.fromkeys(SUPPORT, 0.0)
    for row in plan.tables["builds"].to_dict("records"):
        money[_support(row, known, fp16)] += float(row["capex_mcny"])
    for row in plan.tables["access_totals"].to_dict("records") if "access_totals" in plan.tables else ():
        money["none"] += float(row["capex_mcny"])
    total = sum(money.values())
    return frame(
        "price_support",
        [{"support": name, "mcny": money[name], "share": money[name] / total} for name in SUPPORT if total > 0],
    )


def _support(row: Mapping[Any, Any], known: Mapping[str, Range], fp16: Mapping[str, float]) -> str:
    """Return the position of an order's price relative to the published prices of its kind."""
    quantity = {"hall": "hall_price", "compute": "intelligent_price"}.get(str(row["asset"]), "")
    per = fp16.get(str(row["technology"]), math.nan) if row["asset"] == "compute" else 1.0
    if quantity not in known or not per > 0 or not row["amount"] > 0:
        return "none"
    low, high = known[quantity]
    price = float(row["capex_mcny"]) / float(row["amount"]) / per
    if price < low * (1.0 - ROUNDING):
        return "below"
    return "above" if price > high * (1.0 + ROUNDING) else "inside"
