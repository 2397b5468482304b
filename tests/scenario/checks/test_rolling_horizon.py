"""Check of a rolling horizon: work that may wait longer than it looks ahead is named, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.folder import errors, made, problems, told, warnings
from xisuan.scenario import load
from xisuan.scenario.checks.rolling_horizon import longer_waits
from xisuan.text.translation import translate

WORK = (
    "workload,class,latency_ms,defer_hours,gbps_per_unit\nweb,general,5,,0.01\nnight,general,,48,\nidle,general,,96,\n"
)
DEMAND = "region,workload,period,units\neast,web,2026,100\neast,night,2026,10\n"
TABLES = {"workloads_csv": WORK, "demand_csv": DEMAND}
ROLLING = 'name = "small"\nperiods = [2026]\n[plan]\nrolling = "{}"\n'


@pytest.mark.parametrize(("windows", "is_short"), [("47/24", True), ("48/24", False), ("72/24", False)])
def test_a_horizon_of_the_scenario_shorter_than_a_wait_is_a_warning(
    windows: str, is_short: bool, tmp_path: Path
) -> None:
    """A wait as long as the horizon is in sight; work that nobody asks for (`idle`) does not count."""
    folder = made(tmp_path, scenario_toml=ROLLING.format(windows), **TABLES)
    assert errors(folder) == []
    said = "workloads.csv, row 3 (night), defer_hours: 48 · wait-beyond-horizon"
    assert (said in warnings(folder)) is is_short
    assert sum(one.code == "wait-beyond-horizon" for one in problems(folder)) == is_short


def test_the_warning_names_a_horizon_that_covers_the_wait(tmp_path: Path) -> None:
    scenario = load.load(made(tmp_path, **TABLES))
    (one,) = longer_waits(scenario, 36, 12)
    assert told(one) == "workloads, night, defer_hours: 48 · wait-beyond-horizon"
    assert "longer than the 36 hours" in one.message
    assert "60/12" in one.message
    assert "36" in translate(one.message, "zh")
    assert longer_waits(scenario, 60, 12) == ()
