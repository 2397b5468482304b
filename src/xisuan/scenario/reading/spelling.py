"""Strict detection of misspelt names: similar names often mean different things."""

from __future__ import annotations

import re

_SAME = re.compile(r"[\s_-]+")
_LETTERS = re.compile(r"[a-z]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LONG = 6
"""Letters of a word from which one wrong letter counts as a typing error; shorter words such as East and West are too
alike."""


def slip(word: str, name: str) -> bool:
    """Return True if `word` is `name` up to case, spaces and hyphens, or with one typing error.

    A typing error is a letter too many or too few, two neighbours swapped, or a wrong letter inside a word of six or
    more. Digits must agree. Of Chinese names, only an ending such as 省 may be missing or added.
    """
    a, b = (_SAME.sub("-", text.strip().casefold()) for text in (word, name))
    if a == b:
        return True
    if _HAN.search(a + b):
        return min(len(a), len(b)) > 1 and abs(len(a) - len(b)) == 1 and (a.startswith(b) or b.startswith(a))
    if re.findall(r"\d+", a) != re.findall(r"\d+", b) or min(len(a), len(b)) < len("abc"):
        return False
    if len(a) == len(b):
        return _swapped(a, b) or _mistyped(a, b)
    short, long = sorted((a, b), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _swapped(a: str, b: str) -> bool:
    """Return True if the texts differ by two neighbouring letters swapped."""
    at = [place for place, (one, other) in enumerate(zip(a, b, strict=True)) if one != other]
    return len(at) == 2 and at[1] == at[0] + 1 and a[at[0]] == b[at[1]] and a[at[1]] == b[at[0]]


def _mistyped(a: str, b: str) -> bool:
    """Return True if the texts differ by one letter inside a long word."""
    at = [place for place, (one, other) in enumerate(zip(a, b, strict=True)) if one != other]
    return len(at) == 1 and any(
        found.start() < at[0] < found.end() - 1 and found.end() - found.start() >= _LONG
        for found in _LETTERS.finditer(b)
    )
