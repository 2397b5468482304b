"""Objectives of a plan (money, tonnes, residents outside gigabit cities) as cost rows over the columns of the model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gnomon import Array, LinearProgram
from xisuan.equations.model_builder import Assembly


def tonnes(assembly: Assembly) -> Array:
    """Return the location-based tonnes over the horizon that one unit of each column adds, shape (columns,)."""
    return _in_columns(assembly, assembly.tonnes)


def outside_resident_years(assembly: Assembly) -> Array:
    """Return the resident-years outside gigabit cities that one unit of each column adds, shape (columns,)."""
    return _in_columns(assembly, assembly.outside)


def _in_columns(assembly: Assembly, amounts: Mapping[str, Array]) -> Array:
    """Return the amounts of some families in flat column order, 0 for all others, shape (columns,)."""
    model = assembly.model
    parts: list[Array] = []
    # Flat order: blocks without hours first, then the hourly ones.
    for hourly in (False, True):
        blocks = [block for block in model.columns.values() if block.hourly == hourly]
        rows = [amounts.get(block.name, np.zeros(block.lower.shape)) for block in blocks]
        if rows:
            parts.append(np.concatenate(rows, axis=-1).ravel())
    return np.concatenate(parts) if parts else np.empty(0)


def goal(assembly: Assembly, flat: LinearProgram) -> tuple[Array, float]:
    """Return the scenario's objective as a cost row, shape (columns,), and a constant."""
    if assembly.given.scenario.settings.objective == "cost":
        return flat.cost, flat.constant
    by_family, constant = amounts(assembly)
    return _in_columns(assembly, by_family), constant


def amounts(assembly: Assembly) -> tuple[Mapping[str, Array], float]:
    """Return the scenario's objective per unit of each column, by family, and a constant."""
    objective = assembly.given.scenario.settings.objective
    if objective == "carbon":
        return assembly.tonnes, 0.0
    if objective == "residents":
        return assembly.outside, assembly.outside_constant
    return {name: block.cost for name, block in assembly.model.columns.items()}, assembly.model.constant
