"""Ways of saying things, one by one: what each figure is, read by hand, and which figures are none and must be left over."""

from __future__ import annotations

import datetime

import pytest

from tests.indicators.corpus import expected, key
from xisuan.indicators.bulletins import read_text

DAY = datetime.date(2024, 7, 20)
READ = {
    "a last word said once": (
        "In 2023, Guizhou had 9.2 million 4G users, and its investment in primary and secondary industries grew by 4 and 9 "
        "percent, respectively.",
        ["g4_users guizhou @2023-12-31 9200000 1", "primary_industry_investment guizhou 2023-01..2023-12 - pct g=4",
         "secondary_industry_investment guizhou 2023-01..2023-12 - pct g=9"],
    ),
    "growths and levels by turns": (
        "In 2023, software revenue and software profits of Guizhou rose by 8 percent to 90 billion yuan and 5 percent to 7 "
        "billion yuan, respectively.",
        ["software_revenue guizhou 2023-01..2023-12 90000 mCNY g=8", "software_profits guizhou 2023-01..2023-12 7000 mCNY g=5"],
    ),
    "households as a unit": (
        "The number of gigabit users in Guizhou reached 3.1 million households, 31 percent of all broadband users.",
        ["gigabit_users guizhou @2024-07-20 3100000 1 s=31"],
    ),
    "so many for every 10,000": (
        "Every 10,000 people in Guizhou enjoyed 31 5G base stations by the end of June.",
        ["g5_bs_per_10k guizhou @2024-06-30 31 per_10k"],
    ),
    "a part in the unit of its whole": (
        "Guizhou had 86,000 petaflops of computing power at the end of June, 80,000 of which were dedicated to intelligent "
        "computing.",
        ["compute_capacity guizhou @2024-06-30 86 EFLOPS", "intelligent_compute_capacity guizhou @2024-06-30 80 EFLOPS"],
    ),
    "numbers in words": (
        "Thirty-four gigabit cities are located in western China.",
        ["gigabit_cities west_china @2024-07-20 34 1"],
    ),
    "now, behind the figure": (
        "Last year Guizhou built fast, with over 70,000 AI chips now in use in the province.",
        ["ai_chips guizhou @2024-07-20 70000 1"],
    ),
    "words set apart": (
        "By 2027, the number of racks in Guizhou, consisting of frames that house servers and cables, will reach 900,000.",
        ["racks guizhou @2027-12-31 900000 1"],
    ),
    "an aim without a year": (
        "In 2023, telecom revenue of Guizhou was 38 billion yuan. The goal of the province is a telecom revenue of 40 "
        "billion yuan.",
        ["telecom_revenue guizhou 2023-01..2023-12 38000 mCNY", "telecom_revenue guizhou 2024-01..2024-12 40000 mCNY"],
    ),
    "all that is built by then": (
        "To date, 84,000 5G base stations stand in Guizhou. The province will build 160,000 5G base stations by 2025.",
        ["g5_base_stations guizhou @2024-07-20 84000 1", "g5_base_stations guizhou @2025-12-31 160000 1"],
    ),
    "fewer than stand are new ones": (
        "At the end of June, 84,000 5G base stations stood in Guizhou. The province will build 9,000 5G base stations by 2025.",
        ["g5_base_stations guizhou @2024-06-30 84000 1", "g5_base_stations_new guizhou 2025-01..2025-12 9000 1"],
    ),
    "a month as an aside": (
        "In the first half of 2024, software revenue of Guizhou rose 12 percent. In June, software revenue of Guizhou rose 9 "
        "percent. Telecom revenue grew 2 percent.",
        ["software_revenue guizhou 2024-01..2024-06 - pct g=12", "software_revenue guizhou 2024-06..2024-06 - pct g=9",
         "telecom_revenue guizhou 2024-01..2024-06 - pct g=2"],
    ),
    "what the ministry tells": (
        "Guizhou heads the west. By the end of June, 207 cities qualified as gigabit cities, according to the ministry.",
        ["gigabit_cities china @2024-06-30 207 1"],
    ),
    "第一 that is no rank": (
        "2023年,云南省第一产业增加值4206亿元,昆明市第三产业增加值5000亿元。",
        ["primary_industry_value_added yunnan 2023-01..2023-12 420600 mCNY",
         "tertiary_industry_value_added kunming 2023-01..2023-12 500000 mCNY"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_is_read(name: str) -> None:
    text, lines = READ[name]
    assert {key(one) for one in read_text(text, DAY).observations} == {expected(line)[0] for line in lines}


LEFT = {
    "a definition": "A gigabit city is one in which there are 12 5G base stations per 10,000 people in Guizhou.",
    "a project": "Once completed, the computing power of a center in Guizhou will reach 9 EFLOPS.",
    "what came": "Last year, Guizhou attracted more than 400 big data companies.",
    "a contribution": "In 2023, the contribution of big data to the growth of Guizhou's economy reached more than 20 percent.",
    "part of something else": (
        "In 2023, software in Guizhou did well, the proportion of the embedded segment in it going from 3 percent to 4 percent."
    ),
    "second of two unknown": (
        "Guizhou's digital economy did well in 2023. Hi-tech industries and strategic industries of all kinds accounted for 19 "
        "percent and 28 percent of output, respectively."
    ),
    "a list of which nobody knows the order": (
        "In 2023, the revenue of farms, mines and the software industry in Guizhou was 3 billion yuan, 5 billion yuan and 9 "
        "billion yuan."
    ),
    "a speed": "In 2023, the average access bandwidth in Guizhou was 390 Mbps/household, a rise of 20 percent.",
    "the day of a statement": "Guizhou did well in 2023, said Li Wei of the software industry, on June 29.",
    "a temperature": "The racks of Guizhou glow at an average of 7°C.",
    "the nation's many years": "Guizhou's digital economy has been growing at an average rate of 16 percent per year.",
}


@pytest.mark.parametrize("name", LEFT)
def test_is_left_over(name: str) -> None:
    assert read_text(LEFT[name], DAY).observations == ()


def test_a_headline_in_dollars_is_the_conversion_in_its_text() -> None:
    text = "Software revenues up 23% to $682b\nIn the first half of 2021, China's software revenue rose 23.2 percent to 4.42 trillion yuan ($682.86 billion)."
    (one,) = read_text(text, datetime.date(2021, 7, 22)).observations
    assert (one.value, one.unit, one.growth_pct) == (4_420_000.0, "mCNY", 23.2)


def test_the_date_of_an_event_dates_no_figure_that_follows() -> None:
    text = "The Horinger cluster is a national one. A project was launched in February 2022. It has 950,000 servers in Horinger."
    (one,) = read_text(text, datetime.date(2023, 7, 3)).observations
    assert (one.indicator, one.region, one.period_end) == ("compute_servers", "horinger", "2023-07-03")


@pytest.mark.parametrize(
    ("said", "day"), [("11.19.2023", "2023-11-19"), ("19/11/2023", "2023-11-19"), ("11/05/2023", None)]
)
def test_days_in_figures_are_read_where_they_have_one_meaning(said: str, day: str | None) -> None:
    seen = read_text(f"Published: {said}\nGuizhou has 49 key data centers.").observations
    assert [one.period_end for one in seen] == ([day] if day else [])
