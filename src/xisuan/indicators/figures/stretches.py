"""When: the days of every phrase of time in a sentence."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from xisuan.indicators.figures import fiscal
from xisuan.indicators.figures.relative import relative
from xisuan.indicators.language.periods import Span, When, span
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.sentence import Sentence

Spoken = tuple[When, Span | None]
_OF_NOW = re.compile(
    r"this|last|next|current|今年|去年|明年|前年|年内|本年|过去|past|一年[来间]|within|in\s+the\s+year"
)
_OF_THE_YEAR = re.compile(r"in\s+the\s+year|年内")


def spans(sentence: Sentence, context: Context) -> list[Spoken]:
    """Every phrase of time with its days; None where its year is not known."""
    out: list[Spoken] = []
    years: list[int] = []
    year, month = context.year, context.span.last.month if context.span else 0
    for when in (_ahead_if_begun(one, context) for one in sentence.times):
        if when.compared:
            continue
        if when.kind == "fiscal":
            days = fiscal.days_of(when, context, [days for one, days in out if one.kind == "fiscal" and days])
            out.append((replace(when, until=None), days))
            year = days.last.year if days is not None else year
            continue
        if when.kind in (
            "now",
            "now_month",
            "so_far",
            "since",
            "before",
            "period",
            "then",
            "ahead",
            "lately",
            "years_till",
            "last_month",
            "years_before",
            "years_after",
            "that_date",
            "same_in",
            "month_before",
        ):
            told = [days for _, days in out if days is not None]
            days = relative(when, context, told, done=_tells_what_happened(sentence, context))
            if days is not None or when.kind in ("before", "now"):
                out.append((when, days))
            continue
        this = _year_of_its_own(when, sentence, context, out) or _year(when, sentence, context, year, years)
        if this is None or (when.same_month and not month):
            out.append((when, None))
            continue
        ended = when.kind == "ended"
        days = fiscal.ended(when, this) if ended else _not_ahead(when, this, month, sentence, context)
        if when.year is not None and not when.deadline:
            year = this
            years.append(this)
        elif when.offset is not None and when.kind == "year":
            year = this  # 今年主要预期目标是:…;失业率全年控制在…
        month = days.last.month
        out.append((when, days))
    return out


def _tells_what_happened(sentence: Sentence, context: Context) -> bool:
    """Whether an English sentence has a verb of the past and no word of aim or expectation."""
    cues, text = context.words.cues, sentence.text
    hoped = cues.aims.search(text) or cues.expects.search(text)
    return sentence.english and not hoped and cues.past.search(text) is not None


def _ahead_if_begun(when: When, context: Context) -> When:
    """A stretch of years that has but begun when its text is published as a deadline: nothing is told of it but aims."""
    begun = when.until is not None and when.year is not None and when.kind == "span"
    if begun and context.published is not None and (when.year or 0) >= context.published.year:
        return replace(when, deadline=True)
    return when


def _year(when: When, sentence: Sentence, context: Context, year: int | None, years: Sequence[int]) -> int | None:
    """The year of a phrase: its own, that of `this year`, or the one spoken of."""
    if when.offset is not None:
        base = context.anchor
        said = sentence.text[when.start : when.end]
        if said in ("that year", "the same year") and not years and context.span is not None:
            return context.span.last.year + when.offset
        if _OF_THE_YEAR.search(said) and context.span is not None and _ends_a_year(context.span) and not years:
            return base if context.aimed and not sentence.english else context.span.last.year
        if not _OF_NOW.search(said):  # the end of the year just named
            anchor = base
            told = _year_told(sentence, context)
            if base is not None and not years and _just_over(when, base + when.offset, sentence, context):
                return base + when.offset
            told_year = told.last.year if told is not None else _latest_year(sentence, context)
            if said == "年初" and (over := _year_of_the_whole(when, sentence, context)) is not None:
                told_year = over
            base = years[-1] if years else told_year if told_year is not None else base
            if when.deadline and anchor is not None and base is not None and not years and sentence.english:
                aimed = context.aimed and not _tells_what_happened(sentence, context)
                base = max(base, anchor) if aimed or context.words.cues.aims.search(sentence.text) else base
        return base + when.offset if base is not None else None
    if when.year is not None:
        return when.year
    if _whole_year(when) and not years and (over := _year_of_the_whole(when, sentence, context)) is not None:
        return over
    december = "december" in sentence.text[when.start : when.end]
    if context.published is not None and not years and (december or not _whole_year(when)):
        return context.published.year  # a month without a year is the latest one, not that of a year spoken of before
    told = _year_told(sentence, context)
    if told is not None and not years and not when.deadline:
        return told.last.year
    aimed = sentence.english and context.words.cues.aims.search(sentence.text) is not None
    if aimed and _whole_year(when) and not years and year is not None and context.anchor is not None:
        return max(year, context.anchor)  # nobody has a goal for a year that is over
    return year if year is not None else context.anchor


def _year_of_the_whole(when: When, sentence: Sentence, context: Context) -> int | None:
    """The year of a Chinese 全年 or 年末 without one, in a text with a day: the year aimed at under a heading of plans, else
    the one that was just told or, in the first months of a year, had just ended; None where its own sentence aims.
    """
    published, cues = context.published, context.words.cues
    if published is None or sentence.english or when.deadline:
        return None
    if context.planned or (context.aimed and context.aim is not None and context.aim.last > published):
        ahead = context.span if context.planned else context.aim
        return ahead.last.year if ahead is not None and ahead.last > published else None
    ahead_of_it = cues.met.sub(" ", sentence.text[: when.start])
    if cues.aims.search(ahead_of_it) or cues.aims.match(sentence.text, when.end):
        return None
    settled = context.settled
    if settled is not None:
        return settled.last.year if _ends_a_year(settled) and settled.last < published else None
    return published.year - 1 if context.year is None and published.month <= _JUST_OVER else None


_JUST_OVER = 3
"""Months at the beginning of a year in which the whole year that is told of is the last one."""


def _just_over(when: When, year: int, sentence: Sentence, context: Context) -> bool:
    """Whether English months of `the year` are those that had just ended when the text was published: the first half of the
    year, told in August.
    """
    published = context.published
    if published is None or not sentence.english or when.kind != "span" or _whole_year(when):
        return False
    days = span(when, year, 0)
    return days.last <= published and (published - days.last).days <= _LATELY


_LATELY = 122
"""Days within which months are told of as those of the year."""


def _year_told(sentence: Sentence, context: Context) -> Span | None:
    """The year that an English text tells of: that of the latest figure where it is the last of one, but no year before
    that of the first, to which the text only looks back.
    """
    settled, covered = context.settled, context.covered
    if not sentence.english or settled is None or not _ends_a_year(settled):
        return None
    back = covered is not None and not _ends_a_year(covered) and settled.last.year < covered.last.year
    return None if back else settled


def _latest_year(sentence: Sentence, context: Context) -> int | None:
    """The year of the latest figures with one; in English no year before that of the first, to which a text looks back."""
    if context.year is None or not sentence.english or context.covered is None or _ends_a_year(context.covered):
        return context.year
    return max(context.year, context.covered.last.year)


def _year_of_its_own(when: When, sentence: Sentence, context: Context, spoken: Sequence[Spoken]) -> int | None:
    """The year of publication for an English day or month without a year in a later clause than a figure and its year:
    …345 billion yuan in 2024, and 132 models had been filed by 31 March.
    """
    last = next((one for one, _ in reversed(spoken) if one.year is not None), None)
    published = context.published
    if last is None or published is None or not sentence.english or when.year is not None or when.offset is not None:
        return None
    if (later := _after_a_change(when, sentence, published, spoken)) is not None:
        return later
    ahead = any(one.end <= last.start for one in sentence.amounts)
    between = any(last.end <= one.start and one.end <= when.start for one in sentence.amounts)
    apart = sentence.clause(last.start) != sentence.clause(when.start)
    another = any(last.end <= one.start and one.end <= when.start for one in sentence.mentions)
    if (
        not ahead
        or not apart
        or not (between or another or when.kind == "point")
        or last.kind != "year"
        or _whole_year(when)
        or (last.year or 0) >= published.year
    ):
        return None
    return published.year if span(when, published.year, published.month).last <= published else None


def _after_a_change(when: When, sentence: Sentence, published: datetime.date, spoken: Sequence[Spoken]) -> int | None:
    """The year after that of the level before a change, for a month to which the change leads and that would else be none
    after it: from 15,000 at the end of 2023 to 31,000 at the end of October.
    """
    before = next((days for one, days in reversed(spoken) if one.year is not None and days is not None), None)
    if before is None or _whole_year(when):
        return None
    levels = [one for one in sentence.amounts if one.end <= when.start]
    changed = len(levels) > 1 and _FROM.search(sentence.text, 0, levels[-2].start) is not None
    changed = changed and _TO.search(sentence.text, levels[-2].end, levels[-1].start) is not None
    year = before.last.year + 1
    if not changed or span(when, before.last.year, published.month).last > before.last:
        return None
    return year if span(when, year, published.month).last <= published else None


_FROM = re.compile(r"\b(?:from|between)\s+(?:(?:about|some|only|just|nearly|over|more\s+than|less\s+than)\s+)*$")
_TO = re.compile(r"\bto\s+(?:(?:about|some|only|just|nearly|over|more\s+than|less\s+than)\s+)*$")
"""Before the level that a change came from and the one that it led to."""


def _ends_a_year(days: Span) -> bool:
    """Whether days are those of a whole year, or its last."""
    return _a_year(days) or (days.point and (days.last.month, days.last.day) == (12, 31))


def _a_year(days: Span) -> bool:
    """Whether days are those of a whole year."""
    return days.first == datetime.date(days.last.year, 1, 1) and days.last == datetime.date(days.last.year, 12, 31)


def _whole_year(when: When) -> bool:
    """Whether a phrase is a year or the end of one: 全年, 年末."""
    return (when.first, when.last) in ((1, 12), (12, 12))


def _not_ahead(when: When, year: int, month: int, sentence: Sentence, context: Context) -> Span:
    """The days of a phrase; of the year before where they would lie ahead of the day of publication."""
    days = span(when, year, month)
    just_over = when.offset == 0 and when.kind == "point" and sentence.english  # at the end of the year
    by_then = when.deadline and not (when.kind == "point" and _tells_what_happened(sentence, context))
    by_then |= context.planned and sentence.english and _whole_year(when)  # over 500 billion yuan for the year
    said = when.year is not None or (when.offset is not None and not just_over) or by_then
    if said or context.published is None or days.last <= context.published or _under_way(days, context.published, when):
        return days
    own = _own_part(sentence, when, context)
    if context.words.cues.aims.search(own) or context.words.cues.expects.search(own):
        return days
    ahead = context.span if context.planned else context.aim if context.aimed else None
    if ahead is not None and ahead.last.year == year and not sentence.english:
        return days  # of the year of the aims just told, or of the heading that says what is planned
    return span(when, year - 1, month)


def _own_part(sentence: Sentence, when: When, context: Context) -> str:
    """The part between semicolons in which a time of an English sentence stands, where that tells what happened; else all:
    we had 8,400 at the end of the year; by the end of 2025 we would like to count 11,000.
    """
    low = sentence.text.rfind(";", 0, when.start) + 1
    high = sentence.text.find(";", when.end)
    own = sentence.text[low : high if high >= 0 else len(sentence.text)]
    return own if sentence.english and context.words.cues.past.search(own) else sentence.text


def _under_way(days: Span, day: datetime.date, when: When) -> bool:
    """Whether a phrase means a stretch that had not ended when it was published: this month, this quarter."""
    return when.kind == "span" and (days.last.year, days.last.month) == (day.year, day.month)
