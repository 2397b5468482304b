"""What the vocabulary does not have is called by the name that the text gives it, where a clause says nothing else."""

from __future__ import annotations

import datetime

import pytest

from xisuan.indicators.reading.bulletins import read_text

DAY = datetime.date(2024, 4, 20)


@pytest.mark.parametrize(
    ("said", "name", "value", "unit"),
    [
        ("2023年,贵州省液冷服务器市场规模达48亿元。", "液冷服务器市场规模", 4800.0, "mCNY"),
        ("2023年,贵州省数据中心制冷设备产量4.2万台。", "数据中心制冷设备产量", 42000.0, "1"),
        ("截至2023年底,贵州省数据标注平台数量达到120个。", "数据标注平台数量", 120.0, "1"),
        ("2023年,贵州省数据中心基础设施投资总额120亿元。", "数据中心基础设施投资总额", 12000.0, "mCNY"),
        ("In 2023, Guizhou's liquid cooling market reached 4.8 billion yuan.", "liquid_cooling_market", 4800.0, "mCNY"),
        (
            "In 2023, Guizhou's retail sales in duty-free shops came in at 6.85 billion yuan.",
            "retail_sales_in_duty_free_shops",
            6850.0,
            "mCNY",
        ),
        (
            "In 2023, Guizhou's pharmaceutical exports amounted to 3.1 billion yuan.",
            "pharmaceutical_exports",
            3100.0,
            "mCNY",
        ),
    ],
)
def test_a_clause_that_says_nothing_else_names_what_it_measures(said: str, name: str, value: float, unit: str) -> None:
    (one,) = read_text(said, DAY).observations
    assert (one.indicator, one.region, one.value, one.unit, one.named) == (name, "guizhou", value, unit, True)
    assert one.period_end == "2023-12-31"


def test_growth_goes_to_the_name_and_the_level_behind_it() -> None:
    (one,) = read_text("In 2023, Guizhou's drug exports fell 3.2 percent to 1.1 billion yuan.", DAY).observations
    assert (one.indicator, one.value, one.growth_pct) == ("drug_exports", 1100.0, -3.2)
    (one,) = read_text("2023年,贵州省液冷服务器市场规模达48亿元,同比增长30%。", DAY).observations
    assert (one.value, one.growth_pct) == (4800.0, 30.0)


@pytest.mark.parametrize(
    "said",
    [
        "2023年,贵州省全行业软件业务收入863亿元。",
        "2023年,贵州省规模以上软件业务收入总额863亿元。",
        "In 2023, Guizhou's software revenue reached 86.3 billion yuan.",
    ],
)
def test_what_the_vocabulary_has_keeps_its_name(said: str) -> None:
    (one,) = read_text(said, DAY).observations
    assert (one.indicator, one.value, one.named) == ("software_revenue", 86300.0, False)


@pytest.mark.parametrize(
    "said",
    [
        "2023年,贵州省引进液冷服务器项目投资48亿元。",
        "2023年,贵州某某科技有限公司液冷服务器收入48亿元。",
        "2023年,贵州省带动就业收入48亿元。",
        "In 2023, Vodacom revenue in Guizhou reached 4.8 billion yuan.",
        "In 2023, Guizhou signed 48 projects.",
    ],
)
def test_firms_projects_and_verbs_make_no_name(said: str) -> None:
    assert not [one for one in read_text(said, DAY).observations if one.named]


def test_the_report_of_a_firm_names_nothing() -> None:
    text = "某某股份发布2023年年报。\n2023年,贵州省液冷服务器销售额48亿元。每股收益0.5元。"
    assert not [one for one in read_text(text, DAY).observations if one.named]


def test_names_of_one_text_are_not_known_in_the_next() -> None:
    read_text("2023年,贵州省液冷服务器市场规模达48亿元。", DAY)
    (one,) = read_text("2023年,贵州省软件业务收入863亿元。", DAY).observations
    assert one.indicator == "software_revenue"


def test_a_text_on_another_nation_is_of_that_nation() -> None:
    text = (
        "At the end of June 2023, there were 28 million fixed broadband lines in the UK.\n"
        "Broadband revenues totalled £1.3bn in 2022."
    )
    seen = {(one.indicator, one.region, one.value, one.unit) for one in read_text(text, DAY).observations}
    assert seen == {
        ("fixed_broadband_users", "united_kingdom", 28e6, "1"),
        ("fixed_internet_revenue", "united_kingdom", 1300.0, "mGBP"),
    }


def test_a_trading_partner_is_no_region_of_a_text_on_china() -> None:
    text = "In 2023, Guizhou's software revenue reached 86.3 billion yuan, while firms from Germany opened 12 offices."
    assert {one.region for one in read_text(text, DAY).observations} == {"guizhou"}


def test_every_aim_of_a_list_is_aimed_at() -> None:
    text = (
        "2024年贵州省政府工作报告\n"
        "今年主要预期目标是:地区生产总值增长5.5%左右;软件业务收入达到900亿元;城镇调查失业率全年控制在5.5%以内。"
    )
    seen = read_text(text, datetime.date(2024, 1, 24)).observations
    assert {one.indicator for one in seen} == {"gdp", "software_revenue", "unemployment_rate"}
    assert {(one.status, one.period_end) for one in seen} == {("target", "2024-12-31")}


def test_regions_told_together_are_none_of_them() -> None:
    text = "2024年,京津冀、长三角、粤港澳大湾区三大核心区域机架数合计占全国58%。全国软件业务收入13万亿元。"
    assert {(one.indicator, one.region) for one in read_text(text, DAY.replace(year=2025)).observations} == {
        ("software_revenue", "china")
    }


def test_so_many_for_every_10_000_people_of_what_was_counted() -> None:
    text = "目前北京5G基站总数达到6.3万个,平均每万人28.9个。"
    seen = {(one.indicator, one.value) for one in read_text(text, DAY).observations}
    assert ("g5_bs_per_10k", 28.9) in seen


def test_a_sentence_without_figures_inside_a_paragraph_is_no_heading() -> None:
    text = "2022年一季度,我国软件业务收入20060亿元。中西部地区增势突出。\n一季度软件产品收入5097亿元。"
    seen = read_text(text, datetime.date(2022, 4, 26)).observations
    assert {one.region for one in seen} == {"china"}
