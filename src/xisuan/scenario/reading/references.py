"""References between tables and to profiles. A row whose key refers to a missing row is reported and left out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.errors import Problem
from xisuan.scenario.reading import typed_columns
from xisuan.scenario.reading.layers import Frames, identities
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Column, Table
from xisuan.text.translation import message as _

_OF_PROFILE = {
    "value-below-minimum": "profile-below-minimum",
    "value-not-above-minimum": "profile-not-above-minimum",
    "value-above-maximum": "profile-above-maximum",
}
"""Code of a value beyond a bound → code of a profile that goes beyond it."""
Mask = NDArray[np.bool_]
Extremes = Mapping[str, tuple[float, float]]
"""Smallest and largest value of each profile."""


def resolve(frames: Frames, curves: pd.DataFrame, lost: Set[str], findings: Findings) -> Frames:
    """Return the frames without rows whose key refers to a missing row; other broken references become defaults.

    References to a lost table are not checked. Rows that refer to a removed row are removed too, without a report.
    """
    original = identities(frames)
    reported: set[tuple[str, str, int, str]] = set()
    least = _extremes(curves)
    frames = {name: _profiles(frame, tables.BY_NAME[name], least, lost, findings) for name, frame in frames.items()}
    while True:
        known = identities(frames)
        count = sum(map(len, frames.values()))
        for table in (table for table in tables.TABLES if len(frames[table.name])):
            wrong: dict[Column, Mask] = {}
            for column in table.columns:
                if column.refers and column.refers != ("profiles",) and lost.isdisjoint(column.refers):
                    seen = (
                        set().union(*(original[kind] for kind in column.refers)),
                        set().union(*(known[kind] for kind in column.refers)),
                    )
                    wrong[column] = _is_missing(frames[table.name], table, column, seen, reported, findings)
            frames[table.name] = _without(frames[table.name], wrong)
        if sum(map(len, frames.values())) == count:
            return _on_nodes(frames)


def absent(frames: Frames, lost: Set[str], findings: Findings) -> set[str]:
    """Return the tables without rows that other tables refer to; each is reported once.

    Where a column may refer to one of several tables (nodes or regions), all are absent and the last is reported.
    """
    by: dict[tuple[str, ...], list[str]] = {}
    for table in (table for table in tables.TABLES if len(frames[table.name])):
        for column in table.columns:
            kinds = column.refers
            if not kinds or kinds == ("profiles",) or not lost.isdisjoint(kinds):
                continue
            empty = all(kind in frames and frames[kind].empty for kind in kinds)
            if empty and any(frames[table.name][column.name]) and table.name not in by.setdefault(kinds, []):
                by[kinds].append(table.name)
    gone: dict[str, list[str]] = {}
    for kinds, named in by.items():
        gone.setdefault(kinds[-1], []).extend(named)
    for name, named in gone.items():
        said = ", ".join(dict.fromkeys(named))
        if said:
            findings.error(f"{name}.csv", "", "", "", "table-missing", tables=said)
    return {kind for kinds, named in by.items() if named for kind in kinds}


def _on_nodes(frames: Frames) -> Frames:
    """Replace regions by their nodes as ends of links and traffic and as nodes of sites."""
    regions, nodes = (frames["regions"][name].tolist() for name in ("region", "node"))
    taken = {*frames["nodes"]["node"], *nodes}
    first = dict(zip(reversed(regions), reversed(nodes), strict=True))
    moved = {region: node for region, node in first.items() if region not in taken}
    if not moved:
        return frames
    ends = {"links": ("from", "to"), "sites": ("node",)}
    return frames | {
        table: frames[table].assign(**{name: _moved(frames[table][name], moved) for name in names})
        for table, names in ends.items()
        if len(frames[table])
    }


def _moved(ends: pd.Series[Any], moved: Mapping[str, str]) -> pd.Series[Any]:
    """Return the ends with regions replaced by nodes."""
    return pd.Series([moved.get(end, end) for end in ends], index=ends.index, dtype=object)


def _is_missing(
    frame: pd.DataFrame,
    table: Table,
    column: Column,
    seen: tuple[set[str], set[str]],
    reported: set[tuple[str, str, int, str]],
    findings: Findings,
) -> Mask:
    """Return True for cells of a column that refer to a missing row. `seen`: names originally given, and those left."""
    given, left = seen
    wrong = np.array([bool(cell) and cell not in left for cell in frame[column.name]], dtype=bool)
    if not wrong.any():
        return wrong
    where, files = " or ".join(column.refers), " or ".join(f"{name}.csv" for name in column.refers)
    for file, line, value in _places(frame, column.name, wrong):
        mark = (file, table.name, line, column.name)
        if value not in given and mark not in reported:
            reported.add(mark)
            findings.error(
                file,
                line,
                column.name,
                value,
                "reference-unknown",
                tables=where,
                hint=findings.suggest_row(value, given, files),
            )
    return wrong


def _without(frame: pd.DataFrame, wrong: Mapping[Column, Mask]) -> pd.DataFrame:
    """Return the frame with blanks for broken references, and without rows whose key is one."""
    keep = np.ones(len(frame), dtype=bool)
    for column, cells in wrong.items():
        if not cells.any():
            continue
        if column.required:
            keep &= ~cells
        else:
            frame = _marked(frame, column.name, cells, "")
    return frame if keep.all() else frame[keep].reset_index(drop=True)


def _places(frame: pd.DataFrame, column: str, wrong: Mask) -> list[tuple[str, int, str]]:
    """Return file, line and value of the wrong cells of a column."""
    cells = frame.loc[wrong, [typed_columns.FILE, typed_columns.ROW, column]]
    return list(zip(*(cells[name].tolist() for name in cells.columns), strict=True))


def _marked(frame: pd.DataFrame, column: str, wrong: Mask, value: object) -> pd.DataFrame:
    """Return the frame with `value` in the wrong cells of a column, and the cells marked as bad."""
    cells = frame[column].copy()
    cells[wrong] = value
    marks = [mark | {column} if bad else mark for mark, bad in zip(frame[typed_columns.BAD], wrong, strict=True)]
    return frame.assign(**{column: cells, typed_columns.BAD: pd.Series(marks, index=frame.index, dtype=object)})


def _profiles(
    frame: pd.DataFrame, table: Table, extremes: Extremes, lost: Set[str], findings: Findings
) -> pd.DataFrame:
    """Check that profiles named in cells exist and keep the column's bounds; replace the others by a default."""
    for column in table.columns if len(frame) else ():
        if not (column.kind == "series" or column.refers == ("profiles",)):
            continue
        cells = frame[column.name].tolist()
        faults = {
            cell: problem
            for cell in dict.fromkeys(cell for cell in cells if isinstance(cell, str) and cell)
            if (problem := _fault(cell, column, extremes, lost, findings))
        }
        wrong = np.array([isinstance(cell, str) and cell in faults for cell in cells], dtype=bool)
        if wrong.any():
            for file, line, cell in _places(frame, column.name, wrong):
                findings.fault(file, line, column.name, cell, faults[cell])
            spare = "" if column.kind != "series" else math.nan if column.default is None else column.default
            frame = _marked(frame, column.name, wrong, spare)
    return frame


def _extremes(curves: pd.DataFrame) -> Extremes:
    """Return the smallest and largest value of each profile."""
    values = curves.to_numpy(dtype=np.float64)
    if not values.size:
        return {}
    return dict(zip(curves.columns, zip(values.min(axis=0), values.max(axis=0), strict=True), strict=True))


def _fault(
    name: str,
    column: Column,
    extremes: Extremes,
    lost: Set[str],
    findings: Findings,
) -> Problem | None:
    """Return the problem of a profile named in `column`, or None."""
    if name not in extremes:
        if not lost.isdisjoint(("profiles", "profile_rules")):
            return None
        code = "profile-or-number-unknown" if column.kind == "series" else "profile-unknown"
        hint = findings.suggest(name, extremes)
        return Problem(code, hint=_("; {hint}", hint=hint) if hint else "")
    least, largest = extremes[name]
    for found in (least, largest):
        for outside, problem in typed_columns.bounds(np.array([found]), column):
            if outside[0]:
                return Problem(_OF_PROFILE[problem.code], found=found, **problem.values)
    return None
