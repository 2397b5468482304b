"""Nowcast of the current year from the months that are known, and its standard deviation."""

from __future__ import annotations

import math
from dataclasses import dataclass

_MONTHS = 12
MOST_OF_A_YEAR = 9
"""Months from which on the level so far is scaled to a year without knowledge of seasons."""
_SHARE_SD, _GROWTH_SD, _MONTHS_SD = 0.06, 0.08, 0.25
"""Standard deviation of the logarithm of a year nowcast, per remaining year: by seasonal share, by growth, by months."""


@dataclass(frozen=True, slots=True)
class YearToDate:
    """Current year: level to a month, published growth in per cent, and the year before in all.

    `shares`: parts of earlier whole years that had come by that month, the latest year last.
    """

    year: int
    month: int
    level: float
    growth: float
    before: float
    shares: tuple[float, ...] = ()


def whole_year(part: YearToDate) -> tuple[float, float] | None:
    """Return the nowcast of a year from its first months, and the standard deviation of its logarithm.

    The first of these that is available: the level so far over the share of a year that the latest earlier year had by
    then; last year × (1 + growth so far); the level so far × 12 / months, from nine months on; else None. Fewer months
    alone say nothing of a year: investment and revenue have seasons. The standard deviation falls with the months that
    remain.
    """
    rest = 1.0 - part.month / _MONTHS
    if part.month >= _MONTHS and math.isfinite(part.level):
        return part.level, 0.0
    if part.shares and math.isfinite(part.level):
        return part.level / part.shares[-1], _SHARE_SD * rest
    if math.isfinite(part.before) and part.before > 0 and math.isfinite(part.growth):
        return part.before * (1.0 + part.growth / 100.0), _GROWTH_SD * rest
    if math.isfinite(part.level) and part.level > 0 and part.month >= MOST_OF_A_YEAR:
        return part.level * _MONTHS / part.month, _MONTHS_SD * rest
    return None
