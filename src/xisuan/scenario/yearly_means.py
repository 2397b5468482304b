"""Yearly means kept by modelled hours: work, other traffic, sun, wind, PUE, grid prices and grid carbon.

A few days rarely have the mean sun or wind of their year, so that a plan for them would build too much or too little.
The modelled hours of these series are therefore adjusted so that their weighted mean is that of the 8,760 hours.
Nahmmacher et al. (2016, Energy 112, 430-442), whose choice of days is used here, scale theirs for the same reason. Work
and traffic keep their largest hour where possible, because capacity is built for it (`keep_work`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

KEPT: Mapping[tuple[str, str], tuple[float, float]] = MappingProxyType(
    {
        ("supply", "profile"): (0.0, 1.0),
        ("sites", "pue"): (1.0, np.inf),
        ("power", "price"): (0.0, np.inf),
        ("power", "co2_kg_per_kwh"): (0.0, np.inf),
        ("power", "clean_share"): (0.0, 1.0),
        ("power", "green_profile"): (0.0, 1.0),
    }
)
"""Columns whose yearly mean is kept, with the lower and upper bound of such a series."""

WORK = (("demand", "profile"), ("traffic", "profile"))
"""Columns whose yearly mean is kept so that the modelled hours have the work and traffic of the year."""


ROUNDING = 1e-12
"""Relative difference of means that counts as rounding, so that a constant stays constant."""


def keep(hours: Array, weight: Array, mean: float, floor: float, ceiling: float) -> Array:
    """Return `hours` adjusted to the weighted mean `mean`. Shapes (H,).

    Values above the floor are multiplied by one factor; values that reach the ceiling stay there, and the others
    compensate. If the hours or the mean are below the floor (prices may be), all are shifted by a constant instead.
    Hours that are all at the floor (polar night) are unchanged.
    """
    total = float(weight.sum())
    missing = mean - float(weight @ hours) / total
    if abs(missing) <= ROUNDING * max(1.0, abs(mean)):
        return hours
    if min(hours.min(), mean) < floor:
        return np.asarray(hours + missing)
    above = hours - floor
    want, room = (mean - floor) * total, ceiling - floor
    free = above > 0.0
    out = above.copy()
    # Water-filling: scale the free hours to the wanted sum, fix those beyond the ceiling, repeat.
    while free.any():
        at_ceiling = float(weight[~free] @ out[~free])
        out[free] = above[free] * ((want - at_ceiling) / float(weight[free] @ above[free]))
        over = free & (out > room)
        if not over.any():
            break
        out[over] = room
        free &= ~over
    return np.asarray(floor + out)


def keep_work(hours: Array, weight: Array, curve: Array) -> Array:
    """Return `hours` of a profile of work or traffic adjusted to the mean of `curve`, its 8,760 values. Shape (H,).

    Too low: multiply by one factor, capped at the largest hour of the year. Too high: multiply the distances from the
    largest modelled hour, which stays, with 0 as lower bound. If neither reaches the mean (all hours alike), multiply
    all by one factor; if all are 0, each becomes the mean.
    """
    mean, most = float(curve.mean()), float(hours.max())
    now = float(weight @ hours) / float(weight.sum())
    if abs(now - mean) <= ROUNDING * max(1.0, mean):
        return hours
    if most <= 0.0:
        return np.full_like(hours, mean)
    if now < mean:
        moved = keep(hours, weight, mean, 0.0, float(curve.max()))
    else:
        moved = most - keep(most - hours, weight, most - mean, 0.0, most)
    # 1e-9: relative tolerance for rounding in the mean.
    reached = float(weight @ moved) / float(weight.sum())
    return np.maximum(moved, 0.0) if abs(reached - mean) <= 1e-9 * mean else hours * (mean / now)
