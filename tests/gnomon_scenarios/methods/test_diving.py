"""Whole numbers of models that are not branched on: plans and bounds on either side of the optimum that SciPy finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from gnomon.highs import solver_sequence
from gnomon.methods import diving
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import MIP_GAP, Options
from gnomon.proof import weak_duality
from gnomon.solution import Solution, Watch
from gnomon.strategies import strategy_order
from gnomon.transforms import integer_part, integrality
from tests.gnomon.linear import linear
from tests.gnomon.synthetic import network
from tests.scenarios import five
from xisuan.certificate.certify_plan import certify
from xisuan.errors import InfeasibleError, SolverError
from xisuan.planning.expansion import plan


def optimum(flat: LinearProgram, *, integers: bool = True) -> float:
    """The least cost by SciPy."""
    found = milp(
        flat.cost,
        integrality=flat.integer & integers,
        bounds=(flat.lower, flat.upper),
        constraints=LinearConstraint(flat.matrix, flat.row_lower, flat.row_upper),
        options={"mip_rel_gap": 1e-7},
    )
    assert found.status == 0
    return float(found.fun) + flat.constant


class Counted:
    """A linear solver that counts what it is asked, and may refuse some of it."""

    def __init__(self, *refused: int) -> None:
        self.times, self._refused = 0, refused

    def __call__(self, flat: LinearProgram, options: Options, watch: Watch) -> Solution:
        assert not flat.integer.any()
        assert not any(block.integer for block in flat.model.columns.values())
        self.times += 1
        if self.times in self._refused:
            raise SolverError("not this one")
        return solver_sequence.solve(flat, options, watch)


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(6, 12))])
def test_plan_and_bound_enclose_the_optimum(seed: int) -> None:
    flat = flatten(network(12, 4, 3, periods=1 + seed % 2, seed=seed, modules=True))
    best, relaxed = optimum(flat), Counted()
    found = diving.solve(flat, Options(), None, relaxed)
    assert relaxed.times <= 1 + strategy_order.DIVE_SOLVES
    assert best - 1e-6 * best <= found.objective <= 1.3 * best
    assert found.bound == pytest.approx(optimum(flat, integers=False), rel=2e-6)
    np.testing.assert_array_equal(found.x[flat.integer], np.round(found.x[flat.integer]))
    assert weak_duality.violation(flat, found.x) <= 1e-6
    assert found.asked == MIP_GAP
    assert found.short == (found.gap > MIP_GAP)
    assert found.relaxation_row_dual is not None
    proven = weak_duality.proven(integrality.relax_integers(flat), found.relaxation_row_dual, found.objective)
    assert proven == pytest.approx(found.bound, rel=1e-9)


def test_most_dives_end_at_the_optimum() -> None:
    """Rounding alone ends there in four of ten."""
    flats = [flatten(network(12, 4, 3, seed=seed, modules=True)) for seed in range(10)]
    off = [diving.solve(flat, Options(), None, Counted()).objective / optimum(flat) - 1.0 for flat in flats]
    assert sum(one < 1e-4 for one in off) >= 7


@pytest.mark.parametrize(("gap", "inner"), [(1e-7, 1e-7), (1e-6, 1e-6), (1e-4, 1e-5), (1e-2, 1e-3)])
def test_the_relaxation_and_the_plan_are_solved_to_a_tenth_of_the_gap(gap: float, inner: float) -> None:
    """If that is wider than the gap of a linear model; models on the way have their own."""
    asked: list[float | None] = []

    def linear(flat: LinearProgram, options: Options, watch: Watch) -> Solution:
        asked.append(options.gap)
        return solver_sequence.solve(flat, options, watch)

    found = diving.solve(flatten(network(12, 4, 3, seed=1, modules=True)), Options(gap=gap), None, linear)
    assert found.asked == gap
    assert len(asked) >= 3
    assert [asked[0], asked[-1]] == pytest.approx([inner, inner])
    assert set(asked[1:-1]) == {diving.ROUGH}


def test_no_more_models_are_solved_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategy_order, "DIVE_SOLVES", 5)
    relaxed, flat = Counted(), flatten(network(12, 4, 3, periods=2, seed=9, modules=True))
    found = diving.solve(flat, Options(), None, relaxed)
    assert relaxed.times == 1 + 5
    assert found.objective >= optimum(flat) * (1.0 - 1e-6)


def test_numbers_that_cannot_all_go_up_are_rounded_as_rows_allow() -> None:
    """One of a and b, each enough for 3 where 1.5 is wanted and 10 is paid for each unit missing: half of each serves all,
    and a whole one leaves 1.5 unserved. By hand 15; two would be best, were it not for the row that forbids them."""
    rows = [[3, 0, 1, 0], [0, 3, 0, 1], [1, 1, 0, 0]]
    high, infinite = [1, 1, 9, 9], np.inf
    flat = linear(
        rows, [1.5, 1.5, 0], [infinite, infinite, 1], [0, 0, 0, 0], high, [0, 0, 10, 10], integer=[1, 1, 0, 0]
    )
    relaxed = Counted()
    found = diving.solve(flat, Options(), None, relaxed)
    assert (found.objective, found.bound) == pytest.approx((15.0, 0.0), abs=1e-6)
    assert sorted(found.x[:2]) == [0.0, 1.0]
    values = diving.TimeRelaxation(flat).round(np.full(4, 0.5), flat.integer, flat.lower, flat.upper, np.ones(4))
    assert values is not None
    assert sorted(values[:2]) == [0.0, 1.0]
    assert not diving.TimeRelaxation(flat).allows(np.ones(4), flat)
    assert diving.TimeRelaxation(flat).allows(values, flat)


def test_a_model_on_the_way_without_an_answer_does_not_end_it() -> None:
    flat = flatten(network(12, 4, 3, seed=1, modules=True))
    best = optimum(flat)
    for refused in ((2,), (3,), (2, 3, 4)):
        found = diving.solve(flat, Options(), None, Counted(*refused))
        assert found.objective >= best * (1.0 - 1e-6)
        assert weak_duality.violation(flat, found.x) <= 1e-6


def test_where_no_numbers_give_a_plan_it_says_so() -> None:
    flat = flatten(network(12, 4, 3, modules=True))
    with pytest.raises(SolverError, match=r"no whole numbers near .* \(3 are wanted\): try --solver mip"):
        diving.solve(flat, Options(), None, Counted(*range(2, 99)))
    must = flat.upper.copy()
    flat.part(must, flat.model.columns["unserved"])[:] = 0.0
    flat.part(must, flat.model.columns["installed"])[:] = 1.0
    with pytest.raises(InfeasibleError):
        diving.solve(replace(flat, upper=must), Options(), None, solver_sequence.solve)


def test_a_large_plan_with_whole_numbers_has_a_bound_that_the_certificate_proves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Never branch and bound's word: the bound is the relaxation's, and the optimum, which is known here, is above it."""
    scenario = five(integer=True)
    known = plan(scenario, Options(gap=1e-6))
    monkeypatch.setattr(strategy_order, "LARGE", 0)
    monkeypatch.setattr(strategy_order.Request, "is_structured_preferred", True)
    monkeypatch.setattr(integer_part, "integer_program", None)  # what branch and bound is given
    found = plan(scenario)
    certificate = certify(scenario, found)
    assert found.effort.method == "structured"
    assert certificate.ok
    assert certificate.lower_bound == pytest.approx(found.lower_bound, rel=1e-5)
    assert found.lower_bound <= known.objective * (1.0 + 1e-6)
    assert known.lower_bound * (1.0 - 1e-6) <= found.objective <= 1.2 * known.objective
    assert found.status == ("optimal" if found.gap <= MIP_GAP else "feasible")
