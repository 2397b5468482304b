"""Products with the matrix from the template of its hour are those with the matrix itself."""

from __future__ import annotations

import numpy as np
import pytest

from gnomon.interior_point.formulation.standard_form import standard
from gnomon.model.block_model import Model
from gnomon.model.linear_program import flatten
from tests.gnomon_scenarios.interior_point.factorisation.test_newton_system import shapes
from xisuan.equations.build_model import assemble


def agree(model: Model) -> None:
    """The scaled matrix and its transpose, times random numbers."""
    flat = flatten(model)
    form = standard(flat)
    matrix = form.scaling.apply(flat).matrix
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=matrix.shape[1]), rng.normal(size=matrix.shape[0])
    assert form.times(x) == pytest.approx(matrix @ x, rel=1e-12, abs=1e-12)
    assert form.pull(y) == pytest.approx(matrix.T @ y, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", ["one", "two", "three", "long", "blocks", "country"])
def test_from_the_template_as_from_the_matrix(name: str) -> None:
    agree(assemble(shapes()[name]).model)


def test_what_is_left_of_the_hour_before_may_differ_by_the_hour() -> None:
    """A tank that loses another share in every hour: the coefficient belongs to the row's hour, not to the column's."""
    model = Model(1, np.roll(np.arange(5), 1))
    tank = model.add_columns("tank", ["tank"], [("t",)], hourly=True, cost=1.0, upper=9.0)
    row = model.add_rows("balance", ["tank"], [("t",)], hourly=True, lower=1.0, upper=1.0)
    model.add(row, [("t",)], tank, [("t",)])
    shares = np.array([0.1, 0.2, 0.3, 0.4, 0.5]).reshape(1, 5, 1)
    model.add(row, [("t",)], tank, [("t",)], -shares, before=True)
    agree(model)
