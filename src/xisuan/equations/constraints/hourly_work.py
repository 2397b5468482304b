"""Hourly work: balances of demand, deferral, and the split of a class over its technologies."""

from __future__ import annotations

from collections.abc import Sequence

from gnomon import Label
from xisuan.equations.constraints import work_balances
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.table_arrays import chosen


def add(a: Assembly) -> None:
    """Add variables and constraints of work that runs by the hour."""
    running(a)
    work_balance(a)
    pool_balance(a)
    node_balance(a)
    class_balance(a)
    technology_load(a)
    load_within_installed(a)
    serve_when_open(a)


def running(a: Assembly) -> None:
    """Add variables of work that runs by the hour, with the costs of transmission, serving and unserved work."""
    g = a.given
    hour = g.hourly_weight
    pairwise, free = g.workloads(stock=False, pairwise=True), g.workloads(stock=False, pairwise=False)
    pairs = work_balances.pair_labels(a, pairwise)
    a.columns(
        "serve",
        pairs,
        upper=work_balances.pair_most(a, pairwise)[:, None, :],
        costs={
            "transmission": work_balances.pair_traffic_cost(a, pairwise)[:, None, :] * hour,
            "serving": work_balances.serving_cost(a, pairs)[:, None, :] * hour,
        },
    )
    a.columns("release", g.asking(free), upper=g.free_most([name for _, name in g.asking(free)])[:, None, :])
    arcs = work_balances.arc_labels(a, free)
    most = work_balances.arc_most(a, arcs)[:, None, :]
    a.columns(
        "flow", arcs, upper=most, costs={"transmission": work_balances.arc_traffic_cost(a, arcs)[:, None, :] * hour}
    )
    a.columns("absorb", g.absorbing(free), upper=g.free_most([name for _, name in g.absorbing(free)])[:, None, :])
    asking = g.asking([*pairwise, *free])
    waits = waiting(g, asking)
    a.columns("backlog", waits, upper=g.window(waits))
    dropped, most, price = work_balances.droppable(a, asking)
    a.columns("unserved", dropped, upper=most[:, None, :], costs={"unserved": price[:, None, :] * hour})
    a.columns("load", g.of_kind("flow"))


def waiting(given: Given, asking: Sequence[Label]) -> list[Label]:
    """Return each (region, workload) whose work may be deferred; none where every block is one hour long."""
    if all(block.hours == 1 for block in given.timeline.blocks):
        return []
    defer = given.whole.numbers("workloads", [(name,) for _, name in asking], "defer_hours").max(axis=0, initial=0.0)
    return chosen(asking, defer >= 1)


def work_balance(a: Assembly) -> None:
    """Add served or released work + change of the backlog + unserved = demand (units), by (region, workload, hour).

    The backlog carries deferred work to the next hour; its upper bound keeps deadlines.
    """
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
    """Add Σ release = Σ absorb (units), by workload and hour, for free work that no network limits."""
    work_balances.balance_pool(a, "pool_balance", a.given.workloads(stock=False, pairwise=False), "release", "absorb")


def node_balance(a: Assembly) -> None:
    """Add flow conservation of free work (units) at each node, by workload and hour.

    One commodity per workload is exact, because work is divisible and its traffic per unit is the same everywhere.
    """
    free = a.given.workloads(stock=False, pairwise=False)
    work_balances.balance_nodes(a, "node_balance", free, ("release", "flow", "absorb"))


def class_balance(a: Assembly) -> None:
    """Add Σ load over the technologies of a class = work of the class at the site (units), by (site, class, hour)."""
    work_balances.balance_classes(a, "class_balance", "load", ("serve", "absorb"))


def technology_load(a: Assembly) -> None:
    """Add load ≥ the work bound to a technology (units), by (site, technology, hour)."""
    work_balances.bind(a, "technology_load", "load", ("serve", "absorb"))


def load_within_installed(a: Assembly) -> None:
    """Add load ≤ attainable utilisation × (1 − site reserve) × installed (units), by (site, technology, hour)."""
    work_balances.within_installed(a, "load_within_installed", "load")


def serve_when_open(a: Assembly) -> None:
    """Add Σ serve ≤ demand × opened (units): a valid inequality that tightens the relaxation.

    Capacities imply it. `opened` is used because it already sums `open` over earlier periods, which hourly rows cannot.
    """
    ordered, serve = a.column("open"), a.column("serve")
    if ordered is None or serve is None:
        return
    waits = set(a.labels("backlog"))
    labels = [label for label in serve.labels if label[1:2] in ordered.position and (label[0], label[2]) not in waits]
    rows = list(dict.fromkeys(label[:3] for label in labels))
    block = a.rows("serve_when_open", rows, upper=0.0)
    a.model.add(block, [label[:3] for label in labels], serve, labels)
    demand = a.given.demand([(region, name) for region, _, name in rows])
    a.model.add(block, rows, a.model.columns["opened"], [(site,) for _, site, _ in rows], -demand)
