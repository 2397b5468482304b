"""English trade with a partner that is named as a subject or beside the place: the EU was its largest partner, with trade of
20 billion yuan; trade between Guangxi and ASEAN countries jumped 86 percent; and that of the firms who trade.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xisuan.indicators.language.tokens import Mention, Topic
from xisuan.indicators.language.vocabulary import Vocabulary

_WAYS = {"foreign_trade": "trade with", "exports": "exports to", "imports": "imports from"}
"""What is told of trade in all, and how that with a partner is called."""
_SUBJECT = re.compile(
    r"(?:^\s*|[;,]\s+|\band\s+|\bwhile\s+)(?:the\s+)?(?P<who>[a-z][a-z' -]{1,40}?)\s+"
    r"(?:was|is|were|are|remained|remains|stayed|became|has\s+become)\s+"
    r"(?:(?:again|still|also|now|by\s+far)\s+)*(?:its|the|their|[a-z]+'s)\s+(?:[a-z'-]+\s+){0,4}?(?:partner|market|buyer|customer|supplier|destination)s?\b"
)
"""A partner as the subject of a sentence."""
_BETWEEN = re.compile(
    r"\b(?P<what>(?:bilateral\s+|foreign\s+|two-way\s+)*trade)\s+between\s+[^,.;\d]{3,60}?\s+and\s+(?:the\s+)?"
    r"(?P<who>[a-z][a-z' -]{1,40}?)"
    r"(?=,?\s+(?:(?:had|has)\s+)?(?:jumped|rose|risen|grew|grown|climbed|fell|fallen|dropped|was|came|reached|stood|totall?ed|amounted|hit|surged"
    r"|increased|expanded|shrank|declined|topped|exceeded|soared)\b|,)"
)
"""Trade between a place and a partner."""
_KIND = re.compile(r"\s+(?:countries|members|member\s+(?:states|countries)|nations|states|economies)$")
"""What the name of a partner may have behind it."""


def with_partners(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """The mentions with trade in all that is that with a partner as what the vocabulary calls that; `?` for others."""
    if not text.isascii() or ("partner" not in text and "between" not in text and not _SUBJECT.search(text)):
        return list(known)
    out = list(known)
    for found in _BETWEEN.finditer(text):
        out = [one for one in out if one.end <= found.start() or one.start >= found.end()]
        out.append(Mention(*found.span("what"), _named(found["who"], "trade with", words)))
    for found in _SUBJECT.finditer(text):
        inside = [one for one in out if one.start < found.end() and one.end > found.start("who")]
        end = text.find(";", found.end())
        end = end if end >= 0 else len(text)
        told = any(one.indicator in _WAYS and found.end() <= one.start < end for one in out)
        if not told or any(one.end <= found.end("who") and not one.indicator.endswith("_trade") for one in inside):
            continue
        out = [one for one in out if one not in inside]
        out = [
            replace(one, indicator=_named(found["who"], _WAYS[one.indicator], words))
            if one.indicator in _WAYS and found.end() <= one.start < end
            else one
            for one in out
        ]
    return sorted(out, key=lambda one: one.start)


def _named(who: str, way: str, words: Vocabulary) -> str:
    """The indicator of the trade with a partner."""
    return next((words.term_words[key] for key in _keys(who, way, words) if key in words.term_words), "?")


def _keys(who: str, way: str, words: Vocabulary) -> Iterator[str]:
    """How the trade with a partner may be called."""
    for said in (who, _KIND.sub("", who)):
        yield words.wording.key(f"{way} {said}")
        yield words.wording.key(f"{way} the {said}")


_TRADERS = re.compile(
    r"^\W*(?:(?:the\s+)?[a-z]+'s\s+|the\s+|its\s+)?(?:(?P<private>private|privately\s+owned)|(?P<foreign>foreign[\s-](?:funded|invested))|(?P<state>state-owned))"
    r"\s+(?:enterprises|companies|firms|businesses|traders)\b"
)
"""A kind of firms with which a sentence opens."""
_BY_THEM = {"private": "private_trade", "foreign": "foreign_funded_trade", "state": "state_owned_trade"}
_THEY = re.compile(r"\W*(?:their|they|these)\b")
"""What goes on about those with whom the sentence before opens."""


def by_traders(text: str, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The mentions with all trade as that of the firms with which an English sentence opens, or the one before it that it
    goes on about: private enterprises contributed 1 trillion yuan of the city's trade; the second time that all trade is
    named it is what they have a share of.
    """
    said = _TRADERS.match(text)
    if said is None and _THEY.match(text):
        said = _TRADERS.match(topic.said.lower())
    name = _BY_THEM[said.lastgroup or ""] if said is not None and text.isascii() else ""
    if not name or any(one.indicator == name for one in known):
        return list(known)
    of_trade = "foreign_trade" in (topic.term, topic.main) or topic.term.endswith("_trade")
    told = ("foreign_trade", "private_enterprises_value_added") if of_trade else ("foreign_trade",)
    first = next((one for one in known if one.indicator in told), None)
    if first is None:
        return list(known)
    start = said.start() if said is not None and said.string is text else first.start
    start = start if not any(one is not first and start <= one.start < first.end for one in known) else first.start
    own = replace(first, indicator=name, start=start, whole=False)
    return [own if one is first else one for one in known]
