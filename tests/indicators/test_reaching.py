"""How far words reach: a scope to the semicolon before another industry, a year later from the day before it."""

from __future__ import annotations

from xisuan.indicators.reading.bulletins import read_text


def test_a_scope_ends_before_another_industry() -> None:
    text = "2024年,贵州省规模以上工业增加值增长8%;贵州省软件业务收入1030亿元。"
    scopes = {one.indicator: one.scope for one in read_text(text).observations}
    assert scopes == {"industry_value_added": "firms above designated size", "software_revenue": ""}


def test_a_year_later_is_no_longer_the_same_day() -> None:
    text = "2022年底,贵州省5G基站8.43万个;一年后达11.93万个。"
    assert [(one.period_end, one.value) for one in read_text(text).observations] == [
        ("2022-12-31", 84_300),
        ("2023-12-31", 119_300),
    ]
