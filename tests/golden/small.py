"""Tiny scenarios written as text: a base of one region, one site, one technology, and what a case puts in its place."""

from __future__ import annotations

from collections.abc import Mapping

from tests.scenarios import build, frame
from xisuan.scenario.scenario import Scenario

BASE = {
    "regions": """
        region
        r
        """,
    "sites": """
        site,node
        s,r
        """,
    "technologies": """
        technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
        g,general,rack,0.5,1,4
        """,
    "workloads": """
        workload,class
        w,general
        """,
    "demand": """
        region,workload,period,units
        r,w,2026,10
        r,w,2027,12
        """,
}
"""One region, one site, one technology of 0.5 MW, one workload of 10 and then 12 units; two periods of one hour."""

SETTINGS: dict[str, object] = {"name": "small", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}


def small(tables: Mapping[str, str] | None = None, settings: Mapping[str, object] | None = None) -> Scenario:
    """The base with `tables` in place of its own (an empty text drops one) and `settings` on top.

    The hours of `hours:N` are as they are: their values are those of the case.
    """
    texts = {**BASE, **(tables or {})}
    chosen = {**SETTINGS, **(settings or {})}
    frames = {name: frame(text) for name, text in texts.items() if text}
    return build(chosen, frames)
