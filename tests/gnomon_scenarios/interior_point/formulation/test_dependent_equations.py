"""Equations that follow from others are found, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import xisuan as xs
from gnomon.highs import solver_sequence
from gnomon.interior_point.formulation import presolve
from gnomon.interior_point.formulation.dependent_equations import dependent_rows
from gnomon.interior_point.formulation.implied_equalities import without_hours
from gnomon.interior_point.solve import solve
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from tests.gnomon.linear import linear
from xisuan.equations.build_model import assemble


@settings(deadline=None)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(1, 12),
    columns=st.integers(1, 20),
    more=st.integers(0, 6),
    scale=st.sampled_from([1.0, 1e-7, 1e6]),
)
def test_as_many_are_found_as_the_rank_leaves(seed: int, count: int, columns: int, more: int, scale: float) -> None:
    """Sparse equations and sums of some of them, in any order and any units; then sides that contradict the others."""
    rng = np.random.default_rng(seed)
    own = rng.integers(-2, 3, (count, columns)) * (rng.random((count, columns)) < 0.4)
    weights = rng.integers(-2, 3, (more, count))
    units = scale ** rng.random(count + more)
    matrix = np.concatenate([own, weights @ own]) * units[:, None]
    x = rng.normal(size=columns)
    order = rng.permutation(count + more)
    matrix, sides = matrix[order], (matrix @ x)[order]
    rank = np.linalg.matrix_rank(np.concatenate([own, weights @ own]))
    sizes = np.abs(matrix) @ np.abs(x)
    found = dependent_rows(sp.csr_array(matrix), sides, sizes)
    assert int((~found).sum()) == rank
    assert np.linalg.matrix_rank((matrix / units[order, None])[~found]) == rank
    wrong = sides + np.where(found, 1e-3 * (sizes + units[order]), 0.0)
    assert not dependent_rows(sp.csr_array(matrix), wrong, sizes)[found].any()


def test_what_only_nearly_follows_is_left() -> None:
    matrix = sp.csr_array(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1e-6], [2.0, 2.0, 1e-6]]))
    assert dependent_rows(matrix, np.zeros(3), np.zeros(3)).tolist() == [False, False, True]


@cache
def nation(years: int) -> LinearProgram:
    """Six hours of `china` in each of some years, in which but the last no site may hold cold storage: what is moved of it
    must come to nothing."""
    scenario = xs.on_hours(xs.load("china"), xs.Hours.parse("hours:6")).with_settings(
        periods=tuple(range(2031 - years, 2031))
    )
    return flatten(assemble(scenario).model)


def test_where_nothing_may_be_held_one_balance_of_what_is_moved_follows_from_the_others() -> None:
    flat = nation(2)
    found = presolve.reduce(flat)
    moves = found.lower < found.upper
    every = without_hours(flat, moves, np.zeros(len(found.dropped), dtype=np.bool_))
    rows = every[found.row_lower[every] == found.row_upper[every]]
    of_rows = sp.csc_array(flat.rows.some(rows)[:, moves])
    parts = of_rows[:, np.diff(of_rows.indptr) > 0].toarray()
    said = np.abs(parts).any(axis=1)
    follow = rows[found.dropped[rows] & said]
    kept = parts[~found.dropped[rows]]
    assert len(follow) > 0
    assert {flat.name(int(row), rows=True)[0].name for row in follow} == {"stock_node_balance"}
    assert np.linalg.matrix_rank(parts) == np.linalg.matrix_rank(kept) == len(kept)


@pytest.mark.long
def test_plans_in_which_balances_follow_from_others_are_proven() -> None:
    """Without looking for them the border had no digits: no proof, whatever was refined."""
    found = solve(nation(5), Options(gap=1e-7))
    assert found.gap <= 1e-7
    assert found.objective == pytest.approx(solver_sequence.solve(nation(5), Options("simplex")).objective, rel=2e-7)


def test_sides_of_columns_that_stand_still_count() -> None:
    """x + y = 3 follows from y + z = 2 and x − z = 1 once w, in both, is fixed; with another side it contradicts them."""
    matrix = np.array([[0.0, 1, 1, 1], [1, 0, -1, 1], [1, 1, 0, 2]])
    sides = np.array([2.0, 1, 3]) + 5.0 * np.array([1, 1, 2])
    flat = linear(matrix, sides, sides, [0, 0, 0, 5], [9, 9, 9, 5], np.ones(4))
    assert presolve.reduce(flat).dropped.tolist() == [False, False, True]
    other = sides + np.array([0.0, 0.0, 0.25])
    assert not presolve.reduce(replace(flat, row_lower=other, row_upper=other)).dropped.any()
