"""What multipliers prove, against optima that scipy finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gnomon.model import row_operator
from gnomon.model.block_model import Model
from gnomon.model.coefficients import StoredCoefficients
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.proof import weak_duality
from gnomon.proof.bound_tightening import tighten
from gnomon.transforms import elastic_form
from tests.gnomon.linear import linear


def _random(seed: int) -> LinearProgram:
    """A feasible LP with equations, one-sided and two-sided rows, and columns with and without bounds."""
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(1, 7)), int(rng.integers(1, 8))
    matrix = np.where(rng.random((rows, columns)) < 0.6, rng.integers(-3, 6, (rows, columns)), 0).astype(float)
    x = rng.integers(0, 4, columns).astype(float)
    below, above = rng.integers(0, 3, rows).astype(float), rng.integers(0, 3, rows).astype(float)
    below[rng.random(rows) < 0.3] = np.inf
    above[rng.random(rows) < 0.3] = np.inf
    upper = np.where(rng.random(columns) < 0.5, x + rng.integers(0, 3, columns), np.inf)
    return linear(matrix, matrix @ x - below, matrix @ x + above, np.zeros(columns), upper, rng.integers(0, 5, columns))


def _optimum(flat: LinearProgram) -> float:
    matrix = flat.matrix.toarray()
    high, low = np.isfinite(flat.row_upper), np.isfinite(flat.row_lower)
    found = linprog(
        flat.cost,
        A_ub=np.concatenate([matrix[high], -matrix[low]]),
        b_ub=np.concatenate([flat.row_upper[high], -flat.row_lower[low]]),
        bounds=np.column_stack([flat.lower, flat.upper]),
    )
    assert found.status == 0
    return float(found.fun)


@settings(deadline=None, max_examples=120)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_no_multipliers_ever_prove_more_than_the_optimum(seed: int, other: int) -> None:
    flat = _random(seed)
    optimum = _optimum(flat)
    multipliers = np.random.default_rng(other).normal(size=flat.matrix.shape[0])
    implied = weak_duality.implied_upper(flat, optimum + 1.0)
    for bound in (weak_duality.bound(flat, multipliers), weak_duality.bound(flat, multipliers, implied)):
        assert bound <= optimum + 1e-9 * max(1.0, abs(optimum))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9))
def test_implied_bounds_hold_for_every_solution_below_the_limit(seed: int) -> None:
    flat = _random(seed)
    limit = _optimum(flat) + 1.0
    implied = weak_duality.implied_upper(flat, limit)
    limited = replace(
        flat,
        coefficients=StoredCoefficients(sp.vstack([flat.matrix, sp.csr_matrix(flat.cost)], format="csr")),
        row_lower=np.append(flat.row_lower, -np.inf),
        row_upper=np.append(flat.row_upper, limit),
    )
    for column in np.flatnonzero(np.isfinite(implied)):
        largest = -_optimum(replace(limited, cost=-np.eye(len(implied))[column]))
        assert largest <= implied[column] + 1e-7 * max(1.0, abs(largest))


def test_an_implied_bound_allows_for_what_its_sums_lose() -> None:
    """x ≤ y ≤ 5 with x ≥ −1e20: in double precision 0 − (−1e20 − 5) − 1e20 is 0, and x may be 5."""
    upper = np.array([np.inf, 5.0])
    row = row_operator.MatrixRows(sp.csr_matrix(np.array([[1.0, -1.0]])))
    tighten(row.parts, np.array([-np.inf]), np.array([0.0]), np.array([-1e20, 0.0]), upper, np.zeros(2, dtype=bool))
    assert 5.0 <= upper[0] < 1e8


def test_optimal_multipliers_prove_the_optimum() -> None:
    # min 2a + 3b, a + b ≥ 4, a ≤ 3: a = 3, b = 1, cost 9; the row is worth 3
    flat = linear([[1.0, 1.0]], [4.0], [np.inf], [0.0, 0.0], [3.0, np.inf], [2.0, 3.0])
    assert weak_duality.bound(flat, np.array([3.0])) == 9.0
    assert weak_duality.bound(flat, np.array([2.0])) == 8.0


def test_a_wrong_sign_is_set_to_zero_and_an_endless_column_proves_nothing() -> None:
    flat = linear([[1.0, 1.0]], [4.0], [np.inf], [0.0, 0.0], [3.0, np.inf], [2.0, 3.0])
    assert weak_duality.bound(flat, np.array([-1.0])) == 0.0
    assert weak_duality.bound(flat, np.array([3.1])) == -np.inf
    assert weak_duality.bound(flat, np.array([3.1]), np.array([np.inf, 10.0])) == pytest.approx(12.4 - 3.3 - 1.0)


def test_the_constant_counts() -> None:
    flat = replace(linear([[1.0]], [1.0], [np.inf], [0.0], [np.inf], [2.0]), constant=5.0)
    assert weak_duality.bound(flat, np.array([2.0])) == 7.0


def test_contradiction_is_proven_by_farkas_multipliers_only() -> None:
    # a + b ≥ 4 with a, b ≤ 1
    flat = linear([[1.0, 1.0]], [4.0], [np.inf], [0.0, 0.0], [1.0, 1.0], [7.0, 7.0])
    assert weak_duality.contradiction(flat, np.array([1.0])) == 2.0
    assert weak_duality.contradiction(flat, np.array([-1.0])) == 0.0
    assert weak_duality.contradiction(replace(flat, row_lower=np.array([2.0])), np.array([1.0])) == 0.0


def test_a_way_down_is_one_that_no_row_and_no_bound_ends() -> None:
    """x0 − x1 ≤ 3, both from 0 on, x2 between 0 and 9; what is gained by x0 is lost on x1 where that costs as much."""
    rows = ([[1.0, -1.0, 0.0]], [-np.inf], [3.0], [0, 0, 0], [np.inf, np.inf, 9.0])
    flat = linear(*rows, [-2.0, 1.0, -5.0])
    assert weak_duality.descent(flat, np.array([1e9, 1e9, 9.0])) == pytest.approx([1.0, 1.0, 0.0])
    assert weak_duality.descent(flat, np.array([1e9, 1e9 - 10.0, 9.0])) is None, "the row ends it"
    assert weak_duality.descent(flat, np.array([3.0, 0.0, 9.0])) is None, "so it does here"
    assert weak_duality.descent(linear(*rows, [-1.0, 1.0, -5.0]), np.array([1e9, 1e9, 9.0])) is None, "it leads nowhere"
    assert weak_duality.descent(flat, np.zeros(3)) is None


def test_what_goes_round_at_no_cost_is_no_way_down() -> None:
    """s0 + a − b ≤ 5, s1 − a + b ≤ 5: no more than 10 can be earned, however large a and b are beside it."""
    rows = ([[1.0, 0.0, 1.0, -1.0], [0.0, 1.0, -1.0, 1.0]], [-np.inf] * 2, [5.0] * 2, [0] * 4, [np.inf] * 4)
    flat = linear(*rows, [-1.0, -1.0, 0.0, 0.0])
    for size in (1e2, 1e6, 1e8, 1e10, 1e14):
        assert weak_duality.descent(flat, np.array([1.0, 1.0, size, size])) is None


def test_violation_is_relative_to_the_largest_term() -> None:
    flat = linear([[100.0, -100.0]], [0.0], [0.0], [0.0, 0.0], [np.inf, np.inf], [1.0, 1.0])
    assert weak_duality.violation(flat, np.array([2.0, 2.0])) == 0.0
    assert weak_duality.violation(flat, np.array([2.0, 2.001])) == pytest.approx(0.1 / 200.1)
    assert weak_duality.violation(flat, np.array([-0.5, -0.5])) == 0.5
    assert weak_duality.violation(flatten(Model(1, np.array([0]))), np.empty(0)) == 0.0


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**9))
def test_the_elastic_model_costs_nothing_where_the_model_is_feasible(seed: int) -> None:
    flat = _random(seed)
    assert _optimum(elastic_form.elastic_form(flat)) == pytest.approx(0.0, abs=1e-9)
    broken = replace(
        flat, row_lower=np.full(flat.matrix.shape[0], 1e3), row_upper=np.full(flat.matrix.shape[0], np.inf)
    )
    broken = replace(broken, upper=np.ones(flat.matrix.shape[1]))
    # With x ≤ 1 a row reaches at most the sum of its positive coefficients; all rows stretched to 0 are met by x = 0.
    reach = np.maximum(broken.matrix.toarray(), 0.0).sum(axis=1)
    assert (1e3 - reach.min()) / 1e3 <= _optimum(elastic_form.elastic_form(broken)) * (1 + 1e-9) <= 1.0 + 1e-8


@pytest.mark.parametrize("seed", range(20))
def test_the_largest_terms_of_rows(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    matrix = sp.random(40, 30, density=0.2, format="csr", random_state=rng)
    x = rng.normal(size=30)
    right = abs(matrix @ sp.diags(x)).max(axis=1).toarray().ravel()
    assert row_operator.largest_terms(matrix, x).tolist() == right.tolist()
    with monkeypatch.context() as patch:
        patch.setattr(row_operator, "PIECE", 3)
        assert row_operator.largest_terms(matrix, x).tolist() == right.tolist()
    x[7] = np.nan
    assert np.isnan(row_operator.largest_terms(matrix, x)).tolist() == (np.diff(matrix[:, [7]].indptr) > 0).tolist()


def test_what_is_no_number_violates_everything() -> None:
    flat = linear([[1.0, 1.0]], [1.0], [2.0], [0.0, 0.0], [1.0, 1.0], [1.0, 1.0])
    assert weak_duality.violation(flat, np.array([0.5, 0.5])) == 0.0
    assert weak_duality.violation(flat, np.array([np.nan, 0.5])) == np.inf


def test_bounds_of_one_objective_prove_no_more_than_they_may_of_another() -> None:
    # x ≥ 2 and y free above, at costs of 1: without implied bounds a price of 3 for the row proves nothing
    flat = linear([[1.0, 1.0]], [2.0], [np.inf], [0.0, 0.0], [np.inf, np.inf], [1.0, 1.0])
    implied = weak_duality.Implied(flat)
    assert weak_duality.proven(flat, np.array([1.0]), 2.0, implied) == 2.0
    for objective in (2.0, 0.5, 1.5, 1000.0, 2.0):  # even one that no solution has
        for price in (0.5, 1.0, 1.5, 3.0):
            assert weak_duality.proven(flat, np.array([price]), objective, implied) <= 2.0
    limit, (_, upper) = implied.at(2.0)
    assert limit == 2.002
    assert upper.tolist() == pytest.approx([2.002, 2.002], rel=1e-12)
    assert implied.at(2.001)[0] == limit
    assert implied.at(1.0)[0] == 1.001
