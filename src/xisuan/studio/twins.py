"""Chinese of the studio's own refusals and progress lines, which `chinese.toml` has by their English sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_HOLE = re.compile(r"\{(\d)\}")
_LETTER, _LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z0-9]")
"""A Chinese character, and a Latin letter or digit; a space goes between them."""
_BOTH = re.compile(r"[^()\u4e00-\u9fff]+ \(([\u4e00-\u9fff]+)\)")
"""A place with both its names; the Chinese text uses the second."""
_CHOICE = re.compile(r"[\w.\"]+( or [\w.\"]+)+")
_DEPTH = 6
"""Levels of sentences nested in placeholders; no text goes deeper."""
_FEW = 3
"""Letters between placeholders below which a pattern would match almost any text."""


@dataclass(frozen=True, slots=True)
class Twin:
    """An English sentence with placeholders, as the words between them, and its Chinese twin."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    chinese: str

    @property
    def open(self) -> bool:
        """True if it begins and ends with a placeholder and has hardly a word between: it matches most texts."""
        return not self.words[0] and not self.words[-1] and sum(map(str.isalpha, "".join(self.words))) < _FEW

    def values(self, text: str) -> tuple[str, ...] | None:
        """Return the values of the placeholders if `text` is this sentence, else None."""
        if not (text.startswith(self.words[0]) and text.endswith(self.words[-1])):
            return None
        found = self.pattern.fullmatch(text)
        return found.groups() if found else None

    def filled(self, values: Sequence[str], said: Sequence[str | None]) -> str:
        """Return the Chinese with its placeholders filled by the twins of the values, or by a value itself after “.

        A place with both its names, such as Heshan (鹤山市), gets its Chinese name.
        """

        def fill(hole: re.Match[str]) -> str:
            at, before = int(hole[1]), self.chinese[: hole.start()][-1:]
            twin = said[at]
            named = _BOTH.fullmatch(values[at])
            said_so = named[1] if twin is None and named else twin
            text = values[at] if said_so is None or before == "“" else said_so
            return f" {text}" if _LETTER.match(before) and _LATIN.match(text) else text

        return _HOLE.sub(fill, self.chinese)


def _twin(english: str, chinese: str) -> Twin:
    """Return the twin of a sentence with placeholders {0}, {1}, …."""
    words = tuple(_HOLE.split(english)[::2])
    return Twin(words, re.compile("(.*)".join(re.escape(word) for word in words), re.DOTALL), chinese)


class Twins:
    """Lookup of English sentences with Chinese twins. Of several matches, the one with most fixed words is used."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._same = {english: chinese for english, chinese in texts.items() if not _HOLE.search(english)}
        holed = [_twin(english, chinese) for english, chinese in texts.items() if _HOLE.search(english)]
        self._holed = sorted(holed, key=lambda one: (-sum(map(len, one.words)), len(one.words)))
        self._cached = lru_cache(maxsize=20_000)(self._of)

    def __call__(self, text: str) -> str:
        """Return the twin of a text, or the text itself if it has none."""
        found = self._cached(text, _DEPTH)
        return text if found is None else found

    def _of(self, text: str, depth: int) -> str | None:
        """Return the twin of a text, translating nested sentences down to `depth` levels; None without a twin."""
        if text in self._same:
            return self._same[text]
        for twin in self._holed if depth else ():
            values = twin.values(text)
            if values is None:
                continue
            said = [self._cached(value, depth - 1) for value in values]
            if twin.open and not any(said):
                continue  # two untranslated values around a sign are user data, not a message
            return twin.filled(values, said)
        return text.replace(" or ", " 或 ") if _CHOICE.fullmatch(text) else None
