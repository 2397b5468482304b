"""First sheet of the workbook: the brief, each answer with its number, range and certainty, and charts of the years."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment

from xisuan.report.document.blocks import Bars, Brief, Section
from xisuan.report.workbook import cells, native_charts
from xisuan.report.workbook.cells import INK, SOFT
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

WIDTHS = (34.0, 13.0, 16.0, 38.0, 46.0, 40.0, 32.0, 16.0)
"""Widths of the columns of the tiles."""
MONEY = "#,##0.0###"
"""Pattern of capital that differs by orders of magnitude."""
ENDS = (_("begins at"), _("least"), _("most"), _("down by"), _("up by"))
"""Headings of the beginning and the range of a column."""
CHARTS = ("A", "D", "F")
"""Columns at which the charts of the years begin."""


def write(sheet: Any, first: Section, brief: Brief, subtitle: str, say: Translator, sheets: dict[str, str]) -> None:
    """Fill the sheet. `sheets`: name of a section → name of its sheet, to which the answers lead."""
    for at, wide in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[chr(64 + at)].width = wide
    sheet.sheet_view.showGridLines = False
    cells.put(sheet, 1, 1, first.title, bold=True, size=18, color=INK)
    cells.put(sheet, 2, 1, subtitle, color=SOFT)
    sheet.row_dimensions[1].height = 28
    # The lead says of which future of several the brief is, the warning which amounts cost alone does not decide.
    said = " ".join(part for part in (first.lead, brief.warning) if part)
    if said:
        cells.put_paragraph(sheet, 3, said)
    row = _tiles(sheet, 4, brief, say, sheets)
    row = _due(sheet, row + 2, brief, say)
    if brief.charts:
        _charts(sheet, row + 2, brief, say)
    cells.fit_paragraphs(sheet)


def _tiles(sheet: Any, row: int, brief: Brief, say: Translator, sheets: dict[str, str]) -> int:
    """Write a line for each question; return the last row."""
    names = (
        _("Question"),
        _("Answer"),
        _("Unit"),
        _("What it is"),
        _("Of it"),
        _("Range"),
        _("Certainty"),
        _("Details"),
    )
    cells.put_heading(sheet, row, [say(name) for name in names])
    for at, tile in enumerate(brief.tiles, start=row + 1):
        lines = "\n".join(f"{name}: {value}" for name, value in tile.lines)
        cells.put(sheet, at, 1, tile.question, bold=True, color=INK)
        cells.put_shown(sheet, at, 2, tile.value, bold=True, size=14, color=INK)
        for column, said in enumerate((tile.unit, tile.label, lines, tile.span, tile.verdict), start=3):
            cells.put(sheet, at, column, said)
        if tile.section in sheets:
            cells.put_link(sheet, at, 8, sheets[tile.section], sheets[tile.section])
        for column in range(1, 9):
            sheet.cell(at, column).alignment = Alignment(
                vertical="top", wrap_text=True, horizontal="right" if column == 2 else None
            )
        texts = (tile.question, "", tile.unit, tile.label, lines, tile.span, tile.verdict)
        cells.set_height(sheet, at, [*zip(texts, WIDTHS, strict=False), ("\n", 20.0)])
    return row + len(brief.tiles)


def _due(sheet: Any, row: int, brief: Brief, say: Translator) -> int:
    """Write the decisions due, if any; return the last row."""
    if not brief.due:
        return row - 2
    cells.put(sheet, row, 1, say(_("Decisions due now")), bold=True, size=13, color=INK)
    heads = (_("Decision"), _("Capital"), _("Unit"), _("When"), _("What would change it"))
    cells.put_heading(sheet, row + 1, [say(name) for name in heads])
    for at, due in enumerate(brief.due, start=row + 2):
        cells.put(sheet, at, 1, due.what, bold=True)
        cells.put(sheet, at, 2, float(f"{due.amount:.3g}"), pattern=MONEY)  # one unit, so that the column adds up
        cells.put(sheet, at, 3, due.unit)
        cells.put(sheet, at, 4, due.date)
        cells.put(sheet, at, 5, due.event)
        sheet.merge_cells(start_row=at, start_column=5, end_row=at, end_column=7)
        for column in (1, 4, 5):
            sheet.cell(at, column).alignment = Alignment(vertical="top", wrap_text=True)
        sheet.cell(at, 2).alignment = Alignment(vertical="top", horizontal="right")
        sheet.cell(at, 3).alignment = Alignment(vertical="top")
        sheet.row_dimensions[at].height = 32
    return row + 1 + len(brief.due)


def _charts(sheet: Any, row: int, brief: Brief, say: Translator) -> None:
    """Draw the charts side by side and write their numbers beneath."""
    cells.put(sheet, row, 1, brief.charts_title, bold=True, size=13, color=INK)
    below = row + native_charts.CHART_ROWS + 2
    if brief.charts_note:
        cells.put_paragraph(sheet, below - 1, brief.charts_note)
    at = below
    for chart, column in zip(brief.charts, CHARTS, strict=False):
        at = numbers(sheet, at, chart, say) + 2
        native_charts.add_chart(sheet, at - 2 - len(chart.categories), chart, f"{column}{row + 1}")


def numbers(sheet: Any, row: int, chart: Bars, say: Translator) -> int:
    """Write the title and the numbers of a chart; return the last row."""
    cells.put(sheet, row, 1, f"{chart.title} ({chart.unit})", bold=True, color=INK)
    native_charts.put_numbers(sheet, row + 1, chart, tuple(map(say, ENDS)))
    return row + 1 + len(chart.categories)
