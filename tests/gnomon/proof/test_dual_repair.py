"""Repair of duals, against least changes that are known by hand and optima that scipy finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gnomon.proof import weak_duality
from gnomon.proof.dual_repair import repair
from tests.gnomon.linear import linear

INF = np.inf


def test_a_free_column_gets_a_reduced_cost_of_0_by_the_least_change() -> None:
    """min 5 f, f in the equations f + x = 1 and 2 f + y = 3: its duals must satisfy y₀ + 2 y₁ = 5.

    From (0.9, 2) the residual is 0.1. The least change along (1, 2) is 0.1 / 5 × (1, 2) = (0.02, 0.04).
    """
    flat = linear([[1, 1, 0], [2, 0, 1]], [1, 3], [1, 3], [-INF, 0, 0], [INF, 9, 9], [5, 0, 0])
    found = repair(flat, np.array([0.9, 2.0]), (flat.lower, flat.upper))
    assert found == pytest.approx([0.92, 2.04], rel=1e-9)
    assert weak_duality.bound(flat, np.array([0.9, 2.0])) == -INF
    # 0.92 × 1 + 2.04 × 3, less 9 times the reduced costs −0.92 and −2.04 of x and y.
    assert weak_duality.bound(flat, found) == pytest.approx(7.04 - 9 * 2.96, rel=1e-9)


def test_duals_of_inequalities_stay_on_their_side() -> None:
    """Row 0 is a ≥ with a dual of 0: only the equation may move, although both hold the column."""
    flat = linear([[1, 1], [1, 0]], [1, 1], [INF, 1], [-INF, 0], [INF, 9], [1, 1])
    found = repair(flat, np.array([0.0, 1.5]), (flat.lower, flat.upper))
    assert found == pytest.approx([0.0, 1.0], abs=1e-12)


def test_a_column_that_gets_the_wrong_sign_is_held_too() -> None:
    """f is free in both equations. x, without an upper bound, is in the first at a reduced cost of 0, and y in neither.

    The least change would make that of x negative; so y₀ stays and y₁ takes all of it.
    """
    flat = linear([[1, 1, 0], [1, 0, 1]], [1, 1], [1, 1], [-INF, 0, 0], [INF, INF, 9], [3.2, 1, 2])
    found = repair(flat, np.array([1.0, 2.0]), (flat.lower, flat.upper))
    assert found == pytest.approx([1.0, 2.2], rel=1e-9)
    assert np.isfinite(weak_duality.bound(flat, found))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9))
def test_disturbed_optimal_duals_prove_the_optimum_again(seed: int) -> None:
    """Duals of scipy's simplex, disturbed by 1e-7, prove nothing as columns are free; repaired they prove the optimum."""
    rng = np.random.default_rng(seed)
    rows, free, others = int(rng.integers(2, 6)), int(rng.integers(1, 3)), int(rng.integers(2, 6))
    matrix = rng.normal(size=(rows, free + others))
    side = matrix @ np.concatenate([rng.normal(size=free), rng.random(others) * 2.0])
    lower = np.concatenate([np.full(free, -INF), np.zeros(others)])
    upper = np.concatenate([np.full(free, INF), np.full(others, 3.0)])
    cost = np.concatenate([matrix[:, :free].T @ rng.normal(size=rows), rng.random(others)])
    best = linprog(cost, A_eq=matrix, b_eq=side, bounds=np.column_stack([lower, upper]), method="highs-ds")
    if best.status != 0:
        return
    flat = linear(matrix, side, side, lower, upper, cost)
    disturbed = best.eqlin.marginals + 1e-7 * rng.normal(size=rows)
    found = weak_duality.bound(flat, repair(flat, disturbed, (lower, upper)))
    assert weak_duality.bound(flat, disturbed) == -INF
    assert best.fun - 1e-5 <= found <= best.fun + 1e-9
