"""Profiles, grid zones and supply."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.oracle.drawn.dice import Dice, Rows
from tests.oracle.drawn.places import lead, years

LEVELS: dict[str, tuple[float, float]] = {
    "demand": (0.3, 2.0),
    "traffic": (0.3, 1.5),
    "price": (0.2, 0.9),
    "co2": (0.1, 0.9),
    "pue": (1.05, 1.6),
    "sun": (0.0, 1.0),
}
"""Least and most of each kind of profile."""


def curves(d: Dice, *, negative: bool) -> tuple[dict[str, list[str]], Rows, Rows]:
    """Draw profiles: names by kind, those by rules, and those hour by hour. Contract prices need a mean above 0."""
    names: dict[str, list[str]] = {}
    rules: Rows = []
    hourly: dict[str, np.ndarray] = {}
    table = d.chance(0.06, "profiles_table")
    for kind, (low, high) in LEVELS.items():
        for at in range(d.whole(0, 2)):
            name = f"{kind}{at}"
            names.setdefault(kind, []).append(name)
            least = -0.3 if kind == "price" and negative and d.chance(0.08, "negative_price") else low
            if table and at == 0:
                hourly[name] = np.array([d.between(least, high) for _ in range(24)])
                continue
            rules.append({"profile": name, "months": "", "days": "", "hours": "", "value": d.between(low, high)})
            rules += [_rule(d, name, least, high) for _ in range(d.whole(1, 5))]
    out = [
        {"hour": hour}
        | {name: round(float(day[hour % 24]) * (1 - 0.00001 * (hour // 24)), 6) for name, day in hourly.items()}
        for hour in range(8760 if hourly else 0)
    ]
    for kind in LEVELS:
        names.setdefault(kind, [])
    return names, rules, out


def _hour(hour: int, days: dict[str, np.ndarray]) -> dict[str, Any]:
    """Return a row of profiles: every day like the first, a little less by the day."""
    fade = 1 - 0.00001 * (hour // 24)
    return {"hour": hour} | {name: round(float(day[hour % 24]) * fade, 6) for name, day in days.items()}


def _rule(d: Dice, name: str, low: float, high: float) -> dict[str, Any]:
    return {
        "profile": name,
        "months": _spans(d, 1, 12) if d.chance(0.3) else "",
        "days": d.pick(["workday", "weekend"]) if d.chance(0.2) else "",
        "hours": _spans(d, 0, 23) if d.chance(0.8) else "",
        "value": d.between(low, high),
    }


def _spans(d: Dice, low: int, high: int) -> str:
    one, other = d.whole(low, high), d.whole(low, high)
    return d.pick([f"{one}", f"{one}-{other}", f"{one};{other}"]) if one != other else f"{one}"


def power(d: Dice, periods: list[int], zones: list[str], names: dict[str, list[str]]) -> Rows:
    """Draw grid zones."""
    rows: Rows = []
    for zone in zones:
        rows.append(_zone(d, zone, names) | {"period": ""})
        if len(periods) > 1 and d.chance(0.25, "dated"):
            rows.append(_zone(d, zone, names) | {"period": d.pick(periods[1:])})
    return rows


def _zone(d: Dice, zone: str, names: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "zone": zone,
        "price": d.pick([*names["price"], d.between(0.2, 0.9)]),
        "contract_price_cny_per_kwh": d.maybe(0.5, 0.2, 0.8),
        "demand_charge_cny_per_kw_month": d.maybe(0.5, 10, 45),
        "co2_kg_per_kwh": d.pick([*names["co2"], d.between(0.1, 0.9)]),
        "grid_limit_mw": d.maybe(0.2, 3, 20),
        "green_premium_cny_per_kwh": d.maybe(0.5, 0.01, 0.1),
    }


def supply(d: Dice, periods: list[int], sites: list[str], names: dict[str, list[str]]) -> Rows:
    """Draw sun, wind and batteries."""
    rows: Rows = []
    for site in sites:
        for source in d.some(["solar", "wind", "battery"]) if d.chance(0.6) else []:
            if source == "battery" and not d.chance(0.8, "battery"):
                continue
            late = len(periods) > 1 and d.chance(0.1, "late_first_row")
            rows.append(_source(d, site, source, names) | {"period": periods[1] if late else ""})
            if len(periods) > 1 and not late and d.chance(0.2, "dated"):
                rows.append(_source(d, site, source, names) | {"period": periods[1]})
    return rows


def _source(d: Dice, site: str, source: str, names: dict[str, list[str]]) -> dict[str, Any]:
    battery = source == "battery"
    return {
        "site": site,
        "source": source,
        "capex_mcny_per_mw": d.between(0.2, 6),
        "capex_mcny_per_mwh": d.between(0.3, 2) if battery else "",
        "opex_mcny_per_mw_year": d.maybe(0.5, 0.01, 0.1),
        "life_years": years(d, [3, 8, 20]),
        "lead_years": lead(d) if d.chance(0.3) else "",
        "existing_mw": d.maybe(0.3, 0.1, 2),
        "existing_mwh": d.maybe(0.3, 0.1, 4) if battery else "",
        "limit_mw": d.between(2, 9) if d.chance(0.6) else "",
        "limit_mwh": d.between(4, 12) if battery and d.chance(0.5) else "",
        "efficiency": d.maybe(0.8, 0.8, 1) if battery else "",
        "cost_mcny_per_mwh": d.maybe(0.5, 0.00001, 0.0002, 6),
        "profile": "" if battery else d.pick(["", *names["sun"], d.between(0.1, 0.5)]),
    }
