"""What rows leave no room for is fixed, and the duals of the whole model come back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.solver.linear import linear
from xisuan.equations.assemble import assemble
from xisuan.interior import presolve
from xisuan.interior.presolve import Reduced
from xisuan.scenario.synthetic import country
from xisuan.solver import duality, highs
from xisuan.solver.flat import Flat, flatten
from xisuan.solver.highs import How


def test_a_row_without_room_fixes_its_columns_and_the_next_row_follows() -> None:
    """x ≤ 0 fixes x; then y ≤ x fixes y; z + y = 2 fixes z. What is left says nothing."""
    matrix = np.array([[1.0, 0, 0], [-1, 1, 0], [0, 1, 1]])
    flat = linear(matrix, [-np.inf, -np.inf, 2], [0, 0, 2], np.zeros(3), [5, 5, 2], np.ones(3))
    found = presolve.reduce(flat)
    assert found.lower.tolist() == found.upper.tolist() == [0, 0, 2]
    assert found.dropped.all()
    assert found.order.tolist() == [0, 1, 2]


def test_a_row_that_nothing_can_meet_is_named() -> None:
    flat = linear(np.ones((1, 2)), [3], [4], [0, 0], [1, 1], [1, 1])
    assert presolve.reduce(flat).impossible == 0


def test_room_is_left_where_there_is_some() -> None:
    flat = linear(np.ones((1, 2)), [0.5], [4], [0, 0], [1, 1], [1, 1])
    found = presolve.reduce(flat)
    assert (found.lower < found.upper).all()
    assert not found.dropped.any()


def test_restored_duals_prove_the_bound_that_the_model_has() -> None:
    """Solved without the dropped rows and with fixed columns, then restored: the proof is as good as the solver's."""
    flat = flatten(assemble(country(4, 3, hours="hours:3")).model)  # the sun does not shine at night
    found = presolve.reduce(flat)
    assert found.order.size
    reduced = _fixed(flat, found)
    solution = highs.solve(reduced, How(solver="simplex"))
    dual = presolve.restore(flat, found, solution.row_dual)
    assert duality.proven(flat, dual, solution.objective) > solution.objective - 1e-8 * abs(solution.objective)
    assert duality.proven(flat, solution.row_dual, solution.objective) < duality.proven(
        flat, dual, solution.objective
    ), "else this test shows nothing"


def _fixed(flat: Flat, found: Reduced) -> Flat:
    """The model with dropped rows open and fixed columns fixed."""
    open_rows = {
        "row_lower": np.where(found.dropped, -np.inf, flat.row_lower),
        "row_upper": np.where(found.dropped, np.inf, flat.row_upper),
    }
    return replace(flat, lower=found.lower, upper=found.upper, **open_rows)
