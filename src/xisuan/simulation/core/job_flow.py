"""Way of a job: placement at a station, transfer of its data, waiting line, completion."""

from __future__ import annotations

import math
from typing import Any

from xisuan.simulation.core.compilation import inline_kernel, kernel
from xisuan.simulation.core.heaps import push
from xisuan.simulation.core.machine_interface import ask, can_run
from xisuan.simulation.core.max_min_flows import send
from xisuan.simulation.core.processor_sharing import take_share
from xisuan.simulation.core.records import (  # fmt: skip
    ARRIVED,
    FREE,
    LOAD_WEIGHT,
    NONE,
    SEQ,
    SHARED,
    WAITING,
    World,
)
from xisuan.simulation.core.stations import line_up, read, record


@kernel
def choose_station(w: World, j: int, work: float) -> int:
    """Return the station of a job; NONE if no eligible station is large enough to run it.

    `work`: its server-seconds. With target shares, the station furthest behind its share is chosen. Otherwise the
    station of the least score among those with room now. Without such a station, the least loaded one that is up is
    chosen, then the least loaded one that is down.
    """
    origin, servers = w.jobs[j].origin, w.jobs[j].servers
    shared, total = False, 0.0
    for s in range(len(w.stations)):
        shared = shared or w.shares[origin, s] > 0.0
        total += w.given[origin, s]
    for attempt in range(3):
        # Attempt 0: by shares or scores; 1: by load, stations that are up; 2: by load, all stations.
        best, least = NONE, math.inf
        for s in range(len(w.stations)):
            station, score = w.stations[s], w.scores[origin, s]
            load = station.busy + station.asked
            if not score < math.inf or servers > station.servers or (attempt < 2 and station.up == 0):
                continue
            if not can_run(w, s, j):
                continue
            if attempt > 0:
                score = load / max(1, station.up)
            elif shared:
                if w.shares[origin, s] == 0.0:
                    continue
                # Surplus of the station over its target share once this job is placed.
                score = w.given[origin, s] - w.shares[origin, s] * (total + work)
            elif load + servers > station.up:
                continue
            else:
                score += w.clock[LOAD_WEIGHT] * load / station.up
            if score < least:
                best, least = s, score
        if best != NONE:
            if shared:
                w.given[origin, best] += work
            return best
    return NONE


@inline_kernel
def arrive(w: World, new: Any) -> None:
    """Give an arriving job a slot, and place it now or at the end of its hold."""
    j = w.counts[FREE]
    w.counts[FREE] = w.jobs[j].sibling
    job = w.jobs[j]
    job.id = w.counts[ARRIVED]
    w.counts[ARRIVED] += 1
    job.arrival, job.run, job.servers = new.arrival, new.run, new.servers
    job.estimate, job.deadline, job.key, job.owner = max(new.estimate, new.run), new.deadline, new.key, new.owner
    job.group, job.origin, job.inbound, job.outbound = new.group, new.origin, new.inbound, new.outbound
    job.hold, job.station = new.hold, NONE
    job.left, job.start, job.hits, job.stamp, job.back = new.run, math.nan, 0, 0, 0
    w.counts[WAITING] += 1
    ask(w, j)
    if new.hold > new.arrival:
        push(w, new.hold, j)
    else:
        place(w, j)


@inline_kernel
def place(w: World, j: int) -> None:
    """Choose the station of job `j` and send its input data; record the job as dropped if no station can run it."""
    job = w.jobs[j]
    # A single station needs no choice.
    if len(w.stations) == 1:
        s = 0 if w.scores[job.origin, 0] < math.inf and job.servers <= w.stations[0].servers else NONE
        if s == 0 and not can_run(w, 0, j):
            s = NONE
    else:
        s = choose_station(w, j, job.servers * job.run)
    if s == NONE:
        w.counts[WAITING] -= 1
        record(w, j, 1)
    else:
        send_to_station(w, j, s)


@inline_kernel
def send_to_station(w: World, j: int, s: int) -> None:
    """Send job `j` to station `s`: transfer its input data; without any, let it join at once."""
    w.jobs[j].station = s
    w.stations[s].asked += w.jobs[j].servers
    way = w.inbound[w.jobs[j].origin, s]
    if way == NONE or not w.jobs[j].inbound > 0.0:
        join(w, j)
    else:
        send(w, j, way, w.jobs[j].inbound)


@inline_kernel
def join(w: World, j: int) -> None:
    """Let job `j` join its station: the waiting line, or service at once under processor sharing."""
    s = w.jobs[j].station
    read(w, s)
    w.counts[SEQ] += 1
    if w.stations[s].mode == SHARED:
        take_share(w, j)
    else:
        line_up(w, j)


@kernel
def end_transfer(w: World, j: int) -> None:
    """Process the end of a transfer: output data completes the job, input data lets it join its station.

    If the station went down during the transfer, the job is placed again.
    """
    if w.jobs[j].back:
        w.counts[WAITING] -= 1
        record(w, j, 0)
    elif w.stations[w.jobs[j].station].up == 0 and len(w.stations) > 1:
        place_again(w, j)
    else:
        join(w, j)


@inline_kernel
def finish(w: World, j: int) -> None:
    """Process the end of a run: send the output data; without any, complete the job."""
    way = w.outbound[w.jobs[j].origin, w.jobs[j].station]
    if way == NONE or not w.jobs[j].outbound > 0.0:
        record(w, j, 0)
        return
    w.jobs[j].back = 1
    w.counts[WAITING] += 1
    send(w, j, way, w.jobs[j].outbound)


@kernel
def place_again(w: World, j: int) -> None:
    """Place job `j`, whose station is down, at a station that is up; if none can run it, it waits at its own."""
    s = w.jobs[j].station
    then = choose_station(w, j, w.jobs[j].servers * w.jobs[j].left)
    if then == NONE or w.stations[then].up == 0:
        join(w, j)
    else:
        w.stations[s].asked -= w.jobs[j].servers
        send_to_station(w, j, then)
