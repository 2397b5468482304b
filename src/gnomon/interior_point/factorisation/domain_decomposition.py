"""Domain decomposition in time: ranges of hours with factors of their own, eliminated by threads in parallel."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np

from gnomon.arrays import Array, Index, Mask
from gnomon.interior_point.factorisation import numeric_factorisation
from gnomon.interior_point.factorisation.block_tridiagonal import Ends, Ring, Strand
from gnomon.interior_point.factorisation.hour_blocks import GROUP, Group, Hours, Weights
from gnomon.interior_point.factorisation.symbolic_factorisation import Symbolic
from gnomon.interior_point.formulation.hour_template import Template
from gnomon.runtime import simd_lanes
from gnomon.runtime.memory import Allocator, allocate_factors
from gnomon.runtime.process_team import ALONE, Team
from gnomon.runtime.threads import Threads


class Range:
    """A range: the hours `steps` of one period, in the order of their ring.

    `after`: the hour after the last. period: number of the period among the local ones.
    """

    def __init__(self, hours: Hours, period: int, steps: Index, after: int, room: Allocator) -> None:
        t, self._hours, self.period, self.steps = hours.template, hours, period, steps
        self._following = np.append(steps[1:], after)
        self._n, self._b, count = len(t.states), t.border, len(steps)
        self._factors = hours.factors(count, room)
        self._strand = Strand(count, self._n, self._b, room)
        chunks = len(self._factors.sparse)
        self._early = np.empty((chunks, hours.symbolic.sparse, simd_lanes.LANES))
        self._late = np.empty((count, hours.late))
        self._kept, self._left = np.zeros((count, self._n)), np.empty((count, 2 * self._n))

    def factorise(self, weights: Weights, group: Group) -> tuple[Ends, Array]:
        """Eliminate all hours except the separator. Return the Schur complements of the ends and of the border."""
        n, strand, t = self._n, self._strand, self._hours.template
        border = np.zeros((self._b, self._b))
        dead = np.ascontiguousarray(weights.masked[self.steps][:, t.states])
        dead_next = np.ascontiguousarray(weights.masked[self._following][:, t.states])
        for first in range(0, len(self.steps), GROUP):
            some = slice(first, min(first + GROUP, len(self.steps)))
            # Own rows of a group of hours, then their states.
            self._hours.eliminate(weights, self.steps, first, self._factors, group, border)
            if n:
                strand.advance_all(first, group, self._hours.passing, dead[some], dead_next[some])
        self._dead = dead
        if not n:
            none = np.zeros((0, self._b))
            return Ends(none, none), border
        ends, more = strand.ends()
        return ends, border + more

    def forward(self, right: Array, masked: Mask) -> tuple[Array, Array]:
        """Return the reduced right sides at the ends. right: shape (all steps, rows)."""
        f, s, h = self._factors, self._hours.symbolic, self._hours
        numeric_factorisation.forward(
            f.sparse, f.inverse, f.beside, s.solve_start, s.solve_entry, s.pivots, h.late_rows, h.template.states,
            h.touched, self.steps, masked, right, self._early, self._late, self._left,
        )  # fmt: skip
        first, last = np.zeros(self._n), np.zeros(self._n)
        if self._n:
            strand = self._strand
            numeric_factorisation.chain_forward(
                strand.inverse, strand.ahead, strand.outer, self._dead, self._left, self._kept, first, last
            )
        return first, last

    def backward(self, first: Array, last: Array, out: Array) -> None:
        """Write the unknowns of the hours' rows to `out`, shape (all steps, rows), from the states at the ends."""
        f, s, h, strand = self._factors, self._hours.symbolic, self._hours, self._strand
        if self._n:
            numeric_factorisation.chain_backward(
                strand.inverse, strand.ahead, strand.outer, self._kept, first, last, self._left
            )
        numeric_factorisation.backward(
            f.sparse, f.inverse, f.beside, s.solve_start, s.solve_entry, s.pivots, h.late_rows, h.template.states,
            h.touched, self.steps, self._early, self._late, self._left, out,
        )  # fmt: skip


RangeSchurs = tuple[list[tuple[Ends, Mask]], Array]
"""Result of one process's ranges: the ends with the mask of unused first states, and for each local period the lower
triangle of the border."""


class _Rings:
    """The separators of all rings, held by the first process of a team.

    places: for each process its periods, and for each of its ranges the period among these and the ring; ranges of a
    ring are in order.
    """

    def __init__(self, template: Template, places: list[tuple[slice, list[tuple[int, int]]]]) -> None:
        t = template
        of_ring: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for rank, (at_hand, theirs) in enumerate(places):
            for i, (period, ring) in enumerate(theirs):
                of_ring.setdefault((at_hand.start + period, ring), []).append((rank, i))
        self._shape, self._states = (t.periods, t.border, t.border), len(t.states)
        self._lower = np.tril_indices(t.border)
        self._periods = [at_hand for at_hand, _ in places]
        self._rings = [(period, of, Ring(len(of), len(t.states), t.border)) for (period, _), of in of_ring.items()]

    def factorise(self, parts: list[RangeSchurs]) -> Array:
        """Eliminate the separators and return the Schur complement of the border, shape (periods, border, border)."""
        out = np.zeros(self._shape)
        row, column = self._lower
        for at_hand, (_, border) in zip(self._periods, parts, strict=True):
            out[at_hand, row, column] += border
        out[:, column, row] = out[:, row, column]
        if self._states:
            for period, of, ring in self._rings:
                ends, dead = zip(*(parts[rank][0][i] for rank, i in of), strict=True)
                out[period] += ring.factorise(list(ends), np.stack(dead))
        return out

    def solve(self, parts: list[Array]) -> list[Array]:
        """Return the states that begin and end each range, from the reduced right sides; (ranges, 2, states) each."""
        out = [np.empty_like(part) for part in parts]
        for _, of, ring in self._rings:
            first, last = (np.stack([parts[rank][i, side] for rank, i in of]) for side in (0, 1))
            found = ring.solve(first, last)
            for at, (rank, i) in enumerate(of):
                out[rank][i, 0], out[rank][i, 1] = found[0][at], found[1][at]
        return out


class Ranges:
    """The local hours of all periods as ranges that threads eliminate in parallel, together with those of a team.

    size: bytes of their factors, which are allocated in `room`.
    """

    def __init__(
        self, template: Template, symbolic: Symbolic, threads: Threads, team: Team = ALONE, scratch: Path | None = None
    ) -> None:
        t, self._hours, self._map, self._empty = template, Hours(template, symbolic), threads.map, threads.empty
        self.size = t.steps * self._hours.size()
        self.room = allocate_factors(self.size, scratch)
        self.template, self._team, self._rooms = t, team, list[Group]()
        self._ranges: list[Range] = []
        self._ends: list[int] = []
        places: list[tuple[int, int]] = []
        after = t.neighbours()[1]
        # One range per strand is enough if there are as many strands as threads.
        many = t.own * len(t.strands) >= threads.count or not len(t.states)
        for period in range(t.own):
            for strand in t.strands:
                for part in _cut(period * t.hours + strand.hours, 1 if many else threads.count):
                    self._ranges.append(Range(self._hours, period, part, int(after[part[-1]]), self.room))
                    places.append((period, strand.ring))
                if strand.open:
                    self._ends.append(len(self._ranges) - 1)
        self._rings = team.gather((t.at_hand, places), lambda every: _Rings(t, every))

    def factorise(self, weights: Weights, finish: Callable[[Array], None]) -> None:
        """Eliminate all hours. The first process calls `finish` with the Schur complement of the border.

        Its shape is (periods, border, border).
        """
        t = self.template
        out = np.zeros((t.own, t.border, t.border))

        def eliminate(part: Range) -> tuple[Ends, Array]:
            try:
                room = self._rooms.pop()
            except IndexError:
                room = self._hours.group()
            left = part.factorise(weights, room)
            self._rooms.append(room)
            return left

        left = self._map(eliminate, self._ranges)
        for part, (_, border) in zip(self._ranges, left, strict=True):
            out[part.period] += border
        dead = [weights.masked[part.steps[0], t.states] for part in self._ranges]
        ends = list(zip([ends for ends, _ in left], dead, strict=True)) if len(t.states) else []
        self._masked = weights.masked
        row, column = np.tril_indices(t.border)
        self._team.gather((ends, out[:, row, column]), lambda parts: finish(self._rings.factorise(parts)))

    def solve(self, right: Array) -> Array:
        """Return the unknowns of the hours' rows for a fixed border, K⁻¹ right. right: shape (steps and ghosts, rows)."""
        t = self.template
        out = self._empty(right.size).reshape(right.shape)
        out[t.steps :] = 0.0
        # Forward sweep in the ranges, the separators, backward sweep.
        ends = np.array(self._map(lambda part: part.forward(right, self._masked), self._ranges))
        ends[self._ends, 1] += right[t.steps :, t.states]
        if len(t.states):
            ends = self._team.exchange(ends, lambda parts: self._rings.solve(parts))  # noqa: PLW0108 (only the first has rings)
        out[t.steps :, t.states] = ends[self._ends, 1]
        self._map(
            lambda pair: pair[0].backward(pair[1][0], pair[1][1], out), list(zip(self._ranges, ends, strict=True))
        )
        return out


def _cut(steps: Index, parts: int) -> list[Index]:
    """Return so many ranges of nearly equal length, in whole bundles of lanes."""
    bundles = -(-len(steps) // simd_lanes.LANES)
    bounds = np.linspace(0, bundles, min(parts, bundles) + 1).round().astype(int) * simd_lanes.LANES
    return [steps[low:high] for low, high in pairwise(bounds)]
