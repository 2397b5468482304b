"""`xisuan sweep`: plan one scenario many times with changed levers."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import click

from gnomon import Options
from xisuan.cli.terminal import output, progress_bar, shared_options, text_layout
from xisuan.errors import Problem, ScenarioError
from xisuan.report import terms
from xisuan.report.pages import sweep_page as page
from xisuan.results.storage.sweep_store import Keeper, sweep_document
from xisuan.results.sweep import Range, Sweep
from xisuan.scenario.load import load
from xisuan.scenario.reading.cell_parsers import NUMBER
from xisuan.scenario.reading.problems import shown
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours
from xisuan.text.numbers import MISSING, Figures, plain
from xisuan.text.translation import Translator, unfilled
from xisuan.text.translation import message as _
from xisuan.workflow.sweep import KINDS, Design, shipped, sweep

SHOWN = 12
"""Rows that a terminal shows of a table."""
UNANSWERED = ("unsolved", "uncertified")
"""Members that the solver or the certificate failed, not the scenario."""


def _ranges(_ctx: click.Context, _param: click.Parameter, texts: tuple[str, ...]) -> tuple[Range, ...]:
    """Return the ranges of levers. Raises a usage error with the remedy."""
    out = []
    for text in texts:
        name, _colon, ends = text.partition(":")
        low, _colon, high = ends.partition(":")
        try:
            out.append(Range(name, float(low), float(high)))
        except ValueError:
            raise click.BadParameter(
                _("{text!r}: give LEVER:LOW:HIGH in percent, such as eastern_demand:-10:30", text=text)
            ) from None
    return tuple(out)


@click.command("sweep", epilog="Example:  xisuan sweep china --hours days:4 --design latin --count 40 --out runs/sweep")
@shared_options.scenario
@click.option("--design", type=click.Choice(list(KINDS)), default="each", show_default=True,
              help="Each lever by itself, a full grid, a Latin hypercube, or the runs of --list.")  # fmt: skip
@click.option("--lever", "ranges", callback=_ranges, multiple=True, metavar="LEVER:LOW:HIGH",
              help="Range of a lever in percent; may be repeated.  [default: the table levers]")  # fmt: skip
@click.option("--count", type=click.IntRange(1), help="Steps of a lever on a grid (3), or runs of a hypercube (50).")
@click.option("--list", "listed", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="CSV with a column per lever and a row per run, in percent; for --design list.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the hypercube.")
@click.option("--hours", help="Hours to plan on (days:4, weeks:1, …).  [default: the scenario's]")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True,
              help="Processes that plan in parallel, each with its own model in memory.")  # fmt: skip
@shared_options.cluster
@shared_options.out("sweep", "is resumed if it has the same settings, else refused")
@shared_options.method
@shared_options.solver_options
@shared_options.json
@shared_options.language
@shared_options.debug
def command(scenario: str, out: Path, options: Options, method: str, as_json: bool, lang: str | None, hours: str | None,
            workers: int, cluster: str | None, listed: Path | None, **design: Any) -> int:  # fmt: skip
    """Plan SCENARIO as it is and once for each run of a design of its levers. Each plan is certified. Report which
    lever changes the cost most, how often each asset is built, and what is built in every run.

    Each finished run is saved; run the same command again to resume. Writes sweep.parquet (a row per run), sweep.json
    and sweep.html. Exit code 4: a run was not solved; it is tried again next time.
    """
    given = load(scenario)
    given = on_hours(given, Hours.parse(hours)) if hours else given
    asked = _design(listed, design, shipped(given))
    keeper = Keeper(out)
    with progress_bar.shown() as progress:
        found = sweep(
            given, asked, options, method=method, workers=workers, cluster=cluster, begin=keeper.begin, keep=keeper.keep,
            progress=progress,
        )  # fmt: skip
    say = output.speech(lang, given)
    keeper.finish(page.html(found, say.language))
    if as_json:
        tables = {"effects": found.effects(), "frequency": found.frequency(), "results": found.members}
        output.give_json({**sweep_document(found), **tables, "out": out})
    else:
        output.give([*_lines(found, say), "", f"  {say(_('run folder'))}  {out}"])
    return 4 if found.members["status"].isin(UNANSWERED).any() else 0


def _design(listed: Path | None, given: dict[str, Any], table: tuple[Range, ...]) -> Design:
    """Return the design. Raises a usage error for options that exclude each other."""
    kind, ranges = given["design"], given["ranges"] or table
    if (kind == "list") != (listed is not None):
        raise click.UsageError(_("--design list and --list FILE go together"))
    if given["count"] is not None and kind not in ("grid", "latin"):
        raise click.UsageError(_("--count means nothing to --design {kind}", kind=kind))
    if listed is None:
        return Design(kind, ranges, given["count"] or 0, given["seed"])
    names, moves = _read(listed)
    spans = tuple(
        Range(name, min(column), max(column)) for name, column in zip(names, zip(*moves, strict=True), strict=True)
    )
    return Design("list", spans, moves=moves)


def _read(path: Path) -> tuple[list[str], tuple[tuple[float, ...], ...]]:
    """Return levers and runs of a list. Raises ScenarioError with every cell that is not a percentage."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        rows = [(reader.line_num, row) for row in reader if row]
    if len(rows) < 2:
        raise ScenarioError([Problem("sweep-file-empty", table=path.name)])
    (_, head), *lines = rows
    names = [name.strip() for name in head]
    problems, moves = [], []
    for number, row in lines:
        place = number
        if len(row) != len(names):
            problems.append(Problem("sweep-line-length", table=path.name, row=place, count=len(row), levers=len(names)))
            continue
        problems += [
            Problem("change-not-a-number", table=path.name, row=place, column=name, value=shown(cell))
            for name, cell in zip(names, row, strict=True)
            if not NUMBER.fullmatch(cell.strip())
        ]
        moves.append(row)
    if problems:
        raise ScenarioError(problems)
    return names, tuple(tuple(float(cell) for cell in row) for row in moves)


def _lines(found: Sweep, say: Translator) -> list[str]:
    """Return sentences, the levers that change the cost most, and the most frequent builds."""
    lines = [line for text in page.sentences(found, say.language) for line in text_layout.paragraph(text)]
    return [*lines, *_levers(found, say), *_builds(found, say), *_without_plan(found, say)]


def _levers(found: Sweep, say: Translator) -> list[str]:
    """Return the levers with what they do to the cost."""
    effects = found.effects().query("figure == 'cost'")
    if not len(effects):
        return []
    ends = ["low", "high", "margin"] if effects["margin"].notna().any() else ["low", "high"]
    heads = (say(_("lever")), "%", say(_("cost at the low end")), say(_("at the high end")), say(_("±")))[
        : 2 + len(ends)
    ]
    ranges = {one.lever: str(one).replace("-", "−") for one in found.ranges}
    rows = [
        (
            str(row["lever"]),
            ranges[str(row["lever"])],
            *(Figures(say.language).money(row[end]) if math.isfinite(row[end]) else MISSING for end in ends),
        )
        for row in effects.to_dict("records")
    ]
    return ["", *text_layout.table(heads, rows, text=2)]


def _builds(found: Sweep, say: Translator) -> list[str]:
    """Return what is built most often."""
    frequency = found.frequency()
    if not len(frequency):
        return []
    heads_of = (
        say(_("asset")),
        say(_("where")),
        say(_("technology")),
        say(_("built in")),
        say(_("least")),
        say(_("most")),
        say(_("unit")),
    )
    rows_of = [
        (
            say(terms.named(terms.ASSETS, str(row["asset"]))),
            str(row["where"]),
            str(row["technology"]),
            Figures(say.language).share(row["share"]),
            plain(row["least"]),
            plain(row["most"]),
            str(row["unit"]),
        )
        for row in frequency.head(SHOWN).to_dict("records")
    ]
    lines = ["", *text_layout.table(heads_of, rows_of, text=3)]
    first = frequency.iloc[0]
    if first["plans"] < first["members"]:
        lines += text_layout.paragraph(
            say(
                _(
                    "built in: of all {members} members, of which {plans} have a plan; the amounts are those of these",
                    members=first["members"],
                    plans=first["plans"],
                )
            ),
            indent=2,
        )
    if len(frequency) > SHOWN:
        lines.append(f"  {say(_('{count} more in {place}', count=len(frequency) - SHOWN, place='sweep.html'))}")
    return lines


def _without_plan(found: Sweep, say: Translator) -> list[str]:
    """Return why some members have no plan, or cannot serve all."""
    lines: list[str] = []
    told = found.members[found.members["why"] != ""].sort_values("status", key=lambda of: of == "short", kind="stable")
    for row in told.head(SHOWN).to_dict("records"):
        kind = (
            unfilled("member {member} cannot serve all: {why}")
            if row["status"] == "short"
            else unfilled("member {member} has no plan: {why}")
        )
        lines += text_layout.paragraph(
            say(_(kind, member=row["member"], why=page.in_short(row, say.language))), indent=2
        )
    return lines
