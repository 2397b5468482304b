"""Scaling changes the numbers, never the answer."""

import dataclasses

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from gnomon.model.block_model import Model
from gnomon.model.coefficients import StoredCoefficients
from gnomon.model.linear_program import LinearProgram
from gnomon.transforms.equilibration import equilibrate


def random_flat(seed: int, spread: float = 6.0) -> LinearProgram:
    """A feasible, bounded LP with coefficients over many orders of magnitude."""
    rng = np.random.default_rng(seed)
    rows, columns = 12, 18
    matrix = sp.random_array((rows, columns), density=0.3, rng=rng, data_sampler=lambda size: rng.normal(size=size))
    left, right = (10.0 ** rng.uniform(-spread / 2, spread / 2, n) for n in (rows, columns))
    inside = rng.uniform(0.2, 0.8, columns)
    side = matrix @ inside + 0.1
    return LinearProgram(
        model=Model(1, np.array([0])),
        coefficients=StoredCoefficients(sp.csr_matrix(sp.diags_array(left) @ matrix @ sp.diags_array(right))),
        row_lower=np.full(rows, -np.inf),
        row_upper=side * left,
        lower=np.zeros(columns),
        upper=1.0 / right,
        cost=rng.normal(size=columns) * right,
        integer=np.zeros(columns, dtype=bool),
        constant=3.0,
    )


def optimum(flat: LinearProgram) -> tuple[float, np.ndarray, np.ndarray]:
    found = linprog(flat.cost, flat.matrix, flat.row_upper, bounds=np.c_[flat.lower, flat.upper], method="highs")
    assert found.status == 0
    return found.fun + flat.constant, found.x, found.ineqlin.marginals


@pytest.mark.parametrize("seed", range(20))
def test_scaled_optimum_is_the_optimum(seed: int) -> None:
    """Value, solution and duals of the scaled model, taken back, are those of the model (scipy's own solve)."""
    flat = random_flat(seed)
    scaling = equilibrate(flat)
    best, _, _ = optimum(flat)
    value, x, dual = optimum(scaling.apply(flat))
    assert value / (scaling.cost * scaling.side) == pytest.approx(best, rel=1e-7)
    back = scaling.primal(x)
    assert flat.cost @ back + flat.constant == pytest.approx(best, rel=1e-7)
    y = scaling.dual(dual)
    reduced = flat.cost - flat.matrix.T @ y
    bound = y @ flat.row_upper + np.minimum(reduced, 0.0) @ flat.upper + flat.constant
    assert bound == pytest.approx(best, rel=1e-7)


def test_numbers_come_near_one() -> None:
    """Numbers over six orders of magnitude end up within four of 1."""
    flat = random_flat(1)
    scaled = equilibrate(flat).apply(flat)
    assert np.abs(np.log2(np.abs(scaled.matrix.data))).max() < np.abs(np.log2(np.abs(flat.matrix.data))).max()
    assert np.abs(np.log2(np.abs(scaled.matrix.data))).mean() < 2.0


def test_factors_are_powers_of_two() -> None:
    scaling = equilibrate(random_flat(2))
    for factors in (scaling.row, scaling.column, np.array([scaling.side, scaling.cost])):
        assert np.all(np.frexp(factors)[0] == 0.5)


def test_integers_are_left_alone() -> None:
    """A whole number stays whole: its column and the sides are not scaled."""
    flat = random_flat(3)
    flat = dataclasses.replace(flat, integer=np.arange(18) < 4)
    scaling = equilibrate(flat)
    assert np.all(scaling.column[:4] == 1.0)
    assert scaling.side == 1.0
