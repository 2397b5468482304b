"""Elimination of the states: a cyclic block tridiagonal matrix with a border, cut into ranges of hours.

The states of a range's first hour are its *separator* and stay. The states of the following hours are eliminated in
turn, each onto the next hour, the separator and the border. Ranges are independent and may be eliminated in parallel.
The separators form a short cyclic chain and are eliminated afterwards (`Ring`). Blocks off the diagonal need no
symmetry. Coinciding blocks are added up, so a ring with one separator, coupled with itself, needs no special case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.interior_point.factorisation import dense_blocks, numeric_factorisation
from gnomon.interior_point.factorisation.hour_blocks import Group, Passing
from gnomon.runtime.memory import MEMORY, Allocator


@dataclass(frozen=True, slots=True)
class Ends:
    """Schur complement of a range at its ends.

    first: its separator by the separator and the border (states, states + border). last: the next separator by this
    one, the border and the next separator (states, 2 states + border).
    """

    first: Array
    last: Array


class Strand:
    """Factors of the states of consecutive hours, of which the first is the separator.

    inverse: L⁻¹ of each hour after the first; ahead: L⁻¹ times its coupling to the next hour; outer: L⁻¹ times its
    coupling to the separator. All have shape (hours, states, states); the first hour's are not used.
    """

    def __init__(self, hours: int, states: int, border: int, room: Allocator = MEMORY) -> None:
        self._n, self._b = states, border
        self.inverse, self.ahead, self.outer = (room.zeros(hours, states, states) for _ in range(3))

    def begin(self, state: Array, ahead: Array) -> None:
        """Set the first hour. state: (states, states + border); ahead: its states by the next hour's (states, states)."""
        n = self._n
        self._start(state)
        self._carry[:, :n] = ahead.T

    def _start(self, state: Array) -> None:
        n, wide = state.shape
        self._first, self._carry = state.copy(), np.zeros((n, n + wide))
        self._fill = np.zeros((wide, wide))

    def advance(self, i: int, state: Array, ahead: Array, dead: Mask, done: Array) -> None:
        """Eliminate hour i, coupled to the next by `ahead` only.

        dead: states that take no part; done: array for its scaled rows. Raises FloatingPointError for numbers that are
        not finite.
        """
        _finite(
            dense_blocks.advance(state, ahead, dead, self._carry, self.inverse[i], self.ahead[i], self.outer[i], done)
        )

    def advance_all(self, first: int, group: Group, passing: Passing, dead: Mask, dead_next: Mask) -> None:
        """Eliminate the hours of `group`, from number `first` on; hour 0 becomes the separator.

        dead, dead_next: states of these and of the next hours that take no part.
        """
        begun, count, p = first > 0, len(dead), passing
        some = slice(first, first + count)
        if not begun:
            self._start(group.state[0])
        _finite(
            dense_blocks.advance_all(
                group.state[:count], group.following, group.over, p.ahead, p.own, p.border, p.theirs, dead,
                dead_next, begun, self._carry, self.inverse[some], self.ahead[some], self.outer[some], group.done[:count],
            )
        )  # fmt: skip
        self.fill(group.done[0 if begun else 1 : count])

    def fill(self, done: Array) -> None:
        """Add Σ rowsᵀ rows of eliminated hours to the fill of separator and border, which `ends` subtracts.

        done: their rows L⁻¹ carry, shape (hours, states, 2 states + border).
        """
        rows = done.reshape(-1, done.shape[2])[:, : self._n + self._b]
        self._fill += rows.T @ rows

    def ends(self) -> tuple[Ends, Array]:
        """Return the Schur complements at the ends, and the contribution to the border."""
        n = self._n
        self._first -= self._fill[:n]
        return Ends(self._first, self._carry), -self._fill[n:, n:]


def _finite(whether: bool) -> None:
    if not whether:
        raise FloatingPointError("numbers beyond double precision")


class Ring:
    """Factors of the separators of one ring."""

    def __init__(self, ranges: int, states: int, border: int) -> None:
        self._n, self._b = states, border
        self._strand = Strand(ranges, states, border)

    def factorise(self, ends: list[Ends], dead: Mask) -> Array:
        """Eliminate the separators and return the Schur complement of the border. dead: shape (ranges, states)."""
        n, strand, count = self._n, self._strand, len(ends)
        self._dead = dead
        owns = [end.first.copy() for end in ends]
        # Diagonal blocks: the separator's own, plus the Schur complement of the range that ends there.
        for i, end in enumerate(ends):
            after = owns[(i + 1) % count]
            after[:, :n] += end.last[:, n + self._b :]
            after[:, n:] += end.last[:, n : n + self._b]
        # Off-diagonal blocks between consecutive separators.
        ahead = [end.last[:, :n].T.copy() for end in ends]
        for i in range(count):
            ahead[i][dead[i]] = 0.0
            ahead[i][:, dead[(i + 1) % count]] = 0.0
        strand.begin(owns[0], ahead[0])
        done = np.empty((count - 1, n, 2 * n + self._b))
        for i in range(1, count):
            strand.advance(i, owns[i], ahead[i], dead[i], done[i - 1])
        strand.fill(done)
        left, border = strand.ends()
        # The last separator of a ring meets itself: add its diagonal blocks and both couplings.
        own = left.first[:, :n] + left.last[:, n + self._b :] + left.last[:, :n] + left.last[:, :n].T
        beside = left.first[:, n:] + left.last[:, n : n + self._b]
        if dead[0].any():
            own[dead[0]], own[:, dead[0]], beside[dead[0]] = 0.0, 0.0, 0.0
            own[dead[0], dead[0]] = 1.0
        own.flat[:: n + 1] *= 1.0 + numeric_factorisation.REGULAR
        self._inverse = np.empty((n, n))
        _finite(dense_blocks.inverse_factor(own, self._inverse))
        over = self._inverse @ beside
        return np.asarray(border - over.T @ over)

    def solve(self, first: Array, last: Array) -> tuple[Array, Array]:
        """Return the states of the separators that begin and that end each range, from the ranges' reduced right sides."""
        strand, count = self._strand, len(first)
        # A separator begins one range and ends another; both reduce its right side.
        right = first + np.roll(last, 1, axis=0)
        right[self._dead] = 0.0
        left = np.concatenate([right, np.zeros_like(right)], axis=1)
        kept, begin, end = np.zeros((count, self._n)), np.zeros(self._n), np.zeros(self._n)
        numeric_factorisation.chain_forward(
            strand.inverse, strand.ahead, strand.outer, self._dead, left, kept, begin, end
        )
        begin = np.where(self._dead[0], 0.0, begin + end)
        begin = self._inverse.T @ (self._inverse @ begin)
        found = np.zeros((count, 2 * self._n))
        numeric_factorisation.chain_backward(strand.inverse, strand.ahead, strand.outer, kept, begin, begin, found)
        return np.ascontiguousarray(found[:, : self._n]), np.ascontiguousarray(found[:, self._n :])
