"""Percentages and multiples: growth, share, progress against a plan, or a ratio that is an indicator itself."""

from __future__ import annotations

import re

from xisuan.indicators import dating, placing
from xisuan.indicators.belonging import nearest
from xisuan.indicators.drafting import draft
from xisuan.indicators.quantities import Quantity
from xisuan.indicators.scene import Draft, Scene
from xisuan.indicators.tokens import Mention

Told = tuple[int | None, str]
_INCREASE_OF = re.compile(
    r"(?:[\s,-]+[\w-]+){0,4}?\s+(?:increase|growth|rise|jump|surge|gain|drop|decline|decrease|fall|expansion)\s+(?:in|of)\s+(?:the\s+|its\s+)?(?:[\w'-]+\s+){0,3}$"
)
_MORE_OF = re.compile(
    r"\s+(?:more|fewer|higher|lower|growth|increase)?\s*(?:in|of|for)\s+(?:the\s+|its\s+)?(?:[\w'-]+\s+){0,2}"
)
_IN_MEASURE = re.compile(
    r"(?:\s+(?:year-on-year|growth|increase|rise|gain|drop|decline|fall))*\s+in\s+(?:(?:its|the|total|annual|combined|terms|of)\s+){0,3}"
)
"""Between a growth and the measure that grew."""
_OR = re.compile(r"[,(]\s*or\s+(?:about\s+|nearly\s+|over\s+|some\s+)?$")
"""N yuan, or p percent, of the whole just named."""
_ITS_OWN = re.compile(
    r"\b(?:its|their)\s+(?:[a-z-]+\s+){1,3}(?:rose|grew|increased|fell|dropped|declined|climbed|surged|went)\b"
)
"""A subject of its own: its gross payroll rose."""
_OF_OWNERS = re.compile(r"\s*of\s+(?:the\s+|its\s+|their\s+)?[\w-]+s'\s")
"""Behind a percentage of things that have something: 86 percent of the subscribers' lines."""
_BEING = re.compile(r"\s+(?:of\s+(?:it|them|which)\s+)?(?:being|is|are|was|were)\s+(?:for\s+)?")
_OF_SOME = re.compile(r"(?:以上|以下)?的(?:省|市|县|企业|地区|城市|行业|领域|项目|用户)")
"""Behind a percentage that tells some things from others: 增速高于20%的省份."""
_REACHES = re.compile(r"(?:至|到|to)\s*(?:about\s+|nearly\s+|约|超过?)?$")
_FROM_A_SHARE = re.compile(r"^[^,，。;；]{0,4}(?:升|增|提|降|上|下)[^,，。;；]{0,4}[至到]|^\s*(?:in\s+\d{4}\s+)?to\s")


def percent(scene: Scene, at: int) -> None:
    """Draft a percentage as what it is, or say why it is none of these."""
    figure = scene.sentence.amounts[at]
    lead, rest = scene.segment(figure), scene.rest(figure)
    if scene.cues.progress.search(lead) or scene.cues.progress_after.match(rest):
        scene.leave(figure, "progress against a plan, not growth")
        return
    if scene.cues.several_years.search(_clause(scene, figure)) and not scene.sentence.times:
        scene.leave(figure, "of several years, not of one period")
        return
    if scene.cues.together.search(lead):
        scene.leave(figure, "of several things together")
        return
    if _OF_SOME.match(rest):
        scene.leave(figure, "it says which ones are meant, not how much")
        return
    if _OF_OWNERS.match(rest):
        scene.leave(figure, "a share of something that is not in the vocabulary")
        return
    if scene.sentence.english and (named := _being(scene, figure)) is not None:
        draft(scene, at, *named, value=figure.value, unit="pct")
        return
    if scene.sentence.english and _listed_behind(scene, at):
        return
    growth = [match.end() for match in scene.cues.grows.finditer(lead)]
    share = [match.end() for match in scene.cues.shares.finditer(lead)]
    late = scene.sentence.english and bool(scene.cues.grows.search(rest[:44]))
    if late and re.search(r"represent\w*\s+an?\s*$", lead):
        share = []
    by = scene.sentence.english and bool(re.search(r"\bby\s+(?:an?\s+)?(?:about\s+|over\s+|around\s+)?$", lead))
    ratio = nearest(scene, at)
    if ratio is not None and ratio[0] is None and (late or by or growth):
        ratio = None  # the change of something said here is not the ratio of the sentence before
    if _level_before(scene, at, lead):
        return
    if _continues(scene, at) and scene.drafts[-1].value is not None:
        draft(scene, at, scene.drafts[-1].mention, scene.drafts[-1].term, value=figure.value, unit="pct")
        return
    if _continues(scene, at):
        growth, share = ([], [0]) if scene.drafts[-1].share is not None else ([0], [])
    listed = scene.pairs.keys() | scene.places.keys()
    if {at, at - 1} <= listed and not growth and not share and scene.drafts:
        growth, share = ([0], []) if any(one.growth is not None for one in scene.drafts) else ([], [0])
    last = scene.drafts[-1] if scene.drafts else None
    if last and last.at == at - 1 and last.value is not None and last.share is None and _OR.search(lead):
        last.share = figure.value
        return
    shared = share and not (growth and growth[-1] > share[-1])
    if shared or (scene.cues.whole_after.match(rest) and not growth):
        _share(scene, at, ratio)
    elif ratio is not None and _is_ratio(scene, ratio, growth, lead, late=late or by):
        value = figure.value
        if scene.context.words.terms[ratio[1]].kind == "growth":
            value = _signed(scene, figure, lead, rest, early=bool(growth))
        draft(scene, at, ratio[0], ratio[1], value=value, unit="pct")
    elif growth or late or by:
        _grown(scene, at, lead, rest, early=bool(growth))
    else:
        scene.leave(figure, "neither growth, share nor a ratio of the vocabulary")


def _being(scene: Scene, figure: Quantity) -> Told | None:
    """The share that a percentage is where what has it stands behind: with over 92 percent being intelligent computing."""
    gap = _BEING.match(scene.text, figure.end)
    if gap is None:
        return None
    terms = scene.context.words.terms
    for index, one in enumerate(scene.sentence.mentions):
        if one.start == gap.end() and one.indicator in terms and terms[one.indicator].family:
            name = scene.context.words.by_measure.get((terms[one.indicator].family, "share"), "")
            return (index, name) if name else None
    return None


def _listed_behind(scene: Scene, at: int) -> bool:
    """Whether a percentage goes on in a list whose names stand behind: …, 24 percent for A and 16 percent for B."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or (last.share is None and last.growth is None):
        return False
    figure = scene.sentence.amounts[at]
    joined = _LISTED.fullmatch(scene.text[scene.sentence.amounts[at - 1].end : figure.start])
    behind = _FOR.match(scene.text, figure.end)
    index = next((at for at, one in enumerate(scene.sentence.mentions) if behind and one.start == behind.end()), None)
    if index is None or index == last.mention or not (joined or _FOLLOWED.search(scene.segment(figure))):
        return False
    kind = "share" if last.share is not None else "growth"
    draft(scene, at, index, scene.sentence.mentions[index].indicator, **{kind: figure.value})
    return True


_FOR = re.compile(r"\s+(?:for|in|by|from)\s+(?:the\s+|its\s+)?")
_LISTED = re.compile(r"\s+(?:for|in|by|from)\s+[\w\s'-]{1,60}?(?:,|,?\s+and)\s+(?:about\s+|over\s+)?")
_FOLLOWED = re.compile(r"\b(?:followed\s+by|ahead\s+of)\s+(?:about\s+|over\s+)?$")


def _level_before(scene: Scene, at: int, lead: str) -> bool:
    """Whether a percentage is the earlier level of the ratio just read, up from 38 % in 2020; drafts it where dated."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or last.unit != "pct" or last.value is None:
        return False
    if not re.search(
        r"\b(?:up|down|compared\s+(?:with|to)|rising|rose|higher|lower)?\s*(?:from|than|with)\s+(?:about\s+|only\s+)?$",
        lead,
    ):
        return False
    figure = scene.sentence.amounts[at]
    dated = [days for when, days in scene.spans if figure.end <= when.start <= figure.end + 12 and days is not None]
    if dated:
        draft(scene, at, last.mention, last.term, value=figure.value, unit="pct")
        scene.drafts[-1].region = last.region
    else:
        scene.leave(figure, "the level before a change, whose date is not said")
    return True


def _clause(scene: Scene, figure: Quantity) -> str:
    start, end = scene.sentence.clause(figure.start)
    return scene.text[start:end]


def _continues(scene: Scene, at: int) -> bool:
    """Whether a percentage is the later of two: from 23 % to 46 %, of which the first said what they are."""
    if not at or scene.sentence.amounts[at - 1].unit != "pct" or not scene.drafts or scene.drafts[-1].at != at - 1:
        return False
    before = scene.sentence.amounts[at - 1]
    gap = scene.text[before.end : scene.sentence.amounts[at].start]
    return bool(scene.cues.from_.search(scene.text[: before.start]) and _FROM_A_SHARE.search(gap))


def _is_ratio(scene: Scene, ratio: Told, growth: list[int], lead: str, *, late: bool) -> bool:
    term = scene.context.words.terms[ratio[1]]
    if term.unit != "pct" or (late and term.kind != "growth"):
        return False
    return not growth or term.kind == "growth" or bool(_REACHES.search(lead))


def _grown(scene: Scene, at: int, lead: str, rest: str, *, early: bool) -> None:
    value = _signed(scene, scene.sentence.amounts[at], lead, rest, early=early)
    to = ""
    if scene.cues.previous.search(lead + rest):
        to = "the period before"
    elif scene.cues.yearly.search(lead + rest):
        to = "the year before, yearly average"
    growth_of(scene, at, value, to)


def _signed(scene: Scene, figure: Quantity, lead: str, rest: str, *, early: bool) -> float:
    """A growth with its sign: below 0 where the words say that something fell."""
    falls = scene.cues.falls.search(lead) if early else scene.cues.falls.search(rest[:44])
    return -abs(figure.value) if falls and not re.search(r"降幅[^,，]*收窄", lead) else figure.value


def multiple(scene: Scene, at: int) -> None:
    """2.7 times: of the level before (growth 170 %), or more than it (270 %)."""
    figure = scene.sentence.amounts[at]
    if scene.cues.several_years.search(_clause(scene, figure)):
        scene.leave(figure, "of several years, not of one period")
        return
    lead, said = scene.segment(figure), scene.text[figure.start : figure.end]
    if scene.cues.grows.search(lead) and not scene.cues.times_of.search(lead):
        fold = scene.sentence.english and "fold" in said
        growth_of(scene, at, (figure.value - fold) * 100.0, "")
    elif scene.cues.times_of.search(lead) or scene.cues.times_of.search(scene.text[figure.start : figure.end + 30]):
        growth_of(scene, at, (figure.value - 1.0) * 100.0, "")
    else:
        scene.leave(figure, "a multiple of something that is not said")


def growth_of(scene: Scene, at: int, value: float, to: str) -> None:
    """Give a growth to the figure whose growth it is, or to an indicator without a level."""
    figure, value = scene.sentence.amounts[at], round(value, 6)
    if (just_read := _level_just_read(scene, at)) is not None:
        just_read.growth, just_read.growth_to = value, to
        return
    told = _subject(scene, at)
    if told is None and _after_what_was_left(scene, at):
        scene.leave(figure, "growth of something that is not in the vocabulary")
        return
    if told is None:
        _of_the_last(scene, at, value, to)
        return
    index, term = told
    if _of_what_was_left(scene, at, index):
        scene.leave(figure, "growth of something that is not in the vocabulary")
        return
    held = next((one for one in reversed(scene.drafts) if one.mention == index), None)
    same = held is not None and _same_time(scene, held, figure)
    if held is not None and held.growth is None and same:
        held.growth, held.growth_to = value, to
    elif (
        held is not None
        and same
        and at not in scene.pairs
        and at not in scene.places
        and _same_place(scene, held, figure)
    ):
        scene.leave(figure, "a second growth of the same figure")
    else:
        draft(scene, at, index, term, growth=value, growth_to=to)
        if index is not None and (other := _both(scene, index)) is not None:
            draft(scene, at, other, scene.sentence.mentions[other].indicator, growth=value, growth_to=to)


def _both(scene: Scene, index: int) -> int | None:
    """The first of two that grew alike: both A and B rose by over 20 percent."""
    if not index or scene.sentence.mentions[index - 1].whole:
        return None
    first, second = scene.sentence.mentions[index - 1], scene.sentence.mentions[index]
    joined = re.fullmatch(r"\s+(?:services\s+)?and\s+(?:the\s+)?", scene.text[first.end : second.start])
    said = re.search(r"\bboth\s+(?:the\s+)?$", scene.text[: first.start])
    known = first.indicator in scene.context.words.terms
    return index - 1 if joined and said and known else None


def _of_what_was_left(scene: Scene, at: int, index: int | None) -> bool:
    """Whether a growth stands right behind a level of something that nobody knows: 信息通信企业17.7万家,增长11%."""
    if not at or index is None or at in scene.pairs or at in scene.places:
        return False
    before, one = scene.sentence.amounts[at - 1], scene.sentence.mentions[index]
    return one.end <= before.start and _after_what_was_left(scene, at)


def _level_just_read(scene: Scene, at: int) -> Draft | None:
    """The level right before a growth, where nothing else is named between: it is that level that grew."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or last.value is None or last.growth is not None or last.unit == "pct":
        return None
    if at in scene.pairs or at in scene.places:
        return None
    start, end = scene.sentence.amounts[last.at].end, scene.sentence.amounts[at].start
    named = any(start <= one.start < end and not one.whole for one in scene.sentence.mentions)
    behind = scene.sentence.english and _INCREASE_OF.match(scene.text, scene.sentence.amounts[at].end)
    same = _same_time(scene, last, scene.sentence.amounts[at])
    return None if named or behind or not same else last


def _after_what_was_left(scene: Scene, at: int) -> bool:
    """Whether the figure before is a level that found no indicator."""
    if not at or at in scene.pairs or at in scene.places:
        return False
    before = scene.sentence.amounts[at - 1]
    if before.unit in ("pct", "pp", "fold"):
        return False
    return any(figure is before and why.startswith("no indicator") for figure, why in scene.unplaced)


def _of_the_last(scene: Scene, at: int, value: float, to: str) -> None:
    """A growth before any indicator: of the figure just read, or of what the sentence before spoke of."""
    figure, term = scene.sentence.amounts[at], scene.context.term
    if at in scene.places:
        draft(scene, at, None, scene.drafts[-1].term if scene.drafts else term, growth=value, growth_to=to)
    elif scene.drafts:
        last = scene.drafts[-1]
        if last.growth is None:
            last.growth, last.growth_to = value, to
        else:
            scene.leave(figure, "a second growth of the same figure")
    else:
        _opening(scene, at, value, to)


def _opening(scene: Scene, at: int, value: float, to: str) -> None:
    """A growth with which a sentence opens: of what the sentence before spoke of, where nothing else is named."""
    figure, term = scene.sentence.amounts[at], scene.context.term
    opens = re.match(r"\s*(?:this|it|that|同比|增速|增长|较上年|an?\s+increase)", scene.text)
    known = scene.sentence.times or scene.part or opens
    if re.search(r"(?:自然增长|出生|死亡)率", scene.segment(figure)):
        known = None
    if _ITS_OWN.search(scene.segment(figure)):
        known = None
    named = any(not seen.whole for seen in scene.sentence.mentions)
    if term and known and not named and not scene.strange(scene.segment(figure), False):
        draft(scene, at, None, term, growth=value, growth_to=to)
    else:
        scene.leave(figure, "growth of something that is not in the vocabulary")


def _same_time(scene: Scene, one: Draft, figure: Quantity) -> bool:
    days, _, _ = dating.of_figure(scene, figure)
    return (
        days is None
        or one.span is None
        or (days.last == one.span.last and (days.first == one.span.first or one.span.point))
    )


def _same_place(scene: Scene, one: Draft, figure: Quantity) -> bool:
    return placing.of_figure(scene, figure, None, one.mention)[0] == one.region


def _subject(scene: Scene, at: int) -> Told | None:
    """Of what a percentage is the growth: the last indicator before it, or the one right after `increase in`."""
    if at in scene.pairs:
        index = scene.pairs[at]
        return index, scene.sentence.mentions[index].indicator
    figure = scene.sentence.amounts[at]
    real = [(index, seen) for index, seen in enumerate(scene.sentence.mentions) if not seen.whole]
    if scene.sentence.english:
        after = [(index, seen) for index, seen in real if seen.start >= figure.end]
        if after:
            gap = scene.text[figure.end : after[0][1].start]
            if _IN_MEASURE.fullmatch(gap) and (told := _measure_behind(scene, figure, after[0])) is not None:
                return told
            if _INCREASE_OF.match(gap) or _MORE_OF.fullmatch(gap):
                return after[0][0], after[0][1].indicator
    before = [(index, seen) for index, seen in real if seen.end <= figure.start]
    if not before:
        return None
    index, seen = before[-1]
    start = max(scene.previous_end(figure), seen.end)
    if scene.strange(scene.text[start : figure.start], seen.end >= scene.previous_end(figure)):
        return (None, "?")
    return (None, "?") if seen.foreign else (index, seen.indicator)


def _measure_behind(scene: Scene, figure: Quantity, behind: tuple[int, Mention]) -> Told | None:
    """The indicator of an industry before a growth and its measure behind: software grew 12 percent in revenue."""
    index, seen = behind
    terms = scene.context.words.terms
    spec = terms.get(seen.indicator)
    measure = seen.indicator[1:] if seen.indicator.startswith("?") else spec.measure if spec else ""
    before = [one for one in scene.sentence.mentions if one.end <= figure.start and not one.whole]
    if not measure or not before:
        return None
    if before[-1].indicator not in terms:
        return (None, "?")
    own = terms[before[-1].indicator]
    if own.measure == measure:
        return scene.sentence.mentions.index(before[-1]), before[-1].indicator
    name = scene.context.words.by_measure.get((own.family, measure)) if own.family else None
    return (index, name) if name else None


def _of_its_whole(scene: Scene, figure: Quantity, ratio: str) -> bool:
    """Whether a share is one of what its indicator is a share of: `of=gdp`, or `of=` the industry of the whole."""
    terms = scene.context.words.terms
    of = next((flag[3:] for flag in terms[ratio].flags if flag.startswith("of=")), "")
    if of == "gdp":
        return bool(scene.cues.of_gdp.search(_clause(scene, figure)))
    wholes = [one.indicator for one in scene.sentence.mentions if one.whole]
    return not of or any(name in terms and terms[name].family == of for name in wholes)


def _share(scene: Scene, at: int, ratio: Told | None) -> None:
    """Give a share to the figure it is of, or to an indicator without a level."""
    figure, terms = scene.sentence.amounts[at], scene.context.words.terms
    if ratio is not None and ratio[0] is not None and terms[ratio[1]].unit == "pct":
        draft(scene, at, ratio[0], ratio[1], value=figure.value, unit="pct")
        return
    if scene.cues.of_the_world.search(scene.rest(figure)) or scene.cues.of_the_world.search(scene.segment(figure)):
        scene.leave(figure, "a share of the world's, not of a whole of the vocabulary")
        return
    last = scene.drafts[-1] if scene.drafts else None
    if last is not None and last.at == at - 1 and last.share is None and last.value is not None:
        gap = (scene.sentence.amounts[at - 1].end, figure.start)
        if not any(gap[0] <= seen.start < gap[1] and not seen.whole for seen in scene.sentence.mentions):
            last.share = figure.value
            return
    before = [
        (index, seen)
        for index, seen in enumerate(scene.sentence.mentions)
        if seen.end <= figure.start and not seen.whole
    ]
    if before:
        index, seen = before[-1]
        held = next((one for one in reversed(scene.drafts) if one.mention == index), None)
        if held is not None and held.share is None and _same_time(scene, held, figure) and at not in scene.places:
            held.share = figure.value
            return
        term = terms.get(seen.indicator)
        named = scene.context.words.by_measure.get((term.family, "share")) if term else None
        if named and not _of_its_whole(scene, figure, named):
            named = None
        if term and term.kind != "ratio":
            if named:
                draft(scene, at, index, named, value=figure.value, unit="pct")
            else:
                draft(scene, at, index, seen.indicator, share=figure.value)
            return
    after = [one for one in scene.sentence.mentions if one.start >= figure.end and one.start - figure.end < 40]
    whole = scene.cues.whole_after.match(scene.rest(figure))
    if scene.drafts and scene.drafts[-1].share is None:
        scene.drafts[-1].share = figure.value
    elif scene.context.term and not after and (whole or scene.part):
        draft(scene, at, None, scene.context.term, share=figure.value)
    else:
        scene.leave(figure, "a share of something that is not in the vocabulary")
