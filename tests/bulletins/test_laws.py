"""Laws of reading: any amount in any unit, and no text breaks the grammar."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xisuan.bulletins.read_bulletin import read_text


@given(
    st.floats(0.01, 99999).map(lambda value: round(value, 2)),
    st.sampled_from(["亿元", "万元", " billion yuan", " million yuan"]),
)
@settings(max_examples=60, deadline=None)
def test_any_amount_is_read_in_any_unit(value: float, unit: str) -> None:
    factor = {"亿元": 100.0, "万元": 0.01, " billion yuan": 1000.0, " million yuan": 1.0}[unit]
    english = unit.startswith(" ")
    text = (
        f"In 2023, Guizhou's telecom revenue was {value:,}{unit}."
        if english
        else f"2023年,贵州电信业务收入{value}{unit}。"
    )
    (seen,) = read_text(text).observations
    assert seen.value == pytest.approx(value * factor, rel=1e-9)


@given(st.text(max_size=300))
@settings(max_examples=80, deadline=None)
def test_no_text_breaks_the_grammar(text: str) -> None:
    read_text(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "贵州",
                "2023年",
                "1-10月",
                "电信业务收入",
                "325.8亿元",
                "同比增长2.1%",
                "其中",
                "分别",
                "、",
                ",",
                "。",
                "up 5 percent",
                " Guizhou ",
                "respectively",
                "倍",
                "7个",
                "(",
                ")",
                "占",
                "13月",
                "2月30日",
            ]
        ),
        max_size=30,
    )
)
@settings(max_examples=80, deadline=None)
def test_no_heap_of_its_words_breaks_the_grammar(words: list[str]) -> None:
    for seen in read_text("".join(words)).observations:
        assert seen.period_start <= seen.period_end
