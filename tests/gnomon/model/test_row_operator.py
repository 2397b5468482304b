"""Rows read from the templates against those of the matrix, which a test of its own holds to a dense one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.interior_point.formulation import presolve
from gnomon.model import column_slices, csr_matrix
from gnomon.model.block_model import Model
from gnomon.model.coefficients import TemplateCoefficients
from gnomon.model.linear_program import flatten
from gnomon.model.row_kernels import Templates, line_of, lines, of_matrix, read, span
from gnomon.model.row_operator import MatrixRows, Rows
from gnomon.proof import weak_duality
from tests.gnomon.model.test_linear_program import random_model
from tests.gnomon.synthetic import network

SEEDS = st.integers(0, 10**9)


def _possible(seed: int) -> Model | None:
    model, _ = random_model(seed)
    return model if column_slices.possible(model) else None


def _read(rows: Rows, count: int, columns: int) -> sp.csr_matrix:
    """The matrix that kernels read, line by line."""
    parts, table, seen = rows.parts, np.zeros((count, columns)), 0
    number, starts, column, value = lines(parts)
    for line in range(number):
        read(parts, line, starts, column, value)
        first, some = span(parts, line)
        assert first == seen, "every row in turn"
        seen += some
        for k in range(some):
            assert line_of(parts, first + k) == line
            entries = slice(starts[k], starts[k + 1])
            assert len(set(column[entries].tolist())) == starts[k + 1] - starts[k], "no place twice"
            table[first + k, column[entries]] = value[entries]
    assert seen == count
    return sp.csr_matrix(table)


@settings(deadline=None, max_examples=200)
@given(SEEDS)
def test_rows_are_those_of_the_matrix(seed: int) -> None:
    if (model := _possible(seed)) is None:
        return
    wanted, found = csr_matrix.whole(model), Templates(model)
    rows, columns = wanted.shape
    assert (found.shape, abs(_read(found, rows, columns) - wanted).nnz) == (wanted.shape, 0)
    assert abs(_read(MatrixRows(wanted), rows, columns) - wanted).nnz == 0
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=columns), rng.normal(size=rows) * (rng.random(rows) < 0.7)
    chosen, some = rng.permutation(columns)[: columns // 2], rng.permutation(rows)[: rows // 2 + 1]
    whole = MatrixRows(wanted)
    np.testing.assert_allclose(found.times(x), whole.times(x), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(found.sizes(x), whole.sizes(x), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(found.pull(y), whole.pull(y), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(found.pulled_sizes(y, chosen), whole.pulled_sizes(y, chosen), rtol=1e-13, atol=1e-13)
    assert found.largest(x).tolist() == whole.largest(x).tolist()
    assert abs(found.some(some) - wanted[some]).nnz == 0
    assert found.some(some).nnz == wanted[some].nnz, "no zeros among them"


def test_most_random_models_are_read_without_their_matrix() -> None:
    assert sum(_possible(seed) is not None for seed in range(100)) > 30


def test_what_is_no_number_is_the_largest_term_of_the_rows_it_is_in() -> None:
    model = network(6, 3, 2)
    x = np.ones(flatten(model).shape[1])
    x[[0, -1]] = np.nan
    found, wanted = Templates(model).largest(x), MatrixRows(csr_matrix.whole(model)).largest(x)
    assert np.isnan(found).tolist() == np.isnan(wanted).tolist()
    assert 0 < np.isnan(found).sum() < len(found)


@pytest.mark.parametrize("seed", range(20))
def test_presolve_and_bounds_are_the_same_either_way(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are read in the same order, so that all decisions are the same ones."""
    model = network(30, 4, 3, periods=1 + seed % 3, seed=seed)
    whole = flatten(model)
    _ = whole.matrix
    monkeypatch.setattr(csr_matrix, "whole", None)
    read_only = replace(whole, coefficients=TemplateCoefficients(model, kept=0))
    assert isinstance(read_only.rows, Templates)
    rng = np.random.default_rng(seed)
    upper = np.where(rng.random(whole.shape[1]) < 0.2, 0.0, whole.upper)
    one, two = (presolve.reduce(replace(flat, upper=np.maximum(upper, whole.lower))) for flat in (whole, read_only))
    assert one.dropped.sum() > 0
    for name in ("lower", "upper", "dropped", "order", "fixer", "impossible", "row_lower", "row_upper"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name
    dual = rng.normal(size=whole.shape[0])
    restored = [presolve.restore(flat, found, dual) for flat, found in ((whole, one), (read_only, two))]
    np.testing.assert_allclose(*restored, rtol=1e-9, atol=1e-9)
    cutoff = float(np.abs(whole.cost).sum())
    np.testing.assert_allclose(*(weak_duality.implied_upper(flat, cutoff) for flat in (whole, read_only)), rtol=1e-9)
    x = rng.uniform(0.0, 5.0, whole.shape[1])
    assert weak_duality.violation(read_only, x) == pytest.approx(weak_duality.violation(whole, x), rel=1e-9)


def test_an_hour_that_is_the_one_before_itself_is_read_from_the_matrix() -> None:
    model = network(1, 2, 2)
    assert isinstance(TemplateCoefficients(model, kept=0).rows(), MatrixRows)


def test_whoever_wants_no_matrix_gets_the_templates_unless_it_is_there() -> None:
    made = TemplateCoefficients(network(6, 3, 2))
    assert isinstance(made.without_matrix().rows(), Templates)
    assert isinstance(made.rows(), MatrixRows)
    assert made.without_matrix() is made, "it is there now"
    large = TemplateCoefficients(made.model, kept=made.nonzeros)
    assert large.without_matrix() is large, "whose templates are made but once"
    ring = TemplateCoefficients(network(1, 2, 2))
    assert ring.without_matrix() is ring, "which needs its matrix"


def test_a_matrix_is_the_rows_of_one_period_without_hours() -> None:
    parts = of_matrix(sp.csr_matrix(np.array([[1.0, 0.0, 2.0], [0.0, 0.0, 0.0]])))
    count, starts, column, value = lines(parts)
    assert (count, span(parts, 1)) == (2, (1, 1))
    read(parts, 0, starts, column, value)
    assert (starts.tolist(), column.tolist(), value.tolist()) == ([0, 2], [0, 2], [1.0, 2.0])
    read(parts, 1, starts, column, value)
    assert starts.tolist() == [0, 0]
