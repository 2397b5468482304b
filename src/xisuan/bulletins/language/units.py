"""Words of units, multipliers and bounds from units.toml, as patterns that find quantities."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xisuan.bulletins.language.language_data import own, shipped
from xisuan.errors import Problem, ScenarioError

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
SIGNS = {
    "rmb": "CNY", "cny": "CNY", "¥": "CNY", "￥": "CNY", "yuan": "CNY", "us$": "USD", "usd": "USD", "$": "USD", "€": "EUR",
    "£": "GBP", "hk$": "HKD", "a$": "AUD", "s$": "SGD", "sg$": "SGD", "nz$": "NZD", "r$": "BRL", "nt$": "TWD",
    "eur": "EUR", "gbp": "GBP", "rs.": "INR", "rs": "INR", "inr": "INR", "₹": "INR", "pkr": "PKR", "₩": "KRW", "₦": "NGN",
    "ksh": "KES", "kes": "KES", "rm": "MYR", "rp": "IDR", "₱": "PHP", "php": "PHP", "tk": "BDT", "egp": "EGP",
    "sar": "SAR", "aed": "AED", "zar": "ZAR",
}  # fmt: skip
"""Currency symbols before an amount."""
_CURRENCY = "(?:" + "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True)) + ")"


@dataclass(frozen=True, slots=True)
class Units:
    """Patterns of units, and of a number with its multiplier.

    `kinds` holds unit and factor of each alternative of `unit`, whose groups are u0, u1, …. `bounds` holds the cues
    before and behind a vague figure.
    """

    unit: re.Pattern[str]
    kinds: tuple[tuple[str, float], ...]
    times: Mapping[str, float]
    number: re.Pattern[str]
    bounds: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]


def units(more: Path | None = None) -> Units:
    """Return the shipped units, preceded by those of the file `more` (a units.toml).

    Raises ScenarioError with all problems of the file.
    """
    data = shipped("units.toml")
    extra = own(more) if more is not None and more.is_file() else {}
    if extra and more is not None and (problems := _problems(extra, more)):
        raise ScenarioError(problems)
    times = {**data["times"], **{word: float(value) for word, value in extra.get("times", {}).items()}}
    tables = [*extra.get("unit", ()), *data["unit"]]
    return Units(
        unit=re.compile("|".join(f"(?P<u{at}>{_spelled(table)})" for at, table in enumerate(tables))),
        kinds=tuple((table["unit"], float(table.get("factor", 1.0))) for table in tables),
        times=times,
        number=_number(times),
        bounds={name: _sides(name, [*data["bound"], *extra.get("bound", ())]) for name in BOUNDS},
    )


BOUNDS = ("under", "over", "about")
"""Bounds of vague figures, in order of precedence."""


def _sides(bound: str, tables: Sequence[Mapping[str, Any]]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of the cues of a bound: one ends directly before the figure, one starts directly behind it."""
    before, after = (
        "|".join(filter(None, (_words(table) for table in tables if (table["bound"], table["side"]) == (bound, side))))
        for side in ("before", "after")
    )
    return (
        re.compile(rf"(?:{before or '(?!)'})(?:\s*(?:了|the\s+mark\s+of|the|a\s+total\s+of))?\s*$"),
        re.compile(rf"\s?(?:{after or '(?!)'})"),
    )


def _words(table: Mapping[str, Any]) -> str:
    """Return the pattern of all words of a table; English ones match at word boundaries, Chinese ones anywhere."""
    chinese = sorted(map(re.escape, table.get("zh", ())), key=len, reverse=True)
    english = sorted(
        (re.escape(word.lower()).replace(r"\ ", r"\s+") for word in table.get("en", ())), key=len, reverse=True
    )
    return "|".join([*chinese, *(rf"\b{word}\b" for word in english), *table.get("patterns", ())])


def _spelled(table: Mapping[str, Any]) -> str:
    """Return the pattern of all spellings of a unit, Chinese and English each longest first."""
    chinese = sorted(map(re.escape, table.get("zh", ())), key=len, reverse=True)
    english = sorted(map(_english, table.get("en", ())), key=len, reverse=True)
    return "|".join([*chinese, *table.get("patterns", ()), *english])


def _english(word: str) -> str:
    """Return the pattern of a word: * is any ending, a blank also matches a hyphen, and no longer word may follow."""
    return re.escape(word.lower()).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+") + "(?![a-z0-9])"


def _problems(extra: Mapping[str, Any], path: Path) -> list[Problem]:
    """Return the problems of a user's units.toml."""
    out = [
        Problem("words-unknown-section", table=str(path), row=name)
        for name in extra
        if name not in ("times", "unit", "bound")
    ]
    out += [
        Problem("words-not-positive", table=str(path), row="times", column=word, value=str(value))
        for word, value in extra.get("times", {}).items()
        if not isinstance(value, int | float) or not value > 0
    ]
    for at, table in enumerate(extra.get("unit", ()), start=1):
        place = f"unit {at}"
        if not isinstance(table.get("unit"), str) or not table["unit"]:
            out.append(
                Problem("words-unit-missing", table=str(path), row=place, column="unit", value=str(table.get("unit")))
            )
        if not isinstance(factor := table.get("factor", 1.0), int | float) or not factor > 0:
            out.append(Problem("words-not-positive", table=str(path), row=place, column="factor", value=str(factor)))
        if not any(table.get(name) for name in ("zh", "en", "patterns")):
            out.append(Problem("words-missing", table=str(path), row=place, column="en"))
        for pattern in table.get("patterns", ()):
            try:
                re.compile(pattern)
            except re.error as problem:
                out.append(
                    Problem(
                        "words-not-a-pattern",
                        table=str(path),
                        row=place,
                        column="patterns",
                        value=pattern,
                        fault=problem,
                    )
                )
    for at, table in enumerate(extra.get("bound", ()), start=1):
        if table.get("bound") not in BOUNDS or table.get("side") not in ("before", "after"):
            out.append(
                Problem(
                    "words-bound-incomplete",
                    table=str(path),
                    row=f"bound {at}",
                    column="bound",
                    value=str(table.get("bound")),
                    known=", ".join(BOUNDS),
                )
            )
    return out


def _number(times: Mapping[str, float]) -> re.Pattern[str]:
    """Return the pattern of a number with currency, sign, multiplier, and 多 or 余 for "somewhat more"."""
    chinese = "|".join(
        re.escape(word) + ("(?!米|瓦|兆)" if word == "千" else "")
        for word in sorted((word for word in times if not word.isascii()), key=len, reverse=True)
    )
    latin = sorted((word for word in times if word.isascii()), key=len, reverse=True)
    english = "|".join(re.escape(word) + (r"(?![a-z0-9])" if len(word) == 1 else "") for word in latin)
    return re.compile(
        rf"(?:(?<![a-z])(?P<front>{_CURRENCY}\s?)|(?<![a-z0-9.])(?<!\d,)(?<![a-z]-))(?P<minus>[-负])?(?P<number>{NUMBER})(?![\d])"
        r"(?P<more>\s?(?:余|多)(?=万|亿|千|个|家|户|项|元|人|台|架|座))?"
        rf"(?:(?P<zh>{chinese})|\s?-?(?P<en>{english})\b)?"
        r"(?P<more2>\s?[余多](?!年|月))?"
    )
