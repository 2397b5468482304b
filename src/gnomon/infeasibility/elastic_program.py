"""By how much some sides of a model must give for the rest of it to hold: least in total, each at its own price.

What gives is a *slack*: one number, 0 or more, that moves the sides of rows and the bounds of columns along a
direction. Every other row and bound stays hard. It is the elastic programme of Chinneck & Dravnieks (1991), with slack
on what a user can change and on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon.arrays import Array
from gnomon.errors import InfeasibleError, SolverError
from gnomon.highs import solver_sequence
from gnomon.model.block_model import Model
from gnomon.model.coefficients import Held
from gnomon.model.linear_program import Flat
from gnomon.options import Solver
from gnomon.solution import Solution

SIMPLEX = 60_000
"""Non-zeros up to which a simplex finds a vertex, in which few slacks are used; IPX is several times faster beyond."""

GAP = 1e-3
"""What an interior point may leave between the slacks found and the least that is proven. Amounts are read by people;
its last digits cost as much time as the first."""


@dataclass(frozen=True)
class Slacks:
    """Directions of n slacks: what a unit of each adds to the sides of rows, and to the bounds of columns.

    rows: shape (rows, n); lower, upper: shape (columns, n). whole: shape (n,), which are whole numbers. price: shape
    (n,), what a unit of each counts in the total.
    """

    rows: sp.csr_matrix
    lower: sp.csr_matrix
    upper: sp.csr_matrix
    whole: NDArray[np.bool_]
    price: Array


@dataclass(frozen=True, slots=True)
class Least:
    """The slacks of least total: `total` is proven from below, `slacks` (shape (n,)) reach it; `x` is what they allow."""

    total: float
    slacks: Array
    x: Array


def least(flat: Flat, slacks: Slacks, seconds: float) -> Least | None:
    """The least slacks with which all of `flat`, its integers included, holds: a vertex up to `SIMPLEX`, else to `GAP`.

    The costs of `flat` count nothing. None where no slack is enough, or `seconds` were not: that there is none is not
    proven, which can take far longer than to find the least.
    """
    given = _stretched(flat, slacks)
    if given.integer.any():
        found = _whole(given, seconds)
    else:
        solver: Solver = "simplex" if given.nonzeros < SIMPLEX else "ipx"
        found = solver_sequence.attempt(given, solver_sequence.How(solver=solver, gap=GAP, time_limit=seconds))
    if found is None:
        return None
    count = len(slacks.price)
    return Least(max(0.0, found.bound), np.maximum(found.x[-count:], 0.0), found.x[:-count])


def _whole(given: Flat, seconds: float) -> Solution | None:
    try:
        found = solver_sequence.solve(given, solver_sequence.How(time_limit=seconds))
    except (InfeasibleError, SolverError):
        return None
    return None if found.short else found


def _stretched(flat: Flat, slacks: Slacks) -> Flat:
    """`flat` with the slacks as its last columns, which alone cost; bounds that move are rows."""
    columns, count = flat.shape[1], len(slacks.price)
    low, high = (np.flatnonzero(np.diff(side.indptr)) for side in (slacks.lower, slacks.upper))
    lower, upper = flat.lower.copy(), flat.upper.copy()
    lower[low], upper[high] = np.minimum(lower[low], 0.0), np.inf
    itself = sp.identity(columns, format="csr")
    blocks = [[flat.matrix, -slacks.rows], [itself[low], -slacks.lower[low]], [itself[high], -slacks.upper[high]]]
    return Flat(
        Model(0, np.zeros(0, dtype=np.int64)),  # the rows and columns have blocks no more
        Held(sp.csr_matrix(sp.bmat([row for row in blocks if row[0].shape[0]]))),
        np.concatenate([flat.row_lower, flat.lower[low], np.full(len(high), -np.inf)]),
        np.concatenate([flat.row_upper, np.full(len(low), np.inf), flat.upper[high]]),
        np.concatenate([lower, np.zeros(count)]),
        np.concatenate([upper, np.full(count, np.inf)]),
        np.concatenate([np.zeros(columns), slacks.price]),
        np.concatenate([flat.integer, slacks.whole]),
        0.0,
    )
