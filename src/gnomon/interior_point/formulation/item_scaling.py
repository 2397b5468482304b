"""Scaling by items: one factor for a row or column of the hour's template, equal in all hours and periods.

This is the least-squares scaling of `gnomon.transforms.equilibration` (Curtis and Reid 1972) with equal unknowns for
one item's rows or columns, so that equal numbers stay equal. An entry counts once per repetition, with the mean of its
logarithms. No vector of the model's length is formed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.interior_point.formulation.hour_template import Factors
from gnomon.model.block_model import Block, Model
from gnomon.transforms.equilibration import SWEEPS, Scaling


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Mean log₂ size of entries at (row, column), and their number of repetitions."""

    row: Index
    column: Index
    size: Array
    count: Array


@dataclass(frozen=True, slots=True)
class Balance:
    """Factors of the template's items, of all sides and of all costs."""

    factors: Factors
    side: float
    cost: float

    def scaling(self, periods: int, steps: int) -> Scaling:
        """Return the factors of every row and column for so many periods and hours in total; a new vector at each call."""

        def repeated(of_period: Array, of_hour: Array) -> Array:
            return np.concatenate([np.tile(of_period, periods), np.tile(of_hour, steps)])

        of = self.factors
        row, column = repeated(of.period_rows, of.rows), repeated(of.period_columns, of.columns)
        return Scaling(row, column, self.side, self.cost)


def balance(model: Model) -> Balance:
    """Return the factors that bring the numbers of `model` closest to 1."""
    parts = list(_parts(model))
    row, column, size, count = (np.concatenate([getattr(part, name) for part in parts]) for name in _Sizes.__slots__)
    row, column, size, count = (of[count > 0.0] for of in (row, column, size, count))
    rows, columns = _items(model, model.rows), _items(model, model.columns)
    by_row, by_column = np.zeros(rows + 1 + columns), np.zeros(columns + 1)
    in_row = np.maximum(np.bincount(row, count, minlength=len(by_row)), 1.0)
    in_column = np.maximum(np.bincount(column, count, minlength=len(by_column)), 1.0)
    for _ in range(SWEEPS):
        # Alternating minimisation: stationarity in the row factors, then in the column factors.
        by_row = -np.bincount(row, count * (size + by_column[column]), minlength=len(by_row)) / in_row
        by_column = -np.bincount(column, count * (size + by_row[row]), minlength=len(by_column)) / in_column
    of_row, of_column = np.exp2(np.round(by_row[:rows])), np.exp2(np.round(by_column[:columns]))
    period_rows, period_columns = model.items(False, model.rows), model.items(False, model.columns)
    factors = Factors(
        of_row[period_rows:], of_column[period_columns:], of_row[:period_rows], of_column[:period_columns]
    )
    return Balance(factors, float(np.exp2(np.round(by_column[columns]))), float(np.exp2(np.round(by_row[rows]))))


def _items(model: Model, family: dict[str, Block]) -> int:
    return model.items(False, family) + model.items(True, family)


def _places(model: Model, family: dict[str, Block], block: Block) -> Index:
    """Return the numbers of a block's items; those of periods come first."""
    start = model.items(False, family) if block.hourly else 0
    return start + block.first + np.arange(len(block))


def _parts(model: Model) -> list[_Sizes]:
    """Return all numbers: entries, sides (last column), costs (one more row) and bounds (rows of their own)."""
    rows, columns = _items(model, model.rows), _items(model, model.columns)
    out: list[_Sizes] = []
    for part in model.entries:
        row = _places(model, model.rows, part.row)[part.rows]
        column = _places(model, model.columns, part.column)[part.columns]
        if part.periods is not None:
            used = part.values != 0.0
            out.append(_Sizes(row[used], column[used], np.log2(np.abs(part.values[used])), np.ones(int(used.sum()))))
        else:
            out.append(_Sizes(row, column, *_mean(part.values)))
    for block in model.rows.values():
        at = _places(model, model.rows, block)
        out.append(_Sizes(at, np.full(len(at), columns), *_mean(block.lower, block.upper)))
    for block in model.columns.values():
        at = _places(model, model.columns, block)
        out.append(_Sizes(np.full(len(at), rows), at, *_mean(block.cost)))
        bounds, count = _mean(block.upper)
        own = rows + 1 + at
        out.append(_Sizes(own, at, np.zeros(len(at)), count))
        out.append(_Sizes(own, np.full(len(at), columns), bounds, count))
    return out


def _mean(*values: Array) -> tuple[Array, Array]:
    """Return, by item, the mean log₂ of the finite non-zero values (of several arrays, the larger) and their count."""
    repeated, items = np.prod(values[0].shape[:-1]), values[0].shape[-1]
    cores = [of[tuple(slice(1 if step == 0 else None) for step in of.strides[:-1])] for of in values]
    sizes = [np.where(np.isfinite(of), np.abs(of), 0.0) for of in cores]
    size = sizes[0] if len(sizes) == 1 else np.maximum(*sizes)
    flat = np.broadcast_to(size, (*size.shape[:-1], items)).reshape(-1, items)
    used = flat > 0.0
    count = used.sum(axis=0)
    total = np.log2(np.where(used, flat, 1.0)).sum(axis=0)
    return total / np.maximum(count, 1), np.asarray(count * (float(repeated) / max(1, len(flat))), dtype=np.float64)
