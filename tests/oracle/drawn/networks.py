"""Small networks on which a plan is nearly always possible: capacity is on offer everywhere, and failures bind."""

from __future__ import annotations

from typing import Any

from tests.oracle.drawn.dice import Dice, Rows

Tables = dict[str, Rows]


def scenario(seed: int) -> tuple[dict[str, Any], Tables]:
    """Draw three or four places in a ring, with sites, links, work of four kinds and one to three failures."""
    d = Dice(seed)
    places = [f"P{at}" for at in range(d.whole(3, 4))]
    periods = d.pick([[2026], [2026, 2028]])
    settings: dict[str, Any] = {
        "periods": periods, "last_period_years": 2, "base_year": 2026, "capital": "full",
        "hours": d.pick(["one", "hours:4", "hours:12"]),
    }  # fmt: skip
    tables: Tables = {
        "regions": [{"region": place} for place in places],
        "profile_rules": [
            {"profile": "day", "hours": hours, "value": value}
            for hours, value in (("", 1), ("2-3", d.between(1, 3)), ("8-11", d.between(0.2, 1)))
        ],
        "sites": [
            {"site": f"S{at}", "node": place, "zone": d.pick(["Z0", "Z1"]), "pue": d.between(1, 1.6)}
            for at, place in enumerate(d.some(places, len(places) - 1))
        ],
        "technologies": _technologies(d),
        "workloads": _workloads(d),
        "power": [
            {"zone": zone, "price": d.between(0.2, 0.8), "grid_limit_mw": d.pick(["", d.between(12, 40)])}
            for zone in ("Z0", "Z1")
        ],
    }
    tables["links"] = _links(d, places)
    names = [row["workload"] for row in tables["workloads"]]
    tables["demand"] = [
        {"region": place, "workload": name, "period": y, "units": d.pick([0, d.between(1, 10)]),
         "profile": "" if name == "held" else d.pick(["", "day"])}
        for place in places for name in names for y in periods
    ]  # fmt: skip
    _rest(d, places, tables)
    tables["contingencies"] = _failures(d, tables, [name for name in names if name != "held"], periods)
    return settings, tables


def _technologies(d: Dice) -> Rows:
    common = {"unit": "rack", "life_years": 5}
    return [
        common | {"technology": name, "class": kind, "kind": "stock" if kind == "storage" else "flow",
                  "mw_per_unit": d.between(0.2, 0.8), "idle_share": d.pick(["", d.between(0.1, 0.5)]),
                  "attainable_utilisation": d.pick(["", d.between(0.5, 0.9)]),
                  "capex_mcny_per_unit": d.between(1, 4)}
        for name, kind in (("g", "general"), ("h", "general"), ("d", "storage"))
    ]  # fmt: skip


def _workloads(d: Dice) -> Rows:
    return [
        {"workload": name, "class": kind, "latency_ms": latency, "defer_hours": defer,
         "gbps_per_unit": d.pick([d.between(0.1, 1), data]), "return_gbps_per_unit": d.pick(["", d.between(0.1, 0.5)])}
        for name, kind, latency, defer, data in (
            ("near", "general", d.between(1, 6), "", ""), ("free", "general", "", "", ""),
            ("bound", "h", d.pick(["", d.between(1, 6)]), "", ""), ("late", "general", "", 2, ""),
            ("held", "storage", d.pick(["", d.between(2, 6)]), "", ""),
        )
    ]  # fmt: skip


def _links(d: Dice, places: list[str]) -> Rows:
    pairs = [(place, places[(at + 1) % len(places)]) for at, place in enumerate(places)]
    pairs += [(places[0], places[2])] if len(places) > 3 and d.chance(0.5) else []
    return [
        {"link": f"{one}-{other}", "from": one, "to": other, "length_km": d.whole(100, 500),
         "capacity_gbps": d.pick([0, d.between(1, 20)]), "capex_mcny_per_gbps": d.between(0.1, 2), "life_years": 5,
         "cost_mcny_per_gbps_hour": d.pick(["", 0.00001])}
        for one, other in pairs
    ]  # fmt: skip


def _rest(d: Dice, places: list[str], tables: Tables) -> None:
    """Add other traffic, own power, and rules that do not hold during a failure."""
    tables["traffic"] = [
        {"from": one, "to": other, "gbps": d.between(0.5, 4), "routing": d.pick(["free", "shortest"])}
        for one, other in ((places[0], places[1]), (places[2], places[0])) if d.chance(0.5)
    ]  # fmt: skip
    tables["supply"] = [
        {"site": row["site"], "source": source, "existing_mw": d.between(0, 3), "capex_mcny_per_mw": d.between(1, 5),
         "life_years": 5, "profile": "" if source == "battery" else d.pick(["", d.between(0.1, 0.6)])}
        for row in tables["sites"] for source in ("solar", "battery") if d.chance(0.3)
    ]  # fmt: skip
    tables["policies"] = [
        {"rule": rule, "scope": "all", "value": d.between(*ends)}
        for rule, ends in (("site_reserve_min", (0.05, 0.2)), ("link_load_max", (0.6, 0.9)))
        if d.chance(0.4)
    ]


def _failures(d: Dice, tables: Tables, runs: list[str], periods: list[int]) -> Rows:
    rows: Rows = []
    for number in range(d.whole(1, 3)):
        site = d.chance(0.5)
        row = {
            "contingency": f"K{number}",
            "site": d.pick(tables["sites"])["site"] if site else "",
            "link": "" if site else d.pick(tables["links"])["link"],
            "share_lost": d.pick([0.5, d.between(0.1, 1), *([] if site else [1, 1])]),
            "hours": d.pick(["", "", "2-3", "22-2"]),
            "workloads": d.pick(["", "", d.pick(runs), ";".join(d.some(runs, 1))]),
            "extra_latency_ms": d.pick(["", d.between(0, 6)]),
            "period": d.pick(["", "", periods[-1]]),
        }
        rows.append(row)
        if row["period"] == "" and len(periods) > 1 and d.chance(0.3):
            rows.append(row | {"period": periods[1], "share_lost": d.pick(["", 0.3])})
    return rows
