"""Contexts of small plans with decision tables made up by hand."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

import pandas as pd

from tests.golden.small import small
from xisuan.planning.expansion import plan
from xisuan.report.document.blocks import Table
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.text.translation import Language

TWO = {
    "sites": "site,node,zone,pue,title,kind,hub\ns,r,z,1.2,Ridge,cluster,h\nt,r,z,1.5,Hill,cluster,k",
    "power": "zone,price\nz,0.5",
    "technologies": "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,opex_mcny_per_unit_year\n"
    "g,general,rack,0.5,1,4,0.1",
    "limits": "site,technology,max_units\ns,g,8",
    "demand": "region,workload,period,units\nr,w,2026,10",
}
"""10 units of 0.5 MW: 8 at s and 2 at t, where the same power needs more cooling. Power costs 0.5 CNY/kWh."""


def context(
    tables: Mapping[str, str] = TWO, decisions: Mapping[str, pd.DataFrame] | None = None, language: Language = "en"
) -> Context:
    """The plan of a small scenario of one year with its focus on s, and decision tables."""
    given = small(tables, {"periods": [2026]})
    given = given.with_settings(report=dataclasses.replace(given.settings.report, region="s"))
    return Context(Run(given, plan(given), decisions=decisions or {}), language)


def column(table: Table, title: str) -> dict[str, float | None]:
    """The numbers of a column by the text of the first cell of their rows."""
    (at,) = [i for i, one in enumerate(table.columns) if one.title == title]
    return {row.cells[0].text: row.cells[at].value for row in table.rows}


def hub_costs(**changes: object) -> pd.DataFrame:
    """Costs of a unit of w at s and t: 6 + 2 = 8 CNY here, 6 + 4 = 10 there, no demand charge, no carbon."""
    parts = {
        "equipment_cny": 6.0,
        "hall_cny": 0.0,
        "demand_charge_cny": 0.0,
        "carbon_cny": 0.0,
        "network_cny": math.nan,
    }
    shared = {
        "workload": "w", "technology": "g", "period": 2026, "unit": "PFLOPS FP32", "green_cny": 0.0, **parts,
        "eligible_share": 1.0, "served_share": 0.5, "room_mw": math.nan, "halls": "new",
    }  # fmt: skip
    rows = [
        {"site": "s", "kind": "cluster", "power_cny": 1.5, "pue_cny": 0.5, "total_cny": 8.0, "served_units": 8.0,
         "against_rival": -0.2, "best_rival": "t", "against_site": -0.2, "best_site": "t", "why": ""},
        {"site": "t", "kind": "cluster", "power_cny": 3.0, "pue_cny": 1.0, "total_cny": 10.0, "served_units": 2.0,
         "against_rival": 0.25, "best_rival": "s", "against_site": 0.25, "best_site": "s", "why": "dearer"},
    ]  # fmt: skip
    return pd.DataFrame([{**shared, **row} for row in rows]).assign(**changes)
