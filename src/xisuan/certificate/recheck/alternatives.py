"""Recheck of the stored ranges of capacities among plans of nearly the same cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from xisuan.certificate.reading.dated_rows import records
from xisuan.certificate.recheck.documents import is_same
from xisuan.results.certification import Difference
from xisuan.results.plan import Plan

TABLE = "alternatives"
NAMES, NUMBERS = ("asset", "where", "technology", "unit", "verdict"), ("period", "existing", "planned", "least", "most")
POWER = "it_power"
"""Asset of the rows on the IT power of all equipment at a place."""
FAMILIES = {
    "hall": "hall",
    "compute": "installed",
    "link": "capacity",
    "battery_energy": "energy",
    "access": "deployed",
}
"""Variable of each asset; others are called after it, or are supply."""
NOT_MW = {"link": "Gbps", "battery_energy": "MWh"}
"""Units of the other assets that are not in MW."""
KEPT = 0.5
"""Share of a build that the least alternative of a robust one keeps."""
ROUNDING = 1e-6
"""Order relative to the capacity below which it does not count as one."""
GAP = 1e-3
"""Relative slack of an end, which is a solve's within its gap."""


def recheck_alternatives(plan: Plan, stored: pd.DataFrame, *, is_own_hours: bool = True) -> Iterator[Difference]:
    """Yield a difference for each statement of the table that the plan itself contradicts.

    The plan is one of the plans of nearly its cost, so what it has lies between the least and the most. The ends are
    amounts of plans that are not stored: only solving again confirms them. is_own_hours: False for a table made on other
    hours than the plan's; the plan of those hours is not stored either, so that each row is compared with itself.
    """
    last = plan.scenario.settings.periods[-1]
    missing = [name for name in (*NAMES, *NUMBERS) if name not in stored]
    texts = [name for name in NUMBERS if name in stored and stored[name].dtype.kind not in "iuf"]
    if missing or texts:
        what = "missing_column" if missing else "not_a_number"
        yield Difference(what, table=TABLE, column=(missing or texts)[0])
        return
    for row in records(stored):
        key = (str(row["asset"]), str(row["where"]), str(row["technology"]))
        label = " / ".join(part for part in key if part)
        planned = _planned(plan, *key)
        if planned is None:
            yield Difference("unknown_row", table=TABLE, row=label)
            continue
        existing, unit = _standing(plan, *key)
        if not is_own_hours:
            existing, planned = float(row["existing"]), float(row["planned"])
        right: dict[str, Any] = {"period": last, "existing": existing, "planned": planned, "unit": unit}
        right["verdict"] = _verdict(existing, planned, row["least"])
        slack = GAP * (abs(planned) or 1.0)
        ends = {"least": (0.0, planned + slack), "most": (planned - slack, math.inf)}
        right |= {end: row[end] if low <= row[end] <= high else planned for end, (low, high) in ends.items()}
        for column, value in right.items():
            if not is_same(column, row.get(column), value):
                yield Difference("cell", table=TABLE, row=label, column=column, stored=row.get(column), right=value)


def _planned(plan: Plan, asset: str, where: str, technology: str) -> float | None:
    """Return the capacity that the plan has of an asset in its last period; None for what has no variable."""
    sites = _sites(plan, where)
    if asset == POWER:
        table = _capacity(plan, sites, asset, "")
        last = table[table["period"] == plan.scenario.settings.periods[-1]]
        return float(last["mw"].sum()) if len(table) else None
    family = FAMILIES.get(asset, asset if asset == "retrofitted" else "supply")
    found = plan.variables.get(family)
    if found is None:
        return None
    second = (technology,) if asset in ("compute", "access") else (asset,) if family == "supply" else ()
    known = [found.labels.index((site, *second)) for site in sites if (site, *second) in found.labels]
    return sum(float(found.values[-1, at]) for at in known) if known else None


def _standing(plan: Plan, asset: str, where: str, technology: str) -> tuple[float, str]:
    """Return what stood of an asset at the start of the last period, and its unit, by the plan's tables."""
    same = _capacity(plan, _sites(plan, where), asset, technology)
    last = same[same["period"] == plan.scenario.settings.periods[-1]]
    if asset == POWER:
        stood = (row["mw"] * min(1.0, row["existing"] / row["amount"]) for row in records(last) if row["amount"] > 0.0)
        return sum(stood), "MW"
    column, table = {"access": ("measure", "measures"), "compute": ("technology", "technologies")}.get(asset, ("", ""))
    units = [str(row["unit"]) for row in records(plan.scenario[table]) if row[column] == technology] if table else []
    return float(last["existing"].sum()), units[0] if units else NOT_MW.get(asset, "MW")


def _sites(plan: Plan, where: str) -> list[str]:
    """Return the sites of a hub in the order of the tables; any other place as it is."""
    found = dict.fromkeys(str(row["site"]) for row in records(plan.scenario["sites"]) if row["hub"] == where)
    return list(found) or [where]


def _capacity(plan: Plan, sites: list[str], asset: str, technology: str) -> pd.DataFrame:
    """Return the rows of the table `capacity` of an asset at sites; for the IT power, those of all equipment."""
    table = plan.tables["capacity"]
    table = table[table["where"].isin(sites)]
    if asset == POWER:
        return table[table["asset"] == "compute"]
    return table[(table["asset"] == asset) & (table["technology"] == technology)]


def _verdict(existing: float, planned: float, least: float) -> str:
    """Return robust if even the least keeps half of the build, none if nothing is built, else interchangeable."""
    if planned - existing <= ROUNDING * max(existing, planned):
        return "none"
    return "robust" if least - existing >= KEPT * (planned - existing) else "interchangeable"
