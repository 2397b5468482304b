"""To which place an English text turns: the one that a sentence without a figure has for its subject, not one that it
names in passing, as where somebody opened something.
"""

from __future__ import annotations

import re

from xisuan.indicators.scene import Scene
from xisuan.indicators.tokens import Where

_PASSING = re.compile(
    r"\b(?:at|from|with|to|by|near|between|via|through|into|onto|for|against|like|unlike|than|towards?|around|outside|beyond"
    r"|visit\w*|leav\w*|reach\w*|bound\s+for|of)\s+(?:the\s+|nearby\s+|neighbou?ring\s+|its\s+|our\s+|far-off\s+|distant\s+)*$"
)
"""Before a place that a sentence only names in passing."""
_WITHIN = re.compile(r"\bin\s+(?:the\s+)?(?:[\w-]+\s+){0,2}$")
"""Before a place in which something is."""
_HAPPENS = re.compile(
    r"\b(?:we|i|will|open\w*|built|build\w*|launch\w*|broke|beg[au]n|start\w*|sign\w*|held|hosted|inaugurat\w*|is\s+to|are\s+to"
    r"|plan\w*|went\s+up|set\s+up|switch\w*|announc\w*|clos\w*|bought|hired?|moved|visited|met)\b"
)
"""That something happened in a place, of which the text goes on to tell nothing."""


def turned_to(scene: Scene) -> str:
    """The place that what follows a sentence without a figure is about: the first that it names, in English as its subject;
    blank where it turns to none.
    """
    named = [one for one in scene.sentence.regions if one.region and not one.local]
    subjects = [one for one in named if not scene.sentence.english or _is_subject(scene, one)]
    return subjects[0].region if subjects else ""


def _is_subject(scene: Scene, seen: Where) -> bool:
    """Whether an English sentence is about a place that it names."""
    before = scene.text[: seen.start]
    if _PASSING.search(before):
        return False
    return _WITHIN.search(before) is None or _HAPPENS.search(scene.text) is None
