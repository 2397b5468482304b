"""All tables of a run in one Excel workbook: one sheet a table, and the meaning of every column on the first sheet."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from xisuan.report.document.blocks import Section
from xisuan.report.pages import page_tables, single_future_page
from xisuan.report.run_context import Context
from xisuan.results.decision_tables import TABLES as DECISIONS
from xisuan.results.plan import TABLES as PLAN_TABLES
from xisuan.results.run import Run
from xisuan.results.schedule import TABLES as SCHEDULE_TABLES
from xisuan.text.translation import Language
from xisuan.text.translation import message as _

MOST_ROWS = 1_048_575
"""What a sheet holds below its header."""
LONG = 50_000
"""Rows above which a table is left to its Parquet file where that lies beside the workbook. Of five times four weeks of
thirty provinces load, flows and backlog have a million rows, most of a minute to write and 37 MB to open, and power
54,000, six seconds."""

OF_DAYS = ("shortfall", "excess", "service", "costs")
"""Tables of the plan operated on other days that the workbook holds."""
OF_A_WEEK = ("shortfall", "excess", "service", "load", "backlog", "flows", "power")
"""Tables of the plan operated on a typical week that the workbook holds: hour by hour."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Text that a spreadsheet might run; it is written with an apostrophe before it."""


def write(
    run: Run,
    path: str | Path,
    language: Language = "en",
    made: Sequence[Section] | None = None,
    *,
    beside: bool = False,
) -> None:
    """Write the tables of the page, then every table of the plan, those of the plan operated on other days (`other_…`)
    and on a typical week (`week_…`), and those a decision rests on.

    `made`: the sections of the page in the language, where they were made before. `beside`: whether the Parquet files of the
    run lie beside the workbook, to which long tables are left then.
    """
    book = openpyxl.Workbook(write_only=True)
    found = dict(tables(run))
    left = {name for name, (frame, _why) in found.items() if beside and len(frame) > LONG}
    pages = list(page_tables.shown(made or single_future_page.sections(run, language)))
    _notes(book, Context(run, language), found, [(name, title) for name, title, _frame in pages], left)
    for name, _title, frame in pages:
        _sheet(book, name, frame)
    for name, (frame, _why) in found.items():
        if name not in left:
            _sheet(book, name, frame)
    book.save(path)


def tables(run: Run) -> Iterator[tuple[str, tuple[pd.DataFrame, Mapping[str, str]]]]:
    """Sheet name → table and the meaning of its columns."""
    for name, frame in run.plan.tables.items():
        yield name, (frame, PLAN_TABLES.get(name, {}))
    for prefix, schedule, names in (("other", run.others, OF_DAYS), ("week", run.week, OF_A_WEEK)):
        made = schedule.tables if schedule is not None else {}
        for name in names:
            if name in made:
                meaning = SCHEDULE_TABLES.get(name) or PLAN_TABLES.get(name, {})
                yield f"{prefix}_{name}", (made[name], meaning)
    if run.alternatives is not None:
        yield "alternatives", (run.alternatives, DECISIONS["alternatives"])
    for name, frame in run.decisions.items():
        yield name, (frame, DECISIONS[name])


def safe(value: object) -> object:
    """A cell's value: numbers as they are, what is missing blank, text that never starts a formula."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float):
        return value
    if hasattr(value, "item"):
        return safe(value.item())
    text = "".join(letter for letter in str(value) if letter >= " " or letter in "\t\n\r")
    return "'" + text if text.startswith(FORMULA_STARTS) else text


UNITS = _("mCNY: million CNY; MW, MWh, Gbps, t CO2; units of work as in the column unit, or of the class")


HOURS = _("an hourly table has the modelled hours of one period, 0 to n−1; their weights are those of the scenario")


def _notes(
    book: openpyxl.Workbook,
    context: Context,
    found: Mapping[str, tuple[pd.DataFrame, Mapping[str, str]]],
    pages: list[tuple[str, str]],
    left: Collection[str],
) -> None:
    """First sheet: where the run comes from, the tables of the page, then every other with its columns and units, also
    those that are `left` to files."""
    say = context.say
    sheet = book.create_sheet(say(_("notes")))
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 24
    sheet.column_dimensions["C"].width = 110
    settings = context.scenario.settings
    lines: list[tuple[object, ...]] = [
        ("xisuan", settings.name, settings.title_zh if context.language == "zh" else settings.title),
        *((name, "", say(value)) for name, value in context.run.notes.items()),
        (
            say(_("units")),
            "",
            say(UNITS),
        ),
        (
            say(_("hours")),
            "",
            say(HOURS),
        ),
        (),
    ]
    for line in lines:
        sheet.append([safe(value) for value in line])
    sheet.append(_bold(sheet, [say(_("table")), "", say(_("tables of the report, by section"))]))
    for name, title in pages:
        sheet.append([safe(name), "", safe(title)])
    sheet.append([])
    sheet.append(_bold(sheet, [say(_("table")), say(_("column")), say(_("meaning"))]))
    for name, (frame, meaning) in found.items():
        for column in frame.columns:
            sheet.append([safe(name), safe(str(column)), safe(meaning.get(str(column), ""))])
        if note := _rows_elsewhere(frame, is_left=name in left):
            sheet.append([safe(name), "", say(note)])


def _rows_elsewhere(frame: pd.DataFrame, *, is_left: bool) -> str:
    """Return where the rows of a table are that its sheet lacks; blank where it has all. `is_left`: it has no sheet."""
    if is_left:
        return _(
            "no sheet: its {all} rows are in a Parquet file of the run folder; xisuan export --to excel has "
            "sheets of all tables, with the first 1,048,575 rows of each",
            all=f"{len(frame):,}",
        )
    if len(frame) > MOST_ROWS:
        return _("first {most} of {all} rows; all are in the run folder", most=f"{MOST_ROWS:,}", all=f"{len(frame):,}")
    return ""


def _sheet(book: openpyxl.Workbook, name: str, frame: pd.DataFrame) -> None:
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    for at, column in enumerate(frame.columns, start=1):
        longest = max([len(str(column)), *(len(str(value)) for value in frame[column].head(200))])
        sheet.column_dimensions[get_column_letter(at)].width = min(44, longest + 3)
    sheet.append(_bold(sheet, [str(column) for column in frame.columns]))
    shown = frame.head(MOST_ROWS)
    for row in zip(*(_values(shown[column]) for column in shown.columns), strict=True):
        sheet.append(row)


def _values(column: pd.Series) -> list[object]:
    """A column made safe; texts repeat, so each is looked at once."""
    if pd.api.types.is_numeric_dtype(column):
        return [safe(value) for value in column.tolist()]
    known = {value: safe(value) for value in column.unique()}
    return [known[value] for value in column]


def _bold(sheet: WriteOnlyWorksheet, texts: list[str]) -> list[WriteOnlyCell]:
    cells = []
    for text in texts:
        cell = WriteOnlyCell(sheet, value=safe(text))
        cell.font = Font(bold=True)
        cells.append(cell)
    return cells
