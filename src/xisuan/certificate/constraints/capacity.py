"""Rows of capacity built and in use: halls, equipment, links, supply, site openings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.dated_rows import Dated, Key
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import Columns, no_nan, stack


def capacity_rows(columns: Columns, most: Mapping[str, Array], plan: Array) -> Iterator[Rows]:
    """Yield all families of capacity rows. `most` and `plan` bound `installed` and `hall` at sites that must be opened."""
    yield from _halls(columns)
    yield from _equipment(columns)
    yield from _openings(columns, most, plan)
    yield from _links(columns)
    yield from _supply(columns)


def lives(reading: Reading, table: Dated, keys: list[Key]) -> Array:
    """Return 1 where an order of period o is in use in period u, by the lifetime valid in o. Shape (keys, P, P)."""
    n = reading.clock.shape[0]
    if not keys:
        return np.zeros((0, n, n))
    lead = np.stack([table.ever(key, "lead_years") for key in keys])
    life = np.stack([table.ever(key, "life_years") for key in keys])
    return reading.clock.in_use(lead, life).astype(np.float64)


def _halls(columns: Columns) -> Iterator[Rows]:
    reading, halls = columns.reading, columns.reading.tables["halls"]
    labels = columns["hall"].labels
    every = range(len(labels))
    # hall = existing + Σ orders in use.
    rows = Rows(columns, "hall_balance", labels, "=")
    rows.add("hall", every, every)
    rows.add_orders("build_hall", every, every, -lives(reading, halls, list(labels)))
    for i, key in enumerate(labels):
        rows.rhs[:, i] = no_nan(halls.number(key, "existing_mw"), 0.0)
    yield rows

    labels = columns["hall_phases"].labels
    every = range(len(labels))
    # build_hall = phase size × number of phases, where halls are built in phases.
    rows = Rows(columns, "hall_phase", labels, "=")
    phase = np.stack([no_nan(halls.number(key, "phase_mw"), 0.0) for key in labels], -1) if labels else np.zeros((1, 0))
    rows.add("build_hall", every, [columns["build_hall"].at[key] for key in labels], (phase > 0).astype(float))
    rows.add("hall_phases", every, every, -phase)
    yield rows

    labels = columns["retrofitted"].labels
    every = range(len(labels))
    rows = Rows(columns, "retrofit_balance", labels, "=")
    rows.add("retrofitted", every, every)
    rows.add_orders("retrofit", every, every, -lives(reading, halls, list(labels)))
    yield rows


def _equipment(columns: Columns) -> Iterator[Rows]:
    reading = columns.reading
    yield _kept(columns)
    yield _installed(columns)
    build, modules = columns["build"], columns["build_modules"]
    # build = module size × number of modules.
    rows = Rows(columns, "build_module", modules.labels, "=")
    every = range(len(modules.labels))
    size = _by_technology(reading, "module_units", modules.labels)
    rows.add("build", every, [build.at[label] for label in modules.labels], (size > 0).astype(float))
    rows.add("build_modules", every, every, -size)
    yield rows

    halls, sites = reading.tables["halls"], reading.tables["sites"]
    # Σ power of installed units ≤ hall.
    rows = Rows(columns, "fleet_within_hall", columns["hall"].labels, "<")
    there = stack([halls.holds(key).astype(float) for key in rows.labels], reading.clock.shape[0])
    _add_fleet(rows, there)
    rows.add("hall", range(len(rows.labels)), range(len(rows.labels)), -there)
    yield rows

    labels = [(s,) for s in reading.sites if not np.isnan(sites.number((s,), "it_limit_mw")).all()]
    # Σ power of installed units ≤ the site's IT limit.
    rows = Rows(columns, "fleet_within_site", labels, "<")
    limit = stack([sites.number(key, "it_limit_mw") for key in labels], reading.clock.shape[0])
    _add_fleet(rows, (~np.isnan(limit)).astype(float))
    rows.rhs[:] = no_nan(limit, 0.0)
    yield rows


def _kept(columns: Columns) -> Rows:
    reading, n = columns.reading, columns.reading.clock.shape[0]
    free = [i for i, unit in enumerate(reading.fleet) if unit.may_retire]
    # kept[u] ≤ kept[u−1]: retired equipment does not return.
    rows = Rows(columns, "fleet_kept", [columns["kept"].labels[i] for i in free], "<")
    chain = np.zeros((len(free), n, n))
    for k, i in enumerate(free):
        there = reading.fleet[i].there
        for u in range(1, n):
            if there[u] and there[u - 1]:
                chain[k, u, u], chain[k, u, u - 1] = 1.0, -1.0
    rows.add_orders("kept", range(len(free)), free, chain)
    return rows


def _installed(columns: Columns) -> Rows:
    reading, build = columns.reading, columns["build"]
    # installed = Σ kept + Σ orders in use.
    rows = Rows(columns, "installed_balance", columns["installed"].labels, "=")
    every = range(len(rows.labels))
    rows.add("installed", every, every)
    at, items = rows.match("kept", rows.at, slice(0, 2))
    rows.add("kept", at, items, -1.0)
    at, items = rows.match("build", rows.at, slice(0, 2))
    used = lives(reading, reading.tables["technologies"], [(g,) for _, g in build.labels])
    rows.add_orders("build", at, items, -used)
    return rows


def _by_technology(reading: Reading, column: str, labels: tuple[tuple[str, ...], ...]) -> Array:
    return stack([no_nan(reading.technology(label[1], column), 0.0) for label in labels], reading.clock.shape[0])


def _add_fleet(rows: Rows, there: Array) -> None:
    """Add the IT power of installed equipment at each site, in the periods in which the row is `there`."""
    labels = rows.columns["installed"].labels
    at, items = rows.match("installed", rows.at, slice(0, 1))
    power = _by_technology(rows.columns.reading, "mw_per_unit", tuple(labels[i] for i in items))
    rows.add("installed", at, items, power * there[:, at])


def _openings(columns: Columns, most: Mapping[str, Array], plan: Array) -> Iterator[Rows]:
    """Yield the big-M rows of site openings: capacity ≤ bound · opened, and the balance of openings.

    The bound is `most`, or the plan's own capacity if that is larger. Where `most` is infinite the row checks the plan
    but is not used in the proof.
    """
    opened = columns["opened"].at
    for name, variable in (("fleet_when_open", "installed"), ("hall_when_open", "hall")):
        family = columns[variable]
        items = [i for i, label in enumerate(family.labels) if label[:1] in opened]
        rows = Rows(columns, name, [family.labels[i] for i in items], "<")
        rows.add(variable, range(len(items)), items)
        rows.sound = np.isfinite(most[variable])[:, items]
        bound = np.maximum(np.where(rows.sound, most[variable][:, items], 1.0), family.view(plan)[:, items])
        rows.add("opened", range(len(items)), [opened[family.labels[i][:1]] for i in items], -bound)
        yield rows
    # opened[u] = Σ of openings up to u.
    rows = Rows(columns, "opened_balance", columns["opened"].labels, "=")
    every = range(len(rows.labels))
    rows.add("opened", every, every)
    so_far = np.tril(np.ones((rows.periods, rows.periods)))
    rows.add_orders("open", every, every, np.broadcast_to(-so_far, (len(rows.labels), *so_far.shape)))
    yield rows


def _links(columns: Columns) -> Iterator[Rows]:
    reading, links = columns.reading, columns.reading.tables["links"]
    modules = reading.tables["modules"]
    # capacity = existing + Σ orders in use, modules times their Gbps.
    rows = Rows(columns, "capacity_balance", columns["capacity"].labels, "=")
    every = range(len(rows.labels))
    rows.add("capacity", every, every)
    at, items = rows.match("build_link", rows.at, slice(0, 1))
    rows.add_orders("build_link", at, items, -lives(reading, links, [rows.labels[i] for i in at]))
    at, items = rows.match("link_modules", rows.at, slice(0, 1))
    used = lives(reading, links, [rows.labels[i] for i in at])
    for k, label in enumerate(columns["link_modules"].labels):
        used[k] *= no_nan(modules.number(label, "gbps"), 0.0)
    rows.add_orders("link_modules", at, items, -used)
    for i, key in enumerate(rows.labels):
        rows.rhs[:, i] = no_nan(links.number(key, "capacity_gbps"), 0.0)
    yield rows

    last = {label: modules.number(label, "max_count")[-1] for label in columns["link_modules"].labels}
    # Σ modules over all periods ≤ their maximum count.
    rows = Rows(columns, "module_count", [label for label in last if not np.isnan(last[label])], "<")
    n = reading.clock.shape[0]
    total = np.zeros((len(rows.labels), n, n))
    total[:, -1, :] = 1.0
    rows.add_orders(
        "link_modules", range(len(rows.labels)), [columns["link_modules"].at[label] for label in rows.labels], total
    )
    rows.rhs[-1] = [last[label] for label in rows.labels]
    yield rows


def _supply(columns: Columns) -> Iterator[Rows]:
    reading, supply = columns.reading, columns.reading.tables["supply"]
    for name, variable, order, existing in (
        ("supply_balance", "supply", "build_supply", "existing_mw"),
        ("energy_balance", "energy", "build_energy", "existing_mwh"),
    ):
        rows = Rows(columns, name, columns[variable].labels, "=")
        every = range(len(rows.labels))
        keys: list[Key] = [key if len(key) == 2 else (*key, "battery") for key in rows.labels]
        rows.add(variable, every, every)
        rows.add_orders(order, every, every, -lives(reading, supply, keys))
        for i, key in enumerate(keys):
            rows.rhs[:, i] = no_nan(supply.number(key, existing), 0.0)
        yield rows
