"""Tables of random figures in the layouts of bureaus: what is read must be the figures that made the table.

A figure may be left over; one that is read must be right. In the plain layouts nothing may be left over either.
"""

from __future__ import annotations

import calendar
import datetime
import random
from dataclasses import dataclass

import pytest

from xisuan.bulletins.read_bulletin import read_text

DAY = datetime.date(2025, 3, 20)
Key = tuple[str, str, str]
"""Indicator, first and last day."""


@dataclass(frozen=True)
class Row:
    """An indicator as a bureau prints it: label, unit, factor to the unit of the catalogue, whether it is a stock."""

    label: str
    unit: str
    factor: float
    indicator: str
    stock: bool = False


ROWS = (
    Row("地区生产总值", "亿元", 100.0, "gdp"),
    Row("固定资产投资", "亿元", 100.0, "fixed_asset_investment"),
    Row("电信业务收入", "亿元", 100.0, "telecom_revenue"),
    Row("软件业务收入", "万元", 0.01, "software_revenue"),
    Row("5G基站", "万个", 1e4, "g5_base_stations", stock=True),
    Row("移动电话用户", "万户", 1e4, "mobile_phone_users", stock=True),
    Row("光缆线路总长度", "万公里", 1e4, "fibre_cable_length", stock=True),
)
MONTHS = {"一季度": 3, "上半年": 6, "前三季度": 9, "全年": 12, "1-2月": 2, "1-7月": 7, "1-10月": 10}


def days(row: Row, year: int, months: int) -> tuple[str, str]:
    """First and last day of a figure of the months of a year from January."""
    last = f"{year}-{months:02d}-{calendar.monthrange(year, months)[1]}"
    return (last, last) if row.stock else (f"{year}-01-01", last)


def number(chance: random.Random) -> float:
    """Draw a figure; two of one thing differ by less than the factor of a jump, which is left over as a contradiction."""
    return round(chance.uniform(700, 5000), chance.choice([0, 1, 2]))


def read(rows: list[list[str]], title: str) -> tuple[dict[Key, tuple[float | None, float | None]], list[str]]:
    """Levels and growths that are read, and the words left over."""
    found = read_text("", DAY, tables=[("table", [[title], *rows])], region="guizhou")
    seen = {
        (one.indicator, one.period_start, one.period_end): (one.value, one.growth_pct) for one in found.observations
    }
    return seen, [one.words for one in found.unplaced]


def agrees(seen: dict[Key, tuple[float | None, float | None]], made: dict[Key, tuple[float, float | None]]) -> None:
    """Every figure that is read was put in, with its growth or without one."""
    for key, (value, growth) in seen.items():
        assert key in made, (key, value)
        assert value is None or value == pytest.approx(made[key][0]), key
        assert growth is None or growth == made[key][1], key


@pytest.mark.parametrize("seed", range(30))
def test_two_rows_of_headings_with_years_over_months(seed: int) -> None:
    """Years over several columns, merged (only the first is filled) or written in each, or with the months in one cell."""
    chance = random.Random(seed)
    names = chance.sample(sorted(MONTHS), 3)
    years, picked = chance.sample([2022, 2023, 2024], 2), chance.sample(ROWS, 4)
    layout = chance.choice(["merged", "each", "one cell", "glued"])
    heads: list[list[str]] = []
    top, low = ["指标", "单位"], ["", ""]
    for year in years:
        for at, name in enumerate(names):
            top.append("" if layout == "merged" and at else f"{year}年")
            low.append(name)
    blank = " " if layout == "one cell" else ""
    joined = [f"{over}{blank}{under}" for over, under in zip(top, low, strict=True)]
    heads = [joined] if layout in ("one cell", "glued") else [top, low]
    made: dict[Key, tuple[float, float | None]] = {}
    body = []
    for row in picked:
        cells = [row.label, row.unit]
        for year in years:
            for name in names:
                value = number(chance)
                made[row.indicator, *days(row, year, MONTHS[name])] = (value * row.factor, None)
                cells.append(f"{value}")
        body.append(cells)
    seen, left = read([*heads, *body], "贵州省主要经济指标")
    agrees(seen, made)
    assert len(seen) == len(made), (layout, left)


@pytest.mark.parametrize("seed", range(30))
def test_titles_of_months_and_columns_of_what_is_reached(seed: int) -> None:
    """The months of the title hold for columns that only say 累计 or 本月底到达, with growths, units and footnotes."""
    chance = random.Random(100 + seed)
    name = chance.choice(["1-2月", "1-7月", "1-10月"])
    head = chance.choice(["本月底到达", "累计", "本月末累计", "绝对量", "本月止累计"])
    in_brackets, numbered = chance.random() < 0.5, chance.random() < 0.5
    made: dict[Key, tuple[float, float | None]] = {}
    body = []
    for at, row in enumerate(chance.sample(ROWS, 5), start=1):
        value, growth = number(chance), round(chance.uniform(-30, 40), 1)
        made[row.indicator, *days(row, 2024, MONTHS[name])] = (value * row.factor, growth)
        label = f"{at}. {row.label}" if numbered else row.label
        unit = [] if in_brackets else [row.unit]
        body.append([f"{label}({row.unit})" if in_brackets else label, *unit, f"{value:,}", f"{growth}"])
    heads = [["指标名称", *([] if in_brackets else ["单位"]), head, "同比增长(%)"]]
    notes = [["注:1.移动电话用户统计范围为3家企业;2.增速按可比口径计算。", *[""] * (len(heads[0]) - 1)]]
    seen, left = read([*heads, *body, *notes], f"表{seed} 2024年{name}贵州省通信业主要指标完成情况")
    telecom = {
        ("telecom_investment" if key[0] == "fixed_asset_investment" else key[0], *key[1:]): told
        for key, told in made.items()
    }
    agrees(seen, telecom)
    assert len(seen) == len(made), (head, left)
    assert all(told[1] is not None for told in seen.values())


@pytest.mark.parametrize("seed", range(20))
def test_a_column_moved_or_left_out_is_never_read_as_another(seed: int) -> None:
    """Blank cells, a column of remarks, the months in another order: what is read is what was put in."""
    chance = random.Random(200 + seed)
    columns = ["2023年", "2024年", "增长(%)", "备注"]
    chance.shuffle(columns)
    made: dict[Key, tuple[float, float | None]] = {}
    body = []
    for row in chance.sample(ROWS, 4):
        old, new, growth = number(chance), number(chance), round(chance.uniform(-9, 9), 1)
        made[row.indicator, *days(row, 2023, 12)] = (old * row.factor, growth)
        made[row.indicator, *days(row, 2024, 12)] = (new * row.factor, growth)
        cells = {"2023年": f"{old}", "2024年": f"{new}", "增长(%)": f"{growth}", "备注": "初步"}
        if chance.random() < 0.4:
            cells[chance.choice(["2023年", "2024年", "增长(%)"])] = chance.choice(["", "—", "..."])
        body.append([row.label, row.unit, *(cells[name] for name in columns)])
    seen, _ = read([["指标", "单位", *columns], *body], "贵州省主要指标")
    agrees(seen, made)


@pytest.mark.parametrize("seed", range(20))
def test_regions_by_indicator(seed: int) -> None:
    """A table of places, with the unit in the caption or in the headings."""
    chance = random.Random(300 + seed)
    places = chance.sample([("贵阳市", "guiyang"), ("遵义市", "zunyi"), ("毕节市", "bijie"), ("黔南州", "qiannan")], 3)
    rows, made = [], {}
    for label, region in places:
        value, growth = number(chance), round(chance.uniform(-5, 12), 1)
        made[region] = (value * 100.0, growth)
        rows.append([label, f"{value}", f"{growth}"])
    in_caption = chance.random() < 0.5
    title = f"2024年各市州地区生产总值{'(单位:亿元)' if in_caption else ''}"
    heads = ["地区", "总量" if in_caption else "总量(亿元)", "增速(%)"]
    found = read_text("", DAY, tables=[("table", [[title], heads, *rows])], region="guizhou")
    seen = {one.region: (one.value, one.growth_pct) for one in found.observations}
    assert seen == {region: pytest.approx(told) for region, told in made.items()}
    assert {one.indicator for one in found.observations} == {"gdp"}


MARKS = ("①", "*", "[1]", "(1)", "注1")
"""Marks of footnotes as bureaus print them."""


@pytest.mark.parametrize("seed", range(40))
def test_footnotes_shifted_tables_and_units_in_headings(seed: int) -> None:
    """Blank columns and rows before a table, marks of footnotes at labels, units in headings or sections, notes below.

    A figure that is read is one that was put in; a mark is never read as a figure, nor its digit added to one.
    """
    chance = random.Random(400 + seed)
    picked, years = chance.sample(ROWS, 4), chance.sample([2022, 2023, 2024], 2)
    unit = chance.choice(["column", "label", "heading"])
    picked = [row for row in ROWS if row.unit == "亿元"][:3] if unit == "heading" else picked
    made: dict[Key, tuple[float, float | None]] = {}
    body = []
    for row in picked:
        label = f"{row.label}({row.unit})" if unit == "label" else row.label
        label = f"{label}{chance.choice(MARKS)}" if chance.random() < 0.4 else label
        cells = [label, *([row.unit] if unit == "column" else [])]
        for year in years:
            value = number(chance)
            made[row.indicator, *days(row, year, 12)] = (value * row.factor, None)
            cells.append(f"{value:,}" if chance.random() < 0.5 else f"{value}")
        body.append(cells)
    names = [f"{year}年(亿元)" if unit == "heading" else f"{year}年" for year in years]
    heads = [["指标", *(["单位"] if unit == "column" else []), *names]]
    notes = [["①2024年为初步统计数。"], ["*按可比口径计算,2023年数据已修订为1234.5。"]]
    left_blank, above = chance.choice([0, 0, 1, 2]), chance.choice([0, 1])
    rows = [[""] * 3] * above + [[*[""] * left_blank, *row] for row in (*heads, *body)]
    seen, left = read([*rows, *notes], "贵州省主要经济指标")
    agrees(seen, made)
    assert len(seen) + len(left) >= len(made), left


@pytest.mark.parametrize("seed", range(20))
def test_two_headings_of_two_things(seed: int) -> None:
    """Level and growth of two periods under one another, merged or written in each cell, as bureaus print by month."""
    chance = random.Random(500 + seed)
    now, before = chance.sample(["1-2月", "1-7月", "1-10月"], 2)
    merged = chance.random() < 0.5
    top = [
        "指标",
        "单位",
        f"2024年{now}",
        "" if merged else f"2024年{now}",
        f"2024年{before}",
        "" if merged else f"2024年{before}",
    ]
    low = ["", "", "绝对量", "同比增长(%)", "绝对量", "同比增长(%)"]
    made: dict[Key, tuple[float, float | None]] = {}
    body = []
    for row in chance.sample(ROWS, 4):
        cells = [row.label, row.unit]
        for name in (now, before):
            value, growth = number(chance), round(chance.uniform(-30, 40), 1)
            made[row.indicator, *days(row, 2024, MONTHS[name])] = (value * row.factor, growth)
            cells += [f"{value}", f"{growth}"]
        body.append(cells)
    seen, left = read([top, low, *body], "贵州省主要经济指标")
    agrees(seen, made)
    assert len(seen) == len(made), left


@pytest.mark.parametrize("seed", range(20))
def test_a_year_over_months_and_their_growth(seed: int) -> None:
    """A year merged over the months so far and their growth, for two years: the growth is of the months, not of the year."""
    chance = random.Random(600 + seed)
    name, years = chance.choice(["1-2月", "1-7月", "1-10月", "上半年"]), chance.sample([2022, 2023, 2024], 2)
    merged = chance.random() < 0.5
    top, low = ["指标", "单位"], ["", ""]
    for year in years:
        top += [f"{year}年", "" if merged else f"{year}年"]
        low += [name, chance.choice(["同比增长(%)", "比上年同期增长(%)", "增速(%)"])]
    made: dict[Key, tuple[float, float | None]] = {}
    body = []
    for row in chance.sample(ROWS, 4):
        cells = [row.label, row.unit]
        for year in years:
            value, growth = number(chance), round(chance.uniform(-30, 40), 1)
            made[row.indicator, *days(row, year, MONTHS[name])] = (value * row.factor, growth)
            cells += [f"{value}", f"{growth}"]
        body.append(cells)
    seen, left = read([top, low, *body], "贵州省主要经济指标")
    agrees(seen, made)
    assert len(seen) == len(made), left
    assert all(growth is not None for _, growth in seen.values())
