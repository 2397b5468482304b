"""Backbone network: other traffic, and the link capacity that all traffic shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gnomon import Array, Block, Label
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.table_arrays import chosen
from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.queries import candidates
from xisuan.scenario.queries.routing import Arc, Network, known


def add(a: Assembly) -> None:
    """Add variables and constraints of the links. Without links the network limits nothing."""
    if not a.given.links:
        return
    traffic(a)
    traffic_balance(a)
    traffic_within_link(a)


@dataclass(frozen=True)
class Traffic:
    """Rows of the table `traffic` with one routing in some period: their ends as given, and as nodes.

    `routed`: 1 in periods in which the row has that routing, shape (periods, rows). `gbps`: the traffic sent then,
    shape (periods, hours, rows).
    """

    ends: list[Label]
    nodes: list[tuple[str, str]]
    routed: Array
    gbps: Array


def other_traffic(given: Given, routing: str) -> Traffic:
    """Return the other traffic routed `free` or along the `shortest` path, without traffic that stays at its node."""
    frame = given.scenario["traffic"]
    ends: list[Label] = list(dict.fromkeys(zip(frame["from"].astype(str), frame["to"].astype(str), strict=True)))
    nodes = {end: (_node(given, end[0]), _node(given, end[1])) for end in ends}
    ever = np.array([[kind == routing for kind in row] for row in given.whole.cells("traffic", ends, "routing")])
    rows = [end for end in chosen(ends, ever.any(axis=0)) if nodes[end][0] != nodes[end][1]]
    routed = np.array([[float(kind == routing) for kind in row] for row in given.cells("traffic", rows, "routing")])
    routed = routed.reshape(len(given.periods), len(rows))
    gbps = given.numbers("traffic", rows, "gbps") * routed
    shape = given.curves("traffic", rows, "profile", 1.0)
    return Traffic(rows, [nodes[end] for end in rows], routed, gbps[:, None, :] * shape)


def _node(given: Given, name: str) -> str:
    """Return the node of an end of traffic, which may be given as a region."""
    return given.region_node.get(name, name)


def traffic(a: Assembly) -> None:
    """Add variables of other traffic. In operation, traffic that cannot be carried is shortfall."""
    g = a.given
    free, fixed = other_traffic(g, "free"), other_traffic(g, "shortest")
    labels = [(source, *arc) for source in dict.fromkeys(one for one, _ in free.nodes) for arc in g.arcs]
    cost = g.numbers("links", [(link,) for _, link, _, _ in labels], "cost_mcny_per_gbps_hour")
    a.columns("traffic_flow", labels, costs={"transmission": cost[:, None, :] * g.hourly_weight})
    if a.operated:
        price = g.scenario.settings.plan.shortfall_mcny_per_unit_hour
        sent = dict.fromkeys((*free.ends, *fixed.ends), 0.0 * g.hourly_weight[..., 0])
        for part in (free, fixed):
            for i, end in enumerate(part.ends):
                sent[end] = sent[end] + part.gbps[..., i]
        most = np.stack(list(sent.values()), axis=-1) if sent else 0.0
        a.columns("traffic_unserved", list(sent), upper=most, costs={"unserved": price * g.hourly_weight})


def traffic_balance(a: Assembly) -> None:
    """Add flow conservation of freely routed traffic (Gbps), by (source, node, hour).

    Each source node is one commodity, which needs fewer columns than one for each pair.
    """
    g = a.given
    flow = a.column("traffic_flow")
    if flow is None:
        return
    free = other_traffic(g, "free")
    sources = dict.fromkeys(one for one, _ in free.nodes)
    nodes = dict.fromkeys(
        [*(node for _, *ends in g.arcs for node in ends), *(node for ends in free.nodes for node in ends)]
    )
    labels = [(source, node) for source in sources for node in nodes]
    position = {label: at for at, label in enumerate(labels)}
    wanted = np.zeros((len(g.periods), g.timeline.n_hours, len(labels)))
    for i, (source, sink) in enumerate(free.nodes):
        # Net inflow: the demand at each sink, minus everything sent at the source.
        wanted[:, :, position[source, sink]] += free.gbps[:, :, i]
        wanted[:, :, position[source, source]] -= free.gbps[:, :, i]
    block = a.rows("traffic_balance", labels, lower=wanted, upper=wanted)
    a.model.add(block, [(source, end) for source, _, _, end in flow.labels], flow, flow.labels)
    a.model.add(block, [(source, start) for source, _, start, _ in flow.labels], flow, flow.labels, -1.0)
    short = a.column("traffic_unserved")
    if short:
        routed = free.routed[:, None, :]
        a.model.add(block, [(source, sink) for source, sink in free.nodes], short, free.ends, routed)
        a.model.add(block, [(source, source) for source, _ in free.nodes], short, free.ends, -routed)


def traffic_within_link(a: Assembly) -> None:
    """Add all traffic on an arc ≤ usable share × capacity of its link (Gbps), by arc and hour."""
    g = a.given
    fixed, over = _fixed_load(a)
    block = a.rows("traffic_within_link", g.arcs, upper=0.0 - fixed)
    _pairs(a, block, "serve", g.workloads(stock=False, pairwise=True))
    _pairs(a, block, "hold", g.workloads(stock=True, pairwise=True))
    _flows(a, block, "flow")
    _flows(a, block, "stock_flow")
    flow = a.column("traffic_flow")
    if flow:
        a.model.add(block, [label[1:] for label in flow.labels], flow, flow.labels)
    short = a.column("traffic_unserved")
    if short and over:
        a.model.add(block, [arc for arc, _ in over], short, [ends for _, ends in over], -1.0)
    load_max = link_load_max(g, [arc[:1] for arc in g.arcs])
    a.model.add(block, g.arcs, a.model.columns["capacity"], [arc[:1] for arc in g.arcs], -load_max[:, None, :])


def _fixed_load(a: Assembly) -> tuple[Array, list[tuple[Arc, Label]]]:
    """Return shortest-path traffic on every arc, Gbps (periods, hours, arcs), and the traffic rows on each arc.

    Its transmission cost is a constant of the objective.
    """
    g = a.given
    fixed = other_traffic(g, "shortest")
    position = {arc: at for at, arc in enumerate(g.arcs)}
    load = np.zeros((len(g.periods), g.timeline.n_hours, len(g.arcs)))
    over: dict[tuple[Arc, Label], None] = {}
    for y, period in enumerate(g.periods):
        networks = [candidates.usable_links(g.scenario, period, existing) for existing in (True, False)]
        for i in np.flatnonzero(fixed.routed[y] > 0):
            for arc in _shortest(networks, fixed.nodes[i], fixed.ends[i]):
                load[y, :, position[arc]] += fixed.gbps[y, :, i]
                over[arc, fixed.ends[i]] = None
    cost = g.numbers("links", [arc[:1] for arc in g.arcs], "cost_mcny_per_gbps_hour")
    spent = (load * cost[:, None, :] * g.hourly_weight).sum(axis=(1, 2))
    if spent.any():
        a.constants["transmission"] = spent
    return load, list(over)


def _shortest(networks: Sequence[Network], nodes: tuple[str, str], ends: Label) -> tuple[Arc, ...]:
    """Return the arcs of the shortest path over the first network (existing links, then all) that connects the ends.

    Raises ScenarioError where none does.
    """
    start, end = nodes
    for links in networks:
        route = known(links, start).get(end)
        if route is not None:
            return route.arcs
    raise ScenarioError(
        [
            Problem(
                "traffic-ends-apart-model", table="traffic.csv", row="/".join(ends), column="routing", value="shortest"
            )
        ]
    )


def _pairs(a: Assembly, block: Block, name: str, workloads: Sequence[str]) -> None:
    """Add traffic of pairwise work to the arcs of its path, and of its answers to the opposite arcs."""
    g = a.given
    column = a.column(name)
    if column is None:
        return
    for gbps, turn in (("gbps_per_unit", False), ("return_gbps_per_unit", True)):
        rows: list[Label] = []
        labels: list[Label] = []
        for work in workloads:
            for way in g.options(work):
                for link, start, end in way.arcs:
                    rows.append((link, end, start) if turn else (link, start, end))
                    labels.append((way.region, way.site, work, way.path))
        carry(a, block, rows, column, labels, gbps, [label[2] for label in labels])


def _flows(a: Assembly, block: Block, name: str) -> None:
    """Add traffic of free work to its arc, and of its answers to the opposite arc."""
    column = a.column(name)
    if column is None:
        return
    work = [label[0] for label in column.labels]
    there = [label[1:] for label in column.labels]
    back = [(link, end, start) for _, link, start, end in column.labels]
    carry(a, block, there, column, column.labels, "gbps_per_unit", work)
    carry(a, block, back, column, column.labels, "return_gbps_per_unit", work)


def carry(
    a: Assembly,
    block: Block,
    rows: Sequence[Label],
    column: Block,
    labels: Sequence[Label],
    traffic: str,
    workloads: Sequence[str],
) -> None:
    """Add the non-zero traffic of `labels` to `rows`: the column `traffic` of the table `workloads`."""
    gbps = a.given.numbers("workloads", [(name,) for name in workloads], traffic)
    used = np.flatnonzero((gbps != 0).any(axis=0))
    values = gbps[:, used][:, None, :]
    a.model.add(block, [rows[int(i)] for i in used], column, [labels[int(i)] for i in used], values)


def link_load_max(given: Given, links: Sequence[Label]) -> Array:
    """Return the share of capacity that traffic may use: the link's rule, else that for all, else 1. (periods, links)."""
    out = np.ones((len(given.periods), len(links)))
    for y, period in enumerate(given.periods):
        value = {row["scope"]: row["value"] for row in given.rules_at("link_load_max", period)}
        out[y] = [value.get(link, value.get("all", 1.0)) for (link,) in links]
    return out


def carried(a: Assembly, values: Mapping[str, Array]) -> Array:
    """Total traffic on every arc, Gbps. Shape (periods, hours, arcs)."""
    block = a.model.rows["traffic_within_link"]
    # The right side of the row is minus the shortest-path traffic.
    out = -block.upper.copy()
    for part in a.model.entries:
        if part.row is block and part.column.name != "capacity":
            value = values[part.column.name][..., part.columns]
            sent = part.values * (value if part.column.hourly else value[:, None, :])
            for i, arc in enumerate(part.rows):
                out[..., arc] += sent[..., i]
    return out
