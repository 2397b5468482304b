"""What an English clause counts, by all its words in whatever order: Sichuan earned 500 billion yuan from software.

A name of the vocabulary is a thing and what is measured of it. Authors say both with other words and in other places: makers
of software booked … in sales, 9 million households used gigabit broadband. Where a clause holds one figure and no name, its
words are taken together, those for a measure, a doer or a deed by what they say (`vocabulary/composing.csv`). They are
an indicator where one name has just these; one word that nobody explains, and the figure is left to others.
"""

from __future__ import annotations

import re

from xisuan.indicators.language.composing import PART, SOFT
from xisuan.indicators.language.explained import is_small
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import BREAK, Mention
from xisuan.indicators.language.vocabulary import MONEY, Vocabulary
from xisuan.indicators.sentences.naming import HELD, Known

_FARTHEST = 160
"""Signs of the longest clause."""


def composed(known: Known, words: Vocabulary) -> list[Mention]:
    """The indicators of an English sentence with those that its clauses tell by all their words."""
    out = list(known.mentions)
    text = ""
    for figure in known.amounts:
        low, high = _clause(known.text, figure)
        if high - low > _FARTHEST or any(_in_the_way(one, (low, high), figure, words) for one in known.mentions):
            continue
        if any(low <= one.start < high and one is not figure for one in known.amounts):
            continue
        text = text or known.masked(words)
        clause = words.places_pattern.sub(" ", text[low:high].replace(HELD, " "))
        name = _told(clause, figure, words)
        first = re.compile(r"[a-z0-9][\w-]*").search(text, low, high) if name else None
        if first is not None:
            out = [one for one in out if not (low <= one.start < high and one.indicator.startswith("?"))]
            out.append(Mention(*first.span(), name, deed=True, number=figure.start, composed=True))
    return sorted(out, key=lambda seen: seen.start)


def _clause(text: str, figure: Quantity) -> tuple[int, int]:
    """Start and end of the clause of a figure."""
    low = max((found.end() for found in BREAK.finditer(text, 0, figure.start)), default=0)
    return low, next((found.start() for found in BREAK.finditer(text, figure.end)), len(text))


def _in_the_way(one: Mention, clause: tuple[int, int], figure: Quantity, words: Vocabulary) -> bool:
    """Whether an indicator in a clause may have its figure, or is a firm's."""
    here = clause[0] < one.end and one.start < clause[1]
    known = not one.indicator.startswith("?")
    return here and (one.foreign or (known and (figure.unit == "pct" or _fits(one.indicator, figure, words))))


def _told(clause: str, figure: Quantity, words: Vocabulary) -> str:
    """The one indicator with the unit of a figure of which a name has just the words of its clause; blank where none is."""
    hard: set[str] = set()
    soft: set[str] = set()
    for part in words.composing.parts(clause):
        says = words.composing.classes.get(part, "")
        if says == PART:
            return ""
        if says == SOFT:
            soft.add(part)
        elif part.startswith("+"):
            soft.add(part[1:])
        elif not says and not is_small(words.cues, part):
            hard.add(part)
    measured = any(part.startswith("=") for part in hard)
    if not hard or measured != money(figure.unit):
        return ""
    found = {name for name in words.composing.just(hard, soft) if _fits(name, figure, words)}
    return found.pop() if len(found) == 1 else ""


def _fits(name: str, figure: Quantity, words: Vocabulary) -> bool:
    """Whether an indicator can have the unit of a figure."""
    unit = words.terms[name].unit if name in words.terms else ""
    if money(figure.unit):
        return unit in MONEY
    return unit == (figure.unit or "1")
