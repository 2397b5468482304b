"""Growth that is aimed at: decided by the growth that is published, judged ahead by the level that it makes."""

from __future__ import annotations

import datetime
import math
from typing import Any

import pandas as pd
import pytest

from xisuan.errors import ScenarioError
from xisuan.report.tracking import track_page
from xisuan.results.track import Track, records
from xisuan.scenario.load import build
from xisuan.scenario.schema.statistics_tables import BY_MONTH, YEARLY
from xisuan.tracking.series import level_walk
from xisuan.tracking.track import track

INDICATORS = pd.DataFrame(
    [
        {"indicator": "revenue", "unit": "mCNY", "kind": "flow"},
        {"indicator": "stations", "unit": "1", "kind": "stock"},
    ]
)
DAY = datetime.date(2025, 3, 31)
"""The figures of 2024 are out, those of 2025 are not."""
LEVELS = {2020: 70.0, 2021: 77.0, 2022: 85.0, 2023: 91.0, 2024: 100.0}
"""Revenue by year."""
Row = dict[str, object]


def year(when: int, value: float = math.nan, growth: float = math.nan, **more: object) -> Row:
    """What was published of the revenue of a year."""
    return {
        "indicator": "revenue", "region": "here", "period_start": f"{when}-01-01", "period_end": f"{when}-12-31",
        "basis": "cumulative", "value": value, "unit": "mCNY", "growth_pct": growth, "published": f"{when + 1}-02-01",
        "source": "bureau",
    } | more  # fmt: skip


def aim(growth: float = math.nan, deadline: str = "2025-12-31", **more: object) -> Row:
    """A target of growth of revenue."""
    return {
        "indicator": "revenue", "region": "here", "deadline": deadline, "value": math.nan, "unit": "mCNY",
        "growth_pct": growth, "published": "2020", "source": "plan",
    } | more  # fmt: skip


def tracked(observations: list[Row], targets: list[Row], day: datetime.date = DAY) -> Track:
    """A track of them."""
    frames = {
        "regions": pd.DataFrame([{"region": "here", "title": "Here", "title_zh": "此地"}]),
        "indicators": INDICATORS,
        "observations": pd.DataFrame(observations),
        "targets": pd.DataFrame(targets),
    }
    return track(build({"name": "own"}, {name: frame for name, frame in frames.items() if len(frame)}), day)


def only(observations: list[Row], target: Row, day: datetime.date = DAY) -> dict[str, Any]:
    """What is said of the only target."""
    [row] = records(tracked(observations, [target], day).targets)
    return row


SERIES = [year(when, value) for when, value in LEVELS.items()]


def test_ahead_it_is_the_level_that_it_makes() -> None:
    """10 % on 100 mCNY are 110 mCNY: chance, interval and growth needed are those of a target of 110 mCNY."""
    level = aim(value=110.0, source="level")
    plain, grown = sorted(records(tracked(SERIES, [aim(10.0), level]).targets), key=lambda row: str(row["source"]))
    assert (grown["target"], grown["base"], grown["base_end"]) == (pytest.approx(110.0), 100.0, "2024-12-31")
    assert grown["target_growth_pct"] == 10.0
    assert grown["note"].startswith("counted from 100 mCNY in 2024; ")
    for name in ("status", "latest", "latest_end", "probability", "expected", "low", "high", "required_growth_pct"):
        assert grown[name] == pytest.approx(plain[name]) if name != "status" else grown[name] == plain[name], name
    assert 0.1 < grown["probability"] < 0.9
    assert grown["required_growth_pct"] == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("published", "target", "status", "growth"),
    [
        ({"growth": 8.0}, {}, "missed", 8.0),  # its own growth decides, like for like, and not 115 over 100
        ({"growth": 10.0}, {}, "reached", 10.0),
        ({}, {}, "reached", 15.0),  # none was published: 115 over 100
        ({"value": 109.0}, {}, "missed", 9.0),
        ({"value": math.nan, "growth": 8.0, "bound": "over"}, {}, "deadline passed, outcome not published", 8.0),
        ({"value": math.nan, "growth": 12.0, "bound": "over"}, {}, "reached", 12.0),
        ({"value": math.nan, "growth": 8.0, "growth_to": BY_MONTH}, {}, "deadline passed, outcome not published", None),
        ({"growth": 8.0}, {"bound": "under"}, "reached", 8.0),  # no more than 10 %
        ({"growth": 12.0}, {"bound": "under"}, "missed", 12.0),
    ],
)  # fmt: skip
def test_the_published_growth_decides(
    published: dict[str, Any], target: Row, status: str, growth: float | None
) -> None:
    told = year(2025, **({"value": 115.0} | published))
    row = only([*SERIES, told], aim(10.0, **target), datetime.date(2026, 6, 30))
    assert row["status"] == status
    assert row["reached_growth_pct"] == (growth if growth is None else pytest.approx(growth))
    if status in ("reached", "missed"):
        assert row["probability"] == (status == "reached")


@pytest.mark.parametrize(
    ("growths", "growth"),
    [
        ({2023: 10.0, 2024: 20.0, 2025: 30.0}, 19.722),  # 1.1 × 1.2 × 1.3 = 1.716, and its third root
        (
            {2023: 10.0, 2024: 20.0},
            20.0,
        ),  # one is missing, so the levels: 146.88 over 85 in three years, and its third root
        ({2023: 10.0, 2024: 20.0, 2025: 30.0, "average": 19.9}, 19.9),
    ],
)
def test_a_pace_of_several_years(growths: dict[Any, float], growth: float) -> None:
    """20 % a year from 2022 on: 85 mCNY make 146.88 mCNY by 2025."""
    seen = [*SERIES, year(2025, 146.88)]
    seen = [one | {"growth_pct": growths.get(int(str(one["period_end"])[:4]), math.nan)} for one in seen]
    if "average" in growths:
        seen.append(year(2025, growth=growths["average"], period_start="2023-01-01", growth_to=YEARLY))
    goal = aim(20.0, period_start="2023-01-01", growth_to=YEARLY)
    row = only(seen, goal, datetime.date(2026, 6, 30))
    assert (row["target"], row["base"], row["base_end"]) == (pytest.approx(146.88), 85.0, "2022-12-31")
    assert row["reached_growth_pct"] == pytest.approx(growth, abs=0.001)
    assert row["status"] == ("reached" if growth >= 20.0 else "missed")
    before = only(SERIES, goal)
    assert before["required_growth_pct"] == pytest.approx(46.88)  # of the one year left, from 100


def test_of_a_stock_and_of_months() -> None:
    """Each counts from the same time of the year before."""
    point = {"indicator": "stations", "unit": "1", "basis": "point"}
    stations = [
        year(2000, value, published=day, period_start=day, period_end=day, **point)
        for value, day in ((1000.0, "2023-12-31"), (2000.0, "2024-12-31"))
    ]
    row = only(stations, aim(25.0, indicator="stations", unit="1"))
    assert (row["target"], row["base"]) == (2500.0, 2000.0)
    half = [year(2024, 48.0, period_end="2024-06-30"), *SERIES]
    row = only(half, aim(25.0, "2025-06-30", period_start="2025-01-01"))
    assert (row["target"], row["base"], row["base_end"]) == (60.0, 48.0, "2024-06-30")


GROWTHS = {2021: 5.0, 2022: 12.0, 2023: 8.0, 2024: 11.0}


def test_without_a_level_published_growths_are_chained() -> None:
    """The chance is that of a series of levels that grew so: 100, 105, 117.6, 127.008, 140.97888."""
    told = [year(when, growth=growth) for when, growth in GROWTHS.items()]
    row = only(told, aim(10.0))
    levels, value = [year(2020, 100.0)], 100.0
    for when, growth in GROWTHS.items():
        value *= 1.0 + growth / 100.0
        levels.append(year(when, value))
    plain = only(levels, aim(value=140.97888 * 1.1))
    assert value == pytest.approx(140.97888)
    assert row["probability"] == pytest.approx(plain["probability"])
    assert row["status"] == plain["status"]
    assert math.isnan(row["target"] or math.nan)
    assert "by the path of published growths" in row["note"]


def test_the_months_so_far_count() -> None:
    """Without any level, a growth of 14 % up to October makes 10 % likely, and one of 6 % unlikely."""
    told = [year(when, growth=growth) for when, growth in GROWTHS.items()]
    chances = {}
    for growth in (6.0, 14.0):
        months = year(2025, growth=growth, period_end="2025-10-31", published="2025-11-20")
        chances[growth] = only([*told, months], aim(10.0), datetime.date(2025, 11, 30))["probability"]
    assert chances[6.0] < 0.1
    assert chances[14.0] > 0.9


@pytest.mark.parametrize(
    ("seen", "target"),
    [
        (SERIES[:1], aim(10.0, "2027-12-31")),  # 2026, from which it counts, is not over, and one level makes no path
        ([*SERIES[:-1], year(2024, 100.0, bound="over")], aim(10.0)),  # from over 100
        ([year(2024, growth=8.0, growth_to="the period before")], aim(10.0)),
    ],
)
def test_what_says_nothing_is_not_enough(seen: list[Row], target: Row) -> None:
    row = only(seen, target)
    assert (row["status"], row["base_end"]) == ("not enough data", "")
    assert "that it could count from" in row["note"]


@pytest.mark.parametrize("growths", [False, True])
def test_a_year_that_is_ahead_is_passed_on_the_way(growths: bool) -> None:
    """The growth of 2027 over 2026: the walk of levels, or of growths alone, from the one year to the other."""
    told = [year(when, growth=growth) for when, growth in GROWTHS.items()]
    index = [
        100.0 * math.prod(1.0 + GROWTHS[one] / 100.0 for one in range(2021, when + 1)) for when in range(2020, 2025)
    ]
    days = [datetime.date(when, 12, 31) for when in LEVELS]
    walked = level_walk.growth(days, index if growths else list(LEVELS.values()), datetime.date(2026, 12, 31), AHEAD)
    assert walked is not None
    row = only(told if growths else SERIES, aim(6.0, "2027-12-31"))
    assert row["probability"] == pytest.approx(walked.probability(1.06))
    assert row["base_end"] == ""
    assert "from the time that it counts from" in row["note"]
    assert row["probability"] > only(told if growths else SERIES, aim(9.0, "2027-12-31"))["probability"]


AHEAD = datetime.date(2027, 12, 31)


def test_a_year_that_is_over_and_not_published_is_passed_too() -> None:
    """Growths up to 2023, and an aim of 2025 over 2024."""
    told = [year(when, growth=growth) for when, growth in GROWTHS.items() if when < 2024]
    row = only(told, aim(6.0))
    assert row["probability"] is not None
    assert 0.1 < row["probability"] < 0.9
    assert "by the path of published growths from the time that it counts from" in row["note"]


def test_an_aim_among_observations_is_tracked_once() -> None:
    """As `read` gives it; one that the table has too is no second one."""
    told = year(2025, growth=10.0, status="target", published="2025-01-20", source="speech")
    level = year(2025, 120.0, status="target", published="2025-01-20", source="report")
    rows = records(tracked([*SERIES, told, level], [aim(10.0)]).targets)
    assert [(row["source"], row["target_growth_pct"]) for row in rows if row["target_growth_pct"] == 10.0] == [
        ("plan", 10.0)
    ]
    assert [row["target"] for row in rows if row["source"] == "report"] == [120.0]
    assert len(rows) == 2
    alone = records(tracked([*SERIES, told], []).targets)
    assert [(row["source"], row["target"]) for row in alone] == [("speech", pytest.approx(110.0))]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (aim(), "says nothing; give the level or the growth"),
        (aim(5.0, growth_to="the period before"), "leave it empty, or write: the year before, yearly average"),
        (aim(5.0, period_start="2021-01-01"), "its period is of several years; write"),
    ],
)
def test_an_aim_that_says_too_little_is_refused(target: Row, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        tracked(SERIES, [target])


def test_both_pages_say_the_growth_and_the_level() -> None:
    """And what it counts from; a pace says that it is one."""
    goals = [aim(10.0), aim(8.0, period_start="2023-01-01", growth_to=YEARLY, source="other")]
    found = tracked(SERIES, goals)
    english, chinese = track_page.html(found, "en"), track_page.html(found, "zh")
    for words in ("+10 % (110 million CNY)", "+8 % a year (107 million CNY)", "counted from 100 million CNY in 2024"):
        assert words in english.replace("\u00a0", " "), words
    late = tracked(SERIES, [aim(6.0, "2027-12-31")])
    (row,) = records(late.targets)
    assert "未公布可作基数的 2026 年水平值；按自基期起的走势推算" in track_page.cells(late, row, "zh")["note"]
    for words in ("+10 %（1.1 亿元）", "年均 +8 %（1.07 亿元）", "以 2024 年的 1 亿元为基数"):
        assert words in chinese.replace("\u00a0", " "), words
