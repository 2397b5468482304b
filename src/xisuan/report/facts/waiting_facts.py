"""Facts about a first year without orders of computing: who orders then, what waiting saves, and the aim that it misses."""

from __future__ import annotations

import math
from dataclasses import dataclass

from xisuan.report.facts import build_facts, target_facts
from xisuan.report.run_amounts import computed_once
from xisuan.report.run_context import Context

LEAST_PART, MOST_SITES = 0.1, 2
"""Least share of the network's orders of a year with which a site is named, and the most sites named."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first year orders no equipment of the leading class here; `start` does.

    `sites`: sites that order most of it in the first year, empty if none does. `cheaper`: by how much equipment of the class
    costs less in `start`, a share; 0 if it does not. `aim`: official target of the first year that is missed by
    `missing` EFLOPS, NaN without one; `mcny`: capital of the missing equipment in the first year.
    """

    first: int
    start: int
    sites: tuple[str, ...]
    cheaper: float
    price_mcny: float
    later_mcny: float
    aim: float = math.nan
    missing: float = math.nan

    @property
    def mcny(self) -> float:
        """Capital of the equipment missing to the target, at the price of the first year."""
        return self.missing * self.price_mcny


@computed_once
def waiting(context: Context) -> Waiting | None:
    """Return why the first year orders nothing of the leading class; None if it orders some, or no year does."""
    by_year, _decimals = build_facts.ordered_by_year(context)
    first = context.periods[0]
    if not by_year or first in by_year:
        return None
    start, (kind, precision) = min(by_year), build_facts.leading_class(context)
    price, later = (_price(context, kind, precision, year) for year in (first, start))
    if not (price > 0 and later > 0):
        return None
    aim, missing = _aim(context, precision, first)
    cheaper = max(0.0, 1.0 - later / price)
    return Waiting(first, start, _sites(context, kind, precision, first), cheaper, price, later, aim, missing)


def _price(context: Context, kind: str, precision: str, year: int) -> float:
    """Return the capital of an EFLOPS of a class at the cheapest technology on offer in a year, mCNY; NaN: none is."""
    given = context.scenario.at("technologies", year)
    begins, ends = given["available_from"].fillna(year), given["available_until"].fillna(year)
    rows = given[(given["class"] == kind) & (given["precision"] == precision) & (begins <= year) & (ends >= year)]
    rows = rows[(rows["capex_mcny_per_unit"] > 0) & (rows["eflops_per_unit"] > 0)]
    return float((rows["capex_mcny_per_unit"] / rows["eflops_per_unit"]).min()) if len(rows) else math.nan


def _sites(context: Context, kind: str, precision: str, year: int) -> tuple[str, ...]:
    """Return the sites that order most of a class in a year."""
    rows = context.orders
    rows = rows[(rows["period"] == year) & (rows["class"] == kind) & (rows["precision"] == precision)]
    sums = rows.groupby("where")["eflops"].sum().sort_values(ascending=False, kind="stable")
    return tuple(str(site) for site in sums.index[sums >= LEAST_PART * sums.sum()][:MOST_SITES])


def _aim(context: Context, precision: str, year: int) -> tuple[float, float]:
    """Return the official target of computing at the place for a year, and what the plan misses of it; NaN: it misses none.

    Only indicators that count what the model counts.
    """
    drivers = context.scenario["drivers"]
    same = (drivers["variable"] == f"eflops_{precision.lower()}") & (drivers["kind"] == "identity")
    counted = set(drivers.loc[same, "indicator"])
    missed = [
        one for one in target_facts.planned(context)
        if not one.met and one.year == year and one.row["indicator"] in counted
    ]  # fmt: skip
    if not missed:
        return math.nan, math.nan
    most = max(missed, key=lambda one: float(one.row["target"]))
    return float(most.row["target"]), float(most.row["target"]) - most.planned
