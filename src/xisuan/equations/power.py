"""Power at the sites: IT and facility load, grid, solar, wind, battery, peaks and green contracts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xisuan import units
from xisuan.equations import service
from xisuan.equations.assembly import Assembly
from xisuan.equations.given import Array, Given, Label
from xisuan.scenario.timeline import Timeline
from xisuan.solver.model import Block


def add(a: Assembly) -> None:
    """Variables and constraints of power, where the scenario has data for it."""
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


def it_sites(given: Given) -> list[Label]:
    """Sites with equipment, where power or a rule on IT energy asks for their load."""
    rules = set(given.scenario["policies"]["rule"])
    if not (given.scenario.has("power") or rules & {"pue_max", "water_cap_m3"}):
        return []
    have = {site for site, _ in given.equipment}
    return [(site,) for site in given.sites if site in have]


def grid_sites(given: Given) -> list[Label]:
    """Sites that a grid zone supplies."""
    zones = set(given.scenario["power"]["zone"])
    return [site for site in it_sites(given) if given.site_text[site[0]]["zone"] in zones]


def zone_of(given: Given, sites: Sequence[Label]) -> list[Label]:
    """Grid zone of each site."""
    return [(given.site_text[site]["zone"],) for (site,) in sites]


def energy_price(given: Given, sites: Sequence[Label]) -> Array:
    """Price of grid energy, CNY per kWh: list, or under contract with the hourly shape of the list price.

    Shape (periods, hours, sites).
    """
    zones = zone_of(given, sites)
    price = given.curves("power", zones, "price")
    if given.scenario.settings.plan.power_price == "list":
        return price
    contract = given.numbers("power", zones, "contract_price_cny_per_kwh", np.nan)
    cells = given.cells("power", zones, "price")
    mean = np.array([[0.0 if cell is None else given.scenario.curve(cell).mean() for cell in row] for row in cells])  # type: ignore[arg-type]
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(np.isnan(contract) | (mean == 0), 1.0, contract / mean)
    return price * scale.reshape(len(given.periods), len(sites))[:, None, :]


def co2(given: Given, sites: Sequence[Label]) -> Array:
    """Carbon of grid power, t per MWh. Shape (periods, hours, sites)."""
    return units.tonnes_per_mwh(1.0) * given.curves("power", zone_of(given, sites), "co2_kg_per_kwh")


def mean_co2(given: Given, sites: Sequence[Label]) -> Array:
    """Mean carbon of grid power over the year's modelled hours, t per MWh. Shape (periods, sites)."""
    return np.asarray(np.einsum("pti,t->pi", co2(given, sites), given.weight) / given.weight.sum())


def pue(given: Given, sites: Sequence[Label]) -> Array:
    """Power usage effectiveness. Shape (periods, hours, sites)."""
    return given.curves("sites", sites, "pue", 1.0)


def retrofit_gain(given: Given, sites: Sequence[Label]) -> Array:
    """By how much a retrofit lowers the PUE; never below 0, for the better of both holds. Shape (periods, hours, sites)."""
    better = given.numbers("halls", sites, "retrofit_pue", np.inf)
    return np.maximum(0.0, pue(given, sites) - better[:, None, :])


def power(a: Assembly) -> None:
    """Variables of power."""
    g = a.given
    hour = g.hourly_weight
    a.columns("it", it_sites(g))
    retrofits = [site for site in a.labels("retrofitted") if site in set(it_sites(g))]
    a.columns("it_retrofitted", retrofits)
    sites = grid_sites(g)
    carbon = co2(g, sites)
    price = service.site_rule(a, "carbon_price_cny_per_t", [site for (site,) in sites])
    a.columns(
        "grid",
        sites,
        costs={
            "energy": units.mcny_per_mwh(1.0) * energy_price(g, sites) * hour,
            "carbon_price": units.mcny_from_cny(1.0) * price[:, None, :] * carbon * hour,
        },
        tonnes=carbon * g.weight[None, :, None] * g.years[:, None, None],
    )
    sources = [label for label in a.labels("supply") if label[:1] in set(it_sites(g))]
    wear = g.numbers("supply", sources, "cost_mcny_per_mwh")
    generating = [i for i, (_, source) in enumerate(sources) if source != "battery"]
    cost = wear[:, generating][:, None, :] * hour
    a.columns("generation", [sources[i] for i in generating], costs={"supply_variable": cost})
    storing = [i for i, (_, source) in enumerate(sources) if source == "battery"]
    at = [sources[i][:1] for i in storing]
    a.columns("charge", at)
    a.columns("discharge", at, costs={"supply_variable": wear[:, storing][:, None, :] * hour})
    a.columns("stored", at)
    _yearly_power(a, sites)


def _yearly_power(a: Assembly, sites: list[Label]) -> None:
    """Peaks where a demand charge is paid on them, contracts where green power is on offer."""
    g = a.given
    yearly = g.discount[:, None]
    charge = g.numbers("power", zone_of(g, sites), "demand_charge_cny_per_kw_month")
    paid = charge.max(axis=0, initial=0.0) > 0
    cost = units.mcny_per_mw_year_from_demand_charge(1.0) * charge[:, paid] * yearly
    a.columns("peak", [site for site, use in zip(sites, paid, strict=True) if use], costs={"demand_charge": cost})
    premium = g.numbers("power", zone_of(g, sites), "green_premium_cny_per_kwh", np.nan)
    offered = np.isfinite(premium).any(axis=0)
    cost = units.mcny_per_mwh(1.0) * np.nan_to_num(premium)[:, offered] * yearly
    most = np.where(np.isnan(premium[:, offered]), 0.0, np.inf)
    buyers = [site for site, use in zip(sites, offered, strict=True) if use]
    a.columns("contract", buyers, upper=most, costs={"green_premium": cost})


def it_balance(a: Assembly) -> None:
    """IT power: idle equipment draws its idle share, work the rest."""
    g = a.given
    it = a.column("it")
    if it is None:
        return
    block = a.rows("it_balance", it.labels, lower=0.0, upper=0.0)
    a.model.add(block, it.labels, it, it.labels)
    for name in ("installed", "load", "stock_load"):
        column = a.column(name)
        if column:
            technology = [(technology,) for _, technology in column.labels]
            mw, idle = (g.numbers("technologies", technology, of) for of in ("mw_per_unit", "idle_share"))
            share = mw * (idle if name == "installed" else 1.0 - idle)
            used = np.flatnonzero((share != 0).any(axis=0))
            labels = [column.labels[i] for i in used]
            a.model.add(block, [label[:1] for label in labels], column, labels, -share[:, used][:, None, :])


def retrofitted_within_hall(a: Assembly) -> None:
    """Load that enjoys the better cooling sits in retrofitted halls."""
    load = a.column("it_retrofitted")
    if load:
        _at_most(a, "retrofitted_within_hall", load, "retrofitted", load.labels)


def retrofitted_within_it(a: Assembly) -> None:
    """It is part of the site's load."""
    load = a.column("it_retrofitted")
    if load:
        _at_most(a, "retrofitted_within_it", load, "it", load.labels)


def _at_most(a: Assembly, name: str, use: Block, of: str, bounds: Sequence[Label]) -> None:
    """use ≤ of, item by item."""
    block = a.rows(name, use.labels, upper=0.0)
    a.model.add(block, use.labels, use, use.labels)
    a.model.add(block, use.labels, a.model.columns[of], bounds, -1.0)


def facility(a: Assembly, sites: Sequence[Label]) -> list[tuple[Block, list[Label], Array]]:
    """Facility power as a sum over variables: block, labels and MW per MW (periods, hours, labels)."""
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
    """What the facility draws comes from the grid, sun, wind and battery."""
    supplied = {label[0] for label in a.labels("supply")}
    grid = a.column("grid")
    sites = [site for site in a.labels("it") if (grid and site in grid.position) or site[0] in supplied]
    if not sites:
        return
    block = a.rows("power_balance", sites, lower=0.0, upper=0.0)
    for name, sign in (("grid", 1.0), ("generation", 1.0), ("discharge", 1.0), ("charge", -1.0)):
        column = a.column(name)
        if column:
            a.model.add(block, [label[:1] for label in column.labels], column, column.labels, sign)
    for column, labels, values in facility(a, sites):
        a.model.add(block, labels, column, labels, -values)


def generation_within_supply(a: Assembly) -> None:
    """Sun and wind by the hour; what is not used is curtailed."""
    made = a.column("generation")
    if made is None:
        return
    profile = a.given.curves("supply", made.labels, "profile", 1.0)
    block = a.rows("generation_within_supply", made.labels, upper=0.0)
    a.model.add(block, made.labels, made, made.labels)
    a.model.add(block, made.labels, a.model.columns["supply"], made.labels, -profile)


def battery_within_supply(a: Assembly) -> None:
    """Battery power, in and out: charge_within_supply and discharge_within_supply."""
    for name in ("charge", "discharge"):
        use = a.column(name)
        if use:
            _at_most(a, f"{name}_within_supply", use, "supply", [(site, "battery") for (site,) in use.labels])


def stored_within_energy(a: Assembly) -> None:
    """Battery energy."""
    stored = a.column("stored")
    if stored:
        _at_most(a, "stored_within_energy", stored, "energy", stored.labels)


def storage_balance(a: Assembly) -> None:
    """What is in the battery, with losses each way."""
    stored = a.column("stored")
    if stored is None:
        return
    sites = list(stored.labels)
    efficiency = a.given.numbers("supply", [(site, "battery") for (site,) in sites], "efficiency", 1.0)[:, None, :]
    block = a.rows("storage_balance", sites, lower=0.0, upper=0.0)
    a.model.add(block, sites, stored, sites)
    a.model.add(block, sites, stored, sites, -1.0, before=True)
    a.model.add(block, sites, a.model.columns["charge"], sites, -efficiency)
    a.model.add(block, sites, a.model.columns["discharge"], sites, 1.0 / efficiency)


def grid_within_zone(a: Assembly) -> None:
    """The connection that a zone's sites share."""
    g = a.given
    grid = a.column("grid")
    if grid is None:
        return
    zones = list(dict.fromkeys(zone_of(g, grid.labels)))
    limited = np.isfinite(g.numbers("power", zones, "grid_limit_mw", np.inf)).any(axis=0)
    zones = [zone for zone, use in zip(zones, limited, strict=True) if use]
    if not zones:
        return
    limit = g.numbers("power", zones, "grid_limit_mw", np.inf)
    block = a.rows("grid_within_zone", zones, upper=limit[:, None, :])
    inside = [(site, zone) for site, zone in zip(grid.labels, zone_of(g, grid.labels), strict=True) if zone in zones]
    a.model.add(block, [zone for _, zone in inside], grid, [site for site, _ in inside])


def grid_within_peak(a: Assembly) -> None:
    """The demand charge is paid on the site's peak of the period."""
    peak = a.column("peak")
    if peak is None:
        return
    block = a.rows("grid_within_peak", peak.labels, upper=0.0)
    a.model.add(block, peak.labels, a.model.columns["grid"], peak.labels)
    a.model.add(block, peak.labels, peak, peak.labels, -1.0)


def contract_within_grid(a: Assembly) -> None:
    """No more green power is bought than drawn in a year."""
    contract = a.column("contract")
    if contract is None:
        return
    block = a.rows("contract_within_grid", contract.labels, upper=0.0)
    a.model.add(block, contract.labels, contract, contract.labels)
    weight = -over_hours(a.given.timeline)
    a.model.add(block, contract.labels, a.model.columns["grid"], contract.labels, weight)


def over_hours(timeline: Timeline) -> Array:
    """Weights of the hours, to sum over a year. Shape (1, hours, 1)."""
    return timeline.weight[None, :, None]
