"""Which work runs where and when: balances of work, deferral, and the split of a class over its vintages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xisuan import units
from xisuan.equations.assembly import Assembly
from xisuan.equations.given import Array, Label
from xisuan.scenario import candidates
from xisuan.solver.model import Block


def add(a: Assembly) -> None:
    """Variables and constraints of work that runs by the hour."""
    work(a)
    work_balance(a)
    pool_balance(a)
    node_balance(a)
    class_balance(a)
    technology_load(a)
    load_within_installed(a)
    serve_when_open(a)


def pair_labels(a: Assembly, workloads: Sequence[str]) -> list[Label]:
    """(region, site, workload, path) of pairwise workloads."""
    return [(way.region, way.site, name, way.path) for name in workloads for way in a.given.options(name)]


def pair_usable(a: Assembly, workloads: Sequence[str]) -> Array:
    """1 where a pair's path may be used in the period, else 0. Shape (periods, pairs)."""
    at = [a.given.scenario.settings.periods.index(period) for period in a.given.periods]
    ways = [way for name in workloads for way in a.given.options(name)]
    return np.array([[float(way.usable[y]) for way in ways] for y in at]).reshape(len(at), len(ways))


def pair_traffic_cost(a: Assembly, workloads: Sequence[str]) -> Array:
    """Transmission cost of one unit of work for one hour over each pair's path, mCNY. Shape (periods, pairs)."""
    g = a.given
    cost = dict(
        zip(
            [arc[0] for arc in g.arcs],
            g.numbers("links", [arc[:1] for arc in g.arcs], "cost_mcny_per_gbps_hour").T,
            strict=True,
        )
    )
    zero = np.zeros(len(g.periods))
    columns: list[Array] = []
    for name in workloads:
        gbps = both_ways(a, [name])[:, 0]
        for way in g.options(name):
            columns.append(gbps * sum((cost[arc[0]] for arc in way.arcs), start=zero))
    return np.array(columns).reshape(len(columns), len(g.periods)).T


def both_ways(a: Assembly, workloads: Sequence[str]) -> Array:
    """Traffic of a unit of work, there and back, Gbps. Shape (periods, workloads)."""
    labels = [(name,) for name in workloads]
    return a.given.numbers("workloads", labels, "gbps_per_unit") + a.given.numbers(
        "workloads", labels, "return_gbps_per_unit"
    )


def arc_labels(a: Assembly, workloads: Sequence[str]) -> list[Label]:
    """(workload, link, from, to) of free workloads over the network."""
    return [(name, *arc) for name in workloads if a.given.over_network(name) for arc in a.given.useful_arcs(name)]


def arc_traffic_cost(a: Assembly, labels: Sequence[Label]) -> Array:
    """Transmission cost of one unit of work for one hour over each arc, mCNY. Shape (periods, arcs)."""
    cost = a.given.numbers("links", [(link,) for _, link, _, _ in labels], "cost_mcny_per_gbps_hour")
    return cost * both_ways(a, [name for name, *_ in labels])


def serving_cost(a: Assembly, labels: Sequence[Label]) -> Array:
    """Serving cost of a unit for an hour at (region, site, workload, …), mCNY. Shape (periods, labels)."""
    return a.given.numbers("serving_cost", [label[:3] for label in labels], "mcny_per_unit_hour")


def penalty(a: Assembly, labels: Sequence[Label]) -> Array:
    """Penalty of (region, workload) not served, mCNY per unit and hour; infinite where it must be. Shape (periods, labels).

    Where a plan is operated, what must be served is shortfall at the price of the option.
    """
    given = a.given.numbers("workloads", [(name,) for _, name in labels], "unserved_mcny_per_unit_hour", np.inf)
    settings = a.given.scenario.settings
    if a.operated:
        return np.where(np.isinf(given), settings.plan.shortfall_mcny_per_unit_hour, given)
    return np.full_like(given, np.inf) if settings.objective == "carbon" else given


def droppable(a: Assembly, labels: Sequence[Label]) -> tuple[list[Label], Array, Array]:
    """Those of (region, workload) that may go unserved in some period, the most (0 or ∞) and the penalty."""
    price = penalty(a, labels)
    may = np.isfinite(price).any(axis=0)
    price = price[:, may]
    chosen = [label for label, use in zip(labels, may, strict=True) if use]
    return chosen, np.where(np.isinf(price), 0.0, np.inf), np.where(np.isinf(price), 0.0, price)


def work(a: Assembly) -> None:
    """Variables of work that runs by the hour."""
    g = a.given
    hour = g.hourly_weight
    pairwise, free = g.workloads(stock=False, pairwise=True), g.workloads(stock=False, pairwise=False)
    pairs = pair_labels(a, pairwise)
    a.columns(
        "serve",
        pairs,
        upper=np.where(pair_usable(a, pairwise) > 0, np.inf, 0.0)[:, None, :],
        costs={
            "transmission": pair_traffic_cost(a, pairwise)[:, None, :] * hour,
            "serving": serving_cost(a, pairs)[:, None, :] * hour,
        },
    )
    a.columns("release", g.asking(free))
    arcs = arc_labels(a, free)
    a.columns("flow", arcs, costs={"transmission": arc_traffic_cost(a, arcs)[:, None, :] * hour})
    a.columns("absorb", g.absorbing(free))
    asking = g.asking([*pairwise, *free])
    waits = waiting(a, asking)
    a.columns("backlog", waits, upper=g.window(waits))
    dropped, most, price = droppable(a, asking)
    a.columns("unserved", dropped, upper=most[:, None, :], costs={"unserved": price[:, None, :] * hour})
    a.columns("load", g.of_kind("flow"))


def waiting(a: Assembly, asking: Sequence[Label]) -> list[Label]:
    """(region, workload) whose work may wait; none where no block is longer than an hour."""
    if all(block.hours == 1 for block in a.given.timeline.blocks):
        return []
    defer = a.given.numbers("workloads", [(name,) for _, name in asking], "defer_hours").max(axis=0, initial=0.0)
    return [label for label, hours in zip(asking, defer, strict=True) if hours >= 1]


def work_balance(a: Assembly) -> None:
    """Work that arises is run, waits for a later hour, or is dropped."""
    g = a.given
    asking = g.asking([*g.workloads(stock=False, pairwise=True), *g.workloads(stock=False, pairwise=False)])
    demand = g.demand(asking)
    block = a.rows("work_balance", asking, lower=demand, upper=demand)
    serve, release, backlog, unserved = (a.column(name) for name in ("serve", "release", "backlog", "unserved"))
    if serve:
        a.model.add(block, [(region, name) for region, _, name, _ in serve.labels], serve, serve.labels)
    if release:
        a.model.add(block, release.labels, release, release.labels)
    if backlog:
        a.model.add(block, backlog.labels, backlog, backlog.labels)
        a.model.add(block, backlog.labels, backlog, backlog.labels, -1.0, before=True)
    if unserved:
        a.model.add(block, unserved.labels, unserved, unserved.labels)


def pool_balance(a: Assembly) -> None:
    """Free work that no network limits runs at any site."""
    _pool(a, "pool_balance", a.given.workloads(stock=False, pairwise=False), "release", "absorb")


def node_balance(a: Assembly) -> None:
    """Free work travels as one commodity; exact, because it is divisible and a unit's traffic is the same everywhere."""
    _nodes(a, "node_balance", a.given.workloads(stock=False, pairwise=False), ("release", "flow", "absorb"))


def _pool(a: Assembly, name: str, workloads: Sequence[str], released: str, absorbed: str) -> None:
    pooled = [name for name in workloads if not a.given.over_network(name)]
    block = a.rows(name, [(name,) for name in pooled], lower=0.0, upper=0.0)
    out, into = a.column(released), a.column(absorbed)
    for column, sign in ((out, 1.0), (into, -1.0)):
        if column and pooled:
            labels = [label for label in column.labels if label[1] in pooled]
            a.model.add(block, [label[1:] for label in labels], column, labels, sign)


def _nodes(a: Assembly, name: str, workloads: Sequence[str], variables: tuple[str, str, str]) -> None:
    g = a.given
    names = [name for name in workloads if g.over_network(name)]
    rows = [(node, name) for name in names for node in g.nodes_of(name)]
    if not rows:
        return
    block = a.rows(name, rows, lower=0.0, upper=0.0)
    release, flow, absorb = (a.column(variable) for variable in variables)
    if release:
        labels = [label for label in release.labels if label[1] in names]
        a.model.add(block, [(g.region_node[region], name) for region, name in labels], release, labels)
    if flow:
        a.model.add(block, [(end, name) for name, _, _, end in flow.labels], flow, flow.labels)
        a.model.add(block, [(start, name) for name, _, start, _ in flow.labels], flow, flow.labels, -1.0)
    if absorb:
        labels = [label for label in absorb.labels if label[1] in names]
        a.model.add(block, [(g.site_text[site]["node"], name) for site, name in labels], absorb, labels, -1.0)


def class_balance(a: Assembly) -> None:
    """Work of a class that reaches a site is split over the class's technologies there."""
    _classes(a, "class_balance", "flow", "load", ("serve", "absorb"))


def technology_load(a: Assembly) -> None:
    """Work bound to one technology runs on it."""
    _bound(a, "technology_load", "flow", "load", ("serve", "absorb"))


def _arrivals(a: Assembly, arrivals: tuple[str, str]) -> list[tuple[Block, list[Label], list[tuple[str, str]]]]:
    """For each variable that brings work: its block, labels, and (site, workload) of each."""
    found: list[tuple[Block, list[Label], list[tuple[str, str]]]] = []
    for name in arrivals:
        block = a.column(name)
        if block:
            at = [(label[1], label[2]) if len(label) > 2 else (label[0], label[1]) for label in block.labels]
            found.append((block, list(block.labels), at))
    return found


def _classes(a: Assembly, name: str, kind: str, load: str, arrivals: tuple[str, str]) -> None:
    g = a.given
    equipment = a.labels(load)
    rows = list(dict.fromkeys((site, g.class_of[technology]) for site, technology in equipment))
    if not rows:
        return
    block = a.rows(name, rows, lower=0.0, upper=0.0)
    a.model.add(
        block, [(site, g.class_of[technology]) for site, technology in equipment], a.model.columns[load], equipment
    )
    for column, labels, at in _arrivals(a, arrivals):
        a.model.add(block, [(site, g.class_of_work(work)) for site, work in at], column, labels, -1.0)


def _bound(a: Assembly, name: str, kind: str, load: str, arrivals: tuple[str, str]) -> None:
    g = a.given
    rows = [label for label in a.labels(load) if label[1] in g.bound_technologies]
    if not rows:
        return
    block = a.rows(name, rows, lower=0.0)
    a.model.add(block, rows, a.model.columns[load], rows)
    for column, labels, at in _arrivals(a, arrivals):
        bound = [(label, (site, g.target[work])) for label, (site, work) in zip(labels, at, strict=True)]
        bound = [(label, row) for label, row in bound if row in block.position]
        a.model.add(block, [row for _, row in bound], column, [label for label, _ in bound], -1.0)


def load_within_installed(a: Assembly) -> None:
    """No unit runs more than it attains, less the reserve of its site."""
    _within(a, "load_within_installed", "load")


def _within(a: Assembly, name: str, load: str) -> None:
    labels = a.labels(load)
    if not labels:
        return
    block = a.rows(name, labels, upper=0.0)
    share = attainable(a, labels)
    a.model.add(block, labels, a.model.columns[load], labels)
    a.model.add(block, labels, a.model.columns["installed"], labels, -share[:, None, :] if block.hourly else -share)


def attainable(a: Assembly, labels: Sequence[Label]) -> Array:
    """Share of (site, technology) that work may use: attainable utilisation less reserve. Shape (periods, labels)."""
    share = a.given.numbers("technologies", [(name,) for _, name in labels], "attainable_utilisation", 1.0)
    reserve = site_rule(a, "site_reserve_min", [site for site, _ in labels])
    return share * (1.0 - reserve)


def site_rule(a: Assembly, rule: str, sites: Sequence[str]) -> Array:
    """Value of a rule for each site: its own, else its hub's, else that for all, else 0. Shape (periods, sites)."""
    g = a.given
    out = np.zeros((len(g.periods), len(sites)))
    for y, period in enumerate(g.periods):
        frame = g.at("policies", period)
        frame = frame[frame["rule"] == rule]
        value = dict(zip(frame["scope"], frame["value"], strict=True))
        for i, site in enumerate(sites):
            hub = g.site_text[site]["hub"]
            out[y, i] = value.get(site, value.get(hub, value.get("all", 0.0)) if hub else value.get("all", 0.0))
    return out


def serve_when_open(a: Assembly) -> None:
    """A closed site serves nobody: implied by the capacities, but it makes the relaxation tight."""
    opened, serve = a.column("open"), a.column("serve")
    if opened is None or serve is None:
        return
    waits = set(a.labels("backlog"))
    labels = [label for label in serve.labels if label[1:2] in opened.position and (label[0], label[2]) not in waits]
    rows = list(dict.fromkeys(label[:3] for label in labels))
    if not rows:
        return
    # `open` is summed over earlier periods, which an hour cannot see: `opened` carries the sum into the period.
    demand = a.given.demand([(region, name) for region, _, name in rows])
    block = a.rows("serve_when_open", rows, upper=0.0)
    a.model.add(block, [label[:3] for label in labels], serve, labels)
    a.model.add(block, rows, a.model.columns["opened"], [(site,) for _, site, _ in rows], -demand)


# --- stock -----------------------------------------------------------------------------------------------------------


def add_stock(a: Assembly) -> None:
    """Variables and constraints of what is held through the period rather than run by the hour."""
    stock(a)
    stock_balance(a)
    stock_pool_balance(a)
    stock_node_balance(a)
    stock_class_balance(a)
    stock_technology_load(a)
    stock_within_installed(a)


def stock(a: Assembly) -> None:
    """Variables of stock: one placement a period, steady traffic."""
    g = a.given
    year = g.discount[:, None] * units.HOURS_PER_YEAR
    pairwise, free = g.workloads(stock=True, pairwise=True), g.workloads(stock=True, pairwise=False)
    pairs = pair_labels(a, pairwise)
    a.columns(
        "hold",
        pairs,
        upper=np.where(pair_usable(a, pairwise) > 0, np.inf, 0.0),
        costs={"transmission": pair_traffic_cost(a, pairwise) * year, "serving": serving_cost(a, pairs) * year},
    )
    a.columns("stock_release", g.asking(free))
    arcs = arc_labels(a, free)
    a.columns("stock_flow", arcs, costs={"transmission": arc_traffic_cost(a, arcs) * year})
    a.columns("stock_absorb", g.absorbing(free))
    dropped, most, price = droppable(a, g.asking([*pairwise, *free]))
    a.columns("stock_unserved", dropped, upper=most, costs={"unserved": price * year})
    a.columns("stock_load", g.of_kind("stock"))


def stock_balance(a: Assembly) -> None:
    """Stock that arises is held somewhere."""
    g = a.given
    asking = g.asking([*g.workloads(stock=True, pairwise=True), *g.workloads(stock=True, pairwise=False)])
    amount = g.mean_demand(asking)
    block = a.rows("stock_balance", asking, lower=amount, upper=amount)
    hold, release, unserved = (a.column(name) for name in ("hold", "stock_release", "stock_unserved"))
    if hold:
        a.model.add(block, [(region, name) for region, _, name, _ in hold.labels], hold, hold.labels)
    if release:
        a.model.add(block, release.labels, release, release.labels)
    if unserved:
        a.model.add(block, unserved.labels, unserved, unserved.labels)


def stock_pool_balance(a: Assembly) -> None:
    """As pool_balance."""
    _pool(a, "stock_pool_balance", a.given.workloads(stock=True, pairwise=False), "stock_release", "stock_absorb")


def stock_node_balance(a: Assembly) -> None:
    """As node_balance."""
    free = a.given.workloads(stock=True, pairwise=False)
    _nodes(a, "stock_node_balance", free, ("stock_release", "stock_flow", "stock_absorb"))


def stock_class_balance(a: Assembly) -> None:
    """As class_balance."""
    _classes(a, "stock_class_balance", "stock", "stock_load", ("hold", "stock_absorb"))


def stock_technology_load(a: Assembly) -> None:
    """As technology_load."""
    _bound(a, "stock_technology_load", "stock", "stock_load", ("hold", "stock_absorb"))


def stock_within_installed(a: Assembly) -> None:
    """As load_within_installed."""
    _within(a, "stock_within_installed", "stock_load")


def is_stock(a: Assembly, workload: str) -> bool:
    """Whether a workload is held rather than run."""
    return candidates.is_stock(a.given.scenario, workload)
