"""What a sentence tells of an earlier time, or aims at, dates nothing but its own figure."""

from __future__ import annotations

import pytest

from xisuan.indicators.reading.bulletins import read_text

Told = tuple[str, str, str, float | None, float | None]


def read(text: str, published: str = "2023-10-24") -> list[Told]:
    """Indicator, region, last day, level and growth of each figure."""
    seen = read_text(f"Published: {published}\n{text}").observations
    return [(one.indicator, one.region, one.period_end, one.value, one.growth_pct) for one in seen]


def days(text: str, published: str = "2023-10-24") -> dict[float | None, str]:
    return {value: last for _, _, last, value, _ in read(text, published)}


def test_brackets_tell_the_same_figure_at_another_time() -> None:
    text = (
        "Jiangxi had 108,000 5G base stations at the end of September (end of 2022: 84,000). Fibre cables measured 2.6 "
        "million kilometres.\nIn the first three quarters, exports were 312 billion yuan (a year earlier: 301 billion "
        "yuan), a growth of 3.7 percent. Software revenue grew 9.1 percent (2022: 12.4 percent). Telecom revenue: 31 "
        "billion yuan (29.2 billion yuan in the same period of 2022)."
    )
    assert read(text) == [
        ("g5_base_stations", "jiangxi", "2023-09-30", 108000.0, None),
        ("g5_base_stations", "jiangxi", "2022-12-31", 84000.0, None),
        ("fibre_cable_length", "jiangxi", "2023-09-30", 2600000.0, None),
        ("exports", "jiangxi", "2023-09-30", 312000.0, 3.7),
        ("exports", "jiangxi", "2022-09-30", 301000.0, None),
        ("software_revenue", "jiangxi", "2023-09-30", None, 9.1),
        ("software_revenue", "jiangxi", "2022-09-30", None, 12.4),
        ("telecom_revenue", "jiangxi", "2023-09-30", 31000.0, None),
        ("telecom_revenue", "jiangxi", "2022-09-30", 29200.0, None),
    ]


def test_a_bracket_behind_a_figure_that_is_not_known_is_left_over() -> None:
    seen = read_text("Published: 2023-10-24\nIn 2023 Jiangxi sold 4.1 million violins (2022: 3.9 million).")
    assert not seen.observations
    assert {one.words for one in seen.unplaced} >= {"4.1 million", "3.9 million"}


@pytest.mark.parametrize(
    "between",
    [
        "Since 2015, subsidies amounting to 1.9 billion yuan have been granted.",
        "One firm in four was founded after 2019.",
        "At the end of 2020 the total had been a mere 21,000.",
    ],
)
def test_what_was_before_does_not_date_what_follows(between: str) -> None:
    text = (
        f"Jiangxi had 108,000 5G base stations at the end of September. {between} Gigabit users numbered 6.1 million."
    )
    assert days(text)[6100000.0] == "2023-09-30"


def test_the_half_of_the_year_is_not_of_the_year_looked_back_on() -> None:
    text = (
        "Jiangxi had 12 EFLOPS of computing power at the end of July. At the end of 2021 it had 0.8 EFLOPS. Software "
        "revenue came to 40 billion yuan in the first half of the year."
    )
    assert days(text)[40000.0] == "2023-06-30"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "At the end of July, of 44 million mobile phone users in Jiangxi 22 million were on 5G, so the penetration was "
            "50 percent; it had been 41 percent twelve months before.",
            {44000000.0: "2023-07-31", 22000000.0: "2023-07-31", 50.0: "2023-07-31", 41.0: "2022-07-31"},
        ),
        (
            "At the end of September Jiangxi had 24,860 5G base stations, compared with 20,310 at the same time in 2022, "
            "and there were 2.38 million gigabit users.",
            {24860.0: "2023-09-30", 20310.0: "2022-09-30", 2380000.0: "2023-09-30"},
        ),
        (
            "Jiangxi's exports rose to 41 billion yuan in the first half from 36 billion yuan in the same period of 2022.",
            {41000.0: "2023-06-30", 36000.0: "2022-06-30"},
        ),
        (
            "Jiangxi's exports climbed from 36 billion yuan in the first half of 2022 to 41 billion yuan in the same period "
            "of this year.",
            {41000.0: "2023-06-30", 36000.0: "2022-06-30"},
        ),
        (
            "Jiangxi's interprovincial bandwidth stood at 20.6 Tbps in September, twice the 10.2 Tbps of two years before.",
            {20600.0: "2023-09-30", 10200.0: "2021-09-30"},
        ),
        (
            "Jiangxi had 70,000 5G base stations at the end of 2022. We have 14.2 EFLOPS of computing power today.",
            {70000.0: "2022-12-31", 14.2: "2023-10-24"},
        ),
    ],
)
def test_each_of_two_times_dates_its_own_figure(text: str, expected: dict[float | None, str]) -> None:
    assert days(text) == expected


def test_an_aim_is_not_of_the_day_on_which_less_stands() -> None:
    text = (
        "Jiangxi wants 30 EFLOPS of computing power by the end of 2026. The number of standard racks, currently 86,000, is "
        "to reach 200,000 over the same period."
    )
    assert days(text) == {30.0: "2026-12-31", 86000.0: "2023-10-24", 200000.0: "2026-12-31"}
    alone = "The number of standard racks in Jiangxi, currently 86,000, is to reach 200,000."
    assert days(alone) == {86000.0: "2023-10-24"}


def test_what_stood_on_a_day_of_its_own_is_not_aimed_at() -> None:
    seen = read_text(
        "Published: 2023-10-24\nThe plan for 2024 asks for growth of 6 percent. It also wants the number of 5G base "
        "stations in Jiangxi, 84,000 at the end of 2022, to pass 130,000 next year."
    ).observations
    told = {one.value: (one.period_end, one.status) for one in seen}
    assert told[84000.0] == ("2022-12-31", "actual")
    assert told[130000.0] == ("2024-12-31", "target")


def test_what_a_place_has_is_not_aimed_at() -> None:
    seen = read_text(
        "Published: 2023-10-24\nPlanners in Jiangxi want 40 EFLOPS of computing power in 2026. Its networks serve 9.7 "
        "million 5G users."
    ).observations
    assert [(one.value, one.status) for one in seen] == [(40.0, "target"), (9700000.0, "actual")]


def test_the_total_of_a_year_is_compared_with_but_total_power_is_not() -> None:
    (one,) = read("By 2025 total computing power in Jiangxi is to exceed 30 EFLOPS.")
    assert one[:4] == ("compute_capacity", "jiangxi", "2025-12-31", 30.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Jiangxi added 2,700 5G base stations in the third quarter, bringing the number to 108,300 at its end.",
            {"g5_base_stations_new": 2700.0, "g5_base_stations": 108300.0},
        ),
        (
            "Altogether 12,400 5G base stations were newly built in Jiangxi between January and June, which lifted the "
            "stock to 108,000 at the end of June.",
            {"g5_base_stations_new": 12400.0, "g5_base_stations": 108000.0},
        ),
        ("In the first half, Jiangxi built 12,000 5G base stations.", {"g5_base_stations_new": 12000.0}),
        ("By the end of June, Jiangxi had built 112,000 5G base stations.", {"g5_base_stations": 112000.0}),
        ("Jiangxi had 12 EFLOPS at the end of June.", {"compute_capacity": 12.0}),
        ("From January through July Jiangxi used 128.1 billion kWh.", {"electricity_use": 128100.0}),
        (
            "Computing centers in Jiangxi offered 7,000 PFLOPS of intelligent computing power at the end of June, and a "
            "further 2,600 PFLOPS was being installed.",
            {"intelligent_compute_capacity": 7.0},
        ),
        (
            "In August foreign trade of Jiangxi was 50.2 billion yuan, the third month in a row above 40 billion.",
            {"foreign_trade": 50200.0},
        ),
        (
            "Jiangxi used 184.9 billion kilowatt-hours of electricity in 2022; offices alone took 29.3 billion.",
            {"electricity_use": 184900.0},
        ),
        (
            "At the end of 2022 Jiangxi's intelligent computing power stood at 7 EFLOPS. By the end of June the total "
            "had risen to 12 EFLOPS.",
            {"intelligent_compute_capacity": 7.0, "compute_capacity": 12.0},
        ),
        (
            "In the first half, per capita disposable income of Jiangxi residents was 17,230 yuan, an increase of 6.3%.",
            {"disposable_income": 17230.0},
        ),
        ("For 2023, the work report calls for GDP growth of about 6 percent in Jiangxi.", {}),
        (
            "In the first half, Jiangxi's retail sales grew by 5.2% and the disposable income of residents by 6.8%.",
            {"retail_sales": None, "disposable_income": None},
        ),
    ],
)
def test_of_what_a_figure_is(text: str, expected: dict[str, float | None]) -> None:
    assert {one[0]: one[3] for one in read(text)} == expected


def test_the_nation_beside_a_province() -> None:
    text = (
        "Jiangxi's exports grew 14.1 percent in the first nine months, compared with a national rate of 10.4 percent."
    )
    assert [(one[1], one[4]) for one in read(text)] == [("jiangxi", 14.1), ("china", 10.4)]


@pytest.mark.parametrize("indent", ["                         ", ""])
def test_headings_that_begin_under_a_later_column_are_of_it(indent: str) -> None:
    text = (
        "Jiangxi: Action Plan (2024-2026)\nPublished: 2023-12-28\n\nTargets\n\n"
        f"{indent}2024       2025       2026\n"
        "5G base stations (10,000)               11         12         13\n"
        "Gigabit users (10,000)                  700        800        900\n"
    )
    seen = read_text(text).observations
    assert [(one.value, one.period_end[:4], one.status) for one in seen[:3]] == [
        (110000.0, "2024", "target"),
        (120000.0, "2025", "target"),
        (130000.0, "2026", "target"),
    ]
    assert len(seen) == 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Software revenue of Jiangxi: +8.4% (first quarter: -8.9%)\n- telecom revenue: +2.9%",
            {8.4: "2023-06-30", -8.9: "2023-03-31", 2.9: "2023-06-30"},
        ),
    ],
)
def test_a_growth_in_brackets_dates_no_line_below(text: str, expected: dict[float, str]) -> None:
    seen = read_text(f"Jiangxi, January-June 2023\nPublished: 2023-07-24\n{text}").observations
    assert {one.growth_pct: one.period_end for one in seen} == expected


def test_since_january_ends_with_the_level_beside_it() -> None:
    text = (
        "By the end of September Jiangxi had 108,000 5G base stations, of which 18,000 were newly built since January. "
        "Gigabit users numbered 6.1 million."
    )
    assert days(text) == {108000.0: "2023-09-30", 18000.0: "2023-09-30", 6100000.0: "2023-09-30"}


def test_the_year_so_far_ends_with_the_month_told() -> None:
    text = "Jiangxi's exports were 31 billion yuan in September, bringing the total for the year so far to 241 billion yuan."
    assert days(text) == {31000.0: "2023-09-30", 241000.0: "2023-09-30"}


def test_when_they_had_been() -> None:
    text = (
        "Jiangxi's retail sales were 865 billion yuan in 2022, 1.3 percent higher than in 2021, when they had been 854 "
        "billion yuan."
    )
    assert days(text) == {865000.0: "2022-12-31", 854000.0: "2021-12-31"}


def test_a_heading_of_aims_may_say_who_made_them() -> None:
    seen = read_text(
        "Computing in Jiangxi\nPublished: 2023-11-24\nAt the end of June Jiangxi had 12 EFLOPS of computing power.\n"
        "Targets for 2025, as laid down in the plan of six departments of October 2023:\n- computing power above 30 "
        "EFLOPS;\n- storage capacity above 18 EB."
    ).observations
    assert [(one.value, one.period_end, one.status) for one in seen] == [
        (12.0, "2023-06-30", "actual"),
        (30.0, "2025-12-31", "target"),
        (18.0, "2025-12-31", "target"),
    ]


def test_the_half_of_the_year_is_the_one_just_over() -> None:
    text = (
        "At the end of 2022 Jiangxi had 84,000 5G base stations. Its exports rose to 241 billion yuan in the first half of "
        "the year."
    )
    assert days(text)[241000.0] == "2023-06-30"
    yearly = (
        "Jiangxi in 2022\nExports came to 512 billion yuan; in the first half of the year they were 241 billion yuan."
    )
    assert days(yearly, "2023-03-01")[241000.0] == "2022-06-30"


def test_so_many_of_so_many() -> None:
    text = "At the end of May some 19.84 million of the region's 32.9 million mobile subscribers in Xinjiang were using 5G."
    assert [one[0] for one in read(text) if one[3] == 32900000.0] == ["mobile_phone_users"]
