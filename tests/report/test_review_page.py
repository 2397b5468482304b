"""The page on which figures are confirmed: marks at the numbers, both languages, accepted rows as track takes them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.report import browser
from xisuan.bulletins.read_bulletin import read_text
from xisuan.indicators.catalogue import catalogue
from xisuan.report.reading import review_page
from xisuan.results.bulletin_reading import Reading
from xisuan.tracking.observation_rows import OBSERVATIONS

TEXT = """2024年甘肃省通信业统计公报
发布时间：2025-02-10
2024年，全省电信业务收入完成218.5亿元，同比增长2.9%。截至2024年底，全省5G基站达到6.28万个，比上年末净增5200个。
移动电话用户2790.1万户，其中5G移动电话用户1685.2万户，占移动电话用户的60.4%。
"""
TABLE = [["2024年甘肃省主要指标"], ["指标", "单位", "2024年", "增长(%)"], ["地区生产总值", "亿元", "13002.9", "5.8"]]


def found() -> Reading:
    return read_text(TEXT, name="b.txt", tables=[("b.txt, table", TABLE)], region="gansu")


def data(text: str) -> dict[str, object]:
    match = re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    assert match is not None
    return json.loads(match[1])


def test_marks_are_the_numbers_of_the_text() -> None:
    """Cut from the passage at its marks, each observation has its own numbers, and each number left over too."""
    reading = found()
    passages = {(one.place, one.text): one for one in reading.passages}
    words = {}
    for one in reading.observations:
        if "table" in one.place:
            row = next(passage for passage in reading.passages if passage.place == one.place)
            words[one.indicator] = ["".join(row.cells[start:end]) for start, end in one.marks]
        else:
            text = passages[one.place, one.text].text
            words[one.indicator] = [text[start:end] for start, end in one.marks]
    assert words == {
        "telecom_revenue": ["218.5亿元", "2.9%"],
        "g5_base_stations": ["6.28万个"],
        "mobile_phone_users": ["2790.1万户"],
        "g5_users": ["1685.2万户", "60.4%"],
        "g5_user_share": ["60.4%"],
        "gdp": ["13002.9", "5.8"],
    }
    assert [one.text[slice(*one.marks[0])] for one in reading.unplaced] == ["5200个"]


def test_the_page_has_both_languages_and_asks_for_nothing() -> None:
    for language in ("en", "zh"):
        text = review_page.html(found(), catalogue(), language)
        held = data(text)
        assert held["language"] == language
        assert all({"en", "zh"} <= set(one) and one["zh"] != one["en"] for one in held["texts"].values())  # type: ignore[attr-defined]
        assert "http" not in text.replace("http-equiv", "")


def test_a_text_cannot_end_the_data() -> None:
    hostile = read_text("2024年，甘肃省电信业务收入218.5亿元</script><script>alert(1)</script><!--。", region="gansu")
    text = review_page.html(hostile, catalogue())
    assert "alert(1)</script>" not in text
    assert "alert(1)" in json.dumps(data(text))


PRESS = """
    const root = document.querySelector(".review");
    const press = (selector, at = 0) => root.querySelectorAll(selector)[at].click();
    let saved;
    URL.createObjectURL = blob => { saved = blob; return "#"; };
    press(".card.open button.yes");
    press(".card.open button:not(.yes):not(.no)");
    root.querySelector(".form input[name=value]").value = "62900";
    press(".form button.yes");
    press(".card.open button.no");
    press(".bar button.yes");
    return saved.text().then(text => ({ text, width: document.documentElement.scrollWidth }));
"""


@pytest.mark.parametrize("width", [390, 1200])
def test_accept_change_and_reject_in_a_browser(width: int, tmp_path: Path) -> None:
    """Accept the first, change the second, reject the third: the file has the two rows, with the change."""
    answer = browser.ask(review_page.html(found(), catalogue()), PRESS, tmp_path, width)
    assert answer["errors"] == []
    assert answer["width"] <= width
    text = answer["text"]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == OBSERVATIONS
    assert [(row["indicator"], row["value"]) for row in rows] == [
        ("telecom_revenue", "21850"),
        ("g5_base_stations", "62900"),
    ]
    again = read_text("", tables=[("observations.csv", list(csv.reader(io.StringIO(text))))])
    assert {one.source for one in again.observations} == {"b-2025-02-10"}
