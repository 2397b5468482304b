"""Chinese texts in traditional signs, as if they were written in simplified ones; every sign keeps its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

_MANY = 20
"""One sign in so many that has a simplified form makes a text one in traditional signs, whose words differ too."""


def simplified(text: str) -> str:
    """Return the text with simplified signs, and the words that go with them where it is written in traditional ones."""
    signs, words, pattern = _table()
    out = text.translate(signs)
    if sum(ord(sign) in signs for sign in text) * _MANY < sum("\u4e00" <= sign <= "\u9fff" for sign in text):
        return out
    return pattern.sub(lambda found: words[found[0]], out)


@cache
def _table() -> tuple[Mapping[int, str], Mapping[str, str], re.Pattern[str]]:
    """Signs, words, and what finds these words, the longest first."""
    file = resources.files("xisuan.bulletins").joinpath("data", "traditional.toml")
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    signs = {ord(old): new for olds, news in data["signs"] for old, new in zip(olds, news, strict=True)}
    words: dict[str, str] = data["words"]
    return signs, words, re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
