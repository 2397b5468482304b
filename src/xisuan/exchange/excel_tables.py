"""All tables of a run as an Excel workbook for programs: a sheet a table, with the columns of the Parquet files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from xisuan.exchange.scenario_workbook import FORMULA_STARTS
from xisuan.results.decision_tables import TABLES as DECISIONS
from xisuan.results.plan import TABLES as PLAN_TABLES
from xisuan.results.run import Run
from xisuan.results.schedule import TABLES as SCHEDULE_TABLES

MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its heading."""
LONGEST_NAME = 31
OF_DAYS = ("shortfall", "excess", "service", "costs")
"""Tables of the plan operated on other days that the workbook holds."""
OF_A_WEEK = ("shortfall", "excess", "service", "load", "backlog", "flows", "power")
"""Tables of the plan operated on a typical week that the workbook holds: hour by hour."""


def write_tables(run: Run, path: Path) -> None:
    """Write every table of the plan, of its operation and of its decisions, up to 1,048,575 rows of each.

    The first sheet has the meaning of each column.
    """
    book = openpyxl.Workbook(write_only=True)
    meanings = book.create_sheet("columns")
    meanings.append(["table", "column", "meaning"])
    for name, (frame, meaning) in tables(run):
        for column in frame.columns:
            meanings.append([name, str(column), _cell(meanings, meaning.get(str(column), ""))])
        sheet = book.create_sheet(name[:LONGEST_NAME])
        sheet.freeze_panes = "A2"
        sheet.append([str(column) for column in frame.columns])
        for row in frame.head(MOST_ROWS).itertuples(index=False):
            sheet.append([_cell(sheet, value) for value in row])
    book.save(path)


def tables(run: Run) -> Iterator[tuple[str, tuple[pd.DataFrame, Mapping[str, str]]]]:
    """Return sheet name, table and meaning of its columns, for each table of the run."""
    for name, frame in run.plan.tables.items():
        yield name, (frame, PLAN_TABLES.get(name, {}))
    for prefix, schedule, names in (("other", run.others, OF_DAYS), ("week", run.week, OF_A_WEEK)):
        found = schedule.tables if schedule is not None else {}
        for name in names:
            if name in found:
                yield f"{prefix}_{name}", (found[name], SCHEDULE_TABLES.get(name) or PLAN_TABLES.get(name, {}))
    if run.alternatives is not None:
        yield "alternatives", (run.alternatives, DECISIONS["alternatives"])
    for name, frame in run.decisions.items():
        yield name, (frame, DECISIONS[name])


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    """Return a cell: numbers as numbers, what is missing blank, text that no spreadsheet runs."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    text = "".join(letter for letter in str(value) if letter >= " " or letter in "\t\n\r")
    if not text.startswith((*FORMULA_STARTS, "\t", "\r")):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.quotePrefix = "s", True
    return cell
