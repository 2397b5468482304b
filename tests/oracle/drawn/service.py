"""Workloads, demand, listed latencies and serving costs."""

from __future__ import annotations

from typing import Any

from tests.oracle.drawn.dice import Dice, Rows


def workloads(d: Dice, periods: list[int], kinds: Rows, *, network: bool) -> Rows:
    """Draw one to four workloads that some technology runs."""
    rows: Rows = []
    for at in range(d.whole(1, 4)):
        kind = d.pick(kinds)
        bound = d.chance(0.25, "bound_work")
        fixed = {"workload": f"w{at}", "class": kind["technology"] if bound else kind["class"]}
        first = fixed | _figures(d, stock=kind["kind"] == "stock", network=network)
        rows.append(first | {"period": ""})
        if len(periods) > 1 and d.chance(0.2, "dated"):
            second = fixed | _figures(d, stock=kind["kind"] == "stock", network=network)
            if not d.chance(0.5, "dated_reach"):
                second["latency_ms"] = "" if first["latency_ms"] == "" else second["latency_ms"] or first["latency_ms"]
            moves = [bool(row["gbps_per_unit"] or row["return_gbps_per_unit"]) for row in (first, second)]
            if moves[0] != moves[1] and not d.chance(0.5, "dated_traffic"):
                second |= {name: first[name] for name in ("gbps_per_unit", "return_gbps_per_unit")}
            rows.append(second | {"period": d.pick(periods[1:])})
    return rows


def _figures(d: Dice, *, stock: bool, network: bool) -> dict[str, Any]:
    near = d.chance(0.45, "pairwise") and (network or d.chance(0.5, "unreachable"))
    return {
        "latency_ms": d.between(1, 15) if near else "",
        "defer_hours": d.pick([1, 2, 3, 5, 12, 24, 50]) if not stock and d.chance(0.35, "deferral") else "",
        "gbps_per_unit": d.maybe(0.5, 0.001, 0.02, 4),
        "return_gbps_per_unit": d.maybe(0.4, 0.001, 0.02, 4),
        "unserved_mcny_per_unit_hour": d.maybe(0.75, 0.0001, 0.002, 6),
    }


def demand(d: Dice, periods: list[int], regions: list[str], works: Rows, curves: list[str], held: set[str]) -> Rows:
    """Draw demand; stock has no profile."""
    rows: Rows = []
    for work in dict.fromkeys((row["workload"], row["class"]) for row in works):
        for region in regions:
            if d.chance(0.2):
                continue
            profile = d.pick(["", *curves]) if work[1] not in held else ""
            rows += [
                {
                    "region": region,
                    "workload": work[0],
                    "period": period,
                    "units": 0 if d.chance(0.08) else d.between(2, 80, 1),
                    "profile": profile,
                }
                for period in periods
            ]
    if not rows:
        first = {"region": regions[0], "workload": works[0]["workload"], "profile": ""}
        rows += [first | {"period": period, "units": d.between(2, 80, 1)} for period in periods]
    return rows


def latency(d: Dice, periods: list[int], regions: list[str], sites: list[str], apart: set[tuple[str, str]]) -> Rows:
    """Draw listed latencies of some pairs; of all that no links join (`apart`) from the start."""
    rows: Rows = []
    if not d.chance(0.3, "latency_table"):
        return rows
    for region in regions:
        some = d.some(sites)
        for site in sites:
            must = (region, site) in apart
            if not must and site not in some:
                continue
            late = not must and len(periods) > 1 and d.chance(0.1, "late_first_row")
            row = {"region": region, "site": site, "latency_ms": d.between(0, 16), "period": periods[1] if late else ""}
            rows.append(row)
            if len(periods) > 1 and not late and d.chance(0.15, "dated"):
                rows.append(row | {"latency_ms": d.between(0, 16), "period": periods[1]})
    return rows


def serving_cost(d: Dice, periods: list[int], regions: list[str], sites: list[str], works: Rows) -> Rows:
    """Draw serving costs of all pairs of a workload."""
    rows: Rows = []
    if not d.chance(0.2, "serving_cost"):
        return rows
    name = d.pick(works)["workload"]
    for region in regions:
        for site in sites:
            row = {"region": region, "site": site, "workload": name, "period": ""}
            rows.append(row | {"mcny_per_unit_hour": d.between(0, 0.0002, 6)})
            if len(periods) > 1 and d.chance(0.15, "dated"):
                rows.append(row | {"mcny_per_unit_hour": d.between(0, 0.0002, 6), "period": periods[1]})
    return rows
