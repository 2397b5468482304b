"""Checks that descriptive rows exist from the first period in which they are needed.

Tables of offers, limits and rules (limits, links, modules, supply, traffic, measures, policies, budgets) may begin
later: before their first row nothing is offered or limited. Descriptive tables must not, because missing numbers such
as a workload's traffic or a site's PUE would decide the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xisuan.scenario.checks.inspection import Inspection


def places(at: Inspection) -> None:
    """Check that regions, nodes, sites, halls and cities have a row from the first period on."""
    codes = {"sites": "site-without-row", "halls": "halls-without-row"}
    for table in ("regions", "nodes", "sites", "halls", "cities"):
        held = _names_in_force(at, table, _KEY[table])
        for name in _names(at, table, _KEY[table]):
            _needed(at, table, name, held, at.periods[:1], codes.get(table, "place-without-row"))


def workloads(at: Inspection) -> None:
    """Check that a workload is described in every period with demand for it."""
    held = _names_in_force(at, "workloads", "workload")
    for name in sorted(set(_names(at, "workloads", "workload")) & set(at.asked)):
        years = sorted({int(row["period"]) for row in at.demand if row["workload"] == name})
        _needed(at, "workloads", name, held, years, "workload-without-row")


def serving_cost(at: Inspection) -> None:
    """Check that the serving cost of a pair is given in every period with demand for the workload."""
    pairs = {(row["region"], row["site"], row["workload"]) for row in at.rows("serving_cost")}
    years = {(row["region"], row["workload"], row["period"]) for row in at.demand}
    for period in at.periods:
        now = {(row["region"], row["site"], row["workload"]) for row in at.at("serving_cost", period)}
        for region, site, workload in sorted(pairs - now):
            if (region, workload, period) in years:
                where = f"{region}/{site}/{workload}"
                at.error("serving_cost", where, "period", "place-without-row", value=f"{period}", periods=period)


_KEY = {"regions": "region", "nodes": "node", "sites": "site", "halls": "site", "cities": "city"}


def _names(at: Inspection, table: str, key: str) -> list[str]:
    """Return the names in any row of the table, even one that holds in no period."""
    return [str(name) for name in at.scenario[table][key].unique()]


def _names_in_force(at: Inspection, table: str, key: str) -> dict[int, set[str]]:
    """Return the names in rows of the table that hold in a period, by period."""
    return {year: {str(row[key]) for row in at.at(table, year)} for year in at.periods}


def _needed(
    at: Inspection, table: str, name: str, held: Mapping[int, set[str]], years: Iterable[int], code: str
) -> None:
    """Record an error if `name` has no row in some of `years`."""
    missing = [year for year in years if name not in held[year]]
    if missing:
        at.error(table, name, "period", code, value=f"{missing[0]}", periods=", ".join(map(str, missing)))


CHECKS = (places, workloads, serving_cost)
