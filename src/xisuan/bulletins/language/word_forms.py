"""English words in the forms that a text gives them: singular and plural, other words for the same, small words between.

A word of the vocabulary and a stretch of text are the same when their keys are. The key leaves out articles and
commas, puts nouns into the singular, and says what has several names (`vocabulary/alike.csv`) by the first of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
"""Small words that may stand inside a name."""
_BETWEEN = rf"(?:'s|s')?,?[ /-]+(?:(?:{'|'.join(sorted(LEFT_OUT))}) +){{0,2}}"
OF = frozenset(
    ("of", "in", "from", "for", "by", "at", "among", "over", "on", "via", "through", "into", "across", "within")
)
"""Words that say the same inside a name."""
_HEADS = frozenset(
    ("output", "revenue", "profit", "export", "investment", "traffic", "added", "volume", "sale", "use", "user")
)
"""Last words of `smartphone output` that may also stand first: output of smartphones."""


_DONE = {"output": "produced", "exports": "exported", "imports": "imported"}
"""What is done with things of which a name tells the output or the trade: cars produced, laptops exported."""
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
"""Who does something, so that it is not done with them."""
_TWO = 2


@dataclass(frozen=True)
class Wording:
    """Which phrases say the same: each by the key of all of its group, and the groups by their first."""

    names: Mapping[Phrase, Phrase] = field(default_factory=dict)
    groups: Mapping[Phrase, tuple[Phrase, ...]] = field(default_factory=dict)

    def key(self, word: str) -> str:
        """Return a word as it is looked up. `!` at its end (it must stand for the whole industry) stays there."""
        mark = "!" if word.endswith("!") else ""
        return " ".join(part for name in self._segments(word.rstrip("!")) for part in name) + mark

    def patterns(self, word: str) -> list[str]:
        """Patterns for a key, one for each of the words it may begin with."""
        first, *others = self._segments(word)
        rest = "".join(_BETWEEN + self._either(name) for name in others)
        return [_phrase(one) + rest for one in self.groups.get(first, (first,))]

    def ways(self, word: str) -> list[tuple[Phrase, ...]]:
        """Return the parts of a key, each with all phrases that say it."""
        return [self.groups.get(name, (name,)) for name in self._segments(word)]

    def turned(self, word: str) -> list[str]:
        """Return the word the other way round: output of smartphones for smartphone output, and back."""
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
        """Return the parts of a word, each by the first of the phrases that say the same, the longest first."""
        stems = [stem(part) for part in _parts(word)]
        out: list[Phrase] = []
        at = 0
        while at < len(stems):
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
"""Words of the shortest name that may stand in another order; income in rural areas is no rural income."""


def headed(phrase: str) -> tuple[str, Phrase] | None:
    """Return the noun that a key is of, and its other words sorted; None where that cannot be told.

    They are the same for mobile internet traffic and traffic over the mobile internet.
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
    """Return the phrases of a file of groups; a phrase of two groups stays in the first."""
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
    """Return the singular of a noun; other words as they are."""
    if len(word) < 4 or not word.isalpha() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word.removesuffix("s")


def _parts(word: str) -> Iterator[str]:
    """Return the words of a phrase, without what may be left out inside it."""
    plain = re.sub(r"(?<=\d),(?=\d{3})|(?<=\d\d)(?=[mg]bps)", _apart, word).replace("&", " and ")
    found = re.sub(r"'s\b|(?<=s)'(?=\s)|[\s,\-/]+", " ", plain).split()
    for at, part in enumerate(found):
        if part not in LEFT_OUT or (at in (0, len(found) - 1) and part not in ("the", "a", "an", "its", "their")):
            yield "of" if part in OF and 0 < at < len(found) - 1 else part


def _apart(found: re.Match[str]) -> str:
    """Nothing for the comma of thousands, a blank between a number and its unit: 1,000Mbps as 1000 mbps."""
    return "" if found[0] else " "


def _phrase(phrase: Phrase) -> str:
    """Return a phrase of several words that says one thing, so that little may stand inside it."""
    return _INSIDE.join(map(_word, phrase))


def _word(word: str) -> str:
    """Return a pattern for one word and its plural."""
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
