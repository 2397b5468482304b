"""Amounts in a text: number, multiplier, unit and vague bound, in Chinese and English.

Works on folded text (`vocabulary.fold`). Currency is never converted: dollars stay dollars.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from xisuan.errors import Problem, ScenarioError
from xisuan.indicators.language.cues import own

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_ZH_DIGITS = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
ZH_NUMBER = r"(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
EN_NUMBERS = {
    word: at
    for at, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
EN_NUMBERS |= {ten: 10 * at for at, ten in enumerate(_TENS, start=2)}
EN_NUMBERS |= {
    f"{ten}-{one}": 10 * at + EN_NUMBERS[one] for at, ten in enumerate(_TENS, start=2) for one in list(EN_NUMBERS)[1:10]
}
_EN_WORD = "|".join(sorted((word for word in EN_NUMBERS if word != "zero"), key=len, reverse=True))
_SIGNS = {
    "rmb": "CNY", "cny": "CNY", "¥": "CNY", "￥": "CNY", "yuan": "CNY", "us$": "USD", "usd": "USD", "$": "USD", "€": "EUR", "£": "GBP",
    "hk$": "HKD", "a$": "AUD", "s$": "SGD", "sg$": "SGD", "nz$": "NZD", "r$": "BRL", "nt$": "TWD", "eur": "EUR", "gbp": "GBP", "rs.": "INR",
    "rs": "INR", "inr": "INR", "₹": "INR", "pkr": "PKR", "₩": "KRW", "₦": "NGN", "ksh": "KES", "kes": "KES", "rm": "MYR", "rp": "IDR",
    "₱": "PHP", "php": "PHP", "tk": "BDT", "egp": "EGP", "sar": "SAR", "aed": "AED", "zar": "ZAR",
}  # fmt: skip
"""Signs of a currency before an amount."""
_CURRENCY = "(?:" + "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True)) + ")"


@dataclass(frozen=True, slots=True)
class Units:
    """Units of the data file as patterns, and the pattern of a number with its multiplier.

    `kinds` has unit and factor of each alternative of `unit`, whose groups are u0, u1, …; `bounds` the patterns that stand
    before and after a vague figure.
    """

    unit: re.Pattern[str]
    kinds: tuple[tuple[str, float], ...]
    times: Mapping[str, float]
    number: re.Pattern[str]
    bounds: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]


def units(more: Path | None = None) -> Units:
    """The shipped units, after those that `more`, a units.toml, adds. Raises ScenarioError with all its problems."""
    data = tomllib.loads(
        resources.files("xisuan.indicators").joinpath("vocabulary", "units.toml").read_text(encoding="utf-8")
    )
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
"""How a figure may be vague, in the order in which it is asked: 不超过 holds 超过."""


def _sides(bound: str, tables: Sequence[Mapping[str, Any]]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of the words that make a figure vague: what ends right before it, what begins right after it."""
    before, after = (
        "|".join(filter(None, (_words(table) for table in tables if (table["bound"], table["side"]) == (bound, side))))
        for side in ("before", "after")
    )
    return (
        re.compile(rf"(?:{before or '(?!)'})(?:\s*(?:了|the\s+mark\s+of|the|a\s+total\s+of))?\s*$"),
        re.compile(rf"\s?(?:{after or '(?!)'})"),
    )


def _words(table: Mapping[str, Any]) -> str:
    """All words of a table, Chinese ones anywhere, English ones alone."""
    chinese = sorted(map(re.escape, table.get("zh", ())), key=len, reverse=True)
    english = sorted(
        (re.escape(word.lower()).replace(r"\ ", r"\s+") for word in table.get("en", ())), key=len, reverse=True
    )
    return "|".join([*chinese, *(rf"\b{word}\b" for word in english), *table.get("patterns", ())])


def _spelled(table: Mapping[str, Any]) -> str:
    """All ways to write a unit, the longest first."""
    chinese = sorted(map(re.escape, table.get("zh", ())), key=len, reverse=True)
    english = sorted(map(_english, table.get("en", ())), key=len, reverse=True)
    return "|".join([*chinese, *table.get("patterns", ()), *english])


def _english(word: str) -> str:
    """A word as a pattern: * any ending, a blank also a hyphen; nothing of it may be a longer word's beginning."""
    return re.escape(word.lower()).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+") + "(?![a-z0-9])"


def _problems(extra: Mapping[str, Any], path: Path) -> list[Problem]:
    """What is wrong with a units.toml of the user's."""
    out = [
        Problem(str(path), name, "", "", "give [times], [[unit]] and [[bound]] only")
        for name in extra
        if name not in ("times", "unit", "bound")
    ]
    out += [
        Problem(str(path), "times", word, str(value), "give a number above 0")
        for word, value in extra.get("times", {}).items()
        if not isinstance(value, int | float) or not value > 0
    ]
    for at, table in enumerate(extra.get("unit", ()), start=1):
        place = f"unit {at}"
        if not isinstance(table.get("unit"), str) or not table["unit"]:
            out.append(Problem(str(path), place, "unit", str(table.get("unit")), "say which unit it is"))
        if not isinstance(factor := table.get("factor", 1.0), int | float) or not factor > 0:
            out.append(Problem(str(path), place, "factor", str(factor), "give a number above 0"))
        if not any(table.get(name) for name in ("zh", "en", "patterns")):
            out.append(Problem(str(path), place, "en", "", "give its words: zh, en or patterns"))
        for pattern in table.get("patterns", ()):
            try:
                re.compile(pattern)
            except re.error as problem:
                out.append(Problem(str(path), place, "patterns", pattern, f"no regular expression: {problem}"))
    for at, table in enumerate(extra.get("bound", ()), start=1):
        if table.get("bound") not in BOUNDS or table.get("side") not in ("before", "after"):
            what = f"give bound ({', '.join(BOUNDS)}) and side (before, after)"
            out.append(Problem(str(path), f"bound {at}", "bound", str(table.get("bound")), what))
    return out


def _number(times: Mapping[str, float]) -> re.Pattern[str]:
    """A number with what may stand before it, its multiplier, and `多` or `余` for somewhat more."""
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


_WORDED = re.compile(
    rf"(?<![a-z0-9第-])(?:(?P<zh>{ZH_NUMBER})(?=[个家座项大倍](?!月|季|座|个|家|百分点|工作|地区|领域|方面|五))|(?<!the\s)(?P<en>{_EN_WORD})(?=\s)(?!\s+of\s+(?:the|its|these|those|china|our)))"
)
_SCALE = re.compile(r"\s(hundred|thousand|million|billion|trillion)\b")
_ZH_FRACTION = re.compile(
    r"(?:(?P<whole>[三四五六七八九十百千]+)分之(?P<part>[一二两三四五六七八九]))|(?P<tenths>[一二两三四五六七八九])成(?P<half>半)?(?=[以,，。;；的左]|$)"
)

_PARTS = {
    part: at for at, part in enumerate(("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=2)
}  # fmt: skip
_EN_FRACTION = re.compile(
    rf"(?<![\w-])(?:(?P<many>an?|one|two|three|four)[\s-])?(?P<part>{'|'.join(_PARTS)})s?(?![\w-])"
)
"""A growth in words: a third, two fifths, half."""
_GREW = re.compile(
    r"\b(?:grew|grown|rose|risen|fell|fallen|up|down|increased|jumped|surged|climbed|dropped|declined|shrank|soared|expanded|gained|slid|dipped|slumped"
    r"|rise|increase|fall|drop|growth|gain|jump|decline|by)\s+(?:by\s+|of\s+)?(?:almost|nearly|about|around|some|roughly|over|more\s+than|just\s+under|just\s+over|well\s+over|a\s+good)?\s*$"
)
"""Right before a growth in words."""
_OF_WHAT = re.compile(r"\s+(?:of\b|quarter|half|month|year|place)")
_THAN = re.compile(r"\s+(?:more|less|fewer|higher|lower)\s+than\b")
"""Right behind a part of something, and behind a growth in words."""

_ROUND = re.compile(r"(?:突破|超过?|达到?|过|跨越|迈上|跃上|近|逾)了?(?P<times>万亿|千亿|百亿)(?=元)")
"""A round number without a digit: 突破万亿元."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the text. `unit` is canonical, `unit == ""` a bare number; `bound` as in an observation."""

    start: int
    end: int
    value: float
    unit: str
    bound: str | None = None
    scaled: bool = False
    factor: float = 1.0


def money(unit: str) -> bool:
    """Whether a unit is a currency: three capitals, as in ISO 4217."""
    return len(unit) == _LETTERS and unit.isupper()


_LETTERS = 3


def zh_number(text: str) -> int:
    """一 … 九十九."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _ZH_DIGITS.get(tens, 1) * 10 + _ZH_DIGITS.get(ones, 0)
    return _ZH_DIGITS[text]


def quantities(text: str, taken: list[tuple[int, int]], spoken: Units) -> list[Quantity]:
    """Every amount of `text` outside the spans `taken`, in order; numbers that share one unit each get it."""
    out: list[Quantity] = []
    for match in spoken.number.finditer(text):
        inside = bool(out) and match.start("number") < out[-1].end
        if (
            not inside
            and _free(match.start("number"), match.end(), taken)
            and (one := _one(match, text, spoken)) is not None
        ):
            out.append(one)
    for match in _EN_FRACTION.finditer(text):
        if not _free(*match.span(), taken):
            continue
        period = match["part"] == "quarter" and not match["many"]  # by quarter
        grew = not period and _GREW.search(text, 0, match.start()) and _OF_WHAT.match(text, match.end()) is None
        if grew or (match["many"] and _THAN.match(text, match.end())):
            value = 100.0 * EN_NUMBERS.get(match["many"] or "", 1) / _PARTS[match["part"]]
            out.append(Quantity(match.start(), match.end(), round(value, 1), "pct", "about"))
    for match in _WORDED.finditer(text):
        if _free(match.start(), match.end(), [*taken, *((seen.start, seen.end) for seen in out)]):
            value = float(zh_number(match["zh"]) if match["zh"] else EN_NUMBERS[match["en"]])
            scale = _SCALE.match(text, match.end()) if match["en"] else None
            at = scale.end() if scale else match.end()
            value *= spoken.times[scale[1]] if scale else 1.0
            unit = _unit(text, at, spoken)
            end = unit[2] if unit and (match["zh"] or scale) else at
            kind = unit[0] if unit else "1"
            if kind in ("1", "fold") or money(kind) or (kind == "pct" and match["en"]):
                value *= unit[1] if unit else 1.0
                out.append(Quantity(match.start(), end, value, kind, scaled=scale is not None))
    for match in _ZH_FRACTION.finditer(text):
        if match["tenths"] and _free(match.start(), match.end(), taken):
            value = 10.0 * _ZH_DIGITS[match["tenths"]] + (5.0 if match["half"] else 0.0)
            out.append(Quantity(match.start(), match.end(), value, "pct"))
    for match in _ROUND.finditer(text):
        if _free(match.start("times"), match.end(), taken):
            unit = _unit(text, match.end(), spoken)
            value = spoken.times[match["times"]]
            if unit is not None and unit[0] == "CNY":
                out.append(Quantity(match.start("times"), unit[2], value * unit[1], "CNY", "over", scaled=True))
    out.sort(key=lambda seen: seen.start)
    out = [_of_which(seen, out[at - 1] if at else None, text) for at, seen in enumerate(out)]
    return [_bounded(seen, text, spoken) for seen in _shared(out, text)]


_OF_WHICH = re.compile(r"\s+of\s+(?:which|it|this|that)\b")


def _of_which(seen: Quantity, before: Quantity | None, text: str) -> Quantity:
    """A bare number that is a part of the amount before, in its unit: 126,000 petaflops, 116,000 of which are …."""
    if (
        before is None
        or seen.unit
        or before.unit in ("", "1", "pct", "pp", "fold")
        or not _OF_WHICH.match(text, seen.end)
    ):
        return seen
    value = abs(seen.value)  # a dash before it is none of its own
    if not seen.scaled:
        return replace(seen, value=value * before.factor, unit=before.unit, factor=before.factor)
    scale = 1e-6 if money(before.unit) else 1.0
    return replace(seen, value=value * scale, unit=before.unit)


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return all(end <= low or start >= high for low, high in taken)


def _unit(text: str, at: int, spoken: Units) -> tuple[str, float, int] | None:
    """Unit, factor and end of the unit that begins at `at`, blanks skipped."""
    while at < len(text) and text[at] in " -":
        at += 1
    if text[at : at + 1] == "个" and text[at + 1 : at + 2].isascii() and text[at + 1 : at + 2].isalpha():
        at += 1  # 19个GB
    match = spoken.unit.match(text, at)
    if match is None or match.lastgroup is None:
        return None
    unit, factor = spoken.kinds[int(match.lastgroup[1:])]
    return unit, factor, match.end()


def _below_zero(before: str, percentage: bool) -> bool:
    """Whether a hyphen behind this sign (or none) is a minus: behind a word it is none, but 增速为-2.1% is a fall."""
    return not before.isalnum() or (percentage and not before.isascii())


def _one(match: re.Match[str], text: str, spoken: Units) -> Quantity | None:
    number = match["number"].replace(",", "")
    if len(number) > 40:
        return None
    times = spoken.times.get(match["zh"] or match["en"] or "", 1.0)
    end, value = match.end(), float(number) * times
    front = (match["front"] or "").strip()
    unit = _unit(text, end, spoken)
    sign, before = match["minus"], text[: match.start()][-1:]
    if sign == "负" or (sign and _below_zero(before, unit is not None and unit[0] == "pct")):
        value = -value
    bound = "over" if match["more"] or match["more2"] else None
    scaled = times != 1.0
    start = match.start()
    if front:
        kind, factor = _SIGNS[front], 1e-6
        if unit and money(unit[0]):
            end = unit[2]
        if front == "yuan" and unit and not money(unit[0]):
            return Quantity(start, unit[2], value * unit[1], unit[0], bound, scaled, unit[1] * times)
        return Quantity(start, end, value * factor, kind, bound, scaled, factor * times)
    if unit is not None:
        if unit[0] == "time":
            return None
        return Quantity(start, unit[2], value * unit[1], unit[0], bound, scaled, unit[1] * times)
    if not scaled and re.fullmatch(r"(?:19|20)\d\d", match["number"]):
        return None
    if not scaled and re.match(r"[a-z]", text[end:]):
        return None  # part of a name: 10GPON
    return Quantity(start, end, value, "", bound, scaled, times)


def _shared(seen: list[Quantity], text: str) -> list[Quantity]:
    """Numbers of a list whose unit is said once, at its end: 210, 100 and 40 billion yuan."""
    out = list(seen)
    for at in range(len(out) - 2, -1, -1):
        here, later = out[at], out[at + 1]
        between = text[here.end : later.start]
        joined = re.fullmatch(r"\s?(?:、|和|与|及|,|,?\s?and|or|到|至)\s?", between)
        if joined and later.unit == "pp" and here.unit == "1" and text[here.end - 1] == "个":
            out[at] = replace(here, value=here.value * later.factor, unit="pp", factor=later.factor)  # 6个和6.8个百分点
            continue
        if not joined or later.unit in ("", "1") or here.unit:
            continue
        if later.unit == "fold" and text[later.start].isalpha() and here.value >= _COUNTED:
            continue  # 28,000, three times the figure of a year ago
        if not here.scaled:
            out[at] = replace(here, value=here.value * later.factor, unit=later.unit, factor=later.factor)
        elif money(later.unit):  # 561.9 billion, 2.28 trillion and 3.63 trillion yuan
            out[at] = replace(here, value=here.value * 1e-6, unit=later.unit, factor=here.factor * 1e-6)
    for at in range(1, len(out)):  # RMB 546.41 billion and 528.46 billion
        before, here = out[at - 1], out[at]
        if here.unit or not here.scaled or not money(before.unit) or text[before.start].isdigit():
            continue
        if re.fullmatch(r"\s?(?:,|,?\s?and)\s", text[before.end : here.start]):
            out[at] = replace(here, value=here.value * 1e-6, unit=before.unit, factor=here.factor * 1e-6)
    return out


_COUNTED = 100.0
"""A number from which on it is no multiple beside one in words."""


def _bounded(seen: Quantity, text: str, spoken: Units) -> Quantity:
    """The quantity with its vague bound, from the words before and after it."""
    before, behind = text[max(0, seen.start - 24) : seen.start], text[seen.end : seen.end + 14]
    for bound in BOUNDS:
        ahead, after = spoken.bounds[bound]
        if ahead.search(before) or after.match(behind):
            kept = seen.bound if bound == "about" and seen.bound else bound
            return seen if kept == seen.bound else replace(seen, bound=kept)
    return seen
