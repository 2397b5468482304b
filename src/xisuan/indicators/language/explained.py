"""English words that say nothing of what is measured."""

from __future__ import annotations

from xisuan.indicators.language.cues import Cues

_SMALL = (
    "light", "filler_en", "grows", "shares", "new", "part", "aims", "expects", "first_figures", "done", "earns", "makes",
    "built", "met", "past",
)  # fmt: skip
"""Cues whose words say nothing of what is measured."""


def says_nothing(cues: Cues, word: str) -> bool:
    """Whether a word says nothing of what is measured."""
    word = word.removesuffix("'s")
    if word.endswith(("ly", "ed", "ing")):
        return word not in _THINGS
    return is_small(cues, word)


def is_small(cues: Cues, word: str) -> bool:
    """Whether a word is one of those that may stand anywhere in the phrase of an indicator."""
    return any(getattr(cues, name).fullmatch(word) for name in _SMALL)


_THINGS = frozenset((
    "manufacturing", "mining", "engineering", "printing", "shipping", "catering", "banking", "processing", "farming",
    "housing", "gaming", "marketing", "advertising", "clothing", "building", "fishing", "shopping", "computing",
    "emerging", "streaming", "spending", "embedded", "state-owned", "foreign-funded", "foreign-invested", "listed",
))  # fmt: skip
"""Words in -ing and -ed that say of what kind a thing is."""
