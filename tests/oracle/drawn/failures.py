"""Contingencies of a drawn scenario: sites and links that lose a share, and the work that must survive."""

from __future__ import annotations

from typing import Any

from tests.oracle.drawn.dice import Dice, Rows

Tables = dict[str, Rows]


def add(d: Dice, settings: dict[str, Any], tables: Tables) -> None:
    """Add one to three contingencies to a third of the scenarios that have sites and demand."""
    if not tables.get("sites") or not tables.get("demand") or not d.chance(0.35, "contingencies"):
        return
    sites = list(dict.fromkeys(row["site"] for row in tables["sites"]))
    links = list(dict.fromkeys(row["link"] for row in tables.get("links", [])))
    held = {
        name for row in tables["technologies"] if row["kind"] == "stock" for name in (row["class"], row["technology"])
    }
    runs = list(dict.fromkeys(row["workload"] for row in tables["workloads"] if row["class"] not in held))
    rows = tables["contingencies"] = []
    for number in range(d.whole(1, 3)):
        of_link = bool(links) and d.chance(0.4)
        row = {
            "contingency": f"K{number}",
            "site": "" if of_link else d.pick(sites),
            "link": d.pick(links) if of_link else "",
            "share_lost": d.pick([0, 0.1, d.between(0.02, 0.25), d.between(0.02, 0.6), *([1] if of_link else [])]),
            "hours": d.pick(["", "9-12;18-22", "22-3", "0"]),
            "workloads": d.pick(["", d.pick(runs), ";".join(d.some(runs, 1))]) if runs else "",
            "extra_latency_ms": d.pick(["", d.between(0, 10)]),
            "period": "",
        }
        rows.append(row)
        if len(settings["periods"]) > 1 and d.chance(0.3, "dated"):
            rows.append(row | {"period": settings["periods"][1], "share_lost": d.pick(["", d.between(0, 0.5)])})
