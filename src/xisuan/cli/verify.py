"""`xisuan verify`: does a plan hold under jobs and failures?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from xisuan.cli import answer, display, layout, options
from xisuan.cli.words import Speech
from xisuan.report.figures import plain
from xisuan.results import columns, document, folders, store
from xisuan.results.plan import Plan
from xisuan.scenario.read import load
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.placement import PLACEMENTS
from xisuan.simulation.sampling import Sampling
from xisuan.simulation.simulate import Trial
from xisuan.solver.highs import How
from xisuan.workflow.plan import plan as find
from xisuan.workflow.verify import LIMIT, Verification, verify


@click.command("verify", epilog="Example:  xisuan verify starter --plan runs/starter --out runs/verified")
@options.scenario
@click.option("--plan", "plan", type=click.Path(path_type=Path), required=True, help="Run folder of the plan.")
@click.option(
    "--limit",
    type=click.FloatRange(0.0, 1.0, max_open=True),
    default=LIMIT,
    show_default=True,
    help="Jobs that may be late, share of those due.",
)
@click.option("--place", type=click.Choice(list(PLACEMENTS)), default="least-loaded", show_default=True,
              help="Where jobs run.")  # fmt: skip
@click.option("--period", type=int, help="Year of the plan; its last unless given.")
@click.option("--hours", type=int, help="Hours to simulate: the plan's once, and at least a week, unless given.")
@click.option("--replications", type=int, default=1, show_default=True, help="How often each case, with other jobs.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the first replication.")
@click.option("--jobs-per-hour", type=float, default=100.0, show_default=True,
              help="Jobs a region's demand for a workload makes in an hour.")  # fmt: skip
@click.option("--job-hours", type=float, default=0.25, show_default=True, help="How long a job runs, mean.")
@options.out("verification")
@options.how
@options.json
@options.language
@options.debug
def command(scenario: str, plan: Path, limit: float, out: Path, how: How, as_json: bool, lang: str | None,
            jobs_per_hour: float, job_hours: float, **tried: Any) -> None:  # fmt: skip
    """Simulate a plan with nothing, with each of its sites and with each of its links down for a day. Where more jobs are
    late than --limit allows, plan SCENARIO again with a reserve at sites and on links, until the plan holds or it is
    clear that no reserve is enough.

    Writes a folder with verification.json, cases.parquet, spare.parquet and the last plan as a run folder, plan/. Exit
    code 0 whatever it finds; `holds` says it.
    """
    folders.check_target(out)
    given = load(scenario)
    trial = Trial(sampling=Sampling(jobs_per_hour, job_hours), **tried)

    def again(changed: Scenario) -> Plan:
        return find(changed, how)

    with display.shown() as progress:
        found = verify(given, store.load_run(plan).plan, trial, limit=limit, planner=again, progress=progress)
    _save(found, out)
    if as_json:
        answer.give_json({**_document(found), "out": out})
    else:
        say = answer.speech(lang, given)
        answer.give([*_lines(found, say), "", f"  {say('folder')}  {out}"])


def _document(found: Verification) -> dict[str, Any]:
    return {"holds": found.holds, "why": found.why, "cases": found.cases, "spare": found.spare}


def _save(found: Verification, out: Path) -> None:
    """Write the folder whole or not at all."""
    with folders.replacing(out.absolute()) as fresh:
        (fresh / "verification.json").write_text(document.text(_document(found)), encoding="utf-8")
        columns.write_table(found.cases, fresh / "cases.parquet")
        columns.write_table(found.spare, fresh / "spare.parquet")
        store.save(found.plan, fresh / "plan")
        folders.seal(fresh)


def _lines(found: Verification, say: Speech) -> list[str]:
    """The verdict, the cases of the last round that are worst, and what was added."""
    cases = found.cases
    last = cases[cases["reserve"] == cases["reserve"].max()].sort_values("late_share", ascending=False, kind="stable")
    head = (say("case"), say("late"), say("within_limit"))
    rows = [
        (_case(row, say), say.figures.share(row["late_share"]), "✓" if row["holds"] else "✗")
        for _, row in last.head(8).iterrows()
    ]
    lines = [*layout.paragraph(f"{say('holds_yes') if found.holds else say('holds_no')} · {found.why}"), ""]
    lines += layout.table(head, rows)
    added = found.spare[found.spare["capex_mcny"].abs() > 1e-6]
    if len(added):
        body = [
            (say.asset(str(row["asset"])), str(row["where"]), plain(row["mw"]), plain(row["capex_mcny"]))
            for _, row in added.sort_values("capex_mcny", ascending=False).head(8).iterrows()
        ]
        titles = (say("asset"), say("where"), "MW", say("capex"))
        lines += ["", f"  {say('spare')}", *layout.table(titles, body, text=2)]
    return lines


def _case(row: pd.Series, say: Speech) -> str:
    return say("nothing_down") if row["what"] == "nothing" else say("is_down", name=row["name"])
