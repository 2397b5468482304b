"""Names as sets of words, and what the words of a clause say in them: makers, firms and branches are one, sales are revenue.

What is said by which words is data, `vocabulary/composing.csv`: `=` and a measure, `+` and words that they may stand for,
`!` and words that they do, `%` and a unit that says as much, `~` and an indicator that words make, `...` what stands
between them, `@soft` for who or what branch has it, `@light` for what says nothing, `@part` for what makes it only some of
it although it is a small word elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from xisuan.indicators.language.wording import LEFT_OUT, OF, Phrase, Wording, stem

PART = "@part"
_WORD = re.compile(r"[=a-z0-9&][\w'&]*")
_SMALL = OF | LEFT_OUT | {"it", "and", "or", "&", "s", "with", "to", "under"}
_IT = tuple([word] for word in ("service", "industry", "sector", "company", "firm", "product", "export"))
"""Behind what is short for information technology, not a pronoun."""
_LONGEST = 6
"""Words of the longest phrase that says one thing."""
_LEAST = 2
"""Words of the shortest name that is looked for."""


@dataclass(frozen=True)
class Composing:
    """Names as sets of words with their indicators (blank where two have one), by their rarest word; ratios as
    those of a part and all words for its whole; what units and phrases say; all words of
    each indicator; and the classes of words.
    """

    names: Mapping[str, Sequence[tuple[frozenset[str], str]]]
    ratios: Sequence[tuple[frozenset[str], frozenset[str], str]]
    units: Mapping[str, Sequence[str]]
    own: Mapping[str, frozenset[str]]
    says: Mapping[Phrase, str]
    apart: Sequence[tuple[re.Pattern[str], str]]
    classes: Mapping[str, str]
    spoken: Wording

    def parts(self, text: str) -> Iterator[str]:
        """The words of a text by what they say, the longest phrases first."""
        for code, (pattern, _) in enumerate(self.apart):
            text = pattern.sub(rf" apart{code} \1 ", text)
        return _parts(text, self.says, self.spoken)

    def just(self, hard: Set[str], soft: Set[str]) -> Iterator[str]:
        """The indicators of which a name has all the hard words, and beside them only soft ones."""
        told = hard | soft
        for word in told:
            for bag, name in self.names.get(word, ()):
                if hard <= bag <= told and name:
                    yield name

    def ratio(self, hard: Set[str], soft: Set[str], of: Set[str]) -> Iterator[str]:
        """The ratios of which a name of the part and some words of the whole are all the hard words; `of`: what a percentage
        is said to be of, which is none of the part (75 percent of the computing power is intelligent).
        """
        told = hard | soft
        for part, whole, name in self.ratios:
            met = not soft & {"use"} or part & {"use", "user"}
            said = hard - part or soft & {"share", "population"} or (of & whole and not of & (part - whole))
            if met and said and part <= told and hard - part <= whole:
                yield name


def composing(
    rows: Sequence[tuple[str, Sequence[str]]],
    names: Mapping[str, str],
    spoken: Wording,
    ratios: Iterable[tuple[str, Set[str], Set[str]]],
) -> Composing:
    """The names of a vocabulary as sets of words. `ratios`: each with the indicators that are its part and its whole.
    `rows`: what is said, and by which words, of a measure first the one that names have: what else says it, as sales do
    revenue, is not so in every name (retail sales).
    """
    says, classes, apart = _said(rows, spoken)
    own = _made_of_words(rows, spoken)
    known = frozenset(names.values())
    bags = _bags(rows, names, spoken) | {bag: name for bag, name in own.items() if name in known}
    of: dict[str, list[frozenset[str]]] = {}
    for bag, name in bags.items():
        of.setdefault(name, []).append(bag)
    shares = [
        (bag, frozenset().union(*(other for name in wholes for other in of.get(name, ()))), ratio)
        for ratio, parts, wholes in ratios
        for part in parts
        for bag in of.get(part, ())
    ]
    lent = {
        name: frozenset(word for bag in kin for word in bag if not word.startswith("="))
        for name, kin in of.items()
        if name
    }
    units = {said[1:]: tuple(phrases) for said, phrases in rows if said.startswith("%")}
    return Composing(_by_rarest(bags, own), shares, units, lent, says, apart, classes, spoken)


def _said(
    rows: Sequence[tuple[str, Sequence[str]]], spoken: Wording
) -> tuple[dict[Phrase, str], dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """What phrases say, the classes of words, and the phrases that others stand in the midst of."""
    says: dict[Phrase, str] = {}
    classes: dict[str, str] = {}
    apart: list[tuple[str, str, str]] = []
    for said, phrases in rows:
        for phrase in () if said[0] in "%~" else phrases:
            first, gap, last = phrase.partition(" ... ")
            if gap:
                apart.append((first, last, said))
                continue
            parts = tuple(map(stem, phrase.split()))
            if said.startswith("@"):
                classes.setdefault(" ".join(spoken.names.get(parts, parts)), said)
            if not said.startswith("@") or len(parts) > 1:
                says.setdefault(parts, said)
    gaps = [(re.compile(rf"\b{first}\b([^,;.]*?)\b{last}\b"), said) for first, last, said in apart]
    says |= {(f"apart{code}",): said for code, (_, said) in enumerate(gaps)}
    return says, classes, gaps


def _bags(
    rows: Sequence[tuple[str, Sequence[str]]], names: Mapping[str, str], spoken: Wording
) -> dict[frozenset[str], str]:
    """The English names as sets of words with their indicators; blank where two have one, unless one leaves fewer out."""
    measures = {tuple(map(stem, phrases[0].split())): said for said, phrases in rows if said.startswith("=")}
    by_name: dict[frozenset[str], tuple[bool, str]] = {}
    for word, name in names.items():
        if word.isascii() and not word.endswith("!"):
            bag = frozenset(_parts(word, measures, spoken))
            loose = len([part for part in word.split() if part not in _SMALL]) > len(bag) + ("value added" in word)
            told = by_name.get(bag, (loose, name))
            by_name[bag] = min(told, (loose, name)) if told[0] != loose else (loose, name if told[1] == name else "")
    return {bag: name for bag, (_, name) in by_name.items()}


def _made_of_words(rows: Sequence[tuple[str, Sequence[str]]], spoken: Wording) -> dict[frozenset[str], str]:
    """The indicators that words make, by these."""
    return {
        frozenset(bag): said[1:]
        for said, phrases in rows
        if said.startswith("~")
        for phrase in phrases
        for bag in (_parts(phrase, {}, spoken),)
    }


def _by_rarest(
    bags: Mapping[frozenset[str], str], own: Mapping[frozenset[str], str]
) -> dict[str, list[tuple[frozenset[str], str]]]:
    """Sets of words with their indicators by the rarest word, a thing before a measure; a single word only where it is
    one of its `own`.
    """
    common = Counter(word for bag in bags for word in bag)
    by_word: dict[str, list[tuple[frozenset[str], str]]] = {}
    for bag, name in bags.items():
        things = [word for word in bag if not word.startswith("=")]
        if bag in own or (len(bag) >= _LEAST and things):
            by_word.setdefault(min(things or bag, key=lambda word: (common[word], word)), []).append((bag, name))
    return by_word


def _parts(text: str, says: Mapping[Phrase, str], spoken: Wording) -> Iterator[str]:
    """The words of a text by what they say, the longest phrases first."""
    stems = [stem(word.removesuffix("'s").rstrip("'")) for word in _WORD.findall(text.replace("-", " "))]
    at = 0
    while at < len(stems):
        for size in range(min(_LONGEST, len(stems) - at), 0, -1):
            phrase = tuple(stems[at : at + size])
            if phrase in says:
                yield from says[phrase].split()
                break
            if phrase == ("it",) and stems[at + 1 : at + 2] not in _IT:
                continue
            if phrase in spoken.names:
                own = spoken.names[phrase]
                yield from says[own].split() if own in says else own
                break
        else:
            size = 1
            if stems[at] not in _SMALL:
                yield stems[at]
        at += size
