"""The rows that belong to one hour, eliminated from some hours: what is left are their states and the border.

The sparse rows go by the kernels of `numeric`, the last ones, which have filled in, by dense algebra, a group of hours
at a time so that what is in hand stays in the processor's cache. Factors are kept only for the rows themselves and
their states. What belongs to the border, as much again and more, is used up at once: `system` solves without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array, Index, Mask
from gnomon.interior_point.factorisation import dense_blocks, numeric_factorisation
from gnomon.interior_point.factorisation.symbolic_factorisation import Symbolic
from gnomon.interior_point.formulation.hour_template import Template
from gnomon.runtime import simd_lanes
from gnomon.runtime.memory import Room

GROUP = 2 * simd_lanes.LANES
"""Hours in hand at a time."""
Slots = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Weights:
    """Θ of the hours' columns, shape (steps, columns), and of their rows' slacks, (steps, rows); rows without a say."""

    columns: Array
    slacks: Array
    masked: Mask


@dataclass(frozen=True, slots=True)
class Factors:
    """Of some hours: sparse rows (chunks, kept, LANES), late rows (hours, late, late) and those beside (…, touched)."""

    sparse: Array
    inverse: Array
    beside: Array


@dataclass(frozen=True, slots=True)
class Group:
    """A group of hours in hand; its arrays are used again and again.

    state: rows are the hour's states, columns these and the border, shape (hours, states, states + border). following:
    what couples the next hour's states, (hours, entries). over: the late rows' share, (hours, late, touched). done: the
    states', (hours, states, 2 states + border).
    """

    own: Array
    across: Array
    over: Array
    state: Array
    following: Array
    done: Array


@dataclass(frozen=True, slots=True)
class Passing:
    """What an hour passes on to the next one's states.

    ahead, own, border: places (entry of `Group.following`, row, column) in what couples the hour's states with the next
    one's, shape (states, states), and these with themselves and the border, (states, 2 states + border). theirs: states of
    the next hour that late rows touch.
    """

    ahead: Index
    own: Index
    border: Index
    theirs: Index


class Hours:
    """How the rows of an hour are eliminated; it holds no numbers of any hour."""

    def __init__(self, template: Template, symbolic: Symbolic) -> None:
        t, s = self.template, self.symbolic = template, symbolic
        self.late, self.states = s.dense, len(t.states)
        self.late_rows = s.tail[: s.dense]
        n, late = self.states, s.dense
        row, column = s.tail_row.astype(np.int64), s.tail_column.astype(np.int64)
        below, beside = row - late, column - late  # places among the hour's states, the next hour's, and the border
        self._own = self._places(row < late, column * late + row)
        reached = np.searchsorted(s.touched, row)
        self._across = self._places((below >= 0) & (beside < 0), column * len(s.touched) + reached)
        mine = (beside >= 0) & (beside < n)
        wide = n + t.border
        ss, sb = mine & (below < n), mine & (below >= 2 * n)
        both = ss & (below != beside)
        state = [self._places(*of) for of in (
            (ss, beside * wide + below), (both, below * wide + beside), (sb, beside * wide + below - n))]  # fmt: skip
        self._state = tuple(np.concatenate(of) for of in zip(*state, strict=True))
        theirs = ((below >= n) & (below < 2 * n) & (beside >= 0)) | ((beside >= n) & (beside < 2 * n))
        self._next = self._places(theirs, row)[0]
        inner = beside >= 2 * n
        self._border = self._places(inner, row)[0]
        self._inner = (below[inner] - 2 * n, beside[inner] - 2 * n)
        parts = np.searchsorted(s.touched - late, [0, n, 2 * n, 2 * n + t.border])
        self.touching = [slice(low, high) for low, high in pairwise(parts)]
        self.touched = (s.touched[: parts[2]] - late).astype(np.int32)
        met = (self.touched[self.touched >= n] - n).astype(np.int64)
        self.passing = _passing(below[theirs], beside[theirs], n, t.border, met)

    def _places(self, chosen: Mask, place: Index) -> tuple[Slots, Slots]:
        """Slots of the chosen entries of the tail, and where they go."""
        first = self.symbolic.sparse + len(self.symbolic.entry)
        return (first + np.flatnonzero(chosen)).astype(np.int32), place[chosen].astype(np.int32)

    def factors(self, count: int, room: Room) -> Factors:
        """Room for the factors of so many hours."""
        chunks = -(-count // simd_lanes.LANES)
        return Factors(
            room.zeros(chunks, len(self.symbolic.kept), simd_lanes.LANES),
            room.zeros(count, self.late, self.late),
            room.zeros(count, self.late, len(self.touched)),
        )

    def size(self) -> int:
        """Bytes of the factors of an hour, and of its states."""
        return 8 * (len(self.symbolic.kept) + self.late * (self.late + len(self.touched)) + 3 * self.states**2)

    def group(self) -> Group:
        """Room for a group of hours."""
        n, wide = self.states, len(self.symbolic.touched)
        return Group(
            np.empty((GROUP, self.late, self.late)),
            np.empty((GROUP, self.late, wide)),
            np.empty((GROUP, self.late, wide)),
            np.empty((GROUP, n, n + self.template.border)),
            np.empty((GROUP, len(self._next))),
            np.empty((GROUP, n, 2 * n + self.template.border)),
        )

    def eliminate(self, weights: Weights, steps: Index, first: int, into: Factors, group: Group, border: Array) -> None:
        """Eliminate the rows of the hours steps[first:first + GROUP]; `group` has what is left, and border is added to."""
        s, t, count = self.symbolic, self.template, min(GROUP, len(steps) - first)
        own, across, state = group.own[:count], group.across[:count], group.state[:count]
        for part in (own, across, state):
            part[:] = 0.0
        inner = np.zeros(len(self._border))
        chunk = first // simd_lanes.LANES
        of = steps[first : first + count]
        numeric_factorisation.factorise(  # type: ignore[call-arg]
            weights.columns, weights.slacks, weights.masked, of, s.pivots, s.width, s.below, s.held_in, s.update, s.slack,
            s.product_slot, s.product_column, s.product_left, s.product_right, s.product_factor,
            t.values.constant, t.values.slot, t.values.table, s.held, t.held.constant, t.held.slot, s.kept, s.slots,
            *self._own, *self._across, *self._state, self._next, self._border,
            into.sparse[chunk : chunk + -(-count // simd_lanes.LANES)], own.reshape(count, -1), across.reshape(count, -1),
            state.reshape(count, -1), group.following, inner,
        )  # fmt: skip
        self._add(border, inner)
        if self.late:
            dead = weights.masked[of][:, self.late_rows]
            self._late(dead, own, across, into.inverse[first : first + count], group.over[:count])
            into.beside[first : first + count] = group.over[:count, :, : len(self.touched)]
            mine, _, beside = self.touching
            over = group.over[:count]
            n = self.states
            if n:
                left = over[:, :, mine].transpose(0, 2, 1)
                state[:, :, :n] -= np.matmul(left, over[:, :, mine])
                state[:, :, n:] -= np.matmul(left, over[:, :, beside])
            rows = over.reshape(count * self.late, over.shape[2])[:, beside]
            border -= rows.T @ rows

    def _add(self, border: Array, inner: Array) -> None:
        row, column = self._inner
        border[row, column] += inner
        apart = row != column
        border[column[apart], row[apart]] += inner[apart]

    def _late(self, dead: Mask, own: Array, across: Array, inverse: Array, over: Array) -> None:
        """Factorise the late rows. Raises FloatingPointError where they are not finite."""
        across[np.nonzero(dead)] = 0.0
        if not dense_blocks.inverse_factors(own, dead, inverse):
            raise FloatingPointError("numbers beyond double precision")
        np.matmul(inverse, across, out=over)


def _passing(row: Index, column: Index, states: int, border: int, theirs: Index) -> Passing:
    """Places of the entries of the next hour's states; rows and columns count the hour's states, the next's, the border."""
    n = states
    ahead, beside = np.flatnonzero(column < n), np.flatnonzero(row >= 2 * n)
    own = np.flatnonzero((row < 2 * n) & (column >= n))
    apart = own[row[own] != column[own]]
    lower, upper = (own, row[own] - n, border + column[own]), (apart, column[apart] - n, border + row[apart])
    return Passing(
        ahead=np.array([ahead, column[ahead], row[ahead] - n]),
        own=np.concatenate([lower, upper], axis=1),
        border=np.array([beside, column[beside] - n, row[beside] - n]),
        theirs=theirs,
    )
