"""A figure is above, below or about what is said by all the words before it: 不低于 is no 低于."""

from __future__ import annotations

import pytest

from xisuan.indicators.reading.bulletins import read_text


@pytest.mark.parametrize(
    ("words", "bound"),
    [
        ("不低于", "over"),
        ("不少于", "over"),
        ("不小于", "over"),
        ("不得低于", "over"),
        ("达到或超过", "over"),
        ("超过", "over"),
        ("低于", "under"),
        ("不足", "under"),
        ("不超过", "under"),
        ("不高于", "under"),
        ("不多于", "under"),
        ("不大于", "under"),
        ("约", "about"),
    ],
)
def test_chinese_bounds(words: str, bound: str) -> None:
    [one] = read_text(f"2025年,贵州省软件业务收入{words}1000亿元。").observations
    assert (one.value, one.bound) == (100_000, bound)


@pytest.mark.parametrize(
    ("words", "bound"),
    [
        ("no less than", "over"),
        ("not less than", "over"),
        ("no lower than", "over"),
        ("not lower than", "over"),
        ("no fewer than", "over"),
        ("not below", "over"),
        ("at least", "over"),
        ("more than", "over"),
        ("no more than", "under"),
        ("not more than", "under"),
        ("no higher than", "under"),
        ("not above", "under"),
        ("not over", "under"),
        ("less than", "under"),
        ("at most", "under"),
        ("nearly", "about"),
    ],
)
def test_english_bounds(words: str, bound: str) -> None:
    [one] = read_text(f"In 2024, the software revenue of Guizhou was {words} 100 billion yuan.").observations
    assert (one.value, one.bound) == (100_000, bound)


def test_a_floor_under_a_ratio_is_a_floor() -> None:
    [one] = read_text("2025年,贵州省数据中心上架率不低于65%。").observations
    assert (one.indicator, one.value, one.bound) == ("rack_occupancy", 65, "over")
