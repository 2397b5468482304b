"""The rows of a large model that suffice to prove that it has no solution, found without its matrix.

Multipliers prove a contradiction together with bounds, and many of these are none of the scenario's: rows imply them. The
rows with multipliers alone may therefore prove nothing, and those behind the bounds that the proof leans on are added.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.model.linear_program import Flat, with_rows
from gnomon.proof import weak_duality

SHARES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-9, 0.0)
"""Of the largest multiplier: rows with smaller ones are left out, as many as the proof can spare."""
ROUNDS = 4
"""Times that rows behind bounds are added: bounds are implied in so many rounds."""
MOST = 2_000_000
"""Rows beyond which they are no smaller model."""


def sparse(flat: Flat, proof: Array, implied: Array | None = None) -> Array | None:
    """The multipliers with as few rows as still prove it; None if not even all do. implied: bounds that rows imply."""
    weight = np.abs(proof)
    for share in SHARES:
        fewer = np.where(weight > share * weight.max(initial=0.0), proof, 0.0)
        if weak_duality.contradiction(flat, fewer, implied=implied) > 0.0:
            return fewer
    return None


def suffice(flat: Flat, proof: Array) -> tuple[Index, Array] | None:
    """Rows that by themselves prove that `flat` has no solution, and their multipliers; None where none are found that are
    much less than all."""
    implied = weak_duality.implied_by(flat)
    fewer = sparse(flat, proof, implied)
    if fewer is None:
        return None
    chosen = fewer != 0.0
    stated = np.isfinite(flat.row_lower) | np.isfinite(flat.row_upper)
    bounded, every = implied < flat.upper, np.arange(flat.shape[1])
    kept = weak_duality.feasible_multipliers(flat, fewer)
    leaned = bounded & (flat.rows.pull(kept) > weak_duality.SIMPLEX_ROUNDING * flat.rows.pulled_sizes(kept, every))
    for _ in range(1 + ROUNDS):
        rows = np.flatnonzero(chosen)
        if len(rows) > MOST:
            return None
        if _prove(flat, rows, fewer[rows]):
            return rows, fewer[rows]
        more = stated & ~chosen & _holding(flat, leaned)
        if not more.any():
            return None
        chosen |= more
        leaned = bounded & (flat.rows.pulled_sizes(more.astype(np.float64), every) > 0.0)
    return None


def _prove(flat: Flat, rows: Index, multipliers: Array) -> bool:
    """Whether these rows prove it, with the bounds of the columns and those that they imply themselves."""
    return weak_duality.contradiction(with_rows(flat, rows)[0], multipliers) > 0.0


def _holding(flat: Flat, columns: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The rows in which some of these columns are. Shape (rows,)."""
    return flat.rows.sizes(columns.astype(np.float64)) > 0.0
