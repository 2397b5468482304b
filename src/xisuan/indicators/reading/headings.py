"""Headings inside a text: what is under them is of the year they name, and is aimed at where they say so."""

from __future__ import annotations

import datetime
import re

from xisuan.indicators.figures import stretches
from xisuan.indicators.figures.lasting import returned, says_no_more
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.vocabulary import fold
from xisuan.indicators.reading.origin import topic_under
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.sentence import Sentence

_LONGEST = {True: 110, False: 40}
"""Signs of an English and a Chinese heading."""
_NUMBER = re.compile(r"\s*[(（]?(?:[ivxIVX]+|\d{1,2}|[一二三四五六七八九十]+)[.、)）．]\s*")
"""What counts headings: II., 二、, (3)."""
_ENDS = re.compile(r"[。；;,，.]\s*$")
_FEW = 100
"""Number below which a heading of a list may say who made it."""
_FIRST_MONTHS = 4
"""Months at the beginning of a year in which aims without a year are those of that year."""


def is_heading(raw: str, behind: str) -> bool:
    """Whether a whole line is a heading: short, without a figure, and no sentence."""
    line = raw.strip()
    if not line or (behind not in ("", "\n", "\r") and not raw.endswith("\n")):
        return False
    english = line.isascii()
    return len(line) < _LONGEST[english] and not _ENDS.search(line)


_ITEM = re.compile(r"\s*(?:[-–—•*·■]|[(（]?(?:\d{1,2}|[a-z]|[一二三四五六七八九十]{1,2})[.、)）])")
"""What an item of a list begins with."""
_LIES = re.compile(r"(?:,\s+[a-z' ]{3,30}|\s*\([a-z' ]{3,30}\))?\s*:")
"""Behind a place, where it lies, before what is told of it."""
_RUN_IN = re.compile(
    r"\s*[^\d,;，；]{2,60}[.。:：]\s*|\s*[(（]?(?:\d{1,2}|[a-z]|[一二三四五六七八九十]{1,2})[.、)）][^\d,;，；]{2,60}[.。:：]\s*"
)
"""A heading in its line, before what is under it: Electronic information manufacturing. Output value was …"""


_A_HEAD = re.compile(r"[\w-]+(?:\s[\w-]+)?[.:]|(?:[\w-]+\s){1,3}and\s(?:[\w-]+\s?){1,3}[.:]")
"""A heading in its line of a word or two, or of two things: Trade. Consumption and prices."""


def _goes_on(raw: str, context: Context) -> bool:
    """Whether a paragraph that opens without a place goes on about the larger one that all the one before it was on."""
    said = fold(raw)
    opens = _A_HEAD.fullmatch(said.strip()) is not None or _ITEM.match(raw) is not None
    if not context.wide or opens or not said.isascii():
        return False
    if context.region not in context.words.within(context.home)[1:]:
        return False  # it came to another city of the province
    return context.words.places_pattern.search(said) is None and context.words.cues.local.search(said) is None


def _of_a_place(raw: str, context: Context) -> bool:
    """Whether an English line is a place's own: `* Wuhu, Anhui: 18.5 EFLOPS`."""
    said = fold(raw)
    begins = _ITEM.match(said)
    place = context.words.places_pattern.match(said, begins.end() + 1 if begins else 0) if said.isascii() else None
    return place is not None and _LIES.match(said, place.end()) is not None


def _behind_an_estimate(raw: str, context: Context) -> bool:
    """Whether a Chinese paragraph begins behind one that but estimated the year under way: 预计全年收入820亿元左右."""
    return context.status == "projected" and context.aimed and not context.planned and not raw.strip().isascii()


class Sections:
    """What the headings of a text say of the lines under them: the region, the industry, and whether they are aims.

    `region` and `topic` are at first those of the text; a heading that ends in a colon holds for the list that follows.
    """

    def __init__(self, region: str, topic: str) -> None:
        self.region, self.topic, self._title, self._section = region, topic, topic, topic
        self._until: bool | None = None
        self._ahead: Span | None = None
        self._stood, self._told, self._goes_on_with_aims = 0, 0, False

    def paragraph(self, raw: str, context: Context) -> None:
        """Bring the context back to what holds for the section, where a new line begins."""
        if self._until is not None and not _ITEM.match(raw):
            context.planned, self._until = self._until, None
        self.topic = topic_under(raw, context.words) if _RUN_IN.fullmatch(raw) else ""
        self.topic = self.topic or self._section
        context.region = context.region if _goes_on(raw, context) else self.region
        context.wide = None
        context.elsewhere, context.change = context.away, None
        context.whole = ""
        told = returned(context.covered, context.settled, context.published)
        context.span = (self._ahead if context.planned else told) or told or context.span
        if self._leaves_the_aim(raw, context) or _behind_an_estimate(raw, context):
            context.span, context.aimed, context.status = told, False, ""
        self._stood, self._told = len(context.stood), len(context.earlier)
        self._goes_on_with_aims = context.aimed or _of_a_place(raw, context)

    def _leaves_the_aim(self, raw: str, context: Context) -> bool:
        """Whether the line of a place begins behind one that came to speak of an aim, having told what stands, or told how
        much is aimed at where it was no place's: Wuhu: …, behind The target for 2025 is 500,000 racks. Where the line before
        only named the aim, or was that of a place that aims at something, all places do.
        """
        stood = len(context.stood) > self._stood
        came_to_it = context.aimed and not self._goes_on_with_aims and len(context.earlier) > self._told
        return (stood or came_to_it) and not context.planned and _of_a_place(raw, context)

    def heading(self, sentence: Sentence, context: Context) -> None:
        """Begin a section."""
        listed, before = sentence.raw.rstrip().endswith((":", "：")), context.planned
        under(sentence, context)
        self._ahead = context.span if context.aimed else None
        self._until = before if listed and context.planned else None
        self._section = self.topic = topic_under(sentence.raw, context.words) or self._title


def under(sentence: Sentence, context: Context) -> None:
    """Bring the context to what holds under a heading: the days it names, and whether they are aimed at."""
    cues = context.words.cues
    number = _NUMBER.match(sentence.text)
    listed = sentence.raw.rstrip().endswith((":", "："))
    figures = (one for one in sentence.amounts if one.start >= (number.end() if number else 0))
    if any(not listed or one.unit not in ("", "1") or one.scaled or one.value >= _FEW for one in figures):
        return  # but the plan of six departments
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
    if named and not says_no_more(named[-1], context.settled):
        ahead = (one for one in named if context.planned and context.published and one.last > context.published)
        context.span = next(ahead, named[-1])
        context.aimed = context.planned
        if not context.planned or not sentence.english:
            context.settled = context.covered = context.span
