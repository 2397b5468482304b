"""Figures that are levels: amounts and counts, told apart from changes and from the level before a change."""

from __future__ import annotations

import re

from xisuan.indicators.figures import dating
from xisuan.indicators.figures.alongside import beside_it
from xisuan.indicators.figures.amounts import (
    gross,
    of_each,
    of_its_makers,
    of_one_user,
    of_so_many,
    of_value,
    somewhere,
    who_is_counted,
)
from xisuan.indicators.figures.belonging import nearest
from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.earlier import it_was
from xisuan.indicators.figures.formerly import stood_before
from xisuan.indicators.figures.having import of_listed_places
from xisuan.indicators.figures.listing import without_places
from xisuan.indicators.figures.nearness import A_PART, NO_INDICATOR
from xisuan.indicators.figures.net_additions import besides_others, net_added
from xisuan.indicators.figures.observing import in_unit
from xisuan.indicators.figures.recounting import at_so_much, being_built, counted_again, more_of_them, of_such
from xisuan.indicators.figures.refused import CHANGE, why_none
from xisuan.indicators.figures.scene import Scene, Told, alike
from xisuan.indicators.figures.telling import of_that_trade
from xisuan.indicators.figures.town_and_country import other_half
from xisuan.indicators.figures.turns import at_another_time
from xisuan.indicators.figures.wholes import whole_of_a_share
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.text.translation import message as _


def level(scene: Scene, at: int) -> None:
    """Draft a level, or say why it is none."""
    figure = scene.sentence.amounts[at]
    if whole_of_a_share(scene, at) or beside_it(scene, at) or net_added(scene, at) or stood_before(scene, at):
        return
    near = None if _follows_the_unknown(scene, at) else _told_of(scene, at)
    if near is not None and near[1] == "resident_population" and _city_of_so_many(scene, at):
        return
    if near is None:
        told = _city_of_so_many(scene, at) or _money_reached(scene, at) or at_another_time(scene, at)
        if not told and (figure.unit or figure.scaled or "," in scene.text[figure.start : figure.end]):
            scene.leave(figure, NO_INDICATOR)
        return
    if _part_of_what_was_left(scene, at):
        scene.leave(figure, A_PART)
        return
    index, term = _value_it_added(scene, figure, near)
    if _goes_on_from_a_change(scene, at):
        scene.leave(figure, CHANGE)
        return
    term = of_each(scene, figure, of_its_makers(scene, figure, gross(scene, figure, index, term)))
    if f"{term}_building" in scene.context.words.terms and scene.cues.being_built.match(scene.text, figure.end):
        term = f"{term}_building"
    if why := _of_something_else(scene, figure, index, term):
        scene.leave(figure, why)
        return
    counted = _level_or_new(scene, figure, index, term)
    if not counted:
        scene.leave(figure, CHANGE)
        return
    value, unit = in_unit(figure, scene.context.words.terms[counted].unit)
    draft(scene, at, index, counted, value=value, unit=unit)


def _told_of(scene: Scene, at: int) -> Told | None:
    """Of what indicator a figure is told; None where of none."""
    figure = scene.sentence.amounts[at]
    near = (
        being_built(scene, figure)
        or of_such(scene, figure)
        or it_was(scene, figure, other_half(scene, figure, nearest(scene, at)))
    )
    near = of_that_trade(scene, figure, near) if near is not None else None
    near = more_of_them(scene, figure) if near is None else near
    near = near if near is not None else counted_again(scene, figure) or at_so_much(scene, figure)
    return near if near is not None else of_listed_places(scene, at)


def _follows_the_unknown(scene: Scene, at: int) -> bool:
    """Whether an English list of places only follows in what was told before it in its sentence, and nobody knew what that
    was: sold leaves worth 2.8 trillion; Jiangsu and Zhejiang followed with 1.7 and 1.8 trillion.
    """
    listed = scene.sentence.english and at in scene.places and at in scene.told and at not in scene.pairs
    figure = scene.sentence.amounts[at]
    left = (one for one, why in scene.unplaced if why == NO_INDICATOR and one.end <= figure.start)
    return listed and any(alike(one, figure) for one in left)


def _of_something_else(scene: Scene, figure: Quantity, index: int | None, term: str) -> str:
    """Why a figure is no level of an indicator; blank where it may be one."""
    if of_one_user(scene, figure, index, term):
        return A_PART
    if of_so_many(scene, figure, index):
        return _("neither growth, share nor a ratio of the vocabulary")
    if why := why_none(scene, figure, term, index, new=_is_new(scene, figure, scene.segment(figure))):
        return why
    what = (somewhere(scene, figure) if index is None else "") or who_is_counted(scene, figure, term)
    return _("of something that the vocabulary does not have: {words}", words=what) if what is not None else ""


def _level_or_new(scene: Scene, figure: Quantity, index: int | None, term: str) -> str:
    """The indicator whose level a figure is: its own, that of what is new of it, or that of all there are; blank where the
    figure is a change.
    """
    terms, lead = scene.context.words.terms, scene.segment(figure)
    new = f"{term}_new" if f"{term}_new" in terms else ""
    if not term.endswith("_building") and _by_so_much(scene, figure, index, term, lead):
        if new and scene.cues.new.search(lead) and "净增" not in lead and "net" not in lead:
            return new
        its_own = re.search(r"新增", lead[-6:]) or (scene.sentence.english and term.endswith("_new"))
        if terms[term].kind != "flow" or not its_own:
            return ""
    if terms[term].kind == "stock" and _came_to_it(scene, figure, index, term, lead):
        if not new and _only_what_came(scene, figure, index, term, lead):
            return ""
        term = new or term
    own = scene.text[max(scene.sentence.clause(figure.start)[0], scene.previous_end(figure)) : figure.start]
    if term.removesuffix("_new") in terms and _IN_ALL.search(own):
        term = term.removesuffix("_new")  # so many new ones, so many in all
    return term


def _by_so_much(scene: Scene, figure: Quantity, index: int | None, term: str, lead: str) -> bool:
    """Whether the words before a figure, `lead`, say by how much there is more, and not what it came to."""
    return (
        scene.cues.change.search(lead) is not None
        and not (of_value(scene, figure) or _added_value(scene, figure, index, term))
        and _CAME_TO.search(lead) is None
    )


_CAME_TO = re.compile(r"(?:增|升|提高|降)(?:加|长)?[到至]\s*$|\bto\s*$")
"""Before what a change led to."""


def _came_to_it(scene: Scene, figure: Quantity, index: int | None, term: str, lead: str) -> bool:
    """Whether so many of a stock are said to be new, or to come to others."""
    besides = term.endswith("_cities") and besides_others(scene, figure)
    return _added_to_it(scene, figure, index, lead) or besides or _is_new(scene, figure, lead)


def _added_to_it(scene: Scene, figure: Quantity, index: int | None, lead: str) -> bool:
    """Whether an indicator itself is said to be what is added, and no level is reached."""
    reached = scene.cues.level_reached.search(lead) is not None and figure.unit != "MW"
    return index is not None and _added(scene, index, figure) and not reached


def _only_what_came(scene: Scene, figure: Quantity, index: int | None, term: str, lead: str) -> bool:
    """Whether what is new of a stock, for which there is no indicator, is no level of all that there is."""
    if (
        _added_to_it(scene, figure, index, lead)
        or _MORE_OF.match(scene.text, figure.end)
        or scene.cues.newly_added.match(scene.text, figure.end)
    ):
        return True
    return not term.endswith("_cities") and (
        not scene.sentence.english
        or scene.cues.new_behind.match(scene.text, figure.end) is not None
        or _beside_a_total(scene, figure)
        or _built_in_it(scene, figure, lead)
    )


_MORE_OF = re.compile(r"\s+more\s+of\b")
"""Behind how much there is to be beside what there is."""
_IN_ALL = re.compile(r"累计|总数|总量|\b(?<!a )total(?!l?ed)|\bfor\s+a\s+total|\bcumulative")
"""Before how many there are in all, of what was just built."""


def _part_of_what_was_left(scene: Scene, at: int) -> bool:
    """Whether a Chinese count is a part of one just left over because nobody knows what it is of: 有进出口实绩的企业70万
    家,其中民营企业60.9万家.
    """
    figure, before = scene.sentence.amounts[at], scene.sentence.amounts[at - 1] if at else None
    if scene.sentence.english or before is None or not {figure.unit, before.unit} <= {"", "1"}:
        return False
    left = any(one is before and why == NO_INDICATOR for one, why in scene.unplaced)
    part = scene.cues.part.search(scene.text, before.end, figure.start) is not None
    return left and part and figure.value < before.value


def _city_of_so_many(scene: Scene, at: int) -> bool:
    """Whether an English place is said to be one of so many people; drafts its population on the day of its text."""
    figure, published = scene.sentence.amounts[at], scene.context.published
    before = _A_CITY.search(scene.text, 0, figure.start) if scene.sentence.english and published is not None else None
    if before is None or published is None or _PEOPLE.match(scene.text, figure.end) is None or not figure.scaled:
        return False
    if "resident_population" not in scene.context.words.terms:
        return False
    draft(scene, at, None, "resident_population", value=figure.value, unit="1")
    kinds = (
        ("province", "nation") if before["kind"] in ("province", "region") else ("prefecture", "new_area", "cluster")
    )
    kinds = ("province", "prefecture") if before["kind"] == "home" else kinds
    places = scene.context.words.places
    if scene.drafts and scene.drafts[-1].at == at:
        place = places.get(scene.drafts[-1].region)
        municipal = place is not None and place.kind == "province" and not place.capital
        if place is None or (place.kind not in kinds and not municipal):
            scene.drafts.pop()
            scene.leave(figure, _("its region is not said; where the text names none, give it with --region"))
            return True
        scene.drafts[-1].span = Span(published, published, True)
        scene.drafts[-1].doubt, scene.drafts[-1].aside, scene.drafts[-1].status = (), True, "actual"
    return True


_A_CITY = re.compile(
    r"\b(?P<kind>city|province|region|municipality|metropolis|place|capital|home)(?:\s+(?:of|with)|(?<=\bhome)\s+to)\s+(?:(?:about|some|nearly|over|more\s+than|fewer\s+than|less\s+than|almost|barely|only|just|roughly|around)\s+)*$"
)
_PEOPLE = re.compile(r"\s+(?:people|inhabitants|residents|souls)\b")
"""Around how many people a place has."""


def _value_it_added(scene: Scene, figure: Quantity, near: Told) -> Told:
    """The value added of an English industry told by its output or revenue, where it is said to have added an amount."""
    index, term = near
    words = scene.context.words
    if not scene.sentence.english or index is None or not money(figure.unit) or not words.terms[term].family:
        return near
    one = scene.sentence.mentions[index]
    signs = words.measures.get(words.terms[term].measure, ())
    if any(sign in scene.text[one.start : one.end] for sign in signs):
        return near
    added = one.end <= figure.start and _ADDED.fullmatch(without_places(scene, one.end, figure.start)) is not None
    return (index, words.by_measure.get((words.terms[term].family, "value_added"), term)) if added else near


def _added_value(scene: Scene, figure: Quantity, index: int | None, term: str) -> bool:
    """Whether an amount that an English industry, named without its measure, added is its value added: the primary industry
    added 129 billion yuan; `added another` tells a change.
    """
    one = scene.sentence.mentions[index] if index is not None and scene.sentence.english else None
    if one is None or not money(figure.unit) or scene.context.words.terms[term].measure != "value_added":
        return False
    return (
        "value" not in scene.text[one.start : one.end]
        and _ADDED.fullmatch(without_places(scene, one.end, figure.start)) is not None
    )


_ADDED = re.compile(r"\s+(?:together\s+|alone\s+)?added\s+(?:(?:about|some|nearly|over|almost|around|more\s+than)\s+)*")
"""Between an industry and the value that it added."""


def _money_reached(scene: Scene, at: int) -> bool:
    """Whether a number of billions without a unit is the money to which what just grew came: exports rose 17 percent to 152
    billion; fills the draft of the growth.
    """
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or last.growth is None or last.value is not None or not scene.sentence.english:
        return False
    spec = scene.context.words.terms.get(last.term)
    grew = _TO.fullmatch(scene.text, scene.sentence.amounts[last.at].end, figure.start)
    if grew is not None and spec is not None and spec.unit == "mCNY" and figure.unit == "CNY" and not last.doubt:
        last.value, last.unit, last.bound = *in_unit(figure, spec.unit), figure.bound
        return True
    if figure.unit or not figure.scaled or grew is None or spec is None or spec.unit != "mCNY" or last.doubt:
        return False
    if _ENDS.match(scene.text, figure.end) is None:
        return False
    last.value, last.unit, last.bound = figure.value * 1e-6, "mCNY", figure.bound
    return True


_TO = re.compile(r"\s+(?:year[\s-]on[\s-]year\s+)?to\s+(?:about\s+|some\s+|nearly\s+|over\s+|almost\s+|around\s+)?")
"""Between a growth and the level that it led to."""
_ENDS = re.compile(r"\s*(?:$|[.,;:)])")
"""Behind a number that counts nothing."""


def _goes_on_from_a_change(scene: Scene, at: int) -> bool:
    """Whether a figure is a second change beside one just left over: a decline of 12.1m (0.9%) from … and 120.9m (8.4%)."""
    amounts, before = scene.sentence.amounts, at - 1
    while before >= 0 and amounts[before].unit in ("pct", "pp"):
        before -= 1
    if before < 0 or amounts[before].unit != amounts[at].unit:
        return False
    left = any(one is amounts[before] and why == CHANGE for one, why in scene.unplaced)
    between = scene.text[amounts[before].end : amounts[at].start]
    named = any(amounts[before].end <= one.start < amounts[at].start for one in scene.sentence.mentions)
    return left and not named and re.search(r"\band\s+$|^[和、]$", between) is not None


def _added(scene: Scene, index: int, figure: Quantity) -> bool:
    """Whether `new` or `net increase` stands right before the indicator of a figure: 新增移动电话用户1169万户."""
    one = scene.sentence.mentions[index]
    between = any(one.end <= seen.start and seen.end <= figure.start for seen in scene.sentence.amounts)
    if scene.sentence.english and figure.unit == "MW":
        if scene.cues.brings_to.search(scene.text, 0, figure.start) is not None:
            return False  # to what there is with them
        low = max(scene.sentence.clause(one.start)[0], scene.previous_end(figure))
        new = _NEW_POWER.search(scene.text, low, one.start) or _ADDITIONS.search(scene.text, one.start, figure.start)
        return one.end <= figure.start and not between and new is not None
    return one.end <= figure.start and not between and bool(scene.cues.added.search(scene.text[: one.start]))


_NEW_POWER = re.compile(
    r"\b(?:new(?:ly)?(?!\s+energy)|added|additional|additions\s+(?:of|to))\s+(?:(?!(?:and|with|to)\b)[a-z-]+\s+){0,3}$"
)
_ADDITIONS = re.compile(
    r"\b(?:additions?|newly\s+(?:installed|added|built)|build-?out"
    r"|installations(?!\s+(?:[a-z]+\s+){0,5}?(?:pass|exceed|surpass|reach|stood|stand|top)\w*\b))\b"
)
"""Before power and in its name, that it only came to what there is: new solar capacity, wind additions; not installations
that passed a mark.
"""


_OPENS = re.compile(r"\s*(?:from|in|during|over)?\s*")
"""What may stand before a stretch of months that opens a sentence."""


def _between_months(scene: Scene, figure: Quantity) -> bool:
    """Whether a stretch of months opens the sentence of a figure: from January to July, eight centers were built; or one of
    a year, in which so many were built: last year, Zhejiang built 64,000.
    """
    first, days = scene.spans[0] if scene.spans else (None, None)
    if first is None or first.end > figure.start or _OPENS.fullmatch(scene.text, 0, first.start) is None:
        return False
    year = first.kind == "year" and days is not None and not days.point and not first.deadline
    return first.kind == "span" or (year and _BUILT_THEN.search(scene.text, first.end, figure.start) is not None)


def _built_in_it(scene: Scene, figure: Quantity, lead: str) -> bool:
    """Whether so many were built in a period, with the level that was reached behind: put up 25,000, for a total of …"""
    start, end = scene.sentence.clause(figure.start)
    names = scene.sentence.mentions
    built = any(
        all(found.end() <= one.start or found.start() >= one.end for one in names)  # installed capacity is a name
        for found in scene.cues.built.finditer(scene.text, start, figure.start)
    )
    said = scene.cues.in_the_period.search(scene.text[start:end]) and "累计" not in lead
    said = said or (scene.sentence.english and (_between_months(scene, figure) or _built_then(scene, figure)))
    if built and said and scene.cues.total_behind.match(scene.text, figure.end):
        return True
    days = dating.of_figure(scene, figure)[0]
    stretch = days is not None and not days.point
    return bool(
        scene.sentence.english
        and built
        and said
        and stretch
        and not scene.cues.stands_built.search(scene.text[start : figure.start])
    )


def _built_then(scene: Scene, figure: Quantity) -> bool:
    """Whether so many were built, as a clause without a time tells of the stretch just told: in 2024 …. We built 18,000."""
    days, start = scene.context.span, scene.sentence.clause(figure.start)[0]
    if days is None or days.point or scene.context.aimed or any(one.start < figure.end for one in scene.sentence.times):
        return False
    return _BUILT_THEN.search(scene.text, start, figure.start) is not None


_BUILT_THEN = re.compile(
    r"(?<!\bhas)(?<!\bhave)(?<!\bhad)(?<!\bhaving)(?<!\balready)(?<!\bbeen)\s+(?:also\s+)?(?:built|put\s+up|added|erected|installed|deployed|rolled\s+out|constructed|switched\s+on|opened|completed\s+(?:the\s+)?construction\s+of)"
    r"\s+(?:(?:some|about|over|nearly|around|almost|another|more\s+than)\s+)*$"
)
"""What was done with things in the simple past, right before how many."""


def _in_all_by_then(scene: Scene, figure: Quantity, lead: str) -> bool:
    """Whether what is to be built by a deadline is the level then: build 160,000 by 2025, unless more stand already."""
    lead = lead[-(figure.start - scene.sentence.clause(figure.start)[0]) :].replace("more than", "")
    if not dating.of_figure(scene, figure)[2] or scene.cues.new.search(lead):
        return False
    if not scene.cues.aims.search(scene.text[: figure.start]):
        return False
    if not scene.cues.built.search(lead) or scene.cues.new.match(scene.text[figure.end :].lstrip()):
        return False
    return not any(value >= figure.value for value in scene.context.stood.values())


_OF_THESE = re.compile(r"[\s-]*(?:of\s+(?:new\s+)?)?")
"""Between a figure and what it counts."""


def _beside_a_total(scene: Scene, figure: Quantity) -> bool:
    """Whether so much was built beside a total that follows: 5 million km were built, bringing the total to 43 million."""
    return scene.sentence.english and bool(scene.cues.taking_the_total.match(scene.text, figure.end))


def _next_of_new_ones(scene: Scene, figure: Quantity, lead: str) -> bool:
    """Whether a Chinese count goes on in a list of what is new: 新增充电桩3万个、5G基站1万个."""
    before = [one for one in scene.sentence.amounts if one.end <= figure.start]
    goes_on = re.match(r"\s*[、和及与]", scene.text[before[-1].end :]) if before else None
    return goes_on is not None and scene.cues.new_ahead_zh.search(scene.segment(before[-1])) is not None


def _is_new(scene: Scene, figure: Quantity, lead: str) -> bool:
    if _built_in_it(scene, figure, lead):
        return True
    if not scene.sentence.english:
        return bool(scene.cues.new_ahead_zh.search(lead)) or _next_of_new_ones(scene, figure, lead)
    behind = scene.text[figure.end : figure.end + 16]
    if _in_all_by_then(scene, figure, lead):
        return False
    if scene.cues.built_ahead.search(lead) and scene.cues.taking_the_total.match(scene.text, figure.end):
        return True
    return bool(
        scene.cues.new_ahead_en.search(lead)
        or re.match(r"\s*(?:[45]g\s+)?(?:more(?!\s+than)|new|additional|newly)\b", behind)
        or scene.cues.were_built.match(scene.text, figure.end)
        or any(
            one.start >= figure.end
            and scene.cues.were_built.match(scene.text, one.end)
            and _OF_THESE.fullmatch(scene.text, figure.end, one.start)
            for one in scene.sentence.mentions
        )
    )
