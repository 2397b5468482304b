"""`xisuan verify`: test a plan against failures and add reserve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from gnomon import Options
from xisuan.cli.terminal import output, progress_bar, shared_options, text_layout
from xisuan.report import terms
from xisuan.report.pages import verification_page as page
from xisuan.results.plan import Plan
from xisuan.results.storage import run_store, sealed_folders
from xisuan.results.storage.verification_store import save_verification, verification_document
from xisuan.results.verification import MOST_ROUNDS, Verification
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.arrivals.demand_sampling import Sampling
from xisuan.simulation.policies.placement import PLACEMENTS, placement
from xisuan.simulation.simulate import Trial
from xisuan.text.numbers import Figures, plain
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _
from xisuan.workflow.plan import plan as find
from xisuan.workflow.verification.contingency import Failure
from xisuan.workflow.verification.verify import Ask, verify

SHOWN = 12
"""Cases and places that a terminal shows."""


def _failures(_ctx: click.Context, _param: click.Parameter, texts: tuple[str, ...]) -> tuple[Failure, ...]:
    """Return the failures to test. Raises a usage error with the remedy."""
    out = []
    for text in texts:
        what, _colon, name = text.partition(":")
        if what not in ("site", "link") or not name:
            raise click.BadParameter(_("{text!r}: give site:NAME or link:NAME", text=text))
        out.append(Failure(what, name))  # type: ignore[arg-type]
    return tuple(out)


@click.command(
    "verify", epilog="Example:  xisuan verify guizhou-days --plan runs/days --case site:GAN --out runs/verified"
)
@shared_options.scenario
@click.option("--plan", "plan", type=click.Path(path_type=Path), required=True, help="Run folder of the plan.")
@click.option(
    "--case",
    "failures",
    callback=_failures,
    multiple=True,
    metavar="KIND:NAME",
    help="site:NAME or link:NAME fails for a day; may be repeated.  [default: each site and each link]",
)
@click.option("--limit", type=click.FloatRange(0.0, 1.0, max_open=True), default=0.01, show_default=True,
              help="Tolerated share of late jobs among those due.")  # fmt: skip
@click.option("--rounds", type=click.IntRange(0, MOST_ROUNDS), default=3, show_default=True,
              help="Largest number of new plans; 0 only tests.")  # fmt: skip
@click.option("--place", type=shared_options.Member("placement", placement, PLACEMENTS), default="plan", show_default=True,
              help="Placement policy.")  # fmt: skip
@click.option("--period", type=int, help="Year of the plan.  [default: its last]")
@click.option("--hours", type=int, help="Hours to simulate.  [default: until a day after the failure]")
@click.option(
    "--replications",
    type=int,
    default=1,
    show_default=True,
    help="Number of replications of each case with other random jobs.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the first replication.")
@click.option("--jobs-per-hour", type=float, default=100.0, show_default=True,
              help="Mean number of jobs per hour of one region and workload.")  # fmt: skip
@click.option("--job-hours", type=float, default=1.0, show_default=True, help="Mean duration of a job.")
@shared_options.out("verification")
@shared_options.solver_options
@shared_options.json
@shared_options.language
@shared_options.debug
def command(scenario: str, plan: Path, out: Path, options: Options, as_json: bool, lang: str | None, jobs_per_hour: float,
            job_hours: float, limit: float, rounds: int, failures: tuple[Failure, ...], **tried: Any) -> int:  # fmt: skip
    """Test a plan without failures and with each --case for a day. Report unserved work, late jobs, the extra cost of
    the day, and the cheapest reserve that removes the loss. If service breaks, plan SCENARIO again with that reserve
    until the plan holds or the reason why it cannot is known.

    Writes a folder with verification.html, verification.json, Parquet files and the last plan as a run folder, plan/.
    Exit code 0 for any finding; `holds` has the verdict. Exit code 4: the certificate of a plan or of a day's
    operation does not hold.
    """
    sealed_folders.check_target(out)
    given = load(scenario)
    trial = Trial(sampling=Sampling(jobs_per_hour, job_hours), **tried)

    def again(changed: Scenario) -> Plan:
        return find(changed, options)

    with progress_bar.shown() as progress:
        ask = Ask(limit, failures, rounds)
        found = verify(given, run_store.load_run(plan).plan, trial, ask, planner=again, progress=progress)
    say = output.speech(lang, given)
    save_verification(found, out, page=page.html(found, say.language))
    if as_json:
        tables = {name: frame for name, frame in found.tables.items() if name != "asked"}
        output.give_json({**verification_document(found), **tables, "out": out})
    else:
        output.give([*_lines(found, say), "", f"  {say(_('run folder'))}  {out}"])
    return max(output.code(found.plan), output.code_of(found.cases))


def _lines(found: Verification, say: Translator) -> list[str]:
    """Return the verdict, the worst cases, the reserve for each, and what was added."""
    cases = found.cases
    worst = cases[cases["round"] == cases["round"].max()].sort_values(
        ["holds", "unserved_share", "late_more"], ascending=[True, False, False], kind="stable"
    )
    why = found.reason.zh if say.language == "zh" else found.reason.en
    lines = [*text_layout.paragraph(f"{say(_('holds')) if found.holds else say(_('DOES NOT HOLD'))} · {why}"), ""]
    lines += _cases(worst, found.work, say)
    lines += (
        text_layout.paragraph(
            say(
                _(
                    "An extra cost below 0: that day costs less to run, as work that is not served uses no power, or "
                    "work that moves runs on cheaper power. What the lost work is worth is not in it."
                )
            ),
            2,
            2,
        )
        if page.cheaper(worst)
        else []
    )
    spare = found.spare[(found.spare["round"] == 0) & (found.spare["capex_mcny"] > 1.0)]
    if len(spare):
        heads = (say(_("case")), say(_("asset")), say(_("where")), "MW", say(_("million CNY")))
        largest = spare.sort_values("capex_mcny", ascending=False).head(SHOWN)
        body = [
            (
                _case(row, say),
                say(terms.named(terms.ASSETS, str(row["asset"]))),
                f"{row['where']} {row['technology']}".strip(),
                plain(row["mw"]),
                plain(row["capex_mcny"]),
            )
            for _, row in largest.iterrows()
        ]
        lines += ["", f"  {say(_('cheapest spare for the plan as given'))}", *text_layout.table(heads, body, text=3)]
    return lines


def _cases(worst: pd.DataFrame, work: pd.DataFrame, say: Translator) -> list[str]:
    heads = (
        say(_("case")),
        say(_("unserved, at worst")),
        say(_("late, ÷ a day's jobs")),
        say(_("extra cost of the day")),
        say(_("cheapest spare")),
        say(_("within the limit")),
    )
    show = Figures(say.language)
    rows = [
        (
            _case(row, say), _unserved(row, work, say),
            show.share(row["late_share"] if row["what"] == "nothing" else row["late_more"]),
            show.money(row["extra_mcny"]), show.money(row["spare_mcny"]), "✓" if row["holds"] else "✗",
        )
        for _, row in worst.head(SHOWN).iterrows()
    ]  # fmt: skip
    return text_layout.table(heads, rows)


def _unserved(row: pd.Series, work: pd.DataFrame, say: Translator) -> str:
    """Return the largest unserved share of any workload, and that workload."""
    here = work[
        work["owed"] & (work["round"] == row["round"]) & (work["what"] == row["what"]) & (work["name"] == row["name"])
    ]
    share = Figures(say.language).share(row["unserved_share"])
    if not row["unserved_share"] > 0.0 or not len(here):
        return share
    return f"{share} {here.loc[here['unserved_share'].idxmax(), 'workload']}"


def _case(row: pd.Series, say: Translator) -> str:
    return say(_("nothing down")) if row["what"] == "nothing" else say(_("{name} down", name=row["name"]))
