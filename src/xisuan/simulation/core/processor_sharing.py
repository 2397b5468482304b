"""Processor sharing: all jobs of a station run at once; the core counts the service that each of them has had."""

from __future__ import annotations

import math

from xisuan.simulation.core.compilation import rare
from xisuan.simulation.core.heaps import put, without_first
from xisuan.simulation.core.records import NOW, RUNNING, SEQ, SHARE, SHARED, WAITING, World
from xisuan.simulation.core.stations import read


@rare
def serve(w: World, s: int) -> None:
    """Bring the service that each sharing job of station `s` has had up to now."""
    station = w.stations[s]
    if station.running == 0:
        w.stations[s].done = 0.0
    else:
        w.stations[s].done += station.rate * (w.clock[NOW] - station.served)
    w.stations[s].served = w.clock[NOW]


@rare
def share(w: World, s: int) -> None:
    """Share what is up among the jobs of station `s`: each gets min(1, up / asked) of what it asks for."""
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


@rare
def take_share(w: World, j: int) -> None:
    """A job begins at once, with the share that all have."""
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


@rare
def end_share(w: World) -> int:
    """The first sharing job ends; which."""
    s = 0
    while w.stations[s].mode != SHARED or w.stations[s].next > w.clock[NOW]:
        s += 1
    read(w, s)
    j = w.stations[s].root
    w.stations[s].done = w.jobs[j].rank  # exactly, so that rounding leaves nothing behind
    w.stations[s].served = w.clock[NOW]
    leave_share(w, j)
    share(w, s)
    return int(j)


@rare
def leave_share(w: World, j: int) -> None:
    """Job `j`, the first to end of those that share its station, shares it no longer."""
    s = w.jobs[j].station
    w.stations[s].root = without_first(w.jobs, j)
    w.stations[s].busy -= w.jobs[j].servers
    w.stations[s].running -= 1
    w.counts[RUNNING] -= 1
