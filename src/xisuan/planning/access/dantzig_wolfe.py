"""Most resident-years in gigabit cities under budgets, by Dantzig-Wolfe decomposition into cities.

For any budget prices λ ≥ 0, the sum of the cities' best values at these prices plus λ · budgets bounds the optimum
(Lagrangian bound). It is much tighter than the linear relaxation, in which a fraction of a city is built by its
cheapest measures alone. Column generation alternates the restricted master (`restricted_master`) and the pricing
problem (`pricing`). Branch and price (`branch_and_price`) closes the gap to whole cities. The prices, the duals of the
cities' subproblems and the leaves of the search are the proof and are returned with the solution.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from gnomon import (
    ACCEPTED_VIOLATION,
    LEAST_OBJECTIVE,
    Array,
    Index,
    LinearProgram,
    Options,
    Solution,
    Watch,
    solve_direct,
)
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError
from xisuan.planning.access.branch_and_price import Tree
from xisuan.planning.access.choice_problem import ChoiceProblem, Leaf, Node, Point
from xisuan.planning.access.exchange_heuristic import ROUNDS as EXCHANGES
from xisuan.planning.access.exchange_heuristic import exchange
from xisuan.planning.access.pricing import NO_PLAN, ChoiceAtLimitError, Cities, Ways, is_separable
from xisuan.progress import Report, tell
from xisuan.text.translation import message as _

__all__ = ["is_separable", "most_residents"]

ROUNDS = 60
"""Most rounds of column generation; the Lagrangian bound is valid after any of them."""
CLOSE = 1e-7
"""Relative distance of the restricted master from the Lagrangian bound at which column generation has converged."""
WORK = 5e6
"""Limit on nodes × columns, after which the search ends: about ten seconds for any number of cities."""
FIRST = 200
"""Nodes solved before the exchange heuristic; most small problems end within them."""
TILTED, TILT = 8, 0.3
"""Number of pricing problems at perturbed prices, and the standard deviation of the log of the factors.

Their ways spend in other years and fill budgets that the converged ways leave unused.
"""
PRICES, NEVER, REACH = "prices", "never", "reach"
"""Names of row duals in the proof, besides those of the choices."""
SPLIT, WEIGHT, CHARGE = 0.0, 1.0, 2.0
"""Codes of the rows of the proof's table of cases."""


@dataclass(frozen=True, slots=True)
class CitySolution(Solution):
    """A solution whose bound the cities prove one by one.

    further: row duals of each subproblem, by name. cases: columns of a table of the cases that the proof distinguishes.
    """

    further: Mapping[str, Array] = field(default_factory=dict)
    cases: Mapping[str, Array] = field(default_factory=dict)


def best(
    assembly: Assembly,
    wished: LinearProgram,
    options: Options,
    progress: Report | None = None,
    watch: Watch = None,
) -> Solution:
    """Maximise resident-years in gigabit cities: by decomposition where cities share only budgets, else with HiGHS.

    HiGHS takes all cities at once as well where a city meets a limit to rounding, so that its choices cannot be listed.
    `wished`: the model whose objective is the resident-years outside gigabit cities, to be minimised.
    """
    if is_separable(assembly, wished):
        with suppress(ChoiceAtLimitError):
            return most_residents(assembly, wished, options, progress)
    return solve_direct(wished, options, watch)


def most_residents(
    assembly: Assembly, flat: LinearProgram, options: Options, progress: Report | None = None
) -> CitySolution:
    """Return the gigabit statuses of cities with the most resident-years, with a proven bound.

    The relative gap refers to the resident-years reached or to those outside, whichever are fewer.

    Only the values of `gigabit` in the solution are meaningful; what to build for them is a linear program. `further`
    and `cases` hold the proof. Raises InfeasibleError where no plan meets the dates and floors within the budgets.
    """
    began = time.perf_counter()
    them = Cities(assembly, flat)
    everybody = assembly.outside_constant
    gap = options.gap_or_default(integers=True)
    # Root node: column generation.
    tree, members, rounds = solve_root(them, everybody, progress)
    asked = gap * max(1.0, min(everybody - tree.top(), tree.root.value))
    # Branch and price to the gap asked.
    _search(tree, asked, progress, everybody)
    if tree.counts is None:
        raise InfeasibleError(NO_PLAN)
    tell(progress, "solve", _("whole cities: the proof"))
    bound, nodes = tree.proof(asked)
    # The solution minimises resident-years outside: a lower bound from the upper bound on those reached.
    outside = everybody - tree.reached
    x = np.zeros_like(flat.cost)
    flat.part(x, them.gigabit)[...] = statuses(them, tree, members)
    told = (
        f"{rounds} rounds of prices, {len(tree.ways.city):,} ways, {tree.solved:,} nodes, {len(nodes):,} in the proof"
    )
    return CitySolution(
        x,
        np.zeros(flat.shape[0]),
        outside,
        min(everybody - bound, outside),
        "decomposition",
        tree.solved,
        time.perf_counter() - began,
        f"decomposition: {told}",
        further=_duals(them, tree, nodes),
        cases=_cases(tree, nodes, members),
        asked=asked / max(LEAST_OBJECTIVE, outside),
    )


# --- column generation -----------------------------------------------------------------------------------------------


def solve_root(
    them: Cities, everybody: float, progress: Report | None = None, start: Array | None = None, close: float = CLOSE
) -> tuple[Tree, list[Index], int]:
    """Solve the root by column generation; return the search tree, the cities of each kind, and the number of rounds.

    `everybody`: resident-years of all cities. `start`: starting prices. `close`: relative distance of the restricted
    master from the Lagrangian bound at which it stops. The tree's first point has the best Lagrangian bound found.
    Raises InfeasibleError where even the relaxation overspends the budgets.
    """
    same = them.kinds()
    names, sizes = np.unique(same, return_counts=True)
    worth = them.worth[:, names]
    problem = ChoiceProblem(worth, sizes.astype(float), names, them.choices, them.limits, _grid(worth))

    def ask(prices: Array) -> tuple[Ways, Point]:
        ways, least, duals = them.best(prices)
        return ways, Point(prices, least, duals)

    # Starting prices at which spending every budget costs all resident-years, so that no way buys what it does not need.
    dear = everybody / np.maximum(them.limits, 1.0) / max(1, len(them.limits))
    ways, point = ask(dear if start is None else start)
    tree = Tree(problem, ask, ways.only(np.isin(ways.city, names)), [point])
    rounds, known = 1, tree.ways
    # Column generation: Lagrangian bound tree.top() ≥ LP optimum ≥ restricted master tree.root.value.
    while rounds < ROUNDS and tree.top() - tree.root.value > close * max(1.0, everybody):
        tell(
            progress,
            "solve",
            _(
                "prices of budgets: round {rounds}, {low:,.0f} to {high:,.0f}",
                rounds=rounds,
                low=tree.root.value,
                high=tree.top(),
            ),
        )
        assert tree.root.prices is not None
        more, point = ask(tree.root.prices)
        known.add(more.only(np.isin(more.city, names)))
        better = Tree(problem, ask, known, [point])
        # The bound is not monotone: keep the point with the least one.
        if better.top() > tree.top():
            better = Tree(problem, ask, known, tree.points)
        # Unchanged duals would only return ways that are already known.
        same_prices = (
            np.allclose(better.root.prices, tree.root.prices, rtol=1e-12) if better.root.prices is not None else True
        )
        tree, rounds = better, rounds + 1
        if same_prices:
            break
    # The relaxation still overspends at the penalty: no plan keeps the budgets.
    if tree.root.overspent > ACCEPTED_VIOLATION:
        raise InfeasibleError(NO_PLAN)
    return tree, [np.flatnonzero(same == name) for name in names], rounds


def _grid(worth: Array) -> float:
    """Return the greatest common divisor of the resident-years, which divides all totals; 0 if they are not whole."""
    values = worth[np.isfinite(worth)]
    if not len(values) or (values != np.rint(values)).any() or np.abs(values).max() >= 2.0**53:
        return 0.0
    return float(np.gcd.reduce(values.astype(np.int64)))


# --- branch and price ------------------------------------------------------------------------------------------------


def _search(tree: Tree, asked: float, progress: Report | None, everybody: float) -> None:
    """Search to the absolute gap `asked`: first nodes, the exchange heuristic, then nodes up to the work limit."""

    def say(stage: str) -> None:
        gap = (tree.bound() - tree.reached) / max(1.0, everybody - tree.reached) if tree.counts is not None else None
        tell(
            progress,
            "solve",
            f"{stage}: {tree.solved:,} nodes" + (f", gap {gap:.1e}" if gap is not None else ""),
            gap=gap,
        )

    tree.search(asked, FIRST)
    say("whole cities")
    if not tree.is_done:
        _exchange(tree, asked)
        say("whole cities, exchanged by twos")
    most = int(WORK / max(1, len(tree.ways.city)))
    end = tree.solved + most
    while tree.solved < end and not tree.is_done:
        tree.search(asked, max(1, most // 10))
        say("whole cities")


def _exchange(tree: Tree, asked: float) -> None:
    """Improve the incumbent by exchange: first in each group of cities that share no scarce budget, then among all."""
    _add_perturbed_ways(tree)
    groups, enough = _groups(tree), tree.top() - asked
    if len(groups) > 1:
        counts = np.zeros_like(tree.problem.worth)  # cities outside all groups use no scarce budget
        counts[tree.loss().argmin(axis=0), np.arange(len(tree.problem.size))] = tree.problem.size
        for kinds, rows in groups:
            part = _part(tree, kinds, rows)
            part.search(asked / len(groups), FIRST // len(groups))
            exchange(part, part.top() - asked / len(groups))
            counts[:, kinds] = 0.0 if part.counts is None else part.counts
        if (counts.sum(axis=0) == tree.problem.size).all():
            tree.try_out(counts)
    exchange(tree, enough, EXCHANGES if len(groups) == 1 else EXCHANGES // 4)


def _add_perturbed_ways(tree: Tree) -> None:
    """Add the ways that are cheapest at prices slightly off those of the root."""
    assert tree.ask is not None
    assert tree.root.prices is not None
    rng, prices = np.random.default_rng(0), tree.root.prices
    for _round in range(TILTED):
        tilt = np.exp(rng.normal(0.0, TILT, len(prices)))
        tree.learn(tree.ask(np.maximum(prices, 1e-3 * prices.max(initial=0.0)) * tilt)[0])


def _groups(tree: Tree) -> list[tuple[Index, Index]]:
    """Return groups of kinds that share no budget of positive price, each with the scarce budgets that it uses."""
    root, ways = tree.root, tree.ways
    assert root.prices is not None
    scarce = np.flatnonzero(root.prices > 0.0)
    pays = np.zeros((len(tree.problem.city), len(scarce)))
    np.maximum.at(pays, tree.problem.kind_of(ways.city), np.abs(ways.takes[:, scarce]))
    # Connected components of the graph in which kinds are joined by a scarce budget.
    joined = sp.csr_matrix(pays > 0.0).astype(float)
    count, group = connected_components(joined @ joined.T, directed=False)
    found = [np.flatnonzero(group == number) for number in range(count)]
    rows = [scarce[(pays[kinds] > 0.0).any(axis=0)] for kinds in found]
    return [(kinds, own) for kinds, own in zip(found, rows, strict=True) if len(own)]


def _part(tree: Tree, kinds: Index, rows: Index) -> Tree:
    """Return the search tree restricted to some kinds and budgets, with their known ways and first point."""
    problem, first = tree.problem, tree.points[0]
    small = replace(
        problem,
        worth=problem.worth[:, kinds],
        size=problem.size[kinds],
        city=problem.city[kinds],
        limits=problem.limits[rows],
    )
    own = np.isin(tree.ways.city, small.city)
    ways = Ways(tree.ways.city[own], tree.ways.choice[own], tree.ways.takes[own][:, rows])
    return Tree(small, None, ways, [Point(first.prices[rows], first.least, [])])


def statuses(them: Cities, tree: Tree, members: Sequence[Index]) -> Array:
    """Return 1 where a city is a gigabit city, shape (periods, cities).

    `members`: the cities of each kind. Cities of a kind are interchangeable, so counts are dealt out in order.
    """
    assert tree.counts is not None
    status = np.zeros((len(them.years), len(them.gigabit)))
    for kind, cities in enumerate(members):
        made = np.repeat(np.arange(len(them.choices)), tree.counts[:, kind].astype(int))
        status[:, cities] = them.choices[made].T
    return status


# --- the proof as arrays ---------------------------------------------------------------------------------------------


Proven = Sequence[tuple[Node, Leaf | None]]


def _used_points(tree: Tree, nodes: Proven) -> list[int]:
    """Return the numbers of the points that some leaf weighs, and of the first one."""
    weighed = np.zeros(len(tree.points), dtype=bool)
    weighed[0] = True
    for _bound, leaf in nodes:
        if leaf is not None:
            weighed[: len(leaf.weights)] |= leaf.weights > 0.0
    return [int(number) for number in np.flatnonzero(weighed)]


def name_of(choice: Array, years: Sequence[int]) -> str:
    """Return the name of a choice: the years in which the city is a gigabit city, or `never`."""
    return "+".join(str(year) for year, on in zip(years, choice, strict=True) if on) or NEVER


def _duals(them: Cities, tree: Tree, nodes: Proven) -> Mapping[str, Array]:
    """Return the row duals of the proof by name.

    "k prices" and "k choice" belong to the k-th point used; "reach choice" bounds the periods that cities can reach.
    """
    names = [name_of(choice, them.years) for choice in them.choices]
    found = {f"{REACH} {name}": dual for name, dual in zip(names, them.reach, strict=True) if name != NEVER}
    for place, number in enumerate(_used_points(tree, nodes)):
        point = tree.points[number]
        found[f"{place} {PRICES}"] = them.of_budgets(-point.prices)
        found |= {f"{place} {name}": dual for name, dual in zip(names, point.duals, strict=True)}
    return found


def _cases(tree: Tree, nodes: Proven, members: Sequence[Index]) -> Mapping[str, Array]:
    """Return the search tree as columns: node, what (SPLIT, WEIGHT, CHARGE), item (city or point), period, value."""
    lines: list[tuple[float, ...]] = []
    place = {number: k for k, number in enumerate(_used_points(tree, nodes))}
    for number, (node, leaf) in enumerate(nodes):
        if leaf is None and node.split is not None:
            split = node.split
            lines += [(number, SPLIT, city, split.period, split.most) for city in members[split.kind]]
        elif leaf is not None:
            lines += [(number, WEIGHT, place[k], -1, w) for k, w in enumerate(leaf.weights) if w > 0.0]
            lines += [] if leaf.weights.any() else [(number, WEIGHT, 0, -1, 0.0)]  # every leaf has a row
            for period, kind in zip(*np.nonzero(leaf.charges), strict=True):
                lines.append((number, CHARGE, members[kind][0], period, leaf.charges[period, kind]))
    columns = np.array(lines, dtype=float).reshape(-1, 5).T
    return dict(zip(("node", "what", "item", "period", "value"), columns, strict=True))
