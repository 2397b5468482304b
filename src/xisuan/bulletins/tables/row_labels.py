"""Row labels of tables: the indicator that a label names, in its unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xisuan.bulletins.figures.drafts import SIZE
from xisuan.bulletins.figures.observations import clean, has_unit, in_unit
from xisuan.bulletins.language.lexicon import Lexicon, fold
from xisuan.bulletins.language.quantities import Quantity
from xisuan.bulletins.tables.column_headings import PER_CENT, measured, words_of_tables
from xisuan.text.translation import message as _

LONGEST = 200
"""Maximum characters of a label."""
_IDLE = re.compile(r"累计|完成|实现|达到|总[数量额计]?|合计|当月|全社会|数量?|情况|其中")
"""Words of a label that do not change the indicator."""
_SCOPE = re.compile(r"规模以上|规上|限额以上|限上|above\s+designated\s+size")

NO_NAME = _("no indicator")
OF_UNKNOWN = _("of something that the vocabulary does not have")


@dataclass(frozen=True, slots=True)
class Label:
    """Label of a row without its number; `part` is true if it is a part of the row above."""

    words: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """Indicator, the region that the label names, and the factor from the label's unit to the indicator's."""

    indicator: str
    region: str
    factor: float
    unit: str
    scope: str
    price_base: str


def label(cell: str) -> Label:
    """Return the label of a cell; indented labels and those with 其中 or "of which" are parts of the row above."""
    patterns, folded, start, part = words_of_tables(), fold(cell), 0, re.match(r" {2,}|\u3000", cell) is not None
    for name in ("numbered", "part", "numbered"):  # 其中: 1. …
        if found := patterns[name].match(folded[start:]):
            start += found.end()
            part = part or name == "part"
    return Label(cell[start:].strip(), part)


class Labels:
    """Interpreter of the labels of one table with the region `home` and the industry `topic`."""

    def __init__(self, words: Lexicon, home: str, topic: str = "") -> None:
        self._words, self._home, self._topic, self._last = words, home, topic, ""

    def level(self, name: str, unit: str, whole: tuple[str, str] = ("", "")) -> Meaning | str:
        """Return the meaning of a label with a unit, or the reason if unknown.

        `whole` is label and unit of the whole that it is a part of.
        """
        found = self._read_label(name, whole[0])
        if isinstance(found, str):
            return found
        indicator, region = found
        spec = self._words.terms[indicator]
        one = measured(unit, self._words) if unit else Quantity(0, 0, 1.0, "1" if spec.unit == "1" else "")
        if unit in PER_CENT:
            one = Quantity(0, 0, 1.0, "pct")
        if one is None or not has_unit(one, spec):
            return _("the unit is not one of the indicator")
        value, own = in_unit(one, spec.unit)
        return self._meaning(name, indicator, region, clean(value), own)

    def growth(self, name: str, whole: tuple[str, str] = ("", "")) -> Meaning | str:
        """Return the meaning of a label whose column is a growth, or the reason if unknown."""
        found = self._read_label(name, whole[0])
        return found if isinstance(found, str) else self._meaning(name, *found, 1.0, "pct")

    def _meaning(self, name: str, indicator: str, region: str, factor: float, unit: str) -> Meaning:
        scope = _SCOPE.search(fold(name))
        price = self._words.cues.price_base.search(fold(name))
        groups = price.groupdict() if price else {}
        base = groups.get("y") or groups.get("y2") or ""
        return Meaning(indicator, region, factor, unit, SIZE if scope else "", base)

    def _read_label(self, name: str, whole: str) -> tuple[str, str] | str:
        """Return indicator and region of a label without unexplained words, else the reason."""
        if len(name) > LONGEST:
            return NO_NAME
        if whole and isinstance(self._read_label(whole, ""), str):
            return OF_UNKNOWN
        text = self._words.cues.price_base.sub(" ", fold(name))
        found = list(self._words.names.finditer(text))
        if not found:
            return self._left_out(text, whole)
        # The longest name is the indicator; every other token must be explained.
        best = max(found, key=lambda one: one.end() - one.start())
        rest = text[: best.start()] + " " + text[best.end() :]
        regions = {self._words.place(one[0]) for one in self._words.places_pattern.finditer(rest)}
        rest = self._words.places_pattern.sub(" ", rest)
        if len(regions) > 1 or self._unexplained(rest):
            return OF_UNKNOWN
        indicator = self._of_industry(best.name, whole)
        self._last = self._words.terms[indicator].family or self._last
        return indicator, next(iter(regions), "")

    def _left_out(self, text: str, whole: str) -> tuple[str, str] | str:
        """Return the indicator of a label with ellipsis of its industry (利润总额 in a table of software), or the reason."""
        said = self._words.cues.the_industry.fullmatch(text.strip())
        measure = (
            next((name.partition("_")[0] for name, value in said.groupdict().items() if value), "") if said else ""
        )
        known = self._words.catalogue.by_measure
        own = next((known[family, measure] for family in self._families(whole) if (family, measure) in known), "")
        return (own, "") if own else NO_NAME

    def _families(self, whole: str) -> list[str]:
        """Return the antecedent industries: of the row above, of the latest label, of the table."""
        found = self._words.names.finditer(fold(whole)) if whole else ()
        return [self._words.terms[one.name].family for one in found] + [self._last, self._topic]

    def _unexplained(self, rest: str) -> bool:
        """Return True if a label has words besides a name, its scope and words without meaning."""
        cues = self._words.cues
        left = _SCOPE.sub(" ", cues.places["local"].sub(" ", cues.places["nation"].sub(" ", rest)))
        left = _IDLE.sub(" ", words_of_tables()["light"].sub(" ", left))
        words = [word for word in re.findall(r"[a-z][a-z'-]*", left) if word not in cues.explained_en]
        return bool(words) or re.search(r"[\u4e00-\u9fff]", left) is not None

    def _of_industry(self, indicator: str, whole: str) -> str:
        """Return a topical indicator as that of its industry: exports under software revenue are software exports."""
        spec = self._words.terms[indicator]
        if "topical" not in spec.flags:
            return indicator
        by_measure = self._words.catalogue.by_measure
        families = self._families(whole) if whole else [self._topic]
        return next((by_measure[one, spec.measure] for one in families if (one, spec.measure) in by_measure), indicator)
