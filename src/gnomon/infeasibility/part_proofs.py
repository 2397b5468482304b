"""Findings of Farkas multipliers about a part of a model: the rows, statements, hours and directions that they use."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.infeasibility import farkas_rows
from gnomon.infeasibility.relaxation_ladder import Part
from gnomon.model.linear_program import LinearProgram
from gnomon.proof import weak_duality

SLIGHT = 1e-6
"""Share of a statement's largest multiplier below which a row's direction is ignored."""


def statements_used(part: Part, flat: LinearProgram, ray: Array) -> Index:
    """Return the statements of the part that the multipliers use, with the sides of `flat`."""
    # Reduced costs d = −Aᵀy: d < 0 uses the upper bound, d > 0 the lower one.
    pull = -(flat.matrix.T @ ray)
    limited = np.where(pull < 0.0, np.isfinite(flat.upper), flat.lower > 0.0)
    pulled = limited & (np.abs(pull) > weak_duality.NOISE * np.abs(pull).max(initial=0.0))
    used = np.concatenate([part.row_statement[ray != 0.0], part.column_statement[pulled]])
    return np.unique(used[used >= 0])


def hours(part: Part, ray: Array) -> tuple[tuple[int, int], ...]:
    """Return period and hour of the rows that the multipliers use."""
    inside = (ray != 0.0) & (part.hour >= 0)
    return tuple(sorted(set(zip(part.period[inside].tolist(), part.hour[inside].tolist(), strict=True))))


def directions(ray: Array, statement: Index, chosen: Index) -> dict[int, tuple[bool, bool]]:
    """Return for each chosen statement if some of its rows need a larger right side, and if some need a smaller one.

    A positive multiplier means that the right side is too large for the other rows, a negative one that it is too
    small.
    """
    found = {}
    for number in chosen:
        part = ray[statement == number]
        least = SLIGHT * np.abs(part).max(initial=0.0)
        found[int(number)] = (bool((part < -least).any()), bool((part > least).any()))
    return found


def proving_rows(part: Part, multipliers: Array) -> Part | None:
    """Return the fewest rows of a part that alone prove a contradiction by these multipliers, or None."""
    weight = np.abs(multipliers)
    for share in farkas_rows.SHARES:
        chosen = weight > share * weight.max()
        few = part.rows(chosen)
        if weak_duality.contradiction(few.flat, multipliers[chosen]) > 0.0:
            return replace(few, proof=multipliers[chosen])
    return None
