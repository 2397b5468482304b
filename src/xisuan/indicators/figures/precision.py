"""At which precision computing power was counted, where its sentence says so: a figure without it says little.

An EFLOPS of whole numbers of 8 bits takes a small part of the chips that one of 64 bits takes. Most bulletins do not say it.
"""

from __future__ import annotations

import re

_WORDS = {
    "FP64": r"fp\s?-?64|double[ -]precision|双精度",
    "FP32": r"fp\s?-?32|single[ -]precision|单精度",
    "FP16": r"(?:fp|bf)\s?-?16|half[ -]precision|半精度",
    "FP8": r"fp\s?-?8\b",
    "INT8": r"int\s?-?8\b",
}
_PATTERNS = {name: re.compile(rf"(?<![a-z])(?:{words})", re.IGNORECASE) for name, words in _WORDS.items()}
_BESIDE = 12
"""Signs within which a precision belongs to the figure before it where its sentence names several."""


def said(text: str, end: int) -> str:
    """The precision of a figure of a sentence that ends at `end`; blank where none is said, or it is not clear which."""
    seen = {name: [match.start() for match in pattern.finditer(text)] for name, pattern in _PATTERNS.items()}
    named = [name for name, places in seen.items() if places]
    if len(named) > 1:
        named = [name for name, places in seen.items() if any(end <= place <= end + _BESIDE for place in places)]
    return named[0] if len(named) == 1 else ""
