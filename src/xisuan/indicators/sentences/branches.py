"""English branches named by their industry alone, of which the measure said before is told: the value added of industry grew
5 percent, electronics 9; with manufacturing up 20 percent and real estate down 16.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xisuan.indicators.language.tokens import Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Vocabulary

_VERB = (
    r"(?:(?:was|were|is|are)\s+)?(?:up|down|rose|fell|grew|gained|expanded|climbed|slipped|dropped|declined|shrank|shrinking|advanced|added|put\s+on|lost|managed"
    r"|jumped|surged|soared|increased|decreased|contracted|edged\s+(?:up|down)|inched\s+(?:up|down)|went\s+(?:up|down)|recorded|posted|saw|rising|falling|growing"
    r"|expanding|gaining|declining|dropping|did\s+(?:far\s+|much\s+|even\s+)?better,?\s+with|followed\s+with|came\s+to|attracted)"
)
_VAGUE = r"(?:(?:by|about|some|only|just|nearly|almost|over|an?|another|even|still|mere|solid|modest|brisk)\s+)*"
_BRANCH = re.compile(
    r"(?:(?P<opens>^\s*[\"“]?)|(?:[,;:]\s+|\s)(?:and|while|whereas|with|but|as|even\s+as)\s+|[,;]\s+)(?:(?:within|among|of)\s+(?:it|that|this|them|these|those|which),?\s+)?"
    r"(?:(?:that|those)\s+(?:of|in)\s+|in\s+)?(?:the\s+)?"
    rf"(?P<who>(?!(?:it|they|this|that|he|she|we|which|an?|the)\b)[a-z][a-z-]*(?:\s+(?!(?:was|were|is|are|up|down|by|about)\b)[a-z][a-z-]*){{0,3}}?)(?:,[^,;.\d]{{3,60}},)?\s+(?:{_VERB}\s+)?{_VAGUE}"
    r"(?=\d[\d.,]*\s?(?:percent|per\s+cent|%|(?:million|billion|trillion)\b))"
)
"""A branch before its figure: how a sentence or a clause opens, or the next thing of a list."""
_MEASURES = ("value_added", "investment", "profits", "revenue", "output")
"""What is told of branches by their names."""
_HEADS = ("", " manufacturing", " industry", " sector", " development")
"""What the name of a branch may leave out."""
_SECTOR = re.compile(r"(?<=[a-z])\s+(?:sector|industry|industries)$")
"""What the name of a branch may have: the electronics sector."""
_OF_FIRMS = (" enterprises", " companies", " firms")
"""What `ones` are: state-owned companies and private ones."""
_WIDE = frozenset(("industry", "services", "manufacturing", "construction", "agriculture", "mining", "utilities"))
"""Branches that open a sentence on the economy, of which the value added is meant."""


_CORE = re.compile(r"\b(?:its|the|these|whose)?\s*(?P<who>core\s+(?:industries|sectors|industry))\b(?!\s+of\b)")
"""The core industries of the digital economy, where that is spoken of."""


_OUTPUT = re.compile(
    r"(?:^\s*[\"“]?|\b(?:city|province|region|country|nation|island|municipality|town)'s\s+|\bour\s+|\b(?:regional|economic|national)\s+)(?:total\s+|overall\s+|economic\s+)?(?P<who>output)\b"
    r"(?=\s+(?:of\s+goods\s+and\s+services\s+)?(?:(?:in|for)\s+the\s+[a-z]+\s+(?:quarter|half|year|[a-z]+\s+months)\s+)?(?:was|were|grew|rose|climbed|expanded|fell|reached|came|stood|totall?ed|amounted|shrank|increased|hit|passed)\b)"
)
"""The output of a place, which is its economy's."""


def economy(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The output of a place as its gross domestic product, in an English text that is of no industry."""
    if not text.isascii() or "gdp" not in words.terms:
        return []
    whole = [found.span("who") for found in _ECONOMY.finditer(text) if beside(known, *found.span("who"))]
    if whole or topic.family or topic.main not in ("", "gdp"):
        return [Mention(*span, "gdp") for span in whole]
    owned = [found.end() for found in words.places_pattern.finditer(text)]
    spans = [found.span("who") for found in _OUTPUT.finditer(text)]
    spans += [found.span("who") for end in owned if (found := _ITS_OUTPUT.match(text, end))]
    return [Mention(*span, "gdp") for span in spans if beside(known, *span)]


_ECONOMY = re.compile(
    r"(?:\b(?:the|its|our)|'s?)\s+(?:(?:regional|provincial|local|national|municipal|whole|entire|overall|(?:city|island|country|nation|province|region)'s)\s+)*"
    r"(?P<who>economy)(?=(?:\s+as\s+a\s+whole|\s+itself)?(?:\s+(?:of|in)\s+[^,.;\d]{2,60}?)?\s+(?:had\s+|has\s+|have\s+)?"
    r"(?:expanded|grown|grew|gained|rose|risen|shrank|shrunk|contracted|put\s+on|advanced)\b)"
)
"""All that a place makes, which is said to have grown."""
_ITS_OUTPUT = re.compile(
    r"'s\s+(?:total\s+|overall\s+|economic\s+)?(?P<who>output(?:\s+of\s+goods\s+and\s+services)?)(?=\s+(?:was|grew|rose|climbed|expanded|fell|reached|came|stood|totall?ed|amounted|shrank|increased|hit|passed)\b)"
)
"""Output right behind a place."""
_TRADE = re.compile(
    r"(?:^\s*|[,;]\s+|\b(?:total|overall|its|their|the|two-way|and|while|itself)\s+|^[^,.;\d]{0,40}\b(?:alone|itself)\s+|^\s*in\s+[a-z]+\s+)(?P<who>trade(?:\s+volume)?)\b(?=\s+(?:volume\s+)?(?:was|were|had|reached|rose|fell|came|stood|totall?ed|amounted|grew|climbed|dropped|shrank|hit|topped|increased|declined)\b)"
)
"""Trade without more, in what is told of foreign trade."""


def trade(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """All foreign trade, where a sentence of an English text on it says no more than trade."""
    spoken = "foreign_trade" in (topic.main, topic.term) and text.isascii()
    found = (one.span("who") for one in _TRADE.finditer(text)) if spoken else ()
    return [Mention(*span, "foreign_trade") for span in found if beside(known, *span)]


def core(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The core industries of the digital economy, where the sentence, the one before or the latest figure is of that."""
    spoken = any(one.indicator.startswith("digital_economy") for one in known) or topic.term.startswith(
        "digital_economy"
    )
    if "core_digital_value_added" not in words.terms or not (spoken or "digital economy" in topic.said):
        return []
    found = (one.span("who") for one in _CORE.finditer(text) if text.isascii())
    return [Mention(*span, "core_digital_value_added") for span in found if beside(known, *span)]


def branches(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The branches that a sentence names without a measure, each as what the measure told before makes of it."""
    if not text.isascii():
        return []
    out: list[Mention] = []
    for found in _BRANCH.finditer(text):
        who = found["who"]
        if not beside([*known, *out], *found.span("who")):
            continue
        measure = _measure_before(found.start("who"), [*known, *out], topic, words, who)
        name = next(_named(who, measure, words), "") if measure else ""
        if name and words.terms[name].measure == measure:
            out.append(Mention(*found.span("who"), name))
    return out


def _measure_before(start: int, known: Sequence[Mention], topic: Topic, words: Vocabulary, who: str) -> str:
    """The measure told last before a branch, in its sentence or the one before; blank where there is none."""
    before = sorted((one for one in known if one.end <= start and not one.whole), key=lambda one: one.start)
    last = before[-1].indicator if before else topic.term
    spec = words.terms.get(last)
    if spec is None:
        return ""
    if last == "gdp" or (not before and who in _WIDE and topic.main == "gdp"):
        return "value_added"
    return spec.measure if spec.measure in _MEASURES and spec.unit == "mCNY" else ""


def _named(who: str, measure: str, words: Vocabulary) -> Iterator[str]:
    """The indicators that a branch and a measure make."""
    signs = [sign for sign in words.measures.get(measure, ()) if sign.isascii()]
    ones = who.endswith(" ones")
    who = _SECTOR.sub("", who)
    who, heads = who.removesuffix(" ones"), _OF_FIRMS if ones else _HEADS
    for head in heads:
        for said in (f"{sign} of {who}{head}" for sign in signs):
            if (name := words.term_words.get(words.wording.key(said))) is not None:
                yield name
        for said in (f"{who}{head} {sign}" for sign in signs):
            if (name := words.term_words.get(words.wording.key(said))) is not None:
                yield name


_COLON = re.compile(
    r"^\s*(?:\(?[a-z0-9ivx]{1,4}[.)]\s+)?(?:the\s+)?(?P<who>[a-z][a-z-]*(?:\s+(?:and\s+|of\s+)?[a-z][a-z-]*){0,4}?)(?:\s+above\s+(?:the\s+)?designated\s+size)?(?::|\.\s|\s[–—-])\s+(?:the\s+|its\s+)?"
    r"(?P<what>value\s+added|added\s+value|revenues?|output|profits?|investment|exports?|imports?)\b"
)
"""A branch set before a colon, and what is told of it: industry above designated size: value added rose by 8.6 percent."""
_FORMER = re.compile(r"\bthe\s+(?:(?P<former>former)|latter)\b(?!\s+(?:year|half|month|quarter|period|two|part))")
"""The first and the second of two just told."""
_PART = re.compile(
    r"(?:^\s*|[,;]\s+(?:and\s+|while\s+)?|\band\s+|\bwhile\s+)(?:the\s+)?(?P<who>[a-z][a-z-]*(?:\s+(?:and\s+)?(?!(?:made|accounted|took|represented|were|was)\b)[a-z][a-z-]*){0,4}?)\s+"
    r"(?:made\s+up|accounted\s+for|took|represented|were|comprised|constituted|contributed)\s+(?:(?:about|over|nearly|almost|some|more\s+than)\s+)*\d[\d.]*\s?(?:percent|per\s+cent|%)\s+of\s+"
    r"(?:(?:the|its|all|total|their|this|[a-z-]+'s)\s+)+(?:(?:total|overall|provincial|national)\s+)?(?P<what>exports?|imports?)\b"
)
"""Goods that are so much of all exports: electrical products made up 83.6 percent of the province's exports."""
_OWNER = re.compile(
    r"\d\s+(?:(?:million|billion)\s+)?(?:yuan|percent|per\s+cent|%)\s+(?:(?:a|per)\s+head\s+)?(?:for|among)\s+(?:the\s+)?$|\d%\s+(?:for|among)\s+(?:the\s+)?$"
)
"""Before those whom money or a percentage is of, who are not counted."""


def named_apart(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """The mentions of an English sentence with branches set before a colon and goods that are a part of all trade, and
    without those whom money or a percentage is only said to be of.
    """
    if not text.isascii():
        return list(known)
    people = ("urban_population", "rural_population")
    out = [one for one in known if one.indicator not in people or _OWNER.search(text, 0, one.start) is None]
    if (said := _COLON.match(text)) is not None:
        name = words.term_words.get(words.wording.key(f"{said['what']} of {said['who']}"), "")
        name = name or words.term_words.get(words.wording.key(f"{said['who']} {said['what']}"), "")
        inside = [one for one in out if one.start < said.end() and one.end > said.start("who")]
        if name and all(
            one.indicator.startswith("?") or one.indicator == name or one.start >= said.start("what") for one in inside
        ):
            out = [*(one for one in out if one not in inside), Mention(*said.span("what"), name)]
    for found in _FORMER.finditer(text):
        before = [one for one in out if one.end <= found.start() and not one.whole and one.indicator in words.terms]
        if len(before) > 1 and beside(out, *found.span()):
            out.append(Mention(*found.span(), before[-2 if found["former"] else -1].indicator))
            out.sort(key=lambda one: one.start)
    for found in _PART.finditer(text):
        name = words.term_words.get(words.wording.key(f"{found['what']} of {found['who']}"), "")
        if name and beside(out, *found.span("who")):
            out.append(Mention(*found.span("who"), name))
    return sorted(out, key=lambda one: one.start)
