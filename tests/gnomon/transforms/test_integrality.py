"""Integers taken away: in the arrays, and in the model of hours that solvers make smaller ones of."""

from __future__ import annotations

import numpy as np

from gnomon.model.linear_program import flatten
from gnomon.transforms import integrality
from tests.gnomon.synthetic import network


def test_the_model_and_its_arrays_lose_their_integers_and_nothing_else() -> None:
    flat = flatten(network(3, 4, 2, periods=2, modules=True))
    free = integrality.relax_integers(flat)
    again = flatten(free.model)
    assert flat.integer.sum() == 4
    assert flat.model.columns["modules"].integer
    for one in (free, again):
        assert not one.integer.any()
        for name in ("lower", "upper", "row_lower", "row_upper", "cost"):
            np.testing.assert_array_equal(getattr(one, name), getattr(flat, name))
        assert (one.matrix != flat.matrix).nnz == 0


def test_held_numbers_are_whole_and_within_their_bounds_in_both() -> None:
    flat = flatten(network(3, 4, 2, periods=2, modules=True))
    values = np.where(flat.integer, 2.4, 0.3)
    values[np.flatnonzero(flat.integer)[0]] = 77.0
    held = integrality.fix_integers(flat, values)
    np.testing.assert_array_equal(held.lower[flat.integer], [50.0, 2.0, 2.0, 2.0])
    np.testing.assert_array_equal(held.upper[flat.integer], held.lower[flat.integer])
    np.testing.assert_array_equal(held.lower[~flat.integer], flat.lower[~flat.integer])
    again = flatten(held.model)
    np.testing.assert_array_equal(again.lower, held.lower)
    np.testing.assert_array_equal(again.upper, held.upper)
