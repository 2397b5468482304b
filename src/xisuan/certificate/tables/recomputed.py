"""A recomputed table: its rows, their keys, and the accuracy of each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.variables import Columns, Label

ROUNDING = 1e-12
"""Relative rounding error of a sum's terms in another order of addition."""


@dataclass(frozen=True)
class Recomputed:
    """Rows of a table as recomputed from the values of a plan.

    keys: columns that identify a row. required: rows that may not be missing; None: all of them. slack: by column, the
    absolute tolerance of a cell where a sum can be much smaller than its terms.
    """

    frame: pd.DataFrame
    keys: tuple[str, ...]
    required: NDArray[np.bool_] | None = None
    slack: Mapping[str, Array] = field(default_factory=dict)

    @property
    def must(self) -> NDArray[np.bool_]:
        """True for each row that may not be missing."""
        return np.ones(len(self.frame), dtype=bool) if self.required is None else self.required

    def joined(self, others: Sequence[Recomputed]) -> Recomputed:
        """Return this table followed by the rows of the same table in other periods."""
        parts = [self, *others]
        return replace(
            self,
            # Empty tables have no types of columns.
            frame=pd.concat([part.frame for part in parts if len(part.frame)] or [self.frame], ignore_index=True),
            required=np.concatenate([part.must for part in parts]),
            slack={name: np.concatenate([part.slack[name] for part in parts]) for name in self.slack},
        )


@dataclass(frozen=True)
class Operands:
    """Inputs of the recomputed tables: the families of the statement and the plan's values in their order."""

    columns: Columns
    x: Array

    @property
    def periods(self) -> tuple[int, ...]:
        """First year of each period."""
        return self.columns.reading.clock.periods

    def has(self, variable: str) -> bool:
        """Return True if the statement has items of a variable."""
        return variable in self.columns.families and bool(self.columns[variable].labels)

    def labels(self, variable: str) -> tuple[Label, ...]:
        """Return the labels of a variable; none if the statement does not have it."""
        return self.columns[variable].labels if variable in self.columns.families else ()

    def values(self, variable: str) -> Array:
        """Return the values of a variable, shape (P, items) or (P, H, items)."""
        return self.columns[variable].view(self.x)

    def yearly(self, variable: str) -> Array:
        """Return the values of a variable summed over the hours of a year, shape (P, items)."""
        values = self.values(variable)
        weight = self.columns.reading.clock.weight
        return np.einsum("pti,t->pi", values, weight) if values.ndim == 3 else values

    def long(self, shape: tuple[int, int, int], names: Sequence[str], labels: Sequence[Label]) -> dict[str, object]:
        """Return period, hour and labels of every cell of an hourly array, in memory order."""
        period, hour, item = np.indices(shape).reshape(3, -1)
        found: dict[str, object] = {"period": np.array(self.periods)[period], "hour": hour}
        for at, name in enumerate(names):
            column = np.array([label[at] for label in labels], dtype=object)
            found[name] = column[item] if len(column) else column
        return found
