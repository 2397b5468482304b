"""The page of whatever a run found: of one future, or of several. Nobody else tells the two apart."""

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
    """The run that tables and maps show: of several futures that of the likeliest."""
    return found.likeliest if isinstance(found, TwoStageRun) else found


def sections(found: Tried, language: Language) -> tuple[Section, ...]:
    """Everything the page says."""
    return (
        two_stage_page.run_sections(found, language)
        if isinstance(found, TwoStageRun)
        else single_future_page.sections(found, language)
    )


def html(
    found: Tried, language: Language, made: tuple[Section, ...] | None = None, verified: Verification | None = None
) -> str:
    """The page as one HTML document. `made`: its `sections`; `verified` stands at the end of a run of one future."""
    made = made or sections(found, language)
    if isinstance(found, TwoStageRun):
        return two_stage_page.html(found.found, language, made)
    return single_future_page.html(found, language, verified, made)


def write(
    found: Tried,
    path: Path,
    language: Language,
    made: tuple[Section, ...] | None = None,
    verified: Verification | None = None,
) -> None:
    """Write the page to `path`; see `html`."""
    path.write_text(html(found, language, made, verified), encoding="utf-8")
