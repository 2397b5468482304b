"""Elastic form of a block model: each row has slacks of its own at a price, and the time structure is kept.

Its minimum is positive if and only if rows contradict one another, and its row duals are Farkas multipliers.
`elastic_form.elastic_form` minimises one common share instead. Its vertex names one contradiction in few rows, but it ties
all rows to one column and needs a matrix, so the structured method cannot solve it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array
from gnomon.model.block_model import Block, Model
from gnomon.model.csr_matrix import core
from gnomon.model.linear_program import LinearProgram, flatten

Number = TypeVar("Number", bound=np.generic)

PRICE = 1e4
"""Price of relaxing a row by its own size. A gap of `GAP` is then a millionth of one row."""
GAP = 1e-2
"""Relative gap to which the elastic form is solved."""
MISSED, EXCEEDED = "missed ", "exceeded "
"""Prefixes of the names of slack columns: for missing the lower side and for exceeding the upper side of a row."""


def relax_rows(flat: LinearProgram) -> LinearProgram:
    """Return `flat` without costs and integrality, in which each row may be relaxed for `PRICE` times its size.

    The size of a row is its largest finite side in any hour, or its largest coefficient if that is 0. Bounds of columns
    stay hard. Rows are those of `flat`, in their order.
    """
    model = flat.model
    elastic = flatten(_elastic(model))
    for name, block in model.columns.items():
        for mine, theirs in ((elastic.lower, flat.lower), (elastic.upper, flat.upper)):
            elastic.part(mine, elastic.model.columns[name])[...] = flat.part(theirs, block)
    return replace(elastic, row_lower=flat.row_lower, row_upper=flat.row_upper)


def _elastic(model: Model) -> Model:
    """Return the model without costs, with slacks of all finite sides."""
    free = {
        name: replace(block, cost=np.broadcast_to(0.0, block.cost.shape), integer=False)
        for name, block in model.columns.items()
    }
    elastic = replace(model.with_columns(free), constant=0.0)
    for block in model.rows.values():
        size = _sizes(model, block)
        # One slack per finite side: +size for a missed lower side, −size for an exceeded upper one.
        for prefix, side, sign in zip((MISSED, EXCEEDED), _stated(block), (1.0, -1.0), strict=True):
            stated = np.flatnonzero(_largest(np.isfinite(side), len(block)))
            labels = [block.labels[at] for at in stated]
            more = elastic.add_columns(prefix + block.name, block.dims, labels, hourly=block.hourly, cost=PRICE)
            elastic.add(block, labels, more, labels, sign * size[stated])
    return elastic


def _sizes(model: Model, block: Block) -> Array:
    """Return the size of each row of a block. Shape (items,)."""
    sides = [_largest(np.where(np.isfinite(side), np.abs(side), 0.0), len(block)) for side in _stated(block)]
    size, coefficient = np.maximum(*sides), np.zeros(len(block))
    for part in model.entries:
        if part.row is block:
            np.maximum.at(coefficient, part.rows, _largest(np.abs(core(part.values)), len(part.rows)))
    return np.where(size > 0.0, size, np.where(coefficient > 0.0, coefficient, 1.0))


def _stated(block: Block) -> tuple[Array, Array]:
    """Return both sides of a block's rows, without repetitions."""
    return core(block.lower), core(block.upper)


def _largest(numbers: NDArray[Number], items: int) -> NDArray[Number]:
    """Return the maximum over all periods and hours. Shape (items,)."""
    return np.broadcast_to(numbers.reshape(-1, numbers.shape[-1]).max(axis=0, initial=0), items)
