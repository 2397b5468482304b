"""`xisuan simulate`: what becomes of jobs one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from xisuan.cli import answer, display, layout, options
from xisuan.cli.words import Speech
from xisuan.report.figures import plain
from xisuan.results import folders, tracestore
from xisuan.results.trace import Trace
from xisuan.simulation import traces
from xisuan.simulation.queues import QUEUES
from xisuan.simulation.simulate import serve
from xisuan.simulation.traces import Reading, TraceFile


def _tokens(_ctx: click.Context, _param: click.Parameter, text: str | None) -> tuple[float, float] | None:
    """Two speeds, or a usage error with the remedy."""
    if text is None:
        return None
    try:
        reads, writes = (float(part) for part in text.split(":"))
    except ValueError:
        reads = writes = 0.0
    if not (0 < reads < 1e12 and 0 < writes < 1e12):
        raise click.BadParameter(f"{text!r}: give tokens read and written a second, such as 5000:40")
    return reads, writes


@click.command("simulate", epilog="Example:  xisuan simulate --trace log.swf --servers 128 --queue easy --out runs/log")
@click.option("--trace", "trace", type=click.Path(path_type=Path), required=True, help="File of jobs, may be .gz.")
@click.option("--servers", type=int, required=True, help="How many identical servers the site has.")
@click.option(
    "--queue", type=click.Choice(list(QUEUES)), default="fcfs", show_default=True, help="In which order jobs run."
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["auto", *traces.FORMATS]),
    default="auto",
    show_default=True,
    help="Format of the trace; auto tells by its ending or first line.",
)
@click.option(
    "--on-error",
    type=click.Choice(["fatal", "skip"]),
    default="fatal",
    show_default=True,
    help="What to do with a malformed line; skipped ones are counted and named.",
)
@click.option(
    "--slack",
    type=click.FloatRange(0.0, 1e9),
    default=0.0,
    show_default=True,
    help="A job without a deadline should be done within (1 + SLACK) times its estimate.",
)
@click.option(
    "--tokens-per-s",
    "tokens",
    callback=_tokens,
    metavar="READ:WRITE",
    help="How fast a server reads and writes tokens, for traces of LLM inference.",
)
@options.out("trace")
@options.json
@options.language
@options.debug
def command(
    trace: Path,
    servers: int,
    queue: str,
    kind: str,
    on_error: Literal["fatal", "skip"],
    slack: float,
    tokens: tuple[float, float] | None,
    out: Path,
    as_json: bool,
    lang: str | None,
) -> None:
    """Run the jobs of a trace on one site of identical servers.

    Writes a folder with trace.json and Parquet files: percentiles of waiting, response and slowdown, counts, and the
    site's use over time. Memory depends on the jobs in the system, not on the length of the trace.
    """
    folders.check_target(out)
    file = traces.open_trace(trace, Reading(on_error, slack, tokens), kind)
    with display.shown() as progress:
        found = serve(file, servers, queue, progress=progress)
    found = _noted(found, file)
    tracestore.save_trace(found, out)
    if as_json:
        answer.give_json({**tracestore.trace_document(found), "out": out})
    else:
        say = answer.speech(lang)
        answer.give([*lines(found, say), "", f"  {say('folder')}  {out}"])


def _noted(found: Trace, file: TraceFile) -> Trace:
    """The trace with where its jobs came from, and what was not taken."""
    notes = [f"{problem}" for problem in file.remembered]
    if file.skipped > len(file.remembered):
        notes.append(f"{file.skipped - len(file.remembered):,} more malformed lines")
    if file.left_out:
        notes.append(f"{file.left_out:,} lines hold no job to run: run time unknown, or no server used")
    given = {**found.given, "trace": file.path.name, "format": file.format, "slack": file.reading.slack}
    counted = {"skipped": file.skipped, "left_out": file.left_out}
    return Trace(given, {**found.figures, **counted}, found.tables, (*found.notes, *notes))


def lines(found: Trace, say: Speech) -> list[str]:
    """A trace in a few lines of a terminal."""
    figures = found.figures
    counts = {name: f"{figures[name]:,.0f}" for name in ("jobs", "finished", "running", "waiting", "dropped")}
    rows = [(say("jobs"), say("jobs_line", **counts))]
    if figures["finished"]:
        for label, measure, show in (
            ("wait", "wait_s", span),
            ("response", "response_s", span),
            ("slowdown", "slowdown", plain),
        ):
            values = {name: show(figures[f"{name}_{measure}"]) for name in ("mean", "p50", "p95", "p99", "max")}
            rows.append((say(label), say("spread", **values)))
        due = found.counts.iloc[0]
        if due["due"]:
            share = say.figures.share(due["missed"] / due["due"])
            rows.append(
                (say("deadlines"), say("missed", missed=f"{due['missed']:,.0f}", due=f"{due['due']:,.0f}", share=share))
            )
        rows.append(
            (say("use"), say("use_line", share=say.figures.share(figures["utilisation"]), span=span(figures["end_s"])))
        )
    if figures["hits"]:
        rows.append((say("hit"), say("hit_line", hits=f"{figures['hits']:,.0f}")))
    rows += [(say("note"), note) for note in found.notes]
    return layout.pairs(rows)


def span(seconds: float) -> str:
    """A length of time in the unit that suits it."""
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s")):
        if abs(seconds) >= 2 * size:
            return f"{plain(seconds / size)} {unit}"
    return f"{plain(seconds)} s"
