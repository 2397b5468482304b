"""English figures that one just told is compared with: of a larger whole (above the national rate of 3.3 percent, ahead of
the nation's 3 percent, against 3.3 percent nationwide), of other places (against 5.8 percent for Anhui) and of a plan (above
the planned 17 billion, short of its target of 6 percent). They place and date nothing else.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xisuan.indicators.figures.observing import in_unit
from xisuan.indicators.figures.scene import Draft, Scene, alike
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.vocabulary import Vocabulary
from xisuan.indicators.sentences.sentence import Sentence
from xisuan.text.translation import message as _

_ABOUT = r"(?:(?:about|around|roughly|only|just|some|nearly|over|a\s+mere|an?|the)\s+)*"
_KIND = r"(?P<kind>nation(?:al|wide)?|countr(?:y|ywide)|china|provinc(?:e|ial)|region(?:al)?)"
_WHOSE = rf"(?:the\s+|an?\s+)?(?:{_KIND}(?:'s)?)"
_NOUN = (
    r"(?:\s+(?:average|overall|annual|comparable|growth|rate|figure|level|pace|mean|ratio|total|share|score|reading|one|number"
    r"|(?P<rises>increase|rise|gain|expansion)|(?P<falls>decrease|fall|drop|decline|loss)))*"
)
_COMPARES = (
    r"(?:(?:,\s*)?(?:(?:well|far|slightly|just|still|comfortably|even|much|also|somewhat|way)\s+)*"
    r"(?:(?:faster|higher|lower|slower|quicker|better|worse|more|less|bigger|larger|smaller|stronger)\s+than|ahead\s+of|in\s+excess\s+of|above|below|beyond|over|under"
    r"|exceeding|half|twice|double|triple|missing|missed|short\s+of|in\s+line\s+with|outpacing|outstripping|outperforming|beat|beats|topped|outpaced|outstripped|surpassed|trailed|beating|surpassing|topping|trailing|lagging|behind|(?:compared|against|compares?)(?:\s+(?:with|to))?|versus|as\s+against"
    r"|(?:which\s+)?(?:was|is|were|are)\s+(?:above|below|ahead\s+of))\s+)"
)
_SAYS = rf"(?:\s+(?:was|were|stood\s+at|came\s+to|of|is|at|being))?\s*:?\s+{_ABOUT}"
_BEFORE = re.compile(rf"{_COMPARES}{_WHOSE}{_NOUN}{_SAYS}$")
"""From what compares a figure up to that of the whole."""
_LINK = re.compile(rf"{_COMPARES}{_ABOUT}$")
_BEHIND = re.compile(
    r"(?:\s+(?:growth|(?P<rises>increase|rise|gain)|(?P<falls>decrease|fall|drop|decline)))?(?:\s+(?:recorded|seen|posted|registered|reported|managed|achieved|logged))?"
    rf"\s+(?:(?:for|in|across|of|by)\s+(?:the\s+)?(?:whole\s+(?:of\s+)?|entire\s+)?)?(?:the\s+)?{_KIND}(?:\s+(?:as\s+a\s+whole|at\s+large|overall))?(?=\s*(?:[,;.)]|$))"
)
"""The same where the whole is named behind its figure."""
_OPENS = re.compile(rf"\(\s*(?:against\s+|compared\s+with\s+)?{_WHOSE}{_NOUN}{_SAYS}$")
_CLOSES = re.compile(r"\s*\)")
"""Around the figure of a whole in brackets."""


_PLANNED = (
    r"(?:the|an?|its|their|this\s+year's|that\s+year's)\s+(?:(?P<year>annual|full-year|yearly|year's)\s+|(?:official|original|initial|own|government|government's|municipal|provincial)\s+)*"
    r"(?P<kind>planned|targeted|budgeted|(?:target|goal|plan|aim|objective)(?:\s+(?P<whole>for\s+the\s+(?:whole\s+|full\s+)?year))?\s+of)"
)
_ITS_PLAN = re.compile(rf"{_COMPARES}(?:its|their|the|an?)\s+(?:own\s+|official\s+|original\s+)?{_ABOUT}$")
_ITS_PLAN_BEHIND = re.compile(
    r"\s+(?:growth\s+)?(?P<kind>target|goal|objective|aim)\b(?P<whole>\s+for\s+the\s+(?:whole\s+|full\s+)?year)?"
)
"""Around the figure of an aim that is named behind it: missing its 5 percent goal."""
_BEFORE_PLAN = re.compile(rf"{_COMPARES}{_PLANNED}\s+{_ABOUT}$")
_BEHIND_PLAN = re.compile(
    r"(?:\s+(?:yuan|[a-z-]+))?\s+(?P<kind>(?:(?:that\s+)?(?:it|they|we|(?:the|its)\s+[a-z]+(?:\s+[a-z]+)?)\s+had\s+)?(?:planned|targeted|budgeted|aimed\s+for|hoped\s+for|set\s+itself|set\s+(?:for\s+itself\s+)?as\s+(?:its|their|the|a)\s+(?:goal|target|aim)))(?:\s+(?P<whole>for\s+the\s+(?:whole\s+|full\s+)?year))?(?=\s*(?:[,;.)]|$))"
)
"""The same around the figure of a plan."""


@dataclass(frozen=True)
class Compared:
    """A figure that only stands for comparison: of which larger whole it is, or `@` and the region named, or
    whether of a plan, and of one of a `year`;
    between which signs it is told, whether it says itself that it rises or falls (1 or -1, else 0), and the figure of the
    same kind that it is compared with.
    """

    figure: Quantity
    of: Quantity
    start: int
    end: int
    kind: str
    way: int = 0
    plan: bool = False
    year: bool = False


def compared_in(sentence: Sentence) -> list[Compared]:
    """The figures of larger wholes and of plans that those of a sentence are compared with."""
    if not sentence.english:
        return []
    out: list[Compared] = []
    for at in range(1, len(sentence.amounts)):
        found = _whole_at(sentence, at) or _plan_at(sentence, at) or _place_at(sentence, at, out[-1:])
        out += [found] if found is not None else []
    return out


def _whole_at(sentence: Sentence, at: int) -> Compared | None:
    """A figure as that of a larger whole; None where it is none."""
    figure, text = sentence.amounts[at], sentence.text
    low = sentence.amounts[at - 1].end
    opens = _OPENS.search(text, low, figure.start)
    closes = _CLOSES.match(text, figure.end) if opens is not None else None
    if opens is not None and closes is not None:
        return _told(sentence, at, opens, opens, closes.end())
    return _around(sentence, at, _BEFORE, _BEHIND)


def _plan_at(sentence: Sentence, at: int) -> Compared | None:
    """A figure as that of a plan; None where it is none."""
    told = _around(sentence, at, _BEFORE_PLAN, _BEHIND_PLAN)
    if told is None:
        link = _ITS_PLAN.search(sentence.text, sentence.amounts[at - 1].end, sentence.amounts[at].start)
        said = _ITS_PLAN_BEHIND.match(sentence.text, sentence.amounts[at].end)
        told = _told(sentence, at, link, said, said.end()) if link is not None and said is not None else None
    return replace(told, plan=True) if told is not None else None


def _place_at(sentence: Sentence, at: int, latest: Sequence[Compared]) -> Compared | None:
    """A figure as that of a place named behind it, with which one is compared, or which goes on such a list: against 5.8
    percent for Anhui and 5.4 percent for the country; None where it is none.
    """
    figure, text = sentence.amounts[at], sentence.text
    before = latest[0] if latest and latest[0].end <= figure.start else None
    goes_on = before is not None and _AND.fullmatch(text, before.end, figure.start) is not None
    link = _LINK.search(text, sentence.amounts[at - 1].end, figure.start)
    start = before.end if goes_on and before is not None else link.start() if link is not None else -1
    if start < 0:
        return None
    opens = _OF.match(text, figure.end)
    of = before.of if goes_on and before is not None else _of_its_kind(sentence, at, start)
    if of is None and opens is not None and _way(opens) and figure.unit == "pct" and not _named(sentence, at, start):
        of = sentence.amounts[at - 1]  # a level: 1.68 million cars, outpacing a 43 percent increase in Guangdong
    elif of is None or not alike(of, figure):
        return None
    if goes_on and (said := _BEHIND.match(text, figure.end)) is not None:
        return Compared(figure, of, start, said.end(), said["kind"])
    where = next((one for one in sentence.regions if opens is not None and one.start == opens.end()), None)
    ends = _WHOLE.match(text, where.end) if where is not None and where.region else None
    if opens is None or where is None or ends is None:
        return None
    return Compared(figure, of, start, ends.end(), f"@{where.region}", _way(opens))


_AND = re.compile(rf"\s*(?:,|,?\s+and)\s+{_ABOUT}")
"""Between two figures that one is compared with."""
_OF = re.compile(
    r"(?:\s+(?:growth|(?P<rises>increase|rise|gain|expansion|jump)|(?P<falls>decrease|fall|drop|decline|loss)))?"
    r"\s+(?:yuan\s+)?(?:for|in|across|of)\s+(?:th(?:at|ose)\s+(?:of|in|for)\s+)?(?:all\s+of\s+|the\s+whole\s+of\s+|(?:the\s+)?neighbou?ring\s+|nearby\s+)?"
)
_WHOLE = re.compile(r"(?:\s+(?:province|as\s+a\s+whole|at\s+large|overall))?(?=\s*(?:[,;.)]|$|and\s))")
"""Around the place that a figure is of."""


def _around(sentence: Sentence, at: int, before: re.Pattern[str], behind: re.Pattern[str]) -> Compared | None:
    """A figure whose whole, or plan, is named before it or behind it."""
    figure, text = sentence.amounts[at], sentence.text
    low = sentence.amounts[at - 1].end
    if (said := before.search(text, low, figure.start)) is not None:
        return _told(sentence, at, said, said, figure.end)
    link = _LINK.search(text, low, figure.start)
    if link is None or (said := behind.match(text, figure.end)) is None:
        return None
    return _told(sentence, at, link, said, said.end())


def _told(sentence: Sentence, at: int, link: re.Match[str], said: re.Match[str], end: int) -> Compared | None:
    """A figure from what compares it up to `end`, with what is said of it; None where there is none to compare it with."""
    host = _of_its_kind(sentence, at, link.start())
    named = said.groupdict()
    if host is None:
        return None
    year = bool(named.get("year") or named.get("whole"))
    return Compared(sentence.amounts[at], host, link.start(), end, named["kind"], _way(said), year=year)


def _way(said: re.Match[str]) -> int:
    """Whether words say themselves that something rises or falls: 1 or −1, else 0."""
    named = said.groupdict()
    return 1 if named.get("rises") else -1 if named.get("falls") else 0


def _of_its_kind(sentence: Sentence, at: int, start: int) -> Quantity | None:
    """The figure right before a comparison, or the one before that, that measures the same kind of thing."""
    figure = sentence.amounts[at]
    for before in range(at - 1, max(0, at - _BACK) - 1, -1):
        one = sentence.amounts[before]
        if _named(sentence, before + 1, start):
            return None
        if alike(one, figure) and one.unit not in ("pp", "fold"):
            return one
    return None


def _named(sentence: Sentence, at: int, start: int) -> bool:
    """Whether something else is named, or a sentence ends, between the figure before one and a comparison."""
    end = sentence.amounts[at - 1].end
    own = end + _COUNTED  # 33,400 base stations, short of …
    return re.search(r"[;.]\s", sentence.text[end:start]) is not None or any(
        own <= seen.start < start and not seen.whole for seen in sentence.mentions
    )


_COUNTED = 3
"""Signs behind a figure within which what it counts begins."""
_BACK = 3
"""Figures before a comparison among which is the one compared: up 5 percent to 597 billion yuan, or 2 points above …"""


def without(sentence: Sentence, apart: Sequence[Compared]) -> Sentence:
    """A sentence without its figures of larger wholes, and without the words that tell them."""
    if not apart:
        return sentence
    figures = {id(one.figure) for one in apart}
    text = sentence.text
    for one in apart:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]

    def outside(start: int) -> bool:
        return all(not one.start <= start < one.end for one in apart)

    return replace(
        sentence,
        text=text,
        amounts=[one for one in sentence.amounts if id(one) not in figures],
        regions=[one for one in sentence.regions if outside(one.start)],
        mentions=[one for one in sentence.mentions if outside(one.start)],
        ranks=[one for one in sentence.ranks if outside(one.start)],
    )


def told_compared(scene: Scene, apart: Sequence[Compared]) -> None:
    """Draft the figures of a comparison from those that they are compared with; leave over what has none."""
    for one in apart:
        host = _host(scene, one.of)
        same = _like(scene, host, one) if host is not None and not host.doubt else None
        level = host is not None and host.value is not None and host.share is None
        if same is not None and host is not None and host.growth is not None and abs(host.growth) == one.of.value:
            growth = one.way * abs(one.figure.value) if one.way else one.figure.value
            scene.drafts.append(replace(same, value=None, unit="pct", growth=growth, growth_to=""))
        elif same is not None and level and one.way and not alike(one.of, one.figure):
            scene.drafts.append(
                replace(same, value=None, unit="pct", growth=one.way * abs(one.figure.value), growth_to="")
            )
        elif same is not None and level:
            value, unit = in_unit(one.figure, scene.context.words.terms[same.term].unit)
            scene.drafts.append(replace(same, value=value, unit=unit, growth=None))
        else:
            scene.leave(one.figure, _("what something is compared with"))


def _like(scene: Scene, host: Draft, one: Compared) -> Draft | None:
    """The draft that a figure is compared with as one of its whole, or plan; None where that is not known."""
    grown = host.growth is not None and abs(host.growth) == one.of.value
    if grown and (host.growth or 0.0) < 0 and not one.way and one.figure.value > 0:
        return None  # whether that fell as well is not said
    same = replace(host, rank=None, share=None, bound=one.figure.bound, aside=True)
    if one.plan:
        span = _of_the_year(host.span) if one.year else host.span
        whole = span is not None and (span.point or span == _of_the_year(span))
        return replace(same, status="target", span=span) if whole else None
    named = one.kind.removeprefix("@") if one.kind.startswith("@") else ""
    region = named or _whole(scene.context.words, host.region, one.kind)
    return replace(same, region=region) if region and region != host.region else None


def _of_the_year(span: Span | None) -> Span | None:
    """The year, or the end of the year, in which some days are."""
    if span is None:
        return None
    last = datetime.date(span.last.year, 12, 31)
    return Span(last, last, True) if span.point else Span(datetime.date(last.year, 1, 1), last)


def _host(scene: Scene, figure: Quantity) -> Draft | None:
    """The draft that has a figure for its level or its growth, else the one read at it; None where there is none."""
    latest = [*reversed(scene.drafts)]
    read = (draft for draft in latest if scene.sentence.amounts[draft.at] is figure)
    return next((draft for draft in latest if _has(scene, draft, figure)), next(read, None))


def _has(scene: Scene, draft: Draft, figure: Quantity) -> bool:
    """Whether a draft has a figure for its level, or for its growth."""
    if figure.unit == "pct" and draft.growth is not None and abs(draft.growth) == figure.value:
        return True
    return (draft.value, draft.unit) == in_unit(figure, scene.context.words.terms[draft.term].unit)


def _whole(words: Vocabulary, here: str, kind: str) -> str:
    """The nation, or the province in which a place lies."""
    return words.ancestor(here, ("province",)) if kind.startswith(("provinc", "region")) else words.nation
