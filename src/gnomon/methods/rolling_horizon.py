"""Rolling horizon: operate the hours of one period without knowing them all, window by window.

Each window has the next hours. Its first `step` hours are known, and their decisions are final; the others are a forecast.
Then the window moves on. Columns of hours before the window stand as decided, those after it as in a reference solution,
so that sums over the year include later hours. Columns of the period, such as a peak, may still grow.

Forecast error: a number of the model in an hour beyond the step is (1 − e) × its own + e × that of the same hour of
another day, drawn from the days within `DAYS` of it for each window. e grows linearly from 0 at the end of the step to
`error` at the end of the horizon. So forecasts stay within what occurs, and hours, places, prices and plants stay related.

Every block of hours begins and ends in the state of the reference, so that the result is a solution of the whole model.
The window that reaches the end of a block knows its hours, which keeps that end in reach.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.errors import InfeasibleError, SolverError
from gnomon.highs.solver_sequence import solve as solve_direct
from gnomon.model.block_model import Entries, Model
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.solution import Solution

DAY = 24
DAYS = 14
"""Days before and after an hour among which the other day of a forecast is drawn."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """Hours of a window, hours after which it moves on, error of forecasts at its end (0 to 1), and seed."""

    horizon: int
    step: int
    error: float = 0.5
    seed: int = 1


def roll(
    flat: LinearProgram,
    known: Solution,
    rolling: Rolling,
    settled: Collection[str] = (),
    owed: Collection[str] = (),
    options: Options | None = None,
    told: Callable[[float], None] | None = None,
) -> Solution:
    """Return the solution that a rolling horizon finds for a model of one period; its bound and duals are those of `known`.

    known: reference solution, with all hours known. settled: columns of the period that stay as in it. owed: states
    that are no more at the end of a window than in it, such as work that waits. Otherwise a window would leave waiting
    work to hours beyond its end, which cost nothing in it. told: called with the share of hours that are done.

    Raises SolverError for several periods, for rows of hours that hold several columns of the period that may grow, and
    where a block's end cannot be reached from a window.
    """
    began = time.perf_counter()
    run = _Run(flat, known.x, rolling, (frozenset(settled), frozenset(owed)), options or Options())
    for done in run.windows():
        if told is not None:
            told(done)
    x = run.solution()
    seconds = known.seconds + time.perf_counter() - began
    return replace(known, x=x, objective=float(flat.cost @ x) + flat.constant, seconds=seconds, asked=None)


class _Run:
    """State of a rolling horizon: the values of all columns so far, and how far columns of the period must have grown."""

    def __init__(
        self,
        flat: LinearProgram,
        reference: Array,
        rolling: Rolling,
        named: tuple[frozenset[str], frozenset[str]],
        options: Options,
    ) -> None:
        settled, self.owed = named
        model = flat.model
        if model.periods != 1:
            raise SolverError("a rolling horizon takes one period at a time")
        self.flat, self.model, self.rolling, self.options = flat, model, rolling, options
        self.values = {name: part[0].copy() for name, part in flat.split_columns(reference).items()}
        self.open = {
            name: (block.lower[0] < block.upper[0]) & (name not in settled)
            for name, block in model.columns.items()
            if not block.hourly
        }
        self.least = {name: model.columns[name].lower[0].copy() for name in self.open}
        self.most = {name: model.columns[name].upper[0].copy() for name in self.open}
        self.random = np.random.default_rng(rolling.seed)
        self.states = {part.column.name: part.columns for part in model.entries if part.before}
        self._refuse_shared()

    def _refuse_shared(self) -> None:
        """Raise SolverError if a row of hours holds two open columns of the period."""
        held = {name: np.zeros(len(block), dtype=np.int64) for name, block in self.model.rows.items() if block.hourly}
        for part in self._of_period():
            np.add.at(held[part.row.name], part.rows, self.open[part.column.name][part.columns])
        for name, count in held.items():
            if (count > 1).any():
                raise SolverError(f"{name}: rows of hours that hold several open columns of the period cannot roll")

    def _of_period(self) -> Iterator[Entries]:
        """Yield the entries of columns of the period in rows of hours."""
        return (part for part in self.model.entries if part.row.hourly and not part.column.hourly)

    def windows(self) -> Iterator[float]:
        """Solve window after window; yield the share of hours that are decided."""
        hours = self.model.hours
        ends = [at + 1 for at in range(hours) if at + 1 == hours or self.model.previous[at + 1] != at]
        begin = 0
        for end in ends:
            for first in range(begin, end, self.rolling.step):
                self._decide(np.arange(first, min(first + self.rolling.horizon, end)), begin, end)
                yield min(first + self.rolling.step, end) / hours
            begin = end

    def _decide(self, window: Index, begin: int, end: int) -> None:
        """Solve a window of the block from `begin` to `end`, and keep what its step decides."""
        mix = _Mix(window, self._other_day(window, begin, end), self._errors(window, end))
        model = self._model(mix, closes=bool(window[-1] + 1 == end))
        small = flatten(model)
        try:
            found = solve_direct(small, self.options)
        except InfeasibleError:
            raise SolverError(
                f"hours {window[0]} to {window[-1]} cannot end as the period began; give a longer horizon"
            ) from None
        final = window[: self.rolling.step]
        for name, block in model.columns.items():
            part = small.part(found.x, block)[0]
            if block.hourly:
                self.values[name][final] = part[: len(final)]
            else:
                self.values[name] = np.where(self.open[name], part, self.values[name])
        self._grow(final)

    def _errors(self, window: Index, end: int) -> Array:
        """Return e of each hour of a window; 0 where it reaches the end of its block."""
        step, horizon = self.rolling.step, self.rolling.horizon
        if window[-1] + 1 == end:
            return np.zeros(len(window))
        lead = np.arange(len(window)) - step + 1
        return np.asarray(self.rolling.error * np.clip(lead / max(1, horizon - step), 0.0, 1.0))

    def _other_day(self, window: Index, begin: int, end: int) -> Index:
        """Return the same hours of another day of the block, which is taken as a circle of whole days."""
        days = (end - begin) // DAY
        if days < 2:
            return window
        near = min(DAYS, days - 1)
        shift = int(self.random.integers(1, near + 1)) * int(self.random.choice((-1, 1)))
        return np.asarray(begin + (window - begin + shift * DAY) % (days * DAY))

    def _model(self, mix: _Mix, *, closes: bool) -> Model:
        """Return the model of a window. closes: whether its last hour ends a block, in the state of the reference."""
        out = Model(1, np.roll(np.arange(len(mix.window)), 1))
        for name, block in self.model.columns.items():
            if not block.hourly:
                low, high = self.least[name], np.maximum(self.least[name], self.most[name])
                fixed = self.values[name]
                low, high = (np.where(self.open[name], side, fixed) for side in (low, high))
                out.add_columns(name, block.dims, block.labels, lower=low, upper=high, cost=block.cost)
                continue
            low, high, cost = (mix.of(side[0]) for side in (block.lower, block.upper, block.cost))
            if closes and name in self.states:
                items = self.states[name]
                for side in (low, high):
                    side[-1, items] = self.values[name][mix.window[-1], items]
            elif name in self.owed:
                high[-1] = np.minimum(high[-1], self.values[name][mix.window[-1]])
            out.add_columns(
                name, block.dims, block.labels, hourly=True, lower=low[None], upper=np.maximum(low, high)[None],
                cost=cost[None],
            )  # fmt: skip
        decided = self._decided(mix)
        for name, block in self.model.rows.items():
            lower, upper = (
                (mix.of(side[0]) if block.hourly else side[0]) - decided[name] for side in (block.lower, block.upper)
            )
            out.add_rows(name, block.dims, block.labels, hourly=block.hourly, lower=lower[None], upper=upper[None])
        for part in self.model.entries:
            values = mix.of(part.values[0]) if part.values.ndim == 3 else part.values
            if part.before:
                values[0] = 0.0
            shaped = values[None] if part.values.ndim == 3 else values
            row, column = out.rows[part.row.name], out.columns[part.column.name]
            out.entries.append(replace(part, row=row, column=column, values=shaped))
        return out

    def _decided(self, mix: _Mix) -> dict[str, Array]:
        """Return what columns outside of a window add to its rows: the state before it, and other hours in sums."""
        out = {
            name: np.zeros((len(mix.window), len(block)) if block.hourly else len(block))
            for name, block in self.model.rows.items()
        }
        outside = np.ones(self.model.hours, dtype=bool)
        outside[mix.window] = False
        before = int(self.model.previous[mix.window[0]])
        for part in self.model.entries:
            x = self.values[part.column.name]
            if part.before:
                first = mix.of(part.values[0])[0]
                np.add.at(out[part.row.name][0], part.rows, first * x[before, part.columns])
            elif part.column.hourly and not part.row.hourly:
                sums = np.einsum("ti,ti->i", part.values[0][outside], x[outside][:, part.columns])
                np.add.at(out[part.row.name], part.rows, sums)
        return out

    def _grow(self, final: Index) -> None:
        """Raise the least, and lower the most, of open columns of the period to what decided hours need."""
        wanted = {part.row.name for part in self._of_period() if self.open[part.column.name][part.columns].any()}
        done = {name: np.zeros((len(final), len(self.model.rows[name]))) for name in wanted}
        before = self.model.previous[final]
        for part in self.model.entries:
            if part.row.name not in wanted:
                continue
            x = self.values[part.column.name]
            if part.column.hourly:
                held = x[before if part.before else final][:, part.columns]
            else:
                held = np.where(self.open[part.column.name], 0.0, x)[part.columns]
            np.add.at(done[part.row.name].T, part.rows, (part.values[0][final] * held).T)
        for part in self._of_period():
            if part.row.name in wanted:
                self._bound(part, final, done[part.row.name])

    def _bound(self, part: Entries, final: Index, done: Array) -> None:
        """Bound the open columns of some entries by their rows in decided hours: lower ≤ done + value · column ≤ upper."""
        name, row = part.column.name, part.row
        is_open = self.open[name][part.columns]
        rows, columns = part.rows[is_open], part.columns[is_open]
        value = part.values[0][final][:, is_open]
        with np.errstate(divide="ignore", invalid="ignore"):
            one, other = ((side[0][final][:, rows] - done[:, rows]) / value for side in (row.lower, row.upper))
        low = np.where(value > 0.0, one, np.where(value < 0.0, other, -np.inf))
        high = np.where(value > 0.0, other, np.where(value < 0.0, one, np.inf))
        np.maximum.at(self.least[name], columns, low.max(axis=0))
        np.minimum.at(self.most[name], columns, high.min(axis=0))

    def solution(self) -> Array:
        """Return the values of all columns in the order of the linear program."""
        x = np.zeros(self.flat.shape[1])
        for name, block in self.model.columns.items():
            self.flat.part(x, block)[0] = self.values[name]
        return np.clip(x, self.flat.lower, self.flat.upper)


@dataclass(frozen=True)
class _Mix:
    """Hours of a window, the hours of another day, and how much these count. error: shape (hours,)."""

    window: Index
    other: Index
    error: Array

    def of(self, numbers: Array) -> Array:
        """Return the numbers of the window as they are forecast. numbers: shape (all hours, items)."""
        own, others = np.array(numbers[self.window]), numbers[self.other]
        off = (own != others) & (self.error > 0.0)[:, None]
        share = np.broadcast_to(self.error[:, None], own.shape)[off]
        own[off] = (1.0 - share) * own[off] + share * others[off]
        return own
