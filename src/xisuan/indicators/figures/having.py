"""What English places have of what was told last, without its name: Xi'an accounted for 41,200 of them; Xiamen alone was
good for 45 billion; Zunyi and Bijie follow with 18,100 and 16,400.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.figures import placing
from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.listing import run_of
from xisuan.indicators.figures.observing import in_unit
from xisuan.indicators.figures.scene import Scene, Told, alike
from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import Where

_RUN_BY_PLACES = ("", "1", "EFLOPS")
"""Units of what places host and run, as they have anything."""
_FEW = 100.0
"""A bare number below this counts anything."""


def of_them(scene: Scene, at: int) -> bool:
    """Whether a place that leads to an English figure is said to have so much of what was told; drafts it."""
    figure = scene.sentence.amounts[at]
    ahead = [one for one in scene.sentence.regions if one.end <= figure.start]
    if not scene.sentence.english or not ahead or _in_a_list(scene, at):
        return False
    place = ahead[-1].region or placing.of_its_kind(scene, ahead[-1])
    if not place or figure.unit in ("pct", "pp", "fold") or not _alone(scene, ahead[-1], figure):
        return False
    term = what_they_have(scene, figure, ahead[-1].end, figure.end)
    if not term or place == _told_of(scene):
        return False
    scene.places[at] = place
    value, unit = in_unit(figure, scene.context.words.terms[term].unit)
    scene.told[at] = term  # the words that lead to it say no more
    draft(scene, at, None, term, value=value, unit=unit)
    return True


def share_of_it(scene: Scene, at: int) -> bool:
    """Whether an English percentage is what a place has of what was told, or of the same in the place around it: Changsha
    earned 92 percent of it; Urumqi accounted for 41 percent of the region's foreign trade; drafts it.
    """
    figure = scene.sentence.amounts[at]
    low = scene.previous_end(figure)
    ahead = [one for one in scene.sentence.regions if low <= one.start and one.end <= figure.start and one.region]
    if scene.sentence.english and (_share_of_its_own(scene, at, ahead) or _share_there(scene, at)):
        return True
    if not scene.sentence.english or not ahead or _in_a_list(scene, at) or not _alone(scene, ahead[-1], figure):
        return False
    lead = scene.cues.has_so_much.fullmatch(scene.text, ahead[-1].end, figure.start)
    if len(ahead) > 1 and lead is not None and _AND.fullmatch(scene.text, ahead[-2].end, ahead[-1].start):
        scene.leave(figure, placing.NOT_NAMED)  # A and B accounted for 61 percent of it
        return True
    if lead is None and _EARNS.fullmatch(scene.text, ahead[-1].end, figure.start) is None:
        return False
    return _drafted(scene, at, ahead[-1].region, _of_what(scene, figure))


def _share_of_its_own(scene: Scene, at: int, ahead: Sequence[Where]) -> bool:
    """Whether an English percentage is the share that a place is said to have of what was told, or goes on from one: Jinan's
    share was 42 percent and Qingdao's 38 percent; drafts it.
    """
    figure = scene.sentence.amounts[at]
    if not ahead or not _alone(scene, ahead[-1], figure):
        return False
    last = scene.drafts[-1] if scene.drafts else None
    goes_on = last is not None and last.at == at - 1 and last.share is not None and last.value is None
    lead = _SHARE.fullmatch(scene.text, ahead[-1].end, figure.start)
    if lead is None and not (goes_on and _OWNS.fullmatch(scene.text, ahead[-1].end, figure.start)):
        return False
    return _drafted(scene, at, ahead[-1].region, last.term if last is not None else scene.context.term)


def _share_there(scene: Scene, at: int) -> bool:
    """Whether an English percentage of what was just told is said to be at a place behind it: 12 EFLOPS, about 70 percent of
    it in Qingyang; drafts it as what that place has, which is no share of the whole level.
    """
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    there = next((one for one in scene.sentence.regions if one.start >= figure.end and one.region), None)
    behind = _IS_THERE if _OF_WHICH.search(scene.text, 0, figure.start) else _THERE
    lead = there is not None and behind.fullmatch(scene.text, figure.end, there.start)
    if there is None or not lead or (last is not None and (last.at != at - 1 or last.value is None or last.doubt)):
        return False
    return _drafted(scene, at, there.region, last.term if last is not None else scene.context.term)


def _drafted(scene: Scene, at: int, place: str, term: str) -> bool:
    """Draft a percentage as what a place has of an indicator; not where that is a ratio, or all of it is that place's."""
    spec = scene.context.words.terms.get(term)
    if spec is None or spec.unit in ("pct", "ratio", "per_10k") or place == _told_of(scene):
        return False
    scene.places[at], scene.told[at] = place, term
    draft(scene, at, None, term, share=scene.sentence.amounts[at].value)
    if scene.drafts and scene.drafts[-1].at == at:
        scene.drafts[-1].aside = True  # what follows is of the whole again
    return True


_AND = re.compile(r",?\s+and\s+(?:the\s+)?")
"""Between two places that have a share together."""
_SHARE = re.compile(
    r"'s?\s+(?:own\s+)?(?:share|part|portion)(?:\s+(?:of|in)\s+(?:it|this|that|them|these|the\s+(?:total|whole|sum)))?"
    r"\s+(?:is|was|stood\s+at|came\s+to|reached|amounted\s+to|made|being)\s+(?:(?:about|some|nearly|over|more\s+than|almost|only|just|around|roughly)\s+)*"
)
_OWNS = re.compile(r"'s?\s+(?:(?:was|stood\s+at|about|some|nearly|over|only|just|around)\s+)*")
_IN = (
    r"(?:(?:located|concentrated|hosted|based|housed|installed|sited|earned|made|generated|found|standing|run)\s+)?"
    r"(?:in|from|by|at)\s+(?:the\s+)?(?:(?:city|province|town)\s+of\s+)?"
)
_THERE = re.compile(rf"\s+of\s+(?:it|this|that|them|these|those|which)\s+(?:(?:is|are|was|were|being|all)\s+)?{_IN}")
_IS_THERE = re.compile(rf"\s+(?:is|are|was|were|being)\s+{_IN}")
_OF_WHICH = re.compile(
    r"\bof\s+(?:which|whom|these|them|this)\s*,?\s+(?:(?:about|some|nearly|over|more\s+than|almost|only|just)\s+)*$"
)
"""Between a place and its share of what was told, between the next place of a list and its share, and between a percentage
of what was told and where that is.
"""


def _of_what(scene: Scene, figure: Quantity) -> str:
    """The indicator that a percentage is said to be of: `it`, which is what was told last, or what stands right behind."""
    last = scene.drafts[-1] if scene.drafts else None
    if _OF_IT.match(scene.text, figure.end):
        return scene.context.term if last is None else "" if last.doubt or last.value is None else last.term
    return next(
        (
            one.indicator
            for one in scene.sentence.mentions
            if one.start >= figure.end and _OF_THE.fullmatch(scene.text, figure.end, one.start)
        ),
        "",
    )


_EARNS = re.compile(r"\s+(?:alone\s+|itself\s+)?(?:earned|made|took\s+in|brought\s+in|generated|produced)\s+")
"""Between a place and its part of what was earned."""
_OF_IT = re.compile(r"\s+of\s+(?:it|this|that|them|these|the\s+total|the\s+whole|the\s+sum)(?=\s*(?:$|[.,;:)]))")
_OF_THE = re.compile(
    r"\s+of\s+(?:the\s+)?(?:(?:province|region|country|nation)'s|provincial|national|regional)\s+(?:total\s+)?"
)
"""Behind a part of what was told, or of the same in the place around."""


def of_listed_places(scene: Scene, at: int) -> Told | None:
    """What was told last, where a list of places, each with a figure in their order, is said to have so much of it."""
    others = bool(scene.drafts) and scene.drafts[-1].at not in scene.places
    if at not in scene.places or not scene.sentence.english or others:
        return None
    amounts = scene.sentence.amounts
    first = at
    while first - 1 in scene.places and first - 1 not in scene.pairs:
        first -= 1
    ahead = [one for one in scene.sentence.regions if one.end <= amounts[first].start]
    term = scene.told.get(first, "") if first < at else ""
    before = scene.drafts[-1] if scene.drafts and first < at else None
    if not term and before is not None and before.at == at - 1 and before.value is not None and not before.doubt:
        term = before.term if alike(amounts[at - 1], amounts[at]) else ""
    if not term and ahead:
        end = max((one.end for one in amounts), default=0)
        said = scene.text.find("respectively", end)
        term = what_they_have(scene, amounts[first], ahead[-1].end, said + len("respectively") if said >= 0 else end)
    if not term or not fits(scene, term, amounts[at]):
        return None
    scene.told[at] = term
    return None, term


def what_they_have(scene: Scene, figure: Quantity, start: int, end: int) -> str:
    """The indicator told last that some places, the last of which ends at `start`, are said to have so much of, in figures
    that begin with `figure` and end at `end`; blank where they may have something else.
    """
    cues = scene.cues
    runs = figure.unit in _RUN_BY_PLACES and cues.runs_so_many.fullmatch(scene.text, start, figure.start)
    makes = _MAKES.fullmatch(scene.text, start, figure.start) is not None
    if not runs and not makes and cues.has_so_much.fullmatch(scene.text, start, figure.start) is None:
        return ""
    told = [one for one in scene.drafts if scene.sentence.amounts[one.at].end <= figure.start]
    if told and (told[-1].doubt or told[-1].value is None):
        return ""
    context = scene.context
    terms = context.words.terms
    named = [one.indicator for one in scene.sentence.mentions if one.end <= start and not one.whole]
    ways = ([told[-1].term] if told else named[-1:]) + [context.term, *reversed(context.earlier)]
    fitting = [name for one in ways if (name := one.removesuffix("_new")) in terms and fits(scene, name, figure)]
    if (of_these := _of_what_is_named(scene, end, fitting)) and (figure.scaled or figure.value >= _FEW):
        return of_these
    of_them = _of_them(scene, end, fitting[0]) if fitting else None
    if not fitting or (of_them is None and not _ends(scene, end)):
        return ""
    if money(figure.unit):
        return the_whole(scene, fitting) if not told or told[-1].term == fitting[0] else ""
    if figure.unit not in ("", "1") or of_them:
        return the_whole(scene, fitting)
    counted = figure.scaled or figure.value >= _FEW
    apt = fitting[0].endswith("_output") if makes else terms[fitting[0]].kind == "stock"
    return fitting[0] if counted and apt and fitting[0] == ways[0] else ""


_MAKES = re.compile(
    r"\s+(?:(?:alone|itself|together|also|as\s+a\s+whole)\s+)*(?:made|produced|built|turned\s+out|assembled|rolled\s+out)\s+"
    r"(?:(?:about|some|nearly|over|more\s+than|almost|only|just|another|around|roughly)\s+)*"
)
"""Between a place and how many it made of what was told last."""


def the_whole(scene: Scene, fitting: Sequence[str]) -> str:
    """The latest of some indicators, or that of which it is but a part told beside it."""
    whole = whole_of(scene, fitting[0])
    return whole if whole in fitting else fitting[0]


def whole_of(scene: Scene, term: str) -> str:
    """The indicator of which another is a part; blank where there is none."""
    whole = scene.context.words.terms[term].part_of
    return whole or ("foreign_trade" if term.endswith("_trade") else "")


def _of_them(scene: Scene, end: int, term: str) -> re.Match[str] | None:
    """So many `of them`, `of these racks`, behind figures; a noun must be one of the names of what was told."""
    said = _OF_THEM.match(scene.text, end)
    noun = said["noun"] if said is not None else None
    if noun is None or noun in _TOTAL or says_nothing(scene.cues, noun):
        return said
    known = scene.context.words.spoken(term)
    measure = scene.context.words.terms[term].measure
    return said if noun.removesuffix("s") in known or noun in scene.context.words.measures.get(measure, ()) else None


def _of_what_is_named(scene: Scene, end: int, fitting: Sequence[str]) -> str:
    """The stock of some told of which so many are said to be by one of its own words: 16,500 of the sites; else blank."""
    said = _OF_THEM.match(scene.text, end)
    noun = said["noun"] if said is not None else None
    if noun is None or noun in _TOTAL or says_nothing(scene.cues, noun):
        return ""
    terms, words = scene.context.words.terms, scene.context.words
    stocks = (name for name in fitting if terms[name].kind == "stock" and terms[name].unit == "1")
    return next((name for name in stocks if noun.removesuffix("s") in words.spoken(name)), "")


def _alone(scene: Scene, where: Where, figure: Quantity) -> bool:
    """Whether nothing is named between the figure before and a place, or between the place and its figure."""
    low = scene.previous_end(figure)
    return not any(low + _COUNTED < one.start < figure.start and not one.whole for one in scene.sentence.mentions)


_COUNTED = 2
"""Signs behind a figure within which what it counts begins."""


def _in_a_list(scene: Scene, at: int) -> bool:
    """Whether a figure is one of several in a list, which is settled with its list of places."""
    amounts = scene.sentence.amounts
    return len(run_of(scene, list(range(at, len(amounts))))) > 1 or (at > 0 and len(run_of(scene, [at - 1, at])) > 1)


def _told_of(scene: Scene) -> str:
    """The region that was told of last, in the sentence or before it."""
    return scene.drafts[-1].region if scene.drafts else scene.context.region


_OF_THEM = re.compile(
    r"\s+of\s+(?:(?:them|these|those|that|this|it)(?=\s*(?:$|[.,;:)])|\s+(?:and|while|at|in)\b)|(?:these|those|this|that|the)\s+(?P<noun>[a-z]+)\b)"
)
"""Behind so much of what was told."""
_TOTAL = ("total", "sum", "figure", "number", "amount", "provincial", "regional")
"""What a part is of, whatever that is."""
_ENDS = re.compile(
    r"\s*(?:$|[.,;:)(]|(?:and|while|with|but|respectively|last\s+(?:year|month)|this\s+(?:year|month))\b)"
)
"""Behind a figure that counts nothing else."""
_AT = re.compile(r"\s+(?:in|at|by|as\s+of|over|during|for)\s+(?:the\s+)?")
"""Between a figure and its time."""


def _ends(scene: Scene, end: int) -> bool:
    """Whether figures that end somewhere count nothing else: their clause ends there, or a time follows."""
    at = _AT.match(scene.text, end)
    timed = at is not None and any(at.start() <= one.start <= at.end() for one in scene.sentence.times)
    return timed or _ENDS.match(scene.text, end) is not None
