"""What the grammar takes from the sentence before, what it leaves over, and the files it reads."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from xisuan.bulletins.read_bulletin import read_bulletin, read_text
from xisuan.errors import ScenarioError
from xisuan.results.bulletin_reading import CONTRACT

PAGE = """<!doctype html><html><head><meta name="PubDate" content="2024-11-25"><style>p{}</style></head><body>
<h1>贵州省2024年1-10月通信业主要指标</h1><p>1—10月,全省电信业务收入<b>325.8亿元</b>,同比增长2.1%。</p><table>
<tr><th>指标名称</th><th>单位</th><th>1-10月累计</th><th>同比增长(%)</th></tr>
<tr><td>电信业务总量</td><td>亿元</td><td>387.98</td><td>15.1</td></tr>
<tr><td>5G移动电话用户</td><td>万户</td><td>2589.1</td><td>26.5</td></tr>
<tr><td>某项指标</td><td>个</td><td>33</td><td></td></tr></table><script>var x = "9亿元";</script></body></html>"""


def values(path: Path) -> dict[tuple[str, str, str], tuple[float | None, str, float | None]]:
    return {
        (seen.indicator, seen.region, seen.period_end): (seen.value, seen.unit, seen.growth_pct)
        for seen in read_bulletin(path).observations
    }


def test_what_is_inherited_is_named() -> None:
    text = "到2025年,贵州大数据电子信息产业总产值突破3500亿元。其中,电子信息制造业2100亿元。"
    whole, part = read_text(text, datetime.date(2023, 6, 27)).observations
    assert whole.inherited == ()
    assert part.inherited == ("period", "region")
    assert (part.period_start, part.period_end, part.status) == ("2025-01-01", "2025-12-31", "target")


def test_an_amount_of_something_unknown_is_left_over_with_its_words() -> None:
    seen = read_text("2023年,贵州茶园项目投资35亿元,软件业务收入863亿元。")
    assert [one.indicator for one in seen.observations] == ["software_revenue"]
    (left,) = seen.unplaced
    assert left.words == "35亿元"
    assert "茶园" in left.text


def test_a_month_without_a_year_needs_a_date() -> None:
    text = "贵州1-10月电信业务收入325.8亿元。"
    assert not read_text(text).observations
    assert "year" in read_text(text).unplaced[0].why
    (seen,) = read_text(text, datetime.date(2024, 11, 25)).observations
    assert seen.period_end == "2024-10-31"


def test_the_year_before_where_the_months_are_not_over() -> None:
    (seen,) = read_text("贵州1-12月电信业务收入391亿元。", datetime.date(2025, 1, 20)).observations
    assert seen.period_end == "2024-12-31"


AIMED = "By 2027, Guizhou aims for computing capacity of 190 EFLOPS and software revenue of 150 billion yuan. "


@pytest.mark.parametrize("day", [datetime.date(2025, 11, 20), None])
@pytest.mark.parametrize(
    "text",
    [
        AIMED + "The province's software revenue reached 98 billion yuan.",
        AIMED + "Software revenue was 98 billion yuan in the province, up 18.6 percent.",
        "到2027年,贵州算力规模力争达到190EFLOPS。全省软件业务收入已突破980亿元。",
        "到2027年,贵州软件业务收入力争达到1500亿元。目前,全省5G基站达12.6万个。",
    ],
)
def test_what_happened_never_takes_the_day_of_an_aim(text: str, day: datetime.date | None) -> None:
    seen = read_text(text, day).observations
    assert any(one.status == "target" and one.period_end == "2027-12-31" for one in seen)
    done = [one for one in seen if one.status != "target"]
    assert all(day is not None and one.period_end <= day.isoformat() for one in done)


@pytest.mark.parametrize(
    "text",
    [
        "Guizhou's software revenue reached 98 billion yuan in 2026.",
        "Guizhou had 126,000 5G base stations at the end of 2026.",
        "2026年,贵州软件业务收入达到980亿元。",
    ],
)
def test_nothing_happened_after_the_day_of_the_text(text: str) -> None:
    seen = read_text(text, datetime.date(2025, 11, 20)).observations
    assert not [one for one in seen if one.status in ("actual", "preliminary") and one.period_end > "2025-11-20"]


def test_under_a_heading_its_year_and_standing_hold() -> None:
    text = (
        "政府工作报告\n2025年1月19日\n一、2024年工作回顾\n贵州软件业务收入突破1000亿元。\n"
        "二、2025年主要目标\n软件业务收入增长15%左右。\n算力规模达到80EFLOPS。"
    )
    seen = read_text(text).observations
    assert [(one.period_end, one.status) for one in seen] == [
        ("2024-12-31", "actual"),
        ("2025-12-31", "target"),
        ("2025-12-31", "target"),
    ]


def test_a_level_of_before_keeps_its_own_day_or_is_left() -> None:
    day = datetime.date(2025, 10, 9)
    text = "Zhongwei's computing power reached 130 EFLOPS at the end of September 2025, up from 52 EFLOPS"
    now, before = read_text(f"{text} a year earlier.", day).observations
    assert (now.period_end, before.period_end, before.value) == ("2025-09-30", "2024-09-30", 52.0)
    found = read_text(f"{text}.", day)
    assert [one.value for one in found.observations] == [130.0]
    assert "before a change" in found.unplaced[0].why


def test_the_contract_has_exactly_its_fields() -> None:
    document = read_text("2023年,贵州软件业务收入863亿元。").document()
    assert list(document) == ["observations", "places", "unplaced"]
    assert tuple(document["observations"][0]) == CONTRACT  # type: ignore[index]


def test_html_with_a_table(tmp_path: Path) -> None:
    path = tmp_path / "bulletin.html"
    path.write_text(PAGE, encoding="utf-8")
    assert values(path) == {
        ("telecom_revenue", "guizhou", "2024-10-31"): (32580.0, "mCNY", 2.1),
        ("telecom_business_volume", "guizhou", "2024-10-31"): (38798.0, "mCNY", 15.1),
        ("g5_users", "guizhou", "2024-10-31"): (25891000.0, "1", 26.5),
    }
    assert [left.words for left in read_bulletin(path).unplaced] == ["33"]


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["贵阳市2024年主要指标"], ["指标", "绝对数(亿元)", "增长(%)"], ["地区生产总值", 5777.41, 6.0]):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    assert values(tmp_path / "book.xlsx") == {("gdp", "guiyang", "2024-12-31"): (577741.0, "mCNY", 6.0)}


def test_csv_by_region_and_by_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "2024年一季度大数据领域投资(单位:亿元),\n地区,大数据领域投资,同比增长(%)\n贵阳市,21.3,5.6\n遵义市,6.8,-3.2\n"
    )
    assert values(tmp_path / "a.csv") == {
        ("bigdata_field_investment", "guiyang", "2024-03-31"): (2130.0, "mCNY", 5.6),
        ("bigdata_field_investment", "zunyi", "2024-03-31"): (680.0, "mCNY", -3.2),
    }
    (tmp_path / "b.csv").write_text(
        "indicator,region,period_start,period_end,value,unit\ngdp,Guizhou,2023-01-01,2023-12-31,20913.25,亿元\n"
    )
    assert values(tmp_path / "b.csv") == {("gdp", "guizhou", "2023-12-31"): (2091325.0, "mCNY", None)}


def test_sdmx_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "DATAFLOW,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\nN:X(1.0),gdp,guizhou,2023-Q1,479900,mCNY\n"
        "N:X(1.0),telecom_revenue,guizhou,2024-01-01/P10M,32580,mCNY\n"
    )
    assert values(tmp_path / "a.csv") == {
        ("gdp", "guizhou", "2023-03-31"): (479900.0, "mCNY", None),
        ("telecom_revenue", "guizhou", "2024-10-31"): (32580.0, "mCNY", None),
    }


@pytest.mark.parametrize(
    ("indicator", "value", "unit", "power", "read"),
    [
        ("telecom_revenue", "9.4", "CNY", "9", (9400.0, "mCNY")),
        ("gdp", "2091.3", "CNY", "9", (2091300.0, "mCNY")),
        ("g5_base_stations", "11.93", "1", "4", (119300.0, "1")),
        ("g5_base_stations", "11.93", "", "4", (119300.0, "1")),
        ("gdp", "2091.3", "亿元", "0", (209130.0, "mCNY")),
    ],
)
def test_sdmx_multiplies_by_a_power_of_ten(
    tmp_path: Path, indicator: str, value: str, unit: str, power: str, read: tuple[float, str]
) -> None:
    (tmp_path / "a.csv").write_text(
        "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT\n"
        f"{indicator},guizhou,2023,{value},{unit},{power}\n"
    )
    ((found, of, _),) = values(tmp_path / "a.csv").values()
    assert (found, of) == (pytest.approx(read[0]), read[1])


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("gdp,guizhou,2023,2091300,mCNY,6,A", "its unit multiplier cannot be applied"),
        ("gdp,guizhou,2023,2091.3,CNY,billions,A", "its unit multiplier cannot be applied"),
        ("gdp,guizhou,2023,2091.3,CNY,9,M", "a status that says it is missing, or is not known"),
        ("gdp,guizhou,2023,85%,mCNY,,", "the unit is not one of the indicator"),
    ],
)
def test_a_row_of_sdmx_that_says_something_else_is_left_over(tmp_path: Path, row: str, why: str) -> None:
    (tmp_path / "a.csv").write_text(
        f"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS\n{row}\n"
    )
    seen = read_bulletin(tmp_path / "a.csv")
    assert not seen.observations
    assert [left.why for left in seen.unplaced] == [why]


@pytest.mark.parametrize(
    ("code", "status"), [("A", "actual"), ("P", "preliminary"), ("F", "projected"), ("", "actual")]
)
def test_the_status_of_sdmx_is_kept(tmp_path: Path, code: str, status: str) -> None:
    (tmp_path / "a.csv").write_text(
        f"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,OBS_STATUS\ngdp,guizhou,2023,2091300,mCNY,{code}\n"
    )
    assert [one.status for one in read_bulletin(tmp_path / "a.csv").observations] == [status]


def test_what_a_growth_is_over_and_the_precision_of_a_tidy_table_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "indicator,region,period_end,value,unit,growth_pct,growth_to,precision\n"
        "compute_capacity,guizhou,2025-09-30,92.6,EFLOPS,4.5,the period before,FP16\n"
    )
    (one,) = read_bulletin(tmp_path / "a.csv").observations
    assert (one.value, one.growth_pct, one.growth_to, one.precision) == (92.6, 4.5, "the period before", "FP16")


def test_a_period_that_ends_before_it_begins_is_left_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "indicator,region,period_start,period_end,value,unit\ngdp,guizhou,2023-12-31,2023-01-01,2091300,mCNY\n"
    )
    assert [left.why for left in read_bulletin(tmp_path / "a.csv").unplaced] == ["a period that ends before it begins"]


@pytest.mark.parametrize("name", ["missing.txt", "picture.png", "broken.xlsx", "binary.txt"])
def test_what_cannot_be_read_says_so(tmp_path: Path, name: str) -> None:
    if name != "missing.txt":
        (tmp_path / name).write_bytes(b"\x00\xff\xfe\x00\x89")
    with pytest.raises(ScenarioError):
        read_bulletin(tmp_path / name)


def test_an_endless_sentence_is_left_over() -> None:
    seen = read_text("2023年,贵州软件业务收入863亿元," + "其中,贵阳800亿元," * 1000)
    assert not seen.observations
    assert "signs" in seen.unplaced[0].why


@pytest.mark.parametrize(
    ("said", "growth"),
    [
        ("贵阳市地区生产总值增速为-2.1%", -2.1),
        ("贵阳市地区生产总值增速为−2.1%", -2.1),
        ("贵阳市地区生产总值同比增长负2.1%", -2.1),
        ("贵阳市地区生产总值下降-2.1%", -2.1),
        ("贵阳市地区生产总值增速为2.1%", 2.1),
    ],
)
def test_a_minus_behind_a_chinese_word_is_one(said: str, growth: float) -> None:
    (seen,) = read_text(f"2024年，{said}。").observations
    assert seen.growth_pct == pytest.approx(growth)


def test_a_hyphen_between_chinese_months_is_none() -> None:
    (seen,) = read_text("2024年1-2月，贵阳市地区生产总值增长2.1%。").observations
    assert (seen.period_start, seen.period_end, seen.growth_pct) == ("2024-01-01", "2024-02-29", 2.1)
