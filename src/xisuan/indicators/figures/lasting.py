"""How long the days just told last: what a new paragraph, or the next sentence, is of."""

from __future__ import annotations

import datetime

from xisuan.indicators.language.periods import Span


def wider(settled: Span | None, now: Span | None) -> Span | None:
    """The stretch that a new paragraph is of: the months so far, where the last figure was of their last month."""
    if settled is None or now is None or settled.point or now.point:
        return now
    month = (now.first.year, now.first.month) == (now.last.year, now.last.month)
    return settled if month and settled.first < now.first and settled.last == now.last else now


def back(covered: Span | None, now: Span | None) -> Span | None:
    """The stretch that a new paragraph is of: that of the whole text, where what was just told is of a year before it."""
    if covered is None or now is None or covered.point or now.point:
        return now
    year = (covered.first.month, covered.last.month) == (1, 12)
    return covered if year and now.last.year < covered.last.year else now


def lags(covered: Span | None, now: Span | None) -> bool:
    """Whether a stretch of months is but the shorter one of a branch that is counted later: profits of January to May
    in a bulletin on the first half, whose next figures are of the half again."""
    if covered is None or now is None or covered.point or now.point or covered.first != now.first:
        return False
    months = covered.last.month - now.last.month
    return covered.last.year == now.last.year and 0 < months <= _LATE


def returned(covered: Span | None, settled: Span | None, published: datetime.date | None) -> Span | None:
    """The days that a new paragraph is of: the latest told, but no months before those that the whole text is on, and no
    quarter or month with which these end: of the nine months again, behind what came in the third quarter.
    """
    if covered is None or settled is None or (published is not None and covered.last >= published):
        return settled
    before = settled.last < covered.last and settled.last.year == covered.last.year
    ends = settled.last == covered.last and covered.first < settled.first and not settled.point
    return covered if before or ends else settled


def says_no_more(days: Span, settled: Span | None) -> bool:
    """Whether a year says no more than that of a stretch of its months told before."""
    return settled is not None and not settled.point and days.first == settled.first and settled.last < days.last


_LATE = 2
"""Months by which what is counted later lags behind the stretch of a bulletin."""
