"""Which place and which months a sentence is of that says neither: those of the text and of the subject before it."""

from __future__ import annotations

import pytest

from xisuan.indicators.reading.bulletins import read_text
from xisuan.results.bulletin_reading import Observation


def read(text: str, published: str = "2024-10-23", region: str = "") -> tuple[Observation, ...]:
    return read_text(f"Published: {published}\n{text}", region=region).observations


def places(text: str, region: str = "") -> list[tuple[str, str]]:
    return [(one.indicator, one.region) for one in read(text, region=region)]


@pytest.mark.parametrize(
    "text",
    [
        "Hubei made a good start this year, with exports up 4.5 percent to 120 billion yuan in the first three quarters.",
        "Hubei's exports rose 4.5 percent from January to September. This year imports have also grown by 2.1 percent.",
        "Trade of Hubei in the First Three Quarters\nWuhan Customs Office, 2024\nExports grew by 4.5 percent.",
        "Hubei: the first nine months\nSo far this year, exports have grown by 4.5 percent.",
        "湖北省前三季度进出口情况\n今年,全省出口增长4.5%。",
    ],
)
def test_a_year_under_way_is_as_long_as_the_text_reports_on(text: str) -> None:
    seen = read(text)
    assert seen
    assert {(one.period_start, one.period_end) for one in seen} == {("2024-01-01", "2024-09-30")}


def test_a_year_of_which_no_months_are_told_goes_to_the_day_of_the_text() -> None:
    (one,) = read("This year Hubei's exports have grown by 4.5 percent.")
    assert (one.period_start, one.period_end) == ("2024-01-01", "2024-10-23")


def test_months_of_another_year_or_to_come_are_not_those_of_this_one() -> None:
    (one,) = read(
        "This year Hubei's exports have grown by 4.5 percent. A report on the first half of 2023 is in print."
    )
    assert one.period_end == "2024-10-23"


def test_the_province_before_its_cities_is_the_one_they_lie_in() -> None:
    text = (
        "Software, January-September\nThe province's software revenue was 98.6 billion yuan.\n"
        "Harbin's was 61.2 billion yuan. In Daqing 9.4 billion yuan of software revenue was earned."
    )
    assert places(text)[0] == ("software_revenue", "heilongjiang")


@pytest.mark.parametrize(
    "between",
    [
        "New cables connect Haikou with Guangzhou and Shenzhen.",
        "A cluster of Tencent serves Shenzhen.",
        "That is little next to Guizhou or Inner Mongolia.",
        "Unlike its neighbour Guangdong, Hainan is an island.",
        "Engineers have visited Guiyang and Hohhot.",
        "Its partners are in Hangzhou.",
    ],
)
def test_a_place_that_is_no_subject_leaves_the_text_where_it_was(between: str) -> None:
    text = f"Hainan had 21,000 racks at the end of September. {between} Average PUE was 1.28."
    assert places(text) == [("racks", "hainan"), ("pue", "hainan")]


@pytest.mark.parametrize(
    "between",
    [
        "Haikou does better still.",
        "In the south lies Sanya.",
        "Take Haikou.",
        "Yet in Sanya things look different.",
        "The coastal city of Haikou is ahead.",
    ],
)
def test_a_place_that_is_a_subject_turns_the_text_to_it(between: str) -> None:
    text = f"Hainan had 21,000 racks at the end of September. {between} Average PUE was 1.28."
    assert places(text)[1][1] in ("haikou", "sanya")


def test_the_city_is_the_one_named_last_even_in_passing() -> None:
    text = (
        "Where melons grew\nA field outside Zhongwei is full of fans. The city has become the heart of Ningxia's "
        "computing. Its data centres housed 68,000 racks at the end of August.\n"
        "In the region as a whole, GDP was 248 billion yuan in the first half of the year."
    )
    assert places(text) == [("racks", "zhongwei"), ("gdp", "ningxia")]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        (
            "Hubei's GDP went up 6.5 percent to 2,480 billion yuan in the first half and software revenue climbed 22.3%.",
            {"gdp": 2480000.0, "software_revenue": None},
        ),
        (
            "In Hubei exports advanced by 6.5 percent to 24 billion yuan from January to June while imports fell 2.3%.",
            {"exports": 24000.0, "imports": None},
        ),
    ],
)
def test_a_level_is_not_of_the_subject_of_the_next_clause(text: str, levels: dict[str, float | None]) -> None:
    assert {one.indicator: one.value for one in read(text)} == levels


@pytest.mark.parametrize(
    ("text", "region"),
    [
        (
            "Central China's networks get faster\nJiangxi is ahead. The province had 108,000 5G base stations in June 2024.",
            "jiangxi",
        ),
        ("Where Shanghai keeps its data\nIn Wuhu halls go up. Wuhu had 41,000 racks in June 2024.", "wuhu"),
        (
            "Central China's networks get faster\nHubei and Hunan lead. It had 508,000 5G base stations in June 2024.",
            "central_china",
        ),
        ("Zunyi, the province's second city, had 41,000 racks in June 2024.", "zunyi"),
        ("Xinjiang had 24 EFLOPS of computing power in June 2024. In Hami, the figure was 8.5 EFLOPS.", "hami"),
    ],
)
def test_whom_it_is_about(text: str, region: str) -> None:
    told = [one.region for one in read(text)]
    assert told[-1] == region


@pytest.mark.parametrize(
    ("said", "growth"),
    [
        ("Anhui's GDP was 5 trillion yuan last year, with a 3 percent rise in retail sales.", None),
        ("Anhui's GDP was 5 trillion yuan last year, and there was a 3 percent increase in exports.", None),
        ("Anhui's GDP was 5 trillion yuan last year, outpacing a 4 percent increase in Guangdong.", None),
        ("Anhui's GDP was 5 trillion yuan last year, a 3 percent rise in real terms.", 3.0),
        ("Anhui's GDP was 5 trillion yuan last year, a 3 percent increase in the total.", 3.0),
        ("Anhui's GDP was 5 trillion yuan last year, a 3 percent rise, ahead of a 4 percent one in Guangdong.", 3.0),
    ],
)
def test_a_level_has_not_the_growth_of_what_is_named_behind_it(said: str, growth: float | None) -> None:
    (gdp,) = (one for one in read_text("Published: 2025-02-11\n" + said).observations if one.value == 5_000_000)
    assert (gdp.indicator, gdp.region, gdp.growth_pct) == ("gdp", "anhui", growth)
