"""Primal-dual interior point: Mehrotra's predictor, and Gondzio's centrality correctors that lengthen the step.

Columns and slacks are one vector v here, 0 ≤ v ≤ width; `lower` are multipliers of v ≥ 0, `upper` and `room` those of and
the distance to the width, for the entries that have one. What does not move has v = 0 in the equations and takes part in
nothing. Products of entries and multipliers are to be weight × μ: a capacity stands for all hours of its period, and where
its product must become as small as that of an hour, it stops the steps of all. So do a handful of others, the more the more
hours there are; a step may take these past their bounds, where they keep a share of themselves.

Sources: Mehrotra (1992), "On the implementation of a primal-dual interior point method"; Gondzio (1996), "Multiple
centrality corrections in a primal-dual method for linear programming"; Colombo and Gondzio (2008), "Further development of
multiple centrality correctors for interior point methods".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.interior import numeric
from xisuan.interior.form import Equations, Form
from xisuan.interior.system import System
from xisuan.interior.threads import pieces
from xisuan.solver.model import Array, Index

CORRECTORS = 8
"""Most centrality correctors an iteration: a solve costs a tenth of a factorisation."""
WIDEN = 0.3
"""How much longer a step a corrector aims at."""
WORTH = 0.1
"""Share of that which it must gain to be kept, and another to be tried."""
BAND = 10.0
"""Products of v and its multiplier are pulled to within this factor of their target."""
WEIGHTS = 9
"""Weights of a correction that are tried."""
ENOUGH = 0.95
"""Steps of both sides from which no corrector is worth its solve."""
LEAST = 1e-6
"""Least share of the products that a predictor may promise to leave."""
BACK = 0.995
"""Share of the way to the nearest bound that a step goes at least."""

CLOSE = 1.0 - 1e-6
"""And at most."""

BEYOND = 1e-5
"""How far past their bounds a step may take entries, in the mean of all, each relative to itself."""
FAR = 1e-2
"""And how far any of them, relative to the largest side or cost: what they lack is an infeasibility from there on. Five
periods of Guizhou took 24 iterations so, 31 with ten times as much, 34 with a hundred times."""
LAST, LITTLE = 1e3, 0.1
"""Nor further than a share of the relative gap, from so many times the gap asked on, which one step may take away: what the
last one leaves, no later one has the room to take away. A random scenario had a gap of 2e-10 after eight iterations, reduced
costs that missed 1e-4, and never met its rows again."""
ADDED = 0.5
"""Nor need they go less far than this share of what rows, or reduced costs, miss already: the longer step takes away more.
A year of Guizhou, operated with capacities that just fit the work that may wait, took 56 iterations without, 31 with it."""
LENGTHS: Array = np.concatenate([np.linspace(1.0, 0.05, 39), [0.04, 0.03, 0.02, 0.01]])
"""Lengths of steps that go beyond the nearest bound."""
MEETINGS, KEPT = 8, 0.1
"""Attempts to move an iterate onto its equations, and the share of itself that an entry keeps in one that would take it past
its bound, and in a step that does."""
PATIENT = 2
"""Attempts that may have as many entries pass their bounds as the best one before: the last rows of roll-out in Guizhou were
met in the fourth, after one that was worse than the second."""


Side = tuple[Array, Array, Array]
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Point:
    """An iterate."""

    v: Array
    room: Array
    y: Array
    lower: Array
    upper: Array


@dataclass(frozen=True, slots=True)
class Step:
    """A direction and how far it goes for primal and dual."""

    v: Array
    room: Array
    y: Array
    lower: Array
    upper: Array
    primal: float
    dual: float


@dataclass(frozen=True, slots=True)
class State:
    """How good an iterate is: infeasibilities relative to side and cost, objective and bound (scaled), mean product."""

    primal: float
    dual: float
    objective: float
    bound: float
    mu: float


class Problem:
    """The equations of a form, for columns and slacks as one vector.

    Sums, counts and largest numbers are those of a team's members together.
    """

    def __init__(self, form: Equations) -> None:
        self.form, self.team, self.threads = form, form.products.team, form.products.threads
        self.columns, self.cost, self.width, self.moves = form.columns, form.costs, form.widths, form.free
        self.wide: Index = np.flatnonzero(self.moves & np.isfinite(self.width))
        self.width_wide = self.width[self.wide]
        self.nothing = tuple(np.broadcast_to(0.0, of) for of in (len(form.side), len(self.cost), len(self.wide)))
        self._once, self._once_wide, self._once_rows = self._counted()
        self.weight = _weights(form)
        self.weight_wide = self.weight[self.wide]
        moving = sum(int(self.moves[one].sum()) for one in self._once) + sum(
            len(self.wide[one]) for one in self._once_wide
        )
        whole = self.dot(self.weight, self.moves) + self.dot_wide(self.weight_wide, np.ones(len(self.wide)))
        count, self.whole = (float(of) for of in self.team.total(np.array([moving, whole])))
        self.count = round(count)
        sizes = self.team.most(np.array([np.abs(of).max(initial=0.0) for of in (form.side, self.cost)]))
        self.sizes: Array = 1.0 + sizes

    def _counted(self) -> tuple[list[slice], list[slice], list[slice]]:
        """Parts of all entries, of those with a width, and of rows, that this member counts: the first what periods have."""
        t = self.form.template
        columns, rows = t.periods * t.period_columns, t.periods * t.period_rows
        if self.team.rank == 0:
            return [slice(None)], [slice(None)], [slice(None)]
        once = [slice(columns, self.columns), slice(self.columns + rows, len(self.cost))]
        wide = [slice(*np.searchsorted(self.wide, [one.start, one.stop])) for one in once]
        return once, wide, [slice(rows, None)]

    def dot(self, a: Array, b: NDArray[Any]) -> float:
        """This member's share of the product of two vectors of all entries."""
        return float(sum(a[one] @ b[one] for one in self._once))

    def dot_wide(self, a: Array, b: Array) -> float:
        """The same for entries that have a width."""
        return float(sum(a[one] @ b[one] for one in self._once_wide))

    def blocks(self, wide: bool) -> list[slice]:
        """What this member counts of all entries, or of those with a width, in pieces for threads to share."""
        length = len(self.wide) if wide else len(self.cost)
        parts = [part.indices(length) for part in (self._once_wide if wide else self._once)]
        return [one for first, last, _ in parts for one in pieces(first, last)]

    def lost(self, every: Flags, wide: Flags) -> int:
        """How many entries are marked, and of those with a width."""
        marked = sum(int(every[one].sum()) for one in self._once) + sum(int(wide[one].sum()) for one in self._once_wide)
        return int(self.team.total(np.array([marked]))[0])

    def products(self, p: Point, step: Step | None = None) -> float:
        """Sum of the products of entries and their multipliers, at an iterate or a step from there."""
        return float(self.team.total(np.array([self._products(p, step)]))[0])

    def _products(self, p: Point, step: Step | None = None) -> float:
        """This member's share of them."""
        sums, every, wide = self.threads.sums, self.blocks(wide=False), self.blocks(wide=True)
        if step is None:
            return sums(np.dot, every, p.v, p.lower) + sums(np.dot, wide, p.room, p.upper)
        a, b = step.primal, step.dual

        def after(v: Array, dv: Array, z: Array, dz: Array) -> float:
            return float((v + a * dv) @ (z + b * dz))

        found = sums(after, every, p.v, step.v, p.lower, step.lower)
        return found + sums(after, wide, p.room, step.room, p.upper, step.upper)

    def times(self, v: Array) -> Array:
        """matrix·x + sign × slack, 0 in masked rows."""
        form, n, filled = self.form, self.columns, self.threads.filled

        def whole(masked: Flags, times: Array, sign: Array, moves: Flags, slack: Array) -> Array:
            return np.where(masked, 0.0, times + sign * np.where(moves, slack, 0.0))

        times = form.times(filled(_if, self.moves[:n], v[:n]))
        return self.threads.fill(times, whole, form.masked, times, form.sign, self.moves[n:], v[n:])

    def pull(self, y: Array) -> Array:
        """What duals take from the cost of columns and slacks; 0 where they do not move."""
        form, n, threads = self.form, self.columns, self.threads
        out = threads.empty(len(self.cost))
        threads.fill(out[:n], _if, self.moves[:n], form.pull(y))
        threads.fill(out[n:], lambda moves, sign, y: np.where(moves, sign * y, 0.0), self.moves[n:], form.sign, y)
        return out

    def rest(self, p: Point) -> Array:
        """What reduced costs are more than their multipliers."""
        out = self.pull(p.y)
        self.threads.fill(out, lambda cost, pull, lower: cost - pull - lower, self.cost, out, p.lower)
        self.threads.add(out, self.wide, np.positive, p.upper)
        return out

    def state(self, p: Point) -> State:
        """How good an iterate is."""
        largest = self.threads.largest
        primal = largest(lambda side, times: np.abs(side - times), self.form.side, self.times(p.v))
        dual = largest(np.abs, self.rest(p))
        primal, dual = self.team.most(np.array([primal, dual])) / self.sizes
        side = sum(float(self.form.side[one] @ p.y[one]) for one in self._once_rows)
        bound = side - self.dot_wide(self.width_wide, p.upper)
        shares = np.array([self.dot(self.cost, p.v), bound, self._products(p)])
        cost, bound, products = self.team.total(shares).tolist()
        return State(float(primal), float(dual), cost, bound, products / max(1.0, self.whole))


class Whole(Problem):
    """The equations of all hours, which know their model."""

    form: Form

    def __init__(self, form: Form) -> None:
        super().__init__(form)


def _weights(form: Equations) -> Array:
    """Weight of the product of each column and slack: 1, and for those of a period that its hours see the root of the hours.

    A fortnight of `china` took 13 iterations so, 15 with 1 for all, 17 with the hours themselves; with the root for
    whatever is a period's, whether hours see it or not, five periods of Guizhou took a sixth more.
    """
    t, columns = form.template, form.columns
    out, root = np.ones(columns + len(form.side)), np.sqrt(max(1, t.all_hours))
    seen = np.unique(np.concatenate([t.shared, t.seen_column]))
    for period in range(t.periods):
        out[period * t.period_columns + seen] = root
        out[columns + period * t.period_rows + t.yearly] = root
    return out


def step(
    problem: Problem, system: System, p: Point, mu: float, least: float = 0.0, gap: float = np.inf, asked: float = 0.0
) -> Step:
    """The next direction from an iterate, with μ of no less than `least` as its aim: factorise, predict, correct.

    Its length may take entries past their bounds: by little where the relative `gap` of the iterate is near the one `asked`,
    and none where it is reached.
    """
    newton = _Newton(problem, system, p, BEYOND if gap > asked else 0.0, FAR if gap > LAST * asked else LITTLE * gap)
    best, filled = newton.predict(), problem.threads.filled
    share = problem.products(p, best) / max(1.0, problem.whole) / mu
    middle = max(least, mu * min(1.0, max(share, LEAST)) ** 3)

    def past(moves: Flags, weight: Array, dv: Array, dz: Array) -> Array:
        return np.where(moves, middle * weight, 0.0) - dv * dz

    aim = filled(past, problem.moves, problem.weight, best.v, best.lower)
    aim_wide = filled(lambda weight, dv, dz: middle * weight - dv * dz, problem.weight_wide, best.room, best.upper)
    best = newton.correct(best, aim, aim_wide)
    for _ in range(CORRECTORS):
        if best.primal > ENOUGH and best.dual > ENOUGH:
            break
        centre = _Centre(min(1.0, best.primal + WIDEN), min(1.0, best.dual + WIDEN), middle)
        aim = filled(centre, problem.weight, p.v, best.v, p.lower, best.lower)
        problem.threads.fill(aim, _if, problem.moves, aim)
        aim_wide = filled(centre, problem.weight_wide, p.room, best.room, p.upper, best.upper)
        more = newton.correct(best, aim, aim_wide)
        gained = more.primal + more.dual - best.primal - best.dual
        if gained > 0.0:
            best = more
        if gained < WORTH * WIDEN:
            break
    return best


def onto_rows(problem: Problem, system: System, p: Point) -> Iterator[Point]:
    """The iterate moved onto its rows by the least change, each entry's relative to itself.

    What is left of them shrinks only as fast as steps are long, and a plan that is good enough in all else would wait for
    it: two months of `china` had a gap of 1e-3 after 22 iterations and met their rows after 37. Entries that would pass a
    bound keep a share of themselves and the others are moved again, as long as these grow fewer.
    """
    fewest, worse = np.inf, 0
    for _ in range(MEETINGS):
        v, room = _least_change(problem, system, p)
        lost = problem.lost(p.v + v <= 0.0, p.room + room <= 0.0)
        p = replace(p, v=_kept(p.v, v), room=_kept(p.room, room))
        yield p
        worse += lost >= fewest
        if not lost or worse > PATIENT:
            return
        fewest = min(fewest, lost)


def onto_duals(problem: Problem, system: System, p: Point) -> Iterator[Point]:
    """The iterate moved likewise until its reduced costs are its multipliers."""
    fewest, worse = np.inf, 0
    for _ in range(MEETINGS):
        y, lower, upper = _least_change_of_duals(problem, system, p)
        lost = problem.lost(p.lower + lower < 0.0, p.upper + upper <= 0.0)
        p = replace(p, y=p.y + y, lower=_kept(p.lower, lower), upper=_kept(p.upper, upper))
        yield p
        worse += lost >= fewest
        if not lost or worse > PATIENT:
            return
        fewest = min(fewest, lost)


def _kept(v: Array, change: Array) -> Array:
    """v after a change; an entry that would pass its bound keeps a share of itself."""
    after = v + change
    return np.where(after > 0.0, np.maximum(after, (1.0 - CLOSE) * v), KEPT * v)


def _least_change(problem: Problem, system: System, p: Point) -> tuple[Array, Array]:
    """The change of v and room that takes away their infeasibilities and whose ratios to them have the least squares."""
    wide, form = problem.wide, problem.form
    weight = p.v**-2.0
    weight[wide] += p.room**-2.0
    theta = np.where(problem.moves, 1.0 / weight, 0.0)
    system.factorise(theta[: problem.columns], theta[problem.columns :])
    short = problem.width[wide] - p.v[wide] - p.room
    g = np.zeros_like(p.v)
    g[wide] = -short / p.room**2
    g[~problem.moves] = 0.0
    _, dv = _solved(problem, system, theta, form.side - problem.times(p.v), g)
    return dv, short - dv[wide]


def _least_change_of_duals(problem: Problem, system: System, p: Point) -> tuple[Array, Array, Array]:
    """The change of y, lower and upper that makes reduced costs the multipliers, whose ratios to them have least squares."""
    wide = problem.wide
    weight = p.lower**2
    weight[wide] += p.upper**2
    with np.errstate(divide="ignore"):
        theta = np.where(problem.moves, 1.0 / weight, 0.0)
    system.factorise(theta[: problem.columns], theta[problem.columns :])
    dy, dv = _solved(problem, system, theta, np.zeros_like(p.y), np.where(problem.moves, problem.rest(p), 0.0))
    return dy, -(p.lower**2) * dv, p.upper**2 * dv[wide]


def _solved(problem: Problem, system: System, theta: Array, right: Array, g: Array) -> tuple[Array, Array]:
    """dy of all rows and dv of all columns and slacks, from the factors of `system` for multipliers theta."""
    n, sign, moves, threads = problem.columns, problem.form.sign, problem.moves, problem.threads
    of_slacks, g_slacks = theta[n:], g[n:]
    sides = threads.filled(lambda right, sign, theta, g: right + sign * theta * g, right, sign, of_slacks, g_slacks)
    dy, dx = system.solve(sides, g[:n])
    dv = threads.empty(len(g))
    threads.fill(dv[:n], lambda moves, dx: np.where(moves, dx, 0.0), moves[:n], dx)
    slack = (moves[n:], of_slacks, sign, dy, g_slacks)
    threads.fill(dv[n:], lambda moves, theta, sign, dy, g: np.where(moves, theta * (sign * dy - g), 0.0), *slack)
    return dy, dv


def move(problem: Problem, p: Point, s: Step, mu: float) -> Point:
    """The iterate after a step, kept off the bounds."""
    back, filled = min(max(BACK, 1.0 - mu), CLOSE), problem.threads.filled
    a, b = back * s.primal, back * s.dual

    def after(v: Array, dv: Array) -> Array:
        return _kept(v, a * dv)

    def after_dual(z: Array, dz: Array) -> Array:
        return _kept(z, b * dz)

    return Point(
        filled(after, p.v, s.v), filled(after, p.room, s.room), filled(lambda y, dy: y + b * dy, p.y, s.y),
        filled(after_dual, p.lower, s.lower), filled(after_dual, p.upper, s.upper),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Centre:
    """Changes of the products that pull outliers of a longer step into a band around weight × middle."""

    primal: float
    dual: float
    middle: float

    def __call__(self, weight: Array, v: Array, dv: Array, z: Array, dz: Array) -> Array:
        target = self.middle * weight
        product = (v + self.primal * dv) * (z + self.dual * dz)
        return np.maximum(np.clip(product, target / BAND, target * BAND) - product, -BAND * target)


def _inverse(moves: Flags, weight: Array) -> Array:
    return np.where(moves, 1.0 / weight, 0.0)


def _away(v: Array, z: Array) -> Array:
    return -v * z


def _if(moves: Flags, v: Array) -> Array:
    """Entries that move, and 0 for the others."""
    return np.where(moves, v, 0.0)


class _Newton:
    """Newton's equations at an iterate."""

    def __init__(self, problem: Problem, system: System, p: Point, beyond: float, far: float) -> None:
        self.problem, self.system, self.p, self.beyond = problem, system, p, beyond
        wide, n, threads = problem.wide, problem.columns, problem.threads
        theta = threads.filled(np.divide, p.lower, p.v)
        threads.add(theta, wide, np.divide, p.upper, p.room)
        with np.errstate(divide="ignore"):
            self.theta = threads.fill(theta, _inverse, problem.moves, theta)
        if not np.isfinite(threads.largest(np.abs, theta)):
            raise FloatingPointError("a multiplier is 0")
        system.factorise(theta[:n], theta[n:])
        self.primal = threads.filled(np.subtract, problem.form.side, problem.times(p.v))
        self.dual = problem.rest(p)
        self.room = threads.filled(lambda width, at, room: width - p.v[at] - room, problem.width_wide, wide, p.room)
        missed = problem.team.most(np.array([threads.largest(np.abs, of) for of in (self.primal, self.dual)]))
        self.far = np.maximum(far * problem.sizes, np.minimum(ADDED * missed, FAR * problem.sizes))

    def predict(self) -> Step:
        """The direction that would end at the optimum if the equations were linear, and how far it goes."""
        p = self.p
        away, away_wide = (self.problem.threads.filled(_away, *of) for of in ((p.v, p.lower), (p.room, p.upper)))
        d = self._direction(away, away_wide, self.primal, self.dual, self.room)
        one = np.zeros(1)
        primal, dual = self._reach(
            (p.v, d.v, d.v), (p.room, d.room, d.room), (p.lower, d.lower, d.lower), (p.upper, d.upper, d.upper), one
        )
        return replace(d, primal=float(primal[0]), dual=float(dual[0]))

    def correct(self, base: Step, aim: Array, aim_upper: Array) -> Step:
        """`base` and as much of the correction by which the products change by `aim` as makes the steps longest.

        Primal and dual weigh it by themselves (Colombo and Gondzio 2008).
        """
        p, problem = self.p, self.problem
        d = self._direction(aim, aim_upper, *problem.nothing)
        weights = np.linspace(max(0.1, base.primal * base.dual), 1.0, WEIGHTS)
        primal, dual = self._reach(
            (p.v, base.v, d.v), (p.room, base.room, d.room), (p.lower, base.lower, d.lower), (p.upper, base.upper, d.upper),
            weights,
        )  # fmt: skip
        one, other = (len(weights) - 1 - int(np.argmax(of[::-1])) for of in (primal, dual))
        w, z = weights[one], weights[other]
        filled = problem.threads.filled
        return Step(
            v=filled(lambda a, b: a + w * b, base.v, d.v),
            room=filled(lambda a, b: a + w * b, base.room, d.room),
            y=filled(lambda a, b: a + z * b, base.y, d.y),
            lower=filled(lambda a, b: a + z * b, base.lower, d.lower),
            upper=filled(lambda a, b: a + z * b, base.upper, d.upper),
            primal=float(primal[one]),
            dual=float(dual[other]),
        )

    def _reach(self, v: Side, room: Side, lower: Side, upper: Side, weights: Array) -> tuple[Array, Array]:
        """Longest steps of primal and dual along base + weight × more for each weight; a side is (values, base, more)."""
        problem, ways = self.problem, ((v, room), (lower, upper))
        every = [
            (way, (side[0][one], side[1][one], side[2][one]))
            for way, sides in enumerate(ways)
            for wide, side in enumerate(sides)
            for one in problem.blocks(bool(wide))
        ]

        def reach(some: tuple[int, Side]) -> tuple[int, Array, Array, Array]:
            inverse, shape = np.ones(len(weights)), (len(weights), len(LENGTHS))
            past, worst = np.zeros(shape), np.zeros(shape)
            numeric.reach(*some[1], weights, LENGTHS, KEPT, inverse, past, worst)
            return some[0], inverse, past, worst

        inverse = np.ones((2, len(weights)))
        past, worst = np.zeros((2, 2, len(weights), len(LENGTHS)))
        for way, down, beyond, change in problem.threads.map(reach, every):
            inverse[way], past[way] = np.maximum(inverse[way], down), past[way] + beyond
            worst[way] = np.maximum(worst[way], change)
        past = problem.team.total(past)
        most = problem.team.most(np.concatenate([inverse[..., None], worst], axis=2))
        inverse, worst = most[..., 0], most[..., 1:]
        few = (past <= self.beyond * problem.count) & (worst <= self.far[:, None, None])
        reached = np.maximum(1.0 / inverse, np.where(few, LENGTHS, 0.0).max(axis=2))
        return reached[0], reached[1]

    def _direction(self, aim: Array, aim_upper: Array, primal: Array, dual: Array, short: Array) -> Step:
        """The direction that changes the products by the aims and takes away the infeasibilities."""
        p, problem, wide = self.p, self.problem, self.problem.wide
        filled = problem.threads.filled
        g = filled(lambda moves, dual, aim, v: np.where(moves, dual - aim / v, 0.0), problem.moves, dual, aim, p.v)
        of_wide = (aim_upper, p.upper, short, p.room)
        problem.threads.add(g, wide, lambda aim, upper, short, room: (aim - upper * short) / room, *of_wide)
        dy, dv = _solved(problem, self.system, self.theta, primal, g)
        room = filled(lambda short, at: short - dv[at], short, wide)
        upper = filled(lambda aim, upper, more, room: (aim - upper * more) / room, aim_upper, p.upper, room, p.room)
        lower = filled(lambda aim, lower, dv, v: (aim - lower * dv) / v, aim, p.lower, dv, p.v)
        return Step(dv, room, dy, lower, upper, 0.0, 0.0)
