"""The Chinese of what is said in English: each text has a twin in a data file, found again by its fixed words.

Whoever finds a problem writes one English sentence, with the values in their places; nothing else knows of languages.
A face that speaks Chinese looks the sentence up in `chinese.toml`, as gettext would, and carries the values over.
A sentence without a twin stays as it is: it is better read in English than not at all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from xisuan.errors import Problem, ScenarioError, shortened
from xisuan.scenario.schema.column_types import Column

_HOLE = re.compile(r"\{(\d)\}")
_LETTER, _LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z0-9]")
"""A Chinese and a Latin letter; a space goes between them."""
_BOTH = re.compile(r"[^()\u4e00-\u9fff]+ \(([\u4e00-\u9fff]+)\)")
"""A place by both its names; Chinese calls it by the second."""
_CHOICE = re.compile(r"[\w.\"]+( or [\w.\"]+)+")
_DEPTH = 6
"""Sentences in holes of sentences; no text of ours goes deeper."""
_FEW = 3
"""Letters of a sentence between holes: with fewer it could be anybody's."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A sentence with holes, as the words between them, and its twin."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    chinese: str

    @property
    def open(self) -> bool:
        """Whether it begins and ends with a hole, with hardly a word between: it would fit nearly any text."""
        return not self.words[0] and not self.words[-1] and sum(map(str.isalpha, "".join(self.words))) < _FEW

    def values(self, text: str) -> tuple[str, ...] | None:
        """What fills the holes where `text` is this sentence."""
        if not (text.startswith(self.words[0]) and text.endswith(self.words[-1])):
            return None
        found = self.pattern.fullmatch(text)
        return found.groups() if found else None

    def filled(self, values: Sequence[str], said: Sequence[str | None]) -> str:
        """The Chinese with its holes filled: by the twin of what fills them; in quotes by the value as it stands.

        A place given by both its names, as Heshan (鹤山市), is called by its Chinese one.
        """

        def fill(hole: re.Match[str]) -> str:
            at, before = int(hole[1]), self.chinese[: hole.start()][-1:]
            twin = said[at]
            named = _BOTH.fullmatch(values[at])
            said_so = named[1] if twin is None and named else twin
            text = values[at] if said_so is None or before == "“" else said_so
            return f" {text}" if _LETTER.match(before) and _LATIN.match(text) else text

        return _HOLE.sub(fill, self.chinese)


def spoken(text: str) -> bool:
    """Whether there is Chinese in a text."""
    return bool(_LETTER.search(text))


def _twin(english: str, chinese: str) -> Twin:
    words = tuple(_HOLE.split(english)[::2])
    return Twin(words, re.compile("(.*)".join(re.escape(word) for word in words), re.DOTALL), chinese)


class Twins:
    """English sentences with their Chinese twins. The sentence with most fixed words that fits is taken."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._same = {english: chinese for english, chinese in texts.items() if not _HOLE.search(english)}
        holed = [_twin(english, chinese) for english, chinese in texts.items() if _HOLE.search(english)]
        self._holed = sorted(holed, key=lambda one: (-sum(map(len, one.words)), len(one.words)))
        self._cached = lru_cache(maxsize=20_000)(self._of)

    def __call__(self, text: str) -> str:
        """The twin of a text; the text itself where it has none."""
        found = self._cached(text, _DEPTH)
        return text if found is None else found

    def _of(self, text: str, depth: int) -> str | None:
        if text in self._same:
            return self._same[text]
        for twin in self._holed if depth else ():
            values = twin.values(text)
            if values is None:
                continue
            said = [self._cached(value, depth - 1) for value in values]
            if twin.open and not any(said):
                continue  # two values of a user beside a sign are no sentence of ours
            return twin.filled(values, said)
        return text.replace(" or ", " 或 ") if _CHOICE.fullmatch(text) else None


def read(text: str, without: str = "") -> dict[str, str]:
    """English → Chinese of a file of twins, whatever the section, one section left out."""
    sections = (section for name, section in tomllib.loads(text).items() if name != without)
    return {english: chinese for section in sections for english, chinese in section.items()}


@cache
def _file() -> str:
    return resources.files(__package__).joinpath("chinese.toml").read_text(encoding="utf-8")


@cache
def texts() -> Mapping[str, str]:
    """The twins of everything said about a scenario; not what blanks mean, which is single words that may be values."""
    return read(_file(), without="blanks")


@cache
def _blanks() -> Mapping[str, str]:
    found: dict[str, str] = tomllib.loads(_file())["blanks"]
    return found


def blank(column: Column, language: str) -> str:
    """What a blank in a column means, in English or Chinese (`zh`)."""
    return _blanks()[column.blank] if column.blank and language == "zh" else column.blank


@cache
def twins() -> Twins:
    """The same, ready to be asked."""
    return Twins(texts())


def words(problem: Exception, say: Twins) -> str:
    """What an exception says, in Chinese: a problem or a statement a line."""
    first, *rest = str(problem).splitlines() or [""]
    if not isinstance(problem, ScenarioError):
        return "\n".join([say(first), *(f"{'  ' if one.startswith(' ') else ''}{say(one.strip())}" for one in rest)])
    return "\n".join([say(first), *(f"  {line(one, 'zh')}" for one in shortened(problem.problems))])


def line(problem: Problem, language: str) -> str:
    """A problem on one line: where it is, the value, and what to do, in English or Chinese (`zh`)."""
    if language != "zh":
        return str(problem)
    say = twins()
    place = "，".join(part for part in (problem.table, say(problem.row), problem.column) if part)
    value = f"：{problem.value}" if problem.value else ""
    return f"{place}{value} · {say(problem.what)}" if place else say(problem.what)
