"""What rows leave no room for is fixed, and the duals of the whole model come back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize

from gnomon.highs import solver_sequence
from gnomon.interior_point.formulation import presolve
from gnomon.interior_point.formulation.implied_equalities import active_constraints
from gnomon.interior_point.formulation.presolve import PresolveResult
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.proof import weak_duality
from tests.gnomon.linear import linear
from xisuan.equations.build_model import assemble
from xisuan.errors import SolverError
from xisuan.scenario.variants.synthetic import country


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
    solution = solver_sequence.solve(reduced, Options(solver="simplex"))
    dual = presolve.restore(flat, found, solution.row_dual)
    assert weak_duality.proven(flat, dual, solution.objective) > solution.objective - 1e-8 * abs(solution.objective)
    assert weak_duality.proven(flat, solution.row_dual, solution.objective) < weak_duality.proven(
        flat, dual, solution.objective
    ), "else this test shows nothing"


def _fixed(flat: LinearProgram, found: PresolveResult) -> LinearProgram:
    """The model with dropped rows open and fixed columns fixed."""
    open_rows = {
        "row_lower": np.where(found.dropped, -np.inf, found.row_lower),
        "row_upper": np.where(found.dropped, np.inf, found.row_upper),
    }
    return replace(flat, lower=found.lower, upper=found.upper, **open_rows)


def test_what_several_rows_leave_no_room_for_is_fixed() -> None:
    """All places are counted (w = 150), the part p is 150 and what is added, no more than the whole: nothing is added."""
    columns = {"w": 0, "p": 1, "first": 2, "second": 3, "free": 4}
    matrix = np.zeros((4, len(columns)))
    matrix[0, columns["w"]] = 1.0
    matrix[1, [columns["p"], columns["first"], columns["second"]]] = 1.0, -1.0, -2.0
    matrix[2, [columns["p"], columns["w"]]] = 1.0, -1.0
    matrix[3, [columns["free"], columns["first"]]] = 1.0, 1.0
    flat = linear(
        matrix,
        [150, 150, -np.inf, 3],
        [150, 150, 0, np.inf],
        np.zeros(5),
        [np.inf, np.inf, 30, 30, 9],
        [1, -2, -5, -1, 1],
    )
    found = presolve.reduce(flat)
    assert found.lower[:4].tolist() == found.upper[:4].tolist() == [150, 150, 0, 0]
    assert (found.lower[4], found.upper[4]) == (0, 9)
    proves(flat)


def crowded(seed: int) -> LinearProgram:
    """A random system with a face of which many gaps are shut: rows through a point at the bounds, some both ways."""
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(3, 9)), int(rng.integers(3, 9))
    matrix = np.where(rng.random((rows, columns)) < 0.5, rng.integers(-3, 4, (rows, columns)), 0).astype(float)
    lower, upper = np.zeros(columns), np.where(rng.random(columns) < 0.5, 4.0, np.inf)
    point = np.where(rng.random(columns) < 0.6, 0.0, rng.integers(0, 5, columns)).astype(float)
    point = np.where(np.isfinite(upper) & (rng.random(columns) < 0.4), upper, point)
    activity = matrix @ point
    kind = rng.integers(0, 4, rows)
    slack = rng.integers(0, 2, rows) * 2.0
    row_lower = np.where(
        kind == 0, activity, np.where(kind == 1, activity - slack, np.where(kind == 3, activity, -np.inf))
    )
    row_upper = np.where(
        kind == 0, activity, np.where(kind == 2, activity + slack, np.where(kind == 3, activity + 5, np.inf))
    )
    return linear(matrix, row_lower, row_upper, lower, upper, rng.normal(size=columns) + 1.0)


def room(flat: LinearProgram) -> dict[tuple[str, int], float]:
    """How far each bound and each side that is no equation can be left, by a program of scipy for each."""
    a = flat.matrix.toarray()
    finite = [(sign * row, sign * side) for row, low, high in zip(a, flat.row_lower, flat.row_upper, strict=True)
              for sign, side in ((-1.0, low), (1.0, high)) if np.isfinite(side)]  # fmt: skip
    bounds = list(zip(flat.lower, np.where(np.isfinite(flat.upper), flat.upper, None), strict=True))
    left, right = np.array([row for row, _ in finite]), np.array([side for _, side in finite])
    out: dict[tuple[str, int], float] = {}

    def most(goal: np.ndarray, less: float) -> float:
        found = optimize.linprog(-goal, left, right, bounds=bounds)
        return np.inf if found.status == 3 else -found.fun - less

    for j in range(a.shape[1]):
        out["low", j] = most(np.eye(a.shape[1])[j], flat.lower[j])
        if np.isfinite(flat.upper[j]):
            out["high", j] = most(-np.eye(a.shape[1])[j], -flat.upper[j])
    for i, (low, high) in enumerate(zip(flat.row_lower, flat.row_upper, strict=True)):
        if low != high and np.isfinite(low):
            out["below", i] = most(a[i], low)
        if low != high and np.isfinite(high):
            out["above", i] = most(-a[i], -high)
    return out


@pytest.mark.parametrize("seed", range(60))
def test_all_gaps_that_are_shut_in_every_solution_are_found_and_no_other(seed: int) -> None:
    flat = crowded(seed)
    found = active_constraints(flat, flat.lower, flat.upper, np.zeros(flat.shape[0], dtype=bool))
    left = room(flat)
    inside = np.abs(flat.matrix.toarray()).sum(axis=0) > 0.0
    shut = {(kind, item) for (kind, item), most in left.items()
            if most < 1e-9 and (kind in ("below", "above") or inside[item])}  # fmt: skip
    said = set() if found is None else {
        (kind, int(item)) for kind in ("low", "high", "below", "above") for item in getattr(found, kind)
    }  # fmt: skip
    assert said == shut
    proves(flat)


def proves(flat: LinearProgram) -> None:
    """The reduced model has the optimum of the whole, and its duals, restored, prove it; nothing where there is none."""
    try:
        whole = solver_sequence.solve(flat, Options(solver="simplex"))
    except SolverError:
        return
    found = presolve.reduce(flat)
    solution = solver_sequence.solve(_fixed(flat, found), Options(solver="simplex"))
    assert solution.objective == pytest.approx(whole.objective, rel=1e-9, abs=1e-9)
    dual = presolve.restore(flat, found, solution.row_dual)
    assert weak_duality.bound(flat, dual) == pytest.approx(whole.objective, rel=1e-7, abs=1e-7)


def test_the_random_systems_have_what_is_looked_for() -> None:
    every = [
        active_constraints(flat, flat.lower, flat.upper, np.zeros(flat.shape[0], dtype=bool))
        for flat in map(crowded, range(60))
    ]
    for kind in ("low", "high", "below", "above"):
        assert sum(len(getattr(one, kind)) for one in every if one is not None) > 3, kind
