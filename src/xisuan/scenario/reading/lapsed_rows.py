"""Rows of a base that no longer hold as they did, because a layer has other periods or its own rows end early.

Two cases would change a plan without a word: a limit that holds from the base's first period and that an earlier period
lacks; and a row of the layer that later rows of the base replace.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from xisuan.scenario.reading import typed_columns
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Table

EXEMPT = frozenset({"regions", "nodes", "sites", "halls", "power", "cities", "city_state", "workloads", "serving_cost"})
"""Tables whose rows must exist from the first period on, or from the first with demand: other checks record that."""
SHOWN = 4

Row = dict[str, Any]


def find(frames: Mapping[str, pd.DataFrame], base: Sequence[int], periods: Sequence[int], findings: Findings) -> None:
    """Record both cases in the merged tables of a scenario on a base with the periods `base`."""
    if not base:
        return
    for name, frame in frames.items():
        table = tables.BY_NAME[name]
        if frame.empty or not table.dated or "period" not in table.row_keys:
            continue
        for rows in _by_key(frame, table):
            if name not in EXEMPT:
                _before_first(rows, table, base, periods, findings)
            _replaced_later(rows, periods, findings)


def _by_key(frame: pd.DataFrame, table: Table) -> Iterator[list[Row]]:
    """Return the rows of each key in the order of their years; a row without a period comes first."""
    names = [key for key in table.row_keys if key != "period"]
    out: dict[tuple[str, ...], list[Row]] = {}
    has_year = frame["period"].notna().groupby([frame[name] for name in names]).transform("any")
    for record in frame[has_year].to_dict("records"):
        key = tuple(tables.key_part(record[name]) for name in names)
        out.setdefault(key, []).append({str(column): value for column, value in record.items()})
    for key, rows in out.items():
        for row in rows:
            row["_key"] = "/".join(key)
        yield sorted(rows, key=_since)


def _since(row: Row) -> float:
    """Return the year from which a row holds."""
    return -float("inf") if pd.isna(row["period"]) else float(row["period"])


def _is_of_base(row: Row) -> bool:
    """Return True if a row comes from the base: its file has the base's name before it."""
    return "/" in str(row[typed_columns.FILE])


def _place(row: Row) -> tuple[str, str]:
    """Return file and key of a row."""
    return str(row[typed_columns.FILE]), str(row["_key"])


def _years(years: Sequence[float]) -> str:
    """Return years for a message, the first few and the last."""
    named = [f"{year:.0f}" for year in years]
    return ", ".join(named) if len(named) <= SHOWN else ", ".join([*named[: SHOWN - 1], "…", named[-1]])


def _before_first(
    rows: Sequence[Row], table: Table, base: Sequence[int], periods: Sequence[int], findings: Findings
) -> None:
    """Record an error if rows begin with the base's first period, and some modelled periods come before it.

    A row of an earlier year states when it takes effect, and a row of a later one begins later in the base too.
    """
    first = _since(rows[0])
    missing = [period for period in periods if period < first]
    if missing and first == min(base) and _is_of_base(rows[0]):
        findings.error(*_place(rows[0]), "period", f"{first:.0f}", "row-of-base-lapses", periods=_years(missing),
                       first=f"{min(base)}", name=table.name)  # fmt: skip


def _replaced_later(rows: Sequence[Row], periods: Sequence[int], findings: Findings) -> None:
    """Warn of a row of the layer without a period that holds in some period, until a later row of the base."""
    for row, following in itertools.pairwise(rows):
        until = _since(following)
        holds = any(_since(row) <= period < until for period in periods)
        if not pd.isna(row["period"]) or _is_of_base(row) or not _is_of_base(following) or not holds:
            continue
        if until > max(periods):
            continue
        later = [_since(one) for one in rows if _is_of_base(one) and until <= _since(one) <= max(periods)]
        file, key = _place(row)
        findings.warn(file, key, "period", "", "later-rows-of-base", year=f"{until:.0f}", years=_years(later),
                      base=str(following[typed_columns.FILE]))  # fmt: skip
