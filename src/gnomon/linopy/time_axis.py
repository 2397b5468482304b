"""Time axis of a linopy model: its hours, and where each of them continues.

The hours of the engine are the coordinates of the time dimension. If every variable with time also has a dimension of
scenarios, each scenario has hours of its own: the template of an hour then serves all scenarios.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gnomon.arrays import Index

if TYPE_CHECKING:
    import linopy
    import pandas as pd

SCENARIO = "scenario"
"""Dimension of the scenarios, as PyPSA names it."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Hours of a model. time, members: dimensions; times, scenarios: their coordinates.

    Hour `scenario × len(times) + time`. heads: mask over the times at which an investment period begins.
    """

    time: str
    members: str | None
    times: pd.Index
    scenarios: pd.Index | None
    heads: Index

    @property
    def count(self) -> int:
        """Return the number of hours of all scenarios."""
        return len(self.times) * (1 if self.scenarios is None else len(self.scenarios))

    def name(self, hour: int) -> str:
        """Return the coordinates of an hour as text."""
        scenario, time = divmod(hour, len(self.times))
        prefix = "" if self.scenarios is None else f"{self.scenarios[scenario]}, "
        return f"{prefix}{self.times[time]}"

    def hours(self, part: Any) -> Index | None:
        """Return the hour of every entry of a variable or constraint in the order of its labels; None without time.

        None also if it lacks the dimension of the scenarios that the hours have.
        """
        labels = part.labels
        if self.time not in labels.dims or (self.members is not None and self.members not in labels.dims):
            return None
        hours = self.times.get_indexer(part.indexes[self.time])
        shape = [1] * labels.ndim
        shape[labels.dims.index(self.time)] = -1
        out = hours.reshape(shape)
        if self.members is not None and self.scenarios is not None:
            shape = [1] * labels.ndim
            shape[labels.dims.index(self.members)] = -1
            first = len(self.times) * self.scenarios.get_indexer(part.indexes[self.members])
            out = out + first.reshape(shape)
        return np.asarray(np.broadcast_to(out, labels.shape).ravel(), dtype=np.int64)

    def items(self, part: Any) -> tuple[tuple[str, ...], Index]:
        """Return the dimensions other than time and scenarios, and the number of every entry's item along them."""
        labels = part.labels
        apart = self.hours(part) is not None
        inside = {self.time, self.members} if apart else set()
        dims = [dim for dim in labels.dims if dim not in inside]
        number = np.zeros([1] * labels.ndim, dtype=np.int64)
        for dim in dims:
            shape = [1] * labels.ndim
            shape[labels.dims.index(dim)] = -1
            number = number * labels.sizes[dim] + np.arange(labels.sizes[dim]).reshape(shape)
        return tuple(str(dim) for dim in dims), np.asarray(np.broadcast_to(number, labels.shape).ravel())


def axis(model: linopy.Model, time: str) -> Axis:
    """Return the time axis of a model in which some variable has the dimension `time`."""
    timed = [variable for _, variable in model.variables.items() if time in variable.dims]
    longest = max((variable.indexes[time] for variable in timed), key=len)
    times = longest
    for variable in timed:
        own = variable.indexes[time]
        if not own.isin(times).all():
            times = times.union(own)
    scenarios = _scenarios([*timed, *(rows for _, rows in model.constraints.items() if time in rows.labels.dims)])
    heads = np.zeros(len(times), dtype=np.bool_)
    heads[0] = True
    if times.nlevels > 1:
        period = times.get_level_values(0)
        heads[1:] = np.asarray(period[1:] != period[:-1])
    return Axis(time, None if scenarios is None else SCENARIO, times, scenarios, np.flatnonzero(heads))


def _scenarios(timed: Sequence[Any]) -> pd.Index | None:
    """Return the scenarios if all variables and constraints with time have the same ones; otherwise None."""
    if not all(SCENARIO in part.labels.dims for part in timed):
        return None
    first = timed[0].indexes[SCENARIO]
    return first if all(first.equals(part.indexes[SCENARIO]) for part in timed) else None


def previous(axis: Axis, row_hour: Index, column_hour: Index) -> Index:
    """Return the hour before each hour, cyclic in its block.

    row_hour, column_hour: hours of the coefficients of rows and columns with time. An investment period continues the
    one before it if some row holds columns of its first hour and of the last hour before; otherwise it closes in itself.
    """
    length, before = len(axis.times), np.empty(axis.count, dtype=np.int64)
    beside = np.concatenate([row_hour[column_hour == row_hour - 1], column_hour[row_hour == column_hour - 1]])
    for first in range(0, axis.count, length):
        heads = first + axis.heads
        continued = np.isin(heads, beside)
        starts = heads[~continued | (heads == first)]
        for start, end in zip(starts, [*starts[1:], first + length], strict=True):
            before[start:end] = np.roll(np.arange(start, end), 1)
    return before
