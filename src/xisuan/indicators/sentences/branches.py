"""English branches named by their industry alone, of which the measure said before is told: the value added of industry grew
5 percent, electronics 9; with manufacturing up 20 percent and real estate down 16.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xisuan.indicators.language.tokens import Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Vocabulary

_VERB = (
    r"(?:(?:was|were|is|are)\s+)?(?:up|down|rose|fell|grew|gained|expanded|climbed|slipped|dropped|declined|shrank|shrinking|advanced|added|put\s+on|lost|managed"
    r"|jumped|surged|soared|increased|decreased|contracted|edged\s+(?:up|down)|inched\s+(?:up|down)|went\s+(?:up|down)|recorded|posted|saw|rising|falling|growing"
    r"|expanding|gaining|declining|dropping|did\s+(?:far\s+|much\s+|even\s+)?better,?\s+with|followed\s+with|came\s+to|attracted|(?:the|that|this)\s+(?:figure|rate|growth|increase|gain)\s+(?:was|is|came\s+to|stood\s+at|reached))"
)
_SHARE = (
    r"(?:(?:(?:made|makes|make|making)\s+up|account(?:s|ed|ing)\s+for|(?:has|had|have)\s+a\s+share\s+of"
    r"|contribut(?:es|ed|ing))\s+)"
)
_VAGUE = r"(?:(?:by|about|some|only|just|nearly|almost|over|an?|another|even|still|mere|solid|modest|brisk)\s+)*"
_FIGURE = re.compile(
    r"(?<![\w.,-])[+-]?\d(?:[\d.,]*\d)?(?![\w-])(?:\s?(?:percent|per\s+cent|%|(?:million|billion|trillion)\b))?"
)
"""A figure."""
_ITS_END = re.compile(r"[,;.)]|$|\s(?:units?|pieces?)\b")
"""Right behind a bare number that is one of a branch."""
_ITS_VERB = re.compile(rf"(?:,[^,;.\d]{{3,60}},)?(?:\s+\([^()]*\))?,?\s+(?:{_VERB}\s+)?{_VAGUE}$")
"""Between a branch and its figure."""
_OPENS = re.compile(
    r"(?:^\s*(?:[*•·-]\s+)?[\"“]?|(?:[,;:]\s+|\s)(?:and|while|whereas|with|but|as|even\s+as)\s+|[,;:]\s+)"
    r"(?:(?:within|among|of)\s+(?:it|that|this|them|these|those|which),?\s+|of\s+which,?\s+)?(?:(?:that|those)\s+(?:of|in)\s+|(?:in|for)\s+)?(?:the\s+)?"
)
"""How a sentence or a clause opens, or the next thing of a list, before a branch."""
_WHO = re.compile(
    r"(?!(?:it|they|this|that|he|she|we|which|an?|the)\b)[a-z0-9][a-z0-9-]*(?:(?:,|,?\s+and)?\s+(?!(?:was|were|is|are|up|down|by|about)\b)[a-z][a-z-]*){0,9}"
)
"""The name of a branch, which may be a list of things itself."""
_LONGEST = 130
"""Signs before a figure within which its branch begins."""
_LABEL = re.compile(
    r"\b(?:(?P<what>output|production|investment|exports|imports|revenues?|profits|value\s+added)"
    r"(?:\s+(?:of|by|in|for|from|during)\s+[a-z0-9 ,'-]{2,60}?)?(?:\s+\([^)]*\))?:\s"
    r"|(?P<made>(?:output|production)\s+of\s+(?:[a-z-]+\s+){0,3}(?:products|goods)"
    r"|(?:main|major|leading|key|principal|selected|new)\s+(?:industrial\s+)?products)\b)"
)
"""What is told of all that a sentence lists: output: …; the main products were …"""
_MEASURES = ("value_added", "investment", "profits", "revenue", "output", "exports", "imports")
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
    whole += (
        [] if known or not _on_the_economy(text, topic) else [found.span("who") for found in _TARGET.finditer(text)]
    )
    if whole or topic.family or topic.main not in ("", "gdp"):
        return [Mention(*span, "gdp") for span in whole]
    owned = [found.end() for found in words.places_pattern.finditer(text)]
    spans = [found.span("who") for found in _OUTPUT.finditer(text)]
    spans += [found.span("who") for end in owned if (found := _ITS_OUTPUT.match(text, end))]
    return [Mention(*span, "gdp") for span in spans if beside(known, *span)]


def _on_the_economy(text: str, topic: Topic) -> bool:
    """Whether an aim without more is one of the whole economy: that was told of, or a government or place has set it."""
    if topic.term == "gdp":
        return True
    return "economic growth" in text or (not topic.family and topic.main in ("", "gdp") and not topic.term)


_TARGET = re.compile(
    r"\b(?:set|sets|setting|announced|adopted|kept|retained|lowered|raised|missed|hit|met|reached|beat|has|have|had|targets?|targeted|targeting|pursues?|eyes|eyeing|aims?\s+for|aiming\s+for|aimed\s+for|seeks?|expects?)\s+"
    r"(?:(?:an?|the|its|their|our|full-year|annual|official|provincial|this\s+year's)\s+)*"
    r"(?P<who>(?:economic\s+|annual\s+)*growth(?:\s+rate)?(?:\s+(?:target|goal|objective))?|target|goal)\s+(?:of|at)\s+(?:(?:about|around|some|nearly|over|more\s+than|at\s+least|roughly)\s+)*(?=\d[\d.]*\s?(?:%|percent|per\s+cent))"
)
"""An aim of growth without what is to grow, before its percentage."""
_ECONOMY = re.compile(
    r"(?:\b(?:the|its|our)|'s?)\s+(?:(?:regional|provincial|local|national|municipal|whole|entire|overall|(?:city|island|country|nation|province|region)'s)\s+)*"
    r"(?P<who>economy)(?=(?:\s+as\s+a\s+whole|\s+itself)?(?:\s+(?:of|in)\s+[^,.;\d]{2,60}?)?(?:,\s+[^,.;:()\d]{3,70},)?\s+(?:had\s+|has\s+|have\s+)?"
    r"(?:expanded|grown|grew|gained|rose|risen|shrank|shrunk|contracted|put\s+on|advanced)\b)"
)
"""All that a place makes, which is said to have grown."""
_ITS_OUTPUT = re.compile(
    r"'s\s+(?:total\s+|overall\s+|economic\s+)?(?P<who>output(?:\s+of\s+goods\s+and\s+services)?)(?=\s+(?:was|grew|rose|climbed|expanded|fell|reached|came|stood|totall?ed|amounted|shrank|increased|hit|passed)\b)"
)
"""Output right behind a place."""
_TRADE = re.compile(
    r"(?:^\s*|[,;]\s+|\b(?:total|overall|its|their|the|two-way|and|while|itself)\s+|^[^,.;\d]{0,40}\b(?:alone|itself)\s+|^\s*in\s+[a-z]+\s+)(?P<who>trade(?:\s+volume)?)\b(?=\s+(?:volume\s+)?(?:(?:of|in|for)\s+(?:the\s+)?(?:single\s+)?[a-z]+\s+)?(?:was|were|had|reached|rose|fell|came|stood|totall?ed|amounted|grew|climbed|dropped|shrank|hit|topped|increased|declined)\b)"
)
"""Trade without more, in what is told of foreign trade."""


def trade(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """All foreign trade, where a sentence of an English text on it says no more than trade."""
    spoken = "foreign_trade" in (topic.main, topic.term) and text.isascii()
    found = (one.span("who") for one in _TRADE.finditer(text)) if spoken else ()
    return [Mention(*span, "foreign_trade") for span in found if beside(known, *span)]


def services(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Services without more as the tertiary industry, where an English text just told of the economy or its sectors."""
    before = [one.indicator for one in known if not one.whole and one.indicator in words.terms]
    told = {topic.term, topic.main, *before}
    if not text.isascii() or not told & {"gdp", *SECTORS} or "tertiary_industry_value_added" not in words.terms:
        return []
    found = (one.span("who") for one in _SERVICES.finditer(text))
    return [Mention(*span, "tertiary_industry_value_added") for span in found if beside(known, *span)]


SECTORS = ("primary_industry_value_added", "secondary_industry_value_added", "tertiary_industry_value_added")
"""What an economy consists of."""
_SERVICES = re.compile(
    r"(?:^\s*|[,;]\s+(?:(?:and|while|but)\s+)?|\b(?:and|while|but)\s+)(?P<who>services)(?=\s+(?:(?:now|alone|already)\s+)*(?:made\s+up|make\s+up|accounted|account|contributed|grew|rose|expanded|climbed|gained|took\s+up)\b)"
)
"""Services that a clause opens with, before what is told of them."""


def budget(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Expenditure without more as that of the public budget, where an English text just told its revenue."""
    if not text.isascii() or "fiscal_spending" not in words.terms:
        return []
    out: list[Mention] = []
    for found in (*_EXPENDITURE.finditer(text), *_SPENT.finditer(text)):
        before = [one for one in known if one.end <= found.start() and not one.whole]
        last = before[-1].indicator if before else topic.term
        if last in _PUBLIC and beside(known, *found.span("who")):
            out.append(Mention(*found.span("who"), "fiscal_spending"))
    return out


_PUBLIC = ("fiscal_revenue", "tax_revenue", "fiscal_spending")
"""What is told of the public budget."""
_EXPENDITURE = re.compile(
    r"(?:^\s*|[,;]\s+|\b(?:and|while|but|whereas)\s+)(?:the\s+|its\s+|total\s+)*(?P<who>expenditures?|spending|outlays?)\b"
    r"(?=:\s|\s+(?:was|were|reached|rose|fell|grew|came|stood|totall?ed|amounted|hit|topped|increased|declined|climbed|went|at|of|\d))"
)
"""Expenditure that a clause opens with."""
_SPENT = re.compile(
    r"(?:\b(?:and|but|while|it)|[,;])\s+(?:(?:it|in\s+turn|then)\s+)?(?P<who>spent|paid\s+out|disbursed|laid\s+out)(?=\s+(?:(?:about|some|nearly|over|more\s+than|almost)\s+)?\d)"
)
"""What was done with it."""


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
    known = [one for one in known if not one.deed]
    end = 0
    for figure in _FIGURE.finditer(text):
        low = max(end, figure.start() - _LONGEST)
        verb, end = _ITS_VERB.search(text, low, figure.start()), figure.end()
        told = figure[0][-1] in "tnm%" or _ITS_END.match(text, figure.end()) is not None
        verb = _share_of_all(text, figure, low) or verb
        if (
            verb is not None
            and told
            and (found := _branch(text, low, verb.start(), words, [*known, *out], topic)) is not None
        ):
            out.append(found)
        elif (made := _made(text, figure, words)) is not None and beside([*known, *out], made.start, made.end):
            out.append(made)
    return out


def _share_of_all(text: str, figure: re.Match[str], low: int) -> re.Match[str] | None:
    """From behind a branch up to the share that it has of the total just told; None where a figure is none."""
    if figure[0][-1] not in "t%" or _OF_ALL.match(text, figure.end()) is None:
        return None
    return _ITS_SHARE.search(text, low, figure.start())


_ITS_SHARE = re.compile(rf"(?:,[^,;.\d]{{3,60}},)?\s+{_SHARE}{_VAGUE}$")
_OF_ALL = re.compile(r"\s+of\s+(?:the\s+(?:total|sum|whole)|it|this|that)(?=\s*(?:[,.;)]|$)|\s+(?:and|while|but)\s)")
"""Between a branch and its share, and behind a share of what was told last: cars made up 9 percent of the total."""


def of_industry(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The mentions with what English percentages say of branches behind the value added of all industry, of which that is
    told where no measure is named: industrial production grew 7.6 percent, with autos up 24 percent.
    """
    out = list(known)
    for at, one in enumerate(known) if text.isascii() else ():
        before = next((seen.indicator for seen in reversed(out[:at]) if not seen.whole), topic.term)
        spec, last = words.terms.get(one.indicator), words.terms.get(before)
        if spec is None or last is None or one.deed or spec.measure not in ("output", "") or one.number >= 0:
            continue
        said = text[one.start : one.end]
        whole = before == "industry_value_added" or (
            before.endswith("_value_added") and at and out[at - 1] != known[at - 1]
        )
        if not whole or _A_MEASURE.search(said) or _UP.match(text, one.end) is None:
            continue
        if name := next(named(said, "value_added", words), ""):
            out[at] = replace(one, indicator=name)
    return out


_A_MEASURE = re.compile(r"\b(?:output|production|produced|made|number|units|sales|revenues?|profits?|investment)\b")
"""What says what is measured of a branch."""
_UP = re.compile(rf"(?:\s+(?:industry|sector))?\s+{_VERB}\s+{_VAGUE}\d[\d.]*\s?(?:percent|per\s+cent|%)(?!\s+to\s)")
"""Between a branch and its growth."""


def grown_in(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """The mentions with the branches behind English percentages of one measure, each as what that makes of it: investment
    grew by 6 percent in manufacturing and 2 percent in infrastructure.
    """
    out = list(known)
    for found in _GREW_IN.finditer(text) if text.isascii() else ():
        said = next(reversed([*_MEASURED.finditer(text, 0, found.start())]), None)
        inside = [one for one in out if one.start < found.end("who") and one.end > found.start("who")]
        alone = all(_only_a_branch(text, one, words) for one in inside)
        if said is None or not alone or any(said.end() <= one.start < found.start() for one in inside):
            continue
        name = next(named(found["who"], _kind(said[0]), words), "")
        if name and _told_before(out, said, words):
            out = [*(one for one in out if one not in inside), Mention(*found.span("who"), name)]
    return out


def _only_a_branch(text: str, one: Mention, words: Vocabulary) -> bool:
    """Whether an indicator is named by its branch alone, of which value added is meant unless something else is said."""
    spec = words.terms.get(one.indicator)
    signs = words.measures["value_added"]
    return spec is None or (
        spec.measure == "value_added" and not any(sign in text[one.start : one.end] for sign in signs)
    )


def _told_before(known: Sequence[Mention], said: re.Match[str], words: Vocabulary) -> bool:
    """Whether a measure is that of all, or of no branch that is named: software revenue is no measure of others."""
    own = [one for one in known if one.start <= said.start() < one.end]
    return all(
        one.indicator.startswith("?") or (one.indicator in words.terms and not words.terms[one.indicator].family)
        for one in own
    )


def _kind(said: str) -> str:
    """Which measure a word is."""
    what = said.replace("-", " ").replace("production", "output")
    return {"revenues": "revenue", "value added": "value_added"}.get(what, what)


_MEASURED = re.compile(r"\b(?:investment|exports|imports|revenues?|profits|value[\s-]added)\b")
"""What is told of branches that stand behind their growths."""
_GREW_IN = re.compile(
    r"\d[\d.]*\s?(?:percent|per\s+cent|%)\s+(?:(?:rise|increase|jump|surge|gain|growth|expansion|fall|drop|decline|decrease|slump|plunge|contraction)\s+)?"
    r"(?:for|in)\s+(?:the\s+|its\s+|all\s+)?"
    r"(?P<who>[a-z][a-z-]*(?:\s(?:and\s)?[a-z][a-z-]*){0,4}?)(?=\s*(?:[,.;(]|$)|,?\s+(?:and|but|while)\s)"
)
"""A growth and the branch behind it: 16.8 percent in property, a 16.8 percent slump in property."""


def _made(text: str, figure: re.Match[str], words: Vocabulary) -> Mention | None:
    """The thing that a figure counts in a list of what was made: the main products were 3.2 million computers."""
    behind = _COUNTED.match(text, figure.end())
    if behind is None or (what := _labelled(text, figure.start())) not in ("output", "exports", "imports"):
        return None
    parts = list(re.finditer(r"[a-z0-9][\w-]*", behind["who"]))
    for part in reversed(parts):
        end = behind.start("who") + part.end()
        name = words.term_words.get(words.wording.key(f"{text[behind.start('who') : end]} {what}"), "")
        if name and words.terms[name].unit == "1":
            return Mention(behind.start("who"), end, name)
    return None


_COUNTED = re.compile(
    r"\s?(?:(?:units?|pieces?|sets?)\s+(?:of\s+)?)?(?P<who>[a-z0-9][a-z0-9-]*(?:\s[a-z][a-z-]*){0,4})"
)
"""What is counted right behind a figure."""


def without_verbs(known: Sequence[Mention], told: Sequence[Mention]) -> list[Mention]:
    """The mentions without the verbs right behind branches, which tell these: industry gained 4.7 percent."""
    ends = [one.end for one in told]
    return [one for one in known if not (one.deed and any(0 < one.start - end <= _NEAR for end in ends))]


_NEAR = 8
"""Signs between a branch and its verb."""


def _branch(
    text: str, low: int, high: int, words: Vocabulary, known: Sequence[Mention], topic: Topic
) -> Mention | None:
    """The branch whose name ends at a place in the text, the longest that makes an indicator with the measure before it."""
    for opens in _openings(text, low, high):
        who = text[opens:high]
        if _WHO.fullmatch(who) is None or not beside(known, opens, high):
            continue
        measure = _measure_before(opens, known, topic, words, who) or _labelled(text, opens)
        name = next(named(who, measure, words), "") if measure else ""
        if name and measure == "output" and _otherwise_measured(name, opens, known, words):
            continue  # the output of laptops is no money
        if name and words.terms[name].measure == measure:
            return Mention(opens, high, name)
    return None


def _otherwise_measured(name: str, start: int, known: Sequence[Mention], words: Vocabulary) -> bool:
    """Whether the output told last before a place in the text is one of pieces or tonnes, and this one of money."""
    before = sorted((one for one in known if one.end <= start and not one.whole), key=lambda one: one.start)
    spec = words.terms.get(before[-1].indicator) if before else None
    if spec is None or spec.measure != "output":
        return False
    return spec.unit in _AMOUNTS and words.terms[name].unit not in _AMOUNTS


def _openings(text: str, low: int, high: int) -> list[int]:
    """Where the name of a branch may begin, the farthest first."""
    return sorted({found.end() for at in range(low, high) if (found := _OPENS.match(text, at, high)) is not None})


def _labelled(text: str, start: int) -> str:
    """The measure that a sentence sets before its list of things; blank where it sets none."""
    said = next(reversed([*_LABEL.finditer(text, 0, start)]), None)
    if said is None:
        return ""
    if said["made"]:
        return "output"
    what = said["what"].replace("production", "output")
    return {"revenues": "revenue", "value added": "value_added"}.get(what, what)


def _measure_before(start: int, known: Sequence[Mention], topic: Topic, words: Vocabulary, who: str) -> str:
    """The measure told last before a branch, in its sentence or the one before; blank where there is none."""
    before = sorted((one for one in known if one.end <= start and not one.whole), key=lambda one: one.start)
    last = before[-1].indicator if before else topic.term
    spec = words.terms.get(last)
    if spec is None:
        return ""
    if last == "gdp" or (not before and who in _WIDE and topic.main == "gdp"):
        return "value_added"
    made = bool(before) and spec.measure == "output" and words.terms[last].unit in _AMOUNTS
    traded = spec.measure in ("exports", "imports")  # be it of pieces: exports of phones, and of machines
    return spec.measure if made or traded or (spec.measure in _MEASURES and spec.unit == "mCNY") else ""


_AMOUNTS = ("1", "t", "m3", "MW", "GWh")
"""Units of what is made."""


def named(who: str, measure: str, words: Vocabulary) -> Iterator[str]:
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
    r"^\s*(?:[*•·■-]\s+|\(?[a-z0-9ivx]{1,4}[.)]\s+)?(?:the\s+)?(?P<who>[a-z][a-z-]*(?:\s+(?:and\s+|of\s+)?[a-z][a-z-]*){0,4}?)(?:\s+above\s+(?:the\s+)?designated\s+size)?(?::|\.\s|\s[–—-])\s+(?:the\s+|its\s+)?"
    r"(?P<what>value\s+added|added\s+value|revenues?|output|profits?|investment|exports?|imports?)\b"
)
"""A branch set before a colon, and what is told of it: industry above designated size: value added rose by 8.6 percent."""
THE_FORMER = re.compile(r"\bthe\s+(?:(?P<former>former)|latter)\b(?!\s+(?:year|half|month|quarter|period|two|part))")
"""The first and the second of two just told, which may be places, too."""
_PART = re.compile(
    r"(?:^\s*|[,;]\s+(?:and\s+|while\s+)?|\band\s+|\bwhile\s+)(?:the\s+)?(?P<who>[a-z][a-z-]*(?:\s+(?:and\s+)?(?!(?:made|accounted|took|represented|were|was)\b)[a-z][a-z-]*){0,4}?)\s+"
    r"(?:made\s+up|accounted\s+for|took|represented|were|comprised|constituted|contributed)\s+(?:(?:about|over|nearly|almost|some|more\s+than)\s+)*\d[\d.]*\s?(?:percent|per\s+cent|%)\s+of\s+"
    r"(?:(?:the|its|all|total|their|this|[a-z-]+'s)\s+)*(?:(?:total|overall|provincial|national)\s+)?(?P<what>exports?|imports?)\b"
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
    for found in THE_FORMER.finditer(text):
        before = [one for one in out if one.end <= found.start() and not one.whole and one.indicator in words.terms]
        if len(before) > 1 and beside(out, *found.span()):
            out.append(Mention(*found.span(), before[-2 if found["former"] else -1].indicator))
            out.sort(key=lambda one: one.start)
    for found in _PART.finditer(text):
        name = words.term_words.get(words.wording.key(f"{found['what']} of {found['who']}"), "")
        if name and beside(out, *found.span("who")):
            out.append(Mention(*found.span("who"), name))
    return sorted(out, key=lambda one: one.start)
