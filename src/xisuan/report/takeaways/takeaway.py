"""Contents of a takeaway, taken from the sections of the report: nothing is computed or worded twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xisuan.report.document.blocks import Brief, Card, Cards, Cell, Row, Section, Table
from xisuan.report.document.entity_names import titled
from xisuan.report.document.number_cells import CLOSE, OPEN
from xisuan.report.pages import run_page
from xisuan.report.run_context import Context
from xisuan.text.numbers import GAP
from xisuan.text.translation import Language
from xisuan.text.translation import message as _

CHAPTERS = ("build", "money", "customers", "what_if", "targets", "risks", "cities", "power")
"""Chapters by how much a reader of slides needs them."""


@dataclass(frozen=True, slots=True)
class Takeaway:
    """Contents of a takeaway: language, names, the section of the brief with its brief, and the chapters.

    `kicker`: name of the scenario. `source`: where the numbers come from, for the foot of a page.
    """

    language: Language
    context: Context
    kicker: str
    source: str
    first: Section
    brief: Brief
    chapters: tuple[Section, ...]

    def chapter(self, name: str) -> Section | None:
        """Return a chapter by its name; None where the report has none."""
        return next((one for one in self.chapters if one.name == name), None)


def takeaway(found: run_page.Tried, language: Language, made: Sequence[Section] | None = None) -> Takeaway:
    """Return what a takeaway of a run shows. `made`: the sections of its report, where they were made before."""
    context = Context(run_page.central(found), language)
    sections = made or run_page.sections(found, language)
    first, brief = next((one, block) for one in sections for block in one.blocks if isinstance(block, Brief))
    as_of = context.scenario.settings.as_of
    day = context.say(_(" · as of {day}", day=context.when(as_of.isoformat()))) if as_of else ""
    kicker = f"{titled(context.scenario.settings, language)} · {context.span}{day}"
    source = context.say(
        _("Source: xisuan (西算), computed from the tables of the run; the report has method and sources.")
    )
    chapters = tuple(one for one in sections if not one.is_annex and one is not first)
    return Takeaway(language, context, kicker, source, first, brief, chapters)


def plain_text(text: str) -> str:
    """Return text without the marks that set figures bold on the page, and with ordinary spaces."""
    return text.replace(OPEN, "").replace(CLOSE, "").replace(GAP, " ")


def first_sentences(text: str, most: int) -> str:
    """Return the first sentences of a text that have at most `most` Latin letters together; always the first."""
    text, kept = plain_text(text), ""
    for sentence in _sentences(text):
        if kept and letters(kept + sentence) > most:
            break
        kept += sentence
    return kept.strip()


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text, English ones with the space behind them."""
    return re.findall(r"\S.*?(?:。|[.](?:\s+(?=[^a-z])|$)|$)", text, flags=re.S)


def tables(section: Section) -> list[Table]:
    """Return the tables of a chapter that are not folded and say something, without columns that are blank throughout."""
    given = [block for block in section.blocks if isinstance(block, Table)]
    return [slim for table in given if not table.folded and (slim := _without_blank_columns(table)).rows]


def _without_blank_columns(table: Table) -> Table:
    """Return a table without the columns of bars alone, and with one row for each heading between rows."""
    n = len(table.columns)
    full = [row for row in table.rows if len(row.cells) == n]
    kept = [at for at in range(n) if any(row.cells[at].text for row in full)]
    rows = tuple(
        Row(tuple(row.cells[at] for at in kept), row.kind)
        if len(row.cells) == n
        else Row((row.cells[0], *(Cell(""),) * (len(kept) - 2), row.cells[-1]), row.kind)
        for row in table.rows
    )
    return Table(table.title, tuple(table.columns[at] for at in kept), rows, note=table.note)


def shortened(table: Table, most: int) -> tuple[Table, int]:
    """Return a table with at most `most` rows, its sums among them, and the number of rows left out.

    Where groups have sums, the rows with the largest amounts are kept, so that no group is without what matters in it.
    """
    if len(table.rows) <= most:
        return table, 0
    sums = [at for at, row in enumerate(table.rows) if row.kind == "total" or _has_sum(row)]
    others = [at for at in range(len(table.rows)) if at not in sums]
    if any(_has_sum(row) for row in table.rows):
        others.sort(key=lambda at: -(table.rows[at].cells[-1].value or 0.0))
    kept = others[: max(0, most - len(sums))]
    while kept and table.rows[kept[-1]].kind == "group":
        kept.pop()
    rows = tuple(table.rows[at] for at in sorted([*sums, *kept]))
    return Table(table.title, table.columns, rows, note=table.note), len(table.rows) - len(rows)


def _has_sum(row: Row) -> bool:
    """Return True if a row is the heading of a group with the sum of the group."""
    return row.kind == "group" and len(row.cells) > 1 and bool(row.cells[-1].text)


def cards(section: Section) -> list[Card]:
    """Return the cards of a chapter."""
    return [card for block in section.blocks if isinstance(block, Cards) for card in block.cards]


def column_widths(table: Table, width: int) -> list[int]:
    """Return widths of the columns of a table in proportion to their texts, `width` together."""
    weights = []
    for at, column in enumerate(table.columns):
        texts = [row.cells[at].text for row in table.rows if row.kind != "group" or at > 0]
        words = [letters(word) + 1 for word in f"{column.title} {column.unit}".split()]
        weights.append(min(MOST_LETTERS, max([LEAST_LETTERS, *words, *map(letters, texts)])) + SPACE)
    return [width * weight // sum(weights) for weight in weights]


LEAST_LETTERS, MOST_LETTERS, SPACE = 6, 30, 2
"""Least and most letters to which a column is fitted, and what its edges take."""


def letters(text: str) -> int:
    """Return the width of a text in Latin letters; a Chinese sign is as wide as two."""
    return sum(2 if letter > "\u2e80" else 1 for letter in text)
