"""Recomputed table `prices`: marginal value of each right-hand side, from the dual multipliers of a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.certificate.proof.weak_duality import CARRIED, Proof, dual_values
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.variables import Label
from xisuan.certificate.tables.recomputed import ROUNDING, Operands, Recomputed
from xisuan.certificate.tables.units_of_prices import CONSTRAINTS, VARIABLES
from xisuan.results.labelled_values import Found
from xisuan.results.plan import TABLES

KEYS = ("period", "constraint", "item")
SMALLEST = 1e-9
"""Absolute price up to which there is no row, mCNY per unit."""
ORDERS = ("build_hall", "retrofit", "build", "build_link", "link_modules", "build_supply", "build_energy")
"""Variables of orders that have a cost of their own."""
NOISE = 1e-6
"""Relative to the largest dual of a family: rounding of a solver in a dual."""
Price = tuple[int, str, str, float, str, float]
"""Period, constraint, item, value and unit of a price, and the tolerance of its value."""


Shared = Mapping[str, tuple[Array, Array]]
"""By variable of the first stage: its joint reduced costs and their sizes, shape (periods of the stage, items)."""


@dataclass(frozen=True)
class Priced:
    """Origin of the prices of a member: its part of the joint duals, and the reduced costs of common decisions."""

    duals: Mapping[str, Found]
    common: Shared


class ReducedCosts:
    """Prices of constraints, and reduced costs c − Aᵀy, from the duals of a plan, one family of rows at a time.

    Only duals that prove the bound have a price: one of the wrong sign counts as 0, up to a solver's rounding. A node's
    dual may be above what a neighbour's and the transport allow, where the solver leaves it open; its price is then
    determined to that amount only.
    """

    def __init__(self, of: Operands, objective: Array, duals: Mapping[str, Found]) -> None:
        self.of, self.duals = of, duals
        self.cost, self.value, self.size = objective, objective.copy(), np.abs(objective)
        self.prices: list[Price] = []
        self._nodes: list[tuple[Rows, Array, Array]] = []

    def share(self, common: Shared) -> None:
        """Replace the reduced costs of first-stage decisions by the joint ones."""
        for name, (value, size) in common.items():
            family = self.of.columns[name]
            family.view(self.value)[: len(value)] = value
            family.view(self.size)[: len(size)] = size

    def take(self, rows: Rows) -> None:
        """Price a family of rows, and subtract its Aᵀy."""
        found = self.duals.get(rows.name)
        if found is None or found.values.shape[:-1] != rows.shape[:-1] or not rows.labels:
            return
        dual, proven = np.zeros(rows.shape), dual_values(rows, found)
        pairs = [(rows.at[label], i) for i, label in enumerate(found.labels) if label in rows.at]
        at = [row for row, _ in pairs]
        dual[..., at] = np.nan_to_num(found.values[..., [i for _, i in pairs]])
        if rows.name in CARRIED:
            stated = np.full(rows.shape, np.inf)
            stated[..., at] = dual[..., at]
            self._nodes.append((rows, dual, stated))
            return
        if proven is not None:
            if rows.sound is not None:
                proven = np.where(rows.sound, proven, dual)
            dual = _agreed(dual, proven)
        self._weigh(rows, dual)

    def close(self, most: Mapping[str, Array]) -> None:
        """Price the flow balances at nodes, after all other rows. most: upper bounds by variable."""
        for rows, dual, stated in self._nodes:
            proof = Proof(self.of.columns, self.value, 0.0, {})
            lowered = proof.lowered(rows, stated, most[CARRIED[rows.name]])
            self._weigh(rows, dual, np.abs(np.where(np.isinf(stated), 0.0, dual - _agreed(dual, lowered))))
        self._nodes = []

    def _weigh(self, rows: Rows, dual: Array, open_by: Array | float = 0.0) -> None:
        """Price rows by their duals and subtract Aᵀy. open_by: amount that each dual may be off.

        The tables do not state the big-M of a site that is not opened, so prices that depend on it are not determined.
        """
        self.prices += _of_rows(self.of, rows, dual, np.broadcast_to(open_by, dual.shape))
        weights = dual.ravel()
        for row, column, coef in rows.pieces():
            part = coef * weights[row]
            np.subtract.at(self.value, column, part)
            np.add.at(self.size, column, np.abs(part))
            if rows.name.endswith("_when_open") and "opened" in self.of.columns.families:
                span = self.of.columns["opened"].span
                open_ = (column >= span.start) & (column < span.stop) & (part != 0.0)
                self.size[column[open_]] = np.inf


def _agreed(dual: Array, proven: Array) -> Array:
    """Return `dual` where it differs from `proven` by a solver's rounding at most, else `proven`."""
    noise = NOISE * float(np.abs(dual).max(initial=0.0))
    return np.where(np.abs(dual - proven) <= noise, dual, proven)


def prices(
    of: Operands, reduced: ReducedCosts, variables: Mapping[str, Found], given: Collection[str] = ()
) -> Recomputed:
    """Recompute `prices`: duals of constraints, hourly ones summed over the year, and reduced costs at bounds.

    variables: those of the plan; only items that it names have a price. given: variables fixed in this model, such as
    the capacity of a plan in operation.
    """
    found = list(reduced.prices)
    for name in VARIABLES:
        if of.has(name) and name in variables and name not in given:
            found += _of_bounds(of, reduced, name, variables[name].labels)
    rows = [price[:-1] for price in found]
    frame = pd.DataFrame(rows, columns=list(TABLES["prices"]))
    slack = np.array([price[-1] for price in found])
    required = np.abs(frame["value"].to_numpy(dtype=float)) > SMALLEST + slack
    return Recomputed(frame, KEYS, required, {"value": slack})


def _of_rows(of: Operands, rows: Rows, dual: Array, open_by: Array) -> Iterator[Price]:
    """Yield the prices of a family of constraints."""
    slack = ROUNDING * np.abs(dual) + open_by
    total, slack = (one.sum(axis=1) if one.ndim == 3 else one for one in (dual, slack))
    yield from _rows(of, rows.name, CONSTRAINTS.get(rows.name, ""), rows.labels, total, slack)


def _of_bounds(of: Operands, reduced: ReducedCosts, name: str, planned: Iterable[Label]) -> Iterator[Price]:
    """Yield the prices of active bounds of a variable: reduced costs with the sign of a binding bound."""
    family = of.columns[name]
    value, slack = family.view(reduced.value), ROUNDING * family.view(reduced.size)
    limited = np.isfinite(family.upper) | (name == "retrofit")  # no more is retrofitted than stands
    at_bound = (limited & (value < slack)) | ((family.lower > 0.0) & (value > -slack))
    # What is not on offer in a period has no cost in the tables, so the price of an order then is not determined.
    if name in ORDERS:
        slack = np.where((family.upper == 0.0) & (family.view(reduced.cost) == 0.0), np.inf, slack)
    named = set(planned)
    at_bound &= np.array([label in named for label in family.labels])
    shown = np.where(at_bound, value, 0.0)
    yield from _rows(of, f"bound on {name}", VARIABLES[name], family.labels, shown, np.where(at_bound, slack, 0.0))


def _rows(of: Operands, name: str, unit: str, labels: Iterable[Label], value: Array, slack: Array) -> Iterator[Price]:
    named = ["/".join(str(part) for part in label) for label in labels]
    for p, i in zip(*np.nonzero(np.abs(value) + 2.0 * slack > SMALLEST), strict=True):
        yield of.periods[p], name, named[i], float(value[p, i]), unit, float(slack[p, i])


def without_column(of: Operands, stored: pd.DataFrame, variables: Mapping[str, Found]) -> NDArray[np.bool_]:
    """Return True for rows of `prices` on bounds of items that the plan names and the statement does not have.

    Such items have no terms in the statement, so their prices cannot be recomputed.
    """
    open_ = set()
    for name in VARIABLES:
        if name in variables and name in of.columns.families:
            known = of.columns[name].at
            labels = (label for label in variables[name].labels if label not in known)
            open_ |= {(f"bound on {name}", "/".join(str(part) for part in label)) for label in labels}
    pairs = zip(stored["constraint"], stored["item"], strict=True)
    return np.array([pair in open_ for pair in pairs], dtype=bool)
