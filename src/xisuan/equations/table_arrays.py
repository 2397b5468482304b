"""Arrays from a scenario's tables, by period and hour, for given labels.

Arrays have shape (periods, items) or (periods, hours, items).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from gnomon import Array, Mask
from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.timeline import Timeline

Label = tuple[str, ...]

TIMELESS = {"technologies"}
"""Tables whose rows describe a thing rather than an offer: their first row also holds before its period."""


def chosen(labels: Sequence[Label], use: Mask | np.bool_) -> list[Label]:
    """Return those of `labels` for which `use` is true."""
    return [labels[int(i)] for i in np.flatnonzero(use)]


@dataclass(frozen=True, eq=False)
class Figures:
    """Time axis, numbers and texts of the tables, for all periods of a scenario or some (`periods`)."""

    scenario: Scenario
    periods: tuple[int, ...]

    # --- time -------------------------------------------------------------------------------------------------

    @cached_property
    def timeline(self) -> Timeline:
        """Periods, hours and weights."""
        return self.scenario.timeline

    @cached_property
    def discount(self) -> Array:
        """Weight of a yearly cost of each period in the objective. Shape (periods,)."""
        every = dict(zip(self.timeline.periods, self.timeline.period_discount, strict=True))
        return np.array([every[period] for period in self.periods])

    @cached_property
    def years(self) -> Array:
        """Calendar years that each period stands for. Shape (periods,)."""
        every = dict(zip(self.timeline.periods, self.timeline.years, strict=True))
        return np.array([float(len(every[period])) for period in self.periods])

    @cached_property
    def weight(self) -> Array:
        """Hours of a year that each modelled hour stands for. Shape (hours,)."""
        return self.timeline.weight

    @cached_property
    def hourly_weight(self) -> Array:
        """Weight of a cost of one hour in the objective. Shape (periods, hours, 1)."""
        return self.discount[:, None, None] * self.weight[None, :, None]

    def over_year(self, hourly: Array) -> Array:
        """Sum over the hours of a year: (periods, items) from (periods, hours, items)."""
        return np.asarray(np.einsum("pti,t->pi", hourly, self.weight))

    # --- numbers out of tables -----------------------------------------------------------------------------------

    def at(self, table: str, period: int) -> pd.DataFrame:
        """Return the rows of `table` that hold in `period`."""
        return self.scenario.at(table, period)

    def cells(self, table: str, labels: Sequence[Label], column: str) -> list[list[object]]:
        """Return, for each period and label, the cell of the row that holds, None where no row does."""
        dated = self.scenario.dated(table)
        early = self._earliest(table, column) if table in TIMELESS else {}
        found: list[list[object]] = []
        for period in self.periods:
            now = dated.column(period, column)
            found.append([now.get(label, early.get(label)) for label in labels])
        return found

    def _earliest(self, table: str, column: str) -> dict[Label, object]:
        """Return the cells of the first row of every key within the horizon."""
        dated = self.scenario.dated(table)
        periods = reversed(self.scenario.settings.periods)
        return {key: cell for period in periods for key, cell in dated.column(period, column).items()}

    def holds(self, table: str, labels: Sequence[Label]) -> Array:
        """1 where a row of `table` holds, else 0. Shape (periods, labels)."""
        dated = self.scenario.dated(table)
        present = [set(dated.keys(period)) for period in self.periods]
        held = np.array([[float(label in rows) for label in labels] for rows in present])
        return held.reshape(len(self.periods), len(labels))

    def numbers(self, table: str, labels: Sequence[Label], column: str, missing: float = 0.0) -> Array:
        """Return a number for each period and label; `missing` where blank or without a row. Shape (periods, labels)."""
        cells = self.cells(table, labels, column)
        values = np.array(
            [[math.nan if cell is None else float(cell) for cell in row] for row in cells],  # type: ignore[arg-type]
            dtype=np.float64,
        ).reshape(len(self.periods), len(labels))
        return np.where(np.isnan(values), missing, values)

    def curves(self, table: str, labels: Sequence[Label], column: str, missing: float = 0.0) -> Array:
        """Return a number for each period, modelled hour and label. Shape (periods, hours, labels)."""
        cells = self.cells(table, labels, column)
        out = np.empty((len(self.periods), self.timeline.n_hours, len(labels)))
        sampled: dict[object, Array] = {}
        for y, row in enumerate(cells):
            for i, cell in enumerate(row):
                value = missing if _blank(cell) else cell
                if value not in sampled:
                    sampled[value] = self.scenario.hourly(table, column, value)  # type: ignore[arg-type]
                out[y, :, i] = sampled[value]
        return out

    def means(self, table: str, labels: Sequence[Label], column: str) -> Array:
        """Mean over the 8,760 hours of a `series` cell, 0 where blank. Shape (periods, labels)."""
        cells = self.cells(table, labels, column)
        known = [[0.0 if _blank(cell) else self.scenario.curve(cell).mean() for cell in row] for row in cells]  # type: ignore[arg-type]
        return np.array(known, dtype=np.float64).reshape(len(self.periods), len(labels))

    def text(self, table: str, column: str) -> dict[str, str]:
        """Return the text of each item of a table with one key; it holds for the whole horizon.

        Raises ScenarioError where it changes between periods: an item that moves must be given as a second item.
        """
        dated = self.scenario.dated(table)
        found: dict[str, str] = {}
        for period in self.scenario.settings.periods:
            for (name,), cell in dated.column(period, column).items():
                if found.setdefault(name, str(cell)) != str(cell):
                    raise ScenarioError(
                        [
                            Problem(
                                "constant-of-periods-differs",
                                table=f"{table}.csv",
                                row=f"{name}, {period}",
                                column=column,
                                value=str(cell),
                                before=found[name],
                                name=name,
                            )
                        ]
                    )
        return {name: str(cell) for (name,), cell in dated.first(column).items()} | found


def _blank(cell: object) -> bool:
    """Return True for a missing, empty or NaN cell."""
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))
