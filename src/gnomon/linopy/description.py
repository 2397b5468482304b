"""Description of the structure that the engine finds in a linopy model, with the expected time and memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from gnomon.errors import InfeasibleError
from gnomon.linopy import block_conversion, refusals, structure
from gnomon.linopy.block_conversion import Converted, Family
from gnomon.linopy.refusals import UnsupportedModelError
from gnomon.linopy.structure import Structure

if TYPE_CHECKING:
    import linopy


def describe(model: linopy.Model, time: str = "snapshot") -> str:
    """Return the structure of a linopy model as text: families, states, border, expected time and memory.

    If the engine cannot express the model, the text names every obstacle and a remedy. Use `print` to show it.
    """
    obstacles = list(refusals.reasons(model, time))
    if not obstacles:
        try:
            found = structure.find(model, time)
        except (UnsupportedModelError, InfeasibleError) as error:
            obstacles = [str(error)]
    if obstacles:
        return "\n".join(["The engine cannot solve this model:", *(f"  {line}" for line in obstacles)])
    return "\n".join(_lines(found, block_conversion.convert(found)))


def _lines(found: Structure, converted: Converted) -> Iterator[str]:
    """Yield the lines of a description."""
    from gnomon.interior_point.formulation import hour_template  # noqa: PLC0415 (compiled: half a second)
    from gnomon.interior_point.formulation.item_scaling import balance  # noqa: PLC0415
    from gnomon.strategies import resource_estimates  # noqa: PLC0415

    axis, model, arrays = found.axis, converted.model, found.arrays
    span = f"{axis.times[0]} to {axis.times[-1]}"
    scenarios = "" if axis.scenarios is None else f", {len(axis.scenarios)} scenarios"
    rings = len(hour_template.cycles(model.previous))
    yield f"Time      {len(axis.times):,} hours of {axis.time!r}, {span}{scenarios}; {rings} cycles"
    for what, hourly, families, items in (
        ("Each hour", True, converted.columns, "variables"),
        ("Each hour", True, converted.rows, "constraints"),
        ("Once", False, converted.columns, "variables"),
        ("Once", False, converted.rows, "constraints"),
    ):
        some = [family for family in families if family.block.hourly == hourly]
        total = sum(len(family.block) for family in some)
        yield f"{what:<10}{total:,} {items}" + (f": {', '.join(_family(family) for family in some)}" if some else "")
    yield f"Bounds    {int((~arrays.kept).sum()):,} of {len(arrays.kept):,} constraints are bounds of one variable"
    loose = np.isneginf(arrays.lower) & np.isposinf(arrays.upper)
    yield f"Unbounded {int(loose.sum()):,} of {len(arrays.lower):,} variables"
    template = hour_template.read(model, balance(model).factors)
    yield f"States    {len(template.states):,} constraints hold the hour before"
    yield (
        f"Border    {template.border:,}: {len(template.shared):,} variables, {len(template.sums):,} sums of variables and"
        f" {len(template.yearly):,} constraints that hours share"
    )
    rows, columns = (sum(len(family.numbers) for family in part) for part in (converted.rows, converted.columns))
    nonzeros = int(arrays.matrix[np.flatnonzero(arrays.kept)].nnz)
    expected = resource_estimates.predict(rows, columns, nonzeros, "structured")
    yield f"Expected  {expected.text}"


def _family(family: Family) -> str:
    """Return the name and the number of items of a family."""
    return f"{family.block.name} {len(family.block):,}"
