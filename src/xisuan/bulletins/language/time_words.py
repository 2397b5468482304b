"""Patterns of time phrases from `data/times.toml` and a file of the user.

Holds the phrases, their order of precedence, and the macros such as `{year}` and `{month}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from xisuan.bulletins.language.language_data import own, shipped
from xisuan.bulletins.language.name_matcher import Stretch
from xisuan.bulletins.language.quantities import EN_NUMBERS
from xisuan.errors import Problem, ScenarioError

_MONTH = r"(?<![a-z])(?<!forward )(?<!long )(?<!onward )(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june|jun(?=\.\s+\d|\.?-|\s+\d)|(?<![a-z] )jun|(?<=\bin )jun|(?<=\bof )jun|(?<=\bby )jun|(?<=\bto )jun|(?<=from )jun|(?<=since )jun|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?![a-z])"
_YEAR = r"(?:19|20)\d\d"
_EN_N = "|".join([*sorted(EN_NUMBERS, key=len, reverse=True), r"\d{1,2}"])


@dataclass(frozen=True, slots=True)
class Times:
    """Time phrases in order of precedence, and the meanings of their words.

    `patterns` holds kind, pattern, and the pattern of the script that a text needs to contain it (None for both
    scripts).
    """

    patterns: tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]
    compared: re.Pattern[str]
    compared_before: re.Pattern[str]
    relative: Mapping[str, int]
    plans: Mapping[str, int]


def loaded(more: Path | None, kinds: Sequence[str]) -> Times:
    """Return the shipped phrases, with those of the file `more` (a times.toml) added.

    Each phrase must be of one of `kinds`. Raises ScenarioError with the problems of the file.
    """
    data = shipped("times.toml")
    extra = own(more) if more is not None and more.is_file() else {}
    if extra and more is not None and (problems := _problems(extra, more, kinds)):
        raise ScenarioError(problems)
    relative: dict[str, int] = {**data["relative"], **extra.get("relative", {})}
    plans: dict[str, int] = {**data["plans"], **extra.get("plans", {})}
    expanded = partial(_expanded, macros=_macros(relative, plans))
    phrases_ = [*extra.get("phrase", ()), *data["phrase"]]

    def both(name: str) -> re.Pattern[str]:
        patterns = [*data[name]["patterns"], *extra.get(name, {}).get("patterns", ())]
        return re.compile("|".join(map(expanded, patterns)))

    return Times(
        patterns=tuple(
            (
                table["kind"],
                re.compile("|".join(map(expanded, table["patterns"]))),
                SCRIPTS.get(table.get("script", "")),
            )
            for table in phrases_
        ),
        compared=both("compared"),
        compared_before=both("compared_before"),
        relative=relative,
        plans=plans,
    )


SCRIPTS = {"zh": re.compile(r"[\u4e00-\u9fff]"), "en": re.compile(r"[a-z]")}
"""Pattern of a character of each script."""


def _problems(extra: Mapping[str, Any], path: Path, kinds: Sequence[str]) -> list[Problem]:
    """Return the problems of a user's times.toml."""
    out = [
        Problem("words-unknown-key", table=str(path), row=name)
        for name in extra
        if name not in ("relative", "plans", "phrase", "compared", "compared_before")
    ]
    for name in ("relative", "plans"):
        out += [
            Problem("words-not-whole", table=str(path), row=name, column=word, value=str(value))
            for word, value in extra.get(name, {}).items()
            if not isinstance(value, int)
        ]
    macros = _macros({"today": 0}, {"1st": 0})
    for table in extra.get("phrase", ()):
        if table.get("kind") not in kinds:
            out.append(
                Problem(
                    "kind-unknown",
                    table=str(path),
                    row="phrase",
                    column="kind",
                    value=str(table.get("kind")),
                    known=", ".join(kinds),
                )
            )
        for pattern in table.get("patterns", ()):
            try:
                re.compile(_expanded(pattern, macros))
            except re.error as problem:
                out.append(
                    Problem(
                        "words-not-a-pattern",
                        table=str(path),
                        row="phrase",
                        column="patterns",
                        value=pattern,
                        fault=problem,
                    )
                )
    return out


def _macros(relative: Mapping[str, int], plans: Mapping[str, int]) -> dict[str, str]:
    """Return the macros of the data file, such as {year} and {month}."""

    def either(words: Mapping[str, int], *, latin: bool) -> str:
        chosen = sorted((word for word in words if word.isascii() == latin), key=len, reverse=True)
        return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in chosen) or "(?!)"

    english = rf"(?:(?:,|\s|of|in)+(?:the\s+year\s+)?(?P<y>{_YEAR})|(?:\s+(?:of\s+)?)(?P<r>{either(relative, latin=True)})|[-']\s?(?P<yy>[012]\d)(?!\d|st|nd|rd|th))?"
    return {
        "year": _YEAR,
        "month": _MONTH,
        "n": r"(?:[一二两三四五六七八九十]+|\d{1,2})",
        "en_n": _EN_N,
        "zh_year": rf"(?:(?P<y>{_YEAR})年?度?|(?P<r>{either(relative, latin=False)}))",
        "en_year": english,
        "en_year2": english.replace("<y>", "<y2>").replace("<r>", "<r2>").replace("<yy>", "<yy2>"),
        "plan": either(plans, latin=False),
        "en_plan": either(plans, latin=True),
    }


def _expanded(pattern: str, macros: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z]\w*)\}", lambda found: macros.get(found[1], found[0]), pattern)


_LEADS_TO = re.compile(
    r"\b(?:took|tak(?:es?|ing)|brought|bring(?:s|ing)?|lift\w*|push\w*|rais\w*|carr\w+)\s+(?:(?:the|its|their)\s+)?$"
)
_TELLS = re.compile(r"\s+(?:figures?|totals?)\s+(?:was|were|is|stood|came|reached|totall?ed|amounted|rose|hit)\b")
"""Context around a time whose own figure is stated: took the half-year figure to 42 billion."""


def is_compared(name: str, text: str, one: Stretch, compared_before: re.Pattern[str]) -> bool:
    """Return True if a time phrase of kind `name` only states a base of comparison: 比上半年提高, higher than in March.

    `compared_before` matches the cues before such a phrase.
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
"""Context around the start of a change: fell by 42,000 from the end of April to 6.35 million."""
_FIRST_MONTHS = re.compile(
    r"(?:the\s+)?first\s+(?:\w+\s+(?:months|quarters)|half)\b(?!\s+of\s+(?:last|the\s+previous|the\s+year\s+before|(?:19|20)\d\d))"
)
"""A span from the start of the current year, over which something grew."""
_A_LEVEL = re.compile(
    r"\s+(?:(?:levels?|figures?|mark|number)\b|totals?\b(?!\s+(?!of\b|in\b|and\b|by\b|to\b|was\b|for\b)[a-z]))"
)
"""Noun behind an English time for the level of that time: the 2021 total, but not 2025 total computing power."""
_ITS_LEVEL = re.compile(r"的\s?[约近]?[\d.]+[万亿千]*+(?!倍|个?百分点)")
"""Level behind a Chinese time that is a base of comparison."""
