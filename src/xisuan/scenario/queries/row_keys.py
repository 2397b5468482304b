"""Rows of a table by parts of their keys, as the table `estimates` names them: `pon_upgrade/guiyang`, `*/2030`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.tables import BY_NAME, key_part


class Keyed:
    """Index of the rows of one table by key. `keys`: the key parts of each row, in the order of the rows."""

    def __init__(self, scenario: Scenario, table: str) -> None:
        columns = [[key_part(cell) for cell in scenario[table][name].tolist()] for name in BY_NAME[table].keys]
        self.keys = list(zip(*columns, strict=True))
        self._scenario, self._table = scenario, table
        self._same: dict[str, list[int]] = {}
        for row, key in enumerate(self.keys):
            self._same.setdefault("/".join(key), []).append(row)

    def rows(self, key: str) -> NDArray[np.int64]:
        """Return the numbers of the rows whose keys begin with these parts; `*` matches any part."""
        if key in self._same:
            return np.array(self._same[key], dtype=np.int64)
        parts = key.split("/")
        return np.array([i for i, one in enumerate(self.keys) if matches(parts, one)], dtype=np.int64)

    def held(self, key: str) -> NDArray[np.int64]:
        """Return those of `rows` that hold in a period of the scenario; the others are ignored, as reading says."""
        rows = self.rows(key)
        return rows if self._holding is None else rows[self._holding[rows]]

    @cached_property
    def _holding(self) -> NDArray[np.bool_] | None:
        """True for each row that holds in a period; None where all rows do, because none has a date."""
        frame = self._scenario[self._table]
        if not BY_NAME[self._table].dated or frame["period"].isna().all():
            return None
        dated, found = self._scenario.dated(self._table), np.zeros(len(frame), dtype=np.bool_)
        for period in self._scenario.settings.periods:
            found[list(dated.numbers(period).values())] = True
        return found


def matches(parts: Sequence[str], key: Sequence[str]) -> bool:
    """Return True if a key begins with these parts, which were separated by /; `*` matches any part.

    A part of the key may hold / itself, as the investor A/B does. Joined keys are unique all the same (`checks.names`).
    """
    at = 0
    for value in key:
        if at == len(parts):
            break
        width = 1 if parts[at] == "*" else value.count("/") + 1
        if parts[at] != "*" and "/".join(parts[at : at + width]) != value:
            return False
        at += width
    return at == len(parts)


def first_part(item: str, known: Iterable[str]) -> str:
    """Return the longest known name with which an item of labels joined by / begins; else what stands before the /."""
    found = [name for name in known if item == name or item.startswith(f"{name}/")]
    return max(found, key=len, default=item.split("/", maxsplit=1)[0])
