"""English growths of an earlier time beside the one just told: 4.8 percent in the third quarter, after 5.2 percent in the
second; from 2.1 percent in August; when growth had been 4.7 percent.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.scene import Draft, Scene, Told
from xisuan.indicators.language.periods import Span, span
from xisuan.indicators.language.quantities import Quantity
from xisuan.text.translation import message as _

_LEADS = re.compile(
    r"\b(?:after|following|from|reversing|offsetting|erasing|(?:as\s+)?against|versus|compared\s+(?:with|to)|(?P<than>(?:faster|slower|quicker|higher|lower|better|worse|stronger|weaker|smaller|bigger)\s+than)|when\b[^.;]{0,50}?\b(?:had\s+been|was|were|stood\s+at|had\s+(?:grown|risen|fallen|shrunk)(?:\s+by)?))"
    r"\s+(?:(?:about|only|just|merely|barely|nearly|almost|a\s+mere|a\s+modest|an?|the|its|their|already)\s+)*(?:(?P<way>[a-z]+)\s+(?:rate\s+)?of\s+)?$"
)
"""Before the growth of an earlier time."""
_GROWTH = re.compile(
    r"\s+(?:growth|gain|rise|increase|expansion|pace|(?P<fall>fall|drop|decline|decrease|contraction))\b"
)
"""Behind a percentage that is said to be a growth."""
_ITS_TIME = re.compile(
    r"\s+(?:(?:growth|gain|rise|increase|expansion|pace|fall|drop|decline|decrease|contraction)\s+)?"
    r"(?:(?:recorded|registered|seen|posted|logged|reported|booked)\s+)?(?:(?:in|for|during|at|of|over)\s+)?(?:(?:the\s+)?(?:whole|full|all|entirety)\s+(?:of\s+)?)?(?:the\s+)?"
    r"(?:(?:same|corresponding|comparable)\s+(?:[a-z]+\s+){1,2}(?=(?:a|one)\s+year\b))?"
)
"""Between a growth and the time that it is of."""
_OF_THE_WHOLE = re.compile(
    r"\s+(?:for|in|across|by)\s+(?:the\s+)?(?:whole\s+|entire\s+)?(?:province|nation|country|region)\b(?!\s+of)"
)
"""Behind the growth of a larger whole."""
_UNDATED = _("the growth of before, whose date is not said")


def of_before(scene: Scene, at: int) -> bool:
    """Whether an English percentage is the growth of an earlier time of what was just read; drafts it where that is said."""
    figure, last = scene.sentence.amounts[at], _just_grown(scene, at)
    if last is None or not scene.sentence.english:
        return False
    lead = scene.text[_told_till(scene, at) : figure.start]
    said = _LEADS.search(lead) or _of_more_months(scene, figure, lead)
    if _OF_THE_WHOLE.match(scene.text, figure.end):
        return False  # against 4.1 percent for the province
    if last.doubt and said is not None:
        scene.leave(figure, _("growth of something that is not in the vocabulary"))
        return True
    if said is None or scene.cues.from_a_share.match(scene.text[figure.end : figure.end + _NEAR]):
        return False
    if (other := _for_another(scene, figure)) is not None:
        draft(scene, at, *other, growth=figure.value)
        return True
    compared = _compared(scene, figure.start - len(lead), figure.start)
    low = figure.start - len(lead)
    placed = any(low <= one.start and one.end <= figure.start for one in scene.sentence.regions)  # a national rate of …
    dated = compared is not None or placed or _dated(scene, figure, figure.start - len(lead))
    if not dated and said.groupdict().get("than"):
        return False  # faster than the average of five years
    if not dated:
        scene.leave(figure, _UNDATED)
        return True
    behind = _GROWTH.match(scene.text, figure.end)
    falls = scene.cues.falls.search(said[0]) or (behind is not None and behind["fall"])
    rises = behind is not None or scene.cues.grows.search(said[0]) is not None
    falls = falls or ((last.growth or 0.0) < 0.0 and not rises)  # a drop of 6.7 percent, after 8.3 percent in June
    draft(scene, at, last.mention, last.term, growth=-abs(figure.value) if falls else figure.value)
    if scene.drafts[-1].at == at:
        scene.drafts[-1].region = scene.drafts[-1].region if placed else last.region
        scene.drafts[-1].span = compared or _said_behind(scene, figure) or scene.drafts[-1].span
    return True


def _said_behind(scene: Scene, figure: Quantity) -> Span | None:
    """The days of the time that stands right behind a growth: 2 percent recorded a year ago."""
    gap = _ITS_TIME.match(scene.text, figure.end)
    end = 1 + (gap.end() if gap is not None else figure.end)
    return next((days for when, days in scene.spans if figure.end <= when.start <= end and days is not None), None)


def _of_more_months(scene: Scene, figure: Quantity, lead: str) -> re.Match[str] | None:
    """What joins a growth to that of more months behind it, where nothing else is named between: expanded 4.6 percent in the
    third quarter, the slowest in a year, and 4.8 percent over the first nine months.
    """
    said, low = _AND_OVER.search(lead), figure.start - len(lead)
    named = any(low <= one.start < figure.start and not one.whole for one in scene.sentence.mentions)
    placed = any(low <= one.start < figure.start for one in scene.sentence.regions)
    over = _OVER.match(scene.text, figure.end)
    timed = over is not None and any(
        when.start <= over.end() + 1 and when.end > figure.end and days is not None for when, days in scene.spans
    )
    return None if named or placed or ";" in lead or not timed else said


_AND_OVER = re.compile(r"\band\s+(?:(?:by|up|about|only)\s+)*$")
_OVER = re.compile(
    r"\s+(?:over|in|for|across|during)\s+(?:the\s+)?(?:whole\s+of\s+(?:the\s+)?)?(?=(?:first|january|year|half)\b)"
)
"""Around a growth of more months."""


def _compared(scene: Scene, low: int, high: int) -> Span | None:
    """The days of a quarter or month in the words that lead to a growth, with which another was compared: better than in
    the first quarter, when growth had been 4.7 percent.
    """
    last = scene.drafts[-1].span
    whens = [
        one
        for one in scene.sentence.times
        if one.compared and low <= one.start and one.end <= high and one.kind == "span"
    ]
    if not whens or last is None:
        return None
    when = whens[-1]
    return span(when, when.year if when.year is not None else last.last.year + (when.offset or 0), last.last.month)


_COUNTED = 2
"""Signs behind a figure within which what it counts begins."""
_NEAR = 12
"""Signs behind a percentage within which it is said to what it changed."""


def _for_another(scene: Scene, figure: Quantity) -> tuple[int, str] | None:
    """The indicator that a percentage behind `against` is said to be for: against 4.1 percent for software products."""
    behind = scene.cues.percent_for.match(scene.text, figure.end)
    terms = scene.context.words.terms
    named = enumerate(scene.sentence.mentions) if behind is not None else ()
    return next(
        ((at, one.indicator) for at, one in named if behind and one.start == behind.end() and one.indicator in terms),
        None,
    )


def it_was(scene: Scene, figure: Quantity, told: Told | None) -> Told | None:
    """What was just counted, where an English clause says how much `it` was at another time: twelve months earlier it was
    2,827; else `told`.
    """
    last = scene.drafts[-1] if scene.drafts else None
    if told is None and last is None and _opens_with_it(scene, figure):
        scene.told[scene.sentence.amounts.index(figure)] = scene.context.term  # the words before `it` say no more
        return None, scene.context.term
    if told is not None or last is None or last.value is None or last.doubt or not scene.sentence.english:
        return told
    low = scene.sentence.amounts[last.at].end
    said = _IT_WAS.search(scene.text, low, figure.start)
    if said is None and _AND_THEN.fullmatch(scene.untimed(low, figure.start)) is not None:
        behind = any(0 <= when.start - figure.end <= 1 for when, days in scene.spans if days is not None)
        return (None, last.term) if behind and fits(scene, last.term, figure) else told
    if said is None and scene.cues.level_before.search(scene.text, low, figure.start) is not None:
        near = any(0 <= when.start - figure.end <= _NEAR for when, days in scene.spans if days is not None)
        named = any(
            low + _COUNTED < one.start < figure.start and not one.whole and index != last.mention
            for index, one in enumerate(scene.sentence.mentions)
        )
        return (None, last.term) if near and not named and fits(scene, last.term, figure) else told
    timed = any(low <= when.start for when, days in scene.spans if days is not None)
    has = said is not None and said["has"] is not None
    term = last.term.removesuffix("_new") if has else last.term  # to build 20,000; it had 151,000 of them
    term = f"{term.removesuffix('_new')}_new" if said is not None and said["built"] else term
    return (None, term) if said is not None and timed and fits(scene, term, figure) else told


def _opens_with_it(scene: Scene, figure: Quantity) -> bool:
    """Whether an English sentence says how many of the stock just told there were at another time: two years ago it was not
    even 3 million.
    """
    spec = scene.context.words.terms.get(scene.context.term)
    end = scene.sentence.clause(figure.end)[1]
    if spec is None or not scene.sentence.english or any(one.start < end for one in scene.sentence.mentions):
        return False
    counted = figure.unit in ("", "1") and spec.kind == "stock" and (figure.scaled or figure.value >= _COUNT)
    alone = scene.context.levels == (scene.context.term,) and fits(scene, scene.context.term, figure)
    said = _IT_WAS.search(scene.text, 0, figure.start)
    if not alone or said is None or not (counted or figure.unit not in ("", "1", "pct", "pp", "fold")):
        return False
    places = (one for one in scene.sentence.regions if one.end <= said.start())
    elsewhere = any(one.region and one.region != scene.context.region for one in places)
    return elsewhere or any(days is not None for _, days in scene.spans)


_COUNT = 100.0
"""A bare number below this counts anything."""
_AND_THEN = re.compile(r"(?:,|,?\s+and|,?\s+but|\s+to)\s+(?:(?:then|about|only|just|over|some|nearly|already)\s+)*")
"""Between a level and that of another time."""
_IT_WAS = re.compile(
    r"\b(?:it|they|this|the\s+(?:figure|number|total|count|level)|(?<=\d)\s+and(?=\s+(?:had|has)\b)|and(?=\s+(?:had|has)\s+\d))\s+(?:was|were|had\s+been|stood\s+at|had\s+stood\s+at|came\s+to|numbered|(?:(?:had|has)\s+)?(?:risen|grown|climbed|increased|jumped|swelled|swollen|soared|surged|fallen|dropped)\s+to|(?:will|should|would|shall)\s+(?:number|reach|total|be)|(?:is|are)\s+to\s+(?:number|reach|total|be)|had\s+reached|(?P<has>had|has)|(?P<built>built|added|put\s+up|installed)|earned|made|took\s+in)\s+(?:(?:not\s+even|about|only|just|still|barely|some|nearly)\s+)*$"
)
"""Before how much what was just told was at another time."""


def _just_grown(scene: Scene, at: int) -> Draft | None:
    """The draft whose growth was read right before a percentage, but for changes in points."""
    before = at - 1
    while before >= 0 and scene.sentence.amounts[before].unit == "pp":
        before -= 1
    last = scene.drafts[-1] if scene.drafts else None
    if before > 0 and last is not None and last.growth is not None and before == last.at + 1:
        before = last.at if _TO_LEVEL.search(scene.text, 0, scene.sentence.amounts[before].start) else before
    if before < 0 or last is None or last.growth is None or scene.sentence.amounts[before].unit != "pct":
        return None
    return last if abs(last.growth) == abs(scene.sentence.amounts[before].value) else None


_TO_LEVEL = re.compile(r"\bto\s+(?:(?:about|some|nearly|over|almost|around)\s+)*$")
"""Between a growth and the level that it led to."""


def _told_till(scene: Scene, at: int) -> int:
    """Where the growth ends that was read before a percentage."""
    return max(one.end for one in scene.sentence.amounts[:at] if one.unit != "pp")


def _dated(scene: Scene, figure: Quantity, low: int) -> bool:
    """Whether a time is said with a growth: right behind it, or in the words that lead to it."""
    known = [when for when, days in scene.spans if days is not None]
    behind = _said_behind(scene, figure) is not None
    said = _LEADS.search(scene.text, low, figure.start)
    return behind or (said is not None and any(low <= when.start < figure.start for when in known))
