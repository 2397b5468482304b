"""`xisuan demo`: a small certified plan within seconds, then Guizhou with its report."""

from __future__ import annotations

import time
from pathlib import Path

import click

from xisuan.cli.commands.plans import run
from xisuan.cli.terminal import output, progress_bar, result_lines, shared_options, text_layout
from xisuan.cli.terminal.result_phrases import called
from xisuan.cli.terminal.time_remaining import timetable
from xisuan.results.plan import Plan
from xisuan.results.storage import run_store
from xisuan.scenario.load import load
from xisuan.text.numbers import Figures
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _
from xisuan.workflow.plan import plan

SMALL, LARGE = "starter", "guizhou"
MOST_BARS = 8


@click.command("demo", epilog="Example:  xisuan demo --out runs/guizhou")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs") / LARGE,
    show_default=True,
    help="Run folder of the large plan.",
)
@click.option("--small", is_flag=True, help="Make only the small plan.")
@shared_options.json
@shared_options.language
@shared_options.debug
@click.pass_context
def command(context: click.Context, out: Path, small: bool, as_json: bool, lang: str | None) -> int:
    """Plan a small invented region in seconds, then Guizhou in minutes, and say what to do next.

    The small plan shows what a plan says: what to build, where and when, at what cost, and how it is certified. The
    large one is that of `xisuan run guizhou`. With --json the document of the last plan is printed.
    """
    say = output.speech(lang)
    began = time.monotonic()
    found = _small_plan(say, began, as_json=as_json)
    if small:
        if as_json:
            output.give_json(run_store.plan_document(found))
        return output.code(found)
    if not as_json:
        output.give(["", *_announcement(say), ""])
    code = context.invoke(run.command, scenario=LARGE, out=out, as_json=as_json, lang=lang)
    if not as_json:
        output.give(["", *_next_steps(out, say)])
    return max(output.code(found), int(code or 0))


def _small_plan(say: Translator, began: float, *, as_json: bool) -> Plan:
    """Return the plan of the small scenario, and show it with a chart unless JSON was asked for."""
    with progress_bar.shown() as progress:
        found = plan(load(SMALL), progress=progress)
    if not as_json:
        seconds = max(1.0, time.monotonic() - began)
        head = _("1 of 2 · a small invented region, planned and certified in {seconds:.0f} s", seconds=seconds)
        output.give([say(head), "", *result_lines.plan_lines(found, say), "", *_chart(found, say)])
    return found


def _chart(found: Plan, say: Translator) -> list[str]:
    """Return a bar chart of the capital by place."""
    sums = found.tables["builds"].groupby("where")["capex_mcny"].sum().sort_values(ascending=False).head(MOST_BARS)
    money = Figures(say.language).money
    rows = [
        (called(found.scenario, str(where), say), float(amount), money(float(amount))) for where, amount in sums.items()
    ]
    return [f"  {say(_('Capital by place'))}", *text_layout.bars(rows, indent=4)]


def _announcement(say: Translator) -> list[str]:
    """Return what comes next, and how long it takes."""
    known = timetable(LARGE)
    minutes = "" if known is None else round(known.total / 60)
    return text_layout.paragraph(
        say(
            _(
                "2 of 2 · Guizhou: nine prefectures, thirty other provinces, 2026 to 2030, 3.6 million columns. It takes"
                " about {minutes} minutes on two idle cores and 3.9 GB of memory. Ctrl+C ends it; the same command"
                " starts it again.",
                minutes=minutes,
            )
        )
    )


def _next_steps(out: Path, say: Translator) -> list[str]:
    """Return where the report lies, and three commands to go on with."""
    steps = [
        ("xisuan studio", say(_("change the scenario and plan it again in the browser"))),
        (f"xisuan new mine --from {SMALL} --into .", say(_("make a scenario of your own"))),
        (f"xisuan sweep {LARGE} --out runs/sweep", say(_("plan it with other demand, prices and costs"))),
    ]
    report = say(_("Open the report in a browser:"))
    return [f"{report}  {(out / 'report.html').resolve()}", "", say(_("What to do next")), *text_layout.pairs(steps)]
