"""English base stations without their network: those of 5G where nothing but 5G was spoken of, and as many of them for every
10,000 people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from xisuan.indicators.language.tokens import Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Vocabulary

_EVERY, _OF_5G, _DENSITY = "mobile_base_stations", "g5_base_stations", "g5_bs_per_10k"
_NETWORK = re.compile(r"\b5g\b")
_OTHERS = re.compile(
    r"\b(?:[2346]g|lte|nb-iot|all|mobile|telecom|cell|communications?)\s+(?:(?:mobile|communications?|macro|the|outdoor)\s+)*$"
)
"""Before base stations of another network, or of every one."""
_OTHER_NETWORK = re.compile(r"\b(?:[2346]g|lte)\b")
_PART = re.compile(r"\b(?:of\s+(?:which|them|these|those)|among\s+(?:which|them)|including|with)\b[^.]*\b5g\b")
"""Behind all base stations, that those of 5G are a part of them."""
_STATIONS = re.compile(
    r"(?:(?<=\d\s)|(?<=\bmillion\s)|(?<=\bthousand\s)|(?<=\bmore\s)|(?<=\bits\s)|(?<=\btheir\s)|(?<=\bthe\s)|(?<=\bsuch\s))stations\b"
    r"(?P<per>\s+(?:per|for\s+(?:each|every))\s+(?:10,?000|ten\s+thousand)\s+(?:people|residents|inhabitants|persons)\b)?"
)
"""Stations, or so many for every 10,000 people, that only what was told before makes base stations."""
_PER = re.compile(
    r"\s+(?:per|for\s+(?:each|every))\s+(?:10,?000|ten\s+thousand)\s+(?:people|residents|inhabitants|persons)\b"
)


def of_5g(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The mentions with base stations as those of 5G where an English text last counted these, or its sentence, or the one
    before, speaks of 5G and of no other network.
    """
    if "station" not in text or not {_OF_5G, _DENSITY} <= words.terms.keys():
        return list(known)
    out = [_named(text, one, topic) for one in known]
    if topic.term.startswith("g5_b") or any(one.indicator.startswith("g5_b") for one in out):
        for found in _STATIONS.finditer(text):
            if beside(out, *found.span()) and not _OTHER_NETWORK.search(text):
                out.append(Mention(*found.span(), _DENSITY if found["per"] else _OF_5G))
    return sorted(out, key=lambda seen: seen.start)


def _named(text: str, one: Mention, topic: Topic) -> Mention:
    """Base stations as those of 5G, or as their density, where nothing else can be meant."""
    said = text[one.start : one.end]
    if one.indicator not in (_EVERY, _OF_5G) or said not in ("base stations", "base station"):
        return one
    if one.indicator == _EVERY:
        only = _OF_5G in topic.stood and _EVERY not in topic.stood
        spoken = (
            only
            or topic.term.startswith("g5_b")
            or any(
                _NETWORK.search(part) and not _OTHER_NETWORK.search(part) for part in (text[: one.start], topic.said)
            )
        )
        other = _OTHERS.search(text, 0, one.start) or _OTHER_NETWORK.search(text) or _PART.search(text, one.end)
        if other or not spoken:
            return one
    per = _PER.match(text, one.end)
    return replace(one, indicator=_OF_5G) if per is None else replace(one, indicator=_DENSITY, end=per.end())
