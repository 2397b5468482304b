"""The page on which figures are confirmed: marks at the numbers, both languages, accepted rows as track takes them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.report import browser
from xisuan.bulletins.read_bulletin import read_bulletin, read_text
from xisuan.indicators.catalogue import catalogue
from xisuan.report.reading import review_page
from xisuan.results.bulletin_reading import Reading
from xisuan.tracking import statistics_folder
from xisuan.tracking.observation_rows import OBSERVATIONS, csv_text

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


def test_a_level_stands_with_all_digits_of_the_text() -> None:
    """Rounded to three digits, 218.5 could not be told from 218.1, nor 13,002.9 from 13,000."""
    levels = {
        one["row"]["indicator"]: one["level"] for one in data(review_page.html(found(), catalogue()))["observations"]
    }  # type: ignore[attr-defined]
    said = [levels[name][language] for name in ("telecom_revenue", "gdp") for language in ("en", "zh")]
    assert [one.replace("\u00a0", " ") for one in said] == [
        "21.85 bn CNY",
        "218.5 亿元",
        "1,300.29 bn CNY",
        "1.30029 万亿元",
    ]


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


DECIDE = """
    const root = document.querySelector(".review");
    const card = at => root.querySelectorAll(".card")[at];
    const type = (at, name, text) => {
        const input = card(at).querySelector(`.form input[name=${name}]`);
        input.value = text;
        input.dispatchEvent(new Event("input"));
    };
    let saved;
    URL.createObjectURL = blob => { saved = blob; return "#"; };
    card(1).querySelectorAll("button")[1].click();
    type(1, "value", "62900");
    type(1, "region", "gansuu");
    card(0).querySelector("button.yes").click();
    const held = card(1).querySelector(".form input[name=value]").value;
    card(1).querySelector(".form button.yes").click();
    const refused = [card(1).querySelector(".wrong").textContent];
    for (const [name, text] of [["region", "gansu"], ["period_end", "2024-02-30"]]) type(1, name, text);
    card(1).querySelector(".form button.yes").click();
    refused.push(card(1).querySelector(".wrong").textContent);
    for (const [name, text] of [["period_start", "2024-12-31"], ["period_end", "2024-12-31"]]) type(1, name, text);
    card(1).querySelector(".form button.yes").click();
    for (const button of [...root.querySelectorAll(".card.open button.no")].slice(0, 1)) button.click();
    while (root.querySelector(".card.open button.yes")) root.querySelector(".card.open button.yes").click();
    root.querySelector(".bar button.yes").click();
    return saved.text().then(text => ({ text, held, refused }));
"""
"""Change the second figure while the first is accepted, with an unknown region and then an impossible day; reject one."""


def test_the_saved_file_is_added_to_a_scenario_as_it_was_confirmed(tmp_path: Path) -> None:
    """As track.md says: the file of the page goes into the scenario with words, publication and source of each figure."""
    answer = browser.ask(review_page.html(found(), catalogue()), DECIDE, tmp_path)
    assert answer["errors"] == []
    assert answer["held"] == "62900"
    assert all(answer["refused"])
    path = tmp_path / "observations.csv"
    path.write_text(answer["text"], encoding="utf-8")
    folder = statistics_folder.new("gansu", tmp_path)
    done = statistics_folder.add(folder, read_bulletin(path), catalogue())
    assert not done.refused
    with (folder / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["indicator"]: row for row in csv.DictReader(file)}
    texts = {one.indicator: one.text for one in found().observations}
    rejected = found().observations[2].indicator
    assert set(rows) == set(texts) - {rejected}
    assert rows["g5_base_stations"]["value"] == "62900"
    assert all(row["words"] == " ".join(texts[name].split()) for name, row in rows.items())
    assert {(row["published"], row["source"]) for row in rows.values()} == {("2025-02-10", "b-2025-02-10")}
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["source"], row["date"]) for row in csv.DictReader(file)] == [("b-2025-02-10", "2025-02-10")]


def test_what_the_page_saves_is_read_back_whole() -> None:
    """Large numbers, and figures that are only a share, a change or a rank."""
    day = {
        "period_start": "2024-12-31",
        "period_end": "2024-12-31",
        "basis": "point",
        "status": "actual",
        "source": "s",
    }
    rows = [
        day | {"indicator": "mobile_data_traffic", "region": "china", "value": "3.4e+12", "unit": "GB"},
        day | {"indicator": "g5_users", "region": "gansu", "share_pct": "60.4", "unit": "pct"},
        day | {"indicator": "gdp", "region": "gansu", "rank": "27", "unit": "pct"},
        day | {"indicator": "gdp", "region": "gansu", "rank": "2.5", "unit": "pct"},
    ]
    again = read_text("", tables=[("t", list(csv.reader(io.StringIO(csv_text(rows, OBSERVATIONS)))))])
    assert [(one.value, one.share_pct, one.rank) for one in again.observations] == [
        (3.4e12, None, None),
        (None, 60.4, None),
        (None, None, 27),
    ]
    assert [(one.words, one.why) for one in again.unplaced] == [("2.5", "a rank that is no whole number above 0")]
