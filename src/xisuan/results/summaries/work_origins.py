"""Origins of the work that runs at some sites: which regions send which work, and how much of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario

LEAST_SHARE = 1e-3
"""Share of a region's work below which none of it is said to come."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Work of a region that runs at the sites: `share` of the region's demand, `mw` of IT power it keeps busy.

    `is_own`: the region is that of the sites.
    """

    region: str
    workload: str
    share: float
    mw: float
    is_own: bool


def own_regions(scenario: Scenario, sites: Collection[str]) -> frozenset[str]:
    """Return the regions of the sites: those of their one hub, or those of the places that have their nodes.

    Regions with the same `hub` are one place, also where the sites belong to none.
    """
    regions, given = scenario["regions"], scenario["sites"]
    here = given[given["site"].isin(list(sites))]
    hubs = set(here["hub"])
    of_hub = regions["hub"].isin(hubs - {""}) if len(hubs) == 1 else pd.Series(False, index=regions.index)
    at_node = regions["node"].isin(set(here["node"]))
    of_place = at_node | regions["hub"].isin(set(regions.loc[at_node, "hub"]) - {""})
    mine = of_hub if bool(of_hub.any()) else of_place
    return frozenset(regions.loc[mine, "region"].astype(str))


def origins(plan: Plan, sites: Collection[str]) -> list[Origin]:
    """Return the work that runs at the sites in the last period, that which keeps most IT power busy first."""
    rows = plan.tables["service"]
    rows = rows[rows["period"] == plan.scenario.settings.periods[-1]]
    totals = rows.groupby(["region", "workload"])["units"].sum()
    here = rows[rows["site"].isin(list(sites))].groupby(["region", "workload"], sort=False)["units"].sum()
    weight, own = _mw_per_unit(plan, sites), own_regions(plan.scenario, sites)
    sums = pd.DataFrame({"units": here, "total": totals.reindex(here.index)}).reset_index()
    found = []
    for region, workload, units, total in sums.itertuples(index=False):
        mw = float(units) * weight.get(str(workload), 0.0)
        found.append(Origin(str(region), str(workload), float(units) / float(total), mw, str(region) in own))
    return sorted((one for one in found if one.share >= LEAST_SHARE), key=lambda one: -one.mw)


def largest_from_afar(plan: Plan, sites: Collection[str]) -> Origin | None:
    """Return the work of another region that keeps most IT power busy at the sites; None where none comes."""
    return next((one for one in origins(plan, sites) if not one.is_own), None)


def share_here(service: pd.DataFrame, period: int, of: Origin, sites: Collection[str]) -> float:
    """Return the share of an origin's demand that runs at the sites in a period; NaN without demand."""
    rows = service[(service["period"] == period) & (service["workload"] == of.workload)]
    rows = rows[rows["region"] == of.region]
    total = float(rows["units"].sum())
    return float(rows.loc[rows["site"].isin(list(sites)), "units"].sum()) / total if total > 0 else float("nan")


def _mw_per_unit(plan: Plan, sites: Collection[str]) -> dict[str, float]:
    """Return the IT power of a unit of each workload: that of its class's equipment in use at the sites, MW."""
    given = plan.scenario["technologies"].drop_duplicates("technology").set_index("technology")["class"]
    rows = plan.tables["capacity"]
    rows = rows[(rows["period"] == plan.scenario.settings.periods[-1]) & (rows["asset"] == "compute")]
    rows = rows[rows["where"].isin(list(sites))]
    sums = rows.groupby(rows["technology"].map(given))[["mw", "amount"]].sum()
    each = {str(kind): float(mw) / float(amount) for kind, mw, amount in sums.itertuples() if amount > 0}
    work = plan.scenario["workloads"].drop_duplicates("workload")
    return {
        str(name): each.get(str(kind), each.get(str(given.get(kind, "")), 0.0))
        for name, kind in zip(work["workload"], work["class"], strict=True)
    }
