"""Cost coefficients of each variable and cost term, from the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from xisuan import units
from xisuan.certificate.constraints.network import fixed_traffic, gbps
from xisuan.certificate.constraints.power import by_site, of_zone, zone_curve
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.dated_rows import Dated, Key
from xisuan.certificate.reading.table_values import Reading, site_rule
from xisuan.certificate.reading.variables import Columns, Label, contract_output, no_nan, stack


@dataclass(frozen=True)
class Order:
    """Orders of one variable: overnight capital and objective coefficient of one unit. Shape (P, items)."""

    variable: str
    term: str
    overnight: Array
    discounted: Array


@dataclass(frozen=True)
class Charge:
    """Running cost of one variable: objective coefficient of one unit. Broadcasts to the variable's values."""

    variable: str
    term: str
    discounted: Array


def orders(columns: Columns) -> tuple[Order, ...]:
    """Return the capital costs of all orders."""
    reading = columns.reading
    halls, links, supply = (reading.tables[name] for name in ("halls", "links", "supply"))
    technologies = reading.tables["technologies"]
    found = [
        _order(
            columns, "build_hall", "hall_capex", halls, _self, lambda k: _here(reading, halls, k, "capex_mcny_per_mw")
        ),
        _order(
            columns,
            "retrofit",
            "retrofit_capex",
            halls,
            _self,
            lambda k: _here(reading, halls, k, "retrofit_capex_mcny_per_mw"),
        ),
        _order(columns, "build", "compute_capex", technologies, lambda k: k[1:], lambda k: _compute(reading, k)),
        _order(columns, "build_link", "link_capex", links, _self, lambda k: links.number(k, "capex_mcny_per_gbps")),
        _order(
            columns,
            "link_modules",
            "link_capex",
            links,
            lambda k: k[:1],
            lambda k: reading.tables["modules"].number(k, "mcny"),
        ),
        _order(columns, "build_supply", "supply_capex", supply, _self, lambda k: supply.number(k, "capex_mcny_per_mw")),
        _order(
            columns,
            "build_energy",
            "supply_capex",
            supply,
            lambda k: (*k, "battery"),
            lambda k: supply.number((*k, "battery"), "capex_mcny_per_mwh"),
        ),
    ]
    once = np.array([reading.clock.discount(year) for year in reading.clock.periods])
    sites = reading.tables["sites"]
    opening = stack([no_nan(sites.number(k, "fixed_cost_mcny"), 0.0) for k in columns["open"].labels], len(once))
    return (*found, Order("open", "opening", opening, opening * once[:, None]), *_access_orders(columns))


def _access_orders(columns: Columns) -> Iterator[Order]:
    """Yield the capital costs of access upgrades and of the ducts laid for them."""
    access, clock = columns.access, columns.reading.clock
    periods, cities = range(clock.shape[0]), columns.reading.tables["cities"]
    price = [units.mcny_from_cny(1.0) * access.of(label, "capex_cny_per_unit") for label in columns["deploy"].labels]
    spread = []
    for label in columns["deploy"].labels:
        lead, life = access.of(label, "lead_years"), access.of(label, "life_years", np.nan)
        spread.append([clock.capital(o, lead[o], life[o]) for o in periods])
    overnight = stack(price, len(periods))
    yield Order("deploy", "access_capex", overnight, overnight * stack(spread, len(periods)))
    keys = columns["lay"].labels
    overnight = stack([no_nan(cities.number(key, "route_capex_mcny_per_km"), 0.0) for key in keys], len(periods))
    lives = [cities.number(key, "route_life_years") for key in keys]
    spread = [[clock.capital(o, 0.0, years[o]) for o in periods] for years in lives]
    yield Order("lay", "route_capex", overnight, overnight * stack(spread, len(periods)))


def _self(key: Label) -> Key:
    return key


def _order(
    columns: Columns,
    variable: str,
    term: str,
    table: Dated,
    row: Callable[[Label], Key],
    price: Callable[[Label], Array],
) -> Order:
    """Return the capital costs of one variable, by the prices valid in the period of the order."""
    clock, labels = columns.reading.clock, columns[variable].labels
    periods = range(clock.shape[0])
    overnight = stack([no_nan(price(label), 0.0) for label in labels], clock.shape[0])
    spread = np.zeros_like(overnight)
    for i, label in enumerate(labels):
        lead, life = table.number(row(label), "lead_years"), table.number(row(label), "life_years")
        spread[:, i] = [clock.capital(o, lead[o], life[o]) for o in periods]
    return Order(variable, term, overnight, overnight * spread)


def _here(reading: Reading, halls: Dated, key: Label, column: str) -> Array:
    return halls.number(key, column) * no_nan(reading.tables["sites"].number(key, "capex_factor"), 1.0)


def _compute(reading: Reading, key: Label) -> Array:
    factor = no_nan(reading.tables["sites"].number(key[:1], "capex_factor"), 1.0)
    return reading.tables["technologies"].number(key[1:], "capex_mcny_per_unit") * factor


def charges(columns: Columns) -> Iterator[Charge]:
    """Yield every running cost."""
    reading = columns.reading
    year = reading.clock.year_weight[:, None]
    halls, supply = reading.tables["halls"], reading.tables["supply"]
    upkeep = "opex_mcny_per_mw_year"
    yield _yearly(columns, "hall", "hall_opex", lambda k: halls.number(k, upkeep))
    opex = "opex_mcny_per_unit_year"
    yield _yearly(columns, "installed", "compute_opex", lambda k: reading.technology(k[1], opex))
    yield _yearly(columns, "supply", "supply_opex", lambda k: supply.number(k, upkeep))
    hourly = year * reading.clock.weight
    yield _hourly(columns, "grid", "energy", lambda k: hourly * units.mcny_per_mwh(1.0) * energy_price(reading, k[0]))
    fee = units.mcny_per_mw_year_from_demand_charge(1.0)
    yield _yearly(
        columns, "peak", "demand_charge", lambda k: fee * of_zone(reading, k[0], "demand_charge_cny_per_kw_month")
    )
    premium = units.mcny_per_mwh(1.0)
    for variable, billed in (("contract", _mwh_by_year), ("contract_power", _mwh_by_hours)):
        yield _yearly(
            columns,
            variable,
            "green_premium",
            lambda k, billed=billed: (  # type: ignore[misc]
                premium * billed(reading, k[0]) * of_zone(reading, k[0], "green_premium_cny_per_kwh")
            ),
        )
    yield _hourly(
        columns, "grid", "carbon_price", lambda k: hourly * carbon_price(reading, k[0])[:, None] * carbon(reading, k[0])
    )
    for variable, source in (("generation", _self), ("discharge", lambda k: (*k, "battery"))):
        wear = {k: no_nan(supply.number(source(k), "cost_mcny_per_mwh"), 0.0) for k in columns[variable].labels}
        yield _hourly(columns, variable, "supply_variable", lambda k, wear=wear: hourly * wear[k][:, None])  # type: ignore[misc]
    yield from _work_charges(columns)
    yield from _access_charges(columns)


def _access_charges(columns: Columns) -> Iterator[Charge]:
    """Yield upkeep and electricity of access; all of its emissions pay the carbon price."""
    access = columns.access
    upkeep = units.mcny_from_cny(1.0)
    yield _yearly(columns, "deployed", "access_opex", lambda k: upkeep * access.of(k, "opex_cny_per_unit_year"))
    yield _yearly(columns, "deployed", "access_energy", lambda k: access.price(k[0]) * access.mwh(k))
    yield _yearly(
        columns,
        "deployed",
        "carbon_price",
        lambda k: access.carbon_price() * access.carbon(k[0]) * access.mwh(k),
    )


def _yearly(columns: Columns, variable: str, term: str, price: Callable[[Label], Array]) -> Charge:
    """Return the yearly cost of each item; a missing price is 0."""
    clock = columns.reading.clock
    prices = stack([no_nan(price(label), 0.0) for label in columns[variable].labels], clock.shape[0])
    return Charge(variable, term, prices * clock.year_weight[:, None])


def _hourly(columns: Columns, variable: str, term: str, price: Callable[[Label], Array]) -> Charge:
    """Return the cost of one unit in one modelled hour for each item of a variable."""
    return Charge(variable, term, by_site([price(label) for label in columns[variable].labels], columns.reading))


def _mwh_by_year(reading: Reading, site: str) -> Array:
    """Return the MWh billed for each MWh of `contract`: none in periods in which contracts are by the hour. Shape (P,)."""
    return np.isnan(contract_output(reading, site)).any(axis=1).astype(float)


def _mwh_by_hours(reading: Reading, site: str) -> Array:
    """Return the MWh that one MW of a contract by the hour delivers in a year. Shape (P,)."""
    delivered: Array = no_nan(contract_output(reading, site), 0.0) @ reading.clock.weight
    return delivered


def energy_price(reading: Reading, site: str) -> Array:
    """Return CNY per kWh in each modelled hour: the list price, or the contract price with its profile. Shape (P, H)."""
    price = zone_curve(reading, site, "price", 0.0)
    contract = of_zone(reading, site, "contract_price_cny_per_kwh")
    plan = reading.scenario.settings.plan
    if plan.power_price == "contract":
        zones = reading.tables["sites"].text((site,), "zone")
        for p in np.flatnonzero(~np.isnan(contract)):
            if plan.contract_zones and zones[p] not in plan.contract_zones:
                continue
            level = reading.scenario.curve(reading.tables["power"].rows[p][(zones[p],)]["price"]).mean()
            price[p] = price[p] * contract[p] / level if level > 0 else price[p]  # a mean of 0 has no profile to scale
    return price


def carbon(reading: Reading, site: str) -> Array:
    """Return grid emissions in tonnes per MWh in each modelled hour. Shape (P, H)."""
    return units.tonnes_per_mwh(1.0) * zone_curve(reading, site, "co2_kg_per_kwh", 0.0)


def carbon_price(reading: Reading, site: str) -> Array:
    """Return the carbon price at a site in mCNY per tonne. Shape (P,)."""
    return units.mcny_from_cny(1.0) * site_rule(reading, "carbon_price_cny_per_t", site)


def _work_charges(columns: Columns) -> Iterator[Charge]:
    """Yield costs of traffic on links, serving and unserved work; stock is charged for every hour of the year."""
    reading = columns.reading
    year, weight = reading.clock.year_weight[:, None], reading.clock.weight[:, None]
    hours = (weight, np.full((1, 1), float(units.HOURS_PER_YEAR)))
    for stock, variable in enumerate(("serve", "hold")):
        options = [o for o in columns.options if reading.holds_stock(o.workload) == bool(stock)]
        carry = [_moved(reading, o.workload) * _toll(columns, tuple(arc[0] for arc in o.route)) for o in options]
        ask = [no_nan(_serving(reading, o.region, o.site, o.workload), 0.0) for o in options]
        for term, prices in (("transmission", carry), ("serving", ask)):
            yield Charge(variable, term, _spread(stack(prices, len(year)) * year, hours[stock], bool(stock)))
    for stock, variable in enumerate(("flow", "stock_flow")):
        prices = [_moved(reading, label[0]) * _toll(columns, label[1:2]) for label in columns[variable].labels]
        yield Charge(variable, "transmission", _spread(stack(prices, len(year)) * year, hours[stock], bool(stock)))
    prices = [_toll(columns, label[1:2]) for label in columns["traffic_flow"].labels]
    yield Charge("traffic_flow", "transmission", _spread(stack(prices, len(year)) * year, weight, False))
    for stock, variable in enumerate(("unserved", "stock_unserved")):
        prices = [no_nan(columns.penalty(w), 0.0) for _, w in columns[variable].labels]
        yield Charge(variable, "unserved", _spread(stack(prices, len(year)) * year, hours[stock], bool(stock)))


def _spread(yearly: Array, hours: Array, stock: bool) -> Array:
    """Broadcast (P, items) over the hours to (P, H, items), or multiply by the hours of the year for stock."""
    return yearly * hours if stock else yearly[:, None] * hours


def _moved(reading: Reading, w: str) -> Array:
    return sum(gbps(reading, w), np.zeros(reading.clock.shape[0]))


def _toll(columns: Columns, links: tuple[str, ...]) -> Array:
    table = columns.reading.tables["links"]
    zero = np.zeros(columns.reading.clock.shape[0])
    return sum((no_nan(table.number((link,), "cost_mcny_per_gbps_hour"), 0.0) for link in links), zero)


def _serving(reading: Reading, region: str, site: str, w: str) -> Array:
    return reading.tables["serving_cost"].number((region, site, w), "mcny_per_unit_hour")


def fixed_transmission(columns: Columns) -> float:
    """Return the cost of other traffic on the shortest path, which does not depend on the plan."""
    clock = columns.reading.clock
    total = 0.0
    for arc, traffic in fixed_traffic(columns).items():
        total += float((traffic @ clock.weight * _toll(columns, arc[:1]) * clock.year_weight).sum())
    return total


def tonnes(columns: Columns) -> tuple[Charge, Charge]:
    """Return location-based tonnes over the horizon: per MW from the grid in one modelled hour, and of deployed access."""
    reading = columns.reading
    hours = reading.clock.year_count[:, None] * reading.clock.weight
    access, years = columns.access, reading.clock.year_count
    drawn = [access.carbon(city) * access.mwh((city, m)) * years for city, m in columns["deployed"].labels]
    return (
        _hourly(columns, "grid", "tonnes", lambda k: hours * carbon(reading, k[0])),
        Charge("deployed", "tonnes", stack(drawn, len(years))),
    )
