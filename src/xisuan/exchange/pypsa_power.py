"""Equipment and power as a PyPSA network: work becomes IT load, cooling adds to it, and grid, sun and wind supply it.

Buses of a site: `it/site` (IT power), `power/site` (facility power), and between it and the grid `meter/site` where
the peak is metered; `zone/zone` where sites share a connection; `battery/site`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from xisuan import units
from xisuan.exchange import pypsa_work
from xisuan.exchange.pypsa_given import Array, Given, records
from xisuan.exchange.pypsa_parts import SLACK, Asset, Parts, Tie, cycles


def add(parts: Parts) -> None:
    """Equipment of every site, and the power that it draws."""
    for site, technology in parts.given.equipment:
        _equipment(parts, site, technology)
    for site in parts.given.sites:
        if f"it/{site}" in parts.rows.get("Bus", {}):
            _facility(parts, site)


# --- equipment -------------------------------------------------------------------------------------------------------


def _equipment(parts: Parts, site: str, technology: str) -> None:
    """What a site has of a technology: one component for each asset, which turns work into IT load."""
    given = parts.given
    if technology in given.named:
        general, own = (pypsa_work.place(site, name) for name in (given.class_of(technology), technology))
        name, most = f"any/{site}/{technology}", given.plenty
        parts.add("Link", name, bus0=parts.bus(general), bus1=parts.bus(own), p_nom=most)
        _steady(parts, technology, name)
    if parts.plan is not None:
        _fixed_equipment(parts, site, technology)
        return
    standing = 0.0
    for row in records(given.scenario["fleet"]):
        if (row["site"], row["technology"]) == (site, technology) and _stands(row, given.periods[0]):
            if row["may_retire"] and not given.scenario.fixed(given.periods[0]):
                name = f"fleet/{site}/{technology}/{row['opened']}"
                _open_equipment(parts, site, technology, name, most=float(row["units"]), price=None)
            else:
                standing += float(row["units"])
    _standing_equipment(parts, site, technology, standing)
    most = _most_orders(given, site, technology)
    if most > 0:
        price = given.number("technologies", (technology,), "capex_mcny_per_unit")[0]
        factor = given.number("sites", (site,), "capex_factor", 1.0)[0]
        _open_equipment(parts, site, technology, f"new/{site}/{technology}", most=most, price=float(price * factor))


def _stands(row: dict[str, Any], period: int) -> bool:
    return not row["opened"] > period and not row["retires"] <= period


def _most_orders(given: Given, site: str, technology: str) -> float:
    """Most units that may be ordered in the period, 0 where it is not on offer."""
    period = given.periods[0]
    row = given.rows("technologies", period).get((technology,))
    if row is None or given.capital("technologies", (technology,), period) is None:
        return 0.0
    if row["available_from"] > period or row["available_until"] < period:
        return 0.0
    return float(given.number("limits", (site, technology), "max_build_units", math.inf)[0])


def _steady(parts: Parts, technology: str, name: str, component: str = "Link") -> None:
    if parts.given.text("technologies", (technology,), "kind") == "stock":
        parts.steady.append((component, name))


def _load_target(parts: Parts, site: str, technology: str) -> str:
    target = technology if technology in parts.given.named else parts.given.class_of(technology)
    return parts.bus(pypsa_work.place(site, target))


def _running(parts: Parts, site: str, technology: str) -> dict[str, Any]:
    """Attributes of equipment at work: it takes work and draws what is not idle power."""
    given = parts.given
    mw, idle = (given.number("technologies", (technology,), column) for column in ("mw_per_unit", "idle_share"))
    return {
        "bus0": _load_target(parts, site, technology),
        "bus1": parts.bus(f"it/{site}"),
        "efficiency": -mw * (1 - idle),
    }


def _attains(given: Given, site: str, technology: str) -> Array:
    """Share of a unit that work may use. Shape (periods,)."""
    reserve = given.rule("site_reserve_min", given.scopes(site), 0.0)
    return given.number("technologies", (technology,), "attainable_utilisation", 1.0) * (1 - reserve)


def _idle_mw(given: Given, technology: str) -> Array:
    mw, idle = (given.number("technologies", (technology,), column) for column in ("mw_per_unit", "idle_share"))
    return np.asarray(mw * idle)


def _fixed_equipment(parts: Parts, site: str, technology: str) -> None:
    """Equipment of a plan."""
    given = parts.given
    units_in_use = parts.planned("installed", (site, technology))
    name = f"run/{site}/{technology}"
    if given.text("technologies", (technology,), "kind") == "stock":
        held = parts.planned("stock_load", (site, technology)) * (1 + SLACK)
        parts.sized("Link", name, held, **_running(parts, site, technology))
    else:
        parts.sized("Link", name, units_in_use, _attains(given, site, technology), **_running(parts, site, technology))
    _idle_load(parts, site, technology, units_in_use)


def _idle_load(parts: Parts, site: str, technology: str, amount: Array) -> None:
    draws = amount * _idle_mw(parts.given, technology)
    if draws.any():
        parts.add("Load", f"idle/{site}/{technology}", bus=parts.bus(f"it/{site}"), p_set=draws)


def _upkeep(given: Given, technology: str) -> float:
    return float(given.number("technologies", (technology,), "opex_mcny_per_unit_year")[0] * given.money[0])


def _standing_equipment(parts: Parts, site: str, technology: str, count: float) -> None:
    """Units that stand and stay: their upkeep is decided already."""
    amount, name = np.array([count]), f"stands/{site}/{technology}"
    parts.bus(f"it/{site}")
    parts.assets.append(Asset("installed", (site, technology), "Link", name, amount=amount))
    if count > 0:
        running = _running(parts, site, technology)
        parts.sized("Link", name, amount, _attains(parts.given, site, technology), **running)
        _steady(parts, technology, name)
        _idle_load(parts, site, technology, amount)
        parts.constant += count * _upkeep(parts.given, technology)


def _open_equipment(parts: Parts, site: str, technology: str, name: str, *, most: float, price: float | None) -> None:
    """Units to be decided on: a fleet that may retire (no price), or new ones."""
    given = parts.given
    period = given.periods[0]
    cost = _upkeep(given, technology)
    module = float(given.number("technologies", (technology,), "module_units")[0])
    if price is not None:
        cost += price * (given.capital("technologies", (technology,), period) or 0.0)
    parts.add(
        "Link",
        name,
        p_nom_extendable=True,
        p_nom_max=most,
        p_nom_mod=module if price is not None else 0.0,
        p_max_pu=_attains(given, site, technology),
        capital_cost=cost / cycles(given),
        **_running(parts, site, technology),
    )
    _steady(parts, technology, name)
    asset = Asset("installed", (site, technology), "Link", name, price=price or 0.0, is_new=price is not None)
    parts.assets.append(asset)
    idle = float(_idle_mw(given, technology)[0])
    if idle > 0:
        bus = parts.bus(f"it/{site}")
        parts.add("Generator", f"idle/{name}", bus=bus, sign=-1.0, p_nom_extendable=True, p_min_pu=1.0)
        parts.ties.append(Tie("Generator", f"idle/{name}", idle, asset))


# --- power of a site -------------------------------------------------------------------------------------------------


def _facility(parts: Parts, site: str) -> None:
    """Cooling, retrofitted halls, and the supply of a site."""
    given = parts.given
    it, power = parts.bus(f"it/{site}"), parts.bus(f"power/{site}")
    pue = given.series("sites", (site,), "pue", 1.0)
    parts.add("Link", f"cooled/{site}", bus0=power, bus1=it, p_nom=given.plenty_mw, efficiency=1.0 / pue)
    _retrofit(parts, site, pue)
    zone = given.text("sites", (site,), "zone")
    if (zone,) not in given.keys("power"):
        parts.add("Generator", f"given/{site}", bus=power, p_nom=given.plenty_mw)
        return
    _grid(parts, site, zone)
    for of, source in given.keys("supply"):
        if of == site:
            (_battery if source == "battery" else _generation)(parts, site, source)


def _retrofit(parts: Parts, site: str, pue: Array) -> None:
    """Retrofitted halls: the same cooling with another PUE, up to their size."""
    given = parts.given
    better = given.hourly(given.number("halls", (site,), "retrofit_pue", math.inf))
    ratio = np.minimum(pue, better)
    ports = {"bus0": f"power/{site}", "bus1": f"it/{site}", "efficiency": 1.0 / ratio}
    name, largest = f"retrofitted/{site}", float(ratio.max())
    if parts.plan is not None:
        parts.sized("Link", name, parts.planned("retrofitted", (site,)) * largest, ratio / largest, **ports)
        return
    period = given.periods[0]
    price = given.number("halls", (site,), "retrofit_capex_mcny_per_mw", math.nan)[0]
    stands = float(given.number("halls", (site,), "existing_mw")[0])
    weight = given.capital("halls", (site,), period) if (site,) in given.rows("halls", period) else None
    if weight is None or math.isnan(price) or math.isinf(better[0]) or stands <= 0:
        return
    price *= given.number("sites", (site,), "capex_factor", 1.0)[0]
    cost = price * weight / largest / cycles(given)
    parts.add("Link", name, p_nom_extendable=True, p_nom_max=stands * largest, p_max_pu=ratio / largest,
              capital_cost=cost, **ports)  # fmt: skip
    parts.assets.append(Asset("retrofitted", (site,), "Link", name, price=price, unit=1 / largest, is_new=True))


def _grid(parts: Parts, site: str, zone: str) -> None:
    """Grid power: bought grey or green, metered for the peak, out of a connection that the zone's sites share."""
    given = parts.given
    shared = f"zone/{zone}"
    if shared not in parts.rows["Bus"]:
        limit = given.number("power", (zone,), "grid_limit_mw", math.inf)
        parts.sized("Generator", shared, np.minimum(limit, given.plenty_mw), bus=parts.bus(shared))
    money = given.hourly(given.money)
    carbon = given.series("power", (zone,), "co2_kg_per_kwh") * units.tonnes_per_mwh(1.0)
    price = given.rule("carbon_price_cny_per_t", given.scopes(site), 0.0) * units.mcny_from_cny(1.0)
    cost = given.energy_price(zone) + given.hourly(price) * carbon
    meter, most = parts.bus(f"meter/{site}"), given.plenty_mw
    parts.add("Link", f"grey/{site}", bus0=shared, bus1=meter, p_nom=most, marginal_cost=cost * money)
    premium = given.number("power", (zone,), "green_premium_cny_per_kwh", math.nan)
    if np.isfinite(premium).any():
        on_offer = np.isfinite(premium).astype(float)
        extra = given.hourly(np.nan_to_num(premium)) * units.mcny_per_mwh(1.0)
        parts.add("Link", f"green/{site}", bus0=shared, bus1=meter, p_nom=most, p_max_pu=on_offer,
                  marginal_cost=(cost + extra) * money)  # fmt: skip
    _meter(parts, site, zone)


def _meter(parts: Parts, site: str, zone: str) -> None:
    """The largest grid power of each period, on which the demand charge is paid."""
    given = parts.given
    rates = given.number("power", (zone,), "demand_charge_cny_per_kw_month")
    for y, rate in enumerate(rates):
        used = np.eye(len(rates))[y]
        size: dict[str, Any] = {"p_nom": given.plenty_mw}
        if rate > 0:
            paid = units.mcny_per_mw_year_from_demand_charge(float(rate)) * given.money[y] / cycles(given)
            size = {"p_nom_extendable": True, "capital_cost": paid}
        name = f"meter/{site}/{given.periods[y]}"
        parts.add("Link", name, bus0=f"meter/{site}", bus1=f"power/{site}", p_max_pu=used, **size)


def _generation(parts: Parts, site: str, source: str) -> None:
    """Sun or wind at a site."""
    given, key = parts.given, (site, source)
    shape = given.series("supply", key, "profile", 1.0)
    wear = given.number("supply", key, "cost_mcny_per_mwh") * given.money
    more = {"bus": f"power/{site}", "marginal_cost": wear}
    if parts.plan is not None:
        parts.sized("Generator", f"{source}/{site}", parts.planned("supply", key), shape, **more)
        return
    stands = given.number("supply", key, "existing_mw")
    parts.sized("Generator", f"{source}/{site}", stands, shape, **more)
    _stands_supply(parts, "supply", key, stands)
    price = float(given.number("supply", key, "capex_mcny_per_mw")[0])
    if (cost := _supply_cost(parts, key, price, upkeep=True)) is not None:
        name = f"{source}/{site}/new"
        parts.add("Generator", name, p_nom_extendable=True, p_max_pu=shape, capital_cost=cost, **more)
        parts.assets.append(Asset("supply", key, "Generator", name, price=price, is_new=True))


def _stands_supply(parts: Parts, family: str, key: tuple[str, ...], amount: Array) -> None:
    given = parts.given
    parts.assets.append(Asset(family, key, "", "", amount=amount))
    if family == "supply":
        upkeep = given.number("supply", key, "opex_mcny_per_mw_year")[0] * given.money[0]
        parts.constant += float(amount[0] * upkeep)


def _supply_cost(parts: Parts, key: tuple[str, ...], price: float, *, upkeep: bool) -> float | None:
    """Capital cost of a unit of supply, None where it cannot be ordered."""
    given, period = parts.given, parts.given.periods[0]
    weight = given.capital("supply", key, period)
    if weight is None or key not in given.rows("supply", period):
        return None
    yearly = given.number("supply", key, "opex_mcny_per_mw_year")[0] * given.money[0] if upkeep else 0.0
    return float(price * weight + yearly) / cycles(given)


def _battery(parts: Parts, site: str, source: str) -> None:
    """A battery: energy, and power that is the same in and out."""
    given, key = parts.given, (site, source)
    bus = parts.bus(f"battery/{site}")
    each = float(given.number("supply", key, "efficiency", 1.0)[0])
    wear = given.number("supply", key, "cost_mcny_per_mwh") * given.money
    into: dict[str, Any] = {"bus0": f"power/{site}", "bus1": bus, "efficiency": each}
    out: dict[str, Any] = {"bus0": bus, "bus1": f"power/{site}", "efficiency": each, "marginal_cost": wear * each}
    cycle = {"bus": bus, "e_cyclic": True, "e_cyclic_per_period": True}
    names = f"charge/{site}", f"discharge/{site}", bus
    fixed = parts.plan is not None
    power = parts.planned("supply", key) if fixed else given.number("supply", key, "existing_mw")
    energy = parts.planned("energy", (site,)) if fixed else given.number("supply", key, "existing_mwh")
    parts.sized("Link", names[0], power, **into)
    parts.sized("Link", names[1], power / each, **out)
    if energy.any():
        share = given.hourly(energy / energy.max())
        parts.add("Store", bus, e_nom=float(energy.max()), e_max_pu=share, **cycle)
    if not fixed:
        _stands_supply(parts, "supply", key, power)
        _stands_supply(parts, "energy", (site,), energy)
        _new_battery(parts, site, key, each, into, out, cycle)


def _new_battery(
    parts: Parts,
    site: str,
    key: tuple[str, ...],
    each: float,
    into: dict[str, Any],
    out: dict[str, Any],
    cycle: dict[str, Any],
) -> None:
    """Battery power and energy to be ordered. What stands and what is new share their bus, so they work as one."""
    given = parts.given
    of_power, of_energy = (float(given.number("supply", key, f"capex_mcny_per_{unit}")[0]) for unit in ("mw", "mwh"))
    power = _supply_cost(parts, key, of_power, upkeep=True)
    energy = _supply_cost(parts, key, of_energy, upkeep=False)
    if power is None or energy is None:
        return
    parts.add("Link", f"charge/{site}/new", p_nom_extendable=True, capital_cost=power, **into)
    parts.add("Link", f"discharge/{site}/new", p_nom_extendable=True, **out)
    parts.add("Store", f"battery/{site}/new", e_nom_extendable=True, capital_cost=energy, **cycle)
    asset = Asset("supply", key, "Link", f"charge/{site}/new", price=of_power, is_new=True)
    parts.assets.append(asset)
    parts.assets.append(Asset("energy", (site,), "Store", f"battery/{site}/new", price=of_energy, is_new=True))
    parts.ties.append(Tie("Link", f"discharge/{site}/new", 1 / each, asset))
