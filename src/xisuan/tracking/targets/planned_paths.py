"""Planned paths of indicators that equal a plan variable: EFLOPS, racks, occupancy, PUE, investment, gigabit cities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.results.plan import Plan
from xisuan.results.storage.fingerprint import other_tables
from xisuan.results.track import records
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.compute_tables import is_fp16

Row = dict[str, Any]
FOLLOWED = ("indicators", "observations", "targets", "drivers", "sources")
"""Tables that do not enter a plan: their present contents may be compared with an earlier plan."""


def paths(plan: Plan, drivers: pd.DataFrame) -> list[Row]:
    """Return the planned path of every indicator that a driver of kind identity ties to the plan, for the reported hub.

    Identities with a variable that the plan lacks have no path. Levels are at the ends of the plan's periods.
    """
    out: list[Row] = []
    for row in records(drivers):
        if row["kind"] != "identity":
            continue
        for period, amount in variable(plan, row["variable"]).items():
            low, high = row["low"] if row["low"] == row["low"] else row["high"], row["high"]
            path = {"median": amount * (low + high) / 2.0, "low": amount * low, "high": amount * high, "kind": "plan"}
            region = row["region"] or reported(plan.scenario)
            out.append({"indicator": row["indicator"], "region": region, "date": f"{period}-12-31", **path})
    return out


def of_other_tables(plan: Plan, scenario: Scenario) -> tuple[str, ...]:
    """Return the tables in which the planned scenario differs from `scenario`, both as known on one day.

    Empty if a path of the one is valid for the other.
    """
    return tuple(name for name in other_tables(plan.scenario, scenario) if name not in FOLLOWED)


def reported(scenario: Scenario) -> str:
    """Return the region of published figures that stands for the reported hub; `all` without one."""
    return scenario.settings.report.region.lower().replace(" ", "_") or "all"


def variable(plan: Plan, name: str, place: str | None = None) -> dict[int, float]:
    """Return a variable of the plan by period, over the sites of a hub or one site (all sites if blank).

    place: the hub or site; the reported one if None.
    """
    scenario = plan.scenario
    place = scenario.settings.report.region if place is None else place
    if name == "gigabit_cities":
        return _sums(plan.gigabit, "gigabit") if "gigabit" in plan.tables else {}
    if name in ("eflops_fp16", "racks"):
        return stock(scenario, plan.capacity, name, place)
    sites = _sites(scenario, place)
    capacity = plan.capacity[plan.capacity["where"].isin(sites)]
    if name == "occupancy":
        room = _sums(capacity[capacity["asset"] == "hall"], "amount")
        installed = _sums(capacity[capacity["asset"] == "compute"], "mw")
        return {at: installed.get(at, 0.0) / amount for at, amount in room.items() if amount > 0}
    if name == "pue":
        return _pue(plan, sites)
    if name == "investment":
        builds = plan.builds[
            plan.builds["where"].isin(sites) & plan.builds["asset"].isin(("hall", "compute", "retrofit"))
        ]
        return dict.fromkeys(scenario.settings.periods, 0.0) | _sums(builds, "capex_mcny")
    return {}


def stock(scenario: Scenario, capacity: pd.DataFrame, name: str, place: str) -> dict[int, float]:
    """Return EFLOPS (FP16) or racks by period, over the sites of a hub or one site (all sites if `place` is blank).

    capacity: rows of `asset`, `where`, `technology`, `amount` and `period`, as in a plan.
    """
    capacity = capacity[capacity["where"].isin(_sites(scenario, place))]
    if name == "eflops_fp16":  # precisions are never added: only intelligent computing is counted in FP16
        fleet = capacity[capacity["asset"] == "compute"]
        each = [_fp16(scenario, row["technology"], int(row["period"])) for row in records(fleet)]
        return _sums(fleet.assign(amount=fleet["amount"] * np.array(each, dtype=float)), "amount")
    halls = capacity[capacity["asset"] == "hall"]
    return _sums(halls.assign(amount=halls["amount"].map(units.racks)), "amount")


def _sites(scenario: Scenario, place: str) -> set[str]:
    """Return the sites of a hub, or one site; all sites if `place` is blank."""
    return {row["site"] for row in records(scenario["sites"]) if not place or place in (row["hub"], row["site"])}


def _fp16(scenario: Scenario, technology: str, period: int) -> float:
    """EFLOPS at FP16 of a unit of a technology in `period`, 0 of what is not counted so."""
    rows = scenario.at("technologies", period)
    rows = rows[rows["technology"] == technology]
    found = [row for row in records(rows) if is_fp16(row["class"], row["precision"])]
    return float(np.nan_to_num(found[0]["eflops_per_unit"])) if found else 0.0


def _pue(plan: Plan, sites: set[str]) -> dict[int, float]:
    """Return facility energy over IT energy of the year, by period; empty without power."""
    power = plan.tables.get("power")
    if power is None:
        return {}
    power = power[power["site"].isin(sites)]
    weight = plan.scenario.timeline.weight[power["hour"].to_numpy(dtype=int)]
    sums = [_sums(power.assign(mwh=power[column] * weight), "mwh") for column in ("it_mw", "facility_mw")]
    return {period: sums[1][period] / it for period, it in sums[0].items() if it > 0}


def _sums(frame: pd.DataFrame, column: str) -> dict[int, float]:
    return {int(str(period)): float(amount) for period, amount in frame.groupby("period")[column].sum().items()}
