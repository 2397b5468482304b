"""Growths: of the figure just read, of an indicator without a level, or of nothing that anybody knows."""

from __future__ import annotations

import re

from xisuan.indicators.figures import bases, dating, placing
from xisuan.indicators.figures.bases import LONG, over_the_year, own_words
from xisuan.indicators.figures.belonging import number_of_something
from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.net_additions import behind_its_net_addition
from xisuan.indicators.figures.scene import Draft, Scene
from xisuan.indicators.figures.signs import signed
from xisuan.indicators.figures.together import other_of_two
from xisuan.indicators.figures.whose_growth import subject
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.vocabulary import MONEY
from xisuan.text.translation import message as _


def grown(scene: Scene, at: int, lead: str, rest: str, *, early: bool) -> None:
    """Read a percentage as a growth, with what it is relative to."""
    value = signed(scene, scene.sentence.amounts[at], lead, rest, early=early)
    lead = own_words(scene, at, lead)
    if over_the_year(scene, at) and (scene.drafts[-1].growth or 0.0) < 0.0 and not scene.cues.grows.search(lead):
        value = -abs(value)  # down 2.1 percent from June and 15 percent from a year ago
    growth_of(scene, at, value, bases.relative_to(scene, at, lead, rest))


def growth_of(scene: Scene, at: int, value: float, to: str) -> None:
    """Give a growth to the figure whose growth it is, or to an indicator without a level."""
    figure, value = scene.sentence.amounts[at], round(value, 6)
    if placing.of_all_listed(scene, at):
        scene.leave(figure, placing.NOT_NAMED)
        return
    if why := bases.of_several_years(scene, at, to, alone=_level_just_read(scene, at) is None):
        scene.leave(figure, why)
        return
    if _real_beside_nominal(scene, at):
        scene.leave(figure, _("a second growth of the same figure"))
        return
    if (just_read := _level_just_read(scene, at)) is not None:
        just_read.growth, just_read.growth_to = value, to
        return
    last = scene.drafts[-1] if scene.drafts else None
    if last is not None and last.at == at - 1 and dating.aside(scene, scene.sentence.amounts[last.at]):
        scene.leave(figure, LONG)  # from a level of years before
        return
    told = subject(scene, at)
    if _of_the_word_before(scene, figure) or number_of_something(scene, figure):
        scene.leave(figure, _("growth of something that is not in the vocabulary"))
        return
    if told is None and _after_what_was_left(scene, at):
        scene.leave(figure, _("growth of something that is not in the vocabulary"))
        return
    if told is None:
        _of_the_last(scene, at, value, to)
        return
    index, term = told
    if index is not None and _two_in_one_breath(scene, at, index):
        scene.leave(figure, _("of several things together"))
        return
    if _of_what_was_left(scene, at, index) or _led_to_money(scene, at, term):
        scene.leave(figure, _("growth of something that is not in the vocabulary"))
        return
    held = next((one for one in reversed(scene.drafts) if one.mention == index), None)
    held = held or next((one for one in reversed(scene.drafts) if index is not None and one.term == term), None)
    if at in scene.places and (there := of_place(scene, at)) is not None and there.term == term:
        held = there
    elif at in scene.places and held is not None and held.region != scene.places[at]:
        held = None  # of the whole of which this is a part
    same = held is not None and same_time(scene, held, figure)
    if held is not None and held.growth is None and same:
        held.growth, held.growth_to = value, to
    elif held is not None and same and held.growth_to in bases.PERIODS and not to:
        scene.leave(scene.sentence.amounts[at - 1], bases.BESIDE)
        held.growth, held.growth_to = value, to
    elif (
        held is not None
        and same
        and at not in scene.pairs
        and at not in scene.places
        and _same_place(scene, held, figure)
    ):
        scene.leave(figure, _("a second growth of the same figure"))
    else:
        draft(scene, at, index, term, growth=value, growth_to=to)
        if index is not None and (other := other_of_two(scene, figure, index)) is not None:
            draft(scene, at, other, scene.sentence.mentions[other].indicator, growth=value, growth_to=to)


def _led_to_money(scene: Scene, at: int, term: str) -> bool:
    """Whether an English growth led to an amount of money, and is none of the number or weight of what is named: exports of
    cars climbed 41 percent to 9.8 billion yuan.
    """
    spec, behind = scene.context.words.terms.get(term), scene.sentence.amounts[at + 1 : at + 2]
    if spec is None or not behind or not scene.sentence.english or spec.unit in MONEY or spec.unit == "pct":
        return False
    return (
        money(behind[0].unit) and _TO.fullmatch(scene.text, scene.sentence.amounts[at].end, behind[0].start) is not None
    )


_TO = re.compile(
    r"(?:\s+(?:year[\s-]on[\s-]year|on\s+year|from\s+a\s+year\s+(?:earlier|ago|before)))?,?\s+to\s+(?:(?:about|some|nearly|over|around|more\s+than)\s+)*"
)
"""Between a growth and the level to which it led."""


def _real_beside_nominal(scene: Scene, at: int) -> bool:
    """Whether an English growth only tells in real terms what was told in nominal ones, or back."""
    if not at or not scene.sentence.english or not scene.drafts or scene.drafts[-1].growth is None:
        return False
    before = scene.sentence.amounts[at - 1]
    return before.unit == "pct" and _REAL.search(scene.text, before.end, scene.sentence.amounts[at].start) is not None


_REAL = re.compile(r"(?:,|\b(?:and|or|but))\s+(?:an?\s+)?(?:real|nominal)\s+(?!estate)(?:[a-z]+\s+){0,3}$")
"""Before the other of a nominal and a real growth."""


def _two_in_one_breath(scene: Scene, at: int, index: int) -> bool:
    """Whether one Chinese growth is of two things in one breath: 云计算和大数据产业产值增长35%; `each` has its own."""
    if scene.sentence.english or not index or at in scene.pairs or at in scene.places:
        return False
    before, one = scene.sentence.mentions[index - 1], scene.sentence.mentions[index]
    joined = _AND_ZH.fullmatch(scene.text, before.end, one.start) is not None and not before.whole
    figure = scene.sentence.amounts[at]
    alone = one.end <= figure.start and _EACH.search(scene.text, one.end, figure.start) is None
    return joined and alone and before.indicator != one.indicator and scene.previous_end(figure) <= before.start


_AND_ZH = re.compile(r"[和与及]|以及")
_EACH = re.compile(r"[均都]|双双|分别")
"""Between two things told of together, and what makes their growth that of each."""


def _of_the_word_before(scene: Scene, figure: Quantity) -> bool:
    """Whether a growth is that of a word before `which` that is no indicator: the overall trend, which rose 6 percent."""
    said = scene.cues.of_what_grew.search(scene.text[: figure.start]) if scene.sentence.english else None
    if said is None:
        return False
    if _DAY.fullmatch(said["what"]):
        return False
    return not any(one.start < said.end("what") <= one.end + 1 for one in scene.sentence.mentions)


_DAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day")
"""A day of a statement, which grows nothing."""


def _of_what_was_left(scene: Scene, at: int, index: int | None) -> bool:
    """Whether a growth stands right behind a level of something that nobody knows: 信息通信企业17.7万家,增长11%."""
    if not at or index is None or at in scene.pairs or at in scene.places:
        return False
    before, one = scene.sentence.amounts[at - 1], scene.sentence.mentions[index]
    if scene.sentence.english and _OVER.fullmatch(scene.text, before.end, one.start) is not None:
        return _after_what_was_left(scene, at)  # 86.7 billion GB over the mobile internet, up 14.6 percent
    return one.end <= before.start and _after_what_was_left(scene, at)


_OVER = re.compile(r"\s+(?:over|of|in|for|from|on|via|through|by)\s+(?:the\s+)?")
"""Between a level and what it is said to be of."""


def _level_just_read(scene: Scene, at: int) -> Draft | None:
    """The level right before a growth, where nothing else is named between: it is that level that grew."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is not None and last.at == at - 1 and dating.aside(scene, scene.sentence.amounts[last.at]):
        now = [one for one in scene.drafts[:-1] if (one.term, one.region) == (last.term, last.region)]
        return now[-1] if now and _of_last_year(now[-1], last) and now[-1].growth is None else None
    if last is not None and (whole := _beside_its_share(scene, at)) is not None:
        last = whole
    elif last is not None and last.at == at - 1 and (total := behind_its_net_addition(scene)) is not None:
        return total if total.growth is None else None
    elif last is None or last.at != at - 1 or last.value is None or last.growth is not None or last.unit == "pct":
        return None
    if at in scene.pairs or at in scene.places:
        return None
    start, end = scene.sentence.amounts[last.at].end, scene.sentence.amounts[at].start
    named = any(
        start <= one.start < end and not one.whole and index != last.mention
        for index, one in enumerate(scene.sentence.mentions)
    )
    same = same_time(scene, last, scene.sentence.amounts[at])
    return None if named or not same or _of_another_behind(scene, scene.sentence.amounts[at], last) else last


def _of_another_behind(scene: Scene, figure: Quantity, last: Draft) -> bool:
    """Whether what grew is named behind an English growth, and is something else than was just told: with a 3 percent rise
    in retail sales.
    """
    behind = next((one for one in scene.sentence.mentions if one.start >= figure.end), None)
    if not scene.sentence.english or behind is None or behind.whole or behind.indicator in ("?", last.term):
        return False
    return scene.cues.increase_of.match(scene.text[figure.end : behind.start]) is not None


def _beside_its_share(scene: Scene, at: int) -> Draft | None:
    """The Chinese level before a share of it and a growth, which is that of the level: 占GDP的13.0%,增长8.1%."""
    if scene.sentence.english or len(scene.drafts) < _BOTH or at in scene.pairs or at in scene.places:
        return None
    level, share = scene.drafts[-2:]
    told = (level.at, share.at) == (at - 2, at - 1) and share.unit == "pct" and share.growth is None
    return (
        level if told and level.value is not None and level.growth is None and share.mention == level.mention else None
    )


_BOTH = 2
"""A level and its share."""


def _of_last_year(now: Draft, before: Draft) -> bool:
    """Whether a level is of the year before another: 1.4万亿元,较上年的1.3万亿元增长8%."""
    return now.span is not None and before.span is not None and now.span.last.year - before.span.last.year == 1


def _after_what_was_left(scene: Scene, at: int) -> bool:
    """Whether the figure before is a level that found no indicator."""
    if not at or at in scene.pairs or at in scene.places:
        return False
    before = scene.sentence.amounts[at - 1]
    if before.unit in ("pct", "pp", "fold"):
        return False
    return any(
        figure is before and why.startswith((_("no indicator"), "of several things")) for figure, why in scene.unplaced
    )


def _of_the_last(scene: Scene, at: int, value: float, to: str) -> None:
    """A growth before any indicator: of the figure just read, or of what the sentence before spoke of."""
    figure, term = scene.sentence.amounts[at], scene.context.term
    if at in scene.places:
        draft(scene, at, None, scene.drafts[-1].term if scene.drafts else term, growth=value, growth_to=to)
    elif scene.drafts:
        last = scene.drafts[-1]
        end = scene.sentence.amounts[last.at].end
        elsewhere = any(end <= one.start < figure.start for one in scene.sentence.regions)
        if elsewhere and not scene.sentence.english and not _same_place(scene, last, figure):
            draft(scene, at, None, last.term, growth=value, growth_to=to)
        elif last.growth is None:
            last.growth, last.growth_to = value, to
        elif not scene.sentence.english and _of_its_own_time(scene, last, figure):
            draft(scene, at, last.mention, last.term, growth=value, growth_to=to)
        else:
            scene.leave(figure, _("a second growth of the same figure"))
    else:
        _opening(scene, at, value, to)


def _of_its_own_time(scene: Scene, last: Draft, figure: Quantity) -> bool:
    """Whether a Chinese growth goes on from one without a level, at a time of its own: 一季度增长6.7%,二季度增长6.8%."""
    start = scene.sentence.clause(figure.start)[0]
    timed = any(start <= when.start < figure.start for when, days in scene.spans if days is not None)
    alone = not any(start <= one.start < figure.start for one in scene.sentence.mentions)
    return last.value is None and timed and alone and not same_time(scene, last, figure)


def _opening(scene: Scene, at: int, value: float, to: str) -> None:
    """A growth with which a sentence opens: of what the sentence before spoke of, where nothing else is named."""
    figure, term = scene.sentence.amounts[at], scene.context.term
    opens = _OPENS.match(scene.text) or _it_grew_there(scene)
    they = _THEY.match(scene.text) if not term.endswith("_firms") else None  # firms that grew are no more firms
    known = scene.sentence.times or scene.part or opens or they
    if re.search(r"(?:自然增长|出生|死亡)率", scene.segment(figure)):
        known = None
    if scene.cues.own_subject.search(scene.segment(figure)):
        known = None
    if _AIMED_GROWTH.search(scene.text, 0, figure.start) or _TO_GROW.search(scene.text, 0, figure.start):
        if _of_the_economy(scene, figure):
            draft(scene, at, None, "gdp", growth=value, growth_to=to)
            return
        known = None
    end = scene.sentence.clause(figure.end)[1] if they else len(scene.text)
    named = any(not seen.whole and seen.start < end for seen in scene.sentence.mentions)
    lead = scene.segment(figure)
    terms = scene.context.words.terms
    if (
        scene.sentence.english
        and term in terms
        and terms[term].unit == "1"
        and not named
        and _a_place_grew(scene, figure)
    ):
        if scene.context.main == "gdp":
            draft(scene, at, None, "gdp", growth=value, growth_to=to)
            return
        known = None
    if scene.sentence.english and scene.cues.to_level.search(lead) and not scene.cues.speaks_of_growth.search(lead):
        known = None  # what dropped to 13.7 percent is a ratio
    if not scene.sentence.english and scene.cues.measure_alone_zh.search(scene.segment(figure)):
        known = None
    left = {id(one) for one, _ in scene.unplaced}
    if at and not scene.sentence.english and id(scene.sentence.amounts[at - 1]) in left:
        known = None  # it goes on from what nobody knows
    if term and known and not named and not scene.strange(scene.segment(figure), False):
        draft(scene, at, None, term, growth=value, growth_to=to)
    else:
        scene.leave(figure, _("growth of something that is not in the vocabulary"))


def _it_grew_there(scene: Scene) -> bool:
    """Whether an English sentence opens with a place, and goes on that `it` grew there: in the east it was up 11 percent."""
    said = _IN_A_PLACE.match(scene.text) if scene.sentence.english else None
    return said is not None and any(said.start() <= one.start < said.end() for one in scene.sentence.regions)


_IN_A_PLACE = re.compile(
    r"\W*(?:but\s+|and\s+)?(?:in|for|across)\s+[a-z][a-z' -]{2,40},?\s+(?:it|they|growth)\s+"
    r"(?=(?:was|were|had|rose|grew|fell|climbed|dropped|came|reached)\b)"
)
"""How a sentence opens that tells of what grew, in a place."""


def _of_the_economy(scene: Scene, figure: Quantity) -> bool:
    """Whether growth without more that an English text aims at is that of the economy: a government or a place aims at it,
    in a text that tells of no industry but of the economy.
    """
    context = scene.context
    told = context.main in ("", "gdp") or "gdp" in context.earlier
    free = not any(not one.whole and one.end <= figure.start for one in scene.sentence.mentions)
    aims = _AIMED_GROWTH.search(scene.text, 0, figure.start) is not None
    governs = context.main == "gdp" or _GOVERNS.search(scene.text, 0, figure.start) is not None
    return scene.sentence.english and told and free and aims and governs


_GOVERNS = re.compile(
    r"\b(?:government|governor|mayor|premier|province|city|municipality|region|country|nation|leaders|authorities|work\s+report|congress|planners|officials)\b"
)
"""Who aims at growth without more."""
_OPENS = re.compile(
    r"\s*(?:按[^，,。]{1,8}(?:计算)?[，,]?\s*)?(?:this|it|that|同比|增速|增长|较上年|比上年|an?\s+increase)"
)
"""How a sentence opens that tells the growth of what the one before spoke of."""
_THEY = re.compile(r"\W*(?:but\s+|and\s+)?they\s+(?:had\s+|have\s+)?(?!are\b|were\b|want|aim|expect|plan)[a-z]+\b")
"""The same, of what has a name in the plural: exports …. They dropped 2.2 percent."""


def _a_place_grew(scene: Scene, figure: Quantity) -> bool:
    """Whether a clause says no more than that a place grew, which is no growth of what was counted there."""
    before = [one for one in scene.sentence.regions if one.end <= figure.start]
    return bool(before) and _GREW.fullmatch(scene.text, before[-1].end, figure.start) is not None


_GREW = re.compile(
    r"(?:\s+province|\s+city)?(?:\s+as\s+a\s+whole|\s+itself)?(?:,\s+[a-z\s]{3,30},)?\s+(?:grew|expanded|advanced)(?:\s+(?:by|about|some|nearly|over|a|only|just))*\s+"
)
"""Between a place and the percentage by which it grew."""
_TO_GROW = re.compile(
    r"\b(?:region|province|city|municipality|country|nation|economy|area|island|it|we)\s+(?:to|would|will|could|can|might|should)\s+(?:grow|expand)\b[^.;]*$"
)
"""Before a growth that a place is expected to have."""
_AIMED_GROWTH = re.compile(
    r"\b(?:aim\w*|striv\w*|strove|target\w*|seek\w*|goal|expect\w*|hop\w+|want\w*|shoot\w*)\s+(?:\w+\s+){0,4}growth\s+(?:rate\s+)?(?:of|at|to)\s+(?:\w+\s+){0,2}$"
    r"|\b(?:target|goal|aim|objective)s?(?:\s+[a-z']+){0,4}:\s+(?:a\s+)?growth\s+(?:rate\s+)?of\s+(?:\w+\s+){0,3}$"
    r"|\b(?:target|goal|aim)\s+(?:is|was|of)\s+(?:a\s+|an\s+)?(?:\w+\s+)?growth\s+(?:rate\s+)?of\s+(?:\w+\s+){0,2}$"
    r"|\b(?:ambitions?|sights|hopes|aims?|targets?|goals?|expectations)\s+(?:down\s+)?(?:to|at|on)\s+(?:an?\s+)?growth\s+(?:rate\s+)?of\s+(?:\w+\s+){0,2}$"
    r"|\bgrowth\s+(?:rate\s+)?(?:target|goal|aim|objective)\s+(?:of|at|is|was)\s+(?:\w+\s+){0,2}$"
)
"""Before a growth that is aimed at, of what nobody says: of all the economy, as a rule."""


def same_time(scene: Scene, one: Draft, figure: Quantity) -> bool:
    """Whether a figure is of the days of a draft."""
    days, old, _ = dating.of_figure(scene, figure)
    return (
        days is None
        or one.span is None
        or (old and "period" in one.inherited)
        or (days.last == one.span.last and (days.first == one.span.first or one.span.point))
    )


def _same_place(scene: Scene, one: Draft, figure: Quantity) -> bool:
    return placing.of_figure(scene, figure, None, one.mention)[0] == one.region


def of_place(scene: Scene, at: int) -> Draft | None:
    """The latest level that was read of the place to which a list ties a percentage."""
    place = scene.places[at]
    return next((one for one in reversed(scene.drafts) if one.region == place and one.value is not None), None)


def clause_of(scene: Scene, figure: Quantity) -> str:
    """The clause a figure stands in."""
    start, end = scene.sentence.clause(figure.start)
    return scene.text[start:end]
