"""Check that the halls which sites of one place may hold do not exceed what is planned there.

The plan of a site is the high end of the range of its limit, or the number of racks that is aimed at there.
"""

from __future__ import annotations

import math

from xisuan import units
from xisuan.scenario.checks.inspection import Inspection, Row

_ROUNDING = 1e-6
LIMITS = (("sites", "it_limit_mw"), ("halls", "limit_mw"))
"""Columns with the IT power that a site may hold."""
PLANNED = ("target", "forecast")
"""Kinds of `actuals` that state a plan."""


def halls(at: Inspection) -> None:
    """Warn where sites at one node with a plan and sites without one may together hold more than is planned.

    A site without a plan is counted twice where the limit of its neighbour already holds it.
    """
    limits = _limits(at)
    plans = _plans(at, limits)
    for rows in _by_node(at).values():
        here = [row for row in rows if row["site"] in limits]
        planned = [row["site"] for row in here if row["site"] in plans]
        others = [row["site"] for row in here if row["site"] not in plans]
        total = sum(limits[row["site"]] for row in here)
        plan = sum(plans[site] for site in planned)
        if planned and others and total > plan * (1 + _ROUNDING):
            values = {"sites": ", ".join(planned), "total": units.racks(total), "plan": units.racks(plan)}
            at.warn("sites", others[0], "", "halls-beyond-plan", value="", **values)


def _by_node(at: Inspection) -> dict[str, list[Row]]:
    """Return the sites of each node, each site once."""
    out: dict[str, dict[str, Row]] = {}
    for row in at.rows("sites"):
        if row["node"]:
            out.setdefault(row["node"], {}).setdefault(row["site"], row)
    return {node: list(rows.values()) for node, rows in out.items()}


def _limits(at: Inspection) -> dict[str, float]:
    """Return the IT power that each site with a limit may hold in the last period, MW."""
    limits: dict[str, float] = {}
    for table, column in LIMITS:
        last = {row["site"]: row[column] for period in at.periods for row in at.at(table, period)}
        for site, limit in last.items():
            if math.isfinite(limit):
                limits[site] = min(limits.get(site, math.inf), limit)
    return limits


def _plans(at: Inspection, limits: dict[str, float]) -> dict[str, float]:
    """Return the largest plan of each site that has one, MW of IT."""
    plans: dict[str, float] = {}
    for row in at.rows("estimates"):
        if (row["table"], row["column"]) in LIMITS and row["key"] in limits:
            plans[row["key"]] = max(plans.get(row["key"], 0.0), row["high"])
    for row in at.rows("actuals"):
        if row["quantity"] == "racks" and row["kind"] in PLANNED and row["place"] in plans:
            plans[row["place"]] = max(plans[row["place"]], units.mw_of_racks(row["value"]))
    return plans


CHECKS = (halls,)
