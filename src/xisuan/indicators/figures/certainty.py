"""How sure an indicator is: words of its phrase that nobody explains.

A figure goes to the nearest indicator that can have its unit; but `retail sales through the internet` are not the retail
sales that the vocabulary knows, and `software exports` are not all exports. So every English word of the phrase that has the
indicator, and of what its figure is said to be of, must be explained: by a name, a place, a time, a number, or as a word
that says nothing of what is measured. One that is not names something else, and the figure is left over with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Mention, Stretch
from xisuan.indicators.language.vocabulary import MONEY
from xisuan.indicators.language.wording import stem
from xisuan.indicators.sentences.marking import AN_ASIDE

_WORD = re.compile(r"\d*[a-z][\w'-]+|\d[a-z]")
_BRACKETS = re.compile(r"\([^()]*\)")
_NAMING = (
    "price_base", "scope", "definition", "firm_names", "compass", "local", "the_industry", "the_operators", "who_tells",
)  # fmt: skip
"""Cues whose words stand for something known."""
_SEEN = "\0"
"""Stands for every sign of what is known, so that it keeps words apart."""
_JOINING = "of|in|from|for|to|through"
"""Between a thing and what it is said to be of."""
_STOPS = (
    rf"{_JOINING}|was|were|is|are|be|been|has|have|had|will|into|among|across|along|on|by|via|with|at|under|over|during|as"
    r"|than|between|and|or|but|which|that|while|the|an?|its|their|our|his"
)
"""Words at which a phrase ends."""
_RUN = rf"(?:(?!(?:{_STOPS})(?![\w'-]))[a-z0-9][\w'-]*\s+)+"
"""Words of one phrase."""
_LEFT = re.compile(rf"(?<![\w'-]){_RUN}(?:(?:and|or)\s+)?$")
_HEAD = re.compile(
    rf"(?<![\w'-])(?P<what>{_RUN})(?:(?:of|in|from|for|by)\s+(?:(?:the|an?|its|their|our|his)\s+)?|(?:of|in|from|for|by|at|among)\s+{_SEEN}+(?:'s?)?\s+)(?:{_RUN})?$"
)
"""What is measured of a thing: investment in …"""
_RIGHT = re.compile(
    rf"\s*(?:\([^()]*\)\s*)?(?:{_JOINING})\s+(?:(?:the|an?|its|their|our|both|all)\s+)?"
    rf"(?P<what>(?:(?!(?:{_STOPS})(?![\w'-]))[a-z0-9][\w'-]*\s?)+)"
    rf"|\s(?P<next>(?!(?:{_STOPS})(?![\w'-]))[a-z][\w'-]*)"
)
_HAVING = re.compile(
    r"\s(?:with|on|using|subscribed\s+to|subscribing\s+to)\s(?!an?\s|the\s|its\s|their\s|over\s|more\s|about\s|nearly\s|some\s|[\0\d])"
    r"(?P<what>[^,.;:\0]{2,40}?)(?=\s(?:in|of|across|was|were|is|are|had|has|have|rose|grew|came|reached|numbered|totall?ed|stood|made"
    r"|climbed|hit)\b|[,.;]|\s\0)"
)
"""What only some of the users have: mobile users with data packages."""
_OF_A_NATION = re.compile(rf"\s+of\s+(?:the\s+)?{_SEEN}+\s+(?P<what>(?:(?!(?:{_STOPS})(?![\w'-]))[a-z0-9][\w'-]*\s?)+)")
"""What a general measure is of behind the name of its nation: the export of Indian software."""
_NEXT = re.compile(r"\b(?:and|while|but)\b|[,;]")
"""Where what is told of one figure ends."""
_DOES = re.compile(
    r"(?:\s+(?:in|of|across)\s+[\0\s]+)?(?:,[^,;]*,)?\s+(?:were|are|had|have|has|use[ds]?|access\w*|shop\w*|work\w*|tr[ay]\w+|enjoy\w*|bought|watched)\s+"
    r"(?!(?:either\s+|now\s+|already\s+)?(?:in\s+(?:operation|use|service|place)|under\s+construction|been\s+built\s+or\s+(?:are\s+)?under\s+construction)\b)(?P<what>[^,;.\0]*)"
)
"""What those counted before did: 2.1 million users were on 5G, 2.9 million households had access to …"""


_CONTACT = re.compile(
    r"\s+(?:that\s+|which\s+)?(?:they|it|we|you)\s+(?:[a-z]+\s+){1,4}?(?=(?:had|has|have|was|were|is|are|will|would|rose|grew|climbed|reached|came"
    r"|stood|fell|jumped|amounted|totall?ed|hit|passed)\b)"
)
"""What is said of a thing right behind it, by whom it is had: the computing power they can call on."""


def unexplained(scene: Scene, figure: Quantity, index: int | None, term: str) -> list[str]:
    """Unknown words that say of what an English figure is: of its indicator's phrase, or of what leads to it."""
    if not scene.sentence.english:
        return []
    if (
        term in ("electricity_use", "power_generation")
        and (source := _OF_A_SOURCE.match(scene.text, figure.end)) is not None
    ):
        return [source["what"]]
    if index is not None and scene.sentence.mentions[index].composed:
        return []
    scene.masked = scene.masked or _masked(scene.text, _known(scene))  # the same for every figure of a sentence
    text = _CONSTRUCTION.sub(lambda found: " " * len(found[0]), scene.masked)
    if index is not None and (whose := _of_whom(scene, index)):
        return [whose]
    if index is None:
        drafted = [scene.sentence.amounts[one.at].end for one in scene.drafts]
        start = max((end for end in drafted if end <= figure.start), default=0)
        brings = scene.cues.brings_to.search(scene.text, start, figure.start)
        lead = _SAID_THAT.sub(" ", _BRACKETS.sub(" ", text[start : brings.start() if brings else figure.start]))
        words = [*_WORD.findall(_NEXT.split(lead, maxsplit=1)[-1] if start else lead), *_behind(text, figure.end)]
    else:
        one = scene.sentence.mentions[index]
        contact = _CONTACT.match(text, one.end)
        text = text if contact is None else text[: one.end] + " " * (contact.end() - one.end) + text[contact.end() :]
        words = [*([] if one.deed else _before(text, one.start, figure)), *_behind(text, one.end)]
        words += _behind(text, _counted_end(text, one, figure)) if one.end <= figure.start else _done(text, one.end)
        if one.deed and one.end <= figure.start and "investment" not in term:
            spent = _SPENT_ON.match(text, figure.end)
            words += _WORD.findall(spent["what"]) if spent else []
        words += [*_joined(scene, index), *_owners(scene, one), *_of_firms(scene, one, term)]
        if term.endswith("_users") and (having := _HAVING.match(text, one.end)):
            words += [word for word in _WORD.findall(having["what"]) if not says_nothing(scene.cues, word)] or ["with"]
        if "generic" in scene.context.words.terms[term].flags and (found := _OF_A_NATION.match(text, one.end)):
            words += _WORD.findall(found["what"])
    own = _own(scene, figure, term)
    names = scene.context.words.wording.names
    return [
        word
        for word in words
        if stem(word) not in own
        and " ".join(names.get((stem(word),), ())) not in own
        and not says_nothing(scene.cues, word)
    ]


_CONSTRUCTION = re.compile(r"(?<=\bcompleted\s)(?:the\s+)?construction\s+of\s+(?=(?:[a-z]+\s+){0,3}[\d\0])")
"""What is said of so many things that were built: completed the construction of 27,000 stations."""
_SAID_THAT = re.compile(
    r"^[^,.;:]*\b(?:told\s+(?:[a-z]+\s+){1,3}?|said\s+|says\s+|announced\s+|explained\s+|added\s+)that\s+(?!of\b|in\b)"
)
"""Who says what follows."""


def _counted_end(text: str, one: Mention, figure: Quantity) -> int:
    """Where a figure ends with the word of what is counted, which a verb before it explains: had 33 million customers."""
    counted = _COUNTED.match(text, figure.end) if one.deed and figure.unit in ("", "1") else None
    return counted.end() if counted is not None else figure.end


_COUNTED = re.compile(r"\s+[a-z][\w-]*")
"""What is counted right behind a figure."""


def _own(scene: Scene, figure: Quantity, term: str) -> frozenset[str]:
    """Words by which the indicator is called, it or one beside it in a list, or its measure."""
    words = scene.context.words
    at = scene.sentence.amounts.index(figure)
    names = {term.removesuffix("_new")}
    if at in scene.pairs:
        names |= {scene.sentence.mentions[one].indicator for one in scene.pairs.values()}
    measure = words.terms[term].measure
    told = (measure, "value_added", "output") if measure == "share" else (measure,)
    if measure == "output" and (words.terms[term].family, "revenue") not in words.by_measure:
        told = (*told, "revenue")  # of an industry of which but one is told
    signs = [sign for kind in told for sign in words.measures.get(kind, ())]
    where = _ABROAD if term.endswith(("exports", "imports")) else ()
    return frozenset(stem(word) for sign in (*signs, *where) for word in _WORD.findall(sign)).union(
        *map(words.spoken, names)
    )


_ABROAD = ("abroad", "overseas", "other", "countries", "foreign")
"""What is said of all that is exported or imported."""


def _before(text: str, start: int, figure: Quantity) -> list[str]:
    """Words that lead to an indicator without anything known between, and what is measured `of` it."""
    low = figure.end if figure.end <= start else 0
    found, head = _LEFT.search(text[low:start]), _HEAD.search(text[low:start])
    return [*_WORD.findall(found[0] if found else ""), *_WORD.findall(head["what"] if head else "")]


_OF_A_SOURCE = re.compile(
    r"(?:\s+of|\s+worth\s+of)?\s+(?P<what>green|renewable|clean|wind|solar|hydro\w*|nuclear|thermal|traded)\b"
)
"""Behind an amount of electricity, that it is that of one kind."""
_SPENT_ON = re.compile(
    rf"\s+(?:on|at)\s+(?:(?:the|its|their|a|an)\s+)?(?P<what>(?:(?!(?:{_STOPS})(?![\w'-]))[a-z][\w'-]*\s?)+)"
)
"""Behind what was spent, on what: 2.6 billion yuan on flowers."""
_OWNER = re.compile(r"\b([a-z][a-z-]*)'s(?=\s)")


def _owners(scene: Scene, one: Mention) -> list[str]:
    """Who owns an industry inside the words of its indicator: the added value of the valley's digital economy."""
    named = scene.context.words.places_pattern.sub(" ", scene.text[one.start : one.end])
    return [owner for owner in _OWNER.findall(named) if not scene.cues.local.search(f"the {owner}'s")]


def _joined(scene: Scene, index: int) -> list[str]:
    """Words of an indicator right before another, which together mean a third: embedded software exports."""
    one = scene.sentence.mentions[index]
    if one.deed:
        return []
    before = next(
        (
            seen
            for seen in scene.sentence.mentions
            if seen.end <= one.start and not scene.text[seen.end : one.start].strip()
        ),
        None,
    )
    if before is None or before.indicator in (one.indicator, "?"):
        return []
    return _WORD.findall(scene.text[before.start : before.end])


def _of_firms(scene: Scene, one: Mention, term: str) -> list[str]:
    """Firms that a figure is said to be of where its indicator is not of their industry: exports among industrial firms."""
    terms = scene.context.words.terms
    behind = next((seen for seen in scene.sentence.mentions if seen.start >= one.end), None)
    if (
        behind is None
        or not (behind.indicator.endswith("_firms") or _owned(scene, behind))
        or not scene.cues.among_whom.fullmatch(scene.text, one.end, behind.start)
    ):
        return []
    known = terms[behind.indicator].family == terms[term].family if behind.indicator in terms else True
    return [] if known else [scene.text[behind.start : behind.end].replace(" ", "-")]


def _of_whom(scene: Scene, index: int) -> str:
    """Who shares in a general measure that is not that of a region: their foreign trade, trade with partner countries."""
    one, words = scene.sentence.mentions[index], scene.context.words
    spec = words.terms.get(one.indicator)
    if spec is None or "generic" not in spec.flags or spec.family:
        return ""
    owners = [seen for seen in scene.sentence.mentions if seen.end <= one.start and _owned(scene, seen)]
    if owners and not any(owners[-1].end <= seen.start and seen.end <= one.start for seen in scene.sentence.amounts):
        return scene.text[owners[-1].start : owners[-1].end].replace(" ", "-")
    if scene.text[: one.start].strip() in ("their", "their total", "their combined"):
        return "their"
    met = scene.cues.with_whom.match(scene.text, one.end) if spec.unit in MONEY else None
    said = met is None or any(
        seen.start < met.end("whom") and seen.end > met.start("whom") for seen in scene.sentence.mentions
    )
    return "" if said or met is None else met["whom"]


def _owned(scene: Scene, seen: Mention) -> bool:
    """Whether a mention is that of firms of one kind of owner: private enterprises."""
    spec = scene.context.words.terms.get(seen.indicator)
    return (
        spec is not None
        and spec.family in _OWNERS
        and bool(scene.cues.ends_in_firms.search(scene.text[seen.start : seen.end]))
    )


_OWNERS = frozenset(
    ("state_holding", "collective_firms_owned", "shareholding", "foreign_funded", "private_enterprises")
)
"""Families of indicators by owner."""


def _behind(text: str, end: int) -> list[str]:
    """Words that an indicator, or a figure, is said to be of: in total from fixed lines."""
    words: list[str] = []
    while (found := _RIGHT.match(text, end)) is not None:
        words += _WORD.findall(found["what"] or found["next"])
        end = found.end()
        if text[end - 1 : end] == " ":
            end -= 1
    return words


def _done(text: str, end: int) -> list[str]:
    """Words that say of those counted what they did."""
    found = _DOES.match(text, end)
    return _WORD.findall(found["what"]) if found else []


def _known(scene: Scene) -> Iterable[tuple[int, int]]:
    """What the sentence names and the vocabulary knows."""
    sentence, words = scene.sentence, scene.context.words
    named: list[Stretch] = [
        *(one for one in sentence.mentions if not one.indicator.startswith("?")),
        *sentence.regions,
        *sentence.times,
        *sentence.amounts,
        *sentence.ranks,
    ]
    yield from ((one.start, one.end) for one in named)
    cues = [getattr(scene.cues, name) for name in _NAMING]
    for pattern in (words.places_pattern, words.times.compared, _THE_ECONOMY, AN_ASIDE, _ON_AIR, _TO_COME, *cues):
        yield from (found.span() for found in pattern.finditer(scene.text) if found[0] != "countries")


_THE_ECONOMY = re.compile(
    r"\b(?:the|its|their)\s+(?:(?:entire|whole|local|provincial|regional|city's|province's)\s+)?economy\b"
)
"""All that there is, of which something is a share."""
_ON_AIR = re.compile(
    r"\b(?:on\s+(?:the\s+)?air|up\s+and\s+running|on\s+stream)\b"
    r"|\b(?:has|have|had)\s+(?:[a-z]+\s+)?(?:brought|put|taken|switched)\s+[\d.,]+(?:\s+million)?\s+(?:[a-z0-9-]+\s+){1,4}?on-?\s?line\b"
)
"""That something works."""
_TO_COME = re.compile(r"\b(?:will|would|shall|should|is\s+to|are\s+to)\s+come\s+from\b")
"""That a part is of something: 210 billion yuan will come from manufacturing."""


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with a mark for every sign of some spans."""
    signs = list(text)
    for low, high in spans:
        signs[low:high] = [_SEEN if sign != " " else " " for sign in signs[low:high]]
    return "".join(signs)
