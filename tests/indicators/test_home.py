"""Whom a text is about, and which place a sentence means without its name."""

from __future__ import annotations

import pytest

from xisuan.indicators.language.vocabulary import vocabulary
from xisuan.indicators.reading.bulletins import read_text
from xisuan.indicators.reading.home import home_of


def home(text: str) -> str:
    words = vocabulary()
    return home_of(text, words.for_a_text(text))


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("China's \"data valley\" tops a mark\nSouthwest China's Guizhou Province added servers.", "guizhou"),
        ("China's mountain land turns to data\nGuizhou added servers. Guizhou sells power.", "guizhou"),
        ("China's software industry grows\nGuizhou and Sichuan led. China added jobs.", "china"),
        ("China's software industry grows\nGuizhou led. Sichuan followed.", "china"),
        ("China's data industry grows\nGuizhou led, the Ministry of Industry said.", "china"),
    ],
)
def test_a_title_that_calls_something_chinas(text: str, region: str) -> None:
    assert home(text) == region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("据贵州省政府网站消息,“贵州新成就”系列发布会第三场——安顺专场举行。", "anshun"),
        ("据贵州日报消息,毕节市软件业务收入增长。", "bijie"),
        ("据贵州省政府网站消息,全省软件业务收入增长。", "guizhou"),
        ("全省大数据工作会在遵义召开。软件业务收入增长。", "guizhou"),
        ("算力大会在贵阳举行。会上介绍,四川软件业务收入增长。", "sichuan"),
    ],
)
def test_who_tells_and_where_is_not_whom_it_is_about(text: str, region: str) -> None:
    assert home(text) == region


def read(text: str) -> list[tuple[str, str, float | None]]:
    seen = read_text(f"Published: 2025-01-20\n{text}").observations
    return [(one.indicator, one.region, one.value) for one in seen]


def test_pronouns_of_places_mean_the_latest_of_their_kind() -> None:
    text = "2024年,贵州省贵阳市5G基站3万个,该市软件业务收入600亿元,该省软件业务收入900亿元。"
    assert read(text)[1:] == [("software_revenue", "guiyang", 60000.0), ("software_revenue", "guizhou", 90000.0)]


def test_the_core_of_something_is_not_its_place() -> None:
    said = "2024年,浙江省已形成以杭州为核心的格局,人工智能产业产值突破5000亿元。"
    assert [one[1] for one in read(said)] == ["zhejiang"]


def test_the_nation_as_a_whole_is_not_the_subject() -> None:
    said = "The Yangtze River Delta is a hub. In 2023, it made up 22 percent of national software revenue."
    assert {one[1] for one in read(said)} <= {"yangtze_delta"}


def test_a_sentence_on_several_places_leaves_the_text_where_it_was() -> None:
    said = "China's software sector grows\nGuizhou and Sichuan led. In 2024, software revenue rose 12 percent."
    assert [one[1] for one in read(said)] == ["china"]


@pytest.mark.parametrize(
    ("title", "region"),
    [
        ("Key data of the province in 2024", "sichuan"),
        ("Key data of Chengdu in 2024", "chengdu"),
        ("Key data in 2024", "chengdu"),
    ],
)
def test_a_title_of_the_province_whose_cities_alone_are_named(title: str, region: str) -> None:
    """A city that says that it leads the province is not the province."""
    said = f"{title}\nGDP rose by 5.7 percent. Chengdu had 84,000 5G base stations, the most in the province."
    assert home(said) == region
