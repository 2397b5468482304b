"""`xisuan plan`: find and certify the best plan of a scenario."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from gnomon import Options
from xisuan.cli.terminal import output, progress_bar, reach_targets, result_lines, shared_options
from xisuan.results.storage import run_store, sealed_folders
from xisuan.results.storage.two_stage_store import save_two_stage, two_stage_document
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _
from xisuan.tracking.targets import target_constraints
from xisuan.workflow.plan import plan
from xisuan.workflow.two_stage import two_stage


@click.command(
    "plan",
    epilog="Examples:  xisuan plan guizhou-days --out runs/days   (half a minute)   ·   "
    "xisuan plan guizhou --out runs/guizhou   (thirty provinces, four weeks a year; minutes)",
)
@shared_options.scenario
@shared_options.out("plan")
@shared_options.solver_options
@shared_options.method
@shared_options.reach
@shared_options.sharing
@shared_options.cluster
@shared_options.scratch
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    scenario: str, out: Path, options: Options, method: str, targets: tuple[str, ...], workers: int | None,
    cluster: str | None, scratch: Path | None, as_json: bool, lang: str | None,
) -> int:  # fmt: skip
    """Find the plan of least cost (or least carbon) for SCENARIO, a shipped name or a folder, and certify it.

    Writes a run folder: plan.json with the main figures, a Parquet file for every table, variable and dual, and the
    scenario itself. With --reach a published target becomes a constraint, and its marginal cost is reported. Exit code
    3: no plan exists, and the contradicting statements are listed.

    The hours of a large scenario may be shared by several processes, on this machine or on a cluster; a lost process
    is replaced. Run the same command again to resume an interrupted solve.

    A scenario with members is planned for all of them at once, at least expected cost and with the same first-stage
    orders. The folder then has members.html (and the page in the other language), tables with a column `member`, and a
    run folder for each member in members/.
    """
    sealed_folders.check_target(out)
    given, options = load(scenario), replace(options, scratch=scratch)
    output.remark(given, output.speech(lang, given))
    shared: dict[str, Any] = {"workers": workers, "cluster": cluster, "folder": out.with_name(f".{out.name}.iterates")}
    given, asked = reach_targets.constrained(given, targets)
    if given.has("members"):
        return _members(given, out, options, method, shared, as_json=as_json, lang=lang)
    with progress_bar.shown() as progress:
        found = plan(given, options, method=method, progress=progress, **shared)
    run_store.save(found, out)
    if as_json:
        prices = reach_targets.document(target_constraints.price(found, asked))
        output.give_json({**run_store.plan_document(found), **prices, "out": out})
    else:
        say = output.speech(lang, given)
        own = [one for one in target_constraints.stated(given) if one.rule not in {one.rule for one in asked}]
        lines = [
            *result_lines.plan_lines(found, say),
            *result_lines.reach_lines(target_constraints.price(found, [*own, *asked]), say),
        ]
        output.give([*lines, "", f"  {say(_('run folder'))}  {out}"])
    return output.code(found)


def _members(
    given: Scenario, out: Path, options: Options, method: str, shared: dict[str, Any], *, as_json: bool, lang: str | None
) -> int:  # fmt: skip
    """Plan all members of a scenario together."""
    from xisuan.report.pages import two_stage_page as pages  # noqa: PLC0415 (all chapters: 0.2 s, needed by two-stage plans)

    say = output.speech(lang, given)
    with progress_bar.shown() as progress:
        found = two_stage(given, options, method=method, progress=progress, **shared)
        save_two_stage(found, out, also=lambda folder: pages.write(found, folder, say.language))
    if as_json:
        output.give_json({**two_stage_document(found), "out": out, "report": out / pages.PAGE})
    else:
        output.give([*result_lines.two_stage_lines(found, say), "", f"  {say(_('run folder'))}  {out}"])
    return output.code(found)
