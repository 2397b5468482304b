"""Rows of the network: other traffic, and all traffic against the capacity of each link and direction."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.dated_rows import Key
from xisuan.certificate.reading.shortest_paths import Arc, Route, Routes
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import Columns, no_nan, stack


def network_rows(columns: Columns) -> Iterator[Rows]:
    """Yield the balance of other traffic, then the capacity rows of the links."""
    yield _traffic_balance(columns)
    yield _within_link(columns)


def other_traffic(reading: Reading, key: Key) -> Array:
    """Return other traffic from one node to another, in Gbps. Shape (P, H)."""
    table = reading.tables["traffic"]
    total = np.zeros(reading.clock.shape)
    for p, rows in enumerate(table.rows):
        row = rows.get(key)
        if row:
            profile = row["profile"]
            curve = reading.modelled(profile) if profile else 1.0
            total[p] = row["gbps"] * curve
    return total


def routed(reading: Reading, shortest: bool) -> dict[Key, Array]:
    """Return traffic that leaves its node, 0 in the periods in which it is routed in the other way."""
    table = reading.tables["traffic"]
    if not reading.scenario.has("links"):
        return {}
    sent = {}
    for key in table.keys:
        kinds = (rows.get(key, {}).get("routing") for rows in table.rows)
        mine = np.array([kind is not None and (kind == "shortest") == shortest for kind in kinds])
        if mine.any() and end_of(reading, key, 0) != end_of(reading, key, 1):
            sent[key] = other_traffic(reading, key) * mine[:, None]
    return sent


def end_of(reading: Reading, key: Key, end: int) -> str:
    """Return the start node (0) or the end node (1) of other traffic."""
    return reading.node(str(key[end]))


def _traffic_balance(columns: Columns) -> Rows:
    reading = columns.reading
    sources = columns.sources
    free = routed(reading, shortest=False)
    arcs = columns.routes.arcs
    nodes = sorted({arc[1] for arc in arcs} | {end_of(reading, key, end) for key in free for end in (0, 1)})
    rows = Rows(columns, "traffic_balance", [(q, node) for q in sources for node in nodes], "=", hourly=True)
    labels = columns["traffic_flow"].labels
    rows.add("traffic_flow", [rows.at[q, to] for q, _, _, to in labels], range(len(labels)))
    rows.add("traffic_flow", [rows.at[q, start] for q, _, start, _ in labels], range(len(labels)), -1.0)
    for key, sent in free.items():
        start, end = end_of(reading, key, 0), end_of(reading, key, 1)
        rows.rhs[:, :, rows.at[start, end]] += sent
        rows.rhs[:, :, rows.at[start, start]] -= sent
    return rows


def fixed_traffic(columns: Columns) -> dict[Arc, Array]:
    """Return the traffic that follows the shortest path, on each arc. Shape (P, H) each."""
    reading, routes = columns.reading, columns.routes
    total: dict[Arc, Array] = {}
    for key, sent in routed(reading, shortest=True).items():
        start, end = end_of(reading, key, 0), end_of(reading, key, 1)
        for p in range(reading.clock.shape[0]):
            for arc in shortest(routes, start, end, p) if sent[p].any() else ():
                total.setdefault(arc, np.zeros(reading.clock.shape))[p] += sent[p]
    return total


def shortest(routes: Routes, start: str, end: str, p: int) -> Route:
    """Return the path of unsplit other traffic: over existing links if there is one, else over usable ones."""
    found = routes.path(start, end, p, "existing") or routes.path(start, end, p, "all")
    return found[1] if found else ()


def load_max(reading: Reading, link: str) -> Array:
    """Return the usable share of a link's capacity: the link's own rule, else the general one, else 1. Shape (P,)."""
    value = np.ones(reading.clock.shape[0])
    for scope in ("all", link):
        for rule in reading.policies("link_load_max"):
            if rule.scope == scope:
                value = no_nan(rule.value, value)
    return value


def gbps(reading: Reading, w: str) -> tuple[Array, Array]:
    """Return the traffic of a unit of a workload in Gbps, towards the site and back. Shape (P,) each."""
    table = reading.tables["workloads"]
    there, back = table.number((w,), "gbps_per_unit"), table.number((w,), "return_gbps_per_unit")
    return no_nan(there, 0.0), no_nan(back, 0.0)


def _within_link(columns: Columns) -> Rows:
    reading, routes = columns.reading, columns.routes
    rows = Rows(columns, "traffic_within_link", routes.arcs, "<", hourly=True)
    moved = {w: gbps(reading, w) for _, w in reading.units}
    for variable, stock in (("serve", False), ("hold", True)):
        options = [o for o in columns.options if reading.holds_stock(o.workload) == stock]
        uses = [(arc, i, moved[o.workload]) for i, o in enumerate(options) for arc in o.route]
        _add_both(rows, variable, uses)
    for variable in ("flow", "stock_flow"):
        uses = [
            ((label[1], label[2], label[3]), i, moved[label[0]]) for i, label in enumerate(columns[variable].labels)
        ]
        _add_both(rows, variable, uses)
    labels = columns["traffic_flow"].labels
    rows.add("traffic_flow", [rows.at[label[1:]] for label in labels], range(len(labels)))
    share = {link: load_max(reading, link) for link in routes.links}
    items = [columns["capacity"].at[arc[:1]] for arc in rows.labels]
    room = stack([share[arc[0]] for arc in rows.labels], reading.clock.shape[0])
    rows.add("capacity", range(len(rows.labels)), items, -room[:, None])
    for arc, fixed in fixed_traffic(columns).items():
        rows.rhs[:, :, rows.at[arc]] -= fixed
    return rows


def _add_both(rows: Rows, variable: str, uses: list[tuple[Arc, int, tuple[Array, Array]]]) -> None:
    """Add traffic on each arc used, and the response on the opposite arc."""
    n = rows.periods
    items = [i for _, i, _ in uses]
    there = stack([moved[0] for _, _, moved in uses], n)
    back = stack([moved[1] for _, _, moved in uses], n)
    rows.add(variable, [rows.at[arc] for arc, _, _ in uses], items, there[:, None])
    rows.add(variable, [rows.at[arc[0], arc[2], arc[1]] for arc, _, _ in uses], items, back[:, None])
