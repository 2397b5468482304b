"""Columns without bounds: flows, angles without a reference, shared ones; in one process and in several."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.highs import solver_sequence
from gnomon.interior_point.formulation.standard_form import UnfitError
from gnomon.interior_point.solve import solve
from gnomon.model.block_model import Model
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from gnomon.proof import weak_duality

GAP = 1e-7


def grid(seed: int, hours: int, places: int, periods: int = 1) -> Model:
    """Return places in a ring with supply, a flow along each edge driven by the angles of its ends, and stores.

    Flows, angles and the change of a store have no bounds. No angle is a reference, so no row implies bounds of angles;
    a shared shift of prices has none either.
    """
    rng = np.random.default_rng(seed)
    model = Model(periods, np.roll(np.arange(hours), 1))
    at = [(f"p{i}",) for i in range(places)]
    turned = [*at[1:], at[0]]
    shape = (periods, hours, places)
    supply = model.add_columns("supply", ("at",), at, hourly=True, cost=rng.uniform(1, 9, shape), upper=30.0)
    dear = model.add_columns("dear", ("at",), at, hourly=True, cost=50.0)
    flow, angle, change = (
        model.add_columns(name, ("at",), at, hourly=True, lower=-np.inf) for name in ("flow", "angle", "change")
    )
    stored = model.add_columns("stored", ("at",), at, hourly=True, upper=20.0)
    size = model.add_columns("size", ("at",), at, cost=2.0 * hours / 10)
    shift = model.add_columns("shift", ("at",), at[:1], lower=-np.inf)
    balance = model.add_rows("balance", ("at",), at, hourly=True, lower=(need := rng.uniform(5, 20, shape)), upper=need)
    for column, labels, sign in (
        (supply, at, 1.0),
        (dear, at, 1.0),
        (flow, turned, 1.0),
        (flow, at, -1.0),
        (change, at, -1.0),
    ):
        model.add(balance, at, column, labels, sign)
    law = model.add_rows("law", ("at",), at, hourly=True, lower=0.0, upper=0.0)
    reactance = rng.uniform(0.5, 2.0, places)
    model.add(law, at, flow, at, reactance)
    model.add(law, at, angle, at, -1.0)
    if places > 1:
        model.add(law, at, angle, turned, 1.0)
    level = model.add_rows("level", ("at",), at, hourly=True, lower=0.0, upper=0.0)
    model.add(level, at, stored, at, 1.0)
    model.add(level, at, stored, at, -0.95, before=True)
    model.add(level, at, change, at, -1.0)
    for name, sign in (("there", 1.0), ("back", -1.0)):
        within = model.add_rows(name, ("at",), at, hourly=True, upper=0.0)
        model.add(within, at, flow, at, sign)
        model.add(within, at, size, at, -1.0)
    shared = model.add_rows("shared", ("at",), at[:1], lower=3.0, upper=3.0)
    model.add(shared, at[:1], shift, at[:1], 1.0)
    model.add(shared, at[:1], supply, at[:1], 0.1)
    return model


def same(model: Model, options: Options) -> None:
    flat = flatten(model)
    known = solver_sequence.solve(flat, Options(solver="simplex", threads=1), None)
    found = solve(flat, options)
    assert found.objective == pytest.approx(known.objective, rel=2 * GAP)
    assert found.bound <= known.objective * (1 + 1e-9)
    assert found.gap <= GAP
    assert weak_duality.violation(flat, found.x) < 1e-6


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 50), st.integers(2, 5), st.integers(1, 2))
def test_the_optimum_is_that_of_simplex(seed: int, hours: int, places: int, periods: int) -> None:
    same(grid(seed, hours, places, periods), Options(gap=GAP, threads=1))


def test_several_processes_find_it_too() -> None:
    same(grid(5, 60, 3), Options(gap=GAP, threads=1, workers=2))


def test_a_warm_start_keeps_values_of_any_sign() -> None:
    flat = flatten(grid(7, 30, 3))
    first = solve(flat, Options(gap=1e-3, threads=1))
    again = solve(flat, Options(gap=GAP, threads=1), near=(first.x, first.row_dual))
    assert again.objective <= first.objective + 1e-9 * abs(first.objective)


def test_an_upper_bound_without_a_lower_one_is_refused_by_name() -> None:
    model = Model(1, np.array([0]))
    x = model.add_columns("x", ("at",), [("a",)], lower=-np.inf, upper=1.0, cost=-1.0)
    row = model.add_rows("row", ("at",), [("a",)], lower=0.0)
    model.add(row, [("a",)], x, [("a",)])
    with pytest.raises(UnfitError, match=r"x a \(period 0\) has an upper but no lower bound"):
        solve(flatten(model), Options(threads=1))


def test_implied_bounds_reach_below() -> None:
    """−size ≤ flow ≤ size and size ≤ 4 by its cost of 1: flow ≥ −4."""
    model = Model(1, np.array([0]))
    size = model.add_columns("size", ("at",), [("a",)], cost=1.0)
    flow = model.add_columns("flow", ("at",), [("a",)], lower=-np.inf)
    for name, sign in (("there", 1.0), ("back", -1.0)):
        row = model.add_rows(name, ("at",), [("a",)], upper=0.0)
        model.add(row, [("a",)], flow, [("a",)], sign)
        model.add(row, [("a",)], size, [("a",)], -1.0)
    lower, upper = weak_duality.implied_bounds(flatten(model), 4.0)
    assert lower.tolist() == pytest.approx([0.0, -4.0], rel=1e-9)
    assert upper.tolist() == pytest.approx([4.0, 4.0], rel=1e-9)
