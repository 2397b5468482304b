"""What holds for prose holds for tables: subjects, contradictions, notes on the status, and what is read back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from xisuan.bulletins.figures.number_kinds import UNCERTAIN, UNDATED
from xisuan.bulletins.figures.observations import ABOVE_WHOLE, TEN_TIMES, TWO_LEVELS
from xisuan.bulletins.figures.subjects import OF_A_FIRM, OF_FIRMS
from xisuan.bulletins.read_bulletin import read_bulletin, read_text
from xisuan.results.bulletin_reading import Reading
from xisuan.tracking.observation_rows import csv_text, row_of

DAY = datetime.date(2025, 3, 10)
Rows = Sequence[Sequence[str]]


def read(rows: Rows, text: str = "", title: str = "2024年贵州省通信业") -> Reading:
    return read_text(text, DAY, tables=[("table", [[title], *map(list, rows)])], region="guizhou")


def values(found: Reading) -> set[tuple[str, str, float | None]]:
    return {(one.indicator, one.region, one.value) for one in found.observations}


def reasons(found: Reading) -> set[str]:
    return {one.why for one in found.unplaced}


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        ([["企业", "5G用户(万户)"], ["中国电信", "100"], ["贵州移动", "200"], ["合计", "360"]], 3.6e6),
        ([["运营商", "5G用户(万户)"], ["电信", "100"], ["移动", "200"], ["全省", "360"]], 3.6e6),
        ([["单位", "5G用户(万户)"], ["中国电信", "100"], ["贵州移动", "200"], ["全省", "360"]], 3.6e6),
        ([["Operator", "5G users (million)"], ["China Telecom", "1"], ["Mobile", "2"], ["Total", "3.6"]], 3.6e6),
        ([["指标", "单位", "中国电信", "移动公司", "全省"], ["5G用户", "万户", "100", "200", "360"]], 3.6e6),
        ([["Indicator", "China Telecom", "Total"], ["5G users (million)", "1", "3.6"]], 3.6e6),
        ([["指标", "全省", "运营商", ""], ["", "", "电信", "移动"], ["5G用户（万户）", "360", "1", "2"]], 3.6e6),
        ([["项目", "5G基站(万个)"], ["贵安华为云数据中心", "1"], ["合计", "15"]], 150e3),
    ],
)
def test_the_figures_of_firms_in_rows_and_columns_are_not_of_the_region(rows: Rows, whole: float) -> None:
    found = read(rows)
    assert {one[1:] for one in values(found)} == {("guizhou", whole)}
    assert reasons(found) == {OF_A_FIRM}


@pytest.mark.parametrize(
    "rows",
    [
        [["地区", "5G用户(万户)", "运营商"], ["贵阳市", "100", "中国电信"], ["遵义市", "10", "移动"]],
        [["指标", "单位", "数值"], ["中国移动", "", ""], ["5G用户", "万户", "100"], ["5G基站", "万个", "5"]],
        [["地区", "运营商", "5G用户(万户)"], ["贵阳市", "中国电信", "100"], ["", "中国移动", "20"]],
    ],
)
def test_a_firm_behind_the_figures_or_over_a_section_takes_them(rows: Rows) -> None:
    found = read(rows)
    assert not found.observations
    assert reasons(found) == {OF_A_FIRM}


def test_the_first_section_of_a_table_has_its_own_place() -> None:
    rows = [
        ["指标", "单位", "数值"],
        ["贵阳市", "", ""],
        ["5G用户", "万户", "100"],
        ["遵义市", "", ""],
        ["5G用户", "万户", "90"],
    ]
    assert values(read(rows)) == {("g5_users", "guiyang", 1e6), ("g5_users", "zunyi", 0.9e6)}


def test_a_section_of_a_firm_ends_with_the_next() -> None:
    section = [["5G用户", "万户", "100"]]
    found = read(
        [["指标", "单位", "数值"], ["中国移动", "", ""], *section, ["全省", "", ""], ["5G用户", "万户", "360"]]
    )
    assert values(found) == {("g5_users", "guizhou", 3.6e6)}


@pytest.mark.parametrize("title", ["中国移动贵州公司2024年主要指标", "China Mobile, key figures of 2024"])
@pytest.mark.parametrize("place", ["caption", "text"])
def test_a_table_about_a_firm_gives_no_figure_of_a_region(title: str, place: str) -> None:
    rows = [["指标", "单位", "2024年"], ["5G用户", "万户", "100"], ["5G基站", "万个", "5"]]
    found = read(rows, title=title) if place == "caption" else read(rows, f"{title}\n", "主要指标")
    assert not found.observations
    assert reasons(found) == {OF_A_FIRM}


def test_a_table_of_the_region_in_a_text_about_a_firm_is_of_the_region() -> None:
    found = read([["指标", "2024年"], ["5G用户(万户)", "360"]], "中国移动贵州公司2024年\n", "2024年贵州省通信业")
    assert values(found) == {("g5_users", "guizhou", 3.6e6)}


@pytest.mark.parametrize("title", ["Guizhou telecom 2024", "贵州电信业2024年", "2024年贵州省电信业务"])
def test_a_sector_is_no_operator(title: str) -> None:
    assert values(read([["指标", "2024年"], ["5G用户(万户)", "360"]], title=title)) == {("g5_users", "guizhou", 3.6e6)}


YEARS = ["指标", "2022年", "2023年", "2024年"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([YEARS[::3], ["5G用户(万户)", "360"], ["5G用户(万户)", "350"]], TWO_LEVELS),
        ([YEARS[::3], ["移动电话用户(万户)", "360"], ["5G用户(万户)", "3600"]], ABOVE_WHOLE),
        ([["地区", "5G用户(万户)"], ["贵阳市", "3600"], ["全省", "360"]], ABOVE_WHOLE),
        ([YEARS, ["5G用户(万户)", "300", "330", "3600"]], TEN_TIMES),
    ],
)
def test_contradictions_in_a_table_are_left_over(rows: Rows, why: str) -> None:
    assert why in reasons(read(rows))


def test_prose_and_table_are_checked_together() -> None:
    """Equal figures are read once; different ones of the same thing are both left over."""
    text = "2024年末，贵州省5G用户360万户，移动电话用户4500万户。"
    found = read([YEARS[::3], ["5G用户(万户)", "360"], ["移动电话用户(万户)", "4400"]], text)
    assert [(one.indicator, one.value) for one in found.observations] == [("g5_users", 3.6e6)]
    assert reasons(found) == {TWO_LEVELS}
    assert len(found.unplaced) == 2


def test_figures_of_two_bulletins_or_scopes_do_not_contradict_each_other(tmp_path: Path) -> None:
    path = tmp_path / "told.csv"
    head = "indicator,region,period_start,period_end,value,unit,scope,published,source\n"
    line = "software_revenue,guizhou,2024-01-01,2024-12-31"
    path.write_text(
        f"{head}{line},80000,mCNY,,2025-01-20,a\n{line},81000,mCNY,,2025-03-01,b\n{line},70000,mCNY,large,2025-03-01,b\n"
    )
    assert [one.value for one in read_bulletin(path).observations] == [80e3, 81e3, 70e3]


GDP = [["指标", "2023年", "2024年"], ["地区生产总值(亿元)", "20913", "22667"], ["第一产业增加值(亿元)", "2894", "3000"],
       ["5G用户(万户)", "300", "360"]]  # fmt: skip


@pytest.mark.parametrize(
    ("note", "of_note"),
    [
        ("注：地区生产总值为初步核算数。", {"gdp", "primary_industry_value_added"}),
        ("注：2024年地区生产总值为初步核算数，2023年为最终核实数。", {"gdp", "primary_industry_value_added"}),
        ("Note: GDP figures are preliminary.", {"gdp", "primary_industry_value_added"}),
        ("备注：本表数据为快报数。", {"gdp", "primary_industry_value_added", "g5_users"}),
        ("注：2022年数据为初步核算数。", set()),
    ],
)
@pytest.mark.parametrize("place", ["text", "table"])
def test_a_note_on_preliminary_figures_is_of_the_latest_year_of_what_it_names(
    note: str, of_note: set[str], place: str
) -> None:
    found = read(GDP, note) if place == "text" else read([*GDP, [note]])
    told = {(one.indicator, one.period_end[:4]): one.status for one in found.observations}
    assert len(told) == 6
    assert {key for key, status in told.items() if status == "preliminary"} == {(one, "2024") for one in of_note}


def test_a_figure_that_prose_calls_preliminary_is_so_in_the_table() -> None:
    found = read(GDP, "初步核算，2024年全省地区生产总值22667亿元。\n")
    assert {one.status for one in found.observations if one.period_end == "2024-12-31" and "industry" in one.indicator} == {
        "preliminary"
    }  # fmt: skip


@pytest.mark.parametrize(("published", "why"), [(None, UNDATED), (DAY, UNCERTAIN)])
def test_a_deadline_without_words_of_an_aim_may_be_a_result(published: datetime.date | None, why: str) -> None:
    found = read_text("贵州省\n到2023年，5G基站8万个。", published)
    assert not found.observations
    assert reasons(found) == {why}


def test_a_past_deadline_behind_an_aim_may_be_one_too() -> None:
    found = read_text("贵州省\n力争到2027年，5G基站达到18万个。到2023年底，5G基站达到8万个。", DAY)
    assert [one.value for one in found.observations] == [180e3]
    assert reasons(found) == {UNCERTAIN}


@pytest.mark.parametrize("text", ["5G base stations (10,000): 27.1 in 2024.", "GDP (100 million yuan): 580 in 2024."])
def test_a_unit_in_brackets_behind_a_name_is_no_figure(text: str) -> None:
    assert not read_text(f"Guizhou province\n{text}", DAY).observations


@pytest.mark.parametrize("said", ["力争到2027年，5G基站达到18万个。", "一、发展目标\n到2027年，5G基站达到18万个。"])
def test_an_aim_is_one_without_a_day_of_publication(said: str) -> None:
    assert [(one.status, one.value) for one in read_text(f"贵州省\n{said}").observations] == [("target", 180e3)]


def test_what_was_written_is_read_back_as_it_was(tmp_path: Path) -> None:
    text = (
        "初步核算，2024年贵州省地区生产总值22667亿元，同比增长5.3%。软件业务收入800亿元。到2027年，5G基站达到18万个。"
    )
    told = read_text(text, DAY).observations
    assert {one.status for one in told} == {"preliminary", "actual", "target"}
    path = tmp_path / "observations.csv"
    rows = [row_of(one) for one in told]
    path.write_text(csv_text(rows, list(rows[0])), encoding="utf-8")
    back = read_bulletin(path).observations
    assert {one.inherited for one in told} == {(), ("region",), ("period", "region")}
    assert [replace(one, place="") for one in back] == [replace(one, place="", text=one.text) for one in told]


@pytest.mark.parametrize(
    "said", ["华为、腾讯、苹果三家企业", "三家企业", "贵州移动、满帮集团两家企业", "满帮集团等五家公司"]
)
def test_several_firms_are_not_all(said: str) -> None:
    told = read_text(f"贵州省软件业\n{said}2024年实现软件业务收入100亿元。", DAY)
    assert not told.observations
    assert [one.why for one in told.unplaced][-1] in (OF_FIRMS, OF_A_FIRM)


@pytest.mark.parametrize("said", ["贵州移动、贵州电信、贵州联通三家企业", "三家基础电信企业", "中国移动等四家运营商"])
def test_all_operators_are_the_region(said: str) -> None:
    told = read_text(f"贵州省通信业\n{said}2024年实现电信业务收入100亿元。", DAY)
    assert values(told) == {("telecom_revenue", "guizhou", 10e3)}
