"""Column headings and row labels of tables: the kind, period and unit of a column, the indicator of a row.

The words are in `data/tables.toml`. If a heading has unexplained words besides names of indicators and places, its
figures are left over: *of which rural* is not the whole.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from xisuan.bulletins.figures.observations import SIZE, clean, has_unit, in_unit
from xisuan.bulletins.figures.subjects import OF_A_FIRM, subjects_of
from xisuan.bulletins.language.annotation import annotate
from xisuan.bulletins.language.language_data import shipped
from xisuan.bulletins.language.lexicon import Lexicon, fold
from xisuan.bulletins.language.quantities import Quantity, quantities
from xisuan.bulletins.language.time_phrases import Span, When, phrases, span
from xisuan.scenario.schema.statistics_tables import BY_YEAR_END
from xisuan.text.translation import message as _

PER_CENT = ("%", "pct", "percent", "per cent")
_ORDER = ("serial", "unit", "progress", "other_growth", "change", "growth", "share", "rank", "target")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_BEHIND = re.compile(r"[\s,、:](%)\s*$|(?<=[\u4e00-\u9fff±])(%)\s*$")
BARE_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
"""A number that stands for a year, in a heading or a label."""
UNIT_OF_TABLE = re.compile(r"(?:计量单位|单位|unit)\s*[:：]\s*([^)）\s]+(?: [^)）\s]+)*)", re.IGNORECASE)
"""Unit of a whole table: 单位:亿元."""
_ROUND = re.compile(r"[(（]([^()（）]*)[)）]")
_WORD = re.compile(r"[\w\u4e00-\u9fff]")
_EMPTY = re.compile(r"[\s,.:;、·/()\[\]*'|—–-]+")


@dataclass(frozen=True, slots=True)
class Column:
    """Meaning of a column heading.

    `kind` is level, growth, points, share, rank or target; unit or serial for columns without figures; progress,
    other_growth or change for figures that are left over. `days` None: inherited from the table or the column before.
    `words` is the rest of the heading, the name of an indicator or place. `base` is the year that a growth or change
    is relative to; `year_end` is true if that is the end of the previous year.
    """

    kind: str
    days: Span | None = None
    unit: str = ""
    words: str = ""
    base: int = 0
    year_end: bool = False


@dataclass(frozen=True)
class Calendar:
    """Period and year of a table, inherited by headings without them."""

    words: Lexicon
    year: int | None
    days: Span | None

    def cut(self, text: str) -> tuple[list[Span], str]:
        """Return the spans that a text names and the rest of the text; in 2022年 1-6月 the months are of that year."""
        folded = fold(text)
        if BARE_YEAR.fullmatch(folded.strip()):
            folded = f"{folded.strip()}年"
        found = [
            one for one in phrases(folded, [], self.words.times) if not (one.same_month or one.compared) and one.last
        ]
        year = next((one.year for one in found if one.kind == "year" and one.year), None) or self.year
        told: list[tuple[When, Span]] = []
        rest, at = "", 0
        for one in found:
            own = one.year or year
            if own is None:
                continue
            told.append((one, span(one, own + (one.offset or 0) if one.year is None else own)))
            rest, at = rest + folded[at : one.start] + " ", one.end
        parts = [days for one, days in told if one.kind != "year"]
        return parts or [days for _, days in told], rest + folded[at:]

    def this_month(self) -> Span | None:
        """Return the last month of the table's period."""
        return self.days and replace(self.days, first=self.days.last.replace(day=1), point=False)

    def so_far(self) -> Span | None:
        """Return the year to date at the end of the table's period."""
        return self.days and replace(self.days, first=datetime.date(self.days.last.year, 1, 1), point=False)


def column(head: str, calendar: Calendar) -> Column:
    """Return the meaning of a column heading."""
    # Strip unit, kind, base of comparison and time in turn; what remains names the indicator or region.
    words = words_of_tables()
    rest, unit = _unit(fold(head), calendar.words)
    kind, rest = next(((name, _cut(words[name], rest)) for name in _ORDER if words[name].search(rest)), ("level", rest))
    if kind == "level" and words["growth_in_pct"].search(rest):
        kind, rest = ("growth" if unit == "%" else "change"), _cut(words["growth_in_pct"], rest)
    if kind == "growth" and unit not in ("", "%"):
        kind = "change"
    year_end = words["since_year_end"].search(rest) is not None
    if kind in ("growth", "change", "level", "share") and _in_points(unit, rest, calendar.words):
        kind, rest = "points", _cut(words["points_over"], _cut(words["points"], rest))
    over = words["over_a_year"].search(rest) if kind in ("growth", "points") else None
    if over:
        rest = _cut(words["over_a_year"], rest)
    before = words["year_before"].search(rest) is not None
    spans, rest = calendar.cut(_cut(words["year_before"], rest))
    days = spans[0] if spans else None
    for name, meant in (("so_far", calendar.so_far), ("this_month", calendar.this_month)):
        if words[name].search(rest):
            days, rest = days or meant(), _cut(words[name], rest)
    if before:
        days = _year_before(days or calendar.days)
    plain = _EMPTY.sub(" ", _cut(words["light"], rest.strip())).strip()
    base = int(re.sub(r"\D", "", over[0])) if over else 0
    return Column(kind, days, unit, _EMPTY.sub(" ", rest).strip() if plain else "", base, year_end)


def _in_points(unit: str, rest: str, words: Lexicon) -> bool:
    """Return True if a heading or its unit states percentage points."""
    one = measured(unit, words) if unit else None
    return (one is not None and one.unit == "pp") or words_of_tables()["points"].search(rest) is not None


def is_unit(text: str, words: Lexicon) -> bool:
    """Return True if a text is only a unit."""
    return fold(text).strip() in PER_CENT or measured(text, words) is not None


def measured(unit: str, words: Lexicon) -> Quantity | None:
    """Return one of a unit as a quantity (亿元, 100 million yuan); None if the text is no unit."""
    plain = fold(unit).strip()
    text = plain if plain[:1].isdigit() else f"1 {plain}" if plain.isascii() else f"1{plain}"
    found = quantities(text, [], words.units) if re.search(r"[^\d\s.,]", plain) or plain[:1].isdigit() else []
    return found[0] if len(found) == 1 and found[0].end >= len(text) else None


def _unit(head: str, words: Lexicon) -> tuple[str, str]:
    """Return a heading without its unit, and the unit: a unit in brackets or behind a comma, or a final percent sign."""
    for found in _BRACKETS.finditer(head):
        said = re.sub(r"^(?:单位|unit|in)\s*:?\s*", "", found[1]).strip()
        if said in PER_CENT or said in ("±%", "+/-%"):
            return head[: found.start()] + ("±%" if said not in PER_CENT else " ") + head[found.end() :], "%"
        if is_unit(said, words):
            return f"{head[: found.start()]} {head[found.end() :]}", said
    if is_unit(head, words) and not BARE_YEAR.fullmatch(head.strip()):
        return " ", head.strip()
    if sign := _BEHIND.search(head):
        return head[: sign.start()] + " ", "%"
    if (behind := re.search(r",\s*(?:in\s+)?([^,]+)$", head)) and is_unit(behind[1], words):
        return head[: behind.start()], behind[1].strip()
    return head, ""


def without_unit(name: str, words: Lexicon) -> tuple[str, str]:
    """Return a label without the unit in its brackets, and the unit."""
    for found in _ROUND.finditer(name):
        if is_unit(found[1], words):
            return f"{name[: found.start()]}{name[found.end() :]}".strip(), found[1].strip()
    return name, ""


def _year_before(days: Span | None) -> Span | None:
    def earlier(day: datetime.date) -> datetime.date:
        return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)

    return days and replace(days, first=earlier(days.first), last=earlier(days.last))


def _cut(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(" ", text)


def without_units(heads: list[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the headings without cells that only state a unit of the table (单位:亿元), and these units."""
    told = [found for row in heads for cell in row if (found := UNIT_OF_TABLE.fullmatch(cell.strip()))]
    left = [["" if UNIT_OF_TABLE.fullmatch(cell.strip()) else cell for cell in row] for row in heads]
    return [row for row in left if any(map(_WORD.search, row))], [unit for one in told for unit in _several(one[1])]


def units_in(caption: str, words: Lexicon) -> list[str]:
    """Return the units stated in a caption, behind 单位 or alone in brackets: 贵州省主要指标(亿元)."""
    found = UNIT_OF_TABLE.search(caption)
    inside = (one[1].strip() for one in _ROUND.finditer(caption))
    return _several(found[1]) if found else [one for one in inside if is_unit(one, words) and one not in PER_CENT]


def _several(units: str) -> list[str]:
    """Return the units of a separated list."""
    return [part.strip() for part in re.split(r"[、,，;；/]", units) if part.strip()]


@cache
def words_of_tables() -> dict[str, re.Pattern[str]]:
    """Return the lists of `data/tables.toml`, each as one pattern for folded text."""
    lists: dict[str, list[str]] = shipped("tables.toml")
    return {name: re.compile("|".join(patterns)) for name, patterns in lists.items()}


def latest_of(levels: Sequence[Span]) -> Span:
    """Return the latest span of the levels before a growth; of those that end together, the nearest."""
    return max(reversed(levels), key=lambda span: span.last)


def is_year_around(year: Span, days: Span) -> bool:
    """Return True for a whole year around shorter days of it."""
    whole = (year.first.month, year.last.month) == (1, _DECEMBER)
    return whole and days.last.year == year.last.year and (days.first, days.last) != (year.first, year.last)


def is_month_behind(days: Span, levels: Sequence[Span]) -> bool:
    """Return True for a month whose year to date has a column as well, so that a growth may be of either."""
    return any(span.last == days.last and span.first < days.first for span in levels)


_DECEMBER = 12


def points_over(one: Column, last: datetime.date) -> str:
    """Return the base of comparison of a change in points; blank for the previous year."""
    if one.year_end:
        return BY_YEAR_END if last.month < _DECEMBER else ""
    return str(one.base) if one.base and one.base != last.year - 1 else ""


def ends_a_month(day: datetime.date) -> bool:
    """Return True for the last day of a month."""
    return (day + datetime.timedelta(days=1)).day == 1


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


def firm_in(text: str, words: Lexicon) -> str | None:
    """Return why figures under a label, heading or caption are of firms, as in prose: by the last subject that it names.

    Blank if that is a region or all firms of one; None if the text names no subject.
    """
    if len(text) > LONGEST or not (words.firms(fold(text)) or words.places_pattern.search(fold(text))):
        return None
    told = subjects_of(annotate(text, "", "", words))
    return told[-1].firm if told else None


def firm_of_heads(heads: Sequence[str], place_of: Callable[[str], str], words: Lexicon) -> str:
    """Return why the figures of a column are of firms, by its headings from top to bottom; blank if they are not."""
    *above, last = [head for head in heads if head] or [""]
    firms = words_of_tables()["firms"]
    if any(firms.search(fold(head)) for head in above) and not (firms.search(fold(last)) or place_of(last)):
        return OF_A_FIRM
    return firm_in(" ".join(heads), words) or ""


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
