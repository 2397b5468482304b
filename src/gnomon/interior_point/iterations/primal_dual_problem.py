"""What the iterations are about: the equations of a form for columns and slacks as one vector, and an iterate of them.

That vector is v, 0 ≤ v ≤ width; `lower` are multipliers of v ≥ 0, `upper` and `room` those of and the distance to the width,
for the entries that have one. What does not move has v = 0 in the equations and takes part in nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array, Index, Mask
from gnomon.interior_point.formulation.standard_form import Equations, Form
from gnomon.runtime.threads import pieces


@dataclass(slots=True)
class Point:
    """An iterate."""

    v: Array
    room: Array
    y: Array
    lower: Array
    upper: Array


@dataclass(frozen=True, slots=True)
class Step:
    """A direction and how far it goes for primal and dual."""

    v: Array
    room: Array
    y: Array
    lower: Array
    upper: Array
    primal: float
    dual: float


@dataclass(frozen=True, slots=True)
class State:
    """How good an iterate is: infeasibilities relative to side and cost, objective and bound (scaled), mean product."""

    primal: float
    dual: float
    objective: float
    bound: float
    mu: float


class Problem:
    """The equations of a form, for columns and slacks as one vector.

    Sums, counts and largest numbers are those of a team's members together.
    """

    def __init__(self, form: Equations) -> None:
        self.form, self.team, self.threads = form, form.products.team, form.products.threads
        self.columns, self.cost, self.width, self.moves = form.columns, form.costs, form.widths, form.free
        self.wide: Index = np.flatnonzero(self.moves & np.isfinite(self.width))
        self.width_wide = self.width[self.wide]
        self.nothing = tuple(np.broadcast_to(0.0, of) for of in (len(form.side), len(self.cost), len(self.wide)))
        self._once, self._once_wide, self._once_rows = self._counted()
        self.weight = _weights(form)
        self.weight_wide = self.weight[self.wide]
        moving = sum(int(self.moves[one].sum()) for one in self._once) + sum(
            len(self.wide[one]) for one in self._once_wide
        )
        whole = self.dot(self.weight, self.moves) + self.dot_wide(self.weight_wide, np.ones(len(self.wide)))
        count, self.whole = (float(of) for of in self.team.total(np.array([moving, whole])))
        self.count = round(count)
        sizes = self.team.most(np.array([np.abs(of).max(initial=0.0) for of in (form.side, self.cost)]))
        self.sizes: Array = 1.0 + sizes

    def _counted(self) -> tuple[list[slice], list[slice], list[slice]]:
        """Parts of all entries, of those with a width, and of rows, that this member counts: the first what periods have."""
        t = self.form.template
        columns, rows = t.periods * t.period_columns, t.periods * t.period_rows
        if self.team.rank == 0:
            return [slice(None)], [slice(None)], [slice(None)]
        once = [slice(columns, self.columns), slice(self.columns + rows, len(self.cost))]
        wide = [slice(*np.searchsorted(self.wide, [one.start, one.stop])) for one in once]
        return once, wide, [slice(rows, None)]

    def dot(self, a: Array, b: NDArray[Any]) -> float:
        """This member's share of the product of two vectors of all entries."""
        return float(sum(a[one] @ b[one] for one in self._once))

    def dot_wide(self, a: Array, b: Array) -> float:
        """The same for entries that have a width."""
        return float(sum(a[one] @ b[one] for one in self._once_wide))

    def blocks(self, wide: bool) -> list[slice]:
        """What this member counts of all entries, or of those with a width, in pieces for threads to share."""
        length = len(self.wide) if wide else len(self.cost)
        parts = [part.indices(length) for part in (self._once_wide if wide else self._once)]
        return [one for first, last, _ in parts for one in pieces(first, last)]

    def lost(self, every: Mask, wide: Mask) -> int:
        """How many entries are marked, and of those with a width."""
        marked = sum(int(every[one].sum()) for one in self._once) + sum(int(wide[one].sum()) for one in self._once_wide)
        return int(self.team.total(np.array([marked]))[0])

    def products(self, p: Point, step: Step | None = None) -> float:
        """Sum of the products of entries and their multipliers, at an iterate or a step from there."""
        return float(self.team.total(np.array([self._products(p, step)]))[0])

    def _products(self, p: Point, step: Step | None = None) -> float:
        """This member's share of them."""
        sums, every, wide = self.threads.sums, self.blocks(wide=False), self.blocks(wide=True)
        if step is None:
            return sums(np.dot, every, p.v, p.lower) + sums(np.dot, wide, p.room, p.upper)
        a, b = step.primal, step.dual

        def after(v: Array, dv: Array, z: Array, dz: Array) -> float:
            return float((v + a * dv) @ (z + b * dz))

        found = sums(after, every, p.v, step.v, p.lower, step.lower)
        return found + sums(after, wide, p.room, step.room, p.upper, step.upper)

    def times(self, v: Array) -> Array:
        """matrix·x + sign × slack, 0 in masked rows."""
        form, n, filled = self.form, self.columns, self.threads.filled

        def whole(masked: Mask, times: Array, sign: Array, moves: Mask, slack: Array) -> Array:
            return np.where(masked, 0.0, times + sign * np.where(moves, slack, 0.0))

        times = form.times(filled(moving, self.moves[:n], v[:n]))
        return self.threads.fill(times, whole, form.masked, times, form.sign, self.moves[n:], v[n:])

    def pull(self, y: Array) -> Array:
        """What duals take from the cost of columns and slacks; 0 where they do not move."""
        form, n, threads = self.form, self.columns, self.threads
        out = threads.empty(len(self.cost))
        threads.fill(out[:n], moving, self.moves[:n], form.pull(y))
        threads.fill(out[n:], lambda moves, sign, y: np.where(moves, sign * y, 0.0), self.moves[n:], form.sign, y)
        return out

    def rest(self, p: Point) -> Array:
        """What reduced costs are more than their multipliers."""
        out = self.pull(p.y)
        self.threads.fill(out, lambda cost, pull, lower: cost - pull - lower, self.cost, out, p.lower)
        self.threads.add(out, self.wide, np.positive, p.upper)
        return out

    def state(self, p: Point) -> State:
        """How good an iterate is."""
        largest = self.threads.largest
        primal = largest(lambda side, times: np.abs(side - times), self.form.side, self.times(p.v))
        dual = largest(np.abs, self.rest(p))
        primal, dual = self.team.most(np.array([primal, dual])) / self.sizes
        side = sum(float(self.form.side[one] @ p.y[one]) for one in self._once_rows)
        bound = side - self.dot_wide(self.width_wide, p.upper)
        shares = np.array([self.dot(self.cost, p.v), bound, self._products(p)])
        cost, bound, products = self.team.total(shares).tolist()
        return State(float(primal), float(dual), cost, bound, products / max(1.0, self.whole))


class Whole(Problem):
    """The equations of all hours, which know their model."""

    form: Form

    def __init__(self, form: Form) -> None:
        super().__init__(form)


def _weights(form: Equations) -> Array:
    """Weight of the product of each column and slack: 1, and for those of a period that its hours see the root of the hours.

    A fortnight of `china` took 13 iterations so, 15 with 1 for all, 17 with the hours themselves; with the root for
    whatever is a period's, whether hours see it or not, five periods of `guizhou-days` took a sixth more.
    """
    t, columns = form.template, form.columns
    out, root = np.ones(columns + len(form.side)), np.sqrt(max(1, t.all_hours))
    seen = np.unique(np.concatenate([t.shared, t.seen_column]))
    for period in range(t.periods):
        out[period * t.period_columns + seen] = root
        out[columns + period * t.period_rows + t.yearly] = root
    return out


def moving(moves: Mask, v: Array) -> Array:
    """Entries that move, and 0 for the others."""
    return np.where(moves, v, 0.0)
