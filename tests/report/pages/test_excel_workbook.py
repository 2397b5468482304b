"""The workbook holds every table, says what each column means, and no text of it can run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.report import decided, fake
from xisuan.cli.commands.plans.run import draw
from xisuan.report.document.blocks import Section
from xisuan.report.pages import excel_workbook, page_tables, single_future_page
from xisuan.results.plan import ACCESS_TABLES, TABLES
from xisuan.results.run import Run
from xisuan.text.translation import LANGUAGES, Language


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("book") / "tables.xlsx"
    excel_workbook.write(fake.run(), path)
    return openpyxl.load_workbook(path)


def test_there_is_one_sheet_a_table_with_its_columns_and_rows(book: openpyxl.Workbook) -> None:
    run = fake.run()
    assert book.sheetnames[0] == "notes"
    for name in set(TABLES) - set(ACCESS_TABLES):  # the run has no cities
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == list(TABLES[name])
        assert sheet.max_row == len(run.plan.tables[name]) + 1
        assert sheet.freeze_panes == "A2"


def test_numbers_stay_numbers(book: openpyxl.Workbook) -> None:
    builds = fake.run().plan.builds
    column = list(TABLES["builds"]).index("capex_mcny")
    values = [row[column].value for row in book["builds"].iter_rows(min_row=2)]
    assert values == pytest.approx(builds["capex_mcny"].tolist())


def test_the_first_sheet_explains_every_column(book: openpyxl.Workbook) -> None:
    said = {(row[0].value, row[1].value): row[2].value for row in book["notes"].iter_rows(max_col=3)}
    for table in set(TABLES) - set(ACCESS_TABLES):
        for column, meaning in TABLES[table].items():
            assert said[table, column] == meaning


def test_text_never_starts_a_formula(tmp_path: Path) -> None:
    starts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")']
    run = fake.run()
    assert len(run.plan.builds) >= len(starts)
    builds = run.plan.builds.assign(investor=[starts[row % len(starts)] for row in range(len(run.plan.builds))])
    plan = dataclasses.replace(run.plan, tables={**run.plan.tables, "builds": builds})
    notes = {start: start for start in starts}
    excel_workbook.write(dataclasses.replace(run, plan=plan, notes=notes), tmp_path / "x.xlsx")
    found = openpyxl.load_workbook(tmp_path / "x.xlsx")
    texts = [cell for sheet in found.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in texts)
    said = [cell.value for cell in texts if isinstance(cell.value, str)]
    assert not [value for value in said if value.startswith(excel_workbook.FORMULA_STARTS)]
    for start in starts:  # nothing is lost
        assert any(start.strip() in value for value in said), start


def test_missing_values_are_blank(book: openpyxl.Workbook) -> None:
    assert excel_workbook.safe(float("nan")) is None
    assert excel_workbook.safe(None) is None
    assert excel_workbook.safe("plain") == "plain"


def test_every_table_of_the_page_is_in_the_workbook_and_a_parquet_file(tmp_path: Path) -> None:
    made = fake.run()
    run = dataclasses.replace(made, decisions=decided.for_run(made))
    sections = single_future_page.sections(run, "en")
    excel_workbook.write(run, tmp_path / "x.xlsx", "en", sections)
    page_tables.write(run, tmp_path / "shown", sections)
    found = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True)
    pages = list(page_tables.shown(sections))
    assert len(pages) > 40
    assert {name for name, _, _ in pages} == {path.stem for path in (tmp_path / "shown").iterdir()}
    for name, _, frame in pages:
        assert name in found.sheetnames
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "shown" / f"{name}.parquet"), frame, check_dtype=False)


def test_numbers_of_the_page_are_numbers_and_dashes_are_blank() -> None:
    made = fake.run()
    run = dataclasses.replace(made, decisions=decided.for_run(made))
    found = {title: frame for _, title, frame in page_tables.shown(single_future_page.sections(run, "zh"))}
    stress = next(frame for title, frame in found.items() if "各情形" in title)
    assert stress["总成本 (亿元)"].tolist()[0] == pytest.approx(15000.0)
    assert pd.isna(stress["闲置投资 (亿元)"].tolist()[-1])


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


def test_long_tables_are_left_to_the_files_beside_the_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = fake.run()
    rows = {name: len(frame) for name, (frame, _) in excel_workbook.tables(run)}
    most = sorted(rows.values())[-3]
    monkeypatch.setattr(excel_workbook, "LONG", most)
    left = {name for name, count in rows.items() if count > most}
    assert 0 < len(left) < 3
    for beside in (True, False):
        excel_workbook.write(run, tmp_path / "x.xlsx", beside=beside)
        found = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True)
        assert {name[:31] for name in rows} - set(found.sheetnames) == (left if beside else set())
        said = {row[0].value: row[2].value for row in found["notes"].iter_rows(max_col=3) if not row[1].value}
        for name in left:
            assert (f"{rows[name]:,} rows" in str(said.get(name))) == beside
