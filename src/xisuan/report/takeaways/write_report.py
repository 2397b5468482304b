"""The report of a run as a file: a page, a workbook, a Word document, slides or a PDF, by the ending of its name."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xisuan import extras
from xisuan.errors import StoreError
from xisuan.report.document.blocks import Section
from xisuan.report.pages import run_page
from xisuan.report.takeaways import pdf_print
from xisuan.report.takeaways.takeaway import takeaway
from xisuan.report.takeaways.takeaway_formats import TAKEAWAYS
from xisuan.report.workbook import run_workbook
from xisuan.text.translation import Language
from xisuan.text.translation import message as _

FORMATS = ("html", "xlsx", *TAKEAWAYS)
OFFICE = {name.value: one.module for name, one in TAKEAWAYS.items() if one.module}
"""Formats that the extra `office` writes, and their modules."""


def write_report(
    found: run_page.Tried, path: str | Path, language: Language = "en", *, made: Sequence[Section] | None = None
) -> None:
    """Write the report of a run to `path`, whose name ends in .html, .xlsx, .docx, .pptx or .pdf.

    A Word document, slides and a PDF hold the brief and its chapters; the page and the workbook hold the annex too.
    `made`: the sections of the report in the language, where they were made before. Raises StoreError for another
    ending and where no browser is installed that a PDF needs, MissingExtraError where a package is not installed.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise StoreError(_("{file}: a report is written to a file that ends in {endings}", file=path, endings=endings))
    writer = _office(kind) if kind in OFFICE else None
    if kind == "pdf":
        pdf_print.browser()  # before the work
    sections = tuple(made or run_page.sections(found, language))
    if writer is not None:
        writer.write(takeaway(found, language, sections), path)
    elif kind == "pdf":
        kept = tuple(section for section in sections if not section.is_annex)
        pdf_print.write(run_page.html(found, language, kept), path)
    elif kind == "xlsx":
        run_workbook.write(run_page.central(found), path, language, sections)
    else:
        run_page.write(found, path, language, sections)


def _office(kind: str) -> Any:
    """Return the module that writes a format. Raises MissingExtraError if a package that it needs is not installed."""
    with extras.requiring("office"):
        return importlib.import_module(f"xisuan.report.takeaways.{OFFICE[kind]}")
