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

from xisuan.equations.assembly import Assembly
from xisuan.errors import InfeasibleError
from xisuan.planning.choosing import Game, Leaf, Node, Point, Tree
from xisuan.planning.ways import NO_PLAN, Cities, Index, Ways, separable
from xisuan.progress import Report, tell
from xisuan.solver import highs
from xisuan.solver.coefficients import Held
from xisuan.solver.flat import Flat
from xisuan.solver.highs import How, Solution
from xisuan.solver.model import Array, Model

__all__ = ["most_residents", "separable"]

ROUNDS = 60
"""Most rounds of prices: the bound is valid after any of them."""
CLOSE = 1e-7
"""Relative distance of mixture and bound at which prices have converged."""
WORK = 5e6
"""Columns of nodes' programs, in all, after which the search ends: some ten seconds, whatever the number of cities."""
FIRST = 200
"""Nodes before a general solver is asked for a plan: most small programs are done by then."""
NODES = 150
"""Nodes after which it is asked again with more to choose from."""
WIDER = (1.0, 2.0)
"""Losses that it may choose among, in gaps asked: a plan that comes close loses little in any one city."""
PRICES, NEVER, REACH = "prices", "never", "reach"
"""Names of row duals in the proof, beside those of the choices; `prices` and the choices are numbered by point."""
SPLIT, WEIGHT, CHARGE = 0.0, 1.0, 2.0
"""What a line of the cases is."""


def most_residents(assembly: Assembly, flat: Flat, how: How, progress: Report | None = None) -> Solution:
    """When each city is a gigabit city for most resident-years in all, with a proven bound.

    Of the solution only the values of `gigabit` mean something; what is built for them is a linear program. `further`
    and `cases` hold the proof. Raises InfeasibleError where no plan meets the dates and floors within the budgets.
    """
    began = time.perf_counter()
    them = Cities(assembly, flat)
    everybody = assembly.outside_constant
    gap = how.gap if how.gap is not None else highs.MIP_GAP
    tree, members, rounds = _priced(them, everybody, progress)
    asked = gap * max(1.0, everybody - tree.top())
    _search(tree, asked, progress, everybody)
    if tree.counts is None:
        raise InfeasibleError(NO_PLAN)
    tell(progress, "solve", "whole cities: the proof")
    bound, nodes = tree.proof(asked)
    x = np.zeros_like(flat.cost)
    flat.part(x, them.gigabit)[...] = _statuses(them, tree, members)
    told = (
        f"{rounds} rounds of prices, {len(tree.ways.city):,} ways, {tree.solved:,} nodes, {len(nodes):,} in the proof"
    )
    return Solution(
        x,
        np.zeros(flat.shape[0]),
        everybody - tree.reached,
        min(everybody - bound, everybody - tree.reached),
        "decomposition",
        tree.solved,
        time.perf_counter() - began,
        f"decomposition: {told}",
        further=_duals(them, tree, nodes),
        cases=_cases(tree, nodes, members),
        asked=gap,
    )


# --- prices ----------------------------------------------------------------------------------------------------------


def _priced(them: Cities, everybody: float, progress: Report | None) -> tuple[Tree, list[Index], int]:
    """A tree whose first point proves the least bound of all prices; the cities of each kind; rounds."""
    same = them.kinds()
    names, sizes = np.unique(same, return_counts=True)
    worth = them.worth[:, names]
    game = Game(worth, sizes.astype(float), names, them.choices, them.limits, _grid(worth))

    def ask(prices: Array) -> tuple[Ways, Point]:
        ways, least, duals = them.best(prices)
        return ways, Point(prices, least, duals)

    prices = everybody / np.maximum(them.limits, 1.0) / max(1, len(them.limits))  # dear enough to build nothing idly
    ways, point = ask(prices)
    tree = Tree(game, ask, ways.only(np.isin(ways.city, names)), [point])
    rounds, known = 1, tree.ways
    while rounds < ROUNDS and tree.top() - tree.root.value > CLOSE * max(1.0, everybody):
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
    if tree.root.overspent > highs.FEASIBLE:
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
        _apart(tree, asked)
        say("whole cities, by payers that share nothing scarce")
    for wider in WIDER:
        if tree.done:
            return
        if tree.bound() <= tree.reached + asked:
            break
        aim = max(tree.bound() - asked, tree.reached)
        within = wider * max(asked, 0.25 * (tree.top() - tree.reached))
        found = _choice(tree, within, aim)
        if found is not None:
            tree.take(found)
        say("whole cities by a general solver")
    most = int(WORK / max(1, len(tree.ways.city)))
    end = tree.solved + most
    while tree.solved < end and not tree.done:
        tree.go_on(asked, max(1, most // 10))
        say("whole cities")


def _apart(tree: Tree, asked: float) -> None:
    """A plan of the best plans of groups of cities that share no budget with a price, if it keeps the others too."""
    game, root = tree.game, tree.root
    assert root.prices is not None
    place = np.full(int(game.city.max()) + 1, -1)
    place[game.city] = np.arange(len(game.city))
    kinds = place[tree.ways.city]
    scarce = np.flatnonzero(root.prices > 0.0)
    pays = np.zeros((len(game.city), len(scarce)))
    np.maximum.at(pays, kinds, np.abs(tree.ways.takes[:, scarce]))
    joined = sp.csr_matrix(pays > 0.0).astype(float)
    count, group = connected_components(joined @ joined.T, directed=False)
    if count == 1 or count > len(scarce) + 1:
        return
    counts = np.zeros_like(game.worth)
    for number in range(count):
        mine = np.flatnonzero(group == number)
        rows = scarce[(pays[mine] > 0.0).any(axis=0)]
        small = replace(
            game, worth=game.worth[:, mine], size=game.size[mine], city=game.city[mine], limits=game.limits[rows]
        )
        own = np.isin(kinds, mine)
        ways = Ways(tree.ways.city[own], tree.ways.choice[own], tree.ways.takes[own][:, rows])
        first = tree.points[0]
        part = Tree(small, None, ways, [Point(first.prices[rows], first.least, [])])
        part.go_on(asked / count, 10 * FIRST)
        for wider in WIDER:
            if part.bound() > part.reached + asked / count:
                found = _choice(part, wider * max(asked / count, 0.25 * part.room()), part.bound() - asked / count)
                if found is not None:
                    part.take(found)
        if part.counts is None:
            return
        counts[:, mine] = part.counts
    tree.try_out(counts)


def _choice(tree: Tree, within: float, target: float) -> Array | None:
    """Cities of each kind that make each choice in a plan that reaches `target`, or the best found.

    Only choices that lose no more than `within`; the ways of one choice are taken as often, in sum, as a whole number says.
    """
    game, loss = tree.game, tree.loss()
    kind_of = {int(city): number for number, city in enumerate(game.city)}
    kinds = np.array([kind_of[int(city)] for city in tree.ways.city], dtype=np.int64)
    near = loss[tree.ways.choice, kinds] <= within
    ways, kinds = tree.ways.only(near), kinds[near]
    names, group = np.unique(kinds * len(game.choices) + ways.choice, return_inverse=True)
    kind, choice = np.divmod(names, len(game.choices))
    n, m, r, kinds_in_all = len(group), len(names), len(game.limits), len(game.size)
    one = sp.csr_matrix((np.ones(m), (kind, np.arange(m))), shape=(kinds_in_all, m))
    scale = np.maximum(game.limits, np.abs(ways.takes).max(axis=0, initial=1e-9) / 100.0)
    matrix = sp.vstack([
        sp.hstack([sp.csr_matrix((ways.takes / scale).T), sp.csr_matrix((r, m))]),
        sp.hstack([sp.csr_matrix((kinds_in_all, n)), one]),
        sp.hstack([sp.csr_matrix((np.ones(n), (group, np.arange(n))), shape=(m, n)), -sp.identity(m)]),
    ])  # fmt: skip
    whole = Flat(
        Model(1, np.zeros(1, dtype=np.int64)),
        Held(sp.csr_matrix(matrix)),
        np.concatenate([np.full(r, -np.inf), game.size, np.zeros(m)]),
        np.concatenate([game.limits / scale, game.size, np.zeros(m)]),
        np.zeros(n + m),
        np.concatenate([game.size[kinds], game.size[kind]]),
        np.concatenate([np.zeros(n), -game.worth[choice, kind] / game.scale]),
        np.concatenate([np.zeros(n, dtype=bool), np.ones(m, dtype=bool)]),
        0.0,
    )
    found = highs.best(whole, highs.MIP_GAP, NODES, -target / game.scale)
    if found is None:
        return None
    counts = np.zeros_like(game.worth)
    counts[choice, kind] = np.rint(found[n:])
    return counts


def _statuses(them: Cities, tree: Tree, members: Sequence[Index]) -> Array:
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
