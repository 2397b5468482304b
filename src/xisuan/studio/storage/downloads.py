"""Downloads: a scenario folder as a zip or an Excel workbook, and a run folder as a zip."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from xisuan.exchange import scenario_workbook
from xisuan.scenario.reading.problems import shown
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.studio.editing import table_rows
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage.uploads import SETTINGS_SHEET
from xisuan.text.translation import message as _

COMPRESSED = (".parquet", ".xlsx", ".docx", ".pptx", ".zip", ".png", ".pdf")
"""Endings of files that are compressed already."""


def scenario_zip(folder: Path, name: str) -> bytes:
    """Return the scenario in `folder` as a zip of a folder `name`. The same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(f"{name}/{path.name}"), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def folder_zip(folder: Path) -> bytes:
    """Return everything in `folder` as a zip with relative names; files that are compressed already are stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                way = zipfile.ZIP_STORED if path.suffix in COMPRESSED else zipfile.ZIP_DEFLATED
                archive.write(path, path.relative_to(folder).as_posix(), way)
    return out.getvalue()


def workbook(folder: Path) -> bytes:
    """Return the scenario in `folder` as an Excel workbook that `uploads.read_upload` reads back. Raises RefusedError."""
    return _book(folder, table_rows.tables_of(folder), settings=True)


def table_csv(folder: Path, name: str) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding."""
    columns, rows = table_rows.read(folder, name)
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return table_rows.csv_text(lines).encode("utf-8-sig")


def table_workbook(folder: Path, name: str) -> bytes:
    """Return a table as an Excel workbook of one sheet. Raises RefusedError."""
    return _book(folder, [name], settings=False)


def _book(folder: Path, names: Iterable[str], *, settings: bool) -> bytes:
    """Return tables as a workbook with a sheet each, after one of the options with `settings`. Raises RefusedError."""
    tables = {name: table_rows.read(folder, name) for name in names}
    for name, (columns, rows) in tables.items():
        _check_characters(name, (columns, *(row.values() for row in rows)))
    book = openpyxl.Workbook(write_only=True)
    if settings:
        options = book.create_sheet(SETTINGS_SHEET)
        for key, value in table_rows.options(folder).items():
            options.append([_text(options, key), _text(options, value) if value else None])
    for name, (columns, rows) in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(list(_headings(sheet, name, columns)))
        for row in rows:
            sheet.append([_typed(sheet, row.get(column, "")) for column in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _check_characters(name: str, lines: Iterable[Iterable[str]]) -> None:
    """Raise RefusedError for a cell with control characters, which no workbook can hold."""
    for line in lines:
        for cell in line:
            if ILLEGAL_CHARACTERS_RE.search(cell):
                raise RefusedError(
                    422,
                    _(
                        "{table}: {cell} holds a control character, which a workbook cannot; correct the cell, or"
                        " download the zip",
                        table=name,
                        cell=shown(cell),
                    ),
                )


def _headings(sheet: Any, table: str, columns: Iterable[str]) -> Iterator[WriteOnlyCell]:
    """Yield the headings of a table, with unit and meaning of the columns of the format as comments."""
    for column in columns:
        cell = _text(sheet, column)
        cell.font = Font(bold=True)
        if table in BY_NAME and (explained := scenario_workbook.comment(BY_NAME[table], column)) is not None:
            cell.comment = explained
        yield cell


def _typed(sheet: Any, text: str) -> Any:
    """Return a number if the conversion is exact, else text that a spreadsheet never executes."""
    if text and re.fullmatch(r"-?\d+(\.\d+)?", text):
        number = float(text)
        if (str(int(number)) if number.is_integer() else repr(number)) == text:
            return int(number) if number.is_integer() and "." not in text else number
    return _text(sheet, text) if text else None


def _text(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
