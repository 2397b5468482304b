"""`xisuan run`: plan, operate and analyse a scenario, and write the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gnomon import Options
from xisuan.cli.terminal import (
    output,
    progress_bar,
    reach_targets,
    remote_run,
    result_lines,
    shared_options,
    text_layout,
    time_remaining,
)
from xisuan.progress import Report, tell
from xisuan.report.pages import page_tables, run_page
from xisuan.report.workbook import run_workbook
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
    epilog="Example:  xisuan run guizhou --out runs/guizhou --lang zh   ·   Smaller: guizhou-days",
)
@shared_options.scenario
@shared_options.out("run")
@shared_options.solver_options
@shared_options.method
@click.option(
    "--quick",
    is_flag=True,
    help="Skip operation on other days, the typical week and the past year, and analyses that solve again: break-even,"
    " stress, sensitivity to estimates, alternatives.",
)
@shared_options.reach
@click.option("--server", help="Address of a studio that does the work; XISUAN_TOKEN holds the access token.")
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    scenario: str,
    out: Path,
    options: Options,
    method: str,
    quick: bool,
    targets: tuple[str, ...],
    server: str | None,
    as_json: bool,
    lang: str | None,
) -> int:
    """Plan SCENARIO, certify the plan, operate it on its own hours, on other days of the year and on a typical week,
    compute the tables for decisions (unit costs, payers, break-even, stress, sensitivity to estimates), and write the
    report.

    The run folder holds what `plan` writes, schedule/, others/, week/, a file for each table, report.html in your
    language, the same page in the other language, tables.xlsx, and the page's tables as Parquet in shown/. With
    --server a studio does the work and the folder is downloaded; the studio then chooses the solver (--gap, --solver,
    --method and --quick are refused), and report.html is in English, report.zh.html in Chinese.

    A scenario with members is planned for all of them at once, and each member's plan is operated on its own hours.
    The other analyses are made for the most likely member; the report begins with what holds for all. With --reach a
    published target becomes a constraint, as of `plan`.
    """
    if server is not None:
        _only_here(click.get_current_context())
    sealed_folders.check_target(out)
    given = load(scenario)
    say = output.speech(lang, given)
    given, asked = reach_targets.constrained(given, targets)
    output.remark(given, say)
    timetable = None if quick or server is not None else time_remaining.timetable(scenario)
    with progress_bar.shown(timetable=timetable, language=say.language) as progress:
        if server is not None:
            remote_run.run(given, server, out, progress)
            found = load_tried(out)
        else:
            kept = out.with_name(f".{out.name}.iterates")
            found = _compute(given, options, method, ask=not quick, folder=kept, progress=progress)
            _save(found, out, lambda folder: draw(found, folder, say.language, progress))
    prices = reach_targets.priced(found, asked)
    if as_json:
        output.give_json(
            {**_document(found), **reach_targets.document(prices), "out": out, "report": out / "report.html"}
        )
    else:
        files = [(say(_("report")), str(out / "report.html")), (say(_("tables")), str(out / "tables.xlsx"))]
        lines = (
            result_lines.tried_lines(found, say)
            if isinstance(found, TwoStageRun)
            else result_lines.run_lines(found, say)
        )
        output.give([*lines, *result_lines.reach_lines(prices, say), "", *text_layout.pairs(files)])
    runs = found.runs if isinstance(found, TwoStageRun) else (found,)
    tried = [one for run in runs for one in (run.schedule, run.others, run.week) if one is not None]
    plans = output.code(found.found if isinstance(found, TwoStageRun) else found.plan, *tried)
    return max(plans, *(output.code_of(one.decisions.get("stress")) for one in runs))


def _only_here(context: click.Context) -> None:
    """Raise a usage error for options that cannot be passed to a studio."""
    typed = [name for name in ("gap", "solver", "method", "quick") if _typed(context, name)]
    if typed:
        names = ", ".join(f"--{name}" for name in typed)
        raise click.UsageError(
            _("{names} beside --server: the studio chooses how to solve; leave it out, or run here", names=names)
        )


def _typed(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _compute(
    given: Scenario, options: Options, method: str, *, ask: bool, folder: Path, progress: Report
) -> run_page.Tried:
    """Return the results of a scenario, of one future or of several."""
    verb = run_two_stage if given.has("members") else run
    return verb(given, options, method=method, ask=ask, folder=folder, progress=progress)


def _save(found: run_page.Tried, out: Path, also: run_store.Extra) -> None:
    if isinstance(found, TwoStageRun):
        save_two_stage(found, out, also)
    else:
        run_store.save(found, out, also)


def _document(found: run_page.Tried) -> dict[str, Any]:
    """Return plan.json with the schedules; with members, those of each member."""
    if isinstance(found, TwoStageRun):
        runs = zip(found.found.members, found.runs, strict=True)
        return {**two_stage_document(found.found), "tried": {one.name: _schedules(run) for one, run in runs}}
    return {**run_store.plan_document(found.plan), **_schedules(found)}


def _schedules(found: Run) -> dict[str, Any]:
    tried = {name: getattr(found, name) for name in run_store.SCHEDULES}
    return {name: run_store.schedule_document(result) for name, result in tried.items() if result is not None}


def draw(found: run_page.Tried, folder: Path, language: Language, progress: Report) -> None:
    """Write report.html in the chosen language, the page in the other language, and the workbook."""
    made = {}
    for other in LANGUAGES:
        tell(progress, "report", _("drawing the page ({other})", other=other))
        made[other] = run_page.sections(found, other)
        file, beside = (
            run_page.file_name(one, language) for one in (other, *(each for each in LANGUAGES if each != other))
        )
        run_page.write(found, folder / file, other, made[other], beside=beside)
    tell(progress, "report", _("writing the tables"))
    central = run_page.central(found)
    run_workbook.write(central, folder / "tables.xlsx", language, made[language])
    page_tables.write(central, folder / page_tables.FOLDER, made["en"])
