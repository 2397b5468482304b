"""Relaxation of a model in time: mean hours, and a selection of original hours.

The mean of a row over a cyclic block of hours holds for the mean of the columns; states carried from hour to hour
cancel. Where a coefficient differs between hours, the row keeps the weakest one: for x ≥ 0 the largest in Σ a·x ≥ b,
the smallest in Σ a·x ≤ b; so each row becomes one for each of its sides. Selected hours lose only the rows that tie
them to the other hours. Every solution of the model gives one of the relaxation, so a contradiction in the relaxation
is one of the model; a feasible relaxation proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.model.block_model import Block, Entries, Model

SIGNS = (" ≥", " ≤")
BLOCKS = 8
"""Maximum number of mean hours of a period; further cyclic blocks are averaged together."""


@dataclass(frozen=True)
class Relaxed:
    """The relaxation. `hours`: original number of each hour, −1 for means. `origin`: original row blocks by name."""

    model: Model
    hours: Index
    origin: dict[str, Block]


def relax(model: Model, hours: Sequence[int]) -> Relaxed:
    """Return the relaxation: mean hours, the given `hours`, and the hours before these, which have no rows."""
    shrink = _Shrink.of(model, hours)
    small = Model(model.periods, shrink.previous, names=model.names)
    for block in model.columns.values():
        lower, upper = (shrink.column_numbers(side) if block.hourly else side for side in (block.lower, block.upper))
        small.columns[block.name] = replace(block, lower=lower, upper=upper, cost=np.zeros_like(lower))
    origin: dict[str, Block] = {}
    for sign in SIGNS:
        for block in model.rows.values():
            row = shrink.row(block, sign, small.items(block.hourly, small.rows))
            if np.isfinite(row.lower).any() or np.isfinite(row.upper).any():
                small.rows[row.name] = row
                origin[row.name] = block
    for part in model.entries:
        for sign in SIGNS:
            if (there := small.rows.get(part.row.name + sign)) is not None:
                values = shrink.coefficients(part, sign)
                column = small.columns[part.column.name]
                small.entries.append(replace(part, row=there, column=column, values=values))
    return Relaxed(small, shrink.hours, origin)


def cyclic_groups(previous: Index, most: int = BLOCKS) -> tuple[Index, ...]:
    """Return the hours in at most `most` groups that are closed under "the hour before"."""
    # Follow "the hour before" from each hour to find its ring.
    number = np.full(len(previous), -1)
    found = 0
    for start in range(len(previous)):
        at = start
        while number[at] < 0:
            number[at] = found
            at = int(previous[at])
        found = int(number.max()) + 1
    merged = number * min(most, found) // max(1, found)
    return tuple(np.flatnonzero(merged == group) for group in range(min(most, found)))


@dataclass(frozen=True)
class _Shrink:
    """The hours of the relaxation: means of groups, then selected hours, then those before them."""

    groups: tuple[Index, ...]
    taken: Index
    before: Index
    previous: Index
    unsigned: dict[str, Index]

    @classmethod
    def of(cls, model: Model, hours: Sequence[int]) -> _Shrink:
        """Return the hours of the relaxation of `model`."""
        groups = cyclic_groups(model.previous)
        taken = np.array(sorted(set(hours)), dtype=np.int64)
        before = np.setdiff1d(model.previous[taken], taken)
        place = {int(hour): len(groups) + at for at, hour in enumerate([*taken, *before])}
        previous = [*range(len(groups)), *(place[int(model.previous[hour])] for hour in taken)]
        previous += [place[int(hour)] for hour in before]
        return cls(groups, taken, before, np.array(previous, dtype=np.int64), _unsigned(model, groups))

    @property
    def hours(self) -> Index:
        """Return the original number of each hour of the relaxation, −1 for means."""
        return np.concatenate([np.full(len(self.groups), -1), self.taken, self.before])

    def averages(self, values: Array, how: Callable[..., Array] = np.mean) -> Array:
        """Return `how` over each group: shape (periods, groups, items) from (periods, hours, items)."""
        if values.strides[1] == 0:  # the same in every hour
            return np.repeat(values[:, :1], len(self.groups), axis=1)
        return np.stack([how(values[:, group], axis=1) for group in self.groups], axis=1)

    def column_numbers(self, side: Array) -> Array:
        """Return a bound of columns in the hours of the relaxation."""
        return np.concatenate([self.averages(side), side[:, self.taken], side[:, self.before]], axis=1)

    def row(self, block: Block, sign: str, first: int) -> Block:
        """Return the rows of `block` with one of their sides."""
        side, none = (block.lower, -np.inf) if sign == SIGNS[0] else (block.upper, np.inf)
        if block.hourly:
            side = self.column_numbers(side)
            side[:, len(self.groups) + len(self.taken) :] = none
            side[:, : len(self.groups), self.unsigned.get(block.name, [])] = none
        else:
            side = side.copy()
            side[:, self.unsigned.get(block.name, [])] = none
        lower, upper = (side, np.full_like(side, np.inf)) if sign == SIGNS[0] else (np.full_like(side, -np.inf), side)
        return replace(block, name=block.name + sign, lower=lower, upper=upper, first=first, cost=np.zeros_like(side))

    def coefficients(self, part: Entries, sign: str) -> Array:
        """Return the coefficients of `part` in the rows with that side."""
        if not (part.row.hourly or part.column.hourly):
            return part.values
        # The weakest coefficient of hourly columns; period columns take the mean.
        easiest: Callable[..., Array] = np.mean
        if part.column.hourly:
            easiest = np.max if sign == SIGNS[0] else np.min
        means = self.averages(part.values, easiest)
        if part.row.hourly:
            return np.concatenate([means, part.values[:, self.taken], part.values[:, self.before]], axis=1)
        nothing = np.zeros((len(means), len(self.taken) + len(self.before), means.shape[-1]))
        # A row of a period adds up its hours: the mean counts once per hour of its group.
        counts = np.array([len(group) for group in self.groups])
        return np.concatenate([means * counts[:, None], nothing], axis=1)


def _unsigned(model: Model, groups: tuple[Index, ...]) -> dict[str, Index]:
    """Return rows without a weakest coefficient: it differs between hours and the column may be negative."""
    found: dict[str, list[Index]] = {}
    for part in model.entries:
        if part.column.hourly and part.column.lower.min() < 0.0:
            differs = np.any([np.ptp(part.values[:, group], axis=1).max(axis=0) > 0.0 for group in groups], axis=0)
            found.setdefault(part.row.name, []).append(part.rows[differs])
    return {name: np.unique(np.concatenate(items)) for name, items in found.items()}


def tightest_hours(model: Model) -> list[int]:
    """Return the hours with the largest demands and with the least supply from period columns, one each per period."""
    asked = np.zeros((model.periods, model.hours))
    given = np.zeros((model.periods, model.hours))
    for block in model.rows.values():
        if block.hourly and np.isfinite(block.lower).all():
            side = np.abs(block.lower)
            asked += (side / np.maximum(side.max(axis=1, keepdims=True), 1e-300)).sum(axis=-1)
    for part in model.entries:
        if part.row.hourly and not part.column.hourly and part.values.strides[1] != 0:
            given += np.abs(part.values).sum(axis=-1)
    hours = [int(hour) for hour in asked.argmax(axis=1)] + [int(hour) for hour in (given - asked).argmin(axis=1)]
    return list(dict.fromkeys(hours))
