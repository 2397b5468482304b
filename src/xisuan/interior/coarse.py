"""A model of fewer hours, each of which stands for a run of consecutive ones, and the way back from its iterates.

Every hourly column is taken to be the same in all hours of a run, and the rows of a run are averaged (a Galerkin
coarsening of the hours). What is left has the same blocks of rows and columns, so a run is an hour of a model of the same
kind: rings stay rings, what couples two hours of one run falls on its own hour, periods keep all that is theirs. Costs, and
what periods account for, are summed over the run, so that an hour's dual is its run's, divided by the run's length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy

from xisuan.interior.iterate import Point, Whole
from xisuan.interior.template import cycles
from xisuan.solver.model import Array, Block, Entries, Index, Model

Flags = NDArray[np.bool_]
DAY = 24
"""Hours after which what people do, and the sun, begin again."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Hours that are taken together. of_hour: run of each hour; length: hours of each run; order: hours run by run,
    `start` of each run in it. previous: the run before each run; follows: hours whose hour before is in another run. kinds:
    whether hours of a run are the same hour of days of a kind, and not consecutive."""

    of_hour: Index
    length: Index
    order: Index
    start: Index
    previous: Index
    follows: Flags
    kinds: bool = False


def runs(previous: Index, most: int) -> Runs:
    """Runs of at most so many hours, nearly equally long within a ring."""
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
    return Runs(of_hour, count, hours, start, of_hour[previous[hours[start]]], follows)


def alike(model: Model, kinds: int) -> Runs | None:
    """Days grouped into so many kinds: an hour of a kind of day is a run. None where the rings are not whole days."""
    rings = cycles(model.previous)
    if any(len(ring) % DAY for ring in rings) or model.hours < 2 * kinds * DAY:
        return None
    days = np.concatenate([ring.reshape(-1, DAY) for ring in rings])
    kind = hierarchy.cut_tree(hierarchy.linkage(_described(model, days), method="ward"), n_clusters=[kinds]).ravel()
    of_hour = np.empty(model.hours, dtype=np.int64)
    of_hour[days] = kind[:, None] * DAY + np.arange(DAY)
    order = np.argsort(of_hour, kind="stable")
    length = np.bincount(of_hour, minlength=kinds * DAY)
    previous = np.arange(kinds * DAY).reshape(kinds, DAY)
    return Runs(
        of_hour, length, order, np.cumsum(length) - length, np.roll(previous, 1, axis=1).ravel(),
        np.ones(model.hours, dtype=np.bool_), kinds=True,
    )  # fmt: skip


def _described(model: Model, days: Index) -> Array:
    """What differs between the days, shape (days, numbers): every table of hours counts alike, each of its size."""
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


def coarsened(model: Model, runs: Runs) -> Model:
    """The model of the runs."""
    small = Model(model.periods, runs.previous, constant=model.constant)
    for family, into in ((model.columns, small.columns), (model.rows, small.rows)):
        for name, block in family.items():
            into[name] = _block(model, block, runs)
    small.entries = [part for of in model.entries for part in _entries(model, small, of, runs)]
    return small


def _block(model: Model, block: Block, runs: Runs) -> Block:
    if not block.hourly:
        return block
    lower, upper = (_mean(of, runs) for of in (block.lower, block.upper))
    return Block(
        block.name, block.dims, block.labels, True, lower, upper, _sum(block.cost, runs), block.integer, block.first,
        block.position,
    )  # fmt: skip


def _entries(model: Model, small: Model, part: Entries, runs: Runs) -> list[Entries]:
    row, column = small.rows[part.row.name], small.columns[part.column.name]
    if part.periods is not None or not (part.row.hourly or part.column.hourly):
        return [Entries(row, column, part.rows, part.columns, part.values, part.before, part.periods)]
    if not part.row.hourly:
        return [Entries(row, column, part.rows, part.columns, _sum(part.values, runs))]
    if not part.before:
        return [Entries(row, column, part.rows, part.columns, _mean(part.values, runs))]
    across = _mean(part.values * runs.follows[:, None], runs)
    inside = _mean(part.values, runs) - across
    out = [Entries(row, column, part.rows, part.columns, across, before=True)]
    return [*out, Entries(row, column, part.rows, part.columns, inside)] if inside.any() else out


def _sum(values: Array, runs: Runs) -> Array:
    """Over the hours of each run; values: shape (periods, hours, items)."""
    if values.strides[1] == 0:
        return values[:, :1] * runs.length[:, None]
    return np.add.reduceat(values[:, runs.order], runs.start, axis=1)


def _mean(values: Array, runs: Runs) -> Array:
    if values.strides[1] == 0:
        return np.broadcast_to(values[:, :1], (len(values), len(runs.length), values.shape[2]))
    return np.add.reduceat(values[:, runs.order], runs.start, axis=1) / runs.length[:, None]


def prolonged(fine: Whole, small: Whole, found: Point, runs: Runs) -> Point:
    """An iterate of the fine model from one of the model of its runs: every hour as its run, duals shared out.

    Products of columns and multipliers keep their proportions, so the iterate is as central as the one it comes from;
    what hours of a run differ in are its infeasibilities. Where only the fine model has room, the entry gets the mean.
    """
    of, into = _Units(small), _Units(fine)
    moves, wide = fine.moves, fine.wide
    spread = _Spread(fine.form.flat.model, runs)

    def both(values: Array, share: bool) -> Array:
        n = small.columns
        return np.concatenate([spread(values[:n], False, share), spread(values[n:], True, share)])

    v, lower = (_whole(small, of_point) for of_point in (found.v, found.lower))
    v, lower = both(v * of.value, False) / into.value, both(lower * of.dual, True) / into.dual
    room, upper = (_scattered(small, of_point) for of_point in (found.room, found.upper))
    room, upper = (
        both(room * of.value, False)[wide] / into.value[wide],
        both(upper * of.dual, True)[wide] / into.dual[wide],
    )
    known = np.isfinite(v) & (v > 0.0)
    mean = float(np.sqrt((v[known & moves] * lower[known & moves]).mean())) if (known & moves).any() else 1.0
    v, lower = np.where(known, v, mean), np.where(known, lower, mean)
    lost = ~(np.isfinite(room) & (room > 0.0) & (upper > 0.0))
    left = np.maximum(fine.width[wide] - v[wide], 0.1 * fine.width[wide])
    room, upper = np.where(lost, left, room), np.where(lost, mean * mean / left, upper)
    y = spread(found.y * of.row, True, True) / into.row
    return Point(np.where(moves, v, 1.0), room, np.where(fine.form.masked, 0.0, y), np.where(moves, lower, 0.0), upper)


class _Units:
    """What one unit of an entry, of its multiplier, and of a row's dual is in the units of the model."""

    def __init__(self, problem: Whole) -> None:
        scaling = problem.form.scaling
        self.row = scaling.row / scaling.cost
        self.value = np.concatenate([scaling.column / scaling.side, 1.0 / (scaling.row * scaling.side)])
        self.dual = np.concatenate([1.0 / (scaling.column * scaling.cost), self.row])


class _Spread:
    """Takes what belongs to runs to their hours."""

    def __init__(self, model: Model, runs: Runs) -> None:
        self._model, self._runs = model, runs

    def __call__(self, values: Array, rows: bool, share: bool) -> Array:
        """Of columns or rows of the small model, in flat order, to the model's; `share`: divided among the run's hours."""
        model, runs = self._model, self._runs
        family = model.rows if rows else model.columns
        border, items = model.periods * model.items(False, family), model.items(True, family)
        hours = values[border:].reshape(model.periods, len(runs.length), items)
        if share:
            hours = hours / runs.length[:, None]
        return np.concatenate([values[:border], hours[:, runs.of_hour].ravel()])


def _whole(problem: Whole, values: Array) -> Array:
    """Values of the entries that move; NaN elsewhere."""
    return np.where(problem.moves, values, np.nan)


def _scattered(problem: Whole, values: Array) -> Array:
    """Values of the entries with a width, among all; NaN elsewhere."""
    out = np.full(len(problem.cost), np.nan)
    out[problem.wide] = values
    return out
