"""Yearly means that chosen hours, days and weeks keep: work, other traffic, sun, wind, PUE, grid prices and grid carbon.

A few days rarely have the sun or the wind of their year, and what a plan builds for a year's energy would be too much
or too little of it. The modelled hours of these series are therefore moved so that, with the weights of their blocks,
they have the mean of the 8,760 hours; Nahmmacher et al. (2016, Energy 112, 430-442), whose choice of days is used here,
scale theirs for the same reason. Work and traffic keep the largest of their hours where they can: capacity is built
for it (`keep_work`).
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

WORK = (("demand", "profile"), ("traffic", "profile"))
"""Columns whose yearly mean is kept so that what arises in the modelled hours is what arises in the year."""


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


def keep_work(hours: Array, weight: Array, curve: Array) -> Array:
    """Return `hours` of a profile of work or traffic moved to the mean of `curve`, its 8,760 values. Shape (H,).

    Where the hours are too low, they are multiplied by one factor, none beyond the largest hour of the year. Where they
    are too high, their distances from the largest of them are, none below 0: the peak stays. Where neither reaches the
    mean, as where all hours are alike, they are all multiplied by one factor; where all are 0, each is the mean.
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
    reached = float(weight @ moved) / float(weight.sum())
    return np.maximum(moved, 0.0) if abs(reached - mean) <= 1e-9 * mean else hours * (mean / now)
