"""What the label of a row is the name of: read as a sentence, with all that keeps sentences from being misread.

*Rural fixed broadband users* are no fixed broadband users, and the exports under *software revenue* no exports of all
goods. The rules that know it are those of sentences; so a label is said in one, with two of its unit, and what is read
there holds for all figures of the row.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from xisuan.indicators.figures.attach import attach
from xisuan.indicators.figures.drafting import clean
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.vocabulary import Vocabulary
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.sentence import parse
from xisuan.results.reading import Observation

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SAID = 2
"""How much of its unit a label is said to be."""
_NUMBERED = re.compile(r"^\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|[(（]?\d{1,2}[)）、.．](?!\d)|[(（][a-z][)）]|[ⅰ-ⅻⅠ-Ⅻ][、.．])\s*", re.IGNORECASE)
_PART = re.compile(r"^\s*(?:[#＃*＊—–-]+\s*|其中\s*[:：,，]?\s*|#?\s*of which\s*[:,]?\s*|of that\s*[:,]?\s*|including\s*[:,]?\s*|incl\.\s*)+", re.IGNORECASE)
"""What says that a row is a part of the one above."""


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a row without its number, whether it is a part of the row above, and the unit in its brackets."""

    words: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """An indicator, the region that the label itself names, and what one of the label's unit is in the indicator's."""

    indicator: str
    region: str
    factor: float
    unit: str
    scope: str
    price_base: str


def label(cell: str) -> Label:
    """What a label says. An indented one is a part of the row above."""
    plain = _NUMBERED.sub("", cell)
    words = _PART.sub("", plain)
    indented = re.match(r"[\s\u3000]{2,}|\u3000", cell) is not None
    return Label(words.strip(), words != plain or indented)


class Labels:
    """What labels mean in one table, whose region is `home`; each is read once."""

    def __init__(self, words: Vocabulary, home: str) -> None:
        self._words, self._home = words, home or "china"
        self._known: dict[tuple[str, str, str, str, str], Meaning | str] = {}

    def level(self, name: str, unit: str, whole: tuple[str, str] = ("", "")) -> Meaning | str:
        """What a label with a unit means, or why nobody knows; `whole`: label and unit of what it is a part of."""
        return self._meaning("level", name, unit, whole)

    def growth(self, name: str, whole: tuple[str, str] = ("", "")) -> Meaning | str:
        """What a label means of which a growth is told."""
        return self._meaning("growth", name, "", whole)

    def _meaning(self, kind: str, name: str, unit: str, whole: tuple[str, str]) -> Meaning | str:
        key = (kind, name, unit, *whole)
        if key not in self._known:
            said = _level(name, unit, whole) if kind == "level" else _growth(name, whole[0])
            self._known[key] = self._read(said, kind, _counted(unit))
        return self._known[key]

    def _read(self, sentence: str, kind: str, count: float) -> Meaning | str:
        year = Span(datetime.date(_YEAR, 1, 1), datetime.date(_YEAR, 12, 31))
        day = datetime.date(_YEAR + 1, 6, 30)
        context = Context(self._words, day, self._home, _YEAR, _YEAR, year, self._home)
        seen, left = attach(parse(sentence, "", self._words), context)
        mine = [one for one in seen if (one.value if kind == "level" else one.growth_pct) is not None]
        if not mine:
            return left[-1].why if left else "no indicator"
        return _meant(mine[-1], count if kind == "level" else 1.0)


_YEAR = 2022
"""The year in which labels are said; no figure is of it."""


def _meant(one: Observation, count: float) -> Meaning:
    region = "" if "region" in one.inherited else one.region
    factor = clean((one.value or 0.0) / count) if one.value is not None else 1.0
    return Meaning(one.indicator, region, factor, one.unit, one.scope, one.price_base)


def _level(name: str, unit: str, whole: tuple[str, str]) -> str:
    of, of_unit = whole
    if _CHINESE.search(name):
        part = f"{of}为{_amount(of_unit, 9)},其中" if of else ""
        return f"{_YEAR}年,{part}{name}为{_amount(unit, _SAID)}。"
    if of:
        return f"In {_YEAR}, {of} amounted to {_amount(of_unit, 9)}, of which {name} amounted to {_amount(unit, _SAID)}."
    return f"In {_YEAR}, {name} amounted to {_amount(unit, _SAID)}."


def _growth(name: str, of: str) -> str:
    if _CHINESE.search(name):
        part = f"{of}同比增长9%,其中" if of else ""
        return f"{_YEAR}年,{part}{name}同比增长{_SAID}%。"
    if of:
        return f"In {_YEAR}, {of} grew by 9 percent year on year, of which {name} grew by {_SAID} percent year on year."
    return f"In {_YEAR}, {name} grew by {_SAID} percent year on year."


_COUNT = re.compile(r"\s*([\d,]+)\s*(.*)", re.DOTALL)
"""A unit that is so many of another: 100 million yuan, 10,000 households."""


def _amount(unit: str, count: int) -> str:
    """So many of a unit; of one that begins with a number, that many times it."""
    if found := _COUNT.fullmatch(unit):
        return f"{count * int(found[1].replace(',', ''))} {found[2]}".strip()
    return f"{count} {unit}".strip() if unit.isascii() and unit not in ("", "%") else f"{count}{unit}"


def _counted(unit: str) -> float:
    """How many of its unit a level is said to be: in 100 million yuan two hundred million are two of them."""
    return float(_SAID)
