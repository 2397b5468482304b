"""The backbone: other traffic, and the capacity that all traffic shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xisuan.equations.assembly import Assembly
from xisuan.equations.given import Array, Given, Label
from xisuan.scenario import candidates, routes
from xisuan.scenario.routes import Arc
from xisuan.solver.model import Block


def add(a: Assembly) -> None:
    """Variables and constraints of the links. Without links the network limits nothing."""
    if not a.given.links:
        return
    traffic(a)
    traffic_balance(a)
    traffic_within_link(a)


@dataclass(frozen=True)
class Traffic:
    """Rows of the table `traffic` with one routing: their ends as given, as nodes, and Gbps (periods, hours, rows)."""

    ends: list[Label]
    nodes: list[tuple[str, str]]
    gbps: Array


def other_traffic(given: Given, routing: str) -> Traffic:
    """Other traffic routed `free` or along the `shortest` path; what stays at its node is left out."""
    frame = given.scenario["traffic"]
    ends = list(dict.fromkeys((str(row["from"]), str(row["to"])) for row in frame.to_dict("records")))
    place = lambda name: given.region_node.get(name, name)  # noqa: E731
    chosen: list[Label] = []
    for label in ends:
        kinds = {row[0] for row in given.cells("traffic", [label], "routing")}
        if routing in kinds and place(label[0]) != place(label[1]):
            chosen.append(label)
    kind = np.array(given.cells("traffic", chosen, "routing"), dtype=object).reshape(len(given.periods), len(chosen))
    gbps = given.numbers("traffic", chosen, "gbps") * (kind == routing)
    shape = given.curves("traffic", chosen, "profile", 1.0)
    return Traffic(chosen, [(place(one), place(other)) for one, other in chosen], gbps[:, None, :] * shape)


def traffic(a: Assembly) -> None:
    """Variables of other traffic; what cannot be carried is shortfall where a plan is operated."""
    g = a.given
    hour = g.hourly_weight
    free = other_traffic(g, "free")
    labels = [(source, *arc) for source in dict.fromkeys(one for one, _ in free.nodes) for arc in g.arcs]
    cost = g.numbers("links", [(link,) for _, link, _, _ in labels], "cost_mcny_per_gbps_hour")
    a.columns("traffic_flow", labels, costs={"transmission": cost[:, None, :] * hour})
    if a.operated:
        fixed = other_traffic(g, "shortest")
        price = g.scenario.settings.plan.shortfall_mcny_per_unit_hour
        most = np.concatenate([free.gbps, fixed.gbps], axis=2)
        a.columns("traffic_unserved", [*free.ends, *fixed.ends], upper=most, costs={"unserved": price * hour})


def traffic_balance(a: Assembly) -> None:
    """Other traffic routed freely: one commodity for each source node, balanced at every node."""
    g = a.given
    flow = a.column("traffic_flow")
    if flow is None:
        return
    free = other_traffic(g, "free")
    sources = list(dict.fromkeys(one for one, _ in free.nodes))
    nodes = list(
        dict.fromkeys(
            [node for _, start, end in g.arcs for node in (start, end)] + [n for pair in free.nodes for n in pair]
        )
    )
    labels = [(source, node) for source in sources for node in nodes]
    position = {label: at for at, label in enumerate(labels)}
    wanted = np.zeros((len(g.periods), g.timeline.n_hours, len(labels)))
    for i, (source, sink) in enumerate(free.nodes):
        wanted[:, :, position[source, sink]] += free.gbps[:, :, i]
        wanted[:, :, position[source, source]] -= free.gbps[:, :, i]
    block = a.rows("traffic_balance", labels, lower=wanted, upper=wanted)
    a.model.add(block, [(source, end) for source, _, _, end in flow.labels], flow, flow.labels)
    a.model.add(block, [(source, start) for source, _, start, _ in flow.labels], flow, flow.labels, -1.0)
    short = a.column("traffic_unserved")
    if short:
        a.model.add(block, [(source, sink) for source, sink in free.nodes], short, free.ends)
        a.model.add(block, [(source, source) for source, _ in free.nodes], short, free.ends, -1.0)


def traffic_within_link(a: Assembly) -> None:
    """All traffic shares the capacity of the link, in each direction."""
    g = a.given
    fixed, over = _fixed_load(a)
    block = a.rows("traffic_within_link", g.arcs, upper=-fixed)
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
    """Shortest-path traffic on every arc, Gbps (periods, hours, arcs), and which traffic is on which arc.

    Its path is that over existing links, or over all links where those do not connect its ends. What it costs is a
    constant of the objective.
    """
    g = a.given
    fixed = other_traffic(g, "shortest")
    position = {arc: at for at, arc in enumerate(g.arcs)}
    load = np.zeros((len(g.periods), g.timeline.n_hours, len(g.arcs)))
    over: dict[tuple[Arc, Label], None] = {}
    for y, period in enumerate(g.periods):
        old, new = (candidates.usable_links(g.scenario, period, existing) for existing in (True, False))
        for i, (start, end) in enumerate(fixed.nodes):
            route = routes.shortest(old, start).get(end) or routes.shortest(new, start)[end]
            for arc in route.arcs:
                load[y, :, position[arc]] += fixed.gbps[y, :, i]
                over[arc, fixed.ends[i]] = None
    cost = g.numbers("links", [arc[:1] for arc in g.arcs], "cost_mcny_per_gbps_hour")
    spent = (load * cost[:, None, :] * g.hourly_weight).sum(axis=(1, 2))
    if spent.any():
        a.constants["transmission"] = a.constants.get("transmission", np.zeros(len(g.periods))) + spent
    return load, list(over)


def _pairs(a: Assembly, block: Block, name: str, workloads: Sequence[str]) -> None:
    """Traffic of pairwise work over the arcs of its path, and of its answers over the opposite ones."""
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
        _carry(a, block, rows, column, labels, g.numbers("workloads", [(label[2],) for label in labels], gbps))


def _flows(a: Assembly, block: Block, name: str) -> None:
    """Traffic of free work on its arc, and of its answers on the opposite one."""
    column = a.column(name)
    if column is None:
        return
    work = [(label[0],) for label in column.labels]
    there, back = (a.given.numbers("workloads", work, gbps) for gbps in ("gbps_per_unit", "return_gbps_per_unit"))
    _carry(a, block, [label[1:] for label in column.labels], column, column.labels, there)
    _carry(a, block, [(link, end, start) for _, link, start, end in column.labels], column, column.labels, back)


def _carry(
    a: Assembly, block: Block, rows: Sequence[Label], column: Block, labels: Sequence[Label], gbps: Array
) -> None:
    """Put the non-zero traffic coefficients of `labels` into `rows`."""
    used = np.flatnonzero((gbps != 0).any(axis=0))
    values = gbps[:, used][:, None, :]
    a.model.add(block, [rows[i] for i in used], column, [labels[i] for i in used], values)


def link_load_max(given: Given, links: Sequence[Label]) -> Array:
    """Share of the capacity that traffic may use: the link's own rule, else that for all, else 1. Shape (periods, links)."""
    out = np.ones((len(given.periods), len(links)))
    for y, period in enumerate(given.periods):
        frame = given.at("policies", period)
        frame = frame[frame["rule"] == "link_load_max"]
        value = dict(zip(frame["scope"], frame["value"], strict=True))
        out[y] = [value.get(link, value.get("all", 1.0)) for (link,) in links]
    return out


def carried(a: Assembly, values: Mapping[str, Array]) -> Array:
    """All traffic on every arc, Gbps. Shape (periods, hours, arcs)."""
    block = a.model.rows["traffic_within_link"]
    out = -block.upper.copy()
    for part in a.model.entries:
        if part.row is block and part.column.name != "capacity":
            value = values[part.column.name][..., part.columns]
            if not part.column.hourly:
                value = value[:, None, :]
            np.add.at(out, (slice(None), slice(None), part.rows), part.values * value)
    return out
