"""Shares of each origin's work by hour and station in the schedule of a plan, for the policy that follows it.

T modelled hours, O origins (region, workload), S stations (site, technology), E sites.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xisuan.results.plan import Plan

Array = NDArray[np.float64]
Pair = tuple[str, str]
LEAST = 1e-9
"""Amounts of units below this are residues of the interior-point method."""
CRUMB = 1e-5
"""Share of an hour's work below which a remainder is within the solver's tolerance."""


def planned(plan: Plan, period: int, origins: list[Pair], stations: list[Pair], able: NDArray[np.bool_]) -> Array:
    """Return the share of each origin's work by hour and station. Shape (T, O, S); rows of zeros without a schedule.

    Pairwise work follows the pairs of its region in the hour. Free work has no origin in a schedule: every region has
    the same shares. Hours without work take the shares of the year. At a site, technologies share the work of their
    class in proportion to their load, less the load of work that only they can run.
    """
    sites = list(dict.fromkeys(site for site, _ in stations))
    site_of = np.array([sites.index(site) for site, _ in stations])
    by_site = np.stack([_by_site(plan, period, origin, sites) for origin in origins], axis=1)
    # Hours without work of an origin take its yearly distribution over the sites.
    silent = by_site.sum(axis=2) <= LEAST
    by_site = np.where(silent[:, :, None], _yearly(plan, period, origins, sites), by_site)
    loads = load(plan, period, stations)
    # Load of each station that is free for work that several technologies can run.
    free = np.maximum(loads - _load_of_fixed_work(plan, period, origins, stations, able), 0.0)
    shares = np.zeros((len(loads), len(origins), len(stations)))
    for o in range(len(origins)):
        part = (loads if _has_one_technology(stations, able[o]) else free) * able[o] + LEAST * able[o]
        # Divide the share of a site among its stations in proportion to `part`.
        whole = np.stack([part[:, site_of == e].sum(axis=1) for e in range(len(sites))], axis=1)
        shares[:, o] = (by_site[:, o] / np.maximum(whole, 1e-300))[:, site_of] * part
    total = shares.sum(axis=2, keepdims=True)
    return np.asarray(np.where(total > LEAST, shares / np.maximum(total, LEAST), 0.0))


def _by_site(plan: Plan, period: int, origin: Pair | tuple[None, str], sites: list[str]) -> Array:
    """Return the work of an origin (region None: of all) that the schedule runs at each site. Shape (T, E).

    Free work has no region in the schedule and counts in full for every region.
    """
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
    """Return the work of an origin that the schedule runs in each hour, at all sites together. Shape (T,).

    `dropped`: True to add unserved work.
    """
    y = plan.scenario.settings.periods.index(period)
    out = np.zeros(plan.scenario.timeline.n_hours)
    for name in ("serve", "release", *(["unserved"] if dropped else [])):
        found = plan.variables.get(name)
        for at, label in enumerate(found.labels if found is not None else ()):
            of = dict(zip(found.dims, label, strict=True)) if found is not None else {}
            if found is not None and (of["region"], of["workload"]) == origin:
                out += np.maximum(found.values[y, :, at], 0.0)
    return out


def dropped_shares(plan: Plan, period: int, origins: list[Pair], defer_hours: Array) -> Array:
    """Return the share of each origin's work that the schedule drops at its penalty. Shape (T, O).

    For deferrable work the share is that of its whole block: a schedule does not say when dropped work arrived.
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
    """Return the units of each origin served at each site, mean of the year. Shape (O, E)."""
    service = plan.tables["service"]
    service = service[(service["period"] == period) & service["site"].isin(sites)]
    out = np.zeros((len(origins), len(sites)))
    parts = ("region", "site", "workload", "units")
    for region, site, workload, units in zip(*(service[part] for part in parts), strict=True):
        if (region, workload) in origins:
            out[origins.index((region, workload)), sites.index(site)] += units
    return out


def load(plan: Plan, period: int, stations: list[Pair]) -> Array:
    """Return the planned load of each station. Shape (T, S)."""
    y = plan.scenario.settings.periods.index(period)
    out = np.zeros((plan.scenario.timeline.n_hours, len(stations)))
    found = plan.variables.get("load")
    for at, label in enumerate(found.labels if found is not None else ()):
        if label in stations and found is not None:
            out[:, stations.index((label[0], label[1]))] = np.maximum(found.values[y, :, at], 0.0)
    return out


def _has_one_technology(stations: list[Pair], able: NDArray[np.bool_]) -> bool:
    """Return True if a single technology can run the work."""
    return len({technology for (_, technology), can in zip(stations, able, strict=True) if can}) == 1


def _load_of_fixed_work(
    plan: Plan, period: int, origins: list[Pair], stations: list[Pair], able: NDArray[np.bool_]
) -> Array:  # fmt: skip
    """Return the load of each station from work that only its technology can run. Shape (T, S)."""
    sites = list(dict.fromkeys(site for site, _ in stations))
    out = np.zeros((plan.scenario.timeline.n_hours, len(stations)))
    for workload in dict.fromkeys(workload for _, workload in origins):
        o = next(at for at, origin in enumerate(origins) if origin[1] == workload)
        if _has_one_technology(stations, able[o]):
            work = _by_site(plan, period, (None, workload), sites)
            for s in np.flatnonzero(able[o]):
                out[:, s] += work[:, sites.index(stations[s][0])]
    return out
