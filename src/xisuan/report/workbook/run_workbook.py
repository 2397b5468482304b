"""The workbook of a run for people (`tables.xlsx`): at most 15 sheets in one language, the brief first.

Numbers come from the sections of the report and from the tables of the plan; nothing is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from xisuan.report.document.blocks import Brief, Section
from xisuan.report.document.entity_names import titled
from xisuan.report.pages import single_future_page
from xisuan.report.run_context import Context
from xisuan.report.workbook import brief_sheet, cells, chapter_sheets, data_sheets
from xisuan.report.workbook.cells import INK
from xisuan.results.run import Run
from xisuan.text.translation import Language, Translator
from xisuan.text.translation import message as _

MOST_SHEETS = 15
LONGEST_NAME = 31
"""Characters that Excel allows in the name of a sheet."""


def write(run: Run, path: str | Path, language: Language = "en", made: Sequence[Section] | None = None) -> None:
    """Write the workbook to `path`. `made`: the sections of the page in the language, where they were made before."""
    context = Context(run, language)
    sections = list(made or single_future_page.sections(run, language))
    book = openpyxl.Workbook()
    opened = [(section, block) for section in sections for block in section.blocks if isinstance(block, Brief)]
    opening, contents = book.active, book.create_sheet()
    opening.title, contents.title = context.say(_("Brief")), context.say(_("Contents"))
    groups = _groups(
        [section for section in sections if all(section is not first for first, _b in opened)], context.say
    )
    listed = _chapters(book, groups, context)
    sheets = {section.name: name for name, group in groups.items() for section in group if name in listed}
    if opened:
        subtitle = f"{titled(run.scenario.settings, language)} · {context.span}"
        brief_sheet.write(opening, *opened[0], subtitle, context.say, sheets)
    else:
        book.remove(opening)
    columns = _data(book, context, listed)
    _contents(contents, context, listed, columns)
    for sheet in book.worksheets[2 if opened else 1 :]:
        _lead_back(sheet, contents.title, context)
    for sheet in book.worksheets:
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.active = 0
    book.save(path)


def _groups(sections: Sequence[Section], say: Translator) -> dict[str, list[Section]]:
    """Return sheet name → its sections: one a chapter, and one for the whole annex."""
    found: dict[str, list[Section]] = {}
    annex = say(_("Annex"))
    for at, section in enumerate(sections, 1):
        name = annex if section.is_annex else _sheet_name(f"{at} {section.title}")
        found.setdefault(name, []).append(section)
    return found


def _sheet_name(title: str) -> str:
    """Return a title as a name that Excel accepts."""
    title = re.split("[:：]", title)[0]
    return re.sub(r"[\[\]*?/\\]", " ", title)[:LONGEST_NAME].strip("' ")


def _chapters(book: Any, groups: dict[str, list[Section]], context: Context) -> dict[str, list[tuple[str, str, int]]]:
    """Add a sheet for each group with tables; return sheet name → title, cell and rows of its tables."""
    listed: dict[str, list[tuple[str, str, int]]] = {}
    count = 1
    for name, group in groups.items():
        sheet = book.create_sheet(name)
        found = chapter_sheets.write(sheet, group, context.say, count)
        if not found:
            book.remove(sheet)
            continue
        count += len(found)
        listed[sheet.title] = found
    return listed


def _data(
    book: Any, context: Context, listed: dict[str, list[tuple[str, str, int]]]
) -> dict[str, list[tuple[str, str]]]:
    """Add sheets of the plan's tables while there is room; return sheet name → headings and names of columns."""
    columns: dict[str, list[tuple[str, str]]] = {}
    identity = 1000
    for name, title, frame in data_sheets.tables(context):
        if len(book.worksheets) >= MOST_SHEETS or len(frame) > data_sheets.MOST_ROWS:
            continue
        sheet = book.create_sheet(_sheet_name(context.say(title)))
        pairs = data_sheets.write(sheet, context, title, frame, identity)
        identity += 1
        listed[sheet.title] = [(context.say(title), f"A{data_sheets.HEAD}", len(frame))]
        columns[sheet.title] = [(heading, f"{name}.{column}") for heading, column in pairs]
    return columns


def _contents(
    sheet: Any,
    context: Context,
    listed: dict[str, list[tuple[str, str, int]]],
    columns: dict[str, list[tuple[str, str]]],
) -> None:
    """Fill the list of contents: sheets and tables with links, where the run comes from, and the columns of the tables."""
    say = context.say
    cells.put(sheet, 1, 1, say(_("Contents")), bold=True, size=15, color=INK)
    cells.put_heading(sheet, 3, [say(_("Sheet")), say(_("Table")), say(_("Rows"))])
    row = 4
    for name, tables in listed.items():
        for at, (title, cell, count) in enumerate(tables or [("", "A1", 0)]):
            if at == 0:
                cells.put_link(sheet, row, 1, name, name)
            if title:
                cells.put_link(sheet, row, 2, title, name, cell)
                cells.put(sheet, row, 3, count, pattern="#,##0")
            row += 1
    row = _notes(sheet, row + 1, context)
    cells.put_heading(sheet, row, [say(_("Sheet")), say(_("Heading")), say(_("Table and column in the run folder"))])
    for name, pairs in columns.items():
        for heading, column in pairs:
            row += 1
            for at, said in enumerate((name, heading, column), start=1):
                cells.put(sheet, row, at, said)
    for letter, wide in zip("ABC", (30.0, 72.0, 40.0), strict=True):
        sheet.column_dimensions[letter].width = wide


def _notes(sheet: Any, row: int, context: Context) -> int:
    """Write where the run comes from and how to read the sheets; return the next free row."""
    say = context.say
    said = (
        _("Capital is overnight and undiscounted; the year is that of the order."),
        _(
            "Sheets of chapters show what the report shows; the other sheets have every row of the plan with exact numbers."
        ),
        _("Hourly tables are in Parquet files of the run folder; xisuan export --to excel has a sheet for each."),
    )
    cells.put(sheet, row, 1, say(_("How to read it")), bold=True, color=INK)
    for one in said:
        cells.put(sheet, row, 2, say(one))
        row += 1
    cells.put(sheet, row, 1, say(_("Where it comes from")), bold=True, color=INK)
    for name, value in context.run.notes.items():
        cells.put(sheet, row, 2, f"{name}: {say(value)}")
        row += 1
    return row + 2


def _lead_back(sheet: Any, contents: str, context: Context) -> None:
    """Write the link to the list of contents, above the first table."""
    cells.put_link(sheet, 2 if sheet.cell(1, 1).value else 1, 1, context.say(_("Contents")), contents)
