"""Counts told by what those counted do: 974 million people shopped online, short videos are watched by 1.04 billion.

Which doing means which indicator is data, `vocabulary/doings.csv`. The number stands before what is done, with small
words between, or behind `by`; of people in rural or urban areas the indicator of these is meant. All doings are looked for
in one pass; only where one begins is it asked which.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from xisuan.indicators.language.cues import Cues
from xisuan.indicators.language.finding import by_first
from xisuan.indicators.language.tokens import BREAK, Mention

_NUMBER = re.compile(
    r"(?<![\d.,a-z-])(?!(?:19|20)\d\d\b(?!,\d|\s(?:hundred|thousand|million|billion)\b))(?P<number>\d[\d,]*(?:\.\d+)?)(?:\s(?:hundred|thousand|million|billion|trillion)\b|\s?(?:percent\b|per\s+cent\b|%))*"
)
_FARTHEST = 90
"""Signs between a number and what is done."""
_SAID = re.compile(r"\d(?=.*[a-z]{4})|[a-z]{4}(?=.*\d)", re.DOTALL)
"""What a sentence holds that may tell a count by English words."""


@dataclass(frozen=True, slots=True)
class Doings:
    """Patterns of what people do, and of what is used by them, each with the indicator that it means, made when met;
    `any_done` and `any_used` find where one of them begins.
    """

    done: tuple[tuple[str, str], ...]
    used: tuple[tuple[str, str], ...]
    any_done: re.Pattern[str]
    any_used: re.Pattern[str]


def doings(rows: Iterable[Mapping[str, str]], indicators: Collection[str]) -> Doings:
    """The patterns of a file of doings."""
    known = [row for row in rows if row["name"] in indicators]
    done = {row["name"]: _ways(row["done_en"]) for row in known if row["done_en"]}
    used = {row["name"]: _ways(row["used_en"]) for row in known if row["used_en"]}
    return Doings(
        tuple((name, _alone("|".join(ways))) for name, ways in done.items()),
        tuple((name, _alone("|".join(ways))) for name, ways in used.items()),
        _begins(done.values()),
        _begins(used.values()),
    )


_OWNER = re.compile(r"\bthe\b")
_BLANK = r"""[\s"“”-]+"""
"""Between two words of a phrase."""
_ENOUGH = 2
"""First words of a phrase by which it is looked for."""


def _ways(words: str) -> list[str]:
    """Phrases as patterns, longest first; * is any ending, a blank white space or a hyphen, `the` any owner, … a place."""
    listed = sorted((word.strip() for word in words.split("|") if word.strip()), key=len, reverse=True)
    return [
        _OWNER.sub("(?:the|its|their|this|[a-z-]+'s)", re.escape(word))
        .replace(r"\ \.\.\.\ ", r"(?:\s+(?:in|of|across|at)\s+(?!(?:one|an?|some|this|that)\s)[a-z' -]{2,30}?)?\ ")
        .replace(r"\*", r"\w*")
        .replace(r"\ ", _BLANK)
        .replace("1000", "1,?000")
        for word in listed
    ]


def _alone(ways: str) -> str:
    return rf"(?<![\w'-])(?:{ways})(?![\w'-])"


@cache
def _made(way: str) -> re.Pattern[str]:
    return re.compile(way)


def _begins(groups: Iterable[Sequence[str]]) -> re.Pattern[str]:
    """Where the first words of some phrases stand, each place by itself, as one may begin inside another."""
    every = list(dict.fromkeys(_BLANK.join(way.split(_BLANK)[:_ENOUGH]) for ways in groups for way in ways))
    owned = [way for way in every if way.startswith("(")]
    plain = by_first(way for way in every if not way.startswith("("))
    either = "|".join(filter(None, [plain, *owned]))
    return re.compile(rf"(?<![\w'-])(?=(?:{either})(?![\w'-]))" if either else r"(?!)")


def done_by(
    text: str, spoken: Doings, known: Sequence[Mention], indicators: Collection[str], cues: Cues
) -> list[Mention]:
    """The mentions with those that doings tell, each with the place of its number; names inside a doing are none."""
    if _SAID.search(text) is None:
        return list(known)
    found = [
        (name, said, number_before(text, said.start(), cues)) for name, said in _all(text, spoken.any_done, spoken.done)
    ]
    for name, said in _all(text, spoken.any_used, spoken.used):
        at = _used_by(text, said.end(), cues)
        found += [(name, said, at)] if at is not None else []
    out = list(known)
    taken: dict[int, int] = {}
    for name, said, at in sorted(found, key=lambda one: one[1].start() - one[1].end()):
        start, end = said.span()
        if at is None or at in taken or any(one.start < start < one.end or one.start < end < one.end for one in out):
            continue
        taken[at] = start
        out = [one for one in out if one.end <= start or one.start >= end]
        masts = name == _ON_5G and any(one.indicator.endswith("base_stations") and one.end <= at for one in out)
        masts = masts and _PEOPLE.search(text, at, end) is None
        told = _MASTS if masts else _there(text, start, end, name, (indicators, cues))
        told = _of_those(text, told, known, indicators)
        if not told:
            continue
        out.append(Mention(start, end, told, deed=True, number=at))
    return sorted(out, key=lambda one: one.start)


_OF_THOSE = re.compile(r"\s*(?:of|among)\s+(?:[^,;]|,(?=\d{3})){3,80},(?!\d)")
"""How a sentence opens of which the figures are of some: of China's netizens, …"""


def _of_those(text: str, name: str, known: Sequence[Mention], indicators: Collection[str]) -> str:
    """Those who live in town or country among others: the netizens of the country; blank where nobody counts them."""
    area, _, rest = name.partition("_")
    opens = _OF_THOSE.match(text) if rest == "population" else None
    who = next((one.indicator for one in known if opens is not None and one.end <= opens.end()), "")
    if not who or who.endswith("population"):
        return name
    own = f"{area}_{who}"
    return own if own in indicators else ""


def _all(text: str, begins: re.Pattern[str], ways: Sequence[tuple[str, str]]) -> list[tuple[str, re.Match[str]]]:
    """What is done, or used, in a text, in the order of the file."""
    places = [found.start() for found in begins.finditer(text)]
    return [(name, said) for name, way in ways for at in places if (said := _made(way).match(text, at)) is not None]


def _used_by(text: str, end: int, cues: Cues) -> int | None:
    """Where the number begins of those who use a thing; None where none is told, of another thing of which it was said
    but nothing need stand between.
    """
    told = cues.used_by_many.match(text, end) or cues.has_users.match(text, end)
    if told is None and (cues.used_by_many.search(text, 0, end) or cues.has_users.search(text, 0, end)):
        told = cues.used_again.match(text, end)
    return told.end() if told is not None else None


_ON_5G, _MASTS = "g5_users", "g5_base_stations"
"""Those on 5G, and the stations of which so many are: 61,300 base stations, of which 5,020 were 5G."""


_PEOPLE = re.compile(r"\b(?:people|persons|users|subscribers|customers|residents|inhabitants|households)\b")
"""Who is counted, which no station is: 81.6 million people on 5G plans."""


_OF_SO_MANY = re.compile(r"\s+of\s+(?:the\s+|its\s+|their\s+|our\s+|(?:the\s+)?[a-z-]+'s\s+)?(?:total\s+of\s+)?")
"""Between so many and the number of all of them."""


def number_before(text: str, end: int, cues: Cues) -> int | None:
    """Where the number begins of those who do something; None where others do it."""
    low = max(0, end - _FARTHEST)
    text = cues.share_aside.sub(lambda found: " " * len(found[0]), text)
    numbers = list(_NUMBER.finditer(text, low, end))
    if len(numbers) > 1 and _OF_SO_MANY.fullmatch(text, numbers[-2].end(), numbers[-1].start()):
        numbers.pop()  # 19.84 million of the region's 32.9 million subscribers were using 5G
    if not numbers or (found := numbers[-1]).start() == low > 0:
        return None
    if cues.money_spent.search(text, low, found.start()):
        return None
    gap = cues.people_who.sub(" ", text[found.end() : end].replace("—", " "))
    return None if not _ASIDE_ENDS.fullmatch(gap) and cues.others_do.search(gap) else found.start("number")


_ASIDE_ENDS = re.compile(
    r"\s*,\s*(?:(?:now|already)\s+)?(?:(?:are|were|is|was|have|had)\s+)?(?:now\s+|already\s+)?(?:on\s+|subscribed\s+to\s+)?"
)
"""Between so many, told beside their share, and what they do: 31 percent of them, or 8 million, are on …"""


def _there(text: str, start: int, end: int, name: str, known: tuple[Collection[str], Cues]) -> str:
    """The indicator of the people of the rural or urban areas that the clause names, where there is one."""
    indicators, cues = known
    low = max((found.end() for found in BREAK.finditer(text, 0, start)), default=0)
    behind = BREAK.search(text, end)
    area = cues.their_area.search(text, low, behind.start() if behind else len(text))
    own = f"{area.lastgroup}_{name}" if area is not None else name
    return own if own in indicators else name
