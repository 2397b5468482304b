"""A linear model with its time structure: one template of an hour and one of a period, repeated.

Columns and rows come in named, labelled blocks. An *hourly* block repeats in every hour of every period, the others in
every period. Entries join them: a row of an hour may hold columns of the same hour, of the hour before (the states),
and of its own period (the border). A row of a period may hold columns of any of its hours and of any period. Nothing
else can be expressed, so a structured solver can use the model directly. `flatten` makes the linear program for general
solvers.

All numbers may be given in any shape that broadcasts to (periods, items), or (periods, hours, items) for hourly blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from gnomon.arrays import Array, Index, Label
from gnomon.errors import ModelError


@dataclass(frozen=True)
class Block:
    """A family of columns (or rows): labels, bounds (or sides) and, for columns, cost and integrality.

    lower, upper, cost: shape (periods, items) or (periods, hours, items). first: position of its first item in the
    template. position: label → position in the block.
    """

    name: str
    dims: tuple[str, ...]
    labels: tuple[Label, ...]
    hourly: bool
    lower: Array
    upper: Array
    cost: Array
    integer: bool
    first: int
    position: dict[Label, int]

    def __len__(self) -> int:
        return len(self.labels)

    def at(self, labels: Sequence[Label]) -> Index:
        """Return the positions of `labels` in the block. Raises ModelError for an unknown label."""
        try:
            return np.array([self.position[label] for label in labels], dtype=np.int64)
        except KeyError as missing:
            raise ModelError(
                f"{self.name} has no item {missing.args[0]!r}. Use the labels that it was added with."
            ) from None


@dataclass(frozen=True)
class Entries:
    """Coefficients of one row block and one column block: item rows[i] has values[..., i] on item columns[i].

    `before`: the column is that of the previous hour. `periods`: for entries across periods, the period of each row and
    of each column.
    """

    row: Block
    column: Block
    rows: Index
    columns: Index
    values: Array
    before: bool = False
    periods: tuple[Index, Index] | None = None


@dataclass
class Model:
    """A model under construction. `previous[t]` is the hour before hour t of a period, cyclic in its block.

    recipe: function that makes the same model again, in any process that it is sent to; None if unknown.
    names: of the periods, for messages; empty: they are counted from 0.
    """

    periods: int
    previous: Index
    columns: dict[str, Block] = field(default_factory=dict)
    rows: dict[str, Block] = field(default_factory=dict)
    entries: list[Entries] = field(default_factory=list)
    constant: float = 0.0
    recipe: Callable[[], Model] | None = None
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ModelError for a negative number of periods, and unless the hours before are numbers of hours."""
        self.previous = np.asarray(self.previous)
        if self.periods < 0:
            raise ModelError(f"periods: {self.periods} is below 0. Give the number of periods.")
        numbers = self.previous.ndim == 1 and (not self.previous.size or self.previous.dtype.kind in "iu")
        if not numbers or ((self.previous < 0) | (self.previous >= len(self.previous))).any():
            raise ModelError(
                "previous: not a list of hours. Give for each hour the number of the hour before it, from 0 on."
            )

    def check_cycles(self) -> None:
        """Raise ModelError unless every hour is the hour before exactly one hour, as in cycles."""
        if not np.array_equal(np.sort(self.previous), np.arange(self.hours)):
            raise ModelError(
                "previous: some hour is the hour before several hours or none. Let the first hour of a cycle come after its"
                " last: numpy.roll(numpy.arange(hours), 1)."
            )

    @property
    def hours(self) -> int:
        """Return the number of hours of one period."""
        return len(self.previous)

    def shape(self, hourly: bool, items: int) -> tuple[int, ...]:
        """Return the shape of the numbers of a block: (periods, hours, items) or (periods, items)."""
        return (self.periods, self.hours, items) if hourly else (self.periods, items)

    def add_columns(
        self,
        name: str,
        dims: Sequence[str],
        labels: Sequence[Label],
        *,
        hourly: bool = False,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        cost: ArrayLike = 0.0,
        integer: bool = False,
    ) -> Block:
        """Add a block of columns and return it. An empty block is returned but not added.

        lower, upper, cost: numbers that broadcast to the shape of the block. integer: only for blocks of periods.
        Raises ModelError for a lower bound above its upper bound and for inconsistent labels or numbers.
        """
        block = self._block(self.columns, name, dims, labels, hourly, lower, upper, cost, integer)
        if np.any(block.lower > block.upper):
            raise ModelError(f"{name}: a lower bound above its upper bound. Exchange them, or correct the numbers.")
        return block

    def add_rows(
        self,
        name: str,
        dims: Sequence[str],
        labels: Sequence[Label],
        *,
        hourly: bool = False,
        lower: ArrayLike = -np.inf,
        upper: ArrayLike = np.inf,
    ) -> Block:
        """Add a block of rows, lower ≤ row ≤ upper, and return it. An empty block is returned but not added.

        lower, upper: numbers that broadcast to the shape of the block. Raises ModelError for inconsistent labels or
        numbers.
        """
        return self._block(self.rows, name, dims, labels, hourly, lower, upper, 0.0, False)

    def add(
        self,
        row: Block,
        rows: Sequence[Label],
        column: Block,
        columns: Sequence[Label],
        values: ArrayLike = 1.0,
        *,
        before: bool = False,
    ) -> None:
        """Add the coefficients values[..., i] at (rows[i], columns[i]), in every hour and period.

        `before`: the columns are those of the previous hour. Raises ModelError for unequal lengths or unknown labels.
        """
        if len(rows) != len(columns):
            raise ModelError(
                f"{row.name} × {column.name}: {len(rows)} rows for {len(columns)} columns. Give one label of each for every"
                " coefficient."
            )
        if not rows:
            return
        if before and not (row.hourly and column.hourly):
            raise ModelError(
                f"{row.name} × {column.name}: only hours have an hour before. Use hourly blocks, or leave out `before`."
            )
        self._refuse_foreign(row, column)
        hourly = row.hourly or column.hourly
        shaped = self._numbers(values, hourly, len(rows), f"{row.name} × {column.name}", endless=False)
        self.entries.append(Entries(row, column, row.at(rows), column.at(columns), shaped, before))

    def add_across(
        self,
        row: Block,
        rows: Sequence[tuple[int, Label]],
        column: Block,
        columns: Sequence[tuple[int, Label]],
        values: ArrayLike = 1.0,
    ) -> None:
        """Add the coefficients values[i] at row (period, label) and column (period, label), for blocks of periods."""
        if row.hourly or column.hourly:
            raise ModelError(
                f"{row.name} × {column.name}: entries across periods join blocks of periods. Use `add` for hourly blocks."
            )
        if len(rows) != len(columns):
            raise ModelError(
                f"{row.name} × {column.name}: {len(rows)} rows for {len(columns)} columns. Give one label of each for every"
                " coefficient."
            )
        if not rows:
            return
        self._refuse_foreign(row, column)
        shaped = np.broadcast_to(np.asarray(values, dtype=np.float64), (len(rows),))
        _refuse_numbers(shaped, f"{row.name} × {column.name}", np.isinf(shaped))
        periods = (_ints([period for period, _ in rows]), _ints([period for period, _ in columns]))
        at = (row.at([label for _, label in rows]), column.at([label for _, label in columns]))
        self.entries.append(Entries(row, column, *at, shaped, periods=periods))

    def with_columns(self, changed: Mapping[str, Block]) -> Model:
        """Return the same model with other bounds, costs or integrality of some columns. The result has no recipe."""
        columns = {name: changed.get(name, block) for name, block in self.columns.items()}
        entries = [replace(part, column=columns[part.column.name]) for part in self.entries]
        return Model(self.periods, self.previous, columns, dict(self.rows), entries, self.constant, names=self.names)

    def items(self, hourly: bool, of: dict[str, Block]) -> int:
        """Return the number of columns (rows) in the template of an hour, or of a period."""
        last = next((block for block in reversed(of.values()) if block.hourly == hourly), None)
        return last.first + len(last) if last else 0

    def _block(
        self,
        family: dict[str, Block],
        name: str,
        dims: Sequence[str],
        labels: Sequence[Label],
        hourly: bool,
        lower: ArrayLike,
        upper: ArrayLike,
        cost: ArrayLike,
        integer: bool,
    ) -> Block:
        """Add a block to a family unless it is empty, and return it. Raises ModelError for inconsistent data."""
        if name in family:
            raise ModelError(f"{name}: this name is taken. Give each block a name of its own.")
        position = {label: at for at, label in enumerate(labels)}
        if len(position) != len(labels):
            twice = next(label for label in labels if labels.count(label) > 1)
            raise ModelError(f"{name}: two items with the label {twice!r}. Give each item a label of its own.")
        if any(len(label) != len(dims) for label in labels):
            raise ModelError(
                f"{name}: labels that do not fit the dimensions {tuple(dims)}. Labels are tuples with one text for each."
            )
        if integer and hourly:
            raise ModelError(f"{name}: only columns of periods may be integer. Leave out `hourly` or `integer`.")
        low, high = (self._numbers(of, hourly, len(labels), name) for of in (lower, upper))
        price = self._numbers(cost, hourly, len(labels), f"{name}, cost", endless=False)
        for side, of, endless in (("lower", lower, np.inf), ("upper", upper, -np.inf)):
            numbers = np.asarray(of, dtype=np.float64)
            _refuse_numbers(numbers, f"{name}, {side} side", numbers == endless)
        first = self.items(hourly, family)
        block = Block(name, tuple(dims), tuple(labels), hourly, low, high, price, integer, first, position)
        if labels:
            family[name] = block
        return block

    def _refuse_foreign(self, row: Block, column: Block) -> None:
        """Raise ModelError if a block is not one of this model."""
        for block, family in ((row, self.rows), (column, self.columns)):
            if block.name not in family:
                raise ModelError(
                    f"{block.name}: no block of this model. Use what add_rows() and add_columns() returned."
                )

    def _numbers(self, values: ArrayLike, hourly: bool, items: int, name: str, *, endless: bool = True) -> Array:
        """Return the numbers of a block, broadcast to their full shape.

        Raises ModelError for NaN, for infinite numbers unless `endless`, and for wrong shapes.
        """
        array = np.asarray(values, dtype=np.float64)
        _refuse_numbers(array, name, False if endless else np.isinf(array))
        try:
            return np.broadcast_to(array, self.shape(hourly, items))
        except ValueError:
            raise ModelError(
                f"{name}: numbers of shape {array.shape} do not fit {self.shape(hourly, items)}."
                " Give one number, or an array that broadcasts to that shape."
            ) from None


def _refuse_numbers(array: Array, name: str, refused: ArrayLike) -> None:
    """Raise ModelError if a number is NaN or, by the mask `refused`, infinite where that has no meaning."""
    if np.isnan(array).any():
        raise ModelError(
            f"{name}: {int(np.isnan(array).sum()):,} of {array.size:,} numbers are NaN. Give a number for each."
        )
    if np.any(refused):
        raise ModelError(
            f"{name}: {int(np.sum(refused)):,} of {array.size:,} numbers are infinite. Give finite numbers."
        )


def _ints(values: Sequence[int]) -> Index:
    return np.array(values, dtype=np.int64)
