"""Sheets of the chapters: the tables of the page one below the other, each with filters, and charts beside their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from xisuan.report.document.blocks import Bars, Cards, Cell, Column, Row, Section, Table
from xisuan.report.pages import page_tables
from xisuan.report.workbook import brief_sheet, cells, native_charts
from xisuan.report.workbook.cells import INK
from xisuan.text.numbers import MISSING
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _


def write(sheet: Any, sections: Sequence[Section], say: Translator, first_identity: int) -> list[tuple[str, str, int]]:
    """Fill a sheet with sections, one below the other; return title, cell and rows of each table.

    `first_identity`: number of the first table, unique in the book.
    """
    found, widths, row = list[tuple[str, str, int]](), dict[int, float](), 3
    for section in sections:
        cells.put(sheet, row, 1, section.title, bold=True, size=15, color=INK)
        row += 1
        if section.lead:
            cells.put_paragraph(sheet, row, section.lead)
            row += 1
        row += 1
        tables = [*page_tables.tables(section.blocks), *_cards(section, say)]
        for title, table in tables:
            start = row
            row = (
                _table(sheet, row, title, table, say, first_identity + len(found), widths)
                if isinstance(table, Table)
                else _chart(sheet, row, table, say, widths)
            )
            if row > start:
                found.append((title or section.title, f"A{start}", row - start))
                row += 2
    cells.widen(sheet, {at: widths.get(at, 0.0) for at in range(1, max([8, *widths]) + 1)})
    cells.fit_paragraphs(sheet)
    return found


def _cards(section: Section, say: Translator) -> Iterator[tuple[str, Table]]:
    """Return the cases of *what if* as tables: case, change, what it is a change of, and what else changes."""
    columns = (
        Column(say(_("Case"))), Column(say(_("Change")), number=True), Column(say(_("Of what"))),
        Column(say(_("What else changes"))),
    )  # fmt: skip
    for block in section.blocks:
        if isinstance(block, Cards):
            rows = (
                Row((Cell(card.title), Cell(card.value), Cell(card.label), Cell("; ".join(card.lines))))
                for card in block.cards
            )
            yield block.title, Table(block.title, columns, tuple(rows), note=block.note)


def _chart(sheet: Any, row: int, chart: Bars, say: Translator, widths: dict[int, float]) -> int:
    """Write the numbers of a chart with the chart to their right; return the last row."""
    if not chart.categories or not chart.series:
        return row
    brief_sheet.numbers(sheet, row, chart, say)
    _fit(widths, 1, list(chart.categories))
    native_charts.add_chart(sheet, row + 1, chart, f"{get_column_letter(native_charts.columns(chart) + 2)}{row}")
    return row + max(native_charts.CHART_ROWS, 1 + len(chart.categories))


def _table(
    sheet: Any, row: int, title: str, table: Table, say: Translator, identity: int, widths: dict[int, float]
) -> int:
    """Write a table: title, headings, rows that can be filtered, sums and note below; return the last row."""
    lines = list(_lines(table))
    if not lines:
        return row
    grouped = any(group for group, _cells, _is_sum in lines)
    names = [f"{column.title} ({column.unit})" if column.unit else column.title for column in table.columns]
    names = cells.unique([say(_("Group")), *names] if grouped else names)
    cells.put(sheet, row, 1, title, bold=True, size=12, color=INK)
    head = row + 1
    numbers = {at for at, column in enumerate(table.columns, start=1 + grouped) if column.number}
    cells.put_heading(sheet, head, names, numbers)
    body = [line for line in lines if not line[2]]
    at = head
    for group, given, is_sum in (*body, *(line for line in lines if line[2])):
        at += 1
        if grouped:
            cells.put(sheet, at, 1, group, bold=is_sum)
        for column, cell in enumerate(given, start=1 + grouped):
            written = _cell(sheet, at, column, cell, table.columns[column - 1 - grouped].number)
            if is_sum:
                written.font = cells.BOLD
                written.border = cells.TOTAL
    if body:
        cells.add_filter(sheet, head, head + len(body), names, identity)
    for column, name in enumerate(names, start=1):
        said = [given[column - 1 - grouped].text for _group, given, _sum in body if column > grouped]
        _fit(widths, column, [*said, name[: max(12, len(name) // 2)]])
    if table.note:
        at += 1
        cells.put_paragraph(sheet, at, table.note)
    return at


def _cell(sheet: Any, row: int, column: int, cell: Cell, is_number: bool) -> Any:
    """Write a cell of the report."""
    if is_number:
        return cells.put_shown(sheet, row, column, cell.text, cell.value)
    written = cells.put(sheet, row, column, "" if cell.text == MISSING else cell.text)
    written.alignment = cells.TEXT
    return written


def _lines(table: Table) -> Iterator[tuple[str, tuple[Cell, ...], bool]]:
    """Return rows with the heading that they stand under, and True for sums.

    A sum between rows is also the heading of those that follow.
    """
    group, last = "", len(table.rows) - 1
    for at, row in enumerate(table.rows):
        if row.kind == "group":
            group = row.cells[0].text
        elif row.kind == "total":
            yield "", row.cells, True
            group = row.cells[0].text if at < last else ""
        else:
            yield group, row.cells, False


def _fit(widths: dict[int, float], column: int, said: Sequence[str]) -> None:
    """Widen a column to the longest of its texts."""
    longest = max((max(map(cells.width, text.split("\n")), default=0.0) for text in said), default=0.0)
    widths[column] = max(widths.get(column, 0.0), min(longest, 46.0))
