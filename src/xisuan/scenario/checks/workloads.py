"""Checks of workloads and demand: equipment that runs them, routes to sites, missing rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from xisuan.scenario.checks.inspection import Inspection, named
from xisuan.scenario.queries import candidates, routing


def classes(at: Inspection) -> None:
    """Check that every workload names a class or a technology."""
    rows = at.rows("technologies")
    known = {row["class"] for row in rows} | {row["technology"] for row in rows}
    if at.asked and not at.scenario.has("technologies"):
        at.findings.error("technologies.csv", "", "", "", "technologies-missing")
        return
    for row in at.rows("workloads"):
        if row["class"] not in known and (row["workload"] in at.asked or known):
            suggestion = at.findings.suggest(row["class"], known)
            at.error("workloads", row, "class", "class-unknown", hint=suggestion)


def asked(at: Inspection) -> None:
    """Warn if there are workloads but no demand."""
    if at.scenario.has("workloads") and not at.scenario.has("demand"):
        at.findings.warn("demand.csv", "", "", "", "demand-missing")


def regions(at: Inspection) -> None:
    """Warn of regions without a row of demand where others have some: no work comes from them, silently."""
    named_in = set(at.scenario["demand"]["region"])
    if missing := sorted({row["region"] for row in at.rows("regions")} - named_in) if named_in else []:
        at.warn("regions", "", "region", "regions-without-demand", value=named(missing))


def stock(at: Inspection) -> None:
    """Check that stock has neither deferral nor an hourly profile."""
    held = {row["workload"] for row in at.rows("workloads") if candidates.is_stock(at.scenario, row["workload"])}
    for row in at.rows("workloads"):
        if row["workload"] in held and row["defer_hours"] > 0:
            at.error("workloads", row, "defer_hours", "stock-cannot-wait")
    for row in at.demand:
        if row["workload"] in held and row["profile"]:
            at.error("demand", row, "profile", "stock-without-profile")


def demand(at: Inspection) -> None:
    """Check that demand given in some year is given in every period: a missing row is not zero.

    Between years that are given, the message offers the linear interpolation.
    """
    frame = at.scenario["demand"]
    given: dict[tuple[str, str], dict[int, float]] = {}
    columns = (frame[name] for name in ("region", "workload", "period", "units"))
    for region, workload, period, units in zip(*columns, strict=True):
        given.setdefault((region, workload), {})[int(period)] = float(units)
    every = sorted(set[int]().union(*given.values()))
    if every and not any(period in every for period in at.periods):
        tell = at.warn if every == [at.scenario.settings.actual_year] else at.error  # that year's demand calibrates
        values = {"periods": named(list(at.periods)), "years": named(every)}
        tell("demand", at.rows("demand")[0], "period", "demand-of-other-years", **values)
        return
    for (region, workload), units_of in given.items():
        if missing := [period for period in at.periods if period not in units_of]:
            _missing(at, f"{region}/{workload}", units_of, missing)


def _missing(at: Inspection, key: str, units_of: Mapping[int, float], missing: list[int]) -> None:
    """Record that demand has no row for some periods, with the interpolation between the years that are given."""
    years = sorted(units_of)
    between = [year for year in missing if years[0] < year < years[-1]]
    if not between:
        at.error("demand", key, "period", "demand-of-period-missing", periods=named(missing))
        return
    found = np.interp(between, years, [units_of[year] for year in years])
    values = ", ".join(f"{year}: {value:.6g}" for year, value in zip(between, found, strict=True))
    at.error("demand", key, "period", "demand-between-years-missing", periods=named(missing), values=values)


def profiles(at: Inspection) -> None:
    """Check that profiles of demand can be normalised, and that profiles of work and traffic are not negative."""
    for table in ("demand", "traffic"):
        frame = at.scenario[table]
        for name in sorted(set(frame["profile"]) - {""}):
            curve = at.scenario.curves[name]
            row = frame[frame["profile"] == name].to_dict("records")[0]
            if curve.min() < 0:
                at.error(table, row, "profile", "profile-negative", least=curve.min())
            elif table == "demand" and curve.mean() <= 0:
                at.error(table, row, "profile", "profile-all-zero")


def nodes(at: Inspection) -> None:
    """Check that every site that could run work over links has a backbone node."""
    if not at.scenario.has("links"):
        return
    able = {technology for workload in at.moving for technology in candidates.runs(at.scenario, workload)}
    for row in at.rows("sites"):
        if not row["node"] and at.equipped.get(row["site"], set()) & able:
            at.error("sites", row, "node", "node-blank")


def serving_cost(at: Inspection) -> None:
    """Check that a workload with a serving cost for one pair has it for every eligible pair."""
    given: dict[str, set[tuple[str, str]]] = {}
    for row in at.rows("serving_cost"):
        given.setdefault(row["workload"], set()).add((row["region"], row["site"]))
    for name in sorted(set(given) & set(at.workloads)):
        pairs = {(option.region, option.site) for option in routing.eligible(at.scenario, name)}
        missing = sorted("/".join(pair) for pair in pairs - given[name])
        if missing:
            at.error(
                "serving_cost",
                "",
                "workload",
                "serving-cost-incomplete",
                value=name,
                count=len(pairs),
                pairs=named(missing),
            )


def penalties(at: Inspection) -> None:
    """Warn of penalties under the carbon objective, which serves all work."""
    rows = [row for rows in at.workloads.values() for row in rows if not math.isnan(row["unserved_mcny_per_unit_hour"])]
    if rows and at.scenario.settings.objective == "carbon":
        at.warn("workloads", rows[0], "unserved_mcny_per_unit_hour", "penalty-without-use")


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
                at.error("traffic", row, "to", "traffic-ends-apart", period=period)


CHECKS = (classes, asked, regions, stock, demand, profiles, nodes, serving_cost, penalties, traffic)
