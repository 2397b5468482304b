"""The primal-dual system of the standard form: iterates, residuals, products, and merits.

Columns and slacks form one vector v, 0 ≤ v ≤ width; `lower` are the multipliers of v ≥ 0, `upper` and `room` the
multipliers of and the distances to the finite widths. Fixed entries count as v = 0 in the equations.

Columns without bounds have any sign and no multiplier. Θ⁻¹ of such a column is that of a proximal term around the
iterate, which vanishes with μ and keeps the Newton system quasidefinite (Friedlander and Orban 2012, "A primal-dual
regularized interior-point method for convex quadratic programs"). A step leaves Θ⁻¹ dv of its reduced cost, so the
fixed points are those of the model without the term.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array, Index, Mask
from gnomon.interior_point.formulation.standard_form import Equations, Form
from gnomon.runtime.threads import pieces

LEAST_INERTIA = 1e-10
"""Minimum Θ⁻¹ of an unbounded column, in scaled numbers. With less, its pivots leave no digits for the others."""


@dataclass(slots=True)
class Point:
    """Iterate of the primal-dual method.

    v: columns and slacks, shape (columns + rows,); room: distances to the finite widths; y: row duals, shape (rows,);
    lower: multipliers of v ≥ 0; upper: multipliers of the finite widths.
    """

    v: Array
    room: Array
    y: Array
    lower: Array
    upper: Array


@dataclass(frozen=True, slots=True)
class Step:
    """Direction, with the fields of `Point`, and its primal and dual step lengths."""

    v: Array
    room: Array
    y: Array
    lower: Array
    upper: Array
    primal: float
    dual: float


@dataclass(frozen=True, slots=True)
class State:
    """Merits of an iterate: infeasibilities relative to side and cost, objective and bound (scaled), mean product μ."""

    primal: float
    dual: float
    objective: float
    bound: float
    mu: float


class Problem:
    """Primal-dual system of a standard form, with columns and slacks as one vector.

    Sums, counts and maxima are over all processes of a team.
    """

    def __init__(self, form: Equations) -> None:
        self.form, self.team, self.threads = form, form.products.team, form.products.threads
        self.columns, self.cost, self.width, self.moves = form.columns, form.costs, form.widths, form.free
        self.unbounded: Index = np.flatnonzero(form.unbounded)
        self.bounded: Mask = self.moves & ~form.unbounded if len(self.unbounded) else self.moves
        self.wide: Index = np.flatnonzero(self.moves & np.isfinite(self.width))
        self.width_wide = self.width[self.wide]
        self.nothing = tuple(np.broadcast_to(0.0, of) for of in (len(form.side), len(self.cost), len(self.wide)))
        self._once, self._once_wide, self._once_rows = self._counted()
        self.weight = _weights(form)
        self.weight_wide = self.weight[self.wide]
        moving = sum(int(self.bounded[one].sum()) for one in self._once) + sum(
            len(self.wide[one]) for one in self._once_wide
        )
        # Total weight: μ is the sum of the products divided by it.
        whole = self.dot(self.weight, self.bounded) + self.dot_wide(self.weight_wide, np.ones(len(self.wide)))
        count, self.whole = (float(of) for of in self.team.total(np.array([moving, whole])))
        self.count = round(count)
        # Infeasibilities are relative to 1 + largest side and 1 + largest cost.
        sizes = self.team.maximum(np.array([np.abs(of).max(initial=0.0) for of in (form.side, self.cost)]))
        self.sizes: Array = 1.0 + sizes
        self.has_unbounded = bool(self.team.maximum(np.array([float(len(self.unbounded))]))[0])

    def _counted(self) -> tuple[list[slice], list[slice], list[slice]]:
        """Return the parts of all entries, of those with a width, and of rows that this process counts.

        Only the first process counts those of periods.
        """
        t = self.form.template
        columns, rows = t.periods * t.period_columns, t.periods * t.period_rows
        if self.team.rank == 0:
            return [slice(None)], [slice(None)], [slice(None)]
        once = [slice(columns, self.columns), slice(self.columns + rows, len(self.cost))]
        wide = [slice(*np.searchsorted(self.wide, [one.start, one.stop])) for one in once]
        return once, wide, [slice(rows, None)]

    def dot(self, a: Array, b: NDArray[Any]) -> float:
        """Return this process's share of the dot product of two vectors of all entries."""
        return float(sum(a[one] @ b[one] for one in self._once))

    def dot_wide(self, a: Array, b: Array) -> float:
        """Return the same for entries with a width."""
        return float(sum(a[one] @ b[one] for one in self._once_wide))

    def blocks(self, wide: bool) -> list[slice]:
        """Return the entries that this process counts, all or those with a width, in pieces for threads."""
        length = len(self.wide) if wide else len(self.cost)
        parts = [part.indices(length) for part in (self._once_wide if wide else self._once)]
        return [one for first, last, _ in parts for one in pieces(first, last)]

    def inertia(self, v: Array, mu: float) -> Array:
        """Return Θ⁻¹ of the unbounded columns at an iterate: μ / (1 + v²), as of a column split into two parts."""
        return np.asarray(np.maximum(min(mu, 1.0), LEAST_INERTIA) / (1.0 + v[self.unbounded] ** 2))

    def wrong_entries(self, every: Mask, wide: Mask) -> int:
        """Return the number of marked entries and of marked entries with a width."""
        every = every & self.bounded if len(self.unbounded) else every
        marked = sum(int(every[one].sum()) for one in self._once) + sum(int(wide[one].sum()) for one in self._once_wide)
        return int(self.team.total(np.array([marked]))[0])

    def products(self, p: Point, step: Step | None = None) -> float:
        """Return the sum of the products of entries and multipliers, at an iterate or after a step from it."""
        return float(self.team.total(np.array([self._products(p, step)]))[0])

    def _products(self, p: Point, step: Step | None = None) -> float:
        """Return this process's share of that sum."""
        sums, every, wide = self.threads.sums, self.blocks(wide=False), self.blocks(wide=True)
        if step is None:
            return sums(np.dot, every, p.v, p.lower) + sums(np.dot, wide, p.room, p.upper)
        a, b = step.primal, step.dual

        def after(v: Array, dv: Array, z: Array, dz: Array) -> float:
            return float((v + a * dv) @ (z + b * dz))

        found = sums(after, every, p.v, step.v, p.lower, step.lower)
        return found + sums(after, wide, p.room, step.room, p.upper, step.upper)

    def times(self, v: Array) -> Array:
        """Return matrix·x + sign × slack, 0 in masked rows."""
        form, n, filled = self.form, self.columns, self.threads.filled

        def whole(masked: Mask, times: Array, sign: Array, moves: Mask, slack: Array) -> Array:
            return np.where(masked, 0.0, times + sign * np.where(moves, slack, 0.0))

        times = form.times(filled(moving, self.moves[:n], v[:n]))
        return self.threads.fill(times, whole, form.masked, times, form.sign, self.moves[n:], v[n:])

    def pull(self, y: Array) -> Array:
        """Return Aᵀy for columns and slacks, 0 where fixed."""
        form, n, threads = self.form, self.columns, self.threads
        out = threads.empty(len(self.cost))
        threads.fill(out[:n], moving, self.moves[:n], form.pull(y))
        threads.fill(out[n:], lambda moves, sign, y: np.where(moves, sign * y, 0.0), self.moves[n:], form.sign, y)
        return out

    def rest(self, p: Point) -> Array:
        """Return the dual residual: reduced costs minus multipliers, c − Aᵀy − lower + upper."""
        out = self.pull(p.y)
        self.threads.fill(out, lambda cost, pull, lower: cost - pull - lower, self.cost, out, p.lower)
        self.threads.add(out, self.wide, np.positive, p.upper)
        return out

    def state(self, p: Point) -> State:
        """Return the merits of an iterate."""
        largest = self.threads.largest
        primal = largest(lambda side, times: np.abs(side - times), self.form.side, self.times(p.v))
        dual = largest(np.abs, self.rest(p))
        primal, dual = self.team.maximum(np.array([primal, dual])) / self.sizes
        side = sum(float(self.form.side[one] @ p.y[one]) for one in self._once_rows)
        # Dual objective: b·y − width·upper.
        bound = side - self.dot_wide(self.width_wide, p.upper)
        shares = np.array([self.dot(self.cost, p.v), bound, self._products(p)])
        cost, bound, products = self.team.total(shares).tolist()
        return State(float(primal), float(dual), cost, bound, products / max(1.0, self.whole))


class FullProblem(Problem):
    """Primal-dual system of all hours, with access to the model."""

    form: Form

    def __init__(self, form: Form) -> None:
        super().__init__(form)


def _weights(form: Equations) -> Array:
    """Return the weight of each product: the root of the number of hours for period entries seen by hours, else 1.

    Other choices, such as 1 for all, the number of hours, or the root for all entries of periods, need more iterations.
    """
    t, columns = form.template, form.columns
    out, root = np.ones(columns + len(form.side)), np.sqrt(max(1, t.all_hours))
    seen = np.unique(np.concatenate([t.shared, t.seen_column]))
    for period in range(t.periods):
        out[period * t.period_columns + seen] = root
        out[columns + period * t.period_rows + t.yearly] = root
    return out


def moving(moves: Mask, v: Array) -> Array:
    """Return the entries that move, 0 for the others."""
    return np.where(moves, v, 0.0)
