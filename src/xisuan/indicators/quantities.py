"""Amounts in a text: number, multiplier, unit and vague bound, in Chinese and English.

Works on folded text (`vocabulary.fold`). Currency is never converted: dollars stay dollars.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

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
_EN_WORD = "|".join(sorted((word for word in EN_NUMBERS if word != "zero"), key=len, reverse=True))
_ZH_TIMES = {
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "万": 1e4,
    "千": 1e3,
    "百": 1e2,
}
_EN_TIMES = {
    "trillion": 1e12, "tn": 1e12, "trn": 1e12, "billion": 1e9, "bln": 1e9, "bn": 1e9, "million": 1e6, "mln": 1e6,
    "mn": 1e6, "m": 1e6, "thousand": 1e3, "k": 1e3, "hundred": 1e2,
}  # fmt: skip

# unit pattern → (unit, factor); the first that matches wins
_UNITS: tuple[tuple[str, str, float], ...] = (
    (r"个百分点|个百分比点|百分点|percentage[\s-]points?|pct[\s-]points?|ppts?\b|pp\b|points?\b(?!\s*of)", "pp", 1.0),
    (r"个千分点", "pp", 0.1),
    (r"(?:for\s+every|per)\s+(?:10,?000|ten\s+thousand)\s+(?:people|residents|persons|inhabitants)", "per_10k", 1.0),
    (r"‰|per\s+mille|permille", "pct", 0.1),
    (r"%|percent\b|per\s+cent\b|pct\b", "pct", 1.0),
    (r"[gt]b/户·?月|gb/(?:户|月)|gb\s+per\s+(?:user|household)(?:\s+per\s+month|\s+a\s+month)?", "GB", 1.0),
    (r"(?:人民币)?元/[^\s,，。;；]+|yuan\s+(?:per|an?)\s+(?!year|month|annum|quarter)\w+", "price", 1.0),
    (r"美元|(?:us\s+|u\.s\.\s+)?dollars?\b|usd\b", "USD", 1e-6),
    (r"港元|欧元|日元|euros?\b|hk\s?dollars?\b|pounds?\b", "foreign", 1.0),
    (r"元(?:人民币)?|人民币|yuan(?:\s+rmb)?\b|rmb\b|cny\b|renminbi\b", "CNY", 1e-6),
    (r"eflops(?![a-z0-9])|e\s?flops(?![a-z0-9])|exaflops?\b|e(?:算力)|e(?![a-z0-9])", "EFLOPS", 1.0),
    (r"pflops(?![a-z0-9])|petaflops?\b|p(?:算力)|p(?![a-z0-9])", "EFLOPS", 1e-3),
    (r"tbps(?![a-z0-9])|tbit/s|t(?![a-z0-9])", "Gbps", 1e3),
    (r"gbps(?![a-z0-9])|gbit/s|gb/s|g(?![a-z0-9])", "Gbps", 1.0),
    (r"mbps(?![a-z0-9])|mbit/s|mb/s|兆比特每秒", "rate", 1.0),
    (r"eb(?![a-z0-9])|exabytes?\b", "GB", 1e9),
    (r"pb(?![a-z0-9])|petabytes?\b", "GB", 1e6),
    (r"tb(?![a-z0-9])|terabytes?\b", "GB", 1e3),
    (r"gb(?![a-z0-9])|gigabytes?\b|吉字节", "GB", 1.0),
    (r"mb(?![a-z0-9])|megabytes?\b", "GB", 1e-3),
    (r"皮长公里|芯公里|公里|千米|kilomet(?:er|re)s?\b|km\b", "km", 1.0),
    (r"千瓦时|度(?!假)|kwh\b|kilowatt[\s-]hours?\b", "GWh", 1e-6),
    (r"mwh\b|兆瓦时", "GWh", 1e-3),
    (r"gwh\b", "GWh", 1.0),
    (r"twh\b", "GWh", 1e3),
    (r"千瓦(?!时)|kw\b", "MW", 1e-3),
    (r"兆瓦(?!时)|mw\b|megawatts?\b", "MW", 1.0),
    (
        r"毫秒|milliseconds?\b|ms\b|平方米|平方公里|square\s+\w+|万亩|亩|吨|tonnes?\b|tons?\b|小时|hours?\b|天(?!府)|days?\b",
        "other",
        1.0,
    ),
    (r"岁|年(?!末|底|初)|years?\b|months?\b|月|日|个月|家?分之|期|届|次会议|th\b|st\b|nd\b|rd\b", "time", 1.0),
    (r"倍|times?\b|fold\b|-fold\b", "fold", 1.0),
    (r"人次|人|户|个|家|架|台|座|项|件|张|颗|笔|处|条|只|套|根|部|块|卡|片|所|名|款|宗|对|站|芯|线|标准机架", "1", 1.0),
)
_UNIT = re.compile("|".join(f"(?P<u{at}>{pattern})" for at, (pattern, _, _) in enumerate(_UNITS)))
_CURRENCY = r"(?:rmb|cny|us\$|usd|hk\$|\$|¥|￥|yuan|€|£)"
_MAIN = re.compile(
    rf"(?P<front>{_CURRENCY}\s?)?(?<![a-z0-9.])(?<!\d,)(?P<minus>-)?(?P<number>{NUMBER})(?![\d])"
    r"(?P<more>\s?(?:余|多)(?=万|亿|千|个|家|户|项|元|人|台|架|座))?"
    r"(?:(?P<zh>万亿|千亿|百亿|亿|千万|百万|万|千(?!米|瓦|兆)|百)|\s?-?(?P<en>trillion|trn|tn|billion|bln|bn|million|mln|mn|thousand|hundred|m(?=\s|\b)(?![a-z0-9])|k(?!\w))\b)?"
    r"(?P<more2>\s?[余多](?!年|月))?"
)
_WORDED = re.compile(
    rf"(?<![a-z0-9第])(?:(?P<zh>{ZH_NUMBER})(?=[个家座项大倍](?!月|季|座|个|家|百分点|工作|地区|领域|方面|五))|(?<!the\s)(?P<en>{_EN_WORD})(?=\s))"
)
_ZH_FRACTION = re.compile(
    r"(?:(?P<whole>[三四五六七八九十百千]+)分之(?P<part>[一二两三四五六七八九]))|(?P<tenths>[一二两三四五六七八九])成(?P<half>半)?(?=[以,，。;；的左]|$)"
)

_OVER = re.compile(
    r"(?:超过?|突破|逾|高于|不低于|不少于|至少|达到?或超过|大于|跨越|越过|over|more\s+than|exceed(?:s|ed|ing)?|above|at\s+least|surpass(?:es|ed|ing)?|"
    r"topp?(?:s|ed|ing)|in\s+excess\s+of|no\s+less\s+than|not\s+less\s+than|upwards\s+of|beyond|crossed|passed|broke|breaking)"
    r"(?:\s*(?:了|the\s+mark\s+of|the|a\s+total\s+of))?\s*$"
)
_ABOUT = re.compile(
    r"(?:大?约为?|近|将近|接近|大概|达到?约|about|around|nearly|approximately|some|roughly|almost|close\s+to|an?\s+estimated|circa|near)\s*$"
)
_UNDER = re.compile(
    r"(?:不足|不到|低于|不超过|不高于|控制在|小于|less\s+than|lower\s+than|under|below|up\s+to|within|fewer\s+than|no\s+more\s+than|not\s+exceed(?:ing)?|at\s+most)\s*$"
)
_OVER_AFTER = re.compile(r"\s?(?:以上|\(含\)以上|(?:or|and)\s+(?:more|above|higher)|plus\b|\+)")
_ABOUT_AFTER = re.compile(r"\s?(?:左右|上下|or\s+so)")
_UNDER_AFTER = re.compile(r"\s?(?:以下|以内|or\s+(?:less|below))")


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


def zh_number(text: str) -> int:
    """一 … 九十九."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _ZH_DIGITS.get(tens, 1) * 10 + _ZH_DIGITS.get(ones, 0)
    return _ZH_DIGITS[text]


def quantities(text: str, taken: list[tuple[int, int]]) -> list[Quantity]:
    """Every amount of `text` outside the spans `taken`, in order; numbers that share one unit each get it."""
    out: list[Quantity] = []
    for match in _MAIN.finditer(text):
        inside = bool(out) and match.start("number") < out[-1].end
        if not inside and _free(match.start("number"), match.end(), taken) and (one := _one(match, text)) is not None:
            out.append(one)
    for match in _WORDED.finditer(text):
        if _free(match.start(), match.end(), [*taken, *((seen.start, seen.end) for seen in out)]):
            value = float(zh_number(match["zh"]) if match["zh"] else EN_NUMBERS[match["en"]])
            unit = _unit(text, match.end())
            end = unit[2] if unit and match["zh"] else match.end()
            kind = unit[0] if unit else "1"
            if kind in ("1", "fold", "CNY", "USD") or (kind == "pct" and match["en"]):
                out.append(Quantity(match.start(), end, value * (unit[1] if unit else 1.0), kind))
    for match in _ZH_FRACTION.finditer(text):
        if match["tenths"] and _free(match.start(), match.end(), taken):
            value = 10.0 * _ZH_DIGITS[match["tenths"]] + (5.0 if match["half"] else 0.0)
            out.append(Quantity(match.start(), match.end(), value, "pct"))
    out.sort(key=lambda seen: seen.start)
    return [_bounded(seen, text) for seen in _shared(out, text)]


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return all(end <= low or start >= high for low, high in taken)


def _unit(text: str, at: int) -> tuple[str, float, int] | None:
    """Unit, factor and end of the unit that begins at `at`, blanks skipped."""
    while at < len(text) and text[at] in " -":
        at += 1
    match = _UNIT.match(text, at)
    if match is None or match.lastgroup is None:
        return None
    _, unit, factor = _UNITS[int(match.lastgroup[1:])]
    return unit, factor, match.end()


def _one(match: re.Match[str], text: str) -> Quantity | None:
    number = match["number"].replace(",", "")
    if len(number) > 40:
        return None
    times = _ZH_TIMES.get(match["zh"] or "", 1.0) * _EN_TIMES.get(match["en"] or "", 1.0)
    end, value = match.end(), float(number) * times
    if match["minus"] and (match.start() == 0 or not text[match.start() - 1].isalnum()):
        value = -value
    front = (match["front"] or "").strip()
    unit = _unit(text, end)
    bound = "over" if match["more"] or match["more2"] else None
    scaled = times != 1.0
    start = match.start()
    if front:
        kind, factor = ("USD", 1e-6) if "$" in front or front == "usd" else ("CNY", 1e-6)
        kind = "foreign" if front in ("€", "£", "hk$") else kind
        if unit and unit[0] in ("CNY", "USD"):
            end = unit[2]
        if front == "yuan" and unit and unit[0] not in ("CNY", "USD"):
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
        if not joined or later.unit in ("", "1") or here.unit:
            continue
        if not here.scaled:
            out[at] = replace(here, value=here.value * later.factor, unit=later.unit, factor=later.factor)
        elif later.unit in ("CNY", "USD"):  # 561.9 billion, 2.28 trillion and 3.63 trillion yuan
            out[at] = replace(here, value=here.value * 1e-6, unit=later.unit, factor=here.factor * 1e-6)
    return out


def _bounded(seen: Quantity, text: str) -> Quantity:
    """The quantity with its vague bound, from the words before and after it."""
    before, after = text[max(0, seen.start - 24) : seen.start], text[seen.end : seen.end + 14]
    bound = seen.bound
    if _UNDER.search(before) or _UNDER_AFTER.match(after):
        bound = "under"
    elif _OVER.search(before) or _OVER_AFTER.match(after):
        bound = "over"
    elif _ABOUT.search(before) or _ABOUT_AFTER.match(after):
        bound = bound or "about"
    return seen if bound == seen.bound else replace(seen, bound=bound)
