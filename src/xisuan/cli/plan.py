"""`xisuan plan`: what to build where and when."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from xisuan.cli import answer, display, options, summary
from xisuan.indicators.tracking import reach
from xisuan.report import two_stage as pages
from xisuan.results import folders, store
from xisuan.results.two_stage_store import save_two_stage, two_stage_document
from xisuan.scenario.read import load
from xisuan.scenario.scenario import Scenario
from xisuan.solver.highs import How
from xisuan.workflow.plan import plan
from xisuan.workflow.two_stage import two_stage


@click.command(
    "plan",
    epilog="Examples:  xisuan plan guizhou-days --out runs/days, in half a minute   ·   "
    "xisuan plan guizhou --out runs/guizhou, thirty provinces and four weeks a year, in minutes",
)
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
@options.sharing
@options.cluster
@options.scratch
@options.json
@options.language
@options.debug
def command(
    scenario: str, out: Path, how: How, method: str, targets: tuple[str, ...], workers: int | None, cluster: str | None,
    scratch: Path | None, as_json: bool, lang: str | None,
) -> int:  # fmt: skip
    """Find the least-cost (or least-carbon) plan of SCENARIO, a shipped name or a folder, and certify it.

    Writes a run folder: plan.json with the main figures, a Parquet file for every table, every variable and every
    dual, and the scenario itself. With --reach a published target becomes a constraint, and what it costs at the
    margin is said. Exit code 3: no plan exists, and the statements that contradict one another are
    named.

    The hours of a large scenario may be shared out to several processes, of this machine or of a cluster; who is lost is
    replaced. A long solve that is killed is gone on with by the same command.

    A scenario with members is planned for all of them at once, of least expected cost, with the same first orders in each.
    The folder then has members.html (and the page in the other language), the tables with a column `member`, and a run
    folder for each member in members/.
    """
    folders.check_target(out)
    given, how = load(scenario), replace(how, scratch=scratch)
    answer.remark(given, answer.speech(lang, given))
    shared: dict[str, Any] = {"workers": workers, "cluster": cluster, "folder": out.with_name(f".{out.name}.iterates")}
    if given.has("members"):
        return _members(given, out, how, method, targets, shared, as_json=as_json, lang=lang)
    asked = reach.asks(given, targets)
    if asked:
        given = reach.reach(given, *targets)
    with display.shown() as progress:
        found = plan(given, how, method=method, progress=progress, **shared)
    store.save(found, out)
    if as_json:
        prices = {"reach": [summary.reach_document(one) for one in reach.price(found, asked)]} if asked else {}
        answer.give_json({**store.plan_document(found), **prices, "out": out})
    else:
        say = answer.speech(lang, given)
        lines = [*summary.plan_lines(found, say), *summary.reach_lines(reach.price(found, asked), say)]
        answer.give([*lines, "", f"  {say('folder')}  {out}"])
    return answer.code(found)


def _members(
    given: Scenario, out: Path, how: How, method: str, targets: tuple[str, ...], shared: dict[str, Any], *,
    as_json: bool, lang: str | None,
) -> int:  # fmt: skip
    """Plan the members of a scenario together."""
    if targets:
        raise click.UsageError(
            "--reach prices a target of one plan, and members have several: state it in policies (reach_...) instead"
        )
    say = answer.speech(lang, given)
    with display.shown() as progress:
        found = two_stage(given, how, method=method, progress=progress, **shared)
        save_two_stage(found, out, also=lambda folder: pages.write(found, folder, say.language))
    if as_json:
        answer.give_json({**two_stage_document(found), "out": out, "report": out / pages.PAGE})
    else:
        answer.give([*summary.two_stage_lines(found, say), "", f"  {say('folder')}  {out}"])
    return answer.code(found)
