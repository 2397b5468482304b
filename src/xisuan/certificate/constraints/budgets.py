"""Rows of budgets, and of what residual payers take over, read from the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from xisuan.certificate.constraints.costs import Order
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.dated_rows import Key
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import Columns, no_nan, stack

SCOPES = {
    "halls": ("hall_capex", "retrofit_capex", "opening"),
    "compute": ("compute_capex",),
    "network": ("link_capex",),
    "power": ("supply_capex",),
    "access": ("access_capex", "route_capex"),
}
HOMES = {"link_capex": "links", "access_capex": "cities", "route_capex": "cities"}
"""Table of what is ordered, by cost term; of all other terms a site."""


def budget_rows(columns: Columns, orders: Sequence[Order]) -> Rows:
    """Return the rows of budgets: overnight capital ordered in a period ≤ budget."""
    reading = columns.reading
    budgets = reading.tables["budgets"]
    limits = {str(key[0]): budgets.number(key, "limit_mcny") for key in budgets.keys}
    scopes = [scope for scope in limits if not np.isnan(limits[scope]).all()]
    rows = Rows(columns, "budget", [(scope,) for scope in scopes], "<")
    for i, scope in enumerate(scopes):
        holds = ~np.isnan(limits[scope])
        for order in orders:
            items = [
                k for k, label in enumerate(columns[order.variable].labels) if _pays(columns, order, label, scope).any()
            ]
            part = [_pays(columns, order, columns[order.variable].labels[k], scope) * holds for k in items]
            rows.add(order.variable, [i] * len(items), items, stack(part, rows.periods) * order.overnight[:, items])
        if scope.startswith("investor:") and taken(columns):
            moved = [_moved(reading, label, scope.removeprefix("investor:")) * holds for label in taken(columns)]
            rows.add("taken_over", [i] * len(moved), range(len(moved)), stack(moved, rows.periods))
        rows.rhs[:, i] = no_nan(limits[scope], 0.0)
    return rows


def taken(columns: Columns) -> Sequence[tuple[str, ...]]:
    """Return the labels (scope, investor) of what residual payers take over."""
    return columns["taken_over"].labels


def _moved(reading: Reading, label: tuple[str, ...], name: str) -> Array:
    """Return what a unit of `taken_over` adds to the budget of an investor in each period. Shape (P,)."""
    rest = reading.tables["payers"].text(label, "residual_payer")
    return np.array([0.0 if not payer else float(payer == name) - float(label[1] == name) for payer in rest])


def taken_over_rows(columns: Columns, orders: Sequence[Order]) -> Iterator[Rows]:
    """Yield the rows that limit what is taken over to the share of the payer with a budget."""
    labels = taken(columns)
    rows = Rows(columns, "taken_over_within_share", labels, "<")
    rows.add("taken_over", range(len(labels)), range(len(labels)))
    for i, label in enumerate(labels):
        for order in orders:
            if HOMES.get(order.term) != "cities":
                names = columns[order.variable].labels
                share = taken_share(columns, label, order)
                items = [k for k in range(len(names)) if share[:, k].any()]
                rows.add(order.variable, [i] * len(items), items, -share[:, items] * order.overnight[:, items])
    yield rows


def taken_share(columns: Columns, label: tuple[str, ...], order: Order) -> Array:
    """Return the share of each item of an order that may be taken over. Shape (P, items)."""
    reading = columns.reading
    listed = reading.tables["payers"]
    limit = reading.tables["budgets"].number((f"investor:{label[1]}",), "limit_mcny")
    named = np.array([bool(payer) for payer in listed.text(label, "residual_payer")]) & ~np.isnan(limit)
    share = np.where(named, no_nan(listed.number(label, "share"), 0.0), 0.0)
    home = HOMES.get(order.term, "sites")
    scopes = [_scope(reading, home, item[:1]) for item in columns[order.variable].labels]
    held = [np.array([one == label[0] for one in found]) for found in scopes]
    return stack([share * one for one in held], len(share))


def _pays(columns: Columns, order: Order, label: tuple[str, ...], scope: str) -> Array:
    """Return the share of an order of this item that counts against the budget's scope in each period. Shape (P,)."""
    reading = columns.reading
    if scope == "all" or scope in SCOPES:
        return np.full(reading.clock.shape[0], float(scope == "all" or order.term in SCOPES[scope]))
    home = HOMES.get(order.term, "sites")
    table = reading.tables[home]
    if scope.startswith("investor:"):
        return _paid(reading, home, label[:1], scope.removeprefix("investor:"))
    names = table.text(label[:1], "hub") if home == "sites" else ()
    return np.array([name == scope for name in names] or np.zeros(reading.clock.shape[0]), dtype=float)


def _paid(reading: Reading, home: str, key: Key, name: str) -> Array:
    """Return the share that an investor pays of an item of the table `home`, in each period. Shape (P,).

    Where no scope of `payers` holds the investor of the item pays alone.
    """
    listed, own = reading.tables["payers"], reading.tables[home].text(key, "investor")
    share = np.zeros(reading.clock.shape[0])
    for p, scope in enumerate(_scope(reading, home, key)):
        found = listed.rows[p].get((scope, name)) if scope is not None else None
        share[p] = float(found["share"]) if found else float(scope is None and own[p] == name)
    return share


def _scope(reading: Reading, home: str, key: Key) -> list[str | None]:
    """Return the narrowest scope of `payers` that holds for an item of the table `home`, in each period."""
    kind = {"links": "network", "cities": "access"}.get(home, "")
    hubs = reading.tables["sites"].text(key, "hub") if home == "sites" else ()
    found: list[str | None] = []
    for p, rows in enumerate(reading.tables["payers"].rows):
        narrow = [str(key[0]), hubs[p], "all"] if home == "sites" else [kind, "all"]
        found.append(next((scope for scope in narrow if any(held[0] == scope for held in rows)), None))
    return found
