"""Access to the fact files of data/facts: cells as text, without default values."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "data" / "facts"


@cache
def table(name: str) -> pd.DataFrame:
    """Return fact file `name` with every cell as text; unknown values are empty."""
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)


def records(name: str) -> list[dict[str, str]]:
    """Return all rows of fact file `name`."""
    return [{str(column): str(value) for column, value in row.items()} for row in table(name).to_dict("records")]


@cache
def _rows(name: str) -> list[dict[str, str]]:
    """Return the rows as `records` does, from one shared list that must not be changed."""
    return records(name)


def record(name: str, **where: str) -> dict[str, str]:
    """Return the one row of fact file `name` whose columns equal `where`.

    Raises LookupError if there is not exactly one.
    """
    rows = [row for row in _rows(name) if all(row[column] == value for column, value in where.items())]
    if len(rows) != 1:
        raise LookupError(f"{name}.csv has {len(rows)} rows where {where}: one is needed")
    return dict(rows[0])


def number(name: str, column: str, **where: str) -> float:
    """Return one figure of a fact file, in the unit of the file."""
    return float(record(name, **where)[column])


def cost(identity: str) -> float:
    """Return the value of row `identity` of costs.csv, in that row's unit."""
    return number("costs", "value", id=identity)


def national(metric: str, date: str, precision: str | None = None) -> float:
    """Return a national total of national_totals.csv, in that row's unit; `precision` selects among rows of one date."""
    where = {"metric": metric, "date": date}
    if precision is not None:
        where["precision_scope"] = precision
    return number("national_totals", "value", **where)


def province(code: str, column: str) -> float:
    """Return a figure of provinces.csv."""
    return number("provinces", column, code=code)
