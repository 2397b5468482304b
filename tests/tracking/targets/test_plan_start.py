"""Beside a plan, the chance of a target starts from the level that the plan starts from."""

from __future__ import annotations

import dataclasses
import datetime
import math

import pandas as pd
import pytest

from tests.tracking.targets.test_planned_paths import plan
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario
from xisuan.tracking.targets import plan_start
from xisuan.tracking.targets.plan_start import Start
from xisuan.tracking.track import track

DAY = datetime.date(2026, 2, 28)
NAME = "intelligent_compute_capacity"
STANDING = (17936.6 + 16059.4 + 16059.4 + 97166.5) / 1000.0
"""EFLOPS (FP16) at Gui'an at the end of 2025: units of 2022 to 2025 in `fleet`, one PFLOPS each."""


def test_the_start_is_what_stands_before_the_first_period() -> None:
    found = plan_start.starts(load("guizhou"), load("guizhou")["drivers"])
    assert set(found) == {(NAME, "guizhou"), ("racks", "guizhou")}
    assert {one.day for one in found.values()} == {datetime.date(2025, 12, 31)}
    assert found[NAME, "guizhou"].level == pytest.approx(STANDING)
    assert found["racks", "guizhou"].level == pytest.approx(810.0 / 0.0025)


def test_a_later_row_of_a_hall_stands_later() -> None:
    """The halls of a site stand once, however many dated rows describe them."""
    given = load("guizhou-days")
    halls = given["halls"]
    later = halls[halls["site"] == "GAN"].assign(period=2028.0, existing_mw=999.0)
    dated = given.with_tables(halls=pd.concat([halls, later], ignore_index=True))
    found = plan_start.starts(dated, given["drivers"])
    assert found["racks", "guizhou"] == plan_start.starts(given, given["drivers"])["racks", "guizhou"]


def test_equipment_of_the_first_period_and_equipment_gone_by_then_do_not_stand_before_it() -> None:
    given = load("guizhou")
    fleet = given["fleet"].copy()
    at = fleet.index[(fleet["site"] == "GAN") & fleet["technology"].str.startswith("ai_")]
    fleet.loc[at[0], "retires"] = 2025.0  # the last year with it is 2024
    fleet.loc[at[1], "retires"] = 2026.0  # in use until the end of 2025
    fleet.loc[at[2], "opened"] = 2026.0
    changed = dataclasses.replace(given, tables={**given.tables, "fleet": fleet})
    found = plan_start.starts(changed, given["drivers"])[NAME, "guizhou"]
    assert found.level == pytest.approx((16059.4 + 97166.5) / 1000.0)


def test_a_series_that_ends_earlier_keeps_its_growth_and_ends_at_the_start() -> None:
    start = Start(datetime.date(2025, 12, 31), 120.0)
    days, levels = start.joined([datetime.date(2024, 8, 31), datetime.date(2025, 8, 31)], [40.0, 60.0])
    assert days == [datetime.date(2024, 12, 31), datetime.date(2025, 12, 31)]
    assert levels == pytest.approx([80.0, 120.0])


@pytest.mark.parametrize(("standing", "told"), [(180_000.0, True), (31_000.0, False)])
def test_a_deadline_before_the_plan_is_judged_by_published_figures_and_names_the_start(
    standing: float, told: bool
) -> None:
    """Racks of 31,000 at the end of 2025 miss 100,000 by then, however many the plan starts from."""
    given = load("guizhou-days")
    row = {"indicator": "racks", "region": "guizhou", "unit": "1"}
    target = pd.DataFrame([{**row, "deadline": "2025-12-31", "value": 1e5}])
    seen = pd.DataFrame([{**row, "period_end": "2025-12-31", "basis": "point", "value": 31e3, "status": "actual"}])
    halls = given["halls"].copy()
    halls.loc[halls["site"] == "GAN", "existing_mw"] = standing * 0.0025
    tables = {"targets": _as(given, "targets", target), "observations": _as(given, "observations", seen)}
    run = plan()
    run.scenario = run.scenario.with_tables(halls=halls)
    (found,) = track(given.with_tables(**tables), DAY, run).targets.to_dict("records")
    assert (found["latest"], found["status"], found["probability"]) == (31e3, "missed", 0.0)
    assert ("starts from 180,000" in found["note"]) is told


def _as(scenario: Scenario, name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with all columns of a table, blank as in its first row where they are not given."""
    blank = scenario[name].iloc[[0]].map(lambda cell: "" if isinstance(cell, str) else cell)
    return pd.DataFrame([{**blank.iloc[0], **row} for row in rows.to_dict("records")])[list(scenario[name].columns)]


def test_later_figures_keep_their_days_and_pass_through_the_start() -> None:
    """Half of the days of a growth of 4: the level doubles until then."""
    start = Start(datetime.date(2025, 12, 31), 100.0)
    around = [datetime.date(2025, 12, 21), datetime.date(2026, 1, 10)]
    days, levels = start.joined(around, [10.0, 40.0])
    assert days == around
    assert levels == pytest.approx([50.0, 200.0])


def chance(scenario: Scenario, goal: float, beside: bool) -> dict[str, float]:
    """Return the row of the target of 2026 with another goal."""
    targets = scenario["targets"].copy()
    mine = (targets["indicator"] == NAME) & (targets["deadline"] == "2026-12-31")
    targets.loc[mine, "value"] = goal
    given = dataclasses.replace(scenario, tables={**scenario.tables, "targets": targets})
    found = track(given, DAY, plan() if beside else None).targets
    (row,) = found[(found["indicator"] == NAME) & (found["deadline"] == "2026-12-31")].to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_the_chance_is_that_of_the_growth_from_the_start() -> None:
    """135 EFLOPS are published for the end of 2025; a growth has one chance, whatever it starts from."""
    given = load("guizhou")
    mine = chance(given, 171.0, beside=True)
    same = chance(given, 171.0 * 135.0 / STANDING, beside=False)
    assert mine["probability"] == pytest.approx(same["probability"], abs=1e-9)
    assert mine["probability"] > chance(given, 171.0, beside=False)["probability"] + 0.01
    assert mine["expected"] == pytest.approx(same["expected"] * STANDING / 135.0)
    assert mine["required_growth_pct"] == pytest.approx(100.0 * (171.0 / STANDING - 1.0))
    assert mine["latest"] == 135.0
    assert "147 EFLOPS" in str(mine["note"])


def test_targets_of_what_the_plan_does_not_count_keep_their_chance() -> None:
    given = load("guizhou")
    own, alone = track(given, DAY, plan()).targets, track(given, DAY).targets
    others = own["indicator"] != NAME
    assert own[others].drop(columns="note").equals(alone[others].drop(columns="note"))
    assert math.isfinite(own.loc[~others, "probability"].max())


def test_no_growth_is_needed_for_a_deadline_that_has_passed() -> None:
    """Beside a plan, too: what was reached by then is for the statistics to say."""
    given, day = load("guizhou"), datetime.date(2028, 6, 30)
    found = track(given, day, plan()).targets
    (row,) = found[(found["indicator"] == NAME) & (found["deadline"] == "2026-12-31")].to_dict("records")
    assert row["required_growth_pct"] is None or math.isnan(row["required_growth_pct"])
