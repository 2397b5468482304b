"""Normal forms of words: English singular and plural, synonyms, function words between; simplified characters.

A lexicon word and a span of text match if their keys are equal. A key drops articles and commas, puts nouns into the
singular, and replaces synonyms (`alike.csv`) by the first of their group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from xisuan.bulletins.language.language_data import shipped

Phrase = tuple[str, ...]
_INSIDE = "[ -]+"
LEFT_OUT = frozenset(
    (
        "the",
        "a",
        "an",
        "its",
        "their",
        "total",
        "combined",
        "cumulative",
        "accumulated",
        "overall",
        "aggregate",
        "related",
    )
)
"""Function words and modifiers that may stand inside a name."""
_BETWEEN = rf"(?:'s|s')?,?[ /-]+(?:(?:{'|'.join(sorted(LEFT_OUT))}) +){{0,2}}"
ARTICLES = frozenset(("the", "a", "an", "its", "their"))
"""Words of these that no name ends with: computing power a year earlier."""
OF = frozenset(
    ("of", "in", "from", "for", "by", "at", "among", "over", "on", "via", "through", "into", "across", "within")
)
"""Prepositions that are equivalent inside a name."""
_HEADS = frozenset(
    ("output", "revenue", "profit", "export", "investment", "traffic", "added", "volume", "sale", "use", "user")
)
"""Head nouns that may stand last or first: smartphone output, output of smartphones."""


_DONE = {"output": "produced", "exports": "exported", "imports": "imported"}
"""Participles equivalent to an output or trade noun: cars produced, laptops exported."""
_DOERS = frozenset(
    (
        "manufacturer",
        "maker",
        "builder",
        "firm",
        "company",
        "enterprise",
        "factory",
        "plant",
        "farm",
        "mine",
        "industry",
        "sector",
    )
)
"""Nouns of producers, which cannot be the object of such a participle."""
_TWO = 2


@dataclass(frozen=True)
class Wording:
    """Groups of synonyms: the key of every phrase, and the phrases of every key."""

    names: Mapping[Phrase, Phrase] = field(default_factory=dict)
    groups: Mapping[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)

    def key(self, word: str) -> str:
        """Return the lookup key of a word. A final `!` (it must stand for the whole industry) is kept."""
        mark = "!" if word.endswith("!") else ""
        return " ".join(part for name in self._segments(word.rstrip("!")) for part in name) + mark

    def patterns(self, word: str) -> list[str]:
        """Return the patterns of a key, one for each phrase it may start with."""
        first, *others = self._segments(word)
        rest = "".join(_BETWEEN + self._either(name) for name in others)
        return [_phrase(one) + rest for one in self.groups.get(first, (first,))]

    def ways(self, word: str) -> list[tuple[Phrase, ...]]:
        """Return the segments of a key, each with all its synonyms."""
        return [self.groups.get(name, (name,)) for name in self._segments(word)]

    def turned(self, word: str) -> list[str]:
        """Return the word with head and modifiers reordered: output of smartphones for smartphone output, and back."""
        parts = word.split()
        of = [at for at, part in enumerate(parts) if part == "of"]
        if len(of) == _TWO:  # value added of the core industries of the digital economy
            return [" ".join([*parts[: of[0] + 1], *parts[of[1] + 1 :], *parts[of[0] + 1 : of[1]]])]
        if len(of) == 1 and 0 < of[0] < len(parts) - 1:
            thing = " ".join(parts[of[0] + 1 :])
            made = of[0] == 1 and parts[0] in _DONE and stem(parts[-1]) not in _DOERS
            done = [f"{thing} {_DONE[parts[0]]}"] if made else []
            return [" ".join([thing, *parts[: of[0]]]), *done]
        if not of and len(parts) > 1 and parts[-1] in _HEADS:
            size = 2 if parts[-2:] == ["value", "added"] else 1
            return [" ".join([*parts[-size:], "of", *parts[:-size]])] if len(parts) > size else []
        return []

    def _segments(self, word: str) -> list[Phrase]:
        """Return the segments of a word, each by its key phrase; longest phrase first."""
        stems = [stem(part) for part in _parts(word)]
        out: list[Phrase] = []
        at = 0
        while at < len(stems):
            # Greedy: the longest known phrase at each position, up to six words.
            size = next(
                (n for n in range(min(6, len(stems) - at), 1, -1) if tuple(stems[at : at + n]) in self.names), 1
            )
            phrase = tuple(stems[at : at + size])
            out.append(self.names.get(phrase, phrase))
            at += size
        return out

    def _either(self, name: Phrase) -> str:
        ways = sorted(map(_phrase, self.groups.get(name, (name,))), key=len, reverse=True)
        return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


_WORDS = 3
"""Minimum words of a name that may be reordered; income in rural areas is not rural income."""


def headed(phrase: str) -> tuple[str, Phrase] | None:
    """Return the head noun of a key and its sorted modifiers; None if the head is ambiguous.

    The result is equal for mobile internet traffic and traffic over the mobile internet.
    """
    parts = phrase.split()
    of = [at for at, part in enumerate(parts) if part == "of"]
    if len(parts) - len(of) < _WORDS or len(of) > 1 or "and" in parts or not all(part.isalnum() for part in parts):
        return None
    head = of[0] - 1 if of else len(parts) - 1
    return (
        (parts[head], tuple(sorted(part for at, part in enumerate(parts) if at != head and part != "of")))
        if head >= 0
        else None
    )


def wording(groups: Iterable[Sequence[str]]) -> Wording:
    """Return the synonyms of groups of phrases; a phrase in two groups stays in the first, and the groups merge."""
    names: dict[Phrase, Phrase] = {}
    members: dict[Phrase, tuple[Phrase, ...]] = {}
    for group in groups:
        phrases = [tuple(map(stem, _parts(one))) for one in group]
        first = next((names[one] for one in phrases if one in names), phrases[0])
        for one in phrases:
            names.setdefault(one, first)
        members[first] = tuple(dict.fromkeys([*members.get(first, (first,)), *phrases]))
    return Wording(names, members)


def stem(word: str) -> str:
    """Return the singular of a noun; other words are unchanged."""
    if len(word) < 4 or not word.isalpha() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word.removesuffix("s")


def _parts(word: str) -> Iterator[str]:
    """Return the words of a phrase without those that a key leaves out."""
    plain = re.sub(r"(?<=\d),(?=\d{3})|(?<=\d\d)(?=[mg]bps)", _apart, word).replace("&", " and ")
    found = re.sub(r"'s\b|(?<=s)'(?=\s)|[\s,\-/]+", " ", plain).split()
    for at, part in enumerate(found):
        if part not in LEFT_OUT or (at in (0, len(found) - 1) and part not in ARTICLES):
            yield "of" if part in OF and 0 < at < len(found) - 1 else part


def _apart(found: re.Match[str]) -> str:
    """Return nothing for a thousands comma, and a blank between a number and its unit: 1,000Mbps as 1000 mbps."""
    return "" if found[0] else " "


def _phrase(phrase: Phrase) -> str:
    """Return the pattern of a fixed phrase; only blanks or hyphens may separate its words."""
    return _INSIDE.join(map(_word, phrase))


def _word(word: str) -> str:
    """Return the pattern of a word and its plural."""
    if word == "of":
        return r"(?:of|in|from|for|by)"
    if word == "and":
        return r"(?:and|&)"
    if word.isdigit() and len(word) > 3:
        return f"{word[:-3]},?{word[-3:]}"
    if len(word) < 3 or not word.isalpha() or word.endswith(("us", "is")):
        return re.escape(word)
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "(?:y|ies)"
    return word + ("(?:es)?" if word.endswith(("ss", "ch", "sh", "x")) else "s?")


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
    data = shipped("traditional.toml")
    signs = {ord(old): new for olds, news in data["signs"] for old, new in zip(olds, news, strict=True)}
    words: dict[str, str] = data["words"]
    return signs, words, re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
