"""Models with integers as the linear models around them: without integrality, and with the integers held at numbers.

The time structure is told of it too: a solver that makes models of its own from it must not find integers there, nor
bounds that hold no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from xisuan.solver.flat import Flat
from xisuan.solver.model import Array, Model

Bounds = Mapping[str, tuple[Array, Array]]
"""Lower and upper bounds of columns, by family."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes a model with integers, and then the linear one with other bounds."""

    whole: Callable[[], Model]
    bounds: Bounds

    def __call__(self) -> Model:
        """The linear model."""
        return _linear(self.whole(), self.bounds)


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
    free = _linear(flat.model, bounds)
    return replace(flat, model=free, lower=lower, upper=upper, integer=np.zeros_like(flat.integer))


def _linear(model: Model, bounds: Bounds) -> Model:
    """`model` without integrality, and some of its families between other bounds."""
    columns = {
        name: replace(model.columns[name], integer=False, lower=low, upper=high) for name, (low, high) in bounds.items()
    }
    entries = [replace(part, column=columns.get(part.column.name, part.column)) for part in model.entries]
    recipe = Recipe(model.recipe, bounds) if model.recipe else None
    return replace(model, columns=model.columns | columns, entries=entries, recipe=recipe)
