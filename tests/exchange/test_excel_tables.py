"""The workbook of all tables has each with its columns, rows and numbers, and what every column means."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
import pytest

from tests.report import fake
from xisuan.exchange import excel_tables
from xisuan.results.plan import TABLES


def test_there_is_one_sheet_a_table_with_its_columns_and_rows(tmp_path: Path) -> None:
    run = fake.run()
    excel_tables.write_tables(run, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    said = {(row[0].value, row[1].value): row[2].value for row in book["columns"].iter_rows(min_row=2)}
    for name, frame in run.plan.tables.items():
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == list(TABLES[name])
        assert sheet.max_row == len(frame) + 1
        assert all(said[name, column] == meaning for column, meaning in TABLES[name].items())
    column = list(TABLES["builds"]).index("capex_mcny")
    values = [row[column].value for row in book["builds"].iter_rows(min_row=2)]
    assert values == pytest.approx(run.plan.builds["capex_mcny"].tolist())


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    run = fake.run()
    starts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"]
    builds = run.plan.builds.assign(investor=[starts[row % len(starts)] for row in range(len(run.plan.builds))])
    plan = dataclasses.replace(run.plan, tables={"builds": builds})
    excel_tables.write_tables(dataclasses.replace(run, plan=plan), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["builds"]
    found = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert all(cell.data_type != "f" for cell in found)
    assert {cell.value for cell in found} >= set(starts)
