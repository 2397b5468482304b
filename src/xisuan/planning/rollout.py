"""Most residents in gigabit cities under budgets, for many cities: one city at a time, joined by the budgets alone.

Dantzig-Wolfe decomposition. A *column* is a way to build one city, so that it is a gigabit city from one period on, with
what it takes of every budget. A master program mixes columns within the budgets; its prices of the budgets ask each city
for a better one. Ways with the same first period may be mixed, for they make a way again; the choice of the first period
is whole. For any prices λ ≥ 0 the sum of what each city does best by itself, plus λ × budgets, bounds the optimum
(Lagrange), and it bounds it far better than the model's own relaxation, in which a fraction of a city is built by its
cheapest measures alone. The prices and the duals of the cities' own programs are the proof, and are handed out with it.

Exact where cities share nothing but budgets, and where a gigabit city stays one (`stays`): then the first period says all.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from xisuan.equations import cities
from xisuan.equations.assembly import Assembly
from xisuan.errors import InfeasibleError, SolverError
from xisuan.planning.goals import outside
from xisuan.progress import Report, tell
from xisuan.scenario.tables_access import BY_INDICATOR, EFFECTS
from xisuan.solver import highs, parts
from xisuan.solver.coefficients import Held
from xisuan.solver.flat import Flat
from xisuan.solver.highs import How, Solution
from xisuan.solver.model import Array, Model

MANY = 150
"""Integers from which the decomposition is worth its while; below, branch and bound takes a second."""
ROUNDS = 60
"""Most rounds of prices: the bound is valid after any of them."""
GAP = 5e-4
"""Relative gap where none is asked: closing the last part of it takes as long as all the rest."""
SHARE = 0.3
"""Of the gap asked, what the prices may leave; the rest is for the choice of whole cities."""
NODES = 200
"""Nodes after which a choice of whole cities is given up, and looked for among more ways."""
REACHED = 1.0 - 1e-7
"""A city whose relaxation comes to less than this cannot be a gigabit city in the period."""


def applies(assembly: Assembly, flat: Flat) -> bool:
    """Whether the decomposition is exact for this model, and worth its while."""
    return int(flat.integer.sum()) >= MANY and separable(assembly, flat)


def separable(assembly: Assembly, flat: Flat) -> bool:
    """Whether the decomposition is exact for this model."""
    return bool(flat.integer.any()) and _apart(assembly, flat) and stays(assembly)


def _apart(assembly: Assembly, flat: Flat) -> bool:
    """Whether the part with the integers is access alone: no budget joins it to anything else."""
    inside = parts.with_integers(flat)
    access = np.zeros(len(inside), dtype=bool)
    for name in ("deploy", "lay", "deployed", "counted", "gigabit"):
        block = assembly.model.columns.get(name)
        if block is not None:
            flat.part(access, block)[...] = True
    return not bool((inside & ~access).any())


def stays(assembly: Assembly) -> bool:
    """Whether what makes a city a gigabit city in a period makes it one in every later one: nothing it has falls behind.

    The standard does not rise, the city does not fall behind by itself, no order does less later on, and a city that
    has been named stays so.
    """
    labels = cities.cities(assembly.given)
    if (np.diff(cities.named(assembly.given, labels).astype(int), axis=0) < 0).any():
        return False
    given, deploy, row = assembly.given, assembly.column("deploy"), assembly.model.rows.get("gigabit_reached")
    if row is None or deploy is None:
        return True
    ratio = np.full((len(given.periods), len(BY_INDICATOR)), np.nan)
    place = {name: k for k, name in enumerate(BY_INDICATOR)}
    for y in range(len(given.periods)):
        for one in cities.mandatory(given, y):
            ratio[y, place[one.indicator.name]] = one.ratio
    if not (np.isnan(ratio).all(axis=0) | (ratio == ratio[0]).all(axis=0)).all():
        return False
    gain = np.zeros((len(given.periods), len(given.periods), len(deploy), len(BY_INDICATOR)))
    adds = cities.effects(given, deploy.labels)
    for k, judge in enumerate(BY_INDICATOR.values()):
        for side, sign in ((judge.numerator, 1.0), (judge.denominator, -np.nan_to_num(ratio[0, k]))):
            mine = np.array(EFFECTS)[adds.quantity] == side
            at = (adds.made[mine], adds.used[mine], adds.item[mine], np.full(mine.sum(), k))
            np.add.at(gain, at, sign * adds.amount[mine])
    later = np.diff(gain, axis=1)
    lead = cities.measure(given, deploy.labels, "lead_years")
    now = np.array(given.periods, dtype=np.float64)
    begun = now[None, :-1, None] >= now[:, None, None] + lead[:, None, :]  # what comes into use may bring a loss
    falls = (later < -1e-12) & begun[..., None]
    losing = (gain < -1e-12).any()
    sides = [
        [(city, getattr(BY_INDICATOR[name], side)) for city, name in row.labels]
        for side in ("numerator", "denominator")
    ]
    rows = np.array([place[name] for _, name in row.labels])
    slack = cities.opening(given, sides[0]) - np.nan_to_num(ratio[:, rows]) * cities.opening(given, sides[1])
    return not (falls.any() or losing or (np.diff(slack, axis=0) < -1e-9 * np.abs(slack).max(initial=1.0)).any())


@dataclass
class _Columns:
    """Ways to build cities found so far: city, first period (the number of periods: never), what each takes of every
    budget. Shapes (columns,), (columns,), (columns, budget rows)."""

    city: NDArray[np.int64]
    first: NDArray[np.int64]
    takes: Array

    def add(self, other: _Columns) -> None:
        self.city = np.concatenate([self.city, other.city])
        self.first = np.concatenate([self.first, other.first])
        self.takes = np.concatenate([self.takes, other.takes])


PRICES, NEVER, REACH = "prices", "never", "reach"
"""Names of row duals in the proof, beside those of the periods."""


class _Cities:
    """Every city by itself: its cheapest way for each first period at given prices of the budgets."""

    def __init__(self, assembly: Assembly, flat: Flat) -> None:
        self.flat = parts.alone(flat, parts.with_integers(flat))
        model = assembly.model
        self.gigabit = model.columns["gigabit"]
        self.periods = model.periods
        self.years = assembly.given.periods
        budget = model.rows.get("budget")
        self.limits = self._budgets(budget)
        self.lower = flat.part(flat.lower, self.gigabit)
        self.upper = flat.part(flat.upper, self.gigabit)
        self.worth = -flat.part(outside(assembly), self.gigabit)
        self.owner = np.zeros(len(flat.cost), dtype=np.int64)
        for name in ("deploy", "lay", "deployed", "counted", "gigabit"):
            block = model.columns.get(name)
            if block is not None:
                at = [self.gigabit.position[label[:1]] for label in block.labels]
                flat.part(self.owner, block)[...] = at
        self.reach: list[Array] = []
        self.can = self._can()
        self.engines = [highs.Repeated(self._from(first)) for first in range(self.periods + 1)]

    def _budgets(self, budget: object) -> Array:
        """Rows of budgets with a limit; open from now on in the cities' own models."""
        places = np.zeros(self.flat.shape[0], dtype=bool)
        if budget is not None:
            self.flat.part(places, budget, rows=True)[...] = True  # type: ignore[arg-type]
        rows = np.flatnonzero(places & np.isfinite(self.flat.row_upper))
        limits = self.flat.row_upper[rows]
        self.budget, self.budget_rows = self.flat.matrix[rows], rows
        upper = np.where(places, np.inf, self.flat.row_upper)
        self.flat = replace(self.flat, row_upper=upper)
        return limits

    def _can(self) -> NDArray[np.bool_]:
        """Whether each city can be a gigabit city in each period, all money given. Shape (periods, cities)."""
        cost = np.zeros_like(self.flat.cost)
        self.flat.part(cost, self.gigabit)[...] = -1.0
        x = highs.vertex(replace(self.flat, cost=cost))
        found = np.zeros_like(self.lower, dtype=bool)
        if x is None:
            return found
        engine = highs.Repeated(self.flat)
        for y in range(self.periods):
            cost[...] = 0.0
            self.flat.part(cost, self.gigabit)[y] = -1.0
            x = engine.solve(cost)
            found[y] = x is not None and self.flat.part(x, self.gigabit)[y] >= REACHED
            self.reach.append(engine.row_dual)
        return found

    def allowed(self, first: int) -> NDArray[np.bool_]:
        """Cities that may become gigabit cities in period `first` and not before. Shape (cities,)."""
        before, after = self.lower[:first], self.upper[first:]
        fits = ~(before >= 1.0).any(axis=0) & ~(after < 1.0).any(axis=0)
        able = self.can[first] if first < self.periods else np.ones(len(self.gigabit), dtype=bool)
        settled = (self.lower == self.upper).all(axis=0)
        return np.where(settled, first == self.periods, fits & able)

    def _from(self, first: int) -> Flat:
        """The model in which every city that may is a gigabit city from period `first` on, and only then."""
        lower, upper = self.flat.lower.copy(), self.flat.upper.copy()
        here = self.allowed(first) & ~(self.lower == self.upper).all(axis=0)
        low, high = self.flat.part(lower, self.gigabit), self.flat.part(upper, self.gigabit)
        low[first:, here] = 1.0
        high[:first, here] = 0.0
        low[:, ~here], high[:, ~here] = self.lower[:, ~here], self.lower[:, ~here]
        return replace(self.flat, lower=lower, upper=upper)

    def best(self, prices: Array) -> tuple[_Columns, Array]:
        """The cheapest way of each city for each first period at these prices, and their values.

        Values are what the city is worth less what it takes at the prices, shape (columns,).
        """
        found = _Columns(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(self.limits))))
        cost = np.asarray(self.budget.T @ prices)
        for first, engine in enumerate(self.engines):
            x = engine.solve(cost)
            if x is None:
                raise SolverError(f"a city that can be a gigabit city in period {first} cannot: a limit is too close")
            takes = np.zeros((len(self.gigabit), len(prices)))
            for k in range(len(prices)):
                row = self.budget[k]
                np.add.at(takes[:, k], self.owner[row.indices], row.data * x[row.indices])
            at = np.flatnonzero(self.allowed(first))
            found.add(_Columns(at, np.full(len(at), first), takes[at]))
        value = self.value(found) - found.takes @ prices
        return found, value

    def duals(self) -> list[Array]:
        """Row duals of the last cheapest ways, by first period. Shape (rows,) each."""
        return [engine.row_dual for engine in self.engines]

    def of_budgets(self, values: Array) -> Array:
        """Values of the budgets' rows among zeros. Shape (rows,)."""
        out = np.zeros(self.flat.shape[0])
        out[self.budget_rows] = values
        return out

    def value(self, columns: _Columns) -> Array:
        """Resident-years that each column brings into gigabit cities."""
        later = np.concatenate([np.cumsum(self.worth[::-1], axis=0)[::-1], np.zeros((1, len(self.gigabit)))])
        settled = (self.worth * self.lower).sum(axis=0)
        whole = (self.lower == self.upper).all(axis=0)
        free = later[columns.first, columns.city]
        return np.where(whole[columns.city], settled[columns.city], free)


def most_residents(assembly: Assembly, flat: Flat, how: How, progress: Report | None = None) -> Solution:
    """The first periods of all cities with most resident-years, with a proven bound.

    Of the solution only the values of `gigabit` mean something; what is built for them is a linear program. `further`
    holds the proof (see `Priced`).
    """
    began = time.perf_counter()
    gap = how.gap if how.gap is not None else GAP
    everybody = assembly.outside_constant
    them = _Cities(assembly, flat)
    priced = _priced(them, everybody, SHARE * gap, progress)
    first, reached = _whole(them, priced, gap * max(1.0, everybody - priced.mixed))
    x = np.zeros_like(flat.cost)
    z = flat.part(x, them.gigabit)
    z[...] = np.where((them.lower == them.upper).all(axis=0), them.lower, np.arange(them.periods)[:, None] >= first)
    return Solution(
        x,
        np.zeros(flat.shape[0]),
        everybody - reached,
        min(everybody - priced.bound, everybody - reached),
        "decomposition",
        priced.rounds,
        time.perf_counter() - began,
        f"decomposition: {priced.rounds} rounds, {len(priced.columns.city):,} ways of {len(them.gigabit)} cities",
        further=priced.proof,
    )


def proof(assembly: Assembly, flat: Flat) -> Mapping[str, Array]:
    """Prices that bound the optimum, with their duals, whoever finds it; none where cities share more than budgets."""
    if not separable(assembly, flat):
        return {}
    return _priced(_Cities(assembly, flat), assembly.outside_constant, SHARE * highs.MIP_GAP, None).proof


@dataclass(frozen=True)
class Priced:
    """Prices of the budgets at which the cities' own optima bound the whole: `bound`, in resident-years. `mixed` is what
    mixtures of the ways found reach within the budgets; `loss` what each first period costs each city of its own optimum.

    `proof` are row duals by name: PRICES, those of the budgets; for each first period, and for NEVER, those of the
    cheapest way of every city at these prices; for each period after REACH, those of how far every city can get.
    """

    columns: _Columns
    loss: Array
    bound: float
    mixed: float
    rounds: int
    proof: Mapping[str, Array]


def _priced(them: _Cities, everybody: float, gap: float, progress: Report | None) -> Priced:
    prices = everybody / np.maximum(them.limits, 1.0) / max(1, len(them.limits))  # dear enough to build nothing idly
    columns, value = them.best(prices)
    best = (_lagrange(them, columns, value, prices), prices, them.duals(), _loss(them, columns, value))
    scale = max(1.0, everybody)
    mixed, rounds = 0.0, 1
    for rounds in range(1, ROUNDS + 1):
        mixed, prices = _master(them, columns)
        more, value = them.best(prices)
        bound = _lagrange(them, more, value, prices)
        if bound < best[0]:
            best = (bound, prices, them.duals(), _loss(them, more, value))
        told = f"prices of budgets: round {rounds}, bound {best[0] / scale:.5f}, mixed {mixed / scale:.5f}"
        tell(progress, "solve", told)
        if best[0] - mixed <= gap * max(1.0, everybody - mixed):
            break
        columns.add(more)
    bound, prices, duals, loss = best
    names = [str(period) for period in them.years] + [NEVER]
    found = {PRICES: them.of_budgets(-prices), **dict(zip(names, duals, strict=True))}
    found |= {f"{REACH} {year}": dual for year, dual in zip(them.years, them.reach, strict=False)}
    return Priced(columns, loss, bound, mixed, rounds, found)


def _lagrange(them: _Cities, columns: _Columns, value: Array, prices: Array) -> float:
    """Most resident-years that any plan reaches, proven by these prices."""
    best = np.full(len(them.gigabit), -np.inf)
    np.maximum.at(best, columns.city, value)
    return float(best.sum() + prices @ them.limits)


def _loss(them: _Cities, columns: _Columns, value: Array) -> Array:
    """What each first period is worth less than the best one, at the prices of `value`. Shape (periods + 1, cities)."""
    found = np.full((them.periods + 1, len(them.gigabit)), -np.inf)
    np.maximum.at(found, (columns.first, columns.city), value)
    return np.asarray(found.max(axis=0) - found)


def _program(them: _Cities, columns: _Columns) -> Flat:
    """The master program: mix columns within the budgets, one city's shares adding up to 1."""
    n, count = len(columns.city), len(them.gigabit)
    one = sp.csr_matrix((np.ones(n), (columns.city, np.arange(n))), shape=(count, n))
    budgets = sp.csr_matrix(columns.takes.T)
    sides = np.concatenate([them.limits, np.ones(count)])
    return Flat(
        Model(1, np.zeros(1, dtype=np.int64)),
        Held(sp.csr_matrix(sp.vstack([budgets, one]))),
        np.concatenate([np.full(len(them.limits), -np.inf), np.ones(count)]),
        sides,
        np.zeros(n),
        np.ones(n),
        -them.value(columns),
        np.zeros(n, dtype=bool),
        0.0,
    )


def _master(them: _Cities, columns: _Columns) -> tuple[float, Array]:
    """Most resident-years of a mixture of columns, and the price of a unit of each budget."""
    program = _program(them, columns)
    engine = highs.Repeated(program)
    x = engine.solve(program.cost)
    if x is None:
        raise InfeasibleError("No plan keeps the budgets and meets the dates.")
    return float(-program.cost @ x), np.maximum(-engine.row_dual[: len(them.limits)], 0.0)


def _whole(them: _Cities, priced: Priced, asked: float) -> tuple[NDArray[np.int64], float]:
    """The first period of each city in a plan that comes within `asked` resident-years of the bound, or nearly so.

    Such a plan loses no more than that in all, so no city's first period loses more by itself: there are few to choose
    from. Where they do not do, twice as much is allowed, and so on.
    """
    columns, within = priced.columns, max(asked, priced.bound - priced.mixed)
    loss = priced.loss[columns.first, columns.city]
    while True:
        near = loss <= within
        some = _Columns(columns.city[near], columns.first[near], columns.takes[near])
        found = _choice(them, some, priced.bound - within, None if near.all() else NODES)
        if found is not None and (near.all() or found[1] >= priced.bound - within):
            return found
        if near.all():
            raise InfeasibleError("No plan keeps the budgets and meets the dates.")
        within *= 2.0


def _choice(
    them: _Cities, columns: _Columns, target: float, nodes: int | None
) -> tuple[NDArray[np.int64], float] | None:
    """First periods that reach `target`, or the best found: shares of columns with the same one add up to 0 or 1."""
    program = _program(them, columns)
    n, (rows, _) = len(columns.city), program.shape
    option = columns.city * (them.periods + 1) + columns.first
    names, group = np.unique(option, return_inverse=True)
    tie = sp.csr_matrix((np.ones(n), (group, np.arange(n))), shape=(len(names), n))
    above: sp.csr_matrix = sp.hstack([program.matrix, sp.csr_matrix((rows, len(names)))], format="csr")
    below: sp.csr_matrix = sp.hstack([tie, -sp.identity(len(names), format="csr")], format="csr")
    matrix: sp.csr_matrix = sp.vstack([above, below], format="csr")
    whole = Flat(
        program.model,
        Held(matrix),
        np.concatenate([program.row_lower, np.zeros(len(names))]),
        np.concatenate([program.row_upper, np.zeros(len(names))]),
        np.zeros(n + len(names)),
        np.ones(n + len(names)),
        np.concatenate([program.cost, np.zeros(len(names))]),
        np.concatenate([np.zeros(n, dtype=bool), np.ones(len(names), dtype=bool)]),
        0.0,
    )
    found = highs.best(whole, highs.MIP_GAP, nodes, -target)
    if found is None:
        return None
    chosen = names[np.flatnonzero(found[n:] > 0.5)]
    first = np.full(len(them.gigabit), them.periods)
    first[chosen // (them.periods + 1)] = chosen % (them.periods + 1)
    return first, -float(whole.cost @ found)
