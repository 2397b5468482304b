"""Of what a percentage is the growth: the last indicator before it, or one behind; not what only stands for firms, for a
thing that money goes into, or for a part that nobody knows.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.scene import Scene, Told
from xisuan.indicators.figures.telling import WHICH
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Mention


def subject(scene: Scene, at: int) -> Told | None:
    """Of what a percentage is the growth: the last indicator before it, or the one right after `increase in`."""
    if at in scene.pairs:
        index = scene.pairs[at]
        return index, scene.sentence.mentions[index].indicator
    figure = scene.sentence.amounts[at]
    real = [
        (index, seen) for index, seen in enumerate(scene.sentence.mentions) if not _only_a_whole(scene, seen, figure)
    ]
    if scene.sentence.english:
        after = [(index, seen) for index, seen in real if seen.start >= figure.end]
        if after:
            gap = scene.text[figure.end : after[0][1].start]
            if scene.cues.growth_in.fullmatch(gap) and (told := _measure_behind(scene, figure, after[0])) is not None:
                return told
            if _KIND.fullmatch(gap) and _ITS_GROWTH.match(scene.text, after[0][1].end):
                return after[0][0], after[0][1].indicator
            grew_for = _FOR.fullmatch(gap) and _GROWTH_OF.search(scene.segment(figure))
            if scene.cues.increase_of.match(gap) or scene.cues.more_of.fullmatch(gap) or grew_for:
                return after[0][0], after[0][1].indicator
    before = [(index, seen) for index, seen in real if seen.end <= figure.start]
    if not before:
        return None
    index, seen = before[-1]
    start = max(scene.previous_end(figure), seen.end)
    alone = seen.end >= scene.previous_end(figure) and not _counted_zh(scene, seen)
    if scene.strange(scene.text[start : figure.start], alone) or _of_its_thing(scene, scene.text[start : figure.start]):
        return (None, "?")
    if (
        seen.foreign
        or _only_a_thing(scene, seen)
        or _of_their_own(scene, seen)
        or _something_of_a_branch(scene, seen, figure)
    ):
        return None, "?"
    return index, seen.indicator


_KIND = re.compile(r"\s+(?:(?:year-on-year|on-year|annual|yearly|real|nominal|quarterly)\s+)?")
_ITS_GROWTH = re.compile(
    r"(?<=growth)|\s+(?:growth|expansion|increase|rise|gain|decline|drop|fall|decrease|contraction)\b"
)
"""Between a percentage and what grew by it, and behind that: a 5.9 percent year-on-year GDP growth."""
_GROWTH_OF = re.compile(
    r"\b(?:growth(?:\s+rates?)?|increases?|gains?|rises?)\s+(?:of|at|was|were|reached|came\s+to|stood\s+at)\s+(?:(?:about|some|nearly|over)\s+)*$"
)
_FOR = re.compile(r"\s+for\s+(?:the\s+|its\s+|all\s+)?")
"""Before a growth, and between it and whose it is said to be."""


def _only_a_whole(scene: Scene, seen: Mention, figure: Quantity) -> bool:
    """Whether an indicator is but what a share is a share of, and nothing is told of it behind."""
    told = scene.sentence.english and seen.end <= figure.start and WHICH.match(scene.text, seen.end) is not None
    return seen.whole and not told


def _of_their_own(scene: Scene, seen: Mention) -> bool:
    """Whether English firms are said to have grown, which is no growth of their number unless that is said."""
    if not scene.sentence.english or not seen.indicator.endswith("_firms"):
        return False
    counted = _NUMBER.search(scene.text, 0, seen.start) or _NUMBER_BEHIND.match(scene.text, seen.end)
    return counted is None and not any(one.mention is not None and one.term == seen.indicator for one in scene.drafts)


_NUMBER = re.compile(r"\b(?:number|count|tally|total|ranks|stock)\s+of\s+(?:[\w'-]+\s+){0,5}$")
_NUMBER_BEHIND = re.compile(r"\s+(?:in\s+number|numbered)\b")
"""Where so many firms are counted."""


def _something_of_a_branch(scene: Scene, seen: Mention, figure: Quantity) -> bool:
    """Whether a Chinese branch that is named alone, by which its value added is meant, has something else behind it that
    grew: 高技术制造业引资增长28.8%.
    """
    spec = scene.context.words.terms.get(seen.indicator)
    if scene.sentence.english or spec is None or spec.measure != "value_added":
        return False
    signs = scene.context.words.measures["value_added"]
    if any(sign in scene.text[seen.start : seen.end] for sign in signs):
        return False
    gap = scene.text[seen.end : figure.start]
    return _BREAK.search(gap) is None and len(scene.residue(gap)) > 1


_BREAK = re.compile(r"[,，;；:：、(（]")
"""Behind which the growth of what was said before may be told."""


def _of_its_thing(scene: Scene, gap: str) -> bool:
    """Whether Chinese words behind an indicator say what of it grew, which nobody knows: 软件业使用的站址总量增长."""
    said = gap.rpartition("的")
    return not scene.sentence.english and bool(said[1]) and len(scene.residue(said[2])) > 1


def _counted_zh(scene: Scene, seen: Mention) -> bool:
    """Whether a Chinese indicator is a count, whose growth bears no other words: 电信企业使用的站址增长1.35倍."""
    spec = scene.context.words.terms.get(seen.indicator)
    return not scene.sentence.english and spec is not None and spec.unit == "1"


def _only_a_thing(scene: Scene, seen: Mention) -> bool:
    """Whether an English name of what money goes into stands for no investment: the growth of digital infrastructure."""
    spec, words = scene.context.words.terms.get(seen.indicator), scene.context.words
    if spec is None or spec.measure != "investment" or seen.into or not scene.sentence.english:
        return False
    told = words.terms.get(scene.context.term)
    if told is not None and told.measure == "investment":
        return False  # fixed-asset investment fell 8 percent; real estate development was down 16
    said = scene.text[: seen.end]
    signs = (*(sign for sign in words.measures["investment"] if sign.isascii()), *_SPENT)
    return not any(sign in said for sign in signs)


_SPENT = ("spending", "spent", "outlay")
"""Words for money that goes into something, and for what else is spent."""


def _measure_behind(scene: Scene, figure: Quantity, behind: tuple[int, Mention]) -> Told | None:
    """The indicator of an industry before a growth and its measure behind: software grew 12 percent in revenue. What is
    named behind with an industry of its own is that.
    """
    index, seen = behind
    terms = scene.context.words.terms
    spec = terms.get(seen.indicator)
    measure = seen.indicator[1:] if seen.indicator.startswith("?") else spec.measure if spec else ""
    before = [one for one in scene.sentence.mentions if one.end <= figure.start and not one.whole]
    if not measure or not before:
        return None
    if before[-1].indicator not in terms:
        return (None, "?")
    own = terms[before[-1].indicator]
    apart = spec is not None and ("own" in spec.flags or "generic" not in spec.flags)
    if spec is not None and apart and (spec.family != own.family or (not spec.family and spec is not own)):
        return index, seen.indicator  # industry's value added grew 6 percent, with a 3 percent rise in software revenue
    if own.measure == measure:
        return scene.sentence.mentions.index(before[-1]), before[-1].indicator
    name = scene.context.words.by_measure.get((own.family, measure)) if own.family else None
    return (index, name) if name else None
