"""Rows of work: balances in time and space, classes and technologies, stock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.table_values import Reading, site_rule
from xisuan.certificate.reading.variables import Columns, Label, no_nan, stack


def service_rows(columns: Columns) -> Iterator[Rows]:
    """Yield all families of hourly service, then those of stock."""
    yield _work_balance(columns)
    yield _pool(columns, "pool_balance", "release", "absorb", True)
    yield _nodes(columns, "node_balance", "release", "flow", "absorb", True)
    yield _class(columns, "class_balance", "load", "serve", "absorb", True)
    yield _bound(columns, "technology_load", "load", "serve", "absorb", True)
    yield _within(columns, "load_within_installed", "load", True)
    yield _when_open(columns)
    yield _stock_balance(columns)
    yield _pool(columns, "stock_pool_balance", "stock_release", "stock_absorb", False)
    yield _nodes(columns, "stock_node_balance", "stock_release", "stock_flow", "stock_absorb", False)
    yield _class(columns, "stock_class_balance", "stock_load", "hold", "stock_absorb", False)
    yield _bound(columns, "stock_technology_load", "stock_load", "hold", "stock_absorb", False)
    yield _within(columns, "stock_within_installed", "stock_load", False)


def _demand_key(label: Label) -> tuple[str, str]:
    return label[0], label[2]


def _work_balance(columns: Columns) -> Rows:
    reading = columns.reading
    labels = columns["unserved"].labels
    # backlog[h] − backlog[h−1] + Σ serve + release + unserved = demand[h], cyclic in each block.
    rows = Rows(columns, "work_balance", labels, "=", hourly=True)
    at, items = rows.match("backlog", rows.at, slice(0, 2))
    rows.add("backlog", at, items)
    rows.add("backlog", at, items, -1.0, shift=reading.clock.before)
    serve = columns["serve"].labels
    rows.add("serve", [rows.at[_demand_key(label)] for label in serve], range(len(serve)))
    rows.add("release", *rows.match("release", rows.at, slice(0, 2)))
    rows.add("unserved", *rows.match("unserved", rows.at, slice(0, 2)))
    for i, key in enumerate(labels):
        rows.rhs[:, :, i] = reading.demand(*key[:2])
    return rows


def _stock_balance(columns: Columns) -> Rows:
    reading = columns.reading
    labels = columns["stock_unserved"].labels
    # Σ hold + stock_release + stock_unserved = units.
    rows = Rows(columns, "stock_balance", labels, "=")
    held = columns["hold"].labels
    rows.add("hold", [rows.at[_demand_key(label)] for label in held], range(len(held)))
    rows.add("stock_release", *rows.match("stock_release", rows.at, slice(0, 2)))
    rows.add("stock_unserved", *rows.match("stock_unserved", rows.at, slice(0, 2)))
    for i, (region, w) in enumerate(labels):
        rows.rhs[:, i] = reading.units[region, w]
    return rows


def _pool(columns: Columns, name: str, release: str, absorb: str, hourly: bool) -> Rows:
    """Return the balance of free work without a network: released = absorbed."""
    free = dict.fromkeys(w for _, w in columns[release].labels if not columns.reading.moves_data(w))
    rows = Rows(columns, name, [(w,) for w in free], "=", hourly)
    rows.add(release, *rows.match(release, rows.at, slice(1, 2)))
    rows.add(absorb, *rows.match(absorb, rows.at, slice(1, 2)), -1.0)
    return rows


def _nodes(columns: Columns, name: str, release: str, flow: str, absorb: str, hourly: bool) -> Rows:
    """Return the flow balance of free work that moves data, at every node."""
    reading, routes = columns.reading, columns.routes
    carried = list(dict.fromkeys(w for _, w in columns[release].labels if reading.moves_data(w)))
    n = reading.clock.shape[0]
    ends = {arc[1] for arc in routes.arcs}
    homes = {r: [routes.node_of(r, p) for p in range(n)] for r, _ in columns[release].labels}
    places = {s: [routes.site_node(s, p) for p in range(n)] for s, _ in columns[absorb].labels}
    nodes = sorted(ends.union(*homes.values(), *places.values()))
    # release at the node + inflow − outflow − absorb at the node = 0.
    rows = Rows(columns, name, [(node, w) for w in carried for node in nodes], "=", hourly)
    for variable, where, sign in ((release, homes, 1.0), (absorb, places, -1.0)):
        for place in {node for nodes_ in where.values() for node in nodes_}:
            found = [
                (i, [float(node == place) for node in where[label[0]]])
                for i, label in enumerate(columns[variable].labels)
                if label[1] in carried and place in where[label[0]]
            ]
            at = [rows.at[place, columns[variable].labels[i][1]] for i, _ in found]
            mask = stack([np.array(m) for _, m in found], reading.clock.shape[0])
            rows.add(variable, at, [i for i, _ in found], sign * (mask[:, None] if hourly else mask))
    arcs = columns[flow].labels
    rows.add(flow, [rows.at[to, w] for w, _, _, to in arcs], range(len(arcs)))
    rows.add(flow, [rows.at[start, w] for w, _, start, _ in arcs], range(len(arcs)), -1.0)
    return rows


def _class(columns: Columns, name: str, load: str, serve: str, absorb: str, hourly: bool) -> Rows:
    """Return the rows that tie the work of a class at a site to the load of its technologies.

    A technology has a row of its own where no work is open to its class.
    """
    reading = columns.reading
    run_by = {w: reading.runs_on(w) for _, w in reading.units}
    # Technologies of an open class share one row; Σ load = Σ serve + Σ absorb.
    group = {g: of if of in reading.open_classes else g for g, of in reading.classes.items()}
    kind = {w: group[needs] if bound else needs for w, (needs, bound) in run_by.items()}
    loads = [(s, group[g]) for s, g in columns[load].labels]
    served = [(label[1], kind[label[2]]) for label in columns[serve].labels]
    absorbed = [(s, kind[w]) for s, w in columns[absorb].labels]
    rows = Rows(columns, name, list(dict.fromkeys([*loads, *served, *absorbed])), "=", hourly)
    for variable, pairs, sign in ((load, loads, 1.0), (serve, served, -1.0), (absorb, absorbed, -1.0)):
        rows.add(variable, [rows.at[pair] for pair in pairs], range(len(pairs)), sign)
    return rows


def _bound(columns: Columns, name: str, load: str, serve: str, absorb: str, hourly: bool) -> Rows:
    """Return the rows by which a technology runs at least the work that names it."""
    reading = columns.reading
    bound = {w: needs for _, w in reading.units for needs, is_bound in [reading.runs_on(w)] if is_bound}
    named: list[tuple[str, int, Label]] = []
    for variable, site, work in ((serve, 1, 2), (absorb, 0, 1)):
        for i, label in enumerate(columns[variable].labels):
            if label[work] in bound:
                named.append((variable, i, (label[site], bound[label[work]])))
    rows = Rows(columns, name, list(dict.fromkeys(pair for _, _, pair in named)), ">", hourly)
    rows.add(load, range(len(rows.labels)), [columns[load].at[pair] for pair in rows.labels])
    for variable in (serve, absorb):
        mine = [(rows.at[pair], i) for name_, i, pair in named if name_ == variable]
        rows.add(variable, [row for row, _ in mine], [i for _, i in mine], -1.0)
    return rows


def attainable(reading: Reading, pairs: Sequence[Label]) -> Array:
    """Return the share of installed units that may run: attainable less the site's reserve. Shape (P, pairs)."""
    reserve = {s: site_rule(reading, "site_reserve_min", s) for s in dict.fromkeys(label[0] for label in pairs)}
    share = {g: no_nan(reading.technology(g, "attainable_utilisation"), 1.0) for g in reading.technologies}
    return stack([share[g] * (1.0 - reserve[s]) for s, g in pairs], reading.clock.shape[0])


def _within(columns: Columns, name: str, load: str, hourly: bool) -> Rows:
    labels = columns[load].labels
    rows = Rows(columns, name, labels, "<", hourly)
    rows.add(load, range(len(labels)), range(len(labels)))
    # load ≤ attainable share × installed.
    share = attainable(columns.reading, labels)
    items = [columns["installed"].at[label] for label in labels]
    rows.add("installed", range(len(labels)), items, -(share[:, None] if hourly else share))
    return rows


def _when_open(columns: Columns) -> Rows:
    """Return the rows by which pairwise work without slack runs only at opened sites."""
    reading = columns.reading
    opened, waits = columns["opened"].at, columns["backlog"].at
    serve = columns["serve"].labels
    mine = [i for i, label in enumerate(serve) if (label[1],) in opened and (label[0], label[2]) not in waits]
    rows = Rows(columns, "serve_when_open", list(dict.fromkeys(serve[i][:3] for i in mine)), "<", hourly=True)
    rows.add("serve", [rows.at[serve[i][:3]] for i in mine], mine)
    work = np.stack([reading.demand(r, w) for r, _, w in rows.labels], -1) if rows.labels else np.zeros((1, 1, 0))
    rows.add("opened", range(len(rows.labels)), [opened[s,] for _, s, _ in rows.labels], -work)
    return rows
