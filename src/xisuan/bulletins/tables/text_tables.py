"""Layout of tables: lines of running text as cells, parts with headings of their own, and merged cells filled."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from xisuan.bulletins.files.publication import is_caption
from xisuan.bulletins.tables.headings import BARE_YEAR, UNIT_OF_TABLE
from xisuan.bulletins.tables.tidy_tables import number

_RULE = re.compile(r"[\s|:+=—–-]*[-=—–]{2,}[\s|:+=—–-]*")
"""A line that is only a rule of a table."""
_SIGNS = (re.compile(r"\s*\|\s*"), re.compile(r"[^\S\t]*\t[^\S\t]*"), re.compile(r"[ \u3000]{3,}|\u3000+"))
_WORD = re.compile(r"[\w\u4e00-\u9fff]")
_LONGEST = 60
"""Maximum characters of a cell; longer ones are running text."""


@dataclass(frozen=True)
class Table:
    """Rows of a table, with a caption as the first row if the line above is one, and its first line number.

    `loose` holds the numbers whose column is not known, with the line and the text of their row.
    """

    rows: list[list[str]]
    line: int
    loose: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """Context of a table: its file, its first line, and the date, region and title of the surrounding text.

    `firm` is the reason why figures of the surrounding text are of firms; blank if they are not.
    """

    place: str
    line: int
    published: datetime.date | None
    home: str
    title: str
    firm: str = ""

    def is_over(self, last: datetime.date) -> bool:
        """Return True if a period ends by the month of publication, or if its day is not known."""
        day = self.published
        return day is None or (last.year, last.month) <= (day.year, day.month)


def without_tables(text: str) -> tuple[str, list[Table]]:
    """Return the text with its tables replaced by blank lines (line numbers stay), and the tables."""
    lines = text.split("\n")
    found: list[Table] = []
    for first, last, rows, loose in _blocks(lines):
        above = first - 1 if first and is_caption(lines[first - 1]) else first
        numbers = tuple((words, first + 1 + at, lines[first + at].strip()) for at, words in loose)
        found.append(Table([*([line.strip()] for line in lines[above:first]), *rows], above + 1, numbers))
        lines[first:last] = [""] * (last - first)
    return "\n".join(lines), found


def _blocks(lines: list[str]) -> Iterator[tuple[int, int, list[list[str]], list[tuple[int, str]]]]:
    """Return the blocks of consecutive lines that form a table: first line, line behind the last, cells, loose numbers."""
    at = 0
    while at < len(lines):
        border = _border(lines[at : at + 2])
        sign = next((sign for sign in _SIGNS if len(_cells(lines[at], sign, border)) > 1), None)
        last, rows = at, list[list[str]]()
        while sign is not None and last < len(lines):
            between = 0 if _cells(lines[last], sign, border, rows) else _between(lines[last:], sign, border, rows)
            rows += [[line.strip(), ""] for line in lines[last : last + between]]
            last += between
            cells = _cells(lines[last], sign, border, rows)
            if not cells:
                break
            rows.append(cells if not _RULE.fullmatch(lines[last]) else [""])
            last += 1
        if _is_table(rows):
            rows = _as_wide_as_figures(rows) if sign is _SIGNS[1] else rows
            aligned = sign is _SIGNS[1] and len({len(row) for row in rows if len(row) > 1}) > 1
            if aligned:  # with tabs that only align, one behind another is no blank cell
                rows = [[row[0], *(cell for cell in row[1:] if cell.strip())] for row in rows]
            loose = _set_loose(rows) if aligned or sign is _SIGNS[-1] else []
            yield at, last, _headed(rows), loose
        at = max(last, at + 1)


def _between(lines: Sequence[str], sign: re.Pattern[str], border: tuple[bool, bool], above: Sequence[list[str]]) -> int:
    """Return how many lines are blank or labels of sections, up to a row of figures as wide as the row above; else 0."""
    width = next((len(row) for row in reversed(above) if len(row) > 1), 0)
    for at, line in enumerate(lines):
        row = _cells(line, sign, border)
        if row or len(line) > _LONGEST or _PROSE.search(line):
            return at if len(row) == width and has_figures(row) else 0
    return 0


_PROSE = re.compile(r"[\d。；;.!?！？]")
"""Signs of a line that is no label of a section."""


def _border(lines: Sequence[str]) -> tuple[bool, bool]:
    """Return True for each side on which bars are a border; otherwise a bar there bounds a blank cell."""
    plain = [line.strip() for line in lines if line.strip()]
    return all(line.startswith("|") for line in plain), all(line.endswith("|") for line in plain)


def _cells(
    line: str, sign: re.Pattern[str], border: tuple[bool, bool], above: list[list[str]] | None = None
) -> list[str]:
    """Return the cells of a line, empty if it is no row; a leading indent, which marks a part, is kept."""
    if above and _RULE.fullmatch(line):
        return [line]
    bar = sign is _SIGNS[0]
    plain = line.rstrip(" \u3000\r")
    if bar:
        plain = line.strip()
        plain = plain.removeprefix("|") if border[0] else plain
        plain = plain.removesuffix("|") if border[1] else plain
    indent = re.match(r"[ \u3000]*", plain)
    cells = sign.split(plain.strip() if bar else plain.strip(" \u3000"))
    if len(cells) < 2 or any(len(cell) > _LONGEST for cell in cells):
        return []
    return [f"{indent[0] if indent and not (bar and line.strip().startswith('|')) else ''}{cells[0]}", *cells[1:]]


def _as_wide_as_figures(rows: list[list[str]]) -> list[list[str]]:
    """Return rows whose blank cells at the end are those that the rows of figures have, if these have none inside.

    Then tabs bound cells, and a blank one in a heading continues the one before. Otherwise tabs may only align.
    """
    trimmed = [row[: max((at + 1 for at, cell in enumerate(row) if cell.strip()), default=1)] for row in rows]
    full = [row for row in trimmed if has_figures(row)]
    widths = {len(row) for row in full if all(cell.strip() for cell in row)}
    if len(widths) != 1 or any(not cell.strip() for row in full for cell in row):
        return trimmed
    width = widths.pop()
    return [row + [""] * (width - len(row)) if len(row) > 1 and "" in row else row for row in trimmed]


def _set_loose(rows: list[list[str]]) -> list[tuple[int, str]]:
    """Join the cells of rows with fewer cells than others; return their numbers, each with the index of its row.

    Blanks separate the cells, so a blank cell is not seen, and the numbers behind it would stand one column too early.
    The heading counts: if it is wider than all rows, the missing cell may be any.
    """
    width = max(map(len, rows))
    out: list[tuple[int, str]] = []
    for at, row in enumerate(rows):
        if has_figures(row) and len(row) < width:
            out += [(at, cell.strip()) for cell in row[1:] if number(cell) is not None]
            rows[at] = [" ".join(row)]
    return out


def _headed(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows, with blank cells added to headings that start right of the label columns."""
    width = max((len(row) for row in rows if has_figures(row)), default=0)
    out: list[list[str]] = []
    for row in rows:
        indent = len(row[0]) - len(row[0].lstrip(" \u3000"))
        later = (indent >= _INDENT and not has_figures(row)) or all(BARE_YEAR.fullmatch(cell.strip()) for cell in row)
        short = width - len(row) if later and len(row) > 1 else 0
        out.append([*[""] * short, *([row[0].strip(), *row[1:]] if short > 0 else row)])
    return out


_INDENT = 3
"""Minimum indent of a heading that is not above the labels."""


def _is_table(rows: list[list[str]]) -> bool:
    """Return True if rows hold headings and figures below them, or two rows of figures."""
    figures = [has_figures(row) for row in rows]
    return any(figures) and len(figures) > 1


def has_figures(row: Sequence[str]) -> bool:
    """Return True if a row has numbers other than years."""
    found = [cell.strip() for cell in row[1:] if number(cell) is not None]
    return bool(found) and not all(BARE_YEAR.fullmatch(cell) for cell in found)


Line = tuple[int, list[str]]
"""Line number of a row and its cells."""


def behind_blanks(rows: Sequence[Line]) -> frozenset[int]:
    """Return the line numbers of rows right behind a blank row; a row of one blank cell is a rule."""
    blank = {line for line, row in rows if not any(cell.strip() for cell in row) and len(row) != 1}
    return frozenset(line + 1 for line in blank if line + 1 not in blank)


def parts_of(rows: list[Line]) -> list[list[Line]]:
    """Return a table cut before each repeated heading, a row below figures with several words and no numbers."""
    out: list[list[Line]] = [[]]
    figures = False
    for line, row in rows:
        numbers = has_figures(row)
        if figures and not numbers and len({cell for cell in row if _WORD.search(cell)}) > 2:
            out.append([])
            figures = False
        figures = figures or numbers
        out[-1].append((line, row))
    return out


def filled(heads: list[list[str]]) -> list[list[str]]:
    """Return the headings with a spanning cell repeated over its blank cells to the right."""
    out = []
    for row in heads[:-1]:
        full, labels = list(row), not row[0].strip() or not heads[-1][0].strip()
        for at in range(2, len(full)):
            if not full[at].strip() and labels and (heads[-1][at].strip() or not heads[-1][0].strip()):
                full[at] = full[at - 1]
        out.append(full)
    return [*out, *heads[-1:]]


_OF_ALL = re.compile(r"[全本我][省市区州县国]|合计|总计")
"""Start of a label that names its own place, so that none continues from above: 全省GDP."""


def filled_down(
    rows: Sequence[list[str]], labels: Sequence[int], units: Sequence[int], is_aside: Callable[[str], bool]
) -> list[list[str]]:
    """Return the rows with blank cells of the first label columns filled from above, as a merged label stands once.

    A row is filled only if it has a label of its own behind the blank ones. If that is only a time or a place
    (`is_aside`), the name comes from above, and its unit too.
    """
    out: list[list[str]] = []
    for row in rows:
        first = next((nth for nth, at in enumerate(labels) if row[at].strip()), 0)
        of_all = labels and _OF_ALL.match(row[labels[first]].strip()) if first else None
        blank = list(labels[:first]) if out and not of_all else []
        if blank and all(is_aside(row[at]) for at in labels[first:] if row[at].strip()):
            blank += [at for at in units if not row[at].strip()]
        out.append([out[-1][at] if at in blank else cell for at, cell in enumerate(row)])
    return out


def filled_over(breaks: frozenset[int], rows: Sequence[Line], cells: Sequence[list[str]]) -> set[int]:
    """Return the lines of rows that `filled_down` gave a label over one of the `breaks`, see `behind_blanks`."""
    out, broken = set[int](), False
    for (line, row), full in zip(rows, cells, strict=True):
        broken = (broken or line in breaks) and full != row
        out |= {line} if broken else set()
    return out


def first_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the index of the first row behind the headings: of figures, or the label of a section right above them."""

    def is_section(row: Sequence[str]) -> bool:
        alone = len({cell.strip() for cell in row if _WORD.search(cell)}) == 1
        return alone and bool(_WORD.search(row[0])) and UNIT_OF_TABLE.fullmatch(row[0].strip()) is None

    top = next((at for at, row in enumerate(rows) if has_figures(row)), len(rows))
    first = next((at for at in range(top, 0, -1) if not is_section(rows[at - 1])), 0)
    return first or top
