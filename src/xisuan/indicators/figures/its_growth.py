"""English percentages told as `growth` alone, of what was told before: in the second quarter growth was 6.3 percent; growth
in Hubei was 5.7 percent.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.tokens import Stretch

_GROWTH = re.compile(
    r"\b(?:the\s+)?(?P<what>growth(?:\s+rate)?|increase|rise|(?P<fall>drop|fall|decline|decrease|contraction)|rate\s+of\s+(?:growth|expansion)|pace\s+of\s+(?:growth|expansion)|gain|expansion)(?P<gap>[^.;\d]{0,60}?)"
    r"\b(?:was|had\s+been|stood\s+at|came\s+(?:to|in\s+at|out\s+at)|work(?:s|ed)\s+out\s+at|averaged|ran\s+at|reached|slowed\s+to|eased\s+to|quickened\s+to|picked\s+up\s+to|accelerated\s+to|cooled\s+to|at|to)\s+"
    r"(?:(?:about|only|just|a\s+mere|nearly|almost|a\s+robust|a\s+solid|still|even)\s+)*$"
)
"""What says that a percentage is the growth of what was told before."""
_OPENS_WITH_IT = re.compile(r"\W*(?:(?:and|but)\s+)?(?:the\s+)?growth,\s+(?:at|of)\s+(?:(?:about|only|just|a)\s+)*")
"""How a sentence opens with the growth of what the one before told: growth, at 10.1 percent, outpaced that of GDP."""
_OWN = re.compile(r"[a-z][\w'-]*\s+$")
"""Right before growth that has an owner: output growth, retail-sales growth."""
_FREE = re.compile(
    r"\b(?:the|while|when|that|and|where|but|leaving|with|year|quarter|half|months?|itself|alone|own|,|first|second|third|fourth)\s+$|^\s*[\"“]?$|[,;:]\s+[\"“]?$"
)
"""What may stand before growth that has none."""
_ECONOMY = ("", "gdp")
"""What a text is about whose growth without more is that of the economy."""
_EXPECTED = re.compile(
    r"\b(?:for\s+(?:the\s+)?(?:coming|next)\s+year|next\s+year|forecast|expect\w*|poll\w*|target|goal|analysts|economists)\b"
)


def of_what_was_told(scene: Scene, at: int) -> bool:
    """Whether an English percentage is told as growth alone, with a time of its own or of a place; drafts it."""
    figure = scene.sentence.amounts[at]
    low = scene.previous_end(figure)
    said = _GROWTH.search(scene.text, low, figure.start) if scene.sentence.english else None
    if said is None or not _alone(scene, said):
        return False
    if scene.cues.aims.search(scene.text, 0, figure.start) or _EXPECTED.search(scene.text, 0, figure.start):
        return False
    term = _told(scene, said)
    opens = _OPENS_WITH_IT.fullmatch(scene.text, 0, figure.start) is not None and term == scene.context.term
    if not term or not (
        opens or _timed(scene, low, figure.end) or any(low <= one.start for one in scene.sentence.regions)
    ):
        return False
    draft(scene, at, None, term, growth=-abs(figure.value) if said["fall"] else figure.value)
    if scene.drafts and scene.drafts[-1].at == at:  # what stands before the word for growth says nothing of what grew
        scene.drafts[-1].doubt = tuple(word for word in scene.drafts[-1].doubt if word in said["gap"])
    return True


def of_an_aim(scene: Scene, at: int) -> bool:
    """Whether an English percentage is the aim of the economy's growth, told as a target without more; drafts it."""
    figure = scene.sentence.amounts[at]
    named = [
        (index, one) for index, one in enumerate(scene.sentence.mentions) if one.end <= figure.start and not one.whole
    ]
    if not scene.sentence.english or not named or named[-1][1].indicator != "gdp":
        return False
    index, one = named[-1]
    aim = _AIM.search(scene.text, one.start, one.end) is not None
    if not aim or _OF_SO_MUCH.fullmatch(scene.text, one.end, figure.start) is None:
        return False
    draft(scene, at, index, "gdp", growth=figure.value)
    return True


_AIM = re.compile(r"(?:target|goal|objective)$")
_OF_SO_MUCH = re.compile(r"\s+(?:of|at)\s+(?:(?:about|around|some|nearly|over|more\s+than|at\s+least|roughly)\s+)*")
"""What an aim is called, and what stands between it and its figure."""


def _alone(scene: Scene, said: re.Match[str]) -> bool:
    """Whether nothing that grew is named with the growth."""
    before = scene.text[: said.start()]
    known: list[Stretch] = [*scene.sentence.times, *scene.sentence.regions]
    ends = any(one.end == len(before.rstrip()) for one in known)
    owned = _OWN.search(before) is not None and _FREE.search(before) is None and not ends
    inside = any(said.start() <= one.start < said.end() and not one.whole for one in scene.sentence.mentions)
    return not owned and not inside


def _told(scene: Scene, said: re.Match[str]) -> str:
    """What was told of before: in the sentence, in the one before, or the economy of the place that the growth is in."""
    terms, context = scene.context.words.terms, scene.context
    term = scene.drafts[-1].term if scene.drafts else context.term
    if term in terms and terms[term].unit not in ("pct", "ratio") and "named" not in terms[term].flags:
        return term
    here = any(said.start() <= one.start < said.end() for one in scene.sentence.regions)
    return "gdp" if here and not term and context.main in _ECONOMY else ""


def _timed(scene: Scene, low: int, high: int) -> bool:
    """Whether a time of its own stands with a growth."""
    after = scene.text[high : high + _NEAR]
    behind = any(high <= when.start < high + _NEAR for when, days in scene.spans if days is not None)
    before = any(when.end <= high for when, days in scene.spans if days is not None and (low <= when.start or not low))
    return before or behind or "year on year" in after or "year-on-year" in after


_NEAR = 24
"""Signs behind a growth within which its time begins."""


def with_so_much(scene: Scene, at: int) -> bool:
    """Whether an English percentage is a growth because growths were told before: investment in industry was the main
    support, with 12.6 percent; its neighbour Gansu managed 6.3 percent; drafts it.
    """
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    grew = last.growth is not None if last is not None else scene.context.grew
    if not scene.sentence.english or not grew or at in scene.pairs or at in scene.places:
        return False
    low = scene.previous_end(figure)
    inside = [
        (index, one)
        for index, one in enumerate(scene.sentence.mentions)
        if low <= one.start and one.end <= figure.start
    ]
    if len(inside) == 1 and not inside[0][1].whole and _WITH.match(scene.text, inside[0][1].end, figure.start):
        index, one = inside[0]
        terms = scene.context.words.terms
        if one.indicator not in terms or terms[one.indicator].unit == "pct" or one.foreign:
            return False
        draft(scene, at, index, one.indicator, growth=figure.value)
        return True
    return not inside and last is None and _of_a_place(scene, at, low)


_WITH = re.compile(
    r"(?:(?!\b(?:share|proportion|accounted|accounting|penetration|rate|ratio|coverage)\b)[^.;\d]){0,70}?(?:\bwith|,\s+at|\bmanaged|\bfollowed\s+at)\s+(?:(?:an?|about|only|just|almost|nearly|over|even|plus|another)\s+)*$"
)
"""Between what grew and by how much, where that is not said to be a growth."""


def _of_a_place(scene: Scene, at: int, low: int) -> bool:
    """Whether a sentence that opens with a place and how much that managed goes on from the growth of another."""
    figure, term = scene.sentence.amounts[at], scene.context.term
    seen = next(
        (one for one in scene.sentence.regions if low <= one.start and one.end <= figure.start and one.region), None
    )
    if seen is None or term not in scene.context.words.terms or low:
        return False
    managed = _MANAGED.fullmatch(scene.text, seen.end, figure.start)
    if _OPENS.fullmatch(scene.text, 0, seen.start) is None or managed is None:
        return False
    draft(scene, at, None, term, growth=-abs(figure.value) if managed["fell"] else figure.value)
    return True


def of_what_it_has(scene: Scene, at: int) -> bool:
    """Whether an English sentence opens with a place that owns what was just told to have grown; drafts the growth of it:
    Wuhan's software revenue grew 12 percent. Yichang's grew 9 percent.
    """
    figure, context = scene.sentence.amounts[at], scene.context
    seen = scene.sentence.regions[0] if scene.sentence.english and scene.sentence.regions else None
    if seen is None or not seen.region or not context.grew or context.term not in context.words.terms:
        return False
    own = _ITS_OWN.fullmatch(scene.text, seen.end, figure.start)
    if own is None or scene.text[: seen.start].strip():
        return False
    draft(scene, at, None, context.term, growth=-abs(figure.value) if own["fell"] else figure.value)
    return True


def of_its_economy(scene: Scene, at: int) -> bool:
    """Whether an English place itself is said to have grown, in a text on the economy: Changchun, home to …, expanded 6.2
    percent; drafts the growth of its GDP.
    """
    figure = scene.sentence.amounts[at]
    low = scene.previous_end(figure)
    inside = [one for one in scene.sentence.regions if low <= one.start and one.end <= figure.start]
    if (
        not scene.sentence.english
        or not (scene.context.main == "gdp" or (not scene.context.main and not scene.context.term))
        or not inside
        or at in scene.pairs
        or at in scene.places
    ):
        return False
    if any(inside[-1].end <= one.start < figure.start and not one.whole for one in scene.sentence.mentions):
        return False
    grew = _EXPANDED.fullmatch(scene.text, inside[-1].end, figure.start)
    if any(
        one.end <= inside[-1].start and _OF_IT.fullmatch(scene.text, one.end, inside[-1].start)
        for one in scene.sentence.mentions
    ):
        return False  # retail sales of the region grew
    if grew is None or scene.cues.aims.search(scene.text, 0, figure.start):
        return False
    draft(scene, at, None, "gdp", growth=-abs(figure.value) if grew["fell"] else figure.value)
    return True


_OF_IT = re.compile(r"\s+(?:of|in|across|for)\s+(?:the\s+)?")
"""Between what grew and the place that it is of."""
_EXPANDED = re.compile(
    r"(?:,[^,;.]{3,70},)?\s+(?:expanded|grew|(?P<fell>shrank|contracted))\s+(?:by\s+)?(?:(?:only|just|about|even|a\s+mere|an?|nearly|over|some)\s+)*"
)
"""Between a place and the growth of its economy."""


_ITS_OWN = re.compile(
    r"'s?\s+(?:own\s+)?(?:(?:grew|rose|climbed|expanded|gained|increased|advanced|was\s+up|were\s+up|jumped|surged)|(?P<fell>fell|dropped|declined|shrank|slipped|was\s+down|were\s+down))"
    r"\s+(?:by\s+)?(?:(?:only|just|about|even|a\s+mere|an?|nearly|over|some)\s+)*"
)
"""Between a place and the growth of what it has of what was just told: Wuhan's grew 15.5 percent."""
_OPENS = re.compile(
    r"\s*(?:(?:its|the|in|next-door|nearby|neighbou?ring|neighbou?r|by\s+contrast|in\s+contrast|meanwhile|and|but|only|even),?\s+)*"
)
"""Before the place that a sentence opens with."""
_MANAGED = re.compile(
    r"(?:(?:,[^,;.\d]{3,50},)?\s+(?:managed|recorded|posted|reported|followed\s+with|came\s+(?:next|second|third)\s+with|had|saw|achieved|did\s+better,?\s+with|only\s+managed|followed,?\s+(?:with|at))"
    r"|\s+(?:average|mean|rate|figure|pace|growth(?:\s+rate)?)\s+(?:was|is|stood\s+at|came\s+to))"
    r"\s+(?:(?:only|just|about|even|a\s+mere|an?|nearly|over|some)\s+)*"
    r"(?:(?:[a-z-]+\s+)?(?:rise|gain|increase|growth(?:\s+rate)?|expansion|(?P<fell>fall|drop|decline|decrease|contraction))\s+of\s+(?:(?:only|just|about|nearly|over|some)\s+)*)?"
)
"""Between a place and its growth: Gansu managed 6.3 percent, the national average was 5.2 percent."""
