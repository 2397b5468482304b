"""Chinese percentages: of the part named behind them, told exactly behind a rough one, of the same in another year."""

from __future__ import annotations

import re

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.vocabulary import key


def among_them(scene: Scene, at: int) -> bool:
    """Whether a Chinese percentage is that of the part behind it in the whole before it: 移动电话用户中,81%为4G用户; drafts
    it.
    """
    figure = scene.sentence.amounts[at]
    of = scene.cues.among_these.search(scene.text, 0, figure.start) if not scene.sentence.english else None
    being = scene.cues.being_zh.match(scene.text, figure.end) if of else None
    mentions = scene.sentence.mentions
    whole = next((one.indicator for one in mentions if of is not None and one.end == of.start()), "")
    part = next((index for index, one in enumerate(mentions) if being and one.start == being.end()), None)
    if part is None or not whole:
        return False
    name = scene.context.words.ratio(mentions[part].indicator, whole)
    more = {"value": figure.value, "unit": "pct"} if name else {"share": figure.value}
    draft(scene, at, part, name or mentions[part].indicator, **more)
    return True


def of_villages_behind(scene: Scene, at: int) -> bool:
    """Whether a Chinese percentage is of the villages behind it that have something: 95%以上的行政村通5G; drafts it."""
    figure, words = scene.sentence.amounts[at], scene.context.words
    found = _VILLAGES.match(scene.text, figure.end) if not scene.sentence.english else None
    name = words.term_words.get(key(f"{found['who']}{found['what']}通达率", words.wording)) if found else None
    if name is None:
        return False
    draft(scene, at, None, name, value=figure.value, unit="pct")
    return True


_VILLAGES = re.compile(
    r"(?:以上|左右)?的?(?P<who>行政村|自然村|乡镇)(?:已经?|均|都|基本|实现|接?通|开通|覆盖|具备|了)+(?P<what>5g|光纤|千兆|4g)"
)
"""Behind a percentage, of which places it is, and what these have."""


def exactly(scene: Scene, at: int, lead: str) -> bool:
    """Whether a Chinese percentage tells exactly what was told roughly right before: 涨了三成,达到30.5%; puts it in place of
    that.
    """
    if scene.sentence.english or not at or not scene.drafts or not scene.cues.but_how_much.fullmatch(lead):
        return False
    rough, figure, last = scene.sentence.amounts[at - 1], scene.sentence.amounts[at], scene.drafts[-1]
    vague = rough.unit == "pct" and (rough.bound is not None or "成" in scene.text[rough.start : rough.end])
    if not vague or abs(abs(rough.value) - abs(figure.value)) > _ROUGH:
        return False
    for name in ("growth", "value", "share"):
        said = getattr(last, name)
        if said is not None and abs(said) == abs(rough.value) and (name != "value" or last.unit == "pct"):
            setattr(last, name, -abs(figure.value) if said < 0 else figure.value)
            last.bound = figure.bound if last.at == at - 1 else last.bound
            return True
    return False


_ROUGH = 5.0
"""Points within which a percentage is told roughly."""


def again_in_a_year(scene: Scene, at: int) -> bool:
    """Whether a Chinese percentage is the same share of another year: …占比为39%,2020年超过55%; drafts it."""
    last = scene.drafts[-1] if scene.drafts else None
    if scene.sentence.english or last is None or last.at != at - 1:
        return False
    shared = last.value is None and last.share is not None
    if not shared and not (last.unit == "pct" and last.value is not None):
        return False
    figure = scene.sentence.amounts[at]
    lead = scene.text[scene.sentence.amounts[at - 1].end : figure.start]
    start = scene.previous_end(figure)
    timed = any(start <= when.start and when.end <= figure.start for when, days in scene.spans if days is not None)
    if not timed or scene.residue(lead) or scene.cues.grows.search(lead):
        return False
    draft(
        scene,
        at,
        last.mention,
        last.term,
        **({"share": figure.value} if shared else {"value": figure.value, "unit": "pct"}),
    )
    return True
