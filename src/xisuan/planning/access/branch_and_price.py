"""Branch and price over the choices of cities within shared budgets, with a publishable proof of the bound.

A node limits in how many cities of a kind a period is on; a city unlike all others is a kind of its own. Its restricted
master mixes the known ways within the budgets and estimates how good the node can be. The proof does not depend on it.
At prices π for which the pricing problem was solved, no plan spends less than the sum of the cheapest ways. So Σ
least(π, choice of each city) ≤ π · budgets is a valid row over the choices alone, a *point*. Multipliers on these rows
give the Lagrangian bound that closes a leaf (`lagrangian_bound`).

Source: Barnhart et al., Branch-and-price, Operations Research 46(3), 1998.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from gnomon import Array
from xisuan.planning.access.choice_problem import SPENT, WHOLE, ChoiceProblem, Leaf, Node, Point, PriceOracle, Split
from xisuan.planning.access.lagrangian_bound import LagrangianBound
from xisuan.planning.access.pricing import Ways
from xisuan.planning.access.restricted_master import RestrictedMaster

TRIES = 4
"""Most pricing rounds at one visit of a node before it is closed by its restricted master."""
ASKS = 4
"""Most pricing rounds of the whole search, per point allowed."""
POINTS = (40, 80, 4000)
"""Least and most points in a proof, and their number × cities between these: a point stores the duals of all cities."""


@dataclass
class Tree:
    """Search tree that can be interrupted and resumed; without `ask` it uses only the ways and points given.

    `counts`: cities of each kind that make each choice in the incumbent, shape (choices, kinds). `reached`: its value.
    `solved`: nodes solved. `asks`: pricing rounds.
    """

    problem: ChoiceProblem
    ask: PriceOracle | None
    ways: Ways
    points: list[Point]
    root: Node = field(init=False)
    counts: Array | None = None
    reached: float = -np.inf
    solved: int = 0
    asks: int = 0
    _open: list[tuple[float, int, Node]] = field(default_factory=list)
    _mixture: RestrictedMaster | None = None
    _balance: LagrangianBound | None = None

    def __post_init__(self) -> None:
        least, most, work = POINTS
        self.most = int(np.clip(work / max(1.0, self.problem.size.sum()), least, most))
        self.root = self.problem.root()
        self._solve(self.root)
        self._push(self.root)

    # restricted master of a node

    @property
    def mixture(self) -> RestrictedMaster:
        """Return the restricted master over the ways that reduced-cost fixing leaves."""
        if self._mixture is None:
            # Reduced-cost fixing: a choice that loses more than the gap is in no better plan.
            kinds = self.problem.kind_of(self.ways.city)
            self._mixture = RestrictedMaster(
                self.problem, self.ways.only(self.loss()[self.ways.choice, kinds] <= self.room())
            )
        return self._mixture

    def _solve(self, node: Node) -> None:
        """Solve the restricted master of a node; keep its solution as a plan if it is whole and within the budgets."""
        self.mixture.solve(node)
        node.known = len(self.ways.city)
        self.solved += 1
        if node.counts is not None and node.overspent <= SPENT:
            on = self.problem.open_counts(node.counts)
            if (np.abs(on - np.rint(on)) < WHOLE).all():
                self.take(np.rint(node.counts))

    def take(self, counts: Array) -> None:
        """Update the incumbent if the plan is better."""
        reached = self.problem.objective(counts)
        if reached > self.reached:
            self.counts, self.reached = counts, reached

    def try_out(self, counts: Array) -> Node:
        """Update the incumbent if the plan is better and within the budgets; return its node, with `overspent`."""
        on = self.problem.open_counts(counts)
        # Fixing all period counts leaves only the choice of ways to the restricted master.
        node = Node(on, on)
        self._solve(node)
        return node

    def learn(self, ways: Ways) -> bool:
        """Add ways to the restricted master; return True if some are new."""
        known = len(self.ways.city)
        self.ways.add(ways.only(np.isin(ways.city, self.problem.city)))
        self._mixture = None
        return len(self.ways.city) > known

    # the search

    def loss(self) -> Array:
        """Return the loss in reduced cost of each choice against the best of its kind, shape (choices, kinds)."""
        # At the prices of the first point, the one with the least Lagrangian bound.
        gain = self.problem.worth - self.points[0].least[:, self.problem.city]
        return np.asarray(gain.max(axis=0) - np.where(np.isfinite(self.problem.worth), gain, -np.inf))

    def top(self) -> float:
        """Return the Lagrangian bound of the first point: Σ_k size_k max_c [worth_ck − least_ck] + π · limits."""
        gain = self.problem.worth - self.points[0].least[:, self.problem.city]
        return float((gain.max(axis=0) * self.problem.size).sum() + self.points[0].prices @ self.problem.limits)

    def room(self) -> float:
        """Return the gap between the bound of the first point and the incumbent: the largest loss of a useful
        choice."""
        return self.top() - self.reached

    @property
    def is_done(self) -> bool:
        """Return True if no node is open."""
        return not self._open

    def bound(self) -> float:
        """Return the upper bound over the open nodes, as estimated by their restricted masters."""
        most = max((-value for value, _, _ in self._open), default=-np.inf)
        return max(self.reached, min(self.problem.round_down(self.top()), self.problem.round_down(most)))

    def search(self, asked: float, nodes: int) -> None:
        """Search until no node exceeds the incumbent by more than `asked`, or for `nodes` more nodes."""
        end = self.solved + nodes
        while self._open and self.solved < end:
            # Best-first selection, then diving into the better child.
            node: Node | None = heapq.heappop(self._open)[2]
            while node is not None and not self._is_closed(node, self.reached + asked):
                node = self._divide(node)

    def _is_closed(self, node: Node, target: float) -> bool:
        """Return True if the node is closed: neither its restricted master nor its Lagrangian bound exceeds the target.

        If the known points do not prove it, the pricing problem is solved at the node's prices. New ways may raise its
        restricted master above the target. Prices that close the node become a point. At the limits on points and
        pricing rounds the node is closed by its restricted master; `proof` still uses its proven bound.
        """
        # Ways found for other nodes since the last solve may raise the value.
        if node.known < len(self.ways.city):
            self._solve(node)
        self._within(node)
        for _ in range(TRIES):
            if self.problem.round_down(node.value) > target:
                return False
            node.leaf = self._weigh(node)
            # Lagrangian bound from the points known so far.
            done = self.problem.round_down(node.leaf.bound) <= target
            if (
                done
                or len(self.points) >= self.most
                or self.asks >= ASKS * self.most
                or node.prices is None
                or self.ask is None
            ):
                return True
            # Pricing at the node's own dual multipliers.
            ways, point = self.ask(node.prices)
            self.asks += 1
            if self.problem.round_down(self._lagrange(node, point)) <= target or not self.learn(ways):
                break
            self._solve(node)
        self.points.append(point)
        node.leaf = self._weigh(node)
        return self.problem.round_down(node.value) <= target

    def _within(self, node: Node) -> None:
        """Generate columns that reduce overspending of the node while no incumbent is known: phase 1.

        Without it, a feasible node would be dropped because the known ways happen not to fit together.
        """
        while self.ask is not None and self.counts is None and node.overspent > SPENT and node.prices is not None:
            if not self.learn(self.ask(node.prices)[0]):
                break
            self._solve(node)

    def _lagrange(self, node: Node, point: Point) -> float:
        """Return the Lagrangian bound of the node at one point, without charges on branching limits."""
        problem = self.problem
        with np.errstate(invalid="ignore"):
            gain = np.where(problem.allowed(node), problem.worth - point.least[:, problem.city], -np.inf)
        return float((gain.max(axis=0) * problem.size).sum() + point.prices @ problem.limits)

    def _push(self, node: Node) -> None:
        """Add an open node; the heap returns the one of the highest value first."""
        heapq.heappush(self._open, (-node.value, self.solved, node))

    def _divide(self, node: Node) -> Node | None:
        """Branch on a node, push the worse child and return the better one; None where nothing is left to search."""
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
        """Return the branching decision: the period and kind whose fractional count carries the most resident-years."""
        if node.counts is None:
            return None
        on = self.problem.open_counts(node.counts)
        off = np.abs(on - np.rint(on))
        # Whole counts in every period: nothing to branch on.
        if (off < WHOLE).all():
            return None
        each = np.where(np.isfinite(self.problem.worth), self.problem.worth, 0.0).max(axis=0)
        period, kind = np.unravel_index(int(np.argmax(off * each)), off.shape)
        return Split(int(kind), int(period), int(np.floor(on[period, kind])))

    @staticmethod
    def _child(node: Node, split: Split, more: bool) -> Node:
        """Return the child with at most `split.most` cities, or with more."""
        low, high = node.low.copy(), node.high.copy()
        if more:
            low[split.period, split.kind] = split.most + 1
        else:
            high[split.period, split.kind] = split.most
        return Node(low, high)

    # the proof

    def proof(self, asked: float) -> tuple[float, list[tuple[Node, Leaf | None]]]:
        """Return the proven bound and the nodes of a small tree that proves it, in pre-order, leaves with
        multipliers."""
        self._finish(asked)
        target = self._target()
        nodes: list[tuple[Node, Leaf | None]] = []
        proven = target
        stack = [self.root]
        while stack:
            node = stack.pop()
            # Prune: an inner node whose own Lagrangian bound meets the target becomes a leaf.
            if node.children and self.problem.round_down(node.value) <= target:
                leaf = self._weigh(node)
                node.children = () if self.problem.round_down(leaf.bound) <= target else node.children
                node.leaf = leaf
            if not node.children:
                assert node.leaf is not None
                proven = max(proven, self.problem.round_down(node.leaf.bound))
            nodes.append((node, None if node.children else node.leaf))
            stack += node.children[::-1]
        return min(proven, self.problem.round_down(self.top())), nodes

    def _finish(self, asked: float) -> None:
        """Compute a leaf proof for every open node."""
        for _, _, node in self._open:
            self._is_closed(node, max(self.bound(), self.reached + asked))

    def _target(self) -> float:
        """Return the largest bound of the leaves, at most the bound of the first point."""
        most, stack = self.reached, [self.root]
        while stack:
            node = stack.pop()
            stack += node.children
            if not node.children:
                node.leaf = node.leaf or self._weigh(node)
                most = max(most, self.problem.round_down(node.leaf.bound))
        return min(most, self.problem.round_down(self.top()))

    def _weigh(self, node: Node) -> Leaf:
        """Return the multipliers of the node with the least Lagrangian bound over the points."""
        if self._balance is None or len(self._balance.points) != len(self.points):
            # Choices whose bound at the first point is no better than the incumbent cannot improve it.
            worthy = np.isfinite(self.problem.worth) & (self.top() - self.loss() > self.reached)
            self._balance = LagrangianBound(self.problem, self.points, worthy)
        return self._balance.leaf(node)
