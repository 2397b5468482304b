"""A growth over another time than the year before is none over that year, and a multiple of years ago no growth of one."""

from __future__ import annotations

import pytest

from xisuan.indicators.reading.bulletins import read_text
from xisuan.results.bulletin_reading import Observation

JULY = "Software revenue of Guizhou in July 2024 reached 10 billion yuan"


def only(text: str) -> Observation:
    """The only observation of a text."""
    [one] = read_text(text).observations
    return one


@pytest.mark.parametrize(
    ("rest", "growth", "base"),
    [
        ("up 2.1 percent month on month and 15 percent year on year", 15, ""),
        ("up 2.1 percent from June and 15 percent from a year ago", 15, ""),
        ("down 2.1 percent from June and 15 percent from a year ago", -15, ""),
        ("down 2.1 percent from June but up 15 percent from July 2023", 15, ""),
        ("up 15 percent year on year", 15, ""),
        ("up 2.1 percent month on month", 2.1, "the period before"),
        ("up 2.1 percent from June", 2.1, "the period before"),
        ("up 15 percent from July 2023", 15, ""),
        ("up 40 percent from July 2021", None, ""),
        ("up 9 percent from March", None, ""),
    ],
)
def test_english_months(rest: str, growth: float | None, base: str) -> None:
    one = only(f"{JULY}, {rest}.")
    assert (one.value, one.growth_pct, one.growth_to) == (10_000, growth, base)


@pytest.mark.parametrize("rest", ["quarter on quarter", "from the second quarter", "quarter-on-quarter"])
def test_english_quarters(rest: str) -> None:
    one = only(
        f"Software revenue of Guizhou in the third quarter of 2024 reached 30 billion yuan, up 2.1 percent {rest}."
    )
    assert (one.growth_pct, one.growth_to) == (2.1, "the period before")


@pytest.mark.parametrize(
    "text",
    [
        "In 2022, software revenue of Guizhou was four times that of 2018.",
        "In 2024, software revenue of Guizhou was twice as much as in 2020.",
        "2024年,贵州省软件业务收入是2020年的3.2倍。",
        "2024年,贵州省软件业务收入是“十三五”末的2倍。",
        "2024年,贵州省软件业务收入比2020年翻一番。",
        "2024年,贵州省软件业务收入实现翻番。",
    ],
)
def test_a_multiple_of_years_ago_is_left_over(text: str) -> None:
    read = read_text(text)
    assert read.observations == ()
    assert len(read.unplaced) == 1


def test_what_is_since_years_ago_says_so() -> None:
    """Also a multiple behind a level, of which it is no growth."""
    text = "Software revenue of Guizhou reached 86 billion yuan in 2024, a 3-fold increase from 2018."
    read = read_text(text)
    assert [one.growth_pct for one in read.observations] == [None]
    assert [one.why for one in read.unplaced] == ["growth over several years, not of one period"]


def test_the_growth_behind_a_multiple_of_years_ago_counts() -> None:
    one = only("In 2024, software revenue of Guizhou was 1.3 times the figure for 2022 and up 18 percent over 2023.")
    assert (one.growth_pct, one.growth_to) == (18, "")


@pytest.mark.parametrize(
    ("text", "growth"),
    [
        ("2024年,贵州省软件业务收入是上年的1.3倍。", 30),
        ("2024年,贵州省软件业务收入1000亿元,比上年翻一番。", 100),
        ("2024年,贵州省软件业务收入1000亿元,比上年翻两番。", 300),
        ("2024年,贵州省软件业务收入1000亿元,比2020年翻一番。", None),
        ("2024年,贵州省软件业务收入1000亿元,电子信息制造业增加值翻一番。", None),
        ("In 2024, software revenue of Guizhou doubled to 100 billion yuan.", 100),
    ],
)
def test_what_was_multiplied_over_the_year_before(text: str, growth: float | None) -> None:
    read = read_text(text)
    assert [one.growth_pct for one in read.observations] == [growth]
    assert len(read.unplaced) == (growth is None)
