"""The linear system of one iteration: hours, chain and border in turn, refined against its true residual.

With multipliers Θ of columns and slacks, g for the columns and r for the rows, it is

    A dx + slack Θ dy = r,   dx = Θ (Aᵀ dy − g) in the hours,   Aᵀ dy − dx / Θ = g for columns of periods.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xisuan.interior import symbolic
from xisuan.interior.border import Border
from xisuan.interior.coupling import Coupling
from xisuan.interior.form import Equations
from xisuan.interior.hours import Weights
from xisuan.interior.ranges import Ranges
from xisuan.interior.room import Room
from xisuan.interior.threads import Threads
from xisuan.solver.model import Array

REFINEMENTS = 5
ENOUGH = 1e-8
"""Residual, relative to the right side, at which refining stops."""
PROGRESS = 0.5
"""A refinement must bring the residual below this share of what it was, or it was the last."""


@dataclass(slots=True)
class Count:
    """How often the system was factorised and solved."""

    factors: int = 0
    solves: int = 0


class System:
    """The matrix of the Newton steps of a form. scratch: where factors lie that find no memory (`room`)."""

    def __init__(self, form: Equations, threads: Threads, scratch: Path | None = None) -> None:
        self.form, self.team = form, form.products.team
        self.template = t = form.template
        self.count = Count()
        self._columns, self._rows = t.periods * t.period_columns, t.periods * t.period_rows
        self._ranges = Ranges(t, symbolic.analyse(t), threads, self.team, scratch)
        self._coupling = Coupling(t)
        self._border = self.team.first(None, lambda _: Border(t, form.periods, threads))
        masked = form.masked[self._rows :].reshape(t.steps, t.rows)
        self._masked = np.concatenate([masked, form.ghosts]) if t.ghosts else masked

    @property
    def room(self) -> Room:
        """Where the factors lie."""
        return self._ranges.room

    def factorise(self, theta: Array, slack_theta: Array) -> None:
        """Factorise for multipliers of all columns and slacks, 0 where they do not move."""
        t = self.template
        self._theta, self._slack_theta = theta, slack_theta
        self.count.factors += 1
        self._hourly = theta[self._columns :].reshape(t.steps, t.columns)
        with np.errstate(divide="ignore"):
            self._inverse = np.where(theta[: self._columns] > 0.0, 1.0 / theta[: self._columns], np.inf)
        weights = Weights(self._hourly, slack_theta[self._rows :].reshape(t.steps, t.rows), self._masked)
        own = (self._inverse, slack_theta[: self._rows], self.form.masked[: self._rows])
        self._ranges.factorise(weights, lambda left: self._border.factorise(left, *own))

    def solve(self, right: Array, columns: Array) -> tuple[Array, Array]:
        """dy of all rows and dx of all columns; right: shape (rows,), columns: g, shape (columns,)."""
        form, border, threads = self.form, self._columns, self.form.products.threads
        theta = self._theta
        pushed = threads.filled(np.multiply, theta, columns)
        pushed[:border] = 0.0
        r = self._unmasked(np.add, right, form.times(pushed))
        moves = form.moves[:border]
        g = np.where(moves, columns[:border], 0.0)
        y, x = self._once(r, g)
        pull, sizes = form.pull(y), np.maximum(self._largest(r, g), 1e-300)
        best, found = np.inf, (y, x, pull)
        for _ in range(REFINEMENTS):
            rest, rest_g = self._residual(r, g, y, x, pull)
            error = float((self._largest(rest, rest_g) / sizes).max())
            if not error < best:
                break
            last, best, found = best, error, (y, x, pull)
            if error <= ENOUGH or error > PROGRESS * last:
                break
            more_y, more_x = self._once(rest, rest_g)
            y, x = threads.filled(np.add, y, more_y), x + more_x
            pull = form.pull(y)
        y, x, pull = found
        whole = threads.empty(len(columns))
        whole[:border] = x
        hours = (theta[border:], pull[border:], columns[border:])
        threads.fill(whole[border:], lambda theta, pull, g: theta * (pull - g), *hours)
        return y, whole

    def _residual(self, r: Array, g: Array, y: Array, x: Array, pull: Array) -> tuple[Array, Array]:
        """What rows, and columns of periods, lack; pull: matrixᵀ·y."""
        form, border, threads = self.form, self._columns, self.form.products.threads
        move = threads.empty(len(pull))
        move[:border] = x
        threads.fill(move[border:], np.multiply, self._theta[border:], pull[border:])
        times = (r, form.times(move), self._slack_theta, y)
        rest = self._unmasked(lambda r, times, slack, y: r - times - slack * y, *times)
        held = np.where(np.isfinite(self._inverse), self._inverse, 0.0)
        return rest, np.where(form.moves[:border], g - (pull[:border] - held * x), 0.0)

    def _unmasked(self, function: Callable[..., Array], *given: Array) -> Array:
        """A function of vectors of rows, 0 in masked ones."""
        masked, filled = self.form.masked, self.form.products.threads.filled
        return filled(lambda masked, *of: np.where(masked, 0.0, function(*of)), masked, *given)

    def _largest(self, rows: Array, columns: Array) -> Array:
        """The largest number of both, of all members' hours."""
        return self.team.most(np.array([self.form.products.threads.largest(np.abs, of) for of in (rows, columns)]))

    def _once(self, r: Array, g: Array) -> tuple[Array, Array]:
        """One solve: the hours as if the border stood still, the border, and what its movement means for the hours."""
        t, threads = self.template, self.form.products.threads
        self.count.solves += 1
        right = r[self._rows :]
        if t.ghosts:
            right = threads.joined(right, np.zeros(t.ghosts * t.rows))
        right = right.reshape(t.steps + t.ghosts, t.rows)
        still = self._ranges.solve(right)

        def border(parts: list[Array]) -> list[tuple[Array, Array, Array]]:
            return [self._border.solve(g, r[: self._rows], sum(parts[1:], parts[0]))] * len(parts)

        x, y_border, nodes = self.team.meet(self._coupling.gather(self._hourly, still), border)
        hours = still.ravel()
        if nodes.any():
            moved = self._coupling.scatter(self._hourly, nodes, threads.empty(still.size).reshape(still.shape))
            threads.fill(hours, np.add, hours, self._ranges.solve(moved).ravel())
        return threads.joined(y_border, hours[: t.steps * t.rows]), x
