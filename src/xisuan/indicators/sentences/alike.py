"""Industries named without a measure, which have the one told before them; and those that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from xisuan.indicators.language.tokens import Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Term, Vocabulary


def measured_alike(text: str, known: Sequence[Mention], words: Vocabulary, topic: Topic) -> list[Mention]:
    """Industries named without a measure behind one that had its own: investment in A rose by 4 percent, B by 5."""
    out: list[Mention] = []
    wholes = {topic.term, topic.main} & words.terms.keys()
    spoken = ""
    for seen in known:
        spec = words.terms.get(seen.indicator)
        if out and not text.isascii() and re.search("[;；]", text[out[-1].end : seen.start]):
            spoken = ""  # 工业增加值增长9%;汽车产量357万辆,其中新能源汽车168万辆
        if _of_some_trade(text, seen, topic, words):
            out.append(replace(seen, indicator="?"))
            continue
        listed = bool(out) and words.cues.joined.fullmatch(text[out[-1].end : seen.start]) is not None
        if spec is not None and spoken and listed and seen.indicator.endswith("_firms"):
            out.append(replace(seen, indicator=words.by_measure.get((spec.family, spoken), seen.indicator)))
            continue
        if spec is None or not spec.measure or seen.whole or (spec.kind == "ratio" and not text.isascii()):
            out.append(seen)
            continue
        said = next(
            (
                kind
                for kind, signs in words.measures.items()
                if any(sign in text[seen.start : seen.end] for sign in signs)
            ),
            "",
        )
        whole = spoken or _measure_of_the_whole(text, seen.start)
        turned = bool(not said and whole and spec.measure != whole)
        other = words.by_measure.get((spec.family, whole), "") if turned and spec.family else ""
        part = not spoken or _PART_OF_IT.search(text, out[-1].end if out else 0, seen.start) is not None
        if turned and not other and part:
            out.append(replace(seen, indicator="?"))
            continue
        if not said and _of_another_whole(text, spec, topic, words):
            out.append(replace(seen, indicator="?"))
            continue
        if not said and not whole:
            other = _part_of(spec, wholes, words) or _as_told(spec, topic, words)
            other = other or _growing_branch(text, seen, spec, (out, topic), words)
        spoken = said or spoken
        out.append(replace(seen, indicator=other) if other else seen)
    return out


def _measure_of_the_whole(text: str, end: int) -> str:
    """The measure that a Chinese sentence told of a whole of which a part follows: …产值增长2.7%,其中医药制造业增长5%."""
    told = _WHOLE.search(text, 0, end)
    return _MEASURES[told["measure"]] if told else ""


_MEASURES = {"产值": "output", "营收": "revenue", "营业收入": "revenue", "利润": "profits", "投资": "investment"}
_WHOLE = re.compile(
    rf"(?P<measure>{'|'.join(_MEASURES)})(?:总额)?[^。;；\u4e00-\u9fff]{{0,12}}(?:同比|增长|下降|约|达到?|完成|[亿万]元|[，,、%\d.])*[，,]其中[^。;；]*$"
)
_PART_OF_IT = re.compile(r"其中[^。;；]*$")
"""Before a part of a whole whose measure was said: 数字经济核心产业营收1211亿元,其中数字产品制造业723亿元."""


def _of_another_whole(text: str, spec: Term, topic: Topic, words: Vocabulary) -> bool:
    """Whether a branch of all the economy is but a part of the one industry just told: 数字产业收入…。其中,制造业增长10%."""
    told = words.terms.get(topic.term)
    opens = words.cues.part.match(text.lstrip()) is not None
    return opens and "generic" in spec.flags and told is not None and told.family not in ("", "industry", spec.family)


def _of_some_trade(text: str, seen: Mention, topic: Topic, words: Vocabulary) -> bool:
    """Whether exports are but a part of the trade of some firms, goods or partners: 民营企业进出口…。其中,出口…."""
    some = topic.term.endswith("_trade") and topic.term != "foreign_trade"
    return some and seen.indicator in ("exports", "imports") and words.cues.part.match(text.lstrip()) is not None


def _part_of(spec: Term, wholes: Collection[str], words: Vocabulary) -> str:
    """The indicator of the same industry that is a part of what the text is about; blank where there is none."""
    if not spec.family or spec.part_of in wholes:
        return ""
    kin = (name for (family, _), name in words.by_measure.items() if family == spec.family)
    return next((name for name in kin if words.terms[name].part_of in wholes), "")


def _as_told(spec: Term, topic: Topic, words: Vocabulary) -> str:
    """The indicator of a branch with the measure just told of all: profits rose by 4 percent. Mining grew 6 percent."""
    told = words.terms.get(topic.term)
    if told is None or told.measure not in _TOLD_BY_BRANCH or spec.measure != "value_added":
        return ""
    if told.measure == "output" and told.family == spec.family:
        return ""  # an industry of its own, which is named by its output
    return words.by_measure.get((spec.family, told.measure), "") if spec.family else ""


def _growing_branch(
    text: str, seen: Mention, spec: Term, told: tuple[Sequence[Mention], Topic], words: Vocabulary
) -> str:
    """The value added of an industry that grew, behind that of all industry: 规上工业增加值降2%。电子信息制造业增长0.4%."""
    known, topic = told
    before = next((one.indicator for one in reversed(known) if one.indicator in words.terms), topic.term)
    if before != "industry_value_added" or spec.measure != "output" or not spec.family:
        return ""
    grows = _ITS_GROWTH.match(text, seen.end)
    return words.by_measure.get((spec.family, "value_added"), "") if grows else ""


_ITS_GROWTH = re.compile(
    r"(?:\s+(?:in|of)\s+[a-z' ]{2,30})?(?:,\s+[^,.;:()\d]{3,70},)?\s*,?\s+"
    r"(?:(?:also|even|only|again|alone|itself|in\s+turn|(?!on)[a-z]+ly)\s+)*"
    r"(?:(?:added|rose|grew|gained|expanded|climbed|advanced|jumped|surged|soared|leapt|leaped|increased|fell|dropped|declined|decreased|shrank|slipped|lost|contracted|(?:was|were)\s+(?:up|down))\s+)?"
    r"(?:(?:year[\s-]on[\s-]year|sharply|strongly|slightly|by|about|some|nearly|over|another|almost|around|a|more\s+than)\s+){0,4}\d[\d.]*\s?(?:percent|per\s+cent|%)"
    r"|[^，,。；;\d]{0,10}[，,]?(?:则|也|却|更是|同比|仅|只)*(?:增长|下降|增幅|增速|上涨|下滑)[^，,。；;\d]{0,4}\d[\d.]*%"
)
"""Behind an industry, that it grew."""
_TOLD_BY_BRANCH = ("profits", "investment", "output")
"""Measures that official releases tell of all firms and then of each branch and kind of owner."""


def of_unknown_industries(text: str, known: Sequence[Mention], words: Vocabulary) -> list[Mention]:
    """The indicators with those of industries that nobody knows, whose names may hold words of others."""
    out = [replace(seen, indicator="?") if _joint(text, seen, known, words) else seen for seen in known]
    for match in words.cues.unknown_industry.finditer(text):
        inside = [seen for seen in out if match.start() < seen.start and seen.end <= match.end()]
        loose = [
            seen for seen in inside if seen.indicator in words.terms and "generic" in words.terms[seen.indicator].flags
        ]
        if loose and loose == inside:
            out = [seen for seen in out if seen not in loose]  # communication equipment manufacturing is a part of it
        if beside(out, *match.span()):
            out.append(Mention(match.start(), match.end(), "?"))
    return out


def _joint(text: str, seen: Mention, known: Sequence[Mention], words: Vocabulary) -> bool:
    """Whether a Chinese industry is but the second half of a name that nobody knows: 软件和大数据产业."""
    said = text[seen.start : seen.end]
    found = words.cues.first_of_two.search(text, 0, seen.start) if _AN_INDUSTRY.search(said) else None
    return found is not None and beside(known, *found.span("first"))


_AN_INDUSTRY = re.compile(r"(?:产业|行业)(?:总?产值|规模|(?:营业|业务)?收入|营收|增加值)?$")
"""The end of the name of an industry, maybe with its measure."""
