"""What a level and its change in points say of the time before: a derived level, where none was published."""

from __future__ import annotations

import datetime
import math

import pandas as pd
import pytest

from xisuan.report.tracking import track_page
from xisuan.results.track import Track, records
from xisuan.scenario.load import build
from xisuan.text.translation import LANGUAGES
from xisuan.tracking.track import track

INDICATORS = pd.DataFrame(
    [
        {"indicator": "covered", "unit": "pct", "kind": "ratio"},
        {"indicator": "lines", "unit": "1", "kind": "stock"},
    ]
)
DAY = datetime.date(2026, 6, 30)


def level(end: str, value: float, **more: object) -> dict[str, object]:
    """A ratio on a day."""
    return {
        "indicator": "covered", "region": "here", "period_start": end, "period_end": end, "basis": "point",
        "value": value, "unit": "pct", "published": "2026-02-01", "source": "bureau",
    } | more  # fmt: skip


def tracked(*observations: dict[str, object], deadline: str = "2026-12-31") -> Track:
    """A track of them with a target of 60 %."""
    aim = {"indicator": "covered", "region": "here", "deadline": deadline, "value": 60.0, "unit": "pct"}
    frames = {
        "regions": pd.DataFrame([{"region": "here", "title": "Here", "title_zh": "此地"}]),
        "indicators": INDICATORS,
        "observations": pd.DataFrame(observations),
        "targets": pd.DataFrame([aim | {"published": "2021", "source": "plan"}]),
    }
    return track(build({"name": "own"}, frames), DAY)


def derived(found: Track) -> list[tuple[str, float, str]]:
    """Day, level and day of publication of the levels that were worked out."""
    rows = [row for row in records(found.observed) if row["quality"] == "derived"]
    return [(row["period_end"], row["value"], row["published"]) for row in rows]


@pytest.mark.parametrize(
    ("to", "end", "before"),
    [
        ("", "2025-12-31", "2024-12-31"),
        ("", "2024-02-29", "2023-02-28"),
        ("the end of the year before", "2025-06-30", "2024-12-31"),
        ("2020", "2025-12-31", "2020-12-31"),
    ],
)
def test_a_level_and_its_change_give_the_level_before(to: str, end: str, before: str) -> None:
    """55.3 less 3.2 by hand; known since both were published."""
    found = tracked(level(end, 55.3, change_points=3.2, change_to=to))
    assert derived(found) == [(before, 52.1, "2026-02-01")]
    [row] = [row for row in records(found.observed) if row["quality"] != "derived"]
    assert (row["change_points"], row["change_to"]) == (3.2, to)


@pytest.mark.parametrize(
    "more",
    [
        {"change_to": "the period before"},  # a month, or a quarter
        {"change_to": "the year before, yearly average"},
        {"bound": "over"},
        {"status": "projected"},
        {"value": math.nan},
        {"share_pct": 12.0},  # of which the change then is
    ],
)
def test_what_does_not_say_it_gives_none(more: dict[str, object]) -> None:
    assert derived(tracked(level("2025-12-31", 55.3, change_points=3.2) | more)) == []


def test_a_published_level_stays_and_a_disagreement_is_told() -> None:
    """Also a preliminary one. 55.3 less 51.0 are 4.3 points where 3.2 were published; 0.4 is what rounding explains."""
    now = level("2025-12-31", 55.3, change_points=3.2)
    found = tracked(now, level("2024-12-31", 51.0, status="preliminary"))
    assert derived(found) == []
    [row] = records(found.restated)
    assert (row["change_points"], row["levels_points"]) == (3.2, pytest.approx(4.3))
    assert row["points"] == pytest.approx(1.1)
    assert math.isnan(row["growth_pct"] or math.nan)
    page = track_page.html(found, "en")
    assert "+3.2 points" in page
    assert "+4.3 points" in page
    assert "+4.3 个百分点" in track_page.html(found, "zh")
    assert records(tracked(now, level("2024-12-31", 51.7)).restated) == []


def test_nothing_is_known_before_it_was_published() -> None:
    """The level of 2024 that the report on 2025 gives is known since that report."""
    frames = tracked(level("2025-12-31", 55.3, change_points=3.2)).observed
    assert set(frames["published"]) == {"2026-02-01"}


def test_of_one_report_comes_a_path() -> None:
    """Two levels are what an outlook needs, and one report with its change gives both."""
    bare = tracked(level("2025-12-31", 55.3)).targets
    both = tracked(level("2025-12-31", 55.3, change_points=3.2)).targets
    assert bare["status"].tolist() == ["not enough data"]
    assert both["status"].tolist() != ["not enough data"]
    assert both["latest"].tolist() == [55.3]


def test_a_change_of_what_is_no_percentage_gives_no_level() -> None:
    lines = level("2025-12-31", 100.0, change_points=3.2, indicator="lines", unit="1")
    assert derived(tracked(lines, level("2025-12-31", 55.3))) == []


def test_a_derived_level_is_marked_where_it_is_seen() -> None:
    """In the chart, and beside a target whose latest level it is: that of 2024, known from a report on 2025 alone."""
    found = tracked(level("2025-12-31", 55.3, change_points=3.2), deadline="2024-12-31")
    [row] = records(found.targets)
    assert (row["latest"], row["latest_end"], row["status"]) == (52.1, "2024-12-31", "missed")
    for language, words in zip(LANGUAGES, ("worked out from", "由公布数推算"), strict=True):
        page = track_page.html(found, language)
        assert words in track_page.cells(found, row, language)["note"]
        assert page.count(words) >= 2, "beside the target and in the chart"
