"""Cities that are only called by the province that they lie in: the Anhui capital, Sichuan's largest city."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.language.tokens import Where
from xisuan.indicators.language.vocabulary import Vocabulary
from xisuan.indicators.sentences.elsewhere import KIND


def called(text: str, words: Vocabulary, seen: Sequence[Where]) -> list[Where]:
    """Regions with cities that are only called by the province that they lie in: the Anhui capital, Sichuan's largest city;
    none where its name stands right before: Mianyang, Sichuan's second city, has ….
    """
    out: list[Where] = []
    for one in _without_ports(text, seen):
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
_CAPITAL = re.compile(
    r"(?:'s?)?\s+(?:provincial\s+|regional\s+)?capital(?:\s+city)?\b(?!\s+(?:market|investment|expenditure|stock|account|goods|formation|spending))"
)
_ONE_CITY = re.compile(
    r"'s?\s+(?:(?:second|third|fourth|fifth)[\s-])?(?:largest|biggest|richest|busiest|smallest|oldest|northernmost|southernmost|fastest-growing|most\s+populous|main|leading|second|third)\s+(?:[a-z-]+\s+)?city\b"
)
"""Behind a province, what makes it one of its cities."""
_APPOSED = re.compile(r",\s+(?:now\s+|once\s+|long\s+)?")
"""Between a city and what it is called."""
