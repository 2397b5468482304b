"""Differences of the inputs of two runs: options, and rows of tables matched by their keys."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables

OPTIONS = "scenario.toml"
"""Name that stands for a table in changes of options."""
NAMES = frozenset({"name", "title", "title_zh"})
"""Options and columns that name a thing and change no result."""


@dataclass(frozen=True, slots=True)
class InputChange:
    """A table that differs: rows added and removed, columns that differ in how many rows, and one example.

    `columns`: column → number of rows. `example`: key, column, value before and after of the first cell that differs.
    """

    table: str
    added: int
    removed: int
    columns: dict[str, int]
    example: tuple[str, str, str, str] | None = None

    @property
    def size(self) -> int:
        """Return the number of rows and cells that differ."""
        return self.added + self.removed + sum(self.columns.values())


def input_changes(before: Scenario, after: Scenario) -> list[InputChange]:
    """Return the tables that differ between two scenarios, options first, then in the order of the schema."""
    found = [change for change in (_options(before, after),) if change.size]
    for table in tables.TABLES:
        change = _table(table.name, before[table.name], after[table.name])
        if change.size:
            found.append(change)
    return found


def _options(before: Scenario, after: Scenario) -> InputChange:
    one, other = (_flat(dataclasses.asdict(scenario.settings)) for scenario in (before, after))
    names = [name for name in dict.fromkeys((*one, *other)) if name not in NAMES and one.get(name) != other.get(name)]
    example = ("", names[0], str(one.get(names[0], "")), str(other.get(names[0], ""))) if names else None
    return InputChange(OPTIONS, 0, 0, dict.fromkeys(names, 1), example)


def _flat(given: dict[str, object], before: str = "") -> dict[str, object]:
    """Return nested options by their names, such as `plan.gap`."""
    found: dict[str, object] = {}
    for name, value in given.items():
        found |= _flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return found


def _table(name: str, before: pd.DataFrame, after: pd.DataFrame) -> InputChange:
    """Return the changes of one table."""
    if before.equals(after):
        return InputChange(name, 0, 0, {})
    one, other = _rows(name, before), _rows(name, after)
    columns: Counter[str] = Counter()
    example = None
    for key, row in other.items():
        was = one.get(key)
        if was is None:
            continue
        for column in row:
            if column not in NAMES and was.get(column, "") != row[column]:
                columns[column] += 1
                example = example or (" / ".join(key[:-1]), column, was.get(column, ""), row[column])
    added, removed = len(other.keys() - one.keys()), len(one.keys() - other.keys())
    return InputChange(name, added, removed, dict(columns.most_common()), example)


def _rows(name: str, frame: pd.DataFrame) -> dict[tuple[str, ...], dict[str, str]]:
    """Return rows as text by key and period; a number at the end distinguishes rows with the same key."""
    given = tables.BY_NAME[name].keys
    keys = [key for key in (*given, *(() if "period" in given else ("period",))) if key in frame.columns]
    seen: Counter[tuple[str, ...]] = Counter()
    found = {}
    for row in frame.to_dict("records"):
        texts = {str(column): _text(value) for column, value in row.items()}
        key = tuple(texts[column] for column in (keys if given else texts) if texts[column])
        seen[key] += 1
        found[*key, str(seen[key])] = texts
    return found


def _text(value: object) -> str:
    """Return a cell as text; blank for what is missing."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)
