"""The workbook opens on the brief, its numbers are those of the run, its codes have names, and no text of it can run."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.report import decided, fake
from xisuan.cli.commands.plans.run import draw
from xisuan.report.document.blocks import Bars, Brief, Cell, Column, Row, Section, Series, Table
from xisuan.report.facts import build_facts
from xisuan.report.pages import page_tables, single_future_page
from xisuan.report.run_context import Context
from xisuan.report.workbook import cells, data_sheets, native_charts, run_workbook
from xisuan.results.run import Run
from xisuan.text.translation import LANGUAGES, Language, message


@pytest.fixture(scope="module")
def run() -> Run:
    made = fake.run()
    return dataclasses.replace(made, decisions=decided.for_run(made))


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture(scope="module")
def sections(run: Run, language: Language) -> tuple[Section, ...]:
    return single_future_page.sections(run, language)


@pytest.fixture(scope="module")
def book(
    run: Run, language: Language, sections: tuple[Section, ...], tmp_path_factory: pytest.TempPathFactory
) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("book") / "tables.xlsx"
    run_workbook.write(run, path, language, sections)
    return openpyxl.load_workbook(path)


def test_it_opens_on_the_brief_and_has_ten_to_fifteen_sheets(
    book: openpyxl.Workbook, sections: tuple[Section, ...], language: Language
) -> None:
    assert book.active is book.worksheets[0]
    assert book.worksheets[0]["A1"].value == sections[0].title
    assert book.sheetnames[:2] == (["Brief", "Contents"] if language == "en" else ["简报", "目录"])
    assert 10 <= len(book.sheetnames) <= 15
    if language == "zh":
        assert all(re.search("[\u4e00-\u9fff]", name) for name in book.sheetnames)


def test_the_brief_has_the_answers_of_the_page_as_numbers(
    book: openpyxl.Workbook, sections: tuple[Section, ...]
) -> None:
    (brief,) = (block for block in sections[0].blocks if isinstance(block, Brief))
    rows = {row[0].value: row for row in book.worksheets[0].iter_rows(min_row=5, max_row=4 + len(brief.tiles))}
    for tile in brief.tiles:
        answer = rows[tile.question][1]
        if re.fullmatch(r"[\d,.]+", tile.value):
            assert answer.value == pytest.approx(float(tile.value.replace(",", "")))
            assert answer.data_type == "n"
        assert (rows[tile.question][2].value or "") == tile.unit
        assert (rows[tile.question][5].value or "") == tile.span


def test_the_contents_lead_to_every_sheet_and_table(book: openpyxl.Workbook) -> None:
    contents = book.worksheets[1]
    links = [cell.hyperlink for row in contents.iter_rows() for cell in row if cell.hyperlink is not None]
    targets = set()
    for link in links:
        sheet, _bang, cell = (link.location or link.target or "").lstrip("#").rpartition("!")
        name = sheet.strip("'").replace("''", "'")
        assert book[name][cell].value is not None or cell == "A1"
        targets.add(name)
    assert targets == set(book.sheetnames[2:])


def test_names_of_tables_are_unique_and_no_cells(book: openpyxl.Workbook) -> None:
    """A program that opens the book refuses a table with the name of a cell, such as T1."""
    names = [name for sheet in book.worksheets for name in sheet.tables]
    assert len(names) == len(set(names)) > 10
    assert not [name for name in names if re.fullmatch(r"[A-Za-z]{1,3}\d+", name)]
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            heads = [cell.value for cell in sheet[table.ref][0]]
            assert heads == [column.name for column in table.tableColumns]
            assert all(isinstance(head, str) and head.strip() for head in heads)


def _table(book: openpyxl.Workbook, sheet: Any, heading: str) -> pd.DataFrame:
    """Return the Excel table of a sheet that has a column of that heading, read from its area."""
    for table in sheet.tables.values():
        rows = [[cell.value for cell in row] for row in sheet[table.ref]]
        if heading in rows[0]:
            return pd.DataFrame(rows[1:], columns=rows[0])
    raise AssertionError(f"no table with {heading}")


@pytest.mark.parametrize("name", ["builds", "costs", "service"])
def test_sheets_of_the_plan_have_its_numbers_and_a_name_beside_each_code(
    book: openpyxl.Workbook, run: Run, language: Language, name: str
) -> None:
    context = Context(run, language)
    sheet = book[str(context.say(data_sheets.TITLES[name]))]
    (table,) = sheet.tables.values()
    assert table.autoFilter is not None
    head, *rows = ([cell.value for cell in row] for row in sheet[table.ref])
    expected = run.plan.tables[name]
    columns = [column for column in expected.columns if column in data_sheets.HEADINGS]
    at = 0
    for column in columns:
        values = [row[at] for row in rows]
        given = expected[column].tolist()
        if column in data_sheets.CODED:
            assert [value or "" for value in values] == ["" if pd.isna(value) else str(value) for value in given]
            at += 1
            assert all(row[at] for row, code in zip(rows, given, strict=True) if code)
        elif pd.api.types.is_numeric_dtype(expected[column]):
            assert [float("nan") if v is None else v for v in values] == pytest.approx(given, nan_ok=True)
        at += 1
    assert at == len(head)
    assert len(set(head)) == len(head)


@pytest.mark.parametrize(("values", "least"), [((9000.0, 9100.0), 0), ((-1.0, 2.0), None)])
def test_columns_begin_at_zero_unless_one_goes_below(values: tuple[float, ...], least: int | None) -> None:
    sheet = openpyxl.Workbook().active
    chart = Bars("t", "racks", "year", ("2026", "2027"), (Series("a", values, "focus"),))
    native_charts.put_numbers(sheet, 1, chart, ("begins", "least", "most", "below", "above"))
    native_charts.add_chart(sheet, 1, chart, "H1")
    assert sheet._charts[0].y_axis.scaling.min == least


def test_sums_follow_the_filters(book: openpyxl.Workbook, run: Run, language: Language) -> None:
    sheet = book[str(Context(run, language).say(data_sheets.TITLES["builds"]))]
    formulas = [cell.value for cell in sheet[data_sheets.HEAD - 1] if cell.data_type == "f"]
    assert formulas
    for formula in formulas:
        found = re.fullmatch(r"=SUBTOTAL\(109,([A-Z]+)(\d+):\1(\d+)\)", formula)
        assert found is not None
        assert (int(found[2]), int(found[3])) == (data_sheets.HEAD + 1, data_sheets.HEAD + len(run.plan.builds))


def test_the_procurement_list_adds_up_as_shown(book: openpyxl.Workbook, run: Run, language: Language) -> None:
    context = Context(run, language)
    heading = f"{context.say(message('Capital'))} ({context.money.unit})"
    frame = _table(book, book.worksheets[2], heading)
    lines = build_facts.procurement(context)
    assert len(frame) == len(lines)
    total = sum(line.mcny for line in lines) / context.money.divisor
    assert pd.to_numeric(frame[heading]).sum() == pytest.approx(total)
    assert sum(build_facts.capital_by_year(context).values()) / context.money.divisor == pytest.approx(total)


def test_columns_of_money_are_numbers(book: openpyxl.Workbook, sections: tuple[Section, ...], run: Run) -> None:
    """A sum of a column of money misses nothing: no cell of it is text such as `<0.01`."""
    unit = Context(run, "zh").money.unit, Context(run, "en").money.unit, "million CNY", "百万元"
    seen = 0
    for sheet in book.worksheets[2:]:
        for table in sheet.tables.values():
            head, *rows = sheet[table.ref]
            for at, cell in enumerate(head):
                if str(cell.value).endswith(tuple(f"({one})" for one in unit)):
                    values = [row[at] for row in rows]
                    assert all(one.value is None or one.data_type == "n" or " … " in one.value for one in values), (
                        sheet.title,
                        cell.value,
                    )
                    seen += len(values)
    assert seen > 20


def test_small_money_has_its_number_behind_the_text() -> None:
    context = Context(fake.run(), "en")
    cell = context.money_cell(1e-6 * context.run.plan.cost_mcny)
    assert cell.text.startswith("<")
    assert cell.value == pytest.approx(1e-6 * context.run.plan.cost_mcny / context.money.divisor)
    assert cells.number_of(cell.text, cell.value) == (cell.value, "#,##0.00")


@pytest.mark.parametrize(
    ("shown", "value", "pattern"),
    [
        ("1,234.5", 1234.5, "#,##0.0"),
        ("−3", -3.0, "#,##0"),
        ("+12\u00a0%", 12.0, '+#,##0" %";-#,##0" %"'),
        ("49\u00a0EFLOPS\u00a0FP16", 49.0, '#,##0" EFLOPS\u00a0FP16"'),
        ("2027", 2027.0, "0"),
        ("74%", 74.0, '#,##0"%"'),
    ],
)  # fmt: skip
def test_numbers_of_the_report_keep_their_decimals_and_unit(shown: str, value: float, pattern: str) -> None:
    assert cells.number_of(shown) == (value, pattern)


@pytest.mark.parametrize("shown", ["12 MW / 48 MWh", "0.2–0.4", "Jun 2023", "", "—", "<0.1", "2027-05"])
def test_other_texts_stay_texts(shown: str) -> None:
    assert cells.number_of(shown) is None


def test_text_never_becomes_a_formula(tmp_path: Path, run: Run) -> None:
    starts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")']
    row = tuple(Cell(start) for start in starts)
    table = Table("=2", tuple(Column(start) for start in starts), (Row(row),), note="=3")
    made = [Section("one", "=4", "=5", (table,), number=1)]
    builds = run.plan.builds.assign(investor=[starts[row % len(starts)] for row in range(len(run.plan.builds))])
    plan = dataclasses.replace(run.plan, tables={**run.plan.tables, "builds": builds})
    notes = {start: start for start in starts}
    run_workbook.write(dataclasses.replace(run, plan=plan, notes=notes), tmp_path / "x.xlsx", "en", made)
    found = openpyxl.load_workbook(tmp_path / "x.xlsx")
    texts = [cell for sheet in found.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.value.startswith("=SUBTOTAL(109,") for cell in texts if cell.data_type == "f")
    said = [cell.value for cell in texts if cell.data_type == "s"]
    for start in starts:
        assert any(start.strip() in value for value in said), start


def test_tables_of_the_page_are_parquet_files_too(
    tmp_path: Path, run: Run, sections: tuple[Section, ...], language: Language
) -> None:
    if language != "en":
        pytest.skip("the files are English in every run")
    page_tables.write(run, tmp_path / "shown", sections)
    pages = list(page_tables.shown(sections))
    assert len(pages) > 40
    assert {name for name, _, _ in pages} == {path.stem for path in (tmp_path / "shown").iterdir()}
    for name, _, frame in pages:
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "shown" / f"{name}.parquet"), frame, check_dtype=False)


def test_numbers_of_the_page_are_numbers_and_dashes_are_blank(
    sections: tuple[Section, ...], language: Language
) -> None:
    words = {
        "en": ("stress", "Cost (bn CNY)", "Idle capital (bn CNY)"),
        "zh": ("各情形", "总成本 (亿元)", "闲置投资 (亿元)"),
    }
    _title, cost, idle = words[language]
    stress = next(frame for _, _, frame in page_tables.shown(sections) if cost in frame and idle in frame)
    assert stress[cost].tolist()[0] == pytest.approx(15000.0 if language == "zh" else 1500.0)
    assert pd.isna(stress[idle].tolist()[-1])


def test_a_run_makes_its_sections_once_in_each_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They take seconds each: the two pages, the workbook and the Parquet files share them, and say the same as alone."""
    made: list[str] = []
    sections = single_future_page.sections

    def counted(run: Run, language: Language) -> tuple[Section, ...]:
        made.append(language)
        return sections(run, language)

    monkeypatch.setattr(single_future_page, "sections", counted)
    run = fake.run()
    draw(run, tmp_path, "zh", None)
    assert sorted(made) == sorted(LANGUAGES)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == single_future_page.html(
        run, "zh", beside="report.en.html"
    )
    names = [name for name, _, _ in page_tables.shown(sections(run, "en"))]
    assert sorted(path.stem for path in (tmp_path / page_tables.FOLDER).iterdir()) == sorted(names)


def test_tables_too_long_for_a_sheet_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr(data_sheets, "MOST_ROWS", len(run.plan.tables["service"]) - 1)
    run_workbook.write(run, tmp_path / "x.xlsx", "en", [Section("one", "One", number=1)])
    found = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True)
    assert "Where all work runs" not in found.sheetnames
    assert "All orders" in found.sheetnames
