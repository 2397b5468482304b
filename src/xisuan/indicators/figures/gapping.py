"""English percentages whose verb stands with another before them: A rose by 5 percent, B by 7 and C by 9 percent; …, led by
A (12.4 percent) and B (9.7 percent).
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.scene import Scene


def bracketed(scene: Scene, at: int) -> bool:
    """Whether an English percentage stands alone in brackets behind an indicator, in a sentence that told a growth or share
    of another: …, led by A (12.4 percent) and B (9.7 percent); drafts it as the same.
    """
    figure, told = (
        scene.sentence.amounts[at],
        [one for one in scene.drafts if one.share is not None or one.growth is not None],
    )
    opens = scene.cues.opens_bracket.search(scene.text, 0, figure.start)
    if _of_a_part(scene, at):
        return True
    if opens is None or not told or scene.cues.closes_bracket.match(scene.text, figure.end) is None:
        return False
    index = next(
        (at for at, one in enumerate(scene.sentence.mentions) if one.end == opens.start() and not one.whole), None
    )
    if index is None or any(one.mention == index for one in scene.drafts):
        return False
    name = scene.sentence.mentions[index].indicator
    if name not in scene.context.words.terms or scene.context.words.terms[name].unit == "pct":
        return False
    if told[-1].share is not None:
        draft(scene, at, index, name, share=figure.value)
    else:
        falls = scene.cues.falls.search(opens["said"] or "") or (told[-1].growth or 0.0) < 0.0
        draft(scene, at, index, name, growth=-abs(figure.value) if falls and figure.value > 0 else figure.value)
    return True


def _of_a_part(scene: Scene, at: int) -> bool:
    """Whether an English percentage without a sign stands alone in brackets behind so many of what was told, whose share it
    is: of these, 10.2 million (27.9 percent) had fast lines.
    """
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or last.value is None or last.share is not None or last.unit == "pct":
        return False
    before = scene.sentence.amounts[last.at]
    alone = _BRACKET.fullmatch(scene.text, before.end, figure.start) and scene.cues.closes_bracket.match(
        scene.text, figure.end
    )
    if not alone or _PART.search(scene.text, 0, before.start) is None or figure.value <= 0.0:
        return False
    last.share = figure.value
    return True


_BRACKET = re.compile(r"[^,.;:()\d]{0,40}\(\s*(?:about\s+|some\s+|over\s+|nearly\s+)?")
_PART = re.compile(r"\b(?:of|among)\s+(?:which|whom|these|them|those|this|the\s+\d)")
"""Between a level and its share in brackets, and before so many of what was told."""


def gapped(scene: Scene, at: int) -> bool:
    """Whether a percentage goes on from the growth or share just read, of another thing and without its verb: A rose by 5
    percent, B by 7 and C by 9 percent; A accounted for 60 percent of it and B for 28 percent; drafts it.
    """
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.at not in (at - 1, at - 2) or at in scene.pairs or at in scene.places:
        return False
    before, figure = scene.sentence.amounts[at - 1], scene.sentence.amounts[at]
    inside = [
        (index, one)
        for index, one in enumerate(scene.sentence.mentions)
        if before.end <= one.start and one.end <= figure.start and not one.whole
    ]
    level = before.unit != "pct" and last.value is not None and last.growth is not None
    if (
        (before.unit != "pct" and not level)
        or len(inside) != 1
        or inside[0][1].indicator not in scene.context.words.terms
    ):
        return False
    index, one = inside[0]
    if scene.cues.goes_on.fullmatch(scene.untimed(before.end, one.start)) is None:
        return False
    if (
        scene.cues.by_so_much.fullmatch(scene.text, one.end, figure.start) is None
        or scene.context.words.terms[one.indicator].unit == "pct"
    ):
        return False
    if last.share == before.value and last.value is None:
        draft(scene, at, index, one.indicator, share=figure.value)
    elif last.growth is not None and (level or abs(last.growth) == abs(before.value)):
        draft(scene, at, index, one.indicator, growth=figure.value if last.growth >= 0.0 else -abs(figure.value))
    else:
        return False
    return True
