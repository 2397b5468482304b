"""Lower bound by weak duality over a finite box around every variable, valid for any duals.

For any y with the right signs, min cᵀx ≥ yᵀb + Σ min over l ≤ x ≤ u of (c − Aᵀy) x. The box contains at least one
optimal plan (see `variable_bounds`), so this bounds the optimum for any y.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.variables import Columns, Label
from xisuan.results.labelled_values import Found

SHRINK = (0.0, *(10.0**-k for k in range(12, 3, -1)))
"""Shares s by which all duals are scaled to (1 − s) y. Their signs stay, and s c is added to the reduced costs, which
makes small negative ones of an interior point positive. Each gives a valid bound; the best counts."""


CARRIED = {"node_balance": "flow", "stock_node_balance": "stock_flow", "traffic_balance": "traffic_flow"}
"""Flow balances at nodes, with their flow variables."""


Box = Mapping[str, tuple[Array, Array]]
"""Lower and upper bounds of the variables, by family."""


class Proof:
    """Proof of a lower bound that takes the rows one family at a time."""

    def __init__(self, columns: Columns, objective: Array, constant: float, duals: Mapping[str, Found]) -> None:
        self.columns, self.objective, self.constant, self.duals = columns, objective, constant, duals
        self.reduced = objective.copy()
        self.value = 0.0
        self.nodes: list[Rows] = []

    def take(self, rows: Rows) -> None:
        """Add a family of rows with its duals; duals of the wrong sign count as 0."""
        if rows.name in CARRIED:
            self.nodes.append(rows)
            return
        dual = dual_values(rows, self.duals.get(rows.name))
        if dual is not None:
            self._weigh(rows, dual)

    def _weigh(self, rows: Rows, dual: Array) -> None:
        weights = dual.ravel()
        for row, column, coef in rows.pieces():
            # Reduced costs: d = c − Aᵀy.
            np.subtract.at(self.reduced, column, coef * weights[row])
        # Right-hand side term of the dual objective: yᵀb.
        self.value += float(dual.ravel() @ rows.rhs.ravel())

    def bound(self, most: Mapping[str, Array]) -> float:
        """Return the best bound over the shrunken duals; −inf if none is finite."""
        self.carry(most)
        return best(self.totals(self.box(most))) + self.constant

    def carry(self, most: Mapping[str, Array]) -> None:
        """Add the flow balances at nodes, after all other rows."""
        for rows in self.nodes:
            dual = dual_values(rows, self.duals.get(rows.name), missing=np.inf)
            if dual is not None:
                self._weigh(rows, self.lowered(rows, dual, most[CARRIED[rows.name]]))
        self.nodes = []

    def box(self, most: Mapping[str, Array]) -> Box:
        """Return lower and upper bounds of every family."""
        return {
            name: (family.lower, np.maximum(np.broadcast_to(most[name], family.shape), family.lower))
            for name, family in self.columns.families.items()
        }

    def totals(self, box: Box) -> Array:
        """Return the bound of each of the shrunken duals, without the constant."""
        # Duals (1 − s) y give reduced costs (1 − s) d + s c.
        total = np.array([(1.0 - share) * self.value for share in SHRINK])
        for name, family in self.columns.families.items():
            reduced, cost = family.view(self.reduced), family.view(self.objective)
            for k, share in enumerate(SHRINK):
                total[k] += _least((1.0 - share) * reduced + share * cost, *box[name])
        return total

    def lowered(self, rows: Rows, dual: Array, most: Array) -> Array:
        """Return node duals lowered to satisfy y[end] ≤ y[start] + reduced cost along each arc (shortest paths,
        Bellman–Ford).

        The solver's model leaves out unusable arcs and nodes, so duals there are missing.
        """
        family = self.columns[CARRIED[rows.name]]
        # Length of an arc: the reduced cost of its flow before the node duals; infinite where no flow can run.
        toll = np.where(np.broadcast_to(most, family.shape) > 0, np.maximum(family.view(self.reduced), 0.0), np.inf)
        ends = [tuple(rows.at[_node(rows.name, label, end)] for end in (2, 3)) for label in family.labels]
        # Bellman–Ford: at most as many rounds as nodes, as lengths are ≥ 0.
        for _ in rows.labels:
            before = dual.copy()
            for i, (start, end) in enumerate(ends):
                np.minimum(dual[..., end], dual[..., start] + toll[..., i], out=dual[..., end])
            if np.array_equal(before, dual):
                break
        # A node that no dual reaches gets 0, which is always valid for an equation.
        return np.where(np.isfinite(dual), dual, 0.0)


def best(totals: Array) -> float:
    """Return the largest of several bounds; −inf where none is finite."""
    most = float(np.max(totals, initial=-np.inf))
    return most if np.isfinite(most) else -np.inf


def _node(balance: str, flow: Label, end: int) -> Label:
    """Return the label of the balance at one end of a flow: (node, workload) for work, (source, node) for traffic."""
    return (flow[0], flow[end]) if balance == "traffic_balance" else (flow[end], flow[0])


def _least(reduced: Array, lower: Array, upper: Array) -> float:
    """Return Σ min over the box of reduced × x."""
    down = reduced < 0
    with np.errstate(invalid="ignore", over="ignore"):
        # A negative reduced cost puts x at its upper bound, any other at its lower one.
        least = np.where(down, reduced * np.where(down, upper, 0.0), reduced * lower)
    return float(least.sum())


def dual_values(rows: Rows, found: Found | None, missing: float = 0.0) -> Array | None:
    """Return duals of the right sign in the shape of the rows, `missing` where absent; None without any duals."""
    if found is None or found.values.shape[:-1] != rows.shape[:-1] or not rows.labels:
        return None
    # Align the duals by label, as the solver's order of rows may differ.
    values = np.full(rows.shape, missing)
    pairs = [(rows.at[label], i) for i, label in enumerate(found.labels) if label in rows.at]
    if pairs:
        values[..., [row for row, _ in pairs]] = np.nan_to_num(found.values, posinf=0.0, neginf=0.0)[
            ..., [i for _, i in pairs]
        ]
    # Dual feasibility of a minimisation: y ≤ 0 for ≤ rows, y ≥ 0 for ≥ rows.
    if rows.sense == "<":
        np.minimum(values, 0.0, out=values)
    elif rows.sense == ">":
        np.maximum(values, 0.0, out=values)
    # Big-M rows without a proven M check the plan only.
    if rows.sound is not None:
        values[~rows.sound] = 0.0
    return values
