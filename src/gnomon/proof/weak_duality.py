"""What duals prove: a lower bound on the optimum, by weak duality, whatever the solver did.

For any row multipliers y, and x between its bounds,

    cost·x = y·(A x) + (cost − Aᵀy)·x ≥ Σ max over the row's sides of y·side + Σ min over the column's bounds of d·bound

with reduced costs d = cost − Aᵀy. A multiplier whose side is infinite is worth −∞, so it is set to 0 first (which
leaves a valid bound); a reduced cost of the wrong sign on a column without that bound leaves −∞, unless the caller
knows a bound that every solution worth having obeys. `implied_upper` finds such bounds from the rows alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index
from gnomon.model.linear_program import Flat
from gnomon.model.row_operator import Whole

ROUNDING = 1e-14
"""What the sum of a reduced cost, of up to some hundred terms, may be wrong by in double precision, relatively."""
SIMPLEX_ROUNDING = 1e-11
"""The same for multipliers that satisfy their equations only as well as a factorisation solves them."""
REST = 1e-6
"""Share of the largest value below which a row counts as one in which nothing happens."""
ABOVE = 1e-3
"""How far the limit of implied bounds lies above an objective, relative to it."""
NOISE = 1e-9
"""What double precision may leave of a term that should have cancelled, relative to the largest."""


def bound(flat: Flat, row_dual: Array, implied: Array | None = None, *, rounding: float = ROUNDING) -> float:
    """A lower bound on the optimum: −inf if these multipliers prove none.

    row_dual: shape (rows,), d objective / d right side. implied: shape (columns,), upper bounds that every solution
    worth having obeys, inf where nothing is known. The sums are in double precision: good to about 1e-12 of the
    largest term, and a reduced cost of less than `rounding` of its terms counts as 0 where the column has no bound.
    """
    multipliers, reduced = _reduced(flat, row_dual)
    return _bound(flat, multipliers, reduced, implied, rounding)


def _reduced(flat: Flat, row_dual: Array) -> tuple[Array, Array]:
    """The multipliers that prove something, and the reduced costs that they leave."""
    multipliers = feasible_multipliers(flat, row_dual)
    return multipliers, flat.cost - flat.rows.pull(multipliers)


def _bound(flat: Flat, multipliers: Array, reduced: Array, implied: Array | None, rounding: float) -> float:
    upper = flat.upper if implied is None else np.minimum(flat.upper, implied)
    endless = np.flatnonzero((reduced < 0.0) & np.isposinf(upper))
    known = _unless_rounding(flat, multipliers, reduced, endless, rounding)
    if (known < 0.0).any():
        return -np.inf
    rows = _times(np.maximum(multipliers, 0.0), flat.row_lower) + _times(np.minimum(multipliers, 0.0), flat.row_upper)
    below = np.minimum(reduced, 0.0)
    below[endless] = 0.0
    columns = _times(np.maximum(reduced, 0.0), flat.lower) + _times(below, upper)
    return float(rows + columns + flat.constant)


def proven(flat: Flat, row_dual: Array, objective: float, implied: Implied | None = None) -> float:
    """`bound`, with upper bounds that the rows and a cost limit imply where columns have none.

    `objective` is that of the solution found. `implied`: of this `flat`, for whoever proves again and again.
    """
    multipliers, reduced = _reduced(flat, row_dual)
    plain = _bound(flat, multipliers, reduced, None, ROUNDING)
    if np.isfinite(plain):
        return plain
    limit, upper = (implied or Implied(flat)).at(objective)
    return min(_bound(flat, multipliers, reduced, upper, ROUNDING), limit)


class Implied:
    """Upper bounds of solutions that cost no more than a limit a little above the objective that is first asked for.

    They are good for any other objective, too: where no solution costs less than the limit, that itself is a bound. Those
    that are near enough, so that the limit lies at most twice as far above, are not found anew.
    """

    def __init__(self, flat: Flat) -> None:
        self._flat, self._limit, self._upper = flat, -np.inf, flat.upper

    def at(self, objective: float) -> tuple[float, Array]:
        """The limit, and the upper bounds of all columns."""
        more = ABOVE * max(1.0, abs(objective))
        if not objective <= self._limit <= objective + 2.0 * more:
            self._limit = objective + more
            self._upper = implied_upper(self._flat, self._limit)
        return self._limit, self._upper


def _unless_rounding(flat: Flat, multipliers: Array, reduced: Array, chosen: Index, rounding: float) -> Array:
    """Reduced costs of the chosen columns, 0 where they are less than the rounding of the sum they come from."""
    if not len(chosen):
        return reduced[chosen]
    terms = flat.rows.pulled_sizes(multipliers, chosen) + np.abs(flat.cost[chosen])
    return np.where(np.abs(reduced[chosen]) <= rounding * terms, 0.0, reduced[chosen])


def contradiction(flat: Flat, row_dual: Array, missed: float = 0.0, implied: Array | None = None) -> float:
    """How far these multipliers prove the rows and bounds to contradict one another (Farkas); 0: they prove nothing.

    What they prove without cost must exceed rounding, 1e-9 of the largest term, and what it would be if each row could be
    missed by a share `missed` of its side. implied: the upper bounds that rows imply (`implied_by`), if they are known.
    """
    bare = _bare(flat)
    upper = implied_upper(bare, np.inf) if implied is None else implied
    proof = bound(bare, row_dual, upper, rounding=SIMPLEX_ROUNDING)
    sides = np.where(row_dual > 0.0, flat.row_lower, flat.row_upper)
    terms = np.abs(row_dual * np.where(np.isfinite(sides), sides, 0.0))
    noise = NOISE * max(float(np.abs(row_dual).max(initial=0.0)), float(terms.max(initial=0.0)))
    return proof if proof > max(noise, missed * float(terms.sum())) else 0.0


def descent(flat: Flat, x: Array) -> Array | None:
    """The direction of x, its largest entry 1, if the cost falls along it and nothing is in the way but rounding, no row and
    no bound; or None. x and direction: shape (columns,).
    """
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
    # What falls less may come of what rows miss alone.
    least = REST * max(float(np.abs(terms).sum()), float(np.abs(flat.cost).max(initial=0.0)))
    return ray if float(terms.sum()) < -least else None


def implied_by(flat: Flat) -> Array:
    """The upper bounds that rows imply, whatever it costs. Shape (columns,)."""
    return implied_upper(_bare(flat), np.inf)


def _bare(flat: Flat) -> Flat:
    return replace(flat, cost=np.zeros_like(flat.cost), constant=0.0)


def feasible_multipliers(flat: Flat, row_dual: Array) -> Array:
    """`row_dual` with 0 where its sign asks for a side that the row does not have."""
    wrong = ((row_dual > 0.0) & np.isneginf(flat.row_lower)) | ((row_dual < 0.0) & np.isposinf(flat.row_upper))
    return np.where(wrong, 0.0, row_dual)


def violation(flat: Flat, x: Array, *, blocks: bool = True, least: float | None = None) -> float:
    """Largest violation of a row or a bound by x, relative to the largest term of the row.

    A row is measured by no less than a hundredth of the largest term of its block (unless `blocks` is False, where
    `flat` has other rows than its model), and by no less than 1e-6 of the largest value (1e-3): a row whose terms are
    all noise would otherwise be judged against noise (`least` takes the place of that). Bounds are measured by
    max(1, |x|). It is inf where x has what is no number.
    """
    worst = float(np.max(np.maximum(flat.lower - x, x - flat.upper) / np.maximum(1.0, np.abs(x)), initial=0.0))
    found = np.max([worst, float(np.max(missed(flat, x, blocks=blocks, least=least), initial=0.0))])
    return float(found) if found >= 0.0 else np.inf  # what is no number violates everything


def missed(flat: Flat, x: Array, *, blocks: bool = True, least: float | None = None) -> Array:
    """By how much x misses each row, measured as `violation` does. Shape (rows,)."""
    if least is None:
        least = REST * max(1e3, float(np.abs(x).max(initial=0.0)))
    scale = np.maximum(flat.rows.largest(x), least)
    for side in (flat.row_lower, flat.row_upper):
        np.maximum(scale, np.where(np.isfinite(side), np.abs(side), 0.0), out=scale)
    for block in flat.model.rows.values() if blocks else ():
        part = flat.part(scale, block, rows=True)
        np.maximum(part, 1e-2 * part.max(initial=0.0), out=part)
    return np.asarray(shortfall(flat, x) / scale)


def shortfall(flat: Flat, x: Array) -> Array:
    """By how much each row misses its sides, 0 where it does not. Shape (rows,)."""
    activity = flat.rows.times(x)
    return np.asarray(np.maximum(np.maximum(flat.row_lower - activity, activity - flat.row_upper), 0.0))


def implied_upper(flat: Flat, cutoff: float, rounds: int = 4) -> Array:
    """Upper bounds that every solution with cost·x + constant ≤ cutoff obeys, from the activity of single rows.

    Shape (columns,); inf where no row says anything. The cost is taken as one more row. After Andersen & Andersen
    (1995), Presolving in linear programming, without tightening the lower bounds.
    """
    from gnomon.proof.bound_tightening import tighten  # noqa: PLC0415 (compiled: half a second, needed where bounds are missing)

    found, cost = flat.upper.copy(), Whole(sp.csr_matrix(flat.cost))
    rows = (flat.rows.parts, flat.row_lower, flat.row_upper)
    limit = (cost.parts, np.array([-np.inf]), np.array([cutoff - flat.constant]))
    for _ in range(rounds):
        by_rows = tighten(*rows, flat.lower, found)
        if not (tighten(*limit, flat.lower, found) or by_rows):
            break
    return found


def _times(factor: Array, side: Array) -> float:
    """Σ factor·side with 0·inf = 0."""
    used = factor != 0.0
    return float(factor[used] @ side[used])
