"""What stands on the day of its text: said with `now`, or in the present tense behind what was."""

from __future__ import annotations

import re

from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity


def as_of_now(scene: Scene, figure: Quantity, term: str) -> bool:
    """Whether an English clause says that what a stock counts stands now: high-speed lines now measure 2,319 kilometres."""
    if not scene.sentence.english or not of_a_day(scene, term):
        return False
    start, end = scene.sentence.clause(figure.start)[0], scene.sentence.clause(figure.end)[1]
    ends = _NOW_ENDS.search(scene.text, figure.end, min(end, scene.next_amount(figure)))
    return NOW.search(scene.text, start, figure.start) is not None or ends is not None


def of_a_day(scene: Scene, term: str) -> bool:
    """Whether an indicator is that of a day, be it a ratio that may be one of a stretch, too."""
    spec = scene.context.words.terms[term]
    return spec.kind == "stock" or "day" in spec.flags or "point" in spec.flags


def still_now(scene: Scene, figure: Quantity, term: str) -> bool:
    """Whether an English sentence goes on in the present with what stands when its text is written, as the latest figure
    did: today the exchange has 852 products …. Its two halls house 9,000 servers.
    """
    if not scene.sentence.english or not of_a_day(scene, term) or scene.spans:
        return False
    told = _PRESENT.search(scene.text, 0, figure.start)
    present = told is not None and _PAST.search(scene.text, 0, figure.start) is None
    settled, published = scene.context.settled, scene.context.published
    if present and published is not None and not OF_THEM.search(scene.text):
        if scene.context.aimed:
            return True
        if settled is not None and (published - settled.last).days > 61:
            return True
    if not scene.context.now:
        return False
    if present and re.match(r"(?:together,?\s+)?(?:they|it|its|their|these|those)\b", scene.text):
        return True
    if settled is not None and published is not None and (published - settled.last).days < _A_QUARTER:
        return False  # what was told of the month just over is what stands now
    return present


OF_THEM = re.compile(r"\bof\s+(?:them|these|those|this|that|which|it|the\s+(?:total|[0-9]))\b")


def in_the_past(scene: Scene, figure: Quantity) -> bool:
    return _PAST.search(scene.text, 0, figure.start) is not None


_PAST = re.compile(r"\b(?:was|were|had|did|rose|grew|stood|came|fell|hit|got|took|saw)\b")
"""Verbs of what was so before."""


_A_QUARTER = 92
"""Days up to which what was told is as good as now."""


_PRESENT = re.compile(
    r"\b(?:is|are)\b(?!\s+(?:to|expected|planned|due|set)\b)|\b(?:has|have)\b(?!\s+to\b)"
    r"|\b(?:holds?|stands|counts|houses?|hosts?|runs|boasts?|numbers|totals|operates?|covers|serves?|averages|makes|make\s+up|uses|carr(?:y|ies)|accounts?\s+for)\b"
)
"""Verbs of what is so when it is told."""


_NOW_ENDS = re.compile(r"\s(?:today|now|at\s+present|currently)\s*$|^\s+(?:today|now|at\s+present|currently)\b")
"""What a clause ends with, or what stands right behind a figure, that is so on the day of its text."""
NOW = re.compile(r"\b(?:now|at\s+present|today|currently|these\s+days|nowadays)\b")
"""What says that something is so on the day of its text."""


def now_behind(scene: Scene, figure: Quantity) -> Span | None:
    """The day of `now` further on in a Chinese sentence of which nothing before says when: 有26个,…,截至目前达…."""
    if scene.sentence.english:
        return None
    return next((days for when, days in scene.spans if when.kind == "now" and when.start >= figure.end), None)
