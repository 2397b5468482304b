"""Ranges of the numbers of a model by family, and advice in words where they are too wide.

A solver works with some 16 digits and tolerances of 1e-7: a cost a billion times smaller than another is noise to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnomon.arrays import Array
from gnomon.model.block_model import Block
from gnomon.model.linear_program import LinearProgram

SPAN = 1e9
"""Ratio of largest to smallest magnitude above which advice is given."""
KINDS = ("coefficient", "cost", "bound", "side")


@dataclass(frozen=True, slots=True)
class Range:
    """Smallest and largest magnitude, other than 0 and infinity, of one kind of number in one family.

    kind: coefficient (family: row × column), cost, bound (of columns), or side (of rows).
    """

    kind: str
    family: str
    low: float
    high: float


def ranges(flat: LinearProgram) -> tuple[Range, ...]:
    """Return the range of every kind of number in every non-empty family, in the order of the model."""
    model = flat.model
    out: dict[tuple[str, str], Range] = {}
    for part in model.entries:
        _note(out, "coefficient", f"{part.row.name} × {part.column.name}", part.values)
    for block in model.columns.values():
        _note(out, "cost", block.name, block.cost)
        _note(out, "bound", block.name, *_sides(block))
    for block in model.rows.values():
        _note(out, "side", block.name, *_sides(block))
    return tuple(sorted(out.values(), key=lambda found: KINDS.index(found.kind)))


def advice(flat: LinearProgram) -> tuple[str, ...]:
    """Return a sentence for each kind of number that spans more than a billion, naming the families at its ends."""
    found = ranges(flat)
    return tuple(line for kind in KINDS if (line := _advice([one for one in found if one.kind == kind])))


def _advice(found: list[Range]) -> str | None:
    """Return the advice for one kind of number; None if its range is small enough."""
    if not found:
        return None
    least, most = min(found, key=lambda one: one.low), max(found, key=lambda one: one.high)
    if most.high <= SPAN * least.low:
        return None
    kind = least.kind
    span = f"{kind}s span {most.high / least.low:.0e}, and beyond 1e9 the small ones are noise to a solver"
    if least is most:
        return f"{span}: those of {least.family} run from {least.low:.1e} to {most.high:.1e}. Are all in one unit?"
    return (
        f"{span}: {least.family} has {least.low:.1e}, {most.family} has {most.high:.1e}. "
        f"{_question(kind, least.family, most.family)}"
    )


def _question(kind: str, small: str, large: str) -> str:
    """Return the question about the units of the two families."""
    if kind == "cost":
        return f"Is the cost of {small} per too small a unit (Mbps for Gbps, kW for MW), or that of {large} in CNY?"
    return f"Is {small} in too large a unit, or {large} in too small a one? A limit never reached may be left blank."


def _sides(block: Block) -> tuple[Array, Array]:
    return block.lower, block.upper


def _note(out: dict[tuple[str, str], Range], kind: str, family: str, *numbers: Array) -> None:
    """Extend the range of a family by numbers."""
    for values in numbers:
        # One element along broadcast axes represents all.
        core = values[tuple(slice(1 if step == 0 else None) for step in values.strides)]
        size = np.abs(core[np.isfinite(core) & (core != 0.0)])
        if len(size):
            low, high = float(size.min()), float(size.max())
            before = out.get((kind, family))
            if before is not None:
                low, high = min(low, before.low), max(high, before.high)
            out[kind, family] = Range(kind, family, low, high)
