"""Indicators said again without their name: the figure, the investment, that of rural residents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.language.tokens import Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Vocabulary
from xisuan.indicators.language.vocabulary import key as words_key


def said_again(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The indicator named before, where a figure is that of `the figure`: adding that the figure should reach …"""
    out: list[Mention] = []
    for match in words.cues.the_figure.finditer(text):
        before = [seen for seen in known if seen.end <= match.start() and seen.indicator in words.terms]
        term = before[-1].indicator if before else topic.term
        if (measure := _said_measure(match, words)) and not before:
            term = next(
                (one for one in (topic.main, topic.term) if one in words.terms and words.terms[one].measure == measure),
                words.by_measure.get((topic.family, measure), "") if match.groupdict().get("field") else "",
            )
        if term in words.terms and beside(known, *match.span()):
            out.append(Mention(match.start(), match.end(), term))
    return out


def that_of(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """The measure of an indicator before, of another thing: the income of A was …; that of B …"""
    out: list[Mention] = []
    for match in words.cues.that_of.finditer(text):
        before = [seen for seen in known if seen.end <= match.start() and not seen.indicator.startswith("?")]
        if not before or not beside(known, match.start(), match.start("what")):
            continue
        named = (
            re.split(r"\s(?:of|from|for|in)\s", text[seen.start : seen.end], maxsplit=1) for seen in reversed(before)
        )
        head = next((parts[0] for parts in named if len(parts) > 1), "")
        head = re.sub(r"^(?:total|combined|overall)\s+", "", head)
        spec = words.terms.get(before[-1].indicator)
        signs = [sign for sign in words.measures.get(spec.measure, ()) if sign.isascii()] if spec else []
        whole = re.sub(r"^(?:total|combined|overall)\s+", "", text[before[-1].start : before[-1].end])
        heads = [head, *signs, whole] if head else [*signs, whole]
        if (found := _named_by(match["what"], heads, words)) is not None:
            end = match.start("what") + len(found[0])
            out.append(Mention(match.start(), end, found[1]))
            while (also := _ALSO.match(text, end)) is not None and (
                found := _named_by(also["what"], heads, words)
            ) is not None:
                end = also.start("what") + len(found[0])
                out.append(Mention(also.start("what"), end, found[1]))
    return out


_ALSO = re.compile(r"(?:,|,?\s+and)\s+(?:the\s+)?(?P<what>[a-z][\w&'-]*(?:\s+[a-z][\w&'-]*){0,5})")
"""Another thing of the same list: those of A and B."""


def _named_by(what: str, heads: Sequence[str], words: Vocabulary) -> tuple[str, str] | None:
    """The longest beginning of some words that makes an indicator with one of the heads, and that indicator."""
    parts = what.split(" ")
    for size in range(len(parts), 0, -1):
        said = " ".join(parts[:size])
        for head in heads:
            if name := words.term_words.get(words.wording.key(f"{head} of {said}")):
                return said, name
    return None


_USERS = re.compile(
    r"(?:^|[,，])(?P<own>(?:终端)?用户(?:数|总数|规模|总量)?)(?=(?:已|总数|规模)?(?:超过?|突破|达到?|为|约|近|至|增)\S?\s*\d)"
)
"""Users without a name at the beginning of a Chinese clause: …发展,终端用户超过26亿户."""
_NETWORKS = re.compile(r"移动物联网|蜂窝物联网|物联网|千兆宽带|千兆光网|5G|IPTV|固定宽带", re.IGNORECASE)
"""Networks whose users the clause before may tell of."""


def their_users(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Users without a name as those of the network that the Chinese clauses before them, and no other, speak of."""
    out: list[Mention] = []
    for match in _USERS.finditer(text):
        named = {found[0] for found in _NETWORKS.finditer(text, 0, match.start("own"))}
        term = words.term_words.get(words_key(f"{next(iter(named))}用户", words.wording)) if len(named) == 1 else None
        if term is not None and beside(known, *match.span("own")):
            out.append(Mention(*match.span("own"), term))
    return out


def counted_zh(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """What is its own number only right before a count of it: 民营企业达283万家, while 民营企业增长5% may be their trade."""
    out: list[Mention] = []
    for match in words.cues.counted_things.finditer(text):
        name = next(group for group, said in match.groupdict().items() if said)
        if name in words.terms and beside(known, *match.span(name)):
            out.append(Mention(*match.span(name), name))
    return out


def _said_measure(match: re.Match[str], words: Vocabulary) -> str:
    """The measure that `the investment` names; blank for `the figure`."""
    groups = match.groupdict()
    said = groups.get("main") or groups.get("invested") or groups.get("field") or ""
    return next((kind for kind, signs in words.measures.items() if said and any(sign in said for sign in signs)), "")
