"""What a growth, a multiple or a change in points is over: the year before, the period before, the end of a year, or a time
longer ago, which makes it the growth of no one period.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures import dating
from xisuan.indicators.figures.fiscal import several_years
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.periods import Span, When
from xisuan.indicators.language.quantities import Quantity
from xisuan.scenario.schema.statistics_tables import BY_MONTH, BY_YEAR_END, YEARLY
from xisuan.text.translation import message as _

PERIODS = BY_MONTH, BY_YEAR_END
"""What a growth over the month or quarter before, and one since a year ended, is relative to."""
LONG = _("growth over several years, not of one period")
OTHER = _("growth over another time than the year before")
"""Why a growth is that of no one period."""
BESIDE = _("a change over the period before, beside that over the year before")
_YEAR, _YEARS_BEFORE = 12, 1
"""Months of a year, and years between a growth and what it is over."""


def relative_to(scene: Scene, at: int, lead: str, rest: str) -> str:
    """What a growth is relative to by the words before it, `lead`, and behind it, `rest`; blank for the year before."""
    seen_so = _SEEN_BY_MONTH.search(scene.text, 0, scene.sentence.amounts[at].start)
    if scene.cues.previous.search(lead + rest) or seen_so or over(scene, scene.sentence.amounts[at]) == BY_MONTH:
        return BY_MONTH
    if scene.cues.yearly.search(lead + rest):
        return YEARLY
    return BY_YEAR_END if _of_year_end(scene, at, lead) else ""


_SEEN_BY_MONTH = re.compile(r"从?环比来?看[^。;；同]*$")
"""Before growths that are over the month or quarter before: 从环比看,四季度增长1.6%."""


def _of_year_end(scene: Scene, at: int, lead: str) -> bool:
    """Whether a Chinese growth in the midst of a year is over the end of the one before, 较上年末增长8%, not over a year."""
    days = dating.of_figure(scene, scene.sentence.amounts[at])[0]
    return (
        not scene.sentence.english
        and _YEAR_END.search(lead) is not None
        and days is not None
        and days.last.month < _YEAR
    )


_YEAR_END = re.compile(r"[较比](?:上年|去年)(?:年?末|年?底)|[较比]年初")
"""What a growth is over that is none over the same time of the year before."""


def of_several_years(scene: Scene, at: int, to: str, *, alone: bool) -> str:
    """Why a growth is none of one period; blank where it may be one."""
    figure = scene.sentence.amounts[at]
    yearly = scene.cues.a_year.match(scene.text, figure.end)
    if yearly and (
        scene.cues.several_years.search(scene.text) or scene.cues.average_pace.search(scene.segment(figure))
    ):
        return LONG
    days = dating.of_figure(scene, figure)[0]
    if yearly and scene.sentence.english and days is not None and _to_come(scene, days):
        return LONG  # by 2029 it is to have grown by 15 percent a year
    if days is not None and days.last.year - days.first.year > 1 and not to:
        return LONG
    if to == YEARLY and alone and _of_one_year(scene, figure):
        return _("an average of several years, not a growth of the one that is said")
    if (base := over(scene, figure)) in (LONG, OTHER):
        return base
    return LONG if _between_two_levels(scene, at) or _since_as_long(scene, at) else ""


def _to_come(scene: Scene, days: Span) -> bool:
    """Whether some days end in a year after that of the text."""
    published = scene.context.published
    return published is not None and days.last.year > published.year


def _of_one_year(scene: Scene, figure: Quantity) -> bool:
    """Whether the days of a figure are one year or less, as those of a deadline, and no stretch of several years that the
    text tells by its plan or its years.
    """
    days = dating.of_figure(scene, figure)[0]
    vague = any(when.kind == "years_till" and days == long for when, long in scene.spans)
    return days is not None and (vague or not several_years(days))


def _between_two_levels(scene: Scene, at: int) -> bool:
    """Whether a growth stands behind two levels of years further apart: from 66 in 2003 to 6,350 in 2022."""
    if len(scene.drafts) < _TWO:
        return False
    first, second = scene.drafts[-_TWO:]
    if second.at != at - 1 or first.at != at - 2 or (first.term, first.region) != (second.term, second.region):
        return False
    if first.value is None or second.value is None or first.span is None or second.span is None:
        return False
    return abs(second.span.last.year - first.span.last.year) > _YEARS_BEFORE


_TWO = 2
"""Levels of one change."""


def _since_as_long(scene: Scene, at: int) -> bool:
    """Whether an English growth goes on, with `and`, from one since long before: …, and total assets rose 57 percent."""
    before = scene.sentence.amounts[at - 1] if at and scene.sentence.english else None
    left = any(one is before and why == LONG for one, why in scene.unplaced)
    return left and before is not None and ", and " in scene.text[before.end : scene.sentence.amounts[at].start]


def over(scene: Scene, figure: Quantity, days: Span | None = None) -> str:
    """What a growth, or a multiple, is relative to, whose days are `days`: blank where that is the year before or not said,
    else BY_MONTH, or LONG or OTHER, which make it the growth of no one period.
    """
    days = days if days is not None else dating.of_figure(scene, figure)[0]
    if days is None:
        return ""
    if _since(scene, figure, days):
        return LONG
    if not scene.sentence.english:
        said = scene.cues.since_year_zh.search(scene.text, max(0, figure.start - _NEAR), figure.start)
        plan = said is not None and said["plan"] in scene.context.words.times.plans and not said["last"]
        return LONG if said is not None and (said["ago"] or plan) else ""
    behind = _behind(scene, figure)
    return _between(behind, days) if behind is not None else ""


_NEAR = 44
"""Signs before a Chinese figure within which it is said what it is over."""


def since(scene: Scene, figure: Quantity) -> str:
    """The year that a change is over where that is not the one before: 较2020年提高5个百分点; blank where it is."""
    days = dating.of_figure(scene, figure)[0]
    year = _since(scene, figure, days) if days is not None else 0
    return str(year) if year else ""


def _since(scene: Scene, figure: Quantity, days: Span) -> int:
    """The year, or the last of a plan, that a growth is over, where that is longer ago than the year before; else 0."""
    year = 0
    if scene.sentence.english:
        said = scene.cues.since_year_en.match(scene.text, figure.end) or scene.cues.since_year_first.match(scene.text)
        behind = _behind(scene, figure)
        if said is not None:
            year = int(said["year"])
        elif behind is not None and _whole(behind) and behind.until is None:
            year = behind.year or 0
    else:
        said = scene.cues.since_year_zh.search(scene.text, max(0, figure.start - _NEAR), figure.start)
        plan = scene.context.words.times.plans.get(said["plan"] or "") if said is not None and said["last"] else None
        if said is not None:
            year = int(said["year"] or 0) or (plan + _PLAN if plan else 0)
    return year if year and days.last.year - year > _YEARS_BEFORE else 0


_PLAN = 4
"""Years from the first to the last year of a plan of five."""


def _behind(scene: Scene, figure: Quantity) -> When | None:
    """The English time behind a growth or a multiple that this is over; None where there is none."""
    behind = next((one for one in scene.sentence.times if one.start >= figure.end), None)
    return behind if behind is not None and _joined(scene, figure, behind) else None


def _whole(when: When) -> bool:
    """Whether a time is a year, or its end."""
    return when.kind == "year" or (when.kind == "point" and when.last == _YEAR)


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
    if _whole(when):
        return ""
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
