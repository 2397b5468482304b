"""Places that are left out have no figure, and no text is about them; those beside them are added to the known ones."""

from __future__ import annotations

import datetime

import pytest

from xisuan.indicators.reading.bulletins import read_text

DAY = datetime.date(2023, 6, 27)


@pytest.mark.parametrize(
    "text",
    [
        "Guizhou plans to make seven cities outside Guiyang and Zunyi gigabit cities in 2023.",
        "Seven cities outside Guiyang and Zunyi will become gigabit cities in 2023.",
        "Guizhou's aim is for seven cities other than Guiyang and Zunyi to become gigabit cities in 2023.",
        "Guizhou will build seven more gigabit cities outside Guiyang and Zunyi in 2023.",
        "2023年,贵州省将贵阳、遵义以外的七个市州建成千兆城市。",
        "除贵阳、遵义外,其余7个市州年内将全部建成“千兆城市”。",
    ],
)
def test_so_many_more_are_no_level(text: str) -> None:
    [one] = read_text(text, DAY, region="guizhou").observations
    assert (one.indicator, one.region, one.value) == ("gigabit_cities_new", "guizhou", 7)
    assert (one.period_start, one.period_end, one.status) == ("2023-01-01", "2023-12-31", "target")


def test_what_is_told_behind_is_not_of_those_left_out() -> None:
    text = "Guizhou will build seven more gigabit cities outside Guiyang and Zunyi, adding 30,000 5G base stations in 2023."
    read = read_text(text, DAY, region="guizhou").observations
    assert {(one.indicator, one.region) for one in read} == {
        ("gigabit_cities_new", "guizhou"),
        ("g5_base_stations_new", "guizhou"),
    }


def test_the_total_is_the_level() -> None:
    text = "In 2023, seven more cities of Guizhou became gigabit cities, so that the province had nine gigabit cities."
    read = read_text(text).observations
    assert {(one.indicator, one.value) for one in read} == {("gigabit_cities_new", 7), ("gigabit_cities", 9)}
    [one] = read_text("截至2023年10月底,贵州9个市州全部建成千兆城市。").observations
    assert (one.indicator, one.value, one.period_end) == ("gigabit_cities", 9, "2023-10-31")


def test_no_other_than_one_is_that_one() -> None:
    text = (
        "In 2023, Guizhou had 126,000 5G base stations, and no city other than Guiyang and Zunyi had more than 20,000."
    )
    assert [one.value for one in read_text(text).observations if one.region == "guizhou"] == [126_000]
