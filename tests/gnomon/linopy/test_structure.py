"""What is found in linopy models: hours, states, rows over all hours, bounds, scenarios; and what is refused."""

from __future__ import annotations

import linopy
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import gnomon.linopy
from gnomon.linopy import structure
from gnomon.options import Options
from tests.gnomon.linopy import networks
from tests.gnomon.linopy.test_networks import compare

HOURS = pd.RangeIndex(12, name="hour")
PLACES = pd.Index(["north", "south"], name="place")
ONE = Options(threads=1)


def storage(hours: pd.Index = HOURS) -> linopy.Model:
    """Return a model by hand: demand of two places from dear supply, cheap sun, and a store."""
    m = linopy.Model()
    rng = np.random.default_rng(0)
    at = {"coords": [hours, PLACES]}
    demand = xr.DataArray(5 + rng.random((len(hours), 2)), dims=["hour", "place"], **at)
    sun = xr.DataArray(np.clip(rng.normal(4, 6, (len(hours), 2)), 0, None), dims=["hour", "place"], **at)
    supply = m.add_variables(lower=0, name="supply", **at)
    solar = m.add_variables(lower=0, upper=sun, name="solar", **at)
    flow = m.add_variables(name="flow", coords=[hours])
    level = m.add_variables(lower=0, name="level", **at)
    size = m.add_variables(lower=0, name="size", coords=[PLACES])
    sign = xr.DataArray([1.0, -1.0], coords=[PLACES])
    before = level.roll(hour=1)
    m.add_constraints(supply + solar + flow * sign + 0.9 * before - level >= demand, name="balance")
    m.add_constraints(level - size <= 0, name="full")
    m.add_constraints(flow <= 3, name="there")
    m.add_constraints(flow >= -2, name="back")
    m.add_constraints(supply.sum() <= 0.9 * float(demand.sum()), name="cap")
    price = xr.DataArray(50.0 + np.arange(len(hours)) % 5, coords=[hours])
    m.add_objective((supply * price).sum() + 3 * size.sum())
    return m


def test_a_model_by_hand_is_solved_in_any_time_dimension() -> None:
    m = storage()
    report = gnomon.linopy.run(m, time="hour", options=ONE)
    value = m.objective.value
    m.solve(solver_name="highs", io_api="direct", output_flag=False)
    assert report.condition == "optimal"
    assert value == pytest.approx(m.objective.value, rel=1e-6)


def test_families_states_and_border_are_found() -> None:
    found = structure.find(storage(), "hour")
    assert found.axis.count == 12
    assert found.previous.tolist() == [11, *range(11)]
    assert (found.columns.hour >= 0).sum() == 12 * 7
    assert set(found.rows.names) == {"balance", "full", "there", "back", "cap"}
    assert found.before.sum() == 24, "the level before in every balance"
    text = gnomon.linopy.describe(storage(), "hour")
    assert "12 hours of 'hour'" in text
    assert "States    2 constraints" in text
    assert "24 of 73 constraints are bounds" in text
    assert "expect" in text


def test_a_maximum_has_its_bound_above_and_the_duals_of_highs() -> None:
    m = storage()
    m.objective = -1 * m.objective.expression
    m.objective.sense = "max"
    report = gnomon.linopy.run(m, time="hour", gap=1e-8, options=ONE)
    dual = m.constraints["cap"].dual.item(), m.constraints["there"].dual.sum().item()
    assert report.bound >= report.objective - 1e-9 * abs(report.objective)
    m.solve(solver_name="highs", io_api="direct", output_flag=False)
    assert report.objective == pytest.approx(m.objective.value, rel=1e-7)
    assert dual[0] == pytest.approx(m.constraints["cap"].dual.item(), rel=1e-4, abs=1e-4)
    assert dual[1] == pytest.approx(m.constraints["there"].dual.sum().item(), rel=1e-3, abs=1e-3)


def test_an_hour_ahead_is_the_next_hour_and_a_lone_hour_has_no_other() -> None:
    m = linopy.Model()
    x = m.add_variables(lower=0, name="x", coords=[HOURS])
    y = m.add_variables(lower=0, upper=1, name="y", coords=[HOURS])
    m.add_constraints(x.shift(hour=-1) - x >= y - 0.5, name="ahead")
    m.add_constraints(y.sum() >= 5, name="all")
    m.add_objective((x * xr.DataArray(1.0 + np.arange(12) % 3, coords=[HOURS])).sum() + 0.1 * y.sum())
    compare_in(m)
    m = storage(pd.RangeIndex(1, name="hour"))
    compare_in(m)


def compare_in(m: linopy.Model) -> None:
    report = gnomon.linopy.run(m, time="hour", options=ONE)
    value = m.objective.value
    m.solve(solver_name="highs", io_api="direct", output_flag=False)
    assert report.condition == "optimal"
    assert value == pytest.approx(m.objective.value, rel=1e-6, abs=1e-6)


def test_upper_bounds_without_lower_ones_masks_and_constants_in_bounds() -> None:
    m = linopy.Model()
    some = xr.DataArray(np.arange(12) % 4 != 0, coords=[HOURS])
    x = m.add_variables(upper=5, name="x", coords=[HOURS])
    y = m.add_variables(lower=0, name="y", coords=[HOURS], mask=some)
    z = m.add_variables(lower=-np.inf, upper=2, name="z")
    m.add_constraints(x + y >= 1 + np.arange(12) % 3, name="need")
    m.add_constraints(x.where(some) >= -4, name="some")
    m.add_constraints(-2 * x >= -8, name="also")
    m.add_constraints(z - x.sum() >= -40, name="total")
    m.add_objective(2 * x.sum() + 3 * y.sum() - z)
    compare_in(m)


def test_infeasible_and_unbounded_models_have_linopys_words() -> None:
    m = storage()
    m.add_constraints(m.variables["supply"].sum() <= 1, name="too little")
    assert gnomon.linopy.solve(m, time="hour", options=ONE) == ("warning", "infeasible")
    assert m.objective.value is None or np.isnan(m.objective.value)
    m = storage()
    m.add_constraints(m.variables["flow"] <= -3, name="crossed")
    report = gnomon.linopy.run(m, time="hour", options=ONE)
    assert report.condition == "infeasible"
    assert "flow[" in report.reason
    m = storage()
    m.objective = m.objective.expression - 100 * m.variables["size"].sum()
    assert gnomon.linopy.solve(m, time="hour", options=ONE) == ("warning", "unbounded")


def test_a_network_with_scenarios_has_hours_of_each() -> None:
    n = networks.network(3, 8, 2, frozenset({"lines", "units", "cyclic", "stores", "ramps"}))
    n.set_scenarios({"low": 0.4, "high": 0.6})
    n.c.generators.dynamic.p_max_pu.loc[:, ("high", "windb0")] *= 0.5
    m = n.optimize.create_model(include_objective_constant=False)
    found = structure.find(m, "snapshot")
    assert found.axis.count == 16
    assert found.previous.tolist() == [7, *range(7), 15, *range(8, 15)]
    compare(m)


@pytest.mark.parametrize("features", [("units", "cyclic"), ("stores", "closed"), ("units", "stores", "ramps")])
def test_investment_periods_close_or_continue(features: tuple[str, ...]) -> None:
    n = networks.network(5, 6, 2, frozenset({"lines", *features}), periods=2)
    n.storage_units["cyclic_state_of_charge_per_period"] = False
    n.stores["e_cyclic_per_period"] = False
    compare(n.optimize.create_model(multi_investment_periods=True, include_objective_constant=False))
    both = networks.network(5, 6, 2, frozenset({"units", "cyclic", "stores", "closed"}), periods=2)
    both.storage_units.loc[both.storage_units.index[:1], "cyclic_state_of_charge_per_period"] = False
    compare(both.optimize.create_model(multi_investment_periods=True, include_objective_constant=False))
