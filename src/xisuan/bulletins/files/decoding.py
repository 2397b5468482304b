"""Decoding of text, HTML, CSV and Excel files to text and tables. Unreadable files raise errors with the reason."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

from xisuan.bulletins.files import documents
from xisuan.bulletins.files.documents import LARGEST_UNPACKED, Content, Rows, refusal
from xisuan.bulletins.files.publication import is_caption
from xisuan.errors import Problem, ScenarioError
from xisuan.text.translation import message as _

LARGEST_BYTES = 5_000_000
MOST_CELLS = 500_000
"""Limit of cells of a sheet."""
LONG_CELL = 60
"""Characters from which a cell of a page is read as running text: old pages use tables for layout."""
_NEAR = 12
"""Text pieces before a table among which its caption is searched."""
TEXTS, PAGES, BOOKS = (".txt", ".md", ""), (".html", ".htm", ".xhtml", ".mht"), (".xlsx", ".xlsm")
PDFS, WORDS = (".pdf",), (".docx",)


def content(file: Path) -> Content:
    """Return text and tables of a file.

    Raises ScenarioError if it cannot be read, or holds neither.
    """
    if re.match(r"https?:/", file.as_posix(), re.IGNORECASE):
        raise refusal(file.as_posix().replace(":/", "://", 1), "bulletin-is-an-address")
    held = _content(file)
    if not held.text.strip() and not any(cell.strip() for _, rows in held.tables for row in rows for cell in row):
        raise refusal(file.name, "bulletin-empty")
    return held


def _content(file: Path) -> Content:
    kind = file.suffix.lower()
    if kind in BOOKS:
        return Content(tables=tuple((f"{file.name}, sheet {name}", rows) for name, rows in _book(file)))
    if kind in PDFS or kind in WORDS:
        _check_size(file)
        return documents.pdf(file) if kind in PDFS else documents.word(file)
    text = _text(file)
    if kind in PAGES or re.match(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html)", text, re.IGNORECASE):
        return _page(text, file.name)
    if kind in (".csv", ".tsv"):
        return Content(tables=((file.name, _rows(text, file.name)),))
    if kind not in TEXTS:
        known = ", ".join((*TEXTS[:2], *PAGES[:2], *PDFS, *WORDS, ".csv", ".tsv", BOOKS[0]))
        raise refusal(file.name, "bulletin-kind-unknown", known=known)
    return Content(text)


def _check_size(file: Path) -> None:
    """Raise ScenarioError for a file that cannot be read or is too large."""
    try:
        with file.open("rb"):
            size = file.stat().st_size
    except OSError as error:
        raise refusal(str(file), "file-unreadable", fault=error.strerror or error) from None
    if size > LARGEST_BYTES:
        raise refusal(file.name, "bulletin-too-large", most=LARGEST_BYTES // 1_000_000)


_BINARY = {
    b"\xd0\xcf\x11\xe0": "document-of-old-office",
    b"\x89PNG": "document-is-a-scan",
    b"\xff\xd8\xff": "document-is-a-scan",
    b"II*\x00": "document-is-a-scan",
}
"""First bytes of files that people take for documents with text, and what is wrong with them: .xls, .doc, pictures."""


def _text(file: Path) -> str:
    _check_size(file)
    data = file.read_bytes()
    for sign, code in _BINARY.items():
        if data.startswith(sign):
            raise refusal(file.name, code)
    # Byte order mark first, then UTF-8, the declared charset, and last GB 18030, which accepts most byte sequences.
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", data[:2048], re.IGNORECASE)
    guesses = [marks.get(data[:2], ""), "utf-8-sig", declared[1].decode("ascii") if declared else "", "gb18030"]
    for encoding in filter(None, guesses):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" not in text:
            return text
    raise refusal(file.name, "bulletin-encoding")


def _rows(text: str, name: str) -> Rows:
    """Return the rows of separated values; the delimiter is the most frequent of comma, tab and semicolon."""
    filled = [line for line in text.splitlines()[:50] if line.strip()]
    sign = max((",", "\t", ";"), key=lambda one: sum(line.count(one) for line in filled))
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=sign)
    rows: Rows = []
    began = 0
    try:
        for row in reader:
            if _never_closed(lines[began : reader.line_num], sign, last=reader.line_num == len(lines)):
                raise ScenarioError([Problem("quote-not-closed", table=name, row=began + 1)])
            rows.append(row)
            began = reader.line_num
    except csv.Error as problem:
        raise refusal(name, "not-csv", fault=problem) from None
    return rows


def _never_closed(record: Sequence[str], sign: str, *, last: bool) -> bool:
    """Return True if an unclosed quote has absorbed later cells of a record.

    The cell then ends at the end of the file, or at the quote of another cell with text directly behind it.
    """
    if last and len(list(csv.reader([*record[:-1], record[-1].rstrip("\r\n") + "\n", "behind"], delimiter=sign))) == 1:
        return True
    if len(record) == 1:
        return False
    try:
        list(csv.reader(record, delimiter=sign, strict=True))
    except csv.Error:
        return True
    return False


def _book(file: Path) -> list[tuple[str, Rows]]:
    """Return the sheets of a workbook with their rows.

    Raises ScenarioError if it is damaged, or unpacks to more than `LARGEST_UNPACKED` bytes.
    """
    import zipfile  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    import openpyxl  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > LARGEST_UNPACKED:
            raise refusal(file.name, "bulletin-unpacks-too-large", most=LARGEST_UNPACKED // 1_000_000)
        with file.open("rb") as stream:  # closes the file of a damaged workbook too
            book = openpyxl.load_workbook(stream, data_only=True)
        return [(sheet.title, _sheet(sheet, file.name)) for sheet in book.worksheets]
    except (
        OSError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        SyntaxError,
    ) as problem:
        raise refusal(file.name, "not-a-workbook", fault=problem) from None


def _sheet(sheet: object, name: str) -> Rows:
    """Return the rows of a sheet; a merged cell is repeated in all cells that it spans."""
    height, width = sheet.max_row, sheet.max_column  # type: ignore[attr-defined]
    if height * width > MOST_CELLS:
        raise refusal(name, "sheet-too-large", rows=height, columns=width, most=MOST_CELLS)
    rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]  # type: ignore[attr-defined]
    for merged in sheet.merged_cells.ranges:  # type: ignore[attr-defined]
        said = rows[merged.min_row - 1][merged.min_col - 1]
        for row in range(merged.min_row, merged.max_row + 1):
            for column in range(merged.min_col, merged.max_col + 1):
                rows[row - 1][column - 1] = said
    return rows


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def _page(text: str, name: str) -> Content:
    """Return the content of a page: title and article, without menus and headlines of other pages.

    If no library finds the article, all of the page is read, and a note says so.
    """
    whole = _parsed(text)
    title, body = documents.article(text) or ("", "")
    page = _parsed(body)
    if not page.lines and not page.tables:
        note = _NO_ARTICLE if documents.has_article_library() else _WHOLE_PAGE
        return Content("\n".join(whole.lines), _tables(whole, name), whole.date, notes=(note,))
    lines = page.lines if not title or any(title in line for line in page.lines[:3]) else [title, *page.lines]
    return Content("\n".join(lines), _tables(page, name), whole.date, "\n".join(whole.lines))


_WHOLE_PAGE = _(
    "all of the page is read, menus and headlines of other pages too; to read the article alone: {command}",
    command=documents.EXTRA,
)

_NO_ARTICLE = _("no article was found on the page; all of it is read, menus and headlines of other pages too")


def _tables(page: _Page, name: str) -> tuple[tuple[str, Rows], ...]:
    """Return the tables of a page with their names, which count them where there are several."""
    several = len(page.tables) > 1
    return tuple(
        (f"{name}, table {nth}" if several else f"{name}, table", rows) for nth, rows in enumerate(page.tables, start=1)
    )


def _parsed(text: str) -> _Page:
    """Return the text and tables of HTML.

    If a skipped element such as `nav` is never closed, only scripts and styles are skipped.
    """
    page = _Page(_Page.SILENT)
    page.feed(text)
    page.close()
    if page.open_ended:
        page = _Page(_Page.NEVER)
        page.feed(text)
        page.close()
    return page


def _iso(text: str) -> datetime.date | None:
    """Return the date at the start of a machine-readable time (2024-10-25T08:00), else None."""
    try:
        return datetime.date.fromisoformat(text.strip()[:10].replace("/", "-"))
    except ValueError:
        return None


class _Page(HTMLParser):
    """Text and tables of an HTML page, without scripts, styles and navigation."""

    BLOCKS = frozenset(
        ("p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "tr", "title", "table")
    ) | frozenset(("ul", "ol", "dl", "dt", "dd", "blockquote", "caption"))
    NEVER = frozenset(("script", "style"))
    SILENT = NEVER | frozenset(("noscript", "nav", "footer", "template", "svg"))

    def __init__(self, silent: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Rows] = []
        self.date: datetime.date | None = None
        self._out = silent
        self._parts: list[str] = []
        self._silent: list[str] = []
        self._grid: list[_Grid] = []
        self._cell: list[str] | None = None
        self._spans = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Handle an opening tag: blocks break lines, cells are collected apart, metadata may hold the date."""
        given = {key: value or "" for key, value in attrs}
        if tag in self._out:
            self._silent.append(tag)
        if tag == "a" and self._cell is None:
            self._parts.append(_LINK)
        named = given.get("name", "") + given.get("property", "")
        if tag == "meta" and re.search(r"date|publish|time", named, re.IGNORECASE):
            self.date = self.date or _iso(given.get("content", ""))
        if tag == "time":
            self.date = self.date or _iso(given.get("datetime", ""))
        if tag == "table":
            self._end_cell()
            self._grid.append(_Grid())
        elif tag == "tr" and self._grid:
            self._end_cell()
            if not self._grid[-1].rows:
                self._caption()
            self._grid[-1].row()
        elif tag in ("td", "th") and self._grid:
            self._end_cell()
            self._cell = []
            self._spans = _span(given.get("colspan")), _span(given.get("rowspan"))
        elif tag in self.BLOCKS:
            (self._parts if self._cell is None else self._cell).append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Handle a closing tag: end a skipped element, cell or table."""
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        if tag == "a" and self._cell is None:
            self._parts.append(_UNLINK)
        if tag in ("td", "th"):
            self._end_cell()
        elif tag == "table" and self._grid:
            self._end_table()
        elif tag in self.BLOCKS:
            (self._parts if self._cell is None else self._cell).append("\n")

    def handle_data(self, data: str) -> None:
        """Add text to the open cell, else to the running text."""
        if not self._silent:
            (self._parts if self._cell is None else self._cell).append(re.sub(r"\s+", " ", data))

    def close(self) -> None:
        """Close the page and all tables still open."""
        super().close()
        while self._grid:
            self._end_table()

    @property
    def open_ended(self) -> bool:
        """Return True if a skipped element was never closed."""
        return bool(self._silent)

    @property
    def lines(self) -> list[str]:
        """Return the lines of text without link-only lines, such as menus and headlines of other pages."""
        found = (line.strip() for line in "".join(self._parts).splitlines())
        plain = (re.sub(f"[{_LINK}{_UNLINK}]", "", line).strip() for line in found if not _is_of_links(line))
        return [line for line in plain if line]

    def _caption(self) -> None:
        """Add the line above a table as its first row if it can be its caption."""
        near = re.sub(f"[{_LINK}{_UNLINK}]", "", "".join(self._parts[-_NEAR:]))
        above = [line.strip() for line in near.splitlines() if line.strip()]
        if above and is_caption(above[-1]):
            self._grid[-1].rows.append([above[-1]])

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        words, self._cell = "".join(self._cell), None
        if len(words.strip()) > LONG_CELL:
            self._parts.append(f"\n{words}\n")
            words = ""
        self._grid[-1].cell(re.sub(r"\s+", " ", words).strip(), *self._spans)

    def _end_table(self) -> None:
        self._end_cell()
        rows = self._grid.pop().rows
        if any(any(row) for row in rows):
            self.tables.append(rows)


_LINK, _UNLINK = "\x0e", "\x0f"
"""Control characters that mark start and end of a link in the text."""
_LINKED = re.compile(f"{_LINK}[^{_LINK}{_UNLINK}]*(?:{_UNLINK}|$)")
_MOSTLY = 0.35
"""Largest share of characters outside links in a line of links."""


def _is_of_links(line: str) -> bool:
    """Return True if a line consists mostly of links and is no full sentence."""
    whole = len(re.sub(f"[{_LINK}{_UNLINK}\\s]", "", line))
    outside = len(re.sub(r"[\s|·>»/-]", "", _LINKED.sub("", line)))
    return (
        _LINK in line and whole > 0 and outside <= _MOSTLY * whole and not re.search(r"[。.]\s*$", line.rstrip(_UNLINK))
    )


def _span(text: str | None) -> int:
    return min(100, max(1, int(text))) if text and text.strip().isdigit() and len(text) < 5 else 1


class _Grid:
    """Rows of a table in which a cell fills all rows and columns that it spans."""

    def __init__(self) -> None:
        self.rows: Rows = []
        self._held: dict[tuple[int, int], str] = {}

    def row(self) -> None:
        """Start a row."""
        self.rows.append([])

    def cell(self, words: str, across: int, down: int) -> None:
        """Put a cell at the next free column; reserve the rows and columns that it spans."""
        if not self.rows:
            self.row()
        at, row = len(self.rows) - 1, self.rows[-1]
        while (at, len(row)) in self._held:
            row.append(self._held.pop((at, len(row))))
        column = len(row)
        row += [words] * across
        for below in range(1, down):
            for beside in range(across):
                self._held[at + below, column + beside] = words
