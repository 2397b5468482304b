"""Shares: of the figure just read, or of an indicator without a level."""

from __future__ import annotations

import re

from xisuan.indicators import placing
from xisuan.indicators.drafting import draft
from xisuan.indicators.growths import clause_of, same_time
from xisuan.indicators.quantities import Quantity
from xisuan.indicators.scene import Draft, Scene, Told
from xisuan.indicators.tokens import Mention, Stretch
from xisuan.indicators.vocabulary import MONEY

_NOT_NAMED = "of regions that are not named"
"""Why a level was left over whose share is left with it: 五省合计收入38769亿元,占全国的70.3%."""


def share_of(scene: Scene, at: int, ratio: Told | None) -> None:
    """Give a share to the figure it is of, or to an indicator without a level."""
    figure, terms = scene.sentence.amounts[at], scene.context.words.terms
    if ratio is not None and ratio[0] is not None and terms[ratio[1]].unit == "pct":
        draft(scene, at, ratio[0], ratio[1], value=figure.value, unit="pct")
        return
    if any(scene.cues.of_the_world.search(part) for part in (scene.rest(figure), scene.segment(figure))):
        scene.leave(figure, "a share of the world's, not of a whole of the vocabulary")
        return
    if scene.sentence.english and _of_a_level_left(scene, at):
        scene.leave(figure, "a share of something that is not in the vocabulary")
        return
    before_it = scene.sentence.amounts[at - 1] if at else None
    left = any(one is before_it and why == _NOT_NAMED for one, why in scene.unplaced)
    if left or placing.of_several(scene, figure):
        scene.leave(figure, _NOT_NAMED)
        return
    last = scene.drafts[-1] if scene.drafts else None
    if last is not None and last.at == at - 1 and last.share is None and last.value is not None:
        gap = (scene.sentence.amounts[at - 1].end, figure.start)
        if not any(gap[0] <= seen.start < gap[1] and not seen.whole for seen in scene.sentence.mentions):
            _beside_a_level(scene, at, last)
            return
    before = [
        (index, seen)
        for index, seen in enumerate(scene.sentence.mentions)
        if seen.end <= figure.start and not seen.whole
    ]
    if before and _of_something_else(scene, figure, before[-1][1]):
        scene.leave(figure, "a share of something that is not in the vocabulary")
        return
    if before:
        index, seen = before[-1]
        held = next((one for one in reversed(scene.drafts) if one.mention == index), None)
        if held is not None and held.share is None and same_time(scene, held, figure) and at not in scene.places:
            _beside_a_level(scene, at, held)
            return
        term = terms.get(seen.indicator)
        named = scene.context.words.by_measure.get((term.family, "share")) if term else None
        if named and not _of_its_whole(scene, figure, named):
            named = None
        if term and "named" in term.flags and not _whole_said(scene, figure):
            scene.leave(figure, "a share of something that is not in the vocabulary")
            return
        if term and term.unit not in MONEY and scene.cues.of_money.match(scene.rest(figure)):
            scene.leave(figure, "a share of money; what is counted is none")
            return
        if term and term.kind != "ratio":
            if named:
                draft(scene, at, index, named, value=figure.value, unit="pct")
            else:
                draft(scene, at, index, seen.indicator, share=figure.value)
            return
    after = [one for one in scene.sentence.mentions if one.start >= figure.end and one.start - figure.end < 40]
    whole = scene.cues.whole_after.match(scene.rest(figure))
    if scene.drafts and scene.drafts[-1].share is None:
        scene.drafts[-1].share = figure.value
    elif scene.context.term and not after and (whole or scene.part) and not _of_others(scene, figure):
        draft(scene, at, None, scene.context.term, share=figure.value)
    else:
        scene.leave(figure, "a share of something that is not in the vocabulary")


_OF_THE_TOTAL = re.compile(r"\s*of\s+(?:the|this|that)\s+total\b")
"""Behind a percentage of what was told before it in its sentence."""


def _beside_a_level(scene: Scene, at: int, last: Draft) -> None:
    """A share right behind the level that it is of: a figure of its own where the vocabulary has the share of GDP."""
    terms, figure = scene.context.words.terms, scene.sentence.amounts[at]
    name = scene.context.words.by_measure.get((terms[last.term].family, "share")) if last.term in terms else None
    if name and "of=gdp" in terms[name].flags and scene.cues.of_gdp.search(clause_of(scene, figure)):
        draft(scene, at, last.mention, name, value=figure.value, unit="pct")
    else:
        last.share = figure.value


def _whole_said(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese clause names a whole that is known beside a share: 占全市的60%, not 占其六成以上运营成本."""
    clause = clause_of(scene, figure)
    if scene.sentence.english or any(one.whole for one in scene.sentence.mentions):
        return True
    return scene.cues.of_a_place.search(clause) is not None


def _of_something_else(scene: Scene, figure: Quantity, before: Mention) -> bool:
    """Whether a share is said to be of something that nobody knows: the proportion of the segment in the industry."""
    said = scene.cues.own_share.search(scene.text, before.end, figure.start)
    if said is None or scene.cues.of_nothing_else.match(said["what"]):
        return False
    known: list[Stretch] = [*scene.sentence.mentions, *scene.sentence.regions, *scene.sentence.times]
    return not any(one.start < said.end("what") and one.end > said.start("what") for one in known)


def _of_a_level_left(scene: Scene, at: int) -> bool:
    """Whether a share stands behind a level, and at most its growth, that was left over, with nothing named between."""
    amounts = scene.sentence.amounts
    left = {one.start for one, _ in scene.unplaced}
    before = at - 1
    while before >= 0 and amounts[before].unit in ("pct", "pp") and amounts[before].start in left:
        before -= 1
    if before < 0 or before == at or amounts[before].start not in left or amounts[before].unit in ("pct", "pp", "fold"):
        return False
    start, end = amounts[before].end, amounts[at].start
    return not any(start <= one.start < end and not one.whole for one in scene.sentence.mentions)


def _of_others(scene: Scene, figure: Quantity) -> bool:
    """Whether an English clause has a subject of its own: newer lines made up 26 percent of the total."""
    said = scene.cues.shares.search(scene.segment(figure)) if scene.sentence.english else None
    lead = scene.segment(figure)[: said.start()] if said else ""
    return bool(
        said
        and not scene.part
        and re.search(r"\b[a-z-]{3,}s\b", re.sub(r"\b(?:this|these|those|was|its|as|has|which is)\b", "", lead))
    )


def _of_its_whole(scene: Scene, figure: Quantity, ratio: str) -> bool:
    """Whether a share is one of what its indicator is a share of: `of=gdp`, or `of=` the industry of the whole."""
    terms = scene.context.words.terms
    of = next((flag[3:] for flag in terms[ratio].flags if flag.startswith("of=")), "")
    if of == "gdp":
        clause = clause_of(scene, figure)
        told = any(one.indicator == "gdp" and one.end <= figure.start for one in scene.sentence.mentions)
        if told and _OF_THE_TOTAL.match(scene.text, figure.end):
            return True
        return bool(scene.cues.of_gdp.search(clause)) or scene.cues.of_a_whole.search(clause) is None
    wholes = [one.indicator for one in scene.sentence.mentions if one.whole]
    return not of or any(name in terms and terms[name].family == of for name in wholes)
