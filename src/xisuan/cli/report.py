"""`xisuan report`: a run as one page."""

from __future__ import annotations

from pathlib import Path

import click

from xisuan.cli import answer, display, layout, options
from xisuan.progress import tell
from xisuan.report import frames, whole, workbook
from xisuan.results import folders, verification
from xisuan.results.two_stage_store import load_tried
from xisuan.results.verification import load_verification


@click.command("report", epilog="Example:  xisuan report runs/guizhou --lang zh")
@options.run_folder("run")
@options.json
@options.language
@options.debug
def command(run: Path, as_json: bool, lang: str | None) -> None:
    """Draw the report of RUN again, in the language asked: report.html, tables.xlsx and the page's tables as Parquet.

    A verification in RUN/verification (verify --out) becomes its last section.
    """
    found = load_tried(run)
    tried = run / "verification"
    verified = load_verification(tried) if (tried / verification.DOCUMENT).is_file() else None
    central = whole.central(found)
    say = answer.speech(lang, central.scenario)
    html, xlsx = run / "report.html", run / "tables.xlsx"
    with display.shown() as progress:
        tell(progress, "report", f"drawing the page ({say.language})")
        made = {language: whole.sections(found, language) for language in dict.fromkeys((say.language, "en"))}
        folders.put(html, lambda path: whole.write(found, path, say.language, made[say.language], verified))
        tell(progress, "tables", "writing the tables")
        folders.put(xlsx, lambda path: workbook.write(central, path, say.language, made[say.language], beside=True))
        folders.renew(run / frames.FOLDER, lambda path: frames.write(central, path, made["en"]))
    if as_json:
        answer.give_json({"run": run, "language": say.language, "report": html, "tables": xlsx})
    else:
        answer.give(layout.pairs([(say("report"), str(html)), (say("tables"), str(xlsx))]))
