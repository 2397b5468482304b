"""Cells of the workbook: styles, numbers with formats and units, and text that never becomes a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo

from xisuan.report.document.number_cells import CLOSE, OPEN
from xisuan.report.document.palette import tone
from xisuan.text.numbers import GAP, MISSING

INK, SOFT, LINK = tone("ink"), tone("soft"), tone("accent")
HEADING = PatternFill("solid", fgColor=tone("panel"))
TOTAL = Border(top=Side("thin", color=INK))
SHOWN = re.compile(rf"(<?)([+−]?)(\d[\d,]*(?:\.\d+)?|\.\d+)(?:{GAP}([^\d\s<>–/…·][^<>–/…·]*)|(%))?")
"""A number as the report shows it: bound, sign, digits, unit."""
FORMULA_STARTS = ("=", "+", "-", "@")
"""First characters of text that a spreadsheet might read as a formula."""
LETTERS = "Calibri"
"""Font of the workbook; Excel takes Chinese signs from that of the system."""
TEXT = Alignment(vertical="top", wrap_text=True, indent=1)
NUMBER = Alignment(vertical="top", horizontal="right")
BOLD = Font(name=LETTERS, bold=True)
PARAGRAPH = Alignment(vertical="top", wrap_text=True)
HEAD_TEXT = Alignment(vertical="center", wrap_text=True, indent=1)
HEAD_NUMBER = Alignment(vertical="center", horizontal="right", wrap_text=True)
LATIN, CHINESE = 1.15, 2.0
"""Width of a Latin letter and of a Chinese sign, in widths of a digit."""


def text(value: object) -> str:
    """Return text without control characters and without the marks that set figures bold on the page."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", str(value).replace(OPEN, "").replace(CLOSE, "")))


def number_of(shown: str, value: float | None = None) -> tuple[float, str] | None:
    """Return the number behind a text of the report and its Excel format with decimals and unit; None for other text.

    `value`: the number where the report gives it; otherwise the digits shown count, and `<0.1` is no number.
    """
    found = SHOWN.fullmatch(shown.strip())
    if found is None or (found[1] and value is None):
        return None
    _bound, sign, digits, unit, percent = found.groups(default="")
    decimals = len(digits.partition(".")[2])
    given = float(digits.replace(",", "")) * (-1.0 if sign == "−" else 1.0)
    is_year = value is None and not (decimals or unit or percent or "," in digits) and 1900 <= given < 2200
    pattern = "0" if is_year else decimal_pattern(decimals)
    if unit or percent:
        pattern += f'" {unit}"' if unit else '"%"'
    if sign == "+":
        pattern = f"+{pattern};-{pattern}"
    return (given if value is None else float(value)), pattern


def decimal_pattern(decimals: int) -> str:
    """Return the Excel format of numbers with decimals and thousands separators."""
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def put(sheet: Any, row: int, column: int, value: object, *, pattern: str = "", **font: Any) -> Any:
    """Write a value to a cell and return the cell. Text is stored as text, even if it begins like a formula; NaN stays
    blank."""
    cell = sheet.cell(row, column)
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool | int | float):
        if isinstance(value, bool) or math.isfinite(value):
            cell.value = value
            cell.number_format = pattern or "General"
    elif value is not None and (said := text(value)):
        cell.value = said
        cell.data_type = "s"
        cell.quotePrefix = said.startswith(FORMULA_STARTS)
    cell.font = font_of(tuple(sorted(font.items())))
    return cell


@cache
def font_of(given: tuple[tuple[str, Any], ...]) -> Font:
    """Return the font of the workbook with the given changes."""
    return Font(**({"name": LETTERS, "size": 11} | dict(given)))


def put_column(sheet: Any, row: int, column: int, values: Sequence[object], pattern: str) -> None:
    """Write values one below the other from `row` on, all with the style of the first: each style is looked up once."""
    style = put(sheet, row, column, 0.0, pattern=pattern)._style
    sheet.cell(row, column).value = None
    for at, value in enumerate(values, start=row):
        if isinstance(value, str):
            if value.startswith(FORMULA_STARTS):
                put(sheet, at, column, value)
            elif value:
                sheet.cell(at, column, text(value))._style = style
        elif isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
            sheet.cell(at, column, value)._style = style


def put_shown(sheet: Any, row: int, column: int, shown: str, value: float | None = None, **font: Any) -> Any:
    """Write a text of the report: as a number where it is one, blank where it is a dash."""
    if shown == MISSING:
        return put(sheet, row, column, None, **font)
    found = number_of(shown, value)
    if found is None:
        cell = put(sheet, row, column, shown, **font)
        cell.alignment = TEXT
        return cell
    cell = put(sheet, row, column, found[0], pattern=found[1], **font)
    cell.alignment = NUMBER
    return cell


def put_link(sheet: Any, row: int, column: int, said: str, target: str, at: str = "A1", **font: Any) -> None:
    """Write a text that leads to a cell of another sheet."""
    cell = put(sheet, row, column, said)
    name = target.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!{at}")
    cell.font = font_of(tuple(sorted({"color": LINK, "underline": "single", **font}.items())))


def put_heading(sheet: Any, row: int, names: list[str], numbers: Collection[int] = ()) -> None:
    """Write the headings of a table; those of the columns in `numbers`, counted from 1, on the right."""
    for at, name in enumerate(names, start=1):
        cell = put(sheet, row, at, name, bold=True, color=INK)
        cell.fill = HEADING
        cell.alignment = HEAD_NUMBER if at in numbers else HEAD_TEXT


def add_filter(sheet: Any, first: int, last: int, names: list[str], identity: int) -> None:
    """Make the rows from the heading `first` to `last` an Excel table, whose columns can be filtered and sorted."""
    area = f"A{first}:{get_column_letter(len(names))}{last}"
    table = ExcelTable(displayName=f"table_{identity}", ref=area)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)


def unique(names: list[str]) -> list[str]:
    """Return headings told apart: blank ones become a dot, equal ones get a number behind them."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        said = text(name).strip() or "·"
        seen[said.lower()] = count = seen.get(said.lower(), 0) + 1
        found.append(said if count == 1 else f"{said} {count}")
    return found


def width(said: str) -> float:
    """Return the width of a text in widths of a digit."""
    return sum(CHINESE if letter > "\u2e80" else LATIN for letter in said)


def widen(sheet: Any, widths: dict[int, float], *, least: float = 9.0, most: float = 46.0) -> None:
    """Set the widths of columns."""
    for at, wide in widths.items():
        sheet.column_dimensions[get_column_letter(at)].width = min(most, max(least, wide + 2))


def put_paragraph(sheet: Any, row: int, said: str, columns: int = 8) -> None:
    """Write a paragraph across columns; `fit_paragraphs` gives its row the height that it needs."""
    cell = put(sheet, row, 1, said, color=SOFT)
    cell.alignment = PARAGRAPH
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)


def fit_paragraphs(sheet: Any) -> None:
    """Set the height of rows with paragraphs by the widths of the columns that they span."""
    for area in sheet.merged_cells.ranges:
        if area.min_col == 1:
            letters = (get_column_letter(at) for at in range(1, area.max_col + 1))
            across = sum(sheet.column_dimensions[letter].width for letter in letters)
            set_height(sheet, area.min_row, [(str(sheet.cell(area.min_row, 1).value or ""), across)])


def set_height(sheet: Any, row: int, given: Sequence[tuple[str, float]]) -> None:
    """Set the height of a row by its texts, each with the width of its column."""
    lines = [
        sum(math.ceil(width(part) / max(across - 2, 1.0)) or 1 for part in said.split("\n")) for said, across in given
    ]
    sheet.row_dimensions[row].height = LINE * max(1, *lines)


LINE = 15.5
"""Height of a line, points."""
