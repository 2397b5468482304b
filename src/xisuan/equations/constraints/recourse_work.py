"""Recourse of the work that must survive a contingency: variables, balances of work, and the equipment left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from gnomon import Array, Block, Label
from xisuan.equations.constraints import power, work_balances
from xisuan.equations.constraints.contingencies import (
    Case,
    equal_while,
    held,
    hours_held,
    joined,
    most_while,
    shares_left,
)
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.table_arrays import chosen


def add(a: Assembly) -> None:
    """Add recourse of a plan in its contingencies. In operation they have no effect."""
    cases = [] if a.operated else held(a.given)
    if cases:
        recourse(a, cases)
        recourse_demand(a, cases)
        recourse_pool(a, cases)
        recourse_node(a, cases)
        recourse_class(a, cases)
        recourse_technology(a, cases)
        recourse_within_installed(a, cases)


def recourse(a: Assembly, cases: Sequence[Case]) -> None:
    """Add the variables of recourse; they are 0 outside the hours of their contingency."""
    parts = {"recourse_serve": _serve, "recourse_flow": _flow, "recourse_absorb": _absorb, "recourse_load": _load}
    for name, part in {**parts, "recourse_grid": _grid}.items():
        labels, upper = joined(a, cases, part)
        a.columns(name, labels, upper=upper)


def _serve(a: Assembly, case: Case) -> tuple[list[Label], Array]:
    """Return labels and upper bounds of pairwise work."""
    at = [a.given.scenario.settings.periods.index(period) for period in a.given.periods]
    ways = list(case.options())
    usable = np.array([[way.usable[y] for _, way in ways] for y in at], dtype=float).reshape(len(at), len(ways))
    left = case.left("site", [way.site for _, way in ways])
    return [label for label, _ in ways], most_while(case, np.minimum(usable, left))


def _flow(a: Assembly, case: Case) -> tuple[list[Label], Array]:
    """Return labels and upper bounds of free work on arcs; none flows over a link that is lost altogether."""
    g = a.given
    labels: list[Label] = [
        (name, *arc) for name in case.workloads(pairwise=False) if g.over_network(name) for arc in g.arcs
    ]
    left = case.left("link", [label[1] for label in labels])
    return labels, most_while(case, np.minimum(left, work_balances.arc_most(a, labels)))


def _absorb(a: Assembly, case: Case) -> tuple[list[Label], Array]:
    """Return labels and upper bounds of free work at sites."""
    labels = a.given.absorbing(case.workloads(pairwise=False))
    free = a.given.free_most([name for _, name in labels])
    return labels, most_while(case, np.minimum(free, case.left("site", [site for site, _ in labels])))


def _load(a: Assembly, case: Case) -> tuple[list[Label], Array]:
    """Return labels and upper bounds of the load of technologies that run work that must survive."""
    g = a.given
    labels = [label for label in g.of_kind("flow") if g.kinds_of_equipment[label[1]] in case.groups()]
    return labels, most_while(case, case.left("site", [site for site, _ in labels]))


def _grid(a: Assembly, case: Case) -> tuple[list[Label], Array]:
    """Return labels and upper bounds of grid power, of sites in zones with a limit."""
    g = a.given
    sites = power.grid_sites(g)
    limit = g.numbers("power", power.zone_of(g, sites), "grid_limit_mw", np.inf)
    limited = np.isfinite(limit).any(axis=0)
    return chosen(sites, limited), most_while(case, np.ones((len(g.periods), int(limited.sum()))))


def recourse_demand(a: Assembly, cases: Sequence[Case]) -> None:
    """Add Σ recourse_serve = demand (units), by (contingency, region, workload, hour)."""

    def asked(a: Assembly, case: Case) -> tuple[list[Label], Array]:
        labels = a.given.asking(case.workloads(pairwise=True))
        return labels, case.demand(labels, pairwise=True)

    labels, demand = joined(a, cases, asked)
    block = equal_while(a, "recourse_demand", labels, cases, demand)
    serve = a.column("recourse_serve")
    if serve:
        a.model.add(block, [(label[0], label[1], label[3]) for label in serve.labels], serve, serve.labels)


def recourse_pool(a: Assembly, cases: Sequence[Case]) -> None:
    """Add Σ recourse_absorb = Σ demand (units), by (contingency, workload, hour), for work that no network limits."""

    def asked(a: Assembly, case: Case) -> tuple[list[Label], Array]:
        pooled = [name for name in case.workloads(pairwise=False) if not a.given.over_network(name)]
        return [(name,) for name in pooled], _summed(a, case, pooled, lambda region, name: (name,))

    labels, demand = joined(a, cases, asked)
    block = equal_while(a, "recourse_pool", labels, cases, demand)
    absorb = a.column("recourse_absorb")
    if absorb:
        mine = [label for label in absorb.labels if (label[0], label[2]) in block.position]
        a.model.add(block, [(label[0], label[2]) for label in mine], absorb, mine)


def recourse_node(a: Assembly, cases: Sequence[Case]) -> None:
    """Add conservation of free work (units) at each node, by (contingency, node, workload, hour)."""
    g = a.given

    def asked(a: Assembly, case: Case) -> tuple[list[Label], Array]:
        names = [name for name in case.workloads(pairwise=False) if g.over_network(name)]
        labels: list[Label] = [(node, name) for name in names for node in _nodes(g, name)]
        demand = _summed(a, case, names, lambda region, name: (g.region_node[region], name), labels)
        return labels, 0.0 - demand

    labels, demand = joined(a, cases, asked)
    block = equal_while(a, "recourse_node", labels, cases, demand)
    flow, absorb = a.column("recourse_flow"), a.column("recourse_absorb")
    if flow:
        a.model.add(block, [(k, end, work) for k, work, _, _, end in flow.labels], flow, flow.labels)
        a.model.add(block, [(k, start, work) for k, work, _, start, _ in flow.labels], flow, flow.labels, -1.0)
    if absorb:
        at = [(k, g.site_text[site]["node"], work) for k, site, work in absorb.labels]
        mine = [i for i, label in enumerate(at) if label in block.position]
        a.model.add(block, [at[i] for i in mine], absorb, [absorb.labels[i] for i in mine], -1.0)


def _nodes(given: Given, workload: str) -> list[str]:
    """Return all nodes of the network, and those at which a free workload starts or runs."""
    found = [node for _, *ends in given.arcs for node in ends]
    found += [given.region_node[region] for region in given.demanded[workload]]
    found += [given.site_text[site]["node"] for site in given.sites_for(workload)]
    return list(dict.fromkeys(found))


def _summed(
    a: Assembly,
    case: Case,
    names: Sequence[str],
    place: Callable[[str, str], Label],
    labels: Sequence[Label] | None = None,
) -> Array:
    """Return the free work that must survive, added up by place, one for each name unless `labels` are given.

    Shape (periods, hours, places).
    """
    places = [(name,) for name in names] if labels is None else list(labels)
    position = {label: at for at, label in enumerate(places)}
    out = np.zeros((*case.active.shape, len(places)))
    asking = a.given.asking(names)
    demand = case.demand(asking, pairwise=False)
    for i, (region, name) in enumerate(asking):
        out[..., position[place(region, name)]] += demand[..., i]
    return out


def _arrivals(a: Assembly) -> Iterator[tuple[Block, list[tuple[str, str, str]]]]:
    """Yield the variables of arriving work, each with the (contingency, site, workload) of its items."""
    serve, absorb = a.column("recourse_serve"), a.column("recourse_absorb")
    if serve:
        yield serve, [(k, site, work) for k, _, site, work, _ in serve.labels]
    if absorb:
        yield absorb, [(k, site, work) for k, site, work in absorb.labels]


def recourse_class(a: Assembly, cases: Sequence[Case]) -> None:
    """Add Σ recourse_load over the technologies of a class = work of the class at the site (units)."""
    g, load = a.given, a.column("recourse_load")
    if load is None:
        return
    places = [(k, site, g.kinds_of_equipment[technology]) for k, site, technology in load.labels]
    block = equal_while(a, "recourse_class", list(dict.fromkeys(places)), cases)
    a.model.add(block, places, load, load.labels)
    for arriving, at in _arrivals(a):
        rows = [(k, site, g.kind_of_work(work)) for k, site, work in at]
        a.model.add(block, rows, arriving, arriving.labels, -1.0)


def recourse_technology(a: Assembly, cases: Sequence[Case]) -> None:
    """Add recourse_load ≥ the work bound to a technology (units), where its class also has work that is not bound."""
    g, load = a.given, a.column("recourse_load")
    if load is None:
        return
    shared = {name for name, kind in g.kinds_of_equipment.items() if name in g.bound_technologies and kind != name}
    labels = [label for label in load.labels if label[2] in shared]
    block = a.rows("recourse_technology", labels, lower=np.where(hours_held(cases, labels), 0.0, -np.inf))
    a.model.add(block, block.labels, load, block.labels)
    for arriving, at in _arrivals(a):
        rows = [(k, site, g.target[work]) for k, site, work in at]
        bound = [i for i, row in enumerate(rows) if row in block.position]
        a.model.add(block, [rows[i] for i in bound], arriving, [arriving.labels[i] for i in bound], -1.0)


def recourse_within_installed(a: Assembly, cases: Sequence[Case]) -> None:
    """Add recourse_load ≤ attainable utilisation × share left × installed (units). Reserves may be used."""
    g, load = a.given, a.column("recourse_load")
    if load is None:
        return
    left = shares_left(cases, "site", [(k, site) for k, site, _ in load.labels])
    # Nothing runs where nothing is left: the bound says it, and the row would have no interior.
    on = hours_held(cases, load.labels) & (left > 0.0)[:, None]
    block = a.rows("recourse_within_installed", load.labels, upper=np.where(on, 0.0, np.inf))
    a.model.add(block, load.labels, load, load.labels)
    attained = g.numbers("technologies", [(name,) for *_, name in load.labels], "attainable_utilisation", 1.0)
    a.model.add(
        block,
        load.labels,
        a.model.columns["installed"],
        [label[1:] for label in load.labels],
        -(attained * left)[:, None],
    )
