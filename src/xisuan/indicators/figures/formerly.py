"""English levels from which a change came, in words that say no more than how much there was: 18.4 GB, against 16.7 a year
before; slipped to 72 million last year from 74.4 million.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.observing import in_unit
from xisuan.indicators.figures.scene import Draft, Scene, alike
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import Stretch
from xisuan.text.translation import message as _

_FROM = re.compile(
    r"\b(?:from|versus|(?:as\s+)?against|compared\s+(?:with|to))\s+"
    r"(?:(?:about|some|only|just|merely|barely|roughly|around|nearly|almost|over|more\s+than|less\s+than|a\s+mere|as\s+little\s+as|still)\s+)*$"
)
"""Right before how much there was."""
_ENDS = re.compile(r"\s*(?:$|[.,;:)(]|(?:in|at|by|a|one|two|three|the|last|during|as\s+of|twelve|and|but|while)\b)")
"""Behind a number that counts nothing else."""
_CLAUSE = re.compile(r"[;:]|,\s+(?:and|while|but|which|with)\b|\b(?:adding|of\s+which|including)\b")
"""Where what is told of the level ends."""
_NEAR = 16
"""Signs behind a level within which its time begins."""
_UNDATED = _("the level before a change, whose date is not said")


def stood_before(scene: Scene, at: int) -> bool:
    """Whether an English figure is how much there had been of what was just told; drafts it at the time behind it, or,
    where that is a whole year's, of the year before, else leaves it over.
    """
    figure, last = scene.sentence.amounts[at], _just_told(scene)
    host = _level_of(scene, last, at) if last is not None else None
    if last is None or host is None or at in scene.pairs or at in scene.places or at in scene.told:
        return False
    link = _FROM.search(scene.text, host.end, figure.start)
    meant = _in_its_unit(figure, host)
    if (
        link is None
        or meant is None
        or not fits(scene, last.term, meant)
        or _ENDS.match(scene.text, figure.end) is None
    ):
        return False
    named: list[Stretch] = [*scene.sentence.mentions, *scene.sentence.regions]
    if any(host.end + _COUNTED < one.start < figure.start for one in named):
        return False
    if _CLAUSE.search(scene.text, host.end, link.start()) is not None:
        return False
    dated = any(0 <= when.start - figure.end < _NEAR for when, _ in scene.spans)
    if dated and meant is figure:
        return False  # as any other level
    before = None if dated else _year_before(scene, last)
    if not dated and before is None:
        scene.leave(figure, _UNDATED)
        return True
    value, unit = in_unit(meant, scene.context.words.terms[last.term].unit)
    scene.told[at] = last.term  # the words that lead to it say no more
    draft(scene, at, last.mention, last.term, value=value, unit=unit)
    if scene.drafts[-1].at == at:
        scene.drafts[-1].region = last.region
        scene.drafts[-1].span = before or scene.drafts[-1].span
        scene.drafts[-1].aside = True
    return True


_COUNTED = 3
"""Signs behind a figure within which what it counts begins."""


def _just_told(scene: Scene) -> Draft | None:
    """The English draft read last, where it is a level that stands."""
    last = scene.drafts[-1] if scene.drafts and scene.sentence.english else None
    if last is None or last.value is None or last.doubt or last.unit == "pct" or last.status != "actual":
        return None
    return last


def _level_of(scene: Scene, last: Draft, at: int) -> Quantity | None:
    """The figure that is the level of a draft, right before a figure or before its growth."""
    amounts, unit = scene.sentence.amounts, scene.context.words.terms[last.term].unit
    grown = at - 1 > last.at and amounts[at - 1].unit == "pct" and last.growth is not None
    host = amounts[at - 2 if grown else at - 1] if at > last.at else None
    return host if host is not None and in_unit(host, unit) == (last.value, last.unit) else None


def _in_its_unit(figure: Quantity, host: Quantity) -> Quantity | None:
    """A figure in the unit of the one just told where it says none; None where it is of something else."""
    if alike(figure, host):
        return figure
    if figure.unit or host.unit in ("pct", "pp", "fold") or (money(host.unit) and not figure.scaled):
        return None
    return replace(figure, value=figure.value * host.factor, unit=host.unit)


def _year_before(scene: Scene, last: Draft) -> Span | None:
    """The year before that of what came in a whole year; None for what stands, or came in part of one."""
    span, spec = last.span, scene.context.words.terms[last.term]
    if span is None or span.point or spec.kind != "flow":
        return None
    year = span.last.year
    whole = (span.first, span.last) == (datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    return Span(datetime.date(year - 1, 1, 1), datetime.date(year - 1, 12, 31)) if whole else None
