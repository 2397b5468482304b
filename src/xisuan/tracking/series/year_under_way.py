"""Data of the current year: its published months, and growth over the same months of the year before."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xisuan.tracking.series.nowcast import YearToDate
from xisuan.tracking.series.reconciliation import Figure


def year_to_date(
    series: Sequence[Figure], figures: Sequence[Figure], indicator: str, region: str, known: int
) -> YearToDate | None:
    """Return the latest incomplete year after the last whole year `known`, with data of the year before, or None."""
    part = [
        one
        for one in series
        if one.basis == "cumulative"
        and not one.whole_year
        and (one.first.month, one.first.day) == (1, 1)
        and one.first.year == one.last.year > known
    ]
    grown = [
        one
        for one in figures
        if one.indicator == indicator
        and one.region == region
        and one.rank == 1
        and math.isfinite(one.growth)
        and not one.growth_to_other
        and (one.first.month, one.first.day) == (1, 1)
        and one.first.year == one.last.year > known
        and one.status in ("actual", "preliminary")
    ]
    if not part and not grown:
        return None
    last = max([*part, *grown], key=lambda one: one.last)
    same = next((one.value for one in part if one.last == last.last), math.nan)
    growth = next((one.growth for one in grown if one.last == last.last), math.nan)
    before = [one.value for one in series if one.whole_year and one.last.year == last.last.year - 1]
    to_date = [
        one.value
        for one in series
        if one.first.year == last.last.year - 1
        and one.last.month == last.last.month
        and not one.whole_year
        and one.basis == "cumulative"
    ]
    return YearToDate(
        last.last.year,
        last.last.month,
        same,
        growth,
        to_date[-1] if to_date else math.nan,
        before[-1] if before else math.nan,
    )
