"""`xisuan operate`: operate a plan on any hours."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from gnomon import Options, Rolling
from xisuan.cli.terminal import certify_words, output, progress_bar, schedule_lines, shared_options, text_layout
from xisuan.errors import Problem, UnreadableError
from xisuan.report.operated import operated_page as pages
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.results.storage import run_store, sealed_folders
from xisuan.results.summaries.hardest_week import hardest
from xisuan.scenario.checks.rolling_horizon import longer_waits
from xisuan.scenario.load import load
from xisuan.scenario.settings import Hours, parse_windows
from xisuan.scenario.variants.modelled_hours import on_hours
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _
from xisuan.workflow.operate import operate

INTERRUPTED = 130


def _hours(_ctx: click.Context, _param: click.Parameter, text: str | None) -> Hours | None:
    """Return the choice of hours. Raises a usage error with the remedy."""
    try:
        return None if text is None else Hours.parse(text)
    except UnreadableError as refused:
        raise click.BadParameter(_("{text!r}: {problem}", text=text, problem=refused.problem.message)) from None


def _windows(_ctx: click.Context, _param: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Return horizon and step in hours. Raises a usage error with the remedy."""
    try:
        return None if text is None else parse_windows(text)
    except UnreadableError as refused:
        raise click.BadParameter(_("{text!r}: {problem}", text=text, problem=refused.problem.message)) from None


def _rolling(windows: tuple[int, int] | None, error: float | None, seed: int | None) -> Rolling | None:
    """Return the rolling horizon, None if all hours are known. Raises a usage error for its options without it."""
    if windows is None:
        if error is not None or seed is not None:
            raise click.UsageError(_("--forecast-error and --seed need --rolling"))
        return None
    return Rolling(*windows, 0.5 if error is None else error, 1 if seed is None else seed)


def _answer(
    found: Schedule, planned: Plan, plan: Path, out: Path, warnings: tuple[Problem, ...], say: Translator | None
) -> None:
    """Print the schedule in words, or without `say` as JSON."""
    if say is None:
        tables = {name: found.tables[name] for name in ("shortfall", "excess")}
        expected = schedule_lines.expected_mcny(planned, found)
        week = hardest(found)
        output.give_json(
            {
                **run_store.schedule_document(found),
                "expected_mcny": expected,
                "hardest_week": week,
                **tables,
                "warnings": warnings,
                "out": out,
                "report": out / pages.PAGE,
                **certify_words.as_saved({plan: planned}),
            }
        )
    else:
        files = [(say(_("run folder")), str(out)), (say(_("report")), str(out / pages.PAGE))]
        said = [*certify_words.uncertified({plan: planned}), certify_words.of_capacity(plan)]
        unchecked = [line for text in said for line in text_layout.paragraph(say(text))]
        output.give(
            [*schedule_lines.schedule_lines(found, planned, say), "", *text_layout.pairs(files), "", *unchecked]
        )


@click.command(
    "operate", epilog="Example:  xisuan operate guizhou-days --plan runs/days --hours weeks:4 --out runs/weeks"
)
@shared_options.scenario
@click.option("--plan", "plan", type=click.Path(path_type=Path), required=True, help="Run folder of the plan.")
@click.option(
    "--hours",
    callback=_hours,
    metavar="SPEC",
    help="Hours to operate: year, weeks:N, days:N, hours:N or one.  [default: SCENARIO's]",
)
@click.option(
    "--rolling",
    "windows",
    callback=_windows,
    metavar="HORIZON/STEP",
    help="Decide STEP hours at a time with forecasts up to HORIZON hours ahead; say what not knowing costs.",
)
@click.option(
    "--forecast-error",
    type=click.FloatRange(0.0, 1.0),
    help="With --rolling: error at the end of the horizon, from 0 (known) to 1 (as good as another day).  [default: 0.5]",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="With --rolling: seed of the forecasts.  [default: 1]")
@shared_options.out("schedule")
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes that operate periods in parallel.",
)
@shared_options.cluster
@shared_options.solver_options
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    scenario: str, plan: Path, hours: Hours | None, windows: tuple[int, int] | None, forecast_error: float | None,
    seed: int | None, out: Path, workers: int, cluster: str | None, options: Options, as_json: bool, lang: str | None,
) -> int:  # fmt: skip
    """Operate the capacity of a plan on the hours of SCENARIO, which may have other demand, prices or hours.

    Work that cannot be served is shortfall, at a price that the scenario states; the status is then `short` and the
    exit code is still 0. The schedule is certified like a plan; exit code 4: its certificate does not hold. Writes a
    folder with schedule.json, operate.html (and the page in the other language) and a Parquet file for every table.
    Finished periods of a long operation are kept beside the folder; run the same command again to resume.
    """
    rolling = _rolling(windows, forecast_error, seed)
    sealed_folders.check_target(out)
    given = load(scenario)
    tried = given if hours is None else on_hours(given, hours)
    planned = run_store.load_run(plan).plan
    say = output.speech(lang, given)
    warnings = () if rolling is None else longer_waits(tried, rolling.horizon, rolling.step)
    output.warn(warnings, say)
    kept = out.with_name(f".{out.name}.periods") if workers > 1 or cluster or tried.timeline.long else None
    try:
        with progress_bar.shown() as progress:
            found = operate(
                tried,
                planned,
                options,
                workers=workers,
                cluster=cluster,
                folder=kept,
                progress=progress,
                rolling=rolling,
            )
        run_store.save(found, out, also=lambda folder: pages.write(found, planned, folder, say.language))
    except KeyboardInterrupt:
        if kept is None or not any(kept.glob(f"*/{sealed_folders.SEAL}")):
            raise
        stopped = _(
            "Interrupted. The periods that are done are kept in {folder}: the same command goes on with the others.",
            folder=kept,
        )
        click.echo("\n".join(text_layout.paragraph(say(stopped))), err=True)
        return INTERRUPTED
    _answer(found, planned, plan, out, warnings, None if as_json else say)
    if kept is not None:
        shutil.rmtree(kept)
    return output.code(found)
