"""Data of the current year: its published months, and growth over the same months of the year before."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

from xisuan.tracking.series.reconciliation import Figure
from xisuan.tracking.series.year_nowcast import YearToDate


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
    return YearToDate(
        last.last.year,
        last.last.month,
        same,
        growth,
        before[-1] if before else math.nan,
        _shares(series, last.last),
    )


def _shares(series: Sequence[Figure], day: datetime.date) -> tuple[float, ...]:
    """Return the part of each earlier whole year that had come by the month of a day, by ascending year."""
    whole = {one.last.year: one.value for one in series if one.whole_year and one.value > 0.0 and not one.bound}
    to_date = {
        one.last.year: one.value
        for one in series
        if one.last.month == day.month
        and one.last.year < day.year
        and not one.whole_year
        and one.basis == "cumulative"
        and one.value > 0.0
        and not one.bound
    }
    return tuple(to_date[year] / whole[year] for year in sorted(to_date) if year in whole)
