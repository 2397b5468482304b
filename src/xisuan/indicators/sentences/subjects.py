"""Chinese measures whose subject stands in the clause before: 民营企业活跃度很高,进出口5万亿元; 5G用户4000万户,渗透率40%."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from xisuan.indicators.language.tokens import BREAK, Mention, beside
from xisuan.indicators.language.vocabulary import Vocabulary, key

_APART = re.compile(r"[；;。]")
_ADVERB = re.compile(r"\s*(?:其中|同时|此外|另外|传统的?|从[^，,]{1,8}看[，,]|分[^，,]{1,6}看[，,])?")
"""What may stand before a subject."""
_LONGEST, _SHORTEST = 14, 2
"""Signs of a subject."""
_LATEST = 6
"""Signs before a subject at most: 全省, 传统."""


def of_the_subject(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """The mentions with measures that open a clause as those of the subject of their sentence, where both make a name."""
    out = list(known)
    for match in words.cues.opens_measure.finditer(text):
        start, end = match.span("what")
        if any(one.start < start < one.end for one in out) or _told_of_it(start, out, words):
            continue
        name = _named(text, match.start(), match["what"], words)
        if name:
            out = [one for one in out if one.end <= start or one.start >= end]
            out.append(Mention(start, end, name))
    return sorted(out, key=lambda seen: seen.start)


def _told_of_it(start: int, known: Sequence[Mention], words: Vocabulary) -> bool:
    """Whether a measure is one of the industry that its sentence names before it, which then is its subject."""
    here = next((words.terms.get(one.indicator) for one in known if one.start == start), None)
    before = [words.terms[one.indicator] for one in known if one.end <= start and one.indicator in words.terms]
    return here is not None and bool(here.family) and bool(before) and before[-1].family == here.family


def _named(text: str, end: int, what: str, words: Vocabulary) -> str:
    """The indicator that the subject before a clause makes with its measure; blank where it makes none."""
    low = max((found.end() for found in _APART.finditer(text, 0, end)), default=0)
    breaks = [found.span() for found in BREAK.finditer(text, low, end)]
    clauses = [*zip([low, *(last for _, last in breaks)], [*(first for first, _ in breaks), end], strict=True)]
    ways = (_in_clause(text, low, high, what, words) for low, high in reversed(clauses))
    return next(filter(None, ways), "")


def _in_clause(text: str, low: int, stop: int, what: str, words: Vocabulary) -> str:
    """The indicator that the beginning of a clause makes with a measure; blank where it makes none."""
    opens = _ADVERB.match(text, low, stop)
    low = opens.end() if opens else low
    for start in range(low, min(low + _LATEST, stop)):
        for size in range(min(_LONGEST, stop - start), _SHORTEST - 1, -1):
            who = text[start : start + size]
            if not _WORD.fullmatch(who) or _NO_SUBJECT.match(text, start + size):
                continue
            name = words.term_words.get(key(who + what, words.wording))
            if name and not _of_a_kind(text[low:start], words):
                return name
    named = _ITS_END.search(text, low, stop)
    ways = (named["who"][at:] for at in range(len(named["who"]) - 1)) if named else ()
    return next(
        (words.term_words[said] for who in ways if (said := key(who + what, words.wording)) in words.term_words), ""
    )


def _of_a_kind(before: str, words: Vocabulary) -> bool:
    """Whether what stands before a subject says of what kind it is: 信息|通信业, while 全省|通信业 is all of it."""
    left = words.cues.light_name.sub("", words.cues.filler.sub("", words.places_pattern.sub("", before)))
    return re.search(r"[\u4e00-\u9fff]{2}", left) is not None


_ITS_END = re.compile(r"(?:是|为|当属|要数|来自|轮到|属于)(?P<who>[\u4e00-\u9fffa-z0-9]{2,12})$")
"""A subject that ends a clause: 变化最大的是大豆,产量达到….."""
_NO_SUBJECT = re.compile(r"(?<=进)出口|[、和与及]|[\u4e00-\u9fff]{0,6}(?:局|部门|厅|委员会|研究院|协会|学会|公司|集团)")
"""Behind what is no subject: one of several, half of a word (货物进|出口), or the name of who tells."""
_WORD = re.compile(r"[\u4e00-\u9fffa-z0-9]+")
"""Signs of a name."""


def of_a_part(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """A ratio told again of town or country, as the one that both make: 互联网普及率73%,农村地区为57%; `?` where none is."""
    out: list[Mention] = []
    for match in words.cues.of_some_area.finditer(text):
        before = next((one for one in reversed(known) if one.end <= match.start()), None)
        spec = words.terms.get(before.indicator) if before is not None else None
        if before is None or spec is None or spec.unit != "pct" or not beside(known, *match.span("who")):
            continue
        said = text[before.start : before.end]
        name = words.term_words.get(key(f"{match['who']}{said}", words.wording), "?")
        out.append(Mention(*match.span("who"), name))
    return out


def the_latter(text: str, words: Vocabulary, known: Sequence[Mention], said: str) -> list[Mention]:
    """`The latter` as the indicator named last, be it but the whole of a share: 4G用户占移动电话用户三成,后者13亿户; an
    English sentence that opens with it takes up the last name of the one before, `said`.
    """
    out: list[Mention] = []
    opens = _OPENS_LATTER.match(text)
    last = [*words.names.finditer(said)][-1:] if opens is not None else []
    out += [Mention(*opens.span("who"), one.name) for one in last if opens and beside(known, *opens.span("who"))]
    for match in _LATTER.finditer(text):
        before = next(
            (one for one in reversed(known) if one.end <= match.start() and one.indicator in words.terms), None
        )
        if before is not None and beside(known, *match.span()):
            out.append(Mention(*match.span(), before.indicator))
    return out


_LATTER = re.compile(r"后者(?:的)?(?:总数|总量|规模|数量)?")
_OPENS_LATTER = re.compile(
    r"\s*(?P<who>the\s+latter)\s+(?:had\s+|has\s+)?(?:itself\s+)?(?:grew|grown|rose|risen|fell|fallen|was|came|stood|expanded|increased|reached|amounted)\b"
)
"""The latter of two."""


def other_way(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Exports that open a clause behind imports of something as exports of that, and back: 集成电路进口…;出口…."""
    out: list[Mention] = []
    for one in known:
        before = out[-1].indicator if out else ""
        here, there = ("exports", "imports") if one.indicator == "exports" else ("imports", "exports")
        name = f"{before.removesuffix(f'_{there}')}_{here}" if before.endswith(f"_{there}") else ""
        opens = one.indicator in ("exports", "imports") and text[max(0, one.start - 1) : one.start] in (
            "，",
            ",",
            ";",
            "；",
        )
        out.append(replace(one, indicator=name) if opens and name in words.terms else one)
    return out


def behind_a_bracket(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Measures right behind a bracket as those of the noun before it, `?` where the two make no name: “新三样”产品(电动载人
    汽车、锂电池)出口下降21.6%.
    """
    out: list[Mention] = []
    for one in known:
        found = _NOUN_IN_FRONT.search(text, 0, one.start) if text[one.start - 1 : one.start] == ")" else None
        generic = one.indicator in words.terms and "generic" in words.terms[one.indicator].flags
        if found is None or not generic or not beside([seen for seen in known if seen is not one], *found.span("who")):
            out.append(one)
            continue
        who, what = found["who"], text[one.start : one.end]
        ways = (key(f"{who[at:]}{what}", words.wording) for at in range(len(who) - 1))
        name = next((words.term_words[said] for said in ways if said in words.term_words), "")
        said = words.cues.light_name.sub("", words.cues.filler.sub("", words.places_pattern.sub("", who)))
        out.append(replace(one, indicator=name or ("?" if len(said) > 1 else one.indicator)))
    return out


_NOUN_IN_FRONT = re.compile(r"(?P<who>[\u4e00-\u9fff“”\"a-z0-9]{2,12})\([^()\d%]{2,40}\)$")
"""A noun with a bracket behind it that has no figure."""


def in_the_month(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Short names behind 当月 as what their sentence told of the months so far: 数据中心用电量…;10月当月用电8.9亿千瓦时."""
    out: list[Mention] = []
    for one in known:
        said = text[one.start : one.end]
        told = [
            seen
            for seen in out
            if not seen.whole and seen.indicator in words.terms and said in text[seen.start : seen.end]
        ]
        again = text.endswith("当月", 0, one.start) and told and all(seen.indicator != one.indicator for seen in told)
        out.append(replace(one, indicator=told[-1].indicator) if again else one)
    return out


def their_rates(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Rates without a name as those of the users told right before: 5G用户4000万户,渗透率升至40% (flag `part=`)."""
    out: list[Mention] = []
    for match in words.cues.bare_rate.finditer(text):
        before = [one for one in known if one.end <= match.start() and not one.whole]
        name = words.ratio(before[-1].indicator) if before else ""
        if name and beside(known, *match.span()):
            out.append(Mention(*match.span(), name))
    return out
