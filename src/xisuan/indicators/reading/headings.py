"""Headings inside a text: what is under them is of the year they name, and is aimed at where they say so."""

from __future__ import annotations

import datetime
import re

from xisuan.indicators.figures import stretches
from xisuan.indicators.language.periods import Span
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.sentence import Sentence

_LONGEST = {True: 110, False: 40}
"""Signs of an English and a Chinese heading."""
_NUMBER = re.compile(r"\s*[(（]?(?:[ivxIVX]+|\d{1,2}|[一二三四五六七八九十]+)[.、)）．]\s*")
"""What counts headings: II., 二、, (3)."""
_ENDS = re.compile(r"[。；;,，.]\s*$")
_FIRST_MONTHS = 4
"""Months at the beginning of a year in which aims without a year are those of that year."""


def is_heading(raw: str, behind: str) -> bool:
    """Whether a whole line is a heading: short, without a figure, and no sentence."""
    line = raw.strip()
    if not line or (behind not in ("", "\n", "\r") and not raw.endswith("\n")):
        return False
    english = line.isascii()
    return len(line) < _LONGEST[english] and not _ENDS.search(line)


def under(sentence: Sentence, context: Context) -> None:
    """Bring the context to what holds under a heading: the days it names, and whether they are aimed at."""
    cues = context.words.cues
    number = _NUMBER.match(sentence.text)
    if any(one.start >= (number.end() if number else 0) for one in sentence.amounts):
        return
    named = [days for when, days in stretches.spans(sentence, context) if days is not None and not when.day]
    if cues.heading_done.search(sentence.text):
        context.planned = False
    elif cues.heading_aims.search(sentence.text):
        context.planned, context.status = True, ""
        if not named and context.published is not None and context.published.month <= _FIRST_MONTHS:
            year = context.published.year
            named = [Span(datetime.date(year, 1, 1), datetime.date(year, 12, 31))]
    elif named and context.published is not None:
        context.planned = named[-1].last.year > context.published.year
    if named:
        context.span = context.settled = context.covered = named[-1]
        context.aimed = context.planned
