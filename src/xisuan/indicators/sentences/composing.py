"""What an English clause counts, by all its words in whatever order: Sichuan earned 500 billion yuan from software.

A name of the vocabulary is a thing and what is measured of it. Authors say both with other words and in other places: makers
of software booked … in sales, 9 million households used gigabit broadband. Where a clause holds one figure and no name, its
words are taken together, those for a measure, a doer or a deed by what they say (`vocabulary/composing.csv`). They are
an indicator where one name has just these; one word that nobody explains, and the figure is left to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from xisuan.indicators.language.composing import PART
from xisuan.indicators.language.explained import is_small
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import BREAK, Mention, Topic
from xisuan.indicators.language.vocabulary import MONEY, Vocabulary
from xisuan.indicators.sentences.naming import HELD, Known

_FARTHEST = 160
"""Signs of the longest clause."""


def composed(known: Known, words: Vocabulary, topic: Topic) -> list[Mention]:
    """The indicators of an English sentence with those that its clauses tell by all their words; what a clause leaves out
    may be said right before it, or be what was spoken of (`topic`).
    """
    out = list(known.mentions)
    text = ""
    for figure in known.amounts:
        if any(one.number == figure.start for one in known.mentions):
            continue
        low, high = _clause(known, figure)
        here = [one for one in known.mentions if low < one.end and one.start < high]
        if high - low > _FARTHEST or not low < high or any(_stands_alone(one, figure, low, high) for one in here):
            continue
        if figure.unit in _THINGS and (_built(known.text[low:high], words) or figure.value < _FEW):
            continue  # so many were added, which is not how many there are, or it only counts the lines of a list
        if (
            figure.unit == "pct"
            and _gapped(known, low, figure)
            and any(_unit(one.indicator, words) in MONEY for one in here)
        ):
            continue  # retail sales grew 6 percent and value added 8 percent
        text = text or known.masked(words)
        plain = words.places_pattern.sub(" ", text[low:high].replace(HELD, " "))
        placed = figure.unit != "GWh" or words.places_pattern.search(known.text, low, high) is not None
        clause = _Clause(plain, figure, text[figure.end :], placed)
        alone = not any(_unit(one.indicator, words) == figure.unit for one in known.mentions)
        met = [one for one in here if _in_the_way(known.text, one, figure, words)]
        name = _told(clause, words, alone=alone)
        name = name or (
            "" if met and not money(figure.unit) else _told(clause, words, _lent(known, low, figure, topic, words))
        )
        first = _WORD.search(text, low, high) if name else None
        met += [one for one in here if one.indicator == name and one not in met]
        if first is None or not all(_overruled(known.text, one, name, figure, words) for one in met):
            continue
        if met and figure.unit != "pct":
            out = [_known(known.text, one, name, figure) if one in met else one for one in out]
            continue
        out = [one for one in out if one not in here or not (one.indicator.startswith("?") or _loose(one, words))]
        free = figure.unit in words.composing.units or (figure.unit == "pct" and _unit(name, words) in MONEY)
        out.append(Mention(*first.span(), name, deed=True, number=-1 if free else figure.start, composed=True))
    return sorted(out, key=lambda seen: seen.start)


@dataclass(frozen=True, slots=True)
class _Clause:
    """The words of a clause without places, times and amounts, its figure, the text behind that, and whether a place is
    named in it.
    """

    text: str
    figure: Quantity
    behind: str
    placed: bool


def _stands_alone(one: Mention, figure: Quantity, low: int, high: int) -> bool:
    """Whether an indicator is that of a firm, has this figure already, or goes beyond its clause."""
    return one.foreign or one.number == figure.start or one.start < low or high < one.end


def _gapped(known: Known, low: int, figure: Quantity) -> bool:
    """Whether the clause of a percentage has no verb, so that it has that of the one before, and is no part `of` a whole."""
    part = known.text[figure.end : figure.end + 8].lstrip().startswith("of ")
    return low > 0 and not part and _VERB.search(known.text, low, figure.start) is None


_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|had|have|will|would|should|(?:make|made|take|took|account|stand|stood|reach|come|came|represent|contribut|constitut|compris|equal|form)\w*)\b"
)


def _built(clause: str, words: Vocabulary) -> bool:
    """Whether a clause says what was added."""
    return _ADDED.search(clause) is not None or words.cues.built.search(clause) is not None


def _lent(known: Known, low: int, figure: Quantity, topic: Topic, words: Vocabulary) -> frozenset[str]:
    """The words of the indicator told before a clause in its sentence, or else of what was spoken of; a count goes on with
    no money.
    """
    before = [one.indicator for one in known.mentions if one.end <= low and one.indicator in words.terms]
    name = before[-1] if before else topic.term
    other = figure.unit in ("", "1") and _unit(name, words) != "1"
    return frozenset() if other else words.composing.own.get(name, frozenset())


_THINGS = ("", "1", "km", "MW", "m2")
"""Units of what is built."""
_MORE = re.compile(r"\b(?:more|less)\b(?!\s+than)")
_ADDED = re.compile(r"\b(?:build\w*|gained|net)\b")
_REACHED = re.compile(r"\bto(?:\s+(?:about|nearly|over|around|some|almost|more\s+than))?\s{3,}")
_WORD = re.compile(r"[a-z0-9][\w-]*")
_COUNTED = re.compile(r"[\s-]*(?:of\s+)?(?:(?:the|its|their|all)\s+)?(?P<what>[a-z][a-z-]*)")
_OF_THESE = re.compile(
    r"\s*of\s+(?:these|those|them|it|this|that|which)\b(?!\s+(?:was|were|is|are|came|had|has|have)\b)"
)
_OF = re.compile(r"\s*of\b(?P<what>[^,;.]*?)(?=\s(?:was|were|is|are|came|comes|has|had)\b)")
"""What stands right behind a figure, behind one of what was told, and behind a part of something."""


_FEW = 10.0
"""Things below which a number counts anything."""
_AND = re.compile(r"\b(?:and|but|while|with|plus)\b")
"""Between the figures of one clause."""


def _clause(known: Known, figure: Quantity) -> tuple[int, int]:
    """Start and end of the clause of a figure, or of what is its own of one with several; empty where that is not clear."""
    text = known.text
    low = max((found.end() for found in BREAK.finditer(text, 0, figure.start)), default=0)
    high = next((found.start() for found in BREAK.finditer(text, figure.end)), len(text))
    opened = text.find("(", figure.end, high)
    high = opened if opened >= 0 and ")" not in text[opened:high] else high  # 43.8 million (5G: 26.1 million)
    before = [one.end for one in known.amounts if low <= one.start < figure.start]
    behind = [one.start for one in known.amounts if figure.end <= one.start < high]
    if before:
        joined = next(reversed([*_AND.finditer(text, before[-1], figure.start)]), None)
        low = joined.end() if joined else high
    if behind:
        split = _AND.search(text, figure.end, behind[0])
        high = split.start() if split else low
    return low, high


def _loose(one: Mention, words: Vocabulary) -> bool:
    """Whether an indicator is called by what many things are: exports, trade."""
    return one.indicator in words.terms and "generic" in words.terms[one.indicator].flags


def _known(text: str, one: Mention, name: str, figure: Quantity) -> Mention:
    """An indicator of a clause of which all words are known; its figure is its own where words stand between (1 million
    ports of the 10G-PON type).
    """
    apart = figure.end <= one.start and text[figure.end : one.start].strip()
    return replace(one, indicator=name, number=figure.start if apart else one.number, composed=True)


def _overruled(text: str, one: Mention, name: str, figure: Quantity, words: Vocabulary) -> bool:
    """Whether all words of a clause know better than the one name in it of which its figure could be: they are a ratio, or
    all of which that is a part, or of the same industry, or say what is measured where that name does not (private firms
    exported …).
    """
    if figure.unit == "pct":
        return _unit(name, words) == "pct"
    spec, family = words.terms[one.indicator], words.terms[one.indicator].family
    said = any(part.startswith("=") for part in words.composing.parts(text[one.start : one.end]))
    alike = name in (one.indicator, spec.part_of) or bool(family and family == words.terms[name].family)
    return alike or (money(figure.unit) and not said and not one.deed)


def _in_the_way(text: str, one: Mention, figure: Quantity, words: Vocabulary) -> bool:
    """Whether an indicator in a clause may have its figure, and does not only say who is counted."""
    if one.indicator.startswith("?") or (_loose(one, words) and figure.unit != "pct"):
        return False
    who = figure.end <= one.start and not text[figure.end : one.start].strip()
    if who and set(words.composing.parts(text[one.start : one.end])) <= {"+user"}:
        return False
    return _fits(one.indicator, figure, words)


def _told(clause: _Clause, words: Vocabulary, lent: frozenset[str] = frozenset(), *, alone: bool = False) -> str:
    """The one indicator with the unit of a figure of which a name has just the words of its clause, with those that are
    `lent`; blank where none is. `alone`: whether the unit of the figure says what it is of.
    """
    figure, composing = clause.figure, words.composing
    bare = figure.unit in ("", "1")
    if words.cues.the_industry.search(clause.text) or (bare and _OF_THESE.match(clause.behind)):
        return ""  # which industry, or of what so many are, is said before
    unit = composing.units.get(figure.unit, ()) if alone else ()
    hard, soft = _parts(clause.text, words)
    own = (
        hard - lent if figure.unit == "pct" and "share" not in soft else hard
    )  # 29 percent of all users is their share
    soft |= {*unit, *lent}
    counted = _COUNTED.match(clause.behind) if bare else None
    who = set(composing.parts(counted["what"])) if counted is not None else set()
    if lent and (not any(part[0] not in "=@" for part in own) or who & {"company", "+user", "employee"}):
        return ""
    if figure.unit == "pct":
        of = _OF.match(clause.behind)
        return _percentage(clause.text, hard, soft, set(composing.parts(of["what"])) if of else set(), words)
    soft -= {"employee", "user"} if "company" in who else {"company"} if "+user" in who else set()
    measured = any(part.startswith("=") for part in hard)
    told = measured or "trade" in hard or "spending" in soft or any(part.startswith("=") for part in soft)
    if not (hard or (unit and clause.placed)) or (not told if money(figure.unit) else measured):
        return ""
    return _only(name for name in composing.just(hard, soft) if _fits(name, figure, words))


def _parts(clause: str, words: Vocabulary) -> tuple[set[str], set[str]]:
    """The words of a clause that a name must have, and those that it may."""
    hard: set[str] = set()
    soft: set[str] = set()
    for part in words.composing.parts(clause):
        if part.startswith("+"):
            soft.add(part[1:])
        elif part.startswith("!"):
            hard.add(part[1:])
        else:
            says = words.composing.classes.get(part, "")
            light = says not in ("", PART) or (not says and (part.startswith("@") or is_small(words.cues, part)))
            (soft if light and part != PART else hard).add(part)
    return hard, soft


def _percentage(clause: str, hard: set[str], soft: set[str], of: set[str], words: Vocabulary) -> str:
    """The one indicator of which a clause tells a growth by its measure, or that is the ratio told; blank where none is."""
    grows = words.cues.grows.search(clause) is not None or _MORE.search(clause) is not None
    if not grows or _REACHED.search(clause):
        told = _only(words.composing.ratio(hard, soft, of))
        return told or _only(name for name in words.composing.just(hard, soft) if _unit(name, words) == "pct")
    if not any(part.startswith("=") for part in hard) or words.cues.shares.search(clause):
        return ""
    return _only(name for name in words.composing.just(hard, soft) if _unit(name, words) in MONEY)


def _only(names: Iterable[str]) -> str:
    """The one of some indicators; blank where there is none, or another."""
    found = set(names)
    return found.pop() if len(found) == 1 else ""


def _unit(name: str, words: Vocabulary) -> str:
    """The unit of an indicator; blank where nobody knows it."""
    return words.terms[name].unit if name in words.terms else ""


def _fits(name: str, figure: Quantity, words: Vocabulary) -> bool:
    """Whether an indicator can have the unit of a figure."""
    unit = _unit(name, words)
    if money(figure.unit):
        return unit in MONEY
    return (
        unit == (figure.unit or "1")
        or (figure.unit == "GB" and unit in ("GB", "EB"))
        or (figure.unit == "pct" and unit != "")
    )
