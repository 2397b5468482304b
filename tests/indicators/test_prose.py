"""Prose of newspapers and reports: levels and shares that stand beside words about something else."""

from __future__ import annotations

import pytest

from xisuan.indicators.bulletins import read_text

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
                ("phone_penetration", "china", "2024-12-31", 125.0),
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
