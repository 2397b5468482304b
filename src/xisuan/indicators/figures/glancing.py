"""A part of a place at which an English text only glances: how much of what was just told of the whole that part has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.figures.scene import Draft, Scene
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.sentence import Sentence


def glanced_from(scene: Scene, drafts: Sequence[Draft]) -> str:
    """The whole from which a sentence only glances at a part of it: Henan had 211,500 stations. Zhengzhou had 43,600;
    blank where it tells of anything else than what was just told of the whole, or the text is about the part.
    """
    context, within = scene.context, scene.context.words.within
    if not scene.sentence.english or not drafts or context.home not in within(context.region):
        return ""
    parts = all(one.region != context.region and context.region in within(one.region) for one in drafts)
    same = all(one.term == context.term and one.mention is None for one in drafts)
    return context.region if parts and same else ""


def passed_by(scene: Scene, before: str) -> str:
    """The whole told `before`, where a sentence tells of a part of it only figures of nothing named, all of which were left
    over: Kunming accounted for 62 percent; blank for anything else.
    """
    context = scene.context
    part = before != context.region and before in context.words.within(context.region)
    named = any(not one.whole for one in scene.sentence.mentions)
    here = scene.sentence.english and scene.sentence.amounts and context.home in context.words.within(before)
    return before if here and part and not named else ""


def last_of_the_whole(scene: Scene, drafts: Sequence[Draft]) -> str:
    """The region with which a sentence ends as a whole, behind a part of it: Horinger has 96, and the region as a whole 134
    EFLOPS; blank for anything else.
    """
    last, within = drafts[-1].region, scene.context.words.within
    wider = last != drafts[0].region and last in within(drafts[0].region) and last != scene.context.words.nation
    return last if wider and scene.sentence.english and _AS_A_WHOLE.search(scene.text) else ""


_AS_A_WHOLE = re.compile(r"\b(?:as\s+a\s+whole|in\s+all|the\s+(?:whole|entire)\s+(?:province|region|city))\b")
"""That something is told of all of a place."""


def is_wider(context: Context, here: str) -> bool:
    """Whether a place holds the one that a text is about, and is not the nation."""
    return here != context.words.nation and here in context.words.within(context.home)[1:]


def look_back_at_the_whole(sentence: Sentence, context: Context) -> None:
    """Go back to the whole, where the sentence behind such a glance names an indicator and goes on about no place."""
    if not sentence.amounts or not context.whole_told:
        return
    named = any(not one.whole for one in sentence.mentions)
    if named and not sentence.regions and _GOES_ON.match(sentence.text) is None:
        context.region = context.whole_told
    context.whole_told = ""


_GOES_ON = re.compile(r"\W*(?:\w+\W+){0,4}?(?:it|its|they|their|there|these|those|that|this)\b")
"""What a sentence opens with that goes on about the part."""
