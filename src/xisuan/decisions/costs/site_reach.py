"""Demand within reach of each site for a workload, and the cost of serving it from there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from gnomon import Label
from xisuan.decisions.reported_place import eastern
from xisuan.equations.index_sets import Given
from xisuan.scenario.queries import routing


@dataclass(frozen=True)
class Reach:
    """Demand within reach of a site for a workload.

    `share`, `eastern`: shares of all and of eastern demand. `network_mcny`: mean traffic cost, million CNY per
    unit-hour. `demand`: demand within reach by region, units.
    """

    share: float
    eastern: float
    network_mcny: float
    demand: Mapping[str, float]

    def of(self, work: Mapping[str, float]) -> float:
        """Return the share of some work by region that is within reach."""
        total = sum(work.values())
        return sum(amount for region, amount in work.items() if region in self.demand) / total if total > 0 else 0.0


def reach_of_sites(given: Given, workload: str) -> dict[str, Reach]:
    """Return the reach of every site for a workload in the last period."""
    labels = given.asking([workload])
    asked = dict(zip((region for region, _ in labels), given.mean_demand(labels)[0], strict=True))
    east = {region: amount for region, amount in asked.items() if region in eastern(given.scenario)}
    costs = _pair_costs(given, workload)
    found: dict[str, Reach] = {}
    for site in given.sites_for(workload):
        here = {region: costs[region, site] for region in asked if (region, site) in costs}
        total = sum(asked[region] for region in here)
        network = sum(asked[region] * cost for region, cost in here.items()) / total if total > 0 else 0.0
        shares = [
            sum(part.get(region, 0.0) for region in here) / sum(part.values()) if sum(part.values()) > 0 else math.nan
            for part in (asked, east)
        ]
        found[site] = Reach(shares[0], shares[1], network, {region: asked[region] for region in here})
    return found


def _pair_costs(given: Given, workload: str) -> dict[Label, float]:
    """Return traffic and serving cost by (region, site) within the latency limit, million CNY per unit-hour."""
    up, down = (
        float(given.numbers("workloads", [(workload,)], name)[0, 0])
        for name in ("gbps_per_unit", "return_gbps_per_unit")
    )
    ways = routing.reachable(given.scenario, workload)
    pairs = list(dict.fromkeys((way.region, way.site) for way in ways if way.usable[-1]))
    serving = given.numbers("serving_cost", [(*pair, workload) for pair in pairs], "mcny_per_unit_hour")[0]
    extra = dict(zip(pairs, serving, strict=True))
    found: dict[Label, float] = {}
    for way in ways:
        if not way.usable[-1]:
            continue
        links = [(link,) for link, _, _ in way.arcs]
        flow = float(given.numbers("links", links, "cost_mcny_per_gbps_hour")[0].sum()) if links else 0.0
        cost = (up + down) * flow + extra[way.region, way.site]
        pair = (way.region, way.site)
        found[pair] = min(found.get(pair, math.inf), cost)
    return found
