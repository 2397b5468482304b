"""The one big matrix against a dense construction that loops over everything."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.arrays import Label
from gnomon.errors import SolverError
from gnomon.highs import solver_sequence
from gnomon.model import csr_matrix
from gnomon.model.block_model import Block, Model
from gnomon.model.csr_matrix import size
from gnomon.model.linear_program import LinearProgram, flatten
from tests.gnomon.synthetic import network


class Naive:
    """The same model as dictionaries of single rows and columns, filled one number at a time."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.columns = self._numbers(model.columns)
        self.rows = self._numbers(model.rows)
        self.matrix = np.zeros((len(self.rows), len(self.columns)))

    def _numbers(self, family: dict[str, Block]) -> dict[tuple[str, int, int, Label], int]:
        """Number of (block, period, hour, label): those of periods first, then hour by hour."""
        model, found = self.model, {}
        for hourly in (False, True):
            for period in range(model.periods):
                for hour in range(model.hours) if hourly else [-1]:
                    for block in family.values():
                        if block.hourly == hourly:
                            for label in block.labels:
                                found[block.name, period, hour, label] = len(found)
        return found

    def add(
        self, row: Block, rows: list[Label], column: Block, columns: list[Label], values: np.ndarray, before: bool
    ) -> None:
        model = self.model
        hourly = row.hourly or column.hourly
        full = np.broadcast_to(values, model.shape(hourly, len(rows)))
        for period in range(model.periods):
            for hour in range(model.hours) if hourly else [-1]:
                there = model.previous[hour] if before else hour
                for i, (at, by) in enumerate(zip(rows, columns, strict=True)):
                    number = self.rows[row.name, period, hour if row.hourly else -1, at]
                    other = self.columns[column.name, period, there if column.hourly else -1, by]
                    self.matrix[number, other] += full[period, hour, i] if hourly else full[period, i]

    def add_across(
        self,
        row: Block,
        rows: list[tuple[int, Label]],
        column: Block,
        columns: list[tuple[int, Label]],
        values: np.ndarray,
    ) -> None:
        for (y, at), (z, by), value in zip(rows, columns, values, strict=True):
            self.matrix[self.rows[row.name, y, -1, at], self.columns[column.name, z, -1, by]] += value

    def vector(
        self, family: dict[str, Block], numbers: dict[tuple[str, int, int, Label], int], what: str
    ) -> np.ndarray:
        out = np.empty(len(numbers))
        for (name, period, hour, label), number in numbers.items():
            values = getattr(family[name], what)
            item = family[name].labels.index(label)
            out[number] = values[period, hour, item] if family[name].hourly else values[period, item]
        return out


def _cycles(rng: np.random.Generator) -> np.ndarray:
    """The hour before each hour in blocks of 1 to 3 hours."""
    sizes = rng.integers(1, 4, rng.integers(1, 4))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return np.concatenate([np.roll(np.arange(start, start + n), 1) for start, n in zip(starts, sizes, strict=True)])


def random_model(seed: int) -> tuple[Model, Naive]:
    """A model with blocks of every kind and entries of every kind, zeros, and several at one place."""
    rng = np.random.default_rng(seed)
    model = Model(int(rng.integers(1, 4)), _cycles(rng))
    for number in range(rng.integers(2, 6)):
        hourly = bool(number % 2)
        labels = [(f"i{i}", f"k{i % 2}") for i in range(rng.integers(1, 4))]
        shape = model.shape(hourly, len(labels))
        lower, cost = rng.integers(-3, 1, shape).astype(float), rng.integers(-3, 4, shape).astype(float)
        integer = not hourly and bool(rng.integers(2))
        model.add_columns(
            f"x{number}", ("a", "b"), labels, hourly=hourly, lower=lower, upper=lower + 2, cost=cost, integer=integer
        )
        model.add_rows(f"r{number}", ("a", "b"), labels, hourly=hourly, lower=lower, upper=np.inf)
    model.constant = 2.5
    naive = Naive(model)
    for _ in range(rng.integers(0, 12)):
        row = list(model.rows.values())[rng.integers(len(model.rows))]
        column = list(model.columns.values())[rng.integers(len(model.columns))]
        count = rng.integers(1, 5)
        rows = [row.labels[i] for i in rng.integers(0, len(row), count)]
        columns = [column.labels[i] for i in rng.integers(0, len(column), count)]
        if not row.hourly and not column.hourly and rng.integers(2):
            at = [(int(rng.integers(model.periods)), label) for label in rows]
            by = [(int(rng.integers(model.periods)), label) for label in columns]
            values = rng.integers(-2, 3, count).astype(float)
            model.add_across(row, at, column, by, values)
            naive.add_across(row, at, column, by, values)
            continue
        before = row.hourly and column.hourly and bool(rng.integers(2))
        full = model.shape(row.hourly or column.hourly, int(count))
        given_shape = [n if rng.integers(2) else 1 for n in full[:-1]] + [count]
        values = rng.integers(-2, 3, given_shape).astype(float)
        model.add(row, rows, column, columns, values, before=before)
        naive.add(row, rows, column, columns, values, before)
    return model, naive


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**9))
def test_flat_equals_the_dense_construction(seed: int) -> None:
    model, naive = random_model(seed)
    flat = flatten(model)
    np.testing.assert_array_equal(flat.matrix.toarray(), naive.matrix)
    assert not (flat.matrix.data == 0.0).any(), "stored zeros"
    assert flat.matrix.nnz == np.count_nonzero(naive.matrix), "two entries at one place"
    for what in ("lower", "upper", "cost"):
        np.testing.assert_array_equal(getattr(flat, what), naive.vector(model.columns, naive.columns, what))
    np.testing.assert_array_equal(flat.row_lower, naive.vector(model.rows, naive.rows, "lower"))
    np.testing.assert_array_equal(flat.row_upper, naive.vector(model.rows, naive.rows, "upper"))
    whole = [model.columns[name].integer for name, *_ in naive.columns]
    assert flat.integer.tolist() == whole
    assert flat.constant == 2.5


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**9))
def test_numbers_places_and_tables_agree(seed: int) -> None:
    model, naive = random_model(seed)
    flat = flatten(model)
    for rows, family, numbers in ((False, model.columns, naive.columns), (True, model.rows, naive.rows)):
        values = np.arange(float(len(numbers)))
        tables = flat.split_rows(values) if rows else flat.split_columns(values)
        for (name, period, hour, label), number in numbers.items():
            block = family[name]
            item = block.labels.index(label)
            assert flat.place(block, period, hour, item) == number
            assert flat.name(number, rows) == (block, period, hour, item)
            assert (tables[name][period, hour, item] if block.hourly else tables[name][period, item]) == number


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**9))
def test_size_is_known_beforehand(seed: int) -> None:
    model, _ = random_model(seed)
    flat = flatten(model)
    rows, columns, nonzeros = size(model)
    assert (rows, columns) == flat.matrix.shape
    assert nonzeros >= flat.matrix.nnz


def test_a_single_hour_is_its_own_predecessor() -> None:
    model = Model(1, np.array([0]))
    store = model.add_columns("stored", ("site",), [("s",)], hourly=True)
    row = model.add_rows("storage_balance", ("site",), [("s",)], hourly=True, lower=0.0, upper=0.0)
    model.add(row, [("s",)], store, [("s",)], 1.0)
    model.add(row, [("s",)], store, [("s",)], -0.5, before=True)
    assert flatten(model).matrix.toarray().tolist() == [[0.5]]


def test_two_hours_precede_one_another() -> None:
    model = Model(1, np.array([1, 0]))
    store = model.add_columns("stored", ("site",), [("s",)], hourly=True)
    row = model.add_rows("storage_balance", ("site",), [("s",)], hourly=True, lower=0.0, upper=0.0)
    model.add(row, [("s",)], store, [("s",)], 1.0)
    model.add(row, [("s",)], store, [("s",)], [[[-0.5], [-0.25]]], before=True)
    assert flatten(model).matrix.toarray().tolist() == [[1.0, -0.5], [-0.25, 1.0]]


def test_an_unknown_number_has_no_name() -> None:
    flat = flatten(network(2, 2, 2))
    with pytest.raises(SolverError, match="there is no row"):
        flat.name(10**6, rows=True)


def test_too_many_nonzeros_are_refused_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csr_matrix, "LARGEST", 100)
    flat = flatten(network(4, 3, 2))
    with pytest.raises(SolverError, match="choose fewer hours or periods"):
        _ = flat.matrix
    with pytest.raises(SolverError, match="choose fewer hours or periods"):
        solver_sequence.solve(flat)


def test_a_model_without_rows_or_columns_is_an_empty_matrix() -> None:
    assert flatten(Model(1, np.array([0]))).matrix.shape == (0, 0)


def _arrays(flat: LinearProgram) -> Iterator[np.ndarray]:
    matrix: sp.csr_matrix = flat.matrix
    yield from (matrix.data, matrix.indices, matrix.indptr, flat.row_lower, flat.row_upper)
    yield from (flat.lower, flat.upper, flat.cost, flat.integer)


def test_flattening_needs_little_more_memory_than_its_result() -> None:
    model = network(2000, 10, 6)
    tracemalloc.start()
    flat = flatten(model)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    needed = sum(array.nbytes for array in _arrays(flat))
    assert kept < 1.2 * needed + 1e6
    assert peak < 1.5 * needed + 1e6
    assert flat.matrix.indices.dtype == flat.matrix.indptr.dtype == np.int32
