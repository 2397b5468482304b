"""What a plan makes least: money, tonnes, or residents outside gigabit cities, as a row over the columns of the model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gnomon.arrays import Array
from gnomon.model.linear_program import Flat
from xisuan.equations.model_builder import Assembly


def tonnes(assembly: Assembly) -> Array:
    """Location-based tonnes over the horizon that one unit of each column adds. Shape (columns,)."""
    return _laid_out(assembly, assembly.tonnes)


def outside(assembly: Assembly) -> Array:
    """Resident-years outside gigabit cities that one unit of each column adds. Shape (columns,)."""
    return _laid_out(assembly, assembly.outside)


def _laid_out(assembly: Assembly, amounts: Mapping[str, Array]) -> Array:
    """Amounts of some families, 0 of the others, in flat order. Shape (columns,)."""
    model = assembly.model
    parts: list[Array] = []
    for hourly in (False, True):
        blocks = [block for block in model.columns.values() if block.hourly == hourly]
        rows = [amounts.get(block.name, np.zeros(block.lower.shape)) for block in blocks]
        if rows:
            parts.append(np.concatenate(rows, axis=-1).ravel())
    return np.concatenate(parts) if parts else np.empty(0)


def goal(assembly: Assembly, flat: Flat) -> tuple[Array, float]:
    """The scenario's objective as a row and a constant."""
    if assembly.given.scenario.settings.objective == "cost":
        return flat.cost, flat.constant
    by_family, constant = amounts(assembly)
    return _laid_out(assembly, by_family), constant


def amounts(assembly: Assembly) -> tuple[Mapping[str, Array], float]:
    """The scenario's objective as what one unit of a column adds, by family, and a constant."""
    objective = assembly.given.scenario.settings.objective
    if objective == "carbon":
        return assembly.tonnes, 0.0
    if objective == "residents":
        return assembly.outside, assembly.outside_constant
    return {name: block.cost for name, block in assembly.model.columns.items()}, assembly.model.constant
