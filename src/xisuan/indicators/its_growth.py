"""English percentages told as `growth` alone, of what was told before: in the second quarter growth was 6.3 percent; growth
in Hubei was 5.7 percent.
"""

from __future__ import annotations

import re

from xisuan.indicators.drafting import draft
from xisuan.indicators.scene import Scene
from xisuan.indicators.tokens import Stretch

_GROWTH = re.compile(
    r"\b(?:the\s+)?(?P<what>growth(?:\s+rate)?|rate\s+of\s+(?:growth|expansion)|pace\s+of\s+(?:growth|expansion)|gain|expansion)(?P<gap>[^.;\d]{0,60}?)"
    r"\b(?:was|had\s+been|stood\s+at|came\s+(?:to|in\s+at)|reached|slowed\s+to|eased\s+to|quickened\s+to|picked\s+up\s+to|accelerated\s+to|cooled\s+to|at|to)\s+"
    r"(?:(?:about|only|just|a\s+mere|nearly|almost|a\s+robust|a\s+solid|still|even)\s+)*$"
)
"""What says that a percentage is the growth of what was told before."""
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
    if not term or not (_timed(scene, low, figure.end) or any(low <= one.start for one in scene.sentence.regions)):
        return False
    draft(scene, at, None, term, growth=-abs(figure.value) if figure.value < 0 else figure.value)
    return True


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
