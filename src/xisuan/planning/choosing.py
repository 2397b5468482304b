"""One choice for each city within shared budgets, by branch and bound over mixtures of ways, with a proof to publish.

A node restricts in how many cities of a kind a period is on; a city unlike all others is a kind of its own. Its linear
program mixes the known ways within the budgets, and its price tells how good the node can be as far as these ways go. The
proof does not lean on them. Prices π at which every city was asked for its cheapest way prove that no plan spends less
than the sum of these, so Σ least(π, choice of each city) ≤ π × budgets: a row over the choices alone, a *point*. A leaf
is closed by weights on such rows.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp

from xisuan.errors import SolverError
from xisuan.planning.ways import Index, Mask, Ways
from xisuan.solver import highs
from xisuan.solver.coefficients import Held
from xisuan.solver.flat import Flat
from xisuan.solver.model import Array, Model

WHOLE = 1e-6
"""Distance to a whole number that is a solver's arithmetic."""
DEAR = 1000.0
"""What spending a budget twice over costs, in all that could be won: more than any plan would pay."""
TRIES = 4
"""Times that cities are asked at the prices of one node before it is left as it is."""
ASKS = 4
"""Times that cities are asked in all, for each point that there may be."""
SPENT = 1e-9
"""Share of a budget that may be overspent through a solver's arithmetic."""
POINTS = (12, 80, 4000)
"""Most points that a proof may take, between the first two: so many by the number of cities, for each is as large as the
duals of all of them."""


@dataclass(frozen=True)
class Point:
    """Prices of the budgets, what each choice costs each city at least at them (inf: not open), and the proof of it.

    Shapes (budgets,), (choices, cities), and (rows,) a choice.
    """

    prices: Array
    least: Array
    duals: list[Array]


Ask = Callable[[Array], tuple[Ways, Point]]
"""Cheapest ways and the point at given prices."""


@dataclass(frozen=True)
class Split:
    """Either at most `most` cities of the kind are gigabit cities in the period, or more are."""

    kind: int
    period: int
    most: int


@dataclass
class Node:
    """Least and most cities of each kind in each period, shape (periods, kinds); `value`: what its mixture reaches, by
    overspending a share `overspent` of the budgets."""

    low: Array
    high: Array
    value: float = np.inf
    overspent: float = 0.0
    split: Split | None = None
    children: tuple[Node, ...] = ()
    counts: Array | None = None
    prices: Array | None = None
    leaf: Leaf | None = None


@dataclass(frozen=True)
class Leaf:
    """Weights of points, and charges (period, kind) on the limits of a node, that together prove `bound`."""

    bound: float
    weights: Array
    charges: Array


@dataclass
class Game:
    """What is to be chosen. `worth`: of each choice to a city of each kind, −inf where not open, shape (choices, kinds);
    `size`: cities of each kind; `kind`: representative city of each; `choices` and `limits` as in `Cities`; `grid`: what
    every total is a multiple of, 0 if unknown."""

    worth: Array
    size: Array
    city: Index
    choices: Mask
    limits: Array
    grid: float

    @property
    def scale(self) -> float:
        """The size of the largest total, to bring programs to numbers near 1."""
        return float(max(1.0, (np.where(np.isfinite(self.worth), self.worth, 0.0).max(axis=0) * self.size).sum()))

    def down(self, value: float) -> float:
        """The largest total that is not above `value`."""
        if self.grid <= 0.0:
            return value
        return float(np.floor(value * (1.0 + 1e-12) / self.grid) * self.grid)

    def on(self, counts: Array) -> Array:
        """Cities of each kind that are gigabit cities in each period. Shape (periods, kinds)."""
        return np.asarray(self.choices.T.astype(float) @ counts)


@dataclass
class Tree:
    """A search that may be interrupted and goes on; without `ask` with the ways and points that it is given.

    `counts`: cities of each kind that make each choice, in the best
    plan found, of value `reached`."""

    game: Game
    ask: Ask | None
    ways: Ways
    points: list[Point]
    root: Node = field(init=False)
    counts: Array | None = None
    reached: float = -np.inf
    solved: int = 0
    asks: int = 0
    _open: list[tuple[float, int, Node]] = field(default_factory=list)
    _engine: highs.Repeated | None = None
    _scales: Array | None = None

    def __post_init__(self) -> None:
        kinds = len(self.game.size)
        least, most, work = POINTS
        self.most = int(np.clip(work / max(1.0, self.game.size.sum()), least, most))
        periods = self.game.choices.shape[1]
        self.root = Node(np.zeros((periods, kinds)), np.tile(self.game.size, (periods, 1)))
        self._solve(self.root)
        self._push(self.root)

    # the mixture of a node

    def _program(self) -> Flat:
        """Mix ways within the budgets: columns of ways and of overspending, rows of budgets, kinds, limits of periods."""
        game, place = self.game, np.full(int(self.game.city.max()) + 1, -1)
        place[game.city] = np.arange(len(game.city))
        loss = self.loss()
        kept = loss[self.ways.choice, place[self.ways.city]] <= self.room()
        ways = self.ways.only(kept)
        self._kind, self._choice = place[ways.city], ways.choice
        n, r, kinds, periods = len(ways.city), len(game.limits), len(game.size), game.choices.shape[1]
        scale = np.maximum(game.limits, np.abs(ways.takes).max(axis=0, initial=1e-9) / 100.0)
        self._scale = scale
        several = np.flatnonzero(game.size > 1)
        at = np.full(kinds, -1)
        at[several] = np.arange(len(several))
        item, period = np.nonzero(game.choices[ways.choice] & (at[self._kind] >= 0)[:, None])
        limits = sp.csr_matrix(
            (np.ones(len(item)), (at[self._kind[item]] * periods + period, item)), shape=(len(several) * periods, n + r)
        )
        one = sp.csr_matrix((np.ones(n), (self._kind, np.arange(n))), shape=(kinds, n + r))
        spend = sp.hstack([sp.csr_matrix((ways.takes / scale).T), -sp.identity(r)])
        self._several = several
        matrix = sp.csr_matrix(sp.vstack([spend, one, limits]))
        free = np.full(len(several) * periods, np.inf)
        return Flat(
            Model(1, np.zeros(1, dtype=np.int64)),
            Held(matrix),
            np.concatenate([np.full(r, -np.inf), game.size, -free]),
            np.concatenate([game.limits / scale, game.size, free]),
            np.zeros(n + r),
            np.full(n + r, np.inf),
            np.concatenate([-game.worth[ways.choice, self._kind] / game.scale, np.full(r, DEAR)]),
            np.zeros(n + r, dtype=bool),
            0.0,
        )

    def _solve(self, node: Node) -> None:
        """Fill in the value, the mixture and the prices of a node."""
        game = self.game
        if self._engine is None:
            program = self._program()
            self._engine, self._cost = highs.Repeated(program), program.cost
        r = len(game.limits)
        n = len(self._choice)
        shut = ~self._within(node)[self._choice, self._kind]
        upper = np.concatenate([np.where(shut, 0.0, np.inf), np.full(r, np.inf)])
        sides = (node.low[:, self._several].T.ravel(), node.high[:, self._several].T.ravel())
        x = self._engine.bounded(upper, r + len(game.size), *sides)
        self.solved += 1
        if x is None:
            node.value = -np.inf
            return
        counts = np.zeros_like(game.worth)
        np.add.at(counts, (self._choice, self._kind), x[:n])
        node.counts = counts
        node.value = -float(self._cost @ x) * game.scale
        node.prices = np.maximum(-self._engine.row_dual[:r], 0.0) / self._scale * game.scale
        on, node.overspent = game.on(counts), float(x[n:].sum())
        if node.overspent <= SPENT and (np.abs(on - np.rint(on)) < WHOLE).all():
            self.take(np.rint(counts))

    def _within(self, node: Node) -> Mask:
        """Choices that the limits of a node leave to a single city of each kind; all where there are several."""
        on = self.game.choices[:, :, None]
        single = (self.game.size == 1)[None, :]
        inside = ((on >= node.low) & (on <= node.high)).all(axis=1)
        return np.asarray(inside | ~single, dtype=bool)

    def take(self, counts: Array) -> None:
        """Keep a plan if it is the best so far."""
        reached = float((np.where(counts > 0, self.game.worth, 0.0) * counts).sum())
        if reached > self.reached:
            self.counts, self.reached = counts, reached

    def try_out(self, counts: Array) -> None:
        """Keep a plan if it is the best so far and keeps the budgets."""
        on = self.game.on(counts)
        self._solve(Node(on, on))

    def learn(self, ways: Ways) -> bool:
        """Take in more ways; whether there were new ones."""
        known = len(self.ways.city)
        self.ways.add(ways.only(np.isin(ways.city, self.game.city)))
        self._engine = None
        return len(self.ways.city) > known

    # the search

    def loss(self) -> Array:
        """What each choice of a city loses at the prices of the root, of the bound there. Shape (choices, kinds)."""
        gain = self.game.worth - self.points[0].least[:, self.game.city]
        return np.asarray(gain.max(axis=0) - np.where(np.isfinite(self.game.worth), gain, -np.inf))

    def top(self) -> float:
        """The bound that the first point alone proves."""
        gain = self.game.worth - self.points[0].least[:, self.game.city]
        return float((gain.max(axis=0) * self.game.size).sum() + self.points[0].prices @ self.game.limits)

    def room(self) -> float:
        """How much a choice may lose and still be in a better plan than the best known."""
        return self.top() - self.reached

    @property
    def done(self) -> bool:
        """Whether there is no node left to look at."""
        return not self._open

    def bound(self) -> float:
        """What no open node exceeds, as far as the ways known tell."""
        most = max((-value for value, _, _ in self._open), default=-np.inf)
        return max(self.reached, min(self.game.down(self.top()), self.game.down(most)))

    def go_on(self, asked: float, nodes: int) -> None:
        """Search until no node exceeds the best plan by more than `asked`, which is proven, or for so many more nodes."""
        end = self.solved + nodes
        while self._open and self.solved < end:
            node: Node | None = heapq.heappop(self._open)[2]
            while node is not None and not self._closed(node, self.reached + asked):
                node = self._divide(node)

    def _closed(self, node: Node, target: float) -> bool:
        """Whether a node is proven to exceed nothing above the target: by its mixture, and then by points.

        Where the points do not do, cities are asked at the prices of the node; the ways found may make it better. Prices
        that close it become a point.
        """
        for _ in range(TRIES):
            if self.game.down(node.value) > target:
                return False
            node.leaf = self._weigh(node)
            done = self.game.down(node.leaf.bound) <= target
            if (
                done
                or len(self.points) >= self.most
                or self.asks >= ASKS * self.most
                or node.prices is None
                or self.ask is None
            ):
                return True
            ways, point = self.ask(node.prices)
            self.asks += 1
            if self.game.down(self._lagrange(node, point)) <= target or not self.learn(ways):
                break
            self._solve(node)
        self.points.append(point)
        node.leaf = self._weigh(node)
        return True

    def _lagrange(self, node: Node, point: Point) -> float:
        """What a point by itself proves of a node, without charges."""
        game = self.game
        with np.errstate(invalid="ignore"):
            gain = np.where(self._within(node), game.worth - point.least[:, game.city], -np.inf)
        return float((gain.max(axis=0) * game.size).sum() + point.prices @ game.limits)

    def _push(self, node: Node) -> None:
        heapq.heappush(self._open, (-node.value, self.solved, node))

    def _divide(self, node: Node) -> Node | None:
        """Split a node, push the worse half and return the better one."""
        split = self._split(node)
        if split is None:
            return None
        node.split = split
        node.children = (self._child(node, split, False), self._child(node, split, True))
        node.counts = None
        for child in node.children:
            self._solve(child)
        worse, better = sorted(node.children, key=lambda child: child.value)
        if np.isfinite(worse.value):
            self._push(worse)
        return better if np.isfinite(better.value) else None

    def _split(self, node: Node) -> Split | None:
        if node.counts is None:
            return None
        on = self.game.on(node.counts)
        off = np.abs(on - np.rint(on))
        if (off < WHOLE).all():
            return None
        each = np.where(np.isfinite(self.game.worth), self.game.worth, 0.0).max(axis=0)
        period, kind = np.unravel_index(int(np.argmax(off * each)), off.shape)
        return Split(int(kind), int(period), int(np.floor(on[period, kind])))

    @staticmethod
    def _child(node: Node, split: Split, more: bool) -> Node:
        low, high = node.low.copy(), node.high.copy()
        if more:
            low[split.period, split.kind] = split.most + 1
        else:
            high[split.period, split.kind] = split.most
        return Node(low, high)

    # the proof

    def proof(self, asked: float) -> tuple[float, list[tuple[Node, Leaf | None]]]:
        """The bound proven, and the nodes of a small tree that proves it, in pre-order, each leaf with its proof."""
        self._finish(asked)
        target = self._target()
        nodes: list[tuple[Node, Leaf | None]] = []
        proven = target
        stack = [self.root]
        while stack:
            node = stack.pop()
            if node.children and self.game.down(node.value) <= target:
                leaf = self._weigh(node)
                node.children = () if self.game.down(leaf.bound) <= target else node.children
                node.leaf = leaf
            if not node.children:
                assert node.leaf is not None
                proven = max(proven, self.game.down(node.leaf.bound))
            nodes.append((node, None if node.children else node.leaf))
            stack += node.children[::-1]
        return min(proven, self.game.down(self.top())), nodes

    def _finish(self, asked: float) -> None:
        """A proof for every node that was left open."""
        for _, _, node in self._open:
            self._closed(node, max(self.bound(), self.reached + asked))

    def _target(self) -> float:
        """What the leaves prove, as far as that is not above what the first point proves."""
        most, stack = self.reached, [self.root]
        while stack:
            node = stack.pop()
            stack += node.children
            if not node.children:
                node.leaf = node.leaf or self._weigh(node)
                most = max(most, self.game.down(node.leaf.bound))
        return min(most, self.game.down(self.top()))

    def _weigh(self, node: Node) -> Leaf:
        """Weights on the points and charges on the limits of the node that prove the least."""
        game, k, kinds = self.game, len(self.points), len(self.game.size)
        if self._scales is None or len(self._scales) != k:
            self._balance = self._surrogate()
        open_ = self._within(node) & self._worthy
        choice, kind = self._items
        low, high = (side[:, self._several].T.ravel() for side in (node.low, node.high))
        upper = np.concatenate([np.where(open_[choice, kind], np.inf, 0.0), np.full(k + kinds + 2 * len(low), np.inf)])
        limits = np.array([point.prices @ game.limits for point in self.points])
        periods = game.choices.shape[1]
        if self._balance.bounded(upper, k + kinds, low, high) is None:
            raise SolverError("the proof of a case of the search: a program that cannot be infeasible is")
        dual = self._balance.row_dual
        weights = np.maximum(-dual[:k], 0.0) / self._scales * game.scale
        charges = np.zeros((periods, kinds))
        charges[:, self._several] = -dual[k + kinds :].reshape(len(self._several), periods).T * game.scale
        return Leaf(self._proven(node, open_, weights, charges, limits), weights, charges)

    def _surrogate(self) -> highs.Repeated:
        """The relaxation over choices alone: a row a point; choices that the first point rules out are left out."""
        game, k, kinds = self.game, len(self.points), len(self.game.size)
        limits = np.array([point.prices @ game.limits for point in self.points])
        self._worthy = np.isfinite(game.worth) & (self.top() - self.loss() > self.reached)
        choice, kind = self._items = np.nonzero(self._worthy)
        least = np.array([point.least[choice, game.city[kind]] for point in self.points]).reshape(k, -1)
        n, periods = len(kind), game.choices.shape[1]
        at = np.full(kinds, -1)
        at[self._several] = np.arange(len(self._several))
        item, period = np.nonzero(game.choices[choice] & (at[kind] >= 0)[:, None])
        self._scales = np.maximum(limits, least.max(axis=1, initial=1e-9))
        one = sp.csr_matrix((np.ones(n), (kind, np.arange(n))), shape=(kinds, n))
        count = (np.ones(len(item)), (at[kind[item]] * periods + period, item))
        free = np.full(len(self._several) * periods, np.inf)
        spare = k + kinds + 2 * len(free)
        counted = sp.csr_matrix(count, shape=(len(free), n))
        both = sp.hstack([sp.identity(len(free)), -sp.identity(len(free))])
        blocks: list[list[Any]] = [
            [sp.csr_matrix(least / self._scales[:, None]), -sp.identity(k), None, None],
            [one, None, sp.identity(kinds), None],
            [counted, None, None, both],
        ]
        program = Flat(
            Model(1, np.zeros(1, dtype=np.int64)),
            Held(sp.csr_matrix(sp.bmat(blocks))),
            np.concatenate([np.full(k, -np.inf), game.size, -free]),
            np.concatenate([limits / self._scales, game.size, free]),
            np.zeros(n + spare),
            np.full(n + spare, np.inf),
            np.concatenate([-game.worth[choice, kind] / game.scale, np.full(spare, DEAR)]),
            np.zeros(n + spare, dtype=bool),
            0.0,
        )
        return highs.Repeated(program)

    def _proven(self, node: Node, open_: Mask, weights: Array, charges: Array, limits: Array) -> float:
        """What the weights and charges prove of the node, whatever they are. −inf where no choice is left to a kind."""
        game = self.game
        least = sum(w * point.least[:, game.city] for w, point in zip(weights, self.points, strict=True) if w > 0.0)
        with np.errstate(invalid="ignore"):
            gain = np.where(open_, game.worth - least - game.choices.astype(float) @ charges, -np.inf)
        sides = np.where(charges > 0.0, node.high, node.low)
        return float((gain.max(axis=0) * game.size).sum() + weights @ limits + (charges * sides).sum())
