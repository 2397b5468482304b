"""Template of an hour read from the rows of a model: its entries, its states, and its border.

Nodes of an hour, in this order: its rows; the state rows of the next hour; the period rows that its columns enter
(`yearly`); the period columns, or sums of them, that its rows hold (`shared` and `sums`). A row is a state if it holds
a column of the previous hour. Each hour is then coupled to its neighbours by states only.

Many columns of a period may enter few rows of the hour, such as the stock of pairs of places on the links of their
paths. Few columns may enter many rows, such as a site's equipment. The border must carry a set of columns and of whole
rows' sums that covers every such entry. The smallest one is a minimum vertex cover of a bipartite graph, found from a
maximum matching (König's theorem). A sum is Σ b x over the columns without a node of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.interior_point.linear_algebra.vertex_cover import least_cover
from gnomon.model.block_model import Entries, Model
from gnomon.runtime.hour_partition import Share, Strand, whole


@dataclass(frozen=True, slots=True)
class Values:
    """Coefficients of entries: `constant`, or row `slot` of `table`, shape (varying, steps), where slot ≥ 0."""

    constant: Array
    slot: Index
    table: Array

    def take(self, chosen: Index | NDArray[np.bool_]) -> Values:
        """Return the coefficients of some entries."""
        return Values(self.constant[chosen], self.slot[chosen], self.table)


@dataclass(frozen=True, slots=True)
class Template:
    """One hour of a model and its couplings.

    Entries of an hour's columns: `node`, `column`, `values`. Entries of period columns in the hour's rows: `held_row`,
    `held_node` and `held` by border nodes; `seen_row`, `seen_column` and `seen` by columns. `states`: the hour's state
    rows. `yearly`: period rows and `shared`: period columns that are nodes; `sums`: rows of the hour whose Σ b x over
    other columns is a node, b in `weights`, one matrix (sums, period columns) for each period. This process holds
    `hours` of the `all_hours` of a period, in the periods `at_hand`; strands: their order.
    """

    periods: int
    hours: int
    all_hours: int
    rows: int
    columns: int
    period_rows: int
    period_columns: int
    node: Index
    column: Index
    values: Values
    held_row: Index
    held_node: Index
    held: Values
    seen_row: Index
    seen_column: Index
    seen: Values
    states: Index
    yearly: Index
    shared: Index
    sums: Index
    weights: tuple[sp.csr_array, ...]
    strands: tuple[Strand, ...]
    at_hand: slice

    @property
    def own(self) -> int:
        """Return the number of periods whose hours are in this process."""
        return int(self.at_hand.stop - self.at_hand.start)

    @property
    def steps(self) -> int:
        """Return the number of local hours in all local periods."""
        return self.own * self.hours

    @property
    def open(self) -> int:
        """Return the number of strands of a period that continue in another process.

        Each has a ghost hour, numbered after the steps: those of the first period first.
        """
        return sum(strand.open for strand in self.strands)

    @property
    def ghosts(self) -> int:
        """Return the number of ghosts of all local periods."""
        return self.own * self.open

    def neighbours(self) -> tuple[Index, Index]:
        """Return for each step the previous one, −1 if it is in another process, and the next one, which may be a ghost."""
        before, after = np.empty((2, self.own, self.hours), dtype=np.int64)
        ghost = self.steps
        for period in range(self.own):
            for strand in self.strands:
                steps = period * self.hours + strand.hours
                before[period, strand.hours] = np.roll(steps, 1)
                after[period, strand.hours] = np.roll(steps, -1)
                # An open strand has no local hour before its first, and a ghost after its last.
                if strand.open:
                    before[period, strand.hours[0]] = -1
                    after[period, strand.hours[-1]] = ghost
                    ghost += 1
        return before.ravel(), after.ravel()

    def ends(self) -> tuple[Index, Index]:
        """Return first and last step of every open strand, shape (periods at hand, open)."""
        first, last = (
            np.array([strand.hours[at] for strand in self.strands if strand.open], dtype=np.int64) for at in (0, -1)
        )
        period = self.hours * np.arange(self.own)[:, None]
        return period + first, period + last

    def cut(self, share: Share) -> Template:
        """Return the template of one process's hours and periods."""
        table = self.values.table[:, (self.hours * np.arange(share.begin, share.end)[:, None] + share.hours).ravel()]
        values, held, seen = (Values(of.constant, of.slot, table) for of in (self.values, self.held, self.seen))
        numbers = replace(self, values=values, held=held, seen=seen)
        return replace(numbers, hours=len(share.hours), strands=share.strands, at_hand=share.periods)

    @property
    def border(self) -> int:
        """Return the number of border nodes of a period."""
        return len(self.yearly) + len(self.shared) + len(self.sums)


@dataclass(frozen=True, slots=True)
class Factors:
    """Scaling factors of the template's items: a coefficient is multiplied by those of its row and column."""

    rows: Array
    columns: Array
    period_rows: Array
    period_columns: Array


def read(model: Model, factors: Factors, moving: NDArray[np.bool_] | None = None) -> Template:
    """Return the template of `model` in scaled numbers.

    moving: mask of the period columns that the border carries, shape (period columns,); None for all. Capacities of an
    operated plan are fixed and already part of the sides; they would be most of the border.
    """
    hourly = [part for part in model.entries if part.column.hourly and part.row.hourly]
    yearly = [part for part in model.entries if part.column.hourly and not part.row.hourly]
    held = [part for part in model.entries if not part.column.hourly and part.row.hourly]
    reader = _Reader(model, factors)
    own = reader.merged(reader.read([p for p in hourly if not p.before]))
    before = reader.read([p for p in hourly if p.before])
    year, hold = reader.read(yearly), reader.read(held)
    seen = hold
    if moving is not None:
        hold = hold.where(moving[hold.column])
    rows = model.items(True, model.rows)
    states, touched = np.unique(before.row), np.unique(year.row)
    # Border nodes: columns, and sums of rows, of a minimum vertex cover.
    cover = _cover(model, hold)
    first_yearly = rows + len(states)
    first_shared = first_yearly + len(touched)
    direct = np.isin(hold.column, cover.columns)
    sums, weights = _sums(model, cover.rows, hold, ~direct)
    node_of_sum = first_shared + len(cover.columns) + np.arange(len(sums))
    one = Values(np.ones(len(sums)), np.full(len(sums), -1), reader.table)
    parts = [
        (own.row, own),
        (rows + np.searchsorted(states, before.row), before),
        (first_yearly + np.searchsorted(touched, year.row), year),
    ]
    return Template(
        periods=model.periods,
        hours=model.hours,
        all_hours=model.hours,
        rows=rows,
        columns=model.items(True, model.columns),
        period_rows=model.items(False, model.rows),
        period_columns=model.items(False, model.columns),
        node=np.concatenate([node for node, _ in parts]),
        column=np.concatenate([of.column for _, of in parts]),
        values=_join([of.values for _, of in parts], reader.table),
        held_row=np.concatenate([hold.row[direct], sums]),
        held_node=np.concatenate([first_shared + np.searchsorted(cover.columns, hold.column[direct]), node_of_sum]),
        held=_join([hold.values.take(direct), one], reader.table),
        seen_row=seen.row,
        seen_column=seen.column,
        seen=seen.values,
        states=states,
        yearly=touched,
        shared=cover.columns,
        sums=sums,
        weights=weights,
        strands=whole(cycles(model.previous)),
        at_hand=slice(0, model.periods),
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """Entries by item of row and column."""

    row: Index
    column: Index
    values: Values

    def where(self, chosen: NDArray[np.bool_]) -> _Group:
        """Return the chosen entries."""
        return _Group(self.row[chosen], self.column[chosen], self.values.take(chosen))


class _Reader:
    """Reader of entries into groups with one common table of varying coefficients."""

    def __init__(self, model: Model, factors: Factors) -> None:
        self.model, self.factors = model, factors
        varying = [_varying(model, part) for part in model.entries if part.column.hourly or part.row.hourly]
        self._rows = int(sum(varying))
        self.table = np.empty((self._rows, model.periods * model.hours))
        self._filled = 0
        self._following = np.argsort(model.previous)

    def read(self, parts: Sequence[Entries]) -> _Group:
        """Return the entries of `parts` that are not 0 everywhere."""
        rows: list[Index] = [np.empty(0, dtype=np.int64)]
        columns: list[Index] = [np.empty(0, dtype=np.int64)]
        values = [Values(np.empty(0), np.empty(0, dtype=np.int64), self.table)]
        for part in parts:
            row, column = part.row.first + part.rows, part.column.first + part.columns
            of_row = (self.factors.rows if part.row.hourly else self.factors.period_rows)[row]
            of_column = (self.factors.columns if part.column.hourly else self.factors.period_columns)[column]
            found = self._values(part, of_row * of_column)
            used = (found.slot >= 0) | (found.constant != 0.0)
            rows.append(row[used])
            columns.append(column[used])
            values.append(found.take(used))
        return _Group(np.concatenate(rows), np.concatenate(columns), _join(values, self.table))

    def merged(self, group: _Group) -> _Group:
        """Return the group with entries of equal row and column added up at the first.

        In coarse models the coupling between hours of one run becomes an entry of its own hour.
        """
        key = group.row * (int(group.column.max(initial=0)) + 1) + group.column
        _, first, one = np.unique(key, return_index=True, return_inverse=True)
        if len(first) == len(key):
            return group
        constant, slot = np.bincount(one, group.values.constant).astype(np.float64), np.full(len(first), -1)
        for at in np.flatnonzero(group.values.slot >= 0):
            mine, theirs = slot[one[at]], group.values.slot[at]
            if mine < 0:
                slot[one[at]] = theirs
                self.table[theirs] += constant[one[at]]
            else:
                self.table[mine] += self.table[theirs]
        constant[slot >= 0] = 0.0
        order = np.argsort(first)
        of = first[order]
        return _Group(group.row[of], group.column[of], Values(constant[order], slot[order], self.table))

    def _values(self, part: Entries, factor: Array) -> Values:
        """Return the scaled coefficients of a part; varying ones are written to the table."""
        if not _varying(self.model, part):
            return Values(part.values[0, 0] * factor, np.full(len(part.rows), -1), self.table)
        slot = self._filled + np.arange(len(part.rows))
        values = part.values[:, self._following] if part.before else part.values  # stored with the hour of the column
        self.table[slot] = values.reshape(-1, len(part.rows)).T * factor[:, None]
        self._filled += len(part.rows)
        return Values(np.zeros(len(part.rows)), slot, self.table)


def _varying(model: Model, part: Entries) -> int:
    """Return the number of coefficients that differ between hours or periods: all of the part or none."""
    values = part.values
    same = all(step == 0 or size == 1 for step, size in zip(values.strides[:2], values.shape[:2], strict=True))
    if not same:
        same = bool((values == values[:1, :1]).all())
    return 0 if same else len(part.rows)


def _join(values: Sequence[Values], table: Array) -> Values:
    return Values(np.concatenate([v.constant for v in values]), np.concatenate([v.slot for v in values]), table)


@dataclass(frozen=True, slots=True)
class _Cover:
    """Period columns, and rows of the hour, that cover every entry of a period column in an hour's row."""

    columns: Index
    rows: Index


def _cover(model: Model, hold: _Group) -> _Cover:
    """Return the minimum cover. A row can be used only if its coefficients are equal in all hours of a period."""
    steady = np.ones(len(hold.row), dtype=np.bool_)
    for at in np.flatnonzero(hold.values.slot >= 0):
        shaped = hold.values.table[hold.values.slot[at]].reshape(model.periods, model.hours)
        steady[at] = bool((shaped == shaped[:, :1]).all())
    # Columns with a coefficient that varies within a period must be nodes.
    needed = np.unique(hold.column[~steady])
    left = ~np.isin(hold.column, needed)
    shape = (model.items(True, model.rows), model.items(False, model.columns))
    graph = sp.csr_array((np.ones(int(left.sum())), (hold.row[left], hold.column[left])), shape=shape)
    columns, rows = least_cover(graph)
    return _Cover(np.union1d(needed, columns), rows)


def _sums(model: Model, rows: Index, hold: _Group, rest: NDArray[np.bool_]) -> tuple[Index, tuple[sp.csr_array, ...]]:
    """Return the rows whose sums are nodes, and the weights of each period's columns in them."""
    sums = np.intersect1d(rows, hold.row[rest])
    chosen = np.flatnonzero(rest)
    weights: list[sp.csr_array] = []
    shape = (len(sums), model.items(False, model.columns))
    for period in range(model.periods):
        slot = hold.values.slot[chosen]
        value = hold.values.constant[chosen].copy()
        value[slot >= 0] = hold.values.table[slot[slot >= 0], period * model.hours]
        at = (np.searchsorted(sums, hold.row[chosen]), hold.column[chosen])
        weights.append(sp.csr_array(sp.coo_array((value, at), shape=shape)))
    return sums, tuple(weights)


def cycles(previous: Index) -> tuple[Index, ...]:
    """Return the hours of each ring in cyclic order, starting with its earliest."""
    following = np.empty_like(previous)
    following[previous] = np.arange(len(previous))
    seen = np.zeros(len(previous), dtype=np.bool_)
    cycles: list[Index] = []
    for start in range(len(previous)):
        if seen[start]:
            continue
        ring = [start]
        while (hour := int(following[ring[-1]])) != start:
            ring.append(hour)
        seen[ring] = True
        cycles.append(np.array(ring))
    return tuple(cycles)
