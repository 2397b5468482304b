"""Two that grew alike, of which English tells one growth: both A and B rose by over 20 percent; a rise of 7 percent in A and
in B.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.quantities import Quantity


def other_of_two(scene: Scene, figure: Quantity, index: int) -> int | None:
    """The other of two that have a growth together, of which one is known; None where there is none."""
    other = _both(scene, index)
    return other if other is not None else _and_another(scene, figure, index)


def _both(scene: Scene, index: int) -> int | None:
    """The first of two that grew alike: both A and B rose by over 20 percent."""
    if not index or scene.sentence.mentions[index - 1].whole:
        return None
    first, second = scene.sentence.mentions[index - 1], scene.sentence.mentions[index]
    joined = re.fullmatch(r"\s+(?:services\s+)?and\s+(?:in\s+)?(?:the\s+)?", scene.text[first.end : second.start])
    said = re.search(r"\bboth\s+(?:the\s+)?$", scene.text[: first.start])
    known = first.indicator in scene.context.words.terms
    return index - 1 if joined and said and known else None


def _and_another(scene: Scene, figure: Quantity, index: int) -> int | None:
    """The second of two behind one English growth that is that of both: a rise of 7 percent in A and in B."""
    one = scene.sentence.mentions[index]
    behind = [at for at, seen in enumerate(scene.sentence.mentions) if seen.start >= one.end]
    if not scene.sentence.english or one.start < figure.end or not behind:
        return None
    second = scene.sentence.mentions[behind[0]]
    joined = _AND_IN.fullmatch(scene.text, one.end, second.start) and _ENDS.match(scene.text, second.end)
    known = second.indicator in scene.context.words.terms and not second.whole
    return behind[0] if joined and known and _RISE_IN.fullmatch(scene.text, figure.end, one.start) else None


_RISE_IN = re.compile(r"\s+(?:(?:growth|increase|rise|gain|drop|fall|decline)\s+)?in\s+(?:(?:the|its|both)\s+)?")
_AND_IN = re.compile(r",?\s+and\s+(?:in\s+)?(?:(?:the|its)\s+)?")
_ENDS = re.compile(r"\s*(?:[.;]|$)")
"""Between a growth and the first of two that have it, between these, and behind the second."""
