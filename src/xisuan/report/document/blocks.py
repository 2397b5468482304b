"""Specifications of what a page shows: plain frozen data, all text already in its language, no markup.

A section is a title and blocks. The specification contains everything that is needed to draw a block, here or in
another front end. Colours are names of the palette, never values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from xisuan.report.document.map_blocks import Map, MarkKind

RowKind = Literal["plain", "group", "total", "marked"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, or, with `items`, a list under it. `tone` sets it apart."""

    text: str = ""
    items: tuple[str, ...] = ()
    tone: Literal["plain", "note", "lead", "empty"] = "plain"


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. `bar` (0 to 1) draws a bar behind it, `shade` (0 to 1) tints it, `tip` is its explanation.

    `value` is the number behind the text, for the workbook. `parts` (shares of the row's width, each with a colour)
    draw a stacked bar in place of the text, `reach` (least, point, most; each 0 to 1) a line from least to most.
    """

    text: str
    bar: float | None = None
    shade: float | None = None
    colour: str = ""
    tip: str = ""
    value: float | None = None
    parts: tuple[tuple[float, str], ...] = ()
    reach: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading with the unit beneath, and whether it holds numbers."""

    title: str
    unit: str = ""
    number: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. A `group` row has two cells: a heading across, and a value in the last column."""

    cells: tuple[Cell, ...]
    kind: RowKind = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `folded` hides it behind its title until asked for. A `heat` table has many narrow shaded columns, the last
    column of a `remarks` table is prose, which stands beneath its row.

    `legend`: colours of the stacked bars in its cells, each with its name.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    folded: bool = False
    note: str = ""
    style: Literal["plain", "heat", "pairs", "wide", "remarks"] = "plain"
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one thing with its colour."""

    name: str
    values: tuple[float, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Stacked columns, one for each category. `unit` is the axis title, `across` that of the categories.

    The first `actual` categories are over and drawn hatched. `spread`: least and most of each column, None where it has
    no range. `base`: height at which each column begins, as in a waterfall; blank: 0.
    """

    title: str
    unit: str
    across: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    note: str = ""
    actual: int = 0
    spread: tuple[tuple[float, float] | None, ...] = ()
    base: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A run of modelled hours on an axis: its label, how many hours it has, and the hour of the day it starts in.

    `starts` −1: a run of steps that are no hours, of which the label says all.
    """

    label: str
    hours: int
    starts: int = 0


@dataclass(frozen=True, slots=True)
class Hours:
    """Hourly values over spans: `series` stacked as areas, `lines` drawn over them."""

    title: str
    unit: str
    across: str
    spans: tuple[Span, ...]
    series: tuple[Series, ...]
    lines: tuple[Series, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """Hourly values of a year as a map: a column a day, a row an hour of it, shaded from the least to the most.

    `months`: name and days of each. `marked`: first day and day after the last of a stretch that is framed, `mark` what it
    is. `ends`: the least and the most as text. `numbers`: a row a month with its mean, least and most.
    """

    title: str
    unit: str
    across: str
    values: tuple[float, ...]
    months: tuple[tuple[str, int], ...]
    marked: tuple[int, int]
    mark: str
    ends: tuple[str, str]
    numbers: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Points of one thing, from left to right, with its colour; not `joined`: what lies between them was not looked at."""

    name: str
    points: tuple[tuple[float, float], ...]
    colour: str
    joined: bool = True


@dataclass(frozen=True, slots=True)
class Lines:
    """Points over a number, joined by lines. `unit` is the title of the vertical axis, `across` that of the horizontal
    one.

    `named` is False if another part of the page explains the colours.
    """

    title: str
    unit: str
    across: str
    lines: tuple[Line, ...]
    note: str = ""
    named: bool = True


@dataclass(frozen=True, slots=True)
class Beside:
    """Blocks side by side where the page is wide enough. `legend`: colours of lines that all of them have, with names."""

    blocks: tuple[Block, ...]
    legend: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several groups of blocks, chosen by the reader. On paper: the chosen one, or all where `print_all`."""

    label: str
    names: tuple[str, ...]
    groups: tuple[tuple[Block, ...], ...]
    chosen: int = 0
    print_all: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """One big number of the headline."""

    value: str
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The headline's big numbers."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One question of the brief and its answer: a number with unit and label, lines beneath, range and verdict.

    `section`: name of the section that has the details. `tone`: how certain the number is.
    """

    question: str
    value: str
    unit: str
    label: str
    lines: tuple[tuple[str, str], ...] = ()
    span: str = ""
    verdict: str = ""
    tone: Literal["firm", "open", "plain", "bad"] = "plain"
    section: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A decision that is due: what, money, date, and the event that would change it.

    `amount`, `unit`: the money as a number, in one unit for all decisions.
    """

    what: str
    money: str
    date: str
    event: str
    amount: float = math.nan
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """The first screen and first page: six tiles, charts year by year, and the decisions due now.

    `warning`: what a reader must know before the numbers; it stands above the tiles. Blank: none.
    """

    tiles: tuple[Tile, ...]
    charts: tuple[Bars, ...] = ()
    charts_title: str = ""
    charts_note: str = ""
    due: tuple[Due, ...] = ()
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A case of *what if*: its title, the change at the place as a big number, and lines of what else changes."""

    title: str
    value: str
    label: str
    lines: tuple[str, ...] = ()
    tone: Literal["firm", "open", "plain", "bad"] = "plain"


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards side by side."""

    title: str
    cards: tuple[Card, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """One direction of a link through the hours of a year: SVG path data, capacity and traffic, Gbps."""

    name: str
    path: str
    casing: float
    widest: float
    capacity: float
    gbps: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Beat:
    """A site through the hours of a year: its place, the radius of its largest power, facility power (MW) and price."""

    name: str
    x: float
    y: float
    radius: float
    kind: MarkKind
    mw: tuple[float, ...]
    price: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Moving:
    """A year on the map: what every link carries and every site draws in each modelled hour.

    `total_mw` and `total_gbps` are sums over sites and links by the hour, `busiest` the hour with most traffic over most
    links' capacity: where the page begins.
    """

    year: int
    streams: tuple[Stream, ...]
    beats: tuple[Beat, ...]
    total_mw: tuple[float, ...]
    total_gbps: tuple[float, ...]
    busiest: int


@dataclass(frozen=True, slots=True)
class HourMap:
    """A map by the hour: what stands still (`ground`), the runs of hours, and the years to choose from."""

    ground: Map
    spans: tuple[Span, ...]
    years: tuple[Moving, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A bar on a time line, from `start` to `end` (0 to 1 of the axis), `weight` from 0 to 1, in `row` of its lane."""

    start: float
    end: float
    weight: float
    colour: str
    tip: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of a Gantt chart: bars, `due` and `done` as places on the axis (0 to 1), and words at its end."""

    name: str
    bars: tuple[Stretch, ...]
    note: str = ""
    due: float | None = None
    done: float | None = None
    tip: str = ""

    @property
    def rows(self) -> int:
        """Return how many rows of bars it has room for: two at least, so that its marks have."""
        return max([2, *(bar.row + 1 for bar in self.bars)])


@dataclass(frozen=True, slots=True)
class Gantt:
    """A Gantt chart: one lane a thing over `categories` of equal width, each with rows of bars.

    `numbers`: a row for each bar, headings first; the first two columns are texts.
    """

    title: str
    categories: tuple[str, ...]
    lanes: tuple[Lane, ...]
    series: tuple[Series, ...]
    marks: tuple[str, str]
    numbers: tuple[tuple[str, ...], ...]
    note: str = ""


Block = Text | Table | Bars | Hours | Lines | Days | Beside | Choice | Keys | Map | Brief | Cards | Gantt


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its anchor, title, opening sentence, blocks, its number or 0, and if it is of the annex."""

    name: str
    title: str
    lead: str = ""
    blocks: tuple[Block, ...] = field(default_factory=tuple)
    number: int = 0
    is_annex: bool = False
