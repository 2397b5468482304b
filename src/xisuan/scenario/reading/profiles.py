"""Profiles: 8,760 values read from a file, or expanded from rules of hours, months and kinds of day."""

from __future__ import annotations

import datetime
import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.errors import UnreadableError
from xisuan.scenario.reading import cell_parsers, typed_columns
from xisuan.scenario.reading.problems import Findings, shown
from xisuan.scenario.reading.raw_sheets import Sheet
from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Column

_DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)


def spans(text: str, low: int, high: int) -> frozenset[int]:
    """Return the numbers in a text such as `0-6;22-23` (blank: all of low … high); `22-6` wraps around.

    Raises UnreadableError.
    """
    if not text:
        return frozenset(range(low, high + 1))
    out: set[int] = set()
    for part in text.split(";"):
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise UnreadableError("spans-unreadable", low=low, high=high, example=low, between=low + 2, end=high - 1)
        first, last = int(match[1]), int(match[2] or match[1])
        if not (low <= first <= high and low <= last <= high):
            raise UnreadableError("spans-out-of-range", low=low, high=high)
        out |= set(range(first, last + 1)) if first <= last else {*range(first, high + 1), *range(low, last + 1)}
    return frozenset(out)


def calendar(base_year: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return month (1-12), hour of the day (0-23) and weekend flag of each of the 8,760 hours.

    The weekday of 1 January is that of `base_year`; 29 February never exists.
    """
    day = np.arange(units.HOURS_PER_YEAR) // units.HOURS_PER_DAY
    month = np.repeat(np.arange(1, 13), _DAYS_OF_MONTH)[day]
    hour = np.arange(units.HOURS_PER_YEAR) % units.HOURS_PER_DAY
    weekday = (datetime.date(base_year, 1, 1).weekday() + day) % 7
    return month, hour, weekday >= 5


def expand(rules: pd.DataFrame, base_year: int, findings: Findings | None = None) -> pd.DataFrame:
    """Return 8,760 rows with one column for each profile of `profile_rules`; a later row overrides an earlier one.

    Hours without a rule, and unreadable months and hours, are errors, recorded in `findings`. Without `findings`,
    raises ValueError.
    """
    month, hour, weekend = calendar(base_year)
    found = Findings() if findings is None else findings
    curves: dict[str, NDArray[np.float64]] = {}
    for at, row in enumerate(rules.to_dict("records")):
        values = curves.setdefault(row["profile"], np.full(units.HOURS_PER_YEAR, np.nan))
        place = (str(row.get(typed_columns.FILE, "profile_rules")), int(row.get(typed_columns.ROW, at + 1)))
        months = _spans(row["months"], 1, 12, (*place, "months"), found)
        hours = _spans(row["hours"], 0, 23, (*place, "hours"), found)
        days = np.ones_like(weekend) if not row["days"] else weekend == (row["days"] == "weekend")
        values[np.isin(month, list(months)) & np.isin(hour, list(hours)) & days] = row["value"]
    for name, values in curves.items():
        gaps = int(np.isnan(values).sum())
        if gaps:
            found.error("profile_rules", "", "profile", name, "profile-hours-missing", count=gaps)
            values[np.isnan(values)] = 1.0
    if findings is None and found.failed:
        raise ValueError("\n".join(str(problem) for problem in found.problems))
    return pd.DataFrame(curves, index=pd.RangeIndex(units.HOURS_PER_YEAR))


def _spans(text: str, low: int, high: int, place: tuple[str, int, str], found: Findings) -> frozenset[int]:
    """Return `spans`, or the whole range with the problem recorded."""
    try:
        return spans(text, low, high)
    except UnreadableError as problem:
        found.fault(*place, text, problem.problem)
        return frozenset(range(low, high + 1))


def read(sheet: Sheet, findings: Findings) -> pd.DataFrame | None:
    """Return the table `profiles` sorted by hour (hour, annotations, one column a profile), or None without hours."""
    table = tables.BY_NAME["profiles"]
    fixed = {column.name: column for column in table.all_columns}
    if "hour" not in sheet.columns:
        findings.error(sheet.file, 1, "hour", "", "hour-column-missing")
        return None
    hours, faults = typed_columns.typed(sheet.columns["hour"], fixed["hour"])
    for at, problem in faults.items():
        findings.fault(sheet.file, sheet.lines[at], "hour", sheet.columns["hour"][at], problem)
    data: dict[str, NDArray[np.float64]] = {}
    for name in [name for name in sheet.columns if name not in fixed]:
        if cell_parsers.looks_like_number(name) or len(name) > cell_parsers.LONGEST_NAME or not name.isprintable():
            findings.error(sheet.file, 1, name, "", "profile-name-invalid")
        else:
            data[name] = _values(sheet, name, findings)
    order = _order(hours, sheet.file, findings)
    notes = {name: _notes(sheet, fixed[name], findings) for name in fixed if name != "hour" and name in sheet.columns}
    whole = {"hour": np.arange(units.HOURS_PER_YEAR, dtype=np.float64)}
    return typed_columns.as_frame(whole | {name: values[order] for name, values in (notes | data).items()})


def _order(hours: NDArray[np.float64], file: str, findings: Findings) -> NDArray[np.int64]:
    """Return the row of each hour of the year; if hours are missing or repeated, record it and return any rows."""
    every = units.HOURS_PER_YEAR
    unique = np.unique(hours)
    if len(hours) != every:
        findings.error(file, "", "hour", "", "profile-length", count=len(hours), wanted=every)
    elif len(unique) != every:
        twice = unique[np.unique(hours, return_counts=True)[1] > 1]
        findings.error(file, "", "hour", shown(float(twice[0])), "hour-repeated")
    order = np.argsort(hours, kind="stable")
    return np.resize(order, every) if len(order) else np.zeros(every, dtype=np.int64)


def _values(sheet: Sheet, name: str, findings: Findings) -> NDArray[np.float64]:
    """Return the values of a profile column, recording cells that cannot be read."""
    cells = sheet.columns[name]
    column = Column(name, "number", "a value for every hour", required=True)
    values, faults = typed_columns.typed(cells, column)
    for at, problem in faults.items():
        value = "" if cell_parsers.is_blank(cells[at]) else cells[at]
        findings.fault(sheet.file, sheet.lines[at], name, value, problem)
    return values if len(values) else np.ones(1)


def _notes(sheet: Sheet, column: Column, findings: Findings) -> NDArray[np.object_]:
    """Return the texts of an annotation column, recording cells that cannot be read."""
    cells = sheet.columns[column.name]
    values, faults = typed_columns.typed(cells, column)
    for at, problem in faults.items():
        findings.fault(sheet.file, sheet.lines[at], column.name, cells[at], problem)
    return values if len(values) else np.array([""], dtype=object)
