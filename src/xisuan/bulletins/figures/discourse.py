"""State carried from sentence to sentence: region, firm, period and planning in scope."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from xisuan.bulletins.figures.periods import PAST, Calendar, bases_of, resolved, starts_a_change
from xisuan.bulletins.figures.subjects import (
    Placed,
    Spoken,
    branch_place,
    firm_of,
    place_of,
    subject_region,
    subjects_of,
)
from xisuan.bulletins.language.annotation import Sentence
from xisuan.bulletins.language.quantities import Quantity
from xisuan.bulletins.language.time_phrases import Span, When
from xisuan.results.bulletin_reading import Observation

_AIMS = re.compile(
    r"目标|工作安排|重点工作|工作任务|主要任务|下一步|(?:goals|targets|work|priorities)\s+(?:for|in)\s+20\d\d"
)
_DONE = re.compile(r"回顾|成效|成就|完成情况|运行情况|发展基础|review|achievements")
_NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、])")
LONGEST_HEADING = 40


@dataclass
class Discourse:
    """State carried from sentence to sentence.

    `home` is the region of the whole text, `under` that of the heading in scope. `firm` is the reason why figures
    without a subject of their own are of firms, `firm_under` that of the heading in scope. `bare` has the results
    that only a deadline dates, `doubtful` those before an aim in the same words.
    """

    published: datetime.date | None
    year: int | None
    home: str
    region: str = ""
    days: Span | None = None
    planned: bool = False
    under: str = ""
    firm: str = ""
    firm_under: str = ""
    aim: Span | None = None
    aim_open: bool = False
    aim_days: Span | None = None
    named: tuple[str, ...] = ()
    measure: str = ""
    families: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    bare: list[Observation] = field(default_factory=list)
    doubtful: list[Observation] = field(default_factory=list)

    @property
    def spoken(self) -> Spoken:
        """Return the antecedent regions for anaphora such as 全省."""
        return Spoken(self.region, self.home, self.named)

    def place_of(self, sentence: Sentence, number: Quantity, span: tuple[int, int], indicator: str) -> Placed:
        """Return the place of a number whose name and itself span `span`; figures of firms have none."""
        branch = branch_place(sentence, number) if indicator.startswith("operator") else None
        firm = "" if indicator.startswith("operator") else firm_of(sentence, number, self.firm)
        return branch or (Placed("", why=firm) if firm else place_of(sentence, *span, self.spoken))

    @property
    def calendar(self) -> Calendar:
        """Return the calendar that resolves times without a year."""
        return Calendar(self.published, self.year, self.days)

    def heading(self, sentence: Sentence) -> None:
        """Set region, period and planning status from a heading; they hold until the next heading."""
        self.under = (
            subject_region(sentence, Spoken("", self.home, self.named), len(sentence.text)) if sentence.regions else ""
        )
        self.region = self.under or self.home
        self.firm = self.firm_under = _last_firm(sentence, "")
        self.named += tuple(one.region for one in sentence.regions if one.region)
        # A heading of targets sets the scope of planning; one of results, or a numbered one, ends it.
        if _AIMS.search(sentence.text):
            self.planned = True
        elif _DONE.search(sentence.text) or _NUMBERED.match(sentence.raw):
            self.planned = False
        times = [days for _, days in resolved(sentence, self.calendar) if days is not None]
        if times:
            self.days = times[-1]
        self.aim_days = self.days if self.planned and times else None

    def paragraph(self) -> None:
        """Start a paragraph: region and firm of the previous paragraph are no longer in scope."""
        self.region = self.under or self.home
        self.firm = self.firm_under
        self.aim = None

    def after(self, sentence: Sentence, aim: Span | None, unsaid: bool = False) -> None:
        """Update region and period from a sentence; periods in the future are not carried on.

        `aim` is the deadline of a sentence with targets alone; it holds until the next full stop. `unsaid` is true for
        a sentence with targets without a deadline.
        """
        self.region = self._subject(sentence)
        self.firm = _last_firm(sentence, self.firm)
        self.named += tuple(one.region for one in sentence.regions if one.region)
        self.aim = aim or (self.aim if unsaid else None)
        self.aim_open = aim is not None and sentence.end_sign in (";", "；")
        single = any(when.same_month for when in sentence.times)
        if aim is not None or single:
            return
        # Only periods in the past are inherited, and none that starts a change (由, 从, from) or dates its base.
        times = resolved(sentence, self.calendar)
        bases = bases_of(sentence, times).values()
        main = [
            days
            for when, days in times
            if days is not None
            and (when, days) not in bases
            and self._dates_what_follows(when, days)
            and not starts_a_change(sentence, when)
        ]
        if main and not self._is_month_of(main[0], sentence):
            self.days = main[0]

    def _is_month_of(self, days: Span, sentence: Sentence) -> bool:
        """Return True if `days` is only the last month of the period in scope; it holds for its own sentence alone."""
        known = self.days
        whole = known is not None and known.last == days.last and known.first.month == 1 and days.first.month > 1
        return whole and not days.point and sentence.end_sign not in (";", "；")

    def _subject(self, sentence: Sentence) -> str:
        """Return the region that the next sentence inherits: the one named before the first number."""
        first = sentence.numbers[0].start if sentence.numbers else len(sentence.text)
        part = _PART.search(sentence.text)
        end = min(first, part.start() if part else first)
        found = subject_region(sentence, self.spoken, end)
        place = sentence.lexicon.places.get(found)
        of_nation = place is not None and place.kind == "area" and place.within == self.home
        return self.home if of_nation else found

    def _dates_what_follows(self, when: When, days: Span) -> bool:
        ahead = (self.published is None and when.deadline) or (
            self.published is not None and days.last > self.published and (days.first > self.published or days.point)
        )
        told_on = when.kind == "point" and when.day > 0 and (self.published is None or days.last.day not in _MONTH_ENDS)
        long_ago = self.published is not None and days.last.year < self.published.year - 1
        return not (when.kind in PAST or ahead or told_on or long_ago or when.same_month or when.kind == "now")


def _last_firm(sentence: Sentence, carried: str) -> str:
    """Return the reason of the last subject of a sentence that reaches beyond it, parts aside; `carried` if it has none."""
    part = _PART.search(sentence.text)
    end = part.start() if part else len(sentence.text)
    told = [one.firm for one in subjects_of(sentence) if one.reach is None and one.end <= end]
    return told[-1] if told else carried


_PART = re.compile(r"其中|\bof\s+which\b|\bamong\s+them\b")
_MONTH_ENDS = (28, 29, 30, 31)


_KEY_VALUE = re.compile(r"\s*[^:：。,，;；\d]{2,30}[:：]\s*[^:：。;；]{1,60}\s*$")


def is_key_value(raw: str, end_sign: str) -> bool:
    """Return True for a line of a key and its value, Population: 38.56 million (2020). It dates nothing behind it."""
    return end_sign.strip() == "" and _KEY_VALUE.fullmatch(raw) is not None


def is_heading(raw: str, end_sign: str) -> bool:
    """Return True for a short line without sentence-final punctuation."""
    line = raw.strip()
    longest = LONGEST_HEADING * 2 if line.isascii() else LONGEST_HEADING
    return end_sign.strip() == "" and len(line) < longest and not re.search(r"[。；.,，]$", line)
