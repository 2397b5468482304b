"""Classes of English prose, each in several ways of saying it: whose a figure is, of when, and of what it is a part."""

from __future__ import annotations

import datetime

import pytest

from xisuan.indicators.reading.bulletins import read_text

Said = tuple[str, str, str, float | None]


def read(text: str, published: str = "2024-07-25") -> set[Said]:
    """Indicator, region, last day and level, growth or share of what happened."""
    seen = read_text(text, published=datetime.date.fromisoformat(published)).observations
    told = [one for one in seen if one.status in ("actual", "preliminary")]
    numbers = [(one.value, one.growth_pct, one.share_pct) for one in told]
    firsts = [next((number for number in some if number is not None), None) for some in numbers]
    return {(one.indicator, one.region, one.period_end, first) for one, first in zip(told, firsts, strict=True)}


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Answering questions in Beijing, a spokesman for the National Bureau of Statistics was calm.", "china"),
        ("A spokesman for the statistics bureau told reporters in Beijing on Monday what had happened.", "china"),
        ("Nanjing - The economy of Jiangsu picked up speed over the spring and early summer.", "jiangsu"),
        ("HAIKOU, Hainan -- The province had a good half-year, whatever the weather did.", "hainan"),
        ("China's economy lost some of its speed. One bank in Hong Kong had seen it coming.", "china"),
        (
            "Governor's speech\nThe island did well, better than any other province but Tibet, and the province is proud.",
            "hainan",
        ),
        (
            "Which city has the best chips? Beijing, Shanghai and Shenzhen come first. Yet Anhui is catching up.",
            "anhui",
        ),
        ("Ask a baker in Wuhan how things are. The province is booming, and Hubei knows it.", "hubei"),
        ("No province has built more roads than Guizhou.", "guizhou"),
        ("Ministry of Commerce: the lockdowns in Shanghai and Jilin are over.", "china"),
    ],
)
def test_whom_a_text_is_about(text: str, region: str) -> None:
    said = "\nRetail sales rose 3.2 percent in the first half of 2024."
    assert read(text + said) == {("retail_sales", region, "2024-06-30", 3.2)}


@pytest.mark.parametrize(
    "between",
    [
        "A start-up from Chengdu opened an office.",
        "In Zunyi we opened a school.",
        "A Shenzhen-based retailer has moved in.",
        "It did better than Yunnan.",
        "Officials flew to Harbin.",
        "One brewer in Tongren has 40 employees.",
        "The largest of them, in Bijie, raised 2.5 billion yuan in March.",
    ],
)
def test_a_place_in_passing_is_none_of_the_next_sentence(between: str) -> None:
    text = f"Guizhou's GDP grew 5.3 percent in the first half of 2024. {between} Retail sales rose 4.1 percent."
    assert ("retail_sales", "guizhou", "2024-06-30", 4.1) in read(text)


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("In the six months retail sales rose 4.1 percent.", "2024-06-30"),
        ("Over the half-year retail sales rose 4.1 percent.", "2024-06-30"),
        ("In June by itself retail sales rose 4.1 percent.", "2024-06-30"),
        ("Over the same stretch retail sales rose 4.1 percent.", "2024-06-30"),
        ("So far this year retail sales have risen 4.1 percent.", "2024-06-30"),
        ("Retail sales rose 4.1 percent, while imports fell 2 percent in May.", "2024-06-30"),
        ("Retail sales rose 4.1 percent, more than in the same months of 2023.", "2024-06-30"),
        ("Owing to the low base in 2022, retail sales rose 4.1 percent.", "2024-06-30"),
    ],
)
def test_the_days_just_told(said: str, last: str) -> None:
    seen = read(f"Hunan's GDP grew 4.5 percent in the first half of 2024. {said}")
    assert ("retail_sales", "hunan", last, 4.1) in seen


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("At that date Hunan had 400,000 racks.", "2024-03-31"),
        ("On the same date Hunan had 400,000 racks.", "2024-03-31"),
        ("A year later Hunan had 400,000 racks.", "2025-03-31"),
        ("Twelve months earlier Hunan had 400,000 racks.", "2023-03-31"),
        ("In the middle of 2024 Hunan had 400,000 racks.", "2024-06-30"),
        ("At the turn of the year Hunan had 400,000 racks.", "2024-12-31"),
    ],
)
def test_the_day_that_is_meant(said: str, day: str) -> None:
    seen = read(f"At the end of March 2024 Hunan had 120,000 5G base stations. {said}", "2025-07-01")
    assert ("racks", "hunan", day, 400000.0) in seen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hubei's exports grew 4.8 percent in June, after 5.2 percent in May.",
            {("exports", "hubei", "2024-06-30", 4.8), ("exports", "hubei", "2024-05-31", 5.2)},
        ),
        (
            "Hubei's exports picked up to 4.8 percent growth in June, from a fall of 2.1 percent in May.",
            {("exports", "hubei", "2024-06-30", 4.8), ("exports", "hubei", "2024-05-31", -2.1)},
        ),
        (
            "Hubei's GDP grew 4.8 percent in the second quarter, against 5.2 percent in the first.",
            {("gdp", "hubei", "2024-06-30", 4.8), ("gdp", "hubei", "2024-03-31", 5.2)},
        ),
        (
            "Hubei's GDP rose 5.8 percent in 2023; in the fourth quarter growth was 6.1 percent.",
            {("gdp", "hubei", "2023-12-31", 5.8), ("gdp", "hubei", "2023-12-31", 6.1)},
        ),
        (
            "Hubei's GDP grew 5.8 percent to 2.6 trillion yuan in the first half, while neighbouring Hunan expanded 4.5"
            " percent to 2.5 trillion yuan.",
            {("gdp", "hubei", "2024-06-30", 2600000.0), ("gdp", "hunan", "2024-06-30", 2500000.0)},
        ),
        (
            "At the end of June Hubei had 120,000 5G base stations, 31,000 of them in Wuhan.",
            {
                ("g5_base_stations", "hubei", "2024-06-30", 120000.0),
                ("g5_base_stations", "wuhan", "2024-06-30", 31000.0),
            },
        ),
        (
            "At the end of June Ningxia had 130,000 racks, of which 90,000 in Zhongwei.",
            {("racks", "ningxia", "2024-06-30", 130000.0), ("racks", "zhongwei", "2024-06-30", 90000.0)},
        ),
        (
            "Wuhan's foreign trade was 180 billion yuan in the first half, half of Hubei's 360 billion.",
            {("foreign_trade", "wuhan", "2024-06-30", 180000.0), ("foreign_trade", "hubei", "2024-06-30", 360000.0)},
        ),
        (
            "At the end of June Guangdong had 27 EFLOPS of computing power, ahead of Jiangsu (24 EFLOPS).",
            {
                ("compute_capacity", "guangdong", "2024-06-30", 27.0),
                ("compute_capacity", "jiangsu", "2024-06-30", 24.0),
            },
        ),
        (
            "Fixed-asset investment in Hubei rose 4 percent in the first half, with manufacturing up 9 percent and real"
            " estate down 8 percent.",
            {
                ("fixed_asset_investment", "hubei", "2024-06-30", 4.0),
                ("manufacturing_investment", "hubei", "2024-06-30", 9.0),
                ("real_estate_investment", "hubei", "2024-06-30", -8.0),
            },
        ),
        (
            "Hubei's urban disposable income was 23,000 yuan in the first half, rural 9,800 yuan.",
            {
                ("urban_disposable_income", "hubei", "2024-06-30", 23000.0),
                ("rural_disposable_income", "hubei", "2024-06-30", 9800.0),
            },
        ),
        (
            "Hubei had 3,500 AI firms at the end of 2023; twelve months earlier it was 2,800.",
            {("ai_firms", "hubei", "2023-12-31", 3500.0), ("ai_firms", "hubei", "2022-12-31", 2800.0)},
        ),
        (
            "Hubei had 60 million residents at the end of 2023. Urban residents made up 65 percent of it.",
            {
                ("resident_population", "hubei", "2023-12-31", 60000000.0),
                ("urbanisation_rate", "hubei", "2023-12-31", 65.0),
            },
        ),
        (
            "Hubei's GDP crossed the threshold of five trillion yuan in 2022 and amounted to 5.37 trillion yuan.",
            {("gdp", "hubei", "2022-12-31", 5370000.0)},
        ),
    ],
)
def test_the_second_figure(text: str, expected: set[Said]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "said",
    [
        "For 2025 we propose growth of 5.5 percent and 200,000 new urban jobs.",
        "We want the economy to grow by around 10 percent.",
        "One courier handled 3 billion parcels last year.",
        "The secondary industry took 72.6 percent of it.",
        "Analysts at one bank had seen growth of 6 percent in the second quarter.",
        "A director expects the region to grow by 5.5 percent in 2024.",
    ],
)
def test_what_is_nobodys_is_left_over(said: str) -> None:
    text = f"Yunnan used 250 billion kWh of electricity in 2023. {said}"
    assert {one for one in read(text) if one[0] != "electricity_use"} == set()
