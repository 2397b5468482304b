"""Index sets, costs and constraint forms shared by hourly work and stock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gnomon import Array, Block, Label
from xisuan.equations.model_builder import Assembly
from xisuan.equations.table_arrays import chosen
from xisuan.scenario.queries import candidates

# --- index sets and costs --------------------------------------------------------------------------------------------


def pair_labels(a: Assembly, workloads: Sequence[str]) -> list[Label]:
    """Return each (region, site, workload, path) of pairwise workloads."""
    return [(way.region, way.site, name, way.path) for name in workloads for way in a.given.options(name)]


def pair_most(a: Assembly, workloads: Sequence[str]) -> Array:
    """Upper bound of each pair: ∞ where its path may be used in the period, else 0. Shape (periods, pairs)."""
    at = [a.given.scenario.settings.periods.index(period) for period in a.given.periods]
    ways = [way for name in workloads for way in a.given.options(name)]
    usable = np.array([[way.usable[y] for way in ways] for y in at], dtype=bool).reshape(len(at), len(ways))
    return np.where(usable, np.inf, 0.0)


def pair_traffic_cost(a: Assembly, workloads: Sequence[str]) -> Array:
    """Transmission cost of one unit of work for one hour over each pair's path, mCNY. Shape (periods, pairs)."""
    g = a.given
    links = [(link,) for link, _, _ in g.links]
    price = dict(zip(links, g.numbers("links", links, "cost_mcny_per_gbps_hour").T, strict=True))
    columns: list[Array] = []
    for name in workloads:
        gbps = both_ways(a, [name])[:, 0]
        for way in g.options(name):
            columns.append(gbps * sum((price[arc[:1]] for arc in way.arcs), start=np.zeros(len(g.periods))))
    return np.array(columns).reshape(len(columns), len(g.periods)).T


def both_ways(a: Assembly, workloads: Sequence[str]) -> Array:
    """Traffic of one unit of work and its answers, Gbps. Shape (periods, workloads)."""
    labels = [(name,) for name in workloads]
    there, back = (a.given.numbers("workloads", labels, of) for of in ("gbps_per_unit", "return_gbps_per_unit"))
    return there + back


def arc_labels(a: Assembly, workloads: Sequence[str]) -> list[Label]:
    """Return each (workload, link, from, to) of free workloads over the network."""
    return [(name, *arc) for name in workloads if a.given.over_network(name) for arc in a.given.useful_arcs(name)]


def arc_most(a: Assembly, labels: Sequence[Label]) -> Array:
    """Return the upper bound of an arc: none if its workload is free and its link usable, else 0. Shape (periods,
    arcs)."""
    g = a.given
    usable = [{one.link for one in candidates.usable_links(g.scenario, y, existing=False)} for y in g.periods]
    carries = np.array([[label[1] in links for label in labels] for links in usable], dtype=bool)
    return np.where(carries.reshape(len(usable), len(labels)), g.free_most([name for name, *_ in labels]), 0.0)


def arc_traffic_cost(a: Assembly, labels: Sequence[Label]) -> Array:
    """Transmission cost of one unit of work for one hour over each arc, mCNY. Shape (periods, arcs)."""
    price = a.given.numbers("links", [(link,) for _, link, _, _ in labels], "cost_mcny_per_gbps_hour")
    return price * both_ways(a, [name for name, *_ in labels])


def serving_cost(a: Assembly, labels: Sequence[Label]) -> Array:
    """Serving cost of one unit for one hour at (region, site, workload, …), mCNY. Shape (periods, labels)."""
    return a.given.numbers("serving_cost", [label[:3] for label in labels], "mcny_per_unit_hour")


def droppable(a: Assembly, labels: Sequence[Label]) -> tuple[list[Label], Array, Array]:
    """Return the (region, workload) that may go unserved in some period, their bound (0 or ∞) and penalty.

    Penalties are mCNY per unit and hour. Under the carbon objective all work is served. In operation, unserved work
    without a penalty of its own is shortfall at the price of the option.
    """
    settings = a.given.scenario.settings
    price = a.given.numbers("workloads", [(name,) for _, name in labels], "unserved_mcny_per_unit_hour", np.inf)
    if a.operated:
        price = np.where(np.isinf(price), settings.plan.shortfall_mcny_per_unit_hour, price)
    elif settings.objective == "carbon":
        price = np.full_like(price, np.inf)
    may = np.isfinite(price)
    some = may.any(axis=0)
    return chosen(labels, some), np.where(may, np.inf, 0.0)[:, some], np.where(may, price, 0.0)[:, some]


# --- forms of the constraints ----------------------------------------------------------------------------------------


def balance_pool(a: Assembly, name: str, workloads: Sequence[str], released: str, absorbed: str) -> None:
    """Add Σ released = Σ absorbed, for free workloads that no network limits."""
    pooled = [workload for workload in workloads if not a.given.over_network(workload)]
    block = a.rows(name, [(workload,) for workload in pooled], lower=0.0, upper=0.0)
    for variable, sign in ((released, 1.0), (absorbed, -1.0)):
        column = a.column(variable)
        if column:
            labels = [label for label in column.labels if label[1:] in block.position]
            a.model.add(block, [label[1:] for label in labels], column, labels, sign)


def balance_nodes(a: Assembly, name: str, workloads: Sequence[str], variables: tuple[str, str, str]) -> None:
    """Add released + inflow = absorbed + outflow at every node, for free workloads over the network."""
    g = a.given
    names = [workload for workload in workloads if g.over_network(workload)]
    block = a.rows(name, [(node, work) for work in names for node in g.nodes_of(work)], lower=0.0, upper=0.0)
    release, flow, absorb = (a.column(variable) for variable in variables)
    if release:
        labels = [label for label in release.labels if label[1] in names]
        a.model.add(block, [(g.region_node[region], work) for region, work in labels], release, labels)
    if flow:
        a.model.add(block, [(end, work) for work, _, _, end in flow.labels], flow, flow.labels)
        a.model.add(block, [(start, work) for work, _, start, _ in flow.labels], flow, flow.labels, -1.0)
    if absorb:
        labels = [label for label in absorb.labels if label[1] in names]
        a.model.add(block, [(g.site_text[site]["node"], work) for site, work in labels], absorb, labels, -1.0)


def _arrivals(a: Assembly, variables: tuple[str, str]) -> list[tuple[Block, list[tuple[str, str]]]]:
    """Return the blocks of pairwise and free arrivals, each with the (site, workload) of its items."""
    pairwise, free = (a.column(name) for name in variables)
    found: list[tuple[Block, list[tuple[str, str]]]] = []
    if pairwise:
        found.append((pairwise, [(site, work) for _, site, work, _ in pairwise.labels]))
    if free:
        found.append((free, [(site, work) for site, work in free.labels]))
    return found


def balance_classes(a: Assembly, name: str, load: str, arrivals: tuple[str, str]) -> None:
    """Add Σ load over the technologies of a class = all work of the class that reaches the site.

    Where all work of a class is bound, each technology has a balance of its own. Otherwise the balance and `bind`
    together would force slacks to 0, and the feasible set would have no interior for an interior-point method.
    """
    g = a.given
    column = a.column(load)
    if column is None:
        return
    places = [(site, g.kinds_of_equipment[technology]) for site, technology in column.labels]
    block = a.rows(name, list(dict.fromkeys(places)), lower=0.0, upper=0.0)
    a.model.add(block, places, column, column.labels)
    for arriving, at in _arrivals(a, arrivals):
        a.model.add(block, [(site, g.kind_of_work(work)) for site, work in at], arriving, arriving.labels, -1.0)


def bind(a: Assembly, name: str, load: str, arrivals: tuple[str, str]) -> None:
    """Add load of a technology ≥ the work bound to it at the site, where its class also has work that is not bound."""
    g = a.given
    shared = {name for name, kind in g.kinds_of_equipment.items() if name in g.bound_technologies and kind != name}
    labels = [label for label in a.labels(load) if label[1] in shared]
    block = a.rows(name, labels, lower=0.0)
    if not labels:
        return
    a.model.add(block, labels, a.model.columns[load], labels)
    for arriving, at in _arrivals(a, arrivals):
        rows = [(site, g.target[work]) for site, work in at]
        bound = [i for i, row in enumerate(rows) if row in block.position]
        a.model.add(block, [rows[i] for i in bound], arriving, [arriving.labels[i] for i in bound], -1.0)


def within_installed(a: Assembly, name: str, load: str) -> None:
    """Add load ≤ attainable share × installed."""
    column = a.column(load)
    if column is None:
        return
    block = a.rows(name, column.labels, upper=0.0)
    # load − share × installed ≤ 0; installed is yearly, so its coefficients are repeated over the hours.
    share = attainable(a, column.labels)
    a.model.add(block, column.labels, column, column.labels)
    installed = a.model.columns["installed"]
    a.model.add(block, column.labels, installed, column.labels, -share[:, None, :] if block.hourly else -share)


def attainable(a: Assembly, labels: Sequence[Label]) -> Array:
    """Usable share of (site, technology): attainable utilisation less reserve. Shape (periods, labels)."""
    share = a.given.numbers("technologies", [(name,) for _, name in labels], "attainable_utilisation", 1.0)
    return share * (1.0 - a.given.site_rule("site_reserve_min", [site for site, _ in labels]))
