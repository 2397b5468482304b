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
    """Whether an English sentence without a time tells in the present of what a stock counts, so that it is as of the day
    of its text, and not of the days told before: where these are months in which something came, which its title does not
    name, long past, or those of an aim; or where the figure before was as of that day, too: today the exchange has 852
    products …. Its two halls house 9,000 servers.
    """
    published, settled = scene.context.published, scene.context.settled
    if not of_a_day(scene, term) or scene.spans or published is None or not in_the_present(scene, figure):
        return False
    if f"per={scene.context.term}" in scene.context.words.terms[term].flags and not scene.context.now:
        return False  # so many for every 10,000 people, of those just counted
    own = scene.drafts[-1].span if scene.drafts else None
    if own is not None and own == Span(published, published, True):
        return True
    age = (published - settled.last).days if settled is not None else None
    of_months = settled is not None and not settled.point and not scene.context.titled and age is not None and age > 0
    part = OF_THEM.search(scene.text, 0, figure.start) or _OF_THEM_BEHIND.match(scene.text, figure.end)
    if not part and (scene.context.aimed or of_months or (age is not None and age > _TWO_MONTHS)):
        return True
    return scene.context.now and (age is None or age >= _A_QUARTER or _THEY.match(scene.text) is not None)


def in_the_present(scene: Scene, figure: Quantity) -> bool:
    """Whether an English sentence has a verb in the present before a figure, none of the past, and no word of an aim."""
    hoped = scene.cues.aims.search(scene.text) or scene.cues.expects.search(scene.text)
    said = _PRESENT.search(scene.text, 0, figure.start) or _PRESENT_BEHIND.match(scene.text, figure.end)
    if not scene.sentence.english or hoped or said is None:
        return False
    return _PAST.search(scene.text, 0, figure.start) is None


_TWO_MONTHS = 61
"""Days after which what was told is no longer what stands when a text is written."""
_THEY = re.compile(r"(?:together,?\s+)?(?:they|it|its|their|these|those)\b")
"""What a sentence opens with that goes on about what the one before counted."""
OF_THEM = re.compile(r"\bof\s+(?:them|these|those|this|that|which|it|the\s+(?:total|[0-9]))\b")
"""What a part is of, which is as of the day of its whole."""
_OF_THEM_BEHIND = re.compile(rf"\s+(?:[a-z-]+\s+){{0,2}}?{OF_THEM.pattern}")
"""Behind a figure that is a part of what was told before: 12 of these are …."""
_PAST = re.compile(r"\b(?:was|were|had|did|rose|grew|stood|came|fell|hit|got|took|saw)\b")
"""Verbs of what was so before."""


_A_QUARTER = 92
"""Days up to which what was told is as good as now."""


_PRESENT = re.compile(
    r"\b(?:is|are)\b(?!\s+(?:to|expected|planned|due|set)\b)|\b(?:has|have)\b(?!\s+to\b)"
    r"|\b(?:holds?|stands|counts|houses?|hosts?|runs|boasts?|numbers|number(?!\s+of\b)|totals|operates?|covers|serves?|averages|makes|make\s+up|uses|carr(?:y|ies)|accounts?\s+for)\b"
)
"""Verbs of what is so when it is told."""


_PRESENT_BEHIND = re.compile(
    r"\s+(?:[a-z-]+\s+){1,5}?(?:have|has)\s+(?:now\s+|already\s+|so\s+far\s+)?(?:been\s+)?[a-z]+(?:ed|t|en|p|lt)\b"
)
"""Behind a count, what those counted have done: 193 firms have settled in Qingyang."""
_NOW_ENDS = re.compile(r"\s(?:today|now|at\s+present|currently)\s*$|^\s+(?:today|now|at\s+present|currently)\b")
"""What a clause ends with, or what stands right behind a figure, that is so on the day of its text."""
NOW = re.compile(r"\b(?:now|at\s+present|today|currently|these\s+days|nowadays)\b")
"""What says that something is so on the day of its text."""


def now_behind(scene: Scene, figure: Quantity) -> Span | None:
    """The day of `now` further on in a Chinese sentence of which nothing before says when: 有26个,…,截至目前达…."""
    if scene.sentence.english:
        return None
    return next((days for when, days in scene.spans if when.kind == "now" and when.start >= figure.end), None)
