"""The tables of the page as data frames, one for each table shown; cells that are numbers stay numbers.

They go into `tables.xlsx`, in the language of the page, and as Parquet files into the folder `shown` of a run, in
English, so that their names do not change with the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from xisuan.report.document.blocks import Bars, Beside, Block, Cell, Choice, Row, Section, Table
from xisuan.report.pages import single_future_page
from xisuan.results.run import Run
from xisuan.results.storage.parquet_files import with_arrow_texts
from xisuan.text.numbers import MISSING

FOLDER = "shown"
GROUP = "group"
"""Column of the headings between rows."""
NUMBER = re.compile(r"[+−]?[\d,]*\.?\d+")


def shown(sections: Iterable[Section]) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield name, title and frame of each table and each chart of columns on the page.

    The name consists of the number of the section, its name and the position in it.
    """
    for section in sections:
        for at, (title, table) in enumerate(tables(section.blocks), start=1):
            frame = _frame(table) if isinstance(table, Table) else _columns(table)
            if len(frame):
                yield f"{section.number:02d}_{section.name}_{at}", title, frame


def write(run: Run, folder: Path, made: Sequence[Section] | None = None) -> None:
    """Write each table of the page as a Parquet file. `made`: sections of the English page, if they exist already."""
    folder.mkdir()
    for name, _, frame in shown(made or single_future_page.sections(run, "en")):
        with_arrow_texts(frame).to_parquet(folder / f"{name}.parquet", index=False)


def tables(blocks: tuple[Block, ...], before: str = "") -> Iterator[tuple[str, Table | Bars]]:
    """Return tables and charts in the order of the page, with their titles; those of a choice begin with what is chosen."""
    for block in blocks:
        if isinstance(block, Table | Bars):
            yield before + block.title, block
        elif isinstance(block, Beside):
            yield from tables(block.blocks, before)
        elif isinstance(block, Choice):
            for name, group in zip(block.names, block.groups, strict=True):
                yield from tables(group, f"{name}: ")


def _frame(table: Table) -> pd.DataFrame:
    heads = _unique([f"{column.title} ({column.unit})" if column.unit else column.title for column in table.columns])
    grouped = any(row.kind == "group" for row in table.rows)
    heading, rows = "", []
    for row in table.rows:
        if row.kind == "group":
            heading = row.cells[0].text
            continue
        values = _values(row, [column.number for column in table.columns])
        rows.append([heading, *values] if grouped else values)
    frame = pd.DataFrame(rows, columns=[GROUP, *heads] if grouped else heads, dtype=object)
    return frame.apply(_of_one_kind)


def _columns(chart: Bars) -> pd.DataFrame:
    """Return the numbers behind a chart of columns."""
    rows = [[series.name, *series.values] for series in chart.series]
    heads = _unique(["", *(f"{name} ({chart.unit})" for name in chart.categories)])
    return pd.DataFrame(rows, columns=heads)


def _unique(names: list[str]) -> list[str]:
    """Return names made unique by a number after repeated ones."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found


def _values(row: Row, numbers: list[bool]) -> list[object]:
    return [_value(cell, number) for cell, number in zip(row.cells, numbers, strict=True)]


def _value(cell: Cell, number: bool) -> object:
    """Return the number behind a cell or in its text, otherwise the text; None for a dash or a blank."""
    if cell.text == MISSING or (not cell.text and cell.value is None):
        return None
    if not number:
        return cell.text
    if cell.value is not None:
        return float(cell.value)
    if NUMBER.fullmatch(cell.text):
        return float(cell.text.replace(",", "").replace("−", "-"))
    return cell.text


def _of_one_kind(column: pd.Series) -> pd.Series:
    """Return numbers if all values are numbers, otherwise texts: a Parquet column holds one kind."""
    given = column.dropna()
    if len(given) and all(isinstance(value, float) for value in given):
        return column.astype(float)
    return column.map(lambda value: None if value is None else f"{value:g}" if isinstance(value, float) else str(value))
