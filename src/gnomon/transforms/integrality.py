"""Linear programs of mixed-integer models: the relaxation, and the model with fixed integers.

The block model is changed as well: solvers that build further models from it must find neither integers nor old bounds
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram

Bounds = Mapping[str, tuple[Array, Array]]
"""Lower and upper bounds of columns, by family."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Function that makes a model with integers and then changes its bounds. `integer`: families that stay integer."""

    whole: Callable[[], Model]
    bounds: Bounds
    integer: frozenset[str] = frozenset()

    def __call__(self) -> Model:
        """Return the model with the changed bounds."""
        return _with_bounds(self.whole(), self.bounds, self.integer)


def relax_integers(flat: LinearProgram) -> LinearProgram:
    """Return `flat` without integrality. It shares the coefficients."""
    return bound_integers(flat, flat.lower, flat.upper)


def fix_integers(flat: LinearProgram, values: Array) -> LinearProgram:
    """Return `flat` with its integers fixed at those of `values`, shape (columns,), rounded within their bounds."""
    whole = np.clip(np.round(values), np.ceil(flat.lower), np.floor(flat.upper))
    return bound_integers(flat, np.where(flat.integer, whole, flat.lower), np.where(flat.integer, whole, flat.upper))


def bound_integers(flat: LinearProgram, lower: Array, upper: Array) -> LinearProgram:
    """Return `flat` without integrality, with other bounds of its integer families. `lower`, `upper`: shape (columns,)."""
    families = {name: block for name, block in flat.model.columns.items() if block.integer}
    bounds = {name: (flat.part(lower, of).copy(), flat.part(upper, of).copy()) for name, of in families.items()}
    free = _with_bounds(flat.model, bounds, frozenset())
    return replace(flat, model=free, lower=lower, upper=upper, integer=np.zeros_like(flat.integer))


def narrow_bounds(flat: LinearProgram, lower: Array, upper: Array, names: Iterable[str]) -> LinearProgram:
    """Return `flat` with other bounds of these column families; columns that are fixed by them are no longer integer."""
    families = [flat.model.columns[name] for name in names if name in flat.model.columns]
    bounds = {of.name: (flat.part(lower, of).copy(), flat.part(upper, of).copy()) for of in families}
    integer = flat.integer & (lower < upper)
    still = frozenset(of.name for of in families if flat.part(integer, of).any())
    return replace(flat, model=_with_bounds(flat.model, bounds, still), lower=lower, upper=upper, integer=integer)


def _with_bounds(model: Model, bounds: Bounds, integer: frozenset[str]) -> Model:
    """Return `model` with other bounds of some families, of which only those in `integer` are integer."""
    columns = {
        name: replace(model.columns[name], integer=name in integer, lower=low, upper=high)
        for name, (low, high) in bounds.items()
    }
    entries = [replace(part, column=columns.get(part.column.name, part.column)) for part in model.entries]
    recipe = Recipe(model.recipe, bounds, integer) if model.recipe else None
    return replace(model, columns=model.columns | columns, entries=entries, recipe=recipe)
