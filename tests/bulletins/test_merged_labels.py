"""Tables whose row labels are merged downwards, as HTML, Excel, Word and CSV: what is read is what made the table.

In CSV a merged label stands in its first row alone.
"""

from __future__ import annotations

import csv
import datetime
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.bulletins.test_table_fuzz import MONTHS, ROWS, Key, agrees, days, number
from xisuan.bulletins.read_bulletin import read_bulletin
from xisuan.results.bulletin_reading import Reading

DAY = datetime.date(2025, 3, 20)
Table = Sequence[Sequence[str | None]]
"""Rows of cells; None continues the cell above."""


def spans(table: Table) -> list[tuple[int, int, int]]:
    """Row, column and height of every cell that is merged downwards."""
    out = []
    for at, row in enumerate(table):
        for column, cell in enumerate(row):
            below = 0
            while at + below + 1 < len(table) and table[at + below + 1][column] is None:
                below += 1
            if cell is not None and below:
                out.append((at, column, below + 1))
    return out


def as_html(table: Table, title: str, path: Path) -> None:
    tall = {(row, column): height for row, column, height in spans(table)}
    lines = [
        "".join(
            f'<td rowspan="{tall.get((at, column), 1)}">{cell}</td>'
            for column, cell in enumerate(row)
            if cell is not None
        )
        for at, row in enumerate(table)
    ]
    rows = "".join(f"<tr>{line}</tr>" for line in lines)
    path.write_text(f"<html><body><h1>{title}</h1><table>{rows}</table></body></html>", encoding="utf-8")


def as_excel(table: Table, title: str, path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ([title], *table):
        sheet.append([cell if cell is None or not cell.replace(".", "").isdigit() else float(cell) for cell in row])
    for at, column, height in spans(table):
        sheet.merge_cells(start_row=at + 2, end_row=at + 1 + height, start_column=column + 1, end_column=column + 1)
    book.save(path)


def as_word(table: Table, title: str, path: Path) -> None:
    page = docx.Document()
    page.add_paragraph(title)
    grid = page.add_table(len(table), len(table[0]))
    for at, row in enumerate(table):
        for column, cell in enumerate(row):
            if cell is not None:
                grid.cell(at, column).text = cell
    for at, column, height in spans(table):
        grid.cell(at, column).merge(grid.cell(at + height - 1, column))
    page.save(str(path))


def as_csv(table: Table, title: str, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[title], *([cell or "" for cell in row] for row in table)])


FORMS: dict[str, Callable[[Table, str, Path], None]] = {
    "html": as_html, "xlsx": as_excel, "docx": as_word, "csv": as_csv,
}  # fmt: skip


def read(table: Table, title: str, form: str, folder: Path) -> Reading:
    path = folder / f"table.{form}"
    FORMS[form](table, title, path)
    return read_bulletin(path, DAY, region="guizhou")


def merged(label: str, rows: Sequence[Sequence[str]]) -> list[list[str | None]]:
    """Rows behind one label, merged over all of them."""
    return [[None if at else label, *row] for at, row in enumerate(rows)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(10))
def test_an_indicator_over_its_periods(seed: int, form: str, tmp_path: Path) -> None:
    chance = random.Random(seed)
    names, years = chance.sample(sorted(MONTHS), 2), chance.sample([2022, 2023, 2024], 2)
    table: list[list[str | None]] = [["指标", "单位", "时间", "绝对量", "同比增长(%)"]]
    made: dict[Key, tuple[float, float | None]] = {}
    for row in chance.sample(ROWS, 4):
        lines = []
        for year, name in [(year, name) for year in years for name in names]:
            value, growth = number(chance), round(chance.uniform(-30, 40), 1)
            made[row.indicator, *days(row, year, MONTHS[name])] = (value * row.factor, growth)
            lines.append([row.unit, f"{year}年{name}", f"{value}", f"{growth}"])
        table += merged(row.label, lines)
        if chance.random() < 0.5:
            for line in table[-len(lines) + 1 :]:
                line[1] = None
    found = read(table, "贵州省主要经济指标", form, tmp_path)
    seen = {
        (one.indicator, one.period_start, one.period_end): (one.value, one.growth_pct) for one in found.observations
    }
    agrees(seen, made)
    assert len(seen) == len(made), [(one.words, one.why, one.text) for one in found.unplaced]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(10))
def test_a_place_over_its_indicators(seed: int, form: str, tmp_path: Path) -> None:
    chance = random.Random(100 + seed)
    places = chance.sample([("贵阳市", "guiyang"), ("遵义市", "zunyi"), ("毕节市", "bijie"), ("黔南州", "qiannan")], 3)
    years = chance.sample([2022, 2023, 2024], 2)
    table: list[list[str | None]] = [["地区", "指标", "单位", *(f"{year}年" for year in years)]]
    made: dict[Key, float] = {}
    for place, region in places:
        lines = []
        for row in chance.sample(ROWS, 3):
            values = [number(chance) for _ in years]
            for year, value in zip(years, values, strict=True):
                made[row.indicator, region, days(row, year, 12)[1]] = value * row.factor
            lines.append([row.label, row.unit, *map(str, values)])
        table += merged(place, lines)
    found = read(table, "贵州省各市州主要经济指标", form, tmp_path)
    seen = {(one.indicator, one.region, one.period_end): one.value for one in found.observations}
    assert seen == pytest.approx(made), [(one.words, one.why, one.text) for one in found.unplaced]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(10))
def test_a_group_over_its_indicators(seed: int, form: str, tmp_path: Path) -> None:
    """The name of a group of indicators says nothing of them."""
    chance = random.Random(200 + seed)
    table: list[list[str | None]] = [["类别", "指标", "单位", "2023年", "2024年"]]
    made: dict[Key, tuple[float, float | None]] = {}
    picked = chance.sample(ROWS, 6)
    for group, some in (("经济发展", picked[:3]), ("信息通信", picked[3:])):
        lines = []
        for row in some:
            values = [number(chance), number(chance)]
            for year, value in zip((2023, 2024), values, strict=True):
                made[row.indicator, *days(row, year, 12)] = (value * row.factor, None)
            lines.append([row.label, row.unit, *map(str, values)])
        table += merged(group, lines)
    found = read(table, "贵州省主要经济指标", form, tmp_path)
    seen = {
        (one.indicator, one.period_start, one.period_end): (one.value, one.growth_pct) for one in found.observations
    }
    agrees(seen, made)
    assert len(seen) == len(made), [(one.words, one.why, one.text) for one in found.unplaced]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(10))
def test_an_indicator_over_its_level_and_its_growth(seed: int, form: str, tmp_path: Path) -> None:
    """Level and growth stand below one another behind a label; a growth is never read as a level."""
    chance = random.Random(300 + seed)
    years = chance.sample([2022, 2023, 2024], 2)
    table: list[list[str | None]] = [["指标", "", *(f"{year}年" for year in years)]]
    made: dict[Key, tuple[float, float | None]] = {}
    for row in chance.sample(ROWS, 4):
        values, growths = [number(chance) for _ in years], [round(chance.uniform(-30, 40), 1) for _ in years]
        for year, value, growth in zip(years, values, growths, strict=True):
            made[row.indicator, *days(row, year, 12)] = (value * row.factor, growth)
        table += merged(row.label, [[f"绝对量({row.unit})", *map(str, values)], ["同比增长(%)", *map(str, growths)]])
    found = read(table, "贵州省主要经济指标", form, tmp_path)
    seen = {
        (one.indicator, one.period_start, one.period_end): (one.value, one.growth_pct) for one in found.observations
    }
    agrees(seen, made)
    assert len(seen) + len(found.unplaced) >= len(made)
