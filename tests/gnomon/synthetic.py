"""A seeded model with the time structure of a plan, of any size: regions, sites, deferral, batteries, a carbon row."""

from __future__ import annotations

import numpy as np

from gnomon.arrays import Label
from gnomon.model.block_model import Block, Model


def network(hours: int, regions: int, sites: int, periods: int = 1, seed: int = 1, modules: bool = False) -> Model:
    """Work of each region runs at any site within reach, now or (half of it) up to a day later.

    Columns an hour: about regions × (sites / 2 + 2) + sites × 5. Capacities (compute, solar, battery) are bought by
    period and stay; a yearly row caps carbon, a budget caps capital. `modules`: compute is bought in whole halls.
    """
    rng = np.random.default_rng(seed)
    model = Model(periods, np.roll(np.arange(hours), 1))
    region = [(f"r{i}",) for i in range(regions)]
    site = [(f"s{i}",) for i in range(sites)]
    clock = np.arange(hours) % 24
    weight = 8760.0 / hours
    demand = rng.uniform(2.0, 10.0, regions) * (1.2 + 0.4 * np.sin((clock[:, None] - 9) / 12 * np.pi))
    demand = (
        demand
        * np.exp(0.1 * rng.standard_normal((periods, hours, regions)))
        * np.linspace(1, 1.5, periods)[:, None, None]
    )
    build = _capacities(model, site, rng, modules)
    _service(model, region, site, demand, weight, rng)
    _power(model, site, clock, weight, rng)
    row = model.add_rows("budget", ("scope",), [("all",)], upper=4.0e3 * regions)
    for name, cost in (("build", 60.0), ("build_solar", 4.0), ("build_battery", 2.0)):
        model.add(row, [("all",)] * sites, model.columns[name], site, cost)
    cap = model.add_rows("carbon_cap", ("scope",), [("all",)], upper=0.9 * 8760 * 6.0 * regions)
    model.add(cap, [("all",)] * sites, model.columns["grid"], site, weight * rng.uniform(0.3, 0.8, sites))
    assert build.name == "build"
    return model


def _capacities(model: Model, site: list[Label], rng: np.random.Generator, modules: bool) -> Block:
    factor = rng.uniform(0.8, 1.4, len(site))
    later = 0.95 ** np.arange(model.periods)[:, None]
    build = model.add_columns("build", ("site",), site, cost=60.0 * factor * later)
    model.add_columns("build_solar", ("site",), site, cost=4.0 * later * np.ones(len(site)))
    model.add_columns("build_battery", ("site",), site, cost=2.0 * later * np.ones(len(site)))
    for held, built in (("installed", "build"), ("solar", "build_solar"), ("battery", "build_battery")):
        column = model.add_columns(held, ("site",), site, upper=400.0)
        row = model.add_rows(f"{held}_balance", ("site",), site, lower=0.0, upper=0.0)
        model.add(row, site, column, site, 1.0)
        past = [(y, z, s) for y in range(model.periods) for z in range(y + 1) for s in site]
        at, by = [(y, s) for y, _, s in past], [(z, s) for _, z, s in past]
        model.add_across(row, at, model.columns[built], by, -1.0)
    if modules:
        whole = model.add_columns("modules", ("site",), site, upper=50.0, integer=True)
        row = model.add_rows("build_module", ("site",), site, lower=0.0, upper=0.0)
        model.add(row, site, build, site, 1.0)
        model.add(row, site, whole, site, -10.0)
    return build


def _service(
    model: Model, region: list[Label], site: list[Label], demand: np.ndarray, weight: float, rng: np.random.Generator
) -> None:
    pairs = [(r, s) for r in region for s in site if rng.random() < 0.5 or s == site[0]]
    cost = 1e-4 * rng.uniform(1, 10, len(pairs)) * weight
    label = [(*r, *s) for r, s in pairs]
    serve = model.add_columns("serve", ("region", "site"), label, hourly=True, cost=cost)
    window = np.cumsum(np.concatenate([demand, demand], axis=1), axis=1)
    span = min(24, model.hours)
    window = window[:, model.hours :] - window[:, model.hours - span : -span]
    backlog = model.add_columns("backlog", ("region",), region, hourly=True, upper=0.5 * window)
    unserved = model.add_columns("unserved", ("region",), region, hourly=True, cost=2.0 * weight)
    balance = model.add_rows("service_balance", ("region",), region, hourly=True, lower=demand, upper=demand)
    model.add(balance, [r for r, _ in pairs], serve, label, 1.0)
    model.add(balance, region, backlog, region, 1.0)
    model.add(balance, region, backlog, region, -1.0, before=True)
    model.add(balance, region, unserved, region, 1.0)
    within = model.add_rows("load_within_installed", ("site",), site, hourly=True, upper=0.0)
    model.add(within, [s for _, s in pairs], serve, label, 1.0)
    model.add(within, site, model.columns["installed"], site, -0.9)
    power = model.add_rows("power_balance", ("site",), site, hourly=True, lower=0.0, upper=0.0)
    pue = 1.15 + 0.1 * rng.random((1, model.hours, len(site)))
    number = {s: i for i, s in enumerate(site)}
    model.add(power, [s for _, s in pairs], serve, label, -pue[:, :, [number[s] for _, s in pairs]])


def _power(model: Model, site: list[Label], clock: np.ndarray, weight: float, rng: np.random.Generator) -> None:
    price = rng.uniform(3e-4, 7e-4, len(site)) * (1 + 0.4 * np.sin((clock[:, None] - 14) / 12 * np.pi))
    grid = model.add_columns("grid", ("site",), site, hourly=True, cost=price[None] * weight)
    height = np.clip(np.round(np.sin((clock[:, None] - 6) / 12 * np.pi), 9), 0, None)
    sun = height * rng.uniform(0.3, 1.0, (1, len(clock), len(site)))
    solar = model.add_columns("solar_power", ("site",), site, hourly=True)
    charge = model.add_columns("charge", ("site",), site, hourly=True)
    discharge = model.add_columns("discharge", ("site",), site, hourly=True, cost=1e-5 * weight)
    stored = model.add_columns("stored", ("site",), site, hourly=True)
    power = model.rows["power_balance"]
    for column, sign in ((grid, 1.0), (solar, 1.0), (charge, -1.0), (discharge, 1.0)):
        model.add(power, site, column, site, sign)
    within = model.add_rows("solar_within", ("site",), site, hourly=True, upper=0.0)
    model.add(within, site, solar, site, 1.0)
    model.add(within, site, model.columns["solar"], site, -sun)
    balance = model.add_rows("storage_balance", ("site",), site, hourly=True, lower=0.0, upper=0.0)
    model.add(balance, site, stored, site, 1.0)
    model.add(balance, site, stored, site, -1.0, before=True)
    model.add(balance, site, charge, site, -0.95)
    model.add(balance, site, discharge, site, 1 / 0.95)
    for column, hours in ((charge, 1.0), (discharge, 1.0), (stored, 4.0)):
        row = model.add_rows(f"{column.name}_within", ("site",), site, hourly=True, upper=0.0)
        model.add(row, site, column, site, 1.0)
        model.add(row, site, model.columns["battery"], site, -hours)
