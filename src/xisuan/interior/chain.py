"""States: one ring of hours after another, eliminated hour by hour onto its first hour and the border.

A ring's first hour is a separator: when the hours after it are gone, what is left couples only the first hour's states
and the border of the period. Blocks off the diagonal may be anything. A ring of one hour meets itself, a ring of two
meets its neighbour twice; both follow from adding up what couples the same nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xisuan.interior import dense, numeric
from xisuan.interior.hours import Coupling, Sides
from xisuan.interior.template import Template
from xisuan.interior.threads import Threads
from xisuan.solver.model import Array, Index


@dataclass(slots=True)
class _Ring:
    """Factors of one ring: for hours after the first, in order, and the first one last.

    inverse: L⁻¹ of each hour; ahead: coupling to the next hour over the factor; outer: to the first hour's states and
    the border.
    """

    steps: Index
    period: int
    inverse: Array
    ahead: Array
    outer: Array


class Chain:
    """Factors of the states of all rings of all periods."""

    def __init__(self, template: Template, threads: Threads) -> None:
        self.template, self._map = template, threads.map
        self._rings: list[_Ring] = []

    def factorise(self, given: Coupling, masked: NDArray[np.bool_]) -> Array:
        """Eliminate all states; what remains for the border, shape (periods, border, border). masked: (steps, rows)."""
        t = self.template
        left = given.bb.copy()
        self._rings = []
        if not len(t.states):
            return left
        dead = masked[:, t.states]

        def eliminate(place: tuple[int, Index]) -> tuple[_Ring, Array]:
            period, hours = place
            return self._ring(given, dead, period * t.hours + hours, period)

        for ring, added in self._map(eliminate, [(period, hours) for period in range(t.periods) for hours in t.cycles]):
            self._rings.append(ring)
            left[ring.period] -= added
        return left

    def _ring(self, given: Coupling, dead: NDArray[np.bool_], steps: Index, period: int) -> tuple[_Ring, Array]:
        """Eliminate one ring: its factors, and what the border loses."""
        before = np.roll(steps, 1)
        own = given.ss[steps] + given.nn[before]
        beside = given.sb[steps] + given.nb[before]
        ahead = given.ns[steps].transpose(0, 2, 1).copy()  # rows: states of the hour, columns: of the next
        gone = dead[steps]
        n, states, border = len(steps), own.shape[1], beside.shape[2]
        if n == 1:
            own[0] += ahead[0] + ahead[0].T
        for i in range(n):
            row = np.flatnonzero(gone[i])
            own[i, row, :] = own[i, :, row] = 0.0
            beside[i, row] = 0.0
            ahead[i, row] = 0.0
            ahead[i - 1, :, row] = 0.0
            own[i, row, row] = 1.0
        own[:, range(states), range(states)] *= 1.0 + numeric.REGULAR
        ring = _Ring(
            steps,
            period,
            np.empty((n, states, states)),
            np.zeros((n, states, states)),
            np.zeros((n, states, states + border)),
        )
        outer = np.concatenate([np.zeros_like(own), beside], axis=2)
        if n > 1:
            outer[1, :, :states] += ahead[0].T
            outer[n - 1, :, :states] += ahead[n - 1]
        for i in range(1, n):
            ring.inverse[i] = inverse = dense.inverse_factor(own[i])
            ring.outer[i] = over = inverse @ outer[i]
            if i + 1 < n:
                ring.ahead[i] = on = inverse @ ahead[i]
                own[i + 1] -= on.T @ on
                outer[i + 1] -= on.T @ over
        lost = np.zeros((border, border))
        if n > 1:
            everything = ring.outer[1:].reshape(-1, states + border)
            fill = everything.T @ everything
            own[0] -= fill[:states, :states]
            beside[0] -= fill[:states, states:]
            lost = fill[states:, states:]
        ring.inverse[0] = dense.inverse_factor(own[0])
        ring.outer[0, :, states:] = over = ring.inverse[0] @ beside[0]
        return ring, lost + over.T @ over

    def forward(self, sides: Sides, masked: NDArray[np.bool_]) -> tuple[Array, list[Array]]:
        """Right sides of the border, shape (periods, border), when the states are eliminated; and for `backward`."""
        border, kept = sides.border.copy(), []
        states = len(self.template.states)
        dead = masked[:, self.template.states]
        for ring in self._rings:
            right = sides.states[ring.steps] + sides.following[np.roll(ring.steps, 1)]
            right[dead[ring.steps]] = 0.0
            n = len(right)
            for i in range(1, n):
                right[i] = ring.inverse[i] @ right[i]
                if i + 1 < n:
                    right[i + 1] -= right[i] @ ring.ahead[i]
            outer = np.einsum("is,iso->o", right[1:], ring.outer[1:])
            right[0] = ring.inverse[0] @ (right[0] - outer[:states])
            border[ring.period] -= outer[states:] + right[0] @ ring.outer[0, :, states:]
            kept.append(right)
        return border, kept

    def backward(self, kept: list[Array], border: Array) -> tuple[Array, Array]:
        """States, and those of the next hour, both of shape (steps, states), from the border's unknowns."""
        t = self.template
        out, following = np.empty((t.steps, len(t.states))), np.empty((t.steps, len(t.states)))
        for ring, right in zip(self._rings, kept, strict=True):
            of = border[ring.period]
            found = np.empty_like(right)
            found[0] = ring.inverse[0].T @ (right[0] - ring.outer[0, :, right.shape[1] :] @ of)
            known = np.concatenate([found[0], of])
            rest = right - np.matmul(ring.outer, known)
            for i in range(len(right) - 1, 0, -1):
                if i + 1 < len(right):
                    rest[i] -= ring.ahead[i] @ found[i + 1]
                found[i] = ring.inverse[i].T @ rest[i]
            out[ring.steps] = found
            following[np.roll(ring.steps, 1)] = found
        return out, following
