"""`xisuan operate`: how a plan serves any hours."""

from __future__ import annotations

from pathlib import Path

import click

from xisuan.cli import answer, display, options, summary
from xisuan.dispatch.operate import operate
from xisuan.results import folders, store
from xisuan.scenario.read import load
from xisuan.scenario.settings import Hours
from xisuan.solver.highs import How
from xisuan.workflow.days import on_hours


def _hours(_ctx: click.Context, _param: click.Parameter, text: str | None) -> Hours | None:
    """The choice of hours, or a usage error with the remedy."""
    try:
        return None if text is None else Hours.parse(text)
    except ValueError as remedy:
        raise click.BadParameter(f"{text!r}: {remedy}") from None


@click.command(
    "operate", epilog="Example:  xisuan operate guizhou --plan runs/guizhou --hours weeks:4 --out runs/weeks"
)
@options.scenario
@click.option("--plan", "plan", type=click.Path(path_type=Path), required=True, help="Run folder of the plan.")
@click.option(
    "--hours", callback=_hours, metavar="SPEC", help="year, weeks:N, days:N, hours:N or one; else SCENARIO's."
)
@options.out("schedule")
@options.how
@options.json
@options.language
@options.debug
def command(
    scenario: str, plan: Path, hours: Hours | None, out: Path, how: How, as_json: bool, lang: str | None
) -> None:
    """Operate the capacity of a plan on the hours of SCENARIO, which may have other demand, prices or hours.

    What cannot be served is shortfall at the price of an option of the scenario; the status is then `short` and the
    exit code still 0. Writes a folder with schedule.json and a Parquet file for every table.
    """
    folders.check_target(out)
    given = load(scenario)
    operated = given if hours is None else on_hours(given, hours)
    planned = store.load_run(plan).plan
    with display.shown() as progress:
        found = operate(operated, planned, how, progress=progress)
    store.save(found, out)
    if as_json:
        tables = {name: found.tables[name] for name in ("shortfall", "excess")}
        answer.give_json({**store.schedule_document(found), **tables, "out": out})
    else:
        say = answer.speech(lang, given)
        answer.give([*summary.schedule_lines(found, say), "", f"  {say('folder')}  {out}"])
