"""Another goal, and a limit on one, as templates: what one row over all columns says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from gnomon.highs import solver_sequence
from gnomon.interior_point.solve import solve
from gnomon.model.coefficients import StoredCoefficients
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.transforms.objective_limit import LIMITED, with_objective, with_objective_limit
from tests.scenarios import five
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.planning.objectives import tonnes

HOURS = ("hours:6", "one")


@pytest.fixture(params=HOURS)
def assembly(request: pytest.FixtureRequest) -> Assembly:
    return assemble(five(hours=request.param))


def least_tonnes(assembly: Assembly) -> tuple[LinearProgram, float]:
    flat = flatten(assembly.model)
    return flat, solver_sequence.solve(
        replace(flat, cost=tonnes(assembly), constant=0.0), Options(solver="simplex")
    ).objective


@pytest.mark.parametrize("more", [0.01, 0.2])
def test_a_limit_says_what_one_row_says(assembly: Assembly, more: float) -> None:
    flat, least = least_tonnes(assembly)
    most = (1.0 + more) * least
    row = sp.csr_matrix(tonnes(assembly))
    alone = replace(
        flat,
        coefficients=StoredCoefficients(sp.vstack([flat.matrix, row], format="csr")),
        row_lower=np.append(flat.row_lower, -np.inf),
        row_upper=np.append(flat.row_upper, most),
    )
    wanted = solver_sequence.solve(alone, Options(solver="simplex"))
    near = flatten(with_objective_limit(assembly.model, assembly.tonnes, most))
    found = solver_sequence.solve(near, Options(solver="simplex"))
    assert found.objective == pytest.approx(wanted.objective, rel=1e-8)
    x = np.empty_like(flat.cost)
    for name, block in flat.model.columns.items():
        flat.part(x, block)[...] = near.part(found.x, near.model.columns[name])
    assert float(tonnes(assembly) @ x) <= most * (1.0 + 1e-7)
    assert float(flat.cost @ x) + flat.constant == pytest.approx(wanted.objective, rel=1e-8)
    price = near.part(found.row_dual, near.model.rows[LIMITED], rows=True)[-1, 0]
    assert price == pytest.approx(wanted.row_dual[-1], rel=1e-6, abs=1e-9)


def test_the_structured_method_takes_both(assembly: Assembly) -> None:
    flat, least = least_tonnes(assembly)
    carbon = replace(flat, model=with_objective(flat.model, assembly.tonnes), cost=tonnes(assembly), constant=0.0)
    found = solve(carbon, Options(gap=1e-6))
    assert found.objective == pytest.approx(least, rel=2e-6)
    near = flatten(with_objective_limit(assembly.model, assembly.tonnes, 1.05 * least))
    wanted = solver_sequence.solve(near, Options(solver="simplex"))
    assert solve(near, Options(gap=1e-6)).objective == pytest.approx(wanted.objective, rel=2e-6)


def test_the_model_that_is_limited_stays_as_it_was(assembly: Assembly) -> None:
    model = assembly.model
    before = (list(model.columns), list(model.rows), len(model.entries), flatten(model).cost.copy())
    with_objective(with_objective_limit(model, assembly.tonnes, 1.0), {})
    assert (list(model.columns), list(model.rows), len(model.entries)) == before[:3]
    np.testing.assert_array_equal(flatten(model).cost, before[3])


def test_what_periods_may_take_away_is_counted() -> None:
    """A goal that a column of a period lowers by up to 3 a unit: its share may be less than 0."""
    assembly = assemble(five(hours="one"))
    name, block = next((name, one) for name, one in assembly.model.columns.items() if np.isfinite(one.upper).all())
    goal = {name: np.full(block.lower.shape, -3.0)}
    near = with_objective_limit(assembly.model, goal, 0.0)
    bounds = near.columns["added to the goal"].lower
    wanted = (-3.0 * block.upper).reshape(len(bounds), -1).sum(axis=1)
    np.testing.assert_allclose(bounds[:, 0], wanted)
