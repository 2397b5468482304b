"""Galerkin coarsening of a model in time, and the prolongation of its iterates.

All hours of a group have equal columns and the mean of their rows, PᵀAP. The coarse model has the same blocks of rows
and columns and the same kind of structure: rings stay rings, couplings within a group become entries of its own hour,
and all data of periods stay. Costs and entries in rows of periods are summed over a group, so the dual of an hour is
that of its group divided by the group's length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnomon.arrays import Array, Index, Mask
from gnomon.interior_point.formulation.hour_template import cycles
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem, Point
from gnomon.model.block_model import Block, Entries, Model
from gnomon.runtime.threads import PIECE, pieces

DAY = 24
"""Period of daily patterns in hours."""


@dataclass(frozen=True, slots=True)
class HourGroups:
    """Groups of hours.

    of_hour: group of each hour; length: hours per group; order: hours by group, with `start` of each group. previous:
    the group before each group; follows: mask of hours whose previous hour is in another group. kinds: True if a group
    has the same hour of similar days, False if consecutive hours.
    """

    of_hour: Index
    length: Index
    order: Index
    start: Index
    previous: Index
    follows: Mask
    kinds: bool = False


def consecutive_groups(previous: Index, most: int) -> HourGroups:
    """Return groups of at most `most` consecutive hours, nearly equally long within a ring."""
    order: list[Index] = []
    length: list[Index] = []
    for ring in cycles(previous):
        parts = np.array_split(ring, -(-len(ring) // most))
        order.append(ring)
        length.append(np.array([len(part) for part in parts]))
    hours, count = np.concatenate(order), np.concatenate(length)
    start = np.cumsum(count) - count
    of_hour = np.empty(len(previous), dtype=np.int64)
    of_hour[hours] = np.repeat(np.arange(len(count)), count)
    follows = np.zeros(len(previous), dtype=np.bool_)
    follows[hours[start]] = True
    return HourGroups(of_hour, count, hours, start, of_hour[previous[hours[start]]], follows)


def similar_groups(model: Model, kinds: int) -> HourGroups | None:
    """Return groups of equal hours of similar days, in `kinds` kinds of days; None if the rings are not whole days.

    Days are clustered by Ward's method.
    """
    rings = cycles(model.previous)
    if any(len(ring) % DAY for ring in rings) or model.hours < 2 * kinds * DAY:
        return None
    from scipy.cluster import hierarchy  # noqa: PLC0415 (a quarter of a second, needed by those who group days)

    days = np.concatenate([ring.reshape(-1, DAY) for ring in rings])
    kind = hierarchy.cut_tree(hierarchy.linkage(_day_data(model, days), method="ward"), n_clusters=[kinds]).ravel()
    of_hour = np.empty(model.hours, dtype=np.int64)
    of_hour[days] = kind[:, None] * DAY + np.arange(DAY)
    order = np.argsort(of_hour, kind="stable")
    length = np.bincount(of_hour, minlength=kinds * DAY)
    # Each kind of day is a ring of its own.
    previous = np.arange(kinds * DAY).reshape(kinds, DAY)
    return HourGroups(
        of_hour, length, order, np.cumsum(length) - length, np.roll(previous, 1, axis=1).ravel(),
        np.ones(model.hours, dtype=np.bool_), kinds=True,
    )  # fmt: skip


def _day_data(model: Model, days: Index) -> Array:
    """Return the data that differ between days, shape (days, numbers), each table scaled by its size."""
    out: list[Array] = []
    blocks = [block for family in (model.columns, model.rows) for block in family.values() if block.hourly]
    tables = [table for block in blocks for table in (block.lower, block.upper, block.cost)]
    for table in [*tables, *(part.values for part in model.entries if part.periods is None)]:
        if table.ndim < 3 or table.strides[1] == 0 or table.shape[1] != model.hours:
            continue
        varying = np.asarray(np.where(np.isfinite(table), table, 0.0))
        varying = varying[:, :, np.ptp(varying, axis=1).any(axis=0)]
        size = np.abs(varying).max(initial=0.0)
        if size > 0.0:
            of_day = varying[:, days].transpose(1, 0, 2, 3).reshape(len(days), -1)
            out.append(of_day / (size * np.sqrt(of_day.shape[1])))
    return np.concatenate(out, axis=1) if out else np.zeros((len(days), 1))


def coarsen(model: Model, runs: HourGroups) -> Model:
    """Return the coarse model."""
    small = Model(model.periods, runs.previous, constant=model.constant, names=model.names)
    for family, into in ((model.columns, small.columns), (model.rows, small.rows)):
        for name, block in family.items():
            into[name] = _block(model, block, runs)
    parts = [_entries(small, of, runs) for of in model.entries]
    small.entries = [part[0] for part in parts] + [more for part in parts for more in part[1:]]
    return small


def _block(model: Model, block: Block, runs: HourGroups) -> Block:
    """Return a block of the coarse model: mean bounds or sides, and summed costs."""
    if not block.hourly:
        return block
    lower, upper = (_mean(of, runs) for of in (block.lower, block.upper))
    return Block(
        block.name, block.dims, block.labels, True, lower, upper, _sum(block.cost, runs), block.integer, block.first,
        block.position,
    )  # fmt: skip


def _entries(small: Model, part: Entries, runs: HourGroups) -> list[Entries]:
    """Return the coarse entries of a part: rows of periods sum over the hours of a group, rows of hours take the mean."""
    row, column = small.rows[part.row.name], small.columns[part.column.name]
    if part.periods is not None or not (part.row.hourly or part.column.hourly):
        return [Entries(row, column, part.rows, part.columns, part.values, part.before, part.periods)]
    if not part.row.hourly:
        return [Entries(row, column, part.rows, part.columns, _sum(part.values, runs))]
    if not part.before:
        return [Entries(row, column, part.rows, part.columns, _mean(part.values, runs))]
    # Coupling to the previous hour: between groups, and within a group.
    across = _mean(part.values * runs.follows[:, None], runs)
    inside = _mean(part.values, runs) - across
    out = [Entries(row, column, part.rows, part.columns, across, before=True)]
    return [*out, Entries(row, column, part.rows, part.columns, inside)] if inside.any() else out


def _sum(values: Array, runs: HourGroups) -> Array:
    """Return the sum over the hours of each group; values: shape (periods, hours, items)."""
    if values.strides[1] == 0:
        return values[:, :1] * runs.length[:, None]
    return np.add.reduceat(values[:, runs.order], runs.start, axis=1)


def _mean(values: Array, runs: HourGroups) -> Array:
    """Return the mean over the hours of each group."""
    if values.strides[1] == 0:
        return np.broadcast_to(values[:, :1], (len(values), len(runs.length), values.shape[2]))
    return np.add.reduceat(values[:, runs.order], runs.start, axis=1) / runs.length[:, None]


class Prolongation:
    """Prolongation of iterates: every hour gets the values of its group, duals are divided among the hours.

    Products of entries and multipliers keep their proportions, so centrality is preserved; differences between the
    hours of a group become residuals. Entries that are fixed in the coarse model only get the mean. Scaling factors are
    equal in all hours (`Form`), so units are converted before prolongation.
    """

    def __init__(self, fine: FullProblem, small: FullProblem, runs: HourGroups) -> None:
        self._fine, self._small = fine, small
        model, of, to = fine.form.flat.model, small.form.scaling, fine.form.scaling
        self._columns, self._rows = (_Spread(model, family, runs) for family in (model.columns, model.rows))
        column, row = self._columns.first(to.column) / of.column, self._rows.first(to.row) / of.row
        cost, side = to.cost / of.cost, to.side / of.side
        # The dual of a group is divided among its hours.
        self._row = cost / row * self._rows.share
        self._value = np.concatenate([side / column, side * row])
        self._dual = np.concatenate([cost * column * self._columns.share, self._row])

    def prolonged(self, found: Point) -> Point:
        """Return the iterate of the fine model."""
        fine, small, threads = self._fine, self._small, self._fine.threads
        v, lower = (self._both(_whole(small, of)) for of in (found.v * self._value, found.lower * self._dual))
        room = self._wide(_scattered(small, found.room) * self._value)
        upper = self._wide(_scattered(small, found.upper) * self._dual)
        mean, unbounded = self._mean(v, lower), v[fine.unbounded]
        # Entries that are fixed in the coarse model get the mean product.
        threads.fill(lower, lambda v, z: np.where(_known(v), z, mean), v, lower)
        threads.fill(v, lambda v: np.where(_known(v), v, mean), v)

        def rest(width: Array, at: Index) -> Array:
            return np.maximum(width - v[at], 0.1 * width)

        def completed(room: Array, upper: Array, value: Array, other: Array) -> Array:
            return np.where(np.isfinite(room) & (room > 0.0) & (upper > 0.0), value, other)

        # The same for distances to widths and their multipliers.
        left = threads.filled(rest, fine.width_wide, fine.wide)
        share = threads.filled(lambda left: mean * mean / left, left)
        kept = threads.filled(completed, room, upper, room, left)
        threads.fill(upper, completed, room, upper, upper, share)
        y = self._spread(self._rows, found.y * self._row, threads.empty(len(fine.form.side)))
        v[fine.unbounded], lower[fine.unbounded] = np.where(np.isfinite(unbounded), unbounded, 0.0), 0.0
        return Point(
            threads.fill(v, lambda moves, v: np.where(moves, v, 1.0), fine.moves, v), kept,
            threads.fill(y, lambda masked, y: np.where(masked, 0.0, y), fine.form.masked, y),
            threads.fill(lower, lambda moves, z: np.where(moves, z, 0.0), fine.moves, lower), upper,
        )  # fmt: skip

    def _mean(self, v: Array, lower: Array) -> float:
        """Return the root of the mean product of the entries that move in the coarse model."""
        fine, sums = self._fine, self._fine.threads.sums

        def product(moves: Mask, v: Array, z: Array) -> float:
            return float((v * z)[moves & _known(v)].sum())

        every = fine.blocks(wide=False)
        count = sums(lambda moves, v: float((moves & _known(v)).sum()), every, fine.bounded, v)
        return float(np.sqrt(sums(product, every, fine.bounded, v, lower) / count)) if count else 1.0

    def _both(self, values: Array) -> Array:
        """Prolong values of columns and slacks."""
        n, m, out = self._small.columns, self._fine.columns, self._fine.threads.empty(len(self._fine.cost))
        self._spread(self._columns, values[:n], out[:m])
        self._spread(self._rows, values[n:], out[m:])
        return out

    def _wide(self, values: Array) -> Array:
        """Prolong values and return those of entries with a width."""
        every = self._both(values)
        return self._fine.threads.filled(lambda at: every[at], self._fine.wide)

    def _spread(self, of: _Spread, values: Array, out: Array) -> Array:
        out[: of.border] = values[: of.border]
        self._fine.threads.map(lambda hours: of(values, out, hours), of.pieces)
        return out


class _Spread:
    """Prolongation of columns or rows in flat order. share: 1 / length of the entry's group."""

    def __init__(self, model: Model, family: dict[str, Block], runs: HourGroups) -> None:
        self._runs, self._items = runs, model.items(True, family)
        self.border = model.periods * model.items(False, family)
        self._periods = model.periods
        of_hours = np.broadcast_to(1.0 / runs.length[:, None], (model.periods, len(runs.length), self._items))
        self.share = np.concatenate([np.ones(self.border), of_hours.ravel()])
        self.pieces = pieces(0, len(runs.of_hour), PIECE // max(1, model.periods * self._items) + 1)

    def first(self, values: Array) -> Array:
        """Return the values of the first hour of each group, from those of all hours."""
        runs = self._runs
        hours = self._hours(values, len(runs.of_hour))[:, runs.order[runs.start]]
        return np.concatenate([values[: self.border], hours.ravel()])

    def __call__(self, values: Array, out: Array, hours: slice) -> None:
        """Write the values of groups to some hours of `out`."""
        runs = self._runs
        self._hours(out, len(runs.of_hour))[:, hours] = self._hours(values, len(runs.length))[:, runs.of_hour[hours]]

    def _hours(self, values: Array, count: int) -> Array:
        return values[self.border :].reshape(self._periods, count, self._items)


def _known(v: Array) -> Mask:
    return np.isfinite(v) & (v > 0.0)


def _whole(problem: FullProblem, values: Array) -> Array:
    """Return the values of the entries that move; NaN elsewhere."""
    return np.where(problem.moves, values, np.nan)


def _scattered(problem: FullProblem, values: Array) -> Array:
    """Return the values of the entries with a width in a vector of all entries; NaN elsewhere."""
    out = np.full(len(problem.cost), np.nan)
    out[problem.wide] = values
    return out
