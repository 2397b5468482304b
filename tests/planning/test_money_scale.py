"""A gap is relative at any scale: what costs a millionth of a scenario is planned, operated and proven as well as it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from gnomon.options import Options
from gnomon.solution import Solution, relative_gap
from tests.golden.small import small
from tests.scenarios import pair
from xisuan.certificate.certify_plan import certify
from xisuan.certificate.certify_schedule import certify_schedule
from xisuan.dispatch.economic_dispatch import operate
from xisuan.planning.alternatives import alternatives, largest
from xisuan.planning.expansion import plan
from xisuan.planning.two_stage_program import two_stage
from xisuan.results.plan import Certificate
from xisuan.scenario.scenario import Scenario

CNY = ("contract_price_cny_per_kwh", "demand_charge_cny_per_kw_month", "green_premium_cny_per_kwh")
SCALES = (1.0, 1e-4, 1e-6, 1e-8)


def cheaper(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with every price multiplied, which changes no decision."""
    tables = dict(scenario.tables)
    for name, frame in scenario.tables.items():
        money = [str(column) for column in frame.columns if "mcny" in str(column) or column in CNY]
        tables[name] = frame.assign(**{column: frame[column] * factor for column in money})
    power, curves = tables["power"], scenario.curves.copy()
    for name in {cell for cell in power["price"] if isinstance(cell, str)}:
        curves[name] = curves[name] * factor
    prices = [cell if isinstance(cell, str) else cell * factor for cell in power["price"]]
    tables["power"] = power.assign(price=pd.Series(prices, index=power.index, dtype=object))
    rules = tables["policies"]
    priced = rules["rule"] == "carbon_price_cny_per_t"
    tables["policies"] = rules.assign(value=rules["value"].where(~priced, rules["value"] * factor))
    return replace(scenario, tables=tables, curves=curves)


@pytest.mark.parametrize("method", ["direct", "structured"])
@pytest.mark.parametrize("factor", SCALES)
def test_a_plan_costs_as_much_less_as_all_prices(factor: float, method: str) -> None:
    """54.398 million CNY by hand, and its gap is proven by the planner and by the certificate."""
    found = plan(cheaper(pair(), factor), method=method)
    said = certify(found.scenario, found)
    assert found.status == "optimal"
    assert found.objective == pytest.approx(54.398 * factor, rel=1e-6, abs=0.0)
    assert abs(found.gap) <= 1e-6
    assert said.ok
    assert abs(said.gap(found.objective)) <= 1e-6


@pytest.mark.parametrize("factor", SCALES)
def test_whole_numbers_are_proven_at_any_scale(factor: float) -> None:
    """Modules of 7 racks for 10 and then 12: two of them, or 14 racks, in the first period."""
    tables = {
        "technologies": """
            technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,module_units
            g,general,rack,0.5,1,4,7
            """
    }
    found = plan(cheaper(small(tables, {"capital": "full"}), factor), Options(gap=1e-6))
    assert found.objective == pytest.approx(14.0 * factor, rel=1e-6, abs=0.0)
    assert abs(found.gap) <= 1e-6


@pytest.mark.parametrize("factor", SCALES)
def test_operation_alternatives_and_futures_are_proven_at_any_scale(factor: float) -> None:
    scenario = cheaper(pair(), factor)
    found = plan(scenario)
    schedule = operate(scenario, found)
    assert abs(schedule.gap) <= 1e-6
    assert abs(certify_schedule(scenario, found, schedule).gap(schedule.cost_mcny)) <= 1e-6
    ends = alternatives(found, 0.02, largest(found, 1))
    assert (ends["least"] <= ends["planned"] * (1 + 1e-6)).all()
    assert (ends["most"] >= ends["planned"] * (1 - 1e-6)).all()
    members = pd.DataFrame({"member": ["a", "b"], "probability": [0.5, 0.5], "eastern_demand": [0.0, 10.0]})
    futures = scenario.with_tables(members=members.reindex(columns=scenario["members"].columns).fillna(0.0))
    futures = futures.with_tables(members=futures["members"].assign(title="", title_zh="", how="", how_zh=""))
    assert abs(two_stage(futures).gap) <= 1e-6


@pytest.mark.parametrize("objective", [1.0, 1e-3, 1e-6, -1e-6, 1e3])
def test_every_gap_is_the_same_share_of_its_objective(objective: float) -> None:
    bound = objective - 1.2e-4 * abs(objective)
    none = np.zeros(0)
    solution = Solution(none, none, objective, bound, "simplex", 0, 0.0, "")
    certificate = Certificate(True, 0.0, objective, bound, {})
    for gap in (solution.gap, certificate.gap(objective), relative_gap(objective, bound)):
        assert gap == pytest.approx(1.2e-4, rel=1e-9)


def test_nothing_costs_nothing_and_is_proven() -> None:
    assert relative_gap(0.0, 0.0) == 0.0
    assert relative_gap(0.0, -1.0) > 1.0
