"""A linear program by names: columns, rows, costs by term, and scipy's HiGHS to solve it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

Array = NDArray[np.float64]
Key = tuple[object, ...]
Sum = dict[int, float]
"""A linear expression: column to coefficient."""


def add(total: Sum, column: int | None, factor: float = 1.0) -> None:
    """Add a column to an expression; a column that is not there is 0."""
    if column is not None and factor != 0.0:
        total[column] = total.get(column, 0.0) + factor


def add_all(total: Sum, other: Mapping[int, float], factor: float = 1.0) -> None:
    """Add an expression to another."""
    for column, value in other.items():
        add(total, column, value * factor)


@dataclass
class Optimum:
    """Status ("optimal" or "infeasible"), objective and values of all columns."""

    status: str
    objective: float = math.nan
    values: Array = field(default_factory=lambda: np.zeros(0))


class Program:
    """Columns ≥ 0 with names, rows with two sides, and costs."""

    def __init__(self) -> None:
        self.columns: dict[Key, int] = {}
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self._row: list[int] = []
        self._column: list[int] = []
        self._value: list[float] = []
        self.sides: list[tuple[float, float]] = []
        self.costs: dict[tuple[str, int], Sum] = {}
        self.constant = 0.0
        self.gates: list[tuple[int, int]] = []

    def variable(self, *key: object, lower: float = 0.0, upper: float = math.inf, whole: bool = False) -> int:
        """Make a column."""
        if key in self.columns:
            raise KeyError(key)
        self.columns[key] = len(self.lower)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return self.columns[key]

    def get(self, *key: object) -> int | None:
        """Return a column, None where the model has none of that name."""
        return self.columns.get(key)

    def row(self, terms: Mapping[int, float], lower: float = -math.inf, upper: float = math.inf) -> None:
        """Add a row lower ≤ Σ terms ≤ upper."""
        at = len(self.sides)
        self.sides.append((lower, upper))
        for column, value in terms.items():
            self._row.append(at)
            self._column.append(column)
            self._value.append(value)

    def rows(self) -> list[tuple[Sum, tuple[float, float]]]:
        """Return all rows with their two sides."""
        out: list[Sum] = [{} for _ in self.sides]
        for row, column, value in zip(self._row, self._column, self._value, strict=True):
            add(out[row], column, value)
        return list(zip(out, self.sides, strict=True))

    def equal(self, terms: Mapping[int, float], value: float = 0.0) -> None:
        """Add a row Σ terms = value."""
        self.row(terms, value, value)

    def cost(self, term: str, period: int, column: int | None, amount: float) -> None:
        """Charge `amount` mCNY for a unit of a column."""
        add(self.costs.setdefault((term, period), {}), column, amount)

    def total(self) -> Sum:
        """Return the cost of all terms."""
        out: Sum = {}
        for terms in self.costs.values():
            add_all(out, terms)
        return out

    def gate(self, column: int, most: float, switch: int) -> None:
        """Let a column be above 0 only where a switch of 0 or 1 is 1; `most` is a bound that some optimal plan keeps."""
        self.row({column: 1.0, switch: -most}, upper=0.0)
        self.gates.append((column, switch))

    def solve(self, objective: Mapping[int, float], within: tuple[Sum, float] | None = None) -> Optimum:
        """Return the least of an objective, where an expression is at most a value (`within`). With whole numbers, these are
        fixed and the linear program is solved again."""
        if within is not None:
            self.row(within[0], upper=within[1])
        found = self._solve(objective)
        if within is not None:
            self._drop_last()
        return found

    def _solve(self, objective: Mapping[int, float]) -> Optimum:
        lower, upper, whole = np.array(self.lower), np.array(self.upper), np.array(self.whole)
        found = self._run(objective, lower, upper, relaxed=False)
        if found.status != "optimal" or not whole.any():
            return found
        lower[whole] = upper[whole] = np.round(found.values[whole])
        for column, switch in self.gates:
            if self.whole[switch] and upper[switch] == 0.0:
                upper[column] = 0.0
        again = self._run(objective, lower, upper, relaxed=True)
        return again if again.status == "optimal" else found

    def _drop_last(self) -> None:
        """Remove the row added last."""
        at = len(self.sides) - 1
        while self._row and self._row[-1] == at:
            for entries in (self._row, self._column, self._value):
                entries.pop()
        self.sides.pop()

    def _run(self, objective: Mapping[int, float], lower: Array, upper: Array, *, relaxed: bool) -> Optimum:
        cost = np.zeros(len(lower))
        for column, value in objective.items():
            cost[column] = value
        if (lower > upper).any():
            return Optimum("infeasible")
        if not self.lower:
            return Optimum("optimal", 0.0)
        shape = (len(self.sides), len(lower))
        matrix = sparse.csr_array((self._value, (self._row, self._column)), shape=shape)
        sides = np.array(self.sides).reshape(-1, 2)
        rows = [optimize.LinearConstraint(matrix, sides[:, 0], sides[:, 1])] if len(sides) else []
        integrality = np.zeros(len(lower)) if relaxed else np.array(self.whole, dtype=float)
        got = optimize.milp(
            cost, constraints=rows, bounds=optimize.Bounds(lower, upper), integrality=integrality,
            options={"mip_rel_gap": 1e-9, "time_limit": 120},
        )  # fmt: skip
        if got.status == 0:
            return Optimum("optimal", float(got.fun), np.asarray(got.x))
        if got.status == 2:
            return Optimum("infeasible")
        if cost.any():  # presolve may not say whether there is no plan or no least one
            none = self._run({}, lower, upper, relaxed=relaxed)
            return none if none.status == "infeasible" else Optimum("unbounded")
        raise RuntimeError(f"HiGHS gives no answer: {got.message}")
