"""Differences between a stored table and the one recomputed from the plan's values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.tables.recomputed import ROUNDING, Recomputed
from xisuan.certificate.tolerances import SAME
from xisuan.results.certification import Difference

AT = "_at"


def differences(table: str, stored: pd.DataFrame | None, right: Recomputed) -> list[Difference]:
    """Return one difference for each wrong column, and for rows that are missing, unknown or duplicated."""
    if stored is None:
        return [Difference(table=table, what="missing_table")]
    if (broken := structure(table, stored, right.frame)) is not None:
        return broken
    names, ours = _keyed(stored, right.keys), _keyed(right.frame, right.keys)
    twice = names.duplicated()
    if twice.any():
        return [_rows(table, "twice", names[twice])]
    ours[AT] = np.arange(len(ours))
    names["_stored"] = np.arange(len(names))
    both = ours.merge(names, how="outer", on=list(right.keys))
    known, held = both[AT].notna().to_numpy(), both["_stored"].notna().to_numpy()
    found = []
    unknown = ~known & ~_is_nothing(stored, both["_stored"], right)
    if unknown.any():
        found.append(_rows(table, "unknown_row", both.loc[unknown, list(right.keys)]))
    missing = known & ~held
    missing[known] &= right.must[both.loc[known, AT].astype(int)]
    if missing.any():
        found.append(_rows(table, "missing_row", both.loc[missing, list(right.keys)]))
    pairs = both[known & held]
    at, place = pairs[AT].to_numpy(dtype=int), pairs["_stored"].to_numpy(dtype=int)
    for column in right.frame.columns:
        if column not in right.keys:
            found += _cells(table, str(column), stored, right, at, place)
    return found


def structure(table: str, stored: pd.DataFrame, right: pd.DataFrame) -> list[Difference] | None:
    """Return the fault in the columns of a table; None if each occurs once with the right type."""
    names = [str(name) for name in stored.columns]
    if len(set(names)) < len(names):
        return [Difference(table=table, what="column_twice", column=next(n for n in names if names.count(n) > 1))]
    found = [
        Difference(table=table, column=str(name), what="missing_column") for name in right.columns if name not in names
    ]
    found += [
        Difference(table=table, column=name, what="unknown_column") for name in names if name not in right.columns
    ]
    for name in right.columns if len(stored) and not found else ():
        if right[name].dtype.kind in "iuf" and not _is_numeric(stored[name]):
            found.append(Difference(table=table, column=str(name), what="not_a_number"))
        elif right[name].dtype.kind not in "iufb" and _is_text(right[name]) and not _is_text(stored[name]):
            found.append(Difference(table=table, column=str(name), what="not_a_text"))
    return found or None


def _is_numeric(column: pd.Series[Any]) -> bool:
    return bool(column.dtype.kind in "iuf" or column.isna().all())


def _is_text(column: pd.Series[Any]) -> bool:
    return bool(column.isna().all() or column.dropna().map(lambda cell: isinstance(cell, str)).all())


def _keyed(frame: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    """Return the columns that identify a row: years and hours as numbers, names as texts, blank where missing."""
    found = {}
    for key in keys:
        if key in ("period", "hour"):
            found[key] = pd.to_numeric(frame[key], errors="coerce").to_numpy(dtype=float)
        else:
            found[key] = _texts(frame[key])
    return pd.DataFrame(found, index=range(len(frame)))


def _is_nothing(stored: pd.DataFrame, places: pd.Series[Any], right: Recomputed) -> NDArray[np.bool_]:
    """Return True for stored rows whose values are all 0, in a table that may leave such rows out."""
    empty = np.zeros(len(places), dtype=bool)
    here = places.notna().to_numpy()
    if right.required is None or not here.any():
        return empty
    at = places[here].to_numpy(dtype=int)
    numbers = [name for name in right.frame.columns if name not in right.keys and stored[name].dtype.kind in "iuf"]
    empty[here] = np.all([np.nan_to_num(stored[name].to_numpy(dtype=float)[at]) == 0.0 for name in numbers], axis=0)
    return empty


def _cells(
    table: str, column: str, stored: pd.DataFrame, right: Recomputed, at: NDArray[np.int64], place: NDArray[np.int64]
) -> list[Difference]:
    """Return the first cell of a column that differs, with the number of cells that do."""
    said, made = stored[column].iloc[place], right.frame[column].iloc[at]
    if made.dtype.kind in "iuf":
        slack = right.slack[column][at] if column in right.slack else 0.0
        wrong = _differ(said.to_numpy(dtype=float), made.to_numpy(dtype=float), slack)
    else:
        wrong = _texts(said) != _texts(made)
    if not wrong.any():
        return []
    first = int(np.flatnonzero(wrong)[0])
    row = right.frame.iloc[at[first]]
    name = " / ".join(str(row[key]) for key in right.keys)
    values = (_plain(said.iloc[first]), _plain(made.iloc[first]))
    return [
        Difference(
            table=table, row=name, column=column, stored=values[0], right=values[1], rows=int(wrong.sum()), what="cell"
        )
    ]


def _texts(column: pd.Series[Any]) -> NDArray[np.object_]:
    """Return the cells of a column as texts, blank where missing."""
    return column.astype(object).where(column.notna(), "").to_numpy()


def _differ(said: Array, made: Array, slack: Array | float) -> NDArray[np.bool_]:
    """Return True where two numbers differ; a missing number equals only another missing one."""
    finite = np.abs(made[np.isfinite(made)])
    least = ROUNDING * 1e-3 * float(finite.max(initial=0.0))
    with np.errstate(invalid="ignore"):
        off = np.abs(said - made) > SAME * np.maximum(np.abs(said), np.abs(made)) + least + slack
    both = np.isfinite(said) & np.isfinite(made)
    odd = ~both & (said != made) & ~(np.isnan(said) & np.isnan(made))
    return np.where(both, off, odd)


def _plain(cell: object) -> object:
    """Return a cell as a plain Python value; None where missing."""
    value = cell.item() if isinstance(cell, np.generic) else cell
    return None if value is pd.NA or (isinstance(value, float) and np.isnan(value)) else value


def _rows(table: str, what: str, keys: pd.DataFrame) -> Difference:
    first = " / ".join(_name(cell) for cell in keys.iloc[0])
    return Difference(table=table, row=first, what=what, rows=len(keys))


def _name(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
