"""Table `sources`: every key that a row's `source` cell uses, from data/facts/sources.csv."""

from __future__ import annotations

from tools.guizhou import facts
from tools.guizhou.book import HEADERS, Book


def write(book: Book) -> None:
    """Table `sources`. Where many pages stand behind one fact file, the address is that file."""
    for row in facts.records("sources"):
        book.add("sources", "", row["quality"], **{column: row[column] for column in HEADERS["sources"]})
