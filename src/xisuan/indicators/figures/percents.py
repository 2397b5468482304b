"""Percentages: growth, share, progress against a plan, or a ratio that is an indicator itself."""

from __future__ import annotations

import re

from xisuan.indicators.figures import chinese
from xisuan.indicators.figures.aiming import of_the_economy_of_places
from xisuan.indicators.figures.alongside import beside_it
from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.earlier import of_before
from xisuan.indicators.figures.gapping import bracketed, gapped
from xisuan.indicators.figures.growths import grown, of_place
from xisuan.indicators.figures.having import share_of_it
from xisuan.indicators.figures.its_growth import (
    of_an_aim,
    of_its_economy,
    of_what_it_has,
    of_what_was_told,
    with_so_much,
)
from xisuan.indicators.figures.refused import before_a_change
from xisuan.indicators.figures.resuming import resumed
from xisuan.indicators.figures.scene import Scene, Told
from xisuan.indicators.figures.share_changes import share_changed
from xisuan.indicators.figures.shares import beside_a_level, share_of
from xisuan.indicators.figures.signs import goes_on, signed
from xisuan.indicators.figures.spoken import Said, continues, neither, spoken
from xisuan.indicators.figures.telling import ratio_of_doing
from xisuan.indicators.figures.turns import goes_on_in_places
from xisuan.indicators.figures.wholes import of_a_whole_counted
from xisuan.indicators.language.periods import span
from xisuan.indicators.language.quantities import Quantity
from xisuan.text.translation import message as _


def percent(scene: Scene, at: int) -> None:
    """Draft a percentage as what it is, or say why it is none of these."""
    figure = scene.sentence.amounts[at]
    lead, rest = scene.segment(figure), scene.rest(figure)
    if _level_before(scene, at, lead):
        return
    if of_before(scene, at) or beside_it(scene, at) or _left_with_its_list(scene, at) or goes_on_in_places(scene, at):
        return
    if resumed(scene, at) or share_of_it(scene, at) or share_changed(scene, at, lead):
        return
    if why := neither(scene, figure, lead, rest):
        scene.leave(figure, why)
        return
    if of_an_aim(scene, at) or of_the_economy_of_places(scene, at):
        return
    if of_what_was_told(scene, at) or of_its_economy(scene, at) or of_what_it_has(scene, at):
        return
    if at in scene.follows:
        held = next((one for one in scene.drafts if one.at == scene.follows[at]), None)
        if held is None or held.growth is not None:
            scene.leave(figure, _("growth of something that is not in the vocabulary"))
        else:
            if not scene.cues.grows.search(lead):
                lead = scene.segment(scene.sentence.amounts[min(scene.follows)])
            held.growth = -abs(figure.value) if scene.cues.falls.search(lead) else figure.value
        return
    if chinese.of_villages_behind(scene, at):
        return
    if (
        _signed_behind(scene, at)
        or chinese.exactly(scene, at, lead)
        or (scene.sentence.english and bracketed(scene, at))
    ):
        return
    if chinese.among_them(scene, at) or (scene.sentence.english and _said_behind(scene, at)) or _goes_on(scene, at):
        return
    if (scene.sentence.english and _for_another_time(scene, at)) or chinese.again_in_a_year(scene, at):
        return
    shared = scene.sentence.english and scene.cues.shares.search(lead) is not None
    if (shared or not scene.sentence.english) and before_a_change(scene, figure):
        scene.leave(figure, _BEFORE)
        return
    lead = _in_two_clauses(scene, figure, lead)
    if at and any(one is scene.sentence.amounts[at - 1] and why == _BEFORE for one, why in scene.unplaced):
        lead = scene.segment(scene.sentence.amounts[at - 1]) + lead  # what says of what both are
    said = spoken(scene, at, lead, rest)
    if said.shared and at in scene.places and (held := of_place(scene, at)) is not None and held.share is None:
        held.share = figure.value
    elif said.shared or (_of_a_whole(scene, at, rest) and not said.growth):
        share_of(scene, at, said.ratio)
    elif said.growth and _of_a_share(scene, at, lead):
        scene.leave(figure, _("a change of a share, not a growth"))
    elif said.ratio is not None and _is_ratio(scene, said, lead):
        value = figure.value
        if scene.context.words.terms[said.ratio[1]].kind == "growth":
            if scene.cues.previous.search(lead + rest):
                scene.leave(figure, _("a change over the month before, not over the year before"))
                return
            value = signed(scene, figure, lead, rest, early=bool(said.growth))
            value = -abs(value) if not (said.growth or said.late) and _fell_before(scene, at) else value
        draft(scene, at, said.ratio[0], said.ratio[1], value=value, unit="pct")
    elif said.growth or said.late:
        grown(scene, at, lead, rest, early=bool(said.growth))
    elif not with_so_much(scene, at):
        scene.leave(figure, _("neither growth, share nor a ratio of the vocabulary"))


def _of_a_whole(scene: Scene, at: int, rest: str) -> bool:
    """Whether what stands behind a percentage, `rest`, makes it a share of something."""
    figure = scene.sentence.amounts[at]
    named = scene.cues.whole_after.match(rest) is not None or _of_a_whole_named(scene, figure)
    return named or of_a_whole_counted(scene, at)


def _of_a_whole_named(scene: Scene, figure: Quantity) -> bool:
    """Whether what a share is of stands right behind an English percentage: 35.9 percent of telecom revenue."""
    return scene.sentence.english and any(
        one.whole and _OF.fullmatch(scene.text, figure.end, one.start) for one in scene.sentence.mentions
    )


_OF = re.compile(r"\s+of\s+(?:(?:the|its|their|all|total|overall|[a-z-]+'s|regional|provincial|national)\s+)*")
"""Between a share and its whole."""


def _left_with_its_list(scene: Scene, at: int) -> bool:
    """Whether a percentage is the next of a list whose last one was left over, and is left for the same reason: it is of as
    many years (比2019年分别增长12%和8%), or tied to nothing of its own.
    """
    if not goes_on(scene, at):
        return False
    before = scene.sentence.amounts[at - 1]
    why = next((why for one, why in reversed(scene.unplaced) if one is before), "")
    if (at in scene.pairs or at in scene.places) and "of several years" not in why and "over several years" not in why:
        return False
    if why:
        scene.leave(scene.sentence.amounts[at], why)
    return bool(why)


def _in_two_clauses(scene: Scene, figure: Quantity, lead: str) -> str:
    """The words that lead to a Chinese percentage, with the clause before where they but say how much: 增速最高,为25%."""
    start = scene.sentence.clause(figure.start)[0]
    if scene.sentence.english or start <= scene.previous_end(figure) or not scene.cues.but_how_much.fullmatch(lead):
        return lead
    before = max(scene.sentence.clause(start - 1)[0], scene.previous_end(figure))
    told = scene.text[before:start]
    return told + lead if scene.cues.of_a_growth.search(told) else lead


_BEFORE = _("the level before a change, whose date is not said")
"""Why the first of two levels of a ratio was left over: 比重由30.61%上升至32.28%."""


def _of_a_share(scene: Scene, at: int, lead: str) -> bool:
    """Whether a change stands right behind a share without a level: 13 percent of all, up 0.1 percent."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or last.growth is not None:
        return False
    if (last.share is None or last.value is not None) and not (last.value is not None and last.unit == "pct"):
        return False
    return scene.sentence.english and _A_CHANGE.search(lead) is not None


def _fell_before(scene: Scene, at: int) -> bool:
    """Whether an English rate without a verb stands behind one that fell, whose verb it shares: producer prices fell 8.2
    percent and purchase prices 5.1 percent.
    """
    last = scene.drafts[-1] if scene.drafts and scene.sentence.english else None
    if last is None or last.at != at - 1 or _GAP.fullmatch(scene.segment(scene.sentence.amounts[at])) is None:
        return False
    return (last.growth if last.growth is not None else last.value or 0.0) < 0.0


_GAP = re.compile(
    r"[^.;]{0,40}?(?:,|\band\b|\bwhile\b)(?:(?!\b(?:was|were|is|are|at|stood|reached|came|had|saw)\b)[a-z' ()-])+"
)
"""Words that lead from one rate to the next of a list."""
_A_CHANGE = re.compile(r",\s+(?:up|down|an?\s+(?:increase|rise|decrease|drop|decline)\s+of)\s+$")
"""Before a change right behind a share or a ratio."""


def _signed_behind(scene: Scene, at: int) -> bool:
    """Whether a percentage with a sign stands in brackets behind a level, whose growth it is: 5.54 billion yuan (-29.0%)."""
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or last.value is None or last.growth is not None:
        return False
    said = scene.cues.signed_bracket.search(scene.text[scene.sentence.amounts[at - 1].end : figure.start])
    if said is None or not (said["plus"] or figure.value < 0):
        return False
    last.growth = figure.value
    return True


def _said_behind(scene: Scene, at: int) -> bool:
    """Whether what has a share stands behind it; drafts it."""
    figure = scene.sentence.amounts[at]
    if (named := _being(scene, figure) or _part_of_a_whole(scene, figure) or ratio_of_doing(scene, figure)) is not None:
        draft(scene, at, *named, value=figure.value, unit="pct")
        return True
    return _is_a_part(scene, at) or _listed_behind(scene, at) or gapped(scene, at)


def _is_a_part(scene: Scene, at: int) -> bool:
    """Whether an English percentage of the level just told is the part named behind it, of its unit: 400 billion yuan, of
    which 77 percent was tax revenue; drafts it as the share of that.
    """
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    terms = scene.context.words.terms
    of = _OF_WHICH.search(scene.text, 0, figure.start) or _OF_IT.match(scene.text, figure.end)
    if last is None or last.value is None or last.at != at - 1 or not of:
        return False
    for index, one in enumerate(scene.sentence.mentions):
        if one.start >= figure.end and one.indicator in terms and one.indicator != last.term:
            said = _WAS.fullmatch(scene.text, figure.end, one.start)
            if said is None or terms[one.indicator].unit != terms[last.term].unit:
                return False
            ratio = scene.context.words.ratio(one.indicator, last.term)
            more = {"value": figure.value, "unit": "pct"} if ratio else {"share": figure.value}
            draft(scene, at, index, ratio or one.indicator, **more)
            return True
    return False


_OF_WHICH = re.compile(r"\bof\s+(?:which|this|it|that)\s*,?\s+(?:(?:about|some|nearly|over|more\s+than|almost)\s+)*$")
_OF_IT = re.compile(r"\s+of\s+(?:it|this|that|which)\s")
_WAS = re.compile(
    r"\s+(?:of\s+(?:it|this|that|which)\s+)?(?:was|were|is|are|came\s+from|stemmed\s+from|to|for|as)\s+(?:the\s+)?"
)
"""Around a percentage of a level, which a part of it is."""


def _goes_on(scene: Scene, at: int) -> bool:
    """Whether a percentage goes on from the figure before: the later of two ratios, or yuan `or` percent of a whole."""
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    if last is None:
        return False
    if continues(scene, at) and last.value is not None:
        draft(scene, at, last.mention, last.term, value=figure.value, unit="pct")
        return True
    if (
        last.at == at - 1
        and last.value is not None
        and last.share is None
        and scene.cues.or_percent.search(scene.segment(figure))
        and not scene.cues.grows.search(scene.text, figure.end, figure.end + _COMPARED)
    ):
        beside_a_level(scene, at, last)
        return True
    return False


_COMPARED = 44
"""Signs behind a percentage within which it is said to be a growth: or 4.7 percent less than a year before."""


def _being(scene: Scene, figure: Quantity) -> Told | None:
    """The share that a percentage is where what has it stands behind: with over 92 percent being intelligent computing."""
    if (named := _were(scene, figure)) is not None:
        return named
    gap = scene.cues.being.match(scene.text, figure.end)
    if gap is None:
        return None
    terms = scene.context.words.terms
    for index, one in enumerate(scene.sentence.mentions):
        if one.start == gap.end() and one.indicator in terms and terms[one.indicator].family:
            name = scene.context.words.by_measure.get((terms[one.indicator].family, "share"), "")
            told = scene.drafts[-1].term if scene.drafts else scene.context.term
            of_gdp = name and "of=gdp" in terms[name].flags and _CAME.match(scene.text, figure.end)
            return (index, name) if name and (not of_gdp or told == "gdp") else None
    return None


def _were(scene: Scene, figure: Quantity) -> Told | None:
    """The ratio of those behind an English percentage in the count just told: 38 percent were gigabit users."""
    said = _WERE.match(scene.text, figure.end) if scene.sentence.english else None
    told = scene.drafts[-1].term if scene.drafts else scene.context.term
    used = f"{told.removesuffix('s')}_occupancy"
    if scene.sentence.english and used in scene.context.words.terms and _IN_USE.match(scene.text, figure.end):
        return None, used
    behind = ((index, one) for index, one in enumerate(scene.sentence.mentions) if said and one.start == said.end())
    names = ((index, scene.context.words.ratio(one.indicator, told)) for index, one in behind if told)
    return next(((index, name) for index, name in names if name), None)


_IN_USE = re.compile(
    r"\s+(?:of\s+(?:them|these|those|which)\s+)?(?:were|are|was|is|being)\s+(?:already\s+|now\s+|actually\s+)?(?:occupied|in\s+use|filled|rented\s+out|taken|put\s+to\s+use)\b"
)
"""Behind a percentage of what was just counted, that it is in use."""
_WERE = re.compile(r"\s+(?:of\s+(?:them|these|those|whom|which)\s+)?(?:were|are)\s+(?:already\s+|now\s+)?")
"""Between a percentage of those just told and what they are."""
_CAME = re.compile(r"\s+of\s+\w+\s+(?:came|comes|coming|stem|was)")
"""Behind a percentage of what was told, which came from a part of it."""


def _part_of_a_whole(scene: Scene, figure: Quantity) -> Told | None:
    """The ratio of two counts behind a percentage: 65 percent of mobile users were on 5G (flags `part=`, `whole=`)."""
    mentions = scene.sentence.mentions
    behind = [(index, one) for index, one in enumerate(mentions) if one.start >= figure.end]
    if behind and _OF_THEM.fullmatch(scene.text, figure.end, behind[0][1].start):
        told = scene.drafts[-1].term if scene.drafts else scene.context.term
        said = {f"part={behind[0][1].indicator}", f"whole={told}"}
        ratios = scene.context.words.terms.items()
        return next(((behind[0][0], name) for name, term in ratios if said <= term.flags), None)
    if len(behind) < _TWO or not scene.cues.percent_of.fullmatch(scene.text, figure.end, behind[0][1].start):
        return None
    (_, whole), (index, part) = behind[:_TWO]
    if not scene.cues.are_these.fullmatch(scene.text, whole.end, part.start):
        return None
    name = scene.context.words.ratio(part.indicator, whole.indicator)
    return (index, name) if name else None


_OF_THEM = re.compile(
    r"\s+of\s+(?:them|these|which|whom|those)\s+(?:were|are|was|is|being|used|use|had|have)\s+(?:on\s+|now\s+|already\s+)?(?:the\s+)?"
)
"""Between a percentage of what was just counted and the part that it is."""
_TWO = 2


def _for_another_time(scene: Scene, at: int) -> bool:
    """Whether a percentage goes on from a growth with days of its own: 6.4 percent in the first quarter and 6.2 percent in
    the second; drafts it.
    """
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or last.growth is None or last.value is not None:
        return False
    if scene.pairs.get(at, last.mention) != last.mention:
        return False  # of the next of a list
    figure = scene.sentence.amounts[at]
    between = scene.untimed(scene.sentence.amounts[at - 1].end, figure.start)
    behind = _ITS_TIME.match(scene.text, figure.end)
    near = [when for when in scene.sentence.times if behind is not None and 0 <= when.start - behind.end() <= _THE]
    low = scene.sentence.amounts[at - 1].end
    named = any(low <= one.start < figure.start for one in scene.sentence.mentions)
    by = not named and _AND_BY.search(between) is not None
    if not near or (near[0].compared and not by) or (_JOINS.fullmatch(between) is None and not by):
        return False
    draft(scene, at, last.mention, last.term, growth=figure.value)
    if near[0].compared and last.span is not None and scene.drafts[-1].at == at:  # by 5.2 percent over the eight months
        year = near[0].year if near[0].year is not None else last.span.last.year
        scene.drafts[-1].span = span(near[0], year, last.span.last.month)
    return True


_ITS_TIME = re.compile(r"\s+(?:for|in|during|from|over|between|at)\s+")
_THE = 4
"""Signs of `the` before a time."""
_AND_BY = re.compile(r",?\s+(?:and|but)\s+by\s+$")
"""Before the growth of another time, behind whatever is said of the first."""
_JOINS = re.compile(r",?\s+and\s+(?:by\s+)?|,\s+")


def _listed_behind(scene: Scene, at: int) -> bool:
    """Whether a percentage goes on in a list whose names stand behind: …, 24 percent for A and 16 percent for B."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or (last.share is None and last.growth is None):
        return False
    figure = scene.sentence.amounts[at]
    joined = scene.cues.listed_behind.fullmatch(scene.text[scene.sentence.amounts[at - 1].end : figure.start])
    turned = _TURNED.fullmatch(scene.text, scene.sentence.amounts[at - 1].end, figure.start)
    joined = joined or (turned if last.growth is not None else None)
    behind = scene.cues.percent_for.match(scene.text, figure.end)
    index = next((at for at, one in enumerate(scene.sentence.mentions) if behind and one.start == behind.end()), None)
    if index is None or index == last.mention or not (joined or scene.cues.followed_by.search(scene.segment(figure))):
        return False
    kind = "share" if last.share is not None else "growth"
    fell = turned is not None and turned["fell"] is not None
    draft(scene, at, index, scene.sentence.mentions[index].indicator, **{kind: -figure.value if fell else figure.value})
    return True


_TURNED = re.compile(
    r"\s+(?:for|in)\s+[a-z' -]{2,40}(?:\([^()]{3,50}\))?(?:\s+in\s+[a-z0-9' -]{2,40})?(?:,|,?\s+and|,?\s+but|,?\s+while)\s+"
    r"(?:(?P<fell>fell|dropped|declined|shrank|slid|contracted)\s+|(?:rose|grew|gained|increased|expanded)\s+)?(?:by\s+)?(?:(?:about|over|only|just|nearly|some)\s+)*"
)
"""Between the growth of one thing and that of the next, each before whose it is."""


def _level_before(scene: Scene, at: int, lead: str) -> bool:
    """Whether a percentage is the earlier level of the ratio just read, up from 38 % in 2020; drafts it where dated."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or (last.share is None and (last.unit != "pct" or last.value is None)):
        return False
    if not re.search(
        r"\b(?:up|down|compared\s+(?:with|to)|rising|rose|higher|lower)?\s*(?:from|(?<!more\s)(?<!less\s)than|with|after|(?:as\s+)?against|versus)\s+(?:the\s+)?(?:about\s+|only\s+|just\s+|barely\s+)?$",
        lead,
    ):
        return False
    figure = scene.sentence.amounts[at]
    if last.share is not None:
        scene.leave(figure, _("a share of before"))
        return True
    dated = [
        days for when, days in scene.spans if figure.end <= when.start <= figure.end + _ITS_DAY and days is not None
    ]
    if dated:
        draft(scene, at, last.mention, last.term, value=figure.value, unit="pct")
        scene.drafts[-1].region = last.region
    else:
        scene.leave(figure, _("the level before a change, whose date is not said"))
    return True


_ITS_DAY = 20
"""Signs within which the day of an earlier level stands behind it: 13 percent logged in 2017."""


def _is_ratio(scene: Scene, said: Said, lead: str) -> bool:
    """Whether a percentage is the level of a ratio, not a change of it."""
    term = scene.context.words.terms[said.ratio[1]] if said.ratio else None
    if term is None or term.unit != "pct" or (said.late and term.kind != "growth"):
        return False
    if not said.growth or term.kind == "growth" or scene.cues.reaches.search(lead):
        return True
    figure = next(one for one in scene.sentence.amounts if scene.text[: one.start].endswith(lead))
    return bool(
        scene.cues.from_.search(lead) and scene.cues.from_a_share.match(scene.text[figure.end : figure.end + 12])
    )
