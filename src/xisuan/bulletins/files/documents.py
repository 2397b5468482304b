"""Content of a file, and documents that a library of the extra `documents` opens: PDF, Word and saved web pages."""

from __future__ import annotations

import datetime
import importlib
import importlib.util
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xisuan import extras
from xisuan.bulletins.files.publication import is_caption
from xisuan.errors import Problem, ScenarioError

LARGEST_UNPACKED = 100_000_000
"""Limit of the unpacked size of a workbook or document in bytes, against decompression bombs."""
Rows = list[list[str]]


@dataclass(frozen=True)
class Content:
    """Content of a file: running text, named tables, and the date that the file states of itself.

    `around` is all text of a web page, in which its date may stand outside the article. `notes` are remarks on how it
    was read.
    """

    text: str = ""
    tables: tuple[tuple[str, Rows], ...] = ()
    date: datetime.date | None = None
    around: str = ""
    notes: tuple[str, ...] = ()


def refusal(name: str, code: str, **values: Any) -> ScenarioError:
    """Return the error of a file that cannot be read."""
    return ScenarioError([Problem(code, table=name, **values)])


EXTRA = extras.command("documents")
"""Command that installs the libraries."""
MOST_PAGES = 300
_FEWEST_LETTERS = 10
"""Letters a page below which a PDF with pictures is a scan."""
_FULL = 0.9
"""Share of the width of a page's text from which a line is full, so that its sentence may go on in the next one."""
_REPEATED = 3
"""Pages on which a line at the same height is a header or a footer."""
_PAGE_NUMBER = re.compile(r"\s*[-—–·第]*\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-—–·页]*\s*|\s*page\s+\d+.*", re.IGNORECASE)
_WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_LOOKALIKE = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)
"""Radicals that NFKC keeps apart, and the characters that they stand for (EquivalentUnifiedIdeograph of Unicode)."""
_UNMAPPED = re.compile(r"\(cid:\d+\)")


def library(name: str, what: str, file: str) -> Any:
    """Return an optional library. Raises ScenarioError with the command that installs it if it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise refusal(file, "document-library-missing", kind=what, command=EXTRA) from None


def article(text: str) -> tuple[str, str] | None:
    """Return title and HTML of the article of a web page, without menus and headlines of other pages.

    None if the library that finds it is not installed, or the page has no article.
    """
    try:
        readability = importlib.import_module("readability")
    except ImportError:
        return None
    lxml = importlib.import_module("lxml.etree")
    page = readability.Document(text)
    try:
        return str(page.short_title() or ""), str(page.summary())
    except (readability.readability.Unparseable, lxml.ParserError):
        return None


def has_article_library() -> bool:
    """Return True if the library that finds articles is installed."""
    return importlib.util.find_spec("readability") is not None


def pdf(file: Path) -> Content:
    """Return text and tables of a PDF. Raises ScenarioError for a scan, a locked file and a damaged one."""
    plumber = library("pdfplumber", "PDF files", file.name)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # remarks on fonts are of no use to a reader
    try:
        with plumber.open(file) as document:
            if len(document.pages) > MOST_PAGES:
                raise refusal(file.name, "document-too-long", pages=len(document.pages), most=MOST_PAGES)
            pages = [_pdf_page(page) for page in document.pages]
            pictures = any(page.images for page in document.pages)
    except (OSError, ValueError, TypeError, KeyError, plumber.utils.exceptions.PdfminerException) as error:
        locked = "password" in f"{error!r}".lower()
        raise refusal(file.name, "document-locked" if locked else "pdf-unreadable") from None
    text = "".join(line for lines, _tables in pages for line, *_rest in lines)
    if pictures and len(text) < _FEWEST_LETTERS * len(pages):
        raise refusal(file.name, "document-is-a-scan")
    if len(_UNMAPPED.findall(text)) * 10 > len(text):
        raise refusal(file.name, "document-without-letters")
    tables = [rows for _lines, found in pages for rows in found]
    named = tuple((f"{file.name}, table {nth}", rows) for nth, rows in enumerate(tables, start=1))
    return Content("\n".join(_paragraphs([lines for lines, _tables in pages])), named)


_Line = tuple[str, float, float, float]
"""Text of a line, its top, and its left and right end."""


def _pdf_page(page: Any) -> tuple[list[_Line], list[Rows]]:
    """Return the lines of a page outside its tables, and its tables, each with the line above as its caption."""
    found = [one for one in page.find_tables() if len(one.rows) > 1]
    boxes = [one.bbox for one in found]
    outside = page.filter(lambda part: not any(_is_inside(part, box) for box in boxes))
    lines = [(_plain(one["text"]), one["top"], one["x0"], one["x1"]) for one in outside.extract_text_lines()]
    tables = []
    for one in found:
        rows = [[_plain(" ".join((cell or "").split())) for cell in row] for row in one.extract()]
        above = [text for text, top, *_ends in lines if top < one.bbox[1]]
        tables.append([[above[-1]], *rows] if above and is_caption(above[-1]) else rows)
    return lines, tables


def _plain(text: str) -> str:
    """Return a text with the radicals and compatibility signs of PDF fonts as the characters that they look like."""
    return _LOOKALIKE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_RADICALS))


def _is_inside(part: Any, box: tuple[float, float, float, float]) -> bool:
    """Return True if the middle of a part of a page lies in a box (left, top, right, bottom)."""
    if "x0" not in part or "top" not in part:
        return False
    across, down = (part["x0"] + part["x1"]) / 2.0, (part["top"] + part["bottom"]) / 2.0
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _paragraphs(pages: list[list[_Line]]) -> Iterator[str]:
    """Yield the paragraphs of all pages: a full line goes on in the next one. Headers and page numbers are left out."""
    seen = Counter((text, round(top)) for lines in pages for text, top, *_ends in set(lines))
    held = ""
    for lines in pages:
        kept = [one for one in lines if not _PAGE_NUMBER.fullmatch(one[0]) and seen[one[0], round(one[1])] < _REPEATED]
        left, right = min((one[2] for one in kept), default=0.0), max((one[3] for one in kept), default=0.0)
        for text, _top, _start, end in kept:
            held = f"{held}{_joint(held, text)}{text}"
            if end - left < _FULL * (right - left) or re.search(r"[。！？]\s*$", text):
                yield held
                held = ""
    if held:
        yield held


def _joint(before: str, after: str) -> str:
    """Return what stands between two lines of a paragraph: a blank, none beside a Chinese character."""
    return "" if not before or _WIDE.match(before[-1]) or _WIDE.match(after[:1] or " ") else " "


def word(file: Path) -> Content:
    """Return text and tables of a Word document. Raises ScenarioError if it is damaged."""
    import zipfile  # noqa: PLC0415

    docx = library("docx", "Word documents", file.name)
    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > LARGEST_UNPACKED:
            raise refusal(file.name, "bulletin-unpacks-too-large", most=LARGEST_UNPACKED // 1_000_000)
        parts = list(docx.Document(str(file)).iter_inner_content())
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, docx.opc.exceptions.PackageNotFoundError):
        raise refusal(file.name, "word-unreadable") from None
    lines: list[str] = []
    tables: list[tuple[str, Rows]] = []
    for part in parts:
        if not hasattr(part, "rows"):
            lines += part.text.split("\n")
            continue
        rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in part.rows]
        above = next((line for line in reversed(lines) if line.strip()), "")
        tables.append(
            (f"{file.name}, table {len(tables) + 1}", [[above.strip()], *rows] if is_caption(above) else rows)
        )
    return Content("\n".join(lines), tuple(tables))
