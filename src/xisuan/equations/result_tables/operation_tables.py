"""Tables of operation: `service`, `load`, `backlog`, `flows`, `power` and `emissions`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from gnomon import Array, Block, Label
from xisuan import units
from xisuan.equations import asset_sets
from xisuan.equations.constraints import network, power
from xisuan.equations.model_builder import Assembly
from xisuan.equations.result_tables import flow_attribution
from xisuan.results.plan import TABLES

Values = Mapping[str, Array]
Row = dict[str, object]
Served = dict[tuple[int, str, str, str], float]
"""Units by period, region, site and workload; a blank site means unserved."""

NOTHING = 1e-9
"""Share of the demand below which a service is left out."""


def hourly(a: Assembly, values: Values, names: tuple[str, ...]) -> pd.DataFrame:
    """Return a long table of hourly variables with the same dimensions, or of stocks repeated in every hour."""
    parts: list[pd.DataFrame] = []
    for name in names:
        block = a.column(name)
        if block is None:
            continue
        table = values[name] if block.hourly else np.repeat(values[name][:, None, :], a.model.hours, axis=1)
        periods, hours, items = np.indices(table.shape).reshape(3, -1)
        data: dict[str, object] = {"period": np.array(a.given.periods)[periods], "hour": hours}
        for at, dim in enumerate(block.dims):
            data[dim] = np.array([label[at] for label in block.labels], dtype=object)[items]
        parts.append(pd.DataFrame(data | {"units": table.ravel()}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


# --- service ---------------------------------------------------------------------------------------------------------


def service(a: Assembly, values: Values) -> list[Row]:
    """Return the yearly mean of work of each region at each site."""
    g = a.given
    served: Served = {}
    for name in ("serve", "hold", "unserved", "stock_unserved"):
        _add_pairs(a, values, name, served)
    for stock in (False, True):
        for workload in g.workloads(stock=stock, pairwise=False):
            _add_mixed(a, values, workload, stock, served)
    return _with_share(a, served)


def _add_pairs(a: Assembly, values: Values, name: str, served: Served) -> None:
    """Add the yearly mean of a variable of pairs, or of unserved work."""
    g = a.given
    block = a.column(name)
    if block is None:
        return
    total = g.over_year(values[name]) / units.HOURS_PER_YEAR if block.hourly else values[name]
    for (y, i), amount in np.ndenumerate(total):
        label = block.labels[i]
        region, site, workload = label[:3] if len(label) > 2 else (label[0], "", label[1])
        key = (g.periods[y], region, site, workload)
        served[key] = served.get(key, 0.0) + float(amount)


def _add_mixed(a: Assembly, values: Values, workload: str, stock: bool, served: Served) -> None:
    """Add the yearly mean of a free workload, by region and site."""
    g = a.given
    each = flow_attribution.free_service(a, values, workload, stock=stock)
    total = each[:, 0] if stock else np.einsum("ptrs,t->prs", each, g.weight / units.HOURS_PER_YEAR)
    sites = g.sites_for(workload)
    for (y, r, s), amount in np.ndenumerate(total):
        key = (g.periods[y], g.demanded[workload][r], sites[s], workload)
        served[key] = served.get(key, 0.0) + float(amount)


def _with_share(a: Assembly, served: Served) -> list[Row]:
    """Return rows with the share of the region's demand in the modelled hours, without negligible ones."""
    g = a.given
    asked: dict[tuple[int, str, str], float] = {}
    for stock in (False, True):
        asking = g.asking([*g.workloads(stock=stock, pairwise=True), *g.workloads(stock=stock, pairwise=False)])
        mean = g.mean_demand(asking) if stock else g.over_year(g.demand(asking)) / units.HOURS_PER_YEAR
        for (y, i), amount in np.ndenumerate(mean):
            region, workload = asking[i]
            asked[g.periods[y], region, workload] = float(amount)
    rows: list[Row] = []
    for (period, region, site, workload), units_served in served.items():
        demand = asked[period, region, workload]
        if units_served > NOTHING * max(demand, NOTHING):
            named = {"period": period, "region": region, "site": site, "workload": workload}
            rows.append({**named, "units": units_served, "share": units_served / demand if demand > 0 else np.nan})
    return rows


# --- network, power, carbon ------------------------------------------------------------------------------------------


def flows(a: Assembly, values: Values) -> pd.DataFrame:
    """Return all traffic on every arc, by hour."""
    block = a.model.rows.get("traffic_within_link")
    if block is None:
        return pd.DataFrame()
    gbps = network.carried(a, values)
    periods, hours, items = np.indices(gbps.shape).reshape(3, -1)
    names = np.array(block.labels, dtype=object).reshape(len(block), 3)
    links = a.model.columns["capacity"].at([arc[:1] for arc in block.labels])
    return pd.DataFrame(
        {
            "period": np.array(a.given.periods)[periods],
            "hour": hours,
            "link": names[items, 0],
            "from": names[items, 1],
            "to": names[items, 2],
            "gbps": gbps.ravel(),
            "capacity_gbps": values["capacity"][:, links][periods, items],
        }
    )


def power_by_hour(a: Assembly, values: Values) -> pd.DataFrame:
    """Return the power of every site, by hour."""
    it = a.column("it")
    if it is None:
        return pd.DataFrame()
    g = a.given
    shape = values["it"].shape
    price = power.energy_price(g, it.labels) if g.scenario.has("power") else np.full(shape, np.nan)
    parts = {"it_mw": values["it"], "facility_mw": _facility(a, values, it), "price_cny_per_kwh": price}
    parts["contract_mw"] = np.zeros(shape)
    if used := a.labels("contract_use"):
        parts["contract_mw"][..., it.at(used)] = _delivered(a, values)
    for name, column in (
        ("grid", "grid_mw"),
        ("charge", "charge_mw"),
        ("discharge", "discharge_mw"),
        ("stored", "stored_mwh"),
    ):
        parts[column] = _at_sites(a, values, name, it)
    for source in ("solar", "wind"):
        parts[f"{source}_mw"] = _at_sites(a, values, "generation", it, source)
    periods, hours, items = np.indices(shape).reshape(3, -1)
    sites = np.array([site for (site,) in it.labels], dtype=object)
    named = {"period": np.array(g.periods)[periods], "hour": hours, "site": sites[items]}
    return pd.DataFrame({**named, **{name: np.broadcast_to(part, shape).ravel() for name, part in parts.items()}})


def _delivered(a: Assembly, values: Values) -> Array:
    """Return grid power that green contracts by the hour deliver, MW, also where no rule needs it.

    Shape (periods, hours, sites of contract_use).
    """
    sites = a.labels("contract_use")
    output = np.nan_to_num(power.green_profile(a.given, sites)) * values["contract_power"][:, None, :]
    grid = a.model.columns["grid"]
    return np.minimum(output, np.maximum(values["grid"][..., grid.at(sites)], 0.0))


def _facility(a: Assembly, values: Values, it: Block) -> Array:
    """Facility power at the sites of `it`. Shape (periods, hours, sites)."""
    out = np.zeros(values["it"].shape)
    for column, labels, factor in power.facility(a, it.labels):
        out[..., it.at(labels)] += values[column.name][..., column.at(labels)] * factor
    return out


def _at_sites(a: Assembly, values: Values, name: str, it: Block, source: str = "") -> Array:
    """Values of a variable of sites at the sites of `it`, 0 elsewhere. Shape (periods, hours, sites)."""
    out = np.zeros(values["it"].shape)
    block = a.column(name)
    if block:
        at = [i for i, label in enumerate(block.labels) if not source or label[1] == source]
        out[..., it.at([block.labels[i][:1] for i in at])] = values[name][..., at]
    return out


def emissions(a: Assembly, values: Values) -> list[Row]:
    """Return location-based, market-based and embodied emissions of every site in a year."""
    g = a.given
    totals: dict[str, dict[str, Array]] = {name: {} for name in TABLES["emissions"] if name not in ("period", "site")}
    grid, bought, built = (a.labels(name) for name in ("grid", "contract", "build"))
    if grid:
        _add(totals["grid_mwh"], grid, g.over_year(values["grid"]))
        located = g.over_year(values["grid"] * power.co2(g, grid))
        _add(totals["location_t"], grid, located)
        _add(totals["market_t"], grid, located)
    if bought:
        counted, paid = _contracted(a, values)
        _add(totals["contract_mwh"], bought, counted)
        _add(totals["contract_paid_mwh"], bought, paid)
        _add(totals["market_t"], bought, -counted * power.mean_co2(g, bought))
    if built:
        embodied = g.numbers("technologies", asset_sets.technology_of(built), "embodied_t_per_unit")
        _add(totals["embodied_t"], built, values["build"] * embodied)
    none = np.zeros(len(g.periods))
    return [
        {"period": period, "site": site} | {name: float(of.get(site, none)[y]) for name, of in totals.items()}
        for y, period in enumerate(g.periods)
        for site in g.sites
    ]


def _contracted(a: Assembly, values: Values) -> tuple[Array, Array]:
    """Return green power of contracts that counts and that is paid for in a year, MWh. Shapes (periods, sites)."""
    contract, used = a.model.columns["contract"], a.labels("contract_use")
    counted, paid = values["contract"].copy(), values["contract"].copy()
    if used:
        profile, at = power.green_profile(a.given, used), contract.at(used)
        by_hour = np.isfinite(profile[:, 0, :])
        output = a.given.over_year(np.nan_to_num(profile)) * values["contract_power"]
        counted[:, at] = np.where(by_hour, a.given.over_year(_delivered(a, values)), counted[:, at])
        paid[:, at] = np.where(by_hour, output, paid[:, at])
    return counted, paid


def _add(total: dict[str, Array], labels: list[Label], amounts: Array) -> None:
    """Add amounts (periods, labels) to the totals of their sites."""
    for label, amount in zip(labels, amounts.T, strict=True):
        total[label[0]] = total[label[0]] + amount if label[0] in total else amount
