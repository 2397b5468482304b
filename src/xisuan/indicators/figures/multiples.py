"""English levels of another time that the one just told is a multiple of, or more or less than: three times the 340,000
recorded at the end of 2021; nearly double the 11 billion yuan earned in 2020; and of two told in one breath: after 42,485
and 16,840 yuan in 2022. They date nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.figures.bracketed import Aside
from xisuan.indicators.figures.scene import alike
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.sentences.sentence import Sentence

_NUMBER = r"(?:\d+(?:\.\d+)?|one\s+and\s+a\s+half|two|three|four|five|six|seven|eight|nine|ten|twelve|several|many)"
_LEADS = re.compile(
    r"(?:^|[\s,(–—-])(?:double|twice|triple|treble|quadruple|half"
    rf"|{_NUMBER}\s+(?:and\s+a\s+half\s+)?times|half\s+as\s+(?:many|much|large|high)\s+again\s+as"
    r"|(?:more|less|fewer|higher|lower|larger|smaller|bigger|greater)\s+than|above|below)"
    r"\s+(?:(?:the|its|their|that|mere|only|some|about|just|roughly|total|level|figure|number|of)\s+)+$"
)
"""Up to a level with which another is compared."""
_TWO = 2
_PAIR_LEADS = re.compile(
    r"[^\d;.]{0,40}?(?:\bafter|\b(?:up|down)\s+from|\bfrom|\bagainst|\bcompared\s+(?:with|to))\s+(?:(?:only|just|about)\s+)*$"
)
_AND = re.compile(r"\s+and\s+")
"""Before two levels of another time, and between them."""
_TILL_ITS_TIME = re.compile(
    r"(?:\s+(?!(?:and|but|or|while|to|planned|targeted|expected|forecast|projected|needed|aimed|budgeted|due|foreseen)\b)[\w'-]+){0,5}?\s+"
)
"""Between such a level and the time that it is of, which ends the comparison."""
_ENDS = re.compile(r"\s*(?:[,;.)]|$|(?:and|but|while)\b)")


def levels_before(sentence: Sentence) -> list[Aside]:
    """The levels of other times that those before them are multiples of, or more or less than."""
    if not sentence.english:
        return []
    found = (_level_at(sentence, at) for at in range(1, len(sentence.amounts)))
    pairs = (_pair_at(sentence, at) for at in range(_TWO, len(sentence.amounts) - 1))
    return [*(one for one in found if one is not None), *(one for pair in pairs for one in pair)]


def _pair_at(sentence: Sentence, at: int) -> list[Aside]:
    """A figure and the next as levels of another time of the two before them, in turn; none where they are not."""
    text, (first, second) = sentence.text, sentence.amounts[at : at + _TWO]
    behind = [one for one in sentence.times if one.start >= second.end]
    hosts = [one for one in sentence.amounts[:at] if alike(one, second)][-_TWO:]
    if len(hosts) < _TWO or not behind or not (alike(first, second) or not first.unit):
        return []
    said = _PAIR_LEADS.match(text, hosts[1].end, first.start) and _AND.fullmatch(text, first.end, second.start)
    till = _TILL_ITS_TIME.fullmatch(text, second.end, behind[0].start)
    if not said or till is None or _ENDS.match(text, behind[0].end) is None:
        return []
    return [Aside(one, behind[0], host) for one, host in zip((first, second), hosts, strict=True)]


def _level_at(sentence: Sentence, at: int) -> Aside | None:
    """A figure as such a level; None where it is none."""
    figure, text = sentence.amounts[at], sentence.text
    said = _LEADS.search(text, 0, figure.start)
    behind = [one for one in sentence.times if one.start >= figure.end]
    if said is None or not behind or figure.unit == "pct":
        return None
    when = behind[0]
    host = _told(sentence.amounts[:at], said.start(), figure)
    till = _TILL_ITS_TIME.fullmatch(text, figure.end, when.start)
    return Aside(figure, when, host) if host is not None and till and _ENDS.match(text, when.end) else None


def _told(amounts: Sequence[Quantity], before: int, figure: Quantity) -> Quantity | None:
    """The nearest figure of the same kind that ends before the comparison begins."""
    like = [one for one in amounts if one.end <= before and alike(one, figure)]
    same = [one for one in like if one.scaled == figure.scaled] or like
    return same[-1] if same else None
