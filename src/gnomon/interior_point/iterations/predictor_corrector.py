"""Direction of an iteration: Mehrotra's predictor and Gondzio's centrality correctors.

The target of the product of an entry and its multiplier is weight × μ. A capacity serves all hours of its period; if
its product had to be as small as that of an hour, it would limit the steps of all. A few other entries also stop steps,
the more hours the likelier; a step may take these past their bounds, and they keep a share of their value.

Sources: Mehrotra (1992), "On the implementation of a primal-dual interior point method"; Gondzio (1996), "Multiple
centrality corrections in a primal-dual method for linear programming"; Colombo and Gondzio (2008), "Further development
of multiple centrality correctors for interior point methods".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.iterations import step_length
from gnomon.interior_point.iterations.primal_dual_problem import Point, Problem, Step, moving

CORRECTORS = 8
"""Maximum number of centrality correctors per iteration; a solve costs a tenth of a factorisation."""
WIDEN = 0.3
"""Increase of the step length that a corrector aims at."""
WORTH = 0.1
"""Share of that increase that a corrector must gain for a further one to be tried."""
BAND = 10.0
"""Correctors pull products to within this factor of their target."""
WEIGHTS = 9
"""Number of weights tried for a correction."""
LONG_STEP = 0.95
"""Primal and dual step lengths above which no corrector is worth its solve."""
LEAST_PREDICTED = 1e-6
"""Minimum share of the products that the predictor may predict to remain."""
LEAST_FRACTION = 0.995
"""Least fraction to the boundary: share of the way to the nearest bound that a step takes."""

LARGEST_FRACTION = 1.0 - 1e-6
"""Largest fraction to the boundary."""

MEAN_EXCESS = 1e-5
"""Mean excess over all entries by which a step may pass bounds, each relative to the entry."""
LARGEST_EXCESS = 1e-2
"""Largest excess of one entry, relative to the largest side or cost. It becomes an infeasibility, and larger values cost
iterations: 31 with ten times as much on five periods of `guizhou-days`, instead of 24."""
NEAR_GAP, EXCESS_OF_GAP = 1e3, 0.1
"""Within `NEAR_GAP` times the requested gap, the excess is limited to `EXCESS_OF_GAP` times the relative gap. One step can
close such a gap, and later steps are too short to remove what it leaves."""
ADDED = 0.5
"""An excess up to this share of the present residuals is always allowed: the longer step removes more than it adds. Where
steps are short, years of `guizhou-days` need 31 iterations with it and 56 without; `gather` removes the residuals at
the end."""
LENGTHS: Array = np.concatenate([np.linspace(1.0, 0.05, 39), [0.04, 0.03, 0.02, 0.01]])
"""Lengths of steps that go beyond the nearest bound."""
SHARE_KEPT = 0.1
"""Share of its value that an entry keeps in a step that would take it past its bound."""


Side = tuple[Array, Array, Array]


def step(
    problem: Problem, system: System, p: Point, mu: float, least: float = 0.0, gap: float = np.inf, asked: float = 0.0
) -> Step:
    """Return the direction from an iterate and its step lengths: factorise, predict, correct. The target is μ ≥ `least`.

    Steps may take entries past their bounds: by less if the relative `gap` of the iterate is near the requested gap
    `asked`, and not at all if it is reached.
    """
    # Mehrotra predictor: affine direction, after the only factorisation of the iteration.
    newton = _Newton(
        problem,
        system,
        p,
        mu,
        MEAN_EXCESS if gap > asked else 0.0,
        LARGEST_EXCESS if gap > NEAR_GAP * asked else EXCESS_OF_GAP * gap,
    )
    best, filled = newton.predict(), problem.threads.filled
    # Mehrotra's rule: target μ = μ (μ_affine / μ)³.
    share = problem.products(p, best) / max(1.0, problem.whole) / mu
    middle = max(least, mu * min(1.0, max(share, LEAST_PREDICTED)) ** 3)

    def past(moves: Mask, weight: Array, dv: Array, dz: Array) -> Array:
        return np.where(moves, middle * weight, 0.0) - dv * dz

    # Mehrotra corrector: centring and the second-order term −dv dz of the predictor.
    aim = filled(past, problem.bounded, problem.weight, best.v, best.lower)
    aim_wide = filled(lambda weight, dv, dz: middle * weight - dv * dz, problem.weight_wide, best.room, best.upper)
    best = newton.correct(best, aim, aim_wide)
    # Gondzio's centrality correctors, each aimed at longer steps.
    for _ in range(CORRECTORS):
        if best.primal > LONG_STEP and best.dual > LONG_STEP:
            break
        # Trial steps are longer by WIDEN.
        centre = _Centre(min(1.0, best.primal + WIDEN), min(1.0, best.dual + WIDEN), middle)
        aim = filled(centre, problem.weight, p.v, best.v, p.lower, best.lower)
        problem.threads.fill(aim, moving, problem.bounded, aim)
        aim_wide = filled(centre, problem.weight_wide, p.room, best.room, p.upper, best.upper)
        more = newton.correct(best, aim, aim_wide)
        gained = more.primal + more.dual - best.primal - best.dual
        if gained > 0.0:
            best = more
        if gained < WORTH * WIDEN:
            break
    return best


def gather(problem: Problem, system: System, p: Point, mu: float, gap: float) -> Step:
    """Return the direction that removes residuals and keeps all products at weight × μ.

    It permits longer steps than a direction that also lowers μ, and needs no corrector.
    """
    return _Newton(problem, system, p, mu, MEAN_EXCESS, EXCESS_OF_GAP * gap).centre(mu)


def limit_change(v: Array, change: Array, keep: float = SHARE_KEPT) -> Array:
    """Return v after a change; an entry that would pass its bound keeps a share of its value."""
    after = v + change
    return np.where(after > 0.0, np.maximum(after, (1.0 - LARGEST_FRACTION) * v), keep * v)


def solve_newton(
    problem: Problem, system: System, theta: Array, right: Array, g: Array, *, patient: bool = False
) -> tuple[Array, Array]:
    """Return dy of all rows and dv of all columns and slacks, from the factors of `system` for the diagonal Θ = `theta`.

    Solves A dv = `right`, Aᵀ dy − Θ⁻¹ dv = `g`. patient: as in `System.solve`.
    """
    n, sign, moves, threads = problem.columns, problem.form.sign, problem.moves, problem.threads
    of_slacks, g_slacks = theta[n:], g[n:]
    # Slacks are eliminated: ds = Θₛ (σ dy − gₛ).
    sides = threads.filled(lambda right, sign, theta, g: right + sign * theta * g, right, sign, of_slacks, g_slacks)
    dy, dx = system.solve(sides, g[:n], patient=patient)
    dv = threads.empty(len(g))
    threads.fill(dv[:n], lambda moves, dx: np.where(moves, dx, 0.0), moves[:n], dx)
    slack = (moves[n:], of_slacks, sign, dy, g_slacks)
    threads.fill(dv[n:], lambda moves, theta, sign, dy, g: np.where(moves, theta * (sign * dy - g), 0.0), *slack)
    return dy, dv


def move(problem: Problem, p: Point, s: Step, mu: float) -> Point:
    """Return the iterate after a step, kept off the bounds."""
    # Fraction to the boundary; it approaches 1 with μ.
    back, filled = min(max(LEAST_FRACTION, 1.0 - mu), LARGEST_FRACTION), problem.threads.filled
    a, b = back * s.primal, back * s.dual

    def after(v: Array, dv: Array) -> Array:
        return limit_change(v, a * dv)

    def after_dual(z: Array, dz: Array) -> Array:
        return limit_change(z, b * dz)

    v, at = filled(after, p.v, s.v), problem.unbounded
    v[at] = p.v[at] + a * s.v[at]
    return Point(
        v, filled(after, p.room, s.room), filled(lambda y, dy: y + b * dy, p.y, s.y),
        filled(after_dual, p.lower, s.lower), filled(after_dual, p.upper, s.upper),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Centre:
    """Change of the products at longer steps that pulls outliers into the band weight × middle / BAND to × BAND."""

    primal: float
    dual: float
    middle: float

    def __call__(self, weight: Array, v: Array, dv: Array, z: Array, dz: Array) -> Array:
        target = self.middle * weight
        product = (v + self.primal * dv) * (z + self.dual * dz)
        return np.maximum(np.clip(product, target / BAND, target * BAND) - product, -BAND * target)


def _inverse(moves: Mask, weight: Array) -> Array:
    return np.where(moves, 1.0 / weight, 0.0)


def _off_bounds(v: Array, z: Array) -> Array:
    return -v * z


class _Newton:
    """Newton's equations at an iterate: factorisation and residuals."""

    def __init__(self, problem: Problem, system: System, p: Point, mu: float, beyond: float, far: float) -> None:
        self.problem, self.system, self.p, self.beyond = problem, system, p, beyond
        wide, n, threads = problem.wide, problem.columns, problem.threads
        # Θ⁻¹ = z/v + z′/(width − v).
        theta = threads.filled(np.divide, p.lower, p.v)
        threads.add(theta, wide, np.divide, p.upper, p.room)
        theta[problem.unbounded] = problem.inertia(p.v, mu)
        with np.errstate(divide="ignore"):
            self.theta = threads.fill(theta, _inverse, problem.moves, theta)
        if not np.isfinite(threads.largest(np.abs, theta)):
            raise FloatingPointError("a multiplier is 0")
        system.factorise(theta[:n], theta[n:])
        # Residuals of rows, reduced costs and widths.
        self.primal = threads.filled(np.subtract, problem.form.side, problem.times(p.v))
        self.dual = problem.rest(p)
        self.room = threads.filled(lambda width, at, room: width - p.v[at] - room, problem.width_wide, wide, p.room)
        missed = problem.team.maximum(np.array([threads.largest(np.abs, of) for of in (self.primal, self.dual)]))
        # Largest excess past a bound, which becomes a residual of the next iteration.
        self.far = np.maximum(far * problem.sizes, np.minimum(ADDED * missed, LARGEST_EXCESS * problem.sizes))

    def predict(self) -> Step:
        """Return the affine (predictor) direction, with target μ = 0, and its step lengths."""
        p = self.p
        away, away_wide = (self.problem.threads.filled(_off_bounds, *of) for of in ((p.v, p.lower), (p.room, p.upper)))
        return self._with_lengths(self._direction(away, away_wide, self.primal, self.dual, self.room))

    def _with_lengths(self, d: Step) -> Step:
        """Return a direction with its own step lengths."""
        p, one = self.p, np.zeros(1)
        primal, dual = self._reach(
            (p.v, d.v, d.v), (p.room, d.room, d.room), (p.lower, d.lower, d.lower), (p.upper, d.upper, d.upper), one
        )
        return replace(d, primal=float(primal[0]), dual=float(dual[0]))

    def centre(self, mu: float) -> Step:
        """Return the direction to products weight × μ and no residuals, with its step lengths."""
        p, filled = self.p, self.problem.threads.filled

        def central(weight: Array, v: Array, z: Array) -> Array:
            return mu * weight - v * z

        aim = filled(central, self.problem.weight, p.v, p.lower)
        self.problem.threads.fill(aim, moving, self.problem.bounded, aim)
        aim_wide = filled(central, self.problem.weight_wide, p.room, p.upper)
        return self._with_lengths(self._direction(aim, aim_wide, self.primal, self.dual, self.room))

    def correct(self, base: Step, aim: Array, aim_upper: Array) -> Step:
        """Return `base` plus the multiple of a correction that gives the longest steps.

        The correction changes products by `aim`. Primal and dual multiples are chosen separately (Colombo and Gondzio
        2008).
        """
        p, problem = self.p, self.problem
        d = self._direction(aim, aim_upper, *problem.nothing)
        weights = np.linspace(max(0.1, base.primal * base.dual), 1.0, WEIGHTS)
        primal, dual = self._reach(
            (p.v, base.v, d.v), (p.room, base.room, d.room), (p.lower, base.lower, d.lower), (p.upper, base.upper, d.upper),
            weights,
        )  # fmt: skip
        # The largest weight among those of the longest step.
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
        """Return the longest primal and dual steps along base + weight × more for each weight.

        A side is (values, base, more).
        """
        problem, ways = self.problem, ((self._limited(v), room), (lower, upper))
        every = [
            (way, (side[0][one], side[1][one], side[2][one]))
            for way, sides in enumerate(ways)
            for wide, side in enumerate(sides)
            for one in problem.blocks(bool(wide))
        ]

        def reach(some: tuple[int, Side]) -> tuple[int, Array, Array, Array]:
            inverse, shape = np.ones(len(weights)), (len(weights), len(LENGTHS))
            past, worst = np.zeros(shape), np.zeros(shape)
            step_length.reach(*some[1], weights, LENGTHS, SHARE_KEPT, inverse, past, worst)
            return some[0], inverse, past, worst

        inverse = np.ones((2, len(weights)))
        past, worst = np.zeros((2, 2, len(weights), len(LENGTHS)))
        for way, down, beyond, change in problem.threads.map(reach, every):
            inverse[way], past[way] = np.maximum(inverse[way], down), past[way] + beyond
            worst[way] = np.maximum(worst[way], change)
        past = problem.team.total(past)
        most = problem.team.maximum(np.concatenate([inverse[..., None], worst], axis=2))
        inverse, worst = most[..., 0], most[..., 1:]
        # Lengths beyond the nearest bound are allowed if the mean and the largest excess are small.
        few = (past <= self.beyond * problem.count) & (worst <= self.far[:, None, None])
        reached = np.maximum(1.0 / inverse, np.where(few, LENGTHS, 0.0).max(axis=2))
        return reached[0], reached[1]

    def _limited(self, of: Side) -> Side:
        """Return the side of columns and slacks, in which unbounded columns limit no step."""
        at = self.problem.unbounded
        if not len(at):
            return of
        v, base, more = (each.copy() for each in of)
        v[at], base[at], more[at] = 1.0, 0.0, 0.0
        return v, base, more

    def _direction(self, aim: Array, aim_upper: Array, primal: Array, dual: Array, short: Array) -> Step:
        """Return the direction that changes the products by the aims and removes the given residuals.

        With dz = (aim − z dv)/v and likewise for the upper bounds, the multipliers are eliminated: Aᵀ dy − Θ⁻¹ dv = g.
        """
        p, problem, wide = self.p, self.problem, self.problem.wide
        filled = problem.threads.filled
        # Right side g = rest − aim/v + (aim′ − z′ short)/room.
        g = filled(lambda moves, dual, aim, v: np.where(moves, dual - aim / v, 0.0), problem.moves, dual, aim, p.v)
        g[problem.unbounded] = dual[problem.unbounded]
        of_wide = (aim_upper, p.upper, short, p.room)
        problem.threads.add(g, wide, lambda aim, upper, short, room: (aim - upper * short) / room, *of_wide)
        dy, dv = solve_newton(problem, self.system, self.theta, primal, g)
        # Back substitution for room and multipliers.
        room = filled(lambda short, at: short - dv[at], short, wide)
        upper = filled(lambda aim, upper, more, room: (aim - upper * more) / room, aim_upper, p.upper, room, p.room)
        lower = filled(lambda aim, lower, dv, v: (aim - lower * dv) / v, aim, p.lower, dv, p.v)
        lower[problem.unbounded] = 0.0
        return Step(dv, room, dy, lower, upper, 0.0, 0.0)
