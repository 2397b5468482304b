"""`serve`: simulation of a trace of jobs on one site, and statistics shared with the simulation of several sites."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.progress import Report, tell
from xisuan.results.trace import Trace
from xisuan.simulation import world
from xisuan.simulation.core import records
from xisuan.simulation.core.records import World
from xisuan.simulation.jobs import Jobs
from xisuan.simulation.outputs import histograms
from xisuan.simulation.outputs.histograms import Meter
from xisuan.simulation.policies import queue_disciplines
from xisuan.simulation.policies.failure_horizon import FailureHorizon
from xisuan.simulation.policies.failure_models import Failures
from xisuan.simulation.policies.machine_inventory import Floor
from xisuan.simulation.policies.queue_disciplines import Queue
from xisuan.simulation.trace_feeder import Sink, TraceFeeder
from xisuan.simulation.world import NEVER, Checkpoint
from xisuan.text.translation import message as _

SITE = "site"
HOURS = [f"{hour:02d}" for hour in range(24)]
TOLD_EVERY = 1_000_000
"""Finished jobs between two reports of progress."""


def serve(
    trace: Iterable[Jobs],
    servers: int | Floor,
    queue: str | Queue = "fcfs",
    *,
    failures: NDArray[Any] | Failures | None = None,
    seed: int = 0,
    checkpoint: Checkpoint = NEVER,
    sink: Sink | None = None,
    progress: Report | None = None,
) -> Trace:
    """Simulate `trace` on one site with `servers` under the discipline `queue`.

    `servers`: number of identical servers, or a `Floor` of machines. `failures`: a source, drawn with `seed` as far
    ahead as needed, or FAILURE records of station 0. `sink` receives every finished job. Memory depends on the jobs in
    the system, not on the length of the trace. Raises ScenarioError for invalid input.
    """
    floor = servers if isinstance(servers, Floor) else None
    count = _servers(servers)
    if floor is None and (isinstance(servers, bool) or not 1 <= count <= 2**53):
        raise ScenarioError([Problem("servers-not-whole", column="servers", value=str(servers))])
    line = queue_disciplines.queue(queue)
    meter = Meter({"hour": HOURS})

    ahead = FailureHorizon(failures, seed) if isinstance(failures, Failures) else None
    known = None if isinstance(failures, Failures) else failures
    w = world.make([0 if floor else count], line, failures=known, checkpoint=checkpoint, floor=floor)
    told = TOLD_EVERY
    hour = np.zeros(world.BUFFER, np.int64)

    def take(done: NDArray[Any]) -> None:
        nonlocal told
        histograms.hours_of_day(done, hour)
        meter.add(done, hour=hour[: len(done)])
        if sink is not None:
            sink(done)
        if (finished := int(w.counts[records.FINISHED])) >= told:
            tell(progress, "simulate", _("{finished:,} jobs done", finished=finished))
            told = finished + TOLD_EVERY

    drive = TraceFeeder(w, trace, line, take, ahead)
    tell(progress, "simulate", _("making ready"))
    drive.advance()
    left = world.in_system(drive.world)
    meter.end(left, float(drive.world.clock[records.NOW]), hour=(left["arrival"] // 3600.0).astype(np.int64) % 24)
    values = meter.values()
    return Trace(
        given={
            "servers": count,
            "queue": line.name,
            "replications": 1,
            **_machine_facts(floor, drive.world),
            **checkpoint.given(),
        },
        figures={**balance(drive.world), **times(values), **use(drive.world)},
        tables={
            "measures": histograms.measures(meter.names, [values]),
            "counts": histograms.counts(meter.names, [meter.counts]),
            "timeline": timeline(drive.world, [SITE]),
        },
    )


def _servers(servers: int | Floor) -> int:
    """Return the number of servers of the site. Raises ScenarioError unless there is one or more."""
    if not isinstance(servers, Floor):
        if isinstance(servers, bool) or not 1 <= servers <= 2**53:
            raise ScenarioError([Problem("servers-not-whole", column="servers", value=str(servers))])
        return servers
    if len(servers.machines) != 1 or servers.machines[0] is None:
        raise ScenarioError([Problem("machines-of-several-sites", column="machines", value=str(len(servers.machines)))])
    return servers.machines[0].servers(servers.grain)


def _machine_facts(floor: Floor | None, w: World) -> dict[str, str | int]:
    """Return the entries of a trace's `given` on machines."""
    if floor is None or w.yard is None:
        return {}
    return {"machines": int(w.yard.kinds["count"].sum()), "packing": floor.packing.name}


def balance(w: World) -> dict[str, int]:
    """Return the number of jobs that arrived, and of those in each final or present state.

    Raises AssertionError if they do not add up.
    """
    arrived, finished, dropped, running, waiting, moving = (
        int(w.counts[at])
        for at in (records.ARRIVED, records.FINISHED, records.DROPPED, records.RUNNING, records.WAITING, records.MOVING)
    )
    if arrived != finished + dropped + running + waiting:
        raise AssertionError(
            f"{arrived} jobs arrived, {finished} + {dropped} + {running} + {waiting} are accounted for"
        )
    return {
        "jobs": arrived, "finished": finished, "running": running, "waiting": waiting, "moving": moving,
        "dropped": dropped, "hits": int(w.counts[records.HITS]),
    }  # fmt: skip


def times(values: NDArray[np.float64]) -> dict[str, float]:
    """Return means and percentiles over all jobs by name: mean_wait_s, p95_wait_s, …; NaN if none finished."""
    return {
        f"{statistic}_{measure}": float(values[0, m, s])
        for m, measure in enumerate(histograms.MEASURES)
        for s, statistic in enumerate(histograms.STATISTICS)
    }


def use(w: World) -> dict[str, float]:
    """Return the time of the last event and the mean use until then.

    `utilisation`, `stuck_share`: busy and fragmented share of available server time. `mean_queue`: mean number of
    waiting jobs.
    """
    busy, up, queued, stuck = w.meters.sum(axis=(0, 1))
    end = float(w.clock[records.NOW])
    return {
        "end_s": end,
        "utilisation": float(busy / up) if up else math.nan,
        "stuck_share": float(stuck / up) if up else math.nan,
        "mean_queue": float(queued / end) if end else 0.0,
    }


def timeline(w: World, sites: list[str]) -> pd.DataFrame:
    """Return table `timeline`: means of each meter bin up to the last event, by site."""
    width, end = float(w.clock[records.WIDTH]), float(w.clock[records.NOW])
    bins = min(w.meters.shape[1], math.ceil(end / width)) if end else 0
    start = np.arange(bins) * width
    span = np.minimum(width, end - start)[:, None]
    mean = (w.meters[: len(sites), :bins] / span).reshape(-1, w.meters.shape[2])
    named = pd.array(sites, dtype="str").repeat(bins)
    columns = {name: mean[:, at] for at, name in enumerate(records.METERS)}
    return pd.DataFrame({"start_s": np.tile(start, len(sites)), "site": named, **columns})
