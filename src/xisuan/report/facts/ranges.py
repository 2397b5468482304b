"""Ranges and confidence of what the plan builds at the reported place.

The run varies demand, prices and dates (`stress`), single estimates (`estimates`) and the plan itself at 1 % more cost
(`alternatives`). The first two give the new IT power of the place in the last period. Its ratio to that of the plan is
applied to the equipment, which grows with it; the cases have the capital ordered here themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.report import run_measures
from xisuan.report.facts.fact import Confidence, Fact
from xisuan.report.run_amounts import computed_once
from xisuan.report.run_context import Context
from xisuan.results.decision_tables import IT_POWER

MOSTLY = 0.5
"""Share of the money above which a number rests on estimates, and of a build by which another plan may exceed it."""
BASE = "base"
"""Case of `stress` in which nothing changes."""
CHOICES = ("subsidy", "racks_required")
"""Cases of `stress` that a person decides on: no uncertainty, and therefore outside all ranges."""


def new_mw(context: Context) -> float:
    """Return the new IT power of the place in the last period of the plan, MW."""
    rows = run_measures.it_mw(context.run, context.last)
    rows = rows[rows.index.isin(list(context.focus))]
    return float((rows["mw"] - rows["existing"]).sum())


@computed_once
def power_ratio(context: Context) -> tuple[float, float, tuple[str, ...]]:
    """Return the least and the largest new IT power of the plan, the cases and the estimates, over that of the plan.

    Also the tables that were used. NaN, NaN and no table where the run varied nothing, or the plan builds nothing.
    """
    planned = new_mw(context)
    if not planned > 0:
        return math.nan, math.nan, ()
    values, tables = [planned], []
    for name, columns in (("stress", ["build_mw"]), ("estimates", ["build_low_mw", "build_high_mw"])):
        known = _events(context, name, columns)
        if known:
            values += known
            tables.append(name)
    return (min(values) / planned, max(values) / planned, tuple(tables)) if tables else (math.nan, math.nan, ())


def capital_range(context: Context, planned: float) -> tuple[float, float, tuple[str, ...]]:
    """Return the least and most capital ordered at the place in the plan and the cases, mCNY, and the tables used.

    In proportion to new IT power for runs of earlier versions, whose cases have no capital.
    """
    found = context.decided("stress")
    if found is not None and "capital_mcny" in found:
        known = [planned, *_events(context, "stress", ["capital_mcny"])]
        return min(known), max(known), ("stress",)
    low, high, tables = power_ratio(context)
    return planned * low, planned * high, tables


def _events(context: Context, name: str, columns: list[str]) -> list[float]:
    """Return the known values of columns of a decision table for events; cases that are decisions are left out."""
    found = context.decided(name)
    if found is None:
        return []
    rows = found[~found["case"].isin(CHOICES)] if name == "stress" else found
    known = rows[columns].to_numpy(dtype=float).ravel()
    return [float(value) for value in known[~pd.isna(known)]]


def verdicts(context: Context) -> pd.DataFrame:
    """Return the rows of `alternatives` at the place, whole or by site, that the plan builds something of."""
    return run_measures.verdicts(context.run, {*context.focus, context.focus_key})


def whole_place(context: Context) -> pd.DataFrame:
    """Return the rows of `verdicts` that hold for the whole place.

    Plans do not reach the least or the most of several sites at once: what one gives up, another may take.
    """
    rows = verdicts(context)
    return rows[rows["where"] == context.focus_key]


def open_sizes(context: Context) -> list[Fact]:
    """Return the sizes of the place of which a plan of nearly the same cost has little, or half as much again: IT power,
    the equipment with most capital and halls. What the place has in the last period in MW, EFLOPS or racks, with its
    range.

    The alternatives may be of fewer hours than the plan; the amount is the plan's own, and the range holds it.
    """
    given = context.scenario.at("technologies", context.last).set_index("technology")["eflops_per_unit"]
    found: dict[str, Fact] = {}
    for row in run_measures.records(whole_place(context)):
        asset, technology = str(row["asset"]), str(row["technology"] or "")
        each = float(given.get(technology, math.nan)) if asset == "compute" else units.racks(1.0)
        if asset in found or asset not in ("compute", "hall") or not each > 0:
            continue
        size = _Size(row, *_in_use(context, context.focus, asset, technology))
        if size.is_open():
            unit = "EFLOPS" if asset == "compute" else "racks"
            found[asset] = size.fact(technology or asset, unit, context.last, each)
    power = [row for row in _powers(context) if row["where"] == context.focus_key]
    sizes = [_Size(row, *_power_in_use(context, context.focus)) for row in power]
    return [one.fact(IT_POWER, "MW", context.last) for one in sizes if one.is_open()] + list(found.values())


def open_sites(context: Context) -> list[Fact]:
    """Return the IT power of each site of the place's hub, as in `open_sizes`, if the hub has several; a site without
    builds is compared with the whole hub."""
    sites = context.scenario["sites"]
    beside = list(sites.loc[sites["hub"] == context.focus_hub, "site"].drop_duplicates()) if context.focus_hub else []
    if len(beside) < 2:
        return []
    whole = _power_in_use(context, beside)[0]
    rows = [row for row in _powers(context) if row["where"] in beside]
    sizes = [_Size(row, *_power_in_use(context, [str(row["where"])])) for row in rows]
    return [one.fact(IT_POWER, "MW", context.last, site=str(one.row["where"])) for one in sizes if one.is_open(whole)]


@dataclass(frozen=True, slots=True)
class _Size:
    """A row of `alternatives`, with what the plan has in the last period and how much of that stood before the plan."""

    row: dict[str, Any]
    planned: float
    existing: float

    def is_open(self, whole: float = 0.0) -> bool:
        """Return True if another plan has less than half of what is built here, or half as much again.

        All three are of the hours of the table. Where nothing is built on them: if the plan itself builds something, or
        half of what stands, else half of `whole`, which is one unit where the place has nothing.
        """
        least, planned, most, existing = (float(self.row[name]) for name in ("least", "planned", "most", "existing"))
        built = planned - existing
        if built > run_measures.LEAST_PART * planned:
            return least - existing < MOSTLY * built or most - planned > MOSTLY * built
        is_ordered = self.planned - self.existing > run_measures.LEAST_PART * self.planned
        return is_ordered or most - planned > MOSTLY * (existing or whole or 1.0)

    def ends(self) -> tuple[float, float]:
        """Return the least and the most, which hold what the plan has."""
        return min(float(self.row["least"]), self.planned), max(float(self.row["most"]), self.planned)

    def fact(self, name: str, unit: str, year: int, each: float = 1.0, site: str = "") -> Fact:
        """Return the size in a unit of which a unit of the row is `each`."""
        low, high = (each * end for end in self.ends())
        return Fact(
            name, each * self.planned, unit, year, low, high, ("alternatives",), "interchangeable", "capacity", site
        )


def _powers(context: Context) -> list[dict[str, Any]]:
    """Return the rows of `alternatives` on IT power."""
    found = context.run.alternatives
    return [] if found is None else run_measures.records(found[found["asset"] == IT_POWER])


def _power_in_use(context: Context, sites: Sequence[str]) -> tuple[float, float]:
    """Return the IT power of sites in the last period and the part of it that stood at the start, MW."""
    rows = run_measures.it_mw(context.run, context.last)
    rows = rows[rows.index.isin(list(sites))]
    return float(rows["mw"].sum()), float(rows["existing"].sum())


def halls_are_open(context: Context) -> bool:
    """Return True if a plan of nearly the same cost or a case does the contrary of the plan: build halls here, or none.

    A plan without halls is not contradicted by a dearer one that has some.
    """
    rows = context.orders
    is_built = bool(((rows["asset"] == "hall") & rows["where"].isin(list(context.focus))).any())
    if is_built and build_confidence(context, "hall") == "interchangeable":
        return True
    found = context.decided("stress")
    if found is None or "halls_mw" not in found:
        return False
    halls = context.run.plan.capacity
    halls = halls[(halls["asset"] == "hall") & halls["where"].isin(list(context.focus))]
    stood = float(halls.loc[halls["period"] == context.periods[0], "existing"].sum())
    more = [mw > stood * (1.0 + NOTABLE) for mw in _events(context, "stress", ["halls_mw"])]
    return not all(more) if is_built else any(more)


def _in_use(context: Context, sites: Sequence[str], asset: str, technology: str) -> tuple[float, float]:
    """Return how much of an asset, and of a technology where it has one, is in use at sites in the last period, and how
    much of it stood at the start."""
    rows = context.run.plan.capacity
    rows = rows[(rows["asset"] == asset) & rows["where"].isin(list(sites)) & (rows["period"] == context.last)]
    rows = rows[rows["technology"].fillna("") == technology]
    return float(rows["amount"].sum()), float(rows["existing"].sum())


def build_confidence(context: Context, asset: str = "", technology: str = "") -> Confidence:
    """Return how firm the builds of the place are: all, of one kind of asset, or of one technology."""
    rows = verdicts(context)
    rows = rows[rows["asset"] == asset] if asset else rows
    rows = rows[rows["technology"] == technology] if technology else rows
    if (rows["verdict"] == "interchangeable").any():
        return "interchangeable"
    if not asset and rests_on_estimates(context):
        return "estimate"
    return "firm" if len(rows) else "untested"


def rests_on_estimates(context: Context) -> bool:
    """Return True if most of the money decided is at prices that are estimates or not graded."""
    found = context.decided("decided")
    if found is None:
        return False
    return float(found.loc[found["quality"].isin(["estimate", "not graded"]), "share"].sum()) > MOSTLY


NOTABLE = 0.01
"""Relative change of the new IT power below which a case changes nothing at the place."""
