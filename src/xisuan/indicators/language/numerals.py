"""Chinese numerals: 三百二十五点八, 二〇二四, 百分之二点一; what stands for what, and the patterns that find them.

Works on folded text. A numeral of one sign, or of tens alone, is an amount only where what is measured says so, because
一 and 十 stand in too many words.
"""

from __future__ import annotations

import re

DIGITS = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TIMES = {"十": 10, "百": 100, "千": 1_000}

SHORT = r"(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
"""一 … 九十九."""
_SIGNS = "〇零一二两三四五六七八九十百千"
NOT_INSIDE = rf"(?<![第数几上成好{_SIGNS}万亿点分之])"
"""Before a numeral that begins here: 数十 and 几百 are none that anybody knows, 第三 is an order."""
_POINT = r"点[〇零一二三四五六七八九]{1,4}(?![〇零一二三四五六七八九十百千])"
WRITTEN = re.compile(
    rf"{NOT_INSIDE}(?P<minus>负)?(?P<number>[一二两三四五六七八九十][{_SIGNS}万亿]*(?:{_POINT})?)"
    r"(?P<more>[余多])?(?P<zh>万亿|千亿|百亿|亿|千万|百万|万)?(?P<more2>[余多])?"
)
"""An amount in Chinese signs with its multiplier; what is measured has to stand right behind."""
PARTS = re.compile(
    rf"(?<![一二三四五六七八九十])(?P<minus>负)?(?P<of>[百千万])分之(?:(?P<figure>\d+(?:\.\d+)?)|(?P<number>[{_SIGNS}]+(?:{_POINT})?))(?P<more>[多余])?(?!分)"
)
"""A percentage in words: 百分之二点一, 千分之五."""
PER_CENT = {"百": 1.0, "千": 0.1, "万": 0.01}
"""Per cent in one of so many parts."""
_YEAR = re.compile(r"(?<![〇零一二三四五六七八九])(?:二[〇零○]|一九)[〇零○一二三四五六七八九]{2}(?=年)")
_YEAR_SIGNS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def with_years(text: str) -> str:
    """The text with years in figures, every sign in its place: 二〇二四年 as 2024年."""
    return _YEAR.sub(lambda found: found[0].translate(_YEAR_SIGNS), text)


def value(text: str) -> float:
    """What a numeral says: 325.8 for 三百二十五点八; signs without 十, 百 or 千 between are read one by one: 二四 is 24."""
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
    """A numeral of whole things: 一 … 九十九."""
    return int(value(text))


def says_much(text: str) -> bool:
    """Whether a numeral is an amount whatever is measured: one with hundreds or more, or a fraction."""
    return any(sign in text for sign in "百千万亿点")
