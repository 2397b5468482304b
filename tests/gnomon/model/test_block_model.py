"""The labelled model: what it accepts, and that everything ambiguous raises."""

from __future__ import annotations

import numpy as np
import pytest

import gnomon
from gnomon.errors import ModelError
from gnomon.model.block_model import Model

SITES = [("s0",), ("s1",)]


@pytest.fixture
def model() -> Model:
    return Model(2, np.array([2, 0, 1]))


def test_numbers_broadcast_to_periods_hours_and_items(model: Model) -> None:
    by_hour = np.arange(3.0)[:, None]
    block = model.add_columns("grid", ("site",), SITES, hourly=True, cost=by_hour, upper=[[[1.0, 2.0]]])
    assert block.cost.shape == block.upper.shape == (2, 3, 2)
    assert block.cost[1, 2, 0] == 2.0
    assert block.upper[0, 1, 1] == 2.0


def test_blocks_of_one_kind_follow_one_another(model: Model) -> None:
    model.add_columns("build", ("site",), SITES)
    grid = model.add_columns("grid", ("site",), SITES, hourly=True)
    installed = model.add_columns("installed", ("site",), SITES[:1])
    assert (grid.first, installed.first) == (0, 2)
    assert model.items(False, model.columns) == 3
    assert model.items(True, model.columns) == 2


def test_an_empty_block_is_left_out(model: Model) -> None:
    empty = model.add_columns("build", ("site",), [])
    assert len(empty) == 0
    assert "build" not in model.columns


def test_labels_are_found_or_raise(model: Model) -> None:
    block = model.add_columns("build", ("site",), SITES)
    assert block.at([("s1",), ("s0",), ("s1",)]).tolist() == [1, 0, 1]
    with pytest.raises(ModelError, match=r"build has no item \('s9',\)"):
        block.at([("s9",)])


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"labels": [("a",), ("a",)]}, "two items with the label"),
        ({"labels": [("a", "b")]}, "labels that do not fit the dimensions"),
        ({"lower": 2.0, "upper": 1.0}, "a lower bound above its upper bound"),
        ({"cost": np.nan}, "1 of 1 numbers are NaN"),
        ({"cost": [1.0, np.inf]}, "cost: 1 of 2 numbers are infinite"),
        ({"lower": np.inf}, "lower side: 1 of 1 numbers are infinite"),
        ({"upper": [1.0, -np.inf]}, "upper side: 1 of 2 numbers are infinite"),
        ({"upper": np.ones(3)}, r"numbers of shape \(3,\) do not fit \(2, 2\)"),
        ({"hourly": True, "integer": True}, "only columns of periods may be integer"),
    ],
)
def test_what_a_block_refuses(model: Model, what: dict[str, object], message: str) -> None:
    labels = what.pop("labels", SITES)
    with pytest.raises(ModelError, match=message):
        model.add_columns("build", ("site",), labels, **what)


def test_a_name_is_taken_once(model: Model) -> None:
    model.add_rows("balance", ("site",), SITES)
    with pytest.raises(ModelError, match="balance: this name is taken"):
        model.add_rows("balance", ("site",), SITES)


def test_entries_that_do_not_align_raise(model: Model) -> None:
    row = model.add_rows("balance", ("site",), SITES)
    hourly = model.add_rows("power", ("site",), SITES, hourly=True)
    column = model.add_columns("build", ("site",), SITES)
    with pytest.raises(ModelError, match="2 rows for 1 columns"):
        model.add(row, SITES, column, SITES[:1])
    with pytest.raises(ModelError, match="build has no item"):
        model.add(row, SITES, column, [("s0",), ("s7",)])
    with pytest.raises(ModelError, match="only hours have an hour before"):
        model.add(hourly, SITES, column, SITES, before=True)
    with pytest.raises(ModelError, match="do not fit"):
        model.add(row, SITES, column, SITES, np.ones((3, 2)))
    with pytest.raises(ModelError, match="NaN"):
        model.add(row, SITES, column, SITES, [1.0, np.nan])
    with pytest.raises(ModelError, match="balance × build: 1 of 2 numbers are infinite"):
        model.add(row, SITES, column, SITES, [1.0, np.inf])
    other = Model(2, np.array([2, 0, 1])).add_columns("elsewhere", ("site",), SITES)
    with pytest.raises(ModelError, match="elsewhere: no block of this model"):
        model.add(row, SITES, other, SITES)


def test_entries_across_periods_join_blocks_of_periods_only(model: Model) -> None:
    row = model.add_rows("balance", ("site",), SITES)
    grid = model.add_columns("grid", ("site",), SITES, hourly=True)
    with pytest.raises(ModelError, match="entries across periods join blocks of periods"):
        model.add_across(row, [(0, ("s0",))], grid, [(0, ("s0",))])
    build = model.add_columns("build", ("site",), SITES)
    with pytest.raises(ModelError, match="1 rows for 2 columns"):
        model.add_across(row, [(0, ("s0",))], build, [(0, ("s0",)), (1, ("s0",))])


def test_nothing_to_add_adds_nothing(model: Model) -> None:
    row = model.add_rows("balance", ("site",), SITES)
    column = model.add_columns("build", ("site",), SITES)
    model.add(row, [], column, [])
    model.add_across(row, [], column, [])
    assert not model.entries


@pytest.mark.parametrize("previous", [[0, 0], [1, 2], [[0, 1]], [0.5, 1.0]])
def test_hours_that_form_no_cycles_are_refused(previous: list[int]) -> None:
    with pytest.raises(ModelError, match="previous: not a permutation of the hours"):
        Model(1, np.array(previous))


def test_a_model_without_columns_is_refused_and_one_without_rows_solved(model: Model) -> None:
    with pytest.raises(ModelError, match="no columns"):
        gnomon.solve(model)
    model.add_columns("build", ("site",), SITES, lower=2.0, cost=3.0)
    for method in ("direct", "structured"):
        assert gnomon.solve(model, method=method).objective == pytest.approx(24.0)
