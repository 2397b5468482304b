"""Yearly means that chosen days and weeks keep: sun, wind, PUE, grid prices and grid carbon.

A few days rarely have the sun or the wind of their year, and what a plan builds for a year's energy would be too much
or too little of it. The modelled hours of these series are therefore moved so that, with the weights of their blocks,
they have the mean of the 8,760 hours; Nahmmacher et al. (2016, Energy 112, 430-442), whose choice of days is used here,
scale theirs for the same reason. Demand and traffic are left as they are: capacity is built for their peak.
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
    }
)
"""Columns whose yearly mean is kept, with the least and the most that such a series can be."""


ROUNDING = 1e-12
"""Differences of means that are nothing but rounding: a constant stays one."""


def keep(hours: Array, weight: Array, mean: float, floor: float, ceiling: float) -> Array:
    """`hours` moved to the weighted mean `mean`. Shapes (H,).

    What lies above the floor is multiplied by one factor; what would pass the ceiling stays there, and the others make
    up for it. Where these hours or the mean go below the floor (prices may) all are shifted instead, which needs no zero.
    Hours that are all at the floor have nothing to multiply and stay as they are, as they do in a polar night.
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
    while free.any():
        at_ceiling = float(weight[~free] @ out[~free])
        out[free] = above[free] * ((want - at_ceiling) / float(weight[free] @ above[free]))
        over = free & (out > room)
        if not over.any():
            break
        out[over] = room
        free &= ~over
    return np.asarray(floor + out)
