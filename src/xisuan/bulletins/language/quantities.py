"""Quantities in a text: number, multiplier, unit and vague bound, in Chinese and English.

The input is folded text (`xisuan.bulletins.language.lexicon.fold`). Currencies are never converted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from xisuan.bulletins.language.units import BOUNDS, SIGNS, Units

DIGITS = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TIMES = {"十": 10, "百": 100, "千": 1_000}

SHORT = r"(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
"""Pattern of the numerals 一 to 九十九."""
_SIGNS = "〇零一二两三四五六七八九十百千"
NOT_INSIDE = rf"(?<![第数几上成好{_SIGNS}万亿点分之])"
"""Context before a numeral: excludes ordinals (第三) and indefinite amounts (数十, 几百)."""
_POINT = r"点[〇零一二三四五六七八九]{1,4}(?![〇零一二三四五六七八九十百千])"
WRITTEN = re.compile(
    rf"{NOT_INSIDE}(?P<minus>负)?(?P<number>[一二两三四五六七八九十][{_SIGNS}万亿]*(?:{_POINT})?)"
    r"(?P<more>[余多])?(?P<zh>万亿|千亿|百亿|亿|千万|百万|万)?(?P<more2>[余多])?"
)
"""An amount in Chinese numerals with its multiplier; its unit must follow directly."""
HUNDREDTHS = re.compile(
    rf"(?<![一二三四五六七八九十])(?P<minus>负)?(?P<of>[百千万])分之(?:(?P<figure>\d+(?:\.\d+)?)|(?P<number>[{_SIGNS}]+(?:{_POINT})?))(?P<more>[多余])?(?!分)"
)
"""A percentage in words: 百分之二点一, 千分之五."""
PER_CENT = {"百": 1.0, "千": 0.1, "万": 0.01}
"""Factor to percent by the denominator: hundredths, thousandths, ten-thousandths."""
_YEAR = re.compile(r"(?<![〇零一二三四五六七八九])(?:二[〇零○]|一九)[〇零○一二三四五六七八九]{2}(?=年)")
_YEAR_SIGNS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def with_years(text: str) -> str:
    """Return the text with years in digits (二〇二四年 as 2024年); character positions stay."""
    return _YEAR.sub(lambda found: found[0].translate(_YEAR_SIGNS), text)


def numeral_value(text: str) -> float:
    """Return the value of a Chinese numeral: 325.8 for 三百二十五点八.

    Digits without 十, 百 or 千 between them are positional: 二四 is 24.
    """
    whole, _, behind = text.partition("点")
    total = part = held = 0
    for at, sign in enumerate(whole):
        if sign in DIGITS:
            one_by_one = at > 0 and DIGITS.get(whole[at - 1], 0) > 0
            held = held * 10 + DIGITS[sign] if one_by_one else DIGITS[sign]
        elif sign in _TIMES:
            part, held = part + (held or 1) * _TIMES[sign], 0
        elif sign == "万":
            total, part, held = total + (part + held) * 10_000, 0, 0
        else:
            total, part, held = (total + part + held) * 100_000_000, 0, 0
    fraction = float("0." + "".join(str(DIGITS[sign]) for sign in behind)) if behind else 0.0
    return total + part + held + fraction


def whole(text: str) -> int:
    """Return the value of an integer numeral, 一 to 九十九."""
    return int(numeral_value(text))


def says_much(text: str) -> bool:
    """Return True if a numeral is an amount with any unit: at least a hundred, or with a fraction."""
    return any(sign in text for sign in "百千万亿点")


_FIRST = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
EN_NUMBERS = {word: at for at, word in enumerate(_FIRST.split())}
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
EN_NUMBERS |= {ten: 10 * at for at, ten in enumerate(_TENS, start=2)}
EN_NUMBERS |= {
    f"{ten}-{one}": 10 * at + EN_NUMBERS[one] for at, ten in enumerate(_TENS, start=2) for one in list(EN_NUMBERS)[1:10]
}
_EN_WORD = "|".join(sorted((word for word in EN_NUMBERS if word != "zero"), key=len, reverse=True))


_WORDED = re.compile(
    rf"(?<![a-z0-9-])(?:{NOT_INSIDE}(?P<zh>{SHORT})(?=[个家座项大倍](?!月|季|座|个|家|百分点|工作|地区|领域|方面|五))|(?<!the\s)(?P<en>{_EN_WORD})(?=\s)(?!\s+of\s+(?:the|its|these|those|china|our)))"
)
_SCALE = re.compile(r"\s(hundred|thousand|million|billion|trillion)\b")
_ZH_FRACTION = re.compile(
    r"(?:(?P<whole>[三四五六七八九十百千]+)分之(?P<part>[一二两三四五六七八九]))|(?P<tenths>[一二两三四五六七八九])成(?:(?P<half>半)|(?P<more>[一二三四五六七八九]))?(?=[以,，。;；的左]|$)"
)

_PARTS = {
    part: at for at, part in enumerate(("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=2)
}  # fmt: skip
_EN_FRACTION = re.compile(
    rf"(?<![\w-])(?:(?P<many>an?|one|two|three|four|seven|nine)[\s-])?(?P<part>{'|'.join(_PARTS)})s?(?![\w-])"
)
"""A fraction in English words: a third, two fifths, half."""
_GREW = re.compile(
    r"\b(?:grew|grown|rose|risen|fell|fallen|up|down|increased|jumped|surged|climbed|dropped|declined|shrank|soared|expanded|gained|slid|dipped|slumped"
    r"|rise|increase|fall|drop|growth|gain|jump|decline|by)\s+(?:by\s+|of\s+)?(?:almost|nearly|about|around|some|roughly|over|more\s+than|just\s+under|just\s+over|well\s+over|a\s+good)?\s*$"
)
"""Context directly before a growth in words."""
_OF_WHAT = re.compile(r"\s+(?:of\b|quarter|half|month|year|place)")
_OF_IT = re.compile(r"\s+of\s+(?:it|them|these|those|which|whom|this|that)\b")
"""Anaphor behind a fraction of an antecedent: nine tenths of it. It makes the fraction an amount."""
_THAN = re.compile(r"\s+(?:more|less|fewer|higher|lower)\s+than\b")
"""Comparative behind a fraction or a growth in words."""

_ROUND = re.compile(r"(?:突破|超过?|达到?|过|跨越|迈上|跃上|近|逾)了?(?P<times>万亿|千亿|百亿)(?=元)")
"""A round number without a digit: 突破万亿元."""

_LEVEL = re.compile(
    r"(?<![速幅])(?:同比|[与和同较比](?:上年|去年)(?:同期|同月)?)(?P<level>持平)(?![\u4e00-\u9fff]*[\d.]+%)"
)
"""Statement of no change from a year before, a growth of 0: 居民消费价格同比持平."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Number with its canonical unit (blank for a bare number) and its bound: under, over, about or None.

    `scaled`: it has a multiplier such as 亿 or billion. `factor`: canonical units per unit of the written number.
    """

    start: int
    end: int
    value: float
    unit: str
    bound: str | None = None
    scaled: bool = False
    factor: float = 1.0


def money(unit: str) -> bool:
    """Return True if a unit is a currency code of three capitals (ISO 4217)."""
    return len(unit) == _LETTERS and unit.isupper()


_LETTERS = 3


def quantities(text: str, taken: list[tuple[int, int]], spoken: Units) -> list[Quantity]:
    """Return the quantities of `text` outside the spans `taken`, in order.

    Coordinated numbers share the unit of the last one.
    """
    # Percentages in words go first: their numerals would match as amounts.
    parts = _in_parts(text, taken)
    taken = [*taken, *((seen.start, seen.end) for seen in parts)]
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
        period = match["part"] == "quarter" and not match["many"]  # "by quarter" is no fraction
        grew = not period and _GREW.search(text, 0, match.start()) and _OF_WHAT.match(text, match.end()) is None
        part = match["many"] not in (None, "a", "an", "one") and _OF_IT.match(text, match.end())
        if grew or part or (match["many"] and _THAN.match(text, match.end())):
            value = 100.0 * EN_NUMBERS.get(match["many"] or "", 1) / _PARTS[match["part"]]
            out.append(Quantity(match.start(), match.end(), round(value, 1), "pct", "about"))
    out += [*parts, *_written(text, [*taken, *((seen.start, seen.end) for seen in out)], spoken)]
    # Numerals with a classifier (Chinese) or scale and unit (English).
    for match in _WORDED.finditer(text):
        if _free(match.start(), match.end(), [*taken, *((seen.start, seen.end) for seen in out)]):
            value = numeral_value(match["zh"]) if match["zh"] else float(EN_NUMBERS[match["en"]])
            scale = _SCALE.match(text, match.end()) if match["en"] else None
            at = scale.end() if scale else match.end()
            value *= spoken.times[scale[1]] if scale else 1.0
            unit = _unit(text, at, spoken)
            kind = unit[0] if unit else "1"
            end = unit[2] if unit and (match["zh"] or scale or kind in ("pct", "pp")) else at
            if kind in ("1", "fold") or money(kind) or (kind in ("pct", "pp") and match["en"]):
                value *= unit[1] if unit else 1.0
                out.append(Quantity(match.start(), end, value, kind, scaled=scale is not None))
    for match in _ZH_FRACTION.finditer(text):
        if match["tenths"] and _free(match.start(), match.end(), taken):
            value = 10.0 * DIGITS[match["tenths"]]
            value += 5.0 if match["half"] else DIGITS.get(match["more"], 0)
            out.append(Quantity(match.start(), match.end(), value, "pct"))
    for match in _ROUND.finditer(text):
        if _free(match.start("times"), match.end(), taken):
            unit = _unit(text, match.end(), spoken)
            value = spoken.times[match["times"]]
            if unit is not None and unit[0] == "CNY":
                out.append(Quantity(match.start("times"), unit[2], value * unit[1], "CNY", "over", scaled=True))
    out += [Quantity(*found.span("level"), 0.0, "pct") for found in _LEVEL.finditer(text)]
    out.sort(key=lambda seen: seen.start)
    # Ellipsis of units: a part of the amount before, then coordinations.
    out = [_of_which(seen, out[at - 1] if at else None, text) for at, seen in enumerate(out)]
    return [_bounded(seen, text, spoken) for seen in _shared(out, text)]


def _in_parts(text: str, taken: list[tuple[int, int]]) -> list[Quantity]:
    """Return the percentages in Chinese words: 百分之二点一."""
    out: list[Quantity] = []
    for match in HUNDREDTHS.finditer(text):
        if _free(*match.span(), taken):
            value = float(match["figure"]) if match["figure"] else numeral_value(match["number"])
            value = round(value * PER_CENT[match["of"]], 6) * (-1.0 if match["minus"] else 1.0)
            out.append(Quantity(*match.span(), value, "pct", "over" if match["more"] else None))
    return out


def _written(text: str, taken: list[tuple[int, int]], spoken: Units) -> list[Quantity]:
    """Return the amounts in Chinese numerals: 三百二十五点八亿元."""
    out: list[Quantity] = []
    for match in WRITTEN.finditer(text):
        unit = _unit(text, match.end(), spoken)
        if unit is None or unit[0] in _NO_NUMERAL or not _free(match.start(), unit[2], taken):
            continue
        many = match["zh"] is not None or says_much(match["number"])
        if not many and not (money(unit[0]) or unit[0] in _WITH_ANY):
            continue
        times = spoken.times.get(match["zh"] or "", 1.0)
        value = numeral_value(match["number"]) * times * unit[1] * (-1.0 if match["minus"] else 1.0)
        bound = "over" if match["more"] or match["more2"] else None
        out.append(
            Quantity(
                match.start(),
                unit[2],
                float(f"{value:.12g}"),
                unit[0],
                bound,
                any(sign in match[0] for sign in "万亿"),
                unit[1] * times,
            )
        )
    return out


_NO_NUMERAL = ("time", "Gbps", "rate")
"""Units whose words form names with a numeral: 千兆."""
_WITH_ANY = ("pct", "pp", "EFLOPS", "GB", "km", "t", "m2")
"""Units that any numeral may have, as currencies may: 十五公里, but not 十件实事."""
_OF_WHICH = re.compile(r"\s+of\s+(?:which|it|this|that)\b")


def _of_which(seen: Quantity, before: Quantity | None, text: str) -> Quantity:
    """Return a bare number in the unit of its antecedent: 126,000 petaflops, 116,000 of which are ….

    Others are unchanged.
    """
    if (
        before is None
        or seen.unit
        or before.unit in ("", "1", "pct", "pp", "fold")
        or not _OF_WHICH.match(text, seen.end)
    ):
        return seen
    value = abs(seen.value)  # a dash before it is no minus
    if not seen.scaled:
        return replace(seen, value=value * before.factor, unit=before.unit, factor=before.factor)
    scale = 1e-6 if money(before.unit) else 1.0
    return replace(seen, value=value * scale, unit=before.unit)


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return all(end <= low or start >= high for low, high in taken)


def _unit(text: str, at: int, spoken: Units) -> tuple[str, float, int] | None:
    """Return canonical unit, factor and end of the unit at `at`, after blanks; None if no unit starts there."""
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
    """Return True if a hyphen after the character `before` is a minus sign: not after a word, but 增速为-2.1% is a fall."""
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
        kind, factor = SIGNS[front], 1e-6
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
    """Return the numbers with a unit stated once for a coordination, at its end: 210, 100 and 40 billion yuan."""
    out = list(seen)
    # Right to left, so that the unit passes along the whole list.
    for at in range(len(out) - 2, -1, -1):
        here, later = out[at], out[at + 1]
        between = text[here.end : later.start]
        joined = re.fullmatch(r"\s?(?:、|和|与|及|,|,?\s?and|or|到|至)\s?", between)
        if joined and later.unit == "pp" and here.unit == "1" and text[here.end - 1] == "个":
            out[at] = replace(here, value=here.value * later.factor, unit="pp", factor=later.factor)  # 6个和6.8个百分点
            continue
        if not joined or later.unit in ("", "1") or here.unit:
            continue
        if later.unit == "pct" and _A_RATIO.search(text, 0, here.start):
            continue  # a PUE below 1.2 and 80 percent of the power
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


_A_RATIO = re.compile(r"\b(?:pue|power\s+usage\s+effectiveness)\b[^.;\d]*$")
"""Context of a dimensionless ratio."""
_COUNTED = 100.0
"""Smallest bare number that does not share the unit of a multiple in words."""


def _bounded(seen: Quantity, text: str, spoken: Units) -> Quantity:
    """Return the quantity with its vague bound; the longest cue next to it counts, as 不低于 contains 低于."""
    low = max(0, seen.start - _BEFORE)
    ahead = [
        (found.start(), bound)
        for bound, (way, _) in spoken.bounds.items()
        if (found := way.search(text, low, seen.start))
    ]
    after = [(-found.end(), bound) for bound, (_, way) in spoken.bounds.items() if (found := way.match(text, seen.end))]
    said = [min(told)[1] for told in (ahead, after) if told]
    if not said:
        return seen
    bound = min(said, key=BOUNDS.index)
    kept = seen.bound if bound == "about" and seen.bound else bound
    return seen if kept == seen.bound else replace(seen, bound=kept)


_BEFORE = 40
"""Characters before a figure in which a cue of its bound may start."""
