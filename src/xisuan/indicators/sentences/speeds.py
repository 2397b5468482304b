"""English users of broadband told by the speed of their lines: those with speeds of 1,000 Mbps or above numbered 4 million;
4.87 million of them had access rates of 1 Gbps and more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.language.doings import number_before
from xisuan.indicators.language.tokens import Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Vocabulary

_BROADBAND = "fixed_broadband_users"
_BY_SPEED = {100: "mbps100_users", 500: "mbps500_users", 1000: "gigabit_users"}
"""Users by the least speed of their lines in Mbit/s."""
_SPEED = (
    r"(?:(?:at\s+least|no\s+less\s+than|not\s+less\s+than|over|above|more\s+than|upwards\s+of)\s+)?"
    r"(?:(?P<mega>1,?000|100|500|300|200|50)\s?-?(?:m(?:bps|bit/s|b/s|bits?\s+per\s+second)?|megabits?(?:\s+(?:per|a)\s+second)?)|(?P<giga>1|one|a)\s?-?(?:g(?:bps|bit/s|b/s)|gigabits?(?:\s+(?:per|a)\s+second)?))(?![a-z0-9])"
    r"(?:\s*,?\s*(?:(?:and|or)\s+(?:above|over|more|higher|faster|up|upwards?|beyond)|or\s+better|plus|upwards?)(?![a-z]))?"
)
_RATE = r"(?:(?:access|download|connection|bandwidth|line|broadband|network|transmission)\s+)*(?:rates?|speeds?|bandwidths?)"
_LINES = (
    r"(?:(?:fixed\s+|internet\s+|home\s+)*broadband(?:\s+access)?(?:\s+(?:connections?|lines?|services?|plans?|packages?))?"
    r"|services?|plans?|packages?|connections?|lines?)"
)
_OF = rf"(?:(?:an?\s+)?(?:{_LINES}|{_RATE})\s+(?:of|at|reaching|exceeding)\s+)?"
_WITH = r"(?:with|at|of|on|enjoying|having|using|whose\s+(?:lines\s+)?(?:ran\s+at|run\s+at|had|have|reached))"
_WHO = (
    r"(?:(?:(?:fixed|internet|broadband|access|household|home|fibre|fiber)\s+)*"
    r"(?:users?|subscribers?|customers?|subscriptions?|connections?|accounts?|lines?|households?)|those|ones)"
)
_SUBJECT = re.compile(
    rf"(?<![\w-])(?:(?P<part>(?:share|proportion|percentage)\s+of\s+(?:the\s+)?))?(?P<who>{_WHO})\s+(?:{_WITH}\s+)?{_OF}{_SPEED}"
)
"""Users by their speed as what a figure behind them is of."""
_BARE = re.compile(
    rf"\bof\s+(?:which|these|whom),?\s+(?P<speed>{_OF}{_SPEED})(?=\s+(?:amounted|numbered|reached|totall?ed|came|was|were|grew|rose)\b)"
)
"""The same by the speed alone, as of a part: of which 1000 Mbps and above amounted to 8 million."""
_IN_BRACKETS = re.compile(rf"[(;,]\s*(?P<speed>{_SPEED})(?=\s*:\s*\d)")
"""The same as the label of a figure in brackets: (100 Mbps and above: 9 million; 1,000 Mbps and above: 3 million)."""
_PREDICATE = re.compile(
    rf"(?<![\w-])(?:had|have|has|with|enjoyed|enjoy|used|use|were\s+on|are\s+on|on|at|ran\s+at|run\s+at|running\s+at|were|are|connected\s+at|reached|subscribed\s+to)\s+{_OF}{_SPEED}"
)
"""The speed of so many told before it."""


def by_speed(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The mentions with users by the speed of their lines, `?` where nobody counts those of a speed; *those* and *lines*
    only in what is told of broadband. Replaces names that stand inside.
    """
    if not text.isascii() or not any(sign in text for sign in ("bit", "bps", "000m", "100m")):
        return list(known)
    out = list(known)
    for found in _BARE.finditer(text):
        if _of_broadband(found.start(), out, topic) and beside(out, *found.span("speed")):
            out.append(Mention(*found.span("speed"), _named(found)))
    for found in _IN_BRACKETS.finditer(text):
        if _of_broadband(found.start(), out, topic) and beside(out, *found.span("speed")):
            out.append(Mention(*found.span("speed"), _named(found)))
    for found in _SUBJECT.finditer(text):
        if (
            "user" not in found["who"]
            and "subscri" not in found["who"]
            and not _of_broadband(found.start(), out, topic)
        ):
            continue
        name = _named(found)
        name = words.ratio(name) or "?" if found["part"] else name
        out = [one for one in out if one.end <= found.start() or one.start >= found.end()]
        out.append(Mention(*found.span(), name))
    for found in _PREDICATE.finditer(text):
        number = number_before(text, found.start(), words.cues)
        inside = any(one.start < found.end() and one.end > found.start() and one.number < 0 for one in out)
        of_lines = "broadband" in found[0] or _of_broadband(found.start(), out, topic)
        if number is None or inside or not of_lines:
            continue
        out = [one for one in out if one.end <= found.start() or one.start >= found.end()]
        if beside(out, number, number + 1) and all(one.number != number for one in out):
            out.append(Mention(*found.span(), _named(found), deed=True, number=number))
    return sorted(out, key=lambda one: one.start)


def _of_broadband(at: int, known: Sequence[Mention], topic: Topic) -> bool:
    """Whether what is told right before a place in the text, or in the sentence before, is users of broadband."""
    before = [one.indicator for one in known if one.end <= at]
    told = before[-1] if before else topic.term
    return told == _BROADBAND or told in _BY_SPEED.values() or told == "?"


def _named(found: re.Match[str]) -> str:
    """The indicator of users of a speed."""
    speed = 1000 if found["giga"] else int(found["mega"].replace(",", ""))
    return _BY_SPEED.get(speed, "?")
