"""Compiled kernels against numpy: vectors of hours, and small dense matrices; and the threads they run on."""

from __future__ import annotations

from threading import Event

import numba
import numpy as np
import pytest

from gnomon.interior_point.factorisation import dense_blocks
from gnomon.runtime.simd_lanes import LANES, aligned, every, load, store
from gnomon.runtime.threads import PIECE, Threads, WorkerThreads


@numba.njit
def _worked(a, b, out):  # type: ignore[no-untyped-def]
    for i in range(len(a)):
        value = load(a, i) * load(b, i) - every(3) * load(b, i)
        value += load(a, i)
        value -= load(b, i)
        value *= every(0.5)
        store(out, len(a) - 1 - i, value)


def test_vectors_do_what_numbers_do_row_by_row() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 5, LANES))
    out = np.zeros((5, LANES))
    _worked(a, b, out)
    assert out[::-1] == pytest.approx(0.5 * (a * b - 3.0 * b + a - b), rel=1e-14)


def test_a_part_of_an_array_is_found_where_it_begins() -> None:
    a, out = np.arange(6.0 * LANES).reshape(6, LANES), np.zeros((2, LANES))
    _worked(a[3:5], np.zeros((2, LANES)), out)
    assert out.tolist() == (0.5 * a[3:5][::-1]).tolist()


def test_aligned_rows_begin_where_lines_of_the_cache_do() -> None:
    for rows in range(5):
        assert aligned(rows).shape == (rows, LANES)
        assert aligned(rows).ctypes.data % (8 * LANES) == 0


@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_the_inverse_of_a_factor(n: int) -> None:
    half = np.random.default_rng(n).normal(size=(n, n + 3))
    matrix = half @ half.T
    upper, inverse = np.triu(matrix), np.full((n, n), np.nan)
    assert dense_blocks.inverse_factor(upper, inverse)
    assert inverse == pytest.approx(np.linalg.inv(np.linalg.cholesky(matrix)), rel=1e-9, abs=1e-9)


def test_a_row_that_depends_on_others_is_0_in_the_inverse() -> None:
    rows = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [3.0, 4.0, 1.0], [0.0, 1.0, 5.0]])
    inverse = np.zeros((4, 4))
    assert dense_blocks.inverse_factor(rows @ rows.T, inverse)
    assert np.abs(inverse[2]).max() < 1e-60
    others = [0, 1, 3]
    exact = np.linalg.inv(np.linalg.cholesky((rows @ rows.T)[np.ix_(others, others)]))
    assert inverse[np.ix_(others, others)] == pytest.approx(exact, abs=1e-12)


def test_dead_rows_leave_the_others_alone() -> None:
    half = np.random.default_rng(3).normal(size=(2, 4, 6))
    matrices = half @ half.transpose(0, 2, 1)
    dead = np.array([[False, True, False, False], [True, False, False, True]])
    inverses = np.zeros((2, 4, 4))
    given = matrices.copy()
    given[0, 1], given[0, :, 1] = np.inf, 7.0  # whatever stands there
    assert dense_blocks.inverse_factors(given, dead, inverses)
    for matrix, gone, inverse in zip(matrices, dead, inverses, strict=True):
        live = np.flatnonzero(~gone)
        exact = np.linalg.inv(np.linalg.cholesky(matrix[np.ix_(live, live)]))
        assert inverse[np.ix_(live, live)] == pytest.approx(exact, rel=1e-9, abs=1e-12)
        assert not inverse[np.ix_(live, np.flatnonzero(gone))].any()


def test_numbers_that_are_not_finite_are_told() -> None:
    assert not dense_blocks.inverse_factor(np.array([[np.inf]]), np.zeros((1, 1)))
    assert not dense_blocks.inverse_factors(
        np.array([[[1.0]], [[np.nan]]]), np.zeros((2, 1), dtype=bool), np.zeros((2, 1, 1))
    )


def test_what_is_no_array_of_rows_is_refused_when_it_is_compiled() -> None:
    rows = np.zeros((4, LANES))
    for wrong in (rows.astype(np.float32), rows[:, ::2], rows.ravel()):
        with pytest.raises(numba.TypingError, match="contiguous array of doubles"):
            _worked(wrong, wrong, rows)


def test_what_one_thread_raises_is_raised_when_all_have_ended() -> None:
    failed, ended = Event(), []

    def work(number: int) -> None:
        if number == 0:
            failed.set()
            raise FloatingPointError
        assert failed.wait(10.0)
        Event().wait(0.2)
        ended.append(number)

    with WorkerThreads(1) as hands:
        with pytest.raises(FloatingPointError):
            Threads(2, hands).map(work, [0, 1])
        assert ended == [1]


@pytest.mark.parametrize("count", [1, 2])
def test_long_vectors_are_filled_to_the_last_entry_and_without_a_word(count: int) -> None:
    a, b = np.arange(2.0 * PIECE + 3), np.ones(2 * PIECE + 3)
    b[-1] = 0.0
    with WorkerThreads(1) as hands, np.errstate(all="ignore"):
        found = Threads(count, hands if count > 1 else None).filled(np.divide, a, b)
    assert found[:-1].tolist() == a[:-1].tolist()
    assert found[-1] == np.inf
