"""Factors of matrices with a dense tail, against dense algebra."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gnomon.arrays import Array
from gnomon.interior_point.linear_algebra.sparse_lu import ArrowFactors, SingularError
from gnomon.runtime.threads import threads


def _arrow(seed: int, head: int, tail: int, diagonal: float, density: float) -> Array:
    """A random symmetric matrix with a dense tail; diagonal: size of the head's own diagonal."""
    rng, n = np.random.default_rng(seed), head + tail
    half = rng.normal(size=(n, n)) * (rng.random((n, n)) < density)
    half[head:, head:] = rng.normal(size=(tail, tail))
    whole = half + half.T
    at = np.arange(head)
    whole[at, at] = diagonal * rng.choice([-1.0, 1.0], head)
    return whole


def _factors(whole: Array, head: int, pivot: float = 0.01, count: int = 1) -> ArrowFactors:
    with threads(count, 1000) as pool:
        return ArrowFactors(sp.csc_array(whole), head, pivot, pool)


@settings(deadline=None)
@given(
    seed=st.integers(0, 10**6),
    head=st.integers(0, 40),
    tail=st.integers(0, 30),
    diagonal=st.sampled_from([0.0, 1e-12, 1e-3, 1.0, 1e6]),
    density=st.sampled_from([0.02, 0.1, 0.5, 1.0]),
    pivot=st.sampled_from([1e-3, 0.1, 1.0]),
)
def test_solutions_are_those_of_dense_algebra(
    seed: int, head: int, tail: int, diagonal: float, density: float, pivot: float
) -> None:
    whole = _arrow(seed, head, tail, diagonal, density)
    assume(len(whole) > 0 and np.linalg.cond(whole) <= 1e8)
    wanted = np.random.default_rng(seed).normal(size=len(whole))
    factors = _factors(whole, head, pivot)
    right = whole @ wanted
    found = factors.solve(right)
    found += factors.solve(right - whole @ found)  # small pivots lose digits, which are had back by refining
    assert np.abs(whole @ found - right).max() <= 1e-9 * np.abs(right).max()
    assert found == pytest.approx(wanted, abs=1e-12 * np.linalg.cond(whole) + 1e-9)


def test_a_pivot_of_nothing_is_found_in_the_tail() -> None:
    """The first column has nothing on its diagonal, and its only entry in the tail's row."""
    whole = np.array([[0.0, 0.0, 2.0], [0.0, 1.0, 1.0], [2.0, 1.0, 5.0]])
    assert _factors(whole, 2).solve(np.array([2.0, 3.0, 4.0])) == pytest.approx(np.linalg.solve(whole, [2.0, 3.0, 4.0]))


def test_a_small_pivot_costs_digits_and_is_not_taken() -> None:
    whole = np.array([[1e-14, 1.0, 1.0], [1.0, 1.0, 0.5], [1.0, 0.5, 3.0]])
    right = np.array([1.0, 2.0, 3.0])
    wanted = np.linalg.solve(whole, right)
    assert _factors(whole, 1, pivot=0.01).solve(right) == pytest.approx(wanted, rel=1e-13)
    assert np.abs(_factors(whole, 1, pivot=0.0).solve(right) - wanted).max() > 1e-4


@pytest.mark.parametrize("count", [1, 2, 3])
def test_threads_change_no_digit(count: int) -> None:
    whole = _arrow(3, 60, 37, 1e-3, 0.1)
    right = np.random.default_rng(3).normal(size=97)
    assert _factors(whole, 60, count=count).solve(right).tolist() == _factors(whole, 60).solve(right).tolist()


@pytest.mark.parametrize(
    ("head", "column"), [(3, "column 2 "), (1, "column 1 of the tail"), (0, "column 2 of the tail")]
)
def test_what_depends_on_other_columns_is_named(head: int, column: str) -> None:
    whole = np.array([[1.0, 2.0, 3.0, 0.0], [2.0, 4.0, 6.0, 0.0], [3.0, 6.0, 9.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    whole[1, 1] += 1.0  # exact in binary: nothing but zeros is left of the third column
    with pytest.raises(SingularError, match=column):
        _factors(whole, head)
