"""Equipment and power as a PyPSA network: equipment converts work to IT load, cooling adds to it, power supplies it.

Buses of a site: `it/site` (IT power), `power/site` (facility power), `meter/site` between it and the grid, where the
peak is metered, and `battery/site`. `zone/zone` is the connection that sites share.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from xisuan.exchange.pypsa import grid_power, workloads
from xisuan.exchange.pypsa.components import SLACK, Asset, Parts, Tie, cycles, lived
from xisuan.exchange.pypsa.scenario_rows import Array, Given, Order, records


def add(parts: Parts) -> None:
    """Add the equipment of every site and the power that it draws."""
    for site, technology in parts.given.equipment:
        _equipment(parts, site, technology)
    for site in parts.given.sites:
        if f"it/{site}" in parts.rows.get("Bus", {}):
            _facility(parts, site)


# --- equipment -------------------------------------------------------------------------------------------------------


def _equipment(parts: Parts, site: str, technology: str) -> None:
    """Add a technology at a site: one component per asset, which converts work to IT load."""
    given = parts.given
    if technology in given.named:
        general, own = (workloads.place(site, name) for name in (given.class_of(technology), technology))
        name, most = f"any/{site}/{technology}", given.plenty
        parts.add("Link", name, bus0=parts.bus(general), bus1=parts.bus(own), p_nom=most)
        _steady(parts, technology, name)
    if parts.plan is not None:
        _fixed_equipment(parts, site, technology)
        return
    _fleet(parts, site, technology)
    for order in given.orders("technologies", (technology,)):
        y, period = order.y, given.periods[order.y]
        offer = given.rows("technologies", period)[technology,]
        if offer["available_from"] > period or offer["available_until"] < period:
            continue
        most = float(given.number("limits", (site, technology), "max_build_units", math.inf)[y])
        factor = given.number("sites", (site,), "capex_factor", 1.0)[y]
        if most > 0:
            asset = Asset(
                "installed",
                (site, technology),
                "Link",
                f"new/{site}/{technology}/{period}",
                used=order.used,
                order=order,
                price=float(offer["capex_mcny_per_unit"] * factor),
            )
            _open_equipment(parts, asset, most, lived(given, order.start, order.end))


def _fleet(parts: Parts, site: str, technology: str) -> None:
    """Add existing units until they retire: fixed ones, and those for which each period decides on early retirement."""
    given = parts.given
    standing = np.zeros(len(given.periods))
    for row in records(given.scenario["fleet"]):
        if (row["site"], row["technology"]) != (site, technology):
            continue
        stands = [not row["opened"] > period and not row["retires"] <= period for period in given.periods]
        before: Asset | None = None
        for y in np.flatnonzero(stands):
            period = given.periods[y]
            if not row["may_retire"] or given.scenario.fixed(period):
                standing[y] += float(row["units"])
                continue
            name = f"fleet/{site}/{technology}/{row['opened']}/{period}"
            asset = Asset("installed", (site, technology), "Link", name, used=np.arange(len(stands)) == y)
            _open_equipment(parts, asset, float(row["units"]), lived(given, period, period + 1))
            if before is not None:
                parts.falling.append((before, asset))
            before = asset
    _standing_equipment(parts, site, technology, standing)


def _steady(parts: Parts, technology: str, name: str, component: str = "Link") -> None:
    if parts.given.text("technologies", (technology,), "kind") == "stock":
        parts.steady.append((component, name))


def _load_target(parts: Parts, site: str, technology: str) -> str:
    target = technology if technology in parts.given.named else parts.given.class_of(technology)
    return parts.bus(workloads.place(site, target))


def _running(parts: Parts, site: str, technology: str) -> dict[str, Any]:
    """Return the attributes of equipment in operation: it consumes work and draws the variable part of its power."""
    given = parts.given
    mw, idle = (given.number("technologies", (technology,), column) for column in ("mw_per_unit", "idle_share"))
    return {
        "bus0": _load_target(parts, site, technology),
        "bus1": parts.bus(f"it/{site}"),
        "efficiency": -mw * (1 - idle),
    }


def _attains(given: Given, site: str, technology: str) -> Array:
    """Return the share of a unit that work may use. Shape (periods,)."""
    reserve = given.rule("site_reserve_min", given.scopes(site), 0.0)
    return given.number("technologies", (technology,), "attainable_utilisation", 1.0) * (1 - reserve)


def _idle_mw(given: Given, technology: str) -> Array:
    mw, idle = (given.number("technologies", (technology,), column) for column in ("mw_per_unit", "idle_share"))
    return np.asarray(mw * idle)


def _fixed_equipment(parts: Parts, site: str, technology: str) -> None:
    """Add the equipment of a plan."""
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


def _upkeep(given: Given, technology: str) -> Array:
    """Return the discounted upkeep of a unit in each period, mCNY. Shape (periods,)."""
    return np.asarray(given.number("technologies", (technology,), "opex_mcny_per_unit_year") * given.money)


def _standing_equipment(parts: Parts, site: str, technology: str, amount: Array) -> None:
    """Add existing units that stay; their upkeep is a constant."""
    name = f"stands/{site}/{technology}"
    parts.bus(f"it/{site}")
    parts.assets.append(Asset("installed", (site, technology), "Link", name, amount=amount))
    if amount.any():
        running = _running(parts, site, technology)
        parts.sized("Link", name, amount, _attains(parts.given, site, technology), **running)
        _steady(parts, technology, name)
        _idle_load(parts, site, technology, amount)
        parts.constant += float(amount @ _upkeep(parts.given, technology))


def _open_equipment(parts: Parts, asset: Asset, most: float, life: dict[str, Any]) -> None:
    """Add units to be decided on: existing ones that may retire (no order), or new ones."""
    given, (site, technology) = parts.given, asset.key
    assert asset.used is not None
    cost = float(_upkeep(given, technology)[asset.used].sum())
    module = 0.0
    if asset.order is not None:
        cost += asset.price * asset.order.weight
        module = float(given.number("technologies", (technology,), "module_units")[asset.order.y])
    parts.add(
        "Link",
        asset.name,
        p_nom_extendable=True,
        p_nom_max=most,
        p_nom_mod=module,
        p_max_pu=_attains(given, site, technology),
        capital_cost=cost / cycles(given, asset.used),
        **life,
        **_running(parts, site, technology),
    )
    _steady(parts, technology, asset.name)
    parts.assets.append(asset)
    idle = _idle_mw(given, technology)
    if idle.any():
        bus, largest = parts.bus(f"it/{site}"), float(idle.max())
        always = idle / largest
        # Idle power is proportional to the size: an extendable negative generator at full output, tied to the asset.
        name = f"idle/{asset.name}"
        parts.add(
            "Generator", name, bus=bus, sign=-1.0, p_nom_extendable=True, p_min_pu=always, p_max_pu=always, **life
        )
        parts.ties.append(Tie("Generator", name, largest, asset))


# --- power of a site -------------------------------------------------------------------------------------------------


def _facility(parts: Parts, site: str) -> None:
    """Add cooling, retrofitted halls, and the power supply of a site."""
    given = parts.given
    it, power = parts.bus(f"it/{site}"), parts.bus(f"power/{site}")
    pue = given.series("sites", (site,), "pue", 1.0)
    parts.add("Link", f"cooled/{site}", bus0=power, bus1=it, p_nom=given.plenty_mw, efficiency=1.0 / pue)
    _retrofit(parts, site, pue)
    zone = given.text("sites", (site,), "zone")
    if (zone,) not in given.keys("power"):
        parts.add("Generator", f"given/{site}", bus=power, p_nom=given.plenty_mw)
        return
    grid_power.add(parts, site, zone)
    for of, source in given.keys("supply"):
        if of == site:
            (_battery if source == "battery" else _generation)(parts, site, source)


def _retrofit(parts: Parts, site: str, pue: Array) -> None:
    """Add retrofitted halls: cooling with another PUE, up to their size."""
    given = parts.given
    better = given.hourly(given.number("halls", (site,), "retrofit_pue", math.inf))
    # The size of the link is facility power: IT power of the halls × largest PUE.
    ratio = np.minimum(pue, better)
    ports = {"bus0": f"power/{site}", "bus1": f"it/{site}", "efficiency": 1.0 / ratio}
    name, largest = f"retrofitted/{site}", float(ratio.max())
    if parts.plan is not None:
        parts.sized("Link", name, parts.planned("retrofitted", (site,)) * largest, ratio / largest, **ports)
        return
    price = given.number("halls", (site,), "retrofit_capex_mcny_per_mw", math.nan)
    price = price * given.number("sites", (site,), "capex_factor", 1.0)
    for order in given.orders("halls", (site,)):
        if math.isnan(price[order.y]) or math.isinf(given.number("halls", (site,), "retrofit_pue", math.inf)[order.y]):
            continue
        cost = price[order.y] * order.weight / largest / cycles(given, order.used)
        dated = f"{name}/{given.periods[order.y]}"
        parts.add(
            "Link",
            dated,
            p_nom_extendable=True,
            p_max_pu=ratio / largest,
            capital_cost=cost,
            **lived(given, order.start, order.end),
            **ports,
        )
        asset = Asset(
            "retrofitted",
            (site,),
            "Link",
            dated,
            used=order.used,
            order=order,
            price=float(price[order.y]),
            unit=1 / largest,
        )
        parts.assets.append(asset)


def _generation(parts: Parts, site: str, source: str) -> None:
    """Add solar or wind generation at a site."""
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
    for order in given.orders("supply", key):
        price = float(given.number("supply", key, "capex_mcny_per_mw")[order.y])
        name = f"{source}/{site}/new/{given.periods[order.y]}"
        parts.add(
            "Generator",
            name,
            p_nom_extendable=True,
            p_max_pu=shape,
            capital_cost=_supply_cost(parts, key, order, price),
            **lived(given, order.start, order.end),
            **more,
        )
        parts.assets.append(Asset("supply", key, "Generator", name, used=order.used, order=order, price=price))


def _supply_upkeep(given: Given, key: tuple[str, ...]) -> Array:
    """Return the discounted upkeep of a MW in each period, mCNY. Shape (periods,)."""
    return np.asarray(given.number("supply", key, "opex_mcny_per_mw_year") * given.money)


def _stands_supply(parts: Parts, family: str, key: tuple[str, ...], amount: Array) -> None:
    parts.assets.append(Asset(family, key, "", "", amount=amount))
    if family == "supply":
        parts.constant += float(amount @ _supply_upkeep(parts.given, key))


def _supply_cost(parts: Parts, key: tuple[str, ...], order: Order, price: float, *, upkeep: bool = True) -> float:
    """Return the capital cost of a unit of supply, per investment period of PyPSA."""
    yearly = float(_supply_upkeep(parts.given, key)[order.used].sum()) if upkeep else 0.0
    return (price * order.weight + yearly) / cycles(parts.given, order.used)


def _battery(parts: Parts, site: str, source: str) -> None:
    """Add a battery: energy, and equal power in both directions."""
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
    # Power is rated on the site's side: discharging p takes p / efficiency out of the store.
    parts.sized("Link", names[1], power / each, **out)
    if energy.any():
        share = given.hourly(energy / energy.max())
        parts.add("Store", bus, e_nom=float(energy.max()), e_max_pu=share, **cycle)
    if not fixed:
        _stands_supply(parts, "supply", key, power)
        _stands_supply(parts, "energy", (site,), energy)
        for order in given.orders("supply", key):
            _new_battery(parts, site, key, order, (into, out, cycle))


def _new_battery(
    parts: Parts,
    site: str,
    key: tuple[str, ...],
    order: Order,
    ways: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
) -> None:
    """Add battery power and energy to be decided on. They share a bus with the existing battery and operate as one."""
    given, (into, out, cycle) = parts.given, ways
    of_power, of_energy = (
        float(given.number("supply", key, f"capex_mcny_per_{unit}")[order.y]) for unit in ("mw", "mwh")
    )
    life = lived(given, order.start, order.end)
    charge, discharge, store = (
        f"{kind}/{site}/new/{given.periods[order.y]}" for kind in ("charge", "discharge", "battery")
    )
    cost = _supply_cost(parts, key, order, of_power)
    parts.add("Link", charge, p_nom_extendable=True, capital_cost=cost, **life, **into)
    parts.add("Link", discharge, p_nom_extendable=True, **life, **out)
    cost = _supply_cost(parts, key, order, of_energy, upkeep=False)
    parts.add("Store", store, e_nom_extendable=True, capital_cost=cost, **life, **cycle)
    asset = Asset("supply", key, "Link", charge, used=order.used, order=order, price=of_power)
    parts.assets.append(asset)
    parts.assets.append(Asset("energy", (site,), "Store", store, used=order.used, order=order, price=of_energy))
    parts.ties.append(Tie("Link", discharge, 1 / into["efficiency"], asset))
