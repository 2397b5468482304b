"""What the engine cannot express is refused by name, with a remedy, before any work."""

from __future__ import annotations

from collections.abc import Callable

import linopy
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import gnomon.linopy
from gnomon.errors import OptionError, SolverError
from gnomon.linopy import UnsupportedModelError

HOURS = pd.RangeIndex(6, name="hour")


def plain() -> linopy.Model:
    m = linopy.Model()
    x = m.add_variables(lower=0, name="x", coords=[HOURS])
    m.add_constraints(x >= 1, name="need")
    m.add_objective(x.sum())
    return m


def x_of(m: linopy.Model) -> linopy.Variable:
    return m.variables["x"]


def window(m: linopy.Model) -> None:
    x = x_of(m)
    m.add_constraints(x + x.shift(hour=1) + x.shift(hour=2) <= 4, name="window")


def late(m: linopy.Model) -> None:
    x = x_of(m)
    m.add_constraints(x - x.shift(hour=3) >= 0, name="delay")


def binary(m: linopy.Model) -> None:
    m.add_variables(binary=True, name="on", coords=[HOURS])


def integer(m: linopy.Model) -> None:
    m.add_variables(lower=0, integer=True, name="units")


def quadratic(m: linopy.Model) -> None:
    m.objective = (x_of(m) * x_of(m)).sum()


def no_number(m: linopy.Model) -> None:
    m.constraints["need"].rhs = xr.DataArray([1.0, np.nan, 1, 1, 1, 1], coords=[HOURS])


def no_bound(m: linopy.Model) -> None:
    x_of(m).upper = xr.DataArray([1.0, np.nan, 1, 1, 1, 1], coords=[HOURS])


def endless(m: linopy.Model) -> None:
    m.add_constraints(np.inf * x_of(m) >= 1, name="endless")


def twice(m: linopy.Model) -> None:
    y = m.add_variables(lower=0, name="y", coords=[HOURS, pd.Index(["a", "a"], name="place")])
    m.add_constraints(y >= 1, name="pair")


CASES: list[tuple[Callable[[linopy.Model], None], tuple[str, ...]]] = [
    (window, ("window", "the one before", "a storage level")),
    (late, ("delay",)),
    (binary, ("on", "binary", "relax")),
    (integer, ("units", "integer")),
    (quadratic, ("objective is quadratic", "piecewise")),
    (no_number, ("need", "NaN")),
    (no_bound, ("x, upper bound", "NaN")),
    (endless, ("endless", "inf")),
    (twice, ("y, dimension place", "a occurs twice")),
]


@pytest.mark.parametrize(("change", "words"), CASES, ids=[change.__name__ for change, _ in CASES])
def test_it_is_refused_by_name(change: Callable[[linopy.Model], None], words: tuple[str, ...]) -> None:
    m = plain()
    change(m)
    with pytest.raises(UnsupportedModelError) as refused:
        gnomon.linopy.solve(m, time="hour")
    for word in words:
        assert word in str(refused.value)
        assert word in gnomon.linopy.describe(m, "hour")
    assert m.status == "initialized"


def test_every_obstacle_is_named_at_once() -> None:
    m = plain()
    binary(m)
    integer(m)
    with pytest.raises(UnsupportedModelError) as refused:
        gnomon.linopy.solve(m, time="hour")
    assert "on is binary" in str(refused.value)
    assert "units is integer" in str(refused.value)


def test_a_missing_time_dimension_and_an_empty_model() -> None:
    with pytest.raises(UnsupportedModelError, match=r"No variable has the time dimension 'snapshot'.*hour"):
        gnomon.linopy.solve(plain())
    with pytest.raises(UnsupportedModelError, match="no variables"):
        gnomon.linopy.solve(linopy.Model())
    m = linopy.Model()
    m.add_variables(lower=0, name="x", coords=[HOURS])
    with pytest.raises(UnsupportedModelError, match="no constraints"):
        gnomon.linopy.solve(m, time="hour")


def test_hours_that_occur_twice() -> None:
    m = linopy.Model()
    x = m.add_variables(lower=0, name="x", coords=[pd.Index([0, 1, 1], name="hour")])
    m.add_constraints(x >= 1, name="need")
    m.add_objective(x.sum())
    with pytest.raises(UnsupportedModelError, match="hour: 1 occurs twice"):
        gnomon.linopy.solve(m, time="hour")


def test_a_time_dimension_without_hours() -> None:
    m = linopy.Model()
    m.add_variables(lower=0, name="x", coords=[pd.RangeIndex(0, name="hour")])
    y = m.add_variables(lower=0, name="y")
    m.add_constraints(y >= 1, name="need")
    m.add_objective(1 * y)
    with pytest.raises(UnsupportedModelError, match="time dimension 'hour' is empty"):
        gnomon.linopy.solve(m, time="hour")


def test_a_model_whose_constraints_are_all_bounds() -> None:
    """Six hours of at least 1 at a cost of 1 each; the duals are the cost of one unit more."""
    m = plain()
    assert gnomon.linopy.solve(m, time="hour") == ("ok", "optimal")
    assert m.objective.value == pytest.approx(6.0)
    assert m.constraints["need"].dual.values == pytest.approx(np.ones(6))
    assert "6 of 6 constraints are bounds" in gnomon.linopy.describe(m, "hour")


@pytest.mark.parametrize("gap", [np.nan, -1e-6])
def test_a_gap_that_no_solution_can_have(gap: float) -> None:
    with pytest.raises(OptionError, match=r"gap: .* at least 0"):
        gnomon.linopy.solve(plain(), time="hour", gap=gap)


def test_an_unknown_method() -> None:
    with pytest.raises(SolverError, match="no method 'simplex': use auto"):
        gnomon.linopy.solve(plain(), time="hour", method="simplex")
