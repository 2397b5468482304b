"""A smaller model that whatever satisfies the whole satisfies too: its mean hours, and some hours as they are.

Averaging a row over hours that are closed under "the hour before" (a cyclic block) turns what happens in them into its
mean, and what is carried from hour to hour cancels. Where a coefficient differs from hour to hour, a row keeps the
easiest: for x ≥ 0 the largest in Σ a·x ≥ b, the least in Σ a·x ≤ b; so each row becomes one for each of its sides.
Hours as they are lose only the rows that tie them to the year. A contradiction in the small model is therefore one of
the whole; that it has none proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.model.block_model import Block, Entries, Model

SIGNS = (" ≥", " ≤")
BLOCKS = 8
"""Most mean hours of a period: more cyclic blocks are averaged together."""


@dataclass(frozen=True)
class Relaxed:
    """The small model. `hours`: for each of its hours that of the whole, −1 for means. `origin`: row blocks by name."""

    model: Model
    hours: Index
    origin: dict[str, Block]


def relax(model: Model, hours: Sequence[int]) -> Relaxed:
    """The mean hours of `model`, the given hours as they are, and the hours before these, which have no rows."""
    shrink = _Shrink.of(model, hours)
    small = Model(model.periods, shrink.previous)
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
    """The hours in at most `most` groups that "the hour before" never leaves."""
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
    """The hours of the small model: means of groups, then hours taken as they are, then those before them."""

    groups: tuple[Index, ...]
    taken: Index
    before: Index
    previous: Index
    unsigned: dict[str, Index]

    @classmethod
    def of(cls, model: Model, hours: Sequence[int]) -> _Shrink:
        """What `relax` makes of the hours of `model`."""
        groups = cyclic_groups(model.previous)
        taken = np.array(sorted(set(hours)), dtype=np.int64)
        before = np.setdiff1d(model.previous[taken], taken)
        place = {int(hour): len(groups) + at for at, hour in enumerate([*taken, *before])}
        previous = [*range(len(groups)), *(place[int(model.previous[hour])] for hour in taken)]
        previous += [place[int(hour)] for hour in before]
        return cls(groups, taken, before, np.array(previous, dtype=np.int64), _unsigned(model, groups))

    @property
    def hours(self) -> Index:
        """For each hour of the small model that of the whole, −1 for means."""
        return np.concatenate([np.full(len(self.groups), -1), self.taken, self.before])

    def averages(self, values: Array, how: Callable[..., Array] = np.mean) -> Array:
        """`how` over each group: shape (periods, groups, items) of (periods, hours, items)."""
        if values.strides[1] == 0:  # the same in every hour
            return np.repeat(values[:, :1], len(self.groups), axis=1)
        return np.stack([how(values[:, group], axis=1) for group in self.groups], axis=1)

    def column_numbers(self, side: Array) -> Array:
        """A bound of columns in the hours of the small model."""
        return np.concatenate([self.averages(side), side[:, self.taken], side[:, self.before]], axis=1)

    def row(self, block: Block, sign: str, first: int) -> Block:
        """The rows of `block` with one of their sides."""
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
        """The coefficients of `part` in the rows with that side."""
        if not (part.row.hourly or part.column.hourly):
            return part.values
        easiest: Callable[..., Array] = np.mean
        if part.column.hourly:
            easiest = np.max if sign == SIGNS[0] else np.min
        means = self.averages(part.values, easiest)
        if part.row.hourly:
            return np.concatenate([means, part.values[:, self.taken], part.values[:, self.before]], axis=1)
        nothing = np.zeros((len(means), len(self.taken) + len(self.before), means.shape[-1]))
        counts = np.array([len(group) for group in self.groups])
        return np.concatenate([means * counts[:, None], nothing], axis=1)


def _unsigned(model: Model, groups: tuple[Index, ...]) -> dict[str, Index]:
    """Rows that have no easiest coefficient, because it differs from hour to hour and the column may be negative."""
    found: dict[str, list[Index]] = {}
    for part in model.entries:
        if part.column.hourly and part.column.lower.min() < 0.0:
            differs = np.any([np.ptp(part.values[:, group], axis=1).max(axis=0) > 0.0 for group in groups], axis=0)
            found.setdefault(part.row.name, []).append(part.rows[differs])
    return {name: np.unique(np.concatenate(items)) for name, items in found.items()}


def tightest(model: Model) -> list[int]:
    """The hours that ask most of the rows and that give least to what is bought: one of each for each period."""
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
