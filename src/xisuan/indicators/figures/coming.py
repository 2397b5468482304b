"""How many of those counted came in a stretch of time: 2.31 million, including 887,000 built in 2022; 795,000 were added in
the first quarter; 31,000 of which went live this year.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.dating import ADDED
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.quantities import Quantity


def built_of_them(scene: Scene, at: int) -> tuple[int | None, str] | None:
    """So many of the level just read that were built in a period: 2.31 million, including 887,000 built in 2022."""
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    if (added := _added_to_them(scene, figure)) is not None:
        return added
    new = f"{last.term}_new" if last is not None else ""
    if last is None or last.value is None or new not in scene.context.words.terms or figure.unit not in ("", "1"):
        return None
    lead = scene.segment(figure)
    if scene.sentence.english:
        of_them = _OF_THEM.match(scene.text, figure.end)
        behind = of_them or _THAT_WERE.match(scene.text, figure.end)
        built = scene.cues.built_of_them.match(scene.text, behind.end() if behind else figure.end)
        said = built and (of_them or scene.cues.part.search(lead))
    else:
        said = scene.cues.new_ahead_zh.search(lead) and scene.cues.part.search(lead)
    return (None, new) if said and figure.value < last.value else None


_THAT_WERE = re.compile(r"\s+(?:that|which)\s+(?:were|have\s+been|had\s+been)(?=\s)")
"""Behind so many of those just counted, before what was done with these alone."""
_OF_THEM = re.compile(r"\s+of\s+(?:them|these|which)(?=\s)")
"""Behind so many of those just counted."""


def _added_to_them(scene: Scene, figure: Quantity) -> tuple[int | None, str] | None:
    """So many more of what an English sentence, or the one before, counted: …; 795,000 were added in the first quarter."""
    if not scene.sentence.english or figure.unit not in ("", "1") or figure.value < _A_COUNT:
        return None
    if _OF_THEM_ADDED.match(scene.text, figure.end):
        before = [one.indicator for one in scene.sentence.mentions if one.end <= figure.start and not one.whole]
        name = f"{(before[-1] if before else scene.context.term).removesuffix('_new')}_new"
        return (None, name) if name in scene.context.words.terms else None
    if scene.cues.were_added.match(scene.text, figure.end) is None and not _in_the_time(scene, figure):
        return None
    dash = scene.text.rfind("-- ", 0, figure.start)
    start, end = max(scene.sentence.clause(figure.start)[0], dash), scene.text.find(" --", figure.end)
    if any(
        start <= one.start and not one.whole and not (dash >= 0 and 0 < end < one.start)
        for one in scene.sentence.mentions
    ):
        return None
    term = scene.drafts[-1].term if scene.drafts else scene.context.term
    new = f"{term.removesuffix('_new')}_new"
    return (None, new) if new in scene.context.words.terms else None


def _in_the_time(scene: Scene, figure: Quantity) -> bool:
    """Whether so many of what was just counted came in a stretch of time: 429,000 of them in the first six months."""
    said = _OF_THEM_IN.match(scene.text, figure.end)
    if said is not None and _THAT_YEAR.match(scene.text, said.end()):
        return True
    behind = (days for when, days in scene.spans if said and 0 <= when.start - said.end() <= 1)
    return any(days is not None and not days.point for days in behind)


_OF_THEM_IN = re.compile(r"\s+of\s+(?:them|these|which|those)\s+(?:(?:in|during|over)\s+|(?=(?:last|this)\s+year\b))")
"""Between so many of what was counted and when they came."""
_OF_THEM_ADDED = re.compile(rf"\s+of\s+(?:them|these|which|those)(?:\s+(?:were|was|had\s+been|newly))*\s+{ADDED}\b")
"""Behind so many of what was counted, that these alone were built in a stretch of time."""
_THAT_YEAR = re.compile(
    r"(?:the|that|the\s+same|the\s+course\s+of\s+the)\s+(?:year|twelve\s+months)\b(?!\s+(?:before|earlier|of|to))"
)
"""The year just told of."""
_A_COUNT = 100.0
"""A bare number below this counts anything."""
