"""Columns written from the templates against the matrix by rows, which a test of its own holds to a dense one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.model import column_slices, csr_matrix
from gnomon.model.block_model import Model
from gnomon.model.coefficients import Coefficients, ScaledCoefficients, StoredCoefficients, TemplateCoefficients
from tests.gnomon.model.test_linear_program import random_model
from tests.gnomon.synthetic import network


def _together(found: Coefficients, size: int = 1000) -> sp.csc_matrix:
    """The matrix that slices make up, which must join without a gap and have their rows in order."""
    parts = list(found.slices(size))
    rows, columns = found.shape
    assert [part.first for part in parts] + [columns] == [0] + [part.last for part in parts]
    for part in parts:
        assert part.starts[0] == 0
        assert part.starts[-1] == len(part.rows) == len(part.values)
        assert part.rows.dtype == part.starts.dtype == np.int32
        assert all((np.diff(part.rows[low:high]) > 0).all() for low, high in pairwise(part.starts))
    indptr = np.concatenate([[0], *(np.diff(part.starts) for part in parts)]).cumsum()
    values = np.concatenate([np.empty(0), *(part.values for part in parts)])
    indices = np.concatenate([np.empty(0, dtype=np.int32), *(part.rows for part in parts)])
    return sp.csc_matrix((values, indices, indptr), shape=(rows, columns))


def _same(found: sp.csc_matrix, wanted: sp.csr_matrix) -> bool:
    by_columns = wanted.tocsc()
    by_columns.sort_indices()
    arrays = ("indptr", "indices", "data")
    return all(np.array_equal(getattr(found, name), getattr(by_columns, name)) for name in arrays)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**9), st.sampled_from([1, 3, 10, 10**6]))
def test_slices_are_the_columns_of_the_matrix(seed: int, size: int) -> None:
    model, _ = random_model(seed)
    made = TemplateCoefficients(model)
    assert _same(_together(made, size), csr_matrix.whole(model))
    assert made.nonzeros == csr_matrix.whole(model).nnz
    assert _same(_together(StoredCoefficients(csr_matrix.whole(model)), size), csr_matrix.whole(model))


def test_most_random_models_are_written_without_their_matrix() -> None:
    assert sum(column_slices.possible(random_model(seed)[0]) for seed in range(100)) > 30


def test_a_country_is_written_without_its_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    model = network(48, 6, 4, periods=3)
    wanted = csr_matrix.whole(model)
    monkeypatch.setattr(csr_matrix, "whole", None)
    made = TemplateCoefficients(model)
    assert len(list(made.slices(1000))) > 10
    assert made.nonzeros == wanted.nnz
    assert _same(_together(made), wanted)


def test_a_matrix_that_was_let_go_is_made_again() -> None:
    made = TemplateCoefficients(network(4, 3, 2))
    once = made.matrix()
    assert made.matrix() is once
    ScaledCoefficients(made, np.ones(made.shape[0]), np.ones(made.shape[1])).forget()
    assert made.matrix() is not once
    assert _same(made.matrix().tocsc(), once)


def test_a_matrix_that_is_nowhere_else_is_not_let_go() -> None:
    held = StoredCoefficients(sp.csr_matrix(np.eye(2)))
    held.forget()
    assert held.matrix().toarray().tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_scaled_slices_are_those_of_the_scaled_matrix() -> None:
    made = TemplateCoefficients(network(6, 3, 2))
    rng = np.random.default_rng(2)
    row, column = (np.exp2(rng.integers(-9, 9, n).astype(float)) for n in made.shape)
    scaled = ScaledCoefficients(made, row, column)
    assert _same(_together(scaled), scaled.matrix())
    np.testing.assert_array_equal(scaled.matrix().toarray(), row[:, None] * made.matrix().toarray() * column)
    assert scaled.nonzeros == made.nonzeros


def test_a_model_without_rows_or_columns_has_no_entries() -> None:
    empty = TemplateCoefficients(Model(1, np.array([1, 0])))
    assert empty.nonzeros == 0
    assert _together(empty).shape == (0, 0)
