"""Gigabit access of cities: formulas.md, deployed_balance to gigabit_reached; gigabit.md for what they mean."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.oracle import power
from tests.oracle.folder import Row, is_yes, number, optional
from tests.oracle.program import Sum, add

if TYPE_CHECKING:
    from tests.oracle.model import Model

INDICATORS: dict[str, tuple[str, str, float]] = {
    "home_gigabit_coverage": ("homes_gigabit", "urban_households", 100.0),
    "pon10g_port_share": ("pon10g_ports", "pon_ports", 100.0),
    "key_place_5g_access": ("key_places_5g", "key_places", 100.0),
    "g5_bs_per_10k": ("g5_stations", "population", 10_000.0),
    "user_500m_share": ("users_500m", "fixed_users", 100.0),
    "g5_user_share": ("g5_users", "mobile_users", 100.0),
}
"""Numerator, denominator and scale of each indicator."""

USERS = ("users_500m", "g5_users")
QUANTITIES = tuple(dict.fromkeys(name for pair in INDICATORS.values() for name in pair[:2]))
ABOVE = 1.0001
"""A threshold that must be exceeded is read so much higher (gigabit_reached)."""
ROUTE_LIFE = 40.0


def build(m: Model) -> None:
    """State the roll-out in every city."""
    for city in m.folder.names("cities"):
        for measure in m.folder.names("measures"):
            _deployed(m, city, measure)
        for y in m.clock.periods:
            _crews(m, city, y)
            _ducts(m, city, y)
            _counted(m, city, y)
            _floors(m, city, y)
            _gigabit(m, city, y)


def offer(m: Model, city: str, measure: str, period: int) -> Row | None:
    """Return the row of a measure for a city: its own before that for all."""
    return m.folder.at("measures", period, measure, city) or m.folder.at("measures", period, measure, "all")


def _orders(m: Model, city: str, measure: str, period: int) -> list[tuple[int, Row, int]]:
    """Return the orders of a measure that are in use in a period."""
    out: list[tuple[int, Row, int]] = []
    for y in m.clock.periods:
        column, row = m.program.get("deploy", city, measure, y), offer(m, city, measure, y)
        if column is not None and row is not None and y <= period and m.clock.in_use(y, row, period):
            out.append((y, row, column))
    return out


def _deployed(m: Model, city: str, measure: str) -> None:
    """deployed_balance; access_capex, access_opex, access_energy, carbon_price."""
    zone = m.folder.dated["cities"].first(city).get("zone", "")
    for y in m.clock.periods:
        row = offer(m, city, measure, y)
        if row is None:
            continue
        if m.clock.can_order(y, row):
            pace = number(row, "pace_units_year") * len(m.clock.years(y))
            column = m.program.variable("deploy", city, measure, y, upper=pace)
            overnight = number(row, "capex_cny_per_unit") / 1e6
            m.program.cost("access_capex", y, column, m.clock.capital(y, row) * overnight)
            m.overnight[column] = ("access_capex", y, overnight)
        deployed = m.program.variable("deployed", city, measure, y)
        terms: Sum = {deployed: 1.0}
        for _, _, column in _orders(m, city, measure, y):
            add(terms, column, -1.0)
        m.program.equal(terms)
        discount, mwh = m.clock.discount(y), number(row, "power_kw_per_unit") * 8.76
        m.program.cost("access_opex", y, deployed, discount * number(row, "opex_cny_per_unit_year") / 1e6)
        if zone:
            price = m.clock.modelled_mean(power.price(m, zone, y))
            factor = m.clock.modelled_mean(power.carbon(m, zone, y))
            tax = m.rule_at("carbon_price_cny_per_t", y, "all") or 0.0
            m.program.cost("access_energy", y, deployed, discount * price / 1e3 * mwh)
            m.program.cost("carbon_price", y, deployed, discount * tax / 1e6 * factor * mwh)
            add(m.tonnes, deployed, len(m.clock.years(y)) * factor * mwh)


def _ordered(m: Model, city: str, y: int, column: str, kind: str = "") -> Sum:
    """Return Σ column(m) × deploy over the measures of a kind."""
    out: Sum = {}
    for measure in m.folder.names("measures"):
        row = offer(m, city, measure, y)
        if row is not None and kind in ("", row.get("kind") or "fixed"):
            add(out, m.program.get("deploy", city, measure, y), number(row, column))
    return out


def _crews(m: Model, city: str, y: int) -> None:
    """deploy_within_crews."""
    days = optional(m.folder.at("cities", y, city), "crew_days_year")
    if days is not None:
        m.program.row(_ordered(m, city, y, "crew_days_per_unit"), upper=days * len(m.clock.years(y)))


def _ducts(m: Model, city: str, y: int) -> None:
    """lay_for_fibre, lay_for_backhaul; route_capex."""
    row = m.folder.at("cities", y, city)
    apart = 1 - number(row, "route_shared")
    price = number(row, "route_capex_mcny_per_km")
    lay = m.program.variable("lay", city, y)
    capital = m.clock.capital_of(y, 0.0, number(row, "route_life_years", ROUTE_LIFE))
    m.program.cost("route_capex", y, lay, capital * price)
    m.overnight[lay] = ("route_capex", y, price)
    routes = [_ordered(m, city, y, "route_km_per_unit", kind) for kind in ("fixed", "radio")]
    for whole, part in (routes, routes[::-1]):
        terms: Sum = {lay: 1.0}
        for column, value in whole.items():
            add(terms, column, -value)
        for column, value in part.items():
            add(terms, column, -apart * value)
        m.program.row(terms, lower=0.0)


def _counted(m: Model, city: str, y: int) -> None:
    """counted_balance, users_followed, part_within_whole."""
    state = m.folder.at("city_state", y, city)
    for name in QUANTITIES:
        if optional(state, name) is None:
            continue
        counted = m.program.variable("counted", city, name, y)
        terms: Sum = {counted: 1.0}
        for measure in m.folder.names("measures"):
            for ordered, row, column in _orders(m, city, measure, y):
                share = _followed(row, y - ordered - number(row, "lead_years")) if name in USERS else 1.0
                add(terms, column, -share * number(row, f"{name}_per_unit"))
        m.program.row(terms, -math.inf if name in USERS else number(state, name), number(state, name))
    for indicator, (part, whole, _) in INDICATORS.items():
        if indicator != "home_gigabit_coverage":
            _ratio(m, city, y, part, whole, 1.0, most=True)


def _followed(row: Row, years: float) -> float:
    """Return u(m, n): the share of users that have followed n years after use began."""
    return 1 - (1 - number(row, "takeup_first", 1.0)) * (1 - number(row, "takeup_rate")) ** years


def _ratio(m: Model, city: str, y: int, part: str, whole: str, value: float, *, most: bool = False) -> None:
    """part ≥ value × whole, or with `most` part ≤ value × whole."""
    one, other = m.program.get("counted", city, part, y), m.program.get("counted", city, whole, y)
    if one is not None and other is not None:
        m.program.row({one: 1.0, other: -value}, *((-math.inf, 0.0) if most else (0.0, math.inf)))


def _targets(m: Model, city: str, y: int) -> dict[str, float]:
    """Return what a city must have reached by the end of a period: indicator to floor. Its own row goes before that
    for all; without a deadline nothing is required."""
    out: dict[str, float] = {}
    last = m.clock.years(y)[-1]
    for scope in ("all", city):
        for row in m.folder.rows.get("city_targets", []):
            if row["city"] != scope:
                continue
            name, deadline = row.get("indicator") or "gigabit", optional(row, "deadline")
            out.pop(name, None)
            if deadline is not None and deadline <= last:
                out[name] = number(row, "value")
    return out


def _floors(m: Model, city: str, y: int) -> None:
    """indicator_min."""
    for indicator, value in _targets(m, city, y).items():
        if indicator != "gigabit":
            part, whole, scale = INDICATORS[indicator]
            _ratio(m, city, y, part, whole, value / scale)


def _gigabit(m: Model, city: str, y: int) -> None:
    """gigabit_reached: the row is open where the city has been named under the version in force."""
    must = "gigabit" in _targets(m, city, y)
    gigabit = m.program.variable("gigabit", city, y, lower=float(must), upper=1.0, whole=True)
    state = m.folder.at("city_state", y, city) or {}
    for (indicator,) in m.folder.dated["standard"].keys():  # noqa: SIM118 (not a mapping)
        row = m.folder.at("standard", y, indicator) or {}
        threshold = optional(row, "threshold")
        if threshold is None or not is_yes(row, "mandatory", blank=True):
            continue
        if state.get("named_under", "") and state["named_under"] == row.get("version", ""):
            continue
        part, whole, scale = INDICATORS[indicator]
        share = threshold / scale * (ABOVE if row.get("op") == ">" else 1.0)
        one, other = m.program.columns["counted", city, part, y], m.program.columns["counted", city, whole, y]
        worst = -share * (number(state, whole) + _most_added(m, city, y, whole))
        m.program.row({one: 1.0, other: -share, gigabit: worst}, lower=worst)


def _most_added(m: Model, city: str, y: int, quantity: str) -> float:
    """Return the most that measures at full pace can have added to a quantity."""
    measures = m.folder.names("measures")
    orders = [order for measure in measures for order in _orders(m, city, measure, y)]
    return sum(m.program.upper[column] * number(row, f"{quantity}_per_unit") for _, row, column in orders)
