"""What a text names in passing, so that it is not what it is about: who tells it and where, columns, ranks, plans."""

from __future__ import annotations

import re

from xisuan.indicators.language.vocabulary import Vocabulary, fold
from xisuan.indicators.sentences.left_out import without_left_out
from xisuan.indicators.sentences.regions import NONE_MORE

_AMONG_ALL = re.compile(
    r"(?:居|在)?全国(?:领先|前列|首位|第[一二三四五六七八九十])"
    r"|\brank(?:s|ed|ing)?\s+(?:[\w.-]+\s+){1,3}(?:nationwide|nationally|in\s+(?:the\s+)?(?:country|nation|china))\b"
)
"""The nation as that in which something has a rank."""
_ANY_NATION = re.compile(
    r"\bcountries\b|\b(?:an?|any|another|every|each|many|most|some|few|no|whole)\s+(?:other\s+)?country\b(?!')"
)
"""Nations of which none is meant."""
_COLUMN = re.compile(
    r"(?m)^\s*(?:across\s+china|china\s+(?:focus|economic\s+roundup|insights?|in\s+focus|watch|brief)|economic\s+watch|asia\s+(?:watch|album))(?=\s*:)"
)
"""The name of a column before a title, which says nothing of whom its text is about."""
_ONE_OF_ITS = re.compile(
    r"\bchina's(?=\s+(?:[a-z][\w-]*\s+){0,4}(?:(?:province|city|municipality|autonomous\s+region|county|prefecture)\b(?!\s+of)"
    r"|[\"“'‘][a-z -]{3,40}[\"”'’]|(?:big\s+data|digital|data|computing|silicon)\s+(?:valley|hub|capital|heartland)\b))"
)
"""The nation as that of a place that the text names later: China's powerhouse province, China's "digital valley"."""
TELLS = re.compile(
    r"(?<![\u4e00-\u9fff])据[\u4e00-\u9fff]{2,14}?(?:网站|官网|客户端|新闻办公室|新闻办|日报|晚报|电视台|新闻网)(?:消息|报道|获悉)?[，,]"
)
"""Who tells a Chinese text, which is not whom it is about: 据贵州省政府网站消息,."""


CUSTOMS = re.compile(r"[\u4e00-\u9fff]{2,3}海关|\b[a-z']+\scustoms\b")
"""A customs office, which tells of more than the town that it is named after."""
VENUE = re.compile(r"在(?P<where>[\u4e00-\u9fff]{2,8}?)市?(?:召开|举行|举办|开幕|闭幕|开会)")
"""Where something was held, which says no more than the province of a text that says 全省."""


def without(text: str, *patterns: re.Pattern[str]) -> str:
    """A text with bars for what some patterns find: no name goes on behind them."""
    for pattern in patterns:
        text = pattern.sub(lambda found: "|" * len(found[0]), text)
    return text


def subjects(part: str, words: Vocabulary) -> str:
    """A folded stretch of text without places that are named in passing: in names of plans, ranks, of who tells it."""
    return without(
        without_left_out(fold(part), words),
        words.cues.initiative,
        _COLUMN,
        _ANY_NATION,
        _AMONG_ALL,
        words.cues.rank,
        _ONE_OF_ITS,
        TELLS,
        VENUE,
        CUSTOMS,
    )


def in_passing(folded: str, start: int, end: int, words: Vocabulary) -> bool:
    """Whether a text only says where it was told, or where somebody comes from: told reporters in Beijing."""
    before, after = folded[max(0, start - LEADS) : start], folded[end : end + _FOLLOWS]
    if _MEETING_IN.search(before) and _ONLY_BRACKETS.match(folded, end) is not None:
        return True
    if folded.isascii() and words.cues.beside_region.search(before) and not NONE_MORE.search(before):
        return True
    return words.cues.held_in.search(before) is not None or words.cues.from_there.match(after) is not None


_MEETING_IN = re.compile(
    r"\b(?:forum|conference|summit|expo|fair|convention|ceremony|symposium|seminar|briefing)\b[^.;:\n]{0,40},\s*$"
)
"""Before the venue with which a title ends: remarks at the opening of the Big Data Expo, Guiyang."""
_ONLY_BRACKETS = re.compile(r"[., ]*(?:\([^()\n]*\)[., ]*)?(?:,\s+[a-z]+\.?\s+\d{1,2}(?:,\s+\d{4})?[., ]*)?(?=\n|$)")
"""Behind it, no more than what a bracket says of the text, and the day."""
LEADS = 70
"""Signs before a place that say what it is to a text."""
_FOLLOWS = 16
"""Signs behind a place that say so."""


def one_way(name: str, other: str, words: Vocabulary) -> bool:
    """Whether one of two places lies in the other, or both are the same."""
    return name in words.within(other) or other in words.within(name)
