"""Marginal cost of a region's work at each site that may serve it, from the dual multipliers of the plan.

A unit of workload w of region r run at site s in hour t costs the dual p(s, t) of the site's class balance plus traffic
on the way. The dual includes power and scarce equipment; traffic includes the rent of full links. By complementary
slackness all sites that serve the region in an hour have the same cost, and no site is cheaper. So where two sites
serve it in one hour, the split between them is not unique.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnomon import Array, Label
from xisuan.equations.index_sets import Given
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.scenario.queries import candidates, routing
from xisuan.scenario.queries.routing import Arc

CNY = 1e6
"""CNY per million CNY."""


@dataclass(frozen=True)
class Margin:
    """Marginal cost of a site for a region: one-way delay, ms, and CNY per unit-hour, shape (hours,)."""

    ms: float
    cny: Array


def is_priced(plan: Plan, workload: str) -> bool:
    """Return True if `margins` applies to the workload.

    It needs a latency limit, no deferral or storage, any equipment of its class, no contingencies, whose equipment has its
    price elsewhere, and a least-cost plan with duals.
    """
    scenario = plan.scenario
    given = scenario.at("workloads", scenario.settings.periods[-1]).set_index("workload")
    return (
        scenario.settings.objective == "cost"
        and not scenario.has("contingencies")
        and "class_balance" in plan.duals
        and candidates.pairwise_periods(scenario, workload)[-1]
        and not candidates.is_stock(scenario, workload)
        and str(given["class"].get(workload, "")) not in set(scenario["technologies"]["technology"])
        and float(given["defer_hours"].get(workload, 1.0)) < 1.0
    )


def margins(plan: Plan, workload: str) -> dict[Label, Margin]:
    """Return the marginal cost by (region, site) within the latency limit in the last period; `workload` is
    `is_priced`."""
    given = Given(plan.scenario, plan.scenario.settings.periods[-1:])
    weight = given.hourly_weight[0, :, 0]
    asks = _by_label(plan.duals["class_balance"])
    rents = _by_label(plan.duals["traffic_within_link"]) if "traffic_within_link" in plan.duals else {}
    there, back = (
        float(given.numbers("workloads", [(workload,)], name)[0, 0])
        for name in ("gbps_per_unit", "return_gbps_per_unit")
    )
    kind = given.class_of_work(workload)
    found: dict[Label, Margin] = {}
    for way in routing.reachable(given.scenario, workload):
        if not way.usable[-1] or (way.site, kind) not in asks:
            continue
        serving = float(given.numbers("serving_cost", [(way.region, way.site, workload)], "mcny_per_unit_hour")[0, 0])
        # Duals are weighted by the hours they stand for: divide by the weight for a cost per unit-hour.
        cost = asks[way.site, kind] / weight + serving
        for arc in way.arcs:
            cost = cost + _traffic_costs(given, rents, arc, there, back, weight)
        before = found.get((way.region, way.site))
        one = Margin(float(way.latency_ms[-1]), CNY * cost)
        found[way.region, way.site] = one if before is None else _minimum(before, one)
    return found


def _traffic_costs(
    given: Given, rents: dict[Label, Array], arc: Arc, there: float, back: float, weight: Array
) -> Array:
    """Return the cost of a unit's traffic over an arc and back, with rents of full links, million CNY, shape
    (hours,)."""
    link, start, end = arc
    cost = float(given.numbers("links", [(link,)], "cost_mcny_per_gbps_hour")[0, 0])
    out = np.full(len(weight), (there + back) * cost)
    for gbps, way in ((there, (link, start, end)), (back, (link, end, start))):
        if way in rents:
            out = out - gbps * rents[way] / weight
    return out


def _minimum(one: Margin, other: Margin) -> Margin:
    """Return the elementwise minimum of two margins."""
    return Margin(min(one.ms, other.ms), np.minimum(one.cny, other.cny))


def _by_label(found: Found) -> dict[Label, Array]:
    """Return the duals of the last period by label, shape (hours,) each."""
    values = found.values[-1]
    return {label: values[:, at] for at, label in enumerate(found.labels)}
