"""Elimination of the own rows of groups of hours, which leaves their states and the border.

Sparse rows are eliminated by the kernels of `numeric_factorisation`, the last ones, which have filled in, by dense
algebra, in groups of hours small enough for the processor's cache. Factors are stored only for the rows themselves and
their states. Fill between hours and border is as large again; it is used at once and dropped, and solves work without
it (`newton_system`).
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
from gnomon.runtime.memory import Allocator

GROUP = 2 * simd_lanes.LANES
"""Hours processed at a time."""
Slots = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Weights:
    """Θ of the hours' columns, shape (steps, columns), and of their slacks, (steps, rows), and masked rows."""

    columns: Array
    slacks: Array
    masked: Mask


@dataclass(frozen=True, slots=True)
class Factors:
    """Factors of hours.

    sparse: sparse rows (chunks, kept, LANES). inverse: L⁻¹ of late rows (hours, late, late). beside: L⁻¹ times the late
    rows (hours, late, touched).
    """

    sparse: Array
    inverse: Array
    beside: Array


@dataclass(frozen=True, slots=True)
class Group:
    """Buffers for a group of hours, reused for each group.

    state: the hour's states by these and the border, shape (hours, states, states + border). following: entries of the
    next hour's states, (hours, entries). over: L⁻¹ times the late rows, (hours, late, touched). done: L⁻¹ times the
    states' rows, (hours, states, 2 states + border).
    """

    own: Array
    across: Array
    over: Array
    state: Array
    following: Array
    done: Array


@dataclass(frozen=True, slots=True)
class Passing:
    """Contributions of an hour to the next hour's states.

    ahead, own, border: places (entry of `Group.following`, row, column) in the coupling of the hour's states with the
    next hour's, shape (states, states), and in the next hour's states by themselves and the border, (states, 2 states +
    border). theirs: states of the next hour that late rows touch.
    """

    ahead: Index
    own: Index
    border: Index
    theirs: Index


class Hours:
    """Elimination of an hour's rows; it holds the pattern and no numbers."""

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
        """Return the slots of the chosen entries of the tail, and their places."""
        first = self.symbolic.sparse + len(self.symbolic.entry)
        return (first + np.flatnonzero(chosen)).astype(np.int32), place[chosen].astype(np.int32)

    def factors(self, count: int, room: Allocator) -> Factors:
        """Allocate the factors of so many hours."""
        chunks = -(-count // simd_lanes.LANES)
        return Factors(
            room.zeros(chunks, len(self.symbolic.kept), simd_lanes.LANES),
            room.zeros(count, self.late, self.late),
            room.zeros(count, self.late, len(self.touched)),
        )

    def size(self) -> int:
        """Return the bytes of the factors of an hour and of its states."""
        return 8 * (len(self.symbolic.kept) + self.late * (self.late + len(self.touched)) + 3 * self.states**2)

    def group(self) -> Group:
        """Allocate the buffers of a group of hours."""
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
        """Eliminate the rows of the hours steps[first:first + GROUP]. `group` gets the remainder; `border` is updated."""
        s, t, count = self.symbolic, self.template, min(GROUP, len(steps) - first)
        own, across, state = group.own[:count], group.across[:count], group.state[:count]
        for part in (own, across, state):
            part[:] = 0.0
        inner = np.zeros(len(self._border))
        chunk = first // simd_lanes.LANES
        of = steps[first : first + count]
        # Sparse rows, one hour per lane.
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
            # Late rows: L⁻¹, and over = L⁻¹ [states | next states | border].
            dead = weights.masked[of][:, self.late_rows]
            self._late(dead, own, across, into.inverse[first : first + count], group.over[:count])
            into.beside[first : first + count] = group.over[:count, :, : len(self.touched)]
            # Schur complement of the late rows: states and border −= overᵀ over.
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
        """Factorise the late rows. Raises FloatingPointError if they are not finite."""
        across[np.nonzero(dead)] = 0.0
        if not dense_blocks.inverse_factors(own, dead, inverse):
            raise FloatingPointError("numbers beyond double precision")
        np.matmul(inverse, across, out=over)


def _passing(row: Index, column: Index, states: int, border: int, theirs: Index) -> Passing:
    """Return the places of the next hour's entries. Indices count the hour's states, the next hour's, the border."""
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
