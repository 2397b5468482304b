"""Printed tables of statistical offices: indicators by period, regions by indicator, periods by indicator.

The meaning of a cell combines row label, column heading and caption. Every figure is read, or left over with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from xisuan.bulletins.figures.observations import clean, fitted_to
from xisuan.bulletins.figures.subjects import OF_A_FIRM
from xisuan.bulletins.files.publication import topic_of
from xisuan.bulletins.language.lexicon import Lexicon, fold
from xisuan.bulletins.language.time_phrases import Span
from xisuan.bulletins.tables.headings import (
    BARE_YEAR,
    UNIT_OF_TABLE,
    Calendar,
    Column,
    Label,
    Labels,
    Meaning,
    column,
    ends_a_month,
    firm_in,
    firm_of_heads,
    is_month_behind,
    is_unit,
    is_year_around,
    label,
    latest_of,
    points_over,
    units_in,
    without_unit,
    without_units,
    words_of_tables,
)
from xisuan.bulletins.tables.text_tables import (
    Around,
    Line,
    behind_blanks,
    filled,
    filled_down,
    filled_over,
    first_row,
    parts_of,
)
from xisuan.bulletins.tables.tidy_tables import number, region_of
from xisuan.results.bulletin_reading import Observation, Reading, Unplaced
from xisuan.text.translation import message as _

Rows = Sequence[Sequence[str]]
_SIGNS = re.compile(r"[\w\u4e00-\u9fff]")
_LEFT = {
    "progress": _("progress against a plan, not growth"),
    "other_growth": _("growth over something else than the same period of the year before"),
    "change": _("a change, not a level"),
}
"""Reasons for the column kinds that are neither levels nor growths over a year."""


def read(rows: Rows, around: Around, words: Lexicon) -> Reading:
    """Return the observations of a table, and of tables below it with headings of their own."""
    width = max(map(len, rows))
    table = [(line, [*row, *[""] * (width - len(row))]) for line, row in enumerate(rows, start=around.line)]
    seen: list[Observation] = []
    left: list[Unplaced] = []
    above, breaks = "", behind_blanks(list(enumerate(map(list, rows), start=around.line)))
    for part in filter(None, parts_of([(line, row) for line, row in table if any(map(_SIGNS.search, row))])):
        grid = _Grid(part, replace(around, title=f"{above} {around.title}".strip()), words, breaks)
        above = above or grid.caption
        grid.read()
        seen += grid.seen
        left += grid.left
    return Reading(tuple(seen), tuple(left))


@dataclass(frozen=True, slots=True)
class _Row:
    """Meaning of a row: its label, unit, region and period, blank or None if not stated, and why it is of a firm."""

    label: Label
    unit: str
    region: str
    days: Span | None
    firm: str


_Key = tuple[str, str, str, str, bool]  # indicator, region, first and last day, and True for a target
_ASIDE = ("change", "share", "progress", "other_growth", "rank")
"""Column kinds whose words are not inherited by the columns to the right."""
_RATIOS = ("pct", "ratio", "per_10k")
"""Units of ratios, whose changes are stated in percentage points."""


@dataclass(frozen=True, slots=True)
class _Of:
    """Meaning of a figure: its row, the name in its column, label and unit of its whole, its region, period and source.

    `either` is true if a growth can be of the last month or of the year to date; `firm` is why the figure is of firms.
    """

    row: _Row
    name: str
    whole: tuple[str, str]
    region: str
    days: Span | None
    either: bool
    text: str
    place: str
    firm: str


@dataclass
class _Grid:
    """Printed table with its headings; `breaks` are the lines of rows right behind a blank row."""

    rows: list[Line]
    around: Around
    words: Lexicon
    breaks: frozenset[int]
    seen: list[Observation] = field(default_factory=list)
    left: list[Unplaced] = field(default_factory=list)

    def __post_init__(self) -> None:
        top = first_row([row for _, row in self.rows])
        heads, told = without_units([row for _, row in self.rows[:top]])
        alone = [row for row in heads if len({cell.strip() for cell in row if _SIGNS.search(cell)}) < 2]
        self.caption = " ".join(next(cell.strip() for cell in row if cell.strip()) for row in alone)
        self._body = self.rows[top:]
        heads = filled([row for row in heads if row not in alone])
        said = f"{self.caption} {self.around.title}".strip()
        self._units = [*told, *units_in(self.caption, self.words)]
        self._home = self._find_region(self.caption) or self.around.home or self._find_region(said)
        self._calendar = self._when(said)
        topic = topic_of(f"{self.caption}\n{self.around.title}", self.words)
        self._labels = Labels(self.words, self._home, topic)
        self._heads = [
            " ".join(dict.fromkeys(row[at].strip() for row in heads if row[at].strip())) for at in range(self._width)
        ]
        for at, head in enumerate(self._heads):  # 单位 over names of firms is no column of units
            below = [row[at] for _, row in self._body if row[at].strip()]
            over_units = words_of_tables()["unit"].search(fold(head)) is not None
            if over_units and below and not any(is_unit(cell, self.words) for cell in below):
                self._heads[at] = ""
        low = heads[-1] if len(heads) > 1 else []
        self._timeless = [at for at, cell in enumerate(low) if not self._calendar.cut(cell)[0]]
        self._dated: dict[Span | None, list[Column]] = {}
        caption = firm_in(self.caption, self.words)
        self._firm = self.around.firm if caption is None else caption
        over = [[row[at].strip() for row in heads] for at in range(self._width)]
        self._firms = [firm_of_heads(cells, self._place, self.words) for cells in over]
        self._columns = self._columns_of(None)
        of_use = [at for at in range(self._width) if self._columns[at].kind not in ("serial", "unit")]
        wordy = [at for at in of_use if self._wordy(at)]
        figures = next((at for at in of_use if at not in wordy), self._width)
        self._texts = [at for at in wordy if at < figures] or wordy
        self._several = sum(at not in wordy for at in of_use) > 1
        self._remarks = [at for at in wordy if at not in self._texts]  # the type of a target, or its source
        units = [at for at, one in enumerate(self._columns) if one.kind == "unit"]
        cells = filled_down([row for _, row in self._body], self._texts, units, self._is_aside)
        self._doubtful = filled_over(self.breaks, self._body, cells)
        self._body = [(line, row) for (line, _), row in zip(self._body, cells, strict=True)]
        over_labels = (self._columns[at] for at in self._texts)  # Indicator (100 million yuan)
        self._units += [one.unit for one in over_labels if one.kind == "level" and one.unit not in ("", "%")]

    @property
    def _width(self) -> int:
        return len(self.rows[0][1])

    def _firm_of_row(self, row: Sequence[str]) -> str:
        """Return why the figures of a row are of firms, by its cells with words; blank if they are not."""
        firms = words_of_tables()["firms"]
        for at in (*self._texts, *self._remarks):
            if firms.search(fold(self._heads[at])) and _SIGNS.search(row[at]) and not self._place(label(row[at]).words):
                return OF_A_FIRM
            if why := firm_in(row[at], self.words):
                return why
        return ""

    def _find_region(self, text: str) -> str:
        """Return the region that a text names; blank if it names none or several."""
        found = {self.words.place(match[0]) for match in self.words.places_pattern.finditer(fold(text))}
        return found.pop() if len(found) == 1 else ""

    def _when(self, said: str) -> Calendar:
        first = Calendar(self.words, self.around.published.year if self.around.published else None, None)
        told = [span for text in (self.caption, said) for span in first.cut(text)[0]]
        days = next((span for span in told if ends_a_month(span.last)), None)  # not a day of publication
        year = days.last.year if days else first.year
        return Calendar(self.words, year, days)

    def _wordy(self, at: int) -> bool:
        """Return True if most cells of a column are words, or all are words or years."""
        cells = [row[at].strip() for _, row in self._body if _SIGNS.search(row[at])]
        words = [cell for cell in cells if number(cell) is None]
        years = [cell for cell in cells if BARE_YEAR.fullmatch(cell)]
        return bool(cells) and (2 * len(words) > len(cells) or len(words) + len(years) == len(cells))

    def _is_aside(self, cell: str) -> bool:
        """Return True if a label is only a time or a place, so that the row has its name elsewhere."""
        return bool(self._calendar.cut(cell)[0] or self._place(label(cell).words))

    def read(self) -> None:
        """Read all rows into `seen` and `left`."""
        whole: tuple[str, str] = ("", "")
        section, output, firm, old, over = "", None, "", False, False
        for line, row in self._body:
            said = self._row(row)
            old = old or (line in self.breaks and not over)
            over = not any(number(cell) is not None for at, cell in enumerate(row) if at not in self._texts)
            if over:
                old = False
                section = said.region or section
                output = words_of_tables()["output"].search(said.label.words)
                whole = whole if said.label.part else ("", "")
                firm = firm if said.label.part else said.firm
                continue
            if line in self._doubtful or (old and section and not said.region):
                self._leave(line, row)
                continue
            said = replace(said, firm=said.firm or firm or self._firm)
            if output and said.label.words in self.words.products:
                said = replace(said, label=replace(said.label, words=f"{said.label.words}{output[0]}"))
            under = whole if said.label.part else ("", "")
            self._cells(line, row, said, under, section)
            if not said.label.part:
                whole = (said.label.words, said.unit)

    def _leave(self, line: int, row: Sequence[str]) -> None:
        """Leave over the figures of a row of which it is not certain that the label above is theirs."""
        why, where = _("a blank row stands between it and its label"), f"{self.around.place}:{line}"
        figures = ((at, cell) for at, cell in enumerate(row) if at not in self._texts and number(cell) is not None)
        self.left += [Unplaced(cell.strip(), why, " | ".join(row), where, ((at, at + 1),)) for at, cell in figures]

    def _row(self, row: list[str]) -> _Row:
        """Return the meaning of a row; its label is the last text cell that is neither a place nor a time."""
        region, days, name, unit = "", None, Label(""), ""
        for at in self._texts:
            cell = row[at]
            if is_unit(cell, self.words) and at != self._texts[0]:
                unit = cell.strip()
            elif found := self._place(label(cell).words):
                region = found
            elif cell.strip():
                spans, rest = self._calendar.cut(self.words.cues.price_base.sub(" ", cell))
                days = spans[0] if spans else days
                if not spans or column(rest, self._calendar).words:
                    name = label(rest if spans else cell)  # "volume at 2023 prices" names no year
        unit = next(
            (row[at].strip() for at, one in enumerate(self._columns) if one.kind == "unit" and row[at].strip()), unit
        )
        words, inside = without_unit(name.words, self.words)
        return _Row(replace(name, words=words), inside or unit, region, days, self._firm_of_row(row))

    def _cells(self, line: int, row: list[str], said: _Row, whole: tuple[str, str], section: str) -> None:
        """Add the figures of a row to the observations, or leave them over with reasons."""
        drafts: dict[_Key, Observation] = {}
        columns = self._columns_of(said.days)
        days, name, levels = None, "", list[Span]()
        label_ = said.label.words or (row[self._texts[0]].strip() if self._texts else "")
        for at, cell in enumerate(row):
            one, value = columns[at], number(cell)
            if at in self._texts or one.kind in ("serial", "unit"):
                continue
            text, where = f"{self._heads[at]} | {label_} | {cell.strip()}", f"{self.around.place}:{line}"
            if at in self._remarks:
                if value is not None:
                    self.left.append(Unplaced(cell.strip(), _("no indicator"), text, where, ((at, at + 1),)))
                continue
            place = self._place(one.words)
            if place and said.label.words:
                name = ""  # the row says what the figures of a place are
            elif one.words and not place and not self._firms[at] and one.kind not in _ASIDE:
                name = one.words
            if one.kind == "level" and one.days:
                days, levels = one.days, [*levels, one.days]
            if value is not None:
                grown = latest_of(levels) if levels and one.kind != "level" else None
                if grown and one.days and is_year_around(one.days, grown):
                    if at not in self._timeless:
                        either_of = _("it may be of the whole year or of the months beside it")
                        self.left.append(Unplaced(cell.strip(), either_of, text, where, ((at, at + 1),)))
                        continue
                    one = replace(one, days=None)  # the year stands over both columns
                when = one.days or grown or said.days or days or self._calendar.days
                either = one.days is None and grown is not None and is_month_behind(grown, levels)
                of = _Of(said, name, whole, place or said.region or section, when, either, text, where,
                         said.firm or self._firms[at])  # fmt: skip
                if why := self._cell(drafts, one, value, of, at):
                    self.left.append(Unplaced(cell.strip(), why, text, where, ((at, at + 1),)))
            if one.kind == "growth":
                levels = []
        self.seen += drafts.values()

    def _columns_of(self, days: Span | None) -> list[Column]:
        """Return the columns for a row with the period `days`; headings inherit from it what they leave out."""
        if days not in self._dated:
            calendar = Calendar(self.words, days.last.year, days) if days else self._calendar
            told = {head: column(head, calendar) for head in set(self._heads)}  # thousands of columns may have none
            self._dated[days] = [told[head] for head in self._heads]
        return self._dated[days]

    def _place(self, text: str) -> str:
        """Return the region that a label or heading consists of, else blank; 全省 is the region of the table."""
        return (self._home if words_of_tables()["whole"].search(fold(text)) else "") or (
            region_of(text, self.words) if text else ""
        )

    def _cell(self, drafts: dict[_Key, Observation], one: Column, value: float, of: _Of, at: int) -> str:
        """Add the figure of column `at` to the observations of its row. Return the reason if it is left over, else blank."""
        if one.kind in _LEFT:
            return _LEFT[one.kind]
        if not self._heads[at] and self._several:
            return _("its column has no heading")
        meant = self._meaning(one, of)
        if of.firm and not (isinstance(meant, Meaning) and meant.indicator.startswith("operator")):
            return of.firm
        if isinstance(meant, str):
            return meant
        region = meant.region or of.region or self._home
        if meant.indicator not in self.words.terms or not region or of.days is None:
            return _("no date") if of.days is None else _("no indicator") if region else _("no region")
        if one.kind == "growth" and one.base and one.base != of.days.last.year - 1:
            return _LEFT["other_growth"]
        spec = self.words.terms[meant.indicator]
        if of.either and spec.kind != "stock":
            return _("it may be of the months so far or of the last month")
        if one.kind == "growth" and spec.unit in _RATIOS and spec.kind != "flow":
            return _("a growth or a change in points, of which the table does not say which")
        if one.kind == "points" and (spec.unit, spec.kind) != ("pct", "ratio"):
            return _("points by which a growth sped up or slowed, not a change of a ratio")
        first, last, basis = fitted_to(of.days, spec)
        ahead = self.around.published is not None and first > self.around.published
        if not ahead and one.kind != "target" and not self.around.is_over(last):
            return _("said to have happened, with a day after that of the text")
        key = (meant.indicator, region, first.isoformat(), last.isoformat(), ahead or one.kind == "target")
        held = drafts.get(key) or Observation(
            *key[:4], basis, None, "pct", status="target" if key[-1] else "actual", text=of.text,
            place=of.place, scope=meant.scope, price_base=meant.price_base,
        )  # fmt: skip
        match one.kind:
            case "growth":
                held = replace(held, growth_pct=value)
            case "points":
                held = replace(held, change_points=value, change_to=points_over(one, last))
            case "share":
                held = replace(held, share_pct=value)
            case "rank":
                held = replace(held, rank=int(value))
            case _ if held.value is not None:
                return _("another figure of the same days stands beside it")
            case _:
                held = replace(held, value=clean(value * meant.factor), unit=meant.unit)
        drafts[key] = replace(held, marks=(*held.marks, (at, at + 1)))
        return ""

    def _meaning(self, one: Column, of: _Of) -> Meaning | str:
        """Return the meaning of a figure from row label and column, else from the caption, or the reason if unknown."""
        label_, whole, part = of.row.label.words, of.whole, label(of.name)
        if part.part:  # the column is a part of each row: of which rural
            label_, whole, of = "", (label_, of.row.unit or one.unit), replace(of, name=part.words)
        between = "" if re.search(r"[\u4e00-\u9fff]", label_ + of.name) else " "
        words = between.join(part for part in (label_, of.name) if part)
        unit = of.row.unit or (of.whole[1] if of.row.label.part else "")
        found = self._read_meaning(words, one, unit, whole)
        subject = "" if of.row.label.words else self._subject()
        if isinstance(found, str) and fold(words) in subject:  # 基站数 in 5G基站数
            found = self._read_meaning(subject, one, unit, whole)
        return found

    def _read_meaning(self, words: str, one: Column, unit: str, whole: tuple[str, str]) -> Meaning | str:
        """Return the meaning of words, or the reason if unknown; a growth or rank takes the unit of a level column."""
        if not words:
            return _("no indicator")
        if one.kind in ("level", "target"):
            return self._of_level(words, one.unit or unit, whole)
        if one.kind == "points":
            found = self._of_level(words, "%", whole)
            return found if isinstance(found, Meaning) else self._labels.growth(words, whole)
        for beside in (unit, *(other.unit for other in self._columns if other.kind == "level"), *self._units):
            if beside not in ("", "%") and isinstance(meant := self._labels.level(words, beside, whole), Meaning):
                return meant
        return self._labels.growth(words, whole) if one.kind == "growth" else self._of_level(words, "", whole)

    def _of_level(self, words: str, unit: str, whole: tuple[str, str]) -> Meaning | str:
        found: Meaning | str = ""
        for given in [unit] if unit else [*self._units, ""]:
            found = self._labels.level(words, given, (whole[0], whole[1] or given))
            if isinstance(found, Meaning):
                return found
        return found

    def _subject(self) -> str:
        """Return the caption without time, place and unit: the subject of a table whose labels do not name it."""
        _, rest = self._calendar.cut(UNIT_OF_TABLE.sub(" ", self.caption or self.around.title))
        plain = self.words.places_pattern.sub(" ", fold(rest))
        return words_of_tables()["about"].sub(" ", plain).strip(" ,，、")
