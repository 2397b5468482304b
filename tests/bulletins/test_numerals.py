"""Amounts and years in Chinese signs are read as those in figures, and what they are not is left alone."""

from __future__ import annotations

import random

import pytest

from xisuan.bulletins.language.quantities import numeral_value, with_years
from xisuan.bulletins.read_bulletin import read_text


@pytest.mark.parametrize(
    ("signs", "value"),
    [
        ("七", 7),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("九十九", 99),
        ("一百零五", 105),
        ("三百二十五点八", 325.8),
        ("一千零三十", 1030),
        ("两千四百", 2400),
        ("二点一", 2.1),
        ("二四", 24),
        ("十二万五千", 125_000),
        ("三亿五千万", 350_000_000),
        ("一万零三百亿", 1_030_000_000_000),
    ],
)
def test_a_numeral_says_so_much(signs: str, value: float) -> None:
    assert numeral_value(signs) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("二〇二四年,电信业务收入", "2024年,电信业务收入"),
        ("二○二三年", "2023年"),
        ("一九九八年", "1998年"),
        ("二四年", "二四年"),
    ],
)
def test_a_year_in_signs_keeps_its_place(text: str, written: str) -> None:
    assert with_years(text) == written
    assert len(text) == len(written)


@pytest.mark.parametrize(
    ("text", "value", "growth"),
    [
        ("二〇二四年前三季度,贵州省电信业务收入292亿元。", 29_200, None),
        ("二〇二四年,贵州省电信业务收入三百二十五点八亿元,增长百分之十五。", 32_580, 15),
        ("2024年,贵州省电信业务收入一千零三十亿元,同比增长百分之二点一。", 103_000, 2.1),
        ("2024年,贵州省电信业务收入三百多亿元,同比下降百分之三。", 30_000, -3),
        ("2024年,贵州省电信业务收入292亿元,同比增长百分之15.5。", 29_200, 15.5),
    ],
)
def test_amounts_in_chinese_signs_are_read(text: str, value: float, growth: float | None) -> None:
    [one] = read_text(text).observations
    assert (one.indicator, one.region, one.value) == ("telecom_revenue", "guizhou", value)
    assert one.growth_pct == growth
    assert one.period_start == "2024-01-01"


def test_counts_in_hundreds_are_no_longer_cut() -> None:
    [one] = read_text("2024年末,贵州省5G基站十三万二千个。").observations
    assert (one.indicator, one.value) == ("g5_base_stations", 132_000)


@pytest.mark.parametrize(
    "text",
    [
        "贵州省千兆城市建设加快,万物互联,十四五以来成绩显著。",
        "贵州省投入数十亿元和几百亿元。",
        "十二部门联合印发文件,办好十件实事。",
        "第三百二十五号文件下发。",
    ],
)
def test_signs_in_words_are_no_amounts(text: str) -> None:
    assert read_text(text).observations == ()
    assert read_text(text).unplaced == ()


WORDS = [
    *"一二两三四五六七八九十〇百千万亿点年月日季度前末底第倍番成翻半增长比较达",
    "百分之", "分之", "二〇二四年", "前三季度", "贵州省", "电信业务收入",
    "5G基站", "亿元", "万户", "个百分点", "上半年", "同比", "十四五", "以来",
    "，", "。", "其中", "2024", "居全国第", "近", "来", "个", "千兆", "月份", "过去", "未来", "内",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_no_row_of_signs_breaks_the_reader(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(60):
        read_text("".join(draw.choices(WORDS, k=draw.randint(4, 24))))
