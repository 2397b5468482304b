"""Three-way merge of a table: the changes of two people to the same version, cell by cell, by the keys of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xisuan.studio.editing import table_rows
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

Key = tuple[str, ...]
Row = dict[str, str]
ROW = ""
"""Column of a conflict about a whole row, which one of the two has deleted."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that both have changed in different ways, or a row (`column` blank) that one deleted and one changed."""

    key: Key
    column: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Rows with the changes of both, conflicts decided for theirs, and the conflicts."""

    rows: list[Row] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def merge(
    name: str, base: Sequence[Mapping[str, Any]], mine: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]
) -> Merge:
    """Return the changes of `mine` and `theirs` to `base` as one table.

    Raises RefusedError if keys are not unique, and for rows without a key that both have changed.
    """
    if not table_rows.table(name).row_keys:
        return _one_of(name, base, mine, theirs)
    old, own, other = (by_key(name, rows) for rows in (base, mine, theirs))
    out = Merge()
    for key, row in other.items():
        if key in own:
            out.rows.append(_cells(key, old.get(key, {}), own[key], row, out.conflicts))
        elif key not in old:
            out.rows.append(row)
        elif row != old[key]:
            out.rows.append(row)
            out.conflicts.append(Conflict(key, ROW, _shown(old[key]), "", _shown(row)))
    for key, row in own.items():
        if key in other:
            continue
        if key not in old:
            out.rows.append(row)
        elif row != old[key]:
            out.conflicts.append(Conflict(key, ROW, _shown(old[key]), _shown(row), ""))
    return out


def _one_of(
    name: str, base: Sequence[Mapping[str, Any]], mine: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]
) -> Merge:
    """Return the one version of a table without keys that differs from `base`: the order of its rows matters."""
    old, own, other = ([_clean(row) for row in rows] for rows in (base, mine, theirs))
    if own not in (old, other) and other != old:
        raise RefusedError(
            409, _("both have changed {table}, whose rows have no key; copy yours, and load it again", table=name)
        )
    return Merge(rows=[row for row in (own if other == old else other) if row])


def _clean(row: Mapping[str, Any]) -> Row:
    """Return a row with text in its cells and without blank cells."""
    texts = {column: str(value).strip() for column, value in row.items() if value is not None}
    return {column: value for column, value in texts.items() if value}


def decided(name: str, found: Merge, mine: Sequence[Mapping[str, Any]], for_mine: Sequence[bool]) -> list[Row]:
    """Return the merged rows, with those conflicts decided for `mine` that `for_mine` names."""
    if not found.conflicts:
        return found.rows
    own, rows = by_key(name, mine), by_key(name, found.rows)
    for one, chosen in zip(found.conflicts, for_mine, strict=True):
        if not chosen:
            continue
        if one.column != ROW:
            rows[one.key] = {**rows[one.key], one.column: one.mine}
        elif one.key in own:
            rows[one.key] = own[one.key]
        else:
            del rows[one.key]
    return list(rows.values())


def _cells(key: Key, old: Row, mine: Row, theirs: Row, conflicts: list[Conflict]) -> Row:
    """Return a row with the changes of both; cells that both have changed differently are theirs, and conflicts."""
    out: Row = {}
    for column in dict.fromkeys((*theirs, *mine)):
        was, own, other = (row.get(column, "") for row in (old, mine, theirs))
        if value := own if other == was else other:
            out[column] = value
        if own not in (was, other) and other != was:
            conflicts.append(Conflict(key, column, was, own, other))
    return out


def by_key(name: str, rows: Sequence[Mapping[str, Any]]) -> dict[Key, Row]:
    """Return rows by key, with text in their cells and without blank cells."""
    keys = table_rows.table(name).row_keys
    found: dict[Key, Row] = {}
    for row in rows:
        clean = _clean(row)
        if not clean:
            continue
        key = tuple(clean.get(column, "") for column in keys)
        if key in found:
            raise RefusedError(409, _("two rows have the same key {key}; correct that first", key=" · ".join(key)))
        found[key] = clean
    return found


def _shown(row: Row) -> str:
    return " · ".join(row.values())
