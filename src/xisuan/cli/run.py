"""`xisuan run`: all that can be found out about a scenario, and the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xisuan.cli import answer, display, layout, options, remote, summary
from xisuan.progress import Report, tell
from xisuan.report import frames, whole, workbook
from xisuan.report.figures import Language
from xisuan.report.words import LANGUAGES
from xisuan.results import folders, store
from xisuan.results.run import Run
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.results.two_stage_store import load_tried, save_two_stage, two_stage_document
from xisuan.scenario.read import load
from xisuan.scenario.scenario import Scenario
from xisuan.solver.highs import How
from xisuan.workflow.futures import run_two_stage
from xisuan.workflow.run import run


@click.command(
    "run",
    epilog="Example:  xisuan run guizhou --out runs/guizhou --lang zh   ·   guizhou-days is the small one",
)
@options.scenario
@options.out("run")
@options.how
@options.method
@click.option(
    "--quick",
    is_flag=True,
    help="Leave out other days, the typical week, the year that is over, and what plans again and again: break-even,"
    " stress, estimates that matter, firm builds.",
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
    a studio does the work and the folder comes back; it chooses how to solve (--gap, --solver, --method and --quick are
    refused), and report.html is in English, report.zh.html in Chinese.

    A scenario with members is planned for all of them at once and every member's plan is operated on its own hours; the
    rest is of the likeliest, and the report begins with what holds for all.
    """
    if server is not None:
        _only_here(click.get_current_context())
    folders.check_target(out)
    given = load(scenario)
    say = answer.speech(lang, given)
    answer.remark(given, say)
    with display.shown() as progress:
        if server is not None:
            remote.run(given, server, out, progress)
            found = load_tried(out)
        else:
            kept = out.with_name(f".{out.name}.iterates")
            found = _found(given, how, method, ask=not quick, folder=kept, progress=progress)
            _save(found, out, lambda folder: draw(found, folder, say.language, progress))
    if as_json:
        answer.give_json({**_document(found), "out": out, "report": out / "report.html"})
    else:
        files = [(say("report"), str(out / "report.html")), (say("tables"), str(out / "tables.xlsx"))]
        lines = summary.tried_lines(found, say) if isinstance(found, TwoStageRun) else summary.run_lines(found, say)
        answer.give([*lines, "", *layout.pairs(files)])
    runs = found.runs if isinstance(found, TwoStageRun) else (found,)
    tried = [one for run in runs for one in (run.schedule, run.others, run.week) if one is not None]
    return answer.code(found.found if isinstance(found, TwoStageRun) else found.plan, *tried)


def _only_here(context: click.Context) -> None:
    """Refuse options that a studio would not be told."""
    typed = [name for name in ("gap", "solver", "method", "quick") if _typed(context, name)]
    if typed:
        names = ", ".join(f"--{name}" for name in typed)
        raise click.UsageError(f"{names} beside --server: the studio chooses how to solve; leave it out, or run here")


def _typed(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _found(given: Scenario, how: How, method: str, *, ask: bool, folder: Path, progress: Report) -> whole.Tried:
    """All that can be found out, of one future or of several."""
    verb = run_two_stage if given.has("members") else run
    return verb(given, how, method=method, ask=ask, folder=folder, progress=progress)


def _save(found: whole.Tried, out: Path, also: store.Extra) -> None:
    if isinstance(found, TwoStageRun):
        save_two_stage(found, out, also)
    else:
        store.save(found, out, also)


def _document(found: whole.Tried) -> dict[str, Any]:
    """plan.json with the schedules; of several futures those of each member."""
    if isinstance(found, TwoStageRun):
        runs = zip(found.found.members, found.runs, strict=True)
        return {**two_stage_document(found.found), "tried": {one.name: _schedules(run) for one, run in runs}}
    return {**store.plan_document(found.plan), **_schedules(found)}


def _schedules(found: Run) -> dict[str, Any]:
    tried = {name: getattr(found, name) for name in store.SCHEDULES}
    return {name: store.schedule_document(result) for name, result in tried.items() if result is not None}


def draw(found: whole.Tried, folder: Path, language: Language, progress: Report) -> None:
    """The report in the language asked as report.html, in the other beside it, and the workbook."""
    made = {}
    for other in LANGUAGES:
        tell(progress, "report", f"drawing the page ({other})")
        made[other] = whole.sections(found, other)
        file = "report.html" if other == language else f"report.{other}.html"
        whole.write(found, folder / file, other, made[other])
    tell(progress, "report", "writing the tables")
    central = whole.central(found)
    workbook.write(central, folder / "tables.xlsx", language, made[language], beside=True)
    frames.write(central, folder / frames.FOLDER, made["en"])
