"""Places that are only called by the larger one that they lie in: the Anhui capital, the capital of Anhui, Sichuan's largest
city, the Anhui city, the southwest China province, China's most populous province.
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
        if (seat := _whose_capital(text, words, one)) is not None:
            out = [seen for seen in out if seen.end <= seat.start]  # the capital of east China's Anhui Province
            if not (out and out[-1].region == seat.region and _APPOSED_AS.fullmatch(text, out[-1].end, seat.start)):
                out.append(seat)
            continue
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


def _whose_capital(text: str, words: Vocabulary, one: Where) -> Where | None:
    """The capital of a province that stands behind `the capital of`; None where none stands there."""
    place = words.places.get(one.region)
    said = _CAPITAL_OF.search(text, 0, one.start) if place is not None and text.isascii() and not one.local else None
    if said is None or place is None or place.kind != "province" or place.capital in ("", one.region):
        return None
    return Where(said.start("seat"), one.end, place.capital)


def _in_a_larger_one(text: str, words: Vocabulary, one: Where) -> Where | None:
    """The province or city that the text is on, where the country or a province only says where it lies; else None."""
    place = words.places.get(one.region)
    if place is not None and place.kind == "nation" and not one.local and text.isascii():
        first = _FIRST_PROVINCE.match(text, one.end)
        if first is not None and _SUBJECT.search(text, 0, one.start):
            return Where(one.start, first.end(), "", "province")
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
_CAPITAL_OF = re.compile(
    r"(?P<seat>(?:\bthe\s+)?\b(?:provincial\s+|regional\s+)?capital(?:\s+city)?)\s+of\s+(?:the\s+)?(?:[a-z-]+\s+){0,2}?(?:[a-z-]+\s+china's\s+)?$"
)
"""Before a province, what makes it the capital there: the capital of east China's Anhui Province."""
_APPOSED_AS = re.compile(r"\s*,\s+(?:now\s+|once\s+|long\s+)?|\s+(?:is|as|became|remains)\s+")
"""Between a capital by its name and as whose capital it is known."""
_FIRST_PROVINCE = re.compile(
    r"'s\s+(?:(?:second|third|fourth|fifth|sixth|seventh)[\s-]+)?"
    r"(?:largest|biggest|richest|poorest|smallest|wealthiest|fastest-growing|northernmost|southernmost|westernmost|most\s+\w+|least\s+\w+|top|leading|second|third)"
    r"\s+(?:[a-z-]+\s+){0,2}?(?:province|provincial(?:-level)?\s+economy|regional\s+economy)\b(?!\s*,?\s+(?:and|or|[a-z'-]+\s+province)\b)"
)
"""Behind the country, what makes it the province that a text is on: China's second-most populous province."""
_SUBJECT = re.compile(
    r"(?:^\W*|[,;:]\s+|\b(?:in|of|and|but|while|as|for)\s+)(?:(?:north|south|east|west|central)\w*\s+)?$"
)
"""Before it, where it is no predicate: `Guangdong is China's largest …` tells of no other place."""
_CAPITAL = re.compile(
    r"(?:'s?)?\s+(?:provincial\s+|regional\s+)?capital(?:\s+city)?\b(?!\s+(?:market|investment|expenditure|stock|account|goods|formation|spending))"
)
_ONE_CITY = re.compile(
    r"'s?\s+(?:(?:second|third|fourth|fifth)[\s-])?(?:largest|biggest|richest|busiest|smallest|oldest|northernmost|southernmost|fastest-growing|most\s+populous|main|leading|second|third)\s+(?:[a-z-]+\s+)?city\b"
)
"""Behind a province, what makes it one of its cities."""
_APPOSED = re.compile(r",\s+(?:now\s+|once\s+|long\s+)?")
"""Between a city and what it is called."""
