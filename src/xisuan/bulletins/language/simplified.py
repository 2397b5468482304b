"""Conversion of traditional to simplified Chinese characters; character positions stay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

_MANY = 20
"""A text is traditional if more than one in this many of its Chinese characters has a simplified form."""


def simplified(text: str) -> str:
    """Return the text in simplified characters; in a traditional text, regional words are replaced as well."""
    signs, words, pattern = _table()
    out = text.translate(signs)
    if sum(ord(sign) in signs for sign in text) * _MANY < sum("\u4e00" <= sign <= "\u9fff" for sign in text):
        return out
    return pattern.sub(lambda found: words[found[0]], out)


@cache
def _table() -> tuple[Mapping[int, str], Mapping[str, str], re.Pattern[str]]:
    """Return the character table, the word table, and the pattern of its words, longest first."""
    file = resources.files("xisuan.bulletins").joinpath("data", "traditional.toml")
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    signs = {ord(old): new for olds, news in data["signs"] for old, new in zip(olds, news, strict=True)}
    words: dict[str, str] = data["words"]
    return signs, words, re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
