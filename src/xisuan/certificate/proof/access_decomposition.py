"""Lower bound on the residents outside gigabit cities, by Lagrangian decomposition into cities.

A *point* is a vector of prices of the budgets. At these prices, weak duality on a city's own rows bounds its cost from
below for each choice of the periods in which it is a gigabit city. Duals that bound its status prove choices
infeasible. Summed over the cities, each with its choice, the costs are at most the value of the budgets: one row over
the choices. Nonnegative weights on these rows give a Lagrangian bound on the choices in every leaf of a search tree.
Each branch splits the number of gigabit cities in a set at an integer, so the leaves cover all choices. Points, weights
and branches are input; the bound is valid for any of them.

Where a gigabit city stays one, a choice is its first period, or never; otherwise any set of periods.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.certificate.constraints.access import access_rows
from xisuan.certificate.constraints.budgets import budget_rows
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.weak_duality import dual_values
from xisuan.certificate.reading.access import INDICATORS, Access
from xisuan.certificate.reading.calendar import Array, Mask
from xisuan.results.labelled_values import Found

PRICES, NEVER, REACH = "prices", "never", "reach"
FAMILIES = ("deploy", "deployed", "lay", "counted", "gigabit")
SHORT = 1e-9
"""Tolerance in periods of the proof that a choice is infeasible: its status falls short by more than this."""
FALLS = 1e-9
"""Relative decrease of a counted quantity that counts as rounding."""
PERIODS = 5
"""Largest number of periods for which all sets of periods are enumerated as choices."""
ROUNDING = 1e-9
"""Relative tolerance of a bound for another order of addition."""


def city_by_city(
    statement: Statement, most: Mapping[str, Array], duals: Mapping[str, Found], cases: pd.DataFrame, claimed: float
) -> float:
    """Return the lower bound that these duals prove, −inf if they prove none. `most` are upper bounds of all columns.

    `claimed`: choices of a city that the first point proves to be no better than this value are left out of the tree,
    and the bound is at most this value.
    """
    if statement.aim != "residents" or not duals or not len(cases):
        return -np.inf
    stay = all(stays(statement.columns.access, city) for city in statement.columns.access.cities)
    n = statement.columns.reading.clock.shape[0]
    if not stay and n > PERIODS:
        return -np.inf
    cities = _Cities(statement, most, duals, _choices(n, stay))
    # The decomposition needs an objective of status only, and a feasible choice for every city.
    if not cities.alone or not np.isfinite(cities.worth).any(axis=0).all():
        return -np.inf
    weighing = _Weighing(
        cities, claimed - ROUNDING * max(1.0, abs(claimed), abs(statement.constant)), statement.constant
    )
    least = min(weighing.ruled_out, weighing.least(cases))
    return cities.rounded(least, statement.constant)


def _choices(periods: int, stay: bool) -> Mask:
    """Return the choices of a city: from each period on, and never; or every set of periods. Shape (choices, periods)."""
    if stay:
        return np.array([[p >= first for p in range(periods)] for first in range(periods + 1)])
    return np.array(list(itertools.product((False, True), repeat=periods)))


def stays(access: Access, city: str) -> bool:
    """Return True if a city that is a gigabit city in one period can be one in all later periods at no cost.

    Sufficient conditions: a required status stays required; thresholds are the same in all periods; indicators do not
    fall below them without orders; and no order lowers an indicator later. Status in later periods then breaks no row.
    """
    if (np.diff(access.must(city).astype(int)) < 0).any():
        return False
    known = set(access.counted)
    for one in INDICATORS:
        ratio = access.ratio(one)
        if np.isnan(ratio).all() or not {(city, one.numerator), (city, one.denominator)} <= known:
            continue
        if not (ratio == ratio[0]).all():
            return False
        whole = access.state(city, one.denominator)
        slack = access.state(city, one.numerator) - ratio * whole
        if (np.diff(slack) < -FALLS * np.abs(slack).max()).any():
            return False
        for order in access.orders:
            if order[0] == city:
                gain = access.adds(order, one.numerator) - ratio[:, None] * access.adds(order, one.denominator)
                if (gain < -FALLS).any() or (np.diff(gain, axis=0) < -FALLS * gain.max(initial=0.0)).any():
                    return False
    return True


@dataclass(frozen=True)
class _Point:
    """Minimum cost of each city at given prices, by choice, shape (choices, cities), and the value of the budgets at
    these prices less the minimum cost of everything else.
    """

    least: Array
    limit: float


class _Cities:
    """Rows of access by city. `worth`: resident-years of each choice of each city, −inf where infeasible, shape
    (choices, cities). `points`: one for each vector of budget prices in the duals.
    """

    def __init__(
        self, statement: Statement, most: Mapping[str, Array], duals: Mapping[str, Found], choices: Mask
    ) -> None:
        self.columns, self.most, self.choices = statement.columns, most, choices
        self.duals = {name: _by_way(found) for name, found in duals.items()}
        self.names = list(self.columns.access.cities)
        self.number = {city: i for i, city in enumerate(self.names)}
        self.rows = [rows for rows in access_rows(self.columns) if rows.labels]
        self.budgets = budget_rows(self.columns, statement.orders)
        self.nothing = np.zeros_like(statement.objective)
        years = self.columns.reading.clock.periods
        self.ways = ["+".join(str(y) for y, on in zip(years, c, strict=True) if on) or NEVER for c in choices]
        people = -self.columns["gigabit"].view(statement.objective)
        other = statement.objective.copy()
        self.columns["gigabit"].view(other)[...] = 0.0
        self.alone = not other.any()
        self.worth = np.where(self._open(), choices.astype(float) @ people, -np.inf)
        self.points = list(self._points())

    def _points(self) -> Iterator[_Point]:
        """Yield all points, in the order of their numbers."""
        known = {way.split(" ")[0] for found in self.duals.values() for way in found}
        count = sum(f"{number}" in known for number in range(len(known)))
        for number in range(max(count, 1)):  # at no prices there is nothing to prove, and no dual that is not 0
            priced, worth = self.nothing.copy(), 0.0
            dual = dual_values(self.budgets, self._of("budget", f"{number} {PRICES}"))
            if dual is not None:
                row, column, coef = self.budgets.entries
                # Price the budgets: cost of a unit −Aᵀy; their value −yᵀb (y ≤ 0).
                np.subtract.at(priced, column, coef * dual.ravel()[row])
                worth = -float((dual * self.budgets.rhs).sum())
            least = np.stack(
                [self.least(priced, f"{number} {way}", c) for way, c in zip(self.ways, self.choices, strict=True)]
            )
            # Variables outside access at their cheapest, so that the point speaks of the cities alone.
            elsewhere = sum(
                _least(family.view(priced), family.lower, np.maximum(self.most[name], family.lower)).sum()
                for name, family in self.columns.families.items()
                if name not in FAMILIES
            )
            yield _Point(least, worth - float(elsewhere))

    def _of(self, family: str, way: str) -> Found | None:
        """Return the duals of a family for one choice."""
        return self.duals.get(family, {}).get(way)

    def least(self, objective: Array, way: str, status: Mask) -> Array:
        """Return lower bounds on the cities' cost with gigabit status exactly in `status`. Shape (cities,)."""
        at = np.broadcast_to(status[:, None], self.columns["gigabit"].shape).astype(float)
        return self._bound(objective, way, at, at)

    def _bound(self, objective: Array, way: str, low: Array, high: Array) -> Array:
        """Return the weak-duality bound on an objective for each city, with its status between `low` and `high`."""
        reduced = objective.copy()
        total = np.zeros(len(self.number))
        for rows in self.rows:
            dual = dual_values(rows, self._of(rows.name, way))
            if dual is not None:
                row, column, coef = rows.entries
                np.subtract.at(reduced, column, coef * dual.ravel()[row])
                # Weak duality by city: yᵀb of its rows …
                np.add.at(total, self._owner(rows.labels), (dual * rows.rhs).sum(axis=0))
        for name in FAMILIES:
            family = self.columns[name]
            box = (low, high) if name == "gigabit" else (family.lower, np.maximum(self.most[name], family.lower))
            # … plus Σ min over its box of (c − Aᵀy) x.
            np.add.at(total, self._owner(family.labels), _least(family.view(reduced), *box).sum(axis=0))
        return total

    def _owner(self, labels: tuple[tuple[str, ...], ...]) -> NDArray[np.int64]:
        return np.array([self.number[label[0]] for label in labels], dtype=np.int64)

    def _open(self) -> Mask:
        """Return the choices not proven infeasible for each city. Shape (choices, cities)."""
        family = self.columns["gigabit"]
        inside = self.choices[:, :, None]
        open_ = np.array(((inside >= family.lower) & (inside <= family.upper)).all(axis=1))
        for number, (way, status) in enumerate(zip(self.ways, self.choices, strict=True)):
            if status.any():
                objective = self.nothing.copy()
                family.view(objective)[status] = -1.0
                # Upper bound on the periods with status: below the number asked, the choice is infeasible.
                reached = -self._bound(objective, f"{REACH} {way}", family.lower, family.upper)
                open_[number] &= reached >= status.sum() - SHORT
        return np.asarray(open_, dtype=bool)

    def rounded(self, outside: float, everybody: float) -> float:
        """Round the bound `outside` up to the next value that choices can give: multiples of a common divisor."""
        values = self.worth[np.isfinite(self.worth)]
        if not np.isfinite(outside) or (values != np.rint(values)).any() or np.abs(values).max(initial=0.0) >= 2.0**53:
            return outside
        # The residents inside are a multiple of the common divisor of all choices.
        grid = float(np.gcd.reduce(values.astype(np.int64)))
        if grid <= 0.0:
            return outside
        inside = (everybody - outside) * (1.0 + 1e-12)
        return max(outside, everybody - float(np.floor(inside / grid)) * grid)


def _by_way(found: Found) -> dict[str, Found]:
    """Split the duals of a family by choice."""
    at: dict[str, list[int]] = {}
    for i, label in enumerate(found.labels):
        at.setdefault(label[0], []).append(i)
    return {
        way: replace(
            found, dims=found.dims[1:], labels=tuple(found.labels[i][1:] for i in some), values=found.values[..., some]
        )
        for way, some in at.items()
    }


@dataclass
class _Case:
    """Node of the search tree: choices left to each city, shape (choices, cities), and limits on the number of gigabit
    cities of a set in a period.
    """

    left: Mask
    several: dict[tuple[tuple[int, ...], int], tuple[float, float]] = field(default_factory=dict)

    def halves(self, cities: tuple[int, ...], period: int, most: float, choices: Mask) -> tuple[_Case, _Case]:
        """Return the two branches: at most floor(`most`) of the cities have status in the period, or more."""
        on = choices[:, period][:, None]
        low, high = self.several.get((cities, period), (0.0, float(len(cities))))
        found = []
        for least, top in ((low, min(high, np.floor(most))), (max(low, np.floor(most) + 1.0), high)):
            left = self.left.copy()
            if len(cities) == 1:
                column = left[:, list(cities)]
                # A branch on one city removes choices; on several it stays a row with a multiplier.
                left[:, list(cities)] = column & ((on >= least) & (on <= top))
            found.append(_Case(left, {**self.several, (cities, period): (least, top)}))
        return found[0], found[1]


class _Weighing:
    """Lagrangian bounds of the leaves. `ruled_out`: bound of all choices that the first point excludes."""

    def __init__(self, cities: _Cities, claimed: float, constant: float) -> None:
        self.cities, self.constant = cities, constant
        first = cities.points[0]
        with np.errstate(invalid="ignore"):
            spent = np.where(np.isfinite(cities.worth), first.least - cities.worth, np.inf)
        # Lagrangian bound of the first point with weight 1.
        bound = float(spent.min(axis=0).sum()) - first.limit + constant
        # Reduced-cost fixing: forcing one choice raises the bound by its loss.
        loss = spent - spent.min(axis=0)
        self.kept = np.isfinite(cities.worth) & (bound + loss < claimed)
        self.ruled_out = max(claimed, bound)

    def least(self, cases: pd.DataFrame) -> float:
        """Return the smallest bound of all leaves, −inf where the tree is malformed."""
        lines: dict[int, list[tuple[str, str, int, float]]] = {}
        columns = (cases[name] for name in ("node", "what", "item", "period", "value"))
        for node, what, item, period, value in zip(*columns, strict=True):
            lines.setdefault(int(node), []).append((str(what), str(item), int(period), float(value)))
        stack, least, node = [_Case(self.kept)], np.inf, 0
        while stack:
            case, said = stack.pop(), lines.get(node, [])
            node += 1
            split = [line for line in said if line[0] == "split"]
            if split:
                some = tuple(sorted(self.cities.number.get(item, -1) for _, item, _, _ in split))
                period = self._period(split[0][2])
                if (
                    min(some) < 0
                    or period < 0
                    or len({(line[2], line[3]) for line in split}) > 1
                    or len(set(some)) < len(some)
                ):
                    return -np.inf
                fewer, more = case.halves(some, period, split[0][3], self.cities.choices)
                stack += [more, fewer]
            else:
                least = min(least, self._leaf(case, said))
        return least

    def _period(self, year: int) -> int:
        years = list(self.cities.columns.reading.clock.periods)
        return years.index(year) if year in years else -1

    def _leaf(self, case: _Case, said: list[tuple[str, str, int, float]]) -> float:
        """Return the Lagrangian bound of a leaf with its weights and charges."""
        points, worth = self.cities.points, self.cities.worth
        weights = np.zeros(len(points))
        for what, item, _, value in said:
            if what == "weight" and item.isdecimal() and int(item) < len(points) and np.isfinite(value):
                weights[int(item)] = max(value, 0.0)
        # Lagrangian: Σ_c min over choices of (Σ_k w_k cost_kc − worth) − Σ_k w_k limit_k.
        spent = sum((w * points[k].least for k, w in enumerate(weights) if w > 0.0), np.zeros_like(worth))
        total = -float(sum(w * points[k].limit for k, w in enumerate(weights) if w > 0.0))
        counted = {(cities[0], p): (cities, sides) for (cities, p), sides in case.several.items() if len(cities) > 1}
        for what, item, year, value in said:
            period = self._period(year)
            key = (self.cities.number.get(item, -1), period)
            if what == "charge" and key in counted and np.isfinite(value):
                cities, (low, high) = counted[key]
                # Multiplier of a branching row low ≤ Σ status ≤ high.
                spent[:, list(cities)] += value * self.cities.choices[:, period][:, None]
                total -= value * (high if value > 0.0 else low)
        with np.errstate(invalid="ignore"):
            outside = np.where(case.left, spent - worth, np.inf)
        return float(outside.min(axis=0).sum()) + total + self.constant


def _least(reduced: Array, lower: Array, upper: Array) -> Array:
    """Return the minimum of reduced × x over a box, item by item."""
    with np.errstate(invalid="ignore"):
        return np.where(reduced < 0, reduced * np.where(reduced < 0, upper, 0.0), reduced * lower)
