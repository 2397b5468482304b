"""English indicators by the name that the text gives, where the vocabulary does not have it.

A clause that is nothing but a place, a time, a name and a verb before a figure, or `there were` before a count and its
name, says what the figure is of: fixed voice revenues totalled 1.32 billion, there were 28.2 million fixed broadband lines.
"""

from __future__ import annotations

import re

from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Mention
from xisuan.indicators.language.vocabulary import Head, Vocabulary
from xisuan.indicators.sentences.naming import HELD, Known, clause_start, measures, put

_WORD = r"[a-z0-9][\w'&/-]*"
_UNTOLD = ("pp", "fold", "price", "rate", "time", "other")
"""Units of figures that tell no level or growth of a name."""
_MOST_WORDS = 8


def named_en(raw: str, known: Known, words: Vocabulary) -> list[Mention]:
    """The indicators of an English sentence with those that it names itself; their terms are added to the vocabulary."""
    out = list(known.mentions)
    text = known.masked(words, "bystanders", "the_operators")
    for figure in known.amounts:
        found = None if figure.unit in _UNTOLD else _ahead(text, figure, known, words) or _behind(text, figure, words)
        if found is None or not _plain(raw, *found[:2], words):
            continue
        start, end, head = found
        inside = [seen for seen in out if seen.start < end and seen.end > start]
        if not _another(text, start, end, inside, words) or any(one.foreign or one.deed for one in inside):
            continue
        name = _slug(text[start:end])
        out = [seen for seen in out if seen not in inside]
        out.append(Mention(start, end, put(name, head, figure, words.terms)))
    return sorted(out, key=lambda seen: seen.start)


def _ahead(text: str, figure: Quantity, known: Known, words: Vocabulary) -> tuple[int, int, Head] | None:
    """Where a name stands that a verb joins to the figure behind it, and its head."""
    low = clause_start(text, figure, known)
    if low is None:
        return None
    cues = words.cues
    between = rf"(?:{cues.filler_en.pattern}|{cues.grows.pattern}|[{HELD}\s(),])*+"
    lead = re.compile(
        rf"(?:{cues.own_before_en.pattern}|[{HELD}\s])*+(?P<name>(?:{_WORD}\s+){{0,{_MOST_WORDS}}}?{_WORD})(?P<rest>\s{between})"
    )
    found = lead.fullmatch(text, low, figure.start)
    if found is None or not cues.own_verb.search(found["rest"]) or cues.no_name_en.search(found["name"]):
        return None
    head = _head(found["name"], figure, words)
    grows = cues.grows.search(found["rest"]) is not None
    if head is None or (figure.unit == "pct" and (head.unit != "pct") != grows):
        return None
    if figure.unit == "pct" and head.unit != "pct" and cues.to_level.search(found["rest"]):
        return None  # dropped to 13.7 percent: a level of what nobody said
    return *found.span("name"), head


def _behind(text: str, figure: Quantity, words: Vocabulary) -> tuple[int, int, Head] | None:
    """Where a name stands right behind a count that there is: there were 28.2 million fixed broadband lines."""
    if figure.unit not in ("", "1") or not words.cues.there_were.search(text, 0, figure.start):
        return None
    signs = "|".join(re.escape(sign) for head in words.heads if head.unit == "1" for sign in head.words_en)
    found = re.compile(
        rf"\s+(?P<name>(?:{_WORD}\s+){{0,4}}?(?:{signs}))(?=\s*(?:[{HELD},.;(]|$|(?:at|in|by|as|across|during|nationwide)\b))"
    ).match(text, figure.end)
    if found is None or words.cues.no_name_en.search(found["name"]):
        return None
    head = _head(found["name"], figure, words)
    return None if head is None else (*found.span("name"), head)


def _head(name: str, figure: Quantity, words: Vocabulary) -> Head | None:
    """The word for what is measured of a name: its last, or that before `of`; `number of` counts whatever it is."""
    if name.startswith(("number of ", "total number of ")) and figure.unit in ("", "1", "pct"):
        return next(head for head in words.heads if head.unit == "1" and head.kind == "stock")
    first = re.split(r"\s(?:of|from|for|in|on|per)\s", name)[0]
    ends = [
        head
        for head in words.heads
        if any(re.search(rf"(?:^|\s){re.escape(sign)}s?$", first) for sign in head.words_en)
    ]
    return next((head for head in ends if measures(head, figure)), None)


def _another(text: str, start: int, end: int, inside: list[Mention], words: Vocabulary) -> bool:
    """Whether a name has words that neither are of an indicator inside it nor say nothing."""
    signs = list(text[start:end])
    for one in inside:
        low, high = max(0, one.start - start), min(end - start, one.end - start)
        signs[low:high] = " " * (high - low)
    left = re.findall(r"[a-z0-9][\w-]+", "".join(signs))
    heads = {sign for head in words.heads for sign in head.words_en}
    return any(
        not says_nothing(words.cues, word) and word not in heads and word.removesuffix("s") not in heads
        for word in left
    )


def _plain(raw: str, start: int, end: int, words: Vocabulary) -> bool:
    """Whether a name holds no proper name: no capital within, and at the beginning of a sentence a word that is known."""
    opens = not raw[:start].strip(' \t\n-*•·("“')
    for at, found in enumerate(re.finditer(r"[A-Za-z][\w'-]*", raw[start:end])):
        word = found[0]
        if word[0].islower() or sum(sign.isupper() for sign in word) > 1:
            continue
        if at or not opens or not (words.speaks(word.lower()) or says_nothing(words.cues, word.lower())):
            return False
    return True


def _slug(name: str) -> str:
    """A name as an indicator is called: fixed voice service revenues, fixed_voice_service_revenues."""
    plain = re.sub(r"^(?:(?:the|an?|its|their|total|overall|number of)\s+)+", "", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
