"""The elastic form: what rows must give way by, against linear programs by another solver and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.highs import solver_sequence
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.proof import weak_duality
from gnomon.transforms import elastic_rows
from tests.gnomon.timed import feasible, timed


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10**9))
def test_rows_give_way_only_where_they_contradict_one_another(seed: int) -> None:
    """And then the duals prove it."""
    flat = flatten(timed(seed, contradictory=True)[0])
    found = solver_sequence.solve(elastic_rows.relax_rows(flat), Options(solver="simplex"))
    assert (found.objective <= 1e-6) == feasible(flat)
    assert (weak_duality.contradiction(flat, found.row_dual) > 0.0) == (not feasible(flat))


def _halls(most: float) -> LinearProgram:
    """Two hours that ask for 4 and 8 of a hall that may have so much."""
    model, hall = Model(1, np.array([1, 0])), [("hall",)]
    run = model.add_columns("run", ("site",), hall, hourly=True, cost=7.0)
    built = model.add_columns("built", ("site",), hall, upper=most, cost=3.0, integer=True)
    asked = np.array([4.0, 8.0]).reshape(1, 2, 1)
    model.add(model.add_rows("served", ("site",), hall, hourly=True, lower=asked), hall, run, hall)
    within = model.add_rows("within", ("site",), hall, hourly=True, upper=0.0)
    model.add(within, hall, run, hall)
    model.add(within, hall, built, hall, -2.0)
    return flatten(model)


def test_a_row_gives_way_for_its_size() -> None:
    """The hall holds 6: the second hour lacks 2 of 8, or exceeds a row of which the largest coefficient is 2 by 1."""
    flat = _halls(3.0)
    elastic = elastic_rows.relax_rows(flat)
    assert not elastic.integer.any()
    found = solver_sequence.solve(elastic, Options(solver="simplex"))
    assert found.objective == pytest.approx(elastic_rows.PRICE * 0.25)
    assert found.objective == pytest.approx(found.bound)
    assert solver_sequence.solve(
        elastic_rows.relax_rows(_halls(4.0)), Options(solver="simplex")
    ).objective == pytest.approx(0.0, abs=1e-9)


def test_sides_and_bounds_are_those_of_the_flat_model() -> None:
    flat = _halls(3.0)
    more = replace(flat, upper=np.where(flat.upper == 3.0, 4.0, flat.upper))
    assert solver_sequence.solve(elastic_rows.relax_rows(more), Options(solver="simplex")).objective == pytest.approx(
        0.0, abs=1e-9
    )
    less = replace(flat, row_lower=np.where(flat.row_lower == 8.0, 6.0, flat.row_lower))
    assert solver_sequence.solve(elastic_rows.relax_rows(less), Options(solver="simplex")).objective == pytest.approx(
        0.0, abs=1e-9
    )
