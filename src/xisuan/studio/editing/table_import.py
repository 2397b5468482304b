"""Import of one table from a file: what it would change, row by row and cell by cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xisuan.scenario.schema.column_types import Table
from xisuan.studio.editing import table_merge, table_rows
from xisuan.studio.editing.version_diff import Change
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

NUMERIC = ("number", "count", "year", "series")
"""Kinds of columns that hold numbers."""
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows of a file as text, and the columns of the table that it has, in its order."""

    columns: list[str]
    rows: list[table_rows.Row]


@dataclass(frozen=True, slots=True)
class Preview:
    """A table after an import, what that changes, and the number of its rows that the file does not have.

    Each row comes with its place in the table before; None for a new row.
    """

    rows: list[tuple[int | None, table_rows.Row]]
    changes: list[Change]
    absent: int


def compare(name: str, mine: Sequence[Mapping[str, Any]], found: Imported, remove: bool) -> Preview:
    """Return the table `mine` with the rows of a file; with `remove`, without those that the file does not have.

    Rows are matched by their keys. Columns that the file does not have keep their values. A table whose rows have no
    key is replaced. Raises RefusedError.
    """
    table = table_rows.table(name)
    if not table.row_keys:
        return _replace(name, mine, found)
    if "period" in table.row_keys and "period" not in found.columns and any(row.get("period") for row in mine):
        raise RefusedError(
            422, _("the file has no column {column}, which tells the rows apart; add it", column="period")
        )
    incoming = table_merge.by_key(name, found.rows)
    table_merge.by_key(name, mine)  # keys must be unique
    numeric = {column.name for column in table.all_columns if column.kind in NUMERIC}
    rows: list[tuple[int | None, table_rows.Row]] = []
    changes, absent = [], 0
    for at, given in enumerate(mine):
        if not table_rows.holds(given):
            continue
        row = _texts(given)
        key = tuple(row.get(column, "") for column in table.row_keys)
        label = _label(key)
        fresh = incoming.pop(key, None)
        if fresh is None:
            absent += 1
            if remove:
                changes.append(Change(name, label, "", "", "", "removed"))
            else:
                rows.append((at, row))
            continue
        changed = {
            column: fresh.get(column, "")
            for column in found.columns
            if not _is_same(row.get(column, ""), fresh.get(column, ""), column in numeric)
        }
        changes += [
            Change(name, label, column, row.get(column, ""), value, "changed") for column, value in changed.items()
        ]
        rows.append((at, {**row, **changed}))
    rows += [(None, row) for row in incoming.values()]
    changes += [Change(name, _label(key), "", "", _values(table, row), "added") for key, row in incoming.items()]
    return Preview(rows, changes, absent)


def _replace(name: str, mine: Sequence[Mapping[str, Any]], found: Imported) -> Preview:
    """Return the rows of a file in place of those of a table without keys."""
    kept = [(at, _texts(row)) for at, row in enumerate(mine) if table_rows.holds(row)]
    old, new = [_cells(row) for _at, row in kept], [_cells(row) for row in found.rows]
    if old == new:
        return Preview([*kept], [], 0)
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    changes = [Change(name, "", "", _named(cells), "", "removed") for cells in gone.elements()]
    changes += [Change(name, "", "", "", _named(cells), "added") for cells in come.elements()]
    if not changes:  # another order
        moved = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
        changes = [Change(name, "", "", _named(one), _named(other), "changed") for one, other in moved]
    return Preview([(None, row) for row in found.rows], changes, 0)


def _cells(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the cells of a row that are not blank, by column."""
    return tuple(sorted((column, text) for column, value in row.items() if (text := str(value or "").strip())))


def _named(cells: tuple[tuple[str, str], ...]) -> str:
    return " · ".join(f"{column} {text}" for column, text in cells)


def _texts(row: Mapping[str, Any]) -> table_rows.Row:
    return {column: str(value).strip() for column, value in row.items() if value is not None}


def _label(key: Sequence[str]) -> str:
    return " · ".join(part for part in key if part)


def _values(table: Table, row: Mapping[str, Any]) -> str:
    """Return the values of a row that are not its key."""
    own = [column.name for column in table.all_columns if column.name not in table.row_keys]
    columns = [*own, *(column for column in row if column not in own and column not in table.row_keys)]
    return " · ".join(text for column in columns if (text := str(row.get(column) or "").strip()))


def _is_same(one: str, other: str, is_number: bool) -> bool:
    """Return True if two cells have the same text, or in a column of numbers the same number."""
    if one == other or not is_number:
        return one == other
    return bool(NUMBER.fullmatch(one) and NUMBER.fullmatch(other)) and float(one) == float(other)
