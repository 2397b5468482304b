"""Table `sources`: every key that a row's `source` cell uses, from data/facts/sources.csv and access_sources.csv."""

from __future__ import annotations

from tools.china import facts
from tools.china.book import HEADERS, Book


def write(book: Book, *more: str) -> None:
    """Table `sources`: what the rows of the book cite, and `more`. One address for a fact file of many pages."""
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
