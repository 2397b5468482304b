"""Where the schedule of a plan runs the work of each origin, as shares for the policy that follows it.

T modelled hours, O origins (region, workload), S stations (site, technology), E sites.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xisuan.results.plan import Plan

Array = NDArray[np.float64]
Pair = tuple[str, str]
LEAST = 1e-9
"""Units below which an amount is a crumb of an interior point."""
CRUMB = 1e-5
"""Share of an hour's work below which what is left lies within its tolerance."""


def planned(plan: Plan, period: int, origins: list[Pair], stations: list[Pair], able: NDArray[np.bool_]) -> Array:
    """Share of each origin's work by hour and station. Shape (T, O, S); rows of zeros where the plan says nothing.

    Work with pairs goes where its region's pairs go in the hour. Free work has no origin in a schedule: every region
    sends the same shares. Where an hour says nothing, the year's stand. At a site, technologies share the work of their
    class as they are loaded, less the work that must run on them.
    """
    sites = list(dict.fromkeys(site for site, _ in stations))
    site_of = np.array([sites.index(site) for site, _ in stations])
    by_site = np.stack([_by_site(plan, period, origin, sites) for origin in origins], axis=1)
    silent = by_site.sum(axis=2) <= LEAST
    by_site = np.where(silent[:, :, None], _yearly(plan, period, origins, sites), by_site)
    loads = load(plan, period, stations)
    free = np.maximum(loads - _bound(plan, period, origins, stations, able), 0.0)
    shares = np.zeros((len(loads), len(origins), len(stations)))
    for o in range(len(origins)):
        part = (loads if _single(stations, able[o]) else free) * able[o] + LEAST * able[o]
        whole = np.stack([part[:, site_of == e].sum(axis=1) for e in range(len(sites))], axis=1)
        shares[:, o] = (by_site[:, o] / np.maximum(whole, 1e-300))[:, site_of] * part
    total = shares.sum(axis=2, keepdims=True)
    return np.asarray(np.where(total > LEAST, shares / np.maximum(total, LEAST), 0.0))


def _by_site(plan: Plan, period: int, origin: Pair | tuple[None, str], sites: list[str]) -> Array:
    """Work of an origin (region None: of all) run at each site by the schedule; all of it where it is free. (T, E)"""
    y = plan.scenario.settings.periods.index(period)
    out = np.zeros((plan.scenario.timeline.n_hours, len(sites)))
    for name in ("serve", "absorb"):
        found = plan.variables.get(name)
        if found is None:
            continue
        for at, label in enumerate(found.labels):
            of = dict(zip(found.dims, label, strict=True))
            mine = origin[0] is None or of.get("region", origin[0]) == origin[0]
            if of["workload"] == origin[1] and mine and of["site"] in sites:
                out[:, sites.index(of["site"])] += np.maximum(found.values[y, :, at], 0.0)
    return out


def by_region(plan: Plan, period: int, origin: Pair, *, dropped: bool) -> Array:
    """Work of an origin that the schedule runs in each hour, wherever, or also what it drops. Shape (T,)."""
    y = plan.scenario.settings.periods.index(period)
    out = np.zeros(plan.scenario.timeline.n_hours)
    for name in ("serve", "release", *(["unserved"] if dropped else [])):
        found = plan.variables.get(name)
        for at, label in enumerate(found.labels if found is not None else ()):
            of = dict(zip(found.dims, label, strict=True)) if found is not None else {}
            if found is not None and (of["region"], of["workload"]) == origin:
                out += np.maximum(found.values[y, :, at], 0.0)
    return out


def left(plan: Plan, period: int, origins: list[Pair], defer_hours: Array) -> Array:
    """Share of each origin's work that the schedule leaves undone, for its price, by hour; where work may wait, of the
    whole block, as a schedule does not say when what it drops had come. Shape (T, O).
    """
    out = np.zeros((plan.scenario.timeline.n_hours, len(origins)))
    for o, origin in enumerate(origins):
        kept, asked = (by_region(plan, period, origin, dropped=dropped) for dropped in (False, True))
        if defer_hours[o] > 0.0:
            for block in plan.scenario.timeline.slices:
                kept[block], asked[block] = kept[block].sum(), asked[block].sum()
        out[:, o] = np.where(asked > LEAST, 1.0 - kept / np.maximum(asked, LEAST), 0.0)
    return np.where(out > CRUMB, out, 0.0)


def _yearly(plan: Plan, period: int, origins: list[Pair], sites: list[str]) -> Array:
    """Units of each origin served at each site, mean of the year. Shape (O, E)."""
    service = plan.tables["service"]
    service = service[(service["period"] == period) & service["site"].isin(sites)]
    out = np.zeros((len(origins), len(sites)))
    parts = ("region", "site", "workload", "units")
    for region, site, workload, units in zip(*(service[part] for part in parts), strict=True):
        if (region, workload) in origins:
            out[origins.index((region, workload)), sites.index(site)] += units
    return out


def load(plan: Plan, period: int, stations: list[Pair]) -> Array:
    """Planned load of each station. Shape (T, S)."""
    y = plan.scenario.settings.periods.index(period)
    out = np.zeros((plan.scenario.timeline.n_hours, len(stations)))
    found = plan.variables.get("load")
    for at, label in enumerate(found.labels if found is not None else ()):
        if label in stations and found is not None:
            out[:, stations.index((label[0], label[1]))] = np.maximum(found.values[y, :, at], 0.0)
    return out


def _single(stations: list[Pair], able: NDArray[np.bool_]) -> bool:
    """Whether one technology alone can run it."""
    return len({technology for (_, technology), can in zip(stations, able, strict=True) if can}) == 1


def _bound(
    plan: Plan, period: int, origins: list[Pair], stations: list[Pair], able: NDArray[np.bool_]
) -> Array:  # fmt: skip
    """Load of each station that is work of one technology alone. Shape (T, S)."""
    sites = list(dict.fromkeys(site for site, _ in stations))
    out = np.zeros((plan.scenario.timeline.n_hours, len(stations)))
    for workload in dict.fromkeys(workload for _, workload in origins):
        o = next(at for at, origin in enumerate(origins) if origin[1] == workload)
        if _single(stations, able[o]):
            work = _by_site(plan, period, (None, workload), sites)
            for s in np.flatnonzero(able[o]):
                out[:, s] += work[:, sites.index(stations[s][0])]
    return out
