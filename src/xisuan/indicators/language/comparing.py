"""Times that only say what something is compared with: higher than in March, from the end of April to 6.35 million."""

from __future__ import annotations

import re

from xisuan.indicators.language.tokens import Stretch

_LEADS_TO = re.compile(
    r"\b(?:took|tak(?:es?|ing)|brought|bring(?:s|ing)?|lift\w*|push\w*|rais\w*|carr\w+)\s+(?:(?:the|its|their)\s+)?$"
)
_TELLS = re.compile(r"\s+(?:figures?|totals?)\s+(?:was|were|is|stood|came|reached|totall?ed|amounted|rose|hit)\b")
"""Around a time whose figure is told: which took the half-year figure to 42 billion, the full-year total was …"""


def is_compared(name: str, text: str, one: Stretch, compared_before: re.Pattern[str]) -> bool:
    """Whether a phrase of time of the kind `name` only says what something is compared with: 比上半年提高, higher than in
    March; `compared_before` finds words behind which it does.
    """
    if re.match(r"'s\s+(?:about\s+)?(?:[\d$¥]|rmb|cny)", text[one.end :]):
        return False  # compared to 2010's 459.4 billion yuan
    if _A_LEVEL.match(text, one.end):
        led = _LEADS_TO.search(text, 0, one.start) is not None
        return not led and _TELLS.match(text, one.end) is None  # the 2021 level
    if _ITS_LEVEL.match(text, one.end):
        return False  # 比2022年的20亿千瓦时
    before = text[max(0, one.start - 120) : one.start]
    if text.startswith("within", one.start) and _MULTIPLIED.search(before):
        return True  # tripling within two years
    found = compared_before.search(before)
    if found is None:
        return _FROM.search(before) is not None and _TO_SO_MUCH.match(text, one.end) is not None
    if found[0].rstrip().removesuffix(" the").endswith(" over") and _FIRST_MONTHS.match(text, one.start):
        return False  # grew 4.8 percent over the first nine months
    since_then = found[0].strip().endswith("from") and "point" not in found[0]  # but 0.9 points from January to October
    return not (name in ("months", "years") and since_then)


_MULTIPLIED = re.compile(r"\b(?:doubl|tripl|trebl|quadrupl)\w+(?:\s+in\s+size)?\s+$")
_FROM = re.compile(r"\bfrom\s+(?:the\s+|that\s+of\s+)?$")
_TO_SO_MUCH = re.compile(
    r"\s+to\s+(?:(?:about|some|nearly|over|only|just|a\s+total\s+of)\s+)*(?!(?:19|20)\d\d\b(?![,.]\d))\d"
)
"""Around a time since which something changed: fell by 42,000 from the end of April to 6.35 million."""
_FIRST_MONTHS = re.compile(
    r"(?:the\s+)?first\s+(?:\w+\s+(?:months|quarters)|half)\b(?!\s+of\s+(?:last|the\s+previous|the\s+year\s+before|(?:19|20)\d\d))"
)
"""A stretch from the beginning of the year under way, over which something grew."""
_A_LEVEL = re.compile(
    r"\s+(?:(?:levels?|figures?|mark|number)\b|totals?\b(?!\s+(?!of\b|in\b|and\b|by\b|to\b|was\b|for\b)[a-z]))"
)
"""Behind an English time the level of that time, the 2021 total; but not 2025 total computing power."""
_ITS_LEVEL = re.compile(r"的\s?[约近]?[\d.]+[万亿千]*+(?!倍|个?百分点)")
"""Behind a Chinese time that something is compared with, the level of that time."""
