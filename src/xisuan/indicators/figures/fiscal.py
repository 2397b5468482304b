"""Days that a text tells by another year than that of the calendar: fiscal years, and what ended in a month.

A fiscal year is that of the nation that a text is about (`vocabulary/nations.csv`, column `fiscal`: the month in which it
begins, with `first` behind it where the year is named by the one in which it begins). Where that is not known, neither
are the days: FY2024 ends in March in India, in June in Pakistan and in September in the United States.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence

from xisuan.indicators.language.periods import Span, When
from xisuan.indicators.sentences.context import Context

YEAR = 12
"""Months of a year."""


def days_of(when: When, context: Context, spoken: Sequence[Span]) -> Span | None:
    """The days of a `fiscal` year or a part of it; None where the fiscal year of its nation is not known."""
    begins, by_first = _of_the_nation(context)
    if not begins or (begins == 1 and when.until is not None):
        return None
    if when.year is not None:
        year = when.year - (0 if begins == 1 or by_first or when.until is not None else 1)
    else:
        now = spoken[-1].last if spoken else context.published
        if now is None:
            return None
        year = now.year - (now.month < begins) + (when.offset or 0)
    return _months(year, begins + when.first - 1, when.last - when.first + 1)


def ended(when: When, year: int) -> Span:
    """The days of so many months that ended with a month of a year."""
    return _months(year, when.last - when.first + 1, when.first)


def several_years(days: Span) -> bool:
    """Whether days are more than a year, of the calendar or not."""
    return (days.last - days.first).days > _LEAP_YEAR


_LEAP_YEAR = 366


def _of_the_nation(context: Context) -> tuple[int, bool]:
    """The month in which a fiscal year begins, 0 where nobody knows, and whether it has its name from its first year."""
    words = context.words
    told = "1" if words.nation == "china" else words.nations[words.nation].fiscal if words.nation else ""
    month, _, named = told.partition(" ")
    return int(month or 0), named == "first"


def _months(year: int, first: int, count: int) -> Span:
    """So many months from month `first` of a year on, which may lie before or behind it."""
    start, last = year * YEAR + first - 1, year * YEAR + first + count - 2
    end = calendar.monthrange(last // YEAR, last % YEAR + 1)[1]
    return Span(datetime.date(start // YEAR, start % YEAR + 1, 1), datetime.date(last // YEAR, last % YEAR + 1, end))
