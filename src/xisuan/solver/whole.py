"""Models with integers as the linear models around them: without integrality, and with the integers held at numbers.

The time structure is told of it too: a solver that makes models of its own from it must not find integers there, nor
bounds that hold no more.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xisuan.solver.flat import Flat
from xisuan.solver.model import Array, Model


def relaxed(flat: Flat) -> Flat:
    """`flat` without integrality. It shares the coefficients."""
    return between(flat, flat.lower, flat.upper)


def held(flat: Flat, values: Array) -> Flat:
    """`flat` with its integers held at those of `values`, shape (columns,), rounded within their bounds."""
    whole = np.clip(np.round(values), np.ceil(flat.lower), np.floor(flat.upper))
    return between(flat, np.where(flat.integer, whole, flat.lower), np.where(flat.integer, whole, flat.upper))


def between(flat: Flat, lower: Array, upper: Array) -> Flat:
    """`flat` without integrality, and its integers between other bounds. `lower`, `upper`: shape (columns,)."""
    model = flat.model
    columns = {
        name: replace(block, integer=False, lower=flat.part(lower, block).copy(), upper=flat.part(upper, block).copy())
        for name, block in model.columns.items()
        if block.integer
    }
    entries = [replace(part, column=columns.get(part.column.name, part.column)) for part in model.entries]
    free = Model(model.periods, model.previous, model.columns | columns, model.rows, entries, model.constant)
    return replace(flat, model=free, lower=lower, upper=upper, integer=np.zeros_like(flat.integer))
