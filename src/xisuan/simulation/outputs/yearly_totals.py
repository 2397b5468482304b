"""Yearly totals of a simulation: energy, cost and carbon by site and by policy, with their lower bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.results.plan import Plan
from xisuan.simulation.outputs.hourly_totals import Hourly
from xisuan.simulation.outputs.lower_bound import least_cost
from xisuan.simulation.plan_inputs import schedule_shares
from xisuan.simulation.plan_inputs.plan_arrays import Setting
from xisuan.simulation.plan_inputs.schedule_shares import Array

LEAST = ("energy_mcny", "grid_mwh", "location_t")
"""Quantities with a proven lower bound."""

COLUMNS = (
    "done_share", "energy_mcny", "least_energy_mcny", "grid_mwh", "least_grid_mwh", "location_t", "least_location_t",
    "market_t", "embodied_t", "late_share", "mean_wait_s", "p95_wait_s",
)  # fmt: skip


def site_totals(of: Setting, hourly: Hourly) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return table `sites` (use and yearly consumption of each site), and the totals with their lower bounds.

    Simulated hours that represent the same modelled hour are averaged.
    """
    at, hours = hourly.at, len(hourly.at)
    # Hours of the year per simulated hour: the weight of its modelled hour over its repetitions, scaled to the full
    # year.
    laps = np.bincount(at, minlength=len(of.demand))
    weight = (of.weight / np.maximum(laps, 1))[at] * (of.weight.sum() / of.weight[laps > 0].sum())
    rows = []
    for e, site in enumerate(of.sites):
        here = of.site_of == e
        grid_mwh, location = float(hourly.grid_mw[e] @ weight), float(hourly.location_t[e] @ weight)
        # Market-based emissions: energy under green contracts counts as emission-free.
        market = location * max(0.0, 1.0 - of.contract_mwh[e] / grid_mwh) if grid_mwh else 0.0
        busy, up = float(hourly.busy[here].sum()), float((hourly.up[here] * of.units[here, None]).sum())
        energy = float(hourly.energy_mcny[e] @ weight)
        rows.append((site, busy / hours, busy / up if up else 0.0, grid_mwh, energy, location, market))
    columns = ["site", "busy_units", "utilisation", "grid_mwh", "energy_mcny", "location_t", "market_t"]
    frame = pd.DataFrame(rows, columns=columns)
    totals = {name: float(frame[name].sum()) for name in columns[3:]}
    return frame, {**totals, **_bounds_of_use(of, hourly.busy, hourly.idle_mw, at, weight)}


def _bounds_of_use(of: Setting, busy: Array, idle: Array, at: NDArray[Any], weight: Array) -> dict[str, float]:
    """Return lower bounds for the same unit-hours, and embodied carbon attributed by use. busy, idle: (S, hours)."""
    fixed = np.stack([idle[of.site_of == e].sum(axis=0) for e in range(len(of.sites))]) + of.other_mw[at].T
    rates = {"energy_mcny": of.price[at] * 1e-3, "grid_mwh": np.ones_like(of.price[at]), "location_t": of.co2[at]}
    found = {f"least_{name}": least_cost(of, busy, fixed, at, weight, rates[name]) for name in LEAST}
    known = bool((of.embodied > 0.0).any())  # unknown embodied carbon is not 0
    embodied = float(of.embodied @ (busy @ weight)) / units.HOURS_PER_YEAR if known else np.nan
    return {**found, "embodied_t": embodied}


def places(of: Setting, plan: Plan) -> pd.DataFrame:
    """Return table `places`: name, position and installed IT power of each site."""
    sites = plan.scenario.at("sites", of.period).set_index("site").reindex(of.sites)
    frame = sites[["title", "title_zh", "lat", "lon"]].reset_index()
    return frame.assign(mw=np.bincount(of.site_of, of.mw_per_unit * of.installed, len(of.sites)))


def names(of: Setting, plan: Plan) -> pd.DataFrame:
    """Return table `names`: titles of the scenario, its workloads, regions and technologies."""
    own = plan.scenario.settings
    rows: list[tuple[str, ...]] = [("scenario", own.name, own.title, own.title_zh)]
    for table, key in (("workloads", "workload"), ("regions", "region"), ("technologies", "technology")):
        frame = plan.scenario[table].drop_duplicates(key)
        wanted = {*of.workloads, *of.regions, *(technology for _, technology in of.stations)}
        frame = frame[frame[key].isin(wanted)]
        rows += [(key, *row) for row in frame[[key, "title", "title_zh"]].itertuples(index=False, name=None)]
    return pd.DataFrame(rows, columns=["by", "what", "title", "title_zh"])


def policies(of: Setting, plan: Plan, runs: Mapping[str, Sequence[Mapping[str, float]]]) -> pd.DataFrame:
    """Return table `policies`: the policies simulated, and the schedule of the plan. `runs`: figures by policy."""
    emissions = plan.tables["emissions"]
    emissions = emissions[emissions["period"] == of.period]
    costs = plan.tables["costs"]
    energy = costs[(costs["period"] == of.period) & (costs["term"] == "energy")]["mcny"].sum()
    rows = [
        (name, *(float(np.mean([figures[column] for figures in found])) for column in COLUMNS))
        for name, found in runs.items()
    ]
    own = {"energy_mcny": float(energy), "done_share": _scheduled_share(of, plan), **_bounds_of_schedule(of, plan)}
    own |= {column: float(emissions[column].sum()) for column in ("grid_mwh", "location_t", "market_t")}
    rows.append(("schedule", *(own.get(column, np.nan) for column in COLUMNS)))
    return pd.DataFrame(rows, columns=["policy", *COLUMNS])


def _bounds_of_schedule(of: Setting, plan: Plan) -> dict[str, float]:
    """Return lower bounds for the unit-hours of the plan's schedule, and the embodied carbon attributed by use."""
    busy = schedule_shares.load(plan, of.period, of.stations).T
    idle = np.broadcast_to((of.mw_per_unit * of.idle_share * of.installed)[:, None], busy.shape)
    return _bounds_of_use(of, busy, idle, np.arange(busy.shape[1]), of.weight)


def _scheduled_share(of: Setting, plan: Plan) -> float:
    """Return the share of a year's work that the schedule runs, with each unit weighted by the power that it draws."""
    table = plan.tables["service"]
    table = table[table["period"] == of.period]
    each = dict(zip((workload for _, workload in of.origins), of.unit_mw, strict=True))
    power = table["units"] * table["workload"].map(each).fillna(0.0)
    return float(power[table["site"] != ""].sum() / power.sum())
