"""Links and grid connections during a contingency, which normal operation and all contingencies share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gnomon import Array, Block, Label
from xisuan.equations.constraints import network, power
from xisuan.equations.constraints.contingencies import Case, held, hours_held, joined, shares_left
from xisuan.equations.model_builder import Assembly

STEADY = ("hold", "stock_flow", "traffic_flow")
"""Variables of traffic that keeps its route during a failure."""


def add(a: Assembly) -> None:
    """Add the limits of links and grid connections of a plan in its contingencies."""
    cases = [] if a.operated else held(a.given)
    if cases:
        recourse_within_link(a, cases)
        recourse_power(a, cases)
        recourse_within_zone(a, cases)


def recourse_within_link(a: Assembly, cases: Sequence[Case]) -> None:
    """Add all traffic on an arc during a contingency ≤ share left × capacity of its link (Gbps)."""
    normal = a.model.rows.get("traffic_within_link")
    if normal is None:
        return
    held = {label[0] for name in ("recourse_serve", "recourse_flow") for label in a.labels(name)}
    carrying = [case for case in cases if case.name in held]
    if not carrying:
        return

    def side(a: Assembly, case: Case) -> tuple[list[Label], Array]:
        left = case.left("link", [arc[0] for arc in normal.labels])[:, None, :]
        # The right side of the normal row is minus the traffic on shortest paths. Nothing is on a link of which nothing is
        # left: bounds say it, and the row would have no interior.
        return list(normal.labels), np.where(case.active[..., None] & (left > 0.0), left * normal.upper, np.inf)

    labels, upper = joined(a, carrying, side)
    block = a.rows("recourse_within_link", labels, upper=upper)
    _carry_recourse(a, block, carrying)
    left = shares_left(carrying, "link", [label[:2] for label in labels])[:, None, :]
    a.model.add(block, labels, a.model.columns["capacity"], [(label[1],) for label in labels], -left)
    steady = [part for part in a.model.entries if part.row is normal and part.column.name in STEADY]
    for case in carrying:
        for part in steady:
            arcs = [normal.labels[int(i)] for i in part.rows]
            kept = case.left("link", [arc[0] for arc in arcs])[:, None, :] * part.values
            columns = [part.column.labels[int(i)] for i in part.columns]
            a.model.add(block, [(case.name, *arc) for arc in arcs], part.column, columns, kept)


def _carry_recourse(a: Assembly, block: Block, cases: Sequence[Case]) -> None:
    """Add the traffic of recourse, and of its answers on the opposite arcs."""
    serve, flow = a.column("recourse_serve"), a.column("recourse_flow")
    for gbps, turn in (("gbps_per_unit", False), ("return_gbps_per_unit", True)):
        if serve:
            ways = [((case.name, *label), way) for case in cases for label, way in case.options()]
            uses = [(label, arc) for label, way in ways for arc in way.arcs]
            rows = [(label[0], *_turned(arc, turn)) for label, arc in uses]
            network.carry(a, block, rows, serve, [label for label, _ in uses], gbps, [label[3] for label, _ in uses])
        if flow:
            rows = [(label[0], *_turned(label[2:], turn)) for label in flow.labels]
            network.carry(a, block, rows, flow, flow.labels, gbps, [label[1] for label in flow.labels])


def _turned(arc: Label, turn: bool) -> Label:
    """Return an arc, or the opposite one."""
    link, start, end = arc
    return (link, end, start) if turn else (link, start, end)


def recourse_power(a: Assembly, cases: Sequence[Case]) -> None:
    """Add grid power + own sun and wind ≥ facility power during a contingency (MW), in zones with a limit."""
    grid = a.column("recourse_grid")
    if grid is None:
        return
    on = hours_held(cases, grid.labels)
    block = a.rows("recourse_power", grid.labels, lower=np.where(on, 0.0, -np.inf))
    a.model.add(block, grid.labels, grid, grid.labels)
    _supply_recourse(a, block, cases)
    for name in ("installed", "recourse_load", "stock_load"):
        _draw(a, block, cases, name)


def _supply_recourse(a: Assembly, block: Block, cases: Sequence[Case]) -> None:
    """Add the sun and wind of the capacity that is left."""
    supply = a.column("supply")
    if supply is None:
        return
    sources = [label for label in supply.labels if label[1] != "battery"]
    rows = [(k, site) for k, site in block.labels for at, _ in sources if at == site]
    labels = [label for _, site in block.labels for label in sources if label[0] == site]
    profile = a.given.curves("supply", labels, "profile", 1.0)
    a.model.add(block, rows, supply, labels, profile * shares_left(cases, "site", rows)[:, None, :])


def _draw(a: Assembly, block: Block, cases: Sequence[Case], name: str) -> None:
    """Subtract the facility power of installed units when idle, or of running or holding ones beyond that."""
    g, column = a.given, a.column(name)
    if column is None:
        return
    labels = [label for label in column.labels if name != "recourse_load" or label[:2] in block.position]
    if name == "recourse_load":
        pairs = [(label[:2], label) for label in labels]
    else:
        pairs = [(row, label) for row in block.labels for label in labels if label[0] == row[1]]
    rows, items = [row for row, _ in pairs], [label for _, label in pairs]
    technology = [(label[-1],) for label in items]
    idle = g.numbers("technologies", technology, "idle_share")
    mw = g.numbers("technologies", technology, "mw_per_unit") * (idle if name == "installed" else 1.0 - idle)
    if name != "recourse_load":
        mw = mw * shares_left(cases, "site", rows)
    a.model.add(block, rows, column, items, -power.pue(g, [(site,) for _, site in rows]) * mw[:, None, :])


def recourse_within_zone(a: Assembly, cases: Sequence[Case]) -> None:
    """Add Σ recourse_grid over the sites of a zone ≤ its limit (MW), by (contingency, zone, hour)."""
    g, grid = a.given, a.column("recourse_grid")
    if grid is None:
        return
    rows = [(k, *power.zone_of(g, [(site,)])[0]) for k, site in grid.labels]
    labels = list(dict.fromkeys(rows))
    limit = g.numbers("power", [(zone,) for _, zone in labels], "grid_limit_mw", np.inf)
    most = np.where(hours_held(cases, labels), limit[:, None, :], np.inf)
    block = a.rows("recourse_within_zone", labels, upper=most)
    a.model.add(block, rows, grid, grid.labels)
