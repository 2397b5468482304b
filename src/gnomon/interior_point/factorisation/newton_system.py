"""Newton system of one iteration: elimination of hours, states and border, with iterative refinement.

With Θ of columns and slacks, right sides g of the columns and r of the rows, it is

    A dx + Θₛ dy = r,   dx = Θ (Aᵀ dy − g) for hourly columns,   Aᵀ dy − Θ⁻¹ dx = g for columns of periods.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numpy as np

from gnomon.arrays import Array
from gnomon.interior_point.factorisation import symbolic_factorisation
from gnomon.interior_point.factorisation.border_coupling import Coupling
from gnomon.interior_point.factorisation.border_schur import Border
from gnomon.interior_point.factorisation.domain_decomposition import Ranges
from gnomon.interior_point.factorisation.hour_blocks import Weights
from gnomon.interior_point.formulation.standard_form import Equations
from gnomon.runtime.memory import Allocator, allocate_vectors
from gnomon.runtime.threads import Threads

REFINEMENTS = 8
"""Maximum number of corrections of a solve."""
ENOUGH = 1e-8
"""Residual, relative to the right side, at which refinement stops."""
PROGRESS = 0.7
"""A correction must reduce the residual below this share, or it is the last. Patient solves, such as projections, continue
while it falls at all."""
QUICK = 0.1
"""A correction that reduces the residual below this share is taken with length 1."""
VECTORS = 30
"""Vectors of all columns and slacks that an iteration holds at one time, to decide where they lie."""

Rest = tuple[Array, Array]
At = tuple[Array, Array, Array]
Vectors = TypeVar("Vectors", Rest, At)


class System:
    """Matrix of the Newton steps of a standard form.

    scratch: folder for factors that do not fit into memory (`room`), and from then on for vectors of `threads`.
    """

    def __init__(self, form: Equations, threads: Threads, scratch: Path | None = None) -> None:
        self.form, self.team = form, form.products.team
        self.template = t = form.template
        self._columns, self._rows = t.periods * t.period_columns, t.periods * t.period_rows
        self._ranges = Ranges(t, symbolic_factorisation.analyse(t), threads, self.team, scratch)
        self.vectors = allocate_vectors(
            VECTORS * 8 * (form.columns + len(form.side)), self._ranges.size, self.room, scratch
        )
        if self.vectors.folder is not None:
            threads.allocate_in(self.vectors)
        self._coupling = Coupling(t)
        self._border = self.team.gather(None, lambda _: Border(t, form.periods, threads))
        masked = form.masked[self._rows :].reshape(t.steps, t.rows)
        self._masked = np.concatenate([masked, form.ghosts]) if t.ghosts else masked

    @property
    def room(self) -> Allocator:
        """Return the allocator of the factors."""
        return self._ranges.room

    def factorise(self, theta: Array, slack_theta: Array) -> None:
        """Factorise for Θ of all columns and slacks, 0 where fixed."""
        t = self.template
        self._theta, self._slack_theta = theta, slack_theta
        self._hourly = theta[self._columns :].reshape(t.steps, t.columns)
        with np.errstate(divide="ignore"):
            self._inverse = np.where(theta[: self._columns] > 0.0, 1.0 / theta[: self._columns], np.inf)
        weights = Weights(self._hourly, slack_theta[self._rows :].reshape(t.steps, t.rows), self._masked)
        own = (self._inverse, slack_theta[: self._rows], self.form.masked[: self._rows])
        self._ranges.factorise(weights, lambda left: self._border.factorise(left, *own))

    def solve(self, right: Array, columns: Array, *, patient: bool = False) -> tuple[Array, Array]:
        """Return dy of all rows and dx of all columns. right: shape (rows,); columns: g, shape (columns,).

        patient: True to continue with corrections that help little.
        """
        form, border, threads = self.form, self._columns, self.form.products.threads
        theta = self._theta
        # Eliminate hourly columns: r + A_h Θ_h g_h.
        pushed = threads.filled(np.multiply, theta, columns)
        pushed[:border] = 0.0
        r = self._unmasked(np.add, right, form.times(pushed))
        moves = form.moves[:border]
        g = np.where(moves, columns[:border], 0.0)
        y, x, pull = self._refined(r, g, np.inf if patient else PROGRESS)
        whole = threads.empty(len(columns))
        whole[:border] = x
        # Back substitution of hourly columns: dx = Θ (Aᵀ dy − g).
        hours = (theta[border:], pull[border:], columns[border:])
        threads.fill(whole[border:], lambda theta, pull, g: theta * (pull - g), *hours)
        return y, whole

    def _refined(self, r: Array, g: Array, progress: float) -> At:
        """Return the solution of least residual, refined until that is small or above `progress` times the one before.

        What elimination loses to rounding lies in few directions, for example the total work of a week that may wait. A
        plain correction removes only a share of each. Corrections therefore get the length that minimises the residual,
        orthogonal to the previous ones (generalised conjugate residuals, Eisenstat, Elman and Schultz 1983).
        """
        at = self._at(*self._once(r, g))
        rest, known = self._residual(r, g, at), list[tuple[At, Rest, float]]()
        size = np.maximum(self._largest(r, np.concatenate([g, at[2][: self._columns]])), 1e-300)
        error = float((self._largest(*rest) / size).max())
        best, least = at, error
        for _ in range(REFINEMENTS):
            if not error > ENOUGH:
                break
            # Correction: a solve for the residual.
            way = self._at(*self._once(*rest))
            after = self._residual(r, g, self._along(at, 1.0, way))
            length = 1.0
            if float((self._largest(*after) / size).max()) > QUICK * error:
                # Orthogonalise the change of the residual against those of earlier corrections.
                took = self._along(rest, -1.0, after)
                for before, by_it, square in known:
                    share = self._dot(took, by_it) / square
                    way, took = self._along(way, -share, before), self._along(took, -share, by_it)
                square = self._dot(took, took)
                if not square > 0.0:  # the correction depends on earlier ones
                    break
                known.append((way, took, square))
                # Length of least residual.
                length = self._dot(rest, took) / square
                after = self._along(rest, -length, took)
            last, error = error, float((self._largest(*after) / size).max())
            at, rest = self._along(at, length, way), after
            if error < least:
                best, least = at, error
            # The length minimises the sum of squares, so that the largest residual may rise before it falls.
            if not error <= progress * last:
                break
        return best

    def _at(self, y: Array, x: Array) -> At:
        """Return y, x and Aᵀy."""
        return y, x, self.form.pull(y)

    def _along(self, at: Vectors, length: float, way: Vectors) -> Vectors:
        """Return at + length × way."""
        filled = self.form.products.threads.filled
        return cast(Vectors, tuple(filled(lambda a, b: a + length * b, *of) for of in zip(at, way, strict=True)))

    def _dot(self, a: Rest, b: Rest) -> float:
        """Return the dot product of two residuals of rows and of columns of periods, over all processes."""
        first = self.team.rank == 0
        rows = slice(0 if first else self._rows, None)
        share = float(a[0][rows] @ b[0][rows]) + (float(a[1] @ b[1]) if first else 0.0)
        return float(self.team.total(np.array([share]))[0])

    def _residual(self, r: Array, g: Array, at: At) -> Rest:
        """Return the residuals of rows and of columns of periods at y, x and Aᵀy."""
        y, x, pull = at
        form, border, threads = self.form, self._columns, self.form.products.threads
        move = threads.empty(len(pull))
        move[:border] = x
        threads.fill(move[border:], np.multiply, self._theta[border:], pull[border:])
        times = (r, form.times(move), self._slack_theta, y)
        rest = self._unmasked(lambda r, times, slack, y: r - times - slack * y, *times)
        held = np.where(np.isfinite(self._inverse), self._inverse, 0.0)
        return rest, np.where(form.moves[:border], g - (pull[:border] - held * x), 0.0)

    def _unmasked(self, function: Callable[..., Array], *given: Array) -> Array:
        """Return a function of vectors of rows, with 0 in masked rows."""
        masked, filled = self.form.masked, self.form.products.threads.filled
        return filled(lambda masked, *of: np.where(masked, 0.0, function(*of)), masked, *given)

    def _largest(self, rows: Array, columns: Array) -> Array:
        """Return the largest absolute values of rows and columns, over all processes."""
        return self.team.maximum(np.array([self.form.products.threads.largest(np.abs, of) for of in (rows, columns)]))

    def _once(self, r: Array, g: Array) -> tuple[Array, Array]:
        """Return the solution of one elimination, without refinement."""
        t, threads = self.template, self.form.products.threads
        right = r[self._rows :]
        if t.ghosts:
            right = threads.joined(right, np.zeros(t.ghosts * t.rows))
        right = right.reshape(t.steps + t.ghosts, t.rows)
        # z = K⁻¹ r with a fixed border.
        still = self._ranges.solve(right)

        def border(parts: list[Array]) -> list[tuple[Array, Array, Array]]:
            return [self._border.solve(g, r[: self._rows], sum(parts[1:], parts[0]))] * len(parts)

        # x_B = H⁻¹ (r_B − Cᵀ z).
        x, y_border, nodes = self.team.exchange(self._coupling.gather(self._hourly, still), border)
        hours = still.ravel()
        if nodes.any():
            # z −= K⁻¹ C x_B.
            moved = self._coupling.scatter(self._hourly, nodes, threads.empty(still.size).reshape(still.shape))
            threads.fill(hours, np.add, hours, self._ranges.solve(moved).ravel())
        return threads.joined(y_border, hours[: t.steps * t.rows]), x
