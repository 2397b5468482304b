"""A scenario folder as text and numbers: docs/reference/tables.md and docs/reference/options.md."""

from __future__ import annotations

import csv
import datetime
import tomllib
from pathlib import Path
from typing import Any

Row = dict[str, str]

DATED_KEYS: dict[str, tuple[str, ...]] = {
    "regions": ("region",),
    "nodes": ("node",),
    "sites": ("site",),
    "halls": ("site",),
    "technologies": ("technology",),
    "limits": ("site", "technology"),
    "workloads": ("workload",),
    "latency": ("region", "site"),
    "serving_cost": ("region", "site", "workload"),
    "links": ("link",),
    "modules": ("link", "module"),
    "traffic": ("from", "to"),
    "power": ("zone",),
    "supply": ("site", "source"),
    "budgets": ("scope",),
    "policies": ("rule", "scope"),
    "payers": ("scope", "investor"),
    "contingencies": ("contingency",),
    "rules": ("rule",),
    "cities": ("city",),
    "city_state": ("city",),
    "measures": ("measure", "city"),
    "standard": ("indicator",),
}
"""Key of each dated table without its period: "dated" of every section of tables.md."""

DEFAULTS: dict[str, Any] = {
    "base_year": 2026,
    "discount_rate": 0.06,
    "periods": [2026],
    "last_period_years": 1,
    "hours": "one",
    "objective": "cost",
    "capital": "annuity",
    "as_of": "",
}
"""Defaults of docs/reference/options.md that a plan depends on."""

BLANK_KEYS = {("policies", "scope"): "all", ("measures", "city"): "all", ("city_targets", "city"): "all"}
"""Key columns whose blank has a meaning ("blank means" in tables.md)."""


def number(row: Row | None, column: str, blank: float = 0.0) -> float:
    """Return the number in a cell, or `blank` where the cell, its column or the row is not there."""
    text = "" if row is None else row.get(column, "")
    return float(text) if text else blank


def optional(row: Row | None, column: str) -> float | None:
    """Return the number in a cell, or None where it is blank."""
    text = "" if row is None else row.get(column, "")
    return float(text) if text else None


def is_yes(row: Row, column: str, *, blank: bool = False) -> bool:
    """Return the flag in a cell."""
    text = row.get(column, "").lower()
    return text in ("yes", "true", "1") if text else blank


class Dated:
    """Rows of a dated table by key: "a row with a period holds from that year until the next row of its key"."""

    def __init__(self, rows: list[Row], key: tuple[str, ...]) -> None:
        self._rows: dict[tuple[str, ...], list[tuple[float, Row]]] = {}
        for row in rows:
            name = tuple(row.get(column, "") for column in key)
            self._rows.setdefault(name, []).append((number(row, "period", float("-inf")), row))
        for held in self._rows.values():
            held.sort(key=lambda pair: pair[0])

    def keys(self) -> list[tuple[str, ...]]:
        """Return all keys in the order of the file."""
        return list(self._rows)

    def at(self, period: int, *key: str) -> Row | None:
        """Return the row of a key that holds in a period, None before the first."""
        found = None
        for since, row in self._rows.get(key, []):
            if since <= period:
                found = row
        return found

    def first(self, *key: str) -> Row:
        """Return the earliest row of a key."""
        return self._rows[key][0][1]


class Folder:
    """Everything that a scenario folder says. Rows published after `as_of` are invisible (options.md, as_of)."""

    def __init__(self, path: Path) -> None:
        options = tomllib.loads((path / "scenario.toml").read_text(encoding="utf-8"))
        self.options: dict[str, Any] = DEFAULTS | options
        self.rows: dict[str, list[Row]] = {}
        for file in sorted(path.glob("*.csv")):
            with file.open(encoding="utf-8", newline="") as lines:
                self.rows[file.stem] = [dict(row) for row in csv.DictReader(lines)]
        for (table, column), meaning in BLANK_KEYS.items():
            for row in self.rows.get(table, []):
                row[column] = row.get(column) or meaning
        self._hide_what_was_not_known()
        self.dated = {table: Dated(self.rows.get(table, []), key) for table, key in DATED_KEYS.items()}

    def _hide_what_was_not_known(self) -> None:
        """Drop rows whose source is dated after `as_of`. `actuals` is hindsight and no plan reads it."""
        if not self.options["as_of"]:
            return
        late = {row["source"] for row in self.rows.get("sources", []) if last_day(row.get("date", "")) > self.as_of}
        for table, rows in self.rows.items():
            if table in ("sources", "actuals"):
                continue
            column = "reference" if table == "supply" else "source"
            self.rows[table] = [row for row in rows if late.isdisjoint(_split(row.get(column, "")))]

    @property
    def as_of(self) -> datetime.date:
        """The day of what was known."""
        return datetime.date.fromisoformat(str(self.options["as_of"]))

    def has(self, table: str) -> bool:
        """Return whether a table has rows."""
        return bool(self.rows.get(table))

    def at(self, table: str, period: int, *key: str) -> Row | None:
        """Return the row of a dated table that holds in a period."""
        return self.dated[table].at(period, *key)

    def names(self, table: str) -> list[str]:
        """Return the first part of the keys of a dated table, each once."""
        return list(dict.fromkeys(key[0] for key in self.dated[table].keys()))  # noqa: SIM118 (not a mapping)


def last_day(date: str) -> datetime.date:
    """Return the last day that a date of a source may mean: "a year or month counts as its last day"."""
    parts = [int(part) for part in date.split("-")] if date else [1]
    if len(parts) == 3:
        return datetime.date(*parts)
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    after = datetime.date(year + month // 12, month % 12 + 1, 1)
    return after - datetime.timedelta(days=1)


def _split(cell: str) -> set[str]:
    return {part.strip() for part in cell.split(";")} - {""}
