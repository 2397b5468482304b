"""Which work runs where and when: balances of work, deferral, and the split of a class over its vintages."""

from __future__ import annotations

from collections.abc import Sequence

from gnomon.arrays import Label
from xisuan.equations.constraints import work_balances
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.table_arrays import chosen


def add(a: Assembly) -> None:
    """Variables and constraints of work that runs by the hour."""
    running(a)
    work_balance(a)
    pool_balance(a)
    node_balance(a)
    class_balance(a)
    technology_load(a)
    load_within_installed(a)
    serve_when_open(a)


def running(a: Assembly) -> None:
    """Variables of work that runs by the hour."""
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
    """(region, workload) whose work may wait; none where no block is longer than an hour."""
    if all(block.hours == 1 for block in given.timeline.blocks):
        return []
    defer = given.whole.numbers("workloads", [(name,) for _, name in asking], "defer_hours").max(axis=0, initial=0.0)
    return chosen(asking, defer >= 1)


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
    work_balances.balance_pool(a, "pool_balance", a.given.workloads(stock=False, pairwise=False), "release", "absorb")


def node_balance(a: Assembly) -> None:
    """Free work travels as one commodity: exact, for it is divisible and its traffic is the same everywhere."""
    free = a.given.workloads(stock=False, pairwise=False)
    work_balances.balance_nodes(a, "node_balance", free, ("release", "flow", "absorb"))


def class_balance(a: Assembly) -> None:
    """Work of a class that reaches a site is split over the class's technologies there."""
    work_balances.balance_classes(a, "class_balance", "load", ("serve", "absorb"))


def technology_load(a: Assembly) -> None:
    """Work bound to one technology runs on it."""
    work_balances.bind(a, "technology_load", "load", ("serve", "absorb"))


def load_within_installed(a: Assembly) -> None:
    """No unit runs more than it attains, less the reserve of its site."""
    work_balances.within_installed(a, "load_within_installed", "load")


def serve_when_open(a: Assembly) -> None:
    """A closed site serves nobody: implied by the capacities, but it makes the relaxation tight.

    `open` is summed over earlier periods, which an hour cannot see: `opened` carries the sum into the period.
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
