"""Multiples, as the growth of what was just read, unless they are of something else: how many times as much there was, and
words such as doubled.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures import dating
from xisuan.indicators.figures.bases import LONG, OTHER, over
from xisuan.indicators.figures.growths import clause_of, growth_of
from xisuan.indicators.figures.remembering import figure_start, looks_back
from xisuan.indicators.figures.scene import Draft, Scene
from xisuan.indicators.language.quantities import Quantity
from xisuan.text.translation import message as _


def multiple(scene: Scene, at: int) -> None:
    """2.7 times: of the level before (growth 170 %), or more than it (270 %)."""
    figure = scene.sentence.amounts[at]
    if scene.sentence.english and scene.cues.of_the_world.search(clause_of(scene, figure)):
        scene.leave(figure, _("what something is compared with"))
        return
    if (base := over(scene, figure)) in (LONG, OTHER):
        scene.leave(figure, base)
        return
    if scene.cues.several_years.search(clause_of(scene, figure)):
        scene.leave(figure, _("of several years, not of one period"))
        return
    lead, said = scene.segment(figure), scene.text[figure.start : figure.end]
    if scene.cues.grows.search(lead) and not scene.cues.times_of.search(lead):
        fold = scene.sentence.english and "fold" in said
        growth_of(scene, at, (figure.value - fold) * 100.0, "")
    elif _OF_JANUARY.search(lead) or _of_another(scene, figure):
        scene.leave(figure, _("a multiple of something that is not said"))
    elif scene.cues.times_of.search(lead) or scene.cues.times_of.search(scene.text[figure.start : figure.end + 30]):
        growth_of(scene, at, (figure.value - 1.0) * 100.0, "")
    else:
        scene.leave(figure, _("a multiple of something that is not said"))


def _of_another(scene: Scene, figure: Quantity) -> bool:
    """Whether an English multiple is of something else, or of what another place has, which is no growth: 1.6 times the
    number of phone users; three times as many as in Shanxi.
    """
    end = scene.sentence.clause(figure.end)[1] if scene.sentence.english else 0
    last = scene.drafts[-1] if scene.drafts else None
    things = [one.start for one in scene.sentence.mentions if last is not None and one.indicator != last.term]
    here, words = last.region if last is not None else scene.context.region, scene.context.words
    named = words.places_pattern.finditer(scene.text, figure.end)
    places = [one.start() for one in named if words.place(one[0]) != here]
    near = [start for start in (*things, *places) if figure.end <= start < min(end, scene.next_amount(figure))]
    return any(_THAN_OF.fullmatch(scene.text, figure.end, start) is not None for start in near)


_THAN_OF = re.compile(
    r"\s*(?:that|those|(?:the|its|their)\s+(?:number|level|figure|total|size|amount|volume)|(?:the|its|their)\b|as\s+(?:many|much|large|high|big)\s+as(?:\s+(?:that|those))?|(?:more|higher|larger)\s+than)"
    r"(?:\s+(?:of|in|for))?(?:\s+(?:the|its|all|neighbou?ring))*\s+"
)
"""Between a multiple and something else, or another place, that it is of."""
_OF_JANUARY = re.compile(r"年初(?:规模|水平)?的?\D{0,2}$")
"""Before how many times so much there is as when the year began, which is no growth over a year."""


def multiplied(scene: Scene) -> None:
    """Doubled, 翻一番: growth of the figure before it, unless it took several years; else it is left over."""
    for match in (*scene.cues.multiplied.finditer(scene.text), *_TWICE.finditer(scene.text)):
        said = Quantity(*match.span(), 0.0, "fold")
        if any(one.start < said.end and said.start < one.end for one in scene.sentence.amounts):
            continue
        if why := _multiply(scene, said, match):
            scene.leave(said, why)


def _multiply(scene: Scene, said: Quantity, match: re.Match[str]) -> str:
    """Give a multiple in words to the figure whose growth it is; why it is of none, else blank."""
    before = [draft for draft in scene.drafts if scene.sentence.amounts[draft.at].start < said.start]
    if before and (dating.aside(scene, scene.sentence.amounts[before[-1].at]) or looks_back(scene, before[-1])):
        return LONG  # 50亿千瓦时,比2022年的20亿千瓦时翻了一番: over years
    to = _TO_LEVEL.match(scene.text, said.end) if scene.sentence.english else None
    behind = [one for one in scene.drafts if to is not None and figure_start(scene, one) == to.end()]
    draft = next(iter((*behind, *before[-1:])), None)
    grew = next((growth for name, growth in _BY.items() if match.groupdict().get(name)), None)
    if draft is None or draft.value is None or draft.span is None or grew is None:
        return _("a multiple of something that is not said")
    if (base := over(scene, said, draft.span)) or _IN_YEARS.match(scene.text, said.end):
        return base or LONG
    if not behind and _another_between(scene, draft, said):
        return _("growth of something that is not in the vocabulary")
    draft.growth = grew if draft.growth is None else draft.growth
    return ""


def _another_between(scene: Scene, draft: Draft, said: Quantity) -> bool:
    """Whether something else is named between a figure and a multiple in words, so that it is that which was multiplied."""
    end = scene.sentence.amounts[draft.at].end
    return any(
        end <= one.start < said.start and not one.whole and one.indicator != draft.term
        for one in scene.sentence.mentions
    )


_BY = {"half": 50.0, "twice": 100.0, "thrice": 200.0, "four": 300.0}
"""Growths in percent by the groups of a multiple in words."""
_IN_YEARS = re.compile(r"\s+(?:in|over|within|from)\s+(?:\w+\s+)?(?:years|\d)")
"""Behind a multiple that took several years."""
_TWICE = re.compile(
    r"\b(?:twice|thrice|double|triple|quadruple)\s+(?:as\s+(?:much|many|large|high|big)\s+as\b|(?:that|those)\s+(?:of|in)\b|what\s+(?:it|they)\b)"
)
"""A multiple of another level that is told alone."""
_TO_LEVEL = re.compile(r"\s+to\s+(?:about\s+|some\s+|nearly\s+|around\s+)?")
"""Between doubled and the level that it led to."""
