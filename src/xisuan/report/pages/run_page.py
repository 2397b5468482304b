"""Page of a run, of one future or of several."""

from __future__ import annotations

from pathlib import Path

from xisuan.report.document.blocks import Section
from xisuan.report.pages import single_future_page, two_stage_page
from xisuan.results.run import Run
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.results.verification import Verification
from xisuan.text.translation import Language

Tried = Run | TwoStageRun


def central(found: Tried) -> Run:
    """Return the run that tables and maps show: of several futures that of the likeliest."""
    return found.likeliest if isinstance(found, TwoStageRun) else found


def sections(found: Tried, language: Language) -> tuple[Section, ...]:
    """Return everything the page says."""
    return (
        two_stage_page.run_sections(found, language)
        if isinstance(found, TwoStageRun)
        else single_future_page.sections(found, language)
    )


def html(
    found: Tried,
    language: Language,
    made: tuple[Section, ...] | None = None,
    verified: Verification | None = None,
    *,
    beside: str = "",
) -> str:
    """Return the page as one HTML document. `made`: its `sections`; `verified` stands at the end of a run of one future.

    `beside`: file name of the page in the other language, next to this one; blank: there is none.
    """
    made = made or sections(found, language)
    if isinstance(found, TwoStageRun):
        return two_stage_page.html(found.found, language, made, beside=beside)
    return single_future_page.html(found, language, verified, made, beside=beside)


def file_name(language: Language, first: Language) -> str:
    """Return the file name of the page in a language: report.html in the `first`, report.<language>.html in the other."""
    return "report.html" if language == first else f"report.{language}.html"


def write(
    found: Tried,
    path: Path,
    language: Language,
    made: tuple[Section, ...] | None = None,
    verified: Verification | None = None,
    *,
    beside: str = "",
) -> None:
    """Write the page to `path`; see `html`."""
    path.write_text(html(found, language, made, verified, beside=beside), encoding="utf-8")
