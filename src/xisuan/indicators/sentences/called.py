"""Places that are only called by the larger one that they lie in: the Anhui capital, Sichuan's largest city, the Anhui
city, the southwest China province.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.language.tokens import Where
from xisuan.indicators.language.vocabulary import Vocabulary
from xisuan.indicators.sentences.elsewhere import KIND


def called(text: str, words: Vocabulary, seen: Sequence[Where]) -> list[Where]:
    """Regions with places that are only called by the one that they lie in: the Anhui capital, Sichuan's largest city, the
    southwest China province; none where its name stands right before: Mianyang, Sichuan's second city, has ….
    """
    out: list[Where] = []
    for one in _without_ports(text, seen):
        if (within := _in_a_larger_one(text, words, one)) is not None:
            out.append(within)
            continue
        province = one.region in words.places and words.places[one.region].kind == "province" and not one.local
        found = _CAPITAL.match(text, one.end) or _ONE_CITY.match(text, one.end) if province and text.isascii() else None
        capital = words.places[one.region].capital if found is not None else ""
        if found is None or not capital or one.region == capital:
            out.append(one)
            continue
        beside = out and _APPOSED.fullmatch(text, out[-1].end, one.start) and one.region in words.within(out[-1].region)
        if beside:
            continue
        if found.re is _CAPITAL:
            out.append(Where(one.start, found.end(), capital))
        else:
            out.append(Where(one.start, found.end(), "", "city"))
    return out


def _in_a_larger_one(text: str, words: Vocabulary, one: Where) -> Where | None:
    """The province or city that the text is on, where the country or a province only says where it lies; else None."""
    place = words.places.get(one.region)
    if place is None or one.local or not text.isascii() or _THE.search(text, 0, one.start) is None:
        return None
    country = place.kind == "nation" or (place.kind == "area" and place.within == words.nation)
    if not country and (place.kind != "province" or not place.capital):  # a municipality is a city itself
        return None
    found = _PART.match(text, one.end)
    kind = found.lastgroup if found is not None else None
    if found is None or kind is None or (kind == "province" and not country):
        return None
    return Where(one.start, found.end(), "", kind)


def _without_ports(text: str, seen: Sequence[Where]) -> list[Where]:
    """Regions with a port or airport that two of them share as a place that the vocabulary does not have."""
    out: list[Where] = []
    for one in seen:
        before = out[-1] if out else None
        shared = before is not None and before.region and text[before.end : one.start] in (" ", "-", "–")
        if shared and before is not None and _PORT.match(text, one.end) is not None:
            out[-1] = Where(before.start, one.end, "", KIND)
        else:
            out.append(one)
    return out


_PORT = re.compile(r"\s+(?:port|airport|harbou?r)\b")
"""Behind the two cities whose port it is: Ningbo-Zhoushan Port."""
_THE = re.compile(
    r"\b(?:the|this)\s+(?:(?:far\s+)?(?:north|south|east|west|central|north-?west|north-?east|south-?west|south-?east)(?:ern)?\s+)?$"
)
"""Before the larger place that only says where another lies."""
_PART = re.compile(
    r"(?:'s)?\s+(?:(?!(?:in|of|and|or|to|for|with|by)\b)[a-z-]+\s+)?(?:(?P<province>province|autonomous\s+region)|(?P<city>city|metropolis|municipality))\b"
    r"(?!\s+(?:of|government|council|cent(?:er|re)|bureau|index|wall))(?!\s*,?\s*[A-Z])"
)
"""Behind it, which kind of place it is: the southwest China port city, the Anhui city."""
_CAPITAL = re.compile(
    r"(?:'s?)?\s+(?:provincial\s+|regional\s+)?capital(?:\s+city)?\b(?!\s+(?:market|investment|expenditure|stock|account|goods|formation|spending))"
)
_ONE_CITY = re.compile(
    r"'s?\s+(?:(?:second|third|fourth|fifth)[\s-])?(?:largest|biggest|richest|busiest|smallest|oldest|northernmost|southernmost|fastest-growing|most\s+populous|main|leading|second|third)\s+(?:[a-z-]+\s+)?city\b"
)
"""Behind a province, what makes it one of its cities."""
_APPOSED = re.compile(r",\s+(?:now\s+|once\s+|long\s+)?")
"""Between a city and what it is called."""
