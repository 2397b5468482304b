"""Lower bounds on the optimum by weak duality, valid for arbitrary multipliers.

For any row multipliers y, and x between its bounds,

    cost·x = y·(A x) + (cost − Aᵀy)·x ≥ Σ max over the row's sides of y·side + Σ min over the column's bounds of d·bound

with reduced costs d = cost − Aᵀy (Jansson 2004; Neumaier and Shcherbina 2004). A multiplier whose side is infinite
contributes −∞, so it is first set to 0, which leaves a valid bound. A reduced cost of the wrong sign on a column
without that bound leaves −∞, unless an implied bound is known. `implied_bounds` finds such bounds from the rows. The
reduced cost of a column without bounds must be 0 to within its rounding, or be multiplied by an implied bound.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index
from gnomon.model.linear_program import LinearProgram
from gnomon.model.row_operator import MatrixRows
from gnomon.solution import LEAST_OBJECTIVE

Bounds = tuple[Array, Array]
"""Lower and upper bounds of columns."""

ROUNDING = 1e-14
"""Relative rounding error of a reduced cost, a sum of up to some hundred terms in double precision."""
SIMPLEX_ROUNDING = 1e-11
"""The same for multipliers that satisfy their equations only to the accuracy of a factorisation."""
REST = 1e-6
"""Share of the largest value below which a row counts as inactive."""
ABOVE = 1e-3
"""Distance of the cost limit of implied bounds above an objective, relative to it."""
NOISE = 1e-9
"""Residue in double precision of terms that cancel exactly, relative to the largest term."""


def bound(
    flat: LinearProgram,
    row_dual: Array,
    implied: Array | None = None,
    *,
    implied_lower: Array | None = None,
    rounding: float = ROUNDING,
) -> float:
    """Lower bound on the optimum; −inf if these multipliers prove none.

    row_dual: shape (rows,), d objective / d right side. implied, implied_lower: shape (columns,), upper and lower
    bounds that every solution below the cost limit satisfies, ±inf where none is known. The sums are in double
    precision, correct to about 1e-12 of the largest term. A reduced cost below `rounding` times the sum of its absolute
    terms counts as 0 if the column has no bound.
    """
    multipliers, reduced = _reduced(flat, row_dual)
    lower = flat.lower if implied_lower is None else implied_lower
    upper = flat.upper if implied is None else implied
    return _bound(flat, multipliers, np.abs(multipliers), reduced, (lower, upper), rounding)


def _reduced(flat: LinearProgram, row_dual: Array) -> tuple[Array, Array]:
    """Return the multipliers of finite sides and their reduced costs d = cost − Aᵀy."""
    multipliers = feasible_multipliers(flat, row_dual)
    return multipliers, flat.cost - flat.rows.pull(multipliers)


def _bound(
    flat: LinearProgram, multipliers: Array, sizes: Array, reduced: Array, implied: Bounds, rounding: float
) -> float:
    """Lower bound from feasible multipliers, their `sizes` and their reduced costs, see `bound`."""
    lower, upper = np.maximum(flat.lower, implied[0]), np.minimum(flat.upper, implied[1])
    endless = np.flatnonzero(((reduced < 0.0) & np.isposinf(upper)) | ((reduced > 0.0) & np.isneginf(lower)))
    if _unless_rounding(flat, sizes, reduced, endless, rounding).any():
        return -np.inf
    # Σ over rows of y·side, then Σ over columns of min(d·lower, d·upper).
    rows = _times(np.maximum(multipliers, 0.0), flat.row_lower) + _times(np.minimum(multipliers, 0.0), flat.row_upper)
    # Infinite bounds: their reduced cost is rounding (checked above) and contributes 0.
    above, below = np.maximum(reduced, 0.0), np.minimum(reduced, 0.0)
    above[endless] = below[endless] = 0.0
    columns = _times(above, lower) + _times(below, upper)
    return float(rows + columns + flat.constant)


def proven(flat: LinearProgram, row_dual: Array, objective: float, implied: Implied | None = None) -> float:
    """Lower bound like `bound`; infinite bounds are replaced by those that the rows and a cost limit imply.

    The rounding of a reduced cost is measured by the largest multiplier in the block of each row.

    row_dual: shape (rows,). objective: of the solution found. implied: implied bounds of this `flat`, for callers that
    prove repeatedly.
    """
    multipliers, reduced = _reduced(flat, row_dual)
    sizes = _block_sizes(flat, multipliers)
    plain = _bound(flat, multipliers, sizes, reduced, (flat.lower, flat.upper), ROUNDING)
    if np.isfinite(plain):
        return plain
    limit, bounds = (implied or Implied(flat)).at(objective)
    return min(_bound(flat, multipliers, sizes, reduced, bounds, ROUNDING), limit)


class Implied:
    """Bounds of all solutions whose cost is at most a limit slightly above the first objective asked for.

    They serve other objectives, too: if no solution costs less than the limit, the limit itself is a lower bound. They
    are reused as long as the limit lies at most twice as far above the objective.
    """

    def __init__(self, flat: LinearProgram) -> None:
        self._flat, self._limit, self._bounds = flat, -np.inf, (flat.lower, flat.upper)

    def at(self, objective: float) -> tuple[float, Bounds]:
        """Return the cost limit and the implied bounds of all columns, shape (columns,) each."""
        more = ABOVE * max(LEAST_OBJECTIVE, abs(objective))
        if not objective <= self._limit <= objective + 2.0 * more:
            self._limit = objective + more
            self._bounds = implied_bounds(self._flat, self._limit)
        return self._limit, self._bounds


def _unless_rounding(flat: LinearProgram, sizes: Array, reduced: Array, chosen: Index, rounding: float) -> Array:
    """Return the reduced costs of the chosen columns, with 0 for those below the rounding of their sum.

    sizes: of the multipliers, shape (rows,), to which the rounding is relative.
    """
    if not len(chosen):
        return reduced[chosen]
    terms = flat.rows.pulled_sizes(sizes, chosen) + np.abs(flat.cost[chosen])
    return np.where(np.abs(reduced[chosen]) <= rounding * terms, 0.0, reduced[chosen])


def _block_sizes(flat: LinearProgram, multipliers: Array) -> Array:
    """Return for each row the largest absolute multiplier of its block, shape (rows,).

    Multipliers of a block have one unit and one accuracy. A column that is held by rows with multipliers near 0 alone has
    a reduced cost of their rounding, which is far above the rounding of its own sum.
    """
    sizes, model = np.abs(multipliers), flat.model
    if len(sizes) != model.periods * (model.items(False, model.rows) + model.hours * model.items(True, model.rows)):
        return sizes  # these rows are not those of the blocks
    for block in model.rows.values():
        part = flat.part(sizes, block, rows=True)
        part[...] = part.max(initial=0.0)
    return sizes


def contradiction(flat: LinearProgram, row_dual: Array, missed: float = 0.0, implied: Bounds | None = None) -> float:
    """Return the violation that these multipliers prove for every point (Farkas); 0 if they prove none.

    The bound without costs must exceed rounding, 1e-9 of the largest term, and the bound for rows that may each be
    exceeded by a share `missed` of their side. implied: bounds implied by the rows (`implied_by`), if known.
    """
    # Farkas certificate: with c = 0, a positive lower bound means that no point satisfies rows and bounds.
    bare = _bare(flat)
    lower, upper = implied_bounds(bare, np.inf) if implied is None else implied
    proof = bound(bare, row_dual, upper, implied_lower=lower, rounding=SIMPLEX_ROUNDING)
    sides = np.where(row_dual > 0.0, flat.row_lower, flat.row_upper)
    terms = np.abs(row_dual * np.where(np.isfinite(sides), sides, 0.0))
    noise = NOISE * max(float(np.abs(row_dual).max(initial=0.0)), float(terms.max(initial=0.0)))
    return proof if proof > max(noise, missed * float(terms.sum())) else 0.0


def descent(flat: LinearProgram, x: Array) -> Array | None:
    """Return x as a ray along which the cost falls without limit, scaled to a largest entry of 1; otherwise None.

    No row and no bound may limit the ray by more than rounding. x and the ray: shape (columns,).
    """
    # A ray may not move towards a finite bound, nor a row towards a finite side.
    ray = np.where(np.isfinite(flat.upper), np.minimum(x, 0.0), x)
    ray = np.where(np.isfinite(flat.lower), np.maximum(ray, 0.0), ray)
    ray /= max(float(np.abs(ray).max(initial=0.0)), np.finfo(float).tiny)
    along = flat.rows.times(ray)
    against = np.maximum(
        np.where(np.isfinite(flat.row_lower), -along, 0.0), np.where(np.isfinite(flat.row_upper), along, 0.0)
    )
    if (against > NOISE * np.maximum(flat.rows.largest(ray), REST)).any():
        return None
    terms = flat.cost * ray
    # A smaller decrease may come from the residuals of the rows alone.
    least = REST * max(float(np.abs(terms).sum()), float(np.abs(flat.cost).max(initial=0.0)))
    return ray if float(terms.sum()) < -least else None


def implied_by(flat: LinearProgram) -> Bounds:
    """Return the bounds that the rows imply without a cost limit. Shape (columns,) each."""
    return implied_bounds(_bare(flat), np.inf)


def _bare(flat: LinearProgram) -> LinearProgram:
    return replace(flat, cost=np.zeros_like(flat.cost), constant=0.0)


def feasible_multipliers(flat: LinearProgram, row_dual: Array) -> Array:
    """Return `row_dual` with 0 where its sign belongs to an infinite side of the row."""
    wrong = ((row_dual > 0.0) & np.isneginf(flat.row_lower)) | ((row_dual < 0.0) & np.isposinf(flat.row_upper))
    return np.where(wrong, 0.0, row_dual)


def violation(flat: LinearProgram, x: Array, *, blocks: bool = True, least: float | None = None) -> float:
    """Return the largest violation of a row or a bound by x, shape (columns,), relative to the largest term of the row.

    A row is measured by at least a hundredth of the largest term of its block, unless `blocks` is False, for a `flat`
    with rows other than its model's. It is also measured by at least `least`, by default 1e-6 of the largest value (or
    of 1e3). Without these floors a row whose terms are all rounding would be judged by rounding. Bounds are measured by
    max(1, |x|). The result is inf if x has a NaN.
    """
    worst = float(np.max(np.maximum(flat.lower - x, x - flat.upper) / np.maximum(1.0, np.abs(x)), initial=0.0))
    found = np.max([worst, float(np.max(missed(flat, x, blocks=blocks, least=least), initial=0.0))])
    return float(found) if found >= 0.0 else np.inf  # NaN counts as a violation


def missed(flat: LinearProgram, x: Array, *, blocks: bool = True, least: float | None = None) -> Array:
    """Return the relative violation of each row by x, measured as in `violation`. Shape (rows,)."""
    if least is None:
        least = REST * max(1e3, float(np.abs(x).max(initial=0.0)))
    scale = np.maximum(flat.rows.largest(x), least)
    for side in (flat.row_lower, flat.row_upper):
        np.maximum(scale, np.where(np.isfinite(side), np.abs(side), 0.0), out=scale)
    # Floor of a hundredth of the block's largest term.
    for block in flat.model.rows.values() if blocks else ():
        part = flat.part(scale, block, rows=True)
        np.maximum(part, 1e-2 * part.max(initial=0.0), out=part)
    return np.asarray(shortfall(flat, x) / scale)


def shortfall(flat: LinearProgram, x: Array) -> Array:
    """Return the absolute violation of each row by x, 0 where it is satisfied. Shape (rows,)."""
    activity = flat.rows.times(x)
    return np.asarray(np.maximum(np.maximum(flat.row_lower - activity, activity - flat.row_upper), 0.0))


def implied_upper(flat: LinearProgram, cutoff: float, rounds: int = 4) -> Array:
    """Return the upper ones of the implied bounds. Shape (columns,)."""
    return implied_bounds(flat, cutoff, rounds)[1]


def implied_bounds(flat: LinearProgram, cutoff: float, rounds: int = 4) -> Bounds:
    """Return bounds of every solution with cost·x + constant ≤ cutoff, from the activity of single rows.

    Lower and upper, shape (columns,) each; ±inf where no row implies one. The cost is one more row. Source: Andersen and
    Andersen (1995), "Presolving in linear programming". Only lower bounds of columns without one are derived.
    """
    from gnomon.proof.bound_tightening import tighten  # noqa: PLC0415 (compiled: half a second, needed where bounds are missing)

    lower, upper, cost = flat.lower.copy(), flat.upper.copy(), MatrixRows(sp.csr_matrix(flat.cost))
    bounds = (lower, upper, np.isneginf(lower))
    rows = (flat.rows.parts, flat.row_lower, flat.row_upper)
    limit = (cost.parts, np.array([-np.inf]), np.array([cutoff - flat.constant]))
    for _ in range(rounds):
        by_rows = tighten(*rows, *bounds)
        if not (tighten(*limit, *bounds) or by_rows):
            break
    return lower, upper


def _times(factor: Array, side: Array) -> float:
    """Return Σ factor·side with 0·inf = 0."""
    used = factor != 0.0
    return float(factor[used] @ side[used])
