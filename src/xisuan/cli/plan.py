"""`xisuan plan`: what to build where and when."""

from __future__ import annotations

from pathlib import Path

import click

from xisuan.cli import answer, display, options, summary
from xisuan.indicators import reach
from xisuan.results import folders, store
from xisuan.scenario.read import load
from xisuan.solver.highs import How
from xisuan.workflow.plan import plan


@click.command("plan", epilog="Example:  xisuan plan guizhou --out runs/guizhou --gap 1e-5")
@options.scenario
@options.out("plan")
@options.how
@options.method
@click.option(
    "--reach",
    "targets",
    multiple=True,
    metavar="INDICATOR",
    help="Reach a published target: racks, racks@2027 or racks=800000@2027; may be given more than once.",
)
@options.json
@options.language
@options.debug
def command(
    scenario: str, out: Path, how: How, method: str, targets: tuple[str, ...], as_json: bool, lang: str | None
) -> int:
    """Find the least-cost (or least-carbon) plan of SCENARIO, a shipped name or a folder, and certify it.

    Writes a run folder: plan.json with the main figures, a Parquet file for every table, every variable and every
    dual, and the scenario itself. With --reach a published target becomes a constraint, and what it costs at the
    margin is said. Exit code 3: no plan exists, and the statements that contradict one another are
    named.
    """
    folders.check_target(out)
    given = load(scenario)
    asked = reach.asks(given, targets)
    if asked:
        given = reach.reach(given, *targets)
    with display.shown() as progress:
        found = plan(given, how, method=method, progress=progress)
    store.save(found, out)
    if as_json:
        prices = {"reach": [summary.reach_document(one) for one in reach.price(found, asked)]} if asked else {}
        answer.give_json({**store.plan_document(found), **prices, "out": out})
    else:
        say = answer.speech(lang, given)
        lines = [*summary.plan_lines(found, say), *summary.reach_lines(reach.price(found, asked), say)]
        answer.give([*lines, "", f"  {say('folder')}  {out}"])
    return answer.code(found)
