"""The linear system of one iteration: hours, chain and border in turn, refined against its true residual.

With multipliers Θ of columns and slacks, g for the columns and r for the rows, it is

    A dx + slack Θ dy = r,   dx = Θ (Aᵀ dy − g) in the hours,   Aᵀ dy − dx / Θ = g for columns of periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xisuan.interior import symbolic
from xisuan.interior.border import Border
from xisuan.interior.coupling import Coupling
from xisuan.interior.deflation import Deflation
from xisuan.interior.form import Form
from xisuan.interior.hours import Weights
from xisuan.interior.ranges import Ranges
from xisuan.interior.threads import Threads
from xisuan.solver.model import Array

REFINEMENTS = 5
ENOUGH = 1e-8
"""Residual, relative to the right side, at which refining stops."""
PROGRESS = 0.3
"""A refinement must bring the residual below this share of what it was, or it was the last."""


@dataclass(slots=True)
class Count:
    """How often the system was factorised and solved."""

    factors: int = 0
    solves: int = 0


class System:
    """The matrix of the Newton steps of a form. `strict`: whether they are to meet rows as well as the arithmetic allows."""

    def __init__(self, form: Form, threads: Threads, strict: bool = False) -> None:
        self.form, self.strict = form, strict
        self.template = t = form.template
        self.count = Count()
        self._columns, self._rows = t.periods * t.period_columns, t.periods * t.period_rows
        self._ranges = Ranges(t, symbolic.analyse(t), threads)
        self._coupling = Coupling(t)
        self._border = Border(t, form.products.periods)
        self._deflation = Deflation(form)
        self._masked = form.masked[self._rows :].reshape(t.steps, t.rows)

    def factorise(self, theta: Array, slack_theta: Array) -> None:
        """Factorise for multipliers of all columns and slacks, 0 where they do not move."""
        t = self.template
        self._theta, self._slack_theta = theta, slack_theta
        self.count.factors += 1
        self._deflation.weigh(theta, slack_theta)
        self._hourly = theta[self._columns :].reshape(t.steps, t.columns)
        left = self._ranges.factorise(
            Weights(self._hourly, slack_theta[self._rows :].reshape(t.steps, t.rows), self._masked)
        )
        with np.errstate(divide="ignore"):
            self._inverse = np.where(theta[: self._columns] > 0.0, 1.0 / theta[: self._columns], np.inf)
        self._border.factorise(left, self._inverse, slack_theta[: self._rows], self.form.masked[: self._rows])

    def solve(self, right: Array, columns: Array, enough: float | None = None) -> tuple[Array, Array]:
        """dy of all rows and dx of all columns; right: shape (rows,), columns: g, shape (columns,).

        Rows are met to `enough`, where the arithmetic allows: unless given, to `ENOUGH` of the largest right side. What
        is refined is dx itself, by Θ Aᵀ of ever smaller dy: a dx made anew from their sum would be off by the
        rounding of that sum times the largest Θ. What a refinement hardly changes is kept as a direction of `deflation`.
        """
        y, dx = np.zeros_like(right), np.zeros_like(columns)
        rest, rest_g = np.where(self.form.masked, 0.0, right), np.where(self.form.moves, columns, 0.0)
        right_sides = self._with(rest, rest_g)
        limit = max(ENOUGH * _largest(right_sides[0]), 1e-300) if enough is None else enough
        limit_g = max(ENOUGH * _largest(rest_g[: self._columns]), 1e-300)
        best, found, last, before = np.inf, (y, dx), np.inf, 0.0
        for _ in range(1 + REFINEMENTS):
            if self._deflation:
                more, pull = self._deflation.solve(right_sides[0])
                y, dx = y + more, dx + self._hourly_only(self._theta * pull)
                rest, rest_g = self._residual(right, columns, y, dx)
                right_sides = self._with(rest, rest_g)
            more, change = self._correction(*right_sides, rest_g)
            y, dx = y + more, dx + change
            rest, rest_g = self._residual(right, columns, y, dx)
            error = max(_largest(rest) / limit, _largest(rest_g[: self._columns]) / limit_g)
            if error < best:
                best, found = error, (y, dx)
            if not error > 1.0 or not np.isfinite(error):
                break
            if before > 0.0 and error > PROGRESS * before:  # what was kept last is only rounding
                self._deflation.forget()
                break
            before = error if self.strict and error > PROGRESS * last else 0.0
            if before > 0.0:
                self._deflation.add(more)
            elif error > PROGRESS * last:
                break
            last = error
            right_sides = self._with(rest, rest_g) if self._deflation else (rest, np.zeros_like(dx))
        return found

    def _with(self, rest: Array, rest_g: Array) -> tuple[Array, Array]:
        """What rows miss with what the hours' columns miss taken into it, Θ g; and that."""
        pushed = self._hourly_only(self._theta * rest_g)
        return np.where(self.form.masked, 0.0, rest + self.form.times(pushed)), pushed

    def _correction(self, right: Array, pushed: Array, rest_g: Array) -> tuple[Array, Array]:
        """Changes of y and dx for what rows, with `pushed`, and columns miss."""
        more, x = self._once(right, rest_g[: self._columns])
        change = self._hourly_only(self._theta * self.form.pull(more)) - pushed
        change[: self._columns] = x
        return more, change

    def _hourly_only(self, columns: Array) -> Array:
        """The part of the hours' columns that move."""
        out = np.where(self.form.moves, columns, 0.0)
        out[: self._columns] = 0.0
        return out

    def _residual(self, right: Array, columns: Array, y: Array, dx: Array) -> tuple[Array, Array]:
        """What rows and columns miss."""
        form = self.form
        rest = np.where(form.masked, 0.0, right - form.times(dx) - self._slack_theta * y)
        with np.errstate(divide="ignore", invalid="ignore"):
            held = np.where(self._theta > 0.0, dx / self._theta, 0.0)
        return rest, np.where(form.moves, columns - form.pull(y) + held, 0.0)

    def _once(self, r: Array, g: Array) -> tuple[Array, Array]:
        """One solve: the hours as if the border stood still, the border, and what its movement means for the hours."""
        t = self.template
        self.count.solves += 1
        still = self._ranges.solve(r[self._rows :].reshape(t.steps, t.rows))
        x, y_border, nodes = self._border.solve(g, r[: self._rows], self._coupling.gather(self._hourly, still))
        y = still + self._ranges.solve(self._coupling.scatter(self._hourly, nodes)) if nodes.any() else still
        return np.concatenate([y_border, y.ravel()]), x


def _largest(of: Array) -> float:
    return float(np.abs(of).max(initial=0.0))
