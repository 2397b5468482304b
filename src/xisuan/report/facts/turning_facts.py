"""Facts about what turns the plan: the price of power at which builds leave, and cases that change them most."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from xisuan import units
from xisuan.report import run_measures
from xisuan.report.facts.ranges import BASE
from xisuan.report.run_context import Context

KINDS = {
    "east_demand": "demand", "demand_more": "demand", "demand_less": "demand", "ai_more": "demand", "ai_less": "demand",
    "west_price_low": "power", "west_price_list": "power", "price_reported": "power", "green_premium": "power",
    "detour": "latency", "late": "date",
}  # fmt: skip
"""Stress case → what it varies, of cases that may come true by themselves; `ai_…` are of runs of earlier versions."""
ALL_DEMAND = ("demand_more", "demand_less")
"""Cases in which the demand of all regions for all work departs from the plan's."""
ASSETS = {"compute": "compute", "halls": "hall"}
"""Kind of build of a break-even price → asset of the table `builds`."""
ORDERED_MW = 1.0
"""Power above which the plan is said to order something here."""
SUBSIDY, REPORTED = "subsidy", "price_reported"
"""Cases in which public money pays a part of the capital here, and power costs what contracts are reported to cost."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A price of power, demand charge included, at which half of a build leaves or arrives, CNY/kWh.

    `what`: compute or halls. `found`: the build flips within the prices tried; otherwise `price` is the last one tried.
    `taker`: site that gains most, blank if none does. `is_edge`: on the hours of the search nothing is ordered at the
    list price, while the plan, on its own hours, orders some: the two prices are close.
    """

    what: str
    price: float
    list_price: float
    contract: float
    found: bool
    loses: bool
    taker: str = ""
    is_edge: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A stress case at the place: relative change of new IT power and of the cost, largest share left unserved.

    `why`: reason for work not served, by language; blank where all is served. `racks`: standard racks of halls in the
    last period. `capital_mcny`: overnight capital ordered here. `more_racks`, `more_mcny`: the same less those of the
    case in which nothing changes. NaN in runs of earlier versions.
    """

    name: str
    label: dict[str, str]
    kind: str
    build_change: float
    build_mw: float
    cost_change: float
    shortfall: float
    workload: str
    why: dict[str, str]
    racks: float
    capital_mcny: float
    more_racks: float
    more_mcny: float


def flips(context: Context) -> list[Flip]:
    """Return the break-even prices of the place, the nearest to the plan's price first."""
    found = context.decided("break_even")
    if found is None:
        return []
    rows = run_measures.records(found)
    rows.sort(key=lambda row: (not row["found"], abs(float(row["change_cny_per_kwh"]))))
    builds = context.run.plan.tables["builds"]
    here = set(builds.loc[builds["where"].isin(list(context.focus)) & (builds["mw"] > ORDERED_MW), "asset"])
    return [
        Flip(str(row["what"]), float(row["price_all_in_cny_per_kwh"]), float(row["list_all_in_cny_per_kwh"]),
             float(row["contract_all_in_cny_per_kwh"]), bool(row["found"]), row["direction"] == "loses at",
             str(row["rival"] or row["other"] or ""),
             bool(row["found"]) and row["direction"] != "loses at" and ASSETS[str(row["what"])] in here)
        for row in rows
    ]  # fmt: skip


def cases(context: Context) -> list[Case]:
    """Return the stress cases that have a plan, without the one in which nothing changes, in the order of the table."""
    found = context.decided("stress")
    if found is None:
        return []
    base = next(row for row in run_measures.records(found) if row["case"] == BASE)
    return [_case(row, base) for row in run_measures.records(found) if row["case"] != BASE]


def unchanged(context: Context) -> Case | None:
    """Return the case in which nothing changes, which the others are compared with; None where none was tried."""
    found = context.decided("stress")
    rows = run_measures.records(found[found["case"] == BASE]) if found is not None else []
    return _case(rows[0], rows[0]) if rows else None


def _case(row: dict[str, Any], base: dict[str, Any]) -> Case:
    racks, before = (units.racks(float(one.get("halls_mw", math.nan))) for one in (row, base))
    capital, planned = (float(one.get("capital_mcny", math.nan)) for one in (row, base))
    return Case(
        str(row["case"]), {name: str(row[f"label_{name}"]) for name in ("en", "zh")},
        KINDS.get(str(row["case"]), ""), float(row["build_change"]), float(row["build_mw"]),
        float(row["cost_change"]), float(row["shortfall_share"]), str(row["shortfall_workload"]),
        {name: str(row.get(f"shortfall_why_{name}", "")) for name in ("en", "zh")},
        racks, capital, racks - before, capital - planned,
    )  # fmt: skip


def named(context: Context, name: str) -> Case | None:
    """Return a case by its name; None where it was not tried or has no plan."""
    return next((one for one in cases(context) if one.name == name and math.isfinite(one.build_change)), None)


def largest(context: Context, kind: str) -> Case | None:
    """Return the case of a kind that changes the new IT power of the place most; None without one."""
    rows = [case for case in cases(context) if case.kind == kind and math.isfinite(case.build_change)]
    return max(rows, key=lambda case: (abs(case.build_change), case.shortfall), default=None)
