"""What a range of the table `estimates` is of: the figures of its column in the rows of its key.

A range holds all of them. Where it does not, that end of it would be moved to the figure
(`decisions.confidence.estimate_sensitivity`,
`planning.access.monte_carlo_dates`), and the swing of the other end be printed as if somebody had meant it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.scenario.queries.row_keys import Keyed
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.tables import BY_NAME

CURVES = ("profiles", "profile_rules")
"""Tables whose estimates are of single hours: their ranges are not those of their cells."""
ROUNDING = 1e-9
"""Share of a figure by which the end of a range may miss it: both are often computed."""

Row = Mapping[Any, Any]


class Ranges:
    """The ranges of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._keyed: dict[str, Keyed] = {}
        self._columns: dict[tuple[str, str], NDArray[np.object_]] = {}

    def figures(self, row: Row) -> NDArray[np.float64]:
        """The figures that a row of `estimates` is of; none where it names nothing. A 0 beside others is no estimate."""
        name, column = str(row["table"]), str(row["column"])
        if name not in BY_NAME or name in CURVES or column not in self._scenario[name].columns:
            return np.zeros(0)
        if name not in self._keyed:
            self._keyed[name] = Keyed(self._scenario, name)
        if (name, column) not in self._columns:
            self._columns[name, column] = self._scenario[name][column].to_numpy(dtype=object)
        cells = self._columns[name, column][self._keyed[name].rows(str(row["key"]))]
        found = np.array(
            [cell for cell in cells if isinstance(cell, int | float) and not math.isnan(cell)], dtype=float
        )
        return found[found != 0.0] if found.any() else found

    def beyond(self, row: Row) -> tuple[str, float] | None:
        """The end of a range that leaves a figure out, low or high, with the figure; None where it holds them all."""
        found = self.figures(row)
        if not len(found):
            return None
        least, greatest = float(found.min()), float(found.max())
        if float(row["low"]) > least + ROUNDING * abs(least):
            return "low", least
        return ("high", greatest) if float(row["high"]) < greatest - ROUNDING * abs(greatest) else None


def carried(scenario: Scenario, changed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table `estimates` once tables are `changed`, row for row: each range moves with the figures that it is of.

    Its ends keep their ratios to the least and the greatest of these, which are all that is ever made of them.
    """
    estimates = scenario["estimates"]
    now, then = Ranges(scenario), Ranges(replace(scenario, tables={**scenario.tables, **changed}))
    low, high = (estimates[name].to_numpy(dtype=np.float64, copy=True) for name in ("low", "high"))
    for at, row in enumerate(estimates.to_dict("records")):
        before, after = (one.figures(row) for one in (now, then)) if row["table"] in changed else ((), ())
        if len(before) and np.all(before != 0.0) and not np.array_equal(before, after):
            low[at] *= np.min(after) / np.min(before)
            high[at] *= np.max(after) / np.max(before)
    return estimates.assign(low=low, high=high)


def stale(scenario: Scenario, inherited: Sequence[int]) -> dict[int, tuple[str, float]]:
    """Which of the `inherited` rows of `estimates` are ranges of other figures than those here, and how that shows."""
    ranges, rows = Ranges(scenario), scenario["estimates"].to_dict("records")
    found = {at: ranges.beyond(rows[at]) for at in inherited}
    return {at: beyond for at, beyond in found.items() if beyond is not None}
