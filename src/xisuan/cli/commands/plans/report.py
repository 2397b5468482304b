"""`xisuan report`: write the report of a run again."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from xisuan.cli.terminal import certify_words, output, progress_bar, shared_options, text_layout
from xisuan.progress import tell
from xisuan.report.document.blocks import Section
from xisuan.report.pages import page_tables, run_page
from xisuan.report.takeaways.takeaway_formats import TAKEAWAYS
from xisuan.report.takeaways.write_report import write_report
from xisuan.report.workbook import run_workbook
from xisuan.results.run import Run
from xisuan.results.storage import sealed_folders, verification_store
from xisuan.results.storage.two_stage_store import load_tried
from xisuan.results.storage.verification_store import load_verification
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.results.verification import Verification
from xisuan.text.translation import LANGUAGES, Language
from xisuan.text.translation import message as _


@click.command(
    "report",
    epilog="Examples:  xisuan report runs/guizhou --lang zh  ·  xisuan report runs/guizhou --to pptx --out brief.pptx",
)
@shared_options.run_folder("run")
@click.option(
    "--to",
    "kind",
    type=click.Choice([name.value for name in TAKEAWAYS]),
    help="Write one takeaway instead: the brief as a Word document, as eight slides, or as a PDF with its chapters.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="File of the takeaway.  [default: brief.docx, .pptx or .pdf in RUN]"
)
@shared_options.json
@shared_options.language
@shared_options.debug
def command(run: Path, kind: str | None, out: Path | None, as_json: bool, lang: str | None) -> None:
    """Write the report of RUN again in the chosen language: report.html, tables.xlsx and the page's tables as Parquet.

    A verification in RUN/verification (from `verify --out`) becomes its last section.

    With --to one file for people to carry on is written instead. Word documents and slides need the extra `office`
    (python -m pip install "xisuan[office]"), a PDF needs Chromium, Google Chrome or Microsoft Edge.
    """
    if out is not None and kind is None:
        raise click.UsageError("--out is the file of a takeaway: give --to docx, pptx or pdf with it")
    found = _as_saved(load_tried(run))
    if kind is not None:
        _take_away(found, run, out or run / f"brief.{kind}", kind, as_json=as_json, lang=lang)
        return
    tried = run / "verification"
    verified = load_verification(tried) if (tried / verification_store.DOCUMENT).is_file() else None
    central = run_page.central(found)
    shown = {run: central.plan}
    say = output.speech(lang, central.scenario)
    html, xlsx = run / "report.html", run / "tables.xlsx"
    with progress_bar.shown() as progress:
        made = {}
        for language in LANGUAGES:
            tell(progress, "report", _("drawing the page ({language})", language=language))
            made[language] = run_page.sections(found, language)
            _draw(found, run, language, say.language, made[language], verified)
        tell(progress, "tables", _("writing the tables"))
        sealed_folders.put(xlsx, lambda path: run_workbook.write(central, path, say.language, made[say.language]))
        sealed_folders.renew(run / page_tables.FOLDER, lambda path: page_tables.write(central, path, made["en"]))
    if as_json:
        drawn = {"run": run, "language": say.language, "report": html, "tables": xlsx}
        output.give_json({**drawn, **certify_words.as_saved(shown)})
    else:
        files = text_layout.pairs([(say(_("report")), str(html)), (say(_("tables")), str(xlsx))])
        said = [*certify_words.uncertified(shown), certify_words.not_rechecked(run)]
        output.give([*files, "", *(line for text in said for line in text_layout.paragraph(say(text)))])


def _take_away(found: run_page.Tried, run: Path, out: Path, kind: str, *, as_json: bool, lang: str | None) -> None:
    """Write a takeaway and print its path. Raises a usage error for a file name with the ending of another format."""
    if out.suffix.lower() != f".{kind}":
        raise click.BadParameter(f"{out}: {kind} writes a file that ends in .{kind}; give {out.with_suffix('.' + kind)}",
                                 param_hint="'--out'")  # fmt: skip
    central = run_page.central(found)
    say = output.speech(lang, central.scenario)
    with progress_bar.shown() as progress:
        tell(progress, "report", _("writing {file}", file=out.name))
        sealed_folders.put(out, lambda path: write_report(found, path, say.language))
    shown = {run: central.plan}
    if as_json:
        output.give_json(
            {"run": run, "language": say.language, "to": kind, "out": out, **certify_words.as_saved(shown)}
        )
    else:
        said = [*certify_words.uncertified(shown), certify_words.not_rechecked(run)]
        output.give([str(out), "", *(line for text in said for line in text_layout.paragraph(say(text)))])


def _draw(
    found: run_page.Tried,
    run: Path,
    language: Language,
    first: Language,
    made: tuple[Section, ...],
    verified: Verification | None,
) -> None:
    """Write the page in a language beside its twin."""
    (other,) = (each for each in LANGUAGES if each != language)
    beside = run_page.file_name(other, first)
    target = run / run_page.file_name(language, first)
    sealed_folders.put(target, lambda path: run_page.write(found, path, language, made, verified, beside=beside))


def _as_saved(found: Run | TwoStageRun) -> Run | TwoStageRun:
    """Return the run with a note for its page: its figures were not re-checked when the page was drawn."""
    if isinstance(found, TwoStageRun):
        return dataclasses.replace(found, runs=tuple(_add_notes(run) for run in found.runs))
    return _add_notes(found)


def _add_notes(run: Run) -> Run:
    return dataclasses.replace(run, notes={**run.notes, "rechecked": certify_words.AS_SAVED})
