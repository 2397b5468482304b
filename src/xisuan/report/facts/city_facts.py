"""Facts about gigabit cities: in which year each becomes one, and which have been named."""

from __future__ import annotations

import math
from dataclasses import dataclass

from xisuan.report.access.city_status import Standing
from xisuan.report.run_context import Context

QUANTITY = "gigabit_city"
"""Quantity of the table `actuals` that records the naming of a city."""


@dataclass(frozen=True, slots=True)
class Cities:
    """Gigabit cities: how many there are, how many are or become one by year, and those named in the record.

    `by_year`: year → cities that are gigabit cities by its end. `named`: city → month of its naming, YYYY-MM.
    `supposed`: the standard of the last period is an estimate.
    """

    total: int
    by_year: dict[int, int]
    named: dict[str, str]
    supposed: bool

    @property
    def all_named(self) -> bool:
        """Return True if every city has been named under the published standard."""
        return len(self.named) == self.total > 0


def cities(context: Context) -> Cities | None:
    """Return the facts on gigabit cities; None where the scenario has none."""
    if "gigabit" not in context.run.plan.tables:
        return None
    standing = Standing(context)
    years = {
        standing.ends[period]: sum(status[period] for status in standing.status.values()) for period in context.periods
    }
    return Cities(len(standing.cities), years, _named(context, standing), standing.supposed)


def _named(context: Context, standing: Standing) -> dict[str, str]:
    """Return the month in which each city was first on record as a gigabit city by the scenario's date."""
    rows = context.scenario["actuals"]
    rows = rows[(rows["quantity"] == QUANTITY) & (rows["kind"] == "actual") & (rows["value"] == 1.0)]
    rows = rows[rows["place"].isin(list(standing.cities))]
    found: dict[str, str] = {}
    for city, period, date in zip(rows["place"], rows["period"], rows["date"].fillna(""), strict=True):
        found[str(city)] = min(found.get(str(city), "9"), str(date) or f"{int(period)}-12")
    for city in standing.before:
        found.setdefault(city, f"{context.periods[0] - 1}-12")
    return found


def dates_made(context: Context) -> tuple[float, float, int]:
    """Return the least and the largest share of draws of the estimates in which a city makes its date, and the draws.

    NaN, NaN and 0 where the run has drawn none.
    """
    rows = context.run.plan.tables.get("city_dates")
    if rows is None or not len(rows):
        return math.nan, math.nan, 0
    return float(rows["share"].min()), float(rows["share"].max()), int(rows["draws"].iloc[0])
