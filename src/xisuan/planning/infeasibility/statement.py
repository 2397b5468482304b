"""A statement of a scenario: table, row, column, value, and how to relax it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xisuan.text.translation import Message
from xisuan.text.translation import message as _

MANY = 3
"""Most rows of one table with equal statements that are listed separately."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the scenario. `years`: the periods in which it holds; empty where it holds for all.

    `more`, `less`, `apart`: remedies where the value must be higher, lower, or higher in some hours and lower in
    others, if they differ from `loosen`.
    """

    table: str
    row: str
    column: str
    text: str
    loosen: str
    years: tuple[int, ...] = ()
    more: str = ""
    less: str = ""
    apart: str = ""

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> Message:
        """Return place, statement, years and remedy on one line."""
        place = ", ".join(part for part in (self.table, self.row, self.column) if part)
        if not self.years:
            stated = _("{place}: {text}", place=place, text=self.text)
        else:
            stated = _("{place}: {text} in {years}", place=place, text=self.text, years=_years(self.years))
        return _("{stated} · {loosen}", stated=stated, loosen=self.loosen)

    @property
    def place(self) -> tuple[str, ...]:
        """Return table, row and column, without the year."""
        return (self.table, *(part for part in self.row.split("/") if not part.isdigit()), self.column)

    @property
    def family(self) -> tuple[str, str]:
        """Return table and column."""
        return (self.table, self.column)


def _years(years: tuple[int, ...]) -> str:
    """Return the years as text: "2026", "2026-2028" for three or more in a row, "2026, 2028"."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}-{years[-1]}"
    return ", ".join(map(str, years))


def merge(statements: list[Statement]) -> list[Statement]:
    """Return the statements with equal ones merged over periods, and over rows if there are more than `MANY`."""
    years: dict[Statement, list[int]] = {}
    for one in statements:
        years.setdefault(replace(one, years=()), []).extend(one.years)
    rows: dict[Statement, list[str]] = {}
    for one, asked in years.items():
        rows.setdefault(replace(one, row="", years=tuple(sorted(asked))), []).append(one.row)
    return [
        replace(one, row=row)
        for one, places in rows.items()
        for row in ([" + ".join(places)] if len(places) > MANY else places)
    ]
