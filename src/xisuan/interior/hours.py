"""The rows that belong to one hour, eliminated from all hours: what is left are states and the border.

The sparse rows go by the kernels of `numeric`, the last ones, which have filled in, by dense algebra. Contiguous ranges
of hours are contiguous parts of every array here, so that a range may live elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xisuan.interior import dense, numeric
from xisuan.interior.symbolic import Symbolic
from xisuan.interior.template import Template
from xisuan.interior.threads import Threads
from xisuan.solver.model import Array, Index

GROUP = 4
"""Chunks of hours whose dense tails a thread holds at a time."""


@dataclass(frozen=True, slots=True)
class Coupling:
    """What remains of the hours. S: the hour's states, N: those of the next hour, B: the border of the period.

    ss, ns, nn: shape (steps, states, states); sb, nb: shape (steps, states, border); bb: shape (periods, border, border),
    summed over the hours.
    """

    ss: Array
    ns: Array
    nn: Array
    sb: Array
    nb: Array
    bb: Array


@dataclass(frozen=True, slots=True)
class Sides:
    """Right sides that remain: states, shape (steps, states), the next hour's, and the border's, (periods, border)."""

    states: Array
    following: Array
    border: Array


class Hours:
    """Factors of the rows of all hours."""

    def __init__(self, template: Template, symbolic: Symbolic, threads: Threads) -> None:
        self._threads, self._map = threads.count, threads.map
        self.template, self.symbolic = template, symbolic
        chunks = -(-template.steps // numeric.LANES)
        self._late = symbolic.dense
        self._factor = np.empty((chunks, symbolic.sparse + len(symbolic.entry), numeric.LANES))
        self._inverse = np.empty((template.steps, self._late, self._late))
        self._beside = np.empty((template.steps, self._late, len(symbolic.touched)))
        tail = symbolic.tail.copy()
        tail[tail >= template.rows] = -1
        self._tail_rows = tail
        states, late = len(template.states), self._late
        self._parts = {"s": (late, late + states), "n": (late + states, late + 2 * states)}
        self._parts["b"] = (late + 2 * states, len(tail))
        self._blocks = {pair: self._block(*pair) for pair in ("dd", "rd", "ss", "ns", "nn", "sb", "nb", "bb")}
        of = np.searchsorted(symbolic.touched, [bound for part in "snb" for bound in self._parts[part]])
        self._touching = {part: slice(of[2 * i], of[2 * i + 1]) for i, part in enumerate("snb")}
        self._places = {part: symbolic.touched[self._touching[part]] - self._parts[part][0] for part in "snb"}

    def _block(self, one: str, other: str) -> tuple[Index, Index, tuple[int, int]]:
        """Tail slots inside a block (rows one, columns other), their places in it, and its shape."""
        row, column = self.symbolic.tail_row.astype(np.int64), self.symbolic.tail_column.astype(np.int64)
        if one + other == "rd":  # transposed, and only what is touched
            inside = np.flatnonzero((row >= self._late) & (column < self._late))
            place = column[inside] * len(self.symbolic.touched) + np.searchsorted(self.symbolic.touched, row[inside])
            return inside, place, (self._late, len(self.symbolic.touched))
        parts = {"d": (0, self._late), **self._parts}
        (r0, r1), (c0, c1) = parts[one], parts[other]
        flipped = one + other in ("sb", "nb")  # the border is below in the tail
        if flipped:
            row, column = column, row
        inside = np.flatnonzero((row >= r0) & (row < r1) & (column >= c0) & (column < c1))
        shape = (r1 - r0, c1 - c0)
        place = (row[inside] - r0) * shape[1] + column[inside] - c0
        if one != other:
            return inside, place, shape
        below = np.flatnonzero(row[inside] != column[inside])
        mirrored = (column[inside] - c0) * shape[1] + row[inside] - r0
        return np.concatenate([inside, inside[below]]), np.concatenate([place, mirrored[below]]), shape

    def factorise(self, theta: Array, slack_theta: Array, masked: NDArray[np.bool_]) -> Coupling:
        """Eliminate all rows of the hours. theta: shape (steps, columns); slack_theta, masked: shape (steps, rows)."""
        t, steps = self.template, self.template.steps
        states, border = len(t.states), t.border
        out = Coupling(
            ss=np.zeros((steps, states, states)),
            ns=np.zeros((steps, states, states)),
            nn=np.zeros((steps, states, states)),
            sb=np.zeros((steps, states, border)),
            nb=np.zeros((steps, states, border)),
            bb=np.zeros((t.periods, border, border)),
        )
        for chunk in range(0, len(self._factor), GROUP * self._threads):
            last = min(chunk + GROUP * self._threads, len(self._factor))
            tail = np.empty((last - chunk, len(self.symbolic.tail_row), numeric.LANES))
            self._sparse(theta, slack_theta, masked, chunk, last, tail)
            parts = [(at, min(at + GROUP, last)) for at in range(chunk, last, GROUP)]

            def dense(part: tuple[int, int], chunk: int = chunk, tail: Array = tail) -> list[tuple[int, Array]]:
                first, end = part[0] * numeric.LANES, min(part[1] * numeric.LANES, steps)
                return self._dense(tail[part[0] - chunk : part[1] - chunk], masked, first, end, out)

            for found in self._map(dense, parts):
                for period, added in found:
                    out.bb[period] += added
        return out

    def _sparse(
        self, theta: Array, slack_theta: Array, masked: NDArray[np.bool_], chunk: int, last: int, tail: Array
    ) -> None:
        s, t = self.symbolic, self.template
        numeric.factorise(
            theta, slack_theta, masked, s.pivots, s.start, s.update, s.slack, s.product_slot, s.product_column,
            s.product_left, s.product_right, s.product_factor, t.values.constant, t.values.slot, t.values.table, s.held,
            t.held.constant, t.held.slot, chunk * numeric.LANES, self._factor[chunk:last], tail,
        )  # fmt: skip

    def _spread(self, tail: Array, name: str, count: int) -> Array:
        slots, places, shape = self._blocks[name]
        out = np.zeros((count, shape[0] * shape[1]))
        numeric.spread(tail, slots, places, out)
        return out.reshape(count, *shape)

    def _dense(
        self, tail: Array, masked: NDArray[np.bool_], first: int, end: int, out: Coupling
    ) -> list[tuple[int, Array]]:
        """Eliminate the dense rows of the hours first to end, and gather what is left; returns periods' border parts."""
        count, hours = end - first, slice(first, end)
        blocks = {"ss": out.ss, "ns": out.ns, "nn": out.nn, "sb": out.sb, "nb": out.nb}
        for name, into in blocks.items():
            into[hours] = self._spread(tail, name, count)
        beside, inverse = self._beside[hours], self._inverse[hours]
        if self._late:
            own, across = self._spread(tail, "dd", count), self._spread(tail, "rd", count)
            dead = masked[hours][:, self.symbolic.tail[: self._late]]
            _isolate(own, across, dead)
            own[:, range(self._late), range(self._late)] *= 1.0 + numeric.REGULAR
            for i in range(count):
                inverse[i] = dense.inverse_factor(own[i])
            np.matmul(inverse, across, out=beside)
            at = {part: beside[:, :, self._touching[part]] for part in "snb"}
            for name, into in blocks.items():
                one, other = name[0], name[1]
                if len(self._places[one]) and len(self._places[other]):
                    place = np.ix_(np.arange(first, end), self._places[one], self._places[other])
                    into[place] -= np.matmul(at[one].transpose(0, 2, 1), at[other])
        whole = self._spread(tail, "bb", count)
        sums: list[tuple[int, Array]] = []
        for period in range(first // self.template.hours, (end - 1) // self.template.hours + 1):
            low = max(first, period * self.template.hours) - first
            high = min(end, (period + 1) * self.template.hours) - first
            added = whole[low:high].sum(axis=0)
            if self._late and len(self._places["b"]):
                part = np.ascontiguousarray(at["b"][low:high]).reshape(-1, len(self._places["b"]))
                added[np.ix_(self._places["b"], self._places["b"])] -= part.T @ part
            sums.append((period, added))
        return sums

    def forward(self, right: Array, masked: NDArray[np.bool_]) -> tuple[Sides, tuple[Array, Array]]:
        """Right sides that remain when the hours' rows are eliminated; right, masked: shape (steps, rows).

        Also what `backward` needs.
        """
        t, s = self.template, self.symbolic
        tail = np.empty((t.steps, len(self._tail_rows)))
        sparse = np.empty((len(self._factor), s.sparse, numeric.LANES))
        numeric.forward(self._factor, s.start, s.entry, s.pivots, self._tail_rows, right, sparse, tail)
        tail[:, : self._late][masked[:, s.tail[: self._late]]] = 0.0
        late = np.matmul(self._inverse, tail[:, : self._late, None])
        tail[:, s.touched] -= np.matmul(self._beside.transpose(0, 2, 1), late)[..., 0]
        parts = [tail[:, low:high] for low, high in (self._parts[part] for part in "snb")]
        border = parts[2].reshape(t.periods, t.hours, -1).sum(axis=1)
        return Sides(parts[0], parts[1], border), (sparse, late)

    def backward(self, kept: tuple[Array, Array], states: Array, following: Array, border: Array) -> Array:
        """Unknowns of the rows, shape (steps, rows), from those of the states (steps, states), and the border."""
        t, s = self.template, self.symbolic
        sparse, late = kept
        of_hour = np.repeat(border, t.hours, axis=0)
        rest = np.concatenate([states, following, of_hour], axis=1)
        beside = np.matmul(self._beside, rest[:, s.touched - self._late][..., None])
        own = np.matmul(self._inverse.transpose(0, 2, 1), late - beside)[..., 0]
        out = np.zeros((t.steps, t.rows))
        tail = np.concatenate([own, rest], axis=1)
        numeric.backward(self._factor, s.start, s.entry, s.pivots, sparse, tail, out)
        out[:, s.tail[: self._late]] = own
        out[:, t.states] = states
        return out


def _isolate(own: Array, across: Array, dead: NDArray[np.bool_]) -> None:
    """Take dead rows out of a symmetric matrix: nothing but a unit pivot is left of them."""
    step, row = np.nonzero(dead)
    own[step, row, :] = 0.0
    own[step, :, row] = 0.0
    own[step, row, row] = 1.0
    across[step, row, :] = 0.0
