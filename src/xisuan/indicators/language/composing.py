"""Names as sets of words, and what the words of a clause say in them: makers, firms and branches are one, sales are revenue.

What is said by which words is data, `vocabulary/composing.csv`: `=` and a measure, `+` and a word that they may stand for,
`@soft` for who or what branch has it, `@light` for what says nothing, `@part` for what makes it only some of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from xisuan.indicators.language.wording import LEFT_OUT, OF, Phrase, Wording, stem

SOFT, LIGHT, PART = "@soft", "@light", "@part"
_WORD = re.compile(r"[a-z0-9&][\w'&]*")
_SMALL = OF | LEFT_OUT | {"and", "or", "&", "s", "with", "to", "under"}
_LONGEST = 6
"""Words of the longest phrase that says one thing."""
_LEAST = 2
"""Words of the shortest name that is looked for."""


@dataclass(frozen=True)
class Composing:
    """Names as sets of words with their indicators (blank where two have one), by their rarest word; what phrases say;
    and the classes of words.
    """

    names: Mapping[str, Sequence[tuple[frozenset[str], str]]]
    says: Mapping[Phrase, str]
    classes: Mapping[str, str]
    spoken: Wording

    def parts(self, text: str) -> Iterator[str]:
        """The words of a text by what they say, the longest phrases first."""
        return _parts(text, self.says, self.spoken)

    def just(self, hard: Set[str], soft: Set[str]) -> Iterator[str]:
        """The indicators of which a name has all the hard words, and beside them only soft ones."""
        told = hard | soft
        for word in told:
            for bag, name in self.names.get(word, ()):
                if hard <= bag <= told and name:
                    yield name


def composing(rows: Sequence[tuple[str, Sequence[str]]], names: Mapping[str, str], spoken: Wording) -> Composing:
    """The names of a vocabulary as sets of words. `rows`: what is said, and by which words, of a measure first the one
    that names have: what else says it, as sales do revenue, is not so in every name (retail sales).
    """
    says: dict[Phrase, str] = {}
    classes: dict[str, str] = {}
    for said, phrases in rows:
        for phrase in phrases:
            parts = tuple(map(stem, phrase.split()))
            if said.startswith("@"):
                own = " ".join(spoken.names.get(parts, parts))
                classes.setdefault(own, said)
                if len(parts) > 1:
                    says.setdefault(parts, own)
            else:
                says.setdefault(parts, said)
    measures = {tuple(map(stem, phrases[0].split())): said for said, phrases in rows if said.startswith("=")}
    bags: dict[frozenset[str], str] = {}
    for word, name in names.items():
        if word.isascii() and not word.endswith("!"):
            bag = frozenset(_parts(word, measures, spoken))
            bags[bag] = name if bags.get(bag, name) == name else ""
    common: dict[str, int] = {}
    for bag in bags:
        for word in bag:
            common[word] = common.get(word, 0) + 1
    by_word: dict[str, list[tuple[frozenset[str], str]]] = {}
    for bag, name in bags.items():
        things = [word for word in bag if not word.startswith("=")]
        if len(bag) >= _LEAST and things:
            by_word.setdefault(min(things, key=lambda word: (common[word], word)), []).append((bag, name))
    return Composing(by_word, says, classes, spoken)


def _parts(text: str, says: Mapping[Phrase, str], spoken: Wording) -> Iterator[str]:
    """The words of a text by what they say, the longest phrases first."""
    stems = [stem(word.removesuffix("'s").rstrip("'")) for word in _WORD.findall(text.replace("-", " "))]
    at = 0
    while at < len(stems):
        for size in range(min(_LONGEST, len(stems) - at), 0, -1):
            phrase = tuple(stems[at : at + size])
            if phrase in says:
                yield says[phrase]
                break
            if phrase in spoken.names:
                own = spoken.names[phrase]
                yield from (says.get((word,), word) for word in own) if own not in says else (says[own],)
                break
        else:
            size = 1
            if stems[at] not in _SMALL:
                yield stems[at]
        at += size
