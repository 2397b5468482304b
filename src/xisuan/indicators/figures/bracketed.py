"""English brackets that tell the same figure at another time, right behind it: 228,000 stations (2022: 171,000); up 5.3
percent (a year earlier: 4.1 percent). They date nothing else.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass, replace

from xisuan.indicators.figures import stretches
from xisuan.indicators.figures.observing import in_unit
from xisuan.indicators.figures.scene import Scene, alike
from xisuan.indicators.language.periods import Span, When
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.sentences.sentence import Sentence
from xisuan.text.translation import message as _

_TIME, _FIGURE = "\x00", "\x01"
_TIME_FIRST = re.compile(
    r"(?:in\s+|at\s+)?(?:the\s+)?(?P<when>\x00+)\s*(?::|,|was|were|had\s+been|had)?\s*(?:only\s+|about\s+|[+-]\s?|(?:up|down)\s+)?(?P<amount>\x01+)"
)
_AMOUNT_FIRST = re.compile(
    r"(?:up\s+from\s+|from\s+|against\s+|was\s+)?(?P<amount>\x01+)\s*,?\s*(?:in|at|during|for|of)?\s*(?:the\s+)?(?P<when>\x00+)"
)
"""What such a bracket holds, in which these signs stand for its time and its figure."""
_BRACKET = re.compile(r"\((?P<inside>[^()]{4,60})\)")
_NEAR = 60
"""Signs between a figure and the bracket that is about it."""


@dataclass(frozen=True)
class Aside:
    """A figure in brackets, when it is of, and the figure before the bracket, of whose kind it is."""

    figure: Quantity
    when: When
    of: Quantity


def asides(sentence: Sentence) -> list[Aside]:
    """The figures that the brackets of a sentence tell of another time."""
    return [one for found in _BRACKET.finditer(sentence.text) if (one := _aside(sentence, found)) is not None]


def _aside(sentence: Sentence, found: re.Match[str]) -> Aside | None:
    low, high = found.span("inside")
    amounts = [one for one in sentence.amounts if low <= one.start and one.end <= high]
    times = [one for one in sentence.times if low <= one.start and one.end <= high]
    before = [one for one in sentence.amounts if one.end <= found.start()]
    if not sentence.english or len(amounts) != 1 or len(times) != 1 or not before:
        return None
    signs = list(sentence.text[low:high])
    for one, sign in ((times[0], _TIME), (amounts[0], _FIGURE)):
        signs[one.start - low : one.end - low] = sign * (one.end - one.start)
    inside = "".join(signs).strip()
    near = found.start() - before[-1].end <= _NEAR and not re.search(
        r"[;,.]", sentence.text[before[-1].end : found.start()]
    )
    told = _TIME_FIRST.fullmatch(inside) or _AMOUNT_FIRST.fullmatch(inside)
    same = alike(amounts[0], before[-1]) or (not amounts[0].unit and amounts[0].scaled == before[-1].scaled)
    return Aside(amounts[0], times[0], before[-1]) if told and near and same else None


def without(sentence: Sentence, apart: list[Aside]) -> Sentence:
    """A sentence without the figures and times of its asides."""
    figures, times = {id(one.figure) for one in apart}, {id(one.when) for one in apart}
    return replace(
        sentence,
        amounts=[one for one in sentence.amounts if id(one) not in figures],
        times=[one for one in sentence.times if id(one) not in times],
    )


def told_apart(scene: Scene, apart: list[Aside]) -> None:
    """Draft the asides of a sentence from those of the figures that they stand behind; leave over what has none."""
    for one in apart:
        host = next((draft for draft in scene.drafts if scene.sentence.amounts[draft.at] is one.of), None)
        growth = one.of.unit == "pct" and (host is None or (host.value is None and host.growth is not None))
        grown = [draft for draft in scene.drafts if draft.growth is not None and abs(draft.growth) == one.of.value]
        host = grown[-1] if growth and grown else host
        span = _days(scene, one.when, host.span) if host is not None and host.span is not None else None
        if host is None or span is None or host.doubt:
            scene.leave(one.figure, _("the figure before its bracket is not known"))
            continue
        same = replace(host, share=None, rank=None, bound=one.figure.bound, span=span, status="actual")
        if growth:
            sign = -1.0 if _falls(scene, one, host.growth or 0.0) else 1.0
            scene.drafts.append(replace(same, value=None, unit="pct", growth=sign * one.figure.value))
        else:
            spec = scene.context.words.terms[host.term]
            figure = one.figure if one.figure.unit else replace(one.figure, unit=one.of.unit)
            value, unit = (figure.value, "pct") if figure.unit == "pct" else in_unit(figure, spec.unit)
            told = host.value is not None
            scene.drafts.append(
                replace(same, growth=None, value=value if told else None, share=None if told else value, unit=unit)
            )


def _falls(scene: Scene, one: Aside, growth: float) -> bool:
    """Whether a growth in brackets is a fall: by its sign, else as the one before the bracket is."""
    before = scene.text[: one.figure.start].rstrip()
    return before.endswith(("-", " down")) or (growth < 0.0 and not before.endswith(("+", " up")))


def _days(scene: Scene, when: When, of: Span) -> Span | None:
    """The days of an aside: those of the same months where it names but a year, or says `a year earlier`, or `two`."""
    if when.kind in ("before", "years_before") or when.compared:
        years = -(when.offset or -1) if when.kind == "years_before" else 1
        return _in_year(of, of.last.year - years)
    if when.kind == "year" and when.year is not None:
        return _in_year(of, when.year)
    told = stretches.spans(replace(scene.sentence, times=[when]), scene.context)
    return told[0][1] if told else None


def _in_year(of: Span, year: int) -> Span:
    """The same months of another year."""
    end = calendar.monthrange(year, of.last.month)[1]
    whole = of.last.day == calendar.monthrange(of.last.year, of.last.month)[1]
    last = datetime.date(year, of.last.month, end if whole else min(of.last.day, end))
    first = datetime.date(year - of.last.year + of.first.year, of.first.month, min(of.first.day, _SHORTEST))
    return Span(last if of.point else first, last, of.point)


_SHORTEST = 28
"""Days that every month has."""
