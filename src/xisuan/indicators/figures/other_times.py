"""Over what a growth or a multiple is: the year before, the period before it, or a time longer ago, so that it is the growth
of no one period.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures import dating
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.periods import Span, When
from xisuan.indicators.language.quantities import Quantity

BY_MONTH = "the period before"
"""What a growth over the month or quarter before is relative to."""
LONG = "growth over several years, not of one period"
OTHER = "growth over another time than the year before"
"""Why a growth is that of no one period."""

_COMPARES = re.compile(
    r"\b(?:from|over|than|on|against|compared|relative|that|those|figure|level|number|total|amount|value|as\s+(?:much|many|large|high|big))\b"
)
_JOINS = re.compile(
    r"\s*,?\s*(?:times\s+)?(?:(?:higher|lower|more|less|fewer|larger|bigger|smaller|increase|rise|gain|growth|drop|fall|decline|decrease|jump|up|down)\s+)?"
    r"(?:(?:from|over|than|on|against|compared\s+(?:with|to)|relative\s+to|as\s+(?:much|many|large|high|big)\s+as)\s+)?"
    r"(?:(?:in|at|of|for|during|what|it|was|were|that|those|the|its|their|levels?|figures?|number|total|amount|value|recorded|registered|seen|reached)\s+)*"
)
"""Between an English growth and the time that it is over."""
_LEVEL = re.compile(r"\s+(?:levels?|figures?|totals?|number|amount|value)\b")
"""Behind a time whose level is meant."""
_OVER_ZH = re.compile(
    r"(?:是|为|相当于|达到?|约为|比|较|较之|相较于|与)(?:整个)?[“\"「]?"
    r"(?:(?P<year>(?:19|20)\d\d)年?(?:全年|年?[末底]|同期)?|(?P<plan>[一二三四五六七八九十]{3})[”\"」]?(?:规划)?(?:(?P<last>期?末|收官|结束)|时期|期间|同期|期?初)?|(?P<ago>前年))"
    r"[”\"」]?(?:同期|水平|规模)?(?:相比)?[,，]?的?(?:近|约|超过?|整|大约|已|实现|增长了?|扩大了?|提高了?|将)?$"
)
"""What a Chinese growth or multiple is over, right before it."""
_NEAR = 44
"""Signs before a Chinese figure within which it is said what it is over."""
_YEAR, _YEARS_BEFORE = 12, 1


def over(scene: Scene, figure: Quantity, days: Span | None = None) -> str:
    """What a growth, or a multiple, is relative to, whose days are `days`: blank where that is the year before or not said,
    else BY_MONTH, or LONG or OTHER, which make it the growth of no one period.
    """
    days = days if days is not None else dating.of_figure(scene, figure)[0]
    if days is None:
        return ""
    if not scene.sentence.english:
        return _over_zh(scene, figure, days)
    behind = next((one for one in scene.sentence.times if one.start >= figure.end), None)
    if behind is None or not _joined(scene, figure, behind):
        return ""
    return _between(behind, days)


def _over_zh(scene: Scene, figure: Quantity, days: Span) -> str:
    said = _OVER_ZH.search(scene.text, max(0, figure.start - _NEAR), figure.start)
    if said is None:
        return ""
    plan = scene.context.words.times.plans.get(said["plan"] or "")
    if said["plan"] and plan is None:
        return ""
    if said["ago"] or (plan is not None and not said["last"]):
        return LONG
    year = int(said["year"]) if said["year"] else (plan or 0) + 4
    return LONG if days.last.year - year > _YEARS_BEFORE else ""


def _joined(scene: Scene, figure: Quantity, when: When) -> bool:
    """Whether an English time behind a growth or a multiple is what that is over."""
    gap = scene.text[figure.end : when.start]
    if when.day or _JOINS.fullmatch(gap) is None:
        return False
    level = _LEVEL.match(scene.text, when.end) is not None
    if figure.unit == "fold":
        return level or _COMPARES.search(gap) is not None
    return (when.compared or level) and _COMPARES.search(gap) is not None


def _between(when: When, days: Span) -> str:
    """What a time is to the days of a growth."""
    if (
        when.kind not in ("year", "span", "point")
        or when.until is not None
        or (when.year is None and when.offset is not None)
    ):
        return ""
    whole = when.kind == "year" or (when.kind == "point" and when.last == _YEAR)
    if whole:
        return LONG if when.year is not None and days.last.year - when.year > _YEARS_BEFORE else ""
    earlier = when.last < days.last.month
    year = when.year if when.year is not None else days.last.year - (0 if earlier else 1)
    months = (days.last.year - year) * _YEAR + days.last.month - when.last
    if months <= 0 or months == _YEAR:
        return ""
    if months > _YEAR:
        return LONG
    size = when.last - when.first + 1
    own = 1 if days.point else days.last.month - days.first.month + 1
    return BY_MONTH if months == size and own in (1, size) else OTHER


def over_the_year(scene: Scene, at: int) -> bool:
    """Whether an English percentage is told beside a growth as that over the year before: up 2.1 percent month on month and
    15 percent year on year.
    """
    figure, before = scene.sentence.amounts[at], scene.sentence.amounts[at - 1] if at else None
    if before is None or before.unit != "pct" or _BUT.fullmatch(scene.text, before.end, figure.start) is None:
        return False
    grew = bool(scene.drafts) and scene.drafts[-1].growth is not None
    return grew and _YEARLY.match(scene.text, figure.end) is not None


_BUT = re.compile(r"[a-z\s-]{0,40}?,?\s+(?:and|but)\s+(?:by\s+)?")
_YEARLY = re.compile(
    r"\s+(?:year[\s-](?:on|over)[\s-]year|on\s+year|yoy|y-o-y|(?:from|over|than)\s+(?:a|one)\s+year\s+(?:earlier|before|ago)|(?:from|over|than)\s+(?:the\s+)?same\s)"
)
"""Between two growths of one thing, and behind that over the year before."""


def own_words(scene: Scene, at: int, lead: str) -> str:
    """The words that lead to a percentage, without those that end what was said of the one before: month on month and …."""
    if not scene.sentence.english or not at or scene.sentence.amounts[at - 1].unit != "pct":
        return lead
    return re.split(r",|\b(?:and|but|while)\b", lead)[-1]
