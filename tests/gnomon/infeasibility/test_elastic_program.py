"""The least slack of small programs by hand: rows, bounds either way, whole numbers, and none that is enough."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from gnomon.infeasibility.elastic_program import Slacks, least_slacks
from gnomon.model.block_model import Model
from gnomon.model.coefficients import StoredCoefficients
from gnomon.model.linear_program import LinearProgram

SECONDS = 10.0


def program(*, whole: bool = False) -> LinearProgram:
    """x + y ≥ 10, x ≤ 3, 0 ≤ y ≤ 4 as a bound, x ≥ 1 as a bound; the least sum is short of 3."""
    return LinearProgram(
        Model(0, np.zeros(0, dtype=np.int64)),
        StoredCoefficients(sp.csr_matrix([[1.0, 1.0], [1.0, 0.0]])),
        np.array([10.0, -np.inf]),
        np.array([np.inf, 3.0]),
        np.array([1.0, 0.0]),
        np.array([np.inf, 4.0]),
        np.zeros(2),
        np.array([whole, False]),
        0.0,
    )


def slacks(rows: list[float], lower: list[float], upper: list[float], *, whole: bool = False) -> Slacks:
    """One slack that adds this to the sides of the rows and to the bounds of the columns."""
    return Slacks(*(sp.csr_matrix(np.array([one]).T) for one in (rows, lower, upper)), np.array([whole]), np.ones(1))


@pytest.mark.parametrize(
    ("moved", "amount"),
    [
        (([-1.0, 0.0], [0.0, 0.0], [0.0, 0.0]), 3.0),  # ask for 3 less
        (([0.0, 1.0], [0.0, 0.0], [0.0, 0.0]), 3.0),  # 3 more of x
        (([0.0, 0.0], [0.0, 0.0], [0.0, 2.0]), 1.5),  # y up by 2 a unit
        (([-1.0, 0.0], [0.0, 0.0], [0.0, 0.5]), 2.0),  # both at once
    ],
)
def test_by_hand(moved: tuple[list[float], list[float], list[float]], amount: float) -> None:
    found = least_slacks(program(), slacks(*moved), SECONDS)
    assert found is not None
    assert found.slacks == pytest.approx([amount])
    assert found.total == pytest.approx(amount)


def test_a_lower_bound_goes_down() -> None:
    """x ≥ 1 against x ≤ 0.25."""
    flat = program()
    flat.row_lower[0], flat.row_upper[1] = -np.inf, 0.25
    found = least_slacks(flat, slacks([0.0, 0.0], [-1.0, 0.0], [0.0, 0.0]), SECONDS)
    assert found is not None
    assert found.slacks == pytest.approx([0.75])


def test_whole_numbers_are_kept_and_given() -> None:
    found = least_slacks(program(), slacks([0.0, 0.0], [0.0, 0.0], [0.0, 2.0], whole=True), SECONDS)
    assert found is not None
    assert found.slacks == pytest.approx([2.0])
    fixed = program(whole=True)
    fixed.row_upper[1] = 3.5  # x is whole, so it stays 3
    found = least_slacks(fixed, slacks([-1.0, 0.0], [0.0, 0.0], [0.0, 0.0]), SECONDS)
    assert found is not None
    assert found.slacks == pytest.approx([3.0])


def test_what_is_never_enough() -> None:
    assert least_slacks(program(), slacks([0.0, 0.0], [-1.0, 0.0], [0.0, 0.0]), SECONDS) is None
