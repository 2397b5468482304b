"""Rows that a layer adds to the tables of its base, changes and drops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan.scenario.reading import layers
from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Table


@dataclass(frozen=True, slots=True)
class TableChanges:
    """Rows of one table by key, parts joined by /. `changed`: key → column → value before and after."""

    table: str
    added: tuple[str, ...]
    changed: Mapping[str, Mapping[str, tuple[Any, Any]]]
    dropped: tuple[str, ...]


def compare(base: layers.Frames, whole: layers.Frames) -> tuple[TableChanges, ...]:
    """Return the changes of every table with keys from `base` to `whole`, in the order of the format."""
    found = (_compare(base[table.name], whole[table.name], table) for table in tables.TABLES if table.row_keys)
    return tuple(one for one in found if one.added or one.changed or one.dropped)


def _compare(base: pd.DataFrame, whole: pd.DataFrame, table: Table) -> TableChanges:
    """Return the changes of one table. Sources, grades and notes do not count."""
    before, after = ({key: at for at, key in enumerate(_keys(frame, table))} for frame in (base, whole))
    both = [key for key in after if key in before]
    one, other = (frame.iloc[[held[key] for key in both]] for frame, held in ((base, before), (whole, after)))
    changed: dict[str, dict[str, tuple[Any, Any]]] = {}
    for column in table.columns:
        if column.name in base.columns and column.name in whole.columns and column.name not in table.row_keys:
            cells = zip(both, one[column.name].tolist(), other[column.name].tolist(), strict=True)
            for key, old, new in cells:
                if old != new and not (pd.isna(old) and pd.isna(new)):
                    changed.setdefault(key, {})[column.name] = (old, new)
    added = tuple(key for key in after if key not in before)
    dropped = tuple(key for key in before if key not in after)
    return TableChanges(table.name, added, changed, dropped)


def _keys(frame: pd.DataFrame, table: Table) -> list[str]:
    """Return the key of each row, the period last where there is one."""
    names = [*(key for key in table.row_keys if key != "period"), *(["period"] if "period" in table.row_keys else [])]
    return [key.rstrip("/") for key in layers.keys(frame, names)] if len(frame) else []
