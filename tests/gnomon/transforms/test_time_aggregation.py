"""The smaller model: whatever satisfies the whole satisfies it too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gnomon.arrays import Array
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.proof import weak_duality
from gnomon.transforms.time_aggregation import cyclic_groups, relax
from tests.gnomon.synthetic import network
from tests.gnomon.timed import timed


def _mapped(model: Model, x: Array, hours: Array) -> Array:
    """A solution of the whole as one of the small model: means of groups, then the hours as they are."""
    parts = flatten(model).split_columns(x)
    groups = cyclic_groups(model.previous)
    out: dict[bool, list[Array]] = {False: [], True: []}
    for name, block in model.columns.items():
        values = parts[name]
        if block.hourly:
            means = np.stack([values[:, group].mean(axis=1) for group in groups], axis=1)
            values = np.concatenate([means, values[:, hours[len(groups) :]]], axis=1)
        out[block.hourly].append(values)
    joined = [np.concatenate(out[hourly], axis=-1).ravel() for hourly in (False, True) if out[hourly]]
    return np.concatenate(joined)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**9))
def test_a_solution_of_the_whole_is_one_of_the_small_model(seed: int) -> None:
    model, x = timed(seed)
    rng = np.random.default_rng(seed)
    assert weak_duality.violation(flatten(model), x) < 1e-9
    small = relax(model, rng.integers(0, model.hours, rng.integers(0, 3)).tolist())
    assert weak_duality.violation(flatten(small.model), _mapped(model, x, small.hours)) < 1e-9


def test_the_small_model_of_one_hour_says_the_same_as_the_whole() -> None:
    model = network(1, 3, 2)
    whole, small = flatten(model), flatten(relax(model, ()).model)
    assert _least(small, whole.cost) == pytest.approx(_least(whole, whole.cost), rel=1e-9)


def _least(flat: LinearProgram, cost: Array) -> float:
    matrix = flat.matrix.toarray()
    high, low = np.isfinite(flat.row_upper), np.isfinite(flat.row_lower)
    found = linprog(
        cost,
        A_ub=np.concatenate([matrix[high], -matrix[low]]),
        b_ub=np.concatenate([flat.row_upper[high], -flat.row_lower[low]]),
        bounds=np.column_stack([flat.lower, flat.upper]),
    )
    return float(found.fun)


def test_what_is_carried_cancels_in_the_mean() -> None:
    model = network(6, 1, 1)
    flat = flatten(relax(model, ()).model)
    backlog = model.columns["backlog"]
    column = flat.place(flat.model.columns["backlog"], 0, 0, 0)
    assert backlog.hourly
    assert flat.matrix[:, [column]].nnz == 0


def test_groups_are_closed_and_few() -> None:
    days = np.concatenate([np.roll(np.arange(start, start + 24), 1) for start in range(0, 480, 24)])
    groups = cyclic_groups(days)
    assert len(groups) == 8
    assert sorted(np.concatenate(groups).tolist()) == list(range(480))
    for group in groups:
        assert set(days[group]) == set(group.tolist())


def test_hours_before_those_taken_have_columns_but_no_rows() -> None:
    model = network(6, 2, 2)
    small = relax(model, [3])
    assert small.hours.tolist() == [-1, 3, 2]
    assert small.model.previous.tolist() == [0, 2, 2]
    balance = small.model.rows["service_balance ≥"]
    assert np.isfinite(balance.lower[0, :2]).all()
    assert np.isneginf(balance.lower[0, 2]).all()


def test_a_varying_coefficient_of_a_column_that_may_be_negative_frees_the_mean_row() -> None:
    model = Model(1, np.array([1, 0]))
    trade = model.add_columns("trade", ("site",), [("s",)], hourly=True, lower=-1.0, upper=1.0)
    row = model.add_rows("value", ("site",), [("s",)], hourly=True, lower=1.0)
    model.add(row, [("s",)], trade, [("s",)], [[[2.0], [-2.0]]])
    small = relax(model, ()).model
    assert "value ≥" not in small.rows, "x = (0.5, −0.5) satisfies both hours and has mean 0"


def test_numbers_of_the_whole_are_not_touched() -> None:
    model = network(5, 2, 2)
    before = {name: (block.lower.copy(), block.upper.copy()) for name, block in model.rows.items()}
    relax(model, [1, 2])
    for name, sides in before.items():
        np.testing.assert_array_equal((model.rows[name].lower, model.rows[name].upper), sides)
