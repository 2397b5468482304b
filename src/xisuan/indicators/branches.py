"""English branches named by their industry alone, of which the measure said before is told: the value added of industry grew
5 percent, electronics 9; with manufacturing up 20 percent and real estate down 16.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xisuan.indicators.tokens import Mention, Topic, beside
from xisuan.indicators.vocabulary import Vocabulary

_VERB = (
    r"(?:(?:was|were|is|are)\s+)?(?:up|down|rose|fell|grew|gained|expanded|climbed|slipped|dropped|declined|shrank|shrinking|advanced|added|put\s+on|lost|managed"
    r"|jumped|surged|soared|increased|decreased|contracted|edged\s+(?:up|down)|inched\s+(?:up|down)|went\s+(?:up|down)|recorded|posted|saw|rising|falling|growing"
    r"|expanding|gaining|declining|dropping|did\s+(?:far\s+|much\s+|even\s+)?better,?\s+with|followed\s+with|came\s+to|attracted)"
)
_VAGUE = r"(?:(?:by|about|some|only|just|nearly|almost|over|an?|another|even|still|mere|solid|modest|brisk)\s+)*"
_BRANCH = re.compile(
    r"(?:(?P<opens>^\s*[\"“]?)|(?:[,;:]\s+|\s)(?:and|while|whereas|with|but|as|even\s+as)\s+|[,;]\s+)(?:(?:that|those)\s+(?:of|in)\s+)?(?:the\s+)?"
    rf"(?P<who>(?!(?:it|they|this|that|he|she|we|which|an?)\b)[a-z][a-z-]*(?:\s+(?!(?:was|were|is|are|up|down|by|about)\b)[a-z][a-z-]*){{0,3}}?)(?:,[^,;.\d]{{3,60}},)?\s+(?:{_VERB}\s+)?{_VAGUE}"
    r"(?=\d[\d.,]*\s?(?:percent|per\s+cent|%|(?:million|billion|trillion)\b))"
)
"""A branch before its figure: how a sentence or a clause opens, or the next thing of a list."""
_MEASURES = ("value_added", "investment", "profits", "revenue", "output")
"""What is told of branches by their names."""
_HEADS = ("", " manufacturing", " industry", " sector", " development")
"""What the name of a branch may leave out."""
_WIDE = frozenset(("industry", "services", "manufacturing", "construction", "agriculture", "mining", "utilities"))
"""Branches that open a sentence on the economy, of which the value added is meant."""


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
    for head in _HEADS:
        for said in (f"{sign} of {who}{head}" for sign in signs):
            if (name := words.term_words.get(words.wording.key(said))) is not None:
                yield name
        for said in (f"{who}{head} {sign}" for sign in signs):
            if (name := words.term_words.get(words.wording.key(said))) is not None:
                yield name
