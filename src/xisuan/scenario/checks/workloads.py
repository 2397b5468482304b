"""Checks of workloads and demand: equipment that runs them, routes to sites, missing rows."""

from __future__ import annotations

import math

from xisuan.scenario.checks.inspection import Inspection
from xisuan.scenario.queries import candidates, routing

_SHOWN = 3
"""Names listed in a message before the rest is counted."""


def classes(at: Inspection) -> None:
    """Check that every workload names a class or a technology."""
    rows = at.rows("technologies")
    known = {row["class"] for row in rows} | {row["technology"] for row in rows}
    if at.asked and not at.scenario.has("technologies"):
        what = "is missing or has no rows, and demand asks for work that nothing else can run; give it"
        at.findings.error("technologies.csv", "", "", "", what)
        return
    for row in at.rows("workloads"):
        if row["class"] not in known and (row["workload"] in at.asked or known):
            suggestion = at.findings.suggest(row["class"], known)
            at.error("workloads", row, "class", f"neither a class nor a technology of technologies{suggestion}")


def asked(at: Inspection) -> None:
    """Warn if there are workloads but no demand."""
    if at.scenario.has("workloads") and not at.scenario.has("demand"):
        what = "is missing or has no rows, so that no work is asked for and none is planned; give it"
        at.findings.warn("demand.csv", "", "", "", what)


def stock(at: Inspection) -> None:
    """Check that stock has neither deferral nor an hourly profile."""
    held = {row["workload"] for row in at.rows("workloads") if candidates.is_stock(at.scenario, row["workload"])}
    for row in at.rows("workloads"):
        if row["workload"] in held and row["defer_hours"] > 0:
            at.error("workloads", row, "defer_hours", "held through the period, so it cannot wait; leave it blank")
    for row in at.demand:
        if row["workload"] in held and row["profile"]:
            at.error("demand", row, "profile", "held through the period, so it has no profile; leave it blank")


def demand(at: Inspection) -> None:
    """Check that demand given in one period is given in every period: a missing row is not zero."""
    frame = at.scenario["demand"]
    given: dict[tuple[str, str], set[int]] = {}
    for region, workload, period in zip(frame["region"], frame["workload"], frame["period"], strict=True):
        given.setdefault((region, workload), set()).add(int(period))
    for (region, workload), years in given.items():
        missing = [period for period in at.periods if period not in years]
        if missing and len(missing) < len(at.periods):
            what = f"no row for {_list(missing)}; give the demand, 0 where there is none"
            at.error("demand", f"{region}/{workload}", "period", what)
    every = sorted(set[int]().union(*given.values()))
    if every and not any(period in every for period in at.periods):
        what = f"no row is of {_list(list(at.periods))}, they are of {_list(every)}; give the demand, 0 where there is none"
        tell = at.warn if every == [at.scenario.settings.actual_year] else at.error  # that year's demand calibrates
        tell("demand", at.rows("demand")[0], "period", what)


def profiles(at: Inspection) -> None:
    """Check that profiles of demand can be normalised, and that profiles of work and traffic are not negative."""
    for table in ("demand", "traffic"):
        frame = at.scenario[table]
        for name in sorted(set(frame["profile"]) - {""}):
            curve = at.scenario.curves[name]
            row = frame[frame["profile"] == name].to_dict("records")[0]
            if curve.min() < 0:
                what = f"the profile falls to {curve.min():g}; work and traffic are not negative"
                at.error(table, row, "profile", what)
            elif table == "demand" and curve.mean() <= 0:
                at.error(table, row, "profile", "the profile is 0 in every hour; it cannot be normalised to mean 1")


def nodes(at: Inspection) -> None:
    """Check that every site that could run work over links has a backbone node."""
    if not at.scenario.has("links"):
        return
    able = {technology for workload in at.moving for technology in candidates.runs(at.scenario, workload)}
    for row in at.rows("sites"):
        if not row["node"] and at.equipped.get(row["site"], set()) & able:
            at.error("sites", row, "node", "blank, but work that moves data could run here; give its backbone node")


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
    if not at.scenario.has("latency") and not at.scenario.has("links") and apart:
        what = (
            f"{pairs[apart[0]][0]} has a latency limit, and neither links nor latency say how far places are apart; out of"
            f" reach: {_list(['/'.join(pair) for pair in apart])}; give one of these tables, or leave latency_ms blank where"
            " the network does not matter"
        )
        at.findings.warn("latency.csv", "", "", "", what)
        return
    for region, site in apart:
        what = (
            "no latency is listed for the pair, and no links join them, so that it is out of reach;"
            f" {pairs[region, site][0]} asks: give a row if it is not"
        )
        at.warn("latency", f"{region}/{site}", "latency_ms", what)


def serving_cost(at: Inspection) -> None:
    """Check that a workload with a serving cost for one pair has it for every eligible pair."""
    given: dict[str, set[tuple[str, str]]] = {}
    for row in at.rows("serving_cost"):
        given.setdefault(row["workload"], set()).add((row["region"], row["site"]))
    for name in sorted(set(given) & set(at.workloads)):
        pairs = {(option.region, option.site) for option in routing.eligible(at.scenario, name)}
        missing = sorted("/".join(pair) for pair in pairs - given[name])
        if missing:
            what = f"of {len(pairs)} eligible pairs, {_list(missing)} lack a cost; a workload that lists any lists all"
            at.error("serving_cost", "", "workload", what, name)


def reach(at: Inspection) -> None:
    """Check that all demand has a site within reach that has, or can get in time, equipment for it.

    Whether the capacity suffices is left to the plan.
    """
    asked = [(row["workload"], int(row["period"])) for row in at.demand if row["workload"] in at.workloads]
    if not at.scenario.has("sites") and any(_must_serve(at, name, period) for name, period in asked):
        what = "is missing or has no rows, and demand asks for work that is done at sites; give it"
        at.findings.error("sites.csv", "", "", "", what)
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
        nowhere = not any(technologies & able for technologies in at.equipped.values())
        required = {region: [year for year in years if _must_serve(at, name, year)] for region, years in late.items()}
        if any(required.values()) and at.scenario.fixed(at.periods[-1]):
            what = (
                f"every period has ended by then (the last: {at.periods[-1]}), so that nothing can be built,"
                " and what stands does not serve the demand; give an earlier day, or later periods"
            )
            at.findings.error("scenario.toml", "", "as_of", at.scenario.settings.as_of, what)
            return
        for region, years in late.items():
            joined = nowhere or bool(sites.get(region))
            dropped = [year for year in years if year not in required[region]]
            for some, free in ((required[region], False), (dropped, True)):
                if some:
                    _report(at, region, name, some, free, joined)


def penalties(at: Inspection) -> None:
    """Warn of penalties under the carbon objective, which serves all work."""
    rows = [row for rows in at.workloads.values() for row in rows if not math.isnan(row["unserved_mcny_per_unit_hour"])]
    if rows and at.scenario.settings.objective == "carbon":
        what = (
            "no plan uses it: the objective carbon serves all work; leave it blank, or choose the objective cost"
            " to let work go unserved at this penalty"
        )
        at.warn("workloads", rows[0], "unserved_mcny_per_unit_hour", what)


def _must_serve(at: Inspection, workload: str, period: int) -> bool:
    """Return True if a workload has no penalty in `period`, or if the objective is carbon, which serves all work."""
    return at.scenario.settings.objective == "carbon" or workload not in candidates.droppable(at.scenario, period)


def _report(at: Inspection, region: str, workload: str, years: list[int], free: bool, near: bool) -> None:
    """Record a warning (if the work is free to go unserved) or an error for demand that cannot be served."""
    where = "no site in reach has or can get equipment for it" if near else "no site is within its latency and links"
    what = f"cannot be served in {_list(years)}: {where}"
    if free:
        at.warn("demand", f"{region}/{workload}", "", f"{what}; it will be left unserved")
    elif all(map(at.scenario.fixed, years)):
        day = at.scenario.settings.as_of
        what = f"as_of {day} fixes {_list(years)}, and what stood then does not serve it"
        remedy = "give an earlier as_of, what stood then (fleet, halls), or no demand then"
        at.error("demand", f"{region}/{workload}", "", f"{what}; {remedy}")
    else:
        remedy = "add links, sites or equipment, relax the limit, or give unserved_mcny_per_unit_hour"
        if at.scenario.settings.objective == "carbon":
            why = "the objective carbon serves all work, at any penalty"
            remedy = f"add links, sites or equipment, or relax the limit: {why}"
        at.error("demand", f"{region}/{workload}", "", f"{what}; {remedy}")


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
    for order in (order for order in at.periods if order <= period and not at.scenario.fixed(order)):
        for technology in _orderable(at, order, period):
            for site, names in at.equipped.items():
                room = site in housed or size.get(technology, 0.0) == 0.0
                if technology in names and room and not _forbidden(at, site, technology, order, period):
                    out.setdefault(site, set()).add(technology)
    return out


def _orderable(at: Inspection, order: int, period: int) -> list[str]:
    """Return the technologies that are in use in `period` if ordered in `order`."""
    return [
        row["technology"]
        for row in at.at("technologies", order)
        if not row["available_from"] > order
        and not row["available_until"] < order
        and at.scenario.timeline.usable(order, period, row["lead_years"], row["life_years"])
    ]


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


def _list(names: list[int] | list[str]) -> str:
    """Return the first names joined by commas, and the number of the others."""
    head = ", ".join(map(str, names[:_SHOWN]))
    return f"{head} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else head


def traffic(at: Inspection) -> None:
    """Check that in each period of its rows, existing or possible links join the ends of other traffic."""
    if not at.scenario.has("links"):
        return
    node: dict[str, str] = {row["region"]: row["node"] for row in at.rows("regions")}
    told: set[tuple[str, str]] = set()
    for period in at.periods:
        links = candidates.usable_links(at.scenario, period, False)
        within: dict[str, set[str]] = {}
        for row in at.at("traffic", period):
            start, end = (node.get(str(row[which]), str(row[which])) for which in ("from", "to"))
            if start not in within:
                within[start] = {start, *routing.shortest(links, start)}
            if row["gbps"] > 0 and end not in within[start] and (row["from"], row["to"]) not in told:
                told.add((row["from"], row["to"]))
                what = (
                    f"no links that stand or can be built by {period} join its ends; add a link, or leave the row out"
                )
                at.error("traffic", row, "to", what)


CHECKS = (classes, asked, stock, demand, profiles, nodes, latency, serving_cost, reach, penalties, traffic)
