"""Power at the sites: IT and facility load, grid, solar, wind, battery, peaks and green contracts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gnomon import Array, Block, Label
from xisuan import units
from xisuan.equations import asset_sets
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.table_arrays import chosen


def add(a: Assembly) -> None:
    """Add variables and constraints of power, where the scenario has data for it."""
    power(a)
    it_balance(a)
    retrofitted_within_hall(a)
    retrofitted_within_it(a)
    power_balance(a)
    generation_within_supply(a)
    battery_within_supply(a)
    stored_within_energy(a)
    storage_balance(a)
    grid_within_zone(a)
    grid_within_peak(a)
    contract_within_grid(a)
    contract_use_within_power(a)
    contract_use_within_grid(a)


def it_sites(given: Given) -> list[Label]:
    """Return the sites with equipment, if power data or a rule on IT power make their load necessary."""
    rules, named = set(given.scenario["policies"]["rule"]), set(given.scenario["rule_terms"]["variable"])
    if not (given.scenario.has("power") or rules & {"pue_max", "water_cap_m3"} or named & {"it", "it_retrofitted"}):
        return []
    have = {label[0] for label in given.equipment}
    return [(site,) for site in given.sites if site in have]


def grid_sites(given: Given) -> list[Label]:
    """Return the sites in a grid zone."""
    zones = set(given.scenario["power"]["zone"].astype(str))
    return [site for site in it_sites(given) if given.site_text[site[0]]["zone"] in zones]


def zone_of(given: Given, sites: Sequence[Label]) -> list[Label]:
    """Return the grid zone of each site."""
    return [(given.site_text[site]["zone"],) for (site,) in sites]


def energy_price(given: Given, sites: Sequence[Label]) -> Array:
    """Price of grid energy, CNY per kWh: the list price, or the contract price with the hourly shape of the list price.

    Shape (periods, hours, sites).
    """
    zones = zone_of(given, sites)
    price = given.curves("power", zones, "price")
    plan = given.scenario.settings.plan
    if plan.power_price == "list":
        return price
    contract = given.numbers("power", zones, "contract_price_cny_per_kwh", np.nan)
    contract = np.where([plan.pays_contract(zone) for (zone,) in zones], contract, np.nan)
    mean = given.means("power", zones, "price")
    scale = np.divide(contract, mean, out=np.ones_like(mean), where=np.isfinite(contract) & (mean > 0))
    return price * scale[:, None, :]


def co2(given: Given, sites: Sequence[Label]) -> Array:
    """Carbon intensity of grid power, t per MWh. Shape (periods, hours, sites)."""
    return units.tonnes_per_mwh(1.0) * given.curves("power", zone_of(given, sites), "co2_kg_per_kwh")


def clean_share(given: Given, sites: Sequence[Label]) -> Array:
    """Return the share of grid power that counts as clean. Shape (periods, hours, sites)."""
    return given.curves("power", zone_of(given, sites), "clean_share")


def green_profile(given: Given, sites: Sequence[Label]) -> Array:
    """Return the output over capacity of the plants behind green contracts, NaN without a profile or without an offer.

    Shape (periods, hours, sites).
    """
    zones = zone_of(given, sites)
    offered = np.isfinite(given.numbers("power", zones, "green_premium_cny_per_kwh", np.nan))
    return np.where(offered[:, None, :], given.curves("power", zones, "green_profile", np.nan), np.nan)


def mean_co2(given: Given, sites: Sequence[Label]) -> Array:
    """Mean carbon intensity of grid power over the modelled hours of a year, t per MWh. Shape (periods, sites)."""
    return given.over_year(co2(given, sites)) / float(given.weight.sum())


def pue(given: Given, sites: Sequence[Label]) -> Array:
    """Power usage effectiveness. Shape (periods, hours, sites)."""
    return given.curves("sites", sites, "pue", 1.0)


def retrofit_gain(given: Given, sites: Sequence[Label]) -> Array:
    """Reduction of the PUE by a retrofit, 0 where the PUE is already better. Shape (periods, hours, sites)."""
    better = given.numbers("halls", sites, "retrofit_pue", np.inf)
    return np.maximum(0.0, pue(given, sites) - better[:, None, :])


def power(a: Assembly) -> None:
    """Add the hourly and yearly variables of power."""
    g = a.given
    a.columns("it", it_sites(g))
    a.columns("it_retrofitted", [site for site in a.labels("retrofitted") if site in set(it_sites(g))])
    sites = grid_sites(g)
    _grid(a, sites)
    _own_power(a, [label for label in a.labels("supply") if label[:1] in set(sites)])
    _yearly_power(a, sites)


def _grid(a: Assembly, sites: list[Label]) -> None:
    """Add grid power, with the costs of energy and carbon."""
    g = a.given
    carbon = co2(g, sites)
    price = g.site_rule("carbon_price_cny_per_t", [site for (site,) in sites])
    a.columns(
        "grid",
        sites,
        costs={
            "energy": units.mcny_per_mwh(1.0) * energy_price(g, sites) * g.hourly_weight,
            "carbon_price": units.mcny_from_cny(1.0) * price[:, None, :] * carbon * g.hourly_weight,
        },
        tonnes=carbon * over_hours(g) * g.years[:, None, None],
    )


def _own_power(a: Assembly, sources: list[Label]) -> None:
    """Add generation of solar and wind, and charge, discharge and content of batteries."""
    g = a.given
    generating = [label for label in sources if label[1] != "battery"]
    storing = [label for label in sources if label[1] == "battery"]
    wear = g.numbers("supply", generating, "cost_mcny_per_mwh")[:, None, :]
    a.columns("generation", generating, costs={"supply_variable": wear * g.hourly_weight})
    wear = g.numbers("supply", storing, "cost_mcny_per_mwh")[:, None, :]
    batteries = [label[:1] for label in storing]
    a.columns("charge", batteries)
    a.columns("discharge", batteries, costs={"supply_variable": wear * g.hourly_weight})
    a.columns("stored", batteries)


def _yearly_power(a: Assembly, sites: list[Label]) -> None:
    """Add peaks where a demand charge applies, and contracts where green power is on offer."""
    g = a.given
    yearly = g.discount[:, None]
    zones = zone_of(g, sites)
    paid = g.whole.numbers("power", zones, "demand_charge_cny_per_kw_month").max(axis=0, initial=0.0) > 0
    charge = g.numbers("power", zones, "demand_charge_cny_per_kw_month")[:, paid]
    cost = units.mcny_per_mw_year_from_demand_charge(1.0) * charge * yearly
    a.columns("peak", chosen(sites, paid), costs={"demand_charge": cost})
    offered = np.isfinite(g.whole.numbers("power", zones, "green_premium_cny_per_kwh", np.nan)).any(axis=0)
    premium = g.numbers("power", zones, "green_premium_cny_per_kwh", np.nan)[:, offered]
    cost = units.mcny_per_mwh(1.0) * np.nan_to_num(premium) * yearly
    most = np.where(np.isnan(premium), 0.0, np.inf)
    profile = green_profile(g, chosen(sites, offered))
    hourly = np.isfinite(profile[:, 0, :])
    a.columns("contract", chosen(sites, offered), upper=most, costs={"green_premium": np.where(hourly, 0.0, cost)})
    some = np.isfinite(green_profile(g.whole, chosen(sites, offered))).any(axis=(0, 1))
    labels = chosen(chosen(sites, offered), some)
    delivered = g.over_year(np.nan_to_num(profile))
    most = np.where(hourly, np.inf, 0.0)[:, some]
    a.columns("contract_power", labels, upper=most, costs={"green_premium": (cost * delivered)[:, some]})
    a.columns("contract_use", labels)


def it_balance(a: Assembly) -> None:
    """Add it = Σ MW per unit × (idle share × installed + (1 − idle share) × load), by site and hour (MW).

    Idle equipment draws its idle share.
    """
    g = a.given
    it = a.column("it")
    if it is None:
        return
    block = a.rows("it_balance", it.labels, lower=0.0, upper=0.0)
    a.model.add(block, it.labels, it, it.labels)
    for name in ("installed", "load", "stock_load"):
        column = a.column(name)
        if column:
            idle = g.numbers("technologies", asset_sets.technology_of(column.labels), "idle_share")
            share = asset_sets.it_mw(g, column.labels) * (idle if name == "installed" else 1.0 - idle)
            used = np.flatnonzero((share != 0).any(axis=0))
            labels = [column.labels[i] for i in used]
            a.model.add(block, [label[:1] for label in labels], column, labels, -share[:, used][:, None, :])


def retrofitted_within_hall(a: Assembly) -> None:
    """Add it_retrofitted ≤ retrofitted (MW), by site and hour: only load in retrofitted halls has the better PUE."""
    load = a.column("it_retrofitted")
    if load:
        _at_most(a, "retrofitted_within_hall", load, "retrofitted", load.labels)


def retrofitted_within_it(a: Assembly) -> None:
    """Add it_retrofitted ≤ it (MW), by site and hour."""
    load = a.column("it_retrofitted")
    if load:
        _at_most(a, "retrofitted_within_it", load, "it", load.labels)


def _at_most(a: Assembly, name: str, use: Block, of: str, bounds: Sequence[Label]) -> None:
    """Add use ≤ of, item by item."""
    block = a.rows(name, use.labels, upper=0.0)
    a.model.add(block, use.labels, use, use.labels)
    a.model.add(block, use.labels, a.model.columns[of], bounds, -1.0)


def facility(a: Assembly, sites: Sequence[Label]) -> list[tuple[Block, list[Label], Array]]:
    """Return facility power as a sum over variables: block, labels, and MW per MW (periods, hours, labels)."""
    parts: list[tuple[Block, list[Label], Array]] = []
    it, better = a.column("it"), a.column("it_retrofitted")
    if it:
        labels = [site for site in sites if site in it.position]
        parts.append((it, labels, pue(a.given, labels)))
    if better:
        labels = [site for site in sites if site in better.position]
        parts.append((better, labels, -retrofit_gain(a.given, labels)))
    return parts


def power_balance(a: Assembly) -> None:
    """Add grid + generation + discharge − charge = facility power (MW), by site and hour."""
    grid = a.column("grid")
    if grid is None:
        return
    block = a.rows("power_balance", grid.labels, lower=0.0, upper=0.0)
    for name, sign in (("grid", 1.0), ("generation", 1.0), ("discharge", 1.0), ("charge", -1.0)):
        column = a.column(name)
        if column:
            a.model.add(block, [label[:1] for label in column.labels], column, column.labels, sign)
    for column, labels, values in facility(a, grid.labels):
        a.model.add(block, labels, column, labels, -values)


def generation_within_supply(a: Assembly) -> None:
    """Add generation ≤ profile × supply (MW), by (site, source, hour); the rest is curtailed."""
    made = a.column("generation")
    if made is None:
        return
    profile = a.given.curves("supply", made.labels, "profile", 1.0)
    block = a.rows("generation_within_supply", made.labels, upper=0.0)
    a.model.add(block, made.labels, made, made.labels)
    a.model.add(block, made.labels, a.model.columns["supply"], made.labels, -profile)


def battery_within_supply(a: Assembly) -> None:
    """Add charge ≤ supply and discharge ≤ supply (MW), by site and hour.

    The rows are named charge_within_supply and discharge_within_supply.
    """
    for name in ("charge", "discharge"):
        use = a.column(name)
        if use:
            _at_most(a, f"{name}_within_supply", use, "supply", asset_sets.battery_rows(use.labels))


def stored_within_energy(a: Assembly) -> None:
    """Add stored ≤ energy of the battery (MWh), by site and hour."""
    stored = a.column("stored")
    if stored:
        _at_most(a, "stored_within_energy", stored, "energy", stored.labels)


def storage_balance(a: Assembly) -> None:
    """Add stored[t] = stored[t−1] + η × charge − discharge / η (MWh), by site and hour, cyclic in its block.

    The efficiency η applies in both directions.
    """
    stored = a.column("stored")
    if stored is None:
        return
    sites = list(stored.labels)
    efficiency = a.given.numbers("supply", asset_sets.battery_rows(sites), "efficiency", 1.0)[:, None, :]
    block = a.rows("storage_balance", sites, lower=0.0, upper=0.0)
    a.model.add(block, sites, stored, sites)
    a.model.add(block, sites, stored, sites, -1.0, before=True)
    a.model.add(block, sites, a.model.columns["charge"], sites, -efficiency)
    a.model.add(block, sites, a.model.columns["discharge"], sites, 1.0 / efficiency)


def grid_within_zone(a: Assembly) -> None:
    """Add Σ grid over the sites of a zone ≤ grid limit (MW), by zone and hour."""
    g = a.given
    grid = a.column("grid")
    if grid is None:
        return
    zones = list(dict.fromkeys(zone_of(g, grid.labels)))
    limited = np.isfinite(g.whole.numbers("power", zones, "grid_limit_mw", np.inf)).any(axis=0)
    zones = chosen(zones, limited)
    limit = g.numbers("power", zones, "grid_limit_mw", np.inf)
    block = a.rows("grid_within_zone", zones, upper=limit[:, None, :])
    inside = [(site, zone) for site, zone in zip(grid.labels, zone_of(g, grid.labels), strict=True) if zone in zones]
    a.model.add(block, [zone for _, zone in inside], grid, [site for site, _ in inside])


def grid_within_peak(a: Assembly) -> None:
    """Add grid ≤ peak (MW), by site and hour: the demand charge is paid on the site's peak of the period."""
    peak = a.column("peak")
    if peak is None:
        return
    block = a.rows("grid_within_peak", peak.labels, upper=0.0)
    a.model.add(block, peak.labels, a.model.columns["grid"], peak.labels)
    a.model.add(block, peak.labels, peak, peak.labels, -1.0)


def contract_within_grid(a: Assembly) -> None:
    """Add contract ≤ grid energy of the year (MWh), by site: no more green power counts than is drawn.

    Where the zone has a green profile: contract ≤ what the contract delivers and the site draws in the same hour.
    """
    contract = a.column("contract")
    if contract is None:
        return
    hourly = np.isfinite(green_profile(a.given, contract.labels)[:, :1, :])
    block = a.rows("contract_within_grid", contract.labels, upper=0.0)
    a.model.add(block, contract.labels, contract, contract.labels)
    drawn = np.where(hourly, 0.0, over_hours(a.given))
    a.model.add(block, contract.labels, a.model.columns["grid"], contract.labels, -drawn)
    used = a.column("contract_use")
    if used:
        hours = np.where(hourly[..., contract.at(used.labels)], over_hours(a.given), 0.0)
        a.model.add(block, used.labels, used, used.labels, -hours)


def contract_use_within_power(a: Assembly) -> None:
    """Add contract_use ≤ profile × contract_power (MW), by site and hour."""
    used = a.column("contract_use")
    if used:
        profile = np.nan_to_num(green_profile(a.given, used.labels))
        block = a.rows("contract_use_within_power", used.labels, upper=0.0)
        a.model.add(block, used.labels, used, used.labels)
        a.model.add(block, used.labels, a.model.columns["contract_power"], used.labels, -profile)


def contract_use_within_grid(a: Assembly) -> None:
    """Add contract_use ≤ grid (MW), by site and hour."""
    used = a.column("contract_use")
    if used:
        _at_most(a, "contract_use_within_grid", used, "grid", used.labels)


def over_hours(given: Given) -> Array:
    """Hours of a year that each modelled hour stands for, as weights of a yearly sum. Shape (1, hours, 1)."""
    return given.weight[None, :, None]
