"""Policies, budgets and members."""

from __future__ import annotations

from typing import Any

from tests.oracle.drawn.dice import Dice, Rows

RANGES: dict[str, tuple[float, float]] = {
    "occupancy_min": (0.05, 0.6),
    "utilisation_min": (0.02, 0.35),
    "hub_share_min": (0.0, 0.8),
    "intelligent_share_min": (0.0, 0.6),
    "green_share_min": (0.0, 0.7),
    "pue_max": (1.15, 1.5),
    "carbon_cap_t": (1e3, 8e4),
    "carbon_cap_market_t": (1e3, 8e4),
    "carbon_price_cny_per_t": (10, 300),
    "water_cap_m3": (5e3, 1e5),
    "link_load_max": (0.5, 1.0),
    "site_reserve_min": (0.0, 0.3),
    "reach_eflops_fp16": (0.01, 0.3),
    "reach_racks": (50, 2500),
    "reach_investment_mcny": (5, 90),
}
"""Values of each rule that a small scenario can often keep."""

TARGETS = ("reach_eflops_fp16", "reach_racks", "reach_investment_mcny")
WITHOUT_SITE = ("hub_share_min",)


def policies(d: Dice, periods: list[int], sites: Rows, links: Rows, kinds: Rows) -> Rows:
    """Draw rules with scopes and dates."""
    rows: Rows = []
    hubs = sorted({row["hub"] for row in sites} - {""})
    names = sorted({row["site"] for row in sites})
    joins = sorted({row["link"] for row in links})
    for rule, (low, high) in RANGES.items():
        features = ["reach_rules"] if rule in TARGETS else []
        features += ["reach_eflops"] if rule == "reach_eflops_fp16" else []
        if not d.chance(0.08 if rule in TARGETS else 0.15, *features):
            continue
        if rule == "hub_share_min" and not hubs:
            continue
        if rule in ("reach_eflops_fp16", "intelligent_share_min") and "intelligent" not in {k["class"] for k in kinds}:
            continue
        if rule == "link_load_max" and not joins:
            continue
        scopes = ["all", *(joins if rule == "link_load_max" else [*hubs, *([] if rule in WITHOUT_SITE else names)])]
        for scope in dict.fromkeys(d.pick(scopes) for _ in range(d.whole(1, 2))):
            rows += dated(d, periods, rule, scope, low, high)
    return rows


REPORTED = ("latency_stretch_max", "ring_city_ms", "ring_region_ms", "ring_hub_ms")


def beside(d: Dice, *, access: bool) -> Rows:
    """Draw rules that are only reported, and the target of gigabit cities."""
    rows: Rows = []
    if d.chance(0.15):
        rows.append({"rule": d.pick(REPORTED), "scope": "all", "value": 1.5})
    if access and d.chance(0.2, "reach_rules"):
        rows.append({"rule": "reach_gigabit_cities", "scope": "", "value": d.whole(1, 2)})
    return rows


def _value(d: Dice, low: float, high: float) -> float:
    """Draw the value of a rule; now and then its lower end, where a rule may ask for nothing."""
    return low if d.chance(0.15) else d.between(low, high)


def dated(d: Dice, periods: list[int], rule: str, scope: str, low: float, high: float) -> Rows:
    """Draw the rows of a rule for one scope."""
    late = len(periods) > 1 and d.chance(0.2, "late_first_row")
    row: dict[str, Any] = {"rule": rule, "scope": "" if scope == "all" and d.chance(0.5) else scope}
    row |= {"period": periods[1] if late else "", "value": _value(d, low, high)}
    factors = ("carbon_price_cny_per_t", "link_load_max", "site_reserve_min")
    fits = rule not in (*factors, *TARGETS, "hub_share_min")
    row["applies"] = "new" if fits and d.chance(0.12, "new_sites") else d.pick(["", "all"])
    rows = [row]
    if len(periods) > 1 and not late and d.chance(0.25, "dated"):
        rows.append(row | {"value": _value(d, low, high), "period": periods[1]})
    return rows


def budgets(d: Dice, periods: list[int], tables: dict[str, Rows]) -> Rows:
    """Draw budgets."""
    rows: Rows = []
    sites = tables.get("sites", [])
    hubs = sorted({row["hub"] for row in sites} - {""})
    paying = [*sites, *tables.get("links", []), *tables.get("cities", [])]
    investors = [f"investor:{name}" for name in sorted({row["investor"] for row in paying} - {""})]
    scopes = [
        "all",
        "halls",
        "compute",
        "network",
        "power",
        *investors,
        *hubs,
        *(["access"] if "cities" in tables else []),
    ]
    for scope in d.some(scopes)[:3] if d.chance(0.3) else []:
        row: dict[str, Any] = {"scope": scope, "limit_mcny": d.between(10, 200), "period": d.pick(["", *periods])}
        rows.append(row)
        if row["period"] == "" and len(periods) > 1 and d.chance(0.3, "dated"):
            rows.append(row | {"limit_mcny": d.maybe(0.7, 10, 200), "period": periods[1]})
    return rows


def members(d: Dice, tables: dict[str, Rows]) -> Rows:
    """Draw two or three futures, in which levers move of which the scenario has something."""
    count = d.whole(2, 3)
    weights = [d.whole(1, 5) for _ in range(count)]
    levers = _levers(d, tables)
    rows: Rows = []
    for at, weight in enumerate(weights):
        row: dict[str, Any] = {"member": f"m{at}", "probability": repr(weight / sum(weights))}
        row |= {name: d.whole(-30, 40) if d.chance(0.5) else "" for name in levers}
        row["population_demand"] = d.whole(0, 100) if d.chance(0.2, "population_lever") else ""
        rows.append(row)
    return rows


def member_values(d: Dice, tables: dict[str, Rows]) -> Rows:
    """Draw values that members replace: of one row, of all rows, and of whole profiles."""
    names = [row["profile"] for row in tables["profile_rules"]] + list(
        tables["profiles"][0] if tables["profiles"] else ()
    )
    kinds: dict[str, list[str]] = {}
    for name in sorted({*names} - {"hour"}):
        kinds.setdefault(name[:-1], []).append(name)
    rows: Rows = []
    for member in (row["member"] for row in tables["members"]):
        for table, column in REPLACED.items():
            held = [row for row in tables.get(table, []) if row.get(column, "") != ""]
            if not held or not d.chance(0.5):
                continue
            row = d.pick(held)
            value = row[column]
            given = value if isinstance(value, str) else round(value * d.between(0.5, 1.1), 6)
            whole = len(held) == len(tables[table]) and d.chance(0.3)
            key = "*" if whole else "/".join(str(row.get(part, "")) for part in REPLACED_KEYS[table])
            rows.append({"member": member, "table": table, "key": key, "column": column, "value": given})
        for kind in kinds.values():
            if d.chance(0.3):
                other = d.pick(kind)
                row = {"member": member, "table": "profiles", "key": "*", "column": d.pick(kind), "value": other}
                rows.append(row)
    return rows


REPLACED = {
    "demand": "units", "technologies": "capex_mcny_per_unit", "links": "length_km", "power": "price",
    "halls": "capex_mcny_per_mw",
}  # fmt: skip
"""Columns that members replace."""
REPLACED_KEYS = {
    "demand": ("region", "workload", "period"), "technologies": ("technology", "period"), "links": ("link", "period"),
    "power": ("zone", "period"), "halls": ("site", "period"),
}  # fmt: skip


def _levers(d: Dice, tables: dict[str, Rows]) -> list[str]:
    kinds = {row["technology"]: row["class"] for row in tables.get("technologies", [])}
    asked = {row["workload"] for row in tables.get("demand", []) if row["units"]}
    works = [kinds.get(row["class"], row["class"]) for row in tables.get("workloads", []) if row["workload"] in asked]
    bound = any(kinds.get(row["class"]) == "intelligent" for row in tables.get("workloads", []))
    east = {row["region"] for row in tables["regions"] if row["lon"] != "" and row["lon"] >= 112.5}
    have = {
        "western_power_price": any(row["lon"] < 112.5 for row in tables.get("sites", [])),
        "eastern_demand": any(row["units"] and row["region"] in east for row in tables.get("demand", [])),
        "intelligent_demand": "intelligent" in works and (not bound or d.chance(1.0, "bound_lever")),
        "budgets": bool(tables["budgets"]),
        "detour": bool(tables.get("links")),
    }
    return [name for name, there in have.items() if there]
