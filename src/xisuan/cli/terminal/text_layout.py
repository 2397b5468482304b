"""Plain tables and paragraphs for a terminal of 100 columns, with the width of Chinese characters."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

WIDTH = 100
GAP = 2
FILLER = "\0"
NARROWEST = 8
"""Columns a text column keeps when a table has to be squeezed."""


def drawn(text: str) -> int:
    """Return the number of columns that `text` takes: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def cut(text: str, width: int) -> str:
    """Return `text` in at most `width` columns, with an ellipsis if it was cut."""
    if drawn(text) <= width:
        return text
    out = ""
    for sign in text:
        if drawn(out + sign) > width - 1:
            break
        out += sign
    return out + "…"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], text: int = 1, indent: int = 2) -> list[str]:
    """Return the lines of a table: the first `text` columns left-aligned, the others right-aligned.

    The widest text columns are cut until the table fits.
    """
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(drawn(row[at]) for row in cells) for at in range(len(head))]
    room = WIDTH - indent - GAP * (len(widths) - 1)
    while sum(widths) > room:
        widest = max(range(text), key=lambda at: widths[at])
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    lines = []
    for row in cells:
        parts = []
        for at, width in enumerate(widths):
            cell = cut(row[at], width)
            space = " " * (width - drawn(cell))
            parts.append(cell + space if at < text else space + cell)
        lines.append((" " * indent + (" " * GAP).join(parts)).rstrip())
    return lines


def pairs(rows: Sequence[tuple[str, str]], indent: int = 2) -> list[str]:
    """Return lines `label value`, with wrapped values in one column."""
    if not rows:
        return []
    width = max(drawn(label) for label, _ in rows)
    lines = []
    for label, value in rows:
        first = " " * indent + label + " " * (width - drawn(label) + GAP)
        lines += _wrapped(value, first, " " * (indent + width + GAP))
    return lines


def bars(rows: Sequence[tuple[str, float, str]], indent: int = 2, length: int = 40) -> list[str]:
    """Return a bar chart: label, bar and text of each row; the largest amount has `length` blocks."""
    most = max((amount for _, amount, _ in rows), default=0.0)
    width = max((drawn(label) for label, _, _ in rows), default=0)
    lines = []
    for label, amount, text in rows:
        blocks = round(length * amount / most) if most > 0 else 0
        bar = "█" * max(blocks, 1 if amount > 0 else 0)
        lines.append(f"{' ' * indent}{label}{' ' * (width - drawn(label) + GAP)}{bar} {text}")
    return lines


def paragraph(text: str, indent: int = 0, hang: int = 2, columns: int = WIDTH) -> list[str]:
    """Return `text` wrapped to a number of columns, with hanging later lines."""
    return _wrapped(text, " " * indent, " " * (indent + hang), columns)


def _wrapped(text: str, first: str, later: str, columns: int = WIDTH) -> list[str]:
    if drawn(first) + drawn(text) <= columns:
        return [first + text]
    # textwrap counts signs: a filler after each wide sign makes two of it. A line may break between any two wide signs,
    # and between a sign and its filler: so one column is left free.
    filled = ["".join(sign + FILLER * (drawn(sign) - 1) for sign in part) for part in (text, first, later)]
    wide = FILLER in filled[0]
    lines = textwrap.wrap(
        filled[0], columns - wide, initial_indent=filled[1], subsequent_indent=filled[2], break_on_hyphens=False,
        break_long_words=wide,
    )  # fmt: skip
    return [line.replace(FILLER, "") for line in lines]
