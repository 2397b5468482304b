"""Prose of newspapers and reports: levels and shares that stand beside words about something else."""

from __future__ import annotations

import pytest

from xisuan.indicators.reading.bulletins import read_text

Said = tuple[str, str, str, float | None]


def read(text: str, published: str = "2025-01-20") -> list[Said]:
    seen = read_text(f"Published: {published}\n{text}").observations
    return [
        (one.indicator, one.region, one.period_end, one.value if one.value is not None else one.growth_pct)
        for one in seen
    ]


@pytest.mark.parametrize(
    "said",
    [
        "贵州数字经济。2024年,若没有这300P算力支持,训练要两年。",
        "贵州省已建、在建和规划数据中心数量突破40座。",
        "贵州大会。2024年,一批90后创业者在数据中心工作。",
        "2024年,贵州软件业企业使用的站址总量增长1.35倍。",
        "贵州产业链完整,2024年人工智能芯片销售收入达114亿元。",
        "2024年,贵州海洋生产总值增长10%。",
        "2024年,贵州每周5G基站新增1000站。",
        "贵州省科创中心二期项目作为重点工程,总投资8.5亿元。",
        "2024年,30家世界500强软件企业落户贵州。",
        "2024年,贵州地区生产总值接连跃上1万亿元、2万亿元台阶。",
        "In 2024, Guizhou had 11 software enterprises that are among the country's top 100.",
        "In 2024, the ICT sector of Nigeria contributed 14 percent to the total real GDP, above 13 percent a year earlier.",
    ],
)
def test_what_is_no_figure_of_the_region_is_left_over(said: str) -> None:
    assert read(said) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "2024年,贵州数字经济增速居全国第一,增加值占GDP比重达到45%。",
            [("digital_economy_share", "guizhou", "2024-12-31", 45.0)],
        ),
        (
            "2024年,贵州数字经济占GDP的比重从20.9%,上升到39.8%。",
            [("digital_economy_share", "guizhou", "2024-12-31", 39.8)],
        ),
        (
            "“十三五”时期,贵州数字经济增加值突破6000亿元。",
            [("digital_economy_value_added", "guizhou", "2020-12-31", 600000.0)],
        ),
        (
            "2024年是实施《数字中国规划》的一年。贵州5G基站达到15万个。",
            [("g5_base_stations", "guizhou", "2024-12-31", 150000.0)],
        ),
        (
            "贵州出台数据规划、政策,累计建成5G基站2万个,力争到2030年走在前列。",
            [("g5_base_stations", "guizhou", "2025-01-20", 20000.0)],
        ),
        (
            "2024年,贵州重点企业关键工序数控化和数字化研发设计工具普及率分别达到59%和77%。",
            [
                ("numerical_control_share", "guizhou", "2024-12-31", 59.0),
                ("digital_design_share", "guizhou", "2024-12-31", 77.0),
            ],
        ),
        (
            "2024年,我国移动物联网加快发展,终端用户超过26亿户。",
            [("iot_users", "china", "2024-12-31", 2.6e9)],
        ),
        (
            "2024年,我国千兆光网具备覆盖超过5亿户家庭的能力。",
            [("gigabit_covered_households", "china", "2024-12-31", 5e8)],
        ),
        (
            "2024年,全国固定电话普及率达到12部/百人,移动电话普及率达到125部/百人。",
            [
                ("fixed_phone_penetration", "china", "2024-12-31", 12.0),
                ("mobile_penetration", "china", "2024-12-31", 125.0),
            ],
        ),
        (
            "贵州提出今年力争规上工业增加值增长6%、力争服务业增加值增长5%等目标。",
            [
                ("industry_value_added", "guizhou", "2025-12-31", 6.0),
                ("tertiary_industry_value_added", "guizhou", "2025-12-31", 5.0),
            ],
        ),
        (
            "Guizhou's digital economy made 900 billion yuan in added value in 2024, or 42 percent of its GDP.",
            [
                ("digital_economy_value_added", "guizhou", "2024-12-31", 900000.0),
                ("digital_economy_share", "guizhou", "2024-12-31", 42.0),
            ],
        ),
        (
            "Electronic information manufacturing in Guizhou had an operational income of 200 billion yuan in 2024.",
            [("electronics_revenue", "guizhou", "2024-12-31", 200000.0)],
        ),
        (
            "Guizhou's capacity grows. Its capacity has reached 85 EFLOPS.",
            [("compute_capacity", "guizhou", "2025-01-20", 85.0)],
        ),
    ],
)
def test_what_prose_says(said: str, expected: list[Said]) -> None:
    assert read(said) == expected


def test_a_stock_told_behind_an_aim_of_long_ago_is_of_the_day_of_the_text() -> None:
    said = "2021年,武汉软件业务收入900亿元。2023年,武汉力争软件业务收入1200亿元。\n已建成5G基站4万个。"
    assert read(said, "2023-03-28")[-1] == ("g5_base_stations", "wuhan", "2023-03-28", 40000.0)


def test_sectors_within_an_economy_are_not_its_size() -> None:
    said = "In 2024, the network reached 45 sectors within China's national economy, with a scale of 1.2 trillion yuan."
    assert ("gdp", "china", "2024-12-31", 1.2e6) not in read(said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "南京海关发布数据,2024年,我省外贸进出口总值2万亿元,占全国的13%。江苏省出口增长。",
            [("foreign_trade", "jiangsu", "2024-12-31", 2e6)],
        ),
        (
            "2024年,江苏对欧盟、东盟、美国分别进出口300亿元、200亿元、100亿元。",
            [
                ("eu_trade", "jiangsu", "2024-12-31", 30000.0),
                ("asean_trade", "jiangsu", "2024-12-31", 20000.0),
                ("us_trade", "jiangsu", "2024-12-31", 10000.0),
            ],
        ),
        (
            "全年,苏州实现地区生产总值2.4万亿元(预计数)。",
            [("gdp", "suzhou", "2024-12-31", 2.4e6)],
        ),
        (
            "2024年末,苏州金融机构存贷款余额分别达到4.8万亿元和4.7万亿元。",
            [("deposits", "suzhou", "2024-12-31", 4.8e6), ("loans", "suzhou", "2024-12-31", 4.7e6)],
        ),
        (
            "云南经济总量由2020年的2万亿元提升至2024年的3万亿元;人均地区生产总值由5万元提升至7万元。",
            [
                ("gdp", "yunnan", "2020-12-31", 2e6),
                ("gdp", "yunnan", "2024-12-31", 3e6),
                ("gdp_per_capita", "yunnan", "2020-12-31", 50000.0),
                ("gdp_per_capita", "yunnan", "2024-12-31", 70000.0),
            ],
        ),
        (
            "2024年,北京信息服务业、电子制造业增加值分别增长12%和20%。",
            [
                ("info_services_value_added", "beijing", "2024-12-31", 12.0),
                ("electronics_value_added", "beijing", "2024-12-31", 20.0),
            ],
        ),
        (
            "2024年末,北京累计建设5G基站12万个,万人5G基站55个。",
            [("g5_base_stations", "beijing", "2024-12-31", 120000.0), ("g5_bs_per_10k", "beijing", "2024-12-31", 55.0)],
        ),
        (
            "1-11月,西安固定资产投资同比下降8%,比2022年1-11月增长3%。",
            [("fixed_asset_investment", "xian", "2024-11-30", -8.0)],
        ),
        (
            "GDP growth of China was 6.4 percent in the first quarter of 2024, and 6.2 percent in the second quarter.",
            [("gdp", "china", "2024-03-31", 6.4), ("gdp", "china", "2024-06-30", 6.2)],
        ),
        (
            "SZ's output ranks 3rd nationwide\nShenzhen's retail sales were 600 billion yuan in 2024. "
            "The city's fixed-asset investment was 500 billion yuan.",
            [
                ("retail_sales", "shenzhen", "2024-12-31", 600000.0),
                ("fixed_asset_investment", "shenzhen", "2024-12-31", 500000.0),
            ],
        ),
    ],
)
def test_what_bureaus_say(said: str, expected: list[Said]) -> None:
    assert read(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        "In 2024, the number of patents authorised to firms in the digital economy of Beijing grew by 38 percent.",
        "In 2024, there were 92 million mobile phone and 9 million fixed-line subscribers in Turkey.",
        "In 2024, the output value of new energy vehicles in Shanghai rose 69 percent.",
        "In 2024, the value added of the advanced manufacturing industry in Shenzhen was 570 billion yuan.",
        "In 2024, the imports and exports between Chengdu and countries along the road were 17 billion yuan.",
        "2024年,天津战略性新兴产业、海洋产业投资分别增长17%、14%。",
        "2024年,江苏机电产品和劳动密集型产品出口占比超八成。",
        "2024年,绵阳规模以上高技术产业企业增长25.9%。",
    ],
)
def test_words_that_hold_an_indicator_and_mean_something_else(said: str) -> None:
    assert not [one for one in read(said) if one[0] not in ("fixed_phone_users", "")]


def test_4g_and_a_half_is_no_5g() -> None:
    said = "In March 2024, 3G subscribers in Turkey were 4 million, while 4.5G subscribers were 85 million."
    assert [one[0] for one in read(said)] == ["g3_users"]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2023年湖南省政府工作报告\n新能源汽车产量增长20%。", "2022-12-31"),
        ("Chengdu's economy grows in 2023\nLast year, Chengdu's GDP reached RMB1,700 billion.", "2023-12-31"),
        ("Chengdu's economy grows in 2023\nLast year, Chengdu's GDP rose. This year, its GDP rose 5%.", "2023-12-31"),
    ],
)
def test_a_text_without_a_day_looks_back_on_the_year_that_its_title_tells(said: str, day: str) -> None:
    assert {one.period_end for one in read_text(said).observations} == {day}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "据郑州海关统计,2024年,我省货物贸易进出口总值778亿元。",
            [("foreign_trade", "henan", "2024-12-31", 77800.0)],
        ),
        (
            "2024年,我国国内生产总值稳步增长。分季度看,一季度同比增长5.3%,二季度增长4.7%。",
            [("gdp", "china", "2024-03-31", 5.3), ("gdp", "china", "2024-06-30", 4.7)],
        ),
        (
            "2024年末,济宁存款余额900亿元、贷款余额600亿元,比年初增加50亿元和30亿元。",
            [("deposits", "jining", "2024-12-31", 90000.0), ("loans", "jining", "2024-12-31", 60000.0)],
        ),
        (
            "2024年,福建民营企业进出口9000亿元。其中,出口6000亿元;进口3000亿元。",
            [("private_trade", "fujian", "2024-12-31", 900000.0)],
        ),
        (
            "2024年,福建灯具、船舶、家用电器出口强劲,分别出口100亿元、90亿元、80亿元,分别增长18%、25%、20%。",
            [],
        ),
    ],
)
def test_what_customs_and_bureaus_list(said: str, expected: list[Said]) -> None:
    assert read(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "China's GDP reached 60 trillion yuan in the first half of 2024.\nIt grew by 5.3% in Q1 and by 4.7% in Q2.\n"
            "Real estate investment plummeted by 10.1%.",
            [
                ("gdp", "china", "2024-06-30", 6e7),
                ("gdp", "china", "2024-03-31", 5.3),
                ("gdp", "china", "2024-06-30", 4.7),
                ("real_estate_investment", "china", "2024-06-30", -10.1),
            ],
        ),
        (
            "In 2024, Chongqing, which is about 11 times as big as Guangzhou, reported CNY3.1 trillion in GDP.",
            [("gdp", "chongqing", "2024-12-31", 3.1e6)],
        ),
        (
            "2024年,我国经济总量达到130万亿元,增量超过5万亿元。",
            [("gdp", "china", "2024-12-31", 1.3e8)],
        ),
        (
            "Singapore's digital economy grew to 106 billion Singapore dollars in 2022, up from SG$58 billion in 2017.",
            [
                ("digital_economy_scale", "singapore", "2022-12-31", 106000.0),
                ("digital_economy_scale", "singapore", "2017-12-31", 58000.0),
            ],
        ),
    ],
)
def test_what_agencies_say(said: str, expected: list[Said]) -> None:
    assert read(said) == expected
