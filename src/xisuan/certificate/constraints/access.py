"""Rows of gigabit access: orders and their effects, routes, crews, minima, and the standard of a gigabit city."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xisuan.certificate.reading.access import INDICATORS, TAKEN_UP, Access, indicator
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows, Sense
from xisuan.certificate.reading.variables import Columns, Label, no_nan, stack


def access_rows(columns: Columns) -> Iterator[Rows]:
    """Yield all families of access rows."""
    yield _deployed(columns)
    yield _crews(columns)
    yield _routes(columns, "lay_for_fibre", "fixed")
    yield _routes(columns, "lay_for_backhaul", "radio")
    yield _counted(columns, "counted_balance", "=", [k for k in columns["counted"].labels if k[1] not in TAKEN_UP])
    yield _counted(columns, "users_followed", "<", [k for k in columns["counted"].labels if k[1] in TAKEN_UP])
    yield _parts(columns)
    yield _floors(columns)
    yield _reached(columns)


def _deployed(columns: Columns) -> Rows:
    access = columns.access
    labels = columns["deployed"].labels
    every = range(len(labels))
    # deployed = Σ orders in use.
    rows = Rows(columns, "deployed_balance", labels, "=")
    rows.add("deployed", every, every)
    n = rows.periods
    used = np.array([access.used(label) for label in labels], dtype=float).reshape(len(labels), n, n)
    rows.add_orders("deploy", every, every, -used)
    return rows


def _crews(columns: Columns) -> Rows:
    access, reading = columns.access, columns.reading
    asked = dict.fromkeys(city for city, _ in access.orders)
    days = {city: reading.tables["cities"].number((city,), "crew_days_year") for city in asked}
    limited = [(city,) for city in asked if not np.isnan(days[city]).all()]
    # Σ crew-days of the orders ≤ crew-days of the period.
    rows = Rows(columns, "deploy_within_crews", limited, "<")
    at, items = rows.match("deploy", rows.at, slice(0, 1))
    held = {city: ~np.isnan(days[city]) for (city,) in limited}
    labels = [columns["deploy"].labels[i] for i in items]
    work = [access.of(label, "crew_days_per_unit") * held[label[0]] for label in labels]
    rows.add("deploy", at, items, stack(work, rows.periods))
    for i, (city,) in enumerate(limited):
        rows.rhs[:, i] = no_nan(days[city], 0.0) * reading.clock.year_count
    return rows


def _routes(columns: Columns, name: str, whole: str) -> Rows:
    access, reading = columns.access, columns.reading
    rows = Rows(columns, name, columns["lay"].labels, ">")
    every = range(len(rows.labels))
    rows.add("lay", every, every)
    at, items = rows.match("deploy", rows.at, slice(0, 1))
    km = []
    for i in items:
        city, m = columns["deploy"].labels[i]
        kind = next(row["kind"] for held in reading.tables["measures"].rows for key, row in held.items() if key[0] == m)
        shared = no_nan(reading.tables["cities"].number((city,), "route_shared"), 0.0)
        km.append(access.of((city, m), "route_km_per_unit") * (1.0 if kind == whole else 1.0 - shared))
    # lay ≥ Σ route km of one kind of measure + the unshared part of the other's.
    rows.add("deploy", at, items, -stack(km, rows.periods))
    return rows


def _counted(columns: Columns, name: str, sense: Sense, labels: list[Label]) -> Rows:
    access = columns.access
    rows = Rows(columns, name, labels, sense)
    rows.add("counted", range(len(labels)), [columns["counted"].at[label] for label in labels])
    pairs = [(rows.at[label], i) for label in labels for i, (city, _) in enumerate(access.orders) if city == label[0]]
    # counted = (for users: ≤) state without orders + Σ gains of the orders.
    gains = [access.adds(access.orders[i], labels[row][1]) for row, i in pairs]
    rows.add_orders("deploy", [row for row, _ in pairs], [i for _, i in pairs], -_cube(gains, rows.periods))
    for i, (city, quantity) in enumerate(labels):
        rows.rhs[:, i] = access.state(city, quantity)
    return rows


def _cube(parts: list[Array], n: int) -> Array:
    return np.array(parts, dtype=float).reshape(len(parts), n, n)


def _parts(columns: Columns) -> Rows:
    labels = [(city, one.name) for city, one in columns.access.judged() if one.part]
    rows = Rows(columns, "part_within_whole", labels, "<")
    _compare(rows, np.ones((rows.periods, len(labels))), np.ones((rows.periods, len(labels))))
    return rows


def _compare(rows: Rows, numerator: Array, denominator: Array) -> None:
    """Add numerator × counted numerator − denominator × counted denominator for each (city, indicator)."""
    at = rows.columns["counted"].at
    every = range(len(rows.labels))
    sides = [(city, indicator(name)) for city, name in rows.labels]
    rows.add("counted", every, [at[city, one.numerator] for city, one in sides], numerator)
    rows.add("counted", every, [at[city, one.denominator] for city, one in sides], -denominator)


def _floors(columns: Columns) -> Rows:
    access = columns.access
    asked = [(city, one) for city, one in access.judged() if np.isfinite(access.target(city, one.name)[0])]
    rows = Rows(columns, "indicator_min", [(city, one.name) for city, one in asked], ">")
    due: Array = stack([access.ends >= access.target(city, one.name)[0] for city, one in asked], rows.periods)
    least = np.array([access.target(city, one.name)[1] / one.scale for city, one in asked])
    _compare(rows, due, due * least)
    return rows


def _reached(columns: Columns) -> Rows:
    """Return the big-M rows by which a gigabit city reaches each mandatory indicator; M is the worst value of any plan."""
    access = columns.access
    judged = []
    for city, one in access.judged():
        counts = ~np.isnan(access.ratio(one)) & ~access.named(city)
        if counts.any():
            judged.append((city, one, counts))
    rows = Rows(columns, "gigabit_reached", [(city, one.name) for city, one, _ in judged], ">")
    asked = stack([mask for _, _, mask in judged], rows.periods)
    ratio = stack([no_nan(access.ratio(one), 0.0) for _, one, _ in judged], rows.periods)
    worst = stack([np.minimum(_worst(access, city, one.name), 0.0) for city, one, _ in judged], rows.periods)
    # numerator − ratio × denominator ≥ worst × (1 − gigabit), worst ≤ 0.
    _compare(rows, asked, asked * ratio)
    at = [columns["gigabit"].at[city,] for city, _, _ in judged]
    rows.add("gigabit", range(len(judged)), at, asked * worst)
    rows.rhs[:] = asked * worst
    return rows


def _worst(access: Access, city: str, name: str) -> Array:
    """Return the smallest value of numerator − ratio × denominator that orders can cause. Shape (P,)."""
    one = next(one for one in INDICATORS if one.name == name)
    ratio = no_nan(access.ratio(one), 0.0)
    least = access.state(city, one.numerator) - ratio * access.state(city, one.denominator)
    for place, m in access.orders:
        if place == city:
            gain = access.adds((city, m), one.numerator) - ratio[:, None] * access.adds((city, m), one.denominator)
            least = least + np.minimum(gain, 0.0) @ access.most((city, m))
    return least
