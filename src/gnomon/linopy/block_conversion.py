"""Conversion of a linopy model with its structure into a block model of the engine, and of solutions back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array, Index, Label, Mask
from gnomon.linopy.structure import STILL, Items, Structure
from gnomon.model.block_model import Block, Model

OWN = " (upper bound)"
"""Suffix of the rows that state the upper bound of a variable without a lower one."""


@dataclass(frozen=True, slots=True)
class Family:
    """Columns or rows of one name that have hours, or that have none. numbers: in linopy's order; place: item of each."""

    block: Block
    numbers: Index
    hour: Index
    place: Index


@dataclass(frozen=True, slots=True)
class Converted:
    """A block model, and the families of its columns and rows."""

    model: Model
    columns: tuple[Family, ...]
    rows: tuple[Family, ...]

    def primal(self, count: int, parts: dict[str, Array]) -> Array:
        """Return the values of linopy's columns from those by block."""
        return _gathered(count, self.columns, parts)

    def dual(self, count: int, parts: dict[str, Array]) -> Array:
        """Return the duals of linopy's rows from those by block; 0 for rows that are bounds."""
        return _gathered(count, self.rows, parts)


def convert(structure: Structure) -> Converted:
    """Return the block model of a structure: one period whose hours are those of all scenarios."""
    model = Model(1, structure.previous)
    arrays = structure.arrays
    whole = np.ones(len(arrays.cost), dtype=np.bool_)
    columns = tuple(_columns(model, structure, name, chosen) for name, chosen in _families(structure.columns, whole))
    rows = tuple(_rows(model, structure, name, chosen) for name, chosen in _families(structure.rows, arrays.kept))
    _entries(model, structure, columns, rows)
    _upper_bounds(model, structure, columns)
    return Converted(model, columns, rows)


def _families(items: Items, used: Mask) -> Iterator[tuple[str, Index]]:
    """Yield a name and the numbers of its columns or rows, apart with and without hours."""
    order = np.argsort(items.family, kind="stable")
    order = order[used[order]]
    for number, part in zip(*_split(items.family[order], order), strict=True):
        for hourly in (False, True):
            chosen = part[(items.hour[part] != STILL) == hourly]
            if len(chosen):
                yield items.names[number], chosen


def _split(key: Index, values: Index) -> tuple[Index, list[Index]]:
    """Return the distinct sorted keys and the values of each; both may be empty."""
    keys, first = np.unique(key, return_index=True)
    return keys, np.split(values, first)[1:]  # before the first key there is nothing


def _columns(model: Model, structure: Structure, name: str, chosen: Index) -> Family:
    """Add the columns of a family. Hours without a variable have one that is fixed at 0."""
    items, arrays = structure.columns, structure.arrays
    hourly, place, labels = _places(items, chosen)
    tables = [
        _table(structure, items, chosen, place, of[chosen], len(labels), 0.0)
        for of in (arrays.lower, arrays.upper, arrays.cost)
    ]
    lower, upper, cost = tables
    block = model.add_columns(
        _name(name, hourly, model.columns), ("item",), labels, hourly=hourly, lower=lower, upper=upper, cost=cost
    )
    return Family(block, chosen, items.hour[chosen], place)


def _rows(model: Model, structure: Structure, name: str, chosen: Index) -> Family:
    """Add the rows of a family. Hours without a constraint have one without sides."""
    items, arrays = structure.rows, structure.arrays
    hourly, place, labels = _places(items, chosen)
    lower, upper = (
        _table(structure, items, chosen, place, of[chosen], len(labels), endless)
        for of, endless in ((arrays.row_lower, -np.inf), (arrays.row_upper, np.inf))
    )
    block = model.add_rows(_name(name, hourly, model.rows), ("item",), labels, hourly=hourly, lower=lower, upper=upper)
    return Family(block, chosen, items.hour[chosen], place)


def _places(items: Items, chosen: Index) -> tuple[bool, Index, list[Label]]:
    """Return whether a family has hours, the place of each member among its items, and the labels of these."""
    own, place = np.unique(items.item[chosen], return_inverse=True)
    known = items.labels[int(items.family[chosen[0]])]
    labels: list[Label] = [("/".join(known[int(one)]),) for one in own]
    if len(set(labels)) < len(labels):
        labels = [(f"{label[0]} #{one}",) for label, one in zip(labels, own, strict=True)]
    return bool(items.hour[chosen[0]] != STILL), place.astype(np.int64), labels


def _name(name: str, hourly: bool, family: dict[str, Block]) -> str:
    """Return the name of a block. Rows over all hours of a constraint with time get a name of their own."""
    return f"{name}{', hourly' if hourly else ''}" if name in family else name


def _table(
    structure: Structure, items: Items, chosen: Index, place: Index, values: Array, count: int, default: float
) -> Array:
    """Return numbers of a family in the shape of its block, without a copy where all hours are equal."""
    hour = items.hour[chosen]
    if hour[0] == STILL:
        out = np.full((1, count), default)
        out[0, place] = values
        return out
    table = np.full((1, structure.axis.count, count), default)
    table[0, hour, place] = values
    return table[:, :1] if (table == table[:, :1]).all() else table


def _entries(model: Model, structure: Structure, columns: tuple[Family, ...], rows: tuple[Family, ...]) -> None:
    """Add all coefficients of the rows that are not bounds."""
    matrix = structure.arrays.matrix
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    of_row, row_place = _where(rows, matrix.shape[0])
    of_column, column_place = _where(columns, matrix.shape[1])
    used = np.flatnonzero(of_row[row] >= 0)
    row, column, value, before = row[used], matrix.indices[used], matrix.data[used], structure.before[used]
    key = (of_row[row] * len(columns) + of_column[column]) * 2 + before
    order = np.argsort(key, kind="stable")
    for one, part in zip(*_split(key[order], order), strict=True):
        pair, late = divmod(int(one), 2)
        theirs, mine = rows[pair // len(columns)], columns[pair % len(columns)]
        at = row_place[row[part]] * len(mine.block) + column_place[column[part]]
        entry, place = np.unique(at, return_inverse=True)
        hours = np.maximum(structure.rows.hour[row[part]], structure.columns.hour[column[part]])
        if late:  # stored with the hour of the row
            hours = structure.rows.hour[row[part]]
        values = _values(structure, theirs.block.hourly or mine.block.hourly, hours, place, value[part], len(entry))
        labels = [theirs.block.labels[i] for i in entry // len(mine.block)]
        model.add(
            theirs.block, labels, mine.block, [mine.block.labels[i] for i in entry % len(mine.block)], values,
            before=bool(late),
        )  # fmt: skip


def _values(structure: Structure, hourly: bool, hours: Index, place: Index, value: Array, count: int) -> Array:
    """Return coefficients in the shape of their block; those that are equal in all hours have one hour only."""
    if not hourly:
        out = np.zeros((1, count))
        np.add.at(out[0], place, value)
        return out
    table = np.zeros((1, structure.axis.count, count))
    np.add.at(table[0], (hours, place), value)
    return table[:, :1] if (table == table[:, :1]).all() else table


def _where(families: tuple[Family, ...], count: int) -> tuple[Index, Index]:
    """Return the family of each column or row, −1 for none, and its place there."""
    family, place = np.full(count, -1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for number, of in enumerate(families):
        family[of.numbers], place[of.numbers] = number, of.place
    return family, place


def _upper_bounds(model: Model, structure: Structure, columns: tuple[Family, ...]) -> None:
    """State upper bounds of columns without a lower one as rows; the columns themselves become unbounded."""
    for family in columns:
        block = family.block
        half = np.isneginf(block.lower) & np.isfinite(block.upper)
        if not half.any():
            continue
        some = np.flatnonzero(half.reshape(-1, len(block)).any(axis=0))
        labels = [block.labels[one] for one in some]
        upper = np.where(half, block.upper, np.inf)[..., some]
        rows = model.add_rows(block.name + OWN, block.dims, labels, hourly=block.hourly, upper=upper)
        model.add(rows, labels, block, labels)
        _open(model, block, np.where(half, np.inf, block.upper))


def _open(model: Model, block: Block, upper: Array) -> None:
    """Replace the upper bounds of a block in the model."""
    changed = model.with_columns({block.name: replace(block, upper=upper)})
    model.columns, model.entries = changed.columns, changed.entries


def _gathered(count: int, families: tuple[Family, ...], parts: dict[str, Array]) -> Array:
    """Return one vector in linopy's order from values by block."""
    out = np.zeros(count)
    for family in families:
        values = parts[family.block.name]
        out[family.numbers] = values[0, family.hour, family.place] if family.block.hourly else values[0, family.place]
    return out
