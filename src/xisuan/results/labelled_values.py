"""Values of one family of variables, or duals of one family of constraints, with their labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """Values of one family: `labels[i]` names item i by `dims`.

    `values` has shape (periods, items), or (periods, hours, items) where the family is hourly.
    """

    name: str
    dims: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    hourly: bool
    values: Array

    def total(self, weight: Array) -> Array:
        """Return the weighted sum over the year of an hourly family. Shape (periods, items)."""
        sums: Array = np.einsum("pti,t->pi", self.values, weight)
        return sums

    def column(self, dim: str) -> list[str]:
        """Return each item's label in dimension `dim`."""
        at = self.dims.index(dim)
        return [label[at] for label in self.labels]

    def frame(self, periods: tuple[int, ...], value: str = "value") -> pd.DataFrame:
        """Return a long table: period, (hour,) dims, value."""
        shape = self.values.shape
        index = np.indices(shape).reshape(len(shape), -1)
        data: dict[str, object] = {"period": np.asarray(periods)[index[0]]}
        if self.hourly:
            data["hour"] = index[1]
        for at, dim in enumerate(self.dims):
            names = np.array([label[at] for label in self.labels], dtype=object)
            data[dim] = names[index[-1]] if len(names) else np.array([], dtype=object)
        data[value] = self.values.ravel()
        return pd.DataFrame(data)
