"""Facts about customers: the share of each region's work that runs at the reported place in the last period."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.run_context import Context

LEAST_SHARE = 1e-3
"""Share of a region's work below which none of it is said to come."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Work of a region that runs at the place: `share` of the region's demand, `mw` of IT power it keeps busy."""

    region: str
    workload: str
    share: float
    mw: float
    is_own: bool


def own_regions(context: Context) -> frozenset[str]:
    """Return the regions of the place: those of its hub, or those that enter the backbone at its nodes."""
    regions, sites = context.scenario["regions"], context.scenario["sites"]
    nodes = set(sites.loc[sites["site"].isin(list(context.focus)), "node"])
    mine = regions["node"].isin(nodes)
    if context.focus_hub and "hub" in regions:
        of_hub = regions["hub"] == context.focus_hub
        mine = of_hub if bool(of_hub.any()) else mine
    return frozenset(regions.loc[mine, "region"].astype(str))


def origins(context: Context) -> list[Origin]:
    """Return the work that runs at the place by region and workload, that which keeps most power busy first."""
    rows = context.served
    here = rows[rows["site"].isin(list(context.focus))]
    if not len(here):
        return []
    sums = here.groupby(["region", "workload"], sort=False)[["units", "share"]].sum()
    weight, own = _mw_per_unit(context), own_regions(context)
    found = [
        Origin(region, workload, float(row["share"]), float(row["units"]) * weight.get(workload, 0.0), region in own)
        for row in run_measures.records(sums.reset_index())
        for region, workload in [(str(row["region"]), str(row["workload"]))]
    ]
    return sorted((one for one in found if one.share >= LEAST_SHARE), key=lambda one: -one.mw)


def _mw_per_unit(context: Context) -> dict[str, float]:
    """Return the IT power of a unit of each workload: that of its class's equipment in use at the place, MW."""
    rows = run_measures.equipment(context.run, context.run.plan.capacity)
    rows = rows[(rows["period"] == context.last) & rows["where"].isin(list(context.focus))]
    sums = rows.groupby("class")[["mw", "amount"]].sum()
    each = (sums["mw"] / sums["amount"].where(sums["amount"] > 0)).fillna(0.0).to_dict()
    work = context.scenario["workloads"].drop_duplicates("workload")
    given = context.scenario["technologies"]
    technology = dict(zip(given["technology"], given["class"], strict=True))
    return {
        str(name): run_measures.number(each.get(kind, each.get(technology.get(kind, ""), 0.0)))
        for name, kind in zip(work["workload"], work["class"], strict=True)
    }


def share_here(context: Context, workload: str, regions: frozenset[str]) -> float:
    """Return the share of the regions' demand for a workload that runs at the place; NaN without demand."""
    return run_measures.share_served(context.run, context.last, workload, regions, context.focus)


def own_work(context: Context) -> pd.DataFrame:
    """Return the work of the place's own regions by workload: columns workload, units, share (run at the place)."""
    rows = context.served
    rows = rows[rows["region"].isin(own_regions(context))]
    here = rows["site"].isin(list(context.focus))
    all_units = rows.groupby("workload", sort=False)["units"].sum()
    mine = rows[here].groupby("workload", sort=False)["units"].sum().reindex(all_units.index).fillna(0.0)
    share = (mine / all_units.where(all_units > 0)).fillna(0.0)
    return pd.DataFrame({"units": all_units, "share": share}).reset_index()
