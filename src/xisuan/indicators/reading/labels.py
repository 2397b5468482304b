"""What the label of a row is the name of: read as a sentence, with all that keeps sentences from being misread.

*Rural fixed broadband users* are no fixed broadband users, and the exports under *software revenue* no exports of all
goods. The rules that know it are those of sentences; so a label is said in one, with two of its unit, and what is read
there holds for all figures of the row.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from xisuan.indicators.figures.attach import attach
from xisuan.indicators.figures.observing import clean
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.tokens import Topic
from xisuan.indicators.language.vocabulary import Vocabulary, fold
from xisuan.indicators.reading.columns import words_of_tables
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.sentence import parse
from xisuan.results.bulletin_reading import Observation
from xisuan.text.translation import message as _

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SAID = 2
"""How much of its unit a label is said to be."""
MOST = 5_000
"""Labels that are read, each in a few thousandths of a second; a file may have a hundred times as many."""
LONGEST = 200
"""Signs beyond which a label is none: a cell may hold a whole text, and a sentence of it takes long."""
_WHOLE = 9
"""And that of which it is a part."""
_MANY = (1, 10_000)
"""How many times that: of a revenue of two yuan nobody would believe that it is one."""


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
    """What a label says. An indented one is a part of the row above, as is one that says so."""
    patterns, folded, start, part = words_of_tables(), fold(cell), 0, re.match(r" {2,}|\u3000", cell) is not None
    for name in ("numbered", "part", "numbered"):  # 其中: 1. …
        if found := patterns[name].match(folded[start:]):
            start += found.end()
            part = part or name == "part"
    return Label(cell[start:].strip(), part)


class Labels:
    """What labels mean in one table, whose region is `home` and whose industry `topic`; each is read once."""

    def __init__(self, words: Vocabulary, home: str, topic: str = "") -> None:
        self._words, self._home, self._topic = words, home or "china", Topic(topic)
        self._known: dict[tuple[str, str, str, str, str], Meaning | str] = {}

    def level(self, name: str, unit: str, whole: tuple[str, str] = ("", "")) -> Meaning | str:
        """What a label with a unit means, or why nobody knows; `whole`: label and unit of what it is a part of."""
        return self._meaning("level", name, unit, whole)

    def growth(self, name: str, whole: tuple[str, str] = ("", "")) -> Meaning | str:
        """What a label means of which a growth is told."""
        return self._meaning("growth", name, "", whole)

    def _meaning(self, kind: str, name: str, unit: str, whole: tuple[str, str]) -> Meaning | str:
        if len(name) + len(unit) + len(whole[0]) > LONGEST:
            return _("no indicator")
        key = (kind, name, unit, *whole)
        if whole[0] and not self._is_known(whole):
            return _("of something that the vocabulary does not have")
        if key not in self._known:
            if len(self._known) >= MOST:
                return _("one of more labels than a bulletin has")
            for many in _MANY if kind == "level" else (1,):
                said = _level(name, unit, whole, many) if kind == "level" else _growth(name, whole[0])
                found = self._read(said, kind, many, self._of_the_whole(kind, whole))
                self._known[key] = self._of_its_industry(found, kind, whole) if isinstance(found, Meaning) else found
                if isinstance(found, Meaning):
                    break
        return self._known[key]

    def _is_known(self, whole: tuple[str, str]) -> bool:
        return isinstance(self.level(*whole), Meaning) or isinstance(self.growth(whole[0]), Meaning)

    def _of_the_whole(self, kind: str, whole: tuple[str, str]) -> tuple[str, float] | None:
        """Indicator and figure that a sentence tells of a whole, which is not what is asked."""
        meant = self._meaning(kind, *whole, ("", "")) if whole[0] else ""
        if isinstance(meant, str):
            return None
        return meant.indicator, clean(_WHOLE * meant.factor) if kind == "level" else float(_WHOLE)

    def _of_its_industry(self, part: Meaning, kind: str, whole: tuple[str, str]) -> Meaning:
        """The exports under software revenue are those of software."""
        of = self._meaning(kind, *whole, ("", "")) if whole[0] else ""
        if isinstance(of, str) or part.indicator not in self._words.terms:
            return part
        term, family = self._words.terms[part.indicator], self._words.terms[of.indicator].family
        own = self._words.by_measure.get((family, term.measure), "") if family and "topical" in term.flags else ""
        return replace(part, indicator=own) if own else part

    def _read(self, sentence: str, kind: str, many: int, whole: tuple[str, float] | None) -> Meaning | str:
        year = Span(datetime.date(_YEAR, 1, 1), datetime.date(_YEAR, 12, 31))
        day = datetime.date(_YEAR + 1, 6, 30)
        context = Context(self._words, day, self._home, _YEAR, _YEAR, year, self._home)
        seen, left = attach(parse(sentence, "", self._words, self._topic, names=True), context)
        known = [one for one in seen if not one.named]  # a name that nobody knows keeps its figures from a shorter one
        told = [(one, one.value if kind == "level" else one.growth_pct) for one in known]
        mine = [one for one, value in told if value is not None and (one.indicator, clean(value / many)) != whole]
        if not mine:
            return left[-1].why if left else _("no indicator")
        return _meant(mine[-1], many)


_YEAR = 2022
"""The year in which labels are said; no figure is of it."""


def _meant(one: Observation, many: int) -> Meaning:
    region = "" if "region" in one.inherited else one.region
    factor = 1.0 if one.value is None else clean(one.value / (_SAID * many))
    return Meaning(one.indicator, region, factor, one.unit, one.scope, one.price_base)


def _level(name: str, unit: str, whole: tuple[str, str], many: int) -> str:
    of, of_unit = whole
    amount, all_of_it = _amount(unit, _SAID * many), _amount(of_unit, _WHOLE * many)
    if _CHINESE.search(name):
        part = f"{of}为{all_of_it},其中" if of else ""
        return f"{_YEAR}年,{part}{name}为{amount}。"
    part = f"{of} amounted to {all_of_it}, of which " if of else ""
    return f"In {_YEAR}, {part}{name} amounted to {amount}."


def _growth(name: str, of: str) -> str:
    if _CHINESE.search(name):
        part = f"{of}同比增长{_WHOLE}%,其中" if of else ""
        return f"{_YEAR}年,{part}{name}同比增长{_SAID}%。"
    part = f"{of} grew by {_WHOLE} percent year on year, of which " if of else ""
    return f"In {_YEAR}, {part}{name} grew by {_SAID} percent year on year."


_COUNT = re.compile(r"\s*([\d,]+)\s*(.*)", re.DOTALL)
"""A unit that is so many of another: 100 million yuan, 10,000 households."""


def _amount(unit: str, count: int) -> str:
    """So many of a unit; of one that begins with a number, that many times it."""
    if found := _COUNT.fullmatch(unit):
        return f"{count * int(found[1].replace(',', ''))} {found[2]}".strip()
    return f"{count} {unit}".strip() if unit.isascii() and unit not in ("", "%") else f"{count}{unit}"
