"""A lower bound on the residents outside gigabit cities, proven city by city from prices of the budgets.

Take any prices of the budgets. No plan does better than every city would by itself if it had to pay them, less what the
budgets are worth at them (Lagrange). By itself a city can only choose from which period on it is a gigabit city, if ever;
what each choice costs it at least follows from duals of its own rows by weak duality, and that a choice is open to it at
all from duals that bound its status. All of these are given; none is trusted, and none decides whether the bound holds.

That the first period says all has to be true: see `stays`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xisuan.certificate.access import Access
from xisuan.certificate.access_rows import access_rows
from xisuan.certificate.clock import Array, Mask
from xisuan.certificate.duality import dual_values
from xisuan.certificate.policies import budget_rows
from xisuan.certificate.rows import Rows
from xisuan.certificate.statement import Statement
from xisuan.results.found import Found
from xisuan.scenario.tables_access import INDICATORS

PRICES, NEVER, REACH = "prices", "never", "reach"
FAMILIES = ("deploy", "deployed", "lay", "counted", "gigabit")
WHOLE = 1.0 - 1e-9
"""A status that is proven to stay below this is 0."""
FALLS = 1e-9
"""Share by which what is counted may fall through rounding."""


def city_by_city(statement: Statement, most: Mapping[str, Array], duals: Mapping[str, Found]) -> float:
    """The bound that these duals prove, −inf if they prove none. `most` are upper bounds of all columns."""
    columns = statement.columns
    if (
        statement.aim != "residents"
        or not duals
        or not all(stays(columns.access, city) for city in columns.access.cities)
    ):
        return -np.inf
    cities = _Cities(statement, most, duals)
    n = columns.reading.clock.shape[0]
    ways = [str(period) for period in columns.reading.clock.periods] + [NEVER]
    least = np.stack([cities.least(way, np.arange(n) >= first) for first, way in enumerate(ways)])
    best = np.where(cities.choices(), least, np.inf).min(axis=0)
    return float(best.sum()) + cities.elsewhere + statement.constant


def stays(access: Access, city: str) -> bool:
    """Whether what makes it a gigabit city in a period makes it one in every later one, so that it may stay one.

    It need not be one later than it has to; the thresholds are the same in all periods, it does not fall behind them by
    itself, and no order does harm or does less later on. Then status in later periods costs nothing and breaks no row.
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


class _Cities:
    """The rows of access by city, at the prices of the budgets. `elsewhere`: what all other columns add at them."""

    def __init__(self, statement: Statement, most: Mapping[str, Array], duals: Mapping[str, Found]) -> None:
        self.columns, self.most, self.duals = statement.columns, most, duals
        self.number = {city: i for i, city in enumerate(self.columns.access.cities)}
        self.rows = [rows for rows in access_rows(self.columns) if rows.labels]
        self.priced = statement.objective.copy()
        self.elsewhere = self._price(budget_rows(self.columns, statement.orders))
        self.elsewhere += sum(
            _least(family.view(self.priced), family.lower, np.maximum(most[name], family.lower)).sum()
            for name, family in self.columns.families.items()
            if name not in FAMILIES
        )

    def _price(self, budgets: Rows) -> float:
        """Charge the prices of the budgets; what the budgets are worth at them."""
        dual = dual_values(budgets, self._of("budget", PRICES))
        if dual is None:
            return 0.0
        row, column, coef = budgets.entries
        np.subtract.at(self.priced, column, coef * dual.ravel()[row])
        return float((dual * budgets.rhs).sum())

    def _of(self, family: str, way: str) -> Found | None:
        """The duals of a family for one way."""
        found = self.duals.get(family)
        if found is None:
            return None
        at = [i for i, label in enumerate(found.labels) if label[0] == way]
        labels = tuple(found.labels[i][1:] for i in at)
        return replace(found, dims=found.dims[1:], labels=labels, values=found.values[..., at])

    def least(self, way: str, status: Mask) -> Array:
        """What each city adds at least if it is a gigabit city in the periods `status` and no other. Shape (cities,)."""
        lower = np.broadcast_to(status[:, None], self.columns["gigabit"].shape)
        return self._bound(self.priced, way, lower.astype(float), lower.astype(float))

    def _bound(self, objective: Array, way: str, low: Array, high: Array) -> Array:
        """Least of an objective for each city by weak duality, its status between `low` and `high`."""
        reduced = objective.copy()
        total = np.zeros(len(self.number))
        for rows in self.rows:
            dual = dual_values(rows, self._of(rows.name, way))
            if dual is not None:
                row, column, coef = rows.entries
                np.subtract.at(reduced, column, coef * dual.ravel()[row])
                np.add.at(total, self._owner(rows.labels), (dual * rows.rhs).sum(axis=0))
        for name in FAMILIES:
            family = self.columns[name]
            box = (low, high) if name == "gigabit" else (family.lower, np.maximum(self.most[name], family.lower))
            np.add.at(total, self._owner(family.labels), _least(family.view(reduced), *box).sum(axis=0))
        return total

    def _owner(self, labels: tuple[tuple[str, ...], ...]) -> NDArray[np.int64]:
        return np.array([self.number[label[0]] for label in labels], dtype=np.int64)

    def choices(self) -> Mask:
        """From which period on each city may be a gigabit city; the last: never. Shape (periods + 1, cities)."""
        family = self.columns["gigabit"]
        n = family.shape[0]
        later = np.arange(n)[None, :, None] >= np.arange(n + 1)[:, None, None]
        allowed = np.all((later >= family.lower) & (later <= family.upper), axis=1).reshape(n + 1, len(self.number))
        for p, period in enumerate(self.columns.reading.clock.periods):
            objective = np.zeros_like(self.priced)
            family.view(objective)[p] = -1.0
            reached = -self._bound(objective, f"{REACH} {period}", family.lower, family.upper)
            allowed[p] &= reached >= WHOLE
        return np.asarray(allowed, dtype=bool)


def _least(reduced: Array, lower: Array, upper: Array) -> Array:
    """Least of reduced × x over a box, item by item."""
    with np.errstate(invalid="ignore"):
        return np.where(reduced < 0, reduced * np.where(reduced < 0, upper, 0.0), reduced * lower)
