"""Time phrases in a text: quarters, halves, first two months, 1-10月, by 2025, last year, the 14th plan.

The input is folded text. A phrase may inherit its year or month from its context. The patterns are in
`data/times.toml`; the meaning of each kind is defined here.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from xisuan.bulletins.language.quantities import EN_NUMBERS, whole
from xisuan.bulletins.language.time_words import SCRIPTS, Times, is_compared, loaded

MONTHS = {name[:3]: at for at, name in enumerate(map(str.lower, calendar.month_name)) if name}
_ORDINAL = {
    "first": 1, "opening": 1, "final": 4, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
}  # fmt: skip
_DEADLINE = re.compile(r"(?:到|至|于|力争到|by|by\s+the|until|before|come|no[rt]?\s+later\s+than(?:\s+the)?)\s*$")
_CHANGED_TO = re.compile(r"(?:提升|提高|增加?|增长|扩大|扩展|发展|上升|跃升|攀升|升|下降|降低?|减少)(?:到|至)\s*$")
"""Verb of change before the time of its result, which is no deadline: 提升到2024年的16.8 EFLOPS."""
_AS_OF = re.compile(r"(?:截至|截止|截止到|截至到|as\s+of)\s*(?:the\s+)?$")


@dataclass(frozen=True, slots=True)
class When:
    """Time phrase. `year` None: inherited from the context.

    `kind` is span, point, year or another key of `_KINDS`; `first` and `last` are months. In a `fiscal` year they
    count its own months, and `year` and `until` are those of its name. For `ended`, `first` is the length in months.
    `offset` counts from the year of the text, of an `anaphoric` phrase (that year) from that of its sentence.
    """

    start: int
    end: int
    year: int | None
    first: int
    last: int
    kind: str
    day: int = 0
    until: int | None = None
    deadline: bool = False
    offset: int | None = None
    same_month: bool = False
    compared: bool = False
    anaphoric: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day; `point` marks a figure as of the last day."""

    first: datetime.date
    last: datetime.date
    point: bool = False


def times(more: Path | None = None) -> Times:
    """Return the shipped time phrases, with those of the file `more` (a times.toml) added.

    Raises ScenarioError with the problems of the file.
    """
    return loaded(more, tuple(_KINDS))


def phrases(text: str, taken: list[tuple[int, int]], spoken: Times) -> list[When]:
    """Return the time phrases outside the spans `taken`, in order, without overlaps."""
    spans = list(taken)
    out: list[When] = []
    has = {sign: sign.search(text) is not None for sign in SCRIPTS.values()}
    looked = [(name, pattern) for name, pattern, sign in spoken.patterns if sign is None or has[sign]]
    # The first pattern that matches a span takes it, so the order of the file is the order of precedence.
    for name, pattern in looked:
        for match in pattern.finditer(text):
            if match.start() == match.end() or not all(match.end() <= a or match.start() >= b for a, b in spans):
                continue
            if (one := _when(name, match, text, spoken)) is not None:
                spans.append((match.start(), match.end()))
                out.append(replace(one, compared=True) if is_compared(name, text, one, spoken.compared_before) else one)
    out += _other_quarters(text, out)
    out.sort(key=lambda seen: seen.start)
    for at in range(1, len(out)):  # compared with the first quarter and the whole of 2018
        if out[at - 1].compared and _AND.fullmatch(text, out[at - 1].end, out[at].start):
            out[at] = replace(out[at], compared=True)
    return out


def _other_quarters(text: str, known: Sequence[When]) -> list[When]:
    """Return the elliptical quarters next to a full one.

    In the third quarter, after 5.2 percent in the second; 12 percent in the first and 14 percent in the second
    quarter.
    """
    named = [one for one in known if "quarter" in text[one.start : one.end] and one.kind == "span"]
    out: list[When] = []
    for found in _OTHER_QUARTER.finditer(text) if named else ():
        last = 3 * _ORDINAL[found["q"]]
        behind = found.start() >= named[0].end
        if not behind and last >= named[0].last:
            continue
        if all(one.end <= found.start("q") or one.start >= found.end("q") for one in known):
            out.append(When(*found.span("the"), named[0].year, last - 2, last, "span", offset=named[0].offset))
    return out


_OTHER_QUARTER = re.compile(
    r"\b(?:in|for|during|of|from)\s+(?P<the>the\s+(?P<q>first|second|third|fourth))(?=\s*[.,;)]|\s*$|\s+(?:and|or|but|after|while|with|,)\b)"
)
"""A quarter by its ordinal alone (ellipsis of its head noun)."""
_AND = re.compile(r"\s+of\s+|\s*(?:and|及|和|与|、)\s*(?:with\s+)?(?:the\s+)?")
"""Coordination of two times that are a base of comparison."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """Match of a time phrase with its groups and the text before it."""

    match: re.Match[str]
    before: str
    spoken: Times

    def group(self, *names: str) -> str:
        """Return the first non-empty group of these names, else blank."""
        found = self.match.groupdict()
        return next((value for name in names if (value := found.get(name))), "")

    @property
    def year(self) -> int | None:
        text = self.group("y", "y0", "y1", "y2")
        short = self.group("yy", "yy2")  # March-17
        return int(text) if text else 2000 + int(short) if short else None

    @property
    def _relative(self) -> str:
        return re.sub(r"\s+", " ", self.group("r", "r2"))

    @property
    def offset(self) -> int | None:
        return self.spoken.relative.get(self._relative) if self._relative else None

    @property
    def month(self) -> int:
        word = self.group("mn", "mn2")
        return MONTHS[word[:3]] if word else int(self.group("m") or 0)

    @property
    def as_of(self) -> bool:
        return bool(_AS_OF.search(self.before))

    @property
    def deadline(self) -> bool:
        return bool(_DEADLINE.search(self.before)) and not (self.as_of or _CHANGED_TO.search(self.before))

    def when(self, first: int, last: int, kind: str, **more: Any) -> When:
        """Return the phrase with the months `first` to `last` of its year."""
        fields: dict[str, Any] = {
            "year": self.year, "offset": self.offset, "anaphoric": self._relative in _ANAPHORIC, **more,
        }  # fmt: skip
        return When(self.match.start(), self.match.end(), first=first, last=last, kind=kind, **fields)


_ANAPHORIC = frozenset(("the year", "the same year", "that year", "the previous year", "当年"))
"""Relative years that count from the year of their sentence."""


def _when(name: str, match: re.Match[str], text: str, spoken: Times) -> When | None:
    seen = _Seen(match, text[max(0, match.start() - 14) : match.start()], spoken)
    relative = name in (
        "before",
        "so_far",
        "now",
        "period",
        "then",
        "ahead",
        "lately",
        "years_till",
        "last_month",
        "plan",
        "plan_end",
        "years_before",
        "years_after",
        "that_date",
        "same_in",
        "month_before",
    )
    since = re.match(r"(?:底|末|初)?以来", text[match.end() :]) or re.search(r"\bsince\s+(?:the\s+)?$", seen.before)
    since = since or (_FROM_THEN.search(seen.before) and _TILL_NOW.match(text, match.end()))
    if since and not relative and _WHEN.match(text, match.end()) is None:
        return seen.when(seen.month or 1, 12, "since")
    return _KINDS[name](seen)


_WHEN = re.compile(r",?\s+when\b")
"""Clause behind a time that dates what follows: no figure since 2020, when output was …"""
_FROM_THEN = re.compile(r"(?:自从?|从)\s*$")
_TILL_NOW = re.compile(r"[^,，。;；\d]{1,20}以来")
"""Context behind the start of a period that lasts until now: 自2013年共建首个数据中心以来."""


def _bare(kind: str) -> Callable[[_Seen], When]:
    """Return a parser for a phrase dated by the publication or its sentence."""
    return lambda seen: seen.when(1, 12, kind, year=None, offset=None)


def _plan(seen: _Seen) -> When | None:
    if seen.group("plan2") and "period" not in seen.match[0] and _IN_A_PLAN.search(seen.before) is None:
        return None  # it opened the 14th Five-Year Plan
    began = seen.spoken.plans[seen.group("plan", "plan2")]
    if seen.match[0].endswith("以来"):
        return seen.when(1, 12, "since", year=began)
    return seen.when(1, 12, "span", year=began, until=began + 4)


_IN_A_PLAN = re.compile(r"\b(?:during|in|over|throughout|for|by|under|of|within|to|with)\s+(?:the\s+|its\s+)?$")
"""Preposition before a plan whose years are meant."""


def _plan_end(seen: _Seen) -> When:
    return seen.when(12, 12, "point", year=seen.spoken.plans[seen.group("plan")] + 4, deadline=True)


def _period(seen: _Seen) -> When:
    """Return the anaphoric span: `last` is its length in months (0 if not stated), `first` is 0 for "the same" one."""
    count, part = seen.group("n"), seen.group("u")
    size = next((months for word, months in _PARTS.items() if part.startswith(word)), 0)
    size = _number(count) * (3 if seen.group("of") == "quarters" else 1) if count else size
    return seen.when(0 if " same " in seen.match[0] else 1, size, "period", year=None, offset=None)


_PARTS = {"half": 6, "quarter": 3, "month": 1}
"""Months of a part of a year."""


def _years(seen: _Seen) -> When | None:
    a, b = int(seen.match["a"]), int(seen.match["b"])
    return seen.when(1, 12, "span", year=a, until=b) if b > a else None


def _months(seen: _Seen) -> When | None:
    a, b = (
        MONTHS[one[:3]] if one[:3] in MONTHS else int(one) for one in (seen.group("ma", "a"), seen.group("mb", "b"))
    )
    return seen.when(a, b, "span") if 1 <= a < b <= 12 else None


def _day(seen: _Seen) -> When | None:
    day = int(seen.match["d"])
    return seen.when(seen.month, seen.month, "point", day=day) if 1 <= seen.month <= 12 and 1 <= day <= 31 else None


def _first(seen: _Seen) -> When | None:
    count = _number(seen.group("n", "n2", "n3", "n4")) * (3 if seen.group("u") == "季度" else 1)
    return seen.when(1, count, "span") if 1 <= count <= 12 else None


def _half(seen: _Seen) -> When:
    second = seen.group("h", "hn") in ("下", "second", "2nd", "2")
    return seen.when(*((7, 12) if second else (1, 6)), "point" if seen.group("end") else "span")


def _quarter(seen: _Seen) -> When:
    word = seen.group("q", "n", "n2") or "1"
    number = _ORDINAL.get(word) or _number(word)
    kind = "point" if seen.group("end") else "span"
    return seen.when(3 * number - 2, 3 * number, kind, deadline=seen.deadline)


def _month(seen: _Seen, *, end: bool) -> When | None:
    leads = re.search(r"(?:in|of|by|since|until|to|last|this)\s+$", seen.before)
    if not 1 <= seen.month <= 12 or (seen.match[0] == "may" and not leads):
        return None
    point = end or seen.as_of or (seen.deadline and re.search(r"\bby\s*$", seen.before))
    return seen.when(seen.month, seen.month, "point" if point else "span", deadline=seen.deadline)


def _year_end(seen: _Seen) -> When:
    if seen.group("in", "in2"):
        return seen.when(1, 12, "year", year=None, offset=0)
    return seen.when(12, 12, "point", deadline=seen.deadline or bool(seen.group("ere", "ere2", "ere3")))


def _fiscal(seen: _Seen) -> When | None:
    """Return a fiscal year or a part of it, by its name or relative to the current one."""
    part = seen.group("q", "q2", "n", "h", "hn")
    months = (1, 12)
    if seen.group("q", "q2", "n"):
        last = 3 * (_ORDINAL.get(part) or int(part))
        months = (last - 2, last)
    elif part:
        months = (1, 6) if part in ("first", "1") else (7, 12)
    if word := seen.group("which", "which2"):
        return seen.when(*months, "fiscal", year=None, offset=0 if word in ("this", "current") else -1)
    more: dict[str, Any] = {"deadline": seen.deadline}
    named, second = seen.group("fa", "fb", "fc", "fd"), seen.group("fa2", "fb2", "fc2", "fd2")
    year = int(named) + (2000 if len(named) == _SHORT else 0)
    if not second:
        return seen.when(*months, "fiscal", year=year, **more)
    follows = int(second) % 100 == (year + 1) % 100
    return seen.when(*months, "fiscal", year=year, until=year + 1, **more) if follows else None


_SHORT = 2
"""Digits of a year without its century: FY24."""
_LASTS = {
    "year": 12, "twelve": 12, "12": 12, "eleven": 11, "11": 11, "nine": 9, "half": 6, "six": 6, "quarter": 3, "three": 3,
    "seven": 7, "eight": 8, "ten": 10, "10": 10, "two": 2, "four": 4, "five": 5,
}  # fmt: skip
"""Length in months of a period that ended in a month, by a word of the phrase."""


def _ended(seen: _Seen) -> When:
    count = next(months for word, months in _LASTS.items() if word in seen.group("u"))
    return seen.when(count, seen.month, "ended")


_KINDS: Mapping[str, Callable[[_Seen], When | None]] = {
    "fiscal": _fiscal,
    "ended": _ended,
    "before": _bare("before"),
    "years_before": lambda seen: seen.when(1, 12, "years_before", year=None, offset=-_years_ago(seen)),
    "years_after": lambda seen: seen.when(1, 12, "years_after", year=None, offset=_years_ago(seen)),
    "that_date": _bare("that_date"),
    "same_in": lambda seen: seen.when(1, 12, "same_in"),
    "so_far": lambda seen: seen.when(1, 12, "so_far", year=None, offset=0 if seen.match[0].isascii() else None),
    "now": _bare("now"),
    "period": _period,
    "then": _bare("then"),
    "ahead": lambda seen: seen.when(1, 12, "ahead", year=None, offset=_number(seen.group("n", "n2", "n3"))),
    "last_month": _bare("last_month"),
    "years_till": lambda seen: seen.when(1, 12, "years_till", year=None, offset=-_number(seen.group("n", "n2", "n3"))),
    "lately": lambda seen: seen.when(1, 12, "lately", year=None, offset=-_years_back(seen)),
    "now_month": _bare("now_month"),
    "plan": _plan,
    "plan_end": _plan_end,
    "years": _years,
    "months": _months,
    "day": _day,
    "first": _first,
    "half": _half,
    "quarters": lambda seen: seen.when(1, 9, "point" if seen.group("end") else "span"),
    "first_quarters": lambda seen: seen.when(1, 6, "span"),
    "quarter": _quarter,
    "month_end": partial(_month, end=True),
    "month": partial(_month, end=False),
    "last_year": lambda seen: seen.when(1, 12, "year", year=None, offset=-1),
    "year_start": lambda seen: seen.when(1, 1, "point", day=1),
    "year_end": _year_end,
    "month_before": _bare("month_before"),
    "new_year": lambda seen: seen.when(12, 12, "point", year=None, offset=-1),
    "mid_year": lambda seen: seen.when(6, 6, "point"),
    "this_month": lambda seen: seen.when(0, 0, "span", year=None, offset=None, same_month=True),
    "year": lambda seen: seen.when(1, 12, "year", deadline=seen.deadline),
}


def _years_back(seen: _Seen) -> int:
    """Return the years that `over the past … years` goes back; a few are three."""
    if seen.group("ten"):
        return 10
    word = seen.group("n")
    return 3 if word in ("few", "several") else _number(word)


def _years_ago(seen: _Seen) -> int:
    """Return the years between a phrase and its antecedent: a year earlier, two years ago."""
    word = seen.group("n", "n2")
    if seen.group("decade"):
        return 10
    return 1 if word == "a" or seen.group("months", "one") else _number(word)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return EN_NUMBERS[text] if text in EN_NUMBERS else whole(text)


def span(when: When, year: int, month: int = 0) -> Span:
    """Return the days of a phrase in a year; `month` replaces months that are inherited (0)."""
    first = when.first or month
    last = when.last or month
    end_year = when.until or year
    last_day = (
        min(when.day, calendar.monthrange(end_year, last)[1]) if when.day else calendar.monthrange(end_year, last)[1]
    )
    end = datetime.date(end_year, last, last_day)
    if when.kind == "point":
        return Span(end, end, True)
    return Span(datetime.date(year, first, 1), end)
