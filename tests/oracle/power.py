"""Power, water and carbon of sites: formulas.md, it_balance to contract_within_grid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tests.oracle.assets import offers_retrofit
from tests.oracle.folder import Row, number, optional
from tests.oracle.program import Sum, add, add_all

if TYPE_CHECKING:
    from tests.oracle.model import Model

Array = NDArray[np.float64]


def build(m: Model) -> None:
    """State power of all sites, and the limits of their zones."""
    for y in m.clock.periods:
        for site in m.sites:
            _it(m, site, y)
            _facility(m, site, y)
            zone = m.folder.dated["sites"].first(site).get("zone", "")
            if zone:
                _grid(m, site, zone, y)
        for zone in m.folder.names("power"):
            _within_zone(m, zone, y)


def price(m: Model, zone: str, period: int) -> Array:
    """Return the price of energy, CNY/kWh, by hour: the list price, or the contract price in its hourly shape."""
    row = m.folder.at("power", period, zone) or {}
    listed = m.clock.series(row.get("price", ""), 0.0, floor=0.0)
    contract, plan = optional(row, "contract_price_cny_per_kwh"), m.folder.options.get("plan", {})
    elsewhere = plan.get("contract_zones") and zone not in plan["contract_zones"]
    if plan.get("power_price", "list") == "list" or contract is None or elsewhere:
        return listed
    return listed * contract / m.clock.yearly_mean(row.get("price", ""))


def carbon(m: Model, zone: str, period: int) -> Array:
    """Return the carbon of grid power, kg/kWh, by hour."""
    row = m.folder.at("power", period, zone) or {}
    return m.clock.series(row.get("co2_kg_per_kwh", ""), 0.0, floor=0.0)


def clean(m: Model, zone: str, period: int) -> Array:
    """Return the share of grid power that counts as clean, by hour."""
    row = m.folder.at("power", period, zone) or {}
    return m.clock.series(row.get("clean_share", ""), 0.0, floor=0.0, ceiling=1.0)


def pue(m: Model, site: str, period: int) -> Array:
    """Return the PUE of a site, by hour."""
    row = m.folder.at("sites", period, site) or {}
    return m.clock.series(row.get("pue", ""), 1.0, floor=1.0)


def _it(m: Model, site: str, y: int) -> None:
    """it_balance."""
    for t in range(m.clock.count):
        terms: Sum = {m.program.variable("it", site, y, t): 1.0}
        for g in m.technologies:
            row = m.technology(g, y)
            size, idle = number(row, "mw_per_unit"), number(row, "idle_share")
            add(terms, m.program.get("installed", site, g, y), -size * idle)
            add_all(terms, m.loads[site, g, y][t], -size * (1 - idle))
        m.program.equal(terms)


def _facility(m: Model, site: str, y: int) -> None:
    """The right side of power_balance, with retrofitted_within_hall and retrofitted_within_it."""
    halls = m.folder.at("halls", y, site)
    ratio = pue(m, site, y)
    out: list[Sum] = []
    for t in range(m.clock.count):
        it = m.program.columns["it", site, y, t]
        terms: Sum = {it: float(ratio[t])}
        retrofitted = m.program.get("retrofitted", site, y)
        gain = max(0.0, float(ratio[t]) - number(halls, "retrofit_pue", math.inf))
        if retrofitted is not None and offers_retrofit(halls) and gain > 0:
            column = m.program.variable("it_retrofitted", site, y, t)
            m.program.row({column: 1.0, retrofitted: -1.0}, upper=0.0)
            m.program.row({column: 1.0, it: -1.0}, upper=0.0)
            terms[column] = -gain
        out.append(terms)
    m.facility[site, y] = out


def _grid(m: Model, site: str, zone: str, y: int) -> None:
    """power_balance, grid_within_peak, contract_within_grid; energy, demand_charge, green_premium, carbon_price."""
    row = m.folder.at("power", y, zone) or {}
    program, discount = m.program, m.clock.discount(y)
    energy, factor = price(m, zone, y), carbon(m, zone, y)
    tax = m.rule_at("carbon_price_cny_per_t", y, site, m.hub(site), "all") or 0.0
    charge = discount * 12 * number(row, "demand_charge_cny_per_kw_month") / 1e3
    peak = program.variable("peak", site, y)
    program.cost("demand_charge", y, peak, charge)
    drawn: Sum = {}
    for t in range(m.clock.count):
        grid = program.variable("grid", site, y, t)
        weight = float(m.clock.weight[t])
        program.cost("energy", y, grid, discount * weight * energy[t] / 1e3)
        program.cost("carbon_price", y, grid, discount * weight * tax / 1e6 * factor[t])
        add(m.tonnes, grid, weight * len(m.clock.years(y)) * factor[t])
        program.row({grid: 1.0, peak: -1.0}, upper=0.0)
        add(drawn, grid, weight)
        terms: Sum = {grid: 1.0}
        _own(m, site, y, t, terms)
        add_all(terms, m.facility[site, y][t], -1.0)
        program.equal(terms)
    premium = optional(row, "green_premium_cny_per_kwh")
    if premium is not None:
        contract = program.variable("contract", site, y)
        bound: Sum = {contract: 1.0}
        if row.get("green_profile", ""):
            add_all(bound, _delivered(m, site, y, discount * premium / 1e3, row["green_profile"]), -1.0)
        else:
            program.cost("green_premium", y, contract, discount * premium / 1e3)
            add_all(bound, drawn, -1.0)
        program.row(bound, upper=0.0)


def _delivered(m: Model, site: str, y: int, premium: float, cell: str) -> Sum:
    """contract_use_within_power, contract_use_within_grid; green_premium. Return Σ ω contract_use."""
    output = m.clock.series(cell, 0.0, floor=0.0, ceiling=1.0)
    plants = m.program.variable("contract_power", site, y)
    m.program.cost("green_premium", y, plants, premium * float(np.dot(m.clock.weight, output)))
    total: Sum = {}
    for t, weight in enumerate(m.clock.weight):
        used = m.program.variable("contract_use", site, y, t)
        m.program.row({used: 1.0, plants: -float(output[t])}, upper=0.0)
        m.program.row({used: 1.0, m.program.columns["grid", site, y, t]: -1.0}, upper=0.0)
        add(total, used, float(weight))
    return total


def _own(m: Model, site: str, y: int, t: int, terms: Sum) -> None:
    """Add generation + discharge − charge of a site in an hour, with their rows and variable costs."""
    worth = m.clock.discount(y) * float(m.clock.weight[t])
    for source in ("solar", "wind"):
        supply = m.program.get("supply", site, source, y)
        if supply is None:
            continue
        row = m.folder.at("supply", y, site, source)
        output = m.program.variable("generation", site, source, y, t)
        m.program.row({output: 1.0, supply: -profile(m, row)[t]}, upper=0.0)
        m.program.cost("supply_variable", y, output, worth * number(row, "cost_mcny_per_mwh"))
        add(terms, output)
    power = m.program.get("supply", site, "battery", y)
    if power is None:
        return
    row = m.folder.at("supply", y, site, "battery")
    efficiency, before = number(row, "efficiency", 1.0), m.clock.before[t]
    charge, discharge = m.program.variable("charge", site, y, t), m.program.variable("discharge", site, y, t)
    stored = _stored(m, site, y)
    m.program.row({charge: 1.0, power: -1.0}, upper=0.0)
    m.program.row({discharge: 1.0, power: -1.0}, upper=0.0)
    m.program.row({stored[t]: 1.0, m.program.columns["energy", site, y]: -1.0}, upper=0.0)
    balance: Sum = {charge: -efficiency, discharge: 1 / efficiency}
    add(balance, stored[t])
    add(balance, stored[before], -1.0)
    m.program.equal(balance)
    m.program.cost("supply_variable", y, discharge, worth * number(row, "cost_mcny_per_mwh"))
    add(terms, discharge)
    add(terms, charge, -1.0)


def _stored(m: Model, site: str, y: int) -> list[int]:
    keys = [("stored", site, y, t) for t in range(m.clock.count)]
    return [m.program.columns[key] if key in m.program.columns else m.program.variable(*key) for key in keys]


def profile(m: Model, row: Row | None) -> list[float]:
    cell = (row or {}).get("profile", "")
    return [float(value) for value in m.clock.series(cell, 1.0, floor=0.0, ceiling=1.0)]


def _within_zone(m: Model, zone: str, y: int) -> None:
    """grid_within_zone."""
    limit = optional(m.folder.at("power", y, zone), "grid_limit_mw")
    if limit is None:
        return
    sites = [site for site in m.sites if m.folder.dated["sites"].first(site).get("zone", "") == zone]
    for t in range(m.clock.count):
        terms: Sum = {}
        for site in sites:
            add(terms, m.program.get("grid", site, y, t))
        m.program.row(terms, upper=limit)
