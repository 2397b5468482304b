"""English amounts before those who spent or made them: the 57 billion yuan that shoppers spent was 4 percent more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.language.deeds import mentions_of
from xisuan.indicators.language.tokens import Mention, beside
from xisuan.indicators.language.vocabulary import Vocabulary

_THAT = re.compile(
    r"(?P<amount>\d[\d.,]*\s+(?:(?:million|billion|trillion)\s+)?[a-z-]+(?:\s+of\s+[a-z]+)?)\s+(?:that|which)\s+(?P<said>[a-z][\w'-]*(?:\s+[a-z][\w'-]*){1,7})"
)
"""An amount, and what somebody did with it."""


def that_they(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """The mentions with what is told of an amount by a deed behind it, as it would be by the same words before it."""
    out = list(known)
    for match in _THAT.finditer(text):
        parts = list(re.finditer(r"\S+", match["said"]))
        for verb in parts[1:]:
            said = match["said"][: verb.end()]
            told = next((one for one in mentions_of(f"{said} {match['amount']}", words, []) if one.deed), None)
            if told is None or told.end != len(said):
                continue
            start, end = match.start("said") + told.start, match.start("said") + told.end
            inside = [one for one in out if not beside([one], match.start("said"), end)]
            out = [one for one in out if one not in inside]
            out.append(Mention(start, end, told.indicator, deed=True, number=match.start("amount")))
            break
    return sorted(out, key=lambda seen: seen.start)
