"""A lower bound that no solver is trusted for: weak duality with a finite box around every variable.

For any y with the right signs, min c x ≥ y b + Σ min over l ≤ x ≤ u of (c − A'y) x. The box holds for at least one
optimal plan (`bounds`), so the bound is a bound on the optimum whoever found y.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xisuan.certificate.clock import Array
from xisuan.certificate.columns import Columns
from xisuan.certificate.rows import Rows
from xisuan.results.found import Found

SHRINK = (0.0, *(10.0**-k for k in range(12, 3, -1)))
"""Shares by which all duals are shrunk in turn. Shrinking keeps the signs and adds the same share of every cost to the
reduced costs, which turns small negative ones of an interior point positive; the best of these valid bounds counts."""


class Proof:
    """Takes in the rows one family at a time, then gives the bound."""

    def __init__(self, columns: Columns, objective: Array, constant: float, duals: Mapping[str, Found]) -> None:
        self.columns, self.objective, self.constant, self.duals = columns, objective, constant, duals
        self.reduced = objective.copy()
        self.value = 0.0

    def take(self, rows: Rows) -> None:
        """Weigh a family of rows with its duals; those of the wrong sign count as 0."""
        dual = dual_values(rows, self.duals.get(rows.name))
        if dual is None:
            return
        row, column, coef = rows.entries
        np.subtract.at(self.reduced, column, coef * dual[row])
        self.value += float(dual @ rows.rhs.ravel())

    def bound(self, most: Mapping[str, Array]) -> float:
        """The best bound over the shrunken duals, −inf if there is none."""
        total = np.array([(1.0 - share) * self.value for share in SHRINK])
        for family in self.columns.families.values():
            reduced, cost = family.view(self.reduced), family.view(self.objective)
            upper = np.maximum(np.broadcast_to(most[family.name], family.shape), family.lower)
            for k, share in enumerate(SHRINK):
                mixed = (1.0 - share) * reduced + share * cost
                total[k] += _least(mixed, family.lower, upper)
        best = float(np.max(total, initial=-np.inf))
        return best + self.constant if np.isfinite(best) else -np.inf


def _least(reduced: Array, lower: Array, upper: Array) -> float:
    """Σ min over the box of reduced × x."""
    down = reduced < 0
    with np.errstate(invalid="ignore", over="ignore"):
        least = np.where(down, reduced * np.where(down, upper, 0.0), reduced * lower)
    return float(least.sum())


def dual_values(rows: Rows, found: Found | None) -> Array | None:
    """Duals in the order of the rows, 0 where none is given, clipped to the right sign. None: there are none."""
    if found is None or found.values.shape[:-1] != rows.shape[:-1] or not rows.labels:
        return None
    values = np.zeros(rows.shape)
    pairs = [(rows.at[label], i) for i, label in enumerate(found.labels) if label in rows.at]
    if pairs:
        values[..., [row for row, _ in pairs]] = np.nan_to_num(found.values, posinf=0.0, neginf=0.0)[
            ..., [i for _, i in pairs]
        ]
    if rows.sense == "<":
        np.minimum(values, 0.0, out=values)
    elif rows.sense == ">":
        np.maximum(values, 0.0, out=values)
    if rows.sound is not None:
        values[~rows.sound] = 0.0
    return values.ravel()
