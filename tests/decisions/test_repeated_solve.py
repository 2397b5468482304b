"""The plan of a scenario that differs a little, found from the plan as it is, is that found from scratch."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pandas as pd
import pytest

from gnomon.arrays import Array
from gnomon.highs import highs_run, warm_simplex
from gnomon.highs.warm_simplex import STILL, Vertex
from gnomon.model.block_model import Block
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.proof import weak_duality
from tests.scenarios import five
from xisuan.decisions.confidence.stress_cases import with_table
from xisuan.decisions.repeated_solve import Question
from xisuan.errors import InfeasibleError
from xisuan.planning.expansion import plan
from xisuan.scenario.scenario import Scenario


@cache
def question() -> Question:
    return Question(five(hours="hours:6"))


def times(table: str, column: str, factor: float) -> Callable[[Scenario], Scenario]:
    return lambda given: with_table(
        given, table, given[table].assign(**{column: given[table][column].astype(float) * factor})
    )


CHANGES: dict[str, Callable[[Scenario], Scenario]] = {
    "work may go further": times("workloads", "latency_ms", 3.0),
    "work may not go as far": times("workloads", "latency_ms", 0.7),
    "shorter cables": times("links", "length_km", 0.5),
    "longer cables": times("links", "length_km", 1.2),
    "more work": times("demand", "units", 1.05),
    "dearer equipment": times("technologies", "capex_mcny_per_unit", 1.3),
    "as it is": lambda given: given,
}
STILL_A_PLAN = {"work may go further", "shorter cables", "as it is"}
"""Changes that leave the plan as it is among the plans: what is new may be left out, and no row asks for more. Dearer
equipment is not one of them, because budgets are spent."""


@cache
def changed_model(name: str) -> LinearProgram:
    return flatten(Question(CHANGES[name](question().scenario)).assembly.model)


def assert_kept_by_name(
    old: Mapping[str, Block], new: Mapping[str, Block], before: Mapping[str, Array], after: Mapping[str, Array]
) -> None:
    """What has a name of before has its value, all else none."""
    for name, block in new.items():
        place = old[name].position if name in old else {}
        known = [at for at, label in enumerate(block.labels) if label in place]
        if known:
            there = [place[block.labels[at]] for at in known]
            np.testing.assert_array_equal(after[name][..., known], before[name][..., there])
        fresh = np.setdiff1d(np.arange(len(block)), known)
        assert (after[name][..., fresh] == 0.0).all()


@pytest.mark.parametrize("name", CHANGES)
def test_it_costs_what_it_costs_from_scratch(name: str) -> None:
    changed = CHANGES[name](question().scenario)
    found = question().solve_scenario(changed)
    try:
        alone = plan(changed, Options(solver="simplex"))
    except InfeasibleError:
        assert found is None
        assert name in ("work may not go as far", "longer cables")
        return
    assert found is not None
    assert found.cost == pytest.approx(alone.cost_mcny, rel=1e-7)


def test_changes_of_both_kinds_are_among_them() -> None:
    """Of columns more and less; most of them begin from the plan as it is."""
    old = question().flat
    new = {name: changed_model(name) for name in CHANGES}
    more = {name: flat.shape[1] - old.shape[1] for name, flat in new.items()}
    assert more["work may go further"] > 0 > more["work may not go as far"]
    begun = {name: question().vertex.transfer(old, flat) is not None for name, flat in new.items()}
    assert begun["work may go further"]
    assert begun["more work"]
    assert begun["as it is"]


def test_a_vertex_keeps_its_values_by_name() -> None:
    old = question().flat
    wider = changed_model("work may go further")
    carried = question().vertex.transfer(old, wider)
    assert carried is not None
    before, after = old.split_columns(question().vertex.x), wider.split_columns(carried.x)
    assert_kept_by_name(old.model.columns, wider.model.columns, before, after)
    begun = warm_simplex.nearest_vertex(wider, carried, costs=True)
    alone = warm_simplex.nearest_vertex(wider)
    assert begun is not None
    assert alone is not None
    assert begun.objective == pytest.approx(alone.objective, rel=1e-9)
    assert begun.objective <= carried.objective + 1e-9 * abs(carried.objective)


def test_a_vertex_keeps_the_prices_of_rows_by_name() -> None:
    """Also where rows before them are new: a limit that no grid had, a rule that stands before the others of its kind."""
    old, given = question().flat, question().scenario
    limited = given["power"].assign(grid_limit_mw=given["power"]["grid_limit_mw"].fillna(1000.0))
    rule = given["policies"].query("rule == 'water_cap_m3'").assign(scope="west", value=1e12)
    changed = with_table(with_table(given, "power", limited), "policies", pd.concat([rule, given["policies"]]))
    longer = flatten(Question(changed).assembly.model)
    assert len(longer.model.rows["grid_within_zone"]) > len(old.model.rows["grid_within_zone"])
    assert len(longer.model.rows["water_cap_m3"]) > len(old.model.rows["water_cap_m3"])
    carried = question().vertex.transfer(old, longer)
    assert carried is not None
    before, after = old.split_rows(question().vertex.row_dual), longer.split_rows(carried.row_dual)
    assert_kept_by_name(old.model.rows, longer.model.rows, before, after)
    assert np.count_nonzero(carried.row_dual) == np.count_nonzero(question().vertex.row_dual)
    begun = warm_simplex.nearest_vertex(longer, carried, costs=True)
    assert begun is not None
    assert begun.objective == pytest.approx(question().vertex.objective, rel=1e-9)


def test_changes_of_which_the_plan_as_it_is_still_is_a_plan() -> None:
    """From there the primal simplex goes on; elsewhere the dual one does, or it begins anew."""
    still = set()
    for name in CHANGES:
        flat = changed_model(name)
        start = question().vertex.transfer(question().flat, flat)
        if start is not None and weak_duality.violation(flat, start.x) <= STILL:
            still.add(name)
    assert still == STILL_A_PLAN


def test_what_has_other_hours_has_no_such_vertex() -> None:
    other: LinearProgram = flatten(Question(five(hours="hours:4")).assembly.model)
    vertex: Vertex = question().vertex
    assert vertex.transfer(question().flat, other) is None


def test_a_vertex_goes_to_another_process_as_it_is() -> None:
    known = question().vertex
    sent = pickle.loads(pickle.dumps(known))
    again = warm_simplex.nearest_vertex(question().flat, sent, costs=True)
    assert again is not None
    assert again.iterations == 0 < known.iterations
    assert Question(question().scenario, sent).base == question().base


def test_a_vertex_of_another_shape_is_not_taken() -> None:
    other = Question(five(hours="hours:4")).vertex
    assert len(other.x) != question().flat.shape[1]
    assert Question(question().scenario, other).base == question().base


def test_a_basis_of_nothing_becomes_one_of_new_rows() -> None:
    nothing = highs_run.Basis(np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.int8))
    found = nothing.rearranged(np.array([-1, -1]), np.array([-1]))
    assert found is not None
    assert found.rows.tolist() == [int(highs_run.IN_BASIS)]
    assert int(highs_run.IN_BASIS) not in found.columns.tolist()
