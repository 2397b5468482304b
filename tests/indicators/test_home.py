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


def test_under_a_heading_measures_are_those_of_its_industry() -> None:
    """A title of two industries, a section each; trade as a whole is of none."""
    text = (
        "发布日期：2025-05-30\n2025年1—4月贵州电子信息制造业和软件业运行简况\n一、电子信息制造业\n1—4月，贵州电子信息制造业实现营业收入512亿元。"
        "固定资产投资同比增长5.3%。\n分地区看，东部地区实现营业收入352亿元。\n二、软件和信息技术服务业\n1—4月，软件业务收入425亿元。"
        "利润总额50亿元。\n"
    )
    assert [one.indicator for one in read_text(text).observations] == [
        "electronics_revenue", "electronics_investment", "electronics_revenue", "software_revenue", "software_profits",
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["", "一、发展基础\n", "一、发展现状\n"])
def test_what_a_plan_begins_from_is_no_aim(heading: str) -> None:
    """Nor is what goes on with it; under the heading on aims all is one."""
    text = (
        f"发布日期：2025-02-18\n河南省算力发展规划（2025—2027年）\n{heading}截至2024年年底，全省标准机架12.6万架。全省累计建成5G基站23.7万个。\n"
        "二、主要目标\n到2027年，全省算力规模达到40EFLOPS；标准机架达到25万架。\n"
    )
    assert {(one.indicator, one.period_end, one.status) for one in read_text(text).observations} == {
        ("racks", "2024-12-31", "actual"),
        ("g5_base_stations", "2024-12-31", "actual"),
        ("compute_capacity", "2027-12-31", "target"),
        ("racks", "2027-12-31", "target"),
    }


def test_so_far_this_year_ends_where_its_sentence_does() -> None:
    text = "发布日期：2024年10月22日\n到9月底，四川5G基站达到21.8万个，今年以来新增2.9万个；5G用户5912万户。"
    assert {(one.indicator, one.period_start, one.period_end) for one in read_text(text).observations} == {
        ("g5_base_stations", "2024-09-30", "2024-09-30"),
        ("g5_base_stations_new", "2024-01-01", "2024-09-30"),
        ("g5_users", "2024-09-30", "2024-09-30"),
    }


def test_the_town_of_a_forum_is_not_whom_a_speech_is_about() -> None:
    said = "Remarks at the Digital Trade Forum, Hangzhou\nIn 2023 the digital economy of Zhejiang grew by 10 percent."
    assert home(said) == "zhejiang"


def test_aims_of_a_list_end_with_it() -> None:
    text = (
        "Published: 2025-01-15\nHunan's congress opens\nTargets of the province:\n-- industrial value added to rise 7 pct;\n"
        "-- retail sales to grow 5.5 percent.\nIn 2024, GDP expanded by 4.8 percent. Retail sales went up 5.4 percent.\n"
    )
    assert {(one.indicator, one.period_end, one.growth_pct, one.status) for one in read_text(text).observations} == {
        ("industry_value_added", "2025-12-31", 7.0, "target"),
        ("retail_sales", "2025-12-31", 5.5, "target"),
        ("gdp", "2024-12-31", 4.8, "actual"),
        ("retail_sales", "2024-12-31", 5.4, "actual"),
    }


def test_all_of_a_list_of_targets_is_aimed_at() -> None:
    """What stood behind a semicolon had been measured by the day of the text."""
    text = (
        "Published: 2025-01-17\nFor 2025 Inner Mongolia has set the following targets: total computing power above 180,000 "
        "PFLOPS; average PUE of data centers not more than 1.20; telecom revenue of 25 billion yuan in the year."
    )
    assert {(one.indicator, one.period_end, one.status) for one in read_text(text).observations} == {
        ("compute_capacity", "2025-12-31", "target"),
        ("pue", "2025-12-31", "target"),
        ("telecom_revenue", "2025-12-31", "target"),
    }


def test_a_heading_in_its_line_says_the_industry_of_its_paragraph() -> None:
    text = (
        "Published: 2023-02-08\nWork of Guiyang in 2022\n(a) Scale. The whole city went on well.\n"
        "(b) Electronic information manufacturing. Output value exceeded 32 billion yuan in 2022. "
        "Exports were 3 billion yuan.\n"
        "(c) Trade. Exports were 30 billion yuan.\n"
    )
    assert {(one.indicator, one.value) for one in read_text(text).observations} == {
        ("electronics_output", 32_000.0),
        ("electronics_exports", 3_000.0),
        ("exports", 30_000.0),
    }
