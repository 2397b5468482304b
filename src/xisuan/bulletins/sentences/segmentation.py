"""Segmentation of a text into sentences, and of a sentence into clauses."""

from __future__ import annotations

import re

_WRAP = re.compile(
    r"(?<=[a-z,])\r?\n(?=[a-z])|(?<=[\u4e00-\u9fff，、\w]{25})\r?\n(?=[\u4e00-\u9fff])(?![一二三四五六七八九十]{1,3}、)"
)
"""A line break inside a sentence."""
_END = re.compile(
    r"[。！？!?；]|;(?=\s)|\n+|\.(?=[\s\"'”’)]+[A-Z0-9\"“(]|\s*$)|(?<=[\u4e00-\u9fff%])\.(?=[\u4e00-\u9fff])|(?<=%)\.(?=[A-Z])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:U\.S|No|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Co|Ltd|Inc|Mr|Ms|Dr|vs|est|i\.e|e\.g|incl|excl|cf)"
    r"|(?<!\d\s)\b[A-Z]|(?:^|\n)\s*\d{1,2})\.$"
)
_CLAUSE = re.compile(
    r"[，；;。！？!?]|：(?!\s*\d)|:(?=[\u4e00-\u9fff])|(?<!\d),|,(?!\d{3}(?!\d))|:\s(?!\s*[\d¥$])(?!\s*(?:rmb|cny)\b)|\.(?=\s|$)|\s--?\s|\s(?:while|whereas|bringing|with|although)\s"
)


def sentences(text: str) -> list[tuple[int, str, str]]:
    """Return start, text and final punctuation of each sentence; a semicolon ends one."""
    out: list[tuple[int, str, str]] = []
    start = 0
    for match in _END.finditer(text):
        if match[0] == "." and _ABBREVIATION.search(text[max(0, match.start() - 12) : match.end()]):
            continue
        out.append((start, text[start : match.end()], match[0]))
        start = match.end()
    out.append((start, text[start:], ""))
    return [one for one in out if one[1].strip()]


def clauses(text: str) -> list[tuple[int, int]]:
    """Return the span of each clause of a folded sentence."""
    out: list[tuple[int, int]] = []
    start = 0
    for match in _CLAUSE.finditer(text):
        if match.start() > start:
            out.append((start, match.start()))
        start = match.end()
    if start < len(text):
        out.append((start, len(text)))
    return out or [(0, len(text))]


def unwrapped(text: str) -> str:
    """Return the text with line breaks inside sentences replaced by blanks; character positions stay."""
    return _WRAP.sub(lambda found: re.sub(r"[\r\n]", " ", found[0]), text)
