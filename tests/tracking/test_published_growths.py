"""What published growths, parts and grades of sources do to a track."""

from __future__ import annotations

import datetime
import math

import pandas as pd
import pytest

from tests.tracking.test_track import judged, target, yearly
from xisuan.results.track import Track
from xisuan.scenario.load import build
from xisuan.tracking.series import year_nowcast
from xisuan.tracking.track import track

LEVELS = [yearly("whole", 2019, 100.0), yearly("whole", 2024, 116.0)]


def growth(year: int, percent: float, **more: object) -> dict[str, object]:
    return yearly("whole", year, math.nan, growth_pct=percent, source=f"g{year}", **more)


def test_a_growth_gives_the_level_before_and_narrows_the_interval() -> None:
    aim = target("whole", "2025-12-31", 130.0)
    wide = judged(LEVELS, aim, "2025-03-01")
    steady = [growth(year, 3.0) for year in (2020, 2021, 2022, 2023, 2024)]
    narrow = judged([*LEVELS, *steady], aim, "2025-03-01")
    assert math.log(narrow["high"] / narrow["low"]) < 0.6 * math.log(wide["high"] / wide["low"])
    assert narrow["expected"] == pytest.approx(116.0 * 1.03, rel=0.02)
    assert narrow["latest"] == wide["latest"] == 116.0  # growths make no published figure


def test_growths_that_contradict_levels_are_not_used() -> None:
    """Growth at constant prices beside levels at current ones: 12 % by the levels, 3 % as published."""
    levels = [yearly("whole", 2023, 103.6), yearly("whole", 2024, 116.0, growth_pct=3.0)]
    aim = target("whole", "2025-12-31", 130.0)
    assert judged([*levels, growth(2022, 3.0)], aim, "2025-03-01")["low"] == judged(levels, aim, "2025-03-01")["low"]


@pytest.mark.parametrize(
    ("month", "level", "shares", "expected"),
    [
        (4, 40.0, (), None),
        (4, 40.0, (0.25,), 160.0),
        (9, 90.0, (), 120.0),
        (8, 80.0, (), None),
        (1, 8.0, (0.05, 0.1), 80.0),
    ],
)
def test_months_make_a_year_by_the_share_of_earlier_years(
    month: int, level: float, shares: tuple[float, ...], expected: float | None
) -> None:
    found = year_nowcast.whole_year(year_nowcast.YearToDate(2025, month, level, math.nan, math.nan, shares))
    assert (found and found[0]) == (expected if expected is None else pytest.approx(expected))


def graded(tiers: tuple[str, str], value: float = 120.0) -> dict[str, object]:
    figure, aim = tiers
    seen = [yearly("whole", 2023, 100.0), yearly("whole", 2024, value, tier=figure)]
    return judged(seen, target("whole", "2024-12-31", 110.0, tier=aim), "2025-03-01")


@pytest.mark.parametrize(
    ("tiers", "grade", "chance"),
    [
        (("A", "A"), "A", 1.0),
        (("D", "A"), "D", None),
        (("A", "C"), "C", None),
        (("", "B"), "B", 1.0),
        (("", ""), "", 1.0),
    ],
)
def test_a_status_is_as_certain_as_its_weakest_source(tiers: tuple[str, str], grade: str, chance: float | None) -> None:
    found = graded(tiers)
    assert (found["status"], found["status_tier"], found["latest_tier"]) == ("reached", grade, tiers[0])
    assert (None if pd.isna(found["probability"]) else found["probability"]) == chance


def of_parts(observations: list[dict[str, object]], day: str) -> Track:
    stock = {"kind": "stock", "unit": "EFLOPS"}
    named = [
        {"indicator": "computing", "part_of": "", **stock},
        {"indicator": "intelligent", "part_of": "computing", **stock},
    ]
    tables = {
        "regions": pd.DataFrame([{"region": "here"}]),
        "indicators": pd.DataFrame(named),
        "observations": pd.DataFrame(observations),
        "targets": pd.DataFrame([target("computing", "2025-12-31", 80.0, unit="EFLOPS", period_start="")]),
    }
    return track(build({"name": "parts"}, tables), datetime.date.fromisoformat(day))


def capacity(indicator: str, day: str, value: float) -> dict[str, object]:
    return yearly(indicator, 2000, value, unit="EFLOPS", basis="point", period_start=day, period_end=day, published=day)


def test_a_part_reaches_the_target_of_its_whole() -> None:
    own, part = capacity("computing", "2024-12-31", 50.0), capacity("intelligent", "2025-06-30", 85.0)
    (row,) = of_parts([own, part], "2025-08-01").targets.to_dict("records")
    assert (row["status"], row["latest"], row["latest_bound"]) == ("reached", 85.0, "over")
    (row,) = of_parts([own, capacity("intelligent", "2025-06-30", 45.0)], "2025-08-01").targets.to_dict("records")
    assert (row["status"] != "reached", row["latest"]) == (True, 50.0)  # 45 says less than 50
