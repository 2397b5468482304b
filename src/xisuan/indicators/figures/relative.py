"""Stretches of time that a text says by those before them: the same period, a year later, at that date, so far."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence

from xisuan.indicators.language.periods import Span, When
from xisuan.indicators.sentences.context import Context


def relative(when: When, context: Context, spoken: Sequence[Span], *, done: bool = False) -> Span | None:
    """The days of `so far`, `since …` and `the same period last year`; `done` where the sentence tells what happened, so
    that `by then` is no deadline that was told before.
    """
    if when.kind == "before":
        now = spoken[-1] if spoken else context.span
        return _year_before(now) if now is not None else None
    if when.kind == "years_before":
        today = _today(context) if context.now else None
        now = spoken[-1] if spoken else today or context.settled or context.span or _today(context)
        for _ in range(-(when.offset or 0)):
            now = _year_before(now) if now is not None else None
        return now
    if when.kind == "years_after":
        now = spoken[-1] if spoken else context.span or context.settled
        return _year_after(now, when.offset or 0) if now is not None else None
    if when.kind == "same_in":
        now = spoken[-1] if spoken else context.span or context.settled
        year = when.year if when.year is not None else context.anchor
        return _year_after(now, year - now.last.year) if now is not None and year is not None else None
    if when.kind == "that_date":
        now = spoken[-1] if spoken else context.span or context.settled
        return Span(now.last, now.last, True) if now is not None else None
    if when.kind == "years_till":
        return _years_till(-(when.offset or 0), context, spoken)
    if when.kind == "month_before":
        now = spoken[-1] if spoken else context.settled or context.span
        return _month_before(now) if now is not None else None
    if when.kind == "then" and done and not spoken and context.span is not None and not context.aimed:
        return context.span
    if when.kind == "then":
        return spoken[-1] if spoken else context.aim or context.span
    if when.kind == "period" and not when.first and not done and context.aimed and context.aim is not None:
        return context.aim
    if when.kind == "period" and not when.first and not when.last and context.latest and not context.latest.point:
        return spoken[-1] if spoken else context.latest
    if when.kind == "period":
        return _of_so_many(when.last, context, spoken) or (spoken[-1] if spoken else _just_told(context))
    if context.published is None:
        return None
    if when.kind == "ahead":
        year, early = context.published.year, context.published.month <= _THIS_ONE_COUNTS
        years = max((when.offset or 0) - early, 0)  # the next three years, told in January, begin with this one
        return Span(datetime.date(year, 1, 1), datetime.date(year + years, 12, 31))
    if when.kind == "last_month":
        last = context.published.replace(day=1) - datetime.timedelta(days=1)
        return Span(last.replace(day=1), last)
    if when.kind == "lately":
        first = datetime.date(context.published.year + (when.offset or 0), 1, 1)
        if (
            context.published.month <= _THIS_ONE_COUNTS
        ):  # the past three years, told in January, ended with the last one
            return Span(first, datetime.date(context.published.year - 1, 12, 31))
        return Span(first, context.published)
    year = when.year if when.year is not None else context.published.year + (when.offset or 0)
    if when.kind == "since" and when.first:
        first = datetime.date(year, when.first or 1, 1)
        return Span(first, _till(first, context, spoken)) if first <= context.published else None
    if when.kind == "now_month":
        return Span(context.published.replace(day=1), context.published)
    if when.kind == "now":
        return Span(context.published, context.published, True)
    return Span(datetime.date(context.published.year, 1, 1), _told_till(when, context, spoken))


_THIS_ONE_COUNTS = 2
"""Months at the beginning of a year in which it is one of the next few, and none of the last few."""


def _today(context: Context) -> Span | None:
    """The day of a text, from which `a year ago` counts where nothing was told before."""
    day = context.published
    return Span(day, day, True) if day is not None else None


def _till(first: datetime.date, context: Context, spoken: Sequence[Span]) -> datetime.date:
    """The day up to which `since January` goes: that of the level told in its sentence, else the end of the months that the
    text reports on, else that of the text.
    """
    ends = [one.last for one in spoken[-1:] if one.point]
    ends += [context.reported.last] if context.reported is not None else []
    published = context.published or datetime.date.max
    return next((last for last in ends if first < last <= published), published)


def _told_till(when: When, context: Context, spoken: Sequence[Span]) -> datetime.date:
    """The day up to which `so far this year` goes: that of the text, but where its sentence tells of an earlier one of the
    same year, that (到9月底…,今年以来新增…), and where it has `offset` 0, said in English, the last of the months just told.
    """
    published, told = context.published or datetime.date.max, context.span or context.settled
    now = spoken[-1] if spoken else None
    if now is not None and now.last.year == published.year and now.last < published and (now.point or when.offset == 0):
        return now.last
    told_now = told is not None and when.offset == 0 and not context.aimed
    if told is not None and told_now and published.year == told.last.year:
        return told.last
    reported = context.reported if when.offset == 0 else None
    return reported.last if told is None and reported is not None else published


def _of_so_many(months: int, context: Context, spoken: Sequence[Span]) -> Span | None:
    """The latest stretch of so many months that was told: the six months, the quarter; else those from the beginning of the
    year to the last day told, where they are as many; None where there is none, or nobody says how many.
    """
    told = [one for one in (*reversed(spoken), context.span, context.settled, context.covered) if one is not None]
    stretches = [one for one in told if not one.point and _months(one) == months]
    if stretches or not months:
        return stretches[0] if stretches else None
    if months == _HALF:  # grew 5.6 percent in three quarters, compared with 4.9 percent for the half-year
        longer = (one for one in told if not one.point and _months(one) > months and one.first.month == 1)
        if (one := next(longer, None)) is not None:
            return Span(one.first, datetime.date(one.first.year, months, 30))
    if months == 1:  # the last of several months
        return next((Span(one.last.replace(day=1), one.last) for one in told if not one.point), None)
    until = next((one.last for one in told if one.last.month == months), None)
    open_ended = all(_under_way(one, context.published) for one in told)
    if (
        until is None
        and open_ended
        and context.published is not None
        and 0 < context.published.month - months <= _LATELY
    ):
        end = calendar.monthrange(context.published.year, months)[1]
        until = datetime.date(context.published.year, months, end)
    return Span(datetime.date(until.year, 1, 1), until) if until is not None else None


def _under_way(days: Span, published: datetime.date | None) -> bool:
    """Whether a stretch is but the year in which a text was published, or as much of it as had passed."""
    begun = published is not None and not days.point and days.first == datetime.date(published.year, 1, 1)
    return begun and published is not None and days.last >= published


_HALF = 6
"""Months of half a year."""
_LATELY = 2
"""Months after the first of a year within which these are told of as but so many months."""


def _months(days: Span) -> int:
    """How many months a stretch has."""
    return YEAR * (days.last.year - days.first.year) + days.last.month - days.first.month + 1


def _year_after(days: Span, years: int) -> Span:
    """The same stretch so many years later."""
    year = days.last.year + years
    end = calendar.monthrange(year, days.last.month)[1]
    whole = days.last.day == calendar.monthrange(days.last.year, days.last.month)[1]
    last = datetime.date(year, days.last.month, end if whole else min(days.last.day, end))
    first = last if days.point else datetime.date(days.first.year + years, days.first.month, min(days.first.day, 28))
    return Span(first, last, days.point)


def _years_till(count: int, context: Context, spoken: Sequence[Span]) -> Span | None:
    """The last so many years, 五年来: those just said, else to the end of the year spoken of, or of the one that was just
    over when the text was published; else to the day of the text.
    """
    if spoken and spoken[-1].last.year - spoken[-1].first.year in (count - 1, count):
        return spoken[-1]
    told, published = context.settled or context.span, context.published
    over = told is not None and (published is None or told.last < published)
    if told is not None and over and (told.last.month, told.last.day) == (12, 31) and not context.aimed:
        last = told.last
    elif published is None:
        return None
    else:
        last = datetime.date(published.year - 1, 12, 31) if published.month <= _JUST_OVER else published
    return Span(datetime.date(last.year - count + (last.month == YEAR), 1, 1), last)


_JUST_OVER = 3
"""Months at the beginning of a year in which what is told of several years goes to the end of the last one."""
YEAR = 12
"""The last month."""


def _just_told(context: Context) -> Span | None:
    """The stretch that `the period` means: the one just told where it begins with the settled one, else the settled one."""
    span, settled = context.span, context.settled
    if span is not None and settled is not None and not span.point and span.first == settled.first:
        return span
    return settled or span


def _month_before(days: Span) -> Span:
    """The month before the last of some days, or its end."""
    last = days.last.replace(day=1) - datetime.timedelta(days=1)
    return Span(last if days.point else last.replace(day=1), last, days.point)


def _year_before(days: Span) -> Span:
    """The same stretch of the year before."""
    last = days.last
    end = calendar.monthrange(last.year - 1, last.month)[1]
    day = end if last.day == calendar.monthrange(last.year, last.month)[1] else min(last.day, end)
    last = datetime.date(last.year - 1, last.month, day)
    first = last if days.point else datetime.date(days.first.year - 1, days.first.month, min(days.first.day, 28))
    return Span(first, last, days.point)
