"""Gazetteer matching: Chinese words by one pattern, English words by key lookup, longest match first.

English names have thousands of forms, too many for one pattern. All forms share a key
(`xisuan.bulletins.language.word_forms`), so a span of a few words is looked up in a table.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from xisuan.bulletins.language.word_forms import ARTICLES, LEFT_OUT, OF, Wording, headed, stem


class Stretch(Protocol):
    """Span of characters in the text."""

    @property
    def start(self) -> int:
        """Return the first position."""

    @property
    def end(self) -> int:
        """Return the position behind the last character."""


@dataclass(frozen=True, slots=True)
class Name:
    """Mention of an indicator in the text."""

    start: int
    end: int
    indicator: str


@dataclass(frozen=True, slots=True)
class Where:
    """Mention of a region in the text; `local` holds an anaphor such as 全省."""

    start: int
    end: int
    region: str
    local: str = ""


@dataclass(frozen=True, slots=True)
class Firm:
    """Mention of who owns or runs something.

    `kind` is firm, operator (贵州移动), leading (龙头企业), all (the operators of a region), or together (三家企业).
    """

    start: int
    end: int
    kind: str


_TOKEN = re.compile(r"\d+(?:,\d{3})+|\d{2,}(?=[mg]bps)|[a-z0-9]+|&")
_JOINT = re.compile(r"(?:'s|s'|')?(?:,(?! (?:the|an?|its|their) ))?[ /-]+|(?=&)|(?<=&)|(?<=\d)(?=[mg]bps)")
"""Separator between two tokens of one name."""
_AMONG = re.compile(r"\b(?:among|at|within)\b")
"""Prepositions before the whole of a share, which is no part of its name: gigabit users among fixed broadband users."""
_LONGEST = 16
"""Maximum tokens of a name with its fillers."""


_OWNED = re.compile(
    r"(\b(?:of|in|from|for|by|at|among) )"
    r"((?:the )?(?:[a-z][a-z-]* )?[a-z][a-z'-]*(?<!economy)(?<!industry)(?<!sector)'s)(?= [a-z])"
)
"""Possessive modifier behind a preposition: added value of Guizhou's software industry; not `the digital economy's`."""


_SHORTENED = re.compile(r"(?<=[a-z] )\([a-z][a-z0-9&/.-]{1,7}\)(?= [a-z])")
"""Abbreviation in brackets inside a name: generative artificial intelligence (AI) users."""


@dataclass(frozen=True, slots=True)
class Found:
    """Match of a lexicon word with its indicator or region; has the interface of a regex match.

    `alone`: a Chinese word that counts only if it stands for the whole industry, and so must have no modifiers.
    """

    at: int
    text: str
    name: str
    alone: bool = False

    def start(self) -> int:
        """Return the first position."""
        return self.at

    def end(self) -> int:
        """Return the position behind the last character."""
        return self.at + len(self.text)

    def __getitem__(self, group: int) -> str:
        return self.text


class Finder:
    """Matcher of lexicon words.

    `chinese` holds two functions: the pattern of a Chinese word, and the key of a match. `around` holds two patterns:
    the context behind a word whose key ends in `!`, and what may stand inside a name without being part of it.
    """

    def __init__(
        self,
        words: Mapping[str, str],
        spoken: Wording,
        chinese: tuple[Callable[[str], str], Callable[[str], str]],
        around: tuple[re.Pattern[str], re.Pattern[str]],
    ) -> None:
        self._words, (self._alone, aside) = words, around
        pattern, self._chinese_key = chinese
        ordered = sorted((word for word in words if not word.isascii()), key=lambda word: (-len(pattern(word)), word))
        self._chinese = re.compile(by_first(map(pattern, ordered)) or r"(?!)")
        latin = [word.rstrip("!") for word in words if word.isascii()]
        self._firsts, self._known = _stems(latin, spoken)
        self._headed = _by_head(words)
        self._firsts |= {head for head, _ in self._headed}
        self._key = functools.lru_cache(maxsize=1 << 16)(spoken.key)
        self._bare = functools.lru_cache(maxsize=64)(functools.partial(_without_asides, aside=aside))

    def search(self, text: str, at: int = 0) -> Found | None:
        """Return the first match at or behind `at`, else None."""
        chinese = self._chinese.search(text, at)
        end = chinese.start() if chinese else len(text)
        bare = self._bare(text)
        for token in _TOKEN.finditer(bare, at):
            if token.start() >= end:
                break
            if (one := self._latin(text, bare, token)) is not None:
                return one
        return self._in_chinese(chinese) if chinese else None

    def match(self, text: str, at: int = 0) -> Found | None:
        """Return the match that starts at `at`, else None."""
        chinese = self._chinese.match(text, at)
        if chinese is not None:
            return self._in_chinese(chinese)
        bare = self._bare(text)
        token = _TOKEN.match(bare, at)
        return self._latin(text, bare, token) if token else None

    def finditer(self, text: str) -> Iterator[Found]:
        """Return all matches, left to right, without overlaps."""
        at = 0
        while (one := self.search(text, at)) is not None:
            yield one
            at = max(one.end(), at + 1)

    def without(self, text: str) -> str:
        """Return the text with its matches removed."""
        out, at = [], 0
        for one in self.finditer(text):
            out.append(text[at : one.start()])
            at = one.end()
        return "".join([*out, text[at:]])

    def _in_chinese(self, found: re.Match[str]) -> Found:
        key = self._chinese_key(found[0])
        alone = key not in self._words
        return Found(found.start(), found[0], self._words[f"{key}!" if alone else key], alone)

    def _latin(self, text: str, bare: str, first: re.Match[str]) -> Found | None:
        """Return the longest name that starts with a token, else None; `bare` is the text without possessives."""
        start = first.start()
        if (start and bare[start - 1].isascii() and bare[start - 1].isalnum()) or stem(first[0]) not in self._firsts:
            return None
        ends, end = [first.end()], first.end()
        while len(ends) < _LONGEST and (joint := _JOINT.match(bare, end)) is not None:
            token = _TOKEN.match(bare, joint.end())
            if token is None or stem(token[0].replace(",", "")) not in self._known:
                break
            end = token.end()
            if token[0] not in ARTICLES:
                ends.append(end)
        # Longest match first.
        for end in reversed(ends):
            if bare[end : end + 1].isascii() and bare[end : end + 1].isalnum():
                continue
            key = self._key(bare[start:end])
            if _KIND.search(key) and _NO_NOUN.match(bare, end) is None:
                continue  # output in industrial parks
            if (word := bare[start:end]) in self._words or (word := key) in self._words:
                return Found(start, text[start:end], self._words[word])
            if f"{key}!" in self._words and self._alone.match(bare, end):
                return Found(start, text[start:end], self._words[f"{key}!"])
            if (
                " of " in key
                and _stands_alone(bare, start, end)
                and (name := self._headed.get(headed(key) or ("", ()), ""))
            ):
                return Found(start, text[start:end], name)
        return None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return True if a span can be a name with its words reordered.

    No further noun may follow, as in output of industrial firms in parks.
    """
    return _AMONG.search(text, start, end) is None and _NO_NOUN.match(text, end) is not None


_KIND = re.compile(
    r" of (?:industrial|rural|urban|foreign|private|public|domestic|agricultural|commercial|residential|social)$"
)
"""End of a name with a modifier whose head noun follows."""
_NO_NOUN = re.compile(
    r"\s*(?:$|[^a-z\s-]|(?:was|were|is|are|had|has|have|in|of|at|by|for|to|from|on|over|and|or|but|as|which|that|who|with|during|while"
    r"|this|last|grew|rose|fell|hit|stood|came|went|made|will|would|should|up|down|alone|itself|also|[a-z]+ed|[a-z]+ly)\b(?!-))"
)
"""Context behind a complete name: no noun follows."""


def _by_head(words: Mapping[str, str]) -> dict[tuple[str, tuple[str, ...]], str]:
    """Return indicators by head noun and sorted modifiers of their English names; ambiguous ones map to blank."""
    out: dict[tuple[str, tuple[str, ...]], str] = {}
    for word, name in words.items():
        known = headed(word) if word.isascii() and not word.endswith("!") else None
        if known is not None:
            out[known] = name if out.get(known, name) == name else ""
    return out


def _without_asides(text: str, aside: re.Pattern[str]) -> str:
    """Return the text with possessives behind prepositions, abbreviations and other asides blanked; positions stay."""
    text = _OWNED.sub(lambda found: found[1] + " " * len(found[2]), text)
    text = _SHORTENED.sub(lambda found: " " * len(found[0]), text)
    return aside.sub(lambda found: " " * len(found[0]), text)


def _stems(words: Iterable[str], spoken: Wording) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems with which a name may start, and all stems inside names."""
    firsts: set[str] = set()
    known: set[str] = {*LEFT_OUT, *OF, "and", "&"}
    for word in words:
        for at, ways in enumerate(spoken.ways(word)):
            for phrase in ways:
                known.update(phrase)
                if not at:
                    firsts.add(phrase[0])
    return frozenset(firsts), frozenset(known)


def by_first(patterns: Iterable[str]) -> str:
    """Return alternatives grouped by first character, so that a non-matching group costs one comparison."""
    groups: dict[str, list[str]] = {}
    for pattern in patterns:
        groups.setdefault(pattern[:2] if pattern[0] == "\\" else pattern[0], []).append(pattern)
    return "|".join(f"(?={sign})(?:{'|'.join(group)})" for sign, group in groups.items())
