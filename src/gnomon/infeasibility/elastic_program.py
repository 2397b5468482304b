"""Elastic program: the least total slack on chosen sides and bounds with which a model is feasible.

A *slack* is a number ≥ 0 that moves the sides of rows and the bounds of columns along a direction. Every other row and
bound stays hard. Source: Chinneck and Dravnieks (1991), with slacks only on what a user can change.
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
from gnomon.model.coefficients import StoredCoefficients
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Options, Solver
from gnomon.solution import Solution

SIMPLEX = 60_000
"""Non-zeros up to which simplex finds a vertex, in which few slacks are used; above, IPX is several times faster."""

GAP = 1e-3
"""Relative gap for an interior point. The amounts are read by people, so further digits are not worth their time."""


@dataclass(frozen=True)
class Slacks:
    """Directions of n slacks: what one unit adds to the sides of rows and to the bounds of columns.

    rows: shape (rows, n); lower, upper: shape (columns, n). whole: shape (n,), True for integer slacks. price: shape
    (n,), weight of a unit in the total.
    """

    rows: sp.csr_matrix
    lower: sp.csr_matrix
    upper: sp.csr_matrix
    whole: NDArray[np.bool_]
    price: Array


@dataclass(frozen=True, slots=True)
class LeastSlacks:
    """Slacks of least total.

    total: proven lower bound; slacks: shape (n,); x: the solution that they allow, shape (columns,).
    """

    total: float
    slacks: Array
    x: Array


def least_slacks(flat: LinearProgram, slacks: Slacks, seconds: float) -> LeastSlacks | None:
    """Return the least slacks that make `flat` feasible, with its integers.

    A vertex is found up to `SIMPLEX` non-zeros, above a solution to `GAP`. The costs of `flat` are ignored. Return None
    if no slacks suffice or `seconds` run out. Infeasibility is not proven, because that can take far longer.
    """
    given = _with_slacks(flat, slacks)
    if given.integer.any():
        found = _whole(given, seconds)
    else:
        solver: Solver = "simplex" if given.nonzeros < SIMPLEX else "ipx"
        found = solver_sequence.solve_once(given, Options(solver=solver, gap=GAP, time_limit=seconds))
    if found is None:
        return None
    count = len(slacks.price)
    return LeastSlacks(max(0.0, found.bound), np.maximum(found.x[-count:], 0.0), found.x[:-count])


def _whole(given: LinearProgram, seconds: float) -> Solution | None:
    """Solve an elastic program with integers; None without a proven solution."""
    try:
        found = solver_sequence.solve(given, Options(time_limit=seconds))
    except (InfeasibleError, SolverError):
        return None
    return None if found.short else found


def _with_slacks(flat: LinearProgram, slacks: Slacks) -> LinearProgram:
    """Return `flat` with the slacks as last columns and only costs; bounds that move become rows."""
    columns, count = flat.shape[1], len(slacks.price)
    low, high = (np.flatnonzero(np.diff(side.indptr)) for side in (slacks.lower, slacks.upper))
    lower, upper = flat.lower.copy(), flat.upper.copy()
    # Columns whose bounds move are freed; the bounds return as rows.
    lower[low], upper[high] = np.minimum(lower[low], 0.0), np.inf
    itself = sp.identity(columns, format="csr")
    blocks = [[flat.matrix, -slacks.rows], [itself[low], -slacks.lower[low]], [itself[high], -slacks.upper[high]]]
    return LinearProgram(
        Model(0, np.zeros(0, dtype=np.int64)),  # rows and columns no longer belong to blocks
        StoredCoefficients(sp.csr_matrix(sp.bmat([row for row in blocks if row[0].shape[0]]))),
        np.concatenate([flat.row_lower, flat.lower[low], np.full(len(high), -np.inf)]),
        np.concatenate([flat.row_upper, np.full(len(low), np.inf), flat.upper[high]]),
        np.concatenate([lower, np.zeros(count)]),
        np.concatenate([upper, np.full(count, np.inf)]),
        np.concatenate([np.zeros(columns), slacks.price]),
        np.concatenate([flat.integer, slacks.whole]),
        0.0,
    )
