"""Primal-dual interior point: Mehrotra's predictor, and Gondzio's centrality correctors that lengthen the step.

Products of entries and multipliers are to be weight × μ: a capacity stands for all hours of its period, and where
its product must become as small as that of an hour, it stops the steps of all. So do a handful of others, the more the more
hours there are; a step may take these past their bounds, where they keep a share of themselves.

Sources: Mehrotra (1992), "On the implementation of a primal-dual interior point method"; Gondzio (1996), "Multiple
centrality corrections in a primal-dual method for linear programming"; Colombo and Gondzio (2008), "Further development of
multiple centrality correctors for interior point methods".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.iterations import step_length
from gnomon.interior_point.iterations.primal_dual_problem import Point, Problem, Step, moving

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
periods of `guizhou-days` took 24 iterations so, 31 with ten times as much, 34 with a hundred times."""
LAST, LITTLE = 1e3, 0.1
"""Nor further than a share of the relative gap, from so many times the gap asked on, which one step may take away: what the
last one leaves, no later one has the room to take away. A random scenario had a gap of 2e-10 after eight iterations, reduced
costs that missed 1e-4, and never met its rows again."""
ADDED = 0.5
"""Nor need they go less far than this share of what rows, or reduced costs, miss already: the longer step takes away more.
Years of `guizhou-days`, operated with capacities that just fit the work that may wait: 56 iterations of one step without, 31
with it; of two steps a gap of 7.7e-5 after 35 iterations, with a tenth 4.0e-4. Where steps are short rows miss as much all
the way, 1e-2 to 6e-2 in years: `gather` takes that away in the end."""
LENGTHS: Array = np.concatenate([np.linspace(1.0, 0.05, 39), [0.04, 0.03, 0.02, 0.01]])
"""Lengths of steps that go beyond the nearest bound."""
KEPT = 0.1
"""Share of itself that an entry keeps in a step that would take it past its bound."""


Side = tuple[Array, Array, Array]


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

    def past(moves: Mask, weight: Array, dv: Array, dz: Array) -> Array:
        return np.where(moves, middle * weight, 0.0) - dv * dz

    aim = filled(past, problem.moves, problem.weight, best.v, best.lower)
    aim_wide = filled(lambda weight, dv, dz: middle * weight - dv * dz, problem.weight_wide, best.room, best.upper)
    best = newton.correct(best, aim, aim_wide)
    for _ in range(CORRECTORS):
        if best.primal > ENOUGH and best.dual > ENOUGH:
            break
        centre = _Centre(min(1.0, best.primal + WIDEN), min(1.0, best.dual + WIDEN), middle)
        aim = filled(centre, problem.weight, p.v, best.v, p.lower, best.lower)
        problem.threads.fill(aim, moving, problem.moves, aim)
        aim_wide = filled(centre, problem.weight_wide, p.room, best.room, p.upper, best.upper)
        more = newton.correct(best, aim, aim_wide)
        gained = more.primal + more.dual - best.primal - best.dual
        if gained > 0.0:
            best = more
        if gained < WORTH * WIDEN:
            break
    return best


def gather(problem: Problem, system: System, p: Point, mu: float, gap: float) -> Step:
    """The direction that takes away what rows and reduced costs miss, and leaves products where they are, all at μ.

    It goes on much longer than one that lowers them as well, and needs no corrector.
    """
    return _Newton(problem, system, p, BEYOND, LITTLE * gap).centre(mu)


def within(v: Array, change: Array, keep: float = KEPT) -> Array:
    """v after a change; an entry that would pass its bound keeps a share of itself."""
    after = v + change
    return np.where(after > 0.0, np.maximum(after, (1.0 - CLOSE) * v), keep * v)


def solved(
    problem: Problem, system: System, theta: Array, right: Array, g: Array, *, patient: bool = False
) -> tuple[Array, Array]:
    """dy of all rows and dv of all columns and slacks, from the factors of `system` for multipliers theta; `patient` as it
    takes that (`System.solve`)."""
    n, sign, moves, threads = problem.columns, problem.form.sign, problem.moves, problem.threads
    of_slacks, g_slacks = theta[n:], g[n:]
    sides = threads.filled(lambda right, sign, theta, g: right + sign * theta * g, right, sign, of_slacks, g_slacks)
    dy, dx = system.solve(sides, g[:n], patient=patient)
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
        return within(v, a * dv)

    def after_dual(z: Array, dz: Array) -> Array:
        return within(z, b * dz)

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


def _inverse(moves: Mask, weight: Array) -> Array:
    return np.where(moves, 1.0 / weight, 0.0)


def _away(v: Array, z: Array) -> Array:
    return -v * z


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
        return self._alone(self._direction(away, away_wide, self.primal, self.dual, self.room))

    def _alone(self, d: Step) -> Step:
        """A direction, and how far it goes by itself."""
        p, one = self.p, np.zeros(1)
        primal, dual = self._reach(
            (p.v, d.v, d.v), (p.room, d.room, d.room), (p.lower, d.lower, d.lower), (p.upper, d.upper, d.upper), one
        )
        return replace(d, primal=float(primal[0]), dual=float(dual[0]))

    def centre(self, mu: float) -> Step:
        """The direction that would end with all products at weight × μ, and nothing missed, if the equations were linear."""
        p, filled = self.p, self.problem.threads.filled

        def central(weight: Array, v: Array, z: Array) -> Array:
            return mu * weight - v * z

        aim = filled(central, self.problem.weight, p.v, p.lower)
        self.problem.threads.fill(aim, moving, self.problem.moves, aim)
        aim_wide = filled(central, self.problem.weight_wide, p.room, p.upper)
        return self._alone(self._direction(aim, aim_wide, self.primal, self.dual, self.room))

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
            step_length.reach(*some[1], weights, LENGTHS, KEPT, inverse, past, worst)
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
        dy, dv = solved(problem, self.system, self.theta, primal, g)
        room = filled(lambda short, at: short - dv[at], short, wide)
        upper = filled(lambda aim, upper, more, room: (aim - upper * more) / room, aim_upper, p.upper, room, p.room)
        lower = filled(lambda aim, lower, dv, v: (aim - lower * dv) / v, aim, p.lower, dv, p.v)
        return Step(dv, room, dy, lower, upper, 0.0, 0.0)
