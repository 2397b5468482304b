"""Models with integers as the linear models around them: without integrality, and with the integers held at numbers.

The time structure is told of it too: a solver that makes models of its own from it must not find integers there, nor
bounds that hold no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array
from gnomon.model.block_model import Model
from gnomon.model.linear_program import Flat

Bounds = Mapping[str, tuple[Array, Array]]
"""Lower and upper bounds of columns, by family."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes a model with integers, and then the one with other bounds; `integer`: families that keep theirs."""

    whole: Callable[[], Model]
    bounds: Bounds
    integer: frozenset[str] = frozenset()

    def __call__(self) -> Model:
        """The model with other bounds."""
        return _bounded(self.whole(), self.bounds, self.integer)


def relaxed(flat: Flat) -> Flat:
    """`flat` without integrality. It shares the coefficients."""
    return between(flat, flat.lower, flat.upper)


def held(flat: Flat, values: Array) -> Flat:
    """`flat` with its integers held at those of `values`, shape (columns,), rounded within their bounds."""
    whole = np.clip(np.round(values), np.ceil(flat.lower), np.floor(flat.upper))
    return between(flat, np.where(flat.integer, whole, flat.lower), np.where(flat.integer, whole, flat.upper))


def between(flat: Flat, lower: Array, upper: Array) -> Flat:
    """`flat` without integrality, and its integers between other bounds. `lower`, `upper`: shape (columns,)."""
    families = {name: block for name, block in flat.model.columns.items() if block.integer}
    bounds = {name: (flat.part(lower, of).copy(), flat.part(upper, of).copy()) for name, of in families.items()}
    free = _bounded(flat.model, bounds, frozenset())
    return replace(flat, model=free, lower=lower, upper=upper, integer=np.zeros_like(flat.integer))


def narrowed(flat: Flat, lower: Array, upper: Array, names: Iterable[str]) -> Flat:
    """`flat` with these families of columns between other bounds; they are integers only where that leaves them room."""
    families = [flat.model.columns[name] for name in names if name in flat.model.columns]
    bounds = {of.name: (flat.part(lower, of).copy(), flat.part(upper, of).copy()) for of in families}
    integer = flat.integer & (lower < upper)
    still = frozenset(of.name for of in families if flat.part(integer, of).any())
    return replace(flat, model=_bounded(flat.model, bounds, still), lower=lower, upper=upper, integer=integer)


def _bounded(model: Model, bounds: Bounds, integer: frozenset[str]) -> Model:
    """`model` with some of its families between other bounds, of which only those named in `integer` are integers."""
    columns = {
        name: replace(model.columns[name], integer=name in integer, lower=low, upper=high)
        for name, (low, high) in bounds.items()
    }
    entries = [replace(part, column=columns.get(part.column.name, part.column)) for part in model.entries]
    recipe = Recipe(model.recipe, bounds, integer) if model.recipe else None
    return replace(model, columns=model.columns | columns, entries=entries, recipe=recipe)
