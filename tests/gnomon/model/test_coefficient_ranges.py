"""Ranges of numbers, and advice that names the families at their ends."""

from __future__ import annotations

import numpy as np

from gnomon.model import coefficient_ranges
from gnomon.model.block_model import Model
from gnomon.model.coefficient_ranges import Range
from gnomon.model.linear_program import flatten
from tests.gnomon.synthetic import network


def _model(cheap: float = 1.0, limit: float = 10.0) -> Model:
    model = Model(1, np.array([1, 0]))
    site = [("s",)]
    build = model.add_columns("build_hall", ("site",), site, cost=50.0, upper=limit)
    link = model.add_columns("build_link", ("site",), site, cost=cheap)
    row = model.add_rows("use", ("site",), site, hourly=True, upper=[[[0.0], [5.0]]])
    model.add(row, site, build, site, [[[0.0], [-2.0]]])
    model.add(row, site, link, site, 1.0)
    return model


def test_ranges_leave_out_zeros_and_infinities() -> None:
    assert coefficient_ranges.ranges(flatten(_model())) == (
        Range("coefficient", "use × build_hall", 2.0, 2.0),
        Range("coefficient", "use × build_link", 1.0, 1.0),
        Range("cost", "build_hall", 50.0, 50.0),
        Range("cost", "build_link", 1.0, 1.0),
        Range("bound", "build_hall", 10.0, 10.0),
        Range("side", "use", 5.0, 5.0),
    )


def test_a_model_in_sensible_units_needs_no_advice() -> None:
    assert coefficient_ranges.advice(flatten(network(4, 3, 2))) == ()


def test_advice_names_both_ends() -> None:
    (line,) = coefficient_ranges.advice(flatten(_model(cheap=1e-9)))
    assert "costs span 5e+10" in line
    assert "build_link has 1.0e-09, build_hall has 5.0e+01" in line
    assert "Is the cost of build_link per too small a unit (Mbps for Gbps" in line


def test_advice_on_one_family_asks_about_its_units() -> None:
    model = Model(1, np.array([0]))
    model.add_columns("build", ("site",), [("a",), ("b",)], upper=[1e-5, 1e6])
    (line,) = coefficient_ranges.advice(flatten(model))
    assert line == (
        "bounds span 1e+11, and beyond 1e9 the small ones are noise to a solver: those of build run from 1.0e-05 to "
        "1.0e+06. Are all in one unit?"
    )


def test_an_empty_model_has_no_ranges() -> None:
    assert coefficient_ranges.ranges(flatten(Model(1, np.array([0])))) == ()
    assert coefficient_ranges.advice(flatten(Model(1, np.array([0])))) == ()
