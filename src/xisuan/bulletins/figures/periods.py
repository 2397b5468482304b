"""Periods of figures: resolution of time phrases to dates, and the choice of the phrase that dates a number."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xisuan.bulletins.language.annotation import Sentence
from xisuan.bulletins.language.quantities import Quantity
from xisuan.bulletins.language.time_phrases import Span, When, span

PAST = ("before", "years_before")
"""Kinds of times relative to the period in scope; they have scope over their own clause only, unless they are all of it."""
_IDLE = ("plan", "plan_end", "since", "lately", "years_till", "year_start", "new_year")
"""Kinds of times that are ignored if they cannot be resolved to dates."""
UNDER_WAY = 31
"""Days by which a month may end after the publication of a text that reports it."""
_JUST_OVER = 6
"""Last month in which `the whole year` still means the previous year."""


_QUARTER, _HALF = 3, 6


@dataclass
class Calendar:
    """Anchors of relative times: day of publication, year of the text, period before, year named in the sentence."""

    published: datetime.date | None
    year: int | None
    days: Span | None = None
    same_sentence: bool = False
    of_sentence: int | None = None
    aims: bool = False

    def resolve(self, when: When) -> Span | None:
        """Return the period of a time phrase; None if it is not stated."""
        if when.kind in ("span", "point", "year"):
            return self._of_a_year(when)
        if when.kind in ("so_far", "now"):
            return self._until_now(when)
        if when.kind == "since" and when.year and (self.days or self.published):
            return Span(datetime.date(when.year, when.first, 1), self._end())
        if when.kind in ("years_till", "lately") and when.offset and self._known():
            end = self._end()
            return Span(datetime.date(end.year + when.offset + 1, 1, 1), end)
        if when.kind == "period":
            return self._of_so_many_months(when)
        if when.kind == "before" and self.days is not None:
            return _earlier(self.days, 1)
        if when.kind == "years_before" and when.offset and self._known():
            base = self.days or Span(self._end(), self._end(), True)
            return _earlier(base, -when.offset)
        if when.kind == "ended" and (year := when.year or self.year):
            last = datetime.date(year, when.last, calendar.monthrange(year, when.last)[1])
            months = year * 12 + when.last - when.first
            return Span(datetime.date(months // 12, months % 12 + 1, 1), last)
        return None

    def _of_so_many_months(self, when: When) -> Span | None:
        """Return the period of an anaphoric span.

        "The nine months" start in January; "the quarter" ends with the period in scope.
        """
        if not when.last or self.published is None:
            return self.days if not when.last else None
        if when.last > _QUARTER and when.last != _HALF:
            last = self.published.replace(month=when.last, day=calendar.monthrange(self.published.year, when.last)[1])
            return Span(last.replace(month=1, day=1), last) if last <= self.published else None
        if self.days is None or self.days.last.month % when.last:
            return None
        return Span(self.days.last.replace(month=self.days.last.month - when.last + 1, day=1), self.days.last)

    def _known(self) -> bool:
        return self.days is not None or self.published is not None

    def _end(self) -> datetime.date:
        if self.days is not None:
            return self.days.last
        assert self.published is not None
        return self.published

    def _of_a_year(self, when: When) -> Span | None:
        if when.same_month:
            return self.days and replace(self.days, first=self.days.last.replace(day=1), point=False)
        year = when.year
        # Without a year of its own: the year in scope, or that of the latest period in the sentence.
        base = self.of_sentence if when.anaphoric and self.of_sentence else self.year
        if year is None and base is not None:
            year = base + (when.offset or 0)
            spoken_of = self.days is not None and (self.same_sentence or self.published is None or when.kind == "year")
            if when.offset is None and spoken_of and self.days is not None:
                later_than = self.aims and span(when, self.days.last.year).last <= self.days.last
                year = year if later_than else self.days.last.year
        if year is None or not 1900 < year < 2100:
            return None
        days = span(when, year)
        ahead = self.aims or (
            self.same_sentence and self.days is not None and self.days.last.year == year and self._is_ahead(self.days)
        )
        later = self._is_ahead(days) and when.year is None and not ahead
        unsaid = when.offset is None or (when.offset == 0 and when.kind == "point")
        near = self.published is not None and (days.last - self.published).days <= UNDER_WAY
        # A span that would end after publication is of the previous year, unless its month is just ending.
        if later and when.kind != "year" and unsaid and not near:
            return span(when, year - 1)
        early = self.published is not None and self.published.month <= _JUST_OVER and year == self.published.year
        if (
            when.kind == "year"
            and when.offset is None
            and when.year is None
            and early
            and (self.days is None or self.days.last.year == year)
        ):
            return span(when, year - 1)  # 全年, published in January
        return days

    def _is_ahead(self, days: Span) -> bool:
        return self.published is not None and days.last > self.published

    def _until_now(self, when: When) -> Span | None:
        if self.published is None:
            return None
        last = self.published
        return Span(last, last, True) if when.kind == "now" else Span(datetime.date(last.year, 1, 1), last)


def _earlier(days: Span, years: int) -> Span:
    """Return the same span `years` earlier."""

    def before(day: datetime.date) -> datetime.date:
        year = day.year - years
        return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))

    return replace(days, first=before(days.first), last=before(days.last))


@dataclass(frozen=True)
class Dated:
    """Period of a number with the time phrase that states it.

    `inherited`: from another sentence. `carried`: from the targets before a semicolon. `unknown`: the clause has a
    time phrase that cannot be resolved.
    """

    days: Span | None
    inherited: bool = False
    deadline: bool = False
    mark: When | None = None
    unknown: bool = False
    carried: bool = False


Moment = tuple[When, Span | None]
"""Time phrase with its span; None if it cannot be resolved."""


def resolved(sentence: Sentence, known: Calendar) -> list[Moment]:
    """Return the time phrases of a sentence with their spans, without those that only state a base of comparison."""
    out: list[Moment] = []
    here = known
    for when in sentence.times:
        if when.compared or (when.day and not _AS_OF.search(sentence.text, 0, when.start)):
            continue  # a day without `as of` is the date of a statement, not of its figures
        days = replace(here, aims=_is_ahead(sentence, when)).resolve(when)
        if days is None and when.kind in _IDLE:
            continue
        out.append((when, days))
        if days is not None and when.kind in ("year", "span", "point", "since"):
            if not here.same_sentence:  # from 21.2 billion a year earlier to 21.8 billion in 2025
                later = replace(known, days=days)
                out = [(one, later.resolve(one) if one.kind in PAST else span_) for one, span_ in out]
            here = replace(here, of_sentence=when.year, days=days, same_sentence=True)
    return out


def _is_ahead(sentence: Sentence, when: When) -> bool:
    """Return True if a time dates an aim or a projection: a deadline anywhere in a sentence of aims, others by their clause.

    The cue stands before the number that the time dates, behind the number before that: 到年末,5G基站预计达7.8万个.
    """
    status = sentence.lexicon.cues.status
    if when.deadline and status["target"].search(sentence.text):
        return True
    start = sentence.clauses[sentence.clause(when.start)][0]
    before = [one for one in sentence.numbers if start <= one.start < when.start]
    behind = next((one for one in sentence.numbers if one.start >= when.end), None)
    end = sentence.clauses[sentence.clause(when.start)][1] if behind is None else behind.start
    if before and sentence.english and when.start - before[-1].end < _NEAR:
        end = before.pop().start
    start = max([start, *(one.end for one in before)])
    return any(status[one].search(sentence.text, start, end) for one in ("target", "projected"))


def bases_of(sentence: Sentence, times: Sequence[Moment]) -> Mapping[int, Moment]:
    """Return the numbers (by index) that a change starts from, with the times that date them and no further number.

    较2024年的15万个增长33%; up 33 percent from 150,000 in 2024; from 150,000 in 2024 to 200,000.
    """
    out: dict[int, Moment] = {}
    text = sentence.text
    for at, number in enumerate(sentence.numbers):
        for moment in times:
            start, end = moment[0].start, moment[0].end
            owned = end <= number.start and _OF_TIME.fullmatch(text, end, number.start) is not None
            if owned and _COMPARED_TIME.search(text, 0, start):
                out[at] = moment
            elif number.end <= start and _BESIDE.fullmatch(text, number.end, start):
                ends = _FROM_LEVEL.search(text, 0, number.start) and _TO_LEVEL.match(text, end)
                alike = any(one.unit == number.unit for one in (*sentence.numbers[:at], *sentence.numbers[at + 1 :]))
                if ends or (_COMPARED_LEVEL.search(text, 0, number.start) and (alike or number.unit != "1")):
                    out[at] = moment
        if at not in out and at - 1 in out and _LISTED.fullmatch(text, sentence.numbers[at - 1].end, number.start):
            out[at] = out[at - 1]
    return out


_NEAR = 40
"""Most characters between an English number and the time behind it that dates it."""
_LISTED = re.compile(r"\s*[约近]?(?:、|和|与|及|以及)\s*[约近]?\s*")
"""Between two bases of a list: 2024年的15万个、1800万户."""
_OF_TIME = re.compile(r"的\s?[约近]?\s*|'s\s+(?:about\s+|some\s+)?")
"""Between a time and the number of its own: 2024年的15万个, 2024's 150,000."""
_BESIDE = re.compile(r"(?!.*\b(?:and|or|to|while)\b)[a-z\s-]{0,30}")
"""Between a number and the time behind it: 150,000 base stations at the end of 2024."""
_ABOUT = r"\s+(?:the\s+)?(?:about\s+|some\s+|around\s+|nearly\s+|over\s+|just\s+|only\s+)?$"
_COMPARED_TIME = re.compile(
    r"(?:[较比与同由从]|高于|低于|超过)\s*$|\b(?:from|against|versus|compared\s+(?:with|to))\s+(?:the\s+)?$"
)
_COMPARED_LEVEL = re.compile(
    r"(?:\b(?:against|versus|compared\s+(?:with|to))"
    r"|(?:%|\b(?:percent|points?|(?:up|down|rose|grew|fell|shrank|slid|gain|growth|(?:ris|rais|grow|lift|boost|climb|increas|expand"
    r"|jump|surg|soar|declin|drop|decreas|reduc)\w*)))\b[^.;]*\bfrom)" + _ABOUT
)
_FROM_LEVEL = re.compile(r"\bfrom" + _ABOUT)
_TO_LEVEL = re.compile(r"\s+to\s")


def dated(sentence: Sentence, number: Quantity, times: Sequence[Moment], known: Calendar) -> Dated:
    """Return the period of a number: from its clause, else earlier clauses, else later ones, else inherited."""
    home = sentence.clause(number.start)
    last = sentence.clauses[home][1]
    # Order of evidence: before the number in its clause, right behind it, earlier clauses, later in the clause.
    before = [one for one in times if one[0].end <= number.start and not _was_before(sentence, one[0], number)]
    before = [
        one
        for one in before
        if sentence.clause(one[0].start) == home
        or _is_alone(sentence, one[0])
        or not (one[0].kind in PAST or _is_founding(sentence, one[0]))
    ]
    inside = [one for one in before if sentence.clause(one[0].start) == home]
    behind = [one for one in times if number.end <= one[0].start < last]
    nearer = [one for one in behind if not any(number.end <= other.start < one[0].start for other in sentence.numbers)]
    inside = [one for one in inside if not nearer or not _is_taken(sentence, one[0])]
    # In English a time phrase may follow its number; the nearer one wins.
    if inside and nearer and sentence.english:
        gap_before, gap_behind = number.start - inside[-1][0].end, nearer[0][0].start - number.end
        if gap_behind < min(gap_before, _NEAR):
            return dated_by(nearer[0])
    if inside:
        return dated_by(inside[-1])
    if nearer:
        return dated_by(nearer[0])
    if before:
        return dated_by(before[-1])
    if behind:
        return dated_by(behind[0])
    later = [one for one in times if one[0].start >= number.end]
    aimed = sentence.lexicon.cues.status["target"].search(sentence.text, 0, number.start) is not None
    alone = later and not any(number.end <= other.start < later[0][0].start for other in sentence.numbers)
    if sentence.english and len(times) == 1 and later and (alone or (later[0][0].deadline and aimed)):
        return dated_by(later[0])
    return Dated(known.days, inherited=True)


def _was_before(sentence: Sentence, when: When, number: Quantity) -> bool:
    """Return True if a time dates the figure before a change: 由2020年的7个增加到50个."""
    if not starts_a_change(sentence, when):
        return False
    return any(when.end <= one.start < number.start for one in sentence.numbers)


def _is_alone(sentence: Sentence, when: When) -> bool:
    """Return True if a time is all that its clause has, so that it dates what follows: a year earlier, revenue was …"""
    start, end = sentence.clauses[sentence.clause(when.start)]
    return _OPENING.fullmatch(sentence.text[start : when.start] + sentence.text[when.end : end]) is not None


_OPENING = re.compile(r"\s*(?:but|and|while|而)?\s*(?:in|at|during|over|for|在)?[\s,，]*")
"""Words beside a time that is a whole clause, before and behind it."""


def _is_founding(sentence: Sentence, when: When) -> bool:
    """Return True if a time dates an approval, opening or launch."""
    return (
        _FOUNDED.search(sentence.text, 0, when.start) is not None
        or _FOUNDED_ZH.match(sentence.text, when.end) is not None
    )


_FOUNDED = re.compile(
    r"\b(?:approved|launched|opened|founded|established|set\s+up|started|created|unveiled|signed|introduced)\s+(?:in|on|since)\s+(?:the\s+)?$"
)
_FOUNDED_ZH = re.compile(r"(?:获批|启动|成立|开工|投运|投用|挂牌)")


def starts_a_change(sentence: Sentence, when: When) -> bool:
    """Return True if a time follows 由, 从 or `from`."""
    return _FROM.search(sentence.text, 0, when.start) is not None


_AS_OF = re.compile(r"(?:截至|截止|截止到|截至到|到|至|\bas\s+of|\bby|\buntil|\bup\s+to|\bat)\s*(?:the\s+)?$")
_FROM = re.compile(r"(?:由|从|\bfrom)\s*$")


def _is_taken(sentence: Sentence, when: When) -> bool:
    """Return True if a time directly follows another number, which it dates: from 4,000 in 2014 to 51,000 in 2023."""
    return any(0 <= when.start - one.end < _RIGHT_BEHIND for one in sentence.numbers)


_RIGHT_BEHIND = 6


def dated_by(found: Moment) -> Dated:
    """Return the period that a time phrase states."""
    return Dated(found[1], deadline=found[0].deadline, mark=found[0], unknown=found[1] is None)
