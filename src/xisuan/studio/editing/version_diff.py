"""Differences between two versions of a scenario: row by row, matched by the keys of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xisuan.scenario.schema import tables
from xisuan.studio.editing import table_rows

OPTIONS = "scenario.toml"
"""Name that stands for a table in changes of options."""
MOST = 500
"""Changes listed of one table."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs, or one row (then `column` is blank) that was added or removed.

    For a row without a key, `before` or `after` holds its values.
    """

    table: str
    row: str
    column: str
    before: str
    after: str
    kind: Literal["changed", "added", "removed"]


def between(before: Path, after: Path) -> list[Change]:
    """Return the changes from one folder to another, options first."""
    one, other = table_rows.options(before), table_rows.options(after)
    keys = [key for key in dict.fromkeys((*one, *other)) if one.get(key, "") != other.get(key, "")]
    out = [Change(OPTIONS, "", key, one.get(key, ""), other.get(key, ""), "changed") for key in keys]
    for name in tables.BY_NAME:
        if _bytes(before, name) != _bytes(after, name):
            out += _table(name, before, after)[:MOST]
    return out


def _bytes(folder: Path, name: str) -> bytes:
    path = folder / f"{name}.csv"
    return path.read_bytes() if path.is_file() else b""


def _table(name: str, before: Path, after: Path) -> list[Change]:
    one, other = _keyed(name, before), _keyed(name, after)
    out = [Change(name, key, "", _held(name, row), "", "removed") for key, row in one.items() if key not in other]
    out += [Change(name, key, "", "", _held(name, row), "added") for key, row in other.items() if key not in one]
    for key, row in other.items():
        was = one.get(key)
        if was is not None:
            columns = dict.fromkeys((*was, *row))
            changed = [column for column in columns if was.get(column, "") != row.get(column, "")]
            out += [
                Change(name, key, column, was.get(column, ""), row.get(column, ""), "changed") for column in changed
            ]
    return out


def _held(name: str, row: table_rows.Row) -> str:
    """Return the values of a row without a key, in the table's own columns."""
    if tables.BY_NAME[name].keys:
        return ""
    return " · ".join(value for column in tables.BY_NAME[name].columns if (value := row.get(column.name, "").strip()))


def _keyed(name: str, folder: Path) -> dict[str, table_rows.Row]:
    """Return rows by key; rows with the same key get a number."""
    keys = tables.BY_NAME[name].keys
    names = keys if "period" in keys or not tables.BY_NAME[name].dated else (*keys, "period")
    out: dict[str, table_rows.Row] = {}
    for row in table_rows.read(folder, name)[1]:
        key = " / ".join(part for part in (row.get(column, "").strip() for column in names) if part)
        again = 2
        full = key
        while full in out:
            full, again = f"{key} ({again})", again + 1
        out[full] = row
    return out
