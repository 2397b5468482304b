"""`xisuan run`: all that can be found out about a scenario, and the report."""

from __future__ import annotations

from pathlib import Path

import click

from xisuan.cli import answer, display, layout, options, remote, summary
from xisuan.progress import Report, tell
from xisuan.report import frames, page, workbook
from xisuan.report.figures import Language
from xisuan.report.words import LANGUAGES
from xisuan.results import folders, store
from xisuan.results.run import Run
from xisuan.scenario.read import load
from xisuan.solver.highs import How
from xisuan.workflow.run import run


@click.command("run", epilog="Example:  xisuan run guizhou --out runs/guizhou --lang zh")
@options.scenario
@options.out("run")
@options.how
@options.method
@click.option(
    "--quick",
    is_flag=True,
    help="Leave out what takes longer than the plan: other days, the year that is over, break-even, stress, estimates"
    " that matter, firm builds.",
)
@click.option(
    "--server", help="Address of a studio that is to do the work; who asks is said by a token in XISUAN_TOKEN."
)
@options.json
@options.language
@options.debug
def command(
    scenario: str, out: Path, how: How, method: str, quick: bool, server: str | None, as_json: bool, lang: str | None
) -> int:
    """Plan SCENARIO, certify the plan, operate it on its own hours, on other days of the year and on a typical week,
    make the tables that a decision rests on (unit costs, payers, break-even, stress, estimates that matter), and write
    the report.

    The run folder holds what `plan` writes and schedule/, others/, week/, a file for each of those tables, report.html in
    your language, the same page in the other one, tables.xlsx, and in shown/ the page's tables as Parquet. With --server
    a studio does the work and the folder comes back; it chooses how to solve, and report.html is in English,
    report.zh.html in Chinese.
    """
    folders.check_target(out)
    given = load(scenario)
    say = answer.speech(lang, given)
    with display.shown() as progress:
        if server is not None:
            remote.run(given, server, out, progress)
            found = store.load_run(out)
        else:
            found = run(given, how, method=method, ask=not quick, progress=progress)
            store.save(found, out, also=lambda folder: draw(found, folder, say.language, progress))
    if as_json:
        tried = {name: getattr(found, name) for name in store.SCHEDULES}
        documents = {name: store.schedule_document(result) for name, result in tried.items() if result is not None}
        answer.give_json({**store.plan_document(found.plan), **documents, "out": out, "report": out / "report.html"})
    else:
        files = [(say("report"), str(out / "report.html")), (say("tables"), str(out / "tables.xlsx"))]
        answer.give([*summary.run_lines(found, say), "", *layout.pairs(files)])
    return answer.code(found.plan)


def draw(found: Run, folder: Path, language: Language, progress: Report) -> None:
    """The report in the language asked as report.html, in the other beside it, and the workbook."""
    made = {}
    for other in LANGUAGES:
        tell(progress, "report", f"drawing the page ({other})")
        made[other] = page.sections(found, other)
        file = "report.html" if other == language else f"report.{other}.html"
        page.write(found, folder / file, other, made=made[other])
    tell(progress, "report", "writing the tables")
    workbook.write(found, folder / "tables.xlsx", language, made[language])
    frames.write(found, folder / frames.FOLDER, made["en"])
