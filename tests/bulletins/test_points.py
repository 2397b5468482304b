"""A change in percentage points belongs to the ratio or share that changed; points of a growth, of a distance or of a
contribution are none of that, and say so."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from xisuan.bulletins.read_bulletin import read_bulletin, read_text
from xisuan.results.bulletin_reading import Observation
from xisuan.scenario.schema.statistics_tables import BY_MONTH, BY_YEAR_END

APART = "points by which one thing is above or below another, not a change"
CONTRIBUTED = "points contributed to the growth of something, not a change"


def said(one: Observation) -> tuple[str, float | None, float | None, str]:
    """What a figure says of a ratio."""
    return one.indicator, one.value, one.change_points, one.change_to


@pytest.mark.parametrize(
    ("rest", "change", "to"),
    [
        ("比上年提高3.2个百分点", 3.2, ""),
        ("较上年末提升1.6个百分点", 1.6, ""),  # of the last day of a year, so that both are one day
        ("下降0.5个百分点", -0.5, ""),
        ("同比回落0.5个百分点", -0.5, ""),
        ("比上年同期高1.1个百分点", 1.1, ""),
        ("比上年低1.1个百分点", -1.1, ""),
        ("比2023年低1.1个百分点", -1.1, ""),
        ("比上月提高0.3个百分点", 0.3, BY_MONTH),
        ("比2023年提高3.2个百分点", 3.2, ""),
        ("比2020年末提高15.2个百分点", 15.2, "2020"),
        ("提高五个百分点", 5, ""),
    ],
)
def test_chinese_changes(rest: str, change: float, to: str) -> None:
    [one] = read_text(f"2024年末,贵州省千兆用户占比25.3%,{rest}。").observations
    assert said(one) == ("gigabit_user_share", 25.3, change, to)
    assert one.growth_pct is None


@pytest.mark.parametrize(
    ("rest", "change", "to"),
    [
        ("up 3.2 percentage points from a year earlier", 3.2, ""),
        ("down 3.2 percentage points", -3.2, ""),
        ("an increase of 3.2 percentage points", 3.2, ""),
        ("0.86 percentage points higher than that at the end of 2023", 0.86, ""),
        ("0.86 percentage points lower than in 2023", -0.86, ""),
        ("five percentage points more than in 2023", 5, ""),
        ("up 15.2 percentage points from 2020", 15.2, "2020"),
        ("down 0.4 percentage points from the previous month", -0.4, BY_MONTH),
    ],
)
def test_english_changes(rest: str, change: float, to: str) -> None:
    [one] = read_text(f"In 2024 Guizhou's gigabit penetration rate reached 25.3 percent, {rest}.").observations
    assert said(one) == ("gigabit_user_share", 25.3, change, to)


@pytest.mark.parametrize(
    "text",
    [
        "2024年6月末,贵州省千兆用户占比25.3%,较上年末提升1.6个百分点。",
        "2024年6月末,贵州省千兆用户占比25.3%,较年初提升1.6个百分点。",
    ],
)
def test_in_the_midst_of_a_year_its_beginning_is_no_year_before(text: str) -> None:
    [one] = read_text(text).observations
    assert said(one) == ("gigabit_user_share", 25.3, 1.6, BY_YEAR_END)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024年,贵州省城镇化率同比提高1.2个百分点,达到56.8%。", 56.8),
        ("In 2024, the urbanization rate of Guizhou rose 1.2 percentage points to 56.8 percent.", 56.8),
        ("2024年,贵州省城镇化率由55.6%提高到56.8%,提高1.2个百分点。", 56.8),
        ("2024年,贵州省城镇化率提高1.2个百分点。", None),
        ("In 2024, the urbanization rate of Guizhou increased by 1.2 percentage points.", None),
    ],
)
def test_a_change_before_its_level_or_without_one(text: str, value: float | None) -> None:
    [one] = read_text(text).observations
    assert said(one) == ("urbanisation_rate", value, 1.2, "")
    assert (one.period_end, one.unit, one.status) == ("2024-12-31", "pct", "actual")


def test_a_change_that_is_aimed_at() -> None:
    told = read_text("到2027年,贵州省城镇化率提高3个百分点。", datetime.date(2025, 3, 10), region="guizhou")
    [one] = told.observations
    assert (*said(one), one.status) == ("urbanisation_rate", None, 3, "", "target")


def test_changes_of_a_list_go_in_order() -> None:
    """By indicator and by place."""
    of_two = "2024年,贵州省城镇化率和千兆用户占比分别达到56.8%和25.3%,比上年分别提高1.2个和3.2个百分点。"
    assert [said(one) for one in read_text(of_two).observations] == [
        ("urbanisation_rate", 56.8, 1.2, ""),
        ("gigabit_user_share", 25.3, 3.2, ""),
    ]
    of_places = "2024年,贵阳市、遵义市城镇化率分别为80.1%和58.2%,比上年分别提高0.3和1.1个百分点。"
    assert [(one.region, one.value, one.change_points) for one in read_text(of_places).observations] == [
        ("guiyang", 80.1, 0.3),
        ("zunyi", 58.2, 1.1),
    ]


def test_a_share_changes_and_not_the_level_that_has_it() -> None:
    seen = read_text("2024年,贵州省第三产业增加值1.2万亿元,占GDP的比重为52.3%,比上年提高0.8个百分点。")
    [one] = seen.observations
    assert (one.unit, one.share_pct, one.change_points, one.growth_pct) == ("mCNY", 52.3, 0.8, None)


TABLE = """贵州省2024年6月主要指标,,,,
指标,单位,6月末,比上年末增减（百分点）,拉动增长（百分点）
城镇化率,%,56.8,0.9,1.2
规上工业增加值增速,%,8.1,-0.4,
"""


def test_a_column_of_points(tmp_path: Path) -> None:
    """Of a ratio it is a change; of a growth and of a contribution it is left over."""
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    seen = read_bulletin(path)
    assert [said(one) for one in seen.observations if one.unit == "pct" and one.value == 56.8] == [
        ("urbanisation_rate", 56.8, 0.9, BY_YEAR_END)
    ]
    why = {left.words: left.why for left in seen.unplaced}
    assert "-0.4" in why
    assert "1.2" in why


@pytest.mark.parametrize(("head", "to"), [("比2023年提高（百分点）", ""), ("比2020年提高（百分点）", "2020")])
def test_a_column_says_since_when(tmp_path: Path, head: str, to: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"贵州省2024年主要指标,,\n指标,2024年（%）,{head}\n城镇化率,56.8,0.9\n", encoding="utf-8")
    [one] = read_bulletin(path).observations
    assert said(one) == ("urbanisation_rate", 56.8, 0.9, to)


def test_tidy_columns_and_the_outside_contract(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "indicator,region,period_end,value,unit,change_points,change_to\n"
        "urbanisation_rate,guizhou,2024-12-31,56.8,pct,5.2,2020\nurbanisation_rate,guizhou,2023-12-31,,pct,0.9,\n"
    )
    seen = read_bulletin(path)
    assert [said(one)[1:] for one in seen.observations] == [(56.8, 5.2, "2020"), (None, 0.9, "")]
    places = seen.document()["places"]
    assert [(one["change_points"], one["change_to"]) for one in places] == [(5.2, "2020"), (0.9, "")]  # type: ignore[attr-defined]
