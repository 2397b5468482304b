"""Typed columns from raw cells: numbers, years, flags, names, series; each error with its row and remedy."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.errors import Problem, UnreadableError
from xisuan.scenario.reading import remedies
from xisuan.scenario.reading.cell_parsers import LARGEST, LONGEST_NAME, PARSERS, is_blank
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.reading.raw_sheets import Cells, Sheet
from xisuan.scenario.schema.column_types import Column, Table, described
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.text.translation import Message, translate
from xisuan.text.translation import message as _

Array = NDArray[np.float64]

_DIGITS = frozenset("0123456789+-.eE")
_CHINESE = re.compile("[\u4e00-\u9fff]")

FILE, ROW, BAD = "_file", "_row", "_bad"
"""Extra columns while reading: file and line of a row, and its columns that could not be read."""
MOST_FAULTS = 100_000
"""Unreadable cells of a table after which the rest of it is not read: it is damaged, or no table of this kind."""


def frame(sheet: Sheet, table: Table, findings: Findings, *, inherits: bool = False) -> pd.DataFrame | None:
    """Return typed rows with FILE, ROW and BAD, or None, with the problem recorded, if a required column is missing or
    too many cells cannot be read. Rows that inherit what they leave out need only the columns of their key.

    An unreadable cell becomes the value of a blank (or a harmless number) so that other checks can go on. A row whose
    name is missing is left out.
    """
    if not _columns_hold(sheet, table, inherits, findings):
        return None
    count = len(sheet.lines)
    bad: list[frozenset[str]] = [frozenset()] * count
    keep = np.ones(count, dtype=bool)
    data: dict[str, Any] = {}
    unread = 0
    for column in table.all_columns:
        cells = sheet.columns.get(column.name)
        values, faults = typed(cells, column) if cells is not None else (_blank(column, count), {})
        for at, problem in faults.items():
            value = "" if cells is None or is_blank(cells[at]) else cells[at]
            findings.fault(sheet.file, sheet.lines[at], column.name, value, problem)
            bad[at] |= {column.name}
            keep[at] &= not (column.required and column.kind in ("name", "choice"))
        data[column.name] = values
        unread += len(faults)
        if unread > MOST_FAULTS:
            findings.error(sheet.file, "", "", "", "table-unreadable", most=MOST_FAULTS)
            return None
    for column in table.all_columns:
        if column.default_from:
            blank = data[column.name] == ""
            data[column.name] = np.where(blank, data[column.default_from], data[column.name])
    data |= {FILE: np.full(count, sheet.file, dtype=object), ROW: np.asarray(sheet.lines, dtype=np.int64)}
    marks = np.empty(count, dtype=object)
    marks[:] = bad
    rows = as_frame(data | {BAD: marks})
    return rows[keep].reset_index(drop=True)


@lru_cache(maxsize=64)
def empty(name: str) -> pd.DataFrame:
    """Return the typed frame of a table without rows, with FILE, ROW and BAD. Cached: callers must not change it."""
    table = BY_NAME[name]
    data: dict[str, Any] = {column.name: _blank(column, 0) for column in table.all_columns}
    nothing = np.empty(0, dtype=object)
    return as_frame(data | {FILE: nothing, ROW: np.empty(0, dtype=np.int64), BAD: nothing})


def tidy(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the frame of a table without FILE, ROW and BAD."""
    return _tidy(name).copy(deep=False) if frame.empty else frame.drop(columns=[FILE, ROW, BAD])


@lru_cache(maxsize=64)
def _tidy(name: str) -> pd.DataFrame:
    """Return the empty frame of a table without FILE, ROW and BAD, cached."""
    return empty(name).drop(columns=[FILE, ROW, BAD])


def as_frame(data: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
    """Return arrays as a frame with their own dtypes, so that pandas does not convert text."""
    index = pd.RangeIndex(len(next(iter(data.values()))))
    columns = {name: pd.Series(values, index=index, dtype=values.dtype) for name, values in data.items()}
    return pd.DataFrame(columns, index=index)


def _columns_hold(sheet: Sheet, table: Table, inherits: bool, findings: Findings) -> bool:
    """Return True if all required columns exist, those of the key only if other columns are inherited.

    Unknown columns are recorded; the column that one of them probably means is not reported missing as well.
    """
    names = [column.name for column in table.all_columns]
    meant: set[str] = set()
    for name in sheet.columns:
        if name not in names:
            spare = [known for known in names if known not in sheet.columns]
            hint = _header(name, table, spare) or findings.suggest(name, spare)
            meant |= {str(one) for one in hint.values.values()} if isinstance(hint, Message) else set()
            findings.error(sheet.file, 1, name, "", "column-unknown", hint=hint)
    lacking = [
        column
        for column in table.columns
        if column.required and column.name not in sheet.columns and (column.name in table.keys or not inherits)
    ]
    for column in lacking:
        if column.name not in meant:
            findings.fault(sheet.file, 1, column.name, "", remedies.missing(column))
    return not lacking


def _header(name: str, table: Table, spare: Sequence[str]) -> str:
    """Return a hint for a Chinese header: the column with that meaning, or the English headers; blank for others."""
    if not _CHINESE.search(name):
        return ""
    for column in table.all_columns:
        if column.name in spare and translate(described(column.meaning), "zh") == name.strip():
            return _("headers are English; write {name}", name=column.name)
    return _("headers are English: {names}", names=", ".join(spare))


def _blank(column: Column, count: int) -> NDArray[Any]:
    """Return `count` blanks of a column."""
    if column.kind in ("number", "count", "year"):
        return np.full(count, math.nan if column.default is None else float(column.default))
    if column.kind == "flag":
        return np.full(count, bool(column.default))
    out = np.empty(count, dtype=object)
    if column.kind == "series":
        out[:] = math.nan if column.default is None else float(column.default)
    else:
        out[:] = "" if column.default is None else str(column.default)
    return out


def typed(cells: Cells, column: Column) -> tuple[NDArray[Any], dict[int, Problem]]:
    """Return the values of a column and, by position, the problem of each unreadable cell."""
    fast = _FAST.get(column.kind, _never)(cells)
    values, faults = (fast, {}) if fast is not None else _one_by_one(cells, column)
    _check_bounds(values, column, faults)
    _fill(values, column, faults)
    return values, faults


def _one_by_one(cells: Cells, column: Column) -> tuple[NDArray[Any], dict[int, Problem]]:
    """Return `typed` before bounds and defaults, cell by cell. Repeated text is parsed once."""
    parse = PARSERS[column.kind]
    values, faults = _blank(column, len(cells)), {}
    before: dict[str, Any] = {}
    for place, cell in enumerate(cells):
        if isinstance(cell, str) and cell in before:
            values[place] = before[cell]
            continue
        try:
            values[place] = parse(cell, column)
        except UnreadableError as problem:
            faults[place] = problem.problem
            if len(faults) > MOST_FAULTS:
                break
        else:
            if isinstance(cell, str):
                before[cell] = values[place]
    return values, faults


def numbers(cells: Cells) -> Array | None:
    """Return all cells as numbers with blanks as NaN, or None if some cell needs parsing on its own."""
    if isinstance(cells, np.ndarray):
        values = cells.astype(np.float64)
    elif (kinds := set(map(type, cells))) <= {str}:
        if not _DIGITS.issuperset("".join(cells).replace(" ", "")):
            return None
        try:
            values = np.array([float(text) if (text := cell.strip()) else math.nan for cell in cells], dtype=np.float64)
        except ValueError:
            return None
    elif kinds <= {int, float}:
        try:
            values = np.array(cells, dtype=np.float64)
        except OverflowError:
            return None
    else:
        return None
    return None if (np.abs(values) > LARGEST).any() else values


def texts(cells: Cells) -> NDArray[Any] | None:
    """Return all cells stripped, or None if some cell needs parsing on its own."""
    if isinstance(cells, np.ndarray) or not set(map(type, cells)) <= {str}:
        return None
    stripped = [cell.strip() for cell in cells]
    if not "".join(stripped).isprintable() or max(map(len, stripped), default=0) > LONGEST_NAME:
        return None
    out = np.empty(len(stripped), dtype=object)
    out[:] = stripped
    return out


def _never(cells: Cells) -> None:
    """Return None: the kind is read cell by cell."""


_FAST: dict[str, Callable[[Cells], NDArray[Any] | None]] = {
    "number": numbers,
    "count": numbers,
    "year": numbers,
    "name": texts,
    "text": texts,
}
"""Kinds whose cells are converted all at once if none needs parsing on its own."""


def bounds(values: Array, column: Column) -> Sequence[tuple[NDArray[np.bool_], Problem]]:
    """Return for each bound of the column that a value is beyond a mask of such values, and the problem."""
    high = "latitude-above-maximum" if column.name == "lat" else "value-above-maximum"
    sides = (
        (column.low, np.less, "value-below-minimum"),
        (column.above, np.less_equal, "value-not-above-minimum"),
        (column.high, np.greater, high),
    )
    return [
        (outside, remedies.beyond(column, code, bound))
        for bound, is_beyond, code in sides
        if bound is not None and (outside := is_beyond(values, bound)).any()
    ]


def _check_bounds(values: NDArray[Any], column: Column, faults: dict[int, Problem]) -> None:
    """Record numbers that are not whole where they must be, or beyond the column's bounds."""
    if column.kind in ("number", "count", "year"):
        amounts = values
        if column.kind != "number":
            for at in np.flatnonzero(~np.isnan(amounts) & (amounts != np.floor(amounts))):
                faults.setdefault(int(at), Problem("not-a-whole-number"))
    elif column.kind == "series":
        amounts = np.array([value if isinstance(value, float) else math.nan for value in values], dtype=np.float64)
    else:
        return
    for outside, what in bounds(amounts, column):
        for at in np.flatnonzero(outside):
            faults.setdefault(int(at), what)


def _fill(values: NDArray[Any], column: Column, faults: dict[int, Problem]) -> None:
    """Fill blanks with defaults, record blanks of required columns, and replace unreadable cells."""
    if column.kind == "flag":
        return
    blank = values == "" if column.kind in ("name", "text", "choice") else pd.isna(values)
    if column.required:
        for at in np.flatnonzero(blank):
            faults.setdefault(int(at), remedies.blank(column))
    if column.default is not None:
        values[blank] = column.default
    for fault in faults:
        values[fault] = _spare(column)


def _spare(column: Column) -> float | str:
    """Return the replacement of an unreadable cell, so that the other checks can go on."""
    if column.kind in ("name", "text", "choice"):
        return "" if column.default is None else str(column.default)
    if column.default is not None:
        return float(column.default)
    if not column.required:
        return math.nan
    return max(1.0, column.low or 0.0) if column.kind != "count" else float(column.low or 0.0)
