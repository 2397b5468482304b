"""English percentages of what was told last, which a noun without more takes up: in May the rate was 10.4 percent; for
electronics the figure was 6.7 percent; the proportion was 61 percent in the east; the two figures had been 46 and 29.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity

_APPROX = r"(?:(?:about|only|just|even|still|already|nearly|almost|over|some|around|roughly|more\s+than|a\s+mere)\s+)*"
_AGAIN = re.compile(
    r"(?:^|[\s,;:])(?:(?:its|their)\s+(?P<part2>share|proportion)\s+(?:in|of)\s+(?:the\s+)?(?:[a-z]+\s+)?(?:gdp|economy|total)|(?:the|that|this)\s+(?:corresponding\s+|comparable\s+|same\s+|growth\s+)?"
    r"(?:(?P<share>proportion|share|ratio|percentage)|rate|pace|figure|reading|number|goal|target|aim)|it)\s+"
    rf"(?:(?:(?:is|was|are)\s+to|should|will|would|shall|must)\s+(?:rise|climb|grow|increase|be\s+raised|go\s+up|get)\s+to|(?:rose|climbed|grew|increased|fell|dropped|went\s+up|edged\s+up)\s+to|(?:(?:is|was)\s+to|should|will|would|shall)\s+(?:get\s+to|reach|exceed|be|hit)|was|is|had\s+been|stood\s+at|stands\s+at|came\s+to|came\s+in\s+at|reached|averaged|has\s+reached)\s+{_APPROX}$"
    r"|(?:^|[\s,;])(?:it|they|these|this)\s+(?P<takes>(?:now\s+|already\s+)?(?:accounts?|accounted)\s+for|ma[dk]es?\s+up|represent(?:s|ed)?)\s+"
    rf"{_APPROX}$"
    r"|\b(?:rais|lift|increas|bring|push|tak|boost|expand|get|cut|reduc|lower)(?:e|es|s|ing)?\s+(?:the|that|this)\s+"
    rf"(?:(?P<part>proportion|share|ratio|percentage)|rate|figure)\s+(?:from\s+[^,;]{{2,40}}\s+)?to\s+{_APPROX}$"
)
"""Right before a percentage of what was told, which only a noun takes up."""
_OF_OTHERS = re.compile(
    r"\s+(?:for|of|among|on)\s+(?!(?:the\s+)?(?:whole|same|first|second|third|fourth|year|month|half|quarter|nation|country|province|region|city"
    r"|east|west|central|north|south|january|february|march|april|may|june|july|august|september|october|november|december)\b)[a-z]"
)
"""Behind a percentage that is said to be of something else."""
_FOR = re.compile(r"(?:^|[,;]\s+|\band\s+|\bwhile\s+)(?:for|in)\s+(?:the\s+)?$")
"""Before an industry for which a figure is told."""


def resumed(scene: Scene, at: int) -> bool:
    """Whether an English percentage is the growth, or the ratio, of what was told last, at another time, of another place or
    for another industry; drafts it.
    """
    figure, context = scene.sentence.amounts[at], scene.context
    low = scene.previous_end(figure)
    if _of_another_place(scene, at):
        return True
    if not scene.sentence.english or _AGAIN.search(scene.text, low, figure.start) is None:
        return False
    if _OF_OTHERS.match(scene.text, figure.end):
        return False
    last = scene.drafts[-1] if scene.drafts else None
    if last is not None and (last.doubt or last.at != at - 1):
        return False
    term = last.term if last is not None else context.term
    share = context.earlier[-1] if last is None and context.earlier and _takes_up_a_share(scene, low, figure) else ""
    term = share if share and context.words.terms[share].unit == "pct" else term
    spec = context.words.terms.get(term)
    inside = [(i, one) for i, one in enumerate(scene.sentence.mentions) if low <= one.start and one.end <= figure.start]
    inside = [(i, one) for i, one in inside if not one.whole and not _is_the_noun(scene, one.start)]
    if spec is None or len(inside) > 1:
        return False
    said = _AGAIN.search(scene.text, low, figure.start)
    ratio = (
        context.words.ratio(term) if said is not None and (said["share"] or said["part"]) and spec.unit == "1" else ""
    )
    if ratio and last is None and not inside and _apart(scene, low, figure.end):
        scene.told[at] = ratio
        draft(scene, at, None, ratio, value=figure.value, unit="pct")
        return True
    if said is not None and said["takes"] and (spec.unit != "pct" or inside or last is not None):
        return False
    grew = (
        last.growth is not None if last is not None else context.grew and not (said and (said["share"] or said["part"]))
    )
    index = None
    if inside:
        index, one = inside[0]
        family = context.words.terms[one.indicator].family if one.indicator in context.words.terms else ""
        other = context.words.by_measure.get((family, spec.measure), "") if family else ""
        other = one.indicator if one.indicator in context.words.terms and not family else other
        if not other or not grew or context.words.terms[other].measure != spec.measure:
            return False
        if _FOR.search(scene.text, low, one.start) is None:
            return False
        term = other
    elif not (_apart(scene, low, figure.end)):
        return False
    if grew and spec.unit not in ("pct", "ratio"):
        scene.told[at] = term
        draft(scene, at, index, term, growth=figure.value)
    elif spec.unit == "pct" and fits(scene, term, figure):
        scene.told[at] = term
        draft(scene, at, index, term, value=figure.value, unit="pct")
    else:
        return False
    return True


def _of_another_place(scene: Scene, at: int) -> bool:
    """Whether an English percentage is the growth of what was told last, of a place that is all that its sentence opens
    with; drafts it: Shanxi's did 1.9 percent.
    """
    figure, context = scene.sentence.amounts[at], scene.context
    said = _ITS_OWN.fullmatch(scene.text, 0, figure.start) if scene.sentence.english and not at else None
    spec = context.words.terms.get(context.term)
    where = scene.sentence.regions[:1]
    if (
        said is None
        or spec is None
        or not context.grew
        or not where
        or any(not one.whole for one in scene.sentence.mentions)
    ):
        return False
    if spec.unit in ("pct", "ratio") or not where[0].region or where[0].start > said.start("did"):
        return False
    scene.told[at] = context.term
    draft(scene, at, None, context.term, growth=-figure.value if said["fell"] else figure.value)
    return True


_ITS_OWN = re.compile(
    r"\W*(?:(?:but|and|while)\s+)?(?:[a-z']+\s+){0,2}[a-z]+'s?\s+(?P<did>did|grew|rose|gained|increased|expanded|climbed|was\s+up|(?P<fell>fell|dropped|declined|was\s+down))\s+(?:(?:by|about|some|nearly|only|just|a)\s+)*"
)
"""What a sentence opens with in which but a place and what its own did stand before a percentage."""


def _takes_up_a_share(scene: Scene, low: int, figure: Quantity) -> bool:
    """Whether `the share` takes up what was told right before a percentage."""
    said = _AGAIN.search(scene.text, low, figure.start)
    return said is not None and (said["share"] or said["part"]) is not None


def _is_the_noun(scene: Scene, start: int) -> bool:
    """Whether an indicator is but the noun that takes up what was told: the figure."""
    return re.match(r"(?:the|that|this)\s+(?:figure|number|amount)\b", scene.text[start:]) is not None


def _apart(scene: Scene, low: int, high: int) -> bool:
    """Whether a time or a place is said with a percentage."""
    limit = min((one.start for one in scene.sentence.amounts if one.start >= high), default=len(scene.text))
    times = any(low <= when.start < limit for when, days in scene.spans if days is not None)
    return times or any(low <= one.start < limit for one in scene.sentence.regions)


def each_again(scene: Scene) -> None:
    """Settle the figures of several things just told, where there are as many as levels in the sentence before, in order, or
    so many again for each of several times.
    """
    said = scene.cues.the_figures.search(scene.text) if scene.sentence.english else None
    levels = scene.context.levels
    if said is None or len(levels) < _TWO:
        return
    behind = [at for at, one in enumerate(scene.sentence.amounts) if one.start >= said.end() and one.unit != "pct"]
    named = any(one.start >= said.end() for one in scene.sentence.mentions)
    rounds = [behind[first : first + len(levels)] for first in range(0, len(behind), len(levels))]
    whens = [_last_time(scene, scene.sentence.amounts[one[0]]) for one in rounds]
    apart = len(rounds) == 1 or (None not in whens and len(set(whens)) == len(whens))
    if named or not rounds or len(rounds[-1]) != len(levels) or not apart:
        return
    places = scene.context.listed if len(set(levels)) == 1 else ()
    if len(set(levels)) == 1 and (len(places) != len(levels) or scene.sentence.regions):
        return
    for group, when in zip(rounds, whens, strict=True):
        scene.places |= dict(zip(group, places, strict=True)) if places else {}
        if all(fits(scene, term, scene.sentence.amounts[at]) for at, term in zip(group, levels, strict=True)):
            scene.told |= dict(zip(group, levels, strict=True))
            scene.moments |= dict.fromkeys(group, when) if when is not None else {}


def _last_time(scene: Scene, figure: Quantity) -> Span | None:
    """The days told last before a figure."""
    times = [days for when, days in scene.spans if days is not None and when.end <= figure.start]
    return times[-1] if times else None


_TWO = 2
"""Levels of the fewest that are told again."""
