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
FAMILIES = {
    "hall": "hall",
    "compute": "installed",
    "link": "capacity",
    "battery_energy": "energy",
    "access": "deployed",
}
"""Variable of each asset; others are called after it, or are supply."""
KEPT = 0.5
"""Share of a build that the least alternative of a robust one keeps."""
ROUNDING = 1e-6
"""Order relative to the capacity below which it does not count as one."""
GAP = 1e-3
"""Relative slack of an end, which is a solve's within its gap."""


def recheck_alternatives(plan: Plan, stored: pd.DataFrame) -> Iterator[Difference]:
    """Yield a difference for each statement of the table that the plan itself contradicts.

    The plan is one of the plans of nearly its cost, so what it has lies between the least and the most. The ends are
    amounts of plans that are not stored: only solving again confirms them.
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
    family = FAMILIES.get(asset, asset if asset == "retrofitted" else "supply")
    found = plan.variables.get(family)
    if asset in ("compute", "access"):
        label: tuple[str, ...] = (where, technology)
    else:
        label = (where, asset) if family == "supply" else (where,)
    if found is None or label not in found.labels:
        return None
    return float(found.values[-1, found.labels.index(label)])


def _standing(plan: Plan, asset: str, where: str, technology: str) -> tuple[float, str]:
    """Return what stood of an asset at the start of the last period, and its unit, by the plan's tables."""
    table = plan.tables["capacity"]
    same = table[(table["asset"] == asset) & (table["where"] == where) & (table["technology"] == technology)]
    last = same[same["period"] == plan.scenario.settings.periods[-1]]
    if len(same):
        return float(last["existing"].sum()), str(same["unit"].iloc[0])
    measures = records(plan.scenario["measures"]) if asset == "access" else []
    units = [str(row["unit"]) for row in measures if row["measure"] == technology]
    return 0.0, units[0] if units else ""


def _verdict(existing: float, planned: float, least: float) -> str:
    """Return robust if even the least keeps half of the build, none if nothing is built, else interchangeable."""
    if planned - existing <= ROUNDING * max(existing, planned):
        return "none"
    return "robust" if least - existing >= KEPT * (planned - existing) else "interchangeable"
