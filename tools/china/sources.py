"""Table `sources`: every key in a `source` cell, from data/facts/sources.csv and access_sources.csv."""

from __future__ import annotations

from tools.china import facts
from tools.china.book import HEADERS, Book


def write(book: Book, *more: str) -> None:
    """Write table `sources`: the sources that rows of the book cite, and `more`.

    A fact file of many pages has one address.
    """
    wanted = book.cited() | set(more)
    known = (*facts.records("sources"), *facts.records("access_sources"))
    rows = [row for row in known if row["source"] in wanted]
    missing = wanted - {row["source"] for row in rows}
    if missing:
        raise LookupError(f"sources.csv lacks {sorted(missing)}")
    for row in rows:
        book.add(
            "sources", "", row["quality"], **{column: row[column] for column in HEADERS["sources"] if column in row}
        )
