"""Gigabit access: cities, their state, measures, the standard and targets."""

from __future__ import annotations

from typing import Any

from tests.oracle.access import INDICATORS, QUANTITIES
from tests.oracle.drawn.dice import Dice, Rows
from tests.oracle.drawn.places import lead, years

ADDED = {
    "fixed": ("homes_gigabit", "pon10g_ports", "pon_ports", "users_500m"),
    "radio": ("key_places_5g", "g5_stations", "g5_users"),
}


def tables(d: Dice, periods: list[int], last: int, zones: list[str]) -> dict[str, Rows]:
    """Draw all tables of access."""
    names = [f"C{at}" for at in range(d.whole(1, 3))]
    standard = _standard(d, periods)
    return {
        "cities": [_city(d, name, zones) for name in names],
        "city_state": [row for name in names for row in _state(d, name, periods)],
        "measures": _measures(d, periods, names),
        "standard": standard,
        "city_targets": _targets(d, names, periods, last),
    }


def _city(d: Dice, name: str, zones: list[str]) -> dict[str, Any]:
    return {
        "city": name,
        "investor": d.pick(["", "I1", "I2"]),
        "zone": d.pick(["", *zones]),
        "crew_days_year": d.maybe(0.3, 20_000, 200_000, 0),
        "route_capex_mcny_per_km": d.maybe(0.7, 0.01, 0.2),
        "route_life_years": d.maybe(0.4, 10, 40, 0),
        "route_shared": d.maybe(0.5, 0, 1),
    }


def _state(d: Dice, name: str, periods: list[int]) -> Rows:
    households, people = d.whole(100, 900) * 1000, d.whole(400, 3000) * 1000
    ports, places = d.whole(20, 90) * 1000, d.whole(100, 900)
    fixed, mobile = d.whole(100, 900) * 1000, d.whole(400, 3000) * 1000
    row: dict[str, Any] = {
        "city": name,
        "homes_gigabit": round(households * d.between(0.5, 1.2)),
        "urban_households": households,
        "pon10g_ports": round(ports * d.between(0.1, 0.6)),
        "pon_ports": ports,
        "key_places_5g": round(places * d.between(0.4, 0.9)),
        "key_places": places,
        "g5_stations": round(people / 10_000 * d.between(5, 20)),
        "population": people,
        "users_500m": round(fixed * d.between(0.05, 0.4)),
        "fixed_users": fixed,
        "g5_users": round(mobile * d.between(0.1, 0.6)),
        "mobile_users": mobile,
        "named_under": d.pick(["", "", "", "v1"]),
        "period": "",
    }
    assert set(QUANTITIES) <= row.keys()
    rows = [row]
    if len(periods) > 1 and d.chance(0.3, "dated"):
        growth = {
            name: round(row[name] * d.between(1.0, 1.1)) for name in ("pon10g_ports", "g5_users", "homes_gigabit")
        }
        rows.append(row | growth | {"period": periods[1]})
    return rows


def _measures(d: Dice, periods: list[int], names: list[str]) -> Rows:
    rows: Rows = []
    for at in range(d.whole(2, 5)):
        kind = d.pick(["fixed", "radio", ""])
        row: dict[str, Any] = {"measure": f"M{at}", "city": d.pick(["", "all"]), "kind": kind}
        row |= _measure(d, kind or "fixed")
        rows.append(row)
        if d.chance(0.25):
            rows.append(row | _costs(d) | {"city": d.pick(names)})
        if len(periods) > 1 and d.chance(0.25, "dated"):
            rows.append(row | _costs(d) | {"period": periods[1]})
    return rows


def _measure(d: Dice, kind: str) -> dict[str, Any]:
    added = d.some(ADDED[kind], 1)
    scale = {"homes_gigabit": 500, "pon10g_ports": 30, "pon_ports": 4, "users_500m": 300, "g5_users": 900}
    units = {f"{name}_per_unit": d.between(0.5, 1) * scale.get(name, 1.0) for names in ADDED.values() for name in names}
    held = {f"{name}_per_unit" for name in added}
    return {name: value if name in held else "" for name, value in units.items()} | _costs(d)


def _costs(d: Dice) -> dict[str, Any]:
    return {
        "capex_cny_per_unit": d.between(1_000, 200_000, 0),
        "opex_cny_per_unit_year": d.maybe(0.5, 100, 9_000, 0),
        "life_years": years(d, [2, 8, 15]),
        "lead_years": lead(d) if d.chance(0.3) else "",
        "pace_units_year": d.whole(200, 3000),
        "crew_days_per_unit": d.maybe(0.6, 1, 30),
        "power_kw_per_unit": d.maybe(0.5, 0.1, 4),
        "route_km_per_unit": d.maybe(0.5, 0.01, 0.4),
        "takeup_first": d.maybe(0.5, 0.2, 1),
        "takeup_rate": d.maybe(0.5, 0.0, 0.6),
        "period": "",
    }


def _standard(d: Dice, periods: list[int]) -> Rows:
    thresholds = {
        "home_gigabit_coverage": (60, 110), "pon10g_port_share": (20, 60), "key_place_5g_access": (60, 95),
        "g5_bs_per_10k": (8, 20), "user_500m_share": (15, 40), "g5_user_share": (20, 60),
    }  # fmt: skip
    rows: Rows = []
    for indicator in INDICATORS:
        row: dict[str, Any] = {"indicator": indicator, "version": "v1", "period": "", "op": d.pick(["", ">=", ">"])}
        row |= {"threshold": d.between(*thresholds[indicator], 1), "mandatory": d.pick(["", "yes", "no", "no"])}
        rows.append(row)
    rows[d.whole(0, len(rows) - 1)]["mandatory"] = "yes"
    if len(periods) > 1 and d.chance(0.3, "dated"):
        rows += [row | {"version": "v2", "period": periods[1], "threshold": row["threshold"] * 1.05} for row in rows]
    return rows


def _targets(d: Dice, names: list[str], periods: list[int], last: int) -> Rows:
    ends = [later - 1 for later in periods[1:]] + [last]
    rows: Rows = []
    for name in ["all", *names]:
        if d.chance(0.4):
            rows.append({"city": name if name != "all" or d.chance(0.5) else "", "deadline": d.pick([*ends, ""])})
        if d.chance(0.2):
            indicator = d.pick(list(INDICATORS))
            floor = {"g5_bs_per_10k": d.between(5, 15)}.get(indicator, d.between(10, 60))
            rows.append({"city": name, "indicator": indicator, "deadline": d.pick(ends), "value": floor})
    return rows
