"""Processor sharing: all jobs of a station run at once, each with the same fraction of the servers that it requests.

A job ends when the attained service of the station reaches its rank: `done` at its start + its remaining run time.
"""

from __future__ import annotations

import math

from xisuan.simulation.core.compilation import kernel
from xisuan.simulation.core.heaps import put, without_first
from xisuan.simulation.core.records import NOW, RUNNING, SEQ, SHARE, SHARED, WAITING, World
from xisuan.simulation.core.stations import read


@kernel
def serve(w: World, s: int) -> None:
    """Bring the attained service of the sharing jobs of station `s` up to the present time."""
    station = w.stations[s]
    if station.running == 0:
        w.stations[s].done = 0.0
    else:
        w.stations[s].done += station.rate * (w.clock[NOW] - station.served)
    w.stations[s].served = w.clock[NOW]


@kernel
def share(w: World, s: int) -> None:
    """Compute the service rate of station `s`, min(1, up / busy), and the next end of a sharing job at any station.

    `busy` is the sum of the servers requested by the jobs that share the station.
    """
    station = w.stations[s]
    w.stations[s].next = math.inf
    if station.running > 0 and station.up > 0:
        rate = min(1.0, station.up / station.busy)
        w.stations[s].rate = rate
        w.stations[s].next = w.clock[NOW] + max(0.0, w.jobs[station.root].rank - station.done) / rate
    else:
        w.stations[s].rate = 0.0
    first = math.inf
    for t in range(len(w.stations)):
        if w.stations[t].mode == SHARED:
            first = min(first, w.stations[t].next)
    w.clock[SHARE] = first


@kernel
def take_share(w: World, j: int) -> None:
    """Start job `j` immediately at its station, which is shared."""
    s = w.jobs[j].station
    serve(w, s)
    station = w.stations[s]
    w.stations[s].root = put(w.jobs, station.root, j, station.done + w.jobs[j].left, w.counts[SEQ])
    if math.isnan(w.jobs[j].start):
        w.jobs[j].start = w.clock[NOW]
    w.stations[s].asked -= w.jobs[j].servers
    w.stations[s].busy += w.jobs[j].servers
    w.stations[s].running += 1
    w.counts[WAITING] -= 1
    w.counts[RUNNING] += 1
    share(w, s)


@kernel
def end_share(w: World) -> int:
    """End the sharing job that finishes first, and return it."""
    s = 0
    while w.stations[s].mode != SHARED or w.stations[s].next > w.clock[NOW]:
        s += 1
    read(w, s)
    j = w.stations[s].root
    w.stations[s].done = w.jobs[j].rank  # exact value: removes the rounding error
    w.stations[s].served = w.clock[NOW]
    leave_share(w, j)
    share(w, s)
    return int(j)


@kernel
def leave_share(w: World, j: int) -> None:
    """Remove job `j`, the root of the heap of its shared station, from that station."""
    s = w.jobs[j].station
    w.stations[s].root = without_first(w.jobs, j)
    w.stations[s].busy -= w.jobs[j].servers
    w.stations[s].running -= 1
    w.counts[RUNNING] -= 1
