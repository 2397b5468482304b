"""What goes on behind a semicolon from an aim is aimed at, until words of what was done, or a time of its own."""

from __future__ import annotations

import datetime

import pytest

from xisuan.indicators.reading.bulletins import read_text

DAY = datetime.date(2026, 1, 14)


@pytest.mark.parametrize(
    "text",
    [
        "2026年,贵州省计划算力规模达到190EFLOPS;智算占比超过90%;软件业务收入增长10%。",
        "力争2026年贵州省算力规模达到190EFLOPS;贵安新区PUE降至1.2以下,上架率70%。",
        "2026年,贵州省要实现算力规模190EFLOPS;软件业务收入达到1200亿元。",
    ],
)
@pytest.mark.parametrize("published", [DAY, None])
def test_all_of_an_aim(text: str, published: datetime.date | None) -> None:
    read = read_text(text, published).observations
    assert len(read) > 1
    assert {(one.status, one.period_end) for one in read} == {("target", "2026-12-31")}


def test_what_was_done_is_no_aim() -> None:
    text = "2026年,贵州省计划算力规模达到190EFLOPS;2025年软件业务收入达到1100亿元。"
    assert [one.status for one in read_text(text, DAY).observations] == ["target", "actual"]
    text = "2026年,贵州省计划算力规模达到190EFLOPS;目前上架率已达62%。"
    assert [one.status for one in read_text(text, DAY).observations] == ["target", "actual"]


def test_by_a_year_reaches_ahead_where_no_day_is_known() -> None:
    [one] = read_text("到2025年,贵州省软件业务收入达到1200亿元。").observations
    assert one.status == "target"
