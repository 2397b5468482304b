"""Grid power as a PyPSA network: bought grey, green, or of contracts by the hour, through a meter for each period."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from xisuan import units
from xisuan.exchange.pypsa.components import Parts, cycles
from xisuan.exchange.pypsa.scenario_rows import Array


def add(parts: Parts, site: str, zone: str) -> None:
    """Add grid power: bought grey or green, metered for the peak, from a connection that the zone's sites share."""
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
        timed = np.isfinite(given.series("power", (zone,), "green_profile", math.nan)).reshape(len(premium), -1)[:, 0]
        on_offer = (np.isfinite(premium) & ~timed).astype(float)
        extra = given.hourly(np.nan_to_num(premium)) * units.mcny_per_mwh(1.0)
        parts.add(
            "Link",
            f"green/{site}",
            bus0=shared,
            bus1=meter,
            p_nom=most,
            p_max_pu=on_offer,
            marginal_cost=(cost + extra) * money,
        )
        for y in np.flatnonzero(np.isfinite(premium) & timed):
            _contract(parts, site, zone, int(y), cost * money)
    _meter(parts, site, zone)


def _contract(parts: Parts, site: str, zone: str, y: int, cost: Array) -> None:
    """Add the green contract by the hour of a period: its size are the plants, and all their output is paid for.

    `cost`: discounted cost of the grid energy, mCNY per MWh. Shape (hours,).
    """
    given = parts.given
    used = given.hourly(np.eye(len(given.periods))[y])
    output = np.nan_to_num(given.series("power", (zone,), "green_profile")) * used
    premium = units.mcny_per_mwh(float(given.number("power", (zone,), "green_premium_cny_per_kwh")[y]))
    parts.add(
        "Link",
        f"timed/{site}/{given.periods[y]}",
        bus0=f"zone/{zone}",
        bus1=f"meter/{site}",
        p_nom_extendable=True,
        p_max_pu=output,
        capital_cost=premium * float(given.weight @ output) * given.money[y] / cycles(given),
        marginal_cost=cost,
    )


def _meter(parts: Parts, site: str, zone: str) -> None:
    """Add a meter for each period, whose size is the peak grid power on which the demand charge is paid."""
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
