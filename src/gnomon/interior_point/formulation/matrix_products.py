"""Products of the scaled matrix with vectors, computed from the hour's template without forming the matrix."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numba
import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index
from gnomon.interior_point.formulation.hour_template import Template
from gnomon.runtime import threads as single
from gnomon.runtime.process_team import ALONE, Team
from gnomon.runtime.threads import Threads


class Products:
    """Products with the matrix. Vectors are in flat order: periods first, then hours. `periods`: the part of periods.

    Hours are shared by `threads`; the kernels hold no Python lock. numba's own threads are not used, because not every
    machine allows two solves to use them at once. In a `team` each process has its own hours, and all receive the
    periods' part.
    """

    def __init__(
        self, template: Template, periods: sp.csr_array, threads: Threads = single.ALONE, team: Team = ALONE
    ) -> None:
        t, self.template, self.threads, self.team = template, template, threads, team
        bounds = np.linspace(0, t.steps, threads.count + 1).astype(np.int64)
        self._shares = [share for share in pairwise(bounds.tolist()) if share[0] < share[1]]
        self.periods, self._back = periods, sp.csr_array(periods.T)
        self._columns, self._rows = t.periods * t.period_columns, t.periods * t.period_rows
        self._before, self._after = t.neighbours()
        self._first, self._last = t.ends()
        states = len(t.states)
        self._own = self._part(np.flatnonzero(t.node < t.rows), t.node)
        earlier = np.flatnonzero((t.node >= t.rows) & (t.node < t.rows + states))
        state = np.where(t.node >= t.rows, np.append(t.states, 0)[np.clip(t.node - t.rows, 0, states)], 0)
        self._earlier = self._part(earlier, state)
        self._state = t.node[earlier] - t.rows
        year = np.flatnonzero((t.node >= t.rows + states) & (t.node < t.rows + states + len(t.yearly)))
        yearly = np.append(t.yearly, 0)[np.clip(t.node - t.rows - states, 0, len(t.yearly))]
        self._year = self._part(year, yearly)
        self._seen = (t.seen_row, t.seen_column, t.seen.constant, t.seen.slot)

    def _part(self, chosen: Index, row: Index) -> tuple[Index, Index, Array, Index]:
        t = self.template
        return row[chosen], t.column[chosen], t.values.constant[chosen], t.values.slot[chosen]

    def times(self, x: Array) -> Array:
        """Return matrix·x. Shape (rows,)."""
        t = self.template
        out = self.threads.empty(self._rows + t.steps * t.rows)
        out[: self._rows] = 0.0
        of_periods, hours = x[: self._columns], x[self._columns :].reshape(t.steps, t.columns)
        table = t.values.table
        if t.rows:
            fixed, into = of_periods.reshape(t.periods, -1)[t.at_hand], out[self._rows :].reshape(t.steps, t.rows)
            given = (*self._own, *self._earlier, *self._seen, table, self._before, hours, fixed, into)
            self.threads.map(lambda share: _times(*share, *given), self._shares)
        # The part of the periods counts once in the sum over the team.
        if self.team.rank == 0:
            out[: self._rows] = self.periods @ of_periods
        _add_hours(*self._year, table, hours, out[: self._rows].reshape(t.periods, t.period_rows)[t.at_hand])
        out[: self._rows], carried = self._exchange(
            out[: self._rows], self._into_next_process(hours), self.team.layout.onward
        )
        out[self._rows :].reshape(t.steps, t.rows)[self._first[..., None], t.states] += carried
        return out

    def _into_next_process(self, hours: Array) -> Array:
        """Return what the last hours of open strands contribute to the states after them, shape (periods, open, states)."""
        _, column, constant, slot = self._earlier
        out = np.zeros((*self._last.shape, len(self.template.states)))
        varies = slot >= 0
        for at, step in np.ndenumerate(self._last):
            coefficient = constant.copy()
            coefficient[varies] = self.template.values.table[slot[varies], step]
            np.add.at(out[at], self._state, coefficient * hours[step, column])
        return out

    def _exchange(self, own: Array, ends: Array, pass_on: Callable[[list[Array]], list[Array]]) -> tuple[Array, Array]:
        """Return the team's sum of `own`, and the ends received from neighbouring processes."""

        def decide(parts: list[tuple[Array, Array]]) -> list[tuple[Array, Array]]:
            total = sum((part for part, _ in parts[1:]), parts[0][0])
            return [(total, theirs) for theirs in pass_on([given for _, given in parts])]

        return self.team.exchange((own, ends), decide)

    def pull(self, y: Array) -> Array:
        """Return matrixᵀ·y. Shape (columns,)."""
        t = self.template
        out = self.threads.empty(self._columns + t.steps * t.columns)
        out[: self._columns] = 0.0
        of_periods, hours = y[: self._rows], y[self._rows :].reshape(t.steps, t.rows)
        table, own = t.values.table, out[: self._columns]
        if self.team.rank == 0:
            own[:] = self._back @ of_periods
        row, column, constant, slot = self._seen
        _add_hours(column, row, constant, slot, table, hours, own.reshape(t.periods, t.period_columns)[t.at_hand])
        own[:], following = self._exchange(own, hours[self._first[..., None], t.states], self.team.layout.back)
        if t.open:
            ghosts = np.zeros((t.ghosts, t.rows))
            ghosts[:, t.states] = following.reshape(t.ghosts, len(t.states))
            hours = self.threads.joined(hours.ravel(), ghosts.ravel()).reshape(t.steps + t.ghosts, t.rows)
        if t.columns:
            fixed, into = of_periods.reshape(t.periods, -1)[t.at_hand], out[self._columns :].reshape(t.steps, t.columns)
            given = (*self._own, *self._earlier, *self._year, table, self._after, hours, fixed, into)
            self.threads.map(lambda share: _pull(*share, *given), self._shares)
        return out


@numba.njit(nogil=True, error_model="numpy", forceinline=True)
def _add_terms(target, source, constant, slot, table, step, x, out):  # type: ignore[no-untyped-def]
    """Add to out[target] the product of every entry's coefficient at `step` with x[source]."""
    for q in range(len(target)):
        a = constant[q] if slot[q] < 0 else table[slot[q], step]
        out[target[q]] += a * x[source[q]]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _times(  # type: ignore[no-untyped-def]
    first, last, own_row, own_column, own_constant, own_slot, back_row, back_column, back_constant, back_slot,
    seen_row, seen_column, seen_constant, seen_slot, table, before, hours, periods, out,
):  # fmt: skip
    """Write the hourly rows first to last of matrix·x to `out`."""
    per_period = out.shape[0] // periods.shape[0]
    for step in range(first, last):
        fixed, into, earlier = periods[step // per_period], out[step], before[step]
        into[:] = 0.0
        # Columns of the hour, of the previous hour, and of the period: A x_t + B x_(t−1) + C x_p.
        _add_terms(own_row, own_column, own_constant, own_slot, table, step, hours[step], into)
        if earlier >= 0:
            _add_terms(back_row, back_column, back_constant, back_slot, table, earlier, hours[earlier], into)
        _add_terms(seen_row, seen_column, seen_constant, seen_slot, table, step, fixed, into)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _pull(  # type: ignore[no-untyped-def]
    first, last, own_row, own_column, own_constant, own_slot, back_row, back_column, back_constant, back_slot,
    year_row, year_column, year_constant, year_slot, table, after, hours, periods, out,
):  # fmt: skip
    """Write the hourly columns first to last of matrixᵀ·y to `out`."""
    per_period = out.shape[0] // periods.shape[0]
    for step in range(first, last):
        fixed, into = periods[step // per_period], out[step]
        into[:] = 0.0
        # Rows of the hour, states of the next hour, and rows of the period: Aᵀ y_t + Bᵀ y_(t+1) + Dᵀ y_p.
        _add_terms(own_column, own_row, own_constant, own_slot, table, step, hours[step], into)
        _add_terms(back_column, back_row, back_constant, back_slot, table, step, hours[after[step]], into)
        _add_terms(year_column, year_row, year_constant, year_slot, table, step, fixed, into)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _add_hours(target, source, constant, slot, table, hours, out):  # type: ignore[no-untyped-def]
    """Add the terms of all hours to the rows, or columns, of their periods."""
    per_period = len(hours) // len(out)
    for step in range(len(hours)):
        _add_terms(target, source, constant, slot, table, step, hours[step], out[step // per_period])
