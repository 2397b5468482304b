"""`xisuan simulate`: simulate single jobs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import click

from xisuan.cli.terminal import output, progress_bar, shared_options, trace_lines
from xisuan.progress import Report
from xisuan.report.simulation import trace_page
from xisuan.results.storage import run_store, sealed_folders, trace_store
from xisuan.results.trace import Trace
from xisuan.scenario.load import load
from xisuan.simulation.arrivals import trace_files
from xisuan.simulation.arrivals.demand_sampling import Sampling
from xisuan.simulation.arrivals.trace_files import TraceFile
from xisuan.simulation.arrivals.trace_formats import TraceOptions
from xisuan.simulation.outputs import queue_baselines
from xisuan.simulation.policies import failure_sources
from xisuan.simulation.policies.bin_packing import PACKINGS, WHOLE, Machines, packing
from xisuan.simulation.policies.failure_models import Down, RandomFailures
from xisuan.simulation.policies.machine_inventory import Floor, models_of, read_floor
from xisuan.simulation.policies.placement import PLACEMENTS, placement
from xisuan.simulation.policies.queue_disciplines import QUEUES, queue
from xisuan.simulation.serve import serve
from xisuan.simulation.simulate import Trial, simulate
from xisuan.simulation.world import NEVER, Checkpoint
from xisuan.text.translation import message as _

EITHER = _("give SCENARIO and --plan RUN, or --trace FILE and --servers N or --machines M")
FOR_TRACE = ("trace", "servers", "machines", "kind", "on_error", "slack", "tokens")
FOR_PLAN = ("plan", "place", "period", "hours", "down", "replications", "jobs_per_hour", "job_hours")
UNDATED = "no job has a deadline: edf is then the order of arrival; give --slack"
NEEDED = {"trace": ("trace",), "plan": ("plan",)}


def _tokens(_ctx: click.Context, _param: click.Parameter, text: str | None) -> tuple[float, float] | None:
    """Return reading and writing speed. Raises a usage error with the remedy."""
    if text is None:
        return None
    try:
        reads, writes = (float(part) for part in text.split(":"))
    except ValueError:
        reads = writes = 0.0
    if not (0 < reads < 1e12 and 0 < writes < 1e12):
        raise click.BadParameter(_("{text!r}: give tokens read and written a second, such as 5000:40", text=text))
    return reads, writes


def _down(_ctx: click.Context, _param: click.Parameter, texts: tuple[str, ...]) -> tuple[Down, ...]:
    """Return the failures that an option names. Raises a usage error with the remedy."""
    out = []
    for text in texts:
        what, _colon, rest = text.partition(":")
        name, *numbers = rest.split(":")
        whole = all(number.isdecimal() and len(number) < 9 for number in numbers)
        if what not in ("site", "link") or not name or len(numbers) > 2 or not whole:
            raise click.BadParameter(
                _("{text!r}: give site:NAME or link:NAME, and if wanted :START and :HOURS", text=text)
            )
        out.append(Down(what, name, *(int(number) for number in numbers)))
    return tuple(out)


def _machines(_ctx: click.Context, _param: click.Parameter, text: str | None) -> Machines | None:
    """Return machines from their description or from a file."""
    return None if text is None else read_floor(text)


def _seconds(text: str, count: int, what: str) -> list[float]:
    """Return the numbers between colons. Raises a usage error with the remedy."""
    try:
        numbers = [float(part) for part in text.split(":")]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise click.BadParameter(f"{text!r}: give {what}")
    return numbers


def _mtbf(_ctx: click.Context, _param: click.Parameter, text: str | None) -> RandomFailures | None:
    """Return the option of random failures."""
    return (
        None
        if text is None
        else RandomFailures(*_seconds(text, 2, "hours between failures and hours of a repair, such as 2000:8"))
    )


def _checkpoint(_ctx: click.Context, _param: click.Parameter, text: str | None) -> Checkpoint | None:
    """Return the option of checkpoints of jobs."""
    return None if text is None else Checkpoint(*_seconds(text, 3, "seconds, such as 3600:30:120"))


@click.command(
    "simulate",
    epilog="Examples:  xisuan simulate guizhou-days --plan runs/days --place cheapest --out runs/jobs   ·   "
    "xisuan simulate --trace log.swf --servers 128 --queue easy --out runs/log",
)
@click.argument("scenario", required=False)
@click.option("--plan", "plan", type=click.Path(path_type=Path), help="Run folder of the plan that serves SCENARIO.")
@click.option("--place", type=shared_options.Member("placement", placement, PLACEMENTS),
              help="Placement policy for jobs of SCENARIO.  [default: plan]")  # fmt: skip
@click.option("--period", type=int, help="Year of the plan.  [default: its last]")
@click.option("--hours", type=int, help="Hours to simulate.  [default: the plan's hours, at least a week]")
@click.option(
    "--down",
    callback=_down,
    multiple=True,
    metavar="KIND:NAME[:START[:HOURS]]",
    help="site:NAME or link:NAME is down for HOURS (24) from START (0); may be repeated.",
)
@click.option(
    "--failures",
    metavar="FILE.csv|FILE.py:NAME",
    help="Failures, with columns what, name, start_hour, hours; for a trace start_s, repair_s, servers.",
)
@click.option("--mtbf", callback=_mtbf, metavar="HOURS:HOURS",
              help="Random failures of each site and link, or of the site of a trace: mean hours between failures, and of a "
              "repair.")  # fmt: skip
@click.option("--machine-mtbf", callback=_mtbf, metavar="HOURS:HOURS",
              help="Random failures of each machine, if machines have sizes; else of each of --servers.")  # fmt: skip
@click.option(
    "--checkpoint",
    callback=_checkpoint,
    metavar="EVERY:COST:RESTART",
    help="Jobs save their state every EVERY seconds of work; saving takes COST seconds, a restart RESTART.",
)
@click.option("--replications", type=int, help="Number of replications with other random jobs.  [default: 5]")
@click.option(
    "--seed", type=click.IntRange(0), help="Seed of the first replication and of random failures.  [default: 0]"
)
@click.option(
    "--jobs-per-hour", type=float, help="Mean number of jobs per hour of one region and workload.  [default: 100]"
)
@click.option("--job-hours", type=float, help="Mean duration of a job.  [default: 1]")
@click.option("--trace", "trace", type=click.Path(path_type=Path), help="File of jobs for one site; may be .gz.")
@click.option("--servers", type=int, help="Number of identical servers of the site of a trace.")
@click.option(
    "--machines",
    callback=_machines,
    metavar="COUNTxSERVERS[,...]|FILE",
    help="Machines of the site of a trace: 16x8 means sixteen machines of eight servers; or a CSV file.",
)
@click.option("--packing", type=shared_options.Member("packing", packing, PACKINGS),
              help="Packing of jobs on machines with sizes.  [default: best]")  # fmt: skip
@click.option("--queue", type=shared_options.Member("queue", queue, QUEUES),
              help="Queue discipline.  [default: fcfs for a trace, edf for a plan]")  # fmt: skip
@click.option(
    "--format",
    "kind",
    type=click.Choice(["auto", *trace_files.FORMATS]),
    help="Format of the trace.  [default: from its ending or first line]",
)
@click.option(
    "--on-error",
    type=click.Choice(["fatal", "skip"]),
    help="A malformed line is an error, or is skipped, counted and named.  [default: fatal]",
)
@click.option(
    "--slack",
    type=click.FloatRange(0.0, 1e9),
    help="Deadline of jobs that have none: (1 + SLACK) times the estimated duration.  [default: none]",
)
@click.option(
    "--tokens-per-s",
    "tokens",
    callback=_tokens,
    metavar="READ:WRITE",
    help="Tokens per second that a server reads and writes, for traces of LLM inference.",
)
@shared_options.out("trace")
@shared_options.json
@shared_options.language
@shared_options.debug
def command(scenario: str | None, out: Path, as_json: bool, lang: str | None, **chosen: Any) -> None:
    """Simulate single jobs: jobs drawn from the demand of SCENARIO on the capacity of --plan, or the jobs of --trace
    on one site with --servers identical servers.

    Writes a folder with trace.html, trace.json and Parquet files: percentiles of waiting time, response time and
    slowdown, counts, and utilisation over time. For a plan also cost and carbon, beside those of the nearest site and
    of the plan's own schedule.
    """
    sealed_folders.check_target(out)
    given = {name: value for name, value in chosen.items() if value is not None and value != ()}
    _check_choice(scenario, given)
    with progress_bar.shown() as progress:
        found = _of_trace(given, progress) if scenario is None else _of_plan(scenario, given, progress)
    say = output.speech(lang)
    trace_store.save_trace(found, out, also=lambda folder: trace_page.write(found, folder / "trace.html", say.language))
    if as_json:
        output.give_json({**trace_store.trace_document(found), "out": out})
    else:
        output.give([*trace_lines.lines(found, say), "", f"  {say(_('run folder'))}  {out}"])


def _check_choice(scenario: str | None, given: Mapping[str, Any]) -> None:
    """Raise a usage error unless the options are those of a scenario with its plan or of a trace with its servers."""
    kind, other = ("trace", FOR_PLAN) if scenario is None else ("plan", FOR_TRACE)
    missing = [f"--{name}" for name in NEEDED[kind] if name not in given]
    if kind == "trace" and not missing and ("servers" in given) == ("machines" in given):
        raise click.UsageError(_("give --servers or --machines, one of them"))
    if missing:
        raise click.UsageError(_("{names} missing; {advice}", names=", ".join(missing), advice=EITHER))
    foreign = [name for name in other if name in given]
    if foreign:
        name = f"--{foreign[0].replace('_', '-')}"
        raise click.UsageError(_("{name} is not for this; {advice}, not both", name=name, advice=EITHER))


def _of_plan(scenario: str, given: Mapping[str, Any], progress: Report) -> Trace:
    """Simulate the demand of a scenario on the capacity of a plan."""
    sampling = Sampling(**{name: given[name] for name in ("jobs_per_hour", "job_hours") if name in given})
    names = ("period", "place", "queue", "packing", "hours", "replications", "seed", "checkpoint")
    chosen = {name: given[name] for name in names if name in given}
    listed, drawn = failure_sources.plan_failures(given.get("failures"), given.get("mtbf"))
    chance: dict[str, Any] = {"breakdowns": drawn, "machine_breakdowns": given.get("machine_mtbf")}
    trial = Trial(sampling=sampling, down=(*given.get("down", ()), *listed), **chance, **chosen)
    return simulate(load(scenario), run_store.load_run(given["plan"]).plan, trial, progress=progress)


def _of_trace(given: Mapping[str, Any], progress: Report) -> Trace:
    """Simulate the jobs of a file on one site."""
    on_error: Literal["fatal", "skip"] = given.get("on_error", "fatal")
    machines = given.get("machines")
    reading = TraceOptions(on_error, given.get("slack"), given.get("tokens"), models_of(machines and [machines]))
    file = trace_files.open_trace(given["trace"], reading, given.get("kind", "auto"))
    servers = given["servers"] if machines is None else _floor(machines, file, given)
    count = given["servers"] if machines is None else len(machines)
    breaks = failure_sources.trace_failures(given.get("failures"), given.get("mtbf"), given.get("machine_mtbf"), count)
    more: dict[str, Any] = {
        "failures": breaks, "seed": given.get("seed", 0), "checkpoint": given.get("checkpoint", NEVER), "progress": progress
    }  # fmt: skip
    found = _add_notes(serve(file, servers, given.get("queue", "fcfs"), **more), file, _chance(given))
    if not found.figures["jobs"]:
        return found
    baseline = None if found.given["queue"] == "fcfs" else serve(file, servers, "fcfs", **more)
    bound = queue_baselines.lower_bounds(file, int(found.given["servers"]), int(found.figures["finished"]))
    return queue_baselines.with_baselines(found, baseline, bound)


def _floor(machines: Machines, file: TraceFile, given: Mapping[str, Any]) -> Floor:
    """Return the machines of the one site. Jobs of the format openb use thousandths of an accelerator."""
    return Floor(
        [machines], given.get("packing", PACKINGS["best"]), WHOLE if file.format == "openb" else 1, given.get("seed", 0)
    )


def _chance(given: Mapping[str, Any]) -> dict[str, str | int]:
    """Return the failures of a trace for its page, or nothing if nothing can fail."""
    if not {"failures", "mtbf", "machine_mtbf"} & set(given):
        return {}
    times = failure_sources.describe(given.get("mtbf"), given.get("machine_mtbf"))
    return {"failures": given.get("failures", ""), **times, "seed": given.get("seed", 0)}


def _add_notes(found: Trace, file: TraceFile, more: Mapping[str, str | int]) -> Trace:
    """Return the trace with notes on the source of its jobs, on failures, and on skipped lines."""
    notes = [f"{problem}" for problem in file.remembered]
    whole = found.counts.iloc[0]
    if found.given["queue"] == "edf" and not whole["due"] + whole["overdue"]:
        notes.append(UNDATED)
    slack = {} if file.reading.slack is None else {"slack": file.reading.slack}
    given = {**found.given, **more, "trace": file.path.name, "format": file.format, **slack}
    counted = {"skipped": file.skipped, "left_out": file.left_out}
    return Trace(given, {**found.figures, **counted}, found.tables, (*found.notes, *notes))
