"""Where plan and indicator are the same thing: the planned path is the plan's own numbers, precisions apart."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from xisuan.scenario.load import load
from xisuan.tracking.targets import planned_paths
from xisuan.tracking.track import track


def plan() -> Any:
    """What `planned` reads of a plan of guizhou: its scenario, capacity and builds."""
    given = load("guizhou")
    kinds = given["technologies"].drop_duplicates("technology")
    fast = kinds[(kinds["class"] == "intelligent") & (kinds["unit"] == "PFLOPS FP16")]["technology"].iloc[0]
    slow = kinds[kinds["unit"] == "PFLOPS FP32"]["technology"].iloc[0]
    rows = [
        ("hall", "GAN", "", 2026, 500.0, "MW", 500.0),
        ("compute", "GAN", fast, 2026, 190000.0, "PFLOPS FP16", 250.0),
        ("compute", "GAN", slow, 2026, 4000.0, "PFLOPS FP32", 50.0),
        ("compute", "HLG", fast, 2026, 9000.0, "PFLOPS FP16", 9.0),
    ]
    capacity = pd.DataFrame(rows, columns=["asset", "where", "technology", "period", "amount", "unit", "mw"])
    power = pd.DataFrame(
        [(2026, 0, "GAN", 100.0, 120.0), (2026, 1, "GAN", 300.0, 390.0), (2026, 0, "HLG", 100.0, 400.0)],
        columns=["period", "hour", "site", "it_mw", "facility_mw"],
    )
    builds = pd.DataFrame(
        [("hall", "GAN", 2026, 1200.0), ("compute", "GAN", 2026, 800.0), ("link", "GAN-X", 2026, 77.0)],
        columns=["asset", "where", "period", "capex_mcny"],
    )
    return SimpleNamespace(scenario=given, capacity=capacity, builds=builds, tables={"power": power})


@pytest.mark.parametrize(
    ("variable", "amount"),
    [
        ("eflops_fp16", 190.0),
        ("racks", 200000.0),
        ("investment", 2000.0),
        ("occupancy", 300.0 / 500.0),
        ("pue", 510.0 / 400.0),  # two hours of one day weigh alike
    ],
)
def test_a_variable_is_that_of_the_reported_hub(variable: str, amount: float) -> None:
    found = planned_paths.variable(plan(), variable)
    assert found.pop(2026) == pytest.approx(amount)
    assert set(found.values()) <= {0.0}, "years without orders"
    assert set(found) == (set() if variable != "investment" else {2027, 2028, 2029, 2030})


def test_what_plans_do_not_have_has_no_path() -> None:
    own = plan()
    assert planned_paths.variable(own, "gigabit_cities") == {}
    own.tables = {}
    assert planned_paths.variable(own, "pue") == {}


def test_gigabit_cities_are_counted_where_there_are_cities() -> None:
    own = plan()
    own.gigabit = pd.DataFrame({"period": [2026, 2026, 2027, 2027], "gigabit": [True, False, True, True]})
    own.tables = {"gigabit": own.gigabit}
    assert planned_paths.variable(own, "gigabit_cities") == {2026: 1.0, 2027: 2.0}


def test_the_planned_path_stands_beside_the_official_one() -> None:
    own = plan()
    found = track(own.scenario, datetime.date(2025, 12, 31), own)
    drawn = found.paths[found.paths["kind"] == "plan"].set_index("indicator")["median"]
    assert drawn["intelligent_compute_capacity"] == pytest.approx(190.0)
    assert drawn["racks"] == pytest.approx(200000.0)
    regions = found.paths[found.paths["kind"] == "plan"].groupby("region")["indicator"].agg(set).to_dict()
    assert regions["guian_new_area"] == {"rack_occupancy", "pue"}
    assert regions["guizhou"] == {"intelligent_compute_capacity", "racks", "compute_facility_fixed_investment"}
    assert drawn["rack_occupancy"] == pytest.approx(60.0)


def test_scenario_multipliers_change_no_path() -> None:
    own = plan()
    kinds = own.scenario["drivers"].set_index("indicator")["kind"]
    claims = {name for name in kinds.index if kinds[[name]].eq("scenario").all()}
    assert claims
    assert claims.isdisjoint({row["indicator"] for row in planned_paths.paths(own, own.scenario["drivers"])})
