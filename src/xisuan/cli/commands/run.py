"""`xisuan run`: all that can be found out about a scenario, and the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gnomon.highs.solver_sequence import How
from xisuan.cli.terminal import output, progress_bar, remote_run, result_lines, shared_options, text_layout
from xisuan.progress import Report, tell
from xisuan.report.pages import excel_workbook, page_tables, run_page
from xisuan.results.run import Run
from xisuan.results.storage import run_store, sealed_folders
from xisuan.results.storage.two_stage_store import load_tried, save_two_stage, two_stage_document
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import LANGUAGES, Language
from xisuan.text.translation import message as _
from xisuan.workflow.run import run
from xisuan.workflow.run_two_stage import run_two_stage


@click.command(
    "run",
    epilog="Example:  xisuan run guizhou --out runs/guizhou --lang zh   ·   guizhou-days is the small one",
)
@shared_options.scenario
@shared_options.out("run")
@shared_options.how
@shared_options.method
@click.option(
    "--quick",
    is_flag=True,
    help="Leave out other days, the typical week, the year that is over, and what plans again and again: break-even,"
    " stress, estimates that matter, firm builds.",
)
@click.option(
    "--server", help="Address of a studio that is to do the work; who asks is said by a token in XISUAN_TOKEN."
)
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    scenario: str, out: Path, how: How, method: str, quick: bool, server: str | None, as_json: bool, lang: str | None
) -> int:
    """Plan SCENARIO, certify the plan, operate it on its own hours, on other days of the year and on a typical week,
    make the tables that a decision rests on (unit costs, payers, break-even, stress, estimates that matter), and write
    the report.

    The run folder holds what `plan` writes and schedule/, others/, week/, a file for each of those tables, report.html in
    your language, the same page in the other one, tables.xlsx, and in shown/ the page's tables as Parquet. With --server
    a studio does the work and the folder comes back; it chooses how to solve (--gap, --solver, --method and --quick are
    refused), and report.html is in English, report.zh.html in Chinese.

    A scenario with members is planned for all of them at once and every member's plan is operated on its own hours; the
    rest is of the likeliest, and the report begins with what holds for all.
    """
    if server is not None:
        _only_here(click.get_current_context())
    sealed_folders.check_target(out)
    given = load(scenario)
    say = output.speech(lang, given)
    output.remark(given, say)
    with progress_bar.shown() as progress:
        if server is not None:
            remote_run.run(given, server, out, progress)
            found = load_tried(out)
        else:
            kept = out.with_name(f".{out.name}.iterates")
            found = _found(given, how, method, ask=not quick, folder=kept, progress=progress)
            _save(found, out, lambda folder: draw(found, folder, say.language, progress))
    if as_json:
        output.give_json({**_document(found), "out": out, "report": out / "report.html"})
    else:
        files = [(say(_("report")), str(out / "report.html")), (say(_("tables")), str(out / "tables.xlsx"))]
        lines = (
            result_lines.tried_lines(found, say)
            if isinstance(found, TwoStageRun)
            else result_lines.run_lines(found, say)
        )
        output.give([*lines, "", *text_layout.pairs(files)])
    runs = found.runs if isinstance(found, TwoStageRun) else (found,)
    tried = [one for run in runs for one in (run.schedule, run.others, run.week) if one is not None]
    plans = output.code(found.found if isinstance(found, TwoStageRun) else found.plan, *tried)
    return max(plans, *(output.code_of(one.decisions.get("stress")) for one in runs))


def _only_here(context: click.Context) -> None:
    """Refuse options that a studio would not be told."""
    typed = [name for name in ("gap", "solver", "method", "quick") if _typed(context, name)]
    if typed:
        names = ", ".join(f"--{name}" for name in typed)
        raise click.UsageError(f"{names} beside --server: the studio chooses how to solve; leave it out, or run here")


def _typed(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _found(given: Scenario, how: How, method: str, *, ask: bool, folder: Path, progress: Report) -> run_page.Tried:
    """All that can be found out, of one future or of several."""
    verb = run_two_stage if given.has("members") else run
    return verb(given, how, method=method, ask=ask, folder=folder, progress=progress)


def _save(found: run_page.Tried, out: Path, also: run_store.Extra) -> None:
    if isinstance(found, TwoStageRun):
        save_two_stage(found, out, also)
    else:
        run_store.save(found, out, also)


def _document(found: run_page.Tried) -> dict[str, Any]:
    """plan.json with the schedules; of several futures those of each member."""
    if isinstance(found, TwoStageRun):
        runs = zip(found.found.members, found.runs, strict=True)
        return {**two_stage_document(found.found), "tried": {one.name: _schedules(run) for one, run in runs}}
    return {**run_store.plan_document(found.plan), **_schedules(found)}


def _schedules(found: Run) -> dict[str, Any]:
    tried = {name: getattr(found, name) for name in run_store.SCHEDULES}
    return {name: run_store.schedule_document(result) for name, result in tried.items() if result is not None}


def draw(found: run_page.Tried, folder: Path, language: Language, progress: Report) -> None:
    """The report in the language asked as report.html, in the other beside it, and the workbook."""
    made = {}
    for other in LANGUAGES:
        tell(progress, "report", _("drawing the page ({other})", other=other))
        made[other] = run_page.sections(found, other)
        file = "report.html" if other == language else f"report.{other}.html"
        run_page.write(found, folder / file, other, made[other])
    tell(progress, "report", _("writing the tables"))
    central = run_page.central(found)
    excel_workbook.write(central, folder / "tables.xlsx", language, made[language], beside=True)
    page_tables.write(central, folder / page_tables.FOLDER, made["en"])
