"""A table to observations: one of an observation a row, or one as bureaus print them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from xisuan.indicators.language.vocabulary import Vocabulary
from xisuan.indicators.reading import grids, tidy
from xisuan.results.bulletin_reading import Reading

Rows = Sequence[Sequence[str]]


def read(
    rows: Rows,
    place: str,
    words: Vocabulary,
    published: datetime.date | None = None,
    home: str = "",
    title: str = "",
    line: int = 1,
) -> Reading:
    """Observations of a table; cells that hold a number and cannot be placed are left over.

    `home` and `title` are what the text around it is about, where the table itself names no region and no time; `line` is
    where it begins there.
    """
    table = [list(row) for row in rows]
    full = [row for row in table if any(cell.strip() for cell in row)]
    if not full:
        return Reading((), ())
    if tidy.is_tidy(full[0]):
        return tidy.read(full, place, words)
    return grids.read(table, grids.Around(place, line, published, home, title or place), words)
