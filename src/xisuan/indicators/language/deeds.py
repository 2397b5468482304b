"""Indicators told by what somebody does: operators invested 604 million yuan, China exported 143 million laptops.

Which doer and deed mean which indicator is data, `vocabulary/deeds.csv`. A row without doers and units whose name is that
of a measure (`exports`, `output`) takes the thing behind the figure: exported … laptops are exports of laptops. All doers
are found in one pass; only where one stands is it asked what it does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.finding import by_first
from xisuan.indicators.language.tokens import Mention
from xisuan.indicators.language.wording import Wording

if TYPE_CHECKING:
    from xisuan.indicators.language.vocabulary import Vocabulary

_BETWEEN_EN = (
    r"(?:'s?)?(?:,[^,.;]{0,70},)?"
    r"(?:\s+(?!(?:and|but|while|as|which|that|who)\s)(?:[a-z][\w'-]*|(?:19|20)\d\d)){0,7}?\s+"
)
_BETWEEN_ZH = r"[^，,。;；\d]{0,14}?(?:\s?[，,]\s?在[^，,。;；\d]{0,8}?)?"
_AMOUNT_EN = (
    r"(?=(?:\s+(?:a\s+total\s+of|more\s+than|at\s+least|as\s+much\s+as|up\s+to|the\s+province|by\s+\w+|\w+|\w+\s+(?:to|with|by)))?"
    r"\s+(?:[\d¥$]|rmb|cny))"
)
_AMOUNT_ZH = r"(?=(?:达到?|为|了|超过?|约|近|共|合计|累计|突破)*\s*\d)"
_ABOUT = r"(?:about\s+|only\s+|some\s+|just\s+|nearly\s+|over\s+)?"
_SO_MANY = r"\d[\d.,]*\s*(?:(?:million|billion|trillion)\s+)?"
_GAPPED = rf"(?=,?\s+{_ABOUT}{_SO_MANY}"
"""Between a doer and an amount, whose verb stands with another before them."""
_THEY = re.compile(
    r"\b(?:they|it(?!\s+(?:services?|and|industry|firms?|companies|sector|enterprises|products|spending|business)\b)|these|who|their|the\s+(?:facilities|sites|plants|companies|firms|operators|industry|sector))\b"
)
"""What takes up a doer of the sentence before, or of what stands before it."""
_DIGIT = re.compile(r"\d")
_OF_A_UNIT = r"(?:(?:(?:metric\s+)?ton(?:ne)?s|cubic\s+met(?:er|re)s|barrels|pieces|units|sets|gigawatts|gw)\s+of\s+)?"
_THINGS = re.compile(
    rf"\d[\d.,]*\s+(?:million\s+|billion\s+|trillion\s+)?{_OF_A_UNIT}(?P<what>[a-z][\w-]*(?:\s+[a-z][\w-]*){{0,2}})"
)
_ELLIPSIS = re.compile(r"\\s\+\\\.\\\.\\\.\\s\+(?P<rest>.+)$")
"""What the escaped form of `…` is in a verb whose last words stand behind its amount."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One row: the indicator, and what from the end of its doer on tells it, in English and Chinese.

    `gapped` is an amount right behind a doer, whose verb stands with another before them: townspeople had 51,571 yuan,
    villagers 23,776 yuan.
    """

    name: str
    said: str = ""
    said_zh: str = ""
    gapped: str = ""


Doing = tuple[int, int, Deed, str]
"""Start and end of a doer, what it may do, and how it must stand: `^` free of other words, `@` right behind a place."""


@dataclass(frozen=True, slots=True)
class Doers:
    """What is looked for in one pass, each with the rows that it is of and how it must stand; `loose` are of any ending."""

    pattern: re.Pattern[str]
    rows: Mapping[str, Sequence[tuple[Deed, str]]]
    loose: Sequence[tuple[re.Pattern[str], Deed, str]] = ()

    def of(self, text: str) -> Iterator[Doing]:
        """Every doer of a text with each of its rows, the longest where several begin; one may stand in another."""
        for found in self.pattern.finditer(text):
            said = found["who"]
            for deed, stands in self.rows.get(" ".join(said.split()), ()):
                yield *found.span("who"), deed, stands
            for way, deed, stands in self.loose:
                if way.fullmatch(said):
                    yield *found.span("who"), deed, stands


@dataclass(frozen=True, slots=True)
class Deeds:
    """Doers of both languages, verbs of rows without a doer, and deeds that make a thing beside a figure an indicator:
    those before its figure, and those behind it (left the assembly lines).
    """

    english: Doers
    chinese: Doers
    free: Doers
    free_zh: Doers
    things: tuple[tuple[str, re.Pattern[str]], ...] = ()
    left: tuple[tuple[str, re.Pattern[str]], ...] = ()


_OWNER = re.compile(r"\bthe\b")
_PLACE = "@place"
"""Stands for any place among the doers of a row."""


def deeds(rows: Iterable[Mapping[str, str]], indicators: Collection[str], measures: Collection[str]) -> Deeds:
    """The patterns of a file of deeds. `=NAME` in a column stands for the words of that column in the row NAME before it."""
    seen: dict[str, Mapping[str, str]] = {}
    groups: dict[str, list[tuple[str, Deed, str]]] = {"english": [], "chinese": [], "free": [], "free_zh": []}
    things: list[tuple[str, re.Pattern[str]]] = []
    left: list[tuple[str, re.Pattern[str]]] = []
    for raw in rows:
        row = {column: _of_another(said or "", column, seen) for column, said in raw.items()}
        name, who, who_zh = row["name"], row["subjects_en"], row["subjects_zh"]
        seen.setdefault(name, row)
        if name in measures and not who and not who_zh and not row.get("things_en"):
            things.append((name, re.compile(rf"\b(?:{_either(row['verbs_en'])})\b")))
            if row.get("behind_en"):
                owned = _OWNER.sub(r"(?:the\\s+[a-z-]+'s|the|its|their|[a-z-]+'s)", _either(row["behind_en"]))
                left.append((name, re.compile(rf"\b(?:{owned})\b")))
        elif name in indicators:
            doers = [word for word in _listed(who) if word != _PLACE]
            deed = _deed(row)
            groups["english"] += [(word.lstrip("^"), deed, "^" * word.startswith("^")) for word in doers]
            if not doers or _PLACE in _listed(who):
                alone = _deed({**row, "subjects_en": ""})
                groups["free"] += [(word, alone, "@" if who else "") for word in _listed(row["verbs_en"])]
            where, words = ("chinese", who_zh) if who_zh else ("free_zh", row["verbs_zh"])
            groups[where] += [(word.lstrip("^"), deed, "^" * word.startswith("^")) for word in _listed(words)]
    return Deeds(
        _doers(groups["english"]),
        _doers(groups["chinese"]),
        _doers(groups["free"]),
        _doers(groups["free_zh"]),
        tuple(things),
        tuple(left),
    )


def _of_another(said: str, column: str, seen: Mapping[str, Mapping[str, str]]) -> str:
    """The words of a column, with those of the rows that it refers to."""
    parts = (seen[word[1:]][column] if word.startswith("=") else word for word in said.split("|"))
    return "|".join(parts) if "=" in said else said


def _deed(row: Mapping[str, str]) -> Deed:
    """The patterns of one row, which begin where its doer ends, or with its verb where it has no doer."""
    counted = _either(row.get("things_en") or "")
    behind = (
        rf"(?=[^,;]{{0,40}}\d(?:[\d.]|,\d)*\s*(?:(?!\d)[\w.]+\s+){{0,3}}?(?:{counted})(?![a-z]))" if counted else ""
    )
    verbs, verbs_zh = _either(row["verbs_en"]), _plain(row["verbs_zh"])
    between = _BETWEEN_EN if row["subjects_en"] else ""
    said = rf"{between}\b(?P<deed>{verbs})\b{behind}{_AMOUNT_EN}" if verbs else ""
    between = _BETWEEN_ZH if row["subjects_zh"] else ""
    said_zh = f"{between}(?P<deed>{verbs_zh}){_AMOUNT_ZH}" if verbs_zh else ""
    gapped = rf"{_GAPPED}(?:{counted})(?![a-z]))" if counted and row["subjects_en"] else ""
    return Deed(row["name"], said, said_zh, gapped)


def _doers(said: Sequence[tuple[str, Deed, str]]) -> Doers:
    """One pattern of some words, and the rows of each."""
    rows: dict[str, list[tuple[Deed, str]]] = {}
    for word, deed, stands in said:
        rows.setdefault(word.partition(" ... ")[0], []).append((deed, stands))
    ways = by_first(_way(word) for word in sorted(rows, key=lambda word: (-len(word), word)))
    chinese = any(not word.isascii() for word in rows)
    pattern = re.compile(
        (f"(?=(?P<who>{ways}))" if chinese else rf"(?<![\w-])(?=(?P<who>{ways})(?!\w))") if ways else r"(?!)"
    )
    loose = [(re.compile(_way(word)), *one) for word, own in rows.items() for one in own if "*" in word]
    return Doers(pattern, rows, loose)


def _listed(words: str) -> list[str]:
    return sorted((word.strip() for word in words.split("|") if word.strip()), key=len, reverse=True)


def _either(words: str) -> str:
    """English words as a pattern; * is any ending, a blank any white space, … what the last words stand behind."""
    return "|".join(map(_way, _listed(words)))


def _way(word: str) -> str:
    said = re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
    return _ELLIPSIS.sub(lambda found: rf"(?=\s[^;]{{0,90}}?\b{found['rest']}\b)", said)


def _plain(words: str) -> str:
    return "|".join(map(re.escape, _listed(words)))


def mentions_of(text: str, words: Vocabulary, known: Sequence[Mention], before: str = "") -> list[Mention]:
    """The mentions with those that deeds tell; a thing exported is no longer the indicator that its name would be.

    A pronoun does what the last doer of the sentence `before` would do, or one that stands before it in its own: data
    centres …. They used 5 billion kWh.
    """
    if _DIGIT.search(text) is None:
        return list(known)  # a deed is told of an amount
    out = list(known)
    doers = [
        one
        for one in words.deeds.english.of(text)
        if _stands(text, one[0], one[3], words) and not any(_within(text, seen, one) for seen in known)
    ]
    for low, start, end, told in _by_the_nearest(
        (*_told(text, words, doers), *_told_again(text, words, doers, before)), text
    ):
        name = _of_their_area(text[low:start], told, words)
        inside = [one for one in out if one.start < end and one.end > start]
        longer = not text[start].isascii() and any(one.start < start and one.end == end for one in inside)
        grown = words.cues.grows.match(text, start, end) is not None
        if grown and _OF_OWNERS.search(words.places_pattern.sub(_barred, text[:low])):
            continue  # profits at large industrial firms rose
        if not name or longer or any(one.start < low or one.end > end or one.deed for one in inside):
            continue  # 电信固定资产|投资 is more than what somebody does
        if _DIGIT.search(text, low, start) is None:  # but A, at 6 EFLOPS, represented 37 percent of it
            out = [one for one in out if not (low <= one.start and one.end <= end)]
        out.append(Mention(start, end, name, deed=True))
    for start, end, deed, _ in doers:
        gapped = deed.gapped and _made(deed.gapped).match(text, end) is not None
        other = [one for one in out if one.start < end and one.end > start and (one.deed or one.start < start)]
        if gapped and not other and any(one.deed and one.end <= start for one in out):
            out = [one for one in out if one.end <= start or one.start >= end]
            out.append(Mention(start, end, deed.name, deed=True))
    for start, end, name in _all_things(text, words.deeds, (words.term_words, words.wording)):
        out = [one for one in out if one.end <= start or one.start >= end]
        out.append(Mention(start, end, name))
    return sorted(out, key=lambda seen: seen.start)


def _by_the_nearest(told: Sequence[tuple[int, int, int, str]], text: str) -> list[tuple[int, int, int, str]]:
    """What is told by its doers, without what their owner would have done: the city's industry used, not the city."""
    owners = [
        one
        for one in told
        if any(
            low > one[0] and (start, end) == one[1:3] and _OWNED.search(text, one[0], low) is not None
            for low, start, end, _ in told
        )
    ]
    return [one for one in told if one not in owners]


_OWNED = re.compile(r"'s?\s+(?:[a-z-]+\s+){0,2}$")
"""Between an owner and a doer of its own."""


def _within(text: str, seen: Mention, doer: Doing) -> bool:
    """Whether a doer is but a word of a name: services, of services production; industry, of investment in the industry."""
    if seen.start > doer[0] or seen.end < doer[1]:
        return False
    return seen.end > doer[1] or _OF_A_DOER.search(text, seen.start, doer[0]) is not None


_OF_A_DOER = re.compile(r"\s(?:of|in|by|for|from)\s+(?:the\s+|[\w'-]+'s\s+)?$")
"""Inside a name, before whose it is."""


def _barred(found: re.Match[str]) -> str:
    """A place as a bar, so that words before and behind it are seen together."""
    return "|" * len(found[0])


_OF_OWNERS = re.compile(
    r"[a-z]\s+(?:of|at|by|for|from|among|across)\s+(?:(?:the|its|their|our|all)\s+)?(?:\|+(?:'s?)?\s+)?(?:[a-z-]+\s+)?$"
)
"""Before firms of which it is not said that they grew, but of something of theirs."""


def _of_their_area(who: str, name: str, words: Vocabulary) -> str:
    """What doers of town or country tell: stores in the villages of retail sales there; blank where nobody counts that."""
    area = words.cues.their_area.search(who)
    if area is None or area.lastgroup is None or name.startswith(area.lastgroup):
        return name
    own = f"{area.lastgroup}_{name}"
    return own if own in words.terms else ""


def _told(text: str, words: Vocabulary, doers: Sequence[Doing]) -> Iterator[tuple[int, int, int, str]]:
    """What is told by its doer or, without one, by a verb: start of the doer, start and end of the verb, indicator."""
    for low, end, deed, _ in doers:
        yield from _done(text, low, end, deed.name, deed.said)
    for low, _, deed, stands in words.deeds.free.of(text):
        if not stands or _stands(text, low, stands, words):
            yield from _done(text, low, low, deed.name, deed.said)
    yield from _done_too(text, words, doers)
    for low, end, deed, stands in words.deeds.chinese.of(text):
        if not stands or _FREE_ZH.search(text, 0, low) or _ends_in_a_place(text, low, words):
            yield from _done(text, low, end, deed.name, deed.said_zh)
    for low, _, deed, _ in words.deeds.free_zh.of(text):
        yield from _done(text, low, low, deed.name, deed.said_zh)


def _done_too(text: str, words: Vocabulary, doers: Sequence[Doing]) -> Iterator[tuple[int, int, int, str]]:
    """What a place does in a second verb of its sentence: the province generated 229 TWh and consumed 176 TWh."""
    free = [one for one in words.deeds.free.of(text) if one[3] == _AT_A_PLACE]
    names = {deed.name for _, _, deed, _ in free}
    stand = [(low, low, deed) for low, _, deed, _ in free if _stands(text, low, _AT_A_PLACE, words)]
    stand += [(low, end, deed) for low, end, deed, _ in doers if deed.name in names and _A_PLACE.match(text, low)]
    first = min(
        (end for low, at, deed in stand for *_, end, _ in _done(text, low, at, deed.name, deed.said)), default=0
    )
    for low, _, deed, _ in free if first else ():
        if first < low and _AND.search(text, first, low) and not _stands(text, low, _AT_A_PLACE, words):
            yield from _done(text, low, low, deed.name, deed.said)


_AT_A_PLACE = "@"
"""How a deed stands that a place does."""
_A_PLACE = re.compile(r"the\s+(?:province|city|region|municipality|country|nation|island)\b(?!')")
_AND = re.compile(r"[^;:]*,?\s(?:and|but)\s+(?:(?:also|itself|then|in\s+turn|in\s+return)\s+)?$")
"""A place by its kind, and what joins the second verb of a sentence to the first."""


def _done(text: str, low: int, at: int, name: str, way: str) -> Iterator[tuple[int, int, int, str]]:
    """What is done from a place on."""
    if way and (found := _made(way).match(text, at)) is not None:
        yield low, *found.span("deed"), name


@cache
def _made(way: str) -> re.Pattern[str]:
    return re.compile(way)


def _told_again(
    text: str, words: Vocabulary, doers: Sequence[Doing], before: str
) -> Iterator[tuple[int, int, int, str]]:
    """What a pronoun does, for a doer of the sentence before or of the words before it."""
    they = list(_THEY.finditer(text))
    if not they:
        return
    earlier = [deed for at, _, deed, how in words.deeds.english.of(before) if _stands(before, at, how, words)]
    for one in they:
        own = dict.fromkeys([*earlier, *(deed for _, end, deed, _ in doers if end <= one.start())])
        for deed in own:
            yield from _done(text, one.start(), one.end(), deed.name, deed.said)


_OBJECT = re.compile(r"[a-z]\s+(?:in|of|for|across|within)\s+(?:the|this)\s+$")
"""Before what is no doer but of what something else is told: investment in the industry rose."""
_FREE = re.compile(
    r"(?:^|[,;:.(–—\d-]|'s|s'|\b(?:and|while|but|whereas|as|with|the|its|their|our|all|by|when|that|said|where|which|local|(?:province|city|municipality|region|island)\s+of"
    r"|january|february|march|april|may|june|july|august|september|october|november|december|quarter|half|year|months?|period))\s*$"
)
"""Before a general word that must stand free: households, but not tea-growing households."""
_FREE_ZH = re.compile(r"(?:^|[^\u4e00-\u9fff]|[省市区县州国内外年月日])$")
"""Before a general Chinese word that must stand free: 游客, but not 动物园游客."""
_LAST = re.compile(r"(?P<word>[a-z][\w&-]*)(?P<owns>'s|s'|')?\s+$")
"""The word before a doer."""
_LISTED = re.compile(r"(?:^|[,;.])\s*(?:the\s+)?[a-z-]+s,?\s+(?:and|or)\s+$")
"""Before the second of two doers that a clause opens with: buses and trains carried …"""
_SINCE = re.compile(
    r"(?:(?:\s+|\s*,\s*)(?:province|city|municipality|autonomous\s+region|region|alone|itself|also|has|had|have|already|together"
    r"|last\s+year|in\s+(?:19|20)\d\d|that\s+year|as\s+a\s+whole))*\s*$"
)
"""Between a place and what is done there."""


def _stands(text: str, start: int, how: str, words: Vocabulary) -> bool:
    """Whether a doer stands as it must: no word before it makes it another, as in foreign tourists."""
    low = max(0, start - _LONGEST)
    if _OBJECT.search(text, low, start):
        return False
    if how == "^":
        return _FREE.search(text, low, start) is not None or _ends_in_a_place(text, start, words)
    if how == "@":
        return _ends_in_a_place(text, start, words, subject=True)
    if _LISTED.search(text, 0, start):
        return False
    last = _LAST.search(text, low, start)
    return (
        last is None
        or says_nothing(words.cues, last["word"])
        or last["word"].rpartition("-")[2] in _OWNERS
        or _ends_in_a_place(text, last.end("word"), words)
    )


_OWNERS = (
    "nation", "country", "province", "city", "region", "municipality", "area", "island", "sector", "industry", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
"""Whose doers are those of a region, or of the industry spoken of, and when they did it."""


def _ends_in_a_place(text: str, end: int, words: Vocabulary, subject: bool = False) -> bool:
    """Whether the name of a place ends there, with small words behind it; `subject`: and nothing leads to it."""
    low = max(0, end - _LONGEST)
    since = _SINCE.search(text, low, end)
    stop = since.start() if since is not None else end
    return any(
        stop <= found.end() <= end and not (subject and _FREE.search(text, low, found.start()) is None)
        for found in words.places_pattern.finditer(text, low, end)
    )


def _all_things(text: str, spoken: Deeds, names: tuple[Mapping[str, str], Wording]) -> Iterator[tuple[int, int, str]]:
    """Things made, exported or imported, each up to the next verb that says so of others."""
    told = sorted(
        ((match, measure) for measure, way in spoken.things for match in way.finditer(text)),
        key=lambda one: one[0].start(),
    )
    for at, (match, measure) in enumerate(told):
        stop = told[at + 1][0].start() if at + 1 < len(told) else len(text)
        yield from _things(text, (match.end(), stop), measure, names)
        yield from _thing_before(text, match.start(), measure, names, _WERE)
    for measure, way in spoken.left:
        for match in way.finditer(text):
            yield from _thing_before(text, match.start(), measure, names, _LEFT)


def _things(
    text: str, where: tuple[int, int], measure: str, names: tuple[Mapping[str, str], Wording]
) -> Iterator[tuple[int, int, str]]:
    """What stands behind the figures that follow a deed, where a thing with this measure is an indicator."""
    for found in _THINGS.finditer(text, *where):
        parts = found["what"].split(" ")
        for size in range(len(parts), 0, -1):
            what = " ".join(parts[:size])
            if name := _with_measure(what, measure, names):
                yield found.start("what"), found.start("what") + len(what), name
                break


def _with_measure(what: str, measure: str, names: tuple[Mapping[str, str], Wording]) -> str | None:
    """The indicator that a thing is with a measure."""
    words, spoken = names
    return words.get(spoken.key(f"{what} {measure}")) or words.get(spoken.key(f"{measure} of {what}"))


_COUNTED = (
    rf"\d[\d.,]*\s+(?:million\s+|billion\s+|trillion\s+)?{_OF_A_UNIT}(?P<what>[a-z][\w-]*(?:\s+[a-z][\w-]*){{0,2}}?)\s+"
)
_WERE = re.compile(rf"{_COUNTED}(?:were|was|have\s+been|has\s+been|had\s+been)\s+(?:[a-z]+ly\s+)?$")
"""A figure and a thing, right before what was done with it: 1.56 million cars were assembled."""
_LEFT = re.compile(rf"{_COUNTED}(?:have\s+|has\s+|had\s+)?$")
"""A figure and a thing, right before what they did: 1.56 million cars left the assembly lines."""


def _thing_before(
    text: str, end: int, measure: str, names: tuple[Mapping[str, str], Wording], way: re.Pattern[str]
) -> Iterator[tuple[int, int, str]]:
    """What stands before a deed that was done with it, where a thing with this measure is an indicator."""
    found = way.search(text, max(0, end - _LONGEST), end)
    name = _with_measure(found["what"], measure, names) if found is not None else None
    if found is not None and name:
        yield found.start("what"), found.end("what"), name


_LONGEST = 90
"""Signs from a figure to what was done with the thing behind it."""
