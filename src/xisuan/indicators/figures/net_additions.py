"""Net additions: how many more of what was just counted there are than at an earlier time: 63,000 stations, 9,000
more than at the end of last year, or put up since the start of the year; that is 14,600 more than 12 months before;
6.3万个,较上年末净增9000个.
"""

from __future__ import annotations

import datetime
import re

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.scene import Draft, Scene
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.vocabulary import fold
from xisuan.indicators.sentences.left_out import left_out

_VAGUE = r"(?:(?:about|some|nearly|over|almost|around|roughly|another)\s+)*"
_TIME = (
    r"(?P<year>(?:a|one)\s+year\s+(?:earlier|before|ago|previously)|(?:twelve|12)\s+months\s+(?:earlier|before|ago|previously))\b"
    r"|(?P<end>(?:(?:the\s+)?(?:end|close)\s+of|year-end)\s*(?:last\s+year|the\s+previous\s+year|(?P<y>(?:19|20)\d\d))|year-end\b)"
    r"|(?P<start>(?:the\s+)?(?:start|beginning)\s+of\s+(?:the|this)\s+year)\b"
)
_MORE = re.compile(rf"\s+more\s+than\s+(?:(?:it|there|they)\s+(?:had|were|was)\s+)?(?:(?:in|at)\s+)?(?:{_TIME})")
"""Behind so many more than at an earlier time."""
_RISE = re.compile(rf"(?<!net\s)\b(?:increase|rise|gain|addition)\s+of\s+{_VAGUE}$|\bup\s+(?:by\s+)?{_VAGUE}$")
_SINCE = re.compile(rf"\s+(?:from|over|on|compared\s+(?:with|to)|since)\s+(?:{_TIME})")
"""Around so many that came to what was counted."""
_OF_THE_YEAR = (
    r"(?:(?:so\s+far\s+)?(?:this|in\s+the|during\s+the|within\s+the)\s+year|since\s+(?:the\s+)?(?:start|beginning|turn)\s+of\s+(?:the|this)\s+year"
    r"|since\s+january|year\s+to\s+date|(?P<over>over\s+the(?:\s+whole)?\s+year))\b"
)
_BUILT = (
    r"(?:newly\s+)?(?:built|added|put\s+up|erected|installed|opened|set\s+up|put\s+into\s+(?:use|service|operation))"
)
_BUILT_BEHIND = re.compile(
    rf"\s+(?:of\s+(?:them|these|which)\s+)?(?:(?:having|had|have)\s+been\s+|were\s+|being\s+)?{_BUILT}\s+{_OF_THE_YEAR}"
)
_BUILT_BEFORE = re.compile(rf"(?:^|[;,(]\s*)(?:(?:of\s+which|of\s+these)\s+)?{_BUILT}\s+{_OF_THE_YEAR}\s*:?\s*$")
_NET = re.compile(rf"\b(?:a\s+)?net\s+(?:increase|rise|gain|addition|growth)\s+of\s+{_VAGUE}$")
_NET_OF = re.compile(rf"\s+{_OF_THE_YEAR}")
"""Around so many that were added in the year of what was counted."""


_NET_ZH = re.compile(
    r"(?:(?:[较比](?:去年|上年)|比(?P<y>20\d\d)年)(?P<end>年?[底末])|(?P<start>[较比]年初|[本今]年)|(?P<year>[较比](?:去年|上年)同期))"
    r"(?:净增加?|增加|增)了?(?:约|近|超过?)?$"
)
"""Before so many that came to what a Chinese sentence counted."""
_DECEMBER = 12


def net_added(scene: Scene, at: int) -> bool:
    """Whether a count is how many of what was just counted came to it since an earlier time; drafts it where the vocabulary
    has what is added.
    """
    figure = scene.sentence.amounts[at]
    if figure.unit not in ("", "1"):
        return False
    said = _more(scene, at) if scene.sentence.english else _NET_ZH.search(scene.segment(figure))
    if said is None:
        return False
    told = [one for one in scene.drafts if one.unit != "per_10k"]  # or 21.4 for every 10,000, and so many more
    last, right_before = told[-1] if told else None, at - 1 - (len(scene.drafts) - len(told))
    if last is not None and (last.doubt or last.value is None or last.at != right_before):
        return False
    term = last.term if last is not None else scene.context.term
    until = last.span if last is not None else scene.context.latest
    of_year = "over" in said.re.groupindex  # which is that of the text, too, whose months a stock is at the end of
    stands = until is not None and (until.point or _within_a_month(until, scene))
    days = _since(said, until.last) if until is not None and (stands or of_year) else None
    new = f"{term}_new"
    if days is None or new not in scene.context.words.terms or _another(scene, last, figure.start):
        return False
    draft(scene, at, None, new, value=figure.value, unit="1")
    if scene.drafts and scene.drafts[-1].at == at:
        scene.drafts[-1].span = days
        scene.drafts[-1].region = last.region if last is not None else scene.drafts[-1].region
    return True


def _within_a_month(until: Span, scene: Scene) -> bool:
    """Whether what stands at the end of some days is told of as of them: in English of a month, in Chinese of those of a
    year so far.
    """
    same_year = until.first.year == until.last.year
    return same_year and until.first.month == (until.last.month if scene.sentence.english else 1)


def behind_its_net_addition(scene: Scene) -> Draft | None:
    """The Chinese level that goes on to be told of behind how many came to it: 419万个,比上年末净增81万个,占基站的33%."""
    if scene.sentence.english or len(scene.drafts) < _BOTH:
        return None
    level, added = scene.drafts[-_BOTH:]
    own = level.value is not None and level.share is None and level.region == added.region
    return level if own and added.term == f"{level.term}_new" and added.at == level.at + 1 else None


_BOTH = 2
"""A level and what came to it."""


def _more(scene: Scene, at: int) -> re.Match[str] | None:
    """What says in English that so many came to what was counted since an earlier time."""
    figure = scene.sentence.amounts[at]
    said = _MORE.match(scene.text, figure.end)
    if said is None and _RISE.search(scene.text, scene.previous_end(figure), figure.start):
        said = _SINCE.match(scene.text, figure.end)
    return said or _in_its_year(scene, at)


def _in_its_year(scene: Scene, at: int) -> re.Match[str] | None:
    """What says that so many were added in the year of what was counted: 276,000; newly built this year: 18,500."""
    figure, low = scene.sentence.amounts[at], scene.previous_end(scene.sentence.amounts[at])
    said = _BUILT_BEHIND.match(scene.text, figure.end) or _BUILT_BEFORE.search(scene.text, low, figure.start)
    net = _NET.search(scene.text, low, figure.start)
    net_of = _NET_OF.match(scene.text, figure.end) or _SINCE.match(scene.text, figure.end) if net is not None else None
    return said or net_of


def _another(scene: Scene, last: Draft | None, high: int) -> bool:
    """Whether something else is named between what was counted and so many more."""
    low = scene.sentence.amounts[last.at].end if last is not None else 0
    return any(
        low <= one.start < high and not one.whole and (last is None or one.indicator != last.term)
        for one in scene.sentence.mentions
    )


def _since(said: re.Match[str], until: datetime.date) -> Span | None:
    """The stretch from an earlier time up to a day; None where that is neither a year nor the turn of the last one."""
    if "over" in said.re.groupindex:
        return None if said["over"] and until.month != _DECEMBER else Span(datetime.date(until.year, 1, 1), until)
    if said["year"]:
        month = until.month % 12 + 1
        year = until.year if month == 1 else until.year - 1
        return Span(datetime.date(year, month, 1), until)
    if said["y"] and int(said["y"]) != until.year - 1:
        return None
    return Span(datetime.date(until.year, 1, 1), until)


def besides_others(scene: Scene, figure: Quantity) -> bool:
    """Whether places that are counted come to others that the text leaves out: 除贵阳、遵义外,其余7个市州将建成…; seven
    cities outside Guiyang and Zunyi will become gigabit cities.
    """
    low, high = scene.previous_end(figure), scene.next_amount(figure)
    if not scene.sentence.english:
        return _OTHERS_ZH.search(scene.text, low, high) is not None
    raw = fold(scene.sentence.raw)
    apart = any(low <= start < high for start, _ in left_out(raw, scene.context.words))
    return apart or _OTHERS.search(scene.text, low, high) is not None


_OTHERS_ZH = re.compile(
    r"除(?!以)[^，,。;；]{1,20}外|(?:以|之)外|其余|其他|其它|另外?有?(?=\d|[一二两三四五六七八九十])|还(?:有|将)"
)
_OTHERS = re.compile(r"\b(?:remaining|another|the\s+rest|the\s+other)\b")
"""Words for those that are not among the ones known."""
