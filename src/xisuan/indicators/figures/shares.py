"""Shares: of the figure just read, or of an indicator without a level."""

from __future__ import annotations

import re

from xisuan.indicators.figures import placing, ratios
from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.growths import clause_of, same_time
from xisuan.indicators.figures.nearness import A_PART, NO_INDICATOR
from xisuan.indicators.figures.scene import Draft, Scene, Told
from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Mention, Stretch, Where
from xisuan.indicators.language.vocabulary import MONEY, Term
from xisuan.text.translation import message as _

_NOT_NAMED = _("of regions that are not named")
"""Why a level was left over whose share is left with it: 五省合计收入38769亿元,占全国的70.3%."""


def share_of(scene: Scene, at: int, ratio: Told | None) -> None:
    """Give a share to the figure it is of, or to an indicator without a level."""
    figure = scene.sentence.amounts[at]
    if (part := ratios.of_two(scene, figure) or ratios.of_the_part_named(scene, figure, ratio)) is not None:
        draft(scene, at, *part, value=figure.value, unit="pct")
    elif ratio is not None and ratio[0] is not None and scene.context.words.terms[ratio[1]].unit == "pct":
        _of_a_ratio(scene, at, ratio[0], ratio[1])
    elif (where := _place_with_a_share(scene, at)) is not None:
        _of_a_place_in_it(scene, at, where)
    elif why := _of_no_whole(scene, at):
        scene.leave(figure, why)
    elif (level := _level_right_before(scene, at)) is not None:
        beside_a_level(scene, at, level)
    elif not _of_the_last_named(scene, at):
        _of_the_one_told(scene, at)


def _of_a_ratio(scene: Scene, at: int, index: int, term: str) -> None:
    """Draft a share as the ratio named before it; where that is a growth, as the share of GDP of what grows: 数字经济增速居
    全国第一,占GDP比重37%.
    """
    figure, terms = scene.sentence.amounts[at], scene.context.words.terms
    if terms[term].kind == "growth" and not _whole_growth(scene, figure):
        term = scene.context.words.by_measure.get((terms[term].family, "share"), "")
        clause = clause_of(scene, figure)
        said = scene.cues.of_gdp.search(clause) or (_BARE_SHARE.search(clause) and not scene.sentence.english)
        if not term or "of=gdp" not in terms[term].flags or not said:
            scene.leave(figure, _UNKNOWN)
            return
    draft(scene, at, index, term, value=figure.value, unit="pct")


_BARE_SHARE = re.compile(
    r"(?<!占)(?:占比|比重)(?:已|首次|进一步)*(?:达到?|为|超过?|突破|升至|提升至|提高到|约|近)*$|占比[^占]*[\d.]+%"
)
"""A Chinese share without its whole."""


def _whole_growth(scene: Scene, figure: Quantity) -> bool:
    """Whether English words around a share speak of a rate: the growth rate, a share of all, was 5 percent."""
    return scene.sentence.english and not scene.cues.of_gdp.search(clause_of(scene, figure))


_UNKNOWN = _("a share of something that is not in the vocabulary")


def _place_with_a_share(scene: Scene, at: int) -> Where | None:
    """The place that alone is named behind what was just told in Chinese, and has a share of it: …6421亿元,其中成都占96%."""
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    if scene.sentence.english or last is None or (last.unit == "pct" and last.growth is None):
        return None
    low = scene.sentence.amounts[last.at].end
    levels = (one for one in scene.sentence.amounts if one.unit not in ("pct", "pp"))
    said: list[Stretch] = [*scene.sentence.mentions, *levels]
    own = any(low <= one.start < figure.start for one in said)
    here = [one for one in scene.sentence.regions if low <= one.start < figure.start]
    has = here and _HAS.fullmatch(scene.text, here[-1].end, figure.start) is not None
    return here[-1] if has and not own and here[-1].region != last.region else None


def _of_a_place_in_it(scene: Scene, at: int, where: Where) -> None:
    """Draft the share that a place in the one just told of has; leave that of one that is not known."""
    last = scene.drafts[-1]
    if where.region and last.region in scene.context.words.within(where.region)[1:]:
        draft(scene, at, last.mention, last.term, share=scene.sentence.amounts[at].value)
    else:
        scene.leave(
            scene.sentence.amounts[at], _("of a place that the vocabulary does not have; add it to regions.csv")
        )


_HAS = re.compile(r"[省市区州县]?(?:就|则|一[市地]|独)*占(?:了|到|比|据)?(?:约|近|超过?|达到?)*")
"""Between a place and the share that it has of what was just told."""


def _of_no_whole(scene: Scene, at: int) -> str:
    """Why a share is none of a whole of the vocabulary; blank where it may be one."""
    figure = scene.sentence.amounts[at]
    if any(scene.cues.of_the_world.search(part) for part in (scene.rest(figure), scene.segment(figure))):
        return _("a share of the world's, not of a whole of the vocabulary")
    if placing.of_all_listed(scene, at):
        return _NOT_NAMED
    if _of_a_level_left(scene, at) or _of_turnover(scene, figure) or _of_money_told(scene, at):
        return _UNKNOWN
    if _of_two(scene, at):
        return _("of several things together")
    if _of_a_subject(scene, figure) or _of_new_ones(scene, figure):
        return _UNKNOWN
    before_it = scene.sentence.amounts[at - 1] if at else None
    left = any(one is before_it and why == _NOT_NAMED for one, why in scene.unplaced)
    return _NOT_NAMED if left or placing.of_several(scene, figure) else ""


def _of_money_told(scene: Scene, at: int) -> bool:
    """Whether an English share is one of the money just told, and what is named as having it is counted in pieces: exports
    of 132 billion yuan, of which integrated circuits accounted for 61 percent.
    """
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    terms = scene.context.words.terms
    told = terms.get(last.term if last is not None else scene.context.term)
    low = scene.sentence.amounts[last.at].end if last is not None else 0
    said = _OF_WHICH.search(scene.text, low, figure.start) if scene.sentence.english else None
    named = [one.indicator for one in scene.sentence.mentions if said and said.end() <= one.start < figure.start]
    pieces = bool(named) and named[-1] in terms and terms[named[-1]].unit == "1"
    return pieces and told is not None and told.unit in MONEY


_OF_WHICH = re.compile(r"\bof\s+(?:which|this|that|these|it|the\s+total)\b")
"""Before a part of what was just told."""


def _of_new_ones(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese share is that of what was added, not of what stands: 新增算力占全国新增算力的六成."""
    start = scene.sentence.clause(figure.start)[0]
    stocks = (one for one in scene.sentence.mentions if start <= one.start < figure.start and _stock(scene, one))
    return not scene.sentence.english and any(scene.cues.added.search(scene.text, start, one.start) for one in stocks)


def _stock(scene: Scene, one: Mention) -> bool:
    """Whether what is named stands on a day."""
    term = scene.context.words.terms.get(one.indicator)
    return term is not None and term.kind == "stock"


def _of_a_subject(scene: Scene, figure: Quantity) -> bool:
    """Whether an English clause has a subject that nobody knows: …, and new energy accounted for 41 percent of it."""
    said = _SUBJECT.search(scene.text, scene.previous_end(figure), figure.start) if scene.sentence.english else None
    if said is None:
        return False
    known: list[Stretch] = [*scene.sentence.mentions, *scene.sentence.regions, *scene.sentence.times]
    if any(one.start < said.end("who") and one.end > said.start("who") for one in known):
        return False
    return any(not says_nothing(scene.cues, word) for word in re.findall(r"[a-z][\w'-]+", said["who"]))


_SUBJECT = re.compile(
    r"(?:[,;]\s+(?:and\s+|while\s+|of\s+which\s+)?|\band\s+|\bwhile\s+)(?:the\s+)?(?P<who>(?:[a-z][\w'-]*\s+){1,4}?)"
    r"(?:account\w*\s+for|made\s+up|makes?\s+up|making\s+up|represent\w*|compris\w*)\s+(?:[a-z]+\s+){0,3}$"
)
"""A clause whose subject has a share."""


def _of_turnover(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese share is the ratio of something to the turnover of firms: 研发费用占营业收入的比重."""
    said = scene.cues.to_turnover.search(clause_of(scene, figure)) if not scene.sentence.english else None
    before = [one for one in scene.sentence.mentions if one.end <= figure.start and not one.whole]
    last = scene.context.words.terms.get(before[-1].indicator) if before else None
    return said is not None and (last is None or last.measure not in ("revenue", "share"))


def _of_two(scene: Scene, at: int) -> bool:
    """Whether one Chinese share is of two things in one breath: 机电产品和劳动密集型产品出口占比超八成."""
    figure = scene.sentence.amounts[at]
    before = [one for one in scene.sentence.mentions if one.end <= figure.start and not one.whole]
    if scene.sentence.english or not before or at in scene.pairs or at in scene.places:
        return False
    start, listed = scene.previous_end(figure), at + 1 < len(scene.sentence.amounts) and "分别" in scene.segment(figure)
    return not listed and before[-1].start >= start and _TWO.search(scene.text, start, before[-1].start) is not None


_TWO = re.compile(r"[\u4e00-\u9fff]{2}(?:产品|产业|行业|企业|业)(?:和|与|及)$")
"""The first of two things that a share is of."""


def _level_right_before(scene: Scene, at: int) -> Draft | None:
    """The level that a share is of because nothing else is named between the two."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.at != at - 1 or last.share is not None or last.value is None:
        return None
    whole = scene.drafts[-2] if len(scene.drafts) > 1 else None
    if whole is not None and last.term == f"{whole.term}_new" and whole.value is not None and whole.share is None:
        last = whole  # 4.4 million stations, 144,000 more than …, accounting for 34 percent of all
    start, end = scene.sentence.amounts[at - 1].end, scene.sentence.amounts[at].start
    between = any(start <= seen.start < end and not seen.whole for seen in scene.sentence.mentions)
    return None if between else last


def _of_the_last_named(scene: Scene, at: int) -> bool:
    """Whether the indicator named last before a share settles it: gives the share to its level, drafts it, or leaves it."""
    figure, terms = scene.sentence.amounts[at], scene.context.words.terms
    before = [
        (index, seen)
        for index, seen in enumerate(scene.sentence.mentions)
        if seen.end <= figure.start and not seen.whole
    ]
    if not before:
        return False
    index, seen = before[-1]
    if at in scene.pairs:
        index, seen = scene.pairs[at], scene.sentence.mentions[scene.pairs[at]]
    if _of_something_else(scene, figure, seen) or _of_its_own_subject(scene, figure, seen):
        scene.leave(figure, _UNKNOWN)
        return True
    held = next((one for one in reversed(scene.drafts) if one.mention == index), None)
    if held is not None and held.share is None and same_time(scene, held, figure) and at not in scene.places:
        beside_a_level(scene, at, held)
        return True
    used = f"{seen.indicator.removesuffix('s')}_occupancy"
    if scene.sentence.english and used in terms and _IN_USE.search(scene.text, seen.start, seen.end + _NEAR):
        draft(scene, at, index, used, value=figure.value, unit="pct")
        return True
    term = terms.get(seen.indicator)
    if seen.indicator.startswith("?"):
        scene.leave(figure, _UNKNOWN)
        return True
    if term is None:
        return False
    named = scene.context.words.by_measure.get((term.family, "share"))
    named_here = bool(named) and _of_its_whole(scene, figure, named or "")
    if ("named" in term.flags or term.measure == "rd") and not named_here and not _whole_said(scene, figure):
        scene.leave(figure, _UNKNOWN)
    elif (
        term.unit not in MONEY
        and scene.cues.of_money.match(scene.rest(figure))
        and not _of_its_kind(scene, figure, term)
    ):
        scene.leave(figure, _("a share of money; what is counted is none"))
    elif term.kind == "ratio":
        return False
    elif seen.indicator == "gdp" and "contribut" in scene.text[: figure.start]:
        scene.leave(figure, _UNKNOWN)  # what a sector contributes to the whole is no share of the whole
    elif ratio := ratios.to_what_was_told(scene, figure, seen.indicator):
        draft(scene, at, index, ratio, value=figure.value, unit="pct")
    elif ratios.of_another_kind(scene, figure, seen.indicator):
        scene.leave(figure, _UNKNOWN)
    elif (part := ratios.of_its_part(scene, figure, seen)) is not None:
        draft(scene, at, index, part, value=figure.value, unit="pct")
    elif named and named_here:
        draft(scene, at, index, named, value=figure.value, unit="pct")
    else:
        draft(scene, at, index, _as_its_whole(scene, figure, seen), share=figure.value)
    return True


def _as_its_whole(scene: Scene, figure: Quantity, seen: Mention) -> str:
    """The indicator of an English industry named without its measure, by what its share is said to be of: strategic emerging
    industries made 58 percent of industrial output value.
    """
    words = scene.context.words
    spec = words.terms[seen.indicator]
    said = _OF_ITS_MEASURE.match(scene.text, figure.end) if scene.sentence.english and spec.family else None
    if said is None or any(sign in scene.text[seen.start : seen.end] for sign in words.measures.get(spec.measure, ())):
        return seen.indicator
    return words.by_measure.get((spec.family, said.lastgroup or ""), seen.indicator)


_OF_ITS_MEASURE = re.compile(
    r"\s+of\s+(?:the\s+|its\s+)?(?:[a-z][a-z'-]*\s+){0,4}?(?:(?P<output>output\s+values?)|(?P<value_added>(?:value\s+added|added\s+value))|(?P<revenue>revenues?))\b"
)
"""Behind a share, of which measure it is one."""


def _of_its_kind(scene: Scene, figure: Quantity, term: Term) -> bool:
    """Whether what stands behind an English percentage, as that of which it is a share, has the unit of what has it."""
    terms = scene.context.words.terms
    behind = next((one.indicator for one in scene.sentence.mentions if one.start >= figure.end and one.whole), "")
    return scene.sentence.english and behind in terms and terms[behind].unit == term.unit


_NEAR = 12
"""Signs behind what is counted within which it is said to be in use."""
_IN_USE = re.compile(r"\s+(?:that\s+(?:are|were)\s+)?(?:in\s+use|in\s+service|occupied|put\s+to\s+use)\b")
"""Behind what is counted, that only what is in use has the share."""


def _of_the_one_told(scene: Scene, at: int) -> None:
    """Give a share to the figure read last, else to what the sentence before spoke of; else leave it."""
    figure, term = scene.sentence.amounts[at], scene.context.term
    after = [one for one in scene.sentence.mentions if one.start >= figure.end and one.start - figure.end < _BEHIND]
    whole = scene.cues.whole_after.match(scene.rest(figure))
    if (name := _of_gdp_again(scene, figure)) is not None:
        draft(scene, at, None, name, value=figure.value, unit="pct")
    elif scene.drafts and scene.drafts[-1].share is None:
        scene.drafts[-1].share = figure.value
    elif term not in ("", "gdp") and not after and (whole or scene.part) and not _of_others(scene, figure):
        draft(scene, at, None, term, share=figure.value)
    else:
        scene.leave(figure, _UNKNOWN)


def _of_gdp_again(scene: Scene, figure: Quantity) -> str | None:
    """The share of GDP of what the sentence before told of, where an English one goes on with `it`."""
    words, told = scene.context.words, scene.context.words.terms.get(scene.context.term)
    name = words.by_measure.get((told.family, "share"), "") if told is not None and told.family else ""
    if not name or scene.drafts or "of=gdp" not in words.terms[name].flags:
        return None
    said = _AGAIN.search(scene.segment(figure)) and scene.cues.of_gdp.search(clause_of(scene, figure))
    return name if said and not any(not one.whole for one in scene.sentence.mentions) else None


_AGAIN = re.compile(r"\b(?:it|its|they|their|this|that|the\s+(?:figure|share|proportion|sector|industry))\b")
"""What goes on with what was told of."""
_BEHIND = 40
"""Signs behind a share within which something named may be what has it."""


_OF_THE_TOTAL = re.compile(r"\s*of\s+(?:the|this|that)\s+total\b")
"""Behind a percentage of what was told before it in its sentence."""


def beside_a_level(scene: Scene, at: int, last: Draft) -> None:
    """A share right behind the level that it is of: a figure of its own where the vocabulary has the share of GDP."""
    terms, figure = scene.context.words.terms, scene.sentence.amounts[at]
    name = scene.context.words.by_measure.get((terms[last.term].family, "share")) if last.term in terms else None
    part = scene.context.words.ratio(last.term)
    start = clause_of(scene, figure)
    wholes = {one.term for one in scene.drafts}
    wholes |= {
        one.indicator for one in scene.sentence.mentions if one.whole and scene.text[one.start : one.end] in start
    }
    whole = any(f"whole={one}" in terms[part].flags for one in wholes) if part else False
    if name and "of=gdp" in terms[name].flags and scene.cues.of_gdp.search(clause_of(scene, figure)):
        last.share = figure.value if scene.sentence.english else last.share
        draft(scene, at, last.mention, name, value=figure.value, unit="pct")
    elif part and not scene.sentence.english and (whole or ratios.of_all_users(scene, figure)):
        last.share = figure.value
        draft(scene, at, None, part, value=figure.value, unit="pct")
    elif ratio := ratios.of_all_people(scene, figure, last) or ratios.of_these(scene, figure, last):
        draft(scene, at, last.mention, ratio, value=figure.value, unit="pct")
    else:
        last.share = figure.value


def _whole_said(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese clause names a whole that is known beside a share: 占全市的60%, not 占其六成以上运营成本."""
    clause = clause_of(scene, figure)
    if scene.sentence.english or any(one.whole for one in scene.sentence.mentions):
        return True
    return scene.cues.of_a_place.search(clause) is not None


def _of_something_else(scene: Scene, figure: Quantity, before: Mention) -> bool:
    """Whether a share is said to be of something that nobody knows: the proportion of the segment in the industry."""
    said = scene.cues.own_share.search(scene.text, before.end, figure.start)
    if said is None or scene.cues.of_nothing_else.match(said["what"]):
        return False
    known: list[Stretch] = [*scene.sentence.mentions, *scene.sentence.regions, *scene.sentence.times]
    return not any(one.start < said.end("what") and one.end > said.start("what") for one in known)


def _of_its_own_subject(scene: Scene, figure: Quantity, before: Mention) -> bool:
    """Whether a Chinese clause names something unknown that has the share: 工业增加值增长5.9%,工业经济占比达27.2%."""
    start = scene.sentence.clause(figure.start)[0]
    said = scene.cues.shares.search(scene.text, start, figure.start)
    if scene.sentence.english or start < before.end or said is None:
        return False
    return len(scene.residue(scene.cues.the_industry.sub("", scene.text[start : said.start()]))) > 1


def _of_a_level_left(scene: Scene, at: int) -> bool:
    """Whether a share stands behind a level, and at most its growth, that was left over, with nothing named between."""
    amounts = scene.sentence.amounts
    left = {one.start for one, _ in scene.unplaced}
    before = at - 1
    while before >= 0 and amounts[before].unit in ("pct", "pp") and amounts[before].start in left:
        before -= 1
    if before < 0 or before == at or amounts[before].start not in left or amounts[before].unit in ("pct", "pp", "fold"):
        return False
    start, end = amounts[before].end, amounts[at].start
    if not scene.sentence.english and not _of_nothing_known(scene, before):
        return False  # its change, which is none: 规模达53.9万亿元,较上年增长3.7万亿元,占GDP比重42.8%
    return not any(start <= one.start < end and not one.whole for one in scene.sentence.mentions)


def _of_nothing_known(scene: Scene, at: int) -> bool:
    """Whether a figure was left over because no indicator of the vocabulary is near."""
    figure = scene.sentence.amounts[at]
    return any(one is figure and why in (NO_INDICATOR, A_PART) for one, why in scene.unplaced)


def _of_others(scene: Scene, figure: Quantity) -> bool:
    """Whether an English clause has a subject of its own: newer lines made up 26 percent of the total."""
    said = scene.cues.shares.search(scene.segment(figure)) if scene.sentence.english else None
    lead = scene.segment(figure)[: said.start()] if said else ""
    return bool(
        said
        and not scene.part
        and re.search(r"\b[a-z-]{3,}s\b", re.sub(r"\b(?:this|these|those|was|its|as|has|which is)\b", "", lead))
    )


def _of_its_whole(scene: Scene, figure: Quantity, ratio: str) -> bool:
    """Whether a share is one of what its indicator is a share of: `of=gdp`, or `of=` the industry of the whole."""
    terms = scene.context.words.terms
    of = next((flag[3:] for flag in terms[ratio].flags if flag.startswith("of=")), "")
    if of == "gdp":
        clause = clause_of(scene, figure)
        if terms[ratio].family == "rd":
            return scene.cues.of_gdp.search(clause) is not None  # 研发投入占比: of turnover as well as of GDP
        told = any(one.indicator == "gdp" and one.end <= figure.start for one in scene.sentence.mentions)
        if told and _OF_THE_TOTAL.match(scene.text, figure.end):
            return True
        return bool(scene.cues.of_gdp.search(clause)) or scene.cues.of_a_whole.search(clause) is None
    wholes = [one.indicator for one in scene.sentence.mentions if one.whole]
    return not of or any(name in terms and terms[name].family == of for name in wholes)
