"""Repair of row duals whose reduced costs have the wrong sign on columns without the bound that this sign needs."""

from __future__ import annotations

import numpy as np
from scipy.sparse.linalg import LinearOperator, lsmr

from gnomon.arrays import Array, Index
from gnomon.model.linear_program import LinearProgram
from gnomon.proof.weak_duality import feasible_multipliers

ROUNDS = 4
"""Maximum number of repairs in turn: each may give further columns the wrong sign."""
FALLING = 0.5
"""Share of the largest reduced cost of wrong sign that the next one must be below; at their rounding they stop to fall."""
PRODUCTS = 300
"""Maximum number of products with the matrix of one repair."""


def repair(flat: LinearProgram, row_dual: Array, bounds: tuple[Array, Array]) -> Array:
    """Return row duals changed least such that the reduced costs of wrong sign are 0 to within rounding.

    A reduced cost below 0 needs a finite upper bound of its column and one above 0 a finite lower bound. Solves
    A_Sᵀ D u = d_S for the columns S without this bound with the least ‖u‖ by LSMR (Fong and Saunders 2011), and moves the
    duals by D u. D keeps the duals of inequalities on their side: it is 1 for rows with two sides and |y|, at most 1, for
    others. Columns that get the wrong sign are added to S. Where no multipliers satisfy these equations the result
    misses them; the caller proves its bound from it like from any other multipliers.

    row_dual: shape (rows,), with 0 where its sign belongs to an infinite side. bounds: lower and upper ones of
    the columns, possibly implied, shape (columns,) each.
    """
    y, (lower, upper) = row_dual, bounds
    free_to_move = np.isfinite(flat.row_lower) & np.isfinite(flat.row_upper)
    held, before = np.zeros(len(flat.cost), bool), np.inf
    for _ in range(ROUNDS):
        reduced = flat.cost - flat.rows.pull(y)
        wrong = ((reduced < 0.0) & np.isposinf(upper)) | ((reduced > 0.0) & np.isneginf(lower))
        worst = float(np.abs(reduced[wrong]).max(initial=0.0))
        if not wrong.any() or (not (wrong & ~held).any() and worst >= FALLING * before):
            break
        held, before = held | wrong, worst
        chosen = np.flatnonzero(held)
        weight = np.where(free_to_move, 1.0, np.minimum(np.abs(y), 1.0))
        target = np.where(wrong, reduced, 0.0)[chosen]
        u = lsmr(_columns(flat, chosen, weight), target, atol=0.0, btol=1e-9, conlim=0.0, maxiter=PRODUCTS)[0]
        y = feasible_multipliers(flat, y + weight * u)
    return y


def _columns(flat: LinearProgram, chosen: Index, weight: Array) -> LinearOperator:
    """Return A_Sᵀ D for the columns `chosen` (S) and D = diag(`weight`), without storing it."""

    def pulled(u: Array) -> Array:
        return np.asarray(flat.rows.pull(weight * np.ravel(u))[chosen])

    def pushed(d: Array) -> Array:
        whole = np.zeros(len(flat.cost))
        whole[chosen] = np.ravel(d)
        return np.asarray(weight * flat.rows.times(whole))

    return LinearOperator((len(chosen), len(weight)), matvec=pulled, rmatvec=pushed, dtype=float)
