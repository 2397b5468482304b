"""Tables that stand in running text: lines of cells set apart by bars, tabs or wide blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xisuan.bulletins.files.publication import is_caption
from xisuan.bulletins.tables.column_headings import BARE_YEAR
from xisuan.bulletins.tables.tidy_tables import number

_RULE = re.compile(r"[\s|:+=—–-]*[-=—–]{2,}[\s|:+=—–-]*")
"""A line that only rules a table off."""
_SIGNS = (re.compile(r"\s*\|\s*"), re.compile(r"\s*\t\s*"), re.compile(r"[ \u3000]{3,}|\u3000+"))
_LONGEST = 60
"""Signs of a cell beyond which it is running text."""


@dataclass(frozen=True)
class Table:
    """Rows of a table, with the line above as a first one where that is a caption, and the line at which it begins."""

    rows: list[list[str]]
    line: int


def without_tables(text: str) -> tuple[str, list[Table]]:
    """Return a text with blank lines in place of its tables, so that lines keep their numbers, and the tables."""
    lines = text.split("\n")
    found: list[Table] = []
    for first, last, rows in _blocks(lines):
        above = first - 1 if first and is_caption(lines[first - 1]) else first
        found.append(Table([*([line.strip()] for line in lines[above:first]), *rows], above + 1))
        lines[first:last] = [""] * (last - first)
    return "\n".join(lines), found


def _blocks(lines: list[str]) -> Iterator[tuple[int, int, list[list[str]]]]:
    """Lines that follow one another and are rows of one table: first, the one behind the last, and their cells."""
    at = 0
    while at < len(lines):
        border = _border(lines[at : at + 2])
        sign = next((sign for sign in _SIGNS if len(_cells(lines[at], sign, border)) > 1), None)
        last, rows = at, list[list[str]]()
        while sign is not None and last < len(lines) and (cells := _cells(lines[last], sign, border, rows)):
            rows.append(cells if not _RULE.fullmatch(lines[last]) else [""])
            last += 1
        if _is_table(rows):
            yield at, last, _headed(rows)
        at = max(last, at + 1)


def _border(lines: Sequence[str]) -> tuple[bool, bool]:
    """Return whether bars before and behind the lines are a border; otherwise they set a blank cell apart."""
    plain = [line.strip() for line in lines if line.strip()]
    return all(line.startswith("|") for line in plain), all(line.endswith("|") for line in plain)


def _cells(
    line: str, sign: re.Pattern[str], border: tuple[bool, bool], above: list[list[str]] | None = None
) -> list[str]:
    """Return the cells of a line, none where it is no row; leading blanks, which mark a part, are kept."""
    if above and _RULE.fullmatch(line):
        return [line]
    bar = sign is _SIGNS[0]
    plain = line.rstrip()
    if bar:
        plain = line.strip()
        plain = plain.removeprefix("|") if border[0] else plain
        plain = plain.removesuffix("|") if border[1] else plain
    indent = re.match(r"[ \u3000]*", plain)
    cells = sign.split(plain.strip() if bar else plain.strip(" \u3000"))
    if len(cells) < 2 or any(len(cell) > _LONGEST for cell in cells):
        return []
    return [f"{indent[0] if indent and not (bar and line.strip().startswith('|')) else ''}{cells[0]}", *cells[1:]]


def _headed(rows: list[list[str]]) -> list[list[str]]:
    """Rows, of which headings that begin under a later column than the labels have a blank cell for each that they leave
    out.
    """
    width = max(len(row) for row in rows if has_figures(row))
    out: list[list[str]] = []
    for row in rows:
        indent = len(row[0]) - len(row[0].lstrip(" \u3000"))
        later = (indent >= _INDENT and not has_figures(row)) or all(BARE_YEAR.fullmatch(cell.strip()) for cell in row)
        short = width - len(row) if later and len(row) > 1 else 0
        out.append([*[""] * short, *([row[0].strip(), *row[1:]] if short > 0 else row)])
    return out


_INDENT = 3
"""Blanks before a heading that does not stand above the labels."""


def _is_table(rows: list[list[str]]) -> bool:
    """Return True where rows hold headings and figures below them."""
    figures = [has_figures(row) for row in rows]
    return any(figures) and not all(figures[:2])


def has_figures(row: Sequence[str]) -> bool:
    """Return True where a row has numbers that are no years of headings."""
    found = [cell.strip() for cell in row[1:] if number(cell) is not None]
    return bool(found) and not all(BARE_YEAR.fullmatch(cell) for cell in found)
