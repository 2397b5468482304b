"""Rows of power: IT load, facility balance, sun and wind, batteries, grid, peaks, contracts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import Columns, contract_output, no_nan, stack


def power_rows(columns: Columns) -> Iterator[Rows]:
    """Yield all families of power rows."""
    yield _it_balance(columns)
    yield from _retrofitted(columns)
    yield _power_balance(columns)
    yield _generation(columns)
    yield from _battery(columns)
    yield from _grid(columns)


def pue(reading: Reading, site: str) -> Array:
    """Return facility power over IT power of a site in each modelled hour. Shape (P, H)."""
    return reading.curve("sites", (site,), "pue", 1.0)


def saved(reading: Reading, site: str) -> Array:
    """Return the decrease of the PUE by a retrofit, at least 0. Shape (P, H)."""
    better = reading.tables["halls"].ever((site,), "retrofit_pue")
    return np.maximum(0.0, pue(reading, site) - no_nan(better, np.inf)[:, None])


def by_site(items: list[Array], reading: Reading) -> Array:
    """Stack hourly curves: (P, H) each to (P, H, items)."""
    return np.stack(items, axis=-1) if items else np.zeros((*reading.clock.shape, 0))


def idle_and_busy(reading: Reading, g: str) -> tuple[Array, Array]:
    """Return the idle power of an installed unit and the additional power of a running one, in MW. Shape (P,) each."""
    power, idle = no_nan(reading.technology(g, "mw_per_unit"), 0.0), no_nan(reading.technology(g, "idle_share"), 0.0)
    return power * idle, power * (1.0 - idle)


def _it_balance(columns: Columns) -> Rows:
    reading = columns.reading
    # it = idle power × installed + (full − idle power) × load.
    rows = Rows(columns, "it_balance", columns["it"].labels, "=", hourly=True)
    every = range(len(rows.labels))
    rows.add("it", every, every)
    draw = {g: idle_and_busy(reading, g) for g in reading.technologies}
    for variable, part in (("installed", 0), ("load", 1), ("stock_load", 1)):
        at, items = rows.match(variable, rows.at, slice(0, 1))
        power = stack([draw[columns[variable].labels[i][1]][part] for i in items], reading.clock.shape[0])
        rows.add(variable, at, items, -power[:, None])
    return rows


def _retrofitted(columns: Columns) -> Iterator[Rows]:
    labels = columns["it_retrofitted"].labels
    every = range(len(labels))
    for name, variable in (("retrofitted_within_hall", "retrofitted"), ("retrofitted_within_it", "it")):
        rows = Rows(columns, name, labels, "<", hourly=True)
        rows.add("it_retrofitted", every, every)
        rows.add(variable, every, [columns[variable].at[label] for label in labels], -1.0)
        yield rows


def _power_balance(columns: Columns) -> Rows:
    reading = columns.reading
    # grid + generation + discharge − charge = PUE × it − saved × it_retrofitted.
    rows = Rows(columns, "power_balance", columns["grid"].labels, "=", hourly=True)
    every = range(len(rows.labels))
    rows.add("grid", every, every)
    rows.add("generation", *rows.match("generation", rows.at, slice(0, 1)))
    rows.add("discharge", *rows.match("discharge", rows.at, slice(0, 1)))
    rows.add("charge", *rows.match("charge", rows.at, slice(0, 1)), -1.0)
    rows.add("it", every, every, -by_site([pue(reading, s) for (s,) in rows.labels], reading))
    at, items = rows.match("it_retrofitted", rows.at, slice(0, 1))
    rows.add("it_retrofitted", at, items, by_site([saved(reading, rows.labels[i][0]) for i in at], reading))
    return rows


def yields(reading: Reading, site: str, source: str) -> Array:
    """Return the output of a source over its capacity in each modelled hour. Shape (P, H)."""
    return reading.curve("supply", (site, source), "profile", 1.0)


def _generation(columns: Columns) -> Rows:
    labels = columns["generation"].labels
    # generation ≤ profile × supply; the rest is curtailed.
    rows = Rows(columns, "generation_within_supply", labels, "<", hourly=True)
    every = range(len(labels))
    rows.add("generation", every, every)
    profile = by_site([yields(columns.reading, *label) for label in labels], columns.reading)
    rows.add("supply", every, [columns["supply"].at[label] for label in labels], -profile)
    return rows


def efficiency(reading: Reading, site: str) -> Array:
    """Return the one-way efficiency of a battery. Shape (P,)."""
    return no_nan(reading.tables["supply"].ever((site, "battery"), "efficiency"), 1.0)


def _battery(columns: Columns) -> Iterator[Rows]:
    reading = columns.reading
    labels = columns["energy"].labels
    every = range(len(labels))
    power = [columns["supply"].at[s, "battery"] for (s,) in labels]
    for name, variable, room, items in (
        ("charge_within_supply", "charge", "supply", power),
        ("discharge_within_supply", "discharge", "supply", power),
        ("stored_within_energy", "stored", "energy", list(every)),
    ):
        rows = Rows(columns, name, labels, "<", hourly=True)
        rows.add(variable, every, every)
        rows.add(room, every, items, -1.0)
        yield rows
    # stored[h] − stored[h−1] = η charge − discharge / η, cyclic in each block.
    rows = Rows(columns, "storage_balance", labels, "=", hourly=True)
    eta = stack([efficiency(reading, s) for (s,) in labels], reading.clock.shape[0])[:, None]
    rows.add("stored", every, every)
    rows.add("stored", every, every, -1.0, shift=reading.clock.before)
    rows.add("charge", every, every, -eta)
    rows.add("discharge", every, every, 1.0 / eta)
    yield rows


def of_zone(reading: Reading, site: str, column: str) -> Array:
    """Return a number of the zone that supplies a site, NaN where it has none. Shape (P,)."""
    zones = reading.tables["sites"].text((site,), "zone")
    return np.array([reading.tables["power"].number((zone,), column)[p] for p, zone in enumerate(zones)])


def zone_curve(reading: Reading, site: str, column: str, missing: float) -> Array:
    """Return a number or profile of the zone that supplies a site. Shape (P, H)."""
    zones = reading.tables["sites"].text((site,), "zone")
    curves = {zone: reading.curve("power", (zone,), column, missing) for zone in set(zones)}
    return np.stack([curves[zone][p] for p, zone in enumerate(zones)])


def _grid(columns: Columns) -> Iterator[Rows]:
    reading = columns.reading
    n = reading.clock.shape[0]
    power, grid = reading.tables["power"], columns["grid"].labels
    limit = {str(k[0]): power.number(k, "grid_limit_mw") for k in power.keys}
    zones = [zone for zone in limit if not np.isnan(limit[zone]).all()]
    # Σ grid over the sites of a zone ≤ its limit.
    rows = Rows(columns, "grid_within_zone", [(zone,) for zone in zones], "<", hourly=True)
    placed = {s: reading.tables["sites"].text((s,), "zone") for (s,) in grid}
    for z, zone in enumerate(zones):
        items = [i for i, (s,) in enumerate(grid) if zone in placed[s]]
        inside = [np.array([placed[grid[i][0]][p] == zone for p in range(n)]) & ~np.isnan(limit[zone]) for i in items]
        rows.add("grid", [z] * len(items), items, stack(inside, n)[:, None])
        rows.rhs[:, :, z] = no_nan(limit[zone], 0.0)[:, None]
    yield rows

    peaks = columns["peak"].labels
    # grid[h] ≤ peak, where a demand charge applies.
    rows = Rows(columns, "grid_within_peak", peaks, "<", hourly=True)
    every = range(len(peaks))
    paid = stack([no_nan(of_zone(reading, s, "demand_charge_cny_per_kw_month"), 0.0) > 0 for (s,) in peaks], n)[:, None]
    rows.add("grid", every, [columns["grid"].at[label] for label in peaks], paid)
    rows.add("peak", every, every, -paid.astype(float))
    yield rows

    # Contracted energy of a year ≤ Σ weight × grid.
    rows = Rows(columns, "contract_within_grid", columns["contract"].labels, "<")
    every = range(len(rows.labels))
    rows.add("contract", every, every)
    items = [columns["grid"].at[label] for label in rows.labels]
    weight = reading.clock.weight
    output = {s: contract_output(reading, s) for (s,) in rows.labels}
    by_year = [np.where(np.isnan(output[s]), weight, 0.0) for (s,) in rows.labels]
    rows.add("grid", every, items, -by_site(by_year, reading))
    # A contract by the hour counts as it is used: Σ weight × contract_use.
    used = columns["contract_use"].labels
    by_hour = [np.where(np.isnan(output[s]), 0.0, weight) for (s,) in used]
    rows.add("contract_use", [rows.at[label] for label in used], range(len(used)), -by_site(by_hour, reading))
    yield rows

    # contract_use[h] ≤ output[h] × contract_power, and ≤ grid[h].
    every = range(len(used))
    rows = Rows(columns, "contract_use_within_power", used, "<", hourly=True)
    rows.add("contract_use", every, every)
    rows.add("contract_power", every, every, -by_site([no_nan(output[s], 0.0) for (s,) in used], reading))
    yield rows
    rows = Rows(columns, "contract_use_within_grid", used, "<", hourly=True)
    rows.add("contract_use", every, every)
    rows.add("grid", every, [columns["grid"].at[label] for label in used], -1.0)
    yield rows
