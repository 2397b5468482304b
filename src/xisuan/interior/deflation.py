"""Directions of duals that the factors get wrong, and solves in which they count for what they are.

Where work just fits what is built for it, a rise of all prices of that work in all hours of a ring is felt by nothing but
columns and slacks at their bounds: it has an energy Σ Θ (aᵀw)² that is 10⁻²⁰ of the terms which the elimination adds up and
takes away again, and what a factor holds of it is rounding. Its residual then stays, whatever is refined, and prices
follow nothing. But aᵀw itself is known well, column by column: what cancels, cancels there, before Θ is multiplied in. So
such directions, which show as what a refinement leaves, are kept, and a residual is first solved in their span with
energies summed up from squares, from which nothing is lost (deflation; Nicolaides 1987, "Deflation of conjugate gradients
with applications to boundary value problems"; Frank and Vuik 2001, "On the construction of deflation-based
preconditioners"). A direction does not depend on Θ and serves all iterations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xisuan.interior.form import Form
from xisuan.interior.products import Products
from xisuan.solver.model import Array, Index

MOST = 12
"""Directions of a ring that are kept: the newest. A week of hours needed five for a gap of 1e-8."""
CANCELS = 1e-10
"""Share of the sum of its terms' sizes below which aᵀw is rounding, and 0."""
PART = 1e-6
"""Share of a direction's largest entry below which a ring has no part in it."""
DEPENDENT = 1e-8
"""Eigenvalues of the energies, each direction's being 1, below which directions say the same."""


@dataclass(frozen=True, slots=True)
class Direction:
    """Duals w of the rows of the hours `steps`, shape (hours, rows), and Aᵀw: of their columns, shape (hours, columns), of
    their slacks, and of the columns of periods."""

    steps: Index
    rows: Array
    columns: Array
    slacks: Array
    periods: Array


class Deflation:
    """The directions kept for a form."""

    def __init__(self, form: Form) -> None:
        self._form, self._inverse = form, np.zeros((0, 0))
        self._sizes: Products | None = None
        self._last: list[list[Direction]] = []
        t = self._template = form.template
        self._columns, self._rows = t.periods * t.period_columns, t.periods * t.period_rows
        self._rings = [period * t.hours + cycle for period in range(t.periods) for cycle in t.cycles]
        self._kept: list[list[Direction]] = [[] for _ in self._rings]

    def __bool__(self) -> bool:
        return any(self._kept)

    def weigh(self, theta: Array, slack_theta: Array) -> None:
        """Sum up the energies of all directions for multipliers of columns and slacks."""
        self._theta, self._slack_theta = theta, slack_theta
        if self:
            energy = self._energies()
            size = np.sqrt(np.where((of := np.diagonal(energy)) > 0.0, of, 1.0))
            values, vectors = np.linalg.eigh(energy / size[:, None] / size)
            some = vectors[:, values > DEPENDENT] / size[:, None]
            self._inverse = (some / values[values > DEPENDENT]) @ some.T

    def add(self, y: Array) -> None:
        """Keep what a refinement left, shape (rows,), ring by ring: rings meet in little but what periods decide."""
        hourly = y[self._rows :].reshape(self._template.steps, self._template.rows)
        self._last = []
        least = PART * float(np.abs(hourly).max(initial=0.0))
        for steps, kept in zip(self._rings, self._kept, strict=True):
            largest = float(np.abs(hourly[steps]).max(initial=0.0))
            if largest > least:
                kept.append(self._direction(steps, hourly[steps] / largest))
                del kept[:-MOST]
                self._last.append(kept)
        self.weigh(self._theta, self._slack_theta)

    def forget(self) -> None:
        """Give up what was added last."""
        for kept in self._last:
            kept.pop()
        self.weigh(self._theta, self._slack_theta)

    def solve(self, right: Array) -> tuple[Array, Array]:
        """dy in the span of the directions that takes the residual `right` from it, and what columns make of it, Aᵀdy."""
        t = self._template
        rest = right[self._rows :].reshape(t.steps, t.rows)
        every = self._every()
        share = self._inverse @ np.array([np.vdot(of.rows, rest[of.steps]) for of in every])
        y, pull = np.zeros_like(right), np.zeros(self._columns + t.steps * t.columns)
        hourly, columns = y[self._rows :].reshape(rest.shape), pull[self._columns :].reshape(t.steps, t.columns)
        for part, of in zip(share, every, strict=True):
            hourly[of.steps] += part * of.rows
            columns[of.steps] += part * of.columns
            pull[: self._columns] += part * of.periods
        return y, pull

    def _every(self) -> list[Direction]:
        return [of for kept in self._kept for of in kept]

    def _energies(self) -> Array:
        """Σ Θ (aᵀw) (aᵀw') of all pairs: of two rings over the columns of periods, of one over its hours' as well."""
        t = self._template
        columns = self._theta[self._columns :].reshape(t.steps, t.columns)
        slacks = self._slack_theta[self._rows :].reshape(t.steps, t.rows)
        periods = np.array([of.periods for of in self._every()])
        out = (periods * self._theta[: self._columns]) @ periods.T
        first = 0
        for steps, kept in zip(self._rings, self._kept, strict=True):
            for i, one in enumerate(kept):
                weighed = columns[steps] * one.columns, slacks[steps] * one.slacks
                for j, other in enumerate(kept[: i + 1]):
                    more = np.vdot(weighed[0], other.columns) + np.vdot(weighed[1], other.slacks)
                    out[first + i, first + j] += more
                    out[first + j, first + i] += more if i != j else 0.0
            first += len(kept)
        return np.asarray(out)

    def _direction(self, steps: Index, w: Array) -> Direction:
        t, form = self._template, self._form
        y = np.zeros(len(form.side))
        y[self._rows :].reshape(t.steps, t.rows)[steps] = w
        if self._sizes is None:
            self._sizes = _absolute(form.products)
        pull = form.pull(y)
        pull[~form.moves | (np.abs(pull) <= CANCELS * self._sizes.pull(np.abs(y)))] = 0.0
        columns = pull[self._columns :].reshape(t.steps, t.columns)[steps]
        return Direction(steps, w, columns, w, pull[: self._columns])


def _absolute(products: Products) -> Products:
    """Products with the sizes of the matrix's entries."""
    t = products.template
    own, seen = (replace(of, constant=np.abs(of.constant), table=np.abs(of.table)) for of in (t.values, t.seen))
    return Products(replace(t, values=own, seen=seen), abs(products.periods))
