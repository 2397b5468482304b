"""A start from a solution that is known."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from gnomon.highs import solver_sequence
from gnomon.interior_point import solve as interior
from gnomon.interior_point.formulation.standard_form import standard
from gnomon.interior_point.iterations import warm_start
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from tests.gnomon.synthetic import network


def _iterations(log: str) -> int:
    """Of the model itself, those on fewer hours not counted."""
    return sum(bool(re.match(r"\s*\d+  [+-]", line)) for line in log.splitlines()) - 1


@pytest.fixture(scope="module")
def model() -> LinearProgram:
    return flatten(network(48, 5, 3, periods=2))


@pytest.mark.parametrize("gap", [1e-6, 1e-8])
def test_it_leads_to_the_same_optimum_in_fewer_iterations(model: LinearProgram, gap: float) -> None:
    rough = interior.solve(model, Options(gap=1e-3))
    cold = interior.solve(model, Options(gap=gap))
    found = interior.solve(model, Options(gap=gap), near=(rough.x, rough.row_dual))
    exact = solver_sequence.solve(model, Options(solver="simplex"))
    assert found.gap <= gap
    assert found.objective == pytest.approx(exact.objective, rel=2 * gap)
    assert _iterations(found.log) < _iterations(cold.log)
    assert "hours" not in found.log, "no model of fewer hours"


@pytest.mark.parametrize(("least", "taken"), [(0.999, True), (0.1, False)])
def test_a_solution_of_nearly_this_model_is_a_start_and_of_another_none(
    model: LinearProgram, least: float, taken: bool
) -> None:
    """Work of all hours is a thousandth less, or down to a tenth of what it was; the optimum is found either way."""
    rng = np.random.default_rng(0)
    rough = interior.solve(model, Options(gap=1e-3))
    shrunk = rng.uniform(least, 1.0, len(model.row_lower))
    work = (model.row_lower == model.row_upper) & (model.row_lower > 0.0)
    assert work.sum() >= 48
    sides = (np.where(work, of * shrunk, of) for of in (model.row_lower, model.row_upper))
    other = replace(model, **dict(zip(("row_lower", "row_upper"), sides, strict=True)))
    problem = FullProblem(standard(other))
    start = warm_start.warm_point(problem, rough.x, rough.row_dual)
    assert (start is not None) == taken
    assert warm_start.warm_point(problem, rough.x, rough.row_dual, trusted=True) is not None
    found = interior.solve(other, Options(gap=1e-6), near=(rough.x, rough.row_dual))
    assert found.objective == pytest.approx(solver_sequence.solve(other, Options(solver="simplex")).objective, rel=2e-6)


def test_a_vertex_is_no_start(model: LinearProgram) -> None:
    """It has no products to be central in; the coarse model is begun with in its place."""
    exact = solver_sequence.solve(model, Options(solver="simplex"))
    found = interior.solve(model, Options(gap=1e-6), near=(exact.x, exact.row_dual))
    assert found.objective == pytest.approx(exact.objective, rel=1e-6)


def test_no_product_is_less_than_their_mean_and_what_was_is_kept(model: LinearProgram) -> None:
    rough = interior.solve(model, Options(gap=1e-4))
    problem = FullProblem(standard(model))
    x = np.where(rough.x < 1e-4 * rough.x.max(), model.lower, rough.x)  # as repair leaves it
    assert (x != rough.x).sum() > 100
    point = warm_start.warm_point(problem, x, rough.row_dual)
    assert point is not None
    moves, wide = problem.moves, problem.wide
    weighed = np.concatenate(
        [(point.v * point.lower / problem.weight)[moves], point.room * point.upper / problem.weight_wide]
    )
    assert weighed.min() > 0.01 * problem.state(point).mu
    assert min(point.room.min(), point.v[wide].min()) > 0.0
    kept = problem.form.primal(point.v[: problem.columns])
    large = x > 1e-2 * x.max()
    assert large.sum() > 100
    np.testing.assert_allclose(kept[large], x[large], rtol=1e-3)
