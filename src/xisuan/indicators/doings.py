"""Counts told by what those counted do: 974 million people shopped online, short videos are watched by 1.04 billion.

Which doing means which indicator is data, `vocabulary/doings.csv`. The number stands before what is done, with small
words between, or behind `by`; of people in rural or urban areas the indicator of these is meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from xisuan.indicators.tokens import BREAK, Mention

_NUMBER = re.compile(
    r"(?<![\d.,a-z-])(?P<number>\d[\d,]*(?:\.\d+)?)(?:\s(?:hundred|thousand|million|billion|trillion)\b|\s?(?:percent\b|per\s+cent\b|%))*"
)
_BY = re.compile(
    r"(?:\s+[\w-]+){0,4}?\s(?:used|watched|played|read|enjoyed|followed|tried|made\s+use\s+of|listened\s+to|employ\w*)"
    r"(?:\s+[a-z]+ly|\s+now|\s+online)?\s+(?:by\s+)?(?:about\s+|some\s+|over\s+|nearly\s+|almost\s+|around\s+|more\s+than\s+|roughly\s+|as\s+many\s+as\s+)*(?=\d)"
)
"""Between what is used and by how many."""
_HAS = re.compile(
    r"\s+(?:counted|had|has|have|attracted|drew|reached|boast(?:s|ed)|gained|numbered|totall?ed|came\s+to)\s+(?:about\s+|some\s+|over\s+|nearly\s+|more\s+than\s+)*"
    r"(?=\d[\d.,]*\s(?:(?:million|billion|thousand)\s)?(?:users|people|customers|subscribers|netizens|fans|players)\b)"
)
"""Between what is used and how many users it has."""
_AGAIN = re.compile(
    r"\s*(?:\([^()]*\)\s*)?,?\s(?:by\s+)?(?:about\s+|some\s+|over\s+|nearly\s+|another\s+)?(?=\d[\d.,]*\s(?:million|billion)\b)"
)
"""Between another thing that is used and how many use it."""
_APART = re.compile(
    r"[.,;:\d]|\b(?:and|while|but|who|which|whose|companies|firms|enterprises|businesses|shops|stores|schools|hospitals|institutions|yuan"
    r"|dollars|villages|stations|with)\b"
)
"""Between a number and what is done, that others do it."""
_ASIDE = re.compile(
    r",\s+or\s+(?:about\s+|some\s+|nearly\s+|over\s+|almost\s+)?[\d.]+\s?(?:percent|per\s+cent|%)[^,.;]{0,30},|\(\s*[\d.]+\s?(?:percent|per\s+cent|%)[^()]{0,30}\)"
)
"""A share beside a count."""
_SPENT = re.compile(r"\b(?:spen[dt]\w*|invest\w*|pour\w*|put|laid\s+out|cost\w*|budget\w*)\b[^.;,]{0,30}$")
"""Before money, which is nobody counted: spent 200 million on 5G."""
_PEOPLE_WHO = re.compile(
    r"\b(?:people|persons|those|users|consumers|customers|netizens|chinese|residents|internet\s+users)\s+who\b"
)
"""Those counted, before what they do."""
_FARTHEST = 90
"""Signs between a number and what is done."""
_AREA = re.compile(r"\b(?:(?P<rural>rural|countryside|villages?|villagers)|(?P<urban>urban|city\s+dwellers))\b")


_SAID = re.compile(r"\d(?=.*[a-z]{4})|[a-z]{4}(?=.*\d)", re.DOTALL)
"""What a sentence holds that may tell a count by English words."""


@dataclass(frozen=True, slots=True)
class Doings:
    """Patterns of what people do, and of what is used by them, each with the indicator that it means."""

    done: tuple[tuple[str, re.Pattern[str]], ...]
    used: tuple[tuple[str, re.Pattern[str]], ...]


def doings(rows: Iterable[Mapping[str, str]], indicators: Collection[str]) -> Doings:
    """The patterns of a file of doings."""
    known = [row for row in rows if row["name"] in indicators]
    done = ((row["name"], _either(row["done_en"])) for row in known if row["done_en"])
    used = ((row["name"], _either(row["used_en"])) for row in known if row["used_en"])
    return Doings(tuple(done), tuple(used))


_OWNER = re.compile(r"\bthe\b")


def _either(words: str) -> re.Pattern[str]:
    """Phrases as a pattern; * is any ending, a blank any white space or a hyphen."""
    listed = sorted((word.strip() for word in words.split("|") if word.strip()), key=len, reverse=True)
    ways = (
        _OWNER.sub("(?:the|its|their|this|[a-z-]+'s)", re.escape(word))
        .replace(r"\*", r"\w*")
        .replace(r"\ ", r"[\s-]+")
        .replace("1000", "1,?000")
        for word in listed
    )
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(ways)})(?![\w'-])")


def done_by(text: str, spoken: Doings, known: Sequence[Mention], indicators: Collection[str]) -> list[Mention]:
    """The mentions with those that doings tell, each with the place of its number; names inside a doing are none."""
    if _SAID.search(text) is None:
        return list(known)
    found = [
        (name, said, number_before(text, said.start())) for name, way in spoken.done for said in way.finditer(text)
    ]
    for name, way in spoken.used:
        found += [(name, said, by.end()) for said in way.finditer(text) if (by := _used_by(text, said.end()))]
    out = list(known)
    taken: dict[int, int] = {}
    for name, said, at in sorted(found, key=lambda one: one[1].start() - one[1].end()):
        start, end = said.span()
        if at is None or at in taken or any(one.start < start < one.end or one.start < end < one.end for one in out):
            continue
        taken[at] = start
        out = [one for one in out if one.end <= start or one.start >= end]
        masts = name == _ON_5G and any(one.indicator.endswith("base_stations") and one.end <= at for one in out)
        told = _MASTS if masts else _there(text, start, end, name, indicators)
        out.append(Mention(start, end, told, deed=True, number=at))
    return sorted(out, key=lambda one: one.start)


def _used_by(text: str, end: int) -> re.Match[str] | None:
    """What leads from a thing to how many use it, if it is but `by`, or nothing, behind another of which it was said."""
    told = _BY.match(text, end) or _HAS.match(text, end)
    again = told is None and (_BY.search(text, 0, end) or _HAS.search(text, 0, end))
    return told or (_AGAIN.match(text, end) if again else None)


_ON_5G, _MASTS = "g5_users", "g5_base_stations"
"""Those on 5G, and the stations of which so many are: 61,300 base stations, of which 5,020 were 5G."""


def number_before(text: str, end: int) -> int | None:
    """Where the number begins of those who do something; None where others do it."""
    low = max(0, end - _FARTHEST)
    text = _ASIDE.sub(lambda found: " " * len(found[0]), text)
    numbers = list(_NUMBER.finditer(text, low, end))
    if not numbers or (found := numbers[-1]).start() == low > 0:
        return None
    if _SPENT.search(text, low, found.start()):
        return None
    gap = _PEOPLE_WHO.sub(" ", text[found.end() : end].replace("—", " "))
    return None if gap.strip() != "," and _APART.search(gap) else found.start("number")


def _there(text: str, start: int, end: int, name: str, indicators: Collection[str]) -> str:
    """The indicator of the people of the rural or urban areas that the clause names, where there is one."""
    low = max((found.end() for found in BREAK.finditer(text, 0, start)), default=0)
    behind = BREAK.search(text, end)
    area = _AREA.search(text, low, behind.start() if behind else len(text))
    own = f"{area.lastgroup}_{name}" if area is not None else name
    return own if own in indicators else name
