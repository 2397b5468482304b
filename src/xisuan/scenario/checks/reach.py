"""Checks of reach: all demand has a site near enough that has, or can get in time, equipment for it."""

from __future__ import annotations

import math
from typing import Any

from xisuan.scenario.checks.inspection import Inspection, Row, named
from xisuan.scenario.queries import candidates, routing
from xisuan.text.translation import message as _

Cause = tuple[str, dict[str, Any]]
"""Code of the problem of demand that no site can serve, and its values."""


def latency(at: Inspection) -> None:
    """Warn of pairs without a latency, for work with a latency limit that no links limit: they are out of reach."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for name in at.workloads:
        limited = any(not math.isnan(row["latency_ms"]) for row in at.workloads[name])
        if limited and not (at.scenario.has("links") and name in at.moving):
            able = set(candidates.runs(at.scenario, name))
            sites = [site for site, technologies in at.equipped.items() if technologies & able]
            for pair in ((region, site) for region in at.asked[name] for site in sites):
                pairs.setdefault(pair, []).append(name)
    if not pairs:
        return
    joined = {
        (option.region, option.site)
        for option in routing.unlimited(at.scenario)
        if not math.isinf(min(option.latency_ms))
    }
    listed = {pair for period in at.periods for pair in routing.given_latency(at.scenario, period)}
    apart = sorted(set(pairs) - joined - listed)
    if at.scenario.has("latency"):
        for region, site in apart:
            at.warn("latency", f"{region}/{site}", "latency_ms", "pair-out-of-reach", workload=pairs[region, site][0])
        return
    code = "pairs-not-joined" if at.scenario.has("links") else "distances-missing"
    for name in dict.fromkeys(pairs[pair][0] for pair in apart):
        far = named(["/".join(pair) for pair in apart if pairs[pair][0] == name])
        at.warn("workloads", at.workloads[name][0], "latency_ms", code, pairs=far)


def reach(at: Inspection) -> None:
    """Check that all demand has a site within reach that has, or can get in time, equipment for it.

    Whether the capacity suffices is left to the plan.
    """
    asked = [(row["workload"], int(row["period"])) for row in at.demand if row["workload"] in at.workloads]
    if not at.scenario.has("sites") and any(_must_serve(at, name, period) for name, period in asked):
        at.findings.error("sites.csv", "", "", "", "sites-missing")
        return
    ready = {period: _ready(at, period) for period in at.periods}
    for name in at.workloads:
        late: dict[str, list[int]] = {}
        able = set(candidates.runs(at.scenario, name))
        sites = _sites_within_reach(at, name)
        for row in at.demand:
            if row["workload"] == name:
                y = at.periods.index(int(row["period"]))
                near = sites.get(row["region"], {}).get(y, set())
                if not any(ready[at.periods[y]].get(site, set()) & able for site in near):
                    late.setdefault(row["region"], []).append(at.periods[y])
        required = {region: [year for year in years if _must_serve(at, name, year)] for region, years in late.items()}
        if any(required.values()) and at.scenario.fixed(at.periods[-1]):
            day = ("scenario.toml", "", "as_of", at.scenario.settings.as_of)
            at.findings.error(*day, "all-periods-past-unserved", last=at.periods[-1])
            return
        for region, years in late.items():
            dropped = [year for year in years if year not in required[region]]
            for some, free in ((required[region], False), (dropped, True)):
                causes: dict[str, tuple[Cause, list[int]]] = {}
                for year in some:
                    near = sites.get(region, {}).get(at.periods.index(year), set())
                    cause = _cause(at, (region, name), year, near)
                    causes.setdefault(str(cause), (cause, []))[1].append(year)
                for cause, held in causes.values():
                    _report(at, (region, name), held, free, cause)


def _must_serve(at: Inspection, workload: str, period: int) -> bool:
    """Return True if a workload has no penalty in `period`, or if the objective is carbon, which serves all work."""
    return at.scenario.settings.objective == "carbon" or workload not in candidates.droppable(at.scenario, period)


def _report(at: Inspection, pair: tuple[str, str], years: list[int], free: bool, cause: Cause) -> None:
    """Record a warning (if the work is free to go unserved) or an error for demand that cannot be served.

    `pair`: region and workload.
    """
    where, (code, values) = "/".join(pair), cause
    if free:
        at.warn("demand", where, "", code, result=_("is left unserved in {periods}", periods=named(years)), **values)
        return
    if all(map(at.scenario.fixed, years)):
        day = str(at.scenario.settings.as_of)
        at.error("demand", where, "", "demand-of-fixed-period", day=day, periods=named(years))
        return
    if at.scenario.settings.objective != "carbon":  # which serves all work, at any penalty
        values["otherwise"] = _(", or give unserved_mcny_per_unit_hour in workloads")
    at.error("demand", where, "", code, result=_("cannot be served in {periods}", periods=named(years)), **values)


def _cause(at: Inspection, pair: tuple[str, str], period: int, near: set[str]) -> Cause:
    """Return what keeps the work of a region from being served in `period`; `near`: the sites within its reach."""
    _region, workload = pair
    values: dict[str, Any] = {"otherwise": ""}
    able = set(candidates.runs(at.scenario, workload))
    fit = sorted(site for site, technologies in at.equipped.items() if technologies & able)
    if fit and near.isdisjoint(fit):
        return _far(at, pair, period, fit)
    ordered = [row for row in _offers(at, period) if row["technology"] in able]
    if not ordered:
        return "demand-before-offer", values | {"name": named(sorted(able))}
    if not any(_in_use(at, row, period) for row in ordered):
        soonest = min(ordered, key=lambda row: float(row["lead_years"]))
        return "demand-before-lead", values | {"name": soonest["technology"], "years": soonest["lead_years"]}
    return "demand-without-room", values | {
        "sites": named(sorted(near.intersection(fit)) or candidates.names(at.scenario, "sites"))
    }


def _far(at: Inspection, pair: tuple[str, str], period: int, fit: list[str]) -> Cause:
    """Return what separates a region from all sites that are fit for its work: no path, or the latency limit."""
    region, workload = pair
    y = at.periods.index(period)
    over_links = at.scenario.has("links") and workload in at.moving
    options = routing.options_over_network(at.scenario) if over_links else routing.unlimited(at.scenario)
    given = routing.given_latency(at.scenario, period)
    far = {
        option.site: option.latency_ms[y]
        if over_links and math.isinf(option.latency_ms[y])  # its data need a path, whatever is listed
        else given.get((region, option.site), option.latency_ms[y])
        for option in sorted(options, key=lambda option: -option.latency_ms[y])
        if option.region == region and option.site in fit
    }
    site = min(far, key=lambda name: far[name], default="")
    values: dict[str, Any] = {"region": region, "otherwise": ""}
    if not site or math.isinf(far[site]):
        code = "demand-without-links" if over_links else "demand-without-path"
        return code, values | {"sites": named(fit)}
    row = candidates.row_at(at.scenario, "workloads", period, workload)
    limit = math.inf if row is None else float(row["latency_ms"])
    return "demand-beyond-latency", values | {"site": site, "latency": far[site], "limit": limit}


def _sites_within_reach(at: Inspection, workload: str) -> dict[str, dict[int, set[str]]]:
    """Return the sites that could serve a region's work, by region and position of the period."""
    out: dict[str, dict[int, set[str]]] = {}
    pairwise = candidates.pairwise_periods(at.scenario, workload)
    over_links = at.scenario.has("links") and workload in at.moving
    for y, period in enumerate(at.periods):
        if not pairwise[y] and over_links:
            for region, sites in _connected(at, period).items():
                out.setdefault(region, {})[y] = sites
    anywhere = () if over_links else routing.unlimited(at.scenario)
    for options, own in ((routing.eligible(at.scenario, workload), True), (anywhere, False)):
        for option in options:
            for y, usable in enumerate(option.usable):
                if usable and pairwise[y] == own:
                    out.setdefault(option.region, {}).setdefault(y, set()).add(option.site)
    return out


def _carrying(at: Inspection, period: int) -> set[str]:
    """Return the links that carry traffic in `period`, or can have been expanded in time."""
    return {one.link for one in candidates.usable_links(at.scenario, period, existing=False)}


def _connected(at: Inspection, period: int) -> dict[str, set[str]]:
    """Return the sites joined to each region by links that carry traffic in `period`, over any route."""
    carrying = _carrying(at, period)
    group: dict[str, set[str]] = {}
    for row in at.at("links", period):
        if row["link"] in carrying:
            # Merge the connected components of both ends.
            merged = group.get(row["from"], {row["from"]}) | group.get(row["to"], {row["to"]})
            group |= dict.fromkeys(merged, merged)
    sites = [(row["site"], row["node"]) for row in at.at("sites", period)]
    return {
        row["region"]: {site for site, node in sites if node in group.get(row["node"], {row["node"]})}
        for row in at.at("regions", period)
    }


def _ready(at: Inspection, period: int) -> dict[str, set[str]]:
    """Return the technologies that exist, or can have been ordered in time, at each site in `period`."""
    out: dict[str, set[str]] = {}
    for row in at.rows("fleet"):
        if not row["opened"] > period and not row["retires"] <= period and row["units"] > 0:
            out.setdefault(row["site"], set()).add(row["technology"])
    housed = _housed(at, period)
    size = {row["technology"]: row["mw_per_unit"] for row in at.at("technologies", period)}
    for offer in (offer for offer in _offers(at, period) if _in_use(at, offer, period)):
        technology = offer["technology"]
        for site, names in at.equipped.items():
            room = site in housed or size.get(technology, 0.0) == 0.0
            if technology in names and room and not _forbidden(at, site, technology, offer["order"], period):
                out.setdefault(site, set()).add(technology)
    return out


def _offers(at: Inspection, period: int) -> list[Row]:
    """Return the rows of technologies that can be ordered in `period` or before."""
    return [
        {**row, "order": order}
        for order in at.periods
        if order <= period and not at.scenario.fixed(order)
        for row in at.at("technologies", order)
        if not row["available_from"] > order and not row["available_until"] < order
    ]


def _in_use(at: Inspection, offer: Row, period: int) -> bool:
    """Return True if equipment of an offer is in use in `period`."""
    return at.scenario.timeline.usable(offer["order"], period, offer["lead_years"], offer["life_years"])


def _forbidden(at: Inspection, site: str, technology: str, order: int, period: int) -> bool:
    """Return True if limits allow no unit of a technology at a site."""

    def zero(column: str, year: int) -> bool:
        key = (site, technology)
        return any((row["site"], row["technology"]) == key and row[column] == 0 for row in at.at("limits", year))

    return at.scenario.has("limits") and (zero("max_build_units", order) or zero("max_units", period))


def _housed(at: Inspection, period: int) -> set[str]:
    """Return the sites that can house equipment in `period`: they have or can get halls by then, or need none."""
    out = {row["site"] for row in at.at("sites", period) if row["it_limit_mw"] != 0}
    for row in at.at("halls", period):
        orders = [y for y in at.periods if y + row["lead_years"] <= period and not at.scenario.fixed(y)]
        if row["limit_mw"] == 0 or (row["existing_mw"] == 0 and not orders):
            out.discard(row["site"])
    return out


CHECKS = (latency, reach)
