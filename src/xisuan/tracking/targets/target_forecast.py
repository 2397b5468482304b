"""Forecast of a series up to a target's deadline, and the days along its path."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from xisuan.tracking.series import growth_rate_walk, level_walk
from xisuan.tracking.series.outlook import Outlook


def foreseen(
    days: Sequence[datetime.date],
    values: Sequence[float],
    until: Sequence[datetime.date],
    noise: float,
    *,
    stock: bool,
    share: bool = False,
    grew: Sequence[float] = (),
) -> list[Outlook] | None:
    """Return the forecast of a series: by its growth rate for a stock that never fell, otherwise as a random walk."""
    found = growth_rate_walk.outlook(days, values, until) if stock and growth_rate_walk.never_fell(values) else None
    return found or level_walk.outlook(days, values, until, noise, share=share, grew=grew)


def path_days(start: datetime.date, end: datetime.date, kind: str) -> list[datetime.date]:
    """Return the days along a path after `start`: year ends, and quarter ends for a stock."""
    ends = ((3, 31), (6, 30), (9, 30), (12, 31)) if kind == "stock" else ((12, 31),)
    days = [datetime.date(year, *day) for year in range(start.year, end.year + 1) for day in ends]
    # An incomplete year enters as the nowcast of its own end, which the path shows too.
    return [day for day in days if day <= end and (day > start or kind != "stock")]
