"""The plan of a scenario that differs a little, found from the plan as it is, is that found from scratch."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from tests.scenarios import five
from xisuan.decisions.cases import with_table
from xisuan.decisions.question import Question
from xisuan.errors import InfeasibleError
from xisuan.planning.plan import plan
from xisuan.scenario.scenario import Scenario
from xisuan.solver import simplex
from xisuan.solver.flat import Flat, flatten
from xisuan.solver.highs import How
from xisuan.solver.simplex import Vertex


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


@pytest.mark.parametrize("name", CHANGES)
def test_it_costs_what_it_costs_from_scratch(name: str) -> None:
    changed = CHANGES[name](question().scenario)
    found = question().of(changed)
    try:
        alone = plan(changed, How(solver="simplex"))
    except InfeasibleError:
        assert found is None
        assert name in ("work may not go as far", "longer cables")
        return
    assert found is not None
    assert found.cost == pytest.approx(alone.cost_mcny, rel=1e-7)


def test_changes_of_both_kinds_are_among_them() -> None:
    """Of columns more and less; most of them begin from the plan as it is."""
    old = question().flat
    new = {name: flatten(Question(change(question().scenario)).assembly.model) for name, change in CHANGES.items()}
    more = {name: flat.shape[1] - old.shape[1] for name, flat in new.items()}
    assert more["work may go further"] > 0 > more["work may not go as far"]
    begun = {name: question().vertex.carried(old, flat) is not None for name, flat in new.items()}
    assert begun["work may go further"]
    assert begun["more work"]
    assert begun["as it is"]


def test_a_vertex_keeps_its_values_by_name() -> None:
    old = question().flat
    wider = flatten(Question(CHANGES["work may go further"](question().scenario)).assembly.model)
    carried = question().vertex.carried(old, wider)
    assert carried is not None
    before, after = old.split_columns(question().vertex.x), wider.split_columns(carried.x)
    for name, block in wider.model.columns.items():
        known = [at for at, label in enumerate(block.labels) if label in old.model.columns[name].position]
        there = [old.model.columns[name].position[block.labels[at]] for at in known]
        np.testing.assert_array_equal(after[name][..., known], before[name][..., there])
        new = np.setdiff1d(np.arange(len(block)), known)
        assert (after[name][..., new] == 0.0).all()
    begun = simplex.near(wider, carried, costs=True)
    alone = simplex.near(wider)
    assert begun is not None
    assert alone is not None
    assert begun.objective == pytest.approx(alone.objective, rel=1e-9)
    assert begun.objective <= carried.objective + 1e-9 * abs(carried.objective)


def test_what_has_other_hours_has_no_such_vertex() -> None:
    other: Flat = flatten(Question(five(hours="hours:4")).assembly.model)
    vertex: Vertex = question().vertex
    assert vertex.carried(question().flat, other) is None
