"""The fingerprint of a scenario: the same for the same data, another for any change of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd

from tests.scenarios import five, pair
from xisuan.results.storage.fingerprint import notes, scenario_hash
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import PlanOptions, Settings
from xisuan.versions import versions


def test_it_survives_writing_and_reading(tmp_path: Path) -> None:
    """It is of the data, not of where they lie."""
    scenario = five(tmp_path / "five")
    assert scenario_hash(load(tmp_path / "five")) == scenario_hash(scenario)


def test_any_cell_curve_or_setting_changes_it() -> None:
    """Of the settings all but what is done with once the tables are there."""
    scenario = five()
    power = scenario["power"].copy()
    power.loc[0, "demand_charge_cny_per_kw_month"] += 1e-9
    curves = scenario.curves.copy()
    curves.iloc[4000, 0] += 1e-9
    variants = [
        scenario,
        dataclasses.replace(scenario, tables={**scenario.tables, "power": power}),
        dataclasses.replace(scenario, curves=curves),
        scenario.with_settings(discount_rate=0.05),
        pair(),
    ]
    assert len({scenario_hash(variant) for variant in variants}) == len(variants)
    assert scenario_hash(scenario.with_settings(extends="china", drop={})) == scenario_hash(scenario)


def test_runs_stored_before_an_option_came_stay_valid() -> None:
    """Settings alone, because tables may have new columns. The hash was stored before `plan.rolling` existed."""
    older = Scenario(Settings("older", plan=PlanOptions(operate_days=9)), {}, pd.DataFrame())
    assert scenario_hash(older) == "7f2288f1fac11d17acd64e52a49d06af6dd7880819292e803ae5d68982cbb052"
    plan = dataclasses.replace(older.settings.plan, rolling="48/24")
    assert scenario_hash(older.with_settings(plan=plan)) != scenario_hash(older)


def test_what_a_report_says_of_it() -> None:
    """Hash, seed and versions."""
    said = notes("abc", versions())
    assert said["scenario hash"] == "abc"
    assert said["seed"] == "none"
    assert {"xisuan", "python", "highspy"} <= set(said)
