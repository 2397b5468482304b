"""The structure of an hour as it is found in the rows of a model."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from gnomon.interior_point.formulation.hour_template import cycles
from gnomon.interior_point.formulation.standard_form import standard
from gnomon.interior_point.linear_algebra.vertex_cover import least_cover
from gnomon.model.linear_program import flatten
from tests.laws.strategies import full
from tests.scenarios import five
from xisuan.equations.build_model import CAPACITIES, assemble
from xisuan.planning.expansion import plan
from xisuan.scenario.variants.synthetic import country


@given(st.integers(0, 2**32 - 1), st.integers(1, 7), st.integers(1, 7))
def test_a_cover_meets_every_entry_and_none_is_smaller(seed: int, rows: int, columns: int) -> None:
    held = np.random.default_rng(seed).random((rows, columns)) < 0.35
    chosen_columns, chosen_rows = least_cover(sp.csr_array(held.astype(float)))
    left = held.copy()
    left[chosen_rows] = False
    left[:, chosen_columns] = False
    assert not left.any()
    assert len(chosen_columns) + len(chosen_rows) == _least(held)


def _least(held: np.ndarray) -> int:
    """Size of the smallest cover: for every choice of rows, the columns that the others need."""
    rows = range(len(held))
    return min(
        sum(chosen) + int(held[[i for i in rows if not chosen[i]]].any(axis=0).sum())
        for chosen in (tuple(bits >> i & 1 for i in rows) for bits in range(2 ** len(held)))
    )


def test_rings_begin_with_their_earliest_hour_and_follow_the_clock() -> None:
    rings = cycles(np.array([2, 0, 1, 3, 5, 4]))
    assert [ring.tolist() for ring in rings] == [[0, 1, 2], [3], [4, 5]]


def test_states_are_the_rows_that_look_back() -> None:
    model = assemble(full(1).build()).model
    template = standard(flatten(model)).template
    names = [name for name, block in model.rows.items() if block.hourly for _ in block.labels]
    assert {names[row] for row in template.states} == {"work_balance", "storage_balance"}


def test_stock_of_many_pairs_reaches_the_hour_as_one_sum_a_link() -> None:
    model = assemble(country(12, 8)).model
    template = standard(flatten(model)).template
    held = {(e.column.name, int(at)) for e in model.entries if e.row.hourly and not e.column.hourly for at in e.columns}
    assert template.border < len(held)
    names = [name for name, block in model.rows.items() if block.hourly for _ in block.labels]
    assert "traffic_within_link" in {names[row] for row in template.sums}


def test_what_stands_still_is_no_part_of_the_border() -> None:
    """With capacities fixed only demand charges, contracts, stock and yearly rules join the hours."""
    scenario = five(hours="hours:3", periods=[2026])
    built = plan(scenario)
    capacities = {name: built.variables[name] for name in CAPACITIES if name in built.variables}
    model = assemble(scenario, fixed=capacities).model
    template = standard(flatten(model)).template
    names = [name for name, block in model.columns.items() if not block.hourly for _ in block.labels]
    assert not {names[column] for column in template.shared} & {*CAPACITIES}
    assert template.border < standard(flatten(assemble(scenario).model)).template.border
