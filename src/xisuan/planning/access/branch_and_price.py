"""One choice for each city within shared budgets, by branch and bound over mixtures of ways, with a proof to publish.

A node restricts in how many cities of a kind a period is on; a city unlike all others is a kind of its own. Its linear
program mixes the known ways within the budgets (`mixing`), and its price tells how good the node can be as far as these
ways go. The proof does not lean on them. Prices π at which every city was asked for its cheapest way prove that no plan
spends less than the sum of these, so Σ least(π, choice of each city) ≤ π × budgets: a row over the choices alone, a
*point*. A leaf is closed by weights on such rows (`weighing`).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from gnomon.arrays import Array
from xisuan.planning.access.choice_problem import SPENT, WHOLE, Ask, Game, Leaf, Node, Point, Split
from xisuan.planning.access.lagrangian_bound import Weighing
from xisuan.planning.access.pricing import Ways
from xisuan.planning.access.restricted_master import Mixture

TRIES = 4
"""Times that cities are asked at the prices of one node before it is left as it is."""
ASKS = 4
"""Times that cities are asked in all, for each point that there may be."""
POINTS = (40, 80, 4000)
"""Most points that a proof may take, between the first two: so many by the number of cities, for each is as large as the
duals of all of them."""


@dataclass
class Tree:
    """A search that may be interrupted and goes on; without `ask` with the ways and points that it is given.

    `counts`: cities of each kind that make each choice, in the best plan found, of value `reached`."""

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
    _mixture: Mixture | None = None
    _balance: Weighing | None = None

    def __post_init__(self) -> None:
        least, most, work = POINTS
        self.most = int(np.clip(work / max(1.0, self.game.size.sum()), least, most))
        self.root = self.game.whole()
        self._solve(self.root)
        self._push(self.root)

    # the mixture of a node

    @property
    def mixture(self) -> Mixture:
        """Mixtures of the known ways that may be in a plan better than the best known."""
        if self._mixture is None:
            kinds = self.game.kind_of(self.ways.city)
            self._mixture = Mixture(self.game, self.ways.only(self.loss()[self.ways.choice, kinds] <= self.room()))
        return self._mixture

    def _solve(self, node: Node) -> None:
        """Fill in the value, the mixture and the prices of a node; a mixture of whole cities is a plan."""
        self.mixture.solve(node)
        node.known = len(self.ways.city)
        self.solved += 1
        if node.counts is not None and node.overspent <= SPENT:
            on = self.game.on(node.counts)
            if (np.abs(on - np.rint(on)) < WHOLE).all():
                self.take(np.rint(node.counts))

    def take(self, counts: Array) -> None:
        """Keep a plan if it is the best so far."""
        reached = self.game.reached(counts)
        if reached > self.reached:
            self.counts, self.reached = counts, reached

    def try_out(self, counts: Array) -> Node:
        """Keep a plan if it is the best so far and keeps the budgets. Its node, with what it overspends."""
        on = self.game.on(counts)
        node = Node(on, on)
        self._solve(node)
        return node

    def learn(self, ways: Ways) -> bool:
        """Take in more ways; whether there were new ones."""
        known = len(self.ways.city)
        self.ways.add(ways.only(np.isin(ways.city, self.game.city)))
        self._mixture = None
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
        that close it become a point. A node is mixed anew if ways have been found for others since it was.
        """
        if node.known < len(self.ways.city):
            self._solve(node)
        self._within(node)
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
        return self.game.down(node.value) <= target

    def _within(self, node: Node) -> None:
        """Ask cities for ways by which a node need not overspend, as long as there are new ones.

        While no plan is known a node that overspends is no better or worse than any other, and one whose cities are whole
        would be dropped because the ways known by chance do not fit together.
        """
        while self.ask is not None and self.counts is None and node.overspent > SPENT and node.prices is not None:
            if not self.learn(self.ask(node.prices)[0]):
                break
            self._solve(node)

    def _lagrange(self, node: Node, point: Point) -> float:
        """What a point by itself proves of a node, without charges."""
        game = self.game
        with np.errstate(invalid="ignore"):
            gain = np.where(game.within(node), game.worth - point.least[:, game.city], -np.inf)
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
        if self._balance is None or len(self._balance.points) != len(self.points):
            worthy = np.isfinite(self.game.worth) & (self.top() - self.loss() > self.reached)
            self._balance = Weighing(self.game, self.points, worthy)
        return self._balance.leaf(node)
