"""The scaled matrix of a model times a vector, from the template of its hour: the whole matrix is never made."""

from __future__ import annotations

from itertools import pairwise

import numba
import numpy as np
import scipy.sparse as sp

from xisuan.interior.template import Template
from xisuan.interior.threads import ALONE, Threads
from xisuan.solver.model import Array, Index


class Products:
    """Products with the matrix. Vectors are in flat order: periods first, then hours. `periods`: the part of periods.

    Hours are shared by `threads`, which hold no lock; numba's own threads are shared by the process, and not on every
    machine may two solves use them at once.
    """

    def __init__(self, template: Template, periods: sp.csr_array, threads: Threads = ALONE) -> None:
        t, self.template, self._threads = template, template, threads
        bounds = np.linspace(0, t.steps, threads.count + 1).astype(np.int64)
        self._shares = [share for share in pairwise(bounds.tolist()) if share[0] < share[1]]
        self.periods, self._back = periods, sp.csr_array(periods.T)
        self._columns, self._rows = t.periods * t.period_columns, t.periods * t.period_rows
        before = np.empty(t.hours, dtype=np.int64)
        for cycle in t.cycles:
            before[cycle] = np.roll(cycle, 1)
        self._before = (np.arange(t.periods)[:, None] * t.hours + before).ravel()
        after = np.empty(t.steps, dtype=np.int64)
        after[self._before] = np.arange(t.steps)
        self._after = after
        states = len(t.states)
        self._own = self._part(np.flatnonzero(t.node < t.rows), t.node)
        earlier = np.flatnonzero((t.node >= t.rows) & (t.node < t.rows + states))
        state = np.where(t.node >= t.rows, np.append(t.states, 0)[np.clip(t.node - t.rows, 0, states)], 0)
        self._earlier = self._part(earlier, state)
        year = np.flatnonzero((t.node >= t.rows + states) & (t.node < t.rows + states + len(t.yearly)))
        yearly = np.append(t.yearly, 0)[np.clip(t.node - t.rows - states, 0, len(t.yearly))]
        self._year = self._part(year, yearly)
        self._seen = (t.seen_row, t.seen_column, t.seen.constant, t.seen.slot)

    def _part(self, chosen: Index, row: Index) -> tuple[Index, Index, Array, Index]:
        t = self.template
        return row[chosen], t.column[chosen], t.values.constant[chosen], t.values.slot[chosen]

    def times(self, x: Array) -> Array:
        """matrix·x. Shape (rows,)."""
        t = self.template
        out = np.zeros(self._rows + t.steps * t.rows)
        of_periods, hours = x[: self._columns], x[self._columns :].reshape(t.steps, t.columns)
        out[: self._rows] = self.periods @ of_periods
        table = t.values.table
        if t.rows:
            fixed, into = of_periods.reshape(t.periods, -1), out[self._rows :].reshape(t.steps, t.rows)
            given = (*self._own, *self._earlier, *self._seen, table, self._before, hours, fixed, into)
            self._threads.map(lambda share: _times(*share, *given), self._shares)
        _times_year(*self._year, table, hours, out[: self._rows].reshape(t.periods, t.period_rows))
        return out

    def pull(self, y: Array) -> Array:
        """matrixᵀ·y. Shape (columns,)."""
        t = self.template
        out = np.zeros(self._columns + t.steps * t.columns)
        of_periods, hours = y[: self._rows], y[self._rows :].reshape(t.steps, t.rows)
        out[: self._columns] = self._back @ of_periods
        table = t.values.table
        if t.columns:
            fixed, into = of_periods.reshape(t.periods, -1), out[self._columns :].reshape(t.steps, t.columns)
            given = (*self._own, *self._earlier, *self._year, table, self._after, hours, fixed, into)
            self._threads.map(lambda share: _pull(*share, *given), self._shares)
        _pull_seen(*self._seen, table, hours, out[: self._columns].reshape(t.periods, t.period_columns))
        return out


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _times(  # type: ignore[no-untyped-def]
    first, last, own_row, own_column, own_constant, own_slot, back_row, back_column, back_constant, back_slot,
    seen_row, seen_column, seen_constant, seen_slot, table, before, hours, periods, out,
):  # fmt: skip
    per_period = out.shape[0] // periods.shape[0]
    for step in range(first, last):
        x, earlier, fixed, into = hours[step], hours[before[step]], periods[step // per_period], out[step]
        for q in range(len(own_row)):
            a = own_constant[q] if own_slot[q] < 0 else table[own_slot[q], step]
            into[own_row[q]] += a * x[own_column[q]]
        for q in range(len(back_row)):
            a = back_constant[q] if back_slot[q] < 0 else table[back_slot[q], before[step]]
            into[back_row[q]] += a * earlier[back_column[q]]
        for q in range(len(seen_row)):
            a = seen_constant[q] if seen_slot[q] < 0 else table[seen_slot[q], step]
            into[seen_row[q]] += a * fixed[seen_column[q]]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _pull(  # type: ignore[no-untyped-def]
    first, last, own_row, own_column, own_constant, own_slot, back_row, back_column, back_constant, back_slot,
    year_row, year_column, year_constant, year_slot, table, after, hours, periods, out,
):  # fmt: skip
    per_period = out.shape[0] // periods.shape[0]
    for step in range(first, last):
        y, later, fixed, into = hours[step], hours[after[step]], periods[step // per_period], out[step]
        for q in range(len(own_row)):
            a = own_constant[q] if own_slot[q] < 0 else table[own_slot[q], step]
            into[own_column[q]] += a * y[own_row[q]]
        for q in range(len(back_row)):
            a = back_constant[q] if back_slot[q] < 0 else table[back_slot[q], step]
            into[back_column[q]] += a * later[back_row[q]]
        for q in range(len(year_row)):
            a = year_constant[q] if year_slot[q] < 0 else table[year_slot[q], step]
            into[year_column[q]] += a * fixed[year_row[q]]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _times_year(row, column, constant, slot, table, hours, out):  # type: ignore[no-untyped-def]
    """Add the hours to the rows of periods."""
    per_period = len(hours) // len(out)
    for step in range(len(hours)):
        into = out[step // per_period]
        for q in range(len(row)):
            into[row[q]] += (constant[q] if slot[q] < 0 else table[slot[q], step]) * hours[step, column[q]]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _pull_seen(row, column, constant, slot, table, hours, out):  # type: ignore[no-untyped-def]
    """Add the hours to the columns of periods."""
    per_period = len(hours) // len(out)
    for step in range(len(hours)):
        into = out[step // per_period]
        for q in range(len(row)):
            into[column[q]] += (constant[q] if slot[q] < 0 else table[slot[q], step]) * hours[step, row[q]]
