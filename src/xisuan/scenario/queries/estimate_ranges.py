"""Ranges of the table `estimates`: the values they describe (a column in the rows of a key that hold in a period of the
scenario), and their consistency.

A range must contain all its values. Otherwise its end would be clipped to a value (`planning.access.monte_carlo_dates`,
`decisions.confidence.estimate_sensitivity`), and the swing of the other end would be reported as real.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.scenario.queries.row_keys import Keyed
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.tables import BY_NAME

CURVES = ("profiles", "profile_rules")
"""Tables whose estimates describe single hours, not cells."""
ROUNDING = 1e-9
"""Relative tolerance of a value at the end of its range, because both are often computed."""

Row = Mapping[Any, Any]


class Ranges:
    """Values described by the ranges of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._keyed: dict[str, Keyed] = {}
        self._columns: dict[tuple[str, str], NDArray[np.object_]] = {}

    def figures(self, row: Row) -> NDArray[np.float64]:
        """Return the values that a row of `estimates` describes, empty if none. Zeros among others are left out."""
        name, column = str(row["table"]), str(row["column"])
        if name not in BY_NAME or name in CURVES or column not in self._scenario[name].columns:
            return np.zeros(0)
        if name not in self._keyed:
            self._keyed[name] = Keyed(self._scenario, name)
        if (name, column) not in self._columns:
            self._columns[name, column] = self._scenario[name][column].to_numpy(dtype=object)
        cells = self._columns[name, column][self._keyed[name].held(str(row["key"]))]
        found = np.array(
            [cell for cell in cells if isinstance(cell, int | float) and not math.isnan(cell)], dtype=float
        )
        return found[found != 0.0] if found.any() else found

    def beyond(self, row: Row) -> tuple[str, float] | None:
        """Return the end (low or high) of a range that excludes a value, with the value; None if it contains all."""
        found = self.figures(row)
        if not len(found):
            return None
        least, greatest = float(found.min()), float(found.max())
        if float(row["low"]) > least + ROUNDING * abs(least):
            return "low", least
        return ("high", greatest) if float(row["high"]) < greatest - ROUNDING * abs(greatest) else None


def carried(scenario: Scenario, changed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the table `estimates` after tables are `changed`, row for row: each range moves with its values."""
    return moved(scenario, replace(scenario, tables={**scenario.tables, **changed}), changed)


def moved(before: Scenario, after: Scenario, changed: Collection[str]) -> pd.DataFrame:
    """Return the table `estimates` of `before` with the ranges of tables `changed` moved to the values of `after`.

    The ends keep their ratios to the smallest and the largest value.
    """
    estimates = before["estimates"]
    now, then = Ranges(before), Ranges(after)
    low, high = (estimates[name].to_numpy(dtype=np.float64, copy=True) for name in ("low", "high"))
    for at, row in enumerate(estimates.to_dict("records")):
        old, new = (one.figures(row) for one in (now, then)) if row["table"] in changed else ((), ())
        if len(old) and len(new) and np.all(old != 0.0) and not np.array_equal(old, new):
            low[at] *= np.min(new) / np.min(old)
            high[at] *= np.max(new) / np.max(old)
    return estimates.assign(low=low, high=high)


def stale(scenario: Scenario, inherited: Sequence[int]) -> dict[int, tuple[str, float]]:
    """Return the `inherited` rows of `estimates` whose range excludes a value, with that end and value."""
    ranges, rows = Ranges(scenario), scenario["estimates"].to_dict("records")
    found = {at: ranges.beyond(rows[at]) for at in inherited}
    return {at: beyond for at, beyond in found.items() if beyond is not None}
