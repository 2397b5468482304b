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
    start = scene.sentence.clause(figure.start)[0]
    return NOW.search(scene.text, start, figure.start) is not None or _TODAY.match(scene.text, figure.end) is not None


def of_a_day(scene: Scene, term: str) -> bool:
    """Whether an indicator is that of a day, be it a ratio that may be one of a stretch, too."""
    spec = scene.context.words.terms[term]
    return spec.kind == "stock" or "day" in spec.flags or "point" in spec.flags


def still_now(scene: Scene, figure: Quantity, term: str) -> bool:
    """Whether an English sentence goes on in the present with what stands when its text is written, as the latest figure
    did: today the exchange has 852 products …. Its two halls house 9,000 servers.
    """
    if not scene.sentence.english or not scene.context.now or not of_a_day(scene, term) or scene.spans:
        return False
    settled, published = scene.context.settled, scene.context.published
    if settled is not None and published is not None and (published - settled.last).days < _A_QUARTER:
        return False  # what was told of the month just over is what stands now
    told = _PRESENT.search(scene.text, 0, figure.start)
    return told is not None and _PAST.search(scene.text, 0, figure.start) is None


_PAST = re.compile(
    r"\b(?:was|were|had|did|rose|grew|stood|came|fell|hit|got|took|saw|(?<!has\s)(?<!have\s)(?<!been\s)[a-z]+ed)\b"
)
"""Verbs of what was so before."""


_A_QUARTER = 92
"""Days up to which what was told is as good as now."""


_PRESENT = re.compile(
    r"\b(?:is|are|has|have|holds?|stands?|counts?|houses?|hosts?|runs?|boasts?|numbers?|totals?|operates?|covers?|serves?|averages?|makes?|uses?)\b"
)
"""Verbs of what is so when it is told."""


_TODAY = re.compile(r"\s+(?:today|now|at\s+present|currently)\b")
"""Right behind how much there is on the day of its text."""
NOW = re.compile(r"\b(?:now|at\s+present|today|currently|these\s+days|nowadays)\b")
"""What says that something is so on the day of its text."""


def now_behind(scene: Scene, figure: Quantity) -> Span | None:
    """The day of `now` further on in a Chinese sentence of which nothing before says when: 有26个,…,截至目前达…."""
    if scene.sentence.english:
        return None
    return next((days for when, days in scene.spans if when.kind == "now" and when.start >= figure.end), None)
