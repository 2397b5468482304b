"""Coupling C between hourly rows and the border: coefficients, and for rows of periods products a Θ aᵀ."""

from __future__ import annotations

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.interior_point.factorisation import numeric_factorisation
from gnomon.interior_point.formulation.hour_template import Template


class Coupling:
    """The block C of the system's matrix between hourly rows and border nodes, computed from the template and not stored."""

    def __init__(self, template: Template) -> None:
        t = self.template = template
        inside, yearly = t.rows + len(t.states), t.rows + len(t.states) + len(t.yearly)
        entry, other = _pairs(
            t.column, np.flatnonzero(t.node < inside), np.flatnonzero((t.node >= inside) & (t.node < yearly))
        )
        constant, slot, table = _product(t, entry, other)
        self._row = np.concatenate([t.held_row, t.node[entry]])
        self._node = np.concatenate([t.held_node, t.node[other]]) - inside
        held = t.held.slot >= 0
        self._constant = np.concatenate([np.where(held, 1.0, t.held.constant), constant])
        self._slot = np.concatenate([t.held.slot, slot])
        self._column = np.concatenate([np.full(len(t.held_row), -1), t.column[entry]])
        self._table = table
        self._states = t.states
        self._steps = np.arange(t.steps).reshape(t.own, t.hours)
        self._after = t.neighbours()[1].reshape(t.own, t.hours)

    def gather(self, theta: Array, y: Array) -> Array:
        """Return −Cᵀ y, shape (periods, border). theta, y: of the hours' columns and rows; y with ghosts."""
        out = np.zeros((self.template.periods, self.template.border))
        for period, into in enumerate(out[self.template.at_hand]):
            numeric_factorisation.gather(*self._list(theta), self._steps[period], self._after[period], y, into)  # type: ignore[call-arg]
        return out

    def scatter(self, theta: Array, nodes: Array, out: Array) -> Array:
        """Return −C nodes in `out`, shape (steps and ghosts, rows). nodes: shape (periods, border)."""
        out[:] = 0.0
        for period, of in enumerate(nodes[self.template.at_hand]):
            numeric_factorisation.scatter(*self._list(theta), self._steps[period], self._after[period], of, out)  # type: ignore[call-arg]
        return out

    def _list(self, theta: Array) -> tuple[Array | Index, ...]:
        return (self._row, self._node, self._constant, self._slot, self._table, self._column, theta, self._states)


def _pairs(column: Index, one: Index, other: Index) -> tuple[Index, Index]:
    """Return all pairs of an entry of `one` and an entry of `other` in the same column."""
    one, other = one[np.argsort(column[one], kind="stable")], other[np.argsort(column[other], kind="stable")]
    low, high = (np.searchsorted(column[other], column[one], side=side) for side in ("left", "right"))
    count = high - low
    first = np.repeat(low - np.concatenate([[0], np.cumsum(count)[:-1]]), count) if len(count) else count
    return np.repeat(one, count), other[first + np.arange(int(count.sum()))]


def _product(template: Template, entry: Index, other: Index) -> tuple[Array, Index, Array]:
    """Return constants, slots and table of products of pairs of entries; if both vary, the table gets a new row."""
    of = template.values
    one, two = of.slot[entry] >= 0, of.slot[other] >= 0
    constant = np.where(one, 1.0, of.constant[entry]) * np.where(two, 1.0, of.constant[other])
    slot = np.where(one, of.slot[entry], of.slot[other])
    both = np.flatnonzero(one & two)
    slot[both] = len(of.table) + np.arange(len(both))
    more = of.table[of.slot[entry[both]]] * of.table[of.slot[other[both]]]
    return constant, slot, np.concatenate([of.table, more])
