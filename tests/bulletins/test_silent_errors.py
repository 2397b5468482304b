"""Classes of errors that nobody would notice: each text says something else than its figures seem to say at first sight."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from xisuan.bulletins.read_bulletin import read_bulletin, read_text
from xisuan.results.bulletin_reading import Observation

DAY = datetime.date(2025, 3, 10)


def seen(text: str, published: datetime.date = DAY) -> tuple[Observation, ...]:
    return read_text(text, published).observations


def values(text: str, indicator: str, published: datetime.date = DAY) -> list[tuple[str, str, str, float | None, str]]:
    """Region, first and last day, value and status of the figures of an indicator."""
    return [
        (one.region, one.period_start, one.period_end, one.value, one.status)
        for one in seen(text, published)
        if one.indicator == indicator
    ]


@pytest.mark.parametrize(
    "caption", ["表1 贵州省5G基站", "图 2 5G基站数", "Table 3: 5G base stations of Guizhou", "附表1：贵州省5G基站"]
)
def test_a_caption_is_no_figure(caption: str) -> None:
    found = read_text(f"{caption}\n2024年末，贵州省5G基站达到12.6万个。", DAY)
    assert [one.value for one in found.observations] == [126_000.0]
    assert not found.unplaced


@pytest.mark.parametrize(
    "line", ["Location: Hunan", "Population: 66 million (2020)", "地点：湖南省", "常住人口：6604万人（2020年）"]
)
def test_a_line_of_key_and_value_lends_nothing_to_what_follows(line: str) -> None:
    text = f"贵州省基本情况\n{line}\n5G基站12.6万个。"
    told = [one for one in seen(text) if one.indicator == "g5_base_stations"]
    assert {(one.region, one.period_end) for one in told} <= {("guizhou", DAY.isoformat())}


def test_menus_and_headlines_of_a_page_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        '<html><body><div><a href="/">首页</a> | <a href="/a">湖南5G基站达到25万个</a></div>'
        "<ul><li><a href='b'>四川软件业务收入突破6000亿元</a></li></ul><h1>贵州省通信业</h1>"
        "<p>2024年末，贵州省<a href='c'>5G基站</a>达到12.6万个。</p>"
        "<div>相关阅读 <a href='d'>云南5G基站达到15万个</a></div></body></html>",
        encoding="utf-8",
    )
    assert [(one.indicator, one.region, one.value) for one in read_bulletin(path, DAY).observations] == [
        ("g5_base_stations", "guizhou", 126_000.0)
    ]


@pytest.mark.parametrize("sign", ["；", ";"])
def test_a_semicolon_sets_figures_apart_and_keeps_the_deadline(sign: str) -> None:
    text = f"到2027年，贵州软件业务收入达到1500亿元{sign}5G基站达到18万个{sign}算力规模达到190EFLOPS。"
    assert {(one.indicator, one.period_end, one.status) for one in seen(text)} == {
        ("software_revenue", "2027-12-31", "target"),
        ("g5_base_stations", "2027-12-31", "target"),
        ("compute_capacity", "2027-12-31", "target"),
    }


def test_a_growth_behind_a_level_is_of_that_level() -> None:
    [one] = seen("2024年，贵州电信业务收入391亿元，同比增长2.9%。")
    assert (one.value, one.growth_pct) == (39_100.0, 2.9)


@pytest.mark.parametrize(
    "text",
    [
        "根据《贵州省数字经济三年行动计划（2023-2025年）》部署，2024年末，贵州5G基站达到12.6万个。",
        "2024年，贵州深入实施“东数西算”行动计划和发展规划，年末5G基站达到12.6万个。",
        "Under its three-year action plan, Guizhou had 126,000 5G base stations at the end of 2024.",
        "According to a provincial plan on 5G construction, Guizhou had built 126,000 5G base stations by the end of 2024.",
    ],
)
def test_plans_as_nouns_make_no_target(text: str) -> None:
    assert values(text, "g5_base_stations") == [("guizhou", "2024-12-31", "2024-12-31", 126_000.0, "actual")]


def test_words_of_aim_bind_to_their_own_clause() -> None:
    text = "2024年，贵州软件业务收入达到1030亿元，力争2025年突破1200亿元。"
    assert values(text, "software_revenue") == [
        ("guizhou", "2024-01-01", "2024-12-31", 103_000.0, "actual"),
        ("guizhou", "2025-01-01", "2025-12-31", 120_000.0, "target"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2024年，贵州千兆光网服务用户300万户的小区。",
        "2024年，贵州支持1200家软件企业上云。",
        "In 2024, Guizhou's platform served 23,128 software companies.",
        "2024年，贵州新增软件企业1500家。",
        "2024年末，贵州移动开通5G基站5.1万个。",
        "At the end of 2024, the park had 40,000 racks in Guizhou.",
        "贵安一座数据中心可承载30万台服务器。",
        "2024年，贵州30家世界500强软件企业落户。",
        "2024年末，贵州5G基站建设项目12个。",
        "2024年，贵州软件业务收入比上年多完成120亿元。",
    ],
)
def test_what_is_served_new_or_of_one_firm_is_no_figure_of_the_region(text: str) -> None:
    assert not [one for one in seen(text) if one.region == "guizhou" and one.value is not None]


def test_a_share_of_a_share_keeps_its_base() -> None:
    text = "2024年末，贵州算力规模达到60EFLOPS，其中智能算力占比95%，智能算力中国产化率60%。"
    shares = {one.indicator: one.value for one in seen(text) if one.unit == "pct"}
    assert shares["intelligent_compute_share"] == 95.0
    assert 60.0 not in [value for name, value in shares.items() if name == "intelligent_compute_share"]


def test_a_deadline_of_another_sentence_is_not_inherited() -> None:
    found = read_text("到2027年，贵州5G基站达到18万个。软件业务收入达到1500亿元。", DAY)
    assert [one.indicator for one in found.observations] == ["g5_base_stations"]
    assert [left.why for left in found.unplaced] == ["its deadline is not said"]


def test_two_levels_of_one_key_are_both_left_over() -> None:
    found = read_text("2024年末，贵州5G基站达到12.6万个。2024年末，贵州5G基站达到15.3万个。", DAY)
    assert not found.observations
    assert {left.why for left in found.unplaced} == {"the text has two levels of the same figure"}


def test_a_part_above_its_whole_is_left_over() -> None:
    text = "2024年末，贵州5G基站达到12.6万个，贵阳5G基站达到42.6万个。"
    assert [one.region for one in seen(text)] == ["guizhou"]


def test_the_figure_of_the_nation_is_not_the_provinces() -> None:
    text = "贵州通信业发展报告\n2024年末，全国5G基站达到425万个。全省5G基站达到12.6万个，居全国第20位。"
    assert values(text, "g5_base_stations") == [
        ("china", "2024-12-31", "2024-12-31", 4_250_000.0, "actual"),
        ("guizhou", "2024-12-31", "2024-12-31", 126_000.0, "actual"),
    ]


def test_a_jump_by_ten_against_the_figure_before_is_left_over() -> None:
    found = read_text("2023年，贵州软件业务收入863亿元。2024年，贵州软件业务收入10300亿元。", DAY)
    assert [one.value for one in found.observations] == [86_300.0]
    assert "times the figure" in found.unplaced[0].why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024年，贵州电信业务收入增速高于全国平均水平2.1个百分点。", "above or below"),
        ("2024年，贵州电信业务收入完成全年计划的92%。", "progress"),
        ("2024年，新兴业务拉动贵州电信业务收入增长3.5个百分点。", "points contributed"),
        ("2024年12月，贵州电信业务收入环比增长3.5%。", "over the month before"),
        ("2024年，贵州和云南软件业务收入1900亿元。", "several places"),
        ("2024年，贵州云计算和大数据收入300亿元。", ""),
    ],
)
def test_what_is_neither_level_nor_growth_says_why(text: str, why: str) -> None:
    found = read_text(text, DAY)
    assert not [
        one
        for one in found.observations
        if one.indicator in ("telecom_revenue", "software_revenue", "big_data_revenue")
    ]
    assert found.unplaced
    assert why in found.unplaced[0].why


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024年1-7月，贵州电信业务收入232亿元。", ("2024-01-01", "2024-07-31")),
        ("截至2024年7月末，贵州电信业务收入累计完成232亿元。", ("2024-01-01", "2024-07-31")),
        ("2024年7月当月，贵州电信业务收入33亿元。", ("2024-07-01", "2024-07-31")),
        ("2024年上半年，贵州电信业务收入200亿元。", ("2024-01-01", "2024-06-30")),
        (
            "In the first seven months of 2024, Guizhou's telecom revenue was 23.2 billion yuan.",
            ("2024-01-01", "2024-07-31"),
        ),
    ],
)
def test_months_so_far_are_not_one_month(text: str, days: tuple[str, str]) -> None:
    [one] = seen(text)
    assert (one.period_start, one.period_end) == days


def test_a_dateline_of_january_is_of_the_year_after_the_one_that_is_over() -> None:
    text = "我国通信业发展\n中新网北京1月21日电 截至2024年底，我国累计建成5G基站425.1万个。"
    [one] = read_text(text).observations
    assert (one.region, one.period_end, one.status) == ("china", "2024-12-31", "actual")


def test_what_a_plan_calls_for_did_not_happen() -> None:
    text = "Hangzhou had 48,000 5G base stations at the end of 2024. The plan calls for 60,000 5G base stations."
    assert [(one.value, one.status) for one in seen(text)] == [(48_000.0, "actual")]


def test_the_growths_of_levels_listed_before_them_go_in_order() -> None:
    text = "2024年，贵州第一产业增加值3000亿元，第二产业增加值8000亿元，分别增长3.6%和5.9%。"
    assert {(one.indicator, one.value, one.growth_pct) for one in seen(text)} == {
        ("primary_industry_value_added", 300_000.0, 3.6),
        ("secondary_industry_value_added", 800_000.0, 5.9),
    }


def test_a_growth_under_the_year_of_two_columns_is_of_the_months_beside_it() -> None:
    """The year stands over months and growth; in one row, 2024年增速 beside 1-8月 may be of either and is left over."""
    heads = [["指标", "单位", "2024年", ""], ["", "", "1-8月", "同比增长(%)"]]
    row = ["电信业务收入", "亿元", "154.3", "1.8"]
    for top in (heads, [["指标", "单位", "2024年1-8月", "2024年增速(%)"]]):
        found = read_text("", DAY, tables=[("table", [*top, row])], region="gansu").observations
        told = [(one.period_start, one.period_end, one.value, one.growth_pct) for one in found]
        assert told == [("2024-01-01", "2024-08-31", 15_430.0, 1.8 if top is heads else None)]


@pytest.mark.parametrize("where", ["Nationwide,", "Across the country,"])
def test_the_nation_of_a_text_on_a_province_is_not_the_province(where: str) -> None:
    text = "Shaanxi had 132,000 5G base stations at the end of 2024.\n"
    nation = f"{where} 4.2 million 5G base stations had been built by the end of 2024."
    told = values(text + nation, "g5_base_stations")
    assert [one[0] for one in told] == ["shaanxi", "china"]
    assert {one[4] for one in told} == {"actual"}


def test_a_node_of_the_nation_that_is_built_lends_no_region() -> None:
    text = "新疆维吾尔自治区加快建设全国算力枢纽节点,力争到2027年算力规模达到5万P。"
    assert [one[0] for one in values(text, "compute_capacity")] == ["xinjiang"]
    assert [one[0] for one in values("2024年末,全国枢纽节点之外,全国5G基站达到420万个。", "g5_base_stations")] == [
        "china"
    ]


@pytest.mark.parametrize("whole_first", [True, False])
def test_a_whole_is_not_taken_for_its_part_named_before(whole_first: bool) -> None:
    whole = "Anhui's computing capacity reached 38 EFLOPS at the end of 2024. " if whole_first else ""
    part = "Anhui's intelligent computing capacity was 31 EFLOPS at the end of 2024. "
    told = values(f"{whole}{part}Anhui aims to raise its computing capacity to 70 EFLOPS by 2027.", "compute_capacity")
    assert [one[3] for one in told] == ([38.0, 70.0] if whole_first else [70.0])


@pytest.mark.parametrize(
    "text",
    [
        "In 2024, five platforms in Anhui serve 3 million 5G users.",
        "At the end of 2024, the platform in Anhui had 3 million 5G users.",
        "2024年末,安徽省5个平台服务5G用户300万户。",
        "2024年末,安徽省该平台5G用户达到300万户。",
    ],
)
def test_users_of_platforms_are_not_those_of_the_region(text: str) -> None:
    assert not values(text, "g5_users")


@pytest.mark.parametrize(
    ("text", "indicator", "value", "growth"),
    [
        ("2024年,贵州省软件业务收入同比增速下降至3.3%。", "software_revenue", None, 3.3),
        ("2024年,贵州省软件业务收入同比下降3.3%。", "software_revenue", None, -3.3),
        ("2024年底,贵州省数据中心PUE降至1.25。", "pue", 1.25, None),
        ("Fixed phone users in Guizhou dropped to 1.2 million at the end of 2024.", "fixed_phone_users", 1.2e6, None),
        ("Guizhou's exports fell 3 percent to 2 billion yuan in 2024.", "exports", 2_000.0, -3.0),
    ],
)
def test_what_a_fall_ends_at_is_not_its_size(
    text: str, indicator: str, value: float | None, growth: float | None
) -> None:
    assert [(one.indicator, one.value, one.growth_pct) for one in seen(text)] == [(indicator, value, growth)]


@pytest.mark.parametrize("sign", ["\t", " | ", "      "])
def test_a_blank_cell_of_a_table_in_the_text_shifts_no_figure(sign: str) -> None:
    """Behind blanks alone the column of a number is not known, and it is left over."""
    rows = [
        ["指标", "单位", "1月", "1-2月", "增长(%)"],
        ["电信业务收入", "亿元", "16.5", "33.1", "2.1"],
        ["软件业务收入", "亿元", "", "21.6", "10.7"],
    ]
    found = read_text("2025年贵州省主要指标\n" + "\n".join(sign.join(row) for row in rows), DAY)
    told = [(one.period_start, one.period_end, one.value, one.growth_pct) for one in found.observations[2:]]
    if sign.strip() or sign == "\t":
        assert told == [("2025-01-01", "2025-02-28", 2_160.0, 10.7)]
    else:
        assert not told
        assert [one.words for one in found.unplaced] == ["21.6", "10.7"]


@pytest.mark.parametrize("head", ["指标\t\t2023年\t2024年", "指标\t2023年\t\t2024年", "指标\t\t2023年\t\t2024年"])
def test_tabs_that_only_align_shift_no_figure(head: str) -> None:
    rows = "移动电话用户（万户）\t4500\t4600\n5G用户（万户）\t\t1500\t1600"
    found = read_text(f"贵州省2024年通信业\n{head}\n{rows}", DAY)
    told = {(one.indicator, one.period_end[:4], one.value) for one in found.observations}
    assert {one for one in told if one[0] == "mobile_phone_users"} == {
        ("mobile_phone_users", "2023", 45_000_000.0),
        ("mobile_phone_users", "2024", 46_000_000.0),
    }


def test_a_heading_wider_than_all_rows_leaves_them_over() -> None:
    """Behind blanks the missing cell may be any."""
    text = "贵州省通信业\n指标      2022年      2023年      2024年\n移动电话用户（万户）      4500      4600"
    assert not read_text(text, DAY).observations


def test_a_figure_of_the_country_beside_a_province_is_that_of_the_country() -> None:
    text = "In 2024 Hunan had 1 million 5G users, while the country's telecom revenue grew to 1.7 trillion yuan."
    assert [one[0] for one in values(text, "telecom_revenue")] == ["china"]
    assert not values("At the end of 2024, a project in Chenzhou with 20,000 racks was opened.", "racks")


def test_a_name_with_its_own_measure_keeps_it_behind_another() -> None:
    text = "2024年,吉林省软件业利润总额9.4亿元。分领域看,软件产品收入31.0亿元。"
    assert [(one.indicator, one.value) for one in seen(text)] == [
        ("software_profits", 940.0),
        ("software_products_revenue", 3_100.0),
    ]


def test_households_that_a_network_covers_are_not_all_households() -> None:
    text = "At the end of 2024, gigabit fiber-optic networks cover more than 3 million households in Guizhou."
    assert [one.indicator for one in seen(text)] == ["gigabit_households_covered"]


AIM = [("2026-12-31", 200_000.0, 33.0, "2024", "target"), ("2024-12-31", 150_000.0, None, "", "actual")]
REACHED = [("2024-12-31", 24_000.0, 9.1, "", "actual"), ("2023-12-31", 22_000.0, None, "", "actual")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("力争到2026年底，贵州省5G基站达到20万个，较2024年的15万个增长33%。", AIM),
        ("贵州省5G基站将由2024年的15万个增加到2026年的20万个，增长33%。", AIM),
        ("Guizhou aims to have 200,000 5G base stations by the end of 2026, up 33 percent from 150,000 in 2024.", AIM),
        ("2024年，贵州省电信业务收入240亿元，比2023年的220亿元增加20亿元，增长9.1%。", REACHED),
        (
            "In 2024 Guizhou had telecom revenue of 24 billion yuan, compared with 22 billion yuan in 2023, up 9.1%.",
            REACHED,
        ),
        (
            "Guizhou's telecom revenue rose 9.1 percent from 22 billion yuan in 2023 to 24 billion yuan in 2024.",
            REACHED,
        ),
    ],
)
def test_what_a_change_starts_from_keeps_its_year_and_is_no_aim(text: str, told: list[tuple[object, ...]]) -> None:
    """The change belongs to the figure that has changed, and the year of its base dates nothing else."""
    out = {(one.period_end, one.value, one.growth_pct, one.growth_to, one.status) for one in seen(text)}
    assert out == set(told)


def test_the_year_of_a_base_dates_no_later_sentence() -> None:
    text = "到2024年末，贵州省5G基站达到15万个，较2022年末的12万个增长25%。数据中心机架15万架。"
    assert [one.period_end for one in seen(text) if one.indicator == "racks"] == ["2024-12-31"]


@pytest.mark.parametrize("published", [DAY, datetime.date(2027, 3, 1)])
@pytest.mark.parametrize(
    "text",
    [
        "力争2025年甘肃省电信业务收入达到240亿元,2024年218.5亿元。",
        "Gansu aims for telecom revenue of 24 billion yuan in 2025, with 21.85 billion yuan in 2024.",
    ],
)
def test_a_past_year_beside_an_aim_for_a_later_one_is_not_read_as_either(text: str, published: datetime.date) -> None:
    """It may be the result or an earlier stage of the aim; once both years are over, both are still aims."""
    told = {one[1][:4]: one[4] for one in values(text, "telecom_revenue", published)}
    assert told["2025"] == "target"
    assert "actual" not in told.values()
    assert ("2024" in told) == (published.year > 2025)


@pytest.mark.parametrize(
    "text",
    [
        "2024年末，某运营商在贵州的5G用户达到900万户。",
        "2024年末，贵州省一家企业移动电话用户达3000万户。",
        "2024年末，贵州省最大的电信运营商移动电话用户达3000万户。",
        "2024年末，贵州一个数据中心项目建成标准机架2万架。",
        "2024年，云上贵州公司实现软件业务收入10亿元。",
        "2024年末，安徽移动5G用户达到2000万户。",
        "At the end of 2024, one of the operators in Guizhou had built 50,000 5G base stations.",
        "At the end of 2024, the largest platform in Guizhou had 30 million mobile phone users.",
        "At the end of 2024, a data center in Gui'an had 50,000 racks.",
        "In 2024, a leading enterprise of Guizhou posted software revenue of 3 billion yuan.",
        "At the end of 2024, Anhui Unicom had 10 million mobile phone users.",
    ],
)
def test_what_one_firm_platform_or_project_has_is_no_figure_of_the_region(text: str) -> None:
    found = read_text(text, DAY)
    assert not found.observations
    assert "of one firm, park or project, not of a region" in [one.why for one in found.unplaced]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024年末，贵州省三家基础电信企业移动电话用户达4500万户。", 45e6),
        ("At the end of 2024, Guizhou's operators had 45 million mobile phone users.", 45e6),
        ("At the end of 2024, the three telecom giants in Guizhou had 45 million mobile phone users.", 45e6),
        ("贵州一家平台企业用户达3000万户，2024年末全省移动电话用户达4500万户。", 45e6),
        ("2024年末，贵州省龙头企业支撑有力，移动电话用户达4500万户。", 45e6),
    ],
)
def test_what_all_firms_of_a_region_have_is_its_figure(text: str, value: float) -> None:
    assert [one[3] for one in values(text, "mobile_phone_users")] == [value]


def test_a_project_and_its_standard_racks_are_no_aim() -> None:
    """项目标准 has the word 目标 across two others."""
    assert [one[4] for one in values("2024年末，贵州省各项目标准机架达10万架。", "racks")] == ["actual"]


@pytest.mark.parametrize(
    "sectors",
    [
        "其中，第一产业增加值30亿元，增长3.8%；第二产业增加值80亿元，增长6.2%；第三产业增加值110亿元，增长4.9%。",
        "分产业看，第一、二、三产业增加值分别为30亿元、80亿元、110亿元，分别增长3.8%、6.2%、4.9%。",
        "第一产业、第二产业和第三产业增加值分别为30亿元、80亿元、110亿元，分别增长3.8%、6.2%、4.9%。",
        "第一产业增加值30亿元，增长3.8%；第二、三产业增加值分别为80亿元、110亿元，分别增长6.2%、4.9%。",
    ],
)
def test_the_sectors_of_a_preliminary_gdp_are_preliminary(sectors: str) -> None:
    """初步核算 is said once, of the whole; the figures of its parts come from the same accounts."""
    text = f"根据初步核算，2024年贵阳市地区生产总值220亿元，比上年增长5.3%。{sectors}2024年末5G基站2万个。"
    told = [(one.indicator, one.value, one.growth_pct, one.status) for one in seen(text)]
    assert told == [
        ("gdp", 22_000.0, 5.3, "preliminary"),
        ("primary_industry_value_added", 3_000.0, 3.8, "preliminary"),
        ("secondary_industry_value_added", 8_000.0, 6.2, "preliminary"),
        ("tertiary_industry_value_added", 11_000.0, 4.9, "preliminary"),
        ("g5_base_stations", 20_000.0, None, "actual"),
    ]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("到2024年末，贵州省5G基站15万个。", "actual"),
        ("By the end of 2024, 5G base stations in Guizhou numbered 150,000.", "actual"),
        ("贵州省5G基站由2022年的12万个增至2024年的15万个。", "actual"),
        ("预计到今年底，贵州省5G基站将达到15万个。", "projected"),
        ("力争到今年底，贵州省5G基站将达到15万个。", "target"),
        ("贵州省5G基站到今年底将达到15万个。", "target"),
        ("Guizhou expects 140,000 5G base stations this year and plans 150,000 by 2027.", "target"),
    ],
)
def test_words_of_aim_and_projection(text: str, status: str) -> None:
    """A day that is over is no deadline, nor is 到 behind a verb of change; 将 and will leave a projection one."""
    assert [one.status for one in seen(text) if one.value == 150_000.0] == [status]


@pytest.mark.parametrize(
    "text", ["到2023年，贵州省5G基站8万个。", "到2023年底，贵州省5G基站8万个；到2025年底，达到12万个。"]
)
def test_a_deadline_that_is_over_may_be_an_aim_or_a_result(text: str) -> None:
    assert not seen(text)


def test_a_turnover_at_fixed_prices_is_a_volume_of_its_own_year() -> None:
    text = (
        "In 2024, the turnover of telecommunication services in Guizhou totaled 47 billion yuan at 2023 prices, up 10%."
    )
    told = [(one.indicator, one.period_end, one.growth_pct, one.price_base) for one in seen(text)]
    assert told == [("telecom_business_volume", "2024-12-31", 10.0, "2023")]


def test_a_part_behind_its_number_has_its_share_of_the_figure_before() -> None:
    text = "At the end of 2024, Sichuan had 98.7 million mobile phone users, of which 58.2 million were 5G users, "
    told = {one.indicator: one.value for one in seen(f"{text}accounting for 59 percent of the total.")}
    assert told["g5_user_share"] == 59.0


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("到2023年底，贵州省5G基站8万个。\n到2025年底，达到12万个。", []),
        ("到2023年底，贵州省5G基站8万个。\n到2025年底，贵州省5G基站达到12万个。", [120_000.0]),
        ("到2023年底，贵州省5G基站8万个。\n力争到2025年底，贵州省5G基站达到12万个。", [80_000.0, 120_000.0]),
        ("到2023年底，贵州省已建成5G基站8万个。\n到2025年底，贵州省5G基站达到12万个。", [80_000.0, 120_000.0]),
        ("By the end of 2023, 80,000 5G base stations in Guizhou. By the end of 2025, 120,000.", []),
    ],
)
def test_a_result_worded_as_a_later_aim_may_be_an_aim(text: str, values: list[float]) -> None:
    """Before an aim that only its deadline shows to be one, a past deadline says neither aim nor result."""
    assert [one.value for one in seen(text)] == values


@pytest.mark.parametrize("county", ["全县", "该县", "我县"])
def test_a_county_that_is_not_named_is_not_the_region_around_it(county: str) -> None:
    assert not seen(f"来源：兰州日报\n近日，{county}已建成5G基站1260个。")
    assert not seen(f"兰州市推进县域发展。2024年，{county}5G基站1260个。")


@pytest.mark.parametrize(
    "text", ["2024年，宁夏组建规模50亿元的算力产业基金。", "2024年，宁夏出台5亿元的软件业务收入奖补政策。"]
)
def test_a_sum_of_a_noun_that_holds_a_name_is_not_that_of_the_name(text: str) -> None:
    assert not seen(text)


def test_there_may_be_more_mobile_users_than_residents() -> None:
    """A penetration above 100 % is usual; users of 5G above all mobile users contradict themselves."""
    told = {one.indicator: one.value for one in seen("2024年末，中卫市常住人口106.8万人，移动电话用户129.7万户。")}
    assert told["mobile_phone_users"] == 1_297_000.0
    assert [one.value for one in seen("2024年末，中卫市移动电话用户71.4万户，5G用户129.7万户。")] == [714_000.0]


def test_a_title_of_two_industries_lends_none() -> None:
    """Profits are those of the industry named last, here of internet companies; where none is named, nobody's."""
    title = "2025年一季度湖南省互联网和软件业运行简况\n"
    own = seen(f"{title}一季度，全省规模以上互联网企业完成业务收入212.6亿元；实现利润总额23.5亿元。")
    assert "software_profits" not in {one.indicator for one in own}
    assert not seen(f"{title}一季度，实现利润总额23.5亿元。")


@pytest.mark.parametrize(
    "text",
    [
        "2024年，青海省项目总投资12亿元，可安置机架5000个。",
        "Mobile cellular subscriptions per 100 people in Morocco stood at 143 in 2022.",
        "到2027年，贵州省新建5G基站6万个。",
        "By 2027, Viet Nam plans to build 80 thousand 5G base stations.",
    ],
)
def test_what_can_be_held_ratios_and_additions_of_several_years_are_left_over(text: str) -> None:
    """Room for racks is no rack, a ratio is no count, and what is added until 2027 is not added in 2027."""
    assert not seen(text)


def test_additions_within_the_year_have_their_year() -> None:
    assert [(one.period_start, one.value) for one in seen("到2025年底，贵州省新建5G基站1万个。")] == [
        ("2025-01-01", 1e4)
    ]


GANSU = "2026年1-7月甘肃省通信业经济运行情况\n{}"
AUGUST = datetime.date(2026, 8, 20)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("力争年底5G基站超过7.8万个。", {"2026-12-31": "target"}),
        ("年底5G基站将达到7.8万个。", {"2026-12-31": "target"}),
        ("预计年底5G基站达7.8万个。", {"2026-12-31": "projected"}),
        ("到年末，5G基站预计达7.8万个。", {"2026-12-31": "projected"}),
        ("年末全省5G基站7.1万个。", {"2025-12-31": "actual"}),
        ("年末全省5G基站7.1万个，今年力争超过7.8万个。", {"2025-12-31": "actual", "2026-12-31": "target"}),
        (
            "截至去年底全省5G基站7.1万个，力争年底超过7.8万个。",
            {"2025-12-31": "actual", "2026-12-31": "target"},
        ),
        ("Gansu aims to have 78,000 5G base stations by year-end.", {"2026-12-31": "target"}),
    ],
)
def test_an_aim_or_a_projection_lies_ahead_and_a_result_behind(sentence: str, told: dict[str, str]) -> None:
    found = values(GANSU.format(sentence), "g5_base_stations", AUGUST)
    assert {last: status for _region, _first, last, _value, status in found} == told


@pytest.mark.parametrize(
    "sentence",
    [
        "上年同期，全省电信业务收入为128.9亿元。",
        "去年同期全省电信业务收入128.9亿元。",
        "A year earlier, Gansu's telecom revenue was 12.89 billion yuan.",
        "In the same period of last year, Gansu's telecom revenue was 12.89 billion yuan.",
        "Gansu had telecom revenue of 12.89 billion yuan a year earlier.",
    ],
)
@pytest.mark.parametrize("before", ["", "1-7月，电信业务收入累计完成131.2亿元，同比增长1.8%。"])
def test_the_same_period_of_the_year_before_dates_what_follows_it(sentence: str, before: str) -> None:
    """Two figures that are alike within a few percent stay two figures."""
    found = values(GANSU.format(before + sentence), "telecom_revenue", AUGUST)
    wanted = [("gansu", "2026-01-01", "2026-07-31", 13_120.0, "actual")] if before else []
    assert found == [*wanted, ("gansu", "2025-01-01", "2025-07-31", 12_890.0, "actual")]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("兰州市5G基站2.06万个，庆阳市0.83万个。", {"lanzhou": 20_600.0, "qingyang": 8_300.0}),
        (
            "全省5G基站7.41万个，其中兰州市2.06万个、庆阳市0.83万个。",
            {"gansu": 74_100.0, "lanzhou": 20_600.0, "qingyang": 8_300.0},
        ),
        ("Lanzhou has 20,600 5G base stations, Qingyang 8,300.", {"lanzhou": 20_600.0, "qingyang": 8_300.0}),
        ("兰州市5G基站2.06万个，庆阳市充电桩0.83万个。", {"lanzhou": 20_600.0}),
    ],
)
def test_a_name_said_once_goes_on_for_the_next_region(sentence: str, told: dict[str, float]) -> None:
    found = values(GANSU.format(sentence), "g5_base_stations", AUGUST)
    assert {region: value for region, _first, _last, value, _status in found} == told


def test_words_that_put_a_name_in_doubt_are_said() -> None:
    left = read_text(GANSU.format("全省拟物化5G基站达7.8万个。"), AUGUST).unplaced
    assert len(left) == 1
    assert "拟物化" in left[0].why


JANUARY = datetime.date(2026, 1, 21)


@pytest.mark.parametrize(
    ("sentence", "indicator", "told"),
    [
        (
            "The average PUE of Gansu's data centres fell from 1.26 in 2024 to 1.21 last year.",
            "pue",
            {("2024-12-31", 1.26, "actual"), ("2025-12-31", 1.21, "actual")},
        ),
        (
            "Gansu had 73,000 5G base stations at the end of 2025 and will have 90,000 by the end of this year.",
            "g5_base_stations",
            {("2025-12-31", 73_000.0, "actual"), ("2026-12-31", 90_000.0, "target")},
        ),
        (
            "Gansu's telecom revenue totalled 28.6 billion yuan in the first three quarters and is expected to exceed"
            " 40 billion yuan for the full year.",
            "telecom_revenue",
            {("2025-09-30", 28_600.0, "actual"), ("2025-12-31", 40_000.0, "projected")},
        ),
        (
            "甘肃电信业务收入前三季度完成28.6亿元，预计全年超过40亿元。",
            "telecom_revenue",
            {("2025-09-30", 2_860.0, "actual"), ("2025-12-31", 4_000.0, "projected")},
        ),
        (
            "Gansu's telecom revenue rose from 21.2 billion yuan a year earlier to 21.8 billion yuan in 2025.",
            "telecom_revenue",
            {("2024-12-31", 21_200.0, "actual"), ("2025-12-31", 21_800.0, "actual")},
        ),
        (
            '"Gansu\'s computing power will double to 120 EFLOPS by the end of next year," he said.',
            "compute_capacity",
            {("2027-12-31", 120.0, "target")},
        ),
        ("甘肃预计今年新增投资，年底算力规模突破30万P。", "compute_capacity", {("2026-12-31", 300.0, "projected")}),
        ("“十五五”期间，甘肃软件业务收入达到1500亿元。", "software_revenue", set()),
        ("2026—2028年，甘肃信息基础设施投资累计达到120亿元。", "info_infrastructure_investment", set()),
        ("Software revenue of Gansu is expected to top 40 billion yuan in 2026.", "software_revenue", {
            ("2026-12-31", 40_000.0, "projected")
        }),
        ("到2027年底，甘肃数据中心平均PUE不高于1.25。", "pue", {("2027-12-31", 1.25, "target")}),
        ("Horinger New Area in Hohhot had 45 data centres at the end of 2025.", "data_centres", {
            ("2025-12-31", 45.0, "actual")
        }),
    ],
)  # fmt: skip
def test_years_count_from_the_text_and_what_is_ahead_is_no_result(
    sentence: str, indicator: str, told: set[tuple[str, float, str]]
) -> None:
    """In January: the year before is reported, a plan of several years has hardly begun."""
    found = values(sentence, indicator, JANUARY)
    assert {(last, value, status) for _region, _first, last, value, status in found} == told
    assert all(region in ("gansu", "horinger") for region, *_ in found)


@pytest.mark.parametrize(
    ("sentence", "first", "value"),
    [
        ("2026年至2030年，甘肃计划完成信息基础设施投资120亿元。", "2026-01-01", 12_000.0),
        ("“十五五”期间，甘肃计划新建5G基站5万个。", "2026-01-01", 50_000.0),
    ],
)
def test_what_adds_up_over_a_plan_is_of_all_its_years(sentence: str, first: str, value: float) -> None:
    (one,) = seen(sentence, datetime.date(2026, 3, 16))
    assert (one.period_start, one.period_end, one.value, one.status) == (first, "2030-12-31", value, "target")


def test_a_growth_is_of_the_year_that_grew_and_a_share_behind_a_list_of_nobody() -> None:
    text = "全年甘肃实现软件业务收入120亿元，上年同期为100亿元，增长20%。"
    assert {one.period_end: one.growth_pct for one in seen(text, JANUARY)} == {"2025-12-31": 20.0, "2024-12-31": None}
    text = "兰州、庆阳、酒泉5G基站数分别为3.62万个、1.18万个和1.05万个，合计占全省的49.0%。"
    found = read_text(text, JANUARY)
    assert [one.share_pct for one in found.observations] == [None] * 3
    assert [one.words for one in found.unplaced] == ["49.0%"]


def test_a_figure_told_twice_keeps_what_only_one_sentence_says() -> None:
    text = (
        "甘肃省软件业\n2025年，甘肃软件业务收入655.8亿元，同比增长9.1%。\n2025年，软件业务收入655.8亿元，居全国第5位。"
    )
    (one,) = [one for one in seen(text, JANUARY) if one.indicator == "software_revenue"]
    assert (one.growth_pct, one.rank) == (9.1, 5)
