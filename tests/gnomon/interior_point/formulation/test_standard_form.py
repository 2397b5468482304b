"""Which rows may be exceeded in the standard form, and by how much."""

from __future__ import annotations

import numpy as np
import pytest

from gnomon.interior_point.formulation.standard_form import LEEWAY, leeway_of, standard
from gnomon.interior_point.iterations.termination import Termination
from gnomon.options import Options
from tests.gnomon.linear import linear


def test_rows_with_one_side_of_one_term_have_leeway() -> None:
    """Two columns that move, three that stand at 4, 5 and 6. Sides are what those leave, scaled by powers of two."""
    matrix = np.array([
        [1.0, 1, -1, 0, 0],  # x + y <= the first
        [-1.0, -1, 0, 0, 0],  # x + y >= 2, from below as a side of its own
        [1.0, 2, -1, -1, -1],  # <= the sum of all three: what violates it is measured by the largest alone
        [1.0, 0, 0, 0, 0],  # two sides
        [1.0, 3, 0, 0, -1],  # an equation
    ])  # fmt: skip
    lower, upper = [-np.inf, -np.inf, -np.inf, 0.25, 2.0], [0.0, -2.0, 0.0, 3.0, 2.0]
    flat = linear(matrix, lower, upper, [0, 0, 4, 5, 6], [9, 9, 4, 5, 6], np.ones(5))
    tight, loose = standard(flat), standard(flat, leeway=1e-7)
    assert loose.loose.tolist() == [True, True, False, False, False]
    moved = (loose.side - tight.side) / np.abs(tight.side)
    assert moved == pytest.approx([1e-7, 1e-7, 0.0, 0.0, 0.0], rel=1e-6)


def test_leeway_goes_with_the_gap() -> None:
    assert leeway_of(1e-2) == leeway_of(1e-4) == LEEWAY
    assert leeway_of(1e-6) == pytest.approx(1e-9)


def test_no_answer_is_far_below_its_bound() -> None:
    """By no more than the certificate allows, whatever gap was asked; or than that gap, where it is less."""
    flat = linear(np.ones((1, 2)), [1.0], [np.inf], [0, 0], [4, 4], np.ones(2))
    wide, narrow = (Termination(standard(flat), Options(gap=gap), None, 0.0) for gap in (1e-4, 1e-8))
    assert [wide._is_small(gap) for gap in (9e-5, 2e-4, -9e-7, -2e-6)] == [True, False, True, False]
    assert [narrow._is_small(gap) for gap in (9e-9, -9e-9, -2e-8)] == [True, True, False]
