"""Rows of contingencies: surviving work is served within what a failure leaves of sites, links and grid connections.

Outside the hours of its contingency a row is empty and 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from xisuan.certificate.constraints.network import fixed_traffic, gbps
from xisuan.certificate.constraints.power import idle_and_busy, pue, yields
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.failures import PlanColumns, zone_limit
from xisuan.certificate.reading.shortest_paths import Arc
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.variables import Label, no_nan, stack


def recourse_rows(columns: PlanColumns) -> Iterator[Rows]:
    """Yield all families of rows of contingencies."""
    yield _demand(columns)
    yield _pool(columns)
    yield _nodes(columns)
    yield from _loads(columns)
    yield _within_installed(columns)
    yield _within_link(columns)
    yield _power(columns)
    yield _within_zone(columns)


def _demand(columns: PlanColumns) -> Rows:
    """Return Σ recourse_serve = demand, in the periods in which the work is assigned by pairs."""
    reading = columns.reading
    keys = [(one, region, w) for one in columns.failures for region, w in reading.units if w in one.survives]
    keys = [key for key in keys if reading.pairwise(key[2])]
    rows = Rows(columns, "recourse_demand", [(one.name, r, w) for one, r, w in keys], "=", hourly=True)
    served = columns["recourse_serve"].labels
    rows.add("recourse_serve", [rows.at[k, r, w] for k, r, _, w, _ in served], range(len(served)))
    for i, (one, region, w) in enumerate(keys):
        rows.rhs[:, :, i] = one.demand(reading, region, w) * reading.paired(w)[:, None]
    return rows


def _free_demand(columns: PlanColumns, carried: bool) -> dict[Label, Array]:
    """Return free work that must survive by (contingency, region, workload), with or without a network. Shape (P, H)."""
    reading = columns.reading
    return {
        (one.name, region, w): one.demand(reading, region, w) * ~reading.paired(w)[:, None]
        for one in columns.failures
        for region, w in reading.units
        if w in one.survives and reading.free(w) and reading.moves_data(w) == carried
    }


def _pool(columns: PlanColumns) -> Rows:
    """Return Σ recourse_absorb = Σ demand of free work without a network."""
    asked = _free_demand(columns, carried=False)
    rows = Rows(columns, "recourse_pool", list(dict.fromkeys((k, w) for k, _, w in asked)), "=", hourly=True)
    for (k, _, w), demand in asked.items():
        rows.rhs[:, :, rows.at[k, w]] += demand
    mine = [(rows.at[k, w], i) for i, (k, _, w) in enumerate(columns["recourse_absorb"].labels) if (k, w) in rows.at]
    rows.add("recourse_absorb", [row for row, _ in mine], [i for _, i in mine])
    return rows


def _nodes(columns: PlanColumns) -> Rows:
    """Return inflow − outflow − absorbed = −demand of free work at every node."""
    routes, n = columns.routes, columns.reading.clock.shape[0]
    asked = _free_demand(columns, carried=True)
    carried = list(dict.fromkeys((k, w) for k, _, w in asked))
    absorbed = columns["recourse_absorb"].labels
    places = {s: [routes.site_node(s, p) for p in range(n)] for _, s, _ in absorbed}
    homes = {r: [routes.node_of(r, p) for p in range(n)] for _, r, _ in asked}
    nodes = sorted({arc[1] for arc in routes.arcs}.union(*places.values(), *homes.values()))
    rows = Rows(columns, "recourse_node", [(k, node, w) for k, w in carried for node in nodes], "=", hourly=True)
    for (k, region, w), demand in asked.items():
        for p, node in enumerate(homes[region]):
            rows.rhs[p, :, rows.at[k, node, w]] -= demand[p]
    for node in nodes:
        mine = [i for i, (k, s, w) in enumerate(absorbed) if (k, w) in carried and node in places[s]]
        there = stack([np.array([float(at == node) for at in places[absorbed[i][1]]]) for i in mine], n)
        at = [rows.at[absorbed[i][0], node, absorbed[i][2]] for i in mine]
        rows.add("recourse_absorb", at, mine, -there[:, None])
    arcs = columns["recourse_flow"].labels
    rows.add("recourse_flow", [rows.at[k, end, w] for k, w, _, _, end in arcs], range(len(arcs)))
    rows.add("recourse_flow", [rows.at[k, start, w] for k, w, _, start, _ in arcs], range(len(arcs)), -1.0)
    return rows


def _loads(columns: PlanColumns) -> Iterator[Rows]:
    """Yield the rows that tie surviving work at a site to the load of its technologies."""
    reading = columns.reading
    run_by = {w: reading.runs_on(w) for _, w in reading.units}
    group = {g: of if of in reading.open_classes else g for g, of in reading.classes.items()}
    kind = {w: group[needs] if bound else needs for w, (needs, bound) in run_by.items()}
    loads = columns["recourse_load"].labels
    arrivals: dict[str, list[Label]] = {
        "recourse_serve": [(k, s, w) for k, _, s, w, _ in columns["recourse_serve"].labels],
        "recourse_absorb": list(columns["recourse_absorb"].labels),
    }
    places = [(k, s, group[g]) for k, s, g in loads]
    named = {name: [(k, s, kind[w]) for k, s, w in at] for name, at in arrivals.items()}
    every = dict.fromkeys([*places, *(place for at in named.values() for place in at)])
    rows = Rows(columns, "recourse_class", list(every), "=", hourly=True)
    rows.add("recourse_load", [rows.at[place] for place in places], range(len(places)))
    for name, at in named.items():
        rows.add(name, [rows.at[place] for place in at], range(len(at)), -1.0)
    yield rows

    needed = {
        name: [(i, (k, s, run_by[w][0])) for i, (k, s, w) in enumerate(at) if run_by[w][1]]
        for name, at in arrivals.items()
    }
    labels = list(dict.fromkeys(label for at in needed.values() for _, label in at))
    rows = Rows(columns, "recourse_technology", labels, ">", hourly=True)
    rows.add("recourse_load", range(len(labels)), [columns["recourse_load"].at[label] for label in labels])
    for name, at_bound in needed.items():
        rows.add(name, [rows.at[label] for _, label in at_bound], [i for i, _ in at_bound], -1.0)
    yield rows


def _within_installed(columns: PlanColumns) -> Rows:
    """Return load ≤ attainable utilisation × share left × installed; no reserve is kept during a failure."""
    reading, labels = columns.reading, columns["recourse_load"].labels
    rows = Rows(columns, "recourse_within_installed", labels, "<", hourly=True)
    every = range(len(labels))
    rows.add("recourse_load", every, every)
    attained = stack([no_nan(reading.technology(g, "attainable_utilisation"), 1.0) for *_, g in labels], rows.periods)
    share = attained * columns.shares([label[:2] for label in labels], of="site")
    rows.add("installed", every, [columns["installed"].at[label[1:]] for label in labels], -share[:, None])
    return rows


def _within_link(columns: PlanColumns) -> Rows:
    """Return all traffic on an arc ≤ share left × capacity; steady traffic loses the same share where its link fails."""
    reading, arcs = columns.reading, columns.routes.arcs
    labels = [(one.name, *arc) for one in columns.failures for arc in arcs]
    rows = Rows(columns, "recourse_within_link", labels, "<", hourly=True)
    moved = {w: gbps(reading, w) for _, w in reading.units}
    uses = [(way.label[0], arc, i, moved[way.workload]) for i, way in enumerate(columns.ways) for arc in way.route]
    _carry(rows, "recourse_serve", uses, kept=False)
    flows = columns["recourse_flow"].labels
    _carry(rows, "recourse_flow", [(k, arc, i, moved[w]) for i, (k, w, *arc) in enumerate(flows)], kept=False)  # type: ignore[misc]
    held = [option for option in columns.options if reading.holds_stock(option.workload)]
    none, one_gbps = np.zeros(rows.periods), np.ones(rows.periods)
    for failure in columns.failures:
        k = failure.name
        uses = [(k, arc, i, moved[option.workload]) for i, option in enumerate(held) for arc in option.route]
        _carry(rows, "hold", uses, kept=True)
        stock = columns["stock_flow"].labels
        _carry(rows, "stock_flow", [(k, arc, i, moved[w]) for i, (w, *arc) in enumerate(stock)], kept=True)  # type: ignore[misc]
        other = columns["traffic_flow"].labels
        _carry(rows, "traffic_flow", [(k, arc, i, (one_gbps, none)) for i, (_, *arc) in enumerate(other)], kept=True)  # type: ignore[misc]
        for arc, fixed in fixed_traffic(columns).items():
            rows.rhs[:, :, rows.at[k, *arc]] -= fixed * failure.left(link=arc[0])[:, None] * failure.active
    left = columns.shares([label[:2] for label in labels], of="link")
    room = left[:, None] * columns.during([label[0] for label in labels])
    rows.add("capacity", range(len(labels)), [columns["capacity"].at[label[1:2]] for label in labels], -room)
    return rows


Use = tuple[str, Arc, int, tuple[Array, Array]]
"""Contingency, arc, item of the variable, and Gbps of a unit there and back by period."""


def _carry(rows: Rows, variable: str, uses: Sequence[Use], *, kept: bool) -> None:
    """Add the traffic of a variable to its arcs, and its answers to the opposite ones; `kept`: less the share lost."""
    columns = rows.columns
    assert isinstance(columns, PlanColumns)
    for turn in (False, True):
        labels = [(k, arc[0], arc[2], arc[1]) if turn else (k, *arc) for k, arc, _, _ in uses]
        carried = stack([moved[int(turn)] for *_, moved in uses], rows.periods)
        if kept:
            carried = carried * columns.shares([label[:2] for label in labels], of="link")
        coefficient = carried[:, None] * columns.during([label[0] for label in labels])
        rows.add(variable, [rows.at[label] for label in labels], [i for _, _, i, _ in uses], coefficient)


def _power(columns: PlanColumns) -> Rows:
    """Return grid + sun and wind ≥ facility power; batteries and retrofits do not count."""
    reading, labels = columns.reading, columns["recourse_grid"].labels
    rows = Rows(columns, "recourse_power", labels, ">", hourly=True)
    active = columns.during([k for k, _ in labels])
    every = range(len(labels))
    rows.add("recourse_grid", every, every, active)
    draw = {g: idle_and_busy(reading, g) for g in reading.technologies}
    for i, (k, site) in enumerate(labels):
        left = columns.shares([(k, site)], of="site") * active[..., i]
        for variable, part in (("installed", 0), ("stock_load", 1)):
            for item, (s, g) in enumerate(columns[variable].labels):
                if s == site:
                    power = pue(reading, site) * draw[g][part][:, None] * left
                    rows.add(variable, [i], [item], -power[..., None])
        for item, (s, source) in enumerate(columns["supply"].labels):
            if s == site and source != "battery":
                rows.add("supply", [i], [item], (left * yields(reading, site, source))[..., None])
    for item, (k, site, g) in enumerate(columns["recourse_load"].labels):
        if (k, site) in rows.at:
            row = rows.at[k, site]
            power = pue(reading, site) * draw[g][1][:, None] * active[..., row]
            rows.add("recourse_load", [row], [item], -power[..., None])
    return rows


def _within_zone(columns: PlanColumns) -> Rows:
    """Return Σ grid over the sites of a zone ≤ its limit."""
    reading, labels = columns.reading, columns["recourse_grid"].labels
    zones = reading.tables["sites"]
    places = [(k, zones.first((site,), "zone")) for k, site in labels]
    rows = Rows(columns, "recourse_within_zone", list(dict.fromkeys(places)), "<", hourly=True)
    limited = stack([~np.isnan(zone_limit(reading, site)) for _, site in labels], rows.periods)
    active = columns.during([k for k, _ in labels])
    rows.add("recourse_grid", [rows.at[place] for place in places], range(len(labels)), limited[:, None] * active)
    for (_, site), place in zip(labels, places, strict=True):
        rows.rhs[:, :, rows.at[place]] = no_nan(zone_limit(reading, site), 0.0)[:, None]
    return rows
