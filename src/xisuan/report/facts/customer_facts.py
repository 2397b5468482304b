"""Facts about customers: the share of each region's work that runs at the reported place in the last period."""

from __future__ import annotations

import math

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.facts.ranges import CHOICES
from xisuan.report.run_context import Context
from xisuan.results.summaries import work_origins
from xisuan.results.summaries.work_origins import LEAST_SHARE, Origin

__all__ = ["LEAST_SHARE", "Origin", "origins", "own_regions", "own_work", "share_here", "share_range"]


def own_regions(context: Context) -> frozenset[str]:
    """Return the regions of the place: those of its hub, or those that enter the backbone at its nodes."""
    return work_origins.own_regions(context.scenario, context.focus)


def origins(context: Context) -> list[Origin]:
    """Return the work that runs at the place by region and workload, that which keeps most power busy first."""
    return work_origins.origins(context.run.plan, context.focus)


def share_range(context: Context, of: Origin) -> tuple[float, float]:
    """Return the least and most of an origin's share over the cases of demand, price and date; NaN if it was not
    varied.

    The cases vary only the origin from which the plan draws most (`work_origins.largest_from_afar`). Runs of earlier
    versions vary none.
    """
    found = context.decided("stress")
    if found is None or "work_share" not in found:
        return math.nan, math.nan
    rows = found[(found["work_region"] == of.region) & (found["work"] == of.workload) & found["work_share"].notna()]
    shares = [of.share, *rows.loc[~rows["case"].isin(CHOICES), "work_share"].astype(float)]
    return (min(shares), max(shares)) if len(shares) > 1 else (math.nan, math.nan)


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
