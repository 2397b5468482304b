"""Stock: work that is held through a period, with one placement per period, steady traffic and no deferral."""

from __future__ import annotations

from xisuan import units
from xisuan.equations.constraints import work_balances
from xisuan.equations.model_builder import Assembly


def add(a: Assembly) -> None:
    """Add variables and constraints of stock."""
    holding(a)
    stock_balance(a)
    stock_pool_balance(a)
    stock_node_balance(a)
    stock_class_balance(a)
    stock_technology_load(a)
    stock_within_installed(a)


def holding(a: Assembly) -> None:
    """Add the variables of stock; hourly costs are paid in every hour of the year."""
    g = a.given
    year = g.discount[:, None] * units.HOURS_PER_YEAR
    pairwise, free = g.workloads(stock=True, pairwise=True), g.workloads(stock=True, pairwise=False)
    pairs = work_balances.pair_labels(a, pairwise)
    a.columns(
        "hold",
        pairs,
        upper=work_balances.pair_most(a, pairwise),
        costs={
            "transmission": work_balances.pair_traffic_cost(a, pairwise) * year,
            "serving": work_balances.serving_cost(a, pairs) * year,
        },
    )
    a.columns("stock_release", g.asking(free), upper=g.free_most([name for _, name in g.asking(free)]))
    arcs = work_balances.arc_labels(a, free)
    most = work_balances.arc_most(a, arcs)
    a.columns("stock_flow", arcs, upper=most, costs={"transmission": work_balances.arc_traffic_cost(a, arcs) * year})
    a.columns("stock_absorb", g.absorbing(free), upper=g.free_most([name for _, name in g.absorbing(free)]))
    dropped, most, price = work_balances.droppable(a, g.asking([*pairwise, *free]))
    a.columns("stock_unserved", dropped, upper=most, costs={"unserved": price * year})
    a.columns("stock_load", g.of_kind("stock"))


def stock_balance(a: Assembly) -> None:
    """Add held or released stock + unserved = mean demand (units), by (region, workload)."""
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
    """Add Σ stock_release = Σ stock_absorb (units), as in pool_balance."""
    free = a.given.workloads(stock=True, pairwise=False)
    work_balances.balance_pool(a, "stock_pool_balance", free, "stock_release", "stock_absorb")


def stock_node_balance(a: Assembly) -> None:
    """Add flow conservation of stock (units) at each node, as in node_balance."""
    free = a.given.workloads(stock=True, pairwise=False)
    work_balances.balance_nodes(a, "stock_node_balance", free, ("stock_release", "stock_flow", "stock_absorb"))


def stock_class_balance(a: Assembly) -> None:
    """Add Σ stock_load = stock of the class at the site (units), as in class_balance."""
    work_balances.balance_classes(a, "stock_class_balance", "stock_load", ("hold", "stock_absorb"))


def stock_technology_load(a: Assembly) -> None:
    """Add stock_load ≥ the stock bound to a technology (units), as in technology_load."""
    work_balances.bind(a, "stock_technology_load", "stock_load", ("hold", "stock_absorb"))


def stock_within_installed(a: Assembly) -> None:
    """Add stock_load ≤ usable share × installed (units), as in load_within_installed."""
    work_balances.within_installed(a, "stock_within_installed", "stock_load")
