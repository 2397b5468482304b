"""English names that leave out a word said before them: 49.9 million phone users, including 43.8 million mobile; broadband:
677 million fixed users; traffic: 86.7 billion GB over the mobile internet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.language.tokens import Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Vocabulary

_AMOUNT = r"(?<![\w.,-])\d(?:[\d.,]*\d)?\s+(?:(?:million|billion|trillion|thousand)\s+)?"
_COUNTED = re.compile(
    rf"{_AMOUNT}(?P<who>[a-z0-9][a-z0-9-]*(?:\s[a-z0-9][a-z0-9-]*){{0,2}}?)(?=\s*(?:$|[,;.)(])|\s+(?:and|or|while|in|at|by)\b)"
)
"""What a number counts, where its phrase ends."""
_BRACKETED = re.compile(
    r"\((?:of\s+(?:which|whom|them),?\s+|including\s+|incl\.\s+)?(?P<who>[a-z0-9][a-z0-9-]*(?:\s[a-z][a-z-]*){0,2}?)(?::|,|\s+(?:numbered|were|at))?\s+"
    r"(?:(?:about|some|nearly|over|more\s+than)\s+)?(?P<number>\d(?:[\d.,]*\d)?)(?!\d)(?!\s*(?:%|percent|per\s+cent))"
)
"""A part of those just counted, in brackets with its number: 43.8 million (5G: 26.1 million)."""
_KIND = re.compile(
    r"^\s*(?:[*•·■-]\s+)?(?:(?:of\s+which|of\s+whom|including|incl\.|thereof)[\s,:]+)?(?P<who>[a-z0-9][a-z0-9-]*(?:\s[a-z][a-z-]*)?):\s+(?:(?:about|some|nearly|over|more\s+than)\s+)?(?P<number>\d(?:[\d.,]*\d)?)\s+(?:million|billion)\b"
)
"""A line on those of a kind of those whom the line before counted: Gigabit: 5.2 million."""
_LABEL = re.compile(
    rf"^\s*(?:[*•·■-]\s+|\(?[a-z0-9ivx]{{1,4}}[.)]\s+)?(?P<label>[a-z0-9][a-z0-9-]*(?:\s[a-z][a-z-]*){{0,3}}):\s+"
    rf"(?:(?:about|some|nearly|over|more\s+than)\s+)?(?P<number>{_AMOUNT})(?:[kmgt]b\s+|gigabytes\s+|yuan\s+|kwh\s+|eflops\s+)?(?:(?:of|over|on|in|via|through)\s+(?:the\s+)?)?"
    r"(?P<who>[a-z0-9][a-z0-9-]*(?:\s[a-z][a-z-]*){0,3})"
)
"""What a line is about, and what its first number counts or is of."""
_POWER = re.compile(
    rf"^\s*(?:[*•·■-]\s+)?(?P<label>(?:[a-z]+\s)?computing):\s+(?:(?:about|some|nearly|over|more\s+than)\s+)?{_AMOUNT}(?:eflops|pflops|petaflops|exaflops)"
)
"""A line on computing, which begins with how much there is."""


_MADE = re.compile(
    rf"^\s*(?:[*•·■-]\s+|\(?[a-z0-9ivx]{{1,4}}[.)]\s+)?(?P<who>[a-z0-9][a-z0-9-]*(?:\s(?:and\s)?[a-z][a-z-]*){{0,4}}?)(?:\s+\([^()]{{1,30}}\))?(?::|\s[–—-])\s+"
    rf"(?:(?:about|some|nearly|over|more\s+than)\s+)?{_AMOUNT}(?P<unit>(?:metric\s+)?tonn?e?s?\b|cubic\s+met(?:er|re)s\b|units\b|sets\b|pieces\b|(?=\s*(?:$|[(,;])))"
)
"""A line on a product, which begins with how much of it was made."""
_NOT_MADE = re.compile(
    r"\b(?:export\w*|import\w*|shipped|shipments|(?<!retail\s)sales|sold|stocks?|reserves?|inventor\w+|prices?|throughput|carried|consum\w+)\b"
)
"""What else is told of products, in the line before."""


def elliptic(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The mentions with those whose last word another said before them, and those that the label of a line completes."""
    if not text.isascii():
        return list(known)
    out = _made_and_sold(text, words, _by_their_label(text, words, list(known)))
    out += _made(text, words, out, topic)
    out += _parts(text, words, out)
    out += _of_a_kind(text, words, out, topic)
    kind = _KIND.match(text)
    if kind is not None and topic.term.endswith("_users") and beside(out, *kind.span("who")):
        name = words.term_words.get(words.wording.key(f"{kind['who']} users"), "")
        out += [Mention(*kind.span("who"), name, number=kind.start("number"))] if name else []
    for found in (*_COUNTED.finditer(text), *_BRACKETED.finditer(text)):
        head = _head_before(text, found.start(), out, words)
        if not head or not beside(out, *found.span("who")):
            continue
        ways = (f"{found['who']} {head}", f"{found['who']} phone {head}")
        name = next((words.term_words[key] for way in ways if (key := words.wording.key(way)) in words.term_words), "")
        if name:
            number = found.start("number") if found.re is _BRACKETED else found.start()
            out.append(Mention(*found.span("who"), name, number=number))
    return out


def _made(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The output of the product that is the label of a line, by what weighs or counts it; a bare number only behind another
    output.
    """
    found = _MADE.match(text)
    last = words.terms.get(topic.term)
    traded = last is not None and last.measure in ("exports", "imports")
    if found is None or traded or _NOT_MADE.search(topic.said) or not beside(known, *found.span("who")):
        return []
    listed = last is not None and last.measure == "output"
    name = words.term_words.get(words.wording.key(f"{found['who']} output"), "")
    name = name or words.term_words.get(words.wording.key(f"output of {found['who']}"), "")
    unit = {"t": "t", "m": "t", "c": "m3"}.get(found["unit"][:1], "1")
    fitting = name and words.terms[name].unit == unit and words.terms[name].measure == "output"
    return [Mention(*found.span("who"), name)] if fitting and (found["unit"] or listed) else []


def _parts(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """The parts of what was just named that have only their own words: online retail sales …, of which physical goods were 6
    trillion yuan.
    """
    out: list[Mention] = []
    for found in _OF_WHICH.finditer(text):
        before = [one for one in known if one.end <= found.start() and not one.whole and one.indicator in words.terms]
        if not before or not beside(known, *found.span("who")):
            continue
        whole = text[before[-1].start : before[-1].end]
        ways = (f"{whole} of {found['who']}", f"{found['who']} {whole}")
        name = next((words.term_words[key] for way in ways if (key := words.wording.key(way)) in words.term_words), "")
        if name and name != before[-1].indicator and words.terms[name].unit == words.terms[before[-1].indicator].unit:
            out.append(Mention(*found.span("who"), name))
    return out


_OF_WHICH = re.compile(
    r"\bof\s+(?:which|this|that|these),?\s+(?P<who>[a-z][a-z-]*(?:\s[a-z][a-z-]*){0,3}?)\s+"
    r"(?:was|were|accounted\s+for|made\s+up|came\s+to|reached|contributed|took|amounted\s+to|stood\s+at|brought\s+in|generated)\s+(?:(?:about|some|nearly|over|more\s+than)\s+)*(?=\d)"
)
"""A part of what was just told, before its figure."""


def _made_and_sold(text: str, words: Vocabulary, known: list[Mention]) -> list[Mention]:
    """The mentions with what is made and what is sold of a product as two, the second of which nobody counts: production and
    sales of new energy vehicles were 6.97 and 6.94 million.
    """
    out = known
    for found in _MADE_AND_SOLD.finditer(text):
        parts = found["who"].split(" ")
        whos = (" ".join(parts[:size]) for size in range(len(parts), 0, -1))
        keys = (words.wording.key(f"output of {who}") for who in whos)
        name = next((words.term_words[key] for key in keys if key in words.term_words), "")
        if name:
            out = [one for one in out if one.end <= found.start() or one.start >= found.end()]
            both = (("made", name), ("sold", "?"))
            out = [*out, *(Mention(*found.span(group), what) for group, what in both)]
    return out


_MADE_AND_SOLD = re.compile(
    r"\b(?P<made>production|output)(?:\s+volumes?)?\s+and\s+(?P<sold>sales)(?:\s+volumes?)?\s+of\s+(?:the\s+|its\s+)?"
    r"(?P<who>[a-z][a-z-]*(?:\s(?!(?:was|were|is|are|had|has|have|stood|reached|came|rose|grew|both|in|during|for|from|totall?ed|hit|exceeded)\b)[a-z][a-z-]*){0,4})"
)
"""What is made and sold of one product."""


def _of_a_kind(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """A kind of what was just named that has only its last word: electricity consumption …; industrial use was 14 billion
    kWh; `?` where the vocabulary does not have it, as it is not the whole.
    """
    out: list[Mention] = []
    for found in _A_KIND.finditer(text):
        before = [one for one in known if one.end <= found.start() and not one.whole and one.indicator in words.terms]
        if not beside(known, *found.span("who")) or _LIGHT.fullmatch(found["kind"]):
            continue
        named = [text[one.start : one.end] for one in before] or [topic.term.replace("_", " ")]
        wholes = [_ITS_OWNER.split(said, maxsplit=1)[0] for said in named]
        wholes = [whole for whole in wholes if found["head"] in _SAME_HEADS.get(whole.rpartition(" ")[2], ())]
        things = [whole.rpartition(" ")[0] for whole in wholes]
        ways = [way for thing in things for way in _kinds(found, thing)]
        name = next((words.term_words[key] for way in ways if (key := words.wording.key(way)) in words.term_words), "?")
        if ways and name not in (*(one.indicator for one in before), topic.term):
            out.append(Mention(*found.span("who"), name))
    return out


def _kinds(found: re.Match[str], thing: str) -> tuple[str, str]:
    """How a kind of a thing may be called."""
    return f"{found['kind']} {thing} {found['head']}", f"{thing} {found['head']} of {found['kind']}"


_USES = ("use", "usage", "consumption", "demand")
_SAME_HEADS = dict.fromkeys(_USES, _USES)
"""Words of the same meaning with which a name ends, of which a kind may be told by the last word alone."""
_A_KIND = re.compile(
    rf"(?:^\s*|(?:[,;.]|\band|\bwhile|\bbut|\bwith|\bof\s+which)\s+)(?:and\s+|while\s+|with\s+)?(?:the\s+|its\s+)?(?P<who>(?P<kind>[a-z][a-z-]*(?:\s+[a-z][a-z-]*)?)\s+(?P<head>{'|'.join(_USES)}))"
    r"(?:\s+alone)?\s+(?:(?:was|were|stood\s+at|came\s+to|reached|rose|grew|climbed|fell|dropped|declined|increased|took|accounted\s+for|totall?ed|amounted\s+to|up|down|at|for|of)\s+)?(?:(?:by|about|some|nearly|over|more\s+than)\s+)*(?=\d)"
)
"""A kind of what was just told, before its figure."""
_LIGHT = re.compile(r"(?:total|overall|whole|such|annual|monthly|this|that|average|per\s+capita|the|actual)(?:\s+\w+)?")
"""What says of no kind."""
_ITS_OWNER = re.compile(r"\s(?:of|in|by|from)\s")
"""Before whose a measure is, which ends its name."""


def _head_before(text: str, at: int, known: Sequence[Mention], words: Vocabulary) -> str:
    """The last word of the people counted last before a place in the text; blank where nobody was."""
    before = [one for one in known if one.end <= at and not one.whole and " " in text[one.start : one.end]]
    last = max(before, key=lambda one: one.start) if before else None
    spec = words.terms.get(last.indicator) if last is not None else None
    if last is None or spec is None or not last.indicator.endswith("_users"):
        return ""
    return text[last.start : last.end].rsplit(maxsplit=1)[-1]


def _by_their_label(text: str, words: Vocabulary, known: list[Mention]) -> list[Mention]:
    """The mentions with that of a line whose label says what its first number, with the words behind, is of."""
    if (power := _POWER.match(text)) is not None and beside(known, *power.span("label")):
        name = words.term_words.get(words.wording.key(f"{power['label']} power"), "")
        return [*known, Mention(*power.span("label"), name)] if name else known
    found = _LABEL.match(text)
    if found is None:
        return known
    parts = found["who"].split(" ")
    for size in range(len(parts), 0, -1):
        who = " ".join(parts[:size])
        name = words.names.by_head(f"{who} of {found['label']}") or words.names.by_head(f"{found['label']} of {who}")
        if name:
            start, end = found.start("who"), found.start("who") + len(who)
            left = [one for one in known if (one.end <= start or one.start >= end) and one.start >= found.end("label")]
            if words.terms[name].unit == "1":
                return [*left, Mention(start, end, name, number=found.start("number"))]
            return [*left, Mention(*found.span("label"), name)]
    return known
