"""Indicators by the name that the text gives: what is measured in words that the vocabulary does not have.

A clause that is nothing but a place, a time, a name and a verb before a figure says what the figure is of, whatever the
vocabulary holds: 2023年,全省模块化数据中心市场规模达480亿元. The name must end with a word for something that is
measured (`vocabulary/heads.csv`), which tells its unit and kind; no verb and nothing of a firm or project may stand in it.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass

from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import BREAK, Mention, Stretch
from xisuan.indicators.language.vocabulary import MONEY, Head, Term, Vocabulary

HELD = "\0"
"""Stands for every sign of a place, a time or a figure."""
_UNTOLD = ("", "pp", "fold", "price", "rate", "time", "other")
"""Units of figures that tell no level or growth of a name."""
_LONGEST = 24
"""Signs of the longest Chinese name."""
_FARTHEST = 200
"""Signs from the beginning of a clause to its figure, within which a name is looked for."""
_TO = re.compile(r"[至到]\s*$")
_JOINED = re.compile(r"[和与及]")
_FIRMS = re.compile(r"(?:企业|公司)$")
"""Firms whose number is not said to be meant."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was found in a sentence before names are looked for."""

    text: str
    mentions: Sequence[Mention]
    held: Sequence[Stretch]
    amounts: Sequence[Quantity]

    def masked(self, words: Vocabulary, *others: str) -> str:
        """The text with a mark for every sign of what is no name; `others` are cues for more that is none."""
        signs = list(self.text)
        spans = [(one.start, one.end) for one in (*self.held, *self.amounts)]
        for cue in ("price_base", "scope", "definition", "local", *others):
            spans += [found.span() for found in getattr(words.cues, cue).finditer(self.text)]
        for low, high in spans:
            signs[low:high] = HELD * (high - low)
        return "".join(signs)


def clause_start(text: str, figure: Quantity, known: Known) -> int | None:
    """Where the clause of a figure begins; None where another figure stands between, with which the words go on."""
    ends = [found.end() for found in BREAK.finditer(text, 0, figure.start)]
    before = [one.end for one in known.amounts if one.end <= figure.start]
    low = max([0, *ends, *before])
    return None if (before and low == before[-1]) or figure.start - low > _FARTHEST else low


def measures(head: Head, figure: Quantity) -> bool:
    """Whether what is measured by a head can have a figure: its level, or any growth."""
    if figure.unit == "pct":
        return True
    return head.unit in MONEY if money(figure.unit) else (figure.unit or "1") == head.unit


def named_zh(known: Known, words: Vocabulary) -> list[Mention]:
    """The indicators of a Chinese sentence with those that it names itself; their terms are added to the vocabulary."""
    out = list(known.mentions)
    text = known.masked(words, "bystanders", "the_operators")
    for figure in known.amounts:
        found = None if figure.unit in _UNTOLD else _lead(text, figure, known, words)
        if found is None:
            continue
        start, name, head = found
        inside = [seen for seen in out if seen.start < start + len(name) and seen.end > start]
        if any(seen.indicator == "?" for seen in inside):
            continue
        if not _another(name, start, inside, words) or (len(inside) > 1 and _JOINED.search(name)):
            continue  # two indicators in one breath: 固定语音和移动语音业务收入
        out = [seen for seen in out if seen not in inside]
        out.append(Mention(start, start + len(name), put(name, head, figure, words.terms)))
    return sorted(out, key=lambda seen: seen.start)


def _lead(text: str, figure: Quantity, known: Known, words: Vocabulary) -> tuple[int, str, Head] | None:
    """Where a name stands that leads to a figure, the name and its head; None where other words do."""
    low = clause_start(text, figure, known)
    if low is None:
        return None
    found = re.compile(
        rf"(?:{HELD}|\s|{words.cues.own_before.pattern})*+(?P<name>[^{HELD}\s]{{3,{_LONGEST}}}?)(?:{HELD}|\s|{words.cues.own_after.pattern})*+(?P<share>(?:占|在)[^,，。;；]*)?"
    ).fullmatch(text, low, figure.start)
    if found is None or words.cues.no_name.search(found["name"]):
        return None
    name = found["name"]
    if not re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9+·&/-]+", name) or not re.search(r"[\u4e00-\u9fff]{2}", name):
        return None
    head = _head(name, figure, words)
    if head is not None and figure.unit == "pct" and _FIRMS.search(name):
        return None  # what of them grew is not said: 高技术企业增长25.9%
    grows = found["share"] is not None or words.cues.grows.search(text[found.end("name") : figure.start]) is not None
    if found["share"] is not None and figure.unit != "pct":
        return None
    if head is not None and len(words.cues.light_name.sub("", name.removesuffix(_sign(name, head)))) <= 1:
        return None  # but a measure
    if head is None or (figure.unit == "pct" and (head.unit != "pct") != grows):
        return None
    if figure.unit == "pct" and head.unit != "pct" and _TO.search(text, found.end("name"), figure.start):
        return None  # 降至13.7%: a level of what nobody said
    return found.start("name"), name, head


def _head(name: str, figure: Quantity, words: Vocabulary) -> Head | None:
    """The word for what is measured that ends a name, the longest that can have the unit of the figure."""
    ends = [head for head in words.heads if any(name.endswith(sign) and name != sign for sign in head.words_zh)]
    return next((head for head in ends if measures(head, figure)), None)


def _sign(name: str, head: Head) -> str:
    """The longest word of a head that ends a name."""
    return max((sign for sign in head.words_zh if name.endswith(sign)), key=len, default="")


def _another(name: str, start: int, inside: Sequence[Mention], words: Vocabulary) -> bool:
    """Whether a name is not that of an indicator inside it, with words that say nothing: 全行业软件业务收入总额."""
    known = [one for one in inside if one.indicator in words.terms]
    left, end = list(name), 0
    for one in inside:
        if one is not inside[-1] and known and words.terms[known[-1].indicator].unit in MONEY:
            continue  # investment in what data centres need is not all such investment
        low, high = max(0, one.start - start), min(len(name), one.end - start)
        left[low:high] = " " * (high - low)
        end = max(end, high)
    ahead = words.places_pattern.sub("", words.cues.light_name.sub("", "".join(left[:end] if inside else left)))
    ahead = re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", ahead)
    return (len(ahead) > 1 and not (known and ahead in words.terms[known[-1].indicator].title_zh)) or bool(
        known and len(_unsaid(name[end:], words.terms[known[-1].indicator], words)) > 1
    )


def _unsaid(behind: str, term: Term, words: Vocabulary) -> str:
    """What stands behind an indicator in a name and is not but its measure said again: 规模, 总数, but not 融资规模."""
    signs = [sign for head in words.heads if head.unit == term.unit for sign in head.words_zh if len(sign) <= _SHORT]
    signs += [sign for sign in words.measures.get(term.measure, ()) if not sign.isascii()]
    for sign in sorted(signs, key=len, reverse=True):
        behind = behind.replace(sign, "")
    return words.cues.light_name.sub("", behind)


_SHORT = 2
"""Signs of a word for a measure that adds nothing: 收入, 总量."""


def put(name: str, head: Head, figure: Quantity, terms: MutableMapping[str, Term]) -> str:
    """The indicator of a name, put among the terms where it is not yet."""
    if name not in terms:
        unit = head.unit if figure.unit in ("pct", "") or money(figure.unit) else figure.unit
        terms[name] = Term(name, unit, head.kind, True, "", name, name, "", "", frozenset(("named",)))
    return name
