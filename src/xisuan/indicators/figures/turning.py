"""To which place a text turns: the one that a sentence without a figure has for its subject, not one that it names in
passing, as where somebody opened something, or is to be supported.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures import placing
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.tokens import Where

_PASSING = re.compile(
    r"\b(?:at|from|with|to|by|near|between|via|through|into|onto|for|against|like|unlike|than|towards?|around|outside|beyond"
    r"|visit\w*|leav\w*|reach\w*|bound\s+for|of)\s+(?:the\s+|nearby\s+|neighbou?ring\s+|its\s+|our\s+|far-off\s+|distant\s+)*$"
)
"""Before a place that a sentence only names in passing."""
_KIND_OF = re.compile(
    r"^\W*(?:the|in\s+the)\s+(?:[\w-]+\s+){0,3}(?:city|province|region|municipality|prefecture|area|hub)\s+of\s+$"
)
"""What a sentence opens with before the name of the place that it is about: the coastal city of Haikou."""
_HEADS = re.compile(
    r"^\W*(?:main\s+|key\s+|chief\s+|expected\s+)?(?:goals|targets|aims|objectives|tasks|plans|figures|results|indicators|numbers)\s+(?:of|for|in)\s+(?:the\s+)?(?:city\s+of\s+)?$"
)
"""What a heading opens with before the place that it is about: goals of Guiyang for 2025."""
_OURS = re.compile(r"\W*(?:its|their|his|her|our)\s")
"""What a sentence opens with that goes on about the place of the one before: its partners are in Hangzhou."""
_WITHIN = re.compile(r"\bin\s+(?:the\s+)?(?:[\w-]+\s+){0,2}$")
"""Before a place in which something is."""
_HAPPENS = re.compile(
    r"\b(?:we|i|will|open\w*|built|build\w*|launch\w*|broke|beg[au]n|start\w*|sign\w*|held|hosted|inaugurat\w*|is\s+to|are\s+to"
    r"|plan\w*|went\s+up|set\s+up|switch\w*|announc\w*|clos\w*|bought|hired?|moved|visited|met)\b"
)
"""That something happened in a place, of which the text goes on to tell nothing."""


_BEFORE_A_SUBJECT = re.compile(
    r"(?:.{0,16}[,，:：])?\s*(?:[\"“(（]|在|据|从|近年来|目前|当前|同时|此外|作为|如今|今年|去年|来到|聚焦|走进)*\s*"
)
"""What may stand before the place that a Chinese sentence is about, but for times."""

_POINTS = re.compile(r"(?:是|看|到|数|推)$")
_ENDS = re.compile(r"[\u4e00-\u9fff]{0,2}[。.!！:：\s]*")
"""Around a place to which a Chinese sentence points at its end: 值得注意的是庆阳。"""


def turned_to(scene: Scene) -> str:
    """The place that what follows a sentence without a figure is about: the first that is its subject; blank where it turns
    to none.
    """
    if scene.sentence.english and scene.cues.firm_subject.match(scene.text):
        return ""
    for one in scene.sentence.regions:
        opens = one.local in _KINDS and scene.sentence.english and not scene.text[: one.start].strip()
        if opens and (meant := placing.of_its_kind(scene, one)):
            return meant
        if one.region and not one.local and _is_subject(scene, one):
            return one.region
    return ""


def ends_in_its_province(scene: Scene) -> str:
    """The province of the city that a text is on, where an English sentence without a figure ends in it: the pandemic has
    not spared the inland province. Blank where it does not.
    """
    context, last = scene.context, scene.sentence.regions[-1] if scene.sentence.regions else None
    if last is None or last.local != "province" or re.search(r"[a-z]", scene.text[last.end :]):
        return ""
    meant = placing.of_its_kind(scene, last)
    return meant if meant in context.words.within(context.region)[1:] and meant != context.words.nation else ""


_KINDS = ("province", "city")
"""Kinds of places with which an English sentence opens that is about one of them: the city on the edge of the desert."""


def _begins(scene: Scene, seen: Where) -> int:
    """Where the list of places begins that a place stands in, all of which are named in passing where the first is: next
    to Guizhou or Inner Mongolia.
    """
    at = seen.start
    for one in reversed(scene.sentence.regions):
        if one.end <= at and _LISTED.fullmatch(scene.text, one.end, at) is not None:
            at = one.start
    return at


_LISTED = re.compile(r",\s+(?:and\s+|or\s+)?|\s+(?:and|or|nor)\s+")
"""Between two places of a list."""


def _is_subject(scene: Scene, seen: Where) -> bool:
    """Whether a sentence is about a place that it names."""
    if not scene.sentence.english:
        pointed = _POINTS.search(scene.text, 0, seen.start) and _ENDS.fullmatch(scene.text, seen.end)
        return bool(pointed) or _BEFORE_A_SUBJECT.fullmatch(scene.untimed(0, seen.start)) is not None
    before = scene.text[: _begins(scene, seen)]
    if _KIND_OF.search(before) or _HEADS.match(before):
        return True
    if (
        _OURS.match(before)
        or _PASSING.search(before)
        or scene.cues.takes_an_object.search(scene.untimed(0, len(before)))
    ):
        return False
    return _WITHIN.search(before) is None or _HAPPENS.search(scene.text) is None
