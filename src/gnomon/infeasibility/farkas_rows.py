"""Selection of the rows of a large model that suffice for a Farkas certificate, without its matrix.

A certificate uses multipliers and bounds of columns, and many of these bounds are implied by rows. The rows with
multipliers alone may therefore prove nothing; the rows behind the bounds used are added.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.model.linear_program import LinearProgram, with_rows
from gnomon.proof import weak_duality

SHARES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-9, 0.0)
"""Shares of the largest multiplier below which rows are left out, tried in turn until the rest is a certificate."""
ROUNDS = 4
"""Times that rows behind bounds are added, the number of rounds in which bounds are implied."""
MOST = 2_000_000
"""Maximum number of selected rows; above, the selection is not a smaller model."""


def sparse_multipliers(flat: LinearProgram, proof: Array, implied: weak_duality.Bounds | None = None) -> Array | None:
    """Return the multipliers restricted to as few rows as still prove infeasibility; None if all together do not.

    proof: Farkas multipliers, shape (rows,). implied: bounds implied by the rows, if known.
    """
    weight = np.abs(proof)
    for share in SHARES:
        fewer = np.where(weight > share * weight.max(initial=0.0), proof, 0.0)
        if weak_duality.contradiction(flat, fewer, implied=implied) > 0.0:
            return fewer
    return None


def sufficient_rows(flat: LinearProgram, proof: Array) -> tuple[Index, Array] | None:
    """Return rows that alone prove that `flat` is infeasible, and their multipliers; None if no small set is found.

    proof: Farkas multipliers, shape (rows,).
    """
    implied = weak_duality.implied_by(flat)
    fewer = sparse_multipliers(flat, proof, implied)
    if fewer is None:
        return None
    chosen = fewer != 0.0
    stated = np.isfinite(flat.row_lower) | np.isfinite(flat.row_upper)
    kept = weak_duality.feasible_multipliers(flat, fewer)
    pull, every = flat.rows.pull(kept), np.arange(flat.shape[1])
    derived = (implied[0] > flat.lower) | (implied[1] < flat.upper)
    size = weak_duality.SIMPLEX_ROUNDING * flat.rows.pulled_sizes(kept, every)
    # Columns with a positive pull in yᵀA use their upper bound in the certificate, with a negative one their lower bound.
    leaned = ((implied[1] < flat.upper) & (pull > size)) | ((implied[0] > flat.lower) & (pull < -size))
    for _ in range(1 + ROUNDS):
        rows = np.flatnonzero(chosen)
        if len(rows) > MOST:
            return None
        if _prove(flat, rows, fewer[rows]):
            return rows, fewer[rows]
        more = stated & ~chosen & _rows_of(flat, leaned)
        if not more.any():
            return None
        chosen |= more
        leaned = derived & (flat.rows.pulled_sizes(more.astype(np.float64), every) > 0.0)
    return None


def _prove(flat: LinearProgram, rows: Index, multipliers: Array) -> bool:
    """Return True if these rows prove infeasibility with the given bounds and those that they imply."""
    return weak_duality.contradiction(with_rows(flat, rows)[0], multipliers) > 0.0


def _rows_of(flat: LinearProgram, columns: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a mask of the rows that hold some of these columns. Shape (rows,)."""
    return flat.rows.sizes(columns.astype(np.float64)) > 0.0
