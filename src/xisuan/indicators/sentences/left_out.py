"""Places that an English text leaves out: seven cities outside Guiyang and Zunyi. Nothing is told of these, and no text is
about them.
"""

from __future__ import annotations

import re

from xisuan.indicators.language.vocabulary import Vocabulary

_LEADS = re.compile(
    r"(?<!\bno\s)(?<!\bnot\s)\b(?:outside(?:\s+of)?|besides|other\s+than|apart\s+from|aside\s+from|except(?:\s+for)?|excluding|in\s+addition\s+to)\s+(?:the\s+)?"
)
"""Before places that are left out."""
_NONE_BUT = re.compile(
    r"\b(?:no|nowhere|none|nobody|any|anywhere|nothing|little|few)\b[^.,;]{0,40}$|\bonly\b[^.,;]{0,20}$"
)
"""Before them, what makes just these the ones that are told of: no other city than Guiyang."""
_JOINS = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|or)\s+")


def left_out(text: str, words: Vocabulary, least: int = 1) -> list[tuple[int, int]]:
    """Where a folded English text leaves out `least` places or more, with the words that lead to them."""
    out: list[tuple[int, int]] = []
    for found in _LEADS.finditer(text) if text.isascii() else ():
        place, count, end = words.places_pattern.match(text, found.end()), 0, found.end()
        while place is not None:
            count, end = count + 1, place.end()
            joined = _JOINS.match(text, end)
            place = words.places_pattern.match(text, joined.end()) if joined else None
        if count >= least and _NONE_BUT.search(text, 0, found.start()) is None:
            out.append((found.start(), end))
    return out


def without_left_out(text: str, words: Vocabulary) -> str:
    """A folded text with blanks for lists of places that are left out; every sign keeps its place."""
    for start, end in left_out(text, words, _LIST):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


_LIST = 2
"""Places of a list; of one alone the words before it say that it is no subject."""
