"""English percentages by which places aim to grow, where only the text says that growth of the economy is meant: Hubei and
Anhui are aiming for 6 and 5.5 percent; Tibet's target, at above 7 percent; Gansu's is 5.5 percent.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.scene import Scene

_MOST = 20.0
"""Percent above which no economy aims to grow."""
_ABOUT = (
    r"(?:(?:about|around|roughly|some|nearly|over|above|more\s+than|at\s+least|no\s+less\s+than|just|only|an?|of|at)"
    r"\s+)*"
)
_AIM = r"(?:growth\s+|gdp\s+|economic\s+|annual\s+|official\s+|own\s+|new\s+)*(?:targets?|goals?|objectives?|aims?)"
_WHEN = r"(?:\s+(?:for|this|next|set)\b[^,;.%]{0,24}?)?"
_SETS = re.compile(
    rf"\b(?:(?:has|have|had)\s+)?(?:sets?|setting|announc\w+|adopt\w+|fix\w+|kept|keeps|lower\w+|rais\w+|cut|chose|chosen|released|unveiled)\s+"
    rf"(?:(?:an?|its|their|the|similar|identical)\s+)*{_AIM}{_WHEN}\s+{_ABOUT}$"
    r"|\b(?:(?:is|are)\s+)?(?:aim(?:s|ing)?|shoot(?:s|ing)?|hop(?:es|ing)|go(?:es|ing)|striv(?:es|ing)|push(?:es|ing))\s+(?:for|at)\s+"
    rf"{_ABOUT}$|\b(?:(?:is|are)\s+)?(?:target(?:s|ing)?|seek(?:s|ing)?|ey(?:es|eing)|want(?:s)?|pencill?ed\s+in)\s+{_ABOUT}$"
)
"""What leads from places to the growth that they aim at."""
_OWN_AIM = re.compile(
    rf"(?:\b(?:the|its|their)|'s?)\s+{_AIM}{_WHEN}\s*,?\s+(?:(?:is|was|are|remains|stays|stands|set|again|still|also|unchanged)\s+)*(?:(?:of|at|to\s+be)\s+)?{_ABOUT}$"
)
"""From whose aim it is to the growth aimed at."""
_GOES_ON = re.compile(
    r"(?:^|[,;]\s+|\band\s+|\bwhile\s+)\W*(?:that\s+of\s+[a-z' -]{3,30}?|[a-z' -]{3,30}?'s?),?\s+"
    rf"(?:(?:is|was|one\s+of|at)\s+)*{_ABOUT}$"
)
"""From the next place to its aim, behind that of another."""
_OF_SOMETHING = re.compile(
    r"\s*(?:growth\s+|rise\s+|increase\s+)?(?:in|of)\s+(?!(?:gdp|the\s+economy|20\d\d|this|next|the\s+year))[a-z]"
)
"""Behind an aim that is one of something else."""


def of_the_economy_of_places(scene: Scene, at: int) -> bool:
    """Whether an English percentage is the growth of its economy that a place aims at, in a text on growth; drafts it."""
    figure = scene.sentence.amounts[at]
    first = at
    while first in scene.places and first - 1 in scene.places:
        first -= 1
    head = scene.sentence.amounts[first]
    low = scene.previous_end(head)
    named = any(low <= one.start < figure.start and not one.whole for one in scene.sentence.mentions)
    if not scene.sentence.english or figure.value > _MOST or named or at in scene.pairs or not _on_growth(scene):
        return False
    if _OF_SOMETHING.match(scene.text, figure.end) or not _of_a_place(scene, at, low):
        return False
    lead = scene.text[low : head.start]
    if not (_SETS.search(lead) or _OWN_AIM.search(lead) or (_after_an_aim(scene) and _GOES_ON.search(lead))):
        return False
    drafts = len(scene.drafts)
    draft(scene, at, None, "gdp", growth=figure.value)
    for one in scene.drafts[drafts:]:
        one.status, one.doubt = "target", ()  # the words that lead to it have all been read
    return True


def _on_growth(scene: Scene) -> bool:
    """Whether a text is on the growth of economies: that is what it opened with or is spoken of, and no aim of anything else
    was told last.
    """
    context = scene.context
    told = scene.drafts[-1].term if scene.drafts else context.term
    aimed = scene.drafts[-1].status if scene.drafts else context.status
    opened = context.main or next(iter(context.earlier), "")
    if opened not in ("", "gdp") or (told not in ("", "gdp") and (aimed == "target" or not opened)):
        return False
    return told == "gdp" or opened == "gdp" or "growth" in scene.text


def _of_a_place(scene: Scene, at: int, low: int) -> bool:
    """Whether a place, or what stands for one, leads to a figure."""
    if at in scene.places:
        return True
    ahead = [one for one in scene.sentence.regions if low <= one.start < scene.sentence.amounts[at].start]
    told = scene.drafts[-1].term if scene.drafts else scene.context.term
    if told not in ("", "gdp") and not any(one.region and not one.local for one in ahead):
        return "growth" in scene.text[low : scene.sentence.amounts[at].start]
    if len(ahead) > 1 and scene.cues.joined.fullmatch(scene.text, ahead[-2].end, ahead[-1].start):
        return False  # of several, which no list of figures follows
    if ahead:
        return True
    lead = scene.text[low : scene.sentence.amounts[at].start]
    return re.search(r"\b(?:it|they|its|their|the\s+(?:target|goal)|and)\b", lead) is not None


def _after_an_aim(scene: Scene) -> bool:
    """Whether the growth told last was one that a place aims at."""
    if scene.drafts:
        return scene.drafts[-1].term == "gdp" and scene.drafts[-1].status == "target"
    return scene.context.term == "gdp" and scene.context.status == "target" and scene.context.grew
