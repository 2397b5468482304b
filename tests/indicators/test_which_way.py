"""Which way things went: every growth of a list has the sign that its own words, or those before the list, give it."""

from __future__ import annotations

import datetime

import pytest

from xisuan.indicators.reading.bulletins import read_text

PUBLISHED = datetime.date(2024, 5, 24)


@pytest.mark.parametrize(
    ("text", "growths"),
    [
        (
            "2023年，广东、北京、江苏软件业务收入分别下降3.1%、5.7%和13.3%。",
            {"guangdong": -3.1, "beijing": -5.7, "jiangsu": -13.3},
        ),
        ("2023年，山东、河南外贸进出口分别下滑1.2%、4.5%。", {"shandong": -1.2, "henan": -4.5}),
        (
            "In 2023, software revenue of Guangdong, Beijing and Jiangsu fell by 3.1, 5.7 and 13.3 percent respectively.",
            {"guangdong": -3.1, "beijing": -5.7, "jiangsu": -13.3},
        ),
        (
            "2023年，贵州固定资产投资、工业投资分别下降3.1%和增长5.7%。",
            {"fixed_asset_investment": -3.1, "industrial_investment": 5.7},
        ),
        (
            "2023年，贵州第一、二、三产业增加值分别下降3.1%、增长5.7%、下降2%。",
            {
                "primary_industry_value_added": -3.1,
                "secondary_industry_value_added": 5.7,
                "tertiary_industry_value_added": -2.0,
            },
        ),
        ("2023年，贵州出口、进口分别增长3.1%、5.7%。", {"exports": 3.1, "imports": 5.7}),
        ("2023年3月份，全国汽车制造业利润由下降转为增长9.1%。", {"auto_profits": 9.1}),
        ("2023年，贵州汽车制造业利润由增长转为下降9.1%。", {"auto_profits": -9.1}),
        ("2023年，贵州手机产量下降3.1%，微型计算机产量增长5.7%。", {"phone_output": -3.1, "computer_output": 5.7}),
    ],
)  # fmt: skip
def test_each_growth_has_its_sign(text: str, growths: dict[str, float]) -> None:
    read = read_text(text, published=PUBLISHED).observations
    by_region = len({one.region for one in read}) > 1
    assert {(one.region if by_region else one.indicator): one.growth_pct for one in read} == growths


@pytest.mark.parametrize(
    ("between", "region"),
    [
        ("支持遵义高质量发展，加快建设毕节示范区。", "guizhou"),
        ("新探明遵义特大型锰矿、毕节3亿吨级磷矿等矿产地35处。", "guizhou"),
        ("遵义经济稳步回升。", "zunyi"),
        ("今年以来，遵义经济稳步回升。", "zunyi"),
        ("值得注意的是遵义。", "zunyi"),
    ],
)
def test_a_chinese_text_turns_to_a_place_that_is_a_subject(between: str, region: str) -> None:
    """And not to one that is to be supported, or where something was found."""
    text = f"2023年，贵州省地区生产总值2.09万亿元。{between}工业投资增长17.9%。"
    last = read_text(text, published=PUBLISHED).observations[-1]
    assert (last.indicator, last.growth_pct) == ("industrial_investment", 17.9)
    assert last.region == region


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("2023年，全国高技术制造业引资增长28.8%。", []),
        ("2023年，全国装备制造业招工人数增长28.8%。", []),
        ("2023年，全国高技术制造业增长7.5%。", ["hightech_manufacturing_value_added"]),
        ("2023年，全国装备制造业持续回升，同比增长6.8%。", ["equipment_manufacturing_value_added"]),
    ],
)
def test_a_branch_named_alone_is_its_value_added_and_nothing_else_of_it(text: str, terms: list[str]) -> None:
    read = read_text(text, published=PUBLISHED).observations
    assert [one.indicator for one in read if not one.named] == terms


def test_an_expected_target_is_no_second_figure() -> None:
    read = read_text("2022年，全国城镇新增就业1206万人，超额完成了1100万的预期目标。", published=PUBLISHED).observations
    assert [one.value for one in read] == [12_060_000.0]


def test_what_follows_in_a_list_is_of_as_many_years() -> None:
    text = "2023年，贵州接待游客6.4亿人次，实现旅游总收入7000亿元，比2019年分别增长12%和8%。"
    read = read_text(text, published=PUBLISHED)
    assert {(one.indicator, one.growth_pct, one.share_pct) for one in read.observations} == {
        ("tourist_visits", None, None),
        ("tourism_revenue", None, None),
    }
    assert len(read.unplaced) == 2


def test_town_and_country_in_a_list() -> None:
    text = "2023年，贵州城镇、农村居民人均可支配收入分别为42772元、14817元，分别增长4.0%、8.1%。"
    read = read_text(text, published=PUBLISHED).observations
    assert [(one.indicator, one.value, one.growth_pct) for one in read] == [
        ("urban_disposable_income", 42_772.0, 4.0),
        ("rural_disposable_income", 14_817.0, 8.1),
    ]


@pytest.mark.parametrize(
    "told",
    [
        "including 27,000 in Guiyang and 16,000 in Zunyi",
        "with 27,000 in Guiyang and 16,000 in Zunyi",
        "of which 27,000 were in Guiyang and 16,000 in Zunyi",
        "among them 27,000 base stations in Guiyang and 16,000 in Zunyi",
    ],
)
def test_a_part_is_of_the_place_behind_it(told: str) -> None:
    """The 16,000 of Zunyi had been Guiyang's."""
    text = f"At the end of 2023, Guizhou had 104,000 5G base stations, {told}."
    read = read_text(text, published=PUBLISHED).observations
    assert [(one.region, one.value) for one in read] == [
        ("guizhou", 104_000.0),
        ("guiyang", 27_000.0),
        ("zunyi", 16_000.0),
    ]


def told(text: str) -> set[tuple[str, str, str, float | None, float | None, int | None]]:
    return {
        (one.indicator, one.region, one.period_end, one.value, one.growth_pct, one.rank)
        for one in read_text(text, published=datetime.date(2024, 7, 20)).observations
    }


def test_a_rank_is_of_the_place_that_comes_there() -> None:
    said = (
        "In 2023, GDP of Xi'an was 1,202 billion yuan, Yulin ranked second with 709 billion yuan, and Baoji came third with "
        "280 billion yuan."
    )
    assert told(said) == {
        ("gdp", "xian", "2023-12-31", 1_202_000.0, None, None),
        ("gdp", "yulin", "2023-12-31", 709_000.0, None, 2),
        ("gdp", "baoji", "2023-12-31", 280_000.0, None, 3),
    }


def test_all_of_industry_is_not_the_primary_one() -> None:
    said = (
        "In 2023, value added of the primary industry of Chongqing was 69 billion yuan, up 2.7 percent. The added value of "
        "industry above designated size went up 8.4 percent."
    )
    assert told(said) == {
        ("primary_industry_value_added", "chongqing", "2023-12-31", 69_000.0, 2.7, None),
        ("industry_value_added", "chongqing", "2023-12-31", None, 8.4, None),
    }


def test_what_one_part_uses_is_not_what_was_generated() -> None:
    said = "In 2023, electricity generation of Shaanxi was 306.4 TWh, with industry using 158.3 TWh."
    assert {(one[0], one[3]) for one in told(said)} == {
        ("power_generation", 306_400.0),
        ("industrial_electricity_use", 158_300.0),
    }


def test_by_quarter_is_no_fourth_of_it() -> None:
    """And a quarter whose name stands behind is one."""
    said = (
        "By quarter, software revenue of Chongqing rose 12 percent in the first and 14 percent in the second quarter."
    )
    assert told(said) == {
        ("software_revenue", "chongqing", "2024-03-31", None, 12.0, None),
        ("software_revenue", "chongqing", "2024-06-30", None, 14.0, None),
    }


@pytest.mark.parametrize(
    ("said", "indicator"),
    [
        ("investment in the industry increased 10.5 percent", None),
        ("fixed-asset investment in Sichuan's industry increased 10.5 percent", "industrial_investment"),
        ("industry increased 10.5 percent", "industry_value_added"),
        ("exports of the industry increased 10.5 percent", "software_exports"),
    ],
)
def test_of_what_something_is_told_is_no_doer(said: str, indicator: str | None) -> None:
    """Investment in the industry spoken of was industrial output."""
    text = f"In 2023, software revenue of Sichuan was 500 billion yuan. In the first half of 2024, {said}."
    found = {one[0] for one in told(text)} - {"software_revenue"}
    assert found == ({indicator} if indicator else set())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "At the end of 2023, Guangdong led the country with 388,000 5G base stations.",
            {("g5_base_stations", "guangdong", 388_000.0)},
        ),
        (
            "At the end of 2023, there were 20.0 5G stations per 10,000 inhabitants in Shaanxi.",
            {("g5_bs_per_10k", "shaanxi", 20.0)},
        ),
    ],
)
def test_whose_and_of_what(said: str, expected: set[tuple[str, str, float]]) -> None:
    """Whom somebody leads is told of nothing; so many for so many people are no count."""
    assert {(one[0], one[1], one[3]) for one in told(said)} == expected


def test_what_is_new_this_year_dates_nothing_that_follows() -> None:
    """The incomes of nine months had been those up to the day of the text."""
    said = (
        "Zunyi had 13,280 5G base stations by the end of March 2024, 940 of them new this year, and 8.02 million mobile "
        "phone users.\nDisposable income per head was 11,412 yuan in urban areas."
    )
    assert {(one[0], one[2]) for one in told(said)} >= {
        ("mobile_phone_users", "2024-03-31"),
        ("urban_disposable_income", "2024-03-31"),
    }


@pytest.mark.parametrize(
    "said",
    [
        "A year earlier the figures were 35 billion yuan and 18 billion yuan.",
        "The two numbers had been 35 and 18 billion yuan in 2022.",
    ],
)
def test_figures_of_two_things_just_told_are_in_their_order(said: str) -> None:
    """The second had been the exports of the year that was told before."""
    text = f"In 2023, exports of Guizhou were 40 billion yuan and imports 20 billion yuan. {said}"
    before = {("exports", "2022-12-31", 35_000.0), ("imports", "2022-12-31", 18_000.0)}
    now = {("exports", "2023-12-31", 40_000.0), ("imports", "2023-12-31", 20_000.0)}
    assert {(one[0], one[2], one[3]) for one in told(text)} == before | now


def test_figures_of_two_things_are_nobodys_where_three_were_told() -> None:
    text = "In 2023, exports of Guizhou were 40 billion yuan, imports 20 billion yuan and GDP 2,000 billion yuan."
    read = {one[3] for one in told(f"{text} A year earlier the figures were 35 and 18 billion yuan.")}
    assert not read & {35_000.0, 18_000.0}
