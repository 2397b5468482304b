"""Most residents in gigabit cities under budgets: one city at a time, joined by the budgets alone.

Dantzig-Wolfe decomposition. For any prices of the budgets λ ≥ 0 the sum of what each city does best by itself, plus
λ × budgets, bounds the optimum (Lagrange), far better than the model's own relaxation, in which a fraction of a city is
built by its cheapest measures alone. Prices come from mixing the ways found so far within the budgets (`ways`); what
mixtures leave to whole cities is closed by branch and bound over the choices (`choosing`). Prices, the duals of the cities'
own programs and the cases of the search are the proof, and are handed out with the answer.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from gnomon.arrays import Array, Index
from gnomon.highs import feasibility, highs_run, solver_sequence
from gnomon.highs.solver_sequence import How, Solution
from gnomon.model.linear_program import Flat
from gnomon.solution import LEAST_OBJECTIVE
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError
from xisuan.planning.access.branch_and_price import Tree
from xisuan.planning.access.choice_problem import Game, Leaf, Node, Point
from xisuan.planning.access.exchange_heuristic import ROUNDS as EXCHANGES
from xisuan.planning.access.exchange_heuristic import exchange
from xisuan.planning.access.pricing import NO_PLAN, Cities, Ways, separable
from xisuan.progress import Report, tell

__all__ = ["most_residents", "separable"]

ROUNDS = 60
"""Most rounds of prices: the bound is valid after any of them."""
CLOSE = 1e-7
"""Relative distance of mixture and bound at which prices have converged."""
WORK = 5e6
"""Columns of nodes' programs, in all, after which the search ends: some ten seconds, whatever the number of cities."""
FIRST = 200
"""Nodes before cities are exchanged: most small programs are done by then."""
TILTED, TILT = 8, 0.3
"""Times that cities are asked at other prices, and by how much these differ, as a logarithm: ways that spend in other
years fill budgets that the first ones leave."""
PRICES, NEVER, REACH = "prices", "never", "reach"
"""Names of row duals in the proof, beside those of the choices; `prices` and the choices are numbered by point."""
SPLIT, WEIGHT, CHARGE = 0.0, 1.0, 2.0
"""What a line of the cases is."""


def best(
    assembly: Assembly, wished: Flat, how: How, progress: Report | None = None, watch: solver_sequence.Watch = None
) -> Solution:
    """Most resident-years in gigabit cities: city by city where cities share nothing but budgets, else by HiGHS."""
    if separable(assembly, wished):
        return most_residents(assembly, wished, how, progress)
    return solver_sequence.solve(wished, how, watch)


def most_residents(assembly: Assembly, flat: Flat, how: How, progress: Report | None = None) -> Solution:
    """When each city is a gigabit city for most resident-years in all, with a proven bound.

    The gap asked is kept of those reached as of those outside, whichever are fewer.

    Of the solution only the values of `gigabit` mean something; what is built for them is a linear program. `further`
    and `cases` hold the proof. Raises InfeasibleError where no plan meets the dates and floors within the budgets.
    """
    began = time.perf_counter()
    them = Cities(assembly, flat)
    everybody = assembly.outside_constant
    gap = how.gap if how.gap is not None else highs_run.MIP_GAP
    tree, members, rounds = priced(them, everybody, progress)
    asked = gap * max(1.0, min(everybody - tree.top(), tree.root.value))
    _search(tree, asked, progress, everybody)
    if tree.counts is None:
        raise InfeasibleError(NO_PLAN)
    tell(progress, "solve", "whole cities: the proof")
    bound, nodes = tree.proof(asked)
    outside = everybody - tree.reached
    x = np.zeros_like(flat.cost)
    flat.part(x, them.gigabit)[...] = statuses(them, tree, members)
    told = (
        f"{rounds} rounds of prices, {len(tree.ways.city):,} ways, {tree.solved:,} nodes, {len(nodes):,} in the proof"
    )
    return Solution(
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


# --- prices ----------------------------------------------------------------------------------------------------------


def priced(
    them: Cities, everybody: float, progress: Report | None = None, start: Array | None = None, close: float = CLOSE
) -> tuple[Tree, list[Index], int]:
    """A tree whose first point proves the least bound of all prices; the cities of each kind; rounds.

    `start`: prices to begin with; `close`: relative distance of mixture and bound at which it ends.
    """
    same = them.kinds()
    names, sizes = np.unique(same, return_counts=True)
    worth = them.worth[:, names]
    game = Game(worth, sizes.astype(float), names, them.choices, them.limits, _grid(worth))

    def ask(prices: Array) -> tuple[Ways, Point]:
        ways, least, duals = them.best(prices)
        return ways, Point(prices, least, duals)

    dear = everybody / np.maximum(them.limits, 1.0) / max(1, len(them.limits))  # enough to build nothing idly
    ways, point = ask(dear if start is None else start)
    tree = Tree(game, ask, ways.only(np.isin(ways.city, names)), [point])
    rounds, known = 1, tree.ways
    while rounds < ROUNDS and tree.top() - tree.root.value > close * max(1.0, everybody):
        tell(progress, "solve", f"prices of budgets: round {rounds}, {tree.root.value:,.0f} to {tree.top():,.0f}")
        assert tree.root.prices is not None
        more, point = ask(tree.root.prices)
        known.add(more.only(np.isin(more.city, names)))
        better = Tree(game, ask, known, [point])
        if better.top() > tree.top():
            better = Tree(game, ask, known, tree.points)
        same_prices = (
            np.allclose(better.root.prices, tree.root.prices, rtol=1e-12) if better.root.prices is not None else True
        )
        tree, rounds = better, rounds + 1
        if same_prices:
            break
    if tree.root.overspent > feasibility.FEASIBLE:
        raise InfeasibleError(NO_PLAN)
    return tree, [np.flatnonzero(same == name) for name in names], rounds


def _grid(worth: Array) -> float:
    """What every number of resident-years is a multiple of; 0 where they are not whole."""
    values = worth[np.isfinite(worth)]
    if not len(values) or (values != np.rint(values)).any() or np.abs(values).max() >= 2.0**53:
        return 0.0
    return float(np.gcd.reduce(values.astype(np.int64)))


# --- whole cities ----------------------------------------------------------------------------------------------------


def _search(tree: Tree, asked: float, progress: Report | None, everybody: float) -> None:
    """Branch and bound; a general solver for a first good plan where that is not done at once."""

    def say(stage: str) -> None:
        gap = (tree.bound() - tree.reached) / max(1.0, everybody - tree.reached) if tree.counts is not None else None
        tell(
            progress,
            "solve",
            f"{stage}: {tree.solved:,} nodes" + (f", gap {gap:.1e}" if gap is not None else ""),
            gap=gap,
        )

    tree.go_on(asked, FIRST)
    say("whole cities")
    if not tree.done:
        _exchanged(tree, asked)
        say("whole cities, exchanged by twos")
    most = int(WORK / max(1, len(tree.ways.city)))
    end = tree.solved + most
    while tree.solved < end and not tree.done:
        tree.go_on(asked, max(1, most // 10))
        say("whole cities")


def _exchanged(tree: Tree, asked: float) -> None:
    """Better plans by exchange: first of each group of cities that share no budget with a price, then of all."""
    _tilted(tree)
    groups, enough = _groups(tree), tree.top() - asked
    if len(groups) > 1:
        counts = np.zeros_like(tree.game.worth)  # cities of no group spend nothing of what is scarce
        counts[tree.loss().argmin(axis=0), np.arange(len(tree.game.size))] = tree.game.size
        for kinds, rows in groups:
            part = _part(tree, kinds, rows)
            part.go_on(asked / len(groups), FIRST // len(groups))
            exchange(part, part.top() - asked / len(groups))
            counts[:, kinds] = 0.0 if part.counts is None else part.counts
        if (counts.sum(axis=0) == tree.game.size).all():
            tree.try_out(counts)
    exchange(tree, enough, EXCHANGES if len(groups) == 1 else EXCHANGES // 4)


def _tilted(tree: Tree) -> None:
    """More ways: at prices a little off those of the root."""
    assert tree.ask is not None
    assert tree.root.prices is not None
    rng, prices = np.random.default_rng(0), tree.root.prices
    for _ in range(TILTED):
        tilt = np.exp(rng.normal(0.0, TILT, len(prices)))
        tree.learn(tree.ask(np.maximum(prices, 1e-3 * prices.max(initial=0.0)) * tilt)[0])


def _groups(tree: Tree) -> list[tuple[Index, Index]]:
    """Kinds of cities that share no budget with a price with those of another group, and the budgets that each shares."""
    root, ways = tree.root, tree.ways
    assert root.prices is not None
    scarce = np.flatnonzero(root.prices > 0.0)
    pays = np.zeros((len(tree.game.city), len(scarce)))
    np.maximum.at(pays, tree.game.kind_of(ways.city), np.abs(ways.takes[:, scarce]))
    joined = sp.csr_matrix(pays > 0.0).astype(float)
    count, group = connected_components(joined @ joined.T, directed=False)
    found = [np.flatnonzero(group == number) for number in range(count)]
    rows = [scarce[(pays[kinds] > 0.0).any(axis=0)] for kinds in found]
    return [(kinds, own) for kinds, own in zip(found, rows, strict=True) if len(own)]


def _part(tree: Tree, kinds: Index, rows: Index) -> Tree:
    """The search among some kinds, within some budgets, with the ways and the first point that are known."""
    game, first = tree.game, tree.points[0]
    small = replace(
        game, worth=game.worth[:, kinds], size=game.size[kinds], city=game.city[kinds], limits=game.limits[rows]
    )
    own = np.isin(tree.ways.city, small.city)
    ways = Ways(tree.ways.city[own], tree.ways.choice[own], tree.ways.takes[own][:, rows])
    return Tree(small, None, ways, [Point(first.prices[rows], first.least, [])])


def statuses(them: Cities, tree: Tree, members: Sequence[Index]) -> Array:
    """Whether each city is a gigabit city in each period. Shape (periods, cities)."""
    assert tree.counts is not None
    status = np.zeros((len(them.years), len(them.gigabit)))
    for kind, cities in enumerate(members):
        made = np.repeat(np.arange(len(them.choices)), tree.counts[:, kind].astype(int))
        status[:, cities] = them.choices[made].T
    return status


# --- the proof as arrays ---------------------------------------------------------------------------------------------


Proven = Sequence[tuple[Node, Leaf | None]]


def _used(tree: Tree, nodes: Proven) -> list[int]:
    """Numbers of the points that some leaf weighs, the first among them."""
    weighed = np.zeros(len(tree.points), dtype=bool)
    weighed[0] = True
    for _, leaf in nodes:
        if leaf is not None:
            weighed[: len(leaf.weights)] |= leaf.weights > 0.0
    return [int(number) for number in np.flatnonzero(weighed)]


def name_of(choice: Array, years: Sequence[int]) -> str:
    """A choice in words: the years in which the city is a gigabit city, or never."""
    return "+".join(str(year) for year, on in zip(years, choice, strict=True) if on) or NEVER


def _duals(them: Cities, tree: Tree, nodes: Proven) -> Mapping[str, Array]:
    """Row duals by name: PRICES and each choice of every point, after its number; after REACH, how far cities can get."""
    names = [name_of(choice, them.years) for choice in them.choices]
    found = {f"{REACH} {name}": dual for name, dual in zip(names, them.reach, strict=True) if name != NEVER}
    for place, number in enumerate(_used(tree, nodes)):
        point = tree.points[number]
        found[f"{place} {PRICES}"] = them.of_budgets(-point.prices)
        found |= {f"{place} {name}": dual for name, dual in zip(names, point.duals, strict=True)}
    return found


def _cases(tree: Tree, nodes: Proven, members: Sequence[Index]) -> Mapping[str, Array]:
    """The search as lines: node, what (SPLIT, WEIGHT, CHARGE), item (a city, or the number of a point), period, value."""
    lines: list[tuple[float, ...]] = []
    place = {number: k for k, number in enumerate(_used(tree, nodes))}
    for number, (node, leaf) in enumerate(nodes):
        if leaf is None and node.split is not None:
            split = node.split
            lines += [(number, SPLIT, city, split.period, split.most) for city in members[split.kind]]
        elif leaf is not None:
            lines += [(number, WEIGHT, place[k], -1, w) for k, w in enumerate(leaf.weights) if w > 0.0]
            lines += [] if leaf.weights.any() else [(number, WEIGHT, 0, -1, 0.0)]  # no case goes without a line
            for period, kind in zip(*np.nonzero(leaf.charges), strict=True):
                lines.append((number, CHARGE, members[kind][0], period, leaf.charges[period, kind]))
    columns = np.array(lines, dtype=float).reshape(-1, 5).T
    return dict(zip(("node", "what", "item", "period", "value"), columns, strict=True))
