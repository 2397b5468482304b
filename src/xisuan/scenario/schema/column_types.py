"""Definitions of tables and columns, and the columns that several tables share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from xisuan.text.translation import Message

Kind = Literal["name", "text", "number", "count", "year", "flag", "choice", "series"]
"""`name` identifies something; `series` is a number or the name of a profile; `count` and `year` are whole numbers."""


def described(text: str) -> Message:
    """Return a meaning, a unit or the meaning of a blank as a message, which has its Chinese in the catalogue."""
    return Message(text, {}, context="schema")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `blank` is the meaning of a blank; `default` is its value after reading (None: it stays missing). `refers` names the
    table whose key a value must be (several: any of them). Bounds are inclusive, except `above`.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    blank: str = ""
    default: float | str | bool | None = None
    required: bool = False
    low: float | None = None
    high: float | None = None
    above: float | None = None
    refers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    default_from: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its key, its columns, and whether a row may hold from a `period` on (`dated`).

    With `hindsight` its rows are never hidden by `as_of`; no decision may read it.
    """

    name: str
    keys: tuple[str, ...]
    meaning: str
    columns: tuple[Column, ...]
    dated: bool = True
    annotation: str = "source"
    hindsight: bool = False

    def column(self, name: str) -> Column | None:
        """Return the column called `name`, annotation and period columns included, or None."""
        return next((column for column in self.all_columns if column.name == name), None)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Own columns, then `period` where rows may be dated, then the annotations of every table."""
        own = {column.name for column in self.columns}
        period = (PERIOD,) if self.dated and "period" not in own else ()
        notes = tuple(
            Column(self.annotation, note.kind, note.meaning) if note.name == "source" else note
            for note in ANNOTATIONS
            if not (note.name == "source" and self.annotation in own)
        )
        return (
            *self.columns,
            *period,
            *(note for note in notes if note.name not in own),
        )

    @property
    def row_keys(self) -> tuple[str, ...]:
        """Columns that identify a row: the key, and the period where rows are dated."""
        return self.keys if "period" in self.keys or not self.dated else (*self.keys, "period")


PERIOD = Column(
    "period",
    "year",
    "the year from which the row holds, until the next row of its key",
    blank="it holds from the start",
    low=1900,
    high=2200,
)
ANNOTATIONS = (
    Column(
        "source",
        "text",
        "where the figures come from: keys of `sources`, several separated by ;",
    ),
    Column(
        "quality",
        "choice",
        "how the figures were had",
        choices=("published", "derived", "estimate"),
    ),
    Column("note", "text", "anything a reader of the row should know"),
)


def named(name: str, meaning: str, **more: object) -> Column:
    """Return a required column of names."""
    return Column(name, "name", meaning, required=True, **more)  # type: ignore[arg-type]


def amount(name: str, unit: str, meaning: str, blank: str = "0", default: float | None = 0.0) -> Column:
    """Return a column of non-negative numbers, zero where blank."""
    return Column(name, "number", meaning, unit, blank=blank, default=default, low=0.0)


def limit(name: str, unit: str, meaning: str) -> Column:
    """Return a column of upper limits; blank means no limit."""
    return Column(name, "number", meaning, unit, blank="no limit", low=0.0)


def known(name: str, unit: str, meaning: str, blank: str = "unknown") -> Column:
    """Return a column of non-negative numbers that may be unknown."""
    return Column(name, "number", meaning, unit, blank=blank, low=0.0)


TITLES = (
    Column("title", "text", "what people call it in English"),
    Column("title_zh", "text", "what people call it in Chinese"),
)
PLACE = (
    Column("lat", "number", "latitude", "degrees", low=-90.0, high=90.0),
    Column("lon", "number", "longitude", "degrees", low=-180.0, high=180.0),
)
LIFE = Column(
    "life_years",
    "number",
    "years of use of what is built",
    "years",
    blank="for ever; an error where capital is an annuity and the capital cost is not 0",
    above=0.0,
)
LEAD = Column(
    "lead_years",
    "number",
    "years from order to use",
    "years",
    blank="0",
    default=0.0,
    low=0.0,
)
INVESTOR = Column(
    "investor",
    "text",
    "who pays its capital cost; budgets refer to it as investor:NAME",
)
