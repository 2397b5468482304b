"""Scenario as an Excel workbook: a sheet per table with the columns of its CSV file, so that it can be read again."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.column_types import Table
from xisuan.scenario.schema.tables import TABLES

WIDEST = 40
AUTHOR = "xisuan"
FORMULA_STARTS = ("=", "+", "-", "@")
"""First characters of texts that Excel would read as a formula."""


def write_workbook(scenario: Scenario, path: Path) -> None:
    """Write every table with rows to an Excel file. Unit and meaning of a column are a comment on its header."""
    book = Workbook()
    book.remove(book.active)
    for table in TABLES:
        if scenario.has(table.name):
            _sheet(book, table, scenario[table.name])
    book.save(path)


def _sheet(book: Workbook, table: Table, frame: pd.DataFrame) -> None:
    sheet = book.create_sheet(table.name)
    sheet.append([str(name) for name in frame.columns])
    for row in frame.itertuples(index=False):
        sheet.append([_cell(value) for value in row])
    for at, name in enumerate(frame.columns, 1):
        head = sheet.cell(1, at)
        head.font = Font(bold=True)
        head.comment = comment(table, str(name))
        longest = max([len(str(name)), *(len(str(value)) for value in frame[name].head(200))])
        sheet.column_dimensions[get_column_letter(at)].width = min(WIDEST, longest + 2)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def comment(table: Table, name: str) -> Comment | None:
    """Return unit and meaning of a column as a comment on its header; None for a name that is no column of the format."""
    column = table.column(name)
    return Comment(f"{column.meaning}{f' [{column.unit}]' if column.unit else ''}", AUTHOR) if column else None


def _cell(value: object) -> object:
    """Return a cell: numbers as numbers, blanks empty, and text that never begins a formula."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
