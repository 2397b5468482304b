"""English figures of another place told beside one: 27,900 of them in Fuzhou; the 38,000 in the whole of Sichuan; ahead of
Jiangsu (24.1 EFLOPS); Qingdao's grew 5.4 percent and Yantai's 6.6.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.having import of_them
from xisuan.indicators.figures.observing import in_unit
from xisuan.indicators.figures.scene import Draft, Scene, alike
from xisuan.indicators.figures.turns import turn_of
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Where

_OF_THEM = re.compile(
    r"\s+of\s+(?:them|these|those|which|whom|it|that|this)\s+(?:(?:were|are|being|stand|standing|stood|lie|lying|located|based|was|is|alone|will|be|to|should)\s+)*"
    r"(?:in|by|from)\s+(?:the\s+)?(?:city\s+of\s+|capital,?\s+|provincial\s+capital,?\s+)*"
)
"""Between so many of what was just told and where they are."""
_ARE_IN = re.compile(
    r"\s+(?:[a-z]+\s+)?(?:(?:will|should|would|(?:are|is)\s+to)\s+be|were|are|stood|stand|was|is|lay|lie)\s+(?:located\s+|based\s+|built\s+|installed\s+|found\s+|to\s+be\s+found\s+)?in\s+(?:the\s+)?(?:city\s+of\s+)?"
)
"""Behind so many of what a sentence opens with, where they are."""
_JUST_IN = re.compile(r"\s+(?:[a-z]+\s+){0,2}in\s+(?:the\s+)?(?:city\s+of\s+)?")
"""The same, without a verb."""
_OF_WHICH = re.compile(
    r"\bof\s+(?:which|these|them|this|it|that)\s+(?:(?:about|some|nearly|over|only|at\s+least|more\s+than|as\s+many\s+as)\s+)*$"
)
"""Before so many of what was just told."""
_INCLUDING = re.compile(
    r"(?:,\s*|\band\s+)(?:including|with|among\s+them|namely)\s+(?:(?:about|some|nearly|over|only|as\s+many\s+as)\s+)*$"
)
"""The same, where the place tells that it is a part."""
_OF_THE = re.compile(r"\s*of\s+(?:the|these|those|them|all)\b[^.;]{0,60},\s*$")
"""How a sentence opens that tells a part of what was told: of the 66,000 stations, …"""
_THE = re.compile(r"\bthe\s+(?:(?:combined|total|roughly|some|nearly|about|over|more\s+than)\s+)*$")
"""Before the figure of a whole, with which one just told is compared."""
_AGAINST = re.compile(
    r"\b(?:against|compared\s+(?:with|to)|versus)\s+(?:(?:about|some|only|just|nearly|over|more\s+than)\s+)*$"
)
"""Before the figure of another place, with which one just told is compared."""
_WHOLE = re.compile(
    r"\s+(?:(?:recorded|posted|seen|reported|registered|achieved|managed|counted|logged|made|earned|installed|built)\s+)?(?:by|in|for|across|of)\s+(?:(?:the\s+)?(?:whole|entire|all)\s+of\s+)?(?:the\s+)?(?:whole\s+|entire\s+)?"
)
"""Between the figure of a whole and whose it is."""


def beside_it(scene: Scene, at: int) -> bool:
    """Whether an English figure is that of another place, of what was just told of one; drafts it."""
    if not scene.sentence.english or at in scene.pairs or at in scene.places:
        return False
    if of_them(scene, at):
        return True
    figure = scene.sentence.amounts[at]
    last = scene.drafts[-1] if scene.drafts else None
    if (where := _of_them(scene, figure, last)) is None and last is not None:
        where = _of_a_whole(scene, figure) or _in_brackets(scene, figure) or _owned(scene, figure, last)
        where = where or turn_of(scene, at, last)
    elif where is None and not scene.sentence.mentions:
        where = _in_brackets(scene, figure)
    where = where or _ranked(scene, figure)
    term = last.term if last is not None else _told(scene, figure)
    if where is None or term not in scene.context.words.terms or not _may_be(scene, figure, last, term):
        return False
    if figure.unit != "pct" or scene.context.words.terms[term].unit == "pct":
        value, unit = in_unit(figure, scene.context.words.terms[term].unit)
        more = {"value": value, "unit": unit}
    elif last is not None and last.growth is not None:
        more = {"growth": -abs(figure.value) if last.growth < 0 else figure.value}
    else:
        return False
    scene.places[at] = where
    draft(scene, at, last.mention if last is not None else None, term, **more)
    if scene.drafts and scene.drafts[-1].at == at:
        scene.drafts[-1].doubt = ()
        scene.drafts[-1].span = last.span if last is not None else scene.drafts[-1].span
    return True


def _told(scene: Scene, figure: Quantity) -> str:
    """What the sentence before told of, else what the text is about, that a figure can measure."""
    said = (scene.context.term, scene.context.main)
    return next((one for one in said if one and fits(scene, one, figure)), scene.context.term)


def _ranked(scene: Scene, figure: Quantity) -> str | None:
    """The region of a ranking that a level is of: Xiamen came first with 947 billion yuan, followed by Fuzhou with 353.8."""
    before = scene.previous_end(figure)
    inside = [one for one in scene.sentence.regions if before <= one.start and one.end <= figure.start]
    if figure.unit == "pct" or len(inside) != 1 or not inside[0].region:
        return None
    if any(before <= one.start < figure.start and not one.whole for one in scene.sentence.mentions):
        return None
    first = _FIRST.match(scene.text, inside[0].end, figure.start)
    follows = before and _FOLLOWS.search(scene.text, before, inside[0].start) and _WITH.match(scene.text, inside[0].end)
    end = first.end() if first is not None else 0
    return (
        inside[0].region
        if end == figure.start or (follows and _WITH_SO_MUCH.fullmatch(scene.text, inside[0].end, figure.start))
        else None
    )


_FIRST = re.compile(
    r"(?:,[^,;.\d]{3,50},)?\s+(?:again\s+|also\s+)?(?:came|ranked|was|is|stood|led|leads|topped|tops|followed|placed|remained)\s+(?:(?:in\s+)?(?:first|second|third|fourth|next|ahead|top|on\s+top|the\s+(?:list|table|field|pack|way|ranking))(?:\s+place)?,?\s+)?(?:with|at)\s+(?:(?:about|some|nearly|over|more\s+than|almost)\s+)*"
)
"""Between the first of a ranking and its level."""
_FOLLOWS = re.compile(r"(?:followed\s+by|ahead\s+of|before|,|\band|\bthen|\bwhile)\s+(?:the\s+)?$")
"""Before the next place of a ranking."""
_WITH = re.compile(r"\s+(?:with|at)\s")
_WITH_SO_MUCH = re.compile(r"\s+(?:with|at)\s+(?:(?:about|some|nearly|over|more\s+than|almost)\s+)*")
"""Between a place and its level."""


def _may_be(scene: Scene, figure: Quantity, last: Draft | None, term: str) -> bool:
    """Whether a figure can measure what was just told."""
    if last is not None and last.doubt:
        return False
    if figure.unit == "pct" and last is not None and last.growth is not None:
        return True
    return fits(scene, term, figure) or (last is not None and alike(figure, scene.sentence.amounts[last.at]))


def _region(scene: Scene, start: int) -> str | None:
    """The region that begins at a place in the text; None where there is none, or it is not known."""
    seen = next((one for one in scene.sentence.regions if one.start == start), None)
    return _named(scene, seen) if seen is not None else None


def _named(scene: Scene, seen: Where) -> str | None:
    """The region that a place in the text means."""
    if seen.region:
        return seen.region
    words, region = scene.context.words, scene.context.region or scene.context.home
    kinds = {"province": ("province",), "city": ("prefecture",)}.get(seen.local, ())
    here = scene.drafts[-1].region if scene.drafts else region
    return words.ancestor(here, kinds) or words.ancestor(region, kinds) or None if kinds else None


def _of_them(scene: Scene, figure: Quantity, last: Draft | None) -> str | None:
    """Where so many are of what was just counted: 27,900 of them in Fuzhou; of the 66,000 stations, 24,100 were in Xi'an."""
    if figure.unit == "pct":
        return None
    behind = _OF_THEM.match(scene.text, figure.end) if last is not None else None
    if behind is None and _OF_THE.match(scene.text, 0, figure.start) is not None:
        behind = _ARE_IN.match(scene.text, figure.end)
    if (
        behind is None
        and last is not None
        and (_OF_WHICH.search(scene.segment(figure)) or _goes_on(scene, figure, last))
    ):
        behind = _ARE_IN.match(scene.text, figure.end) or _JUST_IN.match(scene.text, figure.end)
    where = _region(scene, behind.end()) if behind is not None else None
    where = where or _included(scene, figure, last) or _contributed(scene, figure, last)
    return None if where is None or (last is not None and where == last.region) else where


def _included(scene: Scene, figure: Quantity, last: Draft | None) -> str | None:
    """Where in the place of what was just counted so many of it are: including 27,000 in Guiyang."""
    if last is None or _INCLUDING.search(scene.segment(figure)) is None:
        return None
    behind = _ARE_IN.match(scene.text, figure.end) or _JUST_IN.match(scene.text, figure.end)
    where = _region(scene, behind.end()) if behind is not None else None
    return where if where and last.region in scene.context.words.within(where)[1:] else None


def _contributed(scene: Scene, figure: Quantity, last: Draft | None) -> str | None:
    """The place in that of what was just told which has so much of it: with Chengdu contributing 502 billion yuan."""
    words, before = scene.context.words, scene.previous_end(figure)
    with_it = _WITH_ITS_PART.search(scene.text, before, figure.start)
    named = words.places_pattern.match(scene.text, with_it.end()) if with_it is not None else None
    if last is None or last.value is None or named is None:
        return None
    if _CONTRIBUTES.fullmatch(scene.text, named.end(), figure.start) is None:
        return None
    where = words.place(named[0])
    return where if last.region in words.within(where)[1:] else None


_WITH_ITS_PART = re.compile(r",\s+(?:with|of\s+which|and)\s+(?:the\s+city\s+of\s+|the\s+capital\s+)?")
_CONTRIBUTES = re.compile(
    r"\s+(?:alone\s+)?(?:contribut(?:ing|ed)|account(?:ing|ed)\s+for|provid(?:ing|ed)|suppl(?:ying|ied)|generat(?:ing|ed)|host(?:ing|ed)|making\s+up)\s+(?:(?:about|some|nearly|over|almost|only)\s+)*"
)
"""Before a place of a part, and between it and how much it has of the whole."""


def _goes_on(scene: Scene, figure: Quantity, last: Draft) -> bool:
    """Whether a figure goes on from one that was a part of another: 98,000 are installed in A and 34,500 in B."""
    lead = scene.text[scene.sentence.amounts[last.at].end : figure.start]
    return last.at in scene.places and re.search(r"(?:,|\band)\s+(?:[a-z]+\s+){0,2}$", lead) is not None


def _of_a_whole(scene: Scene, figure: Quantity) -> str | None:
    """Of which whole a figure is that one just told is compared with: faster than the 6 percent recorded by the province."""
    if (said := _OF_ALL.search(scene.text, 0, figure.start)) is not None:
        return _larger(scene, "nation" if said["whose"] == "national" else "province")
    if (owner := _OF_ITS.search(scene.text, 0, figure.start)) is not None:
        return next(
            (one.region for one in scene.sentence.regions if one.end == owner.start("own") and one.region), None
        )
    compared = _THE.search(scene.text, 0, figure.start) or _AGAINST.search(scene.text, 0, figure.start)
    behind = _WHOLE.match(scene.text, figure.end) if compared else None
    if behind is None:
        return None
    if (whose := _AS_A_WHOLE.match(scene.text, behind.end())) is not None:
        return _larger(scene, whose["whose"])
    starts = {behind.end(), *(behind.end() - len(said) for said in ("the ", "the whole ", "the entire "))}
    return next(filter(None, (_region(scene, start) for start in starts)), None)


def _larger(scene: Scene, kind: str) -> str | None:
    """The nation, or the province of what was just told."""
    words, here = scene.context.words, scene.drafts[-1].region
    return words.nation if kind in ("nation", "country") else words.ancestor(here, ("province",)) or None


_AS_A_WHOLE = re.compile(r"(?:the\s+)?(?P<whose>nation|country|province|region)\s+as\s+a\s+whole\b")
"""Behind the figure of a larger whole, whose it is."""
_OF_ALL = re.compile(
    r"\b(?:of|from)\s+(?:the|a)\s+(?P<whose>national|provincial|regional)\s+(?:figure|total)\s+of\s+(?:about\s+)?$"
)
"""Before the figure of a larger whole that one just told is a part of: 83 percent of the provincial total of 30 billion."""
_OF_ITS = re.compile(
    r"\b(?:half|thirds?|quarters?|fifths?|tenths?|percent|%|most|part|bulk|than|below|above|behind)\s+(?:of\s+)?(?:[a-z]+)(?:\s[a-z]+)?(?P<own>'s)\s+(?:total\s+)?$"
)
"""Before the figure of a whole that a region owns: three fifths of Hubei's 348.7 billion."""


def _in_brackets(scene: Scene, figure: Quantity) -> str | None:
    """The region behind which a figure stands alone in brackets: ahead of Jiangsu (24.1 EFLOPS)."""
    opens = _OPENS.search(scene.text, 0, figure.start)
    if opens is None or _CLOSES.match(scene.text, figure.end) is None:
        return None
    return next((one.region for one in scene.sentence.regions if one.end == opens.start() and one.region), None)


_OPENS = re.compile(r"\s*\((?:with\s+|about\s+|at\s+|over\s+|nearly\s+)?$")
_CLOSES = re.compile(r"\s*\)")
"""Around a figure that stands alone in brackets."""


def _owned(scene: Scene, figure: Quantity, last: Draft) -> str | None:
    """The region whose percentage goes on from that of another: Qingdao's output grew 5.4 percent and Yantai's 6.6."""
    before = scene.previous_end(figure)
    inside = [one for one in scene.sentence.regions if before <= one.start and one.end <= figure.start]
    if figure.unit != "pct" or last.growth is None or len(inside) != 1 or not inside[0].region:
        return None
    if any(before <= one.start < figure.start for one in scene.sentence.mentions):
        return None
    ahead, behind = scene.text[before : inside[0].start], scene.text[inside[0].end : figure.start]
    joined = _JOINS.fullmatch(ahead) is not None and _BY.fullmatch(behind) is not None
    return inside[0].region if joined else None


_JOINS = re.compile(
    r"[^.;]{0,40}?(?:,\s*(?:and\s+|while\s+|followed\s+by\s+|with\s+)?|\s+and\s+|\s+while\s+|\s+against\s+|;\s+)(?:that\s+(?:of|in)\s+)?(?:its\s+)?(?:neighbou?r(?:ing)?\s+)?"
)
"""Between a percentage and the next region of which one is told."""
_BY = re.compile(
    r"(?:'s)?\s+(?:(?:by|at|with|managed|grew|rose|expanded|recorded|posted|gained|only|just|about|even|a\s+mere|itself|as\s+a\s+whole|nearly|over)\s+)*"
)
"""Between a region and its percentage."""
