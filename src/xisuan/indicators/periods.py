"""Stretches of time in a text: quarters, halves, first two months, 1-10月, by 2025, last year, the 14th plan.

Works on folded text. A phrase may leave its year, or its month, to what was said before it.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass, replace

from xisuan.indicators.quantities import EN_NUMBERS, zh_number

MONTHS = {name[:3]: at for at, name in enumerate(map(str.lower, calendar.month_name)) if name}
_MONTH = r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?![a-z])"
_YEAR = r"(?:19|20)\d\d"
_ZH_YEAR = rf"(?:(?P<y>{_YEAR})年?度?|(?P<r>今年|本年度?|当年|去年|上年度?|前年|明年))"
_EN_YEAR = rf"(?:(?:,|\s|of|in)+(?:the\s+year\s+)?(?P<y>{_YEAR})|(?:\s+(?:of\s+)?)(?P<r>this\s+year|last\s+year|the\s+year|next\s+year|the\s+previous\s+year|the\s+same\s+year))?"
_OFFSETS = {
    "今年": 0, "本年": 0, "本年度": 0, "当年": 0, "去年": -1, "上年": -1, "上年度": -1, "前年": -2, "明年": 1,
    "this year": 0, "the year": 0, "the same year": 0, "last year": -1, "the previous year": -1, "next year": 1,
}  # fmt: skip
_N = r"(?:[一二两三四五六七八九十]+|\d{1,2})"
_EN_N = "|".join([*sorted(EN_NUMBERS, key=len, reverse=True), r"\d{1,2}"])
_ORDINAL = {
    "first": 1,
    "opening": 1,
    "final": 4,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_PLANS = {
    "十二五": 2011,
    "十三五": 2016,
    "十四五": 2021,
    "十五五": 2026,
    "12th": 2011,
    "13th": 2016,
    "14th": 2021,
    "15th": 2026,
}

COMPARISON = re.compile(
    rf"(?:较|比|同比|与|相比|是|为|相当于)(?:去年|上年|前年|{_YEAR}年)(?:同期|同月|年?末|年?底|全年)?(?:相比|的)?(?:净增加?|新增|增加)?(?=[^\d]|\d)|"
    r"(?:去年|上年)(?:同期|同月)(?:相比)?(?=增|降|提|回)|"
    r"year[\s-]on[\s-]year|year[\s-]over[\s-]year|yoy|y-o-y|"
    rf"(?:compared\s+(?:with|to)|from|than|over|against|versus|on|relative\s+to)\s+(?:(?:that|those|the\s+(?:level|figure|number)s?)\s+(?:of|in|at|for)\s+)?"
    rf"(?:a\s+year\s+(?:earlier|ago|before)|one\s+year\s+(?:earlier|ago)|(?:the\s+)?same\s+(?:period|month|quarter|time)(?:\s+(?:of|in))?(?:\s+(?:the\s+)?(?:last|previous|prior)\s+year|\s+{_YEAR}|\s+a\s+year\s+(?:earlier|ago))?|"
    rf"(?:the\s+)?(?:end\s+of\s+)?(?:last|the\s+previous|previous|the\s+prior)\s+year(?:'s\s+\w+)?|the\s+year\s+before|the\s+end\s+of\s+{_YEAR})"
)
"""Phrases that say what a growth is relative to; no figure is dated by them."""

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "before",
        re.compile(
            r"(?:去年|上年)(?:同期|同月)(?=为|是|完成|仅|只|约|实现|的?[\d])|(?<=in )(?:the\s+)?same\s+period\s+(?:of\s+)?(?:last|the\s+previous)\s+year"
        ),
    ),
    (
        "so_far",
        re.compile(
            r"今年以来|本年以来|so\s+far\s+this\s+year|since\s+the\s+beginning\s+of\s+(?:this|the)\s+year|year\s+to\s+date"
        ),
    ),
    (
        "now",
        re.compile(
            r"(?:截至|截止|到)?目前|迄今|(?:up\s+)?to\s+date(?!d)|so\s+far|currently|\bnow\b(?=\s+(?:in|has|have|operat|stands?|boasts?|home|hosts?|runs?|is|are|owns?))|at\s+present|by\s+now|until\s+now"
        ),
    ),
    ("plan_end", re.compile(r"[\"“「]?(?P<plan>十二五|十三五|十四五|十五五)[\"”」]?(?:规划)?(?:期)?(?:末|收官|结束)")),
    (
        "plan",
        re.compile(
            r"[\"“「]?(?P<plan>十二五|十三五|十四五|十五五)[\"”」]?(?:规划)?(?:期间|时期|以来|期内)?|(?P<plan2>1[2345]th)\s+five[\s-]year\s+plan(?:\s+period)?(?:\s*\(\d{4}-\d{2,4}\))?"
        ),
    ),
    (
        "years",
        re.compile(
            rf"(?:from\s+|between\s+)?(?P<a>{_YEAR})年?\s?(?:-|至|到|to|and|through)\s?(?P<b>{_YEAR})(?:年(?!底|末)|(?=\D|$))(?:期间|间)?"
        ),
    ),
    (
        "months",
        re.compile(
            rf"(?:{_ZH_YEAR}的?)?(?P<a>\d{{1,2}})月?(?:份)?\s?(?:-|至|到|、|和)\s?(?P<b>\d{{1,2}})月(?:份|累计)?(?!\d{{1,2}}日)"
        ),
    ),
    ("day", re.compile(rf"(?:{_ZH_YEAR})?(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日")),
    ("day", re.compile(rf"(?P<y>{_YEAR})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)")),
    ("first", re.compile(rf"(?:{_ZH_YEAR}的?)?(?:前|头)(?P<n>{_N})个?(?P<u>月|季度)")),
    ("half", re.compile(rf"(?:{_ZH_YEAR}的?)?(?P<h>上|下)半年(?P<end>末)?")),
    ("quarter", re.compile(rf"(?:{_ZH_YEAR}的?)?(?:第?(?P<n>[一二三四1-4])季度?|首季度?)(?P<end>末)?")),
    ("quarters", re.compile(rf"(?:{_ZH_YEAR}的?)?前?三季度")),
    ("month_end", re.compile(rf"(?:{_ZH_YEAR}的?)?(?P<m>\d{{1,2}})月(?:份)?(?:底|末)")),
    ("month", re.compile(rf"(?:{_ZH_YEAR}的?)?(?P<m>\d{{1,2}})月(?:份)?(?!\d)")),
    (
        "year_end",
        re.compile(
            rf"(?P<y>{_YEAR})年?(?:年)?(?:底|末|年底|年末)|(?P<r>今年|去年|上年|明年)?(?:年)(?:底|末)|(?P<r2>今年|去年|上年|明年)(?:底|末)"
        ),
    ),
    ("this_month", re.compile(r"(?:当月|本月)(?!户均)")),
    ("year_end", re.compile(r"(?P<in>年内)|\b(?P<in2>(?:with)?in\s+the\s+year|before\s+the\s+year\s+is\s+out)\b")),
    ("last_year", re.compile(r"过去的?一年(?!来)|一年来|\b(?:in|over|during)\s+the\s+past\s+year\b")),
    (
        "year",
        re.compile(
            rf"(?P<y>{_YEAR})年(?:全年|度)?|(?P<r>今年|去年|上年|前年|明年)(?!同期|同月)(?:以来|全年)?|(?P<all>全年)(?!计划|目标|任务)"
        ),
    ),
    ("first", re.compile(rf"(?:the\s+)?first\s+(?P<n>{_EN_N})\s+months?{_EN_YEAR}")),
    ("quarters", re.compile(rf"(?:the\s+)?first\s+three\s+quarters{_EN_YEAR}")),
    ("first_quarters", re.compile(rf"(?:the\s+)?first\s+two\s+quarters{_EN_YEAR}")),
    (
        "half",
        re.compile(
            rf"(?:(?P<y0>{_YEAR})\s+)?(?:the\s+)?(?P<h>first|second|1st|2nd)[\s-]half{_EN_YEAR}|h(?P<hn>[12])(?![a-z0-9]){_EN_YEAR.replace('<y>', '<y2>').replace('<r>', '<r2>')}"
        ),
    ),
    (
        "quarter",
        re.compile(
            rf"(?:(?P<y0>{_YEAR})\s+)?(?:the\s+)?(?P<q>first|opening|second|third|fourth|final|1st|2nd|3rd|4th)[\s-]quarter{_EN_YEAR}|(?:(?P<y1>{_YEAR})\s?)?(?<![a-z])q(?P<n>[1-4])(?![a-z0-9]){_EN_YEAR.replace('<y>', '<y2>').replace('<r>', '<r2>')}"
        ),
    ),
    (
        "months",
        re.compile(
            rf"(?:(?P<y0>{_YEAR})\s+)?(?P<ma>{_MONTH})\s?(?:to|through|-|and|until|till)\s?(?P<mb>{_MONTH})(?:\s+period)?{_EN_YEAR}"
        ),
    ),
    (
        "day",
        re.compile(rf"(?P<mn>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y>{_YEAR}))?(?!\d|\s*-\s*\d|,\d)"),
    ),
    ("day", re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<mn>{_MONTH})(?:,?\s+(?P<y>{_YEAR}))?")),
    (
        "month_end",
        re.compile(
            rf"(?:the\s+)?(?:end\s+of|end-)\s*(?P<mn>{_MONTH}){_EN_YEAR}|late\s+(?P<mn2>{_MONTH}){_EN_YEAR.replace('<y>', '<y2>').replace('<r>', '<r2>')}"
        ),
    ),
    (
        "year_end",
        re.compile(
            rf"(?:the\s+)?(?:end\s+of|end-|year-end|close\s+of|year's\s+end)\s*(?:of\s+)?(?:(?P<y>{_YEAR})|(?P<r>this\s+year|last\s+year|the\s+year|next\s+year|the\s+previous\s+year))|year-end(?:\s+(?P<y2>{_YEAR}))?"
        ),
    ),
    ("month", re.compile(rf"(?P<mn>{_MONTH}){_EN_YEAR}")),
    ("this_month", re.compile(r"(?:the\s+)?same\s+month|that\s+month|the\s+month\s+alone")),
    (
        "year",
        re.compile(
            rf"(?<![\w.,$-])(?P<y>{_YEAR})(?![\w]|[.,]\d|\s?(?:yuan|billion|million|percent|%|km|eflops|gbps|5g|racks|data|projects|enterprises|companies|cities))|(?P<r>this\s+year|last\s+year|next\s+year|the\s+previous\s+year)|(?P<all>(?:the\s+)?(?:full|whole|entire)\s+year)"
        ),
    ),
)
_DEADLINE = re.compile(r"(?:到|至|于|力争到|by|by\s+the|until|before|come)\s*$")
_AS_OF = re.compile(r"(?:截至|截止|截止到|截至到|as\s+of)\s*(?:the\s+)?$")
_COMPARED = re.compile(
    r"(?:较|比|高于|低于|快于|慢于|超过|超出|与|同|相比于)[“\"]?\s*$"
    r"|\b(?:than|compared\s+(?:to|with)|against|versus|above|below)\s+(?:(?:in|at|during)\s+)?(?:(?:that|those|the\s+\w+)\s+(?:of|in|at|for|during)\s+)?(?:the\s+)?$"
    r"|\b(?:points?|percent|%|up|down|rose|fell|grew|increase\w*|drop\w*|rise|growth|rate|level|million|billion)\s+(?:\w+\s+)?(?:from|over|on)\s+(?:the\s+)?$"
    r"|\b(?:from|on)\s+(?:that|those)\s+(?:of|in|at)\s+(?:the\s+)?$"
)
"""Words behind which a phrase of time says what is compared, and dates no figure."""


@dataclass(frozen=True, slots=True)
class When:
    """A phrase of time. `year` None: to be taken from before. `kind` is span, point or year."""

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


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day."""

    first: datetime.date
    last: datetime.date
    point: bool = False


def phrases(text: str, taken: list[tuple[int, int]]) -> list[When]:
    """Every phrase of time outside `taken`, in order, none inside another."""
    spans = list(taken)
    out: list[When] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if match.start() == match.end() or not all(match.end() <= a or match.start() >= b for a, b in spans):
                continue
            if (one := _when(name, match, text)) is not None:
                spans.append((match.start(), match.end()))
                out.append(replace(one, compared=True) if _is_compared(name, text, one) else one)
    return sorted(out, key=lambda seen: seen.start)


def _is_compared(name: str, text: str, one: When) -> bool:
    """Whether a phrase only says what something is compared with: 比上半年提高, higher than in March."""
    if re.match(r"\s+(?:levels?|figures?|totals?|mark|number)\b", text[one.end :]):
        return True  # the 2021 level
    found = _COMPARED.search(text[max(0, one.start - 40) : one.start])
    return bool(found) and not (name in ("months", "years") and found is not None and found[0].strip().endswith("from"))


def _group(match: re.Match[str], *names: str) -> str:
    found = match.groupdict()
    return next((value for name in names if (value := found.get(name))), "")


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return EN_NUMBERS[text] if text in EN_NUMBERS else zh_number(text)


def _month(text: str) -> int:
    return MONTHS[text[:3]]


def _when(name: str, match: re.Match[str], text: str) -> When | None:
    year_text, relative = _group(match, "y", "y0", "y1", "y2"), re.sub(r"\s+", " ", _group(match, "r", "r2"))
    year = int(year_text) if year_text else None
    offset = _OFFSETS.get(relative) if relative else None
    before = text[max(0, match.start() - 14) : match.start()]
    at = (match.start(), match.end())
    if name not in ("before", "so_far", "now", "plan", "plan_end") and (
        re.match(r"(?:底|末|初)?以来", text[match.end() :]) or re.search(r"\bsince\s+(?:the\s+)?$", before)
    ):
        first = _month(_group(match, "mn")) if _group(match, "mn") else int(_group(match, "m") or 1)
        return When(*at, year, first, 12, "since", offset=offset)
    as_of = bool(_AS_OF.search(before))
    deadline = bool(_DEADLINE.search(before)) and not as_of
    ends = bool(_group(match, "end"))
    if name in ("before", "so_far", "now"):
        return When(*at, None, 1, 12, name)
    if name in ("plan", "plan_end"):
        began = _PLANS[_group(match, "plan", "plan2")]
        if name == "plan_end":
            return When(*at, began + 4, 12, 12, "point", deadline=True)
        if match[0].endswith("以来"):
            return When(*at, began, 1, 12, "since")
        return When(*at, began, 1, 12, "span", until=began + 4)
    if name == "years":
        a, b = int(match["a"]), int(match["b"])
        return When(*at, a, 1, 12, "span", until=b) if b > a else None
    if name == "months":
        a = _month(match["ma"]) if _group(match, "ma") else int(match["a"])
        b = _month(match["mb"]) if _group(match, "mb") else int(match["b"])
        return When(*at, year, a, b, "span", offset=offset) if 1 <= a < b <= 12 else None
    if name == "day":
        month = _month(match["mn"]) if _group(match, "mn") else int(match["m"])
        day = int(match["d"])
        return (
            When(*at, year, month, month, "point", day=day, offset=offset) if month <= 12 and 1 <= day <= 31 else None
        )
    if name == "first":
        count = _number(match["n"]) * (3 if _group(match, "u") == "季度" else 1)
        return When(*at, year, 1, count, "span", offset=offset) if 1 <= count <= 12 else None
    if name in ("half", "quarters", "first_quarters"):
        second = _group(match, "h", "hn") in ("下", "second", "2nd", "2")
        a, b = (1, 9) if name == "quarters" else (7, 12) if second else (1, 6)
        return When(*at, year, a, b, "point" if ends else "span", offset=offset)
    if name == "quarter":
        word = _group(match, "q", "n") or "1"
        number = _ORDINAL.get(word) or _number(word)
        kind = "point" if ends else "span"
        return When(*at, year, 3 * number - 2, 3 * number, kind, deadline=deadline, offset=offset)
    if name in ("month_end", "month"):
        month = _month(_group(match, "mn", "mn2")) if _group(match, "mn", "mn2") else int(match["m"])
        if not 1 <= month <= 12 or (
            match[0] == "may" and not re.search(r"(?:in|of|by|since|until|to|last|this)\s+$", before)
        ):
            return None
        point = name == "month_end" or as_of or (deadline and re.search(r"\bby\s*$", before))
        return When(*at, year, month, month, "point" if point else "span", deadline=deadline, offset=offset)
    if name == "last_year":
        return When(*at, None, 1, 12, "year", offset=-1)
    if name == "year_end" and _group(match, "in", "in2"):
        return When(*at, None, 1, 12, "year", offset=0)
    if name == "year_end":
        return When(*at, year, 12, 12, "point", deadline=deadline, offset=offset)
    if name == "this_month":
        return When(*at, None, 0, 0, "span", same_month=True)
    return When(*at, year, 1, 12, "year", deadline=deadline, offset=offset)


def span(when: When, year: int, month: int = 0) -> Span:
    """The days of a phrase in a year; `month` for phrases that mean the month spoken of."""
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
