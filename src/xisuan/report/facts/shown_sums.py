"""Rounding that keeps sums: the parts shown add up to the total shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xisuan.text.numbers import places

MOST_DECIMALS = 3


def money_decimals(totals: Sequence[float]) -> int:
    """Return the decimals with which the largest of several yearly amounts has three significant digits."""
    return min(MOST_DECIMALS, places(max((abs(value) for value in totals), default=0.0)))


def apportion(parts: Sequence[float], total: float, decimals: int) -> list[float]:
    """Return `parts` rounded to `decimals` so that they add up to `total`, itself rounded: largest remainders.

    Each part moves by less than one unit of the last digit. Parts of 0 stay 0. `total` must be near the sum of parts.
    """
    unit = 10.0**-decimals
    floors = [math.floor(part / unit + 1e-9) for part in parts]
    missing = round(total / unit) - sum(floors)
    free = [at for at, part in enumerate(parts) if part != 0.0]
    order = sorted(free, key=lambda at: parts[at] / unit - floors[at], reverse=missing > 0)
    for at in order[: abs(missing)]:
        floors[at] += 1 if missing > 0 else -1
    return [round(count * unit, decimals) for count in floors]


def rounded_total(parts: Sequence[float], decimals: int) -> float:
    """Return the sum of parts that are shown with `decimals`."""
    return round(sum(round(part, decimals) for part in parts), decimals)
