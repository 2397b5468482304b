"""What the heading of a column says of the figures under it: what they are, of which days, in which unit.

The words are data, `vocabulary/tables.toml`. A heading of which something is left that is neither the name of an indicator
nor of a place leaves its figures over: *of which rural* is not the whole.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from xisuan.indicators.language.periods import Span, phrases, span
from xisuan.indicators.language.quantities import Quantity, quantities
from xisuan.indicators.language.vocabulary import Vocabulary, fold

PER_CENT = ("%", "pct", "percent", "per cent")
_ORDER = ("serial", "unit", "progress", "other_growth", "change", "growth", "share", "rank", "target")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_BEHIND = re.compile(r"[\s,、:](%)\s*$|(?<=[\u4e00-\u9fff±])(%)\s*$")
BARE_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
"""A number that stands for a year, in a heading or a label."""
_EMPTY = re.compile(r"[\s,.:;、·/()\[\]*'|—–-]+")


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is level, growth, points, share, rank or target; unit or serial for columns without figures; or what its
    figures are left over as: progress, other_growth, change. `days` None: those of the table, or of the column before.
    `words`: what the heading says besides, the name of an indicator or of a place. `base`: the year that a growth or a
    change in points says it is over; `year_end`: whether that is over the end of the year before.
    """

    kind: str
    days: Span | None = None
    unit: str = ""
    words: str = ""
    base: int = 0
    year_end: bool = False


@dataclass(frozen=True)
class Calendar:
    """The days that a table is of, where its headings leave something out: the caption's, and the year."""

    words: Vocabulary
    year: int | None
    days: Span | None

    def cut(self, text: str) -> tuple[list[Span], str]:
        """All stretches of time that a text says, and what it says besides."""
        folded = fold(text)
        if BARE_YEAR.fullmatch(folded.strip()):
            folded = f"{folded.strip()}年"
        out, rest, at = [], "", 0
        for one in phrases(folded, [], self.words.times):
            year = one.year or self.year
            if year is None or one.same_month or one.compared or not one.last:
                continue
            out.append(span(one, year + (one.offset or 0) if one.year is None else year))
            rest, at = rest + folded[at : one.start] + " ", one.end
        return out, rest + folded[at:]

    def this_month(self) -> Span | None:
        """The last month of the table's days."""
        return self.days and replace(self.days, first=self.days.last.replace(day=1), point=False)

    def so_far(self) -> Span | None:
        """The year up to the end of the table's days."""
        return self.days and replace(self.days, first=datetime.date(self.days.last.year, 1, 1), point=False)


def column(head: str, calendar: Calendar) -> Column:
    """What a heading says."""
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
    plain = _EMPTY.sub(" ", _cut(words["light"], rest)).strip()
    base = int(re.sub(r"\D", "", over[0])) if over else 0
    return Column(kind, days, unit, _EMPTY.sub(" ", rest).strip() if plain else "", base, year_end)


def _in_points(unit: str, rest: str, words: Vocabulary) -> bool:
    """Whether a heading, or its unit, says that its figures are percentage points."""
    one = measured(unit, words) if unit else None
    return (one is not None and one.unit == "pp") or words_of_tables()["points"].search(rest) is not None


def is_unit(text: str, words: Vocabulary) -> bool:
    """Whether a text is a unit and nothing else."""
    return fold(text).strip() in PER_CENT or measured(text, words) is not None


def measured(unit: str, words: Vocabulary) -> Quantity | None:
    """One of a unit: 亿元, 100 million yuan; None for what is none."""
    plain = fold(unit).strip()
    text = plain if plain[:1].isdigit() else f"1 {plain}" if plain.isascii() else f"1{plain}"
    found = quantities(text, [], words.units) if re.search(r"[^\d\s.,]", plain) or plain[:1].isdigit() else []
    return found[0] if len(found) == 1 and found[0].end >= len(text) else None


def _unit(head: str, words: Vocabulary) -> tuple[str, str]:
    """A heading without its unit, and that: what stands in brackets and is one, or a sign of per cent at the end."""
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


def _year_before(days: Span | None) -> Span | None:
    def earlier(day: datetime.date) -> datetime.date:
        return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)

    return days and replace(days, first=earlier(days.first), last=earlier(days.last))


def _cut(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(" ", text)


@cache
def words_of_tables() -> dict[str, re.Pattern[str]]:
    """The lists of `vocabulary/tables.toml`, each as one pattern for folded text."""
    file = resources.files("xisuan.indicators").joinpath("vocabulary", "tables.toml")
    lists: dict[str, list[str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: re.compile("|".join(patterns)) for name, patterns in lists.items()}
