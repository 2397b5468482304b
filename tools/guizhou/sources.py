"""Table `sources`: every key that a row's `source` cell uses, from data/facts/sources.csv."""

from __future__ import annotations

from tools.guizhou import facts
from tools.guizhou.book import HEADERS, Book

PROFILE_KEYS = frozenset(("pue-model", "worldclim"))
"""Sources of the hourly profiles, which are written apart."""


def write(book: Book) -> None:
    """Table `sources`. Where many pages stand behind one fact file, the address is that file."""
    cited(book, facts.records("sources") + facts.records("access_sources"), PROFILE_KEYS)


def cited(book: Book, known: list[dict[str, str]], more: frozenset[str] = frozenset()) -> None:
    """Those of the known sources that some row cites, and `more`."""
    cells = {str(row["cited"]) for name, rows in book.rows.items() if name != "sources" for row in rows}
    keys = {key for cell in cells for key in cell.split(";")} | more
    for row in (row for row in known if row["source"] in keys):
        book.add("sources", "", row["quality"], **{column: row[column] for column in HEADERS["sources"]})
